# What people and machines do with this repository. Each target makes itself ready on a fresh Debian or macOS.

PORT ?= 8000
WORKERS ?= 2
BIN := .venv/bin

# The environment is ours whatever is active in the terminal.
export UV_PROJECT_ENVIRONMENT := .venv
# One thread of arithmetic for each process: more only wait for each other.
export OPENBLAS_NUM_THREADS := 1
unexport VIRTUAL_ENV

.DEFAULT_GOAL := help
.PHONY: help setup run test check soak providers bench fix

help: ## This list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

setup: .venv/.ready ## The environment, from uv.lock alone

.venv/.ready: uv.lock pyproject.toml
	@uv=$$(tests/machine.sh uv) && "$$uv" sync --frozen --extra semantic --quiet && touch $@

run: setup ## Database, answers, sample people, server and worker (PORT=8000)
	@HELPDESK_PUBLIC_URL="$${HELPDESK_PUBLIC_URL:-http://127.0.0.1:$(PORT)}"; export HELPDESK_PUBLIC_URL; \
	$(BIN)/helpdesk init && $(BIN)/helpdesk demo && $(BIN)/helpdesk sample-data --tickets 60 && \
	exec $(BIN)/helpdesk serve --port $(PORT)

test: setup ## Every test, on SQLite and on PostgreSQL, browser journeys included
	@tests/machine.sh browser
	@tests/machine.sh postgres
	@$(BIN)/python -m pytest --quiet --numprocesses=$(WORKERS)

check: setup ## Format, lint, types, imports, templates, answers, then every test
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint helpdesk --lint --quiet
	$(BIN)/helpdesk faq check
	@$(MAKE) --no-print-directory test

soak: setup ## The long load, fault and crash tests
	@tests/machine.sh postgres
	@$(BIN)/python -m pytest --quiet --capture=no -m slow

providers: setup ## The tests against a real privacyIDEA, which this installs
	@tests/machine.sh postgres
	@WITH_PRIVACYIDEA=yes $(BIN)/python -m pytest --quiet tests/integration/mfa/test_privacyidea.py

bench: setup ## The benchmarks, side by side; results in bench/results
	@for file in bench/[a-z]*.py; do $(BIN)/python -m "bench.$$(basename "$$file" .py)" || exit 1; done

fix: setup ## Format, and repair what tools can
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format --quiet .
