# The task runner of this repository. `make site` and `make test` are the two commands of the README.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SITE_READY := $(VENV)/.site-ready
TEST_READY := $(VENV)/.test-ready

.PHONY: site test documents check serve lint types unit lock clean help

help:            ## list the tasks
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

site: $(SITE_READY)   ## install what is needed and build the guideline site into site/html
	$(BIN)/guidewright build

test: $(TEST_READY) lint types unit   ## install what the tests need (Chromium and Java too) and run lint, types and tests

documents: $(SITE_READY) ## set the guideline and each recommendation as PDF and Word, and build the site with them
	$(BIN)/pip install --quiet --require-hashes -r requirements-documents.lock
	$(BIN)/guidewright build --documents

check: $(SITE_READY)  ## check every file of the project
	$(BIN)/guidewright check

serve: $(SITE_READY)  ## show the site; it follows every save
	$(BIN)/guidewright serve

lint: $(TEST_READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(TEST_READY)
	$(BIN)/mypy

unit: $(TEST_READY)
	$(BIN)/pytest -n auto --dist loadgroup

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(SITE_READY): requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(TEST_READY): requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --require-hashes -r requirements-dev.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	tests/install-system-packages.sh
	touch $@ $(SITE_READY)

lock: $(TEST_READY)   ## renew the lock files from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --upgrade --extra build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --upgrade --extra build --extra documents -c requirements.lock pyproject.toml -o requirements-documents.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --upgrade --extra build --extra documents --extra scale --extra priority --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean:           ## remove what was generated
	rm -rf $(VENV) site/pages site/html site/exports .mypy_cache .ruff_cache .pytest_cache .hypothesis
