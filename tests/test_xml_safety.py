"""XML that is broken, hostile or in another encoding than it says harms neither machine nor neighbours."""

from __future__ import annotations

import io
import time
from collections.abc import Callable

import pytest

from dokhae.messages import say
from dokhae.parse.xml import documents as xml
from dokhae.parse.xml.documents import Parsed, documents, root_name
from dokhae.parse.xml.sgml import as_xml
from dokhae.types import Rejected, Source

HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n'
KOREAN = "카메라 모듈 및 구동 장치의 렌즈"
GERMAN = "Für die Größe der Öffnung ist das Gehäuse übermäßig groß"


def read(data: bytes) -> list[Parsed | Rejected]:
    return list(documents(io.BytesIO(data), Source("a.xml")))


def parsed(data: bytes) -> Parsed:
    [found] = read(data)
    assert isinstance(found, Parsed), found
    return found


def rejected(data: bytes) -> Rejected:
    [found] = read(data)
    assert isinstance(found, Rejected), found
    return found


def words(found: Parsed) -> str:
    return "".join(str(piece) for piece in found.root.itertext())


def declared(encoding: str, text: str) -> str:
    return f'<?xml version="1.0" encoding="{encoding}"?><a>{text}</a>'


def test_documents_in_one_file_are_read_one_by_one_and_counted() -> None:
    found = read(HEAD + b"<a>1</a>\n" + HEAD + b"<b>2</b>")
    assert [(f.source.item, words(f)) for f in found if isinstance(f, Parsed)] == [(0, "1"), (1, "2")]


def test_a_broken_document_does_not_lose_the_next_and_names_its_line_in_the_file() -> None:
    first, second, third = read(HEAD + b"<a>1</a>\n" + HEAD + b"<b>\n<c></b>\n" + HEAD + b"<d>3</d>")
    assert isinstance(first, Parsed)
    assert isinstance(second, Rejected)
    assert isinstance(third, Parsed)
    assert say(second.code, "en", dict(second.values)) == (
        "The XML is broken at line 5 (Opening and ending tag mismatch: c and b). "
        "The file may be cut off: fetch it again, or open it at that line."
    )


def test_truncated_xml_is_rejected_with_the_line_where_it_ends() -> None:
    found = rejected(HEAD + b"<a>\n<b>x")
    assert (found.code, dict(found.values)["line"]) == ("xml-broken", "3")


@pytest.mark.parametrize("chunk", [1, 2, 7, 4096])
def test_a_declaration_split_between_two_reads_still_divides(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml, "_CHUNK_BYTES", chunk)
    assert len(read((HEAD + b"<a/>\n") * 5)) == 5


def test_a_document_too_large_to_be_read_is_skipped_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml, "_CHUNK_BYTES", 64)
    monkeypatch.setattr(xml, "MAX_DOCUMENT_BYTES", 300)
    first, second = read(HEAD + b"<a>" + b"x\n" * 500 + b"</a>\n" + HEAD + b"<b>2</b>")
    assert isinstance(first, Rejected)
    assert first.code == "xml-too-large"
    assert isinstance(second, Parsed)


