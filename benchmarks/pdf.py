"""Every PDF of the shared data accounted for: documents by office, rejections, defects, totals, speed; and OCR.

    python benchmarks/pdf.py                  # text layers only
    python benchmarks/pdf.py --ocr            # scans too, by tesseract
    python benchmarks/pdf.py --errors 2       # OCR's character errors: 2 pages of every 6th Korean gazette, rendered

In: shared/data/patents/kr_pdf.  Out: tables on standard output.  A character error is an edit between what OCR read of
a rendered page and what its text layer says, white space apart.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from dokhae.parse.pdf import GazettePdf, ocr
from dokhae.parse.pdf.layout import arrange
from dokhae.parse.pdf.pages import Line, Pdf
from dokhae.parse.settings import Ocr, ParseSettings, in_force
from dokhae.types import Document, Source

HERE = Path(__file__).resolve()


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--ocr", action="store_true")
    options.add_argument("--errors", type=int, default=0)
    given = options.parse_args()
    folder = next(path for above in HERE.parents if (path := above / "shared/data/patents/kr_pdf").is_dir())
    paths = sorted(folder.glob("*.pdf"))
    if given.errors:
        errors(paths, n_pages=given.errors)
    else:
        account(paths, Ocr.auto if given.ocr else Ocr.off)


def account(paths: list[Path], mode: Ocr) -> None:
    formats: Counter[str] = Counter()
    rejected: Counter[str] = Counter()
    defects: Counter[str] = Counter()
    totals: Counter[bool] = Counter()
    n_pages, seconds = 0, 0.0
    for path in paths:
        data = path.read_bytes()
        with Pdf(data) as opened:
            n_pages += len(opened)
        started_s = time.process_time()
        with path.open("rb") as stream, in_force(ParseSettings(mode)):
            (made,) = GazettePdf().read(stream, Source(str(path)))
        seconds += time.process_time() - started_s
        if not isinstance(made, Document):
            rejected[made.code] += 1
            print(f"rejected {made.code}: {path.name}")
            continue
        formats[made.source.format] += 1
        defects.update(defect.code for defect in made.defects)
        if made.biblio.printed_claims is not None:
            n_claims = sum(not claim.deleted for claim in made.texts[0].claims)
            totals[n_claims == made.biblio.printed_claims] += 1
        if made.texts[0].is_ocr:
            print(f"OCR {made.number and made.number.compact}: {len(made.texts[0].claims)} claims, {path.name}")
    print(f"{len(paths)} files, {n_pages} pages: {dict(formats)}, rejected {dict(rejected)}")
    print(f"defects: {dict(defects)}")
    print(f"printed totals of claims: {totals[True]} of {totals.total()} agree")
    speed = f"{n_pages / seconds:.0f} pages/s, {len(paths) / seconds:.1f} documents/s"
    print(f"{seconds:.1f} s of one core, without tesseract: {speed}")


def errors(paths: list[Path], *, n_pages: int) -> None:
    tesseract = ocr.find()
    if tesseract is None:
        raise SystemExit("tesseract is not installed")
    reader = tesseract.reading("kor")
    n_letters = n_wrong = n_read = 0
    n_words = n_word_ends = 0
    seconds = 0.0
    korean = [path for path in paths if not path.name.startswith("KR-10-")]
    for path in korean[::6]:
        with Pdf(path.read_bytes()) as opened:
            for number in range(3, 3 + n_pages):
                printed = [_whole(line) for line in opened.lines(number)]
                truth = "".join("".join(printed).split())
                if len(truth) < 500 or not any("가" <= letter <= "힣" for letter in truth):
                    continue
                started_s = time.perf_counter()
                words = reader.words(opened.picture(number, dots_per_inch=reader.dots_per_inch))
                seconds += time.perf_counter() - started_s
                lines = [_whole(line) for line in arrange(words, page=number, width=opened.size(number)[0])]
                n_wrong += edits(truth, "".join("".join(lines).split()))
                n_letters += len(truth)
                n_read += 1
                n_words += sum(line.count(" ") for line in printed)
                n_word_ends += sum(line.count(" ") for line in lines)
                print(
                    f"{path.name} p. {number}: {n_wrong / n_letters:.2%} so far, {seconds / n_read:.1f} s a page",
                    flush=True,
                )
    print(f"{n_read} pages, {n_letters} letters: {n_wrong / n_letters:.2%} wrong, {seconds / n_read:.1f} s a page")
    print(f"spaces printed in lines {n_words}, read {n_word_ends}")


def _whole(line: Line) -> str:
    """A line with the paragraph number before it."""
    return f"[{line.label}] {line.text}" if line.label else line.text


def edits(a: str, b: str) -> int:
    """Insertions, deletions and replacements that make ``b`` of ``a``."""
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        above, row[0] = row[:], i
        for j, other in enumerate(b, 1):
            row[j] = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != other))
    return row[-1]


if __name__ == "__main__":
    main()
