# Both of the README's commands create what they need; run any target on a bare machine with Python >= 3.11 and make.
PYTHON ?= $(shell for v in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	command -v $$v >/dev/null 2>&1 && $$v -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$v; break; }; done)
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test check verify docs bench coverage clean

demo: $(VENV)/.installed
	$(BIN)/copilot-lsp demo

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -m "not verify"

# Everything that reads the code without running it.
check: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/pyright --pythonpath $(BIN)/python

coverage: $(VENV)/.installed-dev
	$(BIN)/python -m coverage erase
	$(BIN)/python -m coverage run -m pytest -m "not verify"
	$(BIN)/python -m coverage combine -q
	$(BIN)/python -m coverage json -q -o .coverage.json
	@$(BIN)/python -c 'import json; t = json.load(open(".coverage.json"))["totals"]; \
	print("excluded from coverage:", t["excluded_lines"], "of", t["excluded_lines"] + t["num_statements"], "lines")'
	$(BIN)/python -m coverage report

# The pages that are written from the code; tests check that they are up to date.
docs: $(VENV)/.installed-dev
	$(BIN)/python -m copilot_lsp.app.document > docs/settings.md
	$(BIN)/python -m copilot_lsp.cli.document > docs/commands.md
	$(BIN)/python -m copilot_lsp.telemetry.document > docs/metrics.md

bench: $(VENV)/.installed-bench
	$(BIN)/python -m bench

verify: $(VENV)/.installed-editors check
	$(BIN)/python -m pytest

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "copilot-lsp needs Python 3.11 or newer; install one or set PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable '.[otel]' --group dev
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-bench: $(VENV)/.installed-dev
	$(BIN)/python -m pip install --quiet --group bench
	@touch $@

$(VENV)/.installed-editors: $(VENV)/.installed-dev
	$(BIN)/python -m pip install --quiet --group editors
	@touch $@

clean:
	rm -rf $(VENV) .coverage* htmlcov .hypothesis build dist
