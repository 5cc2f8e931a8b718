"""Importing this loads the default annotators: once, in the process that workers are forked from."""

import contextlib

from flows.batches import load_annotators

with contextlib.suppress(Exception):  # a worker that cannot load them says so with its batch
    load_annotators()
