"""A trend study on gazette PDFs, as far as parsing and counting go: every file of the folder is accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest

from dokhae.parse.claims import total_defect
from dokhae.parse.files.units import Unit, find, read
from dokhae.parse.settings import Ocr, ParseSettings, in_force
from dokhae.types import Document, Rejected
from tests.shared import shared_data


@pytest.fixture(scope="module")
def items() -> list[Document | Rejected]:
    """What the 45 files give on a machine without tesseract."""
    with in_force(ParseSettings(ocr=Ocr.off)):
        units = list(find([shared_data() / "patents" / "kr_pdf"]))
        return [item for unit in units for item in (read(unit) if isinstance(unit, Unit) else [unit])]


def documents(items: Sequence[Document | Rejected], format_: str) -> list[Document]:
    return [item for item in items if isinstance(item, Document) and item.source.format == format_]


def test_45_files_are_37_korean_5_japanese_and_3_scans(items: list[Document | Rejected]) -> None:
    told = Counter(item.code if isinstance(item, Rejected) else item.source.format for item in items)
    assert told == {"kr-pdf": 37, "jp-pdf": 5, "no-text-layer": 3}


def test_33_korean_gazettes_are_grants_and_4_are_publications(items: list[Document | Rejected]) -> None:
    kinds = Counter(document.number.kind for document in documents(items, "kr-pdf") if document.number)
    assert kinds == {"B1": 33, "A": 4}


def test_the_35_printed_totals_of_claims_agree(items: list[Document | Rejected]) -> None:
    printed = [document for document in documents(items, "kr-pdf") if document.biblio.printed_claims is not None]
    assert len(printed) == 35
    assert [d.number for d in printed if total_defect(d.biblio.printed_claims, d.texts[0].claims)] == []


def test_a_gazette_is_known_by_each_of_its_numbers(items: list[Document | Rejected]) -> None:
    [trap] = [d for d in documents(items, "kr-pdf") if d.source.path.endswith("KR-10-2013-0094992.pdf")]
    assert sorted((number.role.value, number.digits) for number in trap.numbers) == [
        ("application", "1020120016332"),
        ("grant", "101314187"),
        ("publication", "1020130094992"),
    ]


def test_every_japanese_gazette_has_a_number_claims_and_an_effect(items: list[Document | Rejected]) -> None:
    for document in documents(items, "jp-pdf"):
        kinds = {section.kind.value for section in document.texts[0].sections}
        assert document.number is not None
        assert {"abstract", "claims", "problem", "solution", "effect"} <= kinds
