"""KIPRIS Plus answers: both shapes of records, and the counts of the sample (scenario B)."""

from __future__ import annotations

import io
from collections import Counter
from datetime import date

from dokhae.parse.files.units import Unit, find, read
from dokhae.parse.offices.kipris import KiprisXml
from dokhae.types import Document, ReadFrom, Rejected, Role, Source
from tests.shared import shared_data

CAPITALS = """<?xml version="1.0" encoding="UTF-8"?><response><header><resultCode></resultCode></header><body><items>
<PatentUtilityInfo>
<Applicant>주식회사 가나|다라대학교산학협력단</Applicant><ApplicationDate>20131014</ApplicationDate>
<ApplicationNumber>1020130121923</ApplicationNumber><Abstract>펌프에 관한 것으로...(이하생략)</Abstract>
<InventionName>벨로우즈 펌프</InventionName><SerialNumber>1</SerialNumber>
<InternationalpatentclassificationNumber>F04B 43/08|F04B 9/135</InternationalpatentclassificationNumber>
<OpeningDate></OpeningDate><OpeningNumber></OpeningNumber><PublicDate>20141230</PublicDate>
<RegistrationDate>20141222</RegistrationDate><RegistrationNumber>1014769820000</RegistrationNumber>
<RegistrationStatus>등록</RegistrationStatus>
</PatentUtilityInfo></items></body></response>"""
LOWER = """<?xml version="1.0" encoding="UTF-8"?><response><header><resultCode>00</resultCode></header><body><items>
<item><indexNo>1</indexNo><inventionTitle>렌즈 모듈</inventionTitle><applicationNumber>2020100000299</applicationNumber>
<applicationDate>20100230</applicationDate><openNumber>2020110007300</openNumber><openDate>20110721</openDate>
<astrtCont>렌즈를 제공한다.</astrtCont><applicantName>홍길동</applicantName><registerStatus>공개</registerStatus></item>
</items></body></response>"""


def _read(xml: str) -> list[Document | Rejected]:
    return list(KiprisXml().read(io.BytesIO(xml.encode()), Source("a.xml")))


def _one(xml: str) -> Document:
    (document,) = _read(xml)
    assert isinstance(document, Document)
    return document


def test_a_record_with_capitalised_names_is_read_in_full() -> None:
    document = _one(CAPITALS)
    assert document.number is None
    assert {(n.role, n.digits) for n in document.numbers} == {
        (Role.application, "1020130121923"),
        (Role.grant, "101476982"),
    }
    biblio = document.biblio
    assert biblio.title == "벨로우즈 펌프"
    assert [party.name for party in biblio.applicants] == ["주식회사 가나", "다라대학교산학협력단"]
    assert (biblio.application_date, biblio.grant_date) == (date(2013, 10, 14), date(2014, 12, 22))
    assert biblio.ipc == ("F04B 43/08", "F04B 9/135")
    assert biblio.status is not None
    assert biblio.status.name == "등록"
    assert biblio.supplied == (("PublicDate", "20141230"),)


def test_a_cut_abstract_is_marked_and_its_mark_is_not_text() -> None:
    (text,) = _one(CAPITALS).texts
    assert text.read_from is ReadFrom.cut_abstract
    assert text.text == "벨로우즈 펌프\n펌프에 관한 것으로\n"


def test_a_record_with_lower_case_names_is_read_and_its_impossible_date_is_a_defect() -> None:
    document = _one(LOWER)
    assert document.category == "utility_model"
    assert document.biblio.application_date is None
    assert [(d.code, dict(d.values)["written"]) for d in document.defects] == [("date-unreadable", "20100230")]


def test_an_answer_that_failed_and_an_empty_one_are_rejected_with_the_reason() -> None:
    failed = "<response><header><resultCode>30</resultCode><resultMsg>SERVICE KEY</resultMsg></header></response>"
    (item,) = _read(failed)
    assert isinstance(item, Rejected)
    assert (item.code, dict(item.values)) == ("kipris-error", {"result": "30", "reason": "SERVICE KEY"})
    (empty,) = _read("<response><body/></response>")
    assert isinstance(empty, Rejected)
    assert empty.code == "no-records"


def test_a_record_without_number_and_title_is_rejected_and_the_next_is_read() -> None:
    items = _read(LOWER.replace("<item>", "<item></item><item>"))
    assert [item.code if isinstance(item, Rejected) else "read" for item in items] == ["record-empty", "read"]
    assert [item.source.item for item in items] == [0, 1]


