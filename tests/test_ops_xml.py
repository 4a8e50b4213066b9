"""Answers of the EPO's Open Patent Services."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest

from dokhae.messages import say
from dokhae.parse import recognise
from dokhae.parse.offices.ops import OpsXml
from dokhae.types import Document, Party, Rejected, Source
from tests.office_files import OPS_HEAD as HEAD
from tests.office_files import OPS_IDS as IDS
from tests.office_files import OPS_TAIL as TAIL
from tests.office_files import ops_exchange as exchange
from tests.shared import shared_data


def read(body: str) -> list[Document | Rejected]:
    return list(OpsXml().read(io.BytesIO((HEAD + body + TAIL).encode()), Source("ops.xml")))


def test_an_answer_is_recognised_by_its_root() -> None:
    parser = recognise((HEAD + TAIL).encode())
    assert parser is not None
    assert parser.name == "ops-xml"


def test_each_exchange_document_of_an_answer_is_a_document() -> None:
    found = read(f"<exchange-documents>{exchange('1000000', 'A1')}{exchange('1000000', 'B1')}</exchange-documents>")
    assert [(d.number.compact, d.source.item) for d in found if isinstance(d, Document) and d.number] == [
        ("EP1000000A1", 0),
        ("EP1000000B1", 1),
    ]


def test_numbers_family_and_parties_are_read() -> None:
    [found] = read(exchange("1000000", "A1"))
    assert isinstance(found, Document)
    assert [(n.role.value, n.compact) for n in found.numbers] == [
        ("publication", "EP1000000A1"),
        ("application", "EP99203729"),
        ("priority", "KR1020120016332"),
        ("priority", "NL1010536"),
    ]
    biblio = found.biblio
    assert biblio.family_id == "19768124"
    assert biblio.applicants == (Party("Example B.V.", "NL"),)
    assert (biblio.ipc, biblio.cpc) == (("B28B 1/29",), ("B28B 5/022",))
    assert (biblio.application_date, biblio.priority_date) == (date(1999, 11, 8), date(1998, 11, 12))
    assert "<IMAGE" not in found.texts[0].text


def test_full_text_is_read_with_the_number_of_its_document() -> None:
    [found] = read(
        f"""<ftxt:fulltext-documents><ftxt:fulltext-document system="ops.epo.org"><ftxt:bibliographic-data>
        {IDS.format(office="EP", number="1000000", kind="A1")}</ftxt:bibliographic-data>
        <claims lang="EN"><claim><claim-text>1. Apparatus for making bricks of the clay.</claim-text>
        <claim-text>2. Apparatus as claimed in claim 1 with a frame.</claim-text></claim></claims>
        <description lang="EN"><p>[0001] The invention relates to bricks of the clay.</p></description>
        </ftxt:fulltext-document></ftxt:fulltext-documents>"""
    )
    assert isinstance(found, Document)
    assert found.number is not None
    assert found.number.compact == "EP1000000A1"
    assert [claim.depends_on for claim in found.texts[0].claims] == [(), (1,)]


def test_members_of_a_family_carry_its_id() -> None:
    bare = (
        f'<ops:family-member family-id="77">{IDS.format(office="US", number="6695946", kind="B2")}</ops:family-member>'
    )
    full = f'<ops:family-member family-id="78">{exchange("1000000", "A1")}</ops:family-member>'
    found = read(f"<ops:patent-family>{bare}{full}</ops:patent-family>")
    assert [(d.number.compact, d.biblio.family_id) for d in found if isinstance(d, Document) and d.number] == [
        ("US6695946B2", "77"),
        ("EP1000000A1", "19768124"),
    ]


def test_hits_of_a_search_are_records_of_their_numbers() -> None:
    hit = IDS.format(office="CA", number="3237865", kind="A1").replace(
        "<publication-reference", '<ops:publication-reference family-id="5"'
    )
    hit = hit.replace("</publication-reference", "</ops:publication-reference")
    [found] = read(f"<ops:biblio-search><ops:search-result>{hit}</ops:search-result></ops:biblio-search>")
    assert isinstance(found, Document)
    assert found.number is not None
    assert (found.number.compact, found.biblio.family_id) == ("CA3237865A1", "5")


def test_a_register_entry_is_of_an_application_and_has_its_status() -> None:
    [found] = read(
        """<ops:register-search><reg:register-documents><reg:register-document><reg:bibliographic-data>
        <reg:publication-reference><reg:document-id><reg:country>EP</reg:country><reg:doc-number>4446072</reg:doc-number>
        <reg:kind>A1</reg:kind><reg:date>20241016</reg:date></reg:document-id></reg:publication-reference>
        <reg:application-reference><reg:document-id><reg:country>EP</reg:country><reg:doc-number>24159908</reg:doc-number>
        <reg:date>20240227</reg:date></reg:document-id></reg:application-reference>
        <reg:invention-title lang="en">Bricks</reg:invention-title></reg:bibliographic-data><reg:ep-patent-statuses>
        <reg:ep-patent-status change-date="20251128">The patent has been granted</reg:ep-patent-status>
        </reg:ep-patent-statuses></reg:register-document></reg:register-documents></ops:register-search>"""
    )
    assert isinstance(found, Document)
    assert found.number is None
    assert [n.compact for n in found.numbers] == ["EP4446072A1", "EP24159908"]
    assert found.biblio.status is not None
    assert (found.biblio.status.name, found.biblio.status.as_of) == ("등록", date(2025, 11, 28))


@pytest.mark.parametrize(
    ("body", "service"),
    [
        ("<ops:standardization/>", "number formats (number service)"),
        ("<ops:document-inquiry><ops:inquiry-result/></ops:document-inquiry>", "images of pages"),
        ('<ops:meta name="quota" value="1"/>', "usage"),
        ("<ops:biblio-search/>", "a search without hits"),
    ],
)
def test_an_answer_without_a_document_is_rejected_by_name(body: str, service: str) -> None:
    [found] = read(body)
    assert isinstance(found, Rejected)
    assert (found.code, dict(found.values)) == ("ops-no-document", {"service": service})


def test_an_error_is_told_with_its_reason() -> None:
    fault = b"<fault xmlns='http://ops.epo.org'><code>SERVER.EntityNotFound</code>"
    fault += b"<message>No results found</message></fault>"
    assert OpsXml().claims_file(fault)
    [found] = OpsXml().read(io.BytesIO(fault), Source("ops.xml"))
    assert isinstance(found, Rejected)
    assert say(found.code, "en", dict(found.values)) == (
        "Open Patent Services answered with the error SERVER.EntityNotFound (No results found) instead of documents. "
        "Repeat the request."
    )


def test_all_real_answers_are_read() -> None:
    found: list[Document | Rejected] = []
    n_files = 0
    with zipfile.ZipFile(shared_data() / "patents" / "us_ep_api.zip") as samples:
        for name in sorted(name for name in samples.namelist() if name.endswith(".xml")):
            data = samples.read(name)
            if OpsXml().claims_file(data[:8192]):
                n_files += 1
                found += OpsXml().read(io.BytesIO(data), Source(name))
    compact = [d.number.compact for d in found if isinstance(d, Document) and d.number]
    assert (n_files, compact) == (2, ["EP1000000A1", "EP1000000A1", "EP1000000B1"])
