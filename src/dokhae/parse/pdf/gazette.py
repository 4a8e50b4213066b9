"""Gazettes as PDF, of any office: recognised by what their first pages say, read by that office's module.

In: a PDF.  Out: its document, or ``Rejected`` (encrypted, broken, a scan nothing here can read, no gazette).  A page
without a text layer is read by OCR where tesseract is installed, and only where something is missing without it.
What came from OCR is labelled so, and its numbers are to be checked.  Never reads drawings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib import import_module
from typing import BinaryIO, Protocol, cast

from dokhae.parse.files.archives import read_up_to
from dokhae.parse.pdf import ocr
from dokhae.parse.pdf.pages import Pdf, PdfBrokenError, PdfEncryptedError
from dokhae.parse.pdf.sheets import Sheets
from dokhae.parse.settings import current
from dokhae.types import Defect, Document, Rejected, SectionKind, Source

# What depends on the programs of this machine is a matter of opening the file: adding it again tries once more.
_STAGE = "find"
MOST_BYTES = 512 * 1024 * 1024
MOST_OCR_PAGES = 400
# First pages -> office.  Order matters: a front page also names the offices of its priorities and of its PCT phase.
_SIGNS = {
    "KR": r"대한민국\s*특허청|(?:등록|공개|공고)\s*(?:특허|실용신안|디자인)\s*(?:공보|[\d특실-])",
    "JP": r"日\s*本\s*国\s*特\s*許\s*庁|特許公報|^(?:\(\d+\) ?)?JP\s?[\d-]+\s|【特許請求の範囲】|【課題】",
    "US": r"United States (?:\S+ )?Patent|Patent Application Publication|^US ?[\d,]{9,10} ?[BE]\d?$",
    "EP": r"European Patent (?:Application|Specification)|Europäische Patent|Europäisches Patentamt",
    "WO": r"Patent Cooperation Treaty|World Intellectual Property|^WO ?\d{4}/\d{6}|Traité de coopération"
    r"|특허협력조약|세계지식재산권기구|特許協力条約|专利合作条约",
    "CN": r"国家知识产权局|发明专利|实用新型专利",
}
_OFFICES = {office: re.compile(sign, re.I | re.M) for office, sign in _SIGNS.items()}
READERS = {
    "KR": "dokhae.parse.pdf.korean",
    "JP": "dokhae.parse.pdf.japanese",
    "US": "dokhae.parse.pdf.american",
    "EP": "dokhae.parse.pdf.european",
    "WO": "dokhae.parse.pdf.international",
}
# of the first page, which names people in two scripts, and of the others
_KOREAN, _JAPANESE, _ENGLISH = (("kor", "eng"), ("kor",)), (("jpn",), ("jpn",)), (("eng",), ("eng",))
_LANGUAGES = {"KR": _KOREAN, "JP": _JAPANESE, "US": _ENGLISH, "EP": _ENGLISH}
_HANGUL, _KANA = re.compile(r"[가-힣]"), re.compile(r"[ぁ-ヿ]")


class Office(Protocol):
    """The module of one office."""

    def read(self, sheets: Sheets, source: Source) -> Document: ...


class GazettePdf:
    """Parser of gazette PDFs; other PDFs are claimed too, and rejected with the reason."""

    name = "pdf"
    version = "1"

    def claims_file(self, head: bytes) -> bool:
        return b"%PDF-" in head[:1024]

    def read(self, stream: BinaryIO, source: Source) -> Iterator[Document | Rejected]:
        source = replace(source, format=self.name)
        data = read_up_to(stream, MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            yield Rejected.of(source, "pdf-too-large", limit=MOST_BYTES // 1_000_000)
            return
        try:
            with Pdf(data) as pdf:
                yield _read(Sheets(pdf), source)
        except PdfEncryptedError:
            yield Rejected.of(source, "pdf-encrypted")
        except PdfBrokenError as error:
            yield Rejected.of(source, "pdf-broken", reason=str(error).rstrip("."))


def _read(sheets: Sheets, source: Source) -> Document | Rejected:
    if not len(sheets):
        return Rejected.of(source, "pdf-broken", reason="no pages")
    tesseract = ocr.find() if current().ocr == "auto" else None
    is_scan = sheets.is_scan()
    if is_scan:
        rejected = _recognise_all(sheets, tesseract, source)
        if rejected is not None:
            return rejected
    office = office_of(_first_pages(sheets))
    if office is None or office not in READERS:
        return _not_read(sheets, office, tesseract, source)
    reader = cast(Office, import_module(READERS[office]))
    document = reader.read(sheets, source)
    if tesseract is not None and not is_scan:
        try:
            if _recognise_missing(sheets, document, tesseract, office):
                document = reader.read(sheets, source)
        except ocr.OcrFailedError as error:
            document = replace(document, defects=(*document.defects, Defect.of("ocr-failed", reason=error)))
    return _labelled(document, sheets)


def office_of(text: str) -> str | None:
    """The office whose gazette starts with ``text``.

    >>> office_of("(19) United States\\n(12) Patent Application Publication\\n(86) PCT No.: PCT/KR2013/1")
    'US'
    """
    squeezed = re.sub(r"[^\S\n]", "", text)  # OCR parts the syllables of large print
    return next((office for office, sign in _OFFICES.items() if sign.search(text) or sign.search(squeezed)), None)


def _first_pages(sheets: Sheets) -> str:
    return "\n".join(line.text for number in list(sheets.numbers())[:2] for line in sheets.lines_of(number))


def _not_read(sheets: Sheets, office: str | None, tesseract: ocr.Tesseract | None, source: Source) -> Rejected:
    if office is not None:
        return Rejected.of(source, "pdf-office-not-yet", office=office)
    if sheets.read_by_ocr and tesseract is not None and tesseract.missing:
        return Rejected.of(source, "ocr-language-missing", stage=_STAGE, missing=", ".join(tesseract.missing))
    return Rejected.of(source, "pdf-not-a-gazette")


# ---- OCR


def _recognise_all(sheets: Sheets, tesseract: ocr.Tesseract | None, source: Source) -> Rejected | None:
    """Reads every page of a scan: the first with all languages, to know the office and with it the language."""
    if tesseract is None:
        return Rejected.of(source, "no-text-layer", stage=_STAGE, pages=len(sheets))
    if len(sheets) > MOST_OCR_PAGES:
        return Rejected.of(source, "ocr-too-many-pages", pages=len(sheets), limit=MOST_OCR_PAGES)
    try:
        office = _office_of_scan(sheets, tesseract)
        if office in READERS:
            front, body = _languages(office, sheets)
            sheets.recognise([1], tesseract.reading(*front))
            sheets.recognise(list(sheets.numbers())[1:], tesseract.reading(*body))
    except ocr.OcrFailedError as error:
        return Rejected.of(source, "ocr-failed", stage=_STAGE, reason=error)
    return None if sheets.read_by_ocr else Rejected.of(source, "no-text-layer", stage=_STAGE, pages=len(sheets))


def _office_of_scan(sheets: Sheets, tesseract: ocr.Tesseract) -> str | None:
    """The office, read from the first pages: each language draws the letters of the others into its own."""
    pages = list(sheets.numbers())[:2]
    for languages in (ocr.WANTED, ("eng",), ("kor",)):
        sheets.recognise(pages, tesseract.reading(*languages))
        if office := office_of(_first_pages(sheets)):
            return office
    return None


def _languages(office: str | None, sheets: Sheets) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The languages to read the first page and the others in; an international application has its own."""
    if office in _LANGUAGES:
        return _LANGUAGES[office]
    first = _first_pages(sheets)
    if len(_HANGUL.findall(first)) > 40:
        return _KOREAN
    return _JAPANESE if len(_KANA.findall(first)) > 20 else _ENGLISH


