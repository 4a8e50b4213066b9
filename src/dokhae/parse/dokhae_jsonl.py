"""Our own format: documents as lines of JSON, and back, without loss.

In: a stream of lines ``{"dokhae": "document", "version": 1, …}``.  Out: one ``Document`` a line, equal to the one
``to_json`` was given (``Document.source`` names the file it was read from now; the first source stays in the line).
Every line says what it is, so files can be cut, joined and searched line by line.  A newer version, a broken line or
a line whose offsets do not fit its text is ``Rejected``; the others are read.

The keys are those of types.py.  Shortened for size: a span is [start, end]; dates are ISO strings; a number is
[office, role, digits, kind, written]; a section [kind, lang, start, end, heading]; a paragraph [start, end, label]; a
claim [number, start, end, lang, depends_on, form, category, deleted]; a box [start, end, page, left, bottom, right,
top]; a party [name, country]; a status [name, written, as of, source]; pairs stay lists of two.  Keys whose value is
empty are left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any, BinaryIO

from dokhae.parse.jsonl import LINE_START, Line, lines
from dokhae.types import (
    Biblio,
    Box,
    Claim,
    ClaimCategory,
    ClaimForm,
    Defect,
    Document,
    Number,
    Paragraph,
    Party,
    Rejected,
    Role,
    Section,
    SectionKind,
    Source,
    Span,
    Status,
    Text,
)

VERSION = 1
_DATES = ("application_date", "publication_date", "grant_date", "priority_date")
_PARTIES = ("applicants", "owners", "inventors", "agents")
_LISTS = ("ipc", "cpc", "cites")
_CATEGORIES = frozenset({"invention", "utility_model", "design", "plant"})
_OFFICE = re.compile("[A-Z]{2}")
_DIGITS = re.compile("[0-9A-Z]{1,40}")
_MARK = re.compile(rb'"dokhae"\s*:\s*"document"')


class DokhaeJsonl:
    name = "dokhae-jsonl"
    version = "1"
    cut_at = LINE_START

    def claims_file(self, head: bytes) -> bool:
        return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and _MARK.search(head) is not None

    def read(self, stream: BinaryIO, source: Source) -> Iterator[Document | Rejected]:
        for line in lines(stream, replace(source, format=self.name)):
            yield line if isinstance(line, Rejected) else _document(line)


def to_line(document: Document) -> bytes:
    """One line of the format, with its line end."""
    made = to_json(document)
    try:
        return json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode("utf8") + b"\n"
    except UnicodeEncodeError:  # an unpaired surrogate: only an escape can carry it
        return json.dumps(made, separators=(",", ":")).encode("ascii") + b"\n"


def to_json(document: Document) -> dict[str, Any]:
    """The document as plain JSON values; ``from_json`` gives it back."""
    made = {
        "number": _of_number(document.number) if document.number else None,
        "numbers": [_of_number(number) for number in document.numbers],
        "category": document.category,
        "biblio": _of_biblio(document.biblio),
        "texts": [_of_text(text) for text in document.texts],
        "defects": [[defect.code, [list(pair) for pair in defect.values]] for defect in document.defects],
        "source": [getattr(document.source, key) for key in ("path", "sha256", "member", "item", "format")],
    }
    return {"dokhae": "document", "version": VERSION} | _filled(made)


def from_json(record: dict[str, Any], source: Source | None = None) -> Document:
    """The document ``to_json`` was given.  source: the file it is read from; None keeps the one in the record.

    Raises ValueError, KeyError, TypeError or IndexError where ``record`` is not one that ``to_json`` makes.
    """
    number = _number(record["number"]) if record.get("number") else None
    numbers = tuple(map(_number, record.get("numbers", ())))
    if number is not None and number not in numbers:
        raise ValueError("the number is not among the numbers")
    if record["category"] not in _CATEGORIES:
        raise ValueError(f"no category of patents: {record['category']!r:.40}")
    if not record.get("texts"):
        raise ValueError("a document without a text")
    return Document(
        source=source or Source(*record["source"]),
        number=number,
        numbers=numbers,
        biblio=_biblio(record.get("biblio", {})),
        texts=tuple(map(_text, record.get("texts", ()))),
        defects=tuple(Defect(_str(code), _pairs(values)) for code, values in record.get("defects", ())),
        category=record["category"],
    )


def _document(line: Line) -> Document | Rejected:
    record, source = line.record, line.source
    version = record.get("version")
    if record.get("dokhae") != "document" or not isinstance(version, int):
        return Rejected.of(source, "line-not-a-document", reason='no "dokhae": "document"')
    if version > VERSION:
        return Rejected.of(source, "version-newer", found=version, known=VERSION)
    try:
        made = from_json(record, source)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        reason = f"{type(error).__name__}: {error}"
        return Rejected.of(source, "line-not-a-document", reason=reason[:200])
    return replace(made, defects=made.defects + line.defects) if line.defects else made


# ---- to plain values


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, "", [], {}, False)}


def _of_number(number: Number) -> list[str | None]:
    return [number.office, number.role.value, number.digits, number.kind, number.written]


def _of_biblio(biblio: Biblio) -> dict[str, Any]:
    status = biblio.status
    dates = {key: getattr(biblio, key) for key in _DATES}
    made: dict[str, Any] = {
        "titles": [list(pair) for pair in biblio.titles],
        **{key: day.isoformat() for key, day in dates.items() if day is not None},
        **{key: [[party.name, party.country] for party in getattr(biblio, key)] for key in _PARTIES},
        **{key: list(getattr(biblio, key)) for key in _LISTS},
        "status": status and _of_status(status),
        "statuses": [_of_status(one) for one in biblio.statuses],
        "family_id": biblio.family_id,
        "supplied": [list(pair) for pair in biblio.supplied],
    }
    # 0 claims is a statement, unlike an empty list
    printed = {} if biblio.printed_claims is None else {"printed_claims": biblio.printed_claims}
    return _filled(made) | printed


def _of_status(status: Status) -> list[str | None]:
    plain = [status.name, status.written, None if status.as_of is None else status.as_of.isoformat()]
    return [*plain, status.source] if status.source else plain


def _of_text(text: Text) -> dict[str, Any]:
    return {"text": text.text} | _filled(
        {
            "lang": text.lang,
            "sections": [[s.kind.value, s.lang, s.span.start, s.span.end, s.heading] for s in text.sections],
            "claims": [_of_claim(claim) for claim in text.claims],
            "paragraphs": [[p.span.start, p.span.end, p.label] for p in text.paragraphs],
            "layout": [[b.span.start, b.span.end, b.page, b.left, b.bottom, b.right, b.top] for b in text.layout],
            "parser": text.parser,
            "parser_version": text.parser_version,
            "abstract_is_cut": text.abstract_is_cut,
            "claims_are_partial": text.claims_are_partial,
            "is_ocr": text.is_ocr,
        }
    )


def _of_claim(claim: Claim) -> list[Any]:
    span, depends_on = claim.span, list(claim.depends_on)
    form, category = claim.form.value, claim.category.value
    return [claim.number, span.start, span.end, claim.lang, depends_on, form, category, claim.deleted]


# ---- and back; what does not fit raises


def _str(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"text expected, found {value!r:.40}")
    return value


def _int(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"whole number expected, found {value!r:.40}")
    return value


def _pairs(values: Any) -> tuple[tuple[str, str], ...]:
    return tuple((_str(name), _str(value)) for name, value in values)


def _number(values: list[Any]) -> Number:
    office, role, digits, kind, written = values
    if not (_OFFICE.fullmatch(_str(office)) and _DIGITS.fullmatch(_str(digits))):
        raise ValueError(f"no number of an office: {office!r:.40} {digits!r:.40}")
    return Number(_str(office), Role(role), _str(digits), kind if kind is None else _str(kind), _str(written))


def _day(written: str | None) -> date | None:
    return None if written is None else date.fromisoformat(written)


def _biblio(record: dict[str, Any]) -> Biblio:
    status = record.get("status")
    printed = record.get("printed_claims")
    alike: dict[str, Any] = {key: _day(record.get(key)) for key in _DATES}
    alike |= {key: tuple(Party(_str(n), _str(c)) for n, c in record.get(key, ())) for key in _PARTIES}
    alike |= {key: tuple(map(_str, record.get(key, ()))) for key in _LISTS}
    return Biblio(
        **alike,
        titles=_pairs(record.get("titles", ())),
        status=_status(status) if status else None,
        statuses=tuple(map(_status, record.get("statuses", ()))),
        family_id=_str(record.get("family_id", "")),
        printed_claims=None if printed is None else _int(printed),
        supplied=_pairs(record.get("supplied", ())),
    )


def _status(values: list[Any]) -> Status:
    name, written, as_of, *source = values
    return Status(_str(name), _str(written), _day(as_of), *map(_str, source[:1]))


def _text(record: dict[str, Any]) -> Text:
    whole = _str(record["text"])

    def span(start: Any, end: Any) -> Span:
        if _int(end) > len(whole):
            raise ValueError(f"offset {end} lies outside a text of {len(whole)} characters")
        return Span(_int(start), end)

    def in_order(spans: Iterable[Span]) -> None:
        if any(before.end > after.start for before, after in pairwise(spans)):
            raise ValueError("spans overlap or are not in order")

    made = Text(
        text=whole,
        lang=_str(record.get("lang", "")),
        sections=tuple(
            Section(SectionKind(kind), _str(lang), span(start, end), _str(heading))
            for kind, lang, start, end, heading in record.get("sections", ())
        ),
        claims=tuple(
            Claim(
                _int(number),
                span(start, end),
                _str(lang),
                tuple(sorted(set(map(_int, depends_on)))),
                ClaimForm(form),
                ClaimCategory(category),
                bool(deleted),
            )
            for number, start, end, lang, depends_on, form, category, deleted in record.get("claims", ())
        ),
        paragraphs=tuple(
            Paragraph(span(start, end), _str(label)) for start, end, label in record.get("paragraphs", ())
        ),
        layout=tuple(
            Box(span(start, end), _int(page), *map(float, sides))
            for start, end, page, *sides in record.get("layout", ())
        ),
        parser=_str(record.get("parser", "")),
        parser_version=_str(record.get("parser_version", "")),
        abstract_is_cut=bool(record.get("abstract_is_cut", False)),
        claims_are_partial=bool(record.get("claims_are_partial", False)),
        is_ocr=bool(record.get("is_ocr", False)),
    )
    in_order(section.span for section in made.sections)
    in_order(paragraph.span for paragraph in made.paragraphs)
    in_order(claim.span for claim in made.claims)
    return made
