# Every target sets up what it needs from a clean clone, once, and says what is missing on the machine.
# Python packages go into .venv, Azurite into node_modules; nothing is installed anywhere else.

PYTHON := .venv/bin/python
READY_PYTHON := .venv/.ready
READY_NODE := node_modules/.ready
TREES := functions shared sandbox demo tools bench tests function_app.py
LOCK := .venv/bin/uv pip compile --quiet --generate-hashes --no-header --no-emit-index-url --no-emit-find-links

.DEFAULT_GOAL := help
.PHONY: docs payload audit sbom release-notes help demo demo-can-fail doctor up bench test check coverage torture screenshots languages revoke package lock verify-audit clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(READY_PYTHON) $(READY_NODE) ## From a signed HR event to a sign-in, told as it happens
	@$(PYTHON) -m demo

demo-can-fail: $(READY_PYTHON) $(READY_NODE) ## Plant faults one by one and show that the demo finds each
	@$(PYTHON) -m demo --can-fail

hr-sim: $(READY_PYTHON) $(READY_NODE) ## Every kind of HR system, with its retries and disorder, against the whole app
	@$(PYTHON) -m tools.hr_sim

payload: $(READY_PYTHON) ## A test of a delivery that was misread: ARGS=delivery.json, as the app answered it
	@$(PYTHON) -m tools.payload $(ARGS)

doctor: $(READY_PYTHON) $(READY_NODE) ## The check-up of a tenant, in a sandbox; docs/check-up.md has it for a real one
	@$(PYTHON) -m tools.doctor.sandbox $(ARGS)

up: $(READY_PYTHON) $(READY_NODE) ## The same world kept running, for a browser
	@$(PYTHON) -m sandbox up

# Each of the processes compiles all tests for itself; whatever the shell says, what was compiled once is kept.
test: $(READY_PYTHON) $(READY_NODE) ## The tests
	@sh tools/needed-by-tests.sh
	@$(PYTHON) -m tools.environments docs >/dev/null
	@PYTHONDONTWRITEBYTECODE= $(PYTHON) -m pytest -n 5 -m "not torture"

check: $(READY_PYTHON) $(READY_NODE) ## Format, lint, types, and what may not be committed
	@.venv/bin/ruff format --check $(wildcard $(TREES))
	@.venv/bin/ruff check $(wildcard $(TREES))
	@.venv/bin/mypy $(filter-out tools tests,$(wildcard $(TREES))) tools
	@$(PYTHON) tools/check_tree.py
	@$(PYTHON) -m tools.check_secrets
	@$(PYTHON) -m tools.check_infra
	@$(PYTHON) -m tools.check_workflows
	@$(PYTHON) -m tools.check_docs

docs: $(READY_PYTHON) ## The pages as a site, in build/site
	@$(PYTHON) -m tools.check_docs --build

coverage: $(READY_PYTHON) $(READY_NODE) ## The tests again, with branch coverage of all processes
	@rm -f .coverage .coverage.*
	@$(PYTHON) -m coverage run -m pytest -n 3 -q -m "not torture"; tests=$$?; \
	  $(PYTHON) -m coverage combine -q && $(PYTHON) -m coverage report && exit $$tests

torture: $(READY_PYTHON) $(READY_NODE) ## The long survival runs
	@$(PYTHON) -m pytest -m torture

bench: $(READY_PYTHON) $(READY_NODE) ## Beside SnapPass, in one run: latency, races, scanners, wrong keys, headers
	@$(PYTHON) -m bench

screenshots: $(READY_PYTHON) $(READY_NODE) ## Every state of the hand-over page, on one sheet in build/
	@$(PYTHON) -m tools.screenshots

languages: $(READY_PYTHON) ## Bring catalogues and leaflets in step with the texts, and say what is to be translated
	@$(PYTHON) -m tools.languages

revoke: $(READY_PYTHON) ## The emergency brake: ARGS="--all" and more, see docs/incident.md
	@$(PYTHON) -m tools.revoke $(ARGS)

package: $(READY_PYTHON) $(READY_NODE) ## The deployable zip, loaded in a clean environment, and a hire carried through it
	@$(PYTHON) -m tools.package

audit: $(READY_PYTHON) ## Whether a vulnerability is known in what is deployed (asks the network)
	@bin=$$($(PYTHON) -m tools.environments release) && $$bin/pip-audit --strict --disable-pip --require-hashes -r requirements.txt

sbom: $(READY_PYTHON) ## The parts list of the package, as CycloneDX
	@mkdir -p dist
	@bin=$$($(PYTHON) -m tools.environments release) && \
	  $$bin/cyclonedx-py requirements requirements.txt --output-reproducible --output-file dist/day-one-pass.cdx.json

release-notes: $(READY_PYTHON) ## What CHANGELOG.md says of VERSION=v1.2.3
	@mkdir -p dist
	@$(PYTHON) tools/release_notes.py "$(VERSION)" > dist/notes.md

lock: $(READY_PYTHON) ## Pin all dependencies anew from the .in files
	@$(LOCK) requirements.in -o requirements.txt
	@$(LOCK) requirements-dev.in -o requirements-dev.txt
	@$(LOCK) requirements-checks.in -o requirements-checks.txt
	@$(LOCK) requirements-docs.in -o requirements-docs.txt
	@$(LOCK) requirements-release.in -o requirements-release.txt
	@$(LOCK) requirements-bench.in -o requirements-bench.txt

verify-audit: $(READY_PYTHON) ## The hash chains of a storage account's audit; ARGS="--as-of … --digest …"
	@$(PYTHON) -m tools.verify_audit $(ARGS)

clean: ## Remove what was built or installed here
	rm -rf .venv node_modules dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.*

$(READY_PYTHON): requirements.txt requirements-dev.txt tools/find-python.sh
	@python=$$(sh tools/find-python.sh) && \
	  echo "Setting up Python packages in .venv (once) …" && \
	  { [ -x $(PYTHON) ] || "$$python" -m venv .venv; } && \
	  $(PYTHON) -m pip install -qq --disable-pip-version-check --require-hashes \
	    -r requirements.txt -r requirements-dev.txt
	@touch $@

$(READY_NODE): package.json package-lock.json
	@command -v node >/dev/null || { echo "Node.js is missing: install Node.js 20 or later (https://nodejs.org)." >&2; exit 1; }
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' || \
	  { echo "Node.js is too old: install Node.js 20 or later (https://nodejs.org)." >&2; exit 1; }
	@command -v npm >/dev/null || { echo "npm is missing: it comes with Node.js 20 or later (https://nodejs.org)." >&2; exit 1; }
	@echo "Setting up Azurite in node_modules (once) …"
	@npm ci --silent --no-audit --no-fund
	@touch $@
