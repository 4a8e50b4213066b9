"""USPTO XML becomes documents: sections by heading, claims, numbers of every role; nothing else counts as a patent."""

from __future__ import annotations

import io
from collections import Counter
from datetime import date
from html import escape
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokhae.messages import say
from dokhae.parse import recognise
from dokhae.parse.uspto_xml import UsptoXml
from dokhae.types import Defect, Document, Party, Rejected, Role, SectionKind, Source, Text
from tests.shared import shared_data

BIBLIO = """
<us-bibliographic-data-grant>
<publication-reference><document-id><country>US</country><doc-number>09876543</doc-number><kind>B2</kind>
 <date>20180123</date></document-id></publication-reference>
<application-reference appl-type="{kind}"><document-id><country>US</country><doc-number>09703574</doc-number>
 <date>20150611</date></document-id></application-reference>
<priority-claims><priority-claim sequence="01" kind="national"><country>KR</country>
 <doc-number>10-2014-0072254</doc-number><date>20140613</date></priority-claim></priority-claims>
<us-term-of-grant><us-term-extension>33</us-term-extension></us-term-of-grant>
<classifications-ipcr>
 <classification-ipcr><section>G</section><class>03</class><subclass>B</subclass><main-group>13</main-group>
  <subgroup>36</subgroup><symbol-position>L</symbol-position></classification-ipcr>
 <classification-ipcr><section>H</section><class>04</class><subclass>N</subclass><main-group>5</main-group>
  <subgroup>225</subgroup><symbol-position>F</symbol-position></classification-ipcr>
</classifications-ipcr>
<invention-title>Lens <i>drive</i> unit</invention-title>
<us-references-cited><us-citation><patcit><document-id><country>US</country><doc-number>6123456</doc-number>
 <kind>A</kind></document-id></patcit></us-citation></us-references-cited>
<number-of-claims>{claims}</number-of-claims>
<us-related-documents>
 <continuation><relation><parent-doc><document-id><country>US</country><doc-number>13111222</doc-number>
  </document-id></parent-doc></relation></continuation>
 <us-provisional-application><document-id><country>US</country><doc-number>61433841</doc-number>
  <date>20140101</date></document-id></us-provisional-application>
 <related-publication><document-id><country>US</country><doc-number>20160012345</doc-number><kind>A1</kind>
  <date>20160114</date></document-id></related-publication>
</us-related-documents>
<us-parties>
 <us-applicants><us-applicant app-type="applicant"><addressbook><last-name>Kim</last-name><first-name>Min</first-name>
  <address><country>KR</country></address></addressbook></us-applicant></us-applicants>
 <inventors><inventor><addressbook><last-name>Kim</last-name><first-name>Min</first-name>
  <address><country>KR</country></address></addressbook></inventor></inventors>
</us-parties>
<assignees><assignee><addressbook><orgname>Lens Co., Ltd.</orgname><address><country>KR</country></address>
 </addressbook></assignee></assignees>
<pct-or-regional-filing-data><document-id><country>WO</country><doc-number>PCT/KR2015/005901</doc-number>
 <date>20150611</date></document-id></pct-or-regional-filing-data>
</us-bibliographic-data-grant>"""

DESCRIPTION = """
<?RELAPP description="Other Patent Relations" end="lead"?>
<p id="p-0002" num="0001">This claims priority.</p>
<?RELAPP description="Other Patent Relations" end="tail"?>
<?BRFSUM description="Brief Summary" end="lead"?>
<p num="0002">Lenses shake.</p>
<heading id="h-1" level="1">SUMMARY</heading>
<p num="0003">A spring of 10<sup>&#x2212;6</sup> m holds H<sub>2</sub>O.</p>
<?BRFSUM description="Brief Summary" end="tail"?>
<description-of-drawings><p num="0004"><figref>FIG. 1</figref> shows it.</p></description-of-drawings>
<?DETDESC description="Detailed Description" end="lead"?>
<heading id="h-2" level="1">DETAILED DESCRIPTION</heading>
<p num="0005">See <tables id="t"><table><tgroup><thead><row><entry>TABLE 1</entry></row></thead><tbody>
<row><entry>lens</entry><entry/><entry>5 mm</entry></row></tbody></tgroup></table></tables> above.</p>
<heading id="h-3" level="2">Frame</heading>
<p num="0006">It is bent.<ul><li>first</li><li>second</li></ul></p>
<heading id="h-4" level="2">Effect of pH on bending</heading>
<p num="0007">None.</p>
"""
CLAIMS = """
<claim id="CLM-00001" num="00001"><claim-text>1. A lens drive unit comprising:
<claim-text>a spring; and</claim-text> <claim-text>a lens.</claim-text></claim-text></claim>
<claim id="CLM-00002" num="00002"><claim-text>2. The unit of <claim-ref idref="CLM-00001">claim 1</claim-ref>,
 wherein the spring is bent.</claim-text></claim>"""


