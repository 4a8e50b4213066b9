"""EPO publication-server documents: by hand, then all real samples with exact counts."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from datetime import date

from dokhae.parse import recognise
from dokhae.parse.ep_document import EpDocumentXml
from dokhae.types import Document, Party, ReadFrom, Rejected, Role, SectionKind, Source
from tests.shared import shared_data

BIBLIO = """<SDOBI lang="en"><B100><B110>1234567</B110><B130>{kind}</B130><B140><date>20100310</date></B140>
<B190>EP</B190></B100><B200><B210>05701234.5</B210><B220><date>20050117</date></B220></B200>
<B300><B310>10510</B310><B320><date>20040120</date></B320><B330><ctry>DE</ctry></B330>
<B310>587123 P</B310><B320><date>20040712</date></B320><B330><ctry>US</ctry></B330></B300>
<B400><B430><date>20061108</date></B430><B450><date>20100310</date></B450></B400>
<B500><B510><B516>7</B516><B511> 7G 02B   7/02   A</B511></B510><B540><B541>de</B541><B542>Linse</B542><B541>en</B541>
<B542>Lens</B542></B540><B560><B561><text>DE-A- 2 307 773</text></B561>
<B562><text>Optics, vol. 1</text></B562></B560></B500>
<B600><B620><parent><pdoc><dnum><anum>04700001.2</anum><pnum>1111111</pnum></dnum></pdoc></parent></B620></B600>
<B700><B720><B721><snm>Muster, Max</snm><adr><ctry>DE</ctry></adr></B721></B720>
<B730><B731><snm>Example Optics &amp; Co.</snm><adr><ctry>GB</ctry></adr></B731></B730></B700>
<B800><B860><B861><dnum><anum>EP2005000400</anum></dnum></B861></B860>
<B870><B871><dnum><pnum>WO2005071111</pnum></dnum></B871></B870></B800></SDOBI>"""
CLAIMS = """<claims id="c1" lang="en"><claim num="0001"><claim-text>A lens comprising a frame.</claim-text></claim>
<claim num="0002"><claim-text>The lens of claim 1, wherein the frame is round.</claim-text></claim></claims>
<claims id="c2" lang="de"><claim num="0001"><claim-text>Linse mit einem Rahmen und einer Fassung.</claim-text></claim>
<claim num="0002"><claim-text>Linse nach Anspruch 1, wobei der Rahmen rund ist.</claim-text></claim></claims>"""
BODY = """<description id="desc" lang="en"><heading id="h1">Technical Field</heading>
<p id="p1" num="0001">The invention relates to a lens with a frame.</p></description>"""


def xml(body: str = BODY + CLAIMS, kind: str = "B1") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><ep-patent-document lang="en" country="EP" doc-number="1234567" '
        f'kind="{kind}" date-publ="20100310">{BIBLIO.format(kind=kind)}{body}</ep-patent-document>'
    ).encode()


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
