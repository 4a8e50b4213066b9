"""USPTO applications of 2001-04 (patent-application-publication) become documents."""

from __future__ import annotations

import io
from collections import Counter
from datetime import date
from zipfile import ZipFile

import pytest

from dokhae.parse import recognise
from dokhae.parse.uspto import UsptoPap
from dokhae.types import Defect, Document, Party, Rejected, Role, Source, Text
from tests.shared import shared_data

HEAD = b"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE patent-application-publication SYSTEM "pap-v16-2002-01-01.dtd" [
<!ENTITY US20020012345A1-20020131-D00001.TIF SYSTEM "US20020012345A1-20020131-D00001.TIF" NDATA TIF>
]>
"""

BIBLIO = """<subdoc-bibliographic-information>
<document-id><doc-number>20020012345</doc-number><kind-code>{kind}</kind-code>
 <document-date>{published}</document-date></document-id>
<publication-filing-type>{filed_as}</publication-filing-type>
<domestic-filing-data><application-number><doc-number>09725796</doc-number></application-number>
 <application-number-series-code>09</application-number-series-code><filing-date>20001129</filing-date>
</domestic-filing-data>
<foreign-priority-data><priority-application-number><doc-number>10-2000-0012345</doc-number></priority-application-number>
 <filing-date>19991130</filing-date><country-code>KR</country-code></foreign-priority-data>
<technical-information>
 <classification-ipc><classification-ipc-primary><ipc>B08B003/00</ipc></classification-ipc-primary>
  <classification-ipc-secondary><ipc>H04N005/225</ipc></classification-ipc-secondary>
  <classification-ipc-edition>07</classification-ipc-edition></classification-ipc>
 <classification-us><classification-us-primary><uspc><class>{us_class}</class><subclass>031000</subclass></uspc>
  </classification-us-primary></classification-us>
 <title-of-invention> Lens <highlight><italic>drive</italic></highlight> unit
   </title-of-invention>
</technical-information>
<continuity-data>
 <division-of><parent-child>
  <child><document-id><doc-number>09725796</doc-number><kind-code>A1</kind-code></document-id></child>
  <parent><document-id><doc-number>09375495</doc-number><country-code>US</country-code></document-id></parent>
  <parent-status>GRANTED</parent-status>
  <parent-patent><document-id><doc-number>5938859</doc-number><country-code>US</country-code></document-id></parent-patent>
 </parent-child></division-of>
 <a-371-of-international><parent-child>
  <child><document-id><doc-number>{child}</doc-number></document-id></child>
  <parent><document-id><doc-number>PCT/KR00/05183</doc-number></document-id></parent>
 </parent-child></a-371-of-international>
 <non-provisional-of-provisional><document-id><doc-number>60128037</doc-number>
  <document-date>19990406</document-date><country-code>US</country-code></document-id></non-provisional-of-provisional>
</continuity-data>
<inventors>
 <first-named-inventor><name><given-name>James</given-name><middle-name>A.</middle-name><family-name>Savage</family-name>
  <name-suffix>III</name-suffix></name>
  <residence><residence-us><city>Irvine</city><country-code>US</country-code></residence-us></residence>
 </first-named-inventor>
 <inventor><name><given-name>Min</given-name><family-name>Kim</family-name></name>
  <residence><residence-non-us><city>Seoul</city><country-code>KR</country-code></residence-non-us></residence></inventor>
</inventors>
{assignee}
<correspondence-address><name-1>AGENT LLP</name-1></correspondence-address>
</subdoc-bibliographic-information>"""
ASSIGNEE = "<assignee><organization-name>Lens &amp; Co.</organization-name></assignee>"

BODY = """
<subdoc-abstract><heading lvl="0">Abstract of Disclosure</heading>
 <paragraph id="A-00001">A unit drives a lens.</paragraph>
</subdoc-abstract>
<subdoc-description>
<cross-reference-to-related-applications><heading lvl="0">RELATED APPLICATION DATA</heading>
 <paragraph id="P-00001"><number>&lsqb;0001&rsqb;</number> This is a division.</paragraph>
</cross-reference-to-related-applications>
<background-of-invention><paragraph id="P-00002"><number>&lsqb;0002&rsqb;</number> Lenses shake.</paragraph>
</background-of-invention>
<summary-of-invention><section><heading lvl="1">SUMMARY OF THE INVENTION</heading>
 <paragraph id="P-00003"><number>&lsqb;0003&rsqb;</number> A spring of
 10<highlight><superscript>&minus;6 </superscript></highlight>m holds H<highlight><subscript>2</subscript></highlight>O.
 </paragraph></section></summary-of-invention>
<brief-description-of-drawings><paragraph id="P-00004"><number>&lsqb;0004&rsqb;</number>
 <cross-reference target="DRAWINGS">FIG. 1</cross-reference> shows it.</paragraph></brief-description-of-drawings>
<detailed-description><section><heading lvl="1">Industrial Applicability of the Invention</heading>
 <paragraph id="P-00005"><number>&lsqb;0005&rsqb;</number> See
 <table-cwu id="T1"><number>1</number><table><tgroup cols="2"><tbody><row><entry>lens</entry><entry>5 mm</entry></row>
 </tbody></tgroup></table></table-cwu> above.</paragraph></section></detailed-description>
</subdoc-description>
<subdoc-claims><heading lvl="1">What is claimed is: </heading>{claims}</subdoc-claims>
<subdoc-drawings id="DRAWINGS"><heading lvl="0">Drawings</heading></subdoc-drawings>
"""
CLAIMS = """
<claim id="CLM-00001"><claim-text><highlight><bold>1</bold></highlight>. A unit comprising:
<claim-text>a spring; and </claim-text><claim-text>a lens. </claim-text></claim-text></claim>
<claim id="CLM-00002"><claim-text><highlight><bold>2</bold></highlight>. The unit of \
<dependent-claim-reference depends_on="CLM-00001"><claim-text>claim 1</claim-text></dependent-claim-reference>, \
wherein it is bent.</claim-text></claim>"""


def pap(
    *, kind: str = "A1", published: str = "20020131", filed_as: str = "new-utility", us_class: str = "134",
    child: str = "09725796", assignee: str = ASSIGNEE, claims: str = CLAIMS,
) -> bytes:  # fmt: skip
    biblio = BIBLIO.format(
        kind=kind, published=published, filed_as=filed_as, us_class=us_class, child=child, assignee=assignee
    )
    root = "patent-application-publication"
    return HEAD + f"<{root}>{biblio}{BODY.format(claims=claims)}</{root}>\n".encode()


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
    bare = pap().removeprefix(HEAD)
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
    assert counts == {"documents": 6, "claims": 123, "dependent": 93, "numbered paragraphs": 730, "defects": 0}
