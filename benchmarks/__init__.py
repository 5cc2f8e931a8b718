"""How good and how fast: the two commands that rewrite docs/quality.md and docs/performance.md."""