def grant(*, claims: str = CLAIMS, description: str = DESCRIPTION, kind: str = "utility", n_claims: int = 2) -> bytes:
    document = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<!DOCTYPE us-patent-grant SYSTEM "us-patent-grant-v45-2014-04-03.dtd" [ ]>\n<us-patent-grant lang="EN">'
        + BIBLIO.format(kind=kind, claims=n_claims)
        + '<abstract id="abstract"><p num="0000">A unit drives a lens.</p></abstract>'
        + f'<description id="description">{description}</description>'
        + f'<us-claim-statement>What is claimed is:</us-claim-statement><claims id="claims">{claims}</claims>'
        + "</us-patent-grant>\n"
    )
    return document.encode()


def read(data: bytes) -> list[Document | Rejected]:
    return list(UsptoXml().read(io.BytesIO(data), Source("a.xml")))


def document(data: bytes) -> Document:
    [found] = read(data)
    assert isinstance(found, Document), found
    return found


def text(data: bytes) -> Text:
    return document(data).texts[0]


def test_the_parser_is_found_by_the_content_of_the_file() -> None:
    found = recognise(grant()[:8192])
    assert found is not None
    assert found.name == "uspto-xml"


def test_sections_follow_the_headings_and_where_none_stands_the_format() -> None:
    made = text(grant())
    assert [(s.kind.value, s.heading) for s in made.sections] == [
        ("title", ""),
        ("abstract", ""),
        ("support", ""),
        ("background", ""),
        ("solution", "SUMMARY"),
        ("drawings", ""),
        ("embodiments", "DETAILED DESCRIPTION"),
        ("table", ""),
        ("embodiments", ""),
        ("embodiments", "Frame"),
        ("embodiments", "Effect of pH on bending"),
        ("claims", "What is claimed is:"),
    ]


def test_raised_figures_stay_raised_and_lowered_ones_plain() -> None:
    [solution] = text(grant()).of_kind(SectionKind.solution)
    assert text(grant()).quote(solution.span) == "A spring of 10⁻⁶ m holds H2O."


def test_a_table_is_a_section_of_rows_and_cells() -> None:
    made = text(grant())
    assert [made.quote(s.span) for s in made.of_kind(SectionKind.table)] == ["TABLE 1\nlens\t\t5 mm"]


def test_paragraphs_keep_their_printed_numbers() -> None:
    made = text(grant())
    by_label = {p.label: made.quote(p.span) for p in made.paragraphs}
    assert by_label["0002"] == "Lenses shake."
    assert by_label["0006"] == "It is bent.\nfirst\nsecond"


def test_a_formula_reads_on_one_line() -> None:
    maths = (
        "<maths><math><mrow><mi>f</mi><mo>=</mo><mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow>"
        "<msup><mi>c</mi><mn>2</mn></msup></mfrac></mrow></math></maths>"
    )
    made = text(grant(description=f"<p>It is{maths}here.</p>"))
    assert "It is\nf = (a + b)/c²\nhere." in made.text


def test_claims_stand_without_their_number_and_step_by_step() -> None:
    made = text(grant())
    assert [made.quote(c.span) for c in made.claims] == [
        "A lens drive unit comprising:\na spring; and\na lens.",
        "The unit of claim 1, wherein the spring is bent.",
    ]
    assert [c.depends_on for c in made.claims] == [(), (1,)]


def test_canceled_claims_keep_their_numbers() -> None:
    claims = (
        '<claim num="01-02"><claim-text>1-2. (canceled)</claim-text></claim>'
        '<claim num="3"><claim-text>3. A lens.</claim-text></claim>'
        '<claim num="4"><claim-text><b>4</b>. (Cancelled)</claim-text></claim>'
    )
    found = document(grant(claims=claims, n_claims=1))
    assert [(c.number, c.deleted) for c in found.texts[0].claims] == [(1, True), (2, True), (3, False), (4, True)]
    assert found.defects == ()


def test_a_printed_total_that_differs_is_told() -> None:
    found = document(grant(n_claims=3))
    assert found.defects == (Defect.of("claim-total-differs", printed=3, found=2),)
    assert say(found.defects[0].code, "en", dict(found.defects[0].values)) == (
        "The front page prints 3 claims, 2 were found. Check the claims before relying on them."
    )


