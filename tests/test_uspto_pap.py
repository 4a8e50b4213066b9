"""USPTO applications of 2001-04 (patent-application-publication) become documents."""

from __future__ import annotations

import io
from collections import Counter
from datetime import date
from zipfile import ZipFile

import pytest

from dokhae.parse import recognise
from dokhae.parse.uspto.vintages import UsptoPap
from dokhae.types import Defect, Document, Party, Rejected, Role, Source, Text
from tests.shared import shared_data
from tests.uspto_files import PAP_HEAD, pap


def read(data: bytes) -> list[Document | Rejected]:
    return list(UsptoPap().read(io.BytesIO(data), Source("pa.xml")))


def document(data: bytes) -> Document:
    [found] = read(data)
    assert isinstance(found, Document), found
    return found


def text(data: bytes) -> Text:
    return document(data).texts[0]


def test_the_parser_is_found_by_the_content_of_the_file() -> None:
    found = recognise(pap()[:8192])
    assert found is not None
    assert found.name == document(pap()).source.format == "uspto-pap"


def test_every_number_has_its_role() -> None:
    found = document(pap())
    assert found.number is not None
    assert found.number.compact == "US20020012345A1"
    assert [(n.role, n.office, n.digits) for n in found.numbers] == [
        (Role.publication, "US", "20020012345"),
        (Role.application, "US", "09725796"),
        (Role.priority, "KR", "1020000012345"),
        (Role.priority, "US", "60128037"),
        (Role.parent, "US", "09375495"),
        (Role.pct, "WO", "KR2000005183"),
    ]


def test_the_international_application_of_a_parent_is_not_the_own_one() -> None:
    numbers = document(pap(child="08894495")).numbers
    assert [n.digits for n in numbers if n.role is Role.pct] == []
    assert "KR2000005183" in [n.digits for n in numbers if n.role is Role.parent]


def test_bibliographic_data_are_read() -> None:
    biblio = document(pap()).biblio
    assert biblio.titles == (("en", "Lens drive unit"),)
    assert (biblio.application_date, biblio.publication_date) == (date(2000, 11, 29), date(2002, 1, 31))
    assert biblio.priority_date == date(1999, 4, 6)
    assert biblio.inventors == (Party("James A. Savage III", "US"), Party("Min Kim", "KR"))
    assert biblio.applicants == biblio.owners == (Party("Lens & Co."),)
    assert biblio.ipc == ("B08B 3/00", "H04N 5/225")
    assert dict(biblio.supplied) == {
        "us_class": "134/031000",
        "parent_patents": "US5938859",
        "filing_type": "new-utility",
        "correspondence": "AGENT LLP",
    }


def test_without_an_assignee_the_inventors_are_the_applicants() -> None:
    assert [p.name for p in document(pap(assignee="")).biblio.applicants] == ["James A. Savage III", "Min Kim"]


def test_sections_follow_the_containers_of_the_format_and_its_headings() -> None:
    made = text(pap())
    assert [(s.kind.value, s.heading, made.quote(s.span)) for s in made.sections] == [
        ("title", "", "Lens drive unit"),
        ("abstract", "Abstract of Disclosure", "A unit drives a lens."),
        ("support", "RELATED APPLICATION DATA", "This is a division."),
        ("background", "", "Lenses shake."),
        ("solution", "SUMMARY OF THE INVENTION", "A spring of 10⁻⁶ m holds H2O."),
        ("drawings", "", "FIG. 1 shows it."),
        ("industrial", "Industrial Applicability of the Invention", "See"),
        ("table", "", "lens\t5 mm"),
        ("industrial", "", "above."),
        (
            "claims",
            "What is claimed is:",
            "1. A unit comprising:\na spring; and\na lens.\n2. The unit of claim 1, wherein it is bent.",
        ),
    ]


def test_paragraphs_keep_their_printed_numbers() -> None:
    assert [p.label for p in text(pap()).paragraphs if p.label][:4] == ["0001", "0002", "0003", "0004"]


def test_claims_know_what_they_depend_on() -> None:
    assert [(c.number, c.depends_on) for c in text(pap()).claims] == [(1, ()), (2, (1,))]


@pytest.mark.parametrize(
    ("kind", "filed_as", "us_class", "category"),
    [
        ("A1", "new-utility", "134", "invention"),
        ("A2", "new-utility", "134", "invention"),
        ("A9", "corrected", "134", "invention"),
        ("P1", "new-plant", "PLT", "plant"),
        ("P4", "corrected", "PLT", "plant"),
    ],
)
def test_kind_and_category_come_from_the_file(kind: str, filed_as: str, us_class: str, category: str) -> None:
    found = document(pap(kind=kind, filed_as=filed_as, us_class=us_class))
    assert found.number is not None
    assert (found.number.kind, found.category) == (kind, category)


def test_a_date_that_does_not_exist_is_left_out_and_told() -> None:
    found = document(pap(published="20020231"))
    assert found.biblio.publication_date is None
    assert found.defects == (Defect.of("date-unreadable", field="publication_date", written="20020231"),)


def test_documents_one_after_the_other_are_read_one_by_one() -> None:
    bare = pap().removeprefix(PAP_HEAD)
    found = read(pap() + bare + pap())
    assert [type(f).__name__ for f in found] == ["Document"] * 3
    assert [f.source.item for f in found] == [0, 1, 2]


def test_bad_files_are_rejected_with_their_reason() -> None:
    codes = [
        found.code
        for data in (
            pap()[:3000],
            pap()
            .replace(b"<subdoc-bibliographic-information>", b"")
            .replace(b"</subdoc-bibliographic-information>", b""),
            pap().replace(b"]>", b'<!ENTITY a SYSTEM "file:///etc/passwd">]>', 1),
        )
        for found in read(data)
        if isinstance(found, Rejected)
    ]
    assert codes == ["xml-broken", "no-bibliographic-data", "xml-entities"]


def test_all_real_files_are_read() -> None:
    counts: Counter[str] = Counter()
    for archive in ("us_xml.zip", "us_samples.zip", "us_go.zip"):
        with ZipFile(shared_data() / "patents" / archive) as opened:
            for name in opened.namelist():
                data = opened.read(name)
                if UsptoPap().claims_file(data[:8192]):
                    found = document(data)
                    counts["documents"] += 1
                    counts["claims"] += len(found.texts[0].claims)
                    counts["dependent"] += sum(bool(claim.depends_on) for claim in found.texts[0].claims)
                    counts["numbered paragraphs"] += sum(bool(p.label) for p in found.texts[0].paragraphs)
                    counts["defects"] += len(found.defects)
    assert counts == {"documents": 6, "claims": 123, "dependent": 93, "numbered paragraphs": 727, "defects": 0}