@pytest.mark.parametrize(
    "declaration",
    [
        '<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;">',
        '<!ENTITY a SYSTEM "file:///etc/passwd">',
        '<!ENTITY % a SYSTEM "http://localhost:1/x"> %a;',
        '<!ENTITY a "no picture NDATA TIF">',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_that_declares_entities_is_not_read(declaration: str, encoding: str) -> None:
    document = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE l [{declaration}]><l>&a;</l>'
    assert rejected(document.encode(encoding)).code == "xml-entities"


def test_entities_hidden_behind_a_long_comment_are_found() -> None:
    padding = b"<!--" + b"x" * 100_000 + b"-->"
    assert rejected(HEAD + padding + b'<!DOCTYPE l [<!ENTITY a "x">]><l>&a;</l>').code == "xml-entities"


def test_the_message_on_entities_says_what_to_do() -> None:
    found = rejected(HEAD + b'<!DOCTYPE l [<!ENTITY lol "x">]><l>&lol;</l>')
    assert say(found.code, "en", dict(found.values)) == (
        "The document at line 1 declares an entity of its own (lol); such documents can blow up or read other files, "
        "so it was not read. Remove the declaration if you trust the file."
    )


def test_declared_pictures_are_no_danger() -> None:
    subset = b'<!NOTATION TIF SYSTEM "t"><!ENTITY D0.TIF SYSTEM "D0.TIF" NDATA TIF>'
    assert words(parsed(HEAD + b'<!DOCTYPE l SYSTEM "no.dtd" [' + subset + b"]><l>q</l>")) == "q"


def test_a_dtd_is_neither_needed_nor_fetched() -> None:
    assert words(parsed(HEAD + b'<!DOCTYPE l SYSTEM "http://192.0.2.1/no.dtd"><l>q</l>')) == "q"


def test_named_characters_are_resolved_without_their_dtd() -> None:
    found = parsed(HEAD + b'<l t="&mgr;">5 &mgr;m &deg;C &Dgr; &ldquo;&amp;&rdquo; <![CDATA[&deg;]]></l>')
    assert words(found) == "5 μm °C Δ “&” &deg;"
    assert found.root.get("t") == "μ"


def test_an_unknown_named_character_stays_as_written_and_is_told() -> None:
    found = parsed(HEAD + b"<l>a&nosuch;b</l>")
    assert words(found) == "a&nosuch;b"
    assert [(d.code, d.values) for d in found.defects] == [("unknown-entity", (("entity", "nosuch"),))]


@pytest.mark.parametrize(
    ("data", "text", "used"),
    [
        (declared("UTF-8", KOREAN).encode("cp949"), KOREAN, "cp949"),
        (declared("UTF-8", GERMAN).encode("cp1252"), GERMAN, "cp1252"),
        (declared("EUC-KR", KOREAN).encode("utf-8"), KOREAN, "utf-8"),
        (declared("no-such-code", KOREAN).encode("utf-8"), KOREAN, "utf-8"),
    ],
)
def test_a_declaration_that_lies_is_not_believed(data: bytes, text: str, used: str) -> None:
    found = parsed(data)
    assert words(found) == text
    assert [(d.code, dict(d.values)["used"]) for d in found.defects] == [("encoding-guessed", used)]


@pytest.mark.parametrize("encoding", ["EUC-KR", "Shift_JIS", "UTF-16", "ISO-8859-1", "UTF-8"])
def test_a_declaration_that_holds_leaves_no_defect(encoding: str) -> None:
    text = {"EUC-KR": KOREAN, "ISO-8859-1": GERMAN}.get(encoding, "カメラ")
    found = parsed(declared(encoding, text).encode(encoding))
    assert (words(found), found.defects) == (text, ())


def test_bytes_that_are_no_text_at_all_are_rejected() -> None:
    found = rejected(declared("UTF-8", "").encode().replace(b"<a>", b"<a>" + bytes(range(128, 256)) * 4))
    assert say(found.code, "en", dict(found.values)) == (
        "The document at line 1 is not in the encoding it declares, nor in UTF-8, "
        "nor in a Japanese, Korean, Chinese or Western one. Save it as UTF-8 and add it again."
    )


@pytest.mark.parametrize("bad", [b"\0", b"\x01", b"&#1;", b"&#xD800;", b"\xed\xa0\x80", b"\xef\xbf\xbf"])
def test_a_forbidden_character_costs_itself_only(bad: bytes) -> None:
    found = parsed(HEAD + b"<l>a" + bad + b"b &#945;</l>")
    assert words(found) == "a\ufffdb α"
    assert [d.code for d in found.defects] == ["characters-replaced"]


@pytest.mark.parametrize(
    "bomb", [b"<a>" * 100_000, b"<a>" * 3000 + b"</a>" * 3000, b"<a>" + b"x" * 11_000_000 + b"</a>"]
)
def test_depth_and_length_beyond_reason_are_refused(bomb: bytes) -> None:
    assert rejected(HEAD + bomb).code == "xml-broken"


def test_white_space_is_no_document() -> None:
    assert read(b" \n\n ") == []


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<us-patent-grant lang="EN">', "us-patent-grant"),
        (b'<?xml version="1.0"?><!DOCTYPE PATDOC SYSTEM "x" [\n<!ENTITY D0 SYSTEM "D0" NDATA TIF>\n', "PATDOC"),
        (b'<!DOCTYPE simple PUBLIC "-//W3C" "x"><patent-document>', "patent-document"),
        (b'<?xml version="1.0"?><!-- <b> --><n:a xmlns:n="x">', "a"),
        (b"%PDF-1.4", ""),
        (b"", ""),
    ],
)
def test_the_root_element_names_the_format(head: bytes, name: str) -> None:
    assert root_name(head) == name


@pytest.mark.parametrize("encode", [lambda s: s.encode("utf-16"), lambda s: s.encode("utf-16-le")])
def test_the_root_element_is_seen_in_wide_characters_too(encode: Callable[[str], bytes]) -> None:
    assert root_name(encode('<?xml version="1.0"?><a>')) == "a"


def test_a_reference_of_thousands_of_digits_costs_no_other_document() -> None:
    endless = HEAD + b"<a>x&#" + b"9" * 5000 + b";y&#x" + b"f" * 5000 + b";z</a>\n"
    first, second = read(endless + HEAD + b"<b>2</b>")
    assert isinstance(first, Parsed)
    assert words(first) == "x\ufffdy\ufffdz"
    assert isinstance(second, Parsed)


def test_a_reference_that_begins_with_noughts_is_still_its_character() -> None:
    assert words(parsed(HEAD + b"<a>\x01&#000000000065;</a>")) == "\ufffdA"


def test_unclosed_sections_are_searched_once() -> None:
    started_s = time.process_time()
    assert rejected(HEAD + b"<a>&mgr;" + b"<![CDATA[" * 8000).code == "xml-broken"
    assert time.process_time() - started_s < 0.5


def test_a_declaration_without_end_is_searched_once() -> None:
    started_s = time.process_time()
    read(b"<?xml " + b'encoding="x" ' * 20_000 + b"\xff<a/>")
    assert time.process_time() - started_s < 0.5


def test_a_document_may_have_64_mb() -> None:
    assert xml.MAX_DOCUMENT_BYTES == 64 * 2**20  # docs/formats.md says so


def test_a_file_of_nothing_but_opened_document_types_takes_linear_time() -> None:
    started = time.process_time()
    as_xml(b"<!DOCTYPE x [" * 100_000)
    assert time.process_time() - started < 2