def test_every_number_has_its_role() -> None:
    found = document(grant())
    assert found.number is not None
    assert found.number.compact == "US9876543B2"
    assert [(n.role, n.office, n.digits) for n in found.numbers] == [
        (Role.grant, "US", "9876543"),
        (Role.application, "US", "09703574"),
        (Role.publication, "US", "20160012345"),
        (Role.pct, "WO", "KR2015005901"),
        (Role.priority, "KR", "1020140072254"),
        (Role.priority, "US", "61433841"),
        (Role.parent, "US", "13111222"),
    ]


def test_bibliographic_data_are_read() -> None:
    biblio = document(grant()).biblio
    assert biblio.titles == (("en", "Lens drive unit"),)
    assert (biblio.application_date, biblio.publication_date) == (date(2015, 6, 11), date(2016, 1, 14))
    assert (biblio.grant_date, biblio.priority_date) == (date(2018, 1, 23), date(2014, 1, 1))
    assert biblio.ipc == ("H04N 5/225", "G03B 13/36")
    assert biblio.cites == ("US6123456A",)
    assert ("term_extension_days", "33") in biblio.supplied


def test_the_firm_is_the_applicant_where_only_inventors_filed() -> None:
    biblio = document(grant()).biblio
    assert biblio.applicants == biblio.owners == (Party("Lens Co., Ltd.", "KR"),)
    assert biblio.inventors == (Party("Min Kim", "KR"),)


@pytest.mark.parametrize(("kind", "category"), [("design", "design"), ("plant", "plant"), ("utility", "invention")])
def test_designs_and_plants_are_kept_with_their_category(kind: str, category: str) -> None:
    assert document(grant(kind=kind)).category == category


def test_a_sequence_listing_is_no_patent() -> None:
    listing = (
        b'<?xml version="1.0"?><sequence-cwu><publication-reference><document-id><doc-number>07521043</doc-number>'
        b"</document-id></publication-reference></sequence-cwu>"
    )
    patent, supplement = read(grant() + listing)
    assert isinstance(patent, Document)
    assert isinstance(supplement, Rejected)
    assert say(supplement.code, "en", dict(supplement.values)) == (
        "This part of the file is no patent but a supplement (sequence-cwu) of 07521043; the patent itself is counted. "
        "Nothing to do."
    )
    assert supplement.source.item == 1


def test_formats_of_2001_to_2004_are_named_not_guessed() -> None:
    [found] = read(b'<?xml version="1.0"?><PATDOC DTD="2.5"/>')
    assert isinstance(found, Rejected)
    assert (found.code, found.values) == ("format-not-yet", (("root", "PATDOC"),))


def test_a_patent_without_bibliographic_data_is_rejected() -> None:
    [found] = read(b'<?xml version="1.0"?><us-patent-grant/>')
    assert isinstance(found, Rejected)
    assert found.code == "no-bibliographic-data"


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")), max_size=6))
def test_every_span_reads_back_whatever_the_words(words: list[str]) -> None:
    paragraphs = "".join(f"<p>{word}<sup>{word}</sup><b>{word}</b></p>" for word in map(escape, words))
    made = text(grant(description=paragraphs))
    ends = [0]
    for section in made.sections:
        assert section.span.start >= ends[-1]
        ends.append(section.span.end)
    assert ends[-1] <= len(made.text)
    for span in [p.span for p in made.paragraphs] + [c.span for c in made.claims]:
        assert made.quote(span) == made.quote(span).strip()
        assert made.quote(span)


def test_all_real_files_are_read_and_their_printed_totals_agree() -> None:
    counts: Counter[str] = Counter()
    with ZipFile(shared_data() / "patents" / "us_xml.zip") as archive:
        for name in archive.namelist():
            data = archive.read(name) if Path(name).suffix == ".xml" else b""
            if not UsptoXml().claims_file(data[:8192]):
                continue
            for found in read(data):
                counts[found.code if isinstance(found, Rejected) else found.category] += 1
                if isinstance(found, Document):
                    assert found.number is not None
                    assert found.texts[0].claims
                    counts["totals that differ"] += any(d.code == "claim-total-differs" for d in found.defects)
    assert counts == {
        "invention": 192,
        "design": 290,
        "plant": 1,
        "not-a-patent": 12,
        "format-not-yet": 112,
        "totals that differ": 0,
    }
