# 有应 Youying. `make` lists what can be done; everything stays inside this folder.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
BIN := .venv/bin
STAMPS := .stamps
DJANGO := $(BIN)/python -m django
WORKERS ?= 2
TESTS ?= tests
export PYTHONUNBUFFERED := 1
export UV_PROJECT_ENVIRONMENT := .venv

help: ## List what can be done
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMPS)/python $(STAMPS)/front-end $(STAMPS)/messages ## Virtual environment, locked dependencies, front-end build, translations

$(STAMPS)/venv:
	@mkdir -p $(STAMPS)
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(not (3, 11) <= v < (3, 14) and f"Python 3.11, 3.12 or 3.13 is needed, this is {v[0]}.{v[1]}; set PYTHON=/path/to/python3.13")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet uv
	@touch $@

$(STAMPS)/python: $(STAMPS)/venv pyproject.toml uv.lock
	@echo "Installing the locked Python packages …"
	@$(BIN)/uv sync --frozen --inexact --quiet
	@touch $@

$(STAMPS)/node: frontend/package.json frontend/package-lock.json
	@mkdir -p $(STAMPS)
	@node -e 'if (+process.versions.node.split(".")[0] < 20) { console.error("Node 20 or newer is needed"); process.exit(1) }'
	@echo "Installing the locked front-end packages …"
	@cd frontend && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(STAMPS)/front-end: $(STAMPS)/node frontend/build.mjs frontend/icons.txt $(shell find frontend/src -type f)
	@echo "Building styles and scripts …"
	@cd frontend && node build.mjs
	@touch $@

$(STAMPS)/messages: $(STAMPS)/python src/youying/locale/en/LC_MESSAGES/django.po
	@$(BIN)/pybabel -q compile -D django -d src/youying/locale
	@touch $@

run: setup ## Serve the demonstration on http://127.0.0.1:8000 (PORT, YOUYING_HOME)
	@exec $(BIN)/youying serve --demo

test: setup ## All tests, on SQLite and, but for those that open no database, on a real PostgreSQL (TESTS=tests/matters for some)
	@echo "== SQLite =="
	@YOUYING_TEST_DATABASE=sqlite $(BIN)/pytest -n $(WORKERS) --dist loadgroup $(TESTS)
	@echo "== PostgreSQL =="
	@YOUYING_TEST_DATABASE=postgresql YOUYING_TEST_ONLY=database $(BIN)/pytest -n $(WORKERS) --dist loadgroup $(TESTS)

lint: setup ## Style, types, layers, house rules, migrations, deployment settings, translations, docs
	@$(BIN)/ruff check src tests docs
	@$(BIN)/ruff format --check src tests docs
	@cd frontend && npm run --silent check
	@$(BIN)/mypy src
	@$(BIN)/lint-imports --no-logo
	@home=$$(mktemp -d); trap 'rm -rf "$$home"' EXIT; export YOUYING_HOME=$$home DJANGO_SETTINGS_MODULE=youying.settings.base; \
	  $(DJANGO) makemigrations --check --dry-run; \
	  YOUYING_SECURE=1 YOUYING_HOSTS=youying.example $(DJANGO) check --deploy --fail-level WARNING; \
	  $(BIN)/python docs/reference.py --check
	@$(BIN)/pytest tests/houserules

quality: setup ## How many small damages to rules and packs the tests catch (MUTANTS=60)
	@$(BIN)/python -m tests.houserules.mutation $(or $(MUTANTS),60)

bench: setup ## Measure against floors and peers in the same run (SCALE=10k, 100k, 1m)
	@home=$$(mktemp -d); trap 'rm -rf "$$home"' EXIT; YOUYING_HOME=$$home $(BIN)/python -m bench.history.comparing 1000
	@$(BIN)/python -m bench $(if $(SCALE),--scale $(SCALE),)

docs: setup ## Write the reference pages that are read off the program
	@home=$$(mktemp -d); trap 'rm -rf "$$home"' EXIT; YOUYING_HOME=$$home DJANGO_SETTINGS_MODULE=youying.settings.base $(BIN)/python docs/reference.py

messages: setup ## Collect new words of pages and Python into the English catalogue
	@pot=$$(mktemp); trap 'rm -f "$$pot"' EXIT; \
	  $(BIN)/pybabel -q extract -F babel.cfg -k gettext_lazy --no-location --sort-output -o "$$pot" . ; \
	  $(BIN)/pybabel -q update -D django -l en -d src/youying/locale -i "$$pot" --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -w 120
	@$(BIN)/pybabel -q compile -D django -d src/youying/locale

fix: setup ## Format and mend what tools can mend
	@$(BIN)/ruff check --fix src tests docs
	@$(BIN)/ruff format src tests docs

clean: ## Take away everything that was built; keeps var/ with its data and keys
	@rm -rf .venv $(STAMPS) frontend/node_modules src/youying/static/build .mypy_cache .ruff_cache .pytest_cache

.PHONY: help setup run test lint quality bench docs messages fix clean
