# The commands of this project.  They need Python >= 3.11, bash and make; everything else is put into .venv.
#   make demo    a study of made-up patents, from nothing: search, question, report
#   make test    what continuous integration runs
#   make check   the quick part of it: format, lint, types, import contracts
#   make bench   the figures of docs/benchmarks.md, on this machine

PYTHON ?=
BIN    := .venv/bin
FILES  := demo/files
STUDY  := demo/camera.study

.PHONY: demo test check bench clean

# The stamp is newer than pyproject.toml once everything is installed: a second run installs nothing.
.venv/.installed: pyproject.toml
	PYTHON="$(PYTHON)" .ci/setup

demo: .venv/.installed
	rm -rf demo
	$(BIN)/dokhae sample --count 60 --seed 7 --out $(FILES)
	$(BIN)/dokhae analyze $(FILES) -o $(STUDY)
	@echo
	$(BIN)/dokhae search $(STUDY) "lens" --limit 5
	@echo
	$(BIN)/dokhae search $(STUDY) "렌즈" --limit 5
	@echo
	$(BIN)/dokhae ask $(STUDY) "What problem does the lens driving device solve?" --limit 3
	@echo
	$(BIN)/dokhae ask $(STUDY) "렌즈 구동 장치가 해결하려는 과제는?" --limit 3
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
	$(BIN)/python -m benchmarks

clean:
	rm -rf demo .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist
