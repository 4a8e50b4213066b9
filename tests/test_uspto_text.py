"""USPTO texts that are not XML: BRS, answers of the public search, recordings of them, printed lines."""

from __future__ import annotations

import io
import json
import time
from collections import Counter
from typing import Any

import pytest

from dokhae.parse import json_values, recognise
from dokhae.parse.files import units
from dokhae.types import Document, Party, Rejected, SectionKind, Source
from tests.shared import shared_data

BRS = """09204581\tB2\t20151201\t13676098\t43247
Lens drive
*** BRS DOCUMENT BOUNDARY ***
WKU 09204581
DID US 9204581 B2
GISD 20151201
AFD 20121114
APP 13/676098
IPCP G02B7/02 20060101 G02B007/02
CPOI G02B7/021 20130101
TTL Lens drive for a
      telephone
URGP US 2003/0169838 A1 20030900 Kim 375/376 cited by examiner
FRGP JP 201045940 20100200 cited by applicant
NCL 2
COND us-provisional-application US 61559247 20111114
RLAN 61559247
COND division parent-doc US 13303416 20111123 US 8947892 child-doc US 13676098
RLAN 13303416
RLPN 8947892
PDID  US 20130120958 A1
PPPD 20130516
INNM Kim; Hana
INCO KR
ASNM EXAMPLE INC.
ASST N/A
ASCO KR
ABPR  A coil moves
      a lens.
BSTX BACKGROUND
BSTX  1. Field
BSTX  Lenses.
BSTX SUMMARY
BSTX  It is held at 5.degree..
DETX DETAILED DESCRIPTION
DETX  The coil 1.
CLST What is claimed is:
CLPR  1. A drive comprising a coil.
CLPR  2. The drive of claim 1.
"""

PATENT: dict[str, Any] = {
    "guid": "US-9145216-B2",
    "publicationReferenceDocumentNumber": "9145216",
    "type": "USPAT",
    "inventionTitle": "Lens drive",
    "datePublished": "2015-09-29T00:00:00Z",
    "applicationFilingDate": ["2014-01-22T00:00:00Z"],
    "applicationNumber": "14/161001",
    "inventorsName": ["Kim; Hana", "Ito; Ben"],
    "inventorCountry": ["KR", "N/A"],
    "inventorState": ["N/A", "CA"],
    "assigneeName": ["Example Inc."],
    "assigneeCountry": ["KR"],
    "priorityClaimsDocNumber": ["10-2013-0006789"],
    "priorityClaimsCountry": ["KR"],
    "priorityClaimsDate": ["2013-01-22T00:00:00Z"],
    "continuityData": ["continuation parent-doc US 13303416 20111123 US 8947892 child-doc US 14161001"],
    "cpcInventive": ["G02B7/02 20130101"],
    "usRefGroup": ["US 6249393 B1 Billings 20010600 cited by examiner", "4006340 19770200 Gorinas 219/121P"],
    "foreignRefGroup": ["0 379 828 19891200 EP"],
    "numberOfClaims": "3",
    "claimStatement": "What is claimed is:",
    "abstractHtml": "A coil moves a lens &lt;5 mm.",
    "backgroundTextHtml": "PRIORITY\n(1) This application claims priority.",
    "briefHtml": "TECHNICAL FIELD<br />(1) Lenses.<br />SUMMARY<br />(2) It is held at 10.sup.-6 m.",
    "descriptionHtml": "BRIEF DESCRIPTION OF THE DRAWINGS<br />(1) FIG. <b>1</b> shows it.<br />DETAILED DESCRIPTION"
    "<br />(2) The coil <b>1</b>.",
    "claimsHtml": "1. A drive comprising:<br />a coil.<br /> 2. (canceled)<br /> 3. The drive of claim 1, of copper.",
}


def read(data: bytes | str, name: str = "a.json") -> list[Document | Rejected]:
    data = data.encode() if isinstance(data, str) else data
    parser = recognise(data[:8192])
    assert parser is not None
    return list(parser.read(io.BytesIO(data), Source(name)))


def one(data: bytes | str, name: str = "a.json") -> Document:
    (document,) = read(data, name)
    assert isinstance(document, Document)
    return document


