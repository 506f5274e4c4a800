# Everything sets itself up: only Python 3.11+ and make are needed beforehand.
# Paths are relative throughout, because make cannot handle spaces in them.

PYTHON ?= python3
PART ?= all
BIN := .venv/bin
# Tests start hundreds of processes: each compiles everything again where this is set.
unexport PYTHONDONTWRITEBYTECODE
# Tests wait more than they compute: more processes than cores, the longest tests first.
AT_ONCE := -n 4 --dist loadscope --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help run test nightly simulate pictures check format client bench torture lock clean

help:  ## show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile | expand -t 17

run: .venv/.ready-to-run  ## start everything on this machine; stop with Ctrl-C
	@$(BIN)/python -m cli.main up $(OPTIONS)

test: .venv/.ready-to-test  ## run all tests
	@$(BIN)/python -m pytest $(AT_ONCE) --durations 10 $(OPTIONS)

nightly: .venv/.ready-to-test  ## try far more: other examples, every fault, more schedules
	@HYPOTHESIS_PROFILE=nightly FAULTS=all $(BIN)/python -m pytest $(AT_ONCE) --timeout 3600 \
		tests/domain tests/providers tests/routing tests/faults tests/api/test_odd_input.py \
		tests/bench $(OPTIONS)
	@$(BIN)/python -m tests.simulation $(or $(SEEDS),20000)

simulate: .venv/.ready-to-test  ## play drawn schedules of faults; SEEDS=n for so many
	@$(BIN)/python -m tests.simulation $(SEEDS)

pictures: .venv/.ready-to-test  ## take the pages' pictures anew
	@KEEP_PICTURES=yes $(BIN)/python -m pytest tests/browser $(OPTIONS)

check: .venv/.ready-to-test  ## formatting, lint, types, layers, dead code
	@$(BIN)/poe --quiet check

format: .venv/.ready-to-test  ## format the code
	@$(BIN)/poe --quiet format

client: .venv/.ready-to-test  ## generate the API's Python client
	@$(BIN)/python -m clients.generate

bench: .venv/.ready-to-test  ## measure; PART=name for one part
	@$(BIN)/python -m bench $(PART)

torture: .venv/.ready-to-test  ## kill and freeze parts under load, and count
	@$(BIN)/python -m torture $(OPTIONS)

lock: .venv/.ready-to-lock  ## choose versions of all dependencies anew
	@echo "Resolving dependencies"
	@.venv/lock/bin/uv $(RESOLVE) --extra traces pyproject.toml -o requirements.txt
	@.venv/lock/bin/uv $(RESOLVE) --extra build --extra embedded --extra traces pyproject.toml \
		-o requirements-embedded.txt -c requirements.txt
	@echo 'hatchling' | .venv/lock/bin/uv $(RESOLVE) - -o requirements-build.txt -c requirements-embedded.txt
	@.venv/lock/bin/uv $(RESOLVE) --extra build --extra dev --extra embedded --extra traces pyproject.toml \
		-o requirements-dev.txt -c requirements-embedded.txt

# Lock files carry hashes and no address of an index: any mirror will do.
RESOLVE := pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url

clean:  ## forget the virtual environment and caches; the data stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-input
OURSELVES := --no-deps --no-build-isolation --editable .

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Switchboard needs Python 3.11 or later: name one with make PYTHON=/path/to/python3"; \
		exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "This Python has no venv: install it (Debian, Ubuntu: apt install python3-venv)"; \
		exit 1; }
	@echo "Making a virtual environment in .venv"
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/.ready-to-run: requirements-embedded.txt pyproject.toml | .venv/.made
	@echo "Installing Switchboard and what it needs; the first time this takes a minute or two"
	@$(INSTALL) --require-hashes -r requirements-embedded.txt
	@$(INSTALL) $(OURSELVES)
	@touch $@

.venv/.ready-to-test: requirements-dev.txt tests/scripts/package-lock.json .venv/.ready-to-run
	@echo "Installing what tests and checks need"
	@$(INSTALL) --require-hashes -r requirements-dev.txt
	@$(BIN)/python -m tests.scripts --install
	@touch $@

.venv/.ready-to-lock: | .venv/.made
	@$(PYTHON) -m venv .venv/lock
	@.venv/lock/bin/python -m pip install -qq --disable-pip-version-check uv
	@touch $@
