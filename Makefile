# Everything runs in .venv, which the first target that needs it makes.
PYTHON ?= python3
BIN := .venv/bin
CORE := .venv/.core
DEV := .venv/.dev
BENCH := .venv/.bench
BROWSER := .venv/.browser
# The tests of the sign-off sheet need a Chromium; they are skipped where there is none.
CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c .ci/constraints.txt
# The build backend is held to the constraints too.
export PIP_CONSTRAINT := $(CURDIR)/.ci/constraints.txt

.PHONY: help demo test test-browser lint types contracts docs docs-check bench fuzz wheel clean

help:
	@echo "make demo        check the sample brief (its verdict is FAIL, with reasons)"
	@echo "make test        run all tests, on all cores; those in a browser where there is a Chromium"
	@echo "make test-browser  those in a browser; fails where there is no Chromium"
	@echo "make lint        ruff: style and format"
	@echo "make types       mypy --strict"
	@echo "make contracts   imports run one way (import-linter)"
	@echo "make docs        write the command output that the docs show"
	@echo "make docs-check  fail where the docs show output that is no longer true"
	@echo "make bench       compare speed with check-jsonschema, cel-expr-python and zen-engine"
	@echo "make fuzz        compare columns with single records on random rules and records (PAIRS=1000000)"
	@echo "make wheel       build the wheel into dist/"
	@echo "make clean       remove .venv, dist and caches"

$(CORE): pyproject.toml .ci/constraints.txt
	@PYTHON=$(PYTHON) .ci/venv
	$(INSTALL) -e .
	@touch $@

$(DEV): $(CORE)
	$(INSTALL) -e ".[dev,spark]"
	@touch $@

$(BROWSER): $(DEV)
	$(INSTALL) -e ".[dev,spark,browser]"
	@touch $@

$(BENCH): $(DEV)
	$(INSTALL) -e ".[dev,spark,bench]"
	@touch $@

# The sample brief fails on purpose: exit 1, and a last sentence that says so. A crash of Python
# would be exit 1 too, without the sentence.
demo: $(CORE)
	@$(BIN)/checker --version >/dev/null
	@said="$$($(BIN)/checker check samples/bramble/spring --as-of 2026-03-02)"; code=$$?; \
	printf '%s\n' "$$said"; \
	case "$$code $$said" in \
	"1 "*"(exit 1)"*) ;; \
	*) echo "demo: expected a report that ends with exit 1, got $$code" >&2; exit 1 ;; \
	esac

# Side by side, on all cores; what is slow to start is shared by a group of tests in one process.
test: $(DEV) $(if $(CHROMIUM),$(BROWSER))
	CHROMIUM="$(CHROMIUM)" $(BIN)/python -m pytest -n auto --dist loadgroup

test-browser: $(BROWSER)
	CHROMIUM="$(CHROMIUM)" CHECKER_BROWSER=required $(BIN)/python -m pytest -m browser

lint: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(DEV)
	$(BIN)/mypy

contracts: $(DEV)
	$(BIN)/lint-imports

docs: $(DEV)
	$(BIN)/python -m tests.docs.console --write

docs-check: $(DEV)
	$(BIN)/python -m tests.docs.console

# The roster's length, how many times longer the second one is, and how often each is run; ROSTERS
# names a folder that keeps rosters between runs. From 1 to 10 million: make bench ROWS=1000000
# GROWTH=10; 10 million: make bench ROWS=10000000 GROWTH=1 ROUNDS=1.
bench: ROWS ?= 200000
bench: GROWTH ?= 5
bench: ROUNDS ?= 3
bench: $(BENCH)
	$(BIN)/python -m tests.bench.cold
	@echo
	$(BIN)/python -m tests.bench.one
	@echo
	$(BIN)/python -m tests.bench.packs
	@echo
	$(BIN)/python -m tests.bench.bulk --rows $(ROWS) --growth $(GROWTH) --rounds $(ROUNDS) \
		$(if $(ROSTERS),--folder "$(ROSTERS)")
	@echo
	$(BIN)/python -m tests.bench.plain --rounds $(ROUNDS)
	@echo
	$(BIN)/python -m tests.bench.spark

fuzz: $(DEV)
	$(BIN)/python -m tests.screening.pairs $(or $(PAIRS),1000000)

wheel: $(DEV)
	$(BIN)/python -m build --wheel

clean:
	rm -rf .venv dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
