"""Long, deep, wide and mixed input: read or refused in bounded time and memory, and no other document is lost."""

from __future__ import annotations

import csv
import io
import time
import tracemalloc
from collections.abc import Callable, Iterator
from itertools import repeat
from pathlib import Path

import pytest

from dokhae.parse.files.archives import Limits
from dokhae.parse.files.unpack import read_stream
from dokhae.study import Study
from dokhae.types import Document, Rejected, Source
from tests.build import document
from tests.packing import outcomes, read_all
from tests.streams import CASES, Made

GRANT = (
    '<?xml version="1.0" encoding="{}"?>\n<us-patent-grant><us-bibliographic-data-grant><publication-reference>'
    "<document-id><country>US</country><doc-number>0{}</doc-number><kind>B2</kind></document-id></publication-reference>"
    "<invention-title>{}</invention-title></us-bibliographic-data-grant></us-patent-grant>\n"
)
KOREAN, GERMAN = "카메라 모듈의 렌즈 구동 장치", "Gehäuse für Prüfgeräte"


def _read(pieces: Iterator[bytes], n_bytes: int) -> list[Document | Rejected]:
    return list(read_stream(io.BufferedReader(Made(pieces, n_bytes)), Source("a"), Limits(), depth=0))


def test_documents_of_a_file_may_each_have_an_encoding_of_their_own(tmp_path: Path) -> None:
    encodings = [("UTF-8", KOREAN), ("EUC-KR", KOREAN), ("ISO-8859-1", GERMAN), ("UTF-8", GERMAN)]
    parts = [GRANT.format(name, 7_000_000 + n, title).encode(name) for n, (name, title) in enumerate(encodings)]
    parts.append(GRANT.format("UTF-8", 7_000_009, KOREAN).encode("cp949"))  # one that lies
    (tmp_path / "week.xml").write_bytes(b"".join(parts))
    items = read_all(tmp_path / "week.xml")
    assert [i.biblio.title for i in items if isinstance(i, Document)] == [*(t for _, t in encodings), KOREAN]


def test_lines_in_another_encoding_cost_no_other_line(tmp_path: Path) -> None:
    line = '{{"title": "{}", "abstract": "A lens.", "number": "{}"}}\n'
    parts = [line.format(KOREAN, 7_000_001).encode(), line.format(KOREAN, 7_000_002).encode("cp949"),
             line.format(GERMAN, 7_000_003).encode()]  # fmt: skip
    (tmp_path / "a.jsonl").write_bytes(b"".join(parts))
    assert outcomes(read_all(tmp_path / "a.jsonl")) == ["read", "line-broken", "read"]


def test_ten_thousand_columns_are_read_and_kept(tmp_path: Path) -> None:
    names = ["출원번호", "발명의 명칭", *(f"열 {n}" for n in range(10_000))]
    with (tmp_path / "a.csv").open("w", encoding="utf8", newline="") as out:
        csv.writer(out).writerows([names, ["10-2012-0016332", "렌즈", *map(str, range(10_000))]])
    started_s = time.process_time()
    [found] = read_all(tmp_path / "a.csv")
    assert time.process_time() - started_s < 5
    assert isinstance(found, Document)
    assert len(found.biblio.supplied) == 10_000


SUPPLEMENT = b'<?xml version="1.0"?>\n<sequence-cwu><p>' + b"acgt" * 5000 + b"</p></sequence-cwu>\n"


@pytest.mark.parametrize("make", [CASES["json-lines"], lambda: repeat(SUPPLEMENT)], ids=["lines", "xml"])
def test_memory_does_not_grow_with_the_length_of_a_file(make: Callable[[], Iterator[bytes]]) -> None:
    def peak(n_bytes: int) -> int:
        tracemalloc.start()
        for item in read_stream(io.BufferedReader(Made(make(), n_bytes)), Source("a"), Limits(), depth=0):
            assert item.source.item >= 0
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(100_000)  # what is imported on the way
    assert peak(6_000_000) < peak(3_000_000) + 1_000_000


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("json-line", {"line-broken"}),
        ("own-line", {"line-broken"}),
        ("xml-depth", {"xml-broken"}),
        ("blanks", {"format-unknown"}),
        ("words", {"format-unknown"}),
    ],
)
def test_what_never_ends_is_refused_in_time(name: str, codes: set[str]) -> None:
    started_s = time.process_time()
    assert set(outcomes(_read(CASES[name](), 1_500_000))) == codes
    assert time.process_time() - started_s < 5


def test_one_document_of_many_paragraphs_in_one_line_is_refused_beyond_its_limit_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("dokhae.parse.xml.documents.MAX_DOCUMENT_BYTES", 1_000_000)
    assert outcomes(_read(CASES["xml-line"](), 3_000_000)) == ["xml-too-large"]


def test_one_number_with_different_texts_is_one_patent_of_two_sources_and_the_richer_is_shown(tmp_path: Path) -> None:
    from dokhae.parse.dokhae_jsonl import to_line

    poor = document("US 7654321 B2", title="Lens", problem="It shakes.")
    rich = document("US 7654321 B2", title="Lens", problem="It shakes badly.", claims=["A lens."])
    (tmp_path / "poor.jsonl").write_bytes(to_line(poor))
    (tmp_path / "rich.jsonl").write_bytes(to_line(rich))
    with Study.create(tmp_path / "a.study", workers=0) as study:
        study.add([tmp_path / "rich.jsonl", tmp_path / "poor.jsonl"])
        [patent] = study.patents()
        sources = [Path(source.path).name for source in patent.sources]
        assert study.text("US 7654321 B2").text == rich.texts[0].text
    assert sorted(sources) == ["poor.jsonl", "rich.jsonl"]
