"""Every sentence exists in both languages, and every code used in the source has one."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from dokhae.messages import LANGUAGES, catalogue, say

SOURCE = Path(__file__).parent.parent / "src" / "dokhae"

# Calls whose argument at that position is a code of the catalogue.
_CODE_AT = {
    "InputError": 0,
    "StudyError": 0,
    "StudyBusy": 0,
    "MissingExtra": 0,
    "DokhaeError": 0,
    "Defect": 0,
    "Defect.of": 0,
    "Rejected": 1,
    "Rejected.of": 1,
    "words": 0,
}


def codes_in(path: Path) -> Iterator[tuple[str, int]]:
    """Codes written out in a source file, with their lines."""
    for node in ast.walk(ast.parse(path.read_text("utf8"))):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        position = _CODE_AT.get(called)
        # ``words`` is the speaker of the doors; in other rooms the name means what it says
        is_other = called == "words" and path.parent.name != "apps"
        if position is None or is_other or len(node.args) <= position:
            continue
        argument = node.args[position]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield argument.value, node.lineno


def names_in(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_a_sentence_exists_in_both_languages_with_the_same_placeholders(code: str) -> None:
    sentences = catalogue()[code]
    assert set(sentences) == set(LANGUAGES)
    assert all(sentences[lang].strip() for lang in LANGUAGES)
    assert names_in(sentences["en"]) == names_in(sentences["ko"])


def test_korean_sentences_are_korean() -> None:
    same_in_both = {code for code, s in catalogue().items() if s["en"] == s["ko"]}
    assert {code for code in same_in_both if not code.startswith(("metavar-", "column-"))} == set()


def test_every_code_in_the_source_has_a_sentence() -> None:
    missing = [
        f"{path.relative_to(SOURCE)}:{line} {code}"
        for path in sorted(SOURCE.rglob("*.py"))
        if path.name != "conformance.py"  # makes up codes of its own
        for code, line in codes_in(path)
        if code not in catalogue()
    ]
    assert missing == []


def test_a_code_without_a_sentence_is_shown_with_its_values() -> None:
    assert say("no-such-code", "ko", {"path": "a.pdf"}) == "no-such-code: path=a.pdf"
