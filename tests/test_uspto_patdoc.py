"""USPTO grants of 2001-04 (PATDOC) become documents, as the SGML of 2001 and as the XML of 2002-04."""

from __future__ import annotations

import io
from collections import Counter
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest

from dokhae.messages import say
from dokhae.parse import recognise
from dokhae.parse.files import units
from dokhae.parse.files.archives import Limits
from dokhae.parse.uspto.vintages import UsptoPatdoc, UsptoXml
from dokhae.types import Defect, Document, Party, Rejected, Role, SectionKind, Source, Text
from tests.shared import shared_data
from tests.uspto_files import PATDOC_SGML_HEAD, as_of_2002, sgml


def read(data: bytes) -> list[Document | Rejected]:
    return list(UsptoPatdoc().read(io.BytesIO(data), Source("a.sgm")))


def document(data: bytes) -> Document:
    [found] = read(data)
    assert isinstance(found, Document), found
    return found


def rejected(data: bytes) -> Rejected:
    [found] = read(data)
    assert isinstance(found, Rejected), found
    return found


def text(data: bytes) -> Text:
    return document(data).texts[0]


@pytest.mark.parametrize("data", [sgml(), as_of_2002(sgml())], ids=["sgml", "xml"])
def test_the_parser_is_found_by_the_content_of_the_file(data: bytes) -> None:
    found = recognise(data[:8192])
    assert found is not None
    assert found.name == document(data).source.format == "uspto-patdoc"


def test_the_sgml_of_2001_and_the_xml_of_2002_give_the_same_document() -> None:
    old, new = document(sgml()), document(as_of_2002(sgml()))
    assert (old.numbers, old.biblio, old.texts, old.defects) == (new.numbers, new.biblio, new.texts, new.defects)


def test_every_number_has_its_role() -> None:
    found = document(sgml())
    assert found.number is not None
    assert found.number.compact == "US6500001B1"
    assert [(n.role, n.office, n.digits) for n in found.numbers] == [
        (Role.grant, "US", "6500001"),
        (Role.application, "US", "09529968"),
        (Role.publication, "US", "20010108205"),
        (Role.pct, "WO", "JP1998004545"),
        (Role.priority, "JP", "H09290033"),
        (Role.priority, "US", "60256447"),
        (Role.parent, "US", "08123456"),
    ]


def test_bibliographic_data_are_read() -> None:
    biblio = document(sgml()).biblio
    assert biblio.titles == (("en", "Lens drive unit"),)
    assert (biblio.application_date, biblio.publication_date) == (date(2000, 4, 24), date(2001, 8, 15))
    assert (biblio.grant_date, biblio.priority_date) == (date(2001, 1, 2), date(1997, 2, 18))
    assert biblio.applicants == biblio.owners == (Party("Lens & Co.", "US"),)
    assert biblio.inventors == (Party("Min Kim", "KR"),)
    assert biblio.agents == (Party("Agent LLP"),)
    assert biblio.ipc == ("H04N 5/225", "E03C 1/04")
    assert biblio.cites == ("US5825759A", "WO9625012")
    assert biblio.printed_claims == 2


def test_what_has_no_field_of_its_own_is_kept_as_supplied() -> None:
    assert dict(document(sgml()).biblio.supplied) == {
        "us_class": "709202",
        "us_class_further": "709201",
        "term_extension_days": "33",
        "term_disclaimed": "yes",
        "drawing_sheets": "3",
        "figures": "5",
        "parent_patents": "US6123456",
        "parent_date": "1998-04-02",
        "national_phase_date": "20000424",
        "cited_literature": "Kim & Lee, “Lenses”, 1996.",
    }


def test_sections_follow_the_containers_of_the_format_and_its_headings() -> None:
    made = text(sgml())
    assert [(s.kind.value, s.heading, made.quote(s.span)) for s in made.sections] == [
        ("title", "", "Lens drive unit"),
        ("abstract", "", "A unit drives a lens."),
        ("support", "", "This is a continuation."),
        ("background", "BACKGROUND", "Lenses CO1 shake by 10⁻⁶ m at 5 μm."),
        ("drawings", "DETAILED DESCRIPTION OF THE DRAWINGS", "FIG. 1 shows it."),
        ("embodiments", "", "The lens is bent."),
        ("table", "", "lens\t5 mm"),
        ("embodiments", "", "It holds."),
        (
            "claims",
            "What is claimed is:",
            "1. A unit comprising:\na spring; and\na lens.\n2. The unit of claim 1, wherein the spring is bent.",
        ),
    ]


