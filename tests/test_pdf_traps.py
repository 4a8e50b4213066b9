"""PDFs that are broken, hostile or odd: each ends in a document or a reason, in time and within memory."""

from __future__ import annotations

import time
from dataclasses import replace
from io import BytesIO

import pytest
from reportlab.pdfgen.canvas import Canvas

from dokhae.parse.pdf import GazettePdf, gazette
from dokhae.parse.pdf.layout import arrange
from dokhae.parse.pdf.pages import Pdf, Word
from dokhae.parse.pdf.sheets import is_garbage
from dokhae.parse.settings import Ocr, ParseSettings, in_force
from dokhae.types import Document, Rejected, Source
from tests.test_western_pdf import US_BODY, US_FRONT, US_SHEET
from tests.western_gazette import pdf

NO_PAGES = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R/Size 3>>\n%%EOF"
)


def read(data: bytes) -> Document | Rejected:
    with in_force(ParseSettings(Ocr.off)):
        (made,) = GazettePdf().read(BytesIO(data), Source("a.pdf"))
    return made


def rejected(data: bytes) -> str:
    made = read(data)
    assert isinstance(made, Rejected), made
    return made.code


def test_a_pdf_without_pages_is_broken() -> None:
    assert rejected(NO_PAGES) == "pdf-broken"


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.99])
def test_a_pdf_cut_off_anywhere_gives_a_document_or_a_reason(part: float) -> None:
    whole = pdf(US_FRONT, US_SHEET, US_BODY)
    made = read(whole[: int(part * len(whole))])
    assert isinstance(made, Document | Rejected)


@pytest.mark.parametrize("position", range(0, 4000, 97))
def test_a_pdf_with_a_wrong_byte_never_raises(position: int) -> None:
    data = bytearray(pdf(US_FRONT, US_BODY))
    data[position % len(data)] ^= 0x5A
    assert isinstance(read(bytes(data)), Document | Rejected)


def test_three_thousand_pages_are_read_in_time() -> None:
    out = BytesIO()
    canvas = Canvas(out, pagesize=(612, 792))
    for number in range(3000):
        canvas.drawString(60, 700, f"Minutes of meeting number {number}, which nobody reads.")
        canvas.showPage()
    canvas.save()
    started_s = time.monotonic()
    assert rejected(out.getvalue()) == "pdf-not-a-gazette"
    assert time.monotonic() - started_s < 60


def test_a_page_as_large_as_a_house_is_rendered_small_enough() -> None:
    out = BytesIO()
    canvas = Canvas(out, pagesize=(14_400, 14_400))
    canvas.drawString(60, 700, "x")
    canvas.showPage()
    canvas.save()
    with Pdf(out.getvalue()) as opened:
        assert len(opened.picture(1, dots_per_inch=300).pgm) < 26_000_000


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_turned_pages_read_as_the_upright_ones(rotation: int) -> None:
    pages = (US_FRONT, US_SHEET, US_BODY)
    upright, turned = read(pdf(*pages)), read(pdf(*(replace(page, rotation=rotation) for page in pages)))
    assert isinstance(upright, Document)
    assert isinstance(turned, Document)
    assert turned.number == upright.number
    assert turned.texts[0].text == upright.texts[0].text


def test_a_text_layer_of_garbage_counts_as_none() -> None:
    assert is_garbage("(cid:12)(cid:7)(cid:31) (cid:4)")
    assert is_garbage("\ue012\ue013\uf8fe\ue015 a")
    assert not is_garbage("A film of 3.5 μm, 가스 스크러버 \ue012")
    assert not is_garbage("")


def test_letters_drawn_from_right_to_left_are_words_all_the_same() -> None:
    words = [Word(text, left, 700.0, left + 20, 709.0) for text, left in (("שלום", 400.0), ("עולם", 370.0))]
    (line,) = arrange(words, page=1, width=612)
    assert line.text == "עולם שלום"


def test_too_large_a_file_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gazette, "MOST_BYTES", 1000)
    assert rejected(pdf(US_FRONT)) == "pdf-too-large"


def test_ten_thousand_words_on_one_page_are_arranged_in_time() -> None:
    words = [
        Word(f"w{i}", 20.0 + 7 * (i % 80), 780.0 - 6 * (i // 80), 26.0 + 7 * (i % 80), 785.0 - 6 * (i // 80))
        for i in range(10_000)
    ]
    started_s = time.monotonic()
    assert arrange(words, page=1, width=612)
    assert time.monotonic() - started_s < 10


@pytest.mark.parametrize(
    "filler", ["1" * 3000, "A " * 1500, "(" * 3000, "US " * 1000, "1." * 1500, " ; " * 1000, "-" * 3000]
)
@pytest.mark.parametrize(
    "front", ["United States Patent", "Patent Cooperation Treaty", "European Patent Specification", "日本国特許庁"]
)
def test_long_runs_cost_linear_time(front: str, filler: str) -> None:
    """Lines as long as a page may be hostile: no pattern may run away over them."""
    from importlib import import_module

    from dokhae.parse.pdf.gazette import READERS, office_of
    from dokhae.parse.pdf.pages import Line

    class Fake:
        def __len__(self) -> int:
            return 3

        def lines(self) -> list[Line]:
            texts = (
                front,
                f"(54) {filler}",
                f"(71) {filler}",
                f"(72) {filler}",
                f"(30) {filler}",
                f"(56) {filler}",
                f"(57) {filler}",
            )
            first = [Line(1, text, 60, 300, 700 - 12 * n, 9) for n, text in enumerate(texts)]
            later = [Line(page, filler[n:], 60, 300, 700 - 12 * n, 9) for page in (2, 3) for n in range(20)]
            return [*first, *later]

        arranged = lines

    started_s = time.monotonic()
    module = import_module(READERS[office_of(front) or "US"])
    assert isinstance(module.read(Fake(), Source("a.pdf")), Document)
    assert time.monotonic() - started_s < 10


def test_a_short_pdf_takes_no_memory_for_a_long_one() -> None:
    class Asked(BytesIO):
        most = 0

        def read(self, n_bytes: int | None = -1, /) -> bytes:
            self.most = max(self.most, n_bytes or 0)
            return super().read(n_bytes)

    stream = Asked(b"%PDF-1.4 cut off")
    assert [item.code for item in GazettePdf().read(stream, Source("a.pdf")) if isinstance(item, Rejected)]
    assert 0 < stream.most <= 2**20
