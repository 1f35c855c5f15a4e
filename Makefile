# The two commands first: `make demo` shows the main job, `make test` runs every test. Needs Python 3.11 or newer with venv, and make.

PY ?= python3
T ?= tests
N ?= auto
VENV := .venv
BIN := $(VENV)/bin
SOURCES := guard tui tests

.PHONY: demo test lint types contracts fix docs snapshots bench clean

demo: $(VENV)/.installed
	$(BIN)/guard demo

test: $(VENV)/.installed
	$(BIN)/python -m pytest -n $(N) --dist loadfile $(T)

lint: $(VENV)/.installed
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)

types: $(VENV)/.installed
	$(BIN)/mypy

contracts: $(VENV)/.installed
	$(BIN)/lint-imports

fix: $(VENV)/.installed
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

# Writes what is generated in README.md (help texts, configuration keys) anew; a test compares.
docs: $(VENV)/.installed
	$(BIN)/python -m tests.documents README.md

snapshots: $(VENV)/.installed
	$(BIN)/python tests/tui/test_shots.py

bench: $(VENV)/.installed
	for figures in tests/bench/bench_*.py; do $(BIN)/python -m tests.bench.$$(basename $$figures .py) || exit 1; done

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .bench

# Dependencies are installed once, and again when pyproject.toml changes. Dependency groups need pip 25.1; Debian 12 has 23.0.
$(VENV)/.installed: pyproject.toml
	$(PY) -m venv $(VENV)
	$(BIN)/python -m pip install -qq --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install -qq --editable . --group dev
	touch $@
