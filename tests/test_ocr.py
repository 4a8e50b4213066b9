"""Scans: what OCR reads becomes the same document, labelled; what is missing is said.  A fake reads a scan's twin."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from dokhae.engine import Done, Item
from dokhae.engine.processes import ProcessEngine
from dokhae.library.codec import pack_text, unpack_text
from dokhae.messages import say
from dokhae.parse.files.units import find
from dokhae.parse.pdf import GazettePdf, ocr
from dokhae.parse.pdf.pages import Pdf, Picture, Word
from dokhae.parse.settings import Ocr, ParseSettings, in_force
from dokhae.types import Defect, Document, ReadFrom, Rejected, SectionKind, Source
from tests.test_western_pdf import US_BODY, US_FRONT, US_SHEET
from tests.western_gazette import pdf


@dataclass(frozen=True, slots=True)
class Twin(ocr.Tesseract):
    """Reads from a PDF with text what stands on the picture of its page; the pictures tell by their size which."""

    twin: bytes = b""

    def reading(self, *languages: str) -> Twin:
        return self

    def words(self, picture: Picture) -> list[Word]:
        with Pdf(self.twin) as opened:
            return opened.words(round(picture.height) - 792 + 1)


def blank(n_pages: int) -> bytes:
    """A scan: pages without a word, each a point higher than the one before."""
    out = BytesIO()
    canvas = Canvas(out)
    for index in range(n_pages):
        canvas.setPageSize((612, 792 + index))
        canvas.rect(100, 100, 50, 50)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def read(data: bytes) -> Document | Rejected:
    (made,) = GazettePdf().read(BytesIO(data), Source("scan.pdf"))
    return made


@pytest.fixture
def twin(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = Twin("tesseract", ocr.WANTED, ocr.WANTED, twin=pdf(US_FRONT, US_SHEET, US_BODY))
    monkeypatch.setattr(ocr, "find", lambda: fake)


@pytest.mark.usefixtures("twin")
def test_a_scan_becomes_the_document_its_words_say_and_is_labelled() -> None:
    made = read(blank(3))
    assert isinstance(made, Document)
    assert made.number is not None
    assert made.number.compact == "US7654321B2"
    assert [claim.number for claim in made.texts[0].claims] == [1, 2]
    assert made.texts[0].is_ocr
    assert made.texts[0].read_from is ReadFrom.full_text_ocr
    assert Defect.of("pages-from-ocr", pages="1-3", total=3) in made.defects
    (numbers,) = (dict(d.values)["numbers"] for d in made.defects if d.code == "ocr-number-to-check")
    assert numbers.startswith("US 7,654,321 B2")


@pytest.mark.usefixtures("twin")
def test_the_label_of_a_text_is_kept_and_is_no_part_of_its_digest() -> None:
    made = read(blank(3))
    assert isinstance(made, Document)
    text = made.texts[0]
    assert unpack_text(*pack_text(text)) == text
    with in_force(ParseSettings(Ocr.off)):
        printed = read(pdf(US_FRONT, US_SHEET, US_BODY))
    assert isinstance(printed, Document)
    assert printed.texts[0].digest == text.digest


@pytest.mark.usefixtures("twin")
def test_ocr_switched_off_leaves_a_scan_rejected() -> None:
    with in_force(ParseSettings(Ocr.off)):
        made = read(blank(3))
    assert isinstance(made, Rejected)
    assert made.code == "no-text-layer"


@pytest.mark.usefixtures("twin")
def test_pages_without_text_are_read_where_something_is_missing() -> None:
    """The front page and the drawings have a text layer, the description and the claims are a picture."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=(612, 792))
    canvas.setFont("Times-Roman", 9)
    for y, line in enumerate(
        (
            "(12) United States Patent",
            "(10) Patent No.: US 7,654,321 B2",
            "(54) LENS ACTUATOR",
            "(57) ABSTRACT",
            "A lens.",
        )
    ):
        canvas.drawString(60, 760 - 12 * y, line)
    canvas.showPage()
    for index in (1, 2):
        canvas.setPageSize((612, 792 + index))
        canvas.rect(100, 100, 50, 50)
        canvas.showPage()
    canvas.save()
    made = read(out.getvalue())
    assert isinstance(made, Document)
    assert [claim.number for claim in made.texts[0].claims] == [1, 2]
    assert Defect.of("pages-from-ocr", pages="2-3", total=3) in made.defects


