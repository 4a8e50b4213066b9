"""What the user wrote -> a syntax tree, and the tree -> its canonical form (docs/query.md).

In: a query of up to MAX_CHARS.  Out: ``Parsed``: the tree, or InputError with the column and a caret.  Knows nothing of
the index; dialects of other vendors become further parsers to the same tree.  ``canonical(tree)`` parses to ``tree``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import NoReturn

from dokhae.errors import InputError
from dokhae.search import dates
from dokhae.search.fields import CLASSES, DATES, EXACT, FIELDS, TEXTS
from dokhae.types import Defect

MAX_CHARS = 10_000
MAX_DEPTH = 200


@dataclass(frozen=True, slots=True)
class Words:
    """Text to stand in a field (None: title, abstract, claims or description).  how: word, phrase or prefix."""

    text: str
    field: str | None = None
    how: str = "word"


@dataclass(frozen=True, slots=True)
class Value:
    """A number, class, office, kind or language.  A trailing "?" of a number stands for any ending."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Dates:
    """A date within low..high, both included; None: open.  Patents without that date never match."""

    field: str
    low: date | None
    high: date | None


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Node


Node = Words | Value | Dates | And | Or | Not


@dataclass(frozen=True, slots=True)
class Parsed:
    tree: Node
    warnings: tuple[Defect, ...] = ()


def parse(query: str, has_terms: Callable[[str], bool] = bool) -> Parsed:
    """The tree of ``query``.  Words for which ``has_terms`` is false (punctuation) are left out with a warning.

    Raises InputError: query-syntax, query-bracket, query-quote, query-field, query-date, query-class,
    query-wildcard, query-long, query-deep, query-empty.
    >>> canonical(parse("TL=(렌즈*구동)+센서!노이즈").tree)
    '(TL:렌즈 AND TL:구동) OR (센서 AND NOT 노이즈)'
    """
    if len(query) > MAX_CHARS:
        raise InputError("query-long", length=len(query), limit=MAX_CHARS)
    parser = _Parser(query, has_terms)
    tree = parser.query()
    return Parsed(tree, tuple(parser.warnings))


def canonical(node: Node) -> str:
    """``node`` as a query in its plainest form: every operator written out, every field at its word."""
    match node:
        case Words(text, field, how):
            written = {"word": text, "phrase": f'"{text}"', "prefix": f"{text}?"}[how]
            return f"{field}:{written}" if field else written
        case Value(field, value):
            return f'{field}:"{value}"' if value in _OPERATORS else f"{field}:{value}"
        case Dates(field, low, high):
            return f"{field}=[{dates.compact(low)}~{dates.compact(high)}]"
        case Not(part):
            return f"NOT {_bracketed(part)}"
        case And(parts):
            return " AND ".join(map(_bracketed, parts))
        case Or(parts):
            return " OR ".join(map(_bracketed, parts))


def _bracketed(node: Node) -> str:
    return f"({canonical(node)})" if isinstance(node, And | Or) else canonical(node)


# One token of a query.  A word ends at a blank, a bracket, a quote or an operator; "=" and ":" only after a name.
_TOKEN = re.compile(
    r"(?P<blank>\s+)"
    r'|(?P<quote>["“”])'
    r"|(?P<open>[(\[])|(?P<close>[)\]])"
    r"|(?P<field>(?!(?i:and|or|not)\b)[^\W\d_]+)\s*(?P<relation>>=|<=|[:=<>])"
    r"|(?P<operator>[*+!|&])"
    r'|(?P<word>[^\s()\[\]"“”*+!|&?:=<>][^\s()\[\]"“”*+!|&?]*)(?P<any>[*?](?=[\s)\]]|$)|\?(?=[+!|&*]|$))?'
)
_OPERATORS = {"*": "AND", "&": "AND", "+": "OR", "|": "OR", "!": "NOT", "and": "AND", "or": "OR", "not": "NOT"}
# a Korean keyboard may write （렌즈＊구동）; one character for one keeps the columns
_FULL_WIDTH = {ord(char) + 0xFEE0: char for char in '()[]*+!|&:=<>?"'}
_CLOSES = {"(": ")", "[": "]"}
_QUOTES = '"“”'
_DATE_TEXT = re.compile(r"\[[^\]]*\]|[^\s()\[\]*+!|&]+")
_CLASS_TAIL = re.compile(r"\s+(\d{1,4}(?:/\d{1,8})?)(?![\w/])")