def headings(document: Document) -> list[tuple[SectionKind, str]]:
    return [(section.kind, section.heading) for section in document.texts[0].sections[1:]]


# ---- BRS


def test_a_brs_record_is_read_whole() -> None:
    document = one(BRS)
    data = document.biblio
    assert document.number is not None
    assert document.number.compact == "US9204581B2"
    assert [(n.role.value, n.compact) for n in document.numbers[1:]] == [
        ("application", "US13676098"),
        ("publication", "US20130120958A1"),
        ("priority", "US61559247"),
        ("parent", "US13303416"),
    ]
    assert ("parent_patents", "US8947892") in data.supplied
    assert (data.title, data.ipc, data.cpc) == ("Lens drive for a telephone", ("G02B 7/02",), ("G02B 7/021",))
    assert (data.inventors, data.owners) == ((Party("Hana Kim", "KR"),), (Party("EXAMPLE INC.", "KR"),))
    assert data.cites == ("US20030169838A1", "JP2010045940")
    assert headings(document) == [
        (SectionKind.abstract, ""),
        (SectionKind.field, "1. Field"),
        (SectionKind.solution, "SUMMARY"),
        (SectionKind.embodiments, "DETAILED DESCRIPTION"),
        (SectionKind.claims, "What is claimed is:"),
    ]
    assert (document.texts[0].claims[1].depends_on, document.defects) == ((1,), ())


def test_several_brs_records_in_one_file_are_told_apart() -> None:
    found = read(BRS + BRS.replace("9204581", "9204582"))
    assert [(d.source.item, d.number.digits) for d in found if isinstance(d, Document) and d.number] == [
        (0, "9204581"),
        (1, "9204582"),
    ]


# ---- the public search


def test_a_patent_of_the_public_search_is_read_whole() -> None:
    document = one(json.dumps([PATENT]))
    data = document.biblio
    assert [(n.role.value, n.compact) for n in document.numbers] == [
        ("grant", "US9145216B2"),
        ("application", "US14161001"),
        ("priority", "KR1020130006789"),
        ("parent", "US13303416"),
    ]
    assert ("parent_patents", "US8947892") in data.supplied
    assert data.inventors == (Party("Hana Kim", "KR"), Party("Ben Ito", "US"))
    assert data.cites == ("US6249393B1", "US4006340", "EP0379828")
    assert headings(document) == [
        (SectionKind.abstract, ""),
        (SectionKind.support, "PRIORITY"),
        (SectionKind.field, "TECHNICAL FIELD"),
        (SectionKind.solution, "SUMMARY"),
        (SectionKind.drawings, "BRIEF DESCRIPTION OF THE DRAWINGS"),
        (SectionKind.embodiments, "DETAILED DESCRIPTION"),
        (SectionKind.claims, "What is claimed is:"),
    ]
    text = document.texts[0]
    assert [text.quote(claim.span) for claim in text.claims] == [
        "A drive comprising:\na coil.",
        "",
        "The drive of claim 1, of copper.",
    ]
    assert "10⁻⁶ m" in text.text
    assert "FIG. 1 shows" in text.text
    assert "<5 mm" in text.text


def test_paragraph_numbers_of_an_application_are_labels_and_its_canceled_range_is_kept() -> None:
    record = PATENT | {
        "guid": "US-20230009372-A1",
        "type": "US-PGPUB",
        "numberOfClaims": None,
        "briefHtml": "BACKGROUND<br />[0002] Lenses.",
        "claimsHtml": "<b>1</b>-<b>19</b>. (canceled) <br /> <b>20</b>. A method.",
    }
    document = one(json.dumps(record))
    assert document.biblio.publication_date is not None
    assert document.biblio.grant_date is None
    assert [paragraph.label for paragraph in document.texts[0].paragraphs if paragraph.label] == ["0002"]
    claims = document.texts[0].claims
    assert (len(claims), [claim.number for claim in claims if not claim.deleted]) == (20, [20])


def test_what_was_read_by_ocr_is_marked() -> None:
    document = one(json.dumps(PATENT | {"type": "USOCR", "guid": "US-T942010-I4"}))
    assert "text-from-ocr" in [defect.code for defect in document.defects]


