# The commands of this project.  They need Python >= 3.11, bash and make; everything else is put into .venv.
#   make demo    a study of made-up patents, from nothing: search, question, report
#   make test    what continuous integration runs
#   make check   the quick part of it: format, lint, types, import contracts
#   make train   the models of src/dokhae/models/weights from base weights and data (training/README.md); RECIPE=gpu or
#                cpu, DATA="folder of data", TRAINED="where results go"; what is done is not done again
#   make bench   the figures of docs/benchmarks.md, on this machine; FROM="folders of patents", FROM_JSONL="files"

PYTHON ?=
BIN    := .venv/bin
FILES  := demo/files
STUDY  := demo/camera.study

RECIPE  ?= gpu
DATA    ?= ../shared/data
TRAINED ?= trained/$(RECIPE)

.PHONY: demo test check bench train clean

# The stamp is newer than pyproject.toml once everything is installed: a second run installs nothing.
.venv/.installed: pyproject.toml
	PYTHON="$(PYTHON)" .ci/setup

demo: .venv/.installed
	rm -rf demo
	$(BIN)/dokhae sample --count 60 --seed 7 --out $(FILES)
	$(BIN)/dokhae analyze $(FILES)/patents -o $(STUDY)
	@echo
	$(BIN)/dokhae search $(STUDY) "lens" --limit 5
	@echo
	$(BIN)/dokhae search $(STUDY) "렌즈" --limit 5
	@echo
	$(BIN)/dokhae ask $(STUDY) "How is the lens kept from inclining during focusing?" --limit 3
	@echo
	$(BIN)/dokhae ask $(STUDY) "역광에서 선명한 화상을 얻는 방법은?" --limit 3
	@echo
	$(BIN)/dokhae show $(STUDY) KR103240001B1
	@echo
	@echo "The report: $(CURDIR)/$(STUDY)/report/index.html"

test: .venv/.installed
	.ci/run

check: .venv/.installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/.installed
	$(BIN)/python benchmarks/reading.py
	$(BIN)/python benchmarks/throughput.py $(FROM)
	$(BIN)/python benchmarks/add.py $(FROM)
	$(BIN)/python benchmarks/search.py $(if $(FROM_JSONL),--from $(FROM_JSONL))

# PyTorch and what goes with it: an environment of its own, five times the size of the product's.
.venv-train/.installed: training/requirements.txt pyproject.toml
	$(or $(PYTHON),python3) -m venv .venv-train
	.venv-train/bin/python -m pip install --quiet --disable-pip-version-check -r training/requirements.txt --editable .
	touch $@

train: .venv-train/.installed
	.venv-train/bin/python -m training.pipeline --data "$(DATA)" --out "$(TRAINED)" --recipe $(RECIPE)

clean:
	rm -rf demo .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist
