# The two commands that matter are `make run` and `make test`; both need only Python 3.11 and make.
PYTHON ?= python3.11
VENV   := .venv
BIN    := $(VENV)/bin
HOST   ?= 127.0.0.1
PORT   ?= 8000
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

CLIENTS := tests/clients

.PHONY: run test clients check bench format catalogues clean
.DEFAULT_GOAL := run

run: $(VENV)/runtime catalogues
	$(BIN)/tracker serve --host $(HOST) --port $(PORT)

test: $(VENV)/tools catalogues
	$(BIN)/python -m pytest -n 2 --dist worksteal $(TESTS)

# The calendar programs that read our calendars in tests/clients; the tests skip those that are not there.
clients: $(CLIENTS)/.venv/installed $(CLIENTS)/node_modules/installed

$(CLIENTS)/.venv/installed: $(CLIENTS)/requirements.lock
	test -x $(@D)/bin/python || $(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r $<
	touch $@

$(CLIENTS)/node_modules/installed: $(CLIENTS)/package-lock.json
	npm ci --prefix $(CLIENTS) --ignore-scripts --no-audit --no-fund --silent
	touch $@

check: $(VENV)/tools catalogues
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/tools catalogues
	$(BIN)/python -m tests.bench

format: $(VENV)/tools
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Compiled only where the text is newer, so that a start costs nothing.
catalogues: tracker/translations/de/LC_MESSAGES/messages.mo tracker/translations/ru/LC_MESSAGES/messages.mo

%.mo: %.po $(VENV)/runtime
	$(BIN)/pybabel -q compile -i $< -o $@

$(VENV)/runtime: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/tools: $(VENV)/runtime tests/requirements.lock
	$(PIP) install --require-hashes -r tests/requirements.lock
	touch $@

clean:
	rm -rf $(VENV) $(CLIENTS)/.venv $(CLIENTS)/node_modules build *.egg-info
