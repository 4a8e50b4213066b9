"""USPTO files that hold no publication are named for what they are."""

from __future__ import annotations

import io
from collections import Counter

from dokhae.messages import say
from dokhae.parse import recognise
from dokhae.parse.files import units
from dokhae.types import Rejected, Source
from tests.shared import shared_data

MASTER = b"""<?xml version="1.0" ?>
<uspat:CPCMasterClassificationFile xmlns:uspat="patent:uspto:doc:us:gov"/>"""
PAPER = b"""<?xml version="1.0" encoding="UTF-8"?>
<pat:ClaimsDocument xmlns:pat="urn:us:gov:doc:uspto:patent"><pat:ApplicationHeaderDetails>
<pat:ApplicationNumber>13962724</pat:ApplicationNumber></pat:ApplicationHeaderDetails></pat:ClaimsDocument>"""


def rejected(data: bytes) -> Rejected:
    parser = recognise(data[:8192])
    assert parser is not None
    [found] = parser.read(io.BytesIO(data), Source("a.xml"))
    assert isinstance(found, Rejected)
    return found


def test_a_classification_file_is_no_patent() -> None:
    found = rejected(MASTER)
    assert say(found.code, "en", dict(found.values)) == (
        "The file holds classification symbols (<CPCMasterClassificationFile>), no patents. "
        "Nothing to do: classes are read from the patents themselves."
    )


def test_a_paper_of_an_applications_file_names_its_application() -> None:
    found = rejected(PAPER)
    assert (found.code, dict(found.values)["application"]) == ("file-wrapper-paper", "13962724")


def test_a_document_of_another_office_with_such_a_root_is_not_taken() -> None:
    other = PAPER.replace(b"urn:us:gov:doc:uspto:patent", b"urn:elsewhere")
    assert recognise(other) is None


def test_every_file_of_the_samples_is_accounted_for() -> None:
    counts: Counter[str] = Counter()
    for unit in units.find([shared_data() / "patents" / "us_samples.zip"]):
        assert isinstance(unit, units.Unit)
        if unit.member.endswith((".xml", ".ZIP")):
            for found in units.read(unit):
                counts[found.code if isinstance(found, Rejected) else found.source.format] += 1
    assert counts == {
        "uspto-xml": 8,
        "uspto-pap": 3,
        "uspto-patdoc": 3,
        "classification-file": 2,
        "file-wrapper-paper": 13,
    }


def test_answers_of_the_assignment_search_are_rejected_by_name() -> None:
    answer = b"""<?xml version="1.0" encoding="UTF-8"?><response><result name="response" numFound="1"><doc>
    <str name="reelNo">18247</str><arr name="patAssignorName"><str>EXAMPLE</str></arr></doc></result></response>"""
    parser = recognise(answer)
    assert parser is not None
    [found] = parser.read(io.BytesIO(answer), Source("assignment.xml"))
    assert isinstance(found, Rejected)
    assert (found.code, dict(found.values)) == ("assignment-records", {"root": "response"})
