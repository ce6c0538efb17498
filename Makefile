# One entry for everything; `make` alone lists it. ARGS goes to the program behind the target.
SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help setup demo test check bundle windows pictures bench lock

PY := .venv/bin/python
ARGS ?=
CODE := client_app consent_backend consent_record resources demo tests tools

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 10

setup:  ## .venv, locked packages, Qt's system libraries, catalogues (the other targets do it by themselves)
	@tools/setup.sh

demo: setup  ## the whole product at work: backend, AnyDesk stand-in, technician, wizard (ARGS=--refuse, --break=...)
	@$(PY) -m demo $(ARGS)

test: setup  ## the tests, offscreen (ARGS="-k word", --onscreen); the long matrices with CI_LONG=1
	@$(PY) -m pytest $(ARGS)

check: setup  ## style, types and which way the imports point
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check --quiet . || { echo "run .venv/bin/ruff format"; exit 1; }
	@$(PY) -m mypy $(CODE)
	@.venv/bin/lint-imports --no-cache | sed -n '/Broken\|BROKEN\|Contracts:\|->/p'; exit $${PIPESTATUS[0]}

bundle:  ## the frozen client for this system
	@echo "bundle: freezing the client is not built yet."; exit 77

windows:  ## the client and its installer for Windows, built and driven here
	@echo "windows: the Windows build is not built yet."; exit 77

pictures:  ## every page photographed in every language and style
	@echo "pictures: photographing every page is not built yet."; exit 77

bench: setup  ## start time, memory, idle load and UI blocks against their floors (ARGS=start for one family)
	@$(PY) -m tests.bench $(ARGS)

lock: setup  ## renew requirements/*.txt from pyproject.toml (ARGS=--upgrade)
	@$(PY) -m tools.lock $(ARGS) && $(PY) -m tools.notices
