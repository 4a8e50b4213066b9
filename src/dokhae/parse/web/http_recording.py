"""Recorded HTTP answers (cassettes of VCR, YAML) -> the documents of the patents among them.

In: the YAML such recorders write: a list of interactions, each with a request and a response whose body is one quoted
scalar.  Out: the documents that the parsers of this room find in the bodies of the responses, in order.  Bodies that
hold no patent (counts, errors) are passed over; a recording without any is rejected.  This is no YAML reader: it
knows the two ways these files quote a body and reads nothing else; requests, tokens and headers are never looked at.
Source: YAML 1.2, 7.3 (flow scalars); VCR.py.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from dokhae.parse import HEAD_BYTES, recognise
from dokhae.types import Document, Rejected, Source

MAX_BODY_CHARS = 64 * 2**20
_MAX_LINE_BYTES = 64 * 2**20
_HEAD = re.compile(rb"(?:---\s*\n)?interactions:\s*\n- request:")
_PART = re.compile(r"(?:- |  )(request|response):\s*$")
_BODY = re.compile(r"\s{4,8}(?:content|string|body):\s*(['\"])(.*)$", re.S)
_DOUBLE_END = re.compile(r'(?:[^"\\]|\\.)*"', re.S)
_SINGLE_END = re.compile(r"(?:[^']|'')*'(?!')", re.S)
_ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.S)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "b": "\b", "a": "\a", "e": "\x1b", "f": "\f", "v": "\v",
            "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029"}  # fmt: skip


class HttpRecording:
    name = "http-recording"
    version = "1"

    def claims_file(self, head: bytes) -> bool:
        return bool(_HEAD.match(head.removeprefix(b"\xef\xbb\xbf")))

    def read(self, stream: BinaryIO, source: Source) -> Iterator[Document | Rejected]:
        source = replace(source, format=self.name)
        item = 0
        for body in _bodies(stream):
            data = body.encode("utf8", "replace")
            parser = recognise(data[:HEAD_BYTES])
            # a body is a patent answer or nothing: only the formats of services stand in recordings
            if parser is None or parser.name in (self.name, "table"):
                continue
            for got in parser.read(io.BytesIO(data), source):
                if isinstance(got, Rejected) and got.code == "answer-without-patents":
                    continue
                yield replace(got, source=replace(got.source, item=item))
                item += 1
        if not item:
            yield Rejected.of(source, "answer-without-patents", kind="recording")


def _bodies(stream: BinaryIO) -> Iterator[str]:
    """The quoted bodies of the responses."""
    lines = _lines(stream)
    in_response = False
    for line in lines:
        if part := _PART.match(line):
            in_response = part[1] == "response"
        elif in_response and (opened := _BODY.match(line)):
            yield _scalar(opened[1], opened[2], lines)


def _lines(stream: BinaryIO) -> Iterator[str]:
    while raw := stream.readline(_MAX_LINE_BYTES):
        yield raw.decode("utf8", "replace").removesuffix("\n").removesuffix("\r")


def _scalar(quote: str, first: str, lines: Iterator[str]) -> str:
    """A quoted scalar that may go on over lines; what is longer than the limit is cut there and will not parse."""
    end = _SINGLE_END if quote == "'" else _DOUBLE_END
    pieces, n_chars, line = [first], len(first), first
    while not end.match(line) and n_chars <= MAX_BODY_CHARS:
        following = next(lines, None)
        if following is None:
            break
        line = following
        pieces.append(line)
        n_chars += len(line)
    closed = end.match(pieces[-1])
    if closed:
        pieces[-1] = pieces[-1][: closed.end() - 1]
    folded = _folded(pieces, joins_escaped=quote == '"')
    return folded.replace("''", "'") if quote == "'" else _ESCAPE.sub(_unescaped, folded)


def _folded(pieces: list[str], *, joins_escaped: bool) -> str:
    """Lines of a flow scalar as one: a line end is a blank, an empty line a line end, a backslash before it nothing."""
    made: list[str] = [pieces[0]]
    n_empty = 0
    for piece in pieces[1:]:
        text = piece.strip(" \t")
        if not text and piece is not pieces[-1]:
            n_empty += 1
            continue
        before = made[-1]
        if joins_escaped and _ends_escaped(before):
            made[-1] = before[:-1]
            glue = ""
        else:
            made[-1] = before.rstrip(" \t")
            glue = "\n" * n_empty or " "
        made += [glue, text] if glue else [text]
        n_empty = 0
    return "".join(made)


def _ends_escaped(line: str) -> bool:
    return (len(line) - len(line.rstrip("\\"))) % 2 == 1


def _unescaped(match: re.Match[str]) -> str:
    code = match[1]
    if len(code) > 1:
        point = int(code[1:], 16)
        return chr(point) if point < 0x110000 else "\ufffd"
    return _ESCAPED.get(code, code)