def test_claims_know_what_they_depend_on() -> None:
    assert [(c.number, c.depends_on) for c in text(sgml()).claims] == [(1, ()), (2, (1,))]
    assert document(sgml()).defects == ()


def test_a_claim_without_a_printed_number_takes_the_one_of_its_identifier() -> None:
    claims = '<CLM ID="CLM-00003"><PARA><PTEXT><PDAT>The ornamental design for a lens.</PDAT></PTEXT></PARA></CLM>'
    [claim] = text(sgml(claims=claims, n_claims=1)).claims
    assert claim.number == 3


def test_a_printed_total_that_differs_is_told() -> None:
    assert document(sgml(n_claims=5)).defects == (Defect.of("claim-total-differs", printed=5, found=2),)


def test_a_tool_that_indents_the_file_does_not_tear_or_join_words() -> None:
    pieces = "<PTEXT>\n  <PDAT>Lens\n  </PDAT>\n  <HIL>\n<BOLD>\n<PDAT>1</PDAT>\n</BOLD>\n</HIL>\n  <PDAT>of H</PDAT>\n"
    pieces += "  <HIL><SB><PDAT>2</PDAT></SB></HIL>\n  <PDAT>O is (</PDAT>\n <FGREF>\n<PDAT>FIG. 1</PDAT></FGREF>\n"
    pieces += "  <PDAT>) bent.</PDAT>\n</PTEXT>"
    indented = sgml().replace(b"<PTEXT><PDAT>It holds.</PDAT></PTEXT>", pieces.encode())
    assert "Lens 1 of H2O is (FIG. 1) bent." in text(indented).text


@pytest.mark.parametrize(
    ("number", "kind", "us_class", "compact", "category"),
    [
        ("D0435854", "S", "D14480", "USD435854S", "design"),
        ("D0452599", "S1", "D 1106", "USD452599S1", "design"),
        ("PP012345", "P2", "PLT263", "USPP12345P2", "plant"),
        ("PP012346", "P3", "PLT263", "USPP12346P3", "plant"),
        ("RE037123", "E1", "709202", "USRE37123E1", "invention"),
        ("RE037124", "E1", "D12 92", "USRE37124E1", "design"),
        ("H0002121", "H1", "210610", "USH2121H1", "invention"),
    ],
)
def test_kind_and_category_come_from_the_file(
    number: str, kind: str, us_class: str, compact: str, category: str
) -> None:
    found = document(sgml(number=number, kind=kind, us_class=us_class))
    assert found.number is not None
    assert (found.number.compact, found.category) == (compact, category)


def test_a_week_without_declarations_is_cut_into_its_patents() -> None:
    found = read(sgml() + sgml(number="06500002") + b"\r\n" + sgml(number="06500003"))
    assert [f.number.digits for f in found if isinstance(f, Document) and f.number] == ["6500001", "6500002", "6500003"]
    assert [f.source.item for f in found] == [0, 1, 2]


def test_a_broken_patent_does_not_lose_its_neighbours_and_names_its_line() -> None:
    broken = sgml().replace(b"</SDOBI>", b"")
    first, second, third = read(sgml() + broken + sgml())
    assert isinstance(first, Document)
    assert isinstance(third, Document)
    assert isinstance(second, Rejected)
    assert second.code == "xml-broken"
    assert int(dict(second.values)["line"]) > sgml().count(b"\n")


def test_a_long_week_is_read_in_pieces_that_count_through(tmp_path: Path) -> None:
    week = tmp_path / "week.sgm"
    week.write_bytes(b"".join(sgml(number=f"065{n:05}") for n in range(40)))
    found = list(units.find([week], limits=Limits(range_bytes=20_000)))
    assert len(found) > 3
    documents = [d for unit in found if isinstance(unit, units.Unit) for d in units.read(unit)]
    assert [d.source.item for d in documents] == list(range(40))
    assert [d.number.digits for d in documents if isinstance(d, Document) and d.number] == [
        f"65{n:05}" for n in range(40)
    ]


def test_files_of_several_years_joined_are_read_by_what_each_document_is() -> None:
    later = b'<?xml version="1.0"?><us-patent-grant><us-bibliographic-data-grant/></us-patent-grant>\n'
    formats = [f.source.format for f in UsptoXml().read(io.BytesIO(later + sgml()), Source("all.xml"))]
    assert formats == ["uspto-xml", "uspto-patdoc"]