class _Parser:
    """Precedence climbing, two frames a bracket.  ``scope``: the field that brackets were opened for."""

    def __init__(self, query: str, has_terms: Callable[[str], bool]) -> None:
        self.text = query.translate(_FULL_WIDTH)
        self.at = 0
        self.depth = 0
        self.warnings: list[Defect] = []
        self._has_terms = has_terms

    def query(self) -> Node:
        tree = self._either(None)
        if self._next():
            self._fail("query-bracket", found=self.text[self.at])
        if tree is None:
            raise InputError("query-empty", query=self.text.strip()[:60])
        return tree

    def _either(self, scope: str | None) -> Node | None:
        """Alternatives of conjunctions, up to a closing bracket or the end; None where no word was left."""
        alternatives: list[Node] = []
        together: list[Node] = []
        operator, lacks_operand = "", True
        while (token := self._next()) and not token["close"]:
            if (found := self._operator(token)) in ("AND", "OR"):
                if lacks_operand:
                    self._fail("query-syntax", found=token[0])
                self.at, operator, lacks_operand = token.end(), found, True
                if operator == "OR":
                    alternatives += _joined(And, together)
                    together = []
                continue
            part = self._operand(token, scope)
            together += () if part is None else (part,)
            lacks_operand = False
        if lacks_operand and (operator or self.depth):
            self._fail("query-syntax", found=token[0] if token else "")
        return next(iter(_joined(Or, alternatives + _joined(And, together))), None)

    def _operand(self, token: re.Match[str], scope: str | None) -> Node | None:
        if self._operator(token) == "NOT":
            return self._negated(token, scope)
        if token["open"]:
            return self._bracket(token, scope)
        if token["quote"]:
            return self._phrase(token, scope)
        if token["field"]:
            return self._in_field(token)
        return self._word(token, scope)

    def _negated(self, token: re.Match[str], scope: str | None) -> Node | None:
        self.at = token.end()
        following = self._next()
        if not following or following["close"] or self._operator(following) in ("AND", "OR"):
            self._fail("query-syntax", found=following[0] if following else "")
        self._deeper()
        part = self._operand(following, scope)
        self.depth -= 1
        return None if part is None else Not(part)

    def _bracket(self, token: re.Match[str], scope: str | None) -> Node | None:
        opened = token.start()
        self._deeper()
        self.at = token.end()
        inside = self._either(scope)
        closing = self._next()
        if not closing or closing["close"] != _CLOSES[token["open"]]:
            self.at = closing.start() if closing else opened
            self._fail("query-bracket", found=closing[0] if closing else token["open"])
        self.at = closing.end()
        self.depth -= 1
        return inside

    def _phrase(self, token: re.Match[str], scope: str | None) -> Node | None:
        start = token.end()
        ends = [at for mark in _QUOTES if (at := self.text.find(mark, start)) >= 0]
        if not ends:
            self._fail("query-quote")
        self.at = min(ends) + 1
        return self._leaf(" ".join(self.text[start : min(ends)].split()), scope, "phrase", token.start())

    def _word(self, token: re.Match[str], scope: str | None) -> Node | None:
        if not token["word"]:
            self._fail("query-wildcard", found=token[0])
        self.at = token.end()
        text = token["word"]
        if scope in CLASSES and (tail := _CLASS_TAIL.match(self.text, self.at)) and text[-1].isalpha():
            self.at = tail.end()
            text += tail[1]
        if token["any"] == "*" and (scope is None or scope in TEXTS):
            self.warnings.append(Defect.of("query-star", word=text))
        return self._leaf(text, scope, "prefix" if token["any"] else "word", token.start())

    def _in_field(self, token: re.Match[str]) -> Node | None:
        name = FIELDS.get(token["field"].casefold())
        if name is None:
            self._fail("query-field", found=token["field"], fields=" ".join(sorted(set(FIELDS.values()))))
        self.at = token.end()
        self._deeper()
        part = self._dates(name, token["relation"]) if name in DATES else self._scoped(name, token["relation"])
        self.depth -= 1
        return part

    def _scoped(self, name: str, relation: str) -> Node | None:
        if relation not in (":", "="):
            self.at -= len(relation)
            self._fail("query-relation", found=relation, field=name)
        following = self._next()
        if not following or following["close"] or following["field"] or self._operator(following):
            self._fail("query-syntax", found=following[0] if following else "")
        return self._operand(following, name)

    def _dates(self, field: str, relation: str) -> Dates:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        written = _DATE_TEXT.match(self.text, self.at)
        found = dates.read(relation, written[0]) if written else None
        if written is None or found is None:
            self._fail("query-date", found=written[0] if written else "", field=field)
        self.at = written.end()
        return Dates(field, *found)

    def _leaf(self, text: str, scope: str | None, how: str, start: int) -> Node | None:
        if scope is not None and scope not in TEXTS:
            value = EXACT[scope](text + ("?" if how == "prefix" else ""))
            if not value:
                self.at = start
                self._fail("query-class" if scope in CLASSES else "query-value", found=text, field=scope)
            return Value(scope, value)
        if not self._has_terms(text):
            self.warnings.append(Defect.of("query-no-word", found=text))
            return None
        return Words(text, scope, how)

    def _next(self) -> re.Match[str] | None:
        """The token at ``at``, blanks skipped; None at the end."""
        token = _TOKEN.match(self.text, self.at)
        if token and token["blank"]:
            self.at = token.end()
            token = _TOKEN.match(self.text, self.at)
        if token is None and self.at < len(self.text):
            wildcard = self.text[self.at] == "?"
            self._fail("query-wildcard" if wildcard else "query-syntax", found=self.text[self.at])
        return token

    def _operator(self, token: re.Match[str]) -> str:
        if token["any"]:
            return ""
        return _OPERATORS.get(token["operator"] or (token["word"] or "").casefold(), "")

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self._fail("query-deep", limit=MAX_DEPTH)

    def _fail(self, code: str, **values: object) -> NoReturn:
        line, caret = pointed(self.text, self.at)
        raise InputError(code, column=self.at + 1, line=line, caret=caret, **values)


def _joined(kind: type[And] | type[Or], parts: list[Node]) -> list[Node]:
    """``parts`` as no node, one node, or one node of ``kind`` without another of its kind inside."""
    flat: list[Node] = []
    for part in parts:
        flat += part.parts if isinstance(part, kind) else (part,)
    return [kind(tuple(flat))] if len(flat) > 1 else flat


def pointed(query: str, at: int, *, around: int = 40) -> tuple[str, str]:
    r"""The query near ``at`` on one line, and a caret that stands under it in a terminal (Hangul is two wide).

    >>> pointed("렌즈 (구동", 3)
    ('렌즈 (구동', '\u3000\u3000 ^')
    """
    start, end = max(0, at - around), min(len(query), at + around)
    line = "".join(" " if char.isspace() else char for char in query[start:end])
    before = line[: at - start]
    wide = ("\u3000" if unicodedata.east_asian_width(char) in "WF" else " " for char in before)
    return line, "".join(wide) + "^"
