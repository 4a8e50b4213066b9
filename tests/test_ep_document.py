"""EPO publication-server documents: by hand, then all real samples with exact counts."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from datetime import date

from dokhae.parse import recognise
from dokhae.parse.offices.ep_document import EpDocumentXml
from dokhae.types import Document, Party, ReadFrom, Rejected, Role, SectionKind, Source
from tests.office_files import EP_BODY as BODY
from tests.office_files import EP_CLAIMS as CLAIMS
from tests.office_files import ep_xml as xml
from tests.shared import shared_data


def read(data: bytes) -> list[Document | Rejected]:
    return list(EpDocumentXml().read(io.BytesIO(data), Source("ep.xml")))


def document(data: bytes) -> Document:
    [found] = read(data)
    assert isinstance(found, Document), found
    return found


def test_it_is_recognised_by_its_root() -> None:
    parser = recognise(xml()[:8192])
    assert parser is not None
    assert parser.name == "ep-document"


def test_every_number_has_its_role() -> None:
    found = [(number.role.value, number.compact) for number in document(xml()).numbers]
    assert found == [
        ("grant", "EP1234567B1"),
        ("application", "EP05701234"),
        ("pct", "WOEP2005000400"),
        ("pct", "WO2005071111"),
        ("priority", "DE10510"),
        ("priority", "US2004587123"),
        ("parent", "EP04700001"),
        ("parent", "EP1111111"),
    ]


def test_dates_parties_and_classes_are_read() -> None:
    biblio = document(xml()).biblio
    assert (biblio.application_date, biblio.publication_date) == (date(2005, 1, 17), date(2006, 11, 8))
    assert (biblio.grant_date, biblio.priority_date) == (date(2010, 3, 10), date(2004, 1, 20))
    assert biblio.owners == biblio.applicants == (Party("Example Optics & Co.", "GB"),)
    assert biblio.inventors == (Party("Muster, Max", "DE"),)
    assert biblio.ipc == ("G02B 7/02",)
    assert biblio.cites == ("DE2307773A",)
    assert biblio.titles == (("en", "Lens"), ("de", "Linse"))
    assert ("cited_literature", "Optics, vol. 1") in biblio.supplied


def test_claims_of_other_languages_stand_beside() -> None:
    texts = document(xml()).texts
    assert [(text.lang, text.read_from.value, len(text.claims)) for text in texts] == [
        ("en", "full text", 2),
        ("de", "abstract + claims", 2),
    ]
    assert texts[1].claims[1].depends_on == (1,)


def test_a_search_report_alone_is_a_record() -> None:
    found = document(xml('<search-report-data id="srep" lang="en"/>', kind="A3"))
    assert found.number is not None
    assert (found.number.compact, found.number.role) == ("EP1234567A3", Role.publication)
    assert found.texts[0].read_from is ReadFrom.title
    assert found.biblio.publication_date == date(2010, 3, 10)


def test_a_correction_is_a_kind_of_its_own() -> None:
    assert [document(xml(kind=kind)).number.compact for kind in ("B1", "B8", "B9")] == [  # type: ignore[union-attr]
        "EP1234567B1",
        "EP1234567B8",
        "EP1234567B9",
    ]


def test_amended_claims_and_other_sets_of_claims_are_no_claims() -> None:
    amended = """<amended-claims lang="en"><claim num="1"><claim-text>An amended lens with a frame.</claim-text></claim>
    </amended-claims>"""
    other_set = CLAIMS[: CLAIMS.index('<claims id="c2"')].replace("comprising a frame", "for the state of Spain")
    text = document(xml(BODY + CLAIMS + other_set + amended)).texts[0]
    sections = [text.quote(section.span) for section in text.of_kind(SectionKind.amendment)]
    assert len(text.claims) == 2
    assert sections[0].startswith("1. A lens for the state of Spain.")
    assert sections[1] == "1. An amended lens with a frame."


def test_a_document_without_bibliographic_data_is_rejected() -> None:
    [found] = read(b"<ep-patent-document><claims/></ep-patent-document>")
    assert isinstance(found, Rejected)
    assert found.code == "no-bibliographic-data"


def test_all_real_samples_are_read() -> None:
    found: list[Document | Rejected] = []
    with zipfile.ZipFile(shared_data() / "patents" / "ep_eps.zip") as samples:
        for name in sorted(name for name in samples.namelist() if name.endswith(".xml")):
            found += EpDocumentXml().read(io.BytesIO(samples.read(name)), Source(name))
    read_ = [one for one in found if isinstance(one, Document)]
    assert (len(found), len(read_)) == (33, 33)
    kinds = Counter(one.number.kind for one in read_ if one.number)
    assert kinds == {"A1": 11, "A2": 8, "B1": 7, "B2": 7}
    assert Counter(defect.code for one in read_ for defect in one.defects) == {"markup-mended": 4}
    assert Counter(one.texts[0].lang for one in read_) == {"en": 27, "de": 6}
    assert Counter(len(one.texts) for one in read_) == {1: 19, 3: 14}
    assert Counter(one.texts[0].read_from.value for one in read_) == {"full text": 26, "title": 7}
