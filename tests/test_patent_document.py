"""EP and WO full texts become documents: languages side by side, lost lines and numbers recovered."""

from __future__ import annotations

import io
from collections import Counter
from datetime import date
from zipfile import ZipFile

import pytest

from dokhae.parse import recognise
from dokhae.parse.headings_inline import Piece, unfold
from dokhae.parse.offices.patent_document import PatentDocumentXml
from dokhae.types import Defect, Document, Party, Rejected, Role, SectionKind, Source, Text
from tests.shared import shared_data

BIBLIO = """<bibliographic-data>
<publication-reference><document-id format="original"><country>EP</country><doc-number>1126543</doc-number>
 <kind>B1</kind><date>20060823</date></document-id></publication-reference>
<application-reference><document-id format="epo"><country>EP</country><doc-number>01101659</doc-number><kind>A</kind>
 <date>20010129</date></document-id></application-reference>
<priority-claims>
 <priority-claim><document-id format="original"><country>US</country><doc-number>505575</doc-number>
  <date>20000216</date></document-id></priority-claim>
 <priority-claim><document-id format="epo"><country>US</country><doc-number>50557500</doc-number><kind>A</kind>
  <date>20000216</date></document-id></priority-claim>
</priority-claims>
<technical-data><classifications-ipcr>
 <classification-ipcr>H01Q   3/26        20060101ALI20010522BHEP        </classification-ipcr>
 <classification-ipcr>H01Q   1/27        20060101CFI20010522BHEP        </classification-ipcr>
 <classification-ipcr>H01Q   1/27        20060101AFI20010522BHEP        </classification-ipcr></classifications-ipcr>
 <invention-title lang="DE">Linse</invention-title><invention-title lang="EN">Lens</invention-title>
</technical-data>
<parties><applicants>
 <applicant format="epo"><addressbook><name>LENS CO</name><address><country>US</country></address></addressbook>
 </applicant>
 <applicant format="intermediate"><addressbook><name>THE LENS COMPANY</name><address><country/></address>
 </addressbook></applicant></applicants></parties></bibliographic-data>"""
ABSTRACTS = """
<abstract lang="EN"><p>The lens
 of the scanned application is held by the frame.</p></abstract>
<abstract lang="EN" source="EPO"><p>A lens is held in the frame of a unit. &lt;IMAGE&gt;</p></abstract>"""
DESCRIPTION = """<description lang="EN">
<p num="p0001">The present invention relates to a lens that is held in a frame.</p>
<heading>Summary of the invention</heading><p num="p0002">The frame is bent and the lens is held by it.</p>
</description>"""
CLAIMS = """
<claims lang="DE"><claim num="0001"><claim-text>Linse mit einem Rahmen, der die Linse hält.</claim-text></claim>
<claim num="0002"><claim-text>Linse nach Anspruch 1, wobei der Rahmen aus Stahl ist.</claim-text></claim></claims>
<claims lang="EN"><claim num="0001"><claim-text>A lens with a frame that holds the lens.</claim-text></claim>
<claim num="0002"><claim-text>The lens of claim 1, the frame of which is of steel.</claim-text></claim></claims>"""


def patent(body: str = ABSTRACTS + DESCRIPTION + CLAIMS) -> bytes:
    return f'<?xml version="1.0"?><patent-document family-id="42">{BIBLIO}{body}</patent-document>'.encode()


def document(data: bytes) -> Document:
    [found] = PatentDocumentXml().read(io.BytesIO(data), Source("a.xml"))
    assert isinstance(found, Document), found
    return found


def outline(text: Text) -> list[tuple[str, str, str]]:
    return [(s.kind.value, s.lang, text.quote(s.span).splitlines()[0][:24]) for s in text.sections]


