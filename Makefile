# The commands of Puntual. Needs Python 3.11 or newer and PyPI; `make kafka` needs Java 17 and Maven besides.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.made
PYTEST_WORKERS ?= 2
PYTEST_ARGS ?=
SOAK_MESSAGES ?= 200000

# The time-zone data of the tzdata package, not the system's, which may be years old.
export PYTHONTZPATH :=

.DEFAULT_GOAL := help
.PHONY: help demo venv test long check bench bench-aged soak kafka kafka-stop pins clean

help:  ## list these commands
	@sed -n 's/^\([a-z-]*\):.*##/\1\t/p' $(MAKEFILE_LIST) | awk -F '\t' '{ printf "make %-12s%s\n", $$1, $$2 }'

venv: $(STAMP)  ## make .venv with the package, the puntual command and the tools of development

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "make: $(PYTHON) is older than 3.11 or missing; name a newer one: make venv PYTHON=python3.12" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
	  { echo "make: $(PYTHON) cannot make virtual environments (Debian: apt-get install python3-venv)" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: venv  ## run the whole product on this machine with sample data; ONCE=1 runs to the end and checks it
	$(BIN)/puntual demo $(if $(ONCE),--once)

test: venv  ## run the tests; PYTEST_WORKERS=2, PYTEST_ARGS="-k name"; with CI=true the slow ones too
	$(BIN)/pytest -n $(PYTEST_WORKERS) --dist=loadfile -m "not long$(if $(filter true,$(CI)),, and not slow)" $(PYTEST_ARGS)

long: venv  ## run the tests that take many minutes
	$(BIN)/pytest -m long $(PYTEST_ARGS)

check: venv  ## format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: venv  ## measure against the raw floor and write bench.json
	$(BIN)/python -m tests.benchmarks --out bench.json

bench-aged: venv  ## measure the steps on a new database and on one with five million rows of history, into build/
	@mkdir -p build
	$(BIN)/python -m tests.benchmarks --history --out build/bench-aged.json

soak: venv  ## many messages through real processes while things go wrong, with a report in build/soak; SOAK_MESSAGES=200000
	$(BIN)/python -m tests.benchmarks.soak --messages $(SOAK_MESSAGES) --out build/soak

kafka:  ## start a real single-node Apache Kafka on 127.0.0.1 (KAFKA_PORT=9092)
	deploy/kafka/kafka.sh start

kafka-stop:  ## stop that Kafka; its data stays until deploy/kafka/kafka.sh reset
	deploy/kafka/kafka.sh stop

pins:  ## choose the newest versions of everything anew and write constraints.txt
	$(PYTHON) -m venv --clear build/pins
	build/pins/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	{ echo '# Exact versions of everything, development tools too; made by `make pins`.'; \
	  build/pins/bin/python -m pip freeze --exclude-editable; } > constraints.txt
	rm -rf build/pins

clean:  ## remove what these commands made; the data of development in .puntual stays
	if [ -d .kafka ]; then deploy/kafka/kafka.sh stop; fi
	rm -rf $(VENV) .kafka build bench.json .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	rm -rf ./*.egg-info
