# plan: build the default plan.  test: every gate.  docs, lint, bench, soak, versions: see CONTRIBUTING.md.
# What is installed is what setup.cfg asks for, at the versions that constraints.txt names.

PYTHON := $(shell command -v python3.11 || command -v python3)
VENV := .venv
RUN := $(VENV)/bin/python -m
INSTALL := $(RUN) pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: plan docs test test-planner test-rest lint lint-scripts check-scripts bench soak versions lowest newest

plan: $(VENV)/plan.stamp
	$(VENV)/bin/steppe build
	@echo "The map: $(CURDIR)/out/inner_mongolia/map.html"

# The tables of layers, columns, measures and openers in the docs, from contracts and registries.
docs: $(VENV)/plan.stamp
	$(RUN) steppe.layers.files_doc docs/files.md
	$(RUN) steppe.criteria.model_doc docs/model.md
	$(RUN) steppe.layers.openers.openers_doc docs/fetching.md

# The package as its folders are mapped, for tools that follow folders.
HOUSE := $(VENV)/house/steppe

# Two halves side by side, for a test mostly waits for one core or for a browser.
test: lint
	@$(MAKE) --jobs=2 --output-sync=target test-planner test-rest

PLANNER := $(addprefix tests/gis/,claims command criteria decision intake measures network planfile ranking test_workbench.py test_plan_opening.py) tests/routing

test-planner:
	$(RUN) pytest $(PLANNER)

test-rest:
	$(RUN) pytest $(addprefix --ignore=,$(PLANNER))

lint: $(VENV)/test.stamp lint-scripts
	rm -rf $(HOUSE) && mkdir -p $(HOUSE)
	ln -s $(CURDIR)/gis/* $(addprefix $(CURDIR)/,layers maps routing) $(HOUSE)/
	$(RUN) ruff check
	$(RUN) ruff format --check
	$(RUN) mypy
	PYTHONPATH=$(dir $(HOUSE)) $(VENV)/bin/lint-imports

# The page's scripts: types, style, and tests of those that only compute.
SCRIPTS := maps/assets/scripts
SCRIPT_TESTS := tests/scripts
MODULES := $(SCRIPT_TESTS)/node_modules

# Without npm, or where it reaches no registry, they go unchecked, but not in CI.
lint-scripts:
	@test $(MODULES)/.package-lock.json -nt $(SCRIPT_TESTS)/package-lock.json \
	|| npm ci --prefix $(SCRIPT_TESTS) --silent --fetch-retries=1 --fetch-timeout=20000 \
	&& touch $(MODULES)/.package-lock.json \
	|| { echo "npm is not there or reaches no registry: the page's scripts go unchecked."; \
	rm -rf $(MODULES); test "$$STEPPE_REQUIRE_ALL" != 1; }
	@if test -d $(MODULES); then $(MAKE) --no-print-directory check-scripts; fi

check-scripts:
	$(MODULES)/.bin/tsc --project $(SCRIPT_TESTS)
	$(MODULES)/.bin/eslint --config $(SCRIPT_TESTS)/eslint.config.js --max-warnings 0 $(SCRIPTS) $(SCRIPT_TESTS)
	@node --test --test-reporter=spec $(SCRIPT_TESTS)/*.test.js > $(MODULES)/.tests || { cat $(MODULES)/.tests; exit 1; }

bench: $(VENV)/test.stamp
	@for script in tests/benchmarks/*.py; do echo "$$script" && $(VENV)/bin/python "$$script" || exit 1; done

soak: $(VENV)/test.stamp
	$(RUN) pytest -m "soak or hypothesis" --hypothesis-profile=thorough

# The oldest and the newest releases that setup.cfg lets in, each in an environment of its own.
versions: lowest newest

lowest newest:
	$(PYTHON) -m venv --clear $(VENV)-$@
	$(VENV)-$@/bin/pip install --quiet --disable-pip-version-check uv
	$(VENV)-$@/bin/uv pip install --quiet --python $(VENV)-$@/bin/python $(if $(filter lowest,$@),--resolution lowest-direct) .
	rm -rf build
	cd $(VENV)-$@ && bin/steppe build --out plan --force

$(VENV)/test.stamp: $(VENV)/plan.stamp
	$(INSTALL) --editable '.[test]'
	@touch $@

$(VENV)/plan.stamp: setup.cfg pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) --editable .
	@touch $@
