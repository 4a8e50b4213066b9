"""What must hold of whatever a parser yields, however broken its input: the first thing that does not, or "".

In: what a parser yielded.  Out: a sentence for people who mend parsers.  Spans lie in the text, in order, apart; every
code has a sentence and the values it needs; strings can be stored; a document can be packed for the store.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from dokhae.library.packing import Packed, pack
from dokhae.library.plain import to_plain
from dokhae.messages import catalogue
from dokhae.parse import PARSERS
from dokhae.types import Defect, Document, Rejected, Span, Text

_MAX_VALUE_CHARS = 1000


def fault_of(item: Any) -> str:
    """The first thing that is wrong with ``item``, "" where nothing is."""
    if isinstance(item, Rejected):
        return next(_faults_of_code(item), "") or ("" if item.stage in {"find", "parse"} else f"stage {item.stage!r}")
    if not isinstance(item, Document):
        return f"a {type(item).__name__} was yielded"
    return next(_faults_of_document(item), "")


def _faults_of_document(document: Document) -> Iterator[str]:
    for text in document.texts:
        yield from _faults_of_text(text)
    # a line of our own format may hold a defect of a version that knew more of them
    for defect in document.defects if document.source.format != "dokhae-jsonl" else ():
        yield from _faults_of_code(defect)
    for number in (*document.numbers, *([document.number] if document.number else [])):
        if not number.digits or len(number.office) != 2:
            yield f"number {number!r}"
    if document.number is not None and document.number not in document.numbers:
        yield f"number {document.number!r} is not among its numbers"
    if document.category not in {"invention", "utility_model", "design", "plant"}:
        yield f"category {document.category!r}"
    for written in _strings(to_plain(document.biblio)):
        if "\0" in written:
            yield f"NUL in {written[:80]!r}"
    if not isinstance(pack(document), Packed | Rejected):
        yield "cannot be packed"


def _faults_of_text(text: Text) -> Iterator[str]:
    try:
        text.text.encode("utf-8")
    except UnicodeEncodeError as error:
        yield f"text: {error}"
    whole = Span(0, len(text.text))
    yield from _faults_of_order("section", [s.span for s in text.sections], whole)
    yield from _faults_of_order("paragraph", [p.span for p in text.paragraphs], whole)
    yield from _faults_of_order("claim", [c.span for c in text.claims], whole)
    for box in text.layout:
        if not whole.covers(box.span):
            yield f"box {box} outside a text of {len(whole)}"
    # a line of our own format may come from anybody; what our parsers make is trimmed
    for section in text.sections if text.parser in PARSERS else ():
        if text.quote(section.span) != text.quote(section.span).strip("\n"):
            yield f"section {section} begins or ends with a line end"
    for claim in text.claims:
        if list(claim.depends_on) != sorted(set(claim.depends_on)):
            yield f"claim {claim.number} depends on {claim.depends_on}"
        if claim.deleted and claim.span:
            yield f"claim {claim.number} is deleted and has words"


def _faults_of_order(name: str, spans: Sequence[Span], whole: Span) -> Iterator[str]:
    before = 0
    for span in spans:
        if not whole.covers(span):
            yield f"{name} {span} outside a text of {len(whole)}"
        if span.start < before:
            yield f"{name} {span} begins before the one before it ends ({before})"
        before = span.end


def _faults_of_code(item: Rejected | Defect) -> Iterator[str]:
    sentences = catalogue().get(item.code)
    if sentences is None:
        yield f"code {item.code!r} has no sentence"
        return
    missing = _placeholders(sentences["en"]) - {name for name, _ in item.values}
    if missing:
        yield f"{item.code} lacks {sorted(missing)}"
    for name, value in item.values:
        if len(value) > _MAX_VALUE_CHARS:
            yield f"{item.code}: {name} has {len(value)} characters"


@cache
def _placeholders(sentence: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


def _strings(plain: Any) -> Iterator[str]:
    if isinstance(plain, str):
        yield plain
    elif isinstance(plain, dict):
        yield from _strings_of(plain.values())
    elif isinstance(plain, list):
        yield from _strings_of(plain)


def _strings_of(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        yield from _strings(value)
