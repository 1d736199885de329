# make demo     the main job and a discovery on a simulated network and a NetBox stand-in, in under three minutes
# make test     everything that must hold before a change lands
# make help     the other targets
#
# Another Python:  make test PYTHON=python3.13 VENV=.venv-3.13

VENV ?= .venv
PYTHON ?=
NAMESPACE := invmon
NAME := network
WALKS ?= ../shared/walks

# make bench: how many devices, how often, and what else is measured (see docs/speed.md)
FARM ?= ../shared/tools/snmp_farm.py
SIZES ?= 60
RUNS ?= 3
OLDER_RUNS ?= 1
OLDER_LARGEST ?= 300
DEVICES ?= 5000
FORKS ?= 0
DEAD ?= 0
V3 ?=
BATCH ?=
KINDS ?=
EXTRA ?=
SCALE ?= 0
ONLY ?=

# make check: what the checkout is compared with
BASE ?= main

# make properties: the tests that try properties
PROPERTIES ?= $(shell grep -rl "^from hypothesis" tests/unit --include=test_*.py)
# make mutants: of which room, how many, and which
ROOM ?= _probes/plan
N ?= 20
SEED ?= 1

# make mib-coverage: folders of MIB texts, a file for every object, and FACTS=1 to write the counts of docs/platforms.md
MIBS ?=
OUT ?=
FACTS ?=

GALAXY_ARGS ?=
VERSION ?=
DRY ?=
UNITS :=
INTEGRATION := tests/integration

BUILD := .build
BIN := $(abspath $(VENV))/bin
# The checkout seen as an installed collection (a link), and as a copy for the tools that refuse links.
LINK := $(BUILD)/collections/ansible_collections/$(NAMESPACE)/$(NAME)
TREE := $(abspath $(BUILD))/tree-$(notdir $(VENV))
COPY := $(TREE)/ansible_collections/$(NAMESPACE)/$(NAME)
export PATH := $(BIN):$(PATH)
export ANSIBLE_COLLECTIONS_PATH := $(abspath $(BUILD))/collections
export ANSIBLE_LOCALHOST_WARNING := False
RUN := $(BIN)/python tests/run.py
PYTEST := $(BIN)/python -m pytest -q -p no:cacheprovider

.DEFAULT_GOAL := help
# Every target is a command; none is a file.
.PHONY: $(shell sed -n 's/^\([a-z-]*\):.*/\1/p' $(MAKEFILE_LIST))

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { \
	    line = sprintf("  make %-14s", $$1); count = split($$2, words, " "); \
	    for (i = 1; i <= count; i++) { \
	      if (length(line) + length(words[i]) > 78) { print line; line = sprintf("%21s", "") } \
	      line = line " " words[i] } \
	    print line }' $(MAKEFILE_LIST)

venv: ## create the virtual environment .venv with everything that the targets need
	@PYTHON="$(PYTHON)" tests/venv.sh $(VENV)
	@mkdir -p $(dir $(LINK)) && ln -sfn ../../../.. $(LINK)

demo: venv ## run the main job in a sandbox: dry run, real run, a replaced optic, a run without changes; and a discovery
	@$(RUN) tests/sandbox/demo.py

demo-trap: venv ## a device reports a replaced optic, and NetBox has it: under a minute
	@$(RUN) tests/sandbox/demo_trap.py

sandbox: venv ## keep the sandbox running and print the commands to try
	@$(RUN) tests/sandbox/sandbox.py run

# ansible-test sanity takes one core for minutes: what is short goes on beside it. Then those that use both cores.
BESIDE_SANITY := lint types docs lint-ansible package galaxy repository walks contract recordings page attacks test-eda
BOTH_CORES := units integration
TOGETHER := $(MAKE) --no-print-directory --jobs=2 --output-sync=target

test: venv ## run everything that must pass before a change lands
	@$(TOGETHER) sanity $(BESIDE_SANITY)
	@$(MAKE) --no-print-directory $(BOTH_CORES)
	@echo "All checks passed$(if $(wildcard $(WALKS)/*.snmprec*),,; SKIPPED: walks, there are no recordings in $(WALKS))."

check: lint types ## the short loop, about a minute (the first time three): lint, types, and the tests of what differs from BASE=main
	@$(RUN) tests/check.py --base $(BASE)

