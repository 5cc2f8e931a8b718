# Needs python3 (3.11 or newer), make and a package registry; brings uv, Python 3.12 and the locked
# packages into this folder. Nothing is read from or written to the home directory but uv's cache.

.DEFAULT_GOAL := help
SHELL := /bin/bash
BIN := .venv/bin
UV := .tools/bin/uv
UV_VERSION := 0.13.9
export UV_PYTHON_INSTALL_DIR := $(CURDIR)/.tools/python
INPUT ?= seeds/articles

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: .venv/installed  ## run the pipeline on the sample articles (INPUT=... for yours)
	@$(BIN)/newsmill run $(INPUT)

test: .venv/installed  ## lint, type-check and test everything
	@$(MAKE) --no-print-directory lint
	$(BIN)/python -m pytest

lint: .venv/installed  ## ruff, mypy --strict, sqlfluff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint -q sql

bench: .venv/installed  ## measure speed and memory, rewrite docs/performance.md
	$(BIN)/python -m benchmarks.performance $(filter-out seeds/articles,$(INPUT))

quality: .venv/installed  ## score against gold, rewrite docs/quality.md (needs SCORE=path to score.py)
	$(BIN)/python -m benchmarks.quality $(SCORE)

hostile: .venv/installed  ## read the hostile files at full size, rewrite docs/quality.md
	$(BIN)/python -m benchmarks.hostile

lock: $(UV)  ## resolve the packages anew into requirements.lock
	$(UV) pip compile -q --universal --python-version 3.12 --extra dev --generate-hashes --no-annotate \
	    --no-header pyproject.toml -o requirements.lock

clean:  ## remove what the Makefile made (not the warehouse)
	rm -rf .venv .tools .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(UV):
	python3 -m venv .tools
	.tools/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

# A Python 3.12 is looked for on PATH and beside pyenv; uv fetches one if there is none.
.venv/installed: requirements.lock pyproject.toml | $(UV)
	@pyenv_bin=$$(ls -d "$$(dirname "$$(command -v pyenv || echo /none/bin/pyenv)")"/../versions/3.12.*/bin 2>/dev/null | tail -n 1); \
	  export PATH="$$PATH$${pyenv_bin:+:$$pyenv_bin}"; \
	  $(UV) venv -q --allow-existing --python 3.12 .venv || { \
	    echo "Newsmill needs Python 3.12: install it (or put python3.12 on PATH) and run make again." >&2; exit 1; }
	$(UV) pip sync -q --python $(BIN)/python --compile-bytecode --require-hashes requirements.lock
	$(UV) pip install -q --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

.PHONY: help run test lint bench quality hostile lock clean
