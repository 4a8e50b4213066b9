"""Where fuzzing begins: good files, small ones, by the parser that reads them.

In: folders, files, archives.  Out: pieces of at most some bytes by parser's name, "archives" for those that hold them.
A long file that may be cut is cut; of the rest the small ones are taken.
"""

from __future__ import annotations

import ast
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from lxml import etree

from dokhae.parse import HEAD_BYTES, cut_mark, recognise
from dokhae.parse.dokhae_jsonl import to_line
from dokhae.parse.files.archives import Limits, Trouble
from dokhae.parse.files.packed import open_packed, packing_of
from dokhae.parse.files.zips import ZIP_MAGIC, is_office_file, members, open_member, open_zip
from tests import office_files
from tests.build import document
from tests.packing import PACKERS, tarred, zipped
from tests.uspto_files import as_of_2002, pap, sgml

ARCHIVES = "archives"
SEED_BYTES = 60_000
MOST_SEEDS = 200
MOST_ALIKE, MOST_CHARS, MOST_LINES = 3, 200, 200
_LONG_STRING = re.compile(rb'("[^"\\\n]{200})[^"\\\n]*(?=")')


def of_files(paths: Iterable[Path], *, seed_bytes: int = SEED_BYTES) -> dict[str, list[bytes]]:
    """The seeds in all files under ``paths``, small ones first."""
    found: dict[str, set[bytes]] = defaultdict(set)
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                for data in _unpacked(file.read_bytes()):
                    _take(found, data, seed_bytes)
    return {name: sorted(seeds, key=lambda s: (len(s), s))[:MOST_SEEDS] for name, seeds in found.items()}


def shrunk(data: bytes) -> bytes:
    """A file of the same shape with less in it, so that thousands are read a second: of each list its beginning.

    >>> shrunk(b"<?xml version='1.0'?><a><p>1</p><p>2</p><p>3</p><p>4</p><q>5</q></a>")
    b"<?xml version='1.0'?><a><p>1</p><p>2</p><p>3</p><q>5</q></a>"
    """
    head, found, rest = data.partition(b"?>") if data.startswith(b"<?xml") else (b"", b"", data)
    try:
        root = etree.fromstring(rest, etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True))
    except etree.XMLSyntaxError:
        lines = data.splitlines(keepends=True)[:MOST_LINES] if data[:4] != b"%PDF" and b"\0" not in data else [data]
        return _LONG_STRING.sub(rb"\1", b"".join(lines))
    for parent in list(root.iter()):
        _shrink(parent)
    before = rest[: rest.find(b"<" + etree.QName(root).localname.encode())] if b"<!DOCTYPE" in rest[:2000] else b""
    return head + found + before + etree.tostring(root, encoding="utf-8")


def _shrink(parent: etree._Element) -> None:
    seen: Counter[object] = Counter()
    for element in list(parent):
        seen[element.tag] += 1
        if seen[element.tag] > MOST_ALIKE:
            parent.remove(element)
        elif element.tail and len(element.tail) > MOST_CHARS:
            element.tail = element.tail[:MOST_CHARS]
    if parent.text and len(parent.text) > MOST_CHARS:
        parent.text = parent.text[:MOST_CHARS]


def synthetic(folder: Path, *, with_pdf: bool = True) -> dict[str, list[bytes]]:
    """Seeds of made-up patents (``dokhae.sample``), in our own format too."""
    from dokhae.sample import FORMATS, write

    forms = [form for form in FORMATS if with_pdf or form != "kr-pdf"]
    write(folder, count=2 * len(forms), seed=7, formats=forms)
    found = of_files([folder / "patents"])
    documents = [
        document("US 7654321 B2", claims=["A.", "B of claim 1."]),
        document("KR 10-1910347 B1", problem="흔들린다."),
    ]
    found["uspto-patdoc"] = [sgml(), as_of_2002(sgml()), sgml() + sgml(number="06500002")]
    found["uspto-pap"] = [pap(), pap() + pap()]
    found["dokhae-jsonl"] = [b"".join(map(to_line, documents))]
    found["office-xml"] = [xml.encode() for xml in office_files.ALL]
    found["ep-document"] = [office_files.EP]
    found["ops-xml"] = [office_files.OPS]
    for name, seeds in of_tests().items():
        found[name] = sorted({*found.get(name, ()), *seeds}, key=lambda s: (len(s), s))
    return found


def of_tests() -> dict[str, set[bytes]]:
    """The files that tests are made of: every string written out in tests/ that a parser takes for its own."""
    found: dict[str, set[bytes]] = defaultdict(set)
    for path in sorted(Path(__file__).parents[1].glob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes) and len(node.value) > 60:
                written = node.value.encode("utf8", "replace") if isinstance(node.value, str) else node.value
                _take(found, written, SEED_BYTES)
    return found


def archives_of(seeds: Mapping[str, Sequence[bytes]]) -> list[bytes]:
    """Archives of every kind around small seeds."""
    small = sorted((data for name in seeds for data in seeds[name] if len(data) < 8000), key=len)
    files = {f"특허 {n}.xml": data for n, data in enumerate(small[:4])}
    made = [zipped(files), tarred(files), zipped({"in.tar": tarred(files), "b.gz": PACKERS["gz"](small[0])})]
    made += [pack(tarred(files)) for pack in PACKERS.values()] + [pack(small[0]) for pack in PACKERS.values()]
    return [*made, tarred({"가" * 90: small[0]}), PACKERS["gz"](zipped(files))]


def _unpacked(data: bytes) -> Iterator[bytes]:
    """The file itself, or what it packs: the beginning of a packed file, the members of a zip."""
    if packing := packing_of(data):
        yield open_packed(packing, io.BytesIO(data), Limits()).read(10 * SEED_BYTES)
        return
    if not data.startswith(ZIP_MAGIC):
        yield data
        return
    try:
        with open_zip(io.BytesIO(data), Limits()) as archive:
            if is_office_file(archive):
                yield data
                return
            for member in members(archive):
                if not member.refused:
                    yield from _unpacked(open_member(archive, member.info, Limits()).read())
    except Trouble:
        return


def _take(found: dict[str, set[bytes]], data: bytes, seed_bytes: int) -> None:
    parser = recognise(data[:HEAD_BYTES])
    if parser is None:
        return
    mark = cut_mark(parser)
    starts = [m.start(m.lastgroup or 0) for m in mark.finditer(data)] if mark else []
    pieces = [data[start:end] for start, end in pairwise([*starts, len(data)])]
    for piece in [data, *pieces[: 2 * MOST_SEEDS]]:
        small = shrunk(piece)
        if 0 < len(small) <= seed_bytes or (parser.name.endswith("pdf") and len(small) < 10 * seed_bytes):
            found[parser.name].add(small)
