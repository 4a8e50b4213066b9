"""Texts, records, answers and quantities <-> the bytes that lie in the database.

In: values of types.py.  Out: zstd-compressed bytes, and back, equal to what went in.  A text is kept in two pieces,
its words and the structure over them; the structure of a long PDF is written as rows of numbers, for speed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import zstandard

from dokhae.library.identity import Record
from dokhae.library.plain import of_bytes, to_bytes
from dokhae.types import (
    Answer,
    Box,
    Claim,
    ClaimCategory,
    ClaimForm,
    Paragraph,
    Quantity,
    Section,
    SectionKind,
    Span,
    Text,
)

_LEVEL = 3


def pack_text(text: Text) -> tuple[bytes, bytes]:
    """(words, structure) of a text."""
    structure = {
        "lang": text.lang,
        "parser": text.parser,
        "version": text.parser_version,
        "cut": text.abstract_is_cut,
        "partial": text.claims_are_partial,
        "ocr": text.is_ocr,
        "sections": [[s.kind, s.lang, s.span.start, s.span.end, s.heading] for s in text.sections],
        "claims": [
            [c.number, c.span.start, c.span.end, c.lang, c.depends_on, c.form, c.category, c.deleted]
            for c in text.claims
        ],
        "paragraphs": [[p.span.start, p.span.end, p.label] for p in text.paragraphs],
        "layout": [[b.span.start, b.span.end, b.page, b.left, b.bottom, b.right, b.top] for b in text.layout],
    }
    words = text.text.encode("utf8", "surrogatepass")
    return _squeezed(words), _squeezed(json.dumps(structure, separators=(",", ":")).encode("utf8"))


def unpack_text(words: bytes, structure: bytes) -> Text:
    s: dict[str, Any] = json.loads(zstandard.decompress(structure))
    return Text(
        text=zstandard.decompress(words).decode("utf8", "surrogatepass"),
        lang=s["lang"],
        sections=tuple(
            Section(SectionKind(kind), lang, Span(start, end), heading)
            for kind, lang, start, end, heading in s["sections"]
        ),
        claims=tuple(_claim(row) for row in s["claims"]),
        paragraphs=tuple(Paragraph(Span(start, end), label) for start, end, label in s["paragraphs"]),
        layout=tuple(Box(Span(start, end), *place) for start, end, *place in s["layout"]),
        parser=s["parser"],
        parser_version=s["version"],
        abstract_is_cut=s["cut"],
        claims_are_partial=s.get("partial", False),  # studies of older versions know none
        is_ocr=s.get("ocr", False),
    )


def _claim(row: list[Any]) -> Claim:
    number, start, end, lang, depends_on, form, category, deleted = row
    return Claim(
        number, Span(start, end), lang, tuple(depends_on), ClaimForm(form), ClaimCategory(category), deleted=deleted
    )


def pack_record(record: Record) -> bytes:
    return _squeezed(to_bytes(record))


def unpack_record(data: bytes) -> Record:
    record: Record = of_bytes(Record, zstandard.decompress(data))
    return record


def pack_answers(answers: Sequence[Answer]) -> bytes:
    return _squeezed(to_bytes(tuple(answers)))


def unpack_answers(data: bytes) -> tuple[Answer, ...]:
    answers: tuple[Answer, ...] = of_bytes(tuple[Answer, ...], zstandard.decompress(data))
    return answers


def pack_quantities(quantities: Sequence[Quantity]) -> bytes:
    return _squeezed(to_bytes(tuple(quantities)))


def unpack_quantities(data: bytes) -> tuple[Quantity, ...]:
    quantities: tuple[Quantity, ...] = of_bytes(tuple[Quantity, ...], zstandard.decompress(data))
    return quantities


def _squeezed(data: bytes) -> bytes:
    return zstandard.compress(data, _LEVEL)