@pytest.mark.usefixtures("twin")
def test_a_document_that_is_whole_is_not_read_by_ocr() -> None:
    made = read(pdf(US_FRONT, US_SHEET, US_BODY))
    assert isinstance(made, Document)
    assert not made.texts[0].is_ocr
    assert made.defects == ()


@pytest.mark.usefixtures("twin")
def test_a_text_layer_without_letters_counts_as_none() -> None:
    from tests.kr_gazette import gazette

    made = read(gazette(tuple("\ue012\ue013\ue014 (cid:12)(cid:7)" for _ in range(30)), head="\ue000"))
    assert not (isinstance(made, Document) and "\ue012" in made.texts[0].text)


def test_too_long_a_scan_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "find", lambda: Twin("tesseract", ocr.WANTED, ocr.WANTED))
    made = read(blank(401))
    assert isinstance(made, Rejected)
    assert (made.code, dict(made.values)) == ("ocr-too-many-pages", {"pages": "401", "limit": "400"})


def test_a_missing_language_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = Twin("tesseract", ("eng",), ("eng",), twin=blank(1))
    words = [Word(f"w{i}", 60.0, 700.0 - 12 * i, 90.0, 709.0 - 12 * i) for i in range(20)]
    monkeypatch.setattr(Twin, "words", lambda self, picture: words)
    monkeypatch.setattr(ocr, "find", lambda: fake)
    made = read(blank(1))
    assert isinstance(made, Rejected)
    assert (made.code, dict(made.values)) == ("ocr-language-missing", {"missing": "kor, jpn"})
    assert "apt install tesseract-ocr-kor" in say(made.code, "en", dict(made.values))


def test_a_program_that_fails_is_a_rejection_not_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "find", lambda: ocr.Tesseract("no-such-program", ocr.WANTED, ocr.WANTED))
    made = read(blank(1))
    assert isinstance(made, Rejected)
    assert (made.code, made.stage) == ("ocr-failed", "find")


def test_long_ocr_is_not_taken_for_a_hung_worker(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text("x")
    events = list(ProcessEngine(workers=1, time_limit_s=1.5).map(_beats, [5]))
    assert [type(event) for event in events] == [Item, Done]


def _beats(n: int) -> Iterator[str]:
    """Work that is silent for longer than the limit, but for its signs of life."""
    import time

    from dokhae import pulse

    for _ in range(n):
        time.sleep(0.6)
        pulse.beat()
    yield "done"


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_a_real_scan_is_read_by_the_real_program() -> None:
    tesseract = ocr.find()
    if tesseract is None or "eng" not in tesseract.installed:
        pytest.skip("tesseract without English")
    made = read(_picture_of(pdf(US_FRONT, US_BODY)))
    assert isinstance(made, Document)
    assert made.number is not None
    assert made.number.compact == "US7654321B2"
    assert [claim.number for claim in made.texts[0].claims] == [1, 2]
    kinds = {section.kind for section in made.texts[0].sections}
    assert kinds >= {SectionKind.abstract, SectionKind.background, SectionKind.solution, SectionKind.claims}


def _picture_of(data: bytes) -> bytes:
    """The same pages as pictures, without a word in them."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=(612, 792))
    with Pdf(data) as opened:
        for number in range(1, len(opened) + 1):
            picture = opened.picture(number, dots_per_inch=200)
            canvas.drawImage(ImageReader(BytesIO(picture.pgm)), 0, 0, 612, 792)
            canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_a_scan_without_tesseract_is_tried_again_when_the_file_is_added_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dokhae.engine.serial import SerialEngine
    from dokhae.library import adding
    from dokhae.library.folder import open_to_write

    path = tmp_path / "scan.pdf"
    path.write_bytes(blank(3))
    assert list(find([path]))
    monkeypatch.setattr(ocr, "find", lambda: None)
    with open_to_write(tmp_path / "a.study", create=True) as store:
        assert adding.add(store, [path], engine=SerialEngine()).added == 0
        fake = Twin("tesseract", ocr.WANTED, ocr.WANTED, twin=pdf(US_FRONT, US_SHEET, US_BODY))
        monkeypatch.setattr(ocr, "find", lambda: fake)
        assert adding.add(store, [path], engine=SerialEngine()).added == 1
        assert list(store.rejected()) == []