def test_the_entries_of_a_search_have_no_text() -> None:
    entry = {key: value for key, value in PATENT.items() if not key.endswith("Html")}
    document = one(json.dumps({"numFound": 1, "perPage": 500, "patents": [entry]}))
    assert document.texts[0].read_from.value == "title"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ('{"message": "Too many requests"}', "message"),
        ('{"id":null,"numResults":1,"ignorePersist":true}', "count"),
        ('{"numFound":0,"perPage":500,"patents":[]}', "search"),
        ('{"results":[{"proceedingNumber":"IPR2013-00001"}]}', "trial"),
        ('<?xml version="1.0"?><response><lst><int name="QTime">1</int></lst></response>', "assignment"),
    ],
)
def test_answers_without_patents_are_rejected_by_name(answer: str, kind: str) -> None:
    (found,) = read(answer)
    assert isinstance(found, Rejected)
    assert (found.code, found.values) == ("answer-without-patents", (("kind", kind),))


def test_json_that_is_cut_gives_what_stood_before() -> None:
    first, second = read(json.dumps([PATENT, PATENT])[:-40])
    assert isinstance(first, Document)
    assert isinstance(second, Rejected)
    assert second.code == "line-broken"


def test_unpaired_surrogates_and_nul_in_json_are_replaced() -> None:
    document = one(json.dumps(PATENT).replace("Lens drive", "Lens \\ud83d\\u0000 drive"))
    assert "characters-replaced" in [defect.code for defect in document.defects]
    document.texts[0].text.encode()


def test_deep_json_is_refused_quickly() -> None:
    started = time.monotonic()
    (found,) = read('{"guid":"US-1-A","x":' + "[" * 200_000)
    assert isinstance(found, Rejected)
    assert time.monotonic() - started < 5


def test_a_value_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_values, "MAX_VALUE_CHARS", 300_000)
    (found,) = read(json.dumps(PATENT | {"descriptionHtml": "x" * 2_000_000}))
    assert isinstance(found, Rejected)
    assert found.code == "patent-too-large"


# ---- recordings


def recording(body: str, quote: str = "'") -> str:
    return (
        'interactions:\n- request:\n    body: \'{"guid": "US-1-A"}\'\n    method: GET\n    uri: https://x\n'
        f"  response:\n    content: {quote}{body}{quote}\n    headers:\n      a:\n      - b\n    status_code: 200\n"
        "- request:\n    body: ''\n  response:\n    content: '{ \"message\": \"Too many requests\" }'\nversion: 1\n"
    )


def test_the_patents_in_recorded_answers_are_read() -> None:
    body = json.dumps(PATENT | {"inventionTitle": "Ben's lens drive"}).replace("'", "''").replace(", ", ",\n      ")
    document = one(recording(body), "a.yaml")
    assert document.biblio.title == "Ben's lens drive"
    assert len(document.texts[0].claims) == 3


def test_a_body_in_double_quotes_is_read() -> None:
    body = json.dumps(json.dumps(PATENT | {"inventionTitle": "Lens 드라이브"}))[1:-1].replace(
        "drive", "dr\\\n      ive"
    )
    assert one(recording(body, '"'), "a.yaml").biblio.title == "Lens 드라이브"


def test_a_recording_without_patents_is_rejected() -> None:
    (found,) = read(recording('{"numResults":1,"ignorePersist":true}'), "a.yaml")
    assert isinstance(found, Rejected)
    assert (found.code, found.values) == ("answer-without-patents", (("kind", "recording"),))


def test_a_recording_that_is_cut_ends_quietly() -> None:
    assert len(read(recording(json.dumps(PATENT))[:900], "a.yaml")) == 1


# ---- printed lines


def line(text: str, n: int, *, column: int = 1, x: float = 78, width: float = 216, page: int = 2) -> dict[str, Any]:
    return {
        "page": page, "column": column, "lineNumber": n, "text": text, "hasWrapHyphen": text.endswith("-"),
        "x": x, "y": 700 - 10 * n, "width": width, "height": 9, "section": "description",
    }  # fmt: skip


