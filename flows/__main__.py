"""`python -m flows` is the same command as `newsmill`."""

from flows.cli import main

main()
