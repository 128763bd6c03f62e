# Trellis. `make up` runs it, `make test` tests it; both need Python 3.11+ and make, nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Says where the environment was made: one that was moved with its folder does not work, and is made anew.
STAMP := $(VENV)/.installed
MOVED := $(if $(filter-out $(CURDIR),$(shell cat $(STAMP) 2>/dev/null)),moved)

# What Python has compiled is kept, also where the environment says otherwise, as in many images: else each of the processes
# that `make up` and the tests start would compile everything anew, for a second each.
export PYTHONDONTWRITEBYTECODE =

.DEFAULT_GOAL := help
.PHONY: help up install test bulk rush term same fuzz fuzz-journeys fuzz-times fuzz-api crowd console looks chaos check bench client clean lock format metrics moved

help:            ## what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 14

up: $(STAMP)     ## run everything here: Postgres, Temporal, worker, projector, HTTP, a sample program
	@exec $(BIN)/trellis up

install: $(STAMP) ## the environment in .venv, nothing else

$(STAMP): requirements-dev.txt pyproject.toml $(MOVED)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Trellis needs Python 3.11 or later; this is " + sys.version.split()[0] + ". Say which to use: make PYTHON=python3.12 ...")'
	@test -z "$(MOVED)" && $(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@echo "Installing the pinned requirements into $(VENV) (once; a minute or two) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@echo "$(CURDIR)" > $@

# A process for each processor, each with servers of its own, and one more, because a quarter of the time goes into
# waiting for servers to end and start; `-n 0` runs them all in one.
test: $(STAMP)   ## the tests, on real embedded servers that they start themselves (TEST_FLAGS="-k word -n 0")
	$(BIN)/python -m pytest -n $$(($$($(BIN)/python -c 'import os; print(os.cpu_count())') + 1)) --dist worksteal $(TEST_FLAGS)

fuzz: $(STAMP)   ## the log's state machine at length (FUZZ_EXAMPLES=500 SEED=...); prints its seed
	@seed=$${SEED:-$$(date +%s)}; echo "seed: $$seed (again with: make fuzz SEED=$$seed)"; \
	HYPOTHESIS_PROFILE=thorough TRELLIS_FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-500} TRELLIS_FUZZ_STEPS=$${FUZZ_STEPS:-60} \
	$(BIN)/python -m pytest tests/projections/test_machine.py --hypothesis-seed=$$seed

fuzz-journeys: $(STAMP) ## random ways through random programs (SEQUENCES=100000 SEED=...); prints its seed
	$(BIN)/python -m tests.domain.fuzz --sequences $${SEQUENCES:-100000} $${SEED:+--seed $$SEED}

# What requests end stays ended, so that several worlds tell more than many requests in one.
fuzz-api: $(STAMP) ## requests made up for every operation of the HTTP API, and along its links (REQUESTS=20 WORLDS=1 SEED=...)
	@seed=$${SEED:-7}; for world in $$(seq $${WORLDS:-1}); do echo "seed: $$seed"; \
	TRELLIS_FUZZ_REQUESTS=$${REQUESTS:-20} TRELLIS_FUZZ_SEED=$$seed \
	$(BIN)/python -m pytest -n 0 -s tests/interfaces/test_api_fuzzing.py || exit 1; seed=$$((seed + 1)); done

crowd: $(STAMP)  ## 2,000 connections and 50 unread streams at a worker, and somebody who wants an answer
	TRELLIS_CROWD=1 $(BIN)/python -m pytest -n 0 -s tests/interfaces/test_crowd.py

fuzz-times: $(STAMP) ## random pairs around every change of clocks, 2020 to 2030, in every zone (PAIRS=1 SEED=...)
	$(BIN)/python -m tests.domain.scheduling.fuzz --pairs $${PAIRS:-1} $${SEED:+--seed $$SEED}

bulk: $(STAMP)   ## bulk actions at length: 2,000 journeys and three kills, 10,000 learners and one
	TRELLIS_BULK_JOURNEYS=2000 TRELLIS_BULK_LEARNERS=10000 TRELLIS_BULK_KILLS=3 \
	$(BIN)/python -m pytest -n 0 -s --durations=0 tests/workflows/test_bulk.py -k killed

rush: $(STAMP)   ## fifty learners for the ten places of one mentor, two hundred times
	TRELLIS_RUSHES=200 $(BIN)/python -m pytest -n 0 tests/store/test_ledger.py -k fifty

term: $(STAMP)   ## a term with planted faults, all to be found, and one without any (LEARNERS=300 SEED=1)
	TRELLIS_TERM_LEARNERS=$${LEARNERS:-300} TRELLIS_TERM_SEED=$${SEED:-1} $(BIN)/python -m pytest -n 0 tests/quality/test_term.py

# Each way starts the whole service anew, in a process of its own.
console: $(STAMP) ## the daily tasks of ops in a browser, in every way; a page through a thousand live updates
	@for way in mouse keyboard phone "without scripts"; do echo "way: $$way"; \
	TRELLIS_DAILY_WAYS="$$way" $(BIN)/python -m pytest -n 0 tests/browser/daily || exit 1; done
	TRELLIS_LIVE_UPDATES=1000 $(BIN)/python -m pytest -n 0 --durations=0 tests/browser/test_frame.py

looks: $(STAMP)  ## every page in every state, with the sample program: axe on both screens, in both color schemes
	TRELLIS_LOOKS=1 $(BIN)/python -m pytest -n 0 -s tests/browser/everywhere

same: $(STAMP)   ## scenarios that seeds have made, by the rules alone and on real servers (SCENARIOS=50 SEED=0)
	TRELLIS_SAME_SCENARIOS=$${SCENARIOS:-50} TRELLIS_SAME_SEED=$${SEED:-0} $(BIN)/python -m pytest -n 0 tests/scenario/test_same.py

chaos: $(STAMP)  ## commands while processes are killed (CHAOS_FLAGS="--seed 7 --kills 200 --lose-temporal"); prints its seed
	$(BIN)/python -m tests.chaos $(CHAOS_FLAGS)

check: $(STAMP)  ## ruff, mypy strict, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(STAMP)  ## every benchmark (BENCH_FLAGS=--quick for a short look)
	$(BIN)/python -m bench $(BENCH_FLAGS)

client: $(STAMP) ## the client in client/api, written anew from the OpenAPI document
	$(BIN)/python -m interfaces.http.document | $(BIN)/python -m client.generating

format: $(STAMP) ## put the code in its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

metrics: $(STAMP) ## docs/metrics.md and docs/measures.md from the code
	$(BIN)/python -m tests.metrics.page
	$(BIN)/python -m tests.metrics.measures_page

lock: $(STAMP)   ## pin requirements*.in anew (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements.in -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements-dev.in -o requirements-dev.txt

clean:           ## remove what was made here: the environment, caches, and the data under .trellis
	@test ! -d .trellis || ! test -x $(BIN)/trellis || $(BIN)/trellis down
	rm -rf $(VENV) .trellis .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
