"""US texts, one JSON object a line: the misleading names of their fields are read as what they hold."""

from __future__ import annotations

import gzip
import io
import json
from datetime import date

from dokhae.parse.files.units import Unit, find, read
from dokhae.parse.uspto.plain_json import UsText
from dokhae.types import Document, ReadFrom, Rejected, Role, SectionKind, Source
from tests.shared import shared_data

RECORD = {
    "title": "Lens actuator",
    "abstract": "A lens actuator is disclosed.",
    "owner": "Example Inc.",
    "owner_country": "US",
    "number": "08830831",
    "publication_date": "20100104",
    "description_head": "Lenses shake.\r\n\r\nBRIEF SUMMARY\r\n\r\nA coil helps.",
    "description_chars": 5000,
}


def _items(*records: object) -> list[Document | Rejected]:
    data = "".join(json.dumps(record) + "\n" for record in records).encode()
    return list(UsText().read(io.BytesIO(data), Source("a.jsonl")))


def _one(**changes: object) -> Document:
    (document,) = _items(RECORD | changes)
    assert isinstance(document, Document)
    return document


def test_the_number_is_a_grant_and_the_publication_date_is_the_filing_date() -> None:
    document = _one()
    assert document.number is not None
    assert (document.number.role, document.number.digits) == (Role.grant, "8830831")
    assert document.biblio.application_date == date(2010, 1, 4)
    assert document.biblio.publication_date is None


def test_the_description_is_one_section_unless_a_line_is_a_heading() -> None:
    (text,) = _one().texts
    assert [(s.kind, text.quote(s.span)) for s in text.sections] == [
        (SectionKind.title, "Lens actuator"),
        (SectionKind.abstract, "A lens actuator is disclosed."),
        (SectionKind.other, "Lenses shake."),
        (SectionKind.solution, "A coil helps."),
    ]
    assert text.claims == ()


def test_a_description_cut_short_says_so() -> None:
    assert [d.code for d in _one().defects] == ["description-cut"]
    assert _one(description="All of it.").defects == ()


def test_designs_and_records_without_anything_are_told_apart() -> None:
    assert _one(number="D0785495").category == "design"
    (item,) = _items({"title": "", "abstract": "", "number": ""})
    assert isinstance(item, Rejected)
    assert item.code == "record-empty"


def test_a_long_first_line_is_recognised() -> None:
    line = json.dumps({**RECORD, "description": "x" * 20_000}).encode()
    assert UsText().claims_file(line[:8192])


def test_json_laid_out_for_reading_is_another_format() -> None:
    assert not UsText().claims_file(json.dumps(RECORD, indent=2).encode())


def test_whole_descriptions_of_the_sample_are_read_to_the_last_line() -> None:
    path = shared_data() / "patents" / "us_text" / "patents-2016.full.jsonl.gz"
    (unit,) = find([path])
    assert isinstance(unit, Unit)
    with gzip.open(path) as lines:
        n_lines = sum(1 for _ in lines)
    documents = [item for item in read(unit) if isinstance(item, Document)]
    assert len(documents) == n_lines == 721
    assert sum(d.texts[0].read_from is ReadFrom.full_text for d in documents) == 714
    assert {n.role for d in documents for n in d.numbers} == {Role.grant}
