# One command for each job. `make` alone lists them. A fresh machine needs Python 3.11 or newer, and make.
.DEFAULT_GOAL := help
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
LOCKS := runtime local test check build

# Any Python from 3.11 on: `make demo PYTHON=python3.13` chooses one.
PYTHON ?= $(shell for each in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$each >/dev/null 2>&1 && $$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$each; break; }; done)

.PHONY: help install assets demo up down check format test test-unit test-integration test-stories test-browser \
	test-doors screenshots attack chaos schemas words lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' Makefile

install: $(STAMPS)/project $(STAMPS)/assets $(STAMPS)/jars ## Install everything that is locked, into .venv

demo: install ## Start the stack, play four commissions, leave it running
	@$(BIN)/touchmark demo

up: install ## Start the one-machine stack
	@$(BIN)/touchmark up

down: install ## Stop the one-machine stack; its data stays
	@$(BIN)/touchmark down

check: install ## Formatting, lint, types, walls between the services, dependencies, migrations
	@$(BIN)/python -m deploy.checks

format: install ## Lay out the code, and mend what can be mended by itself
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

test: install ## Everything: check, then all the tests on the real engines; ends with the counts
	@$(BIN)/python -m deploy.test_run

test-unit: install ## The unit tests alone: seconds
	@$(BIN)/python -m pytest tests/unit -q

test-integration: install ## Each service on the real engines
	@$(BIN)/python -m pytest tests/integration tests/workflow -q -n 2

test-stories: install ## Whole commissions through all five services
	@$(BIN)/python -m pytest tests/stories -q

test-doors: install ## Every route as everybody, and schemathesis on every OpenAPI document
	@$(BIN)/python -m pytest tests/doors -q

test-browser: install ## Pages in Chromium: accessibility, keyboard, no JavaScript
	@$(BIN)/python -m pytest tests/browser -q

screenshots: install ## Take the README's pictures again, from the story that is played in Chromium
	@TOUCHMARK_PICTURES=docs/pictures $(BIN)/python -m pytest tests/stories/test_in_the_browser.py -q

attack: install ## Flood the site as strangers would, while an honest customer goes on (long form); prints the figures
	@TOUCHMARK_ATTACK=long $(BIN)/python -m pytest tests/attack -q -s

chaos: install ## Kill every role at every fault point (long form)
	@TOUCHMARK_CHAOS=long $(BIN)/python -m pytest tests/chaos -q

schemas: install ## Export the contracts' JSON Schemas; refuses a change that breaks readers
	@$(BIN)/python -m deploy.checks.schemas

words: install ## Bring the catalogues of all languages up to date; names what is not translated yet
	@$(BIN)/python -m deploy.words update

assets: $(STAMPS)/assets ## Fetch fonts and htmx by package-lock.json

lock: $(STAMPS)/uv ## Compile the hashed lock from pyproject.toml; UPGRADE=--upgrade takes newer versions
	@sh requirements/lock.sh $(BIN)/uv $(UPGRADE)
	@test ! -e $(STAMPS)/project || $(BIN)/python -m deploy.local.engines.jars_lock

clean: ## Remove the environment and all caches (the stack's data stays)
	rm -rf $(VENV) node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .schemathesis \
		shared/web/static/vendor

$(STAMPS)/uv: requirements/bootstrap.txt
	@test -n "$(PYTHON)" || { echo "Touchmark needs Python 3.11 or newer: install it, or name one with PYTHON=…" >&2; exit 1; }
	@echo "Making an environment with $(PYTHON) …"
	@$(PYTHON) -m venv $(VENV) || { echo "This Python cannot make environments: on Debian, apt-get install python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/packages: $(STAMPS)/uv $(LOCKS:%=requirements/%.txt)
	@echo "Installing what is locked (the first time takes a minute) …"
	@$(BIN)/uv pip install --python $(BIN)/python --require-hashes $(LOCKS:%=-r requirements/%.txt)
	@touch $@

$(STAMPS)/project: $(STAMPS)/packages pyproject.toml
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

$(STAMPS)/assets: $(STAMPS)/project package.json package-lock.json
	@command -v npm >/dev/null 2>&1 || $(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements/node.txt
	@$(BIN)/python -m deploy.local.assets
	@touch $@

$(STAMPS)/jars: $(STAMPS)/project deploy/local/engines/kafka.lock.toml deploy/local/engines/jars.py deploy/local/engines/warm_up.py
	@$(BIN)/python -m deploy.local.engines.warm_up
	@touch $@
