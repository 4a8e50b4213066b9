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
from dokhae.parse.uspto.vintages import UsptoXml
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


@pytest.mark.parametrize(
    ("mathml", "read_as"),
    [
        ("<mi>sending</mi><mo>&#x2062;</mo><mi>length</mi><mo>&#x2062;</mo><mi>xy</mi>", "sending length xy"),
        ("<mi>x</mi><mo>&#x2062;</mo><mi>y</mi>", "xy"),
        ("<munderover><mo>&#x2211;</mo><mi>k</mi><mi>n</mi></munderover><msub><mi>a</mi><mi>k</mi></msub>", "∑_kⁿ a_k"),
        ("<msup><mi>e</mi><mi>x</mi></msup>", "e^x"),
        ("<mo>&#xf603;</mo><mi>x</mi><mo>&#xf604;</mo><mo>&#x2146;</mo><mi>t</mi>", "|x|dt"),
        (
            "<mtable><mtr><mtd><mi>a</mi></mtd><mtd><mi>b</mi></mtd></mtr><mtr><mtd><mi>c</mi></mtd></mtr></mtable>",
            "a, b; c",
        ),
    ],
)
def test_words_sums_powers_and_matrices_of_a_formula_read_well(mathml: str, read_as: str) -> None:
    made = text(grant(description=f"<p>It is<maths><math>{mathml}</math></maths>here.</p>"))
    assert f"It is\n{read_as}\nhere." in made.text


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


def test_a_document_of_another_kind_among_patents_is_named() -> None:
    _, found = read(grant() + b'<?xml version="1.0"?><notes/>')
    assert isinstance(found, Rejected)
    assert (found.code, found.values) == ("format-not-yet", (("root", "notes"),))


def test_a_patent_without_bibliographic_data_is_rejected() -> None:
    [found] = read(b'<?xml version="1.0"?><us-patent-grant/>')
    assert isinstance(found, Rejected)
    assert found.code == "no-bibliographic-data"


def test_what_a_reissue_deletes_is_no_text() -> None:
    claims = (
        '<claim num="1"><claim-text>1. A <?delete-start id="D1"?>rigid<?delete-end id="D1"?> <?insert-start id="I1"?>'
        '<i>bent</i><?insert-end id="I1"?> lens.</claim-text></claim>'
        '<claim num="2"><claim-text><?delete-start id="D2"?>2. The lens of <b>claim 1</b>.<?delete-end id="D2"?>'
        "</claim-text></claim>"
    )
    found = document(grant(claims=claims, n_claims=1, kind="reissue"))
    made = found.texts[0]
    assert [(c.number, made.quote(c.span), c.deleted) for c in made.claims] == [
        (1, "A bent lens.", False),
        (2, "", True),
    ]
    assert found.defects == (Defect.of("deleted-matter-left-out", count=2),)


def test_what_has_no_field_of_its_own_is_kept_as_supplied() -> None:
    held = (
        b"<us-sir-flag/><us-botanic><latin-name>Sedum telephium</latin-name><variety>Beka</variety></us-botanic>"
        b"<figures><number-of-drawing-sheets>2</number-of-drawing-sheets><number-of-figures>4</number-of-figures></figures>"
        b"<references-cited><citation><nplcit><othercit>Kim, <i>Lenses</i>, 1996.</othercit></nplcit></citation>"
        b"</references-cited><us-related-documents><reissue><relation><parent-doc><document-id><doc-number>09111222"
        b"</doc-number></document-id><parent-grant-document><document-id><doc-number>6123456</doc-number><kind>B2</kind>"
        b"</document-id></parent-grant-document></parent-doc></relation></reissue></us-related-documents>"
    )
    found = document(
        grant().replace(b"<us-parties>", held + b"<us-parties>").replace(b"us-related-documents>", b"x>", 2)
    )
    assert dict(found.biblio.supplied) == {
        "term_extension_days": "33",
        "statutory_invention_registration": "yes",
        "botanic_name": "Sedum telephium",
        "botanic_variety": "Beka",
        "drawing_sheets": "2",
        "figures": "4",
        "parent_patents": "US6123456B2",
        "cited_literature": "Kim, Lenses, 1996.",
    }
    assert ("parent", "09111222") in [(n.role.value, n.digits) for n in found.numbers]


def test_an_earlier_publication_written_without_its_year_is_completed() -> None:
    short = grant().replace(b"<doc-number>20160012345</doc-number>", b"<doc-number>0012345</doc-number>")
    assert "20160012345" in [n.digits for n in document(short).numbers if n.role is Role.publication]


@pytest.mark.parametrize("abstract", ["<heading>ABSTRACT</heading><p>A lens.</p>", "<p>Abstract</p><p>A lens.</p>"])
def test_the_heading_of_an_abstract_is_not_its_text(abstract: str) -> None:
    made = text(grant().replace(b'<p num="0000">A unit drives a lens.</p>', abstract.encode()))
    assert [made.quote(s.span) for s in made.of_kind(SectionKind.abstract)] == ["A lens."]


def test_a_raised_figure_keeps_the_blank_that_parts_it_from_the_next_word() -> None:
    made = text(grant(description="<p>At 20 cd/m<sup>2 </sup>it was the 46<sup>th </sup>lens.</p>"))
    assert "At 20 cd/m² it was the 46th lens." in made.text


@pytest.mark.parametrize("stated", ["²", "9" * 60, "-1", ""])
def test_a_claim_number_or_total_that_is_no_number_costs_nothing(stated: str) -> None:
    claims = f'<claim num="{stated}"><claim-text>A lens.</claim-text></claim>'
    data = grant(claims=claims).replace(b"of-claims>2<", f"of-claims>{stated}<".encode())
    assert [c.number for c in document(data).texts[0].claims] == [1]
    assert document(data).defects == ()


def test_dates_that_do_not_exist_are_told() -> None:
    found = document(grant().replace(b"<date>20180123</date>", b"<date>20180231</date>"))
    assert found.biblio.grant_date is None
    assert found.defects == (Defect.of("date-unreadable", field="grant_date", written="20180231"),)


def test_a_statutory_invention_registration_is_an_invention_and_a_reissued_design_a_design() -> None:
    as_design = b"<classification-national><main-classification>D12 92</main-classification></classification-national>"
    reissue = grant(kind="reissue").replace(b"<us-term-of-grant>", as_design + b"<us-term-of-grant>")
    assert document(reissue).category == "design"
    assert document(grant(kind="sir")).category == "invention"


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
    for archive in ("us_xml.zip", "us_samples.zip", "us_go.zip"):
        with ZipFile(shared_data() / "patents" / archive) as opened:
            for name in opened.namelist():
                data = opened.read(name) if Path(name).suffix == ".xml" else b""
                for found in read(data) if UsptoXml().claims_file(data[:8192]) else ():
                    counts[found.code if isinstance(found, Rejected) else found.category] += 1
                    if isinstance(found, Document):
                        assert found.number is not None
                        counts["claims"] += len(found.texts[0].claims)
                        counts["canceled"] += sum(claim.deleted for claim in found.texts[0].claims)
                        counts["tables"] += len(found.texts[0].of_kind(SectionKind.table))
                        counts.update(defect.code for defect in found.defects)
    assert counts == {
        "invention": 211,
        "design": 290,
        "plant": 1,
        "not-a-patent": 12,
        "claims": 3652,
        "canceled": 18,
        "tables": 215,
        "claim-refers-to-itself": 1,
    }