def claims(*texts: str) -> dict[int, str]:
    """The claims of a WO text whose claims all stand in one element."""
    body = "".join(f"<claim-text>{text}</claim-text>" for text in texts)
    whole = document(patent(f'{DESCRIPTION}<claims lang="EN"><claim num="1">{body}</claim></claims>')).texts[0]
    return {claim.number: whole.quote(claim.span) for claim in whole.claims}


def test_the_parser_is_found_by_the_content_of_the_file() -> None:
    found = recognise(patent()[:8192])
    assert found is not None
    assert found.name == "patent-document"


def test_the_main_text_is_in_the_language_of_the_description() -> None:
    main, german = document(patent()).texts
    assert outline(main) == [
        ("title", "en", "Lens"),
        ("abstract", "en", "A lens is held in the fr"),
        ("other", "en", "The present invention re"),
        ("solution", "en", "The frame is bent and th"),
        ("claims", "en", "1. A lens with a frame t"),
    ]
    assert outline(german) == [("title", "de", "Linse"), ("claims", "de", "1. Linse mit einem Rahme")]
    assert [c.depends_on for c in german.claims] == [(), (1,)]


def test_claims_in_another_language_only_stand_in_the_main_text_and_only_there() -> None:
    only_german = CLAIMS[: CLAIMS.index('<claims lang="EN">')]
    [main] = document(patent(DESCRIPTION + only_german)).texts
    assert [(s.kind, s.lang) for s in main.sections][-1] == (SectionKind.claims, "de")


def test_a_wrongly_declared_language_is_not_believed() -> None:
    body = DESCRIPTION.replace('lang="EN"', 'lang="FR"')
    assert document(patent(body)).texts[0].lang == "en"


def test_the_epo_abstract_is_taken_and_its_picture_mark_left_out() -> None:
    main = document(patent()).texts[0]
    [abstract] = main.of_kind(SectionKind.abstract)
    assert main.quote(abstract.span) == "A lens is held in the frame of a unit."


def test_numbers_and_dates_have_their_roles() -> None:
    found = document(patent())
    assert found.number is not None
    assert found.number.compact == "EP1126543B1"
    assert [(n.role, n.digits) for n in found.numbers] == [
        (Role.grant, "1126543"),
        (Role.application, "01101659"),
        (Role.priority, "2000505575"),
    ]
    assert (found.biblio.grant_date, found.biblio.priority_date) == (date(2006, 8, 23), date(2000, 2, 16))
    assert found.biblio.family_id == "42"


def test_a_party_is_kept_as_printed_with_the_country_of_its_other_spelling() -> None:
    assert document(patent()).biblio.applicants == (Party("THE LENS COMPANY", "US"),)


def test_classes_stand_once_the_first_one_first() -> None:
    assert document(patent()).biblio.ipc == ("H01Q 1/27", "H01Q 3/26")


def test_claims_in_one_element_are_told_apart_by_their_numbers() -> None:
    assert claims("CLAIMS", "1. A lens.", "2. The lens of claim 1. 3. The lens of claim 2.", "4. A frame.") == {
        1: "A lens.",
        2: "The lens of claim 1.",
        3: "The lens of claim 2.",
        4: "A frame.",
    }


def test_steps_of_a_claim_are_no_claims() -> None:
    found = claims(
        "What is claimed is:", "1. A method:", "(a) 2 parts of water", "(b) 3. step", "2. The method of claim 1."
    )
    assert list(found) == [1, 2]
    assert found[1] == "A method:\n(a) 2 parts of water\n(b) 3. step"


def test_numbers_damaged_by_a_scanner_are_recognised() -> None:
    texts = [f"{n}. The lens of claim 1." for n in range(2, 11)]
    found = claims("1. A lens.", *texts, "1 1. The lens of claim 10. Claim 12 The lens of claim 11. 35 13 A frame.")
    assert list(found) == list(range(1, 14))
    assert found[13] == "A frame."


