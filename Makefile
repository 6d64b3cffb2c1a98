# The verbs of this project.  Needs make (3.81 will do) and Python 3.11 or newer, nothing else.
#
#   make setup     the environment in .venv, with everything for development
#   make run       the default run: 100,000 synthetic citizens under the score of 2020
#   make test      what every change must pass, browser tests included, on two processors
#   make check     format, lint, types, floors, catalogue, links
#   make verify    the long checks, and what all the exact checks found into docs/verification.md
#   make bench     speed and memory, beside their bounds
#   make browser   the browser tests, slow ones included
#   make cluster   install the extra for several machines, and run its tests
#   make docs      regenerate the parts of docs/ that are made from the code
#   make format    rewrite the sources in the house format
#   make pins      resolve requirements/*.in anew (needs uv)
#   make clean     remove the environment and the caches of the tools
#
# Another interpreter:  make PYTHON=/usr/bin/python3.13 setup
# More arguments:       make run ARGS="--citizens 10000"     make test ARGS="-k rates"

ARGS =
BIN = .venv/bin

# The first interpreter that is new enough and can make environments; failing that, the first that
# is new enough, so that the set-up can say what it lacks.
PYTHON = $(shell \
	for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	  $$p -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' \
	    >/dev/null 2>&1 && { echo $$p; exit; }; \
	done; \
	for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	    >/dev/null 2>&1 && { echo $$p; exit; }; \
	done)

.PHONY: help setup base dev run test check verify bench browser cluster docs format pins clean

help:
	@sed -n 's/^#   make/  make/p' Makefile

setup: dev

base dev:
	@python="$(PYTHON)"; \
	if [ -z "$$python" ]; then \
	  echo "error: no Python 3.11 or newer found (looked for python3.11 to python3.14 and python3). Install one, for example with apt-get install python3 python3-venv, or name it: make PYTHON=/path/to/python setup" >&2; \
	  exit 2; \
	fi; \
	command -v "$$python" >/dev/null || { echo "error: there is no interpreter $$python" >&2; exit 2; }; \
	"$$python" tools/setup_env.py $@

run: base
	@$(BIN)/glasscity run $(ARGS)

test: dev
	@$(BIN)/python tools/run_tests.py $(ARGS)

check: dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/python tools/check_catalogue.py
	$(BIN)/python tools/links.py

verify: dev
	$(BIN)/python -m pytest -q tests/verification tests -m "verify or slow or exact" \
		--findings docs/verification.json $(ARGS)
	$(BIN)/python tools/make_verification.py

bench: base
	$(BIN)/python benchmarks/bench.py $(ARGS)
	$(BIN)/python tools/make_performance.py

browser: dev
	$(BIN)/python -m pytest -q tests/browser -m "not verify" $(ARGS)

cluster: dev
	$(BIN)/python -m pip --disable-pip-version-check install -qq --require-hashes \
		--requirement requirements/cluster.txt
	$(BIN)/python -m pytest -q tests/cluster $(ARGS)

docs: dev
	$(BIN)/python tools/make_docs.py $(ARGS)
	$(BIN)/python tools/make_regimes.py $(ARGS)
	$(BIN)/python tools/make_verification.py $(ARGS)
	$(BIN)/python tools/make_lives.py
	$(BIN)/python tools/make_calibration.py
	$(BIN)/python tools/make_article5.py
	$(BIN)/python tools/make_evidence.py
	$(BIN)/python tools/make_findings.py
	$(BIN)/python tools/make_performance.py
	$(BIN)/python tools/write_schema.py

format: dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

UV_COMPILE = uv pip compile --quiet --no-config --no-header --no-emit-index-url --universal \
	--python-version 3.11 --generate-hashes $(ARGS)

pins:
	$(UV_COMPILE) requirements/base.in -o requirements/base.txt
	$(UV_COMPILE) -c requirements/base.txt requirements/dev.in -o requirements/dev.txt
	$(UV_COMPILE) -c requirements/dev.txt requirements/cluster.in -o requirements/cluster.txt

clean:
	rm -rf .venv .pytest_cache .ruff_cache .import_linter_cache .hypothesis
