"""The real exports of the sample data: every row is accounted for, with exact counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from dokhae.parse.files.units import Unit, find, read
from dokhae.types import Document, ReadFrom, Rejected
from tests.shared import shared_data


@cache
def _read(archive: Path, member: str) -> tuple[Document | Rejected, ...]:
    units = [unit for unit in find([archive]) if isinstance(unit, Unit) and member in unit.member]
    return tuple(item for unit in units for item in read(unit))


def _of(archive: str, member: str) -> tuple[list[Document], Counter[str]]:
    items = _read(shared_data() / "patents" / archive, member)
    rejected = Counter(item.code for item in items if isinstance(item, Rejected))
    return [item for item in items if isinstance(item, Document)], rejected


def _filled(documents: Sequence[Document], *fields: str) -> dict[str, int]:
    return {field: sum(bool(getattr(d.biblio, field)) for d in documents) for field in fields}


@pytest.mark.parametrize(
    ("member", "n_documents", "rejected"),
    [
        ("pizza_lens_1000_raw.csv", 2000, {}),  # the csv and the zip beside it
        ("solarcooking.xls", 790, {"record-empty": 3}),  # a row without anything, two research disclosures
        ("ritonavir.csv", 804, {}),
        ("drones_tac_1606_cleaned.csv", 1606, {}),
        ("drones_tac_1606_families.csv", 1606, {}),
        ("synbio.xlsx", 644, {}),
        ("ewaste.xlsx", 8867, {}),
    ],
)
def test_every_row_of_an_export_is_a_document_or_told(member: str, n_documents: int, rejected: dict[str, int]) -> None:
    documents, refused = _of("exports.zip", member)
    assert (len(documents), dict(refused)) == (n_documents, rejected)


@pytest.mark.parametrize(
    ("member", "n_documents"),
    [("1.2013", 2576), ("2.2013", 2514), ("3.2013", 490), ("4.2013", 490), ("5.2013", 490)],
)
def test_every_row_of_ntis_is_a_document(member: str, n_documents: int) -> None:
    documents, refused = _of("kr_ntis_csv.zip", member)
    assert (len(documents), dict(refused)) == (n_documents, {})


def test_days_with_two_digits_of_the_lens_are_read_by_their_column() -> None:
    documents, _ = _of("exports.zip", "drones_tac_1606_families.csv")
    filled = _filled(documents, "application_date", "publication_date", "priority_date")
    assert filled == {"application_date": 1605, "publication_date": 1580, "priority_date": 1606}
    # days at the end of December that the export gives with the year of their week
    assert sum(defect.code == "date-unreadable" for d in documents for defect in d.defects) == 26
    assert all(d.biblio.publication_date is None or d.biblio.publication_date.year > 1900 for d in documents)


def test_columns_under_groups_get_the_names_of_their_groups() -> None:
    documents, _ = _of("exports.zip", "solarcooking.xls")
    names = {name for d in documents for name, _ in d.biblio.supplied}
    assert not any(name.startswith("column ") for name in names)
    assert any(name.endswith("/ Mirror") for name in names)


def test_first_claims_of_derwent_are_some_claims() -> None:
    documents, _ = _of("exports.zip", "synbio.xlsx")
    read_from = Counter(d.texts[0].read_from for d in documents)
    assert read_from == {ReadFrom.abstract_and_some_claims: 619, ReadFrom.abstract: 23, ReadFrom.title: 2}
    # the one cell that numbers its claim and still refers to it
    assert sum(defect.code == "claim-refers-to-itself" for d in documents for defect in d.defects) == 1
