"""Greenbook: USPTO grants of 1976-2001 as text."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from dokhae.parse import recognise
from dokhae.parse.files import units
from dokhae.parse.files.archives import Limits
from dokhae.parse.uspto import tagged
from dokhae.parse.uspto.dot_codes import decode_dots
from dokhae.parse.uspto.wrapped import Words, join
from dokhae.types import Document, Party, Rejected, Role, SectionKind, Source
from tests.greenbook import HEADER, design, patent
from tests.shared import shared_data


def read(text: str | bytes) -> list[Document | Rejected]:
    data = text if isinstance(text, bytes) else text.encode()
    parser = recognise(data[:8192])
    assert parser is not None
    assert parser.name == "greenbook"
    return list(parser.read(io.BytesIO(data), Source("a.txt")))


def one(text: str | bytes) -> Document:
    (document,) = read(text)
    assert isinstance(document, Document)
    return document


def kinds(document: Document) -> list[SectionKind]:
    return [section.kind for section in document.texts[0].sections]


def test_a_file_is_recognised_after_a_line_of_the_tape() -> None:
    assert [d.number.digits for d in map(one, [HEADER + patent(), patent()]) if d.number] == ["5987654", "5987654"]


@pytest.mark.parametrize(
    ("wku", "digits", "category"),
    [
        ("059876549", "5987654", "invention"),
        ("05987654", "5987654", "invention"),
        ("D02423458", "D242345", "design"),
        ("RE0287671", "RE28767", "invention"),
        ("PP0039873", "PP3987", "plant"),
        ("H00000019", "H1", "invention"),
        ("T09470014", "T947001", "invention"),
    ],
)
def test_the_number_is_read_without_its_check_digit(wku: str, digits: str, category: str) -> None:
    kind = {"design": "4", "plant": "6"}.get(category, "1")
    document = one(patent(wku=wku, kind=kind))
    assert document.number is not None
    assert (document.number.digits, document.number.kind, document.category) == (digits, None, category)


def test_a_wrong_check_digit_is_told_and_the_number_kept() -> None:
    document = one(patent(wku="039373755"))
    assert document.number is not None
    assert document.number.digits == "3937375"
    assert [d.code for d in document.defects] == ["check-digit-differs"]


def test_the_application_has_the_series_in_front_and_no_check_digit() -> None:
    application = one(patent()).of_role(Role.application)
    assert application is not None
    assert application.digits == "08951555"


def test_lines_that_go_on_belong_to_their_field() -> None:
    document = one(patent(title="Lens drive for a\n      telephone"))
    assert document.biblio.title == "Lens drive for a telephone"
    (abstract,) = document.texts[0].of_kind(SectionKind.abstract)
    assert document.texts[0].quote(abstract.span) == "A coil moves a lens."


def test_parties_priorities_parents_classes_and_citations_are_read() -> None:
    groups = (
        "INVT\nNAM  Kim; Hana\nCTY  Seoul\nCNT  KRX\nINVT\nNAM  Smith, Jr.; John\nSTA  IA\n"
        "ASSG\nNAM  Example Optics\n"
        "CNT  KRX\nPRIR\nCNT  KRX\nAPD  19960819\nAPN  96-34567\n"
        "RLAP\nCOD  72\nAPN  123456\nAPD  19950301\nPNO  5432100\n"
        "CLAS\nOCL  359824\nICL  G02B  702\nICL  H04N  5225\nUREF\nPNO  3937375\nISD  19760210\nNAM  Daniels\nFREF\n"
        "PNO  1234567\nCNT  GBX\nLREP\nFRM  Law Firm\nPCTA\nPCN  PCT/KR96/00123\nPCP  WO97/01234\n"
    )
    document = one(patent(groups=groups))
    data = document.biblio
    assert data.inventors == (Party("Hana Kim", "KR"), Party("John Smith, Jr.", "US"))
    assert (data.owners, data.applicants) == ((Party("Example Optics", "KR"),),) * 2
    assert data.ipc == ("G02B 7/02", "H04N 5/225")
    assert data.cites == ("US3937375", "GB1234567")
    assert data.agents == (Party("Law Firm"),)
    assert [(n.role.value, n.office + n.digits) for n in document.numbers[2:]] == [
        ("pct", "WOKR1996000123"),
        ("pct", "WO1997001234"),
        ("priority", "KR1019960034567"),
        ("parent", "US08123456"),
    ]
    assert ("parent_patents", "US5432100") in data.supplied


def test_a_parent_whose_series_the_date_does_not_tell_stays_as_written() -> None:
    document = one(patent(groups="RLAP\nCOD  72\nAPN  123456\nAPD  19790103\n"))
    assert document.of_role(Role.parent) is None
    assert ("earlier_application", "123456 (19790103)") in document.biblio.supplied


def test_a_month_without_a_day_is_no_date() -> None:
    assert one(patent().replace("APD  19970818", "APD  19970800")).biblio.application_date is None


def test_groups_and_headings_make_the_sections() -> None:
    text = (
        "PARN\nPAR  This is a continuation.\nBSUM\nPAR  Lenses shake.\n"
        "PAC  SUMMARY OF THE INVENTION\nPAR  It is held.\n"
        "PAR  1. Field of the Invention\nPAR  Lenses.\nDRWD\nPAR  FIG. 1 shows it.\nDETD\nPAR  The coil 1.\n"
    )
    assert kinds(one(patent(text=text)))[2:-1] == [
        SectionKind.support,
        SectionKind.background,
        SectionKind.solution,
        SectionKind.field,
        SectionKind.drawings,
        SectionKind.embodiments,
    ]


def test_a_typed_table_is_a_section_of_rows_and_cells() -> None:
    table = (
        "TBL                TABLE 1\n\n     ______________________\n\n     Coil      Turns\n\n     a     12.degree.\n"
    )
    document = one(patent(text=f"DETD\nPAR  As follows.\n{table}PAR  That is all.\n"))
    (section,) = document.texts[0].of_kind(SectionKind.table)
    assert document.texts[0].quote(section.span) == "TABLE 1\nCoil\tTurns\na\t12°"
    assert kinds(document)[-3:] == [SectionKind.table, SectionKind.embodiments, SectionKind.claims]


def test_claims_keep_their_steps_as_lines_and_their_dependencies() -> None:
    claims = (
        "NUM  1.\nPAR  1. A drive comprising:\nPA1  a coil; and\nPA1  a magnet\n      of iron.\n"
        "NUM  2.\nPAR  2. The drive of claim 1, wherein the coil is of Al.sub.2 O.sub.3.\n"
    )
    document = one(patent(claims=claims, ncl=2))
    first, second = document.texts[0].claims
    assert document.texts[0].quote(first.span) == "A drive comprising:\na coil; and\na magnet of iron."
    assert document.texts[0].quote(second.span).endswith("is of Al2O3.")
    assert (second.depends_on, document.defects) == ((1,), ())


def test_a_design_has_one_claim_and_a_locarno_class() -> None:
    document = one(design())
    assert [document.texts[0].quote(claim.span) for claim in document.texts[0].claims] == [
        "The ornamental design for a bottle, as shown and described."
    ]
    assert (document.category, ("locarno", "D0901") in document.biblio.supplied) == ("design", True)


def test_the_printed_total_of_claims_is_checked() -> None:
    assert [d.code for d in one(patent(ncl=3)).defects] == ["claim-total-differs"]


def test_many_patents_in_one_file_are_told_apart_and_the_header_counts_as_an_item() -> None:
    found = read(HEADER + patent() + design() + patent(wku="039373754"))
    assert [(d.source.item, d.number.digits) for d in found if isinstance(d, Document) and d.number] == [
        (1, "5987654"),
        (2, "D242345"),
        (3, "3937375"),
    ]


def test_pieces_of_a_long_file_give_what_the_whole_gives(tmp_path: Path) -> None:
    file = tmp_path / "week.txt"
    filler = "DETD\n" + "PAR  The coil moves the lens again and again.\n" * 40
    file.write_text(HEADER + "".join(patent(wku=f"0{5000000 + n}", text=filler) for n in range(40)), newline="\n")
    (whole,) = units.find([file])
    assert isinstance(whole, units.Unit)
    pieces = list(units.find([file], limits=Limits(range_bytes=20_000)))
    assert len(pieces) > 3
    cut = [got for piece in pieces if isinstance(piece, units.Unit) for got in units.read(piece)]
    assert [got.source.item for got in cut] == list(range(1, 41))
    assert [d.number for d in cut if isinstance(d, Document)] == [
        d.number for d in units.read(whole) if isinstance(d, Document)
    ]


def test_a_record_without_number_and_title_is_rejected() -> None:
    (found,) = read("PATN\nWKU  \nSRC  8\n")
    assert isinstance(found, Rejected)
    assert found.code == "record-empty"


def test_a_file_cut_in_the_middle_gives_what_is_there() -> None:
    whole = patent(claims="NUM  1.\nPAR  1. A lens drive comprising a coil.\nNUM  2.\nPAR  2. The drive of cla", ncl=2)
    assert len(one(whole).texts[0].claims) == 2


def test_a_patent_beyond_the_limit_is_left_out_and_the_next_one_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tagged, "MAX_RECORD_BYTES", 5000)
    big = patent(text="DETD\nPAR  " + "x" * 300_000 + "\n")
    first, second = read(patent().replace("PATN", big + "PATN", 1))
    assert isinstance(first, Rejected)
    assert first.code == "patent-too-large"
    assert isinstance(second, Document)


def test_binary_junk_nul_and_latin_letters_do_not_stop_the_reading() -> None:
    data = patent(title="Caf\xe9 \x00 lens").encode("latin-1") + b"\xff\xfe\x00PATN junk\n"
    document = one(data)
    assert document.biblio.title.startswith("Café")
    assert "characters-replaced" in [d.code for d in document.defects]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (".alpha.-phase at 360.degree.", "α-phase at 360°"),
        ("10.sup.-6 cm.sup.2", "10⁻⁶ cm²"),
        ("CO.sub.2, H.sub.2 O", "CO2, H2 O"),
        ("Smart Cut.sup..TM.", "Smart Cut™"),
        (".DELTA.T .ltoreq.5 .mu.m .+-.1", "ΔT ≤5 μm ±1"),
        ("e.g. the U.S. Pat. No. 5.", "e.g. the U.S. Pat. No. 5."),
        ("www.times.com", "www.times.com"),
        (".[.old.]. .Iadd.new.Iaddend.", "[old] new"),
    ],
)
def test_dot_codes_become_characters(written: str, shown: str) -> None:
    assert decode_dots(written) == shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("H.sub.2 O and H.sub.2 SO.sub.4", "H2O and H2SO4"),
        ("the data D.sub.4 In this", "the data D4 In this"),
        ("CO.sub.2 adsorption", "CO2 adsorption"),
    ],
)
def test_a_blank_that_only_ends_a_lowered_figure_is_taken_out_of_formulas(written: str, shown: str) -> None:
    assert decode_dots(written, ends_with_blank=True) == shown


def test_a_hyphen_at_a_line_end_is_decided_by_the_document() -> None:
    words = Words.of(["a microelectronic part", "the thermo-couple is"])
    assert join(["micro-", "electronic"], words) == "microelectronic"
    assert join(["thermo-", "couple"], words) == "thermo-couple"
    assert join(["2-methyl-", "4-ethyl"], words) == "2-methyl-4-ethyl"
    assert join(["editing --", "that is"], words) == "editing -- that is"


def test_long_runs_of_codes_and_blanks_take_no_time() -> None:
    assert decode_dots(".sub.2 " * 20_000, ends_with_blank=True)
    assert decode_dots("Al.sub.2 " * 20_000, ends_with_blank=True)
    assert one(patent(title=" " * 60_000 + "x")).biblio.title == "x"


def test_real_greenbook_files_give_their_patents() -> None:
    file = shared_data() / "patents" / "us_samples.zip"
    found = [
        got
        for unit in units.find([file])
        if isinstance(unit, units.Unit) and unit.member.endswith(".greenbook")
        for got in units.read(unit)
    ]
    documents = [got for got in found if isinstance(got, Document)]
    assert [(d.number.digits, len(d.texts[0].claims), d.defects) for d in documents if d.number] == [
        ("3932709", 17, ()),
        ("3937375", 3, ()),
        ("4347903", 3, ()),
    ]
    assert len(documents[0].texts[0].of_kind(SectionKind.table)) == 7