DELETED = (
    '<CLM ID="CLM-00001"><PARA><PTEXT><PDAT>1. A unit with a <DEL-S DATE="20020129" ID="D1">rigid<DEL-E ID="D1">'
    '<INS-S ID="I1">bent </PDAT><HIL><ITALIC><PDAT>coil</PDAT></ITALIC></HIL>'
    '<PDAT><INS-E ID="I1"> spring.</PDAT></PTEXT></PARA></CLM>'
    '<CLM ID="CLM-00002"><PARA><PTEXT><PDAT><DEL-S ID="D2">2. The unit of </PDAT>'
    '<CLREF ID="CLM-00001"><PDAT>claim 1</PDAT></CLREF><PDAT>.<DEL-E ID="D2"></PDAT></PTEXT></PARA></CLM>'
)


def test_what_a_reissue_deletes_is_no_text_and_an_emptied_claim_is_canceled() -> None:
    found = document(sgml(number="RE037123", kind="E1", claims=DELETED, n_claims=1))
    made = found.texts[0]
    assert [(c.number, made.quote(c.span), c.deleted) for c in made.claims] == [
        (1, "A unit with a bent coil spring.", False),
        (2, "", True),
    ]
    assert found.defects == (Defect.of("deleted-matter-left-out", count=2),)


def test_marks_of_deletion_that_do_not_pair_delete_nothing() -> None:
    found = document(sgml(claims=DELETED.replace('<DEL-E ID="D2">', ""), n_claims=2))
    assert Defect.of("deleted-matter-unclear") in found.defects
    assert "rigid" in found.texts[0].text


def test_a_date_that_does_not_exist_is_left_out_and_told() -> None:
    found = document(sgml(granted="20020231"))
    assert found.biblio.grant_date is None
    [defect] = found.defects
    assert say(defect.code, "en", dict(defect.values)) == (
        "20020231 in the field grant_date is not a date that exists; it was left out."
    )


def test_a_claim_that_depends_on_itself_or_on_a_canceled_one_is_told() -> None:
    claims = (
        '<CLM ID="CLM-00001"><PARA><PTEXT><PDAT>1. (canceled)</PDAT></PTEXT></PARA></CLM>'
        '<CLM ID="CLM-00002"><PARA><PTEXT><PDAT>2. The unit of claim 1, bent.</PDAT></PTEXT></PARA></CLM>'
        '<CLM ID="CLM-00003"><PARA><PTEXT><PDAT>3. The unit of claim 3, flat.</PDAT></PTEXT></PARA></CLM>'
    )
    assert [d.code for d in document(sgml(claims=claims)).defects] == [
        "claim-refers-to-deleted",
        "claim-refers-to-itself",
    ]


def test_a_file_that_is_cut_off_is_rejected_not_half_read() -> None:
    for at in range(len(PATDOC_SGML_HEAD) + 60, len(sgml()) - 12, 997):
        assert rejected(sgml()[:at]).code == "xml-broken"


def test_an_entity_bomb_is_refused() -> None:
    bomb = sgml().replace(b"]>", b'<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">\n]>', 1)
    assert rejected(bomb).code == "xml-entities"


def test_bytes_in_another_encoding_are_read_and_told() -> None:
    western = sgml().replace(b"The lens is bent.", "The Gehäuse für die Größe is bent.".encode("cp1252"))
    found = document(western)
    assert "Gehäuse für die Größe" in found.texts[0].text
    assert [d.code for d in found.defects] == ["encoding-guessed"]


def test_a_patdoc_without_bibliographic_data_is_rejected() -> None:
    assert rejected(b"<PATDOC></PATDOC>").code == "no-bibliographic-data"


def test_designs_and_plants_keep_their_text_for_search() -> None:
    found = document(sgml(number="D0435854", kind="S1"))
    assert found.texts[0].of_kind(SectionKind.drawings)


def test_all_real_files_of_2001_to_2004_are_read() -> None:
    counts: Counter[str] = Counter()
    for archive in ("us_xml.zip", "us_samples.zip", "us_go.zip"):
        with ZipFile(shared_data() / "patents" / archive) as opened:
            for name in opened.namelist():
                data = opened.read(name)
                if not UsptoPatdoc().claims_file(data[:8192]):
                    continue
                for found in read(data):
                    assert isinstance(found, Document), found
                    text = found.texts[0]
                    counts[found.category] += 1
                    counts["claims"] += len(text.claims)
                    counts["dependent"] += sum(bool(claim.depends_on) for claim in text.claims)
                    counts["tables"] += len(text.of_kind(SectionKind.table))
                    counts["defects"] += len(found.defects)
    assert counts == {"design": 113, "invention": 4, "claims": 225, "dependent": 98, "tables": 1, "defects": 0}