# What depends on Ansible, on Python or on libraries: plugins, SNMP, tasks, batches, delegation, callbacks, statistics.
test-newest: UNITS := $(addprefix tests/unit/plugins/,$(addsuffix /,action filter inventory lookup plugin_utils module_utils/_snmp module_utils/_recordings))
test-newest: INTEGRATION := $(addprefix tests/integration/test_,inventory_playbook.py batch.py delegated.py plan_playbook.py progress_screen.py run_record.py discover_playbook.py reach_playbook.py module_examples.py)
test-newest: venv ## the tests that depend on the version of Ansible or Python: PYTHON=python3.13 VENV=.venv-newest
	@$(TOGETHER) sanity units-ansible UNITS="$(UNITS)"
	@$(MAKE) --no-print-directory integration INTEGRATION="$(INTEGRATION)"
	@echo "All checks passed on ansible-core $$($(BIN)/python -c 'import ansible.release as r; print(r.__version__)')."

lint: venv ## ruff: lint and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: venv ## mypy over plugins and tests
	cd $(BUILD)/collections && $(BIN)/mypy --config-file $(CURDIR)/pyproject.toml $(addprefix -p ansible_collections.$(NAMESPACE).$(NAME).,plugins tests)

matrix: venv ## ask agents by every kind of SNMP user and every backend, three minutes, and write docs/snmp-matrix.md
	@$(RUN) tests/snmp_matrix.py

docs: venv copy ## check changelog fragments, generated pages and the documentation of plugins
	$(BIN)/antsibull-changelog lint
	$(RUN) tests/platforms_page.py --check
	$(RUN) tests/variables_page.py --check
	cd $(COPY) && ANSIBLE_COLLECTIONS_PATH=$(TREE) $(BIN)/antsibull-docs lint-collection-docs --plugin-docs --skip-rstcheck .

docs-site: venv ## build the documentation as a web site in .build/site/html; a dead link fails
	@tests/tools/venv.sh $(BIN)/python site
	@$(BIN)/python tests/site/build.py $(BUILD)/site $(BUILD)/tools/site/bin

# ansible-test refuses a checkout that is not really at ansible_collections/NAMESPACE/NAME.
copy:
	@rm -rf $(COPY) && mkdir -p $(COPY)
	@git ls-files -z --cached --others --exclude-standard --deduplicate | xargs -0 -I{} sh -c 'test -e "$$1" && printf "%s\0" "$$1"' _ {} \
	  | tar --null -T - -cf - | tar -xf - -C $(COPY)
	@cd $(COPY) && git init -q . 2>/dev/null && git add -A

sanity: venv copy ## ansible-test sanity
	@tests/ansible-test.sh $(COPY) $(BIN) sanity --venv

# ansible-test runs each unit test in a process of its own, which takes several times as long: on the newest Ansible only.
units: venv ## unit tests
	$(PYTEST) -n 3 tests/unit

units-ansible: venv copy ## ansible-test units
	@tests/ansible-test.sh $(COPY) $(BIN) units --local $(UNITS)

contract: venv ## check the NetBox stand-in against recorded exchanges, and against a real NetBox if NETBOX_URL and NETBOX_TOKEN are set
	$(PYTEST) -n $(if $(NETBOX_URL),0,2) --dist loadfile tests/contract tests/sandbox/netbox tests/bench

recordings: venv ## compare recordings with their expectations
	$(PYTEST) -n 2 tests/recordings

page: venv ## test the page of the report in a real browser
	@tests/browser.sh
	$(PYTEST) -n 2 tests/page

screenshots: venv ## make the pictures of the page in the documentation
	@tests/browser.sh
	@mkdir -p docs/images
	@$(RUN) tests/page/screenshots.py

integration: venv ## test the sandbox, and the real playbooks in it
	$(PYTEST) -n 3 --dist loadfile tests/sandbox/test_sandbox.py tests/lab $(INTEGRATION)

lab: venv ## test discovery in network namespaces, as root, or they are skipped
	$(PYTEST) -n 2 --dist loadfile tests/lab tests/unit/plugins/module_utils/_scan tests/unit/plugins/module_utils/_tasks/test_netscan.py

test-eda: venv ## test the rulebook with a real ansible-rulebook, half a minute; it needs Java, or it is skipped
	@tests/tools/java.sh
	@tests/tools/venv.sh $(BIN)/python eda
	$(PYTEST) -rs tests/eda

attacks: venv ## attack as a hostile NetBox, device, and local user, with a table of results; short fuzzing
	$(PYTEST) -n 2 --dist loadfile tests/attacks tests/fuzz --attack-table

