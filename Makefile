# The commands of this project; `make help` lists them. All that is needed: git, make and Python 3.11
# or later with pip. Nothing is installed outside this folder.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

PORT ?= 8000
INCIDENTS ?= 2000
RUNBOOKS ?= 400
QUARTER ?= 10000
REQUESTS ?= 5000
JOBS ?= 15000
KILLS ?= 60
DRILLS ?= 20
TEXTS ?= 1000000
LOOKUPS ?= 10000
RATE ?= 40
MESSAGES ?= 10000
BIN := .venv/bin
LOCK := UV_PYTHON_DOWNLOADS=never $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header pyproject.toml

help:  ## This list
	@sed -n 's/^\([a-z]*\):.*##/\1:/p' Makefile

run: .venv/for-run  ## The site with the six stories, on http://127.0.0.1:8000/ (PORT= changes it)
	@$(BIN)/python manage.py run_site --port $(PORT)

test: .venv/for-development  ## The whole suite, on every database and browser of this machine
	@$(BIN)/python -m tests

check: .venv/for-development  ## Style, types, import contracts, migrations, the lock
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py check --fail-level WARNING
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m pytest -q tests/architecture

bench: .venv/for-development  ## How fast records are found, beside the limits (INCIDENTS=, RUNBOOKS=)
	@$(BIN)/python -m tests.bench $(INCIDENTS) $(RUNBOOKS)

endurance: .venv/for-development  ## Workers killed under 15,000 jobs, on each database (JOBS=, KILLS=)
	@$(BIN)/python -m tests.bench.endurance $(JOBS) $(KILLS)

load: .venv/for-development  ## More lookups than the site can answer, on each database (INCIDENTS=, RUNBOOKS=, SECONDS=)
	@$(BIN)/python -m tests.bench.load $(INCIDENTS) $(RUNBOOKS) $(SECONDS)

faulty: .venv/for-development  ## Lookups while all that the site needs fails in turn, on each database (LOOKUPS=, RATE=)
	@$(BIN)/python -m tests.bench.faults $(LOOKUPS) $(RATE)

kills: .venv/for-development  ## Messages of pagers while site and database are killed, on each database (MESSAGES=)
	@$(BIN)/python -m tests.bench.kills $(MESSAGES)

quarter: .venv/for-development  ## The review and exports of a large quarter, beside the limits (QUARTER=)
	@$(BIN)/python -m tests.bench.reviews $(QUARTER)

drills: .venv/for-development  ## Backups under writes, restored and compared, on each database (DRILLS=, INCIDENTS=, RUNBOOKS=)
	@$(BIN)/python -m tests.bench.drills $(DRILLS) $(INCIDENTS) $(RUNBOOKS)

conversations: .venv/for-development  ## 5,000 requests of the interface by each role, made from its description (REQUESTS=)
	@$(BIN)/python -m tests.bench.conversations $(REQUESTS)

hostile: .venv/for-development  ## Thousands of texts that want to run in a browser, on every page (TEXTS=)
	@$(BIN)/python -m tests.bench.hostile $(TEXTS)

bombs: .venv/for-development  ## What costs far more than it weighs, each in a process, beside the limits
	@$(BIN)/python -m tests.bench.bombs

mutants: .venv/for-development  ## One thing taken away from the program at a time, and whether the tests miss it
	@$(BIN)/python -m tests.bench.mutants

audit: .venv/for-development  ## Is anything known against the pinned packages? 2: they could not be asked about
	@$(BIN)/python -m tests.audit requirements.txt requirements-dev.txt

sbom: .venv/for-development  ## A bill of materials of what runs, in var/sbom.cdx.json
	@$(BIN)/python -m tests.bill requirements.txt var/sbom.cdx.json

docs: .venv/for-development  ## The documents as a site with a search, in var/docs; a warning is an error
	@$(BIN)/python -m sphinx -W --keep-going -q -c docs/site -d var/docs/.doctrees . var/docs
	@echo "The documents are at file://$(CURDIR)/var/docs/index.html"

setup: .venv/for-run  ## The environment alone, in .venv

messages: .venv/for-development  ## The texts of the interface into locale/, and what is translated there compiled (needs gettext)
	@$(BIN)/python manage.py makemessages --all --extension html,txt,py --no-wrap --no-obsolete \
		--add-location file --ignore .venv --ignore docs --ignore tests --ignore var
	@$(BIN)/python manage.py compilemessages --ignore .venv

lock: .venv/for-development  ## Writes requirements.txt and requirements-dev.txt from pyproject.toml
	$(LOCK) -o requirements.txt
	$(LOCK) --group dev --group docs -c requirements.txt -o requirements-dev.txt

# The two files below are empty: each says that a lock is installed. They are written last, so that a
# set-up that was interrupted is taken up again.
.venv/for-run: requirements.txt
	@.ci/install requirements.txt
	@touch $@

.venv/for-development: requirements-dev.txt
	@.ci/install requirements-dev.txt
	@touch $@

.PHONY: help run test check bench load faulty kills quarter endurance drills conversations hostile bombs mutants audit sbom docs setup lock
