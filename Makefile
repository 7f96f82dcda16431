# One command each; every one does its own set-up and is quick the second time.
# Plain `make` lists them. All of them work from any folder: make -C path/to/mallette run

PYTHON ?= python3
PORT   ?= 8000
ARGS   ?=
DIST   ?= raspios
# The private key that updates are signed with.
KEY    ?= update.pem
# Where images are made: some ten gigabytes. MALLETTE_CUTS=5 makes fewer power cuts of each deed,
# MALLETTE_STARTS=4 starts more of the cut cards again, each some minutes.
WORK   ?= .

KIT := .venv/bin/kit

# Two cores are usual here; a numerical library that starts a thread for each only gets in its own way.
export OPENBLAS_NUM_THREADS ?= 1

.DEFAULT_GOAL := help
.PHONY: help run test lint bench models image-plan image bundle update image-test

help:
	@echo "Mallette: show, train, check, and see what each answer costs."
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1~\2/p' Makefile | awk -F'~' '{printf "%-18s %s\n", $$1, $$2}'

run: ## Serve the kit on http://localhost:8000 (PORT=8001 for another port, ARGS="..." for more)
	@$(PYTHON) scripts/setup.py run
	@$(KIT) serve --port $(PORT) $(ARGS)

test: ## Run every check and every test, in a real browser too (ARGS="-k camera" for some)
	@$(PYTHON) scripts/setup.py test
	@$(MAKE) --no-print-directory .lint
	@.venv/bin/python -m pytest $(ARGS)

lint: ## Check style and types of Python and JavaScript
	@$(PYTHON) scripts/setup.py test
	@$(MAKE) --no-print-directory .lint

.PHONY: .lint
.lint:
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	PATH="$(CURDIR)/.venv/bin:$$PATH" .venv/js/node_modules/.bin/tsc --project tsconfig.json

bench: ## Hold the promises about speed and weight against this machine (ARGS="--quick" for less)
	@$(PYTHON) scripts/setup.py test
	@.venv/bin/python benchmarks $(ARGS)

models: ## Rebuild the models from their recipes and compare their hashes (x86_64; long)
	@$(PYTHON) scripts/setup.py models
	@set -e; for recipe in models/*/recipe.py; do .venv-models/bin/python "$$recipe" --check $(ARGS); done

image-plan: ## Print what a build of the memory card's image does (DIST=debian for the test image)
	@$(PYTHON) image-build/plan.py $(DIST) $(ARGS)

image: ## Build the memory card's image (root; DIST=debian for the test image, WORK=folder)
	@$(PYTHON) scripts/setup.py run
	@.venv/bin/python image-build/build.py $(DIST) --work $(WORK) $(ARGS)

bundle: ## Make the folder that makes a stock Raspberry Pi OS a kit (no root; WORK=folder)
	@$(PYTHON) scripts/setup.py run
	@.venv/bin/python image-build/bundle.py --work $(WORK) $(ARGS)

update: ## Make and sign an update for a USB stick (KEY=private key, WORK=folder)
	@$(PYTHON) scripts/setup.py run
	@.venv/bin/python image-build/update.py --key $(KEY) --work $(WORK) $(ARGS)

image-test: ## Build Debian's image and the bundle, start both in an emulator (root; two hours)
	@$(PYTHON) scripts/setup.py test
	@.venv/bin/python image-build/build.py debian --work $(WORK)
	@.venv/bin/python image-build/bundle.py --work $(WORK)
	@.venv/bin/python tests/guest/stock.py --work $(WORK)
	@MALLETTE_IMAGE=$(WORK)/build/debian MALLETTE_BUNDLE=$(WORK)/build/bundle \
		MALLETTE_STOCK=$(WORK)/build/stock MALLETTE_SCRATCH=$(WORK)/build/cards \
		.venv/bin/python -m pytest -s tests/guest $(ARGS)