LINES = [
    line("LENS DRIVE FOR A", 1, x=108, width=100),
    line("TELEPHONE", 2, x=120, width=80),
    line("BACKGROUND OF THE", 4, x=130, width=90),
    line("INVENTION", 5, x=140, width=50),
    line("The present lens is specifically held by a coil, as speci-", 6, x=87, width=207),
    line("fically shown, and the telephone has many such parts 10", 10, width=226),
    line("of a kind that is known and seen in telephones sold con", 11),
    line("tinuously today.", 12, width=60),
    line("A second paragraph goes on here with more words of it", 13, x=87, width=207),
    line("to the end of the column.", 14, width=90),
    line("What is claimed is:", 1, column=2, x=322, width=70),
    line("1. A drive comprising:", 2, column=2, x=322, width=100),
    line("a coil; and", 3, column=2, x=330, width=50),
    line("a magnet.", 4, column=2, x=330, width=40),
    line("2 . The drive of claim 1.", 5, column=2, x=322, width=100),
    line("k k k k k", 6, column=2, x=380, width=50),
]


def test_printed_lines_become_a_patent_with_the_places_of_its_lines() -> None:
    document = one(json.dumps(LINES), "cases/US9145216.json")
    text = document.texts[0]
    assert document.number is not None
    assert document.number.digits == "9145216"
    assert document.biblio.title == "LENS DRIVE FOR A TELEPHONE"
    assert headings(document)[:1] == [(SectionKind.background, "BACKGROUND OF THE INVENTION")]
    assert [text.quote(p.span) for p in text.paragraphs[1:]] == [
        "The present lens is specifically held by a coil, as specifically shown, and the telephone has many such parts "
        "of a kind that is known and seen in telephones sold continuously today.",
        "A second paragraph goes on here with more words of it to the end of the column.",
    ]
    assert [text.quote(claim.span) for claim in text.claims] == [
        "A drive comprising:\na coil; and\na magnet.",
        "The drive of claim 1.",
    ]
    assert [text.quote(box.span)[:12] for box in text.layout][:3] == ["The present ", "fically show", "of a kind th"]
    assert [defect.code for defect in document.defects] == ["number-from-file-name", "text-from-ocr"]


def test_lines_without_a_number_in_the_file_name_say_so() -> None:
    assert "number-missing" in [defect.code for defect in one(json.dumps(LINES), "lines.json").defects]


def test_odd_lines_do_not_stop_the_reading() -> None:
    odd: list[Any] = [None, 5, {"text": 3}, {"text": "x", "page": True, "x": "a", "column": 1e308}]
    assert one(json.dumps([*LINES, *odd])).texts[0].claims


# ---- the real files


def counts(name: str, suffixes: tuple[str, ...]) -> Counter[str]:
    found: Counter[str] = Counter()
    for unit in units.find([shared_data() / "patents" / name]):
        if isinstance(unit, units.Unit) and unit.member.endswith(suffixes):
            for got in units.read(unit):
                if isinstance(got, Rejected):
                    found[got.code] += 1
                    continue
                found["documents"] += 1
                found["with claims"] += bool(got.texts[0].claims)
                found["claims"] += len(got.texts[0].claims)
                found.update(defect.code for defect in got.defects)
    return found


def test_real_brs_records() -> None:
    assert counts("us_samples.zip", ("css_brs_sample.txt",)) == {"documents": 6, "with claims": 6, "claims": 111}


def test_real_answers_of_the_public_search() -> None:
    assert counts("us_ep_api.zip", ("doc.json",)) == {
        "documents": 31,
        "with claims": 24,
        "claims": 472,
        "text-from-ocr": 10,
        "claim-numbers-missing": 2,
        "claim-refers-to-missing": 4,
    }


def test_real_recordings_of_the_public_search() -> None:
    found = counts("us_ep_api.zip", ("manager_test",)) + counts("us_ep_api.zip", (".yaml",))
    # two of them are answers of the EPO, which its own format reads
    assert (found["documents"], found["with claims"]) == (34, 10)


def test_real_printed_lines() -> None:
    found = counts("us_cite_tool.zip", (".json",))
    assert (found["documents"], found["with claims"], found["claims"]) == (22, 21, 349)
    assert (found["number-from-file-name"], found["text-from-ocr"]) == (22, 22)
