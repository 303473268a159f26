# What there is to do: `make help`. Every target makes what it needs, in .venv; a second call finds it made.

PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,$(shell \
	$(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))) python3)
DEDUP_DATA ?= ../shared/data

BIN := .venv/bin
SOURCES := $(shell find dedup -name '*.py' -o -name '*.toml' -o -name '*.txt' -o -name '*.npz' -o -name '*.html')

export DEDUP_DATA
.DEFAULT_GOAL := help
.PHONY: help demo test lint format wheel docs kernels gates bench index attribution quality clean
.DELETE_ON_ERROR:

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

demo: .venv/made-package  ## install into .venv and scan the two pages of seeds/
	$(BIN)/dedup scan seeds/ --out demo-out

test: .venv/made-test  ## run the tests
	$(BIN)/python -m pytest

lint: .venv/made-test .venv/made-lint  ## check style, layout and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: .venv/made-lint  ## lay the code out, and mend what can be mended
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

wheel: build/checked  ## build the wheel and try it in a clean environment

docs: .venv/made-package  ## write the pages of docs/ that derive from the code
	$(BIN)/python -m dedup.cli.reference docs

kernels: .venv/made-test  ## write the list of the kernels that a scan and an index need
	$(BIN)/python -m tests.signatures

gates: .venv/made-test  ## measure on a planted archive, and on the labelled data in DEDUP_DATA (../shared/data)
	$(BIN)/python -m pytest -m gate

bench: .venv/made-test  ## time the kernels, a scan, and datasketch on the same articles
	$(BIN)/python -m pytest -m bench benchmarks
	$(BIN)/python -m benchmarks.startup
	$(BIN)/python -m benchmarks.against_datasketch $(DEDUP_DATA)/reuters_versions/docs.jsonl.gz

index: .venv/made-test  ## measure the standing index: speed, recall, kills, readers beside a writer
	$(BIN)/python -m benchmarks.index_speed
	$(BIN)/python -m benchmarks.index_recall
	$(BIN)/python -m benchmarks.index_kills
	$(BIN)/python -m benchmarks.index_readers

attribution: .venv/made-test  ## score verdicts on the labelled clusters in DEDUP_DATA, by kind, with calibration
	$(BIN)/python -m benchmarks.attribution --misses

quality: .venv/made-test  ## measure what is found: planted archive, noise, revisions, raw pages, Reuters
	$(BIN)/python -m benchmarks.planted_quality
	$(BIN)/python -m benchmarks.noise
	$(BIN)/python -m benchmarks.graded
	$(BIN)/python -m benchmarks.raw_pages
	$(BIN)/python -m benchmarks.reuters_recall

clean:  ## remove all that these targets made
	rm -rf .venv build dist demo-out *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks
	find . -name __pycache__ -prune -exec rm -rf {} +

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo 'python3 must be >= 3.11: '"$$($(PYTHON) --version 2>&1 | head -n 1)"'; name another: make PYTHON=/path/to/python3.12' >&2; \
		exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo '$(PYTHON) must have venv and ensurepip: on Debian and Ubuntu, apt install python3-venv' >&2; exit 1; }
	$(PYTHON) -m venv --clear .venv
	@touch $@

.venv/made-package: .venv/made pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/made-test: .venv/made-package
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@

.venv/made-lint: .venv/made-package
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[lint]'
	@touch $@

# The clean environment has none of the extras: the check also says that the package imports without them.
build/checked: .venv/made pyproject.toml README.md LICENSE $(SOURCES)
	rm -rf build dist
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist .
	$(BIN)/python -m venv build/clean
	build/clean/bin/python -m pip install --quiet --disable-pip-version-check dist/*.whl
	cd build && clean/bin/dedup scan ../seeds/ --out wheel-out
	@touch $@
