"""US, EP and WO gazettes as PDF, made here: the order of columns, broken words, numbers, parties, claims."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest

from dokhae.parse.pdf import GazettePdf
from dokhae.parse.settings import Ocr, ParseSettings, in_force
from dokhae.types import Document, Rejected, SectionKind, Source
from tests.western_gazette import Page, pdf

US_FRONT = Page(
    head=(
        (60, "(12) United States Patent"),
        (325, "(10) Patent No.: US 7,654,321 B2"),
        (60, "Miller et al."),
        (325, "(45) Date of Patent: Feb. 2, 2010"),
    ),
    left=(
        "(54) LENS ACTUATOR AND CAMERA",
        "MODULE",
        "",
        "(75) Inventors: Anna Miller, Austin, TX (US);",
        "Jong Min Park, Anseong-si (KR)",
        "",
        "(73) Assignee: Example Optics Co., Ltd,",
        "Hwaseong-si (KR)",
        "",
        "(*) Notice: extended under 35 U.S.C. 154(b) by 233 days.",
        "",
        "(21) Appl. No.: 11/123,456",
        "(22) Filed: Mar. 1, 2008",
        "",
        "(30) Foreign Application Priority Data",
        "Mar. 2, 2007 (KR) ........ 10-2007-0020821",
        "",
        "(65) Prior Publication Data",
        "US 2008/0212345 A1 Sep. 4, 2008",
        "",
    ),
    right=(
        "(51) Int. Cl.",
        "G02B 7/02 (2006.01)",
        "H04N 5/225 (2006.01)",
        "(52) U.S. Cl. ............ 359/824",
        "",
        "(56) References Cited",
        "U.S. PATENT DOCUMENTS",
        "6,695,946 B2 2/2004 Smith",
        "FOREIGN PATENT DOCUMENTS",
        "KR 10-2005-0012345 A 2/2005",
        "* cited by examiner",
        "",
        "Primary Examiner - Jane Roe",
        "(74) Attorney, Agent, or Firm - Roe & Roe LLP",
        "",
        "(57) ABSTRACT",
        "A lens actuator holds a lens by a",
        "spring and moves it by a coil.",
        "",
        "2 Claims, 1 Drawing Sheet",
    ),
)
US_SHEET = Page(
    head=((60, "U.S. Patent"), (250, "Feb. 2, 2010 Sheet 1 of 1"), (480, "US 7,654,321 B2")),
    wide=("FIG. 1",),
)
US_BODY = Page(
    head=((260, "US 7,654,321 B2"), (160, "1"), (440, "2")),
    left=(
        "LENS ACTUATOR AND CAMERA",
        "MODULE",
        "",
        "  BACKGROUND OF THE INVENTION",
        "",
        "  Conventional actuators shake when the camera of",
        "a telephone is moved quickly, and the semicon-",
        "ductor sensor sees a blur. The semiconductor",
        "sensor is not to blame for that, nor is the lens.",
        "  A further drawing sheet would show a pre-heated",
        "spring; it is not a part of the invention, and a front-",
        "end circuit is left out. The end of it is its front.",
        "",
        "  SUMMARY OF THE INVENTION",
        "",
        "  The actuator holds the lens by a leaf spring, which",
    ),
    right=(
        "keeps it from shaking at every angle of the camera.",
        "",
        "  What is claimed is:",
        "",
        "  1. A lens actuator comprising a lens, a leaf spring",
        "that holds the lens, and a coil that moves it, wherein",
        "the spring has 2.5 turns.",
        "  2. The lens actuator of claim 1, wherein the coil is",
        "wound around the lens.",
        "  * * * * *",
        "",
        "",
        "",
        "",
        "",
        "",
    ),
    counts=True,
)


def read(data: bytes) -> Document:
    with in_force(ParseSettings(Ocr.off)):
        (made,) = GazettePdf().read(BytesIO(data), Source("a.pdf"))
    assert isinstance(made, Document), made
    return made


def section(made: Document, kind: SectionKind) -> str:
    text = made.texts[0]
    return "\n".join(text.quote(found.span) for found in text.of_kind(kind))


@pytest.fixture(scope="module")
def us() -> Document:
    return read(pdf(US_FRONT, US_SHEET, US_BODY))


def test_a_us_grant_is_known_by_the_number_its_pages_print(us: Document) -> None:
    assert us.source.format == "us-pdf"
    assert us.number is not None
    assert us.number.compact == "US7654321B2"
    assert {(n.office, n.role.value, n.digits) for n in us.numbers} == {
        ("US", "grant", "7654321"),
        ("US", "application", "11123456"),
        ("US", "publication", "20080212345"),
        ("KR", "priority", "1020070020821"),
    }


def test_a_us_front_page_gives_dates_parties_classes_and_citations(us: Document) -> None:
    biblio = us.biblio
    assert biblio.title == "LENS ACTUATOR AND CAMERA MODULE"
    assert (biblio.grant_date, biblio.application_date) == (date(2010, 2, 2), date(2008, 3, 1))
    assert (biblio.publication_date, biblio.priority_date) == (date(2008, 9, 4), date(2007, 3, 2))
    assert [(p.name, p.country) for p in biblio.inventors] == [("Anna Miller", "US"), ("Jong Min Park", "KR")]
    assert [(p.name, p.country) for p in biblio.owners] == [("Example Optics Co., Ltd", "KR")]
    assert biblio.ipc == ("G02B 7/02", "H04N 5/225")
    assert biblio.cites == ("US 6,695,946 B2", "KR 10-2005-0012345 A")
    assert biblio.printed_claims == 2
    assert dict(biblio.supplied)["Term adjustment (days)"] == "233"


def test_columns_are_read_one_after_the_other_whatever_the_order_of_the_file(us: Document) -> None:
    assert section(us, SectionKind.solution) == (
        "The actuator holds the lens by a leaf spring, which keeps it from shaking at every angle of the camera."
    )


def test_broken_words_are_joined_as_the_document_writes_them(us: Document) -> None:
    background = section(us, SectionKind.background)
    assert "the semiconductor sensor sees a blur" in background
    assert "a front-end circuit" in background
    assert background.count("\n") == 1


def test_line_counts_running_heads_and_drawing_sheets_are_no_text(us: Document) -> None:
    text = us.texts[0].text
    assert "FIG. 1" not in text
    assert "7,654,321" not in text
    assert " 10 " not in text


def test_the_abstract_ends_before_the_count_of_claims(us: Document) -> None:
    assert section(us, SectionKind.abstract) == "A lens actuator holds a lens by a spring and moves it by a coil."


def test_us_claims_are_told_by_their_next_number(us: Document) -> None:
    claims = us.texts[0].claims
    assert [(claim.number, claim.depends_on) for claim in claims] == [(1, ()), (2, (1,))]
    assert us.texts[0].quote(claims[0].span).endswith("the spring has 2.5 turns.")
    assert us.defects == ()


def test_a_us_application_has_a_publication_number_and_paragraph_numbers() -> None:
    front = Page(
        head=(
            (60, "(19) United States"),
            (60, ""),
            (60, "(12) Patent Application Publication  (10) Pub. No.: US 2018/0158710 A1"),
            (325, ""),
            (60, "Kim et al."),
            (325, "(43) Pub. Date: Jun. 7, 2018"),
        ),
        left=(
            "(54) TEMPERATURE CONTROL",
            "",
            "(71) Applicant: Example Co., LTD., Suwon-si (KR)",
            "",
            "(72) Inventors: Jong Bae Kim, Yongin-si (KR)",
            "",
            "(21) Appl. No.: 15/828,655",
            "(22) Filed: Dec. 1, 2017",
            "",
            "(51) Int. Cl.",
            "H01L 21/683 (2006.01)",
        ),
        right=(
            "B23Q 3/15 (2006.01)",
            "",
            "(57) ABSTRACT",
            "",
            "The device controls a temperature",
            "by mixing two flows.",
            "",
            "",
            "",
            "9",
        ),
    )
    body = Page(
        head=((60, "US 2018/0158710 A1"), (480, "Jun. 7, 2018"), (300, "1")),
        left=(
            "TEMPERATURE CONTROL",
            "",
            "  FIELD",
            "",
            "  [0001] The invention relates to temperature control",
            "of wafers, and of the plates that carry them.",
            "  [0002] It is exact to a tenth of a degree in every",
            "case that was tried.",
            "",
            "  SUMMARY",
            "",
            "  [0003] Two flows are mixed.",
        ),
        right=(
            "What is claimed is:",
            "  1. A device comprising two flows and a mixer for",
            "both of the two flows.",
            "  2. The device according to claim 1, wherein the",
            "flows are water.",
            "  3. (canceled)",
        ),
        counts=True,
    )
    made = read(pdf(front, body))
    assert made.number is not None
    assert made.number.compact == "US20180158710A1"
    assert made.biblio.publication_date == date(2018, 6, 7)
    assert made.biblio.ipc == ("H01L 21/683", "B23Q 3/15")
    assert section(made, SectionKind.abstract) == "The device controls a temperature by mixing two flows."
    text = made.texts[0]
    assert [p.label for p in text.paragraphs if p.label] == ["0001", "0002", "0003"]
    assert [(claim.number, claim.depends_on) for claim in text.claims][:2] == [(1, ()), (2, (1,))]


def test_claims_without_a_heading_are_found_by_the_first_one_that_others_refer_to() -> None:
    body = replace(US_BODY, right=[line for line in US_BODY.right if "claimed" not in line])
    made = read(pdf(US_FRONT, body))
    assert [(claim.number, claim.depends_on) for claim in made.texts[0].claims] == [(1, ()), (2, (1,))]
    assert made.defects == ()


EP_FRONT = Page(
    head=(
        (60, "(19) Europäisches Patentamt European Patent Office"),
        (325, "(11) EP 1 116 605 B1"),
        (60, "(12) EUROPEAN PATENT SPECIFICATION"),
        (325, ""),
    ),
    left=(
        "(45) Date of publication and mention",
        "of the grant of the patent:",
        "04.06.2003 Bulletin 2003/23",
        "",
        "(21) Application number: 01100123.4",
        "",
        "(22) Date of filing: 03.01.2001",
        "",
        "",
        "",
    ),
    right=("(51) Int Cl.: B60C 23/04", "", "", "", "", "", "", "", "", ""),
    wide=(
        "(54) Tyre pressure sensor",
        "Reifendrucksensor",
        "Capteur de pression pour un pneu",
        "",
        "(84) Designated Contracting States: DE FR GB",
        "",
        "(30) Priority: 12.01.2000 JP 2000006789",
        "",
        "(73) Proprietor: Example Tyres Ltd.",
        "Kobe-shi, Hyogo-ken (JP)",
        "",
        "(72) Inventor: Sato, Ken",
        "Kobe-shi, Hyogo-ken (JP)",
        "",
        "(74) Representative: Miller, Anna",
        "80331 München (DE)",
    ),
)
EP_BODY = Page(
    head=((280, "EP 1 116 605 B1"), (60, "")),
    left=(
        "Description",
        "",
        "[0001] The invention relates to a sensor of the pressure",
        "in a tyre, as it is known from many documents.",
        "",
        "[0002] The sensor is fixed to the rim of the wheel by",
        "a band.",
        "",
        "",
        "Claims",
        "",
        "1. A sensor comprising a band and a housing for the",
        "band and a battery.",
    ),
    right=(
        "2. A sensor according to claim 1, wherein the band is",
        "made of steel.",
        "",
        "Patentansprüche",
        "",
        "1. Sensor mit einem Band und einem Gehäuse für das",
        "Band und einer Batterie.",
        "",
        "2. Sensor nach Anspruch 1, wobei das Band aus Stahl",
        "besteht und nach der Montage gespannt ist.",
    ),
    counts=True,
)
EP_FRENCH = Page(
    head=((280, "EP 1 116 605 B1"), (60, "")),
    left=(
        "Revendications",
        "",
        "1. Capteur avec une bande et un boîtier pour la bande",
        "et une pile dans le boîtier.",
        "",
        "2. Capteur selon la revendication 1, dans lequel la",
        "bande est en acier et tendue par une vis.",
    ),
    right=("", "", "", "", "", "", ""),
)


def test_an_ep_patent_keeps_the_claims_of_three_languages_apart() -> None:
    made = read(pdf(EP_FRONT, EP_BODY, EP_FRENCH))
    assert made.source.format == "ep-pdf"
    assert made.number is not None
    assert made.number.compact == "EP1116605B1"
    assert [text.lang for text in made.texts] == ["en", "de", "fr"]
    assert [[(c.number, c.depends_on, c.lang) for c in text.claims] for text in made.texts] == [
        [(1, (), lang), (2, (1,), lang)] for lang in ("en", "de", "fr")
    ]
    assert [p.label for p in made.texts[0].paragraphs if p.label] == ["0001", "0002"]


def test_an_ep_front_page_gives_titles_dates_and_parties() -> None:
    biblio = read(pdf(EP_FRONT, EP_BODY)).biblio
    assert biblio.title == "Tyre pressure sensor"
    assert dict(biblio.titles)["de"] == "Reifendrucksensor"
    assert (biblio.grant_date, biblio.application_date) == (date(2003, 6, 4), date(2001, 1, 3))
    assert biblio.priority_date == date(2000, 1, 12)
    assert [(p.name, p.country) for p in biblio.owners] == [("Example Tyres Ltd.", "JP")]
    assert [(p.name, p.country) for p in biblio.inventors] == [("Sato, Ken", "JP")]
    assert biblio.ipc == ("B60C 23/04",)


WO_FRONT = Page(
    head=((60, "(12) INTERNATIONAL APPLICATION PUBLISHED UNDER THE PATENT COOPERATION TREATY (PCT)"), (60, "")),
    left=(
        "(19) World Intellectual Property",
        "Organization",
        "",
        "(43) International Publication Date",
        "13 March 2025 (13.03.2025)",
        "",
        "(51) International Patent Classification:",
        "B01D 53/30 (2006.01)",
        "",
        "(21) International Application Number:",
        "PCT/US2024/013277",
        "",
        "(22) International Filing Date:",
        "04 September 2024 (04.09.2024)",
        "",
        "(30) Priority Data:",
        "63/118,180 06 September 2023 (06.09.2023) US",
    ),
    right=(
        "(10) International Publication Number",
        "WO 2025/053589 A1",
        "",
        "",
        "(71) Applicant: EXAMPLE GAS INC. [US/US]; 1 Main",
        "Street, Austin, Texas 78701 (US).",
        "",
        "(72) Inventors: MILLER, Anna; 2 Main Street, Austin,",
        "Texas 78701 (US). ROE, Jane; 3 Main Street, Austin,",
        "Texas 78701 (US).",
        "",
        "(74) Agent: ROE, John; Roe LLP, 4 Main Street, Austin,",
        "Texas 78701 (US).",
        "",
        "(81) Designated States (unless otherwise indicated):",
        "AE, AG, AL, AM, AO.",
        "",
    ),
    wide=(
        "(54) Title: WASTE GAS TREATMENT APPARATUS",
        "",
        "(57) Abstract: The apparatus comprises a reaction unit and a wet unit, and a controller that feeds waste gas",
        "to one of them.",
    ),
)
WO_BODY = (
    Page(
        head=((60, "WO 2025/053589"), (480, "PCT/US2024/013277"), (300, "1")),
        wide=(
            "WASTE GAS TREATMENT APPARATUS",
            "",
            "TECHNICAL FIELD",
            "",
            "[0001] The invention relates to an apparatus that treats the waste gas of plants for wafers with a",
            "reaction unit and a wet unit.",
            "",
            "SUMMARY",
            "",
            "[0002] A controller feeds the gas to one of the units, as the recipe of the plant asks for when it",
            "is read.",
        ),
    ),
    Page(
        head=((60, "WO 2025/053589"), (480, "PCT/US2024/013277"), (300, "2")),
        wide=(
            "CLAIMS",
            "",
            "What is claimed is:",
            "",
            "1. An apparatus comprising a reaction unit, a wet unit and a controller that feeds gas to one of both.",
            "",
            "2. The apparatus of claim 1, wherein the controller reads the recipe of a plant for semiconductors.",
        ),
    ),
    Page(head=((60, "WO 2025/053589"), (480, "PCT/US2024/013277"), (300, "1/1")), wide=("FIG. 1", "100", "110")),
)


def test_an_international_application_is_read_with_its_numbers_parties_and_claims() -> None:
    made = read(pdf(WO_FRONT, *WO_BODY))
    assert made.source.format == "wo-pdf"
    assert made.number is not None
    assert made.number.compact == "WO2025053589A1"
    assert {(n.office, n.role.value, n.digits) for n in made.numbers} >= {("WO", "pct", "US2024013277")}
    biblio = made.biblio
    assert biblio.title == "WASTE GAS TREATMENT APPARATUS"
    assert (biblio.publication_date, biblio.application_date) == (date(2025, 3, 13), date(2024, 9, 4))
    assert biblio.priority_date == date(2023, 9, 6)
    assert [(p.name, p.country) for p in biblio.applicants] == [("EXAMPLE GAS INC", "US")]
    assert [p.name for p in biblio.inventors] == ["MILLER, Anna", "ROE, Jane"]
    assert [(c.number, c.depends_on) for c in made.texts[0].claims] == [(1, ()), (2, (1,))]
    assert section(made, SectionKind.field).endswith("with a reaction unit and a wet unit.")
    assert "FIG. 1" not in made.texts[0].text


def test_a_pdf_of_no_gazette_is_rejected_as_such() -> None:
    with in_force(ParseSettings(Ocr.off)):
        (made,) = GazettePdf().read(
            BytesIO(pdf(Page(wide=("Minutes of the meeting of last Monday.",) * 5))), Source("a.pdf")
        )
    assert isinstance(made, Rejected)
    assert made.code == "pdf-not-a-gazette"