def test_the_sample_has_the_applications_statuses_and_filings_an_analyst_counted() -> None:
    path = shared_data() / "patents" / "kr_kipris_xml.zip"
    documents = [d for unit in find([path]) if isinstance(unit, Unit) for d in read(unit) if isinstance(d, Document)]
    assert len(documents) == 3325
    applications: dict[str, Document] = {}
    for document in documents:
        applications.setdefault(next(n.digits for n in document.numbers if n.role is Role.application), document)
    ones = list(applications.values())
    assert len(ones) == 1329
    assert Counter(d.category for d in ones) == {"invention": 1308, "utility_model": 21}
    statuses = {"등록": 764, "공개": 335, "거절": 100, "소멸": 99, "취하": 18, "포기": 13}
    assert Counter(d.biblio.status.name for d in ones if d.biblio.status) == statuses
    assert sum(len(d.biblio.applicants) > 1 for d in ones) == 286
    assert sum(d.texts[0].abstract_is_cut for d in ones) == 69
    years = Counter(d.biblio.application_date.year for d in ones if d.biblio.application_date)
    assert [years[y] for y in (2022, 2023, 2024)] == [255, 108, 8]


DETAIL = """<?xml version="1.0" encoding="UTF-8"?><response><header><resultCode>00</resultCode></header><body><item>
<biblioSummaryInfoArray><biblioSummaryInfo><applicationNumber>1020200065151</applicationNumber>
<applicationDate>20200529</applicationDate><inventionTitle>이송 장치</inventionTitle>
<inventionTitleEng>CONVEYING DEVICE</inventionTitleEng><openNumber>1020210147000</openNumber>
<registerNumber>1023456780000</registerNumber><registerStatus>등록</registerStatus><claimCount>3</claimCount>
</biblioSummaryInfo></biblioSummaryInfoArray>
<ipcInfoArray><ipcInfo><ipcNumber>B65G 57/00</ipcNumber></ipcInfo><ipcInfo><ipcNumber>B65G 61/00</ipcNumber></ipcInfo>
</ipcInfoArray><abstractInfoArray><abstractInfo><astrtCont>이송 장치에 관한 것이다.</astrtCont></abstractInfo>
</abstractInfoArray><claimInfoArray><claimInfo><claim>1. 로봇과
2) 제어부를 포함하는 이송 장치.</claim></claimInfo><claimInfo><claim>2. 삭제</claim></claimInfo>
<claimInfo><claim>3. 제1항에 있어서, 카메라를 더 포함하는 이송 장치.</claim></claimInfo></claimInfoArray>
<applicantInfoArray><applicantInfo><name>주식회사 가나</name><country>대한민국</country></applicantInfo>
<applicantInfo><name>다라 주식회사</name></applicantInfo></applicantInfoArray><agentInfoArray/>
<priorityInfoArray><priorityInfo><priorityApplicationCountry>미국</priorityApplicationCountry>
<priorityApplicationNumber>US62/751,234</priorityApplicationNumber>
<priorityApplicationDate>20190531</priorityApplicationDate></priorityInfo></priorityInfoArray>
<priorArtDocumentsInfoArray><priorArtDocumentsInfo><documentsNumber>KR1020190085654 A</documentsNumber>
<examinerQuotationFlag>Y</examinerQuotationFlag></priorArtDocumentsInfo></priorArtDocumentsInfoArray>
</item></body></response>"""


def test_the_detail_of_an_application_is_read_with_its_claims() -> None:
    [found] = _read(DETAIL)
    assert isinstance(found, Document)
    assert [(n.role, n.digits) for n in found.numbers][:3] == [
        (Role.grant, "102345678"),
        (Role.publication, "1020210147000"),
        (Role.application, "1020200065151"),
    ]
    claims = found.texts[0].claims
    assert [(c.number, c.deleted, c.depends_on) for c in claims] == [(1, False, ()), (2, True, ()), (3, False, (1,))]
    assert found.texts[0].quote(claims[0].span) == "로봇과 2) 제어부를 포함하는 이송 장치."
    assert [party.name for party in found.biblio.applicants] == ["주식회사 가나", "다라 주식회사"]
    assert found.biblio.ipc == ("B65G 57/00", "B65G 61/00")
    assert found.biblio.cites == ("KR1020190085654 A",)
    assert found.biblio.priority_date == date(2019, 5, 31)
    assert found.texts[0].read_from is ReadFrom.abstract_and_claims
    assert not found.defects
