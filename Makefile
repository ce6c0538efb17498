# One entry for everything; `make` alone lists it. ARGS goes to the program behind the target.
SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help setup demo test check bundle windows pictures bench lock

# Qt wants a UTF-8 locale and a bare container has none; a locale that is set stays.
ifeq ($(LC_ALL)$(LC_CTYPE)$(LANG),)
export LC_ALL := C.UTF-8
endif

PY := .venv/bin/python
ARGS ?=

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 10

setup:  ## .venv, locked packages, Qt's system libraries, catalogues (the other targets do it by themselves)
	@tools/setup.sh

demo: setup  ## the whole product at work: backend, AnyDesk stand-in, technician, wizard (ARGS=--refuse, --break=...)
	@$(PY) -m demo $(ARGS)

test: setup  ## the tests, offscreen (ARGS="-k word", --onscreen); the long matrices with CI_LONG=1
	@$(PY) -m pytest $(ARGS)

check: setup  ## style, layout, types and which way the imports point
	@tools/check.sh

bundle:  ## the frozen client for this system
	@echo "bundle: freezing the client is not built yet."; exit 77

windows: setup  ## the tests in a Windows Python under wine, offscreen and on a screen (ARGS="-k word tests/windows")
	@$(PY) -m tools.windows $(ARGS)

pictures: setup  ## every page photographed in every language, colour scheme and size (ARGS="--only terms")
	@$(PY) -m demo.pictures $(ARGS)

bench: setup  ## start time, memory, idle load and UI blocks against their floors (ARGS=start for one family)
	@$(PY) -m tests.bench $(ARGS)

lock: setup  ## renew requirements/*.txt from pyproject.toml (ARGS=--upgrade)
	@$(PY) -m tools.lock $(ARGS) && $(PY) -m tools.notices