fuzz: venv ## fuzz all input from outside for some minutes; a part of it: ARGS="-k replies"
	$(PYTEST) -n 2 tests/fuzz --hypothesis-profile=long $(ARGS)

properties: venv ## try the properties of the unit tests with new examples, some minutes: PROPERTIES=tests/unit/...
	$(PYTEST) -n 2 $(PROPERTIES) --hypothesis-profile=default $(ARGS)

mutants: venv ## break N places of a room, one at a time, and list those that no test notices: ROOM=_probes/plan N=20 SEED=1
	@nice $(RUN) tests/mutants.py $(ROOM) --count $(N) --seed $(SEED)

lint-ansible: venv copy ## ansible-lint at production
	cd $(COPY) && ANSIBLE_COLLECTIONS_PATH=$(TREE) $(BIN)/ansible-lint --offline --profile production

galaxy: venv ## check the archive with Galaxy's importer; also with its ansible-lint: GALAXY_ARGS=--lint
	@tests/tools/venv.sh $(BIN)/python galaxy
	@$(BIN)/python tests/galaxy.py $(BUILD)/tools/galaxy/bin/python $(GALAXY_ARGS)

repository: venv ## check licences (REUSE), workflows and repository settings
	@tests/repository.sh $(BIN)/python

package: venv ## build the collection, install it into an empty folder, and run a dry run from there
	@$(RUN) tests/package.py

walks: venv ## measure recall and precision on recordings with known contents: WALKS=folder
	@$(RUN) tests/walks.py $(WALKS)

mib-coverage: venv ## list which serial numbers in a folder of MIBs are read, and what in profiles contradicts them: MIBS=FOLDER OUT=FILE
	@$(RUN) tests/mib_coverage.py $(MIBS) $(if $(OUT),--out $(OUT)) $(if $(FACTS),--facts)

drafts: venv ## draft profiles of all recordings as if no profile knew them: how many are right (RECORDINGS=FOLDER)
	@$(RUN) tests/drafts.py $(RECORDINGS)

faults: venv ## inject faults of NetBox and devices; tables of rows written, lost and written twice
	@$(RUN) tests/faults.py
	@$(RUN) tests/faults_snmp.py

bench: venv ## measure speed, next to the older tool: SIZES="60 300" RUNS=3 BATCH=1 DEAD=10 V3=1 EXTRA="-e ..."
	@$(RUN) tests/bench/bench.py --sizes $(SIZES) --runs $(RUNS) --older-runs $(OLDER_RUNS) --older-largest $(OLDER_LARGEST) \
	  $(if $(KINDS),--kinds $(KINDS)) --forks $(FORKS) --dead $(DEAD) $(if $(V3),--v3) $(if $(BATCH),--batch) --farm "$(FARM)" --walks "$(WALKS)" --extra $(EXTRA)

bench-profile: venv ## measure where seconds and memory go in a large network, against the stand-in of NetBox: DEVICES=5000
	@env -u NETBOX_URL $(MAKE) --no-print-directory bench SIZES=$(DEVICES) RUNS=1 OLDER_RUNS=0 KINDS="first quiet" BATCH=1

bench-compare: venv ## compare two results of the bench: OLD=file NEW=file
	@$(RUN) tests/bench/compare.py $(OLD) $(NEW)

bench-scan: venv ## measure a scan of a /24 and of a /20 in a network of namespaces: time, packets on the wire, memory
	@$(RUN) tests/bench/scan.py

bench-traps: venv ## measure a listener under 2,000 notifications per second for a minute: time, memory, what was not taken
	@$(RUN) tests/bench/traps.py $(ARGS)

load: venv ## test bad input and load, with a table of results; small, or SCALE=1 for 5,000 devices; ONLY="disk memory"
	@$(RUN) tests/bench/load.py --scale $(SCALE) $(if $(BATCH),--batch) $(if $(ONLY),--only $(ONLY))

release: venv ## make a release (version, changelog, checks, commit, tag; no push): VERSION=0.2.0; DRY=1 only shows it
	@$(BIN)/python tests/release.py $(VERSION) $(if $(DRY),--dry-run)

version: venv ## set the version in every file that has it: VERSION=0.3.0
	@$(BIN)/python tests/release.py $(VERSION) --version-only

clean: ## remove what was built (not the sandbox of another user)
	rm -rf $(BUILD) $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
