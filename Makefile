# The two commands that matter are `make run` and `make test`; both need only Python 3.11 and make.
PYTHON ?= python3.11
VENV   := .venv
BIN    := $(VENV)/bin
HOST   ?= 127.0.0.1
PORT   ?= 8000
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: run test check bench format catalogues clean
.DEFAULT_GOAL := run

run: $(VENV)/runtime catalogues
	$(BIN)/tracker serve --host $(HOST) --port $(PORT)

test: $(VENV)/tools catalogues
	$(BIN)/python -m pytest -n 2 --dist loadfile $(TESTS)

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
	rm -rf $(VENV) build *.egg-info
