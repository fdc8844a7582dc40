# plan: build the default plan.  test: every gate.  lint, bench, soak: see CONTRIBUTING.md.
# What is installed is what setup.cfg asks for, at the versions that constraints.txt names.

PYTHON := $(shell command -v python3.11 || command -v python3)
VENV := .venv
RUN := $(VENV)/bin/python -m
INSTALL := $(RUN) pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: plan test test-planner test-rest lint bench soak

plan: $(VENV)/plan.stamp
	$(VENV)/bin/steppe build
	@echo "The map: $(CURDIR)/out/inner_mongolia/map.html"

# Two halves side by side, for a test mostly waits for one core or for a browser.
test: lint
	@$(MAKE) --jobs=2 --output-sync=target test-planner test-rest

PLANNER := tests/gis/command tests/gis/criteria tests/gis/decision

test-planner:
	$(RUN) pytest $(PLANNER)

test-rest:
	$(RUN) pytest $(addprefix --ignore=,$(PLANNER))

lint: $(VENV)/test.stamp
	$(RUN) ruff check
	$(RUN) ruff format --check
	$(RUN) mypy
	$(VENV)/bin/lint-imports

bench: $(VENV)/test.stamp
	@for script in tests/benchmarks/*.py; do echo "$$script" && $(VENV)/bin/python "$$script" || exit 1; done

soak: $(VENV)/test.stamp
	$(RUN) pytest -m soak

$(VENV)/test.stamp: $(VENV)/plan.stamp
	$(INSTALL) --editable '.[test]'
	@touch $@

$(VENV)/plan.stamp: setup.cfg pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) --editable .
	@touch $@