def _recognise_missing(sheets: Sheets, document: Document, tesseract: ocr.Tesseract, office: str) -> bool:
    """Reads the pages on which what is missing may stand; whether there were any."""
    kinds = {section.kind for text in document.texts for section in text.sections}
    wanted: set[int] = set()
    if not document.biblio.title:
        wanted.add(1)
    if SectionKind.claims not in kinds or len(kinds) < 3:
        wanted.update(sheets.blank())
    if wanted and len(wanted) <= MOST_OCR_PAGES:
        front, body = _languages(office, sheets)
        sheets.recognise([number for number in sorted(wanted) if number == 1], tesseract.reading(*front))
        sheets.recognise([number for number in sorted(wanted) if number > 1], tesseract.reading(*body))
    return bool(wanted)


def _labelled(document: Document, sheets: Sheets) -> Document:
    """``document`` with what OCR had a part in said so."""
    pages = sheets.read_by_ocr
    if not pages:
        return document
    numbers = ", ".join(dict.fromkeys(number.written for number in document.numbers))
    defects = [
        Defect.of("pages-from-ocr", pages=_ranges(pages), total=len(sheets)),
        Defect.of("ocr-number-to-check", numbers=numbers or "-"),
    ]
    is_body = any(number > 1 for number in pages) or len(sheets) == 1
    texts = tuple(replace(text, is_ocr=is_body) for text in document.texts)
    return replace(document, texts=texts, defects=(*document.defects, *defects))


def _ranges(numbers: Sequence[int]) -> str:
    """
    >>> _ranges([1, 2, 3, 7])
    '1-3, 7'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)
