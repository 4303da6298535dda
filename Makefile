# Every target works alone from a clean clone: it makes what it needs first.
#
#   make demo     see the whole product at work in a minute
#   make test     all tests
#   make check    the quick loop: format, lint, types, fast tests
#   make bench BENCH=startup
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
endif
READY := $(VENV)/.ready
BENCH ?=

.PHONY: demo test check lint types bench lock package clean help

help:
	@sed -n 's/^#   //p' Makefile

$(READY): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.12") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $(READY)

demo: $(READY)
	$(BIN)/pe4king demo

test: $(READY)
	$(BIN)/python -m pytest

check: $(READY) lint types
	$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "not java and not slow"

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy

bench: $(READY)
	$(BIN)/python -m bench $(BENCH)

package: $(READY)
	$(BIN)/python -m build --no-isolation

lock: $(READY)
	$(BIN)/python requirements/lock.py

clean:
	rm -rf $(VENV) dist .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis
