"""Good files -> broken ones, the same for the same seed.

In: the bytes of a file and those of others to mix in.  Out: bytes with one to four faults: flipped bytes, cuts,
ranges deleted, doubled or moved, pieces of other formats, odd numbers and marks in the place of good ones, deep
nesting, long runs, other encodings.  Faults that keep a file readable find more than noise: most of these do.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

MAX_BYTES = 150_000
_DIGITS = re.compile(rb"\d+")
_TAG = re.compile(rb"</?[A-Za-z][^<>]{0,200}>")
_VALUE = re.compile(rb'"[^"\n]{0,200}"|(?<=[:=,\[])\s*-?\d+|null|true|\[\]')
# "²".isdigit() is true and int("²") an error; the same trap, in other letters, lies in every number that is read
_ODD_NUMBERS = (
    "0",
    "00000000",
    "-1",
    "1e309",
    "NaN",
    "9" * 40,
    "9" * 5000,
    "²",
    "③",
    "٣٤",
    "１２３",
    "0x1F",
    "1,2,3",
    "20130230",
    "99999999",
    "00010101",
    "18991231",
    "２０１３",
    "제0항",
    "10-0000-0000000",
    "0/0",
    "½",
)
_ODD_WORDS = (
    "\0",
    "\r",
    "\x85",
    "\u2028",
    "\ufeff",
    "\u202e",
    "\ufffe",
    "\x1b[31m",
    "e\u0301",
    "𝑥",
    "İ",
    "ß",
    "ﬁ",
    "\u3164",
    "\x0b\x0c",
    "1. ",
    "\n1. 2. 3. ",
    "제1항 내지 제99999항 중 어느 한 항에 있어서",
    "according to claims 1 to 999999",
    "any of claims 9-1 or 3, 3",
    "[0001]",
    "【0001】",
    "【청구항 1】",
    "[청구항 0]",
    "BACKGROUND OF THE INVENTION\n",
    "배경기술\n",
    "What is claimed is:\n",
    "&#0;",
    "&#xD800;",
    "&#x110000;",
    "&mgr;",
    "&nosuch;",
    "&amp;amp;",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<?",
    "?>",
    "<?xml version='1.0'?>",
    "<!ENTITY a 'b'>",
    "<!DOCTYPE a [",
    "</",
    "/>",
    "<a ",
    "<p>",
    "</p>",
    "<claim num='0'/>",
    "<claim-ref idref='x'>",
    "<b/><sub>2",
    '"',
    '""',
    "'",
    ",",
    ";",
    "\t",
    "|",
    "\\u0000",
    "\\ud83d",
    "\\",
    "{",
    "}",
    "[",
    "]",
    "null",
    "1e400",
    '{"a":',
    "=1+1",
    "\n\n",
    "\r\n",
    "PATN\n",
    "WKU  0\n",
    "PAL  ",
    "CLMS\nSTM\nNUM  \n",
    "<PATDOC>",
    "<SDOBI>",
    "(이하생략)",
    "A1",
    "B9",
    "(54)",
    "(57)",
)
_RUNS = (
    " ",
    "\n",
    "\t",
    "(",
    "<a>",
    "[",
    "{",
    '["',
    '{"a":',
    '"',
    ",",
    "9",
    "a",
    "가",
    "\0",
    "<",
    "&",
    "-",
    ".",
    "<b>x</b>",
    "claim 1 ",
    "제1항 ",
    "1. ",
    "/",
    "<p",
    "\u0301",
    "&lt;",
    "'",
    "=",
)
_ODD_VALUES = (b"null", b"0", b"-1", b"1e309", b"[]", b"{}", b'""', b"true", b'["a", 1]', b'[["x"]]', b'{"a": 1}')
_ENCODINGS = (
    "utf-16",
    "utf-16-be",
    "utf-16-le",
    "utf-32",
    "cp949",
    "cp1252",
    "shift_jis",
    "utf-8-sig",
    "utf-7",
    "cp037",
)


def mutated(data: bytes, others: Sequence[bytes], rng: random.Random) -> bytes:
    """``data`` with one to four faults."""
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 4))):
        data = rng.choice(_FAULTS)(data, others, rng)[:MAX_BYTES]
    return data


def _place(data: bytes, rng: random.Random) -> int:
    return rng.randint(0, len(data))


def _range(data: bytes, rng: random.Random) -> tuple[int, int]:
    start = _place(data, rng)
    length = min(int(rng.expovariate(1 / 40)) + 1, len(data)) if rng.random() < 0.7 else rng.randint(0, len(data))
    return start, min(start + length, len(data))


def _at(data: bytes, start: int, end: int, new: bytes) -> bytes:
    return data[:start] + new + data[end:]


def _flip(data: bytes, _: Sequence[bytes], rng: random.Random) -> bytes:
    made = bytearray(data)
    for _n in range(rng.choice((1, 1, 2, 8, 64))):
        if made:
            made[rng.randrange(len(made))] = rng.choice((0, 0xFF, rng.randrange(256), made[0] ^ 0x20))
    return bytes(made)


def _cut(data: bytes, _: Sequence[bytes], rng: random.Random) -> bytes:
    at = _place(data, rng)
    return data[:at] if rng.random() < 0.8 else data[at:]


def _delete(data: bytes, _: Sequence[bytes], rng: random.Random) -> bytes:
    return _at(data, *_range(data, rng), b"")


def _double(data: bytes, _: Sequence[bytes], rng: random.Random) -> bytes:
    start, end = _range(data, rng)
    return _at(data, end, end, data[start:end] * rng.choice((1, 1, 1, 2, 20, 20, 300)))


def _move(data: bytes, _: Sequence[bytes], rng: random.Random) -> bytes:
    start, end = _range(data, rng)
    rest = data[:start] + data[end:]
    at = _place(rest, rng)
    return _at(rest, at, at, data[start:end])


def _splice(data: bytes, others: Sequence[bytes], rng: random.Random) -> bytes:
    other = rng.choice(others) if others else data
    start, end = _range(other, rng)
    at, to = _range(data, rng)
    return _at(data, at, to if rng.random() < 0.5 else at, other[start:end])


def _join(data: bytes, others: Sequence[bytes], rng: random.Random) -> bytes:
    return data + rng.choice((b"", b"\n", b"\0")) + (rng.choice(others) if others else data)


def _insert(data: bytes, _: Sequence[bytes], rng: random.Random) -> bytes:
    for _n in range(rng.choice((1, 1, 3, 10))):
        at = _place(data, rng)
        data = _at(data, at, at, rng.choice(_ODD_WORDS).encode("utf-8", "surrogatepass"))
    return data


def _run(data: bytes, _: Sequence[bytes], rng: random.Random) -> bytes:
    at = _place(data, rng)
    return _at(data, at, at, rng.choice(_RUNS).encode() * rng.choice((5, 5, 10, 10, 50, 300, 300, 1500, 20_000)))


def _among(pattern: re.Pattern[bytes], data: bytes, rng: random.Random) -> re.Match[bytes] | None:
    """A match near a random place, else the first."""
    return pattern.search(data, _place(data, rng)) or pattern.search(data)


def _number(data: bytes, _: Sequence[bytes], rng: random.Random) -> bytes:
    for _n in range(rng.choice((1, 2, 8))):
        if match := _among(_DIGITS, data, rng):
            data = _at(data, match.start(), match.end(), rng.choice(_ODD_NUMBERS).encode())
    return data


def _tag(data: bytes, _: Sequence[bytes], rng: random.Random) -> bytes:
    """A tag left out, doubled, made another, or put elsewhere."""
    first, second = _among(_TAG, data, rng), _among(_TAG, data, rng)
    if first is None or second is None:
        return data
    new = rng.choice((b"", first.group() * 2, second.group(), first.group() + second.group(), b"<p>", b"<claim>"))
    return _at(data, first.start(), first.end(), new)


def _element(data: bytes, _: Sequence[bytes], rng: random.Random) -> bytes:
    """A whole element left out, doubled, emptied or nested in itself: the file stays well-formed."""
    opening = _among(_TAG, data, rng)
    if opening is None or opening.group().startswith(b"</"):
        return data
    name = re.match(rb"<[^\s/>]+", opening.group())
    end = data.find(b"</" + name.group()[1:] + b">", opening.end()) if name else -1
    if name is None or end < 0:
        return data
    close = end + len(name.group()) + 2
    inner, whole = data[opening.end() : end], data[opening.start() : close]
    emptied, nested = opening.group() + data[end:close], opening.group() + whole + data[end:close]
    new = rng.choice((b"", whole * rng.choice((2, 2, 2, 50)), emptied, nested, inner))
    return _at(data, opening.start(), close, new)


def _value(data: bytes, _: Sequence[bytes], rng: random.Random) -> bytes:
    """A value of JSON or of an attribute made one of another kind."""
    match = _among(_VALUE, data, rng)
    new = rng.choice(
        (b"null", b"0", b"-1", b"1e309", b"[]", b"{}", b'""', b"true", b'["a", 1]', b'[["x"]]', b'{"text": 1}')
    )
    return _at(data, match.start(), match.end(), new) if match else data


def _lines(data: bytes, _: Sequence[bytes], rng: random.Random) -> bytes:
    lines = [line + b"\n" for line in data[:100_000].split(b"\n")[:-1]]
    if len(lines) < 2:
        return data
    rest = data[sum(map(len, lines)) :]
    at, to = rng.randrange(len(lines)), rng.randrange(len(lines))
    change = rng.randrange(4)
    if change == 0:
        lines[at], lines[to] = lines[to], lines[at]
    elif change == 1:
        lines.pop(at)
    elif change == 2:
        lines.insert(to, lines[at])
    else:
        lines[at] = rng.choice((b"\n", b" " + lines[at], lines[at].rstrip(b"\r\n") + lines[to]))
    return b"".join(lines) + rest


def _encoding(data: bytes, _: Sequence[bytes], rng: random.Random) -> bytes:
    """The whole, or the rest from some place on, in another encoding."""
    at = rng.choice((0, 0, _place(data, rng)))
    return data[:at] + data[at:].decode("utf-8", "replace").encode(rng.choice(_ENCODINGS), "replace")


_FAULTS: tuple[Callable[[bytes, Sequence[bytes], random.Random], bytes], ...] = (
    _flip,
    _cut,
    _delete,
    _double,
    _move,
    _splice,
    _join,
    _insert,
    _insert,
    _run,
    _number,
    _number,
    _tag,
    _element,
    _element,
    _value,
    _lines,
    _encoding,
)