def test_a_lost_number_is_told_not_hidden() -> None:
    texts = "<claim-text>1. A lens.</claim-text><claim-text>3. A cap.</claim-text>"
    body = f'<claims lang="EN"><claim num="1">{texts}</claim></claims>'
    assert document(patent(DESCRIPTION + body)).defects == (Defect.of("claim-numbers-missing", missing="2"),)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("10&lt;-5&gt; m&lt;2&gt;", "10⁻⁵ m²"),
        ("180&lt;0&gt;C", "180°C"),
        ("&lt;211&gt; DNA", "<211> DNA"),
        ("cut\u00ac off", "cutoff"),
        ("a SUBSTITUTE SHEET (RULE 26) b", "a b"),
    ],
)
def test_traces_of_scanning_are_mended(written: str, read: str) -> None:
    body = f'<description lang="EN"><p>The value is {written} of it.</p></description>'
    assert f"The value is {read} of it." in document(patent(body)).texts[0].text


def test_preformatted_descriptions_are_cut_at_empty_lines() -> None:
    lines = "\nFIELD OF THE INVENTION\n\nIt is about\nlenses.\n\n[0002] More.\n"
    body = f'<description lang="EN"><p><pre>{lines}</pre></p></description>'
    main = document(patent(body)).texts[0]
    assert outline(main)[-1] == ("field", "en", "It is about lenses.")
    assert [(p.label, main.quote(p.span)) for p in main.paragraphs][-1] == ("0002", "More.")


LONG = "The frame holds the lens in the unit. " * 40


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        ("BACKGROUND OF THE INVENTION The lens is known.", ["BACKGROUND OF THE INVENTION"]),
        (LONG + "SUMMARY OF THE INVENTION A lens.", ["SUMMARY OF THE INVENTION"]),
        (LONG + "Detailed Description of the Invention The lens.", ["Detailed Description of the Invention"]),
        ("A LENS DRIVE UNIT FIELD OF THE INVENTION The lens.", ["FIELD OF THE INVENTION"]),
        (LONG + "BRIEF DESCRIPTION OF THE DRAWINGS FIG. 1 shows it.", ["BRIEF DESCRIPTION OF THE DRAWINGS"]),
        (LONG + "FIG. 1 (PRIOR ART) shows it.", []),
        ("DNA AND RNA are acids.", []),
    ],
)
def test_headings_swallowed_by_a_paragraph_are_found(text: str, headings: list[str]) -> None:
    pieces = list(unfold(text))
    assert [piece.text for piece in pieces if piece.is_heading] == headings
    assert "".join("".join(piece.text.split()) for piece in pieces) == "".join(text.split())


def test_paragraph_numbers_inside_a_paragraph_divide_it() -> None:
    assert list(unfold("[0001] One. [0002] Two, see [0001].")) == [
        Piece("One.", "0001"),
        Piece("Two, see [0001].", "0002"),
    ]


def test_another_root_is_named() -> None:
    data = b'<?xml version="1.0"?><patent-document/><?xml version="1.0"?><ep-patent/>'
    empty, found = PatentDocumentXml().read(io.BytesIO(data), Source("a.xml"))
    assert isinstance(empty, Document)
    assert empty.number is None
    assert isinstance(found, Rejected)
    assert (found.code, found.values) == ("format-not-yet", (("root", "ep-patent"),))


def test_all_real_files_are_read_and_their_languages_have_equally_many_claims() -> None:
    counts: Counter[str] = Counter()
    with ZipFile(shared_data() / "patents" / "ep_xml.zip") as archive:
        for name in (name for name in archive.namelist() if name.endswith(".xml")):
            found = document(archive.read(name))
            assert found.number is not None
            counts[f"main {found.texts[0].lang}"] += 1
            counts["with claims"] += bool(found.texts[0].claims)
            n_claims = {len(text.claims) for text in found.texts if text.claims}
            assert len(n_claims) <= 1, name
    assert counts == {"main en": 192, "main de": 44, "main fr": 18, "with claims": 184}
