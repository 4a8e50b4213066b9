"""The documentation says what the program does: commands, options, settings, errors, public names, examples."""

from __future__ import annotations

import ast
import importlib
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import dokhae
from dokhae.apps.cli import build, main
from dokhae.config import names
from dokhae.messages import LANGUAGES, catalogue
from dokhae.parse.dokhae_jsonl import from_json
from dokhae.search.query import canonical, parse
from dokhae.types import Source

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"

# Sentences that are no errors, by the beginning of their code: helps, options, heads of tables, closing lines.
_NO_ERRORS = (
    *(
        "help-",
        "word-",
        "short-",
        "option-",
        "metavar-",
        "column-",
        "said-",
        "step-",
        "example-",
        "wrong-",
        "wanted-",
        "reason-",
    ),
    *("progress", "usage", "options", "commands", "see-help", "did-you-mean"),
)


def walk(group: click.Group, path: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command by its path, those of groups too: ``models evaluate reader``."""
    for name, command in group.commands.items():
        yield path + name, command
        if isinstance(command, click.Group):
            yield from walk(command, f"{path}{name} ")


COMMANDS = list(walk(build("en")))


def read(name: str) -> str:
    return (ROOT / name).read_text("utf8")


@pytest.mark.parametrize(("name", "command"), COMMANDS)
def test_every_command_and_each_of_its_options_stands_in_the_documentation(name: str, command: click.Command) -> None:
    page = read("docs/cli.md")
    found = re.search(rf"^### {name}\n(.*?)(?=^##|\Z)", page, re.MULTILINE | re.DOTALL)
    assert found, f"docs/cli.md has no section on {name}"
    alike = page[page.index("## Options that are alike") : page.index("## Making a study")]
    missing = [
        written
        for option in command.params
        if isinstance(option, click.Option)
        for written in option.opts
        if f"{written}`" not in found[1] + alike
        and f"{written} " not in found[1] + alike
        and f"{written}]" not in found[1]
    ]
    assert missing == []


def test_every_command_of_the_documentation_exists() -> None:
    assert set(re.findall(r"^### ([\w ]+)$", read("docs/cli.md"), re.MULTILINE)) == {name for name, _ in COMMANDS}


@pytest.mark.parametrize("name", [*names()])
def test_every_setting_stands_in_the_documentation(name: str) -> None:
    assert f"| `{name}` |" in read("docs/cli.md")


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_every_help_has_an_example(lang: str) -> None:
    without = [name for name, command in walk(build(lang)) if f"\n  dokhae {name}" not in str(command.help)]
    assert without == []


def test_error_codes_are_the_headings_of_the_page_on_errors() -> None:
    codes = {code for code in catalogue() if not code.startswith(_NO_ERRORS)}
    headings = re.findall(r"^## (\S+)$", read("docs/errors.md"), re.MULTILINE)
    assert sorted(headings) == sorted(codes)


def test_the_page_on_errors_quotes_the_messages_as_they_are() -> None:
    page = read("docs/errors.md")
    differing = [
        code
        for code in re.findall(r"^## (\S+)$", page, re.MULTILINE)
        for lang in LANGUAGES
        if code in catalogue() and f"> {catalogue()[code][lang].splitlines()[0]}\n" not in page
    ]
    assert differing == []


def test_public_names_are_documented_and_exist() -> None:
    page = read("docs/architecture.md")
    assert [name for name in dokhae.__all__ if f"`{name}`" not in page] == []
    assert all(hasattr(dokhae, name) for name in dokhae.__all__)
    study = importlib.import_module("dokhae.study")
    methods = [name for name in vars(study.Study) if not name.startswith("_")]
    assert [name for name in methods if f"`{name}" not in page] == []


@pytest.mark.parametrize("page", ["README.md", "README.ko.md", *(f"docs/{p.name}" for p in sorted(DOCS.glob("*.md")))])
def test_links_of_a_page_lead_somewhere(page: str) -> None:
    here = (ROOT / page).parent
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", read(page))
    missing = [target for target in targets if "://" not in target and not (here / target).exists()]
    assert missing == []


def test_importing_dokhae_loads_none_of_its_parts() -> None:
    heavy = ("lxml", "tantivy", "click", "sqlite3", "pypdfium2", "onnxruntime", "tokenizers", "numpy")
    code = f"import sys, dokhae; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("page", ["README.md", "README.ko.md"])
def test_the_commands_of_the_readme_do_what_it_says(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    block = re.search(r"<!-- run -->\n```sh\n(.*?)```", read(page), re.DOTALL)
    assert block
    monkeypatch.chdir(tmp_path)
    for line in block[1].splitlines():
        program, *argv = shlex.split(line)
        assert (program, main(argv)) == ("dokhae", 0), capsys.readouterr().err
    said = capsys.readouterr().out
    assert "“" in said


def test_the_example_stands_in_the_readme_word_for_word() -> None:
    example = read("examples/first_answer.py")
    assert f"```python\n{example}```" in read("README.md")
    assert f"```python\n{example}```" in read("README.ko.md")
    ast.parse(example)


def test_the_example_prints_an_answer_with_its_quote() -> None:
    example = ROOT / "examples" / "first_answer.py"
    done = subprocess.run([sys.executable, str(example)], capture_output=True, text=True, encoding="utf8", check=True)
    assert re.search(r"“.{10,}”", done.stdout)


def test_the_documented_line_of_json_is_read_as_documented() -> None:
    line = re.search(r"```json\n(.*?)```", read("docs/formats.md"), re.DOTALL)
    assert line
    text = from_json(json.loads(line[1]), Source("lens.jsonl")).texts[0]
    assert [text.quote(section.span) for section in text.sections] == [
        "A lens actuator is disclosed.",
        "1. A lens actuator comprising a coil.",
    ]
    assert [text.quote(claim.span) for claim in text.claims] == ["A lens actuator comprising a coil."]


def test_every_example_of_the_query_language_is_read_as_documented() -> None:
    rows = re.findall(r"^\| `(.+?)` \| `(.+?)` \|", read("docs/query.md"), re.MULTILINE)
    assert len(rows) > 10
    assert [canonical(parse(written).tree) for written, _ in rows] == [understood for _, understood in rows]
