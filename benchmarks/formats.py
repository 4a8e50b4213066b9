"""What was read of each set of files: the table of docs/formats.md, made by reading every file.

    python benchmarks/formats.py ../shared/data/patents                          # prints the table
    python benchmarks/formats.py ../shared/data/patents --write docs/formats.md  # puts it between its marks there
    python benchmarks/formats.py ../shared/data/patents --set ep_xml.zip         # one set, with every rejected file

In: a folder; each file and folder directly in it is a set.  Out, as markdown: per set its files, the documents found,
how many publications they are (what ``dokhae add`` would count as added), what was rejected and remarked, by code, and
how many have an abstract, a description, claims, each kind of section; then documents a second by format, one core.
Nothing is hidden: a file that gives neither document nor rejection is counted too.  Scans are not read by OCR here:
the table is that of a machine without tesseract (benchmarks/pdf.py tells what OCR gives).
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dokhae.library.packing import Packed, pack
from dokhae.parse.files.units import Unit, find, read
from dokhae.parse.settings import Ocr, ParseSettings, in_force
from dokhae.types import Document, ReadFrom, Rejected, SectionKind

BEGIN, END = "<!-- formats:begin -->", "<!-- formats:end -->"
# in the order a patent is printed; what the table has columns of its own for is left out of "sections"
_DESCRIBED = frozenset({ReadFrom.full_text, ReadFrom.full_text_ocr})
_OWN_COLUMNS = (SectionKind.abstract, SectionKind.claims)


@dataclass
class Tally:
    """What one set, or one format, gave."""

    n_files: int = 0
    n_silent: int = 0
    n_documents: int = 0
    n_claims: int = 0
    n_described: int = 0
    seconds: float = 0.0
    keys: set[str] = field(default_factory=set)
    formats: Counter[str] = field(default_factory=Counter)
    sections: Counter[SectionKind] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    defects: Counter[str] = field(default_factory=Counter)

    def add(self, item: Document | Rejected) -> None:
        if isinstance(item, Rejected):
            self.rejected[item.code] += 1
            return
        packed = pack(item)
        if not isinstance(packed, Packed):
            self.rejected[packed.code] += 1
            return
        self.n_documents += 1
        self.keys.add(packed.key)
        self.formats[item.source.format] += 1
        self.n_described += any(text.read_from in _DESCRIBED for text in item.texts)
        self.n_claims += max((sum(not c.deleted for c in text.claims) for text in item.texts), default=0)
        self.sections.update({section.kind for text in item.texts for section in text.sections if section.span})
        self.defects.update({defect.code for defect in item.defects})


@dataclass
class Speed:
    """How fast one format is read: documents, bytes of the files they came from, seconds."""

    n_documents: int = 0
    n_rejected: int = 0
    n_bytes: int = 0
    seconds: float = 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="its files and folders are the sets")
    parser.add_argument("--write", type=Path, metavar="FILE", help=f"put the tables between {BEGIN} and {END} there")
    parser.add_argument("--set", metavar="NAME", help="this set only; what was rejected is listed")
    given = parser.parse_args()
    paths = [path for path in sorted(given.folder.iterdir()) if given.set in (None, path.name)]
    if not paths:
        sys.exit(f"{given.folder} holds no set {given.set or ''}")
    sets, speeds = {}, defaultdict[str, Speed](Speed)
    for path in paths:
        print(f"{path.name} …", file=sys.stderr, flush=True)
        with in_force(ParseSettings(ocr=Ocr.off)):
            sets[path.name] = tally_of(path, speeds, is_listed=given.set is not None)
    made = "\n".join(markdown(sets, speeds))
    if given.write:
        put_between(given.write, made)
    else:
        print(made)


def tally_of(path: Path, speeds: Mapping[str, Speed], *, is_listed: bool = False) -> Tally:
    """What the files under ``path`` give, read in this process; adds to ``speeds`` by format."""
    tally, began_s = Tally(), time.process_time()
    for unit in find([path]):
        tally.n_files += not isinstance(unit, Unit) or unit.start == 0 or bool(unit.member)
        items = [unit] if isinstance(unit, Rejected) else timed(unit, speeds)
        tally.n_silent += not items and isinstance(unit, Unit) and unit.end is None
        for item in items:
            tally.add(item)
            if is_listed and isinstance(item, Rejected):
                print(f"{item.source}: {item.code} {dict(item.values)}", file=sys.stderr)
    tally.seconds = time.process_time() - began_s
    return tally


def timed(unit: Unit, speeds: Mapping[str, Speed]) -> list[Document | Rejected]:
    began_s = time.process_time()
    items = list(read(unit))
    took_s = time.process_time() - began_s
    documents = Counter(item.source.format for item in items if isinstance(item, Document))
    for name, n in documents.items():
        speed, share = speeds[name], n / documents.total()
        speed.n_documents += n
        speed.seconds += took_s * share
        speed.n_bytes += int(unit.size * share)
    return items


def markdown(sets: Mapping[str, Tally], speeds: Mapping[str, Speed]) -> Iterator[str]:
    total = sum(tally.n_documents for tally in sets.values())
    kinds = [kind for kind in SectionKind if kind not in _OWN_COLUMNS and any(t.sections[kind] for t in sets.values())]
    yield f"{total:,} documents of {sum(tally.n_files for tally in sets.values()):,} files."
    yield ""
    yield "| set | files | documents | publications | rejected | abstract | description | claims (their number) |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|"
    for name, t in sets.items():
        claims = f"{t.sections[SectionKind.claims]:,} ({t.n_claims:,})"
        yield (
            f"| {name} | {t.n_files:,} | {t.n_documents:,} | {len(t.keys):,} | {t.rejected.total():,} "
            f"| {t.sections[SectionKind.abstract]:,} | {t.n_described:,} | {claims} |"
        )
    yield ""
    yield "Documents with each kind of section:"
    yield ""
    yield f"| set | {' | '.join(kind.value.replace('_', ' ') for kind in kinds)} |"
    yield "|---|" + "---:|" * len(kinds)
    for name, t in sets.items():
        if t.n_documents:
            yield f"| {name} | {' | '.join(f'{t.sections[kind]:,}' for kind in kinds)} |"
    yield ""
    yield "What was rejected and remarked, by code ([errors.md](errors.md)); a document counts once for each code:"
    yield ""
    yield "| set | formats | rejected | remarks |"
    yield "|---|---|---|---|"
    for name, t in sets.items():
        silent = f"; {t.n_silent} files gave nothing" if t.n_silent else ""
        yield f"| {name} | {counted(t.formats)} | {counted(t.rejected)}{silent} | {counted(t.defects)} |"
    yield ""
    yield "Speed of one process, in seconds of one core, unpacking and recognising included:"
    yield ""
    yield "| format | documents | seconds | documents/s | packed MB/s |"
    yield "|---|---:|---:|---:|---:|"
    for name, speed in sorted(speeds.items()):
        seconds = max(speed.seconds, 1e-9)
        rates = f"{speed.n_documents / seconds:,.0f} | {speed.n_bytes / 1e6 / seconds:,.1f}"
        yield f"| {name} | {speed.n_documents:,} | {speed.seconds:,.1f} | {rates} |"


def counted(codes: Counter[str]) -> str:
    return ", ".join(f"{code} {n:,}" for code, n in sorted(codes.items(), key=lambda pair: (-pair[1], pair[0]))) or "–"


def put_between(path: Path, made: str) -> None:
    """Replaces what stands between the marks.  Exits where the file has none."""
    written = path.read_text("utf8")
    before, found, rest = written.partition(BEGIN)
    _, found_end, after = rest.partition(END)
    if not (found and found_end):
        sys.exit(f"{path} has no {BEGIN} … {END}")
    path.write_text(f"{before}{BEGIN}\n{made}\n{END}{after}", encoding="utf8")


if __name__ == "__main__":
    main()
