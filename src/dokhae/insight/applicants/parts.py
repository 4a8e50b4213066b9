"""Parts: an applicant's name -> its legal form, the words anyone may use, and the words that are its own.

In: a name as written.  Out: ``Name``.  Never changes the name: it only says what it is made of.  The words are data
(words.toml).
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from dokhae.insight.facts import even
from dokhae.parse.names import is_person

FOUNDATION = "cooperation_foundation"
_LONGEST_ATTACHED = 8
_MARK = re.compile(r"[^\w&()]+|_")
_DOTTED = re.compile(r"\b(?:\w\s?\.\s?){2,}|\b(?:\w\.)+\w\b")
_COUNTRY = re.compile(r"[\[(][A-Z]{2}[\])]\s*$")
_INITIAL_LAST = re.compile(r"[A-Z'’-]+,?( [A-Z'’-]+)? [A-Z]\.?$")
_SIGN = re.compile(r"(\([주株유有재사학합자농영]\))")
_NOT_LETTER = re.compile(r"[^\w]|_")


@dataclass(frozen=True, slots=True)
class Name:
    """What a name is made of.

    own: the words that are nobody else's, in upper case.  common: ids of words.toml, sorted.  words: both, in order.
    form: the kind of its legal form, "" where none is written.  core: everything but the form, letters only:
    what differs in spelling alone has the same.  script: "ko", "ja" or "en".
    """

    written: str
    own: tuple[str, ...]
    common: tuple[str, ...]
    words: tuple[str, ...]
    form: str
    core: str
    script: str
    is_person: bool

    @property
    def is_organisation(self) -> bool:
        return bool(self.form or self.common)


def name_of(written: str, *, is_inventor: bool = False) -> Name:
    """Takes a name apart.  is_inventor: it also stands among the inventors of its patents, so it is a person.

    >>> made = name_of("(주)글로벌스탠다드테크놀로지")
    >>> made.own, made.common, made.form
    (('글로벌스탠다드',), ('technology',), 'any')
    """
    evened = even(written)
    tokens, form = _without_form(_tokens(evened))
    pieces = tuple(_pieces(tokens))
    common = tuple(sorted(piece for piece, is_common in pieces if is_common))
    person = not form and (is_inventor or (not common and looks_like_person(evened)))
    return Name(
        written=written,
        own=tuple(piece for piece, is_common in pieces if not is_common),
        common=common,
        words=tuple(piece for piece, _ in pieces),
        form=form,
        core=_core(tokens),
        script=_script(tokens),
        is_person=person,
    )


def looks_like_person(evened: str) -> bool:
    """Whether a name without legal form and without a word of firms is spelled as persons are.

    >>> looks_like_person("김철수"), looks_like_person("KESLER MORRIS P"), looks_like_person("SONY")
    (True, True, False)
    """
    upper = evened.upper()
    return is_person(evened) or "," in evened or bool(_INITIAL_LAST.fullmatch(upper))


@dataclass(frozen=True)
class _Words:
    """words.toml, ready to look up.  longest: words of the longest phrase."""

    forms: dict[tuple[str, ...], str]
    attached_forms: tuple[tuple[str, str], ...]
    common: dict[tuple[str, ...], str]
    attached: dict[str, str]
    small: frozenset[str]
    longest: int


@cache
def _words() -> _Words:
    table = tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf8"))
    forms = {tuple(name.split()): kind for kind, names in table["forms"].items() for name in names}
    common = {tuple(name.split()): id_ for id_, names in table["words"].items() for name in names}
    # scripts without blanks between words write them together
    attached_forms = [
        (name[0], kind) for name, kind in forms.items() if len(name) == 1 and len(name[0]) > 2 and not name[0].isascii()
    ]
    attached = {name[0]: id_ for name, id_ in common.items() if len(name) == 1 and not name[0].isascii()}
    return _Words(
        forms,
        tuple(sorted(attached_forms, key=lambda pair: -len(pair[0]))),
        common,
        attached,
        frozenset(table["small"]["words"]),
        max(map(len, (*forms, *common))),
    )


def _tokens(evened: str) -> tuple[str, ...]:
    """Upper-case words without punctuation; dotted letters are one word (S.A. is SA), (주) stays a word."""
    upper = _COUNTRY.sub("", unicodedata.normalize("NFC", evened.upper()))
    joined = _DOTTED.sub(lambda found: re.sub(r"[.\s]", "", found[0]) + " ", upper)
    spaced = _MARK.sub(" ", _SIGN.sub(r" \1 ", joined))
    return tuple(filter(None, map(_bare, spaced.split())))


def _bare(word: str) -> str:
    return word if _SIGN.fullmatch(word) else word.strip("()")


def _without_form(tokens: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """The words without legal forms at either end, and the kind of the last form found."""
    kinds: list[str] = []
    while len(tokens) > 0:
        cut = _cut_form(tokens)
        if cut is None or not cut[0]:
            break
        tokens, kind = cut
        kinds.append(kind)
    named = [kind for kind in kinds if kind != "any"]
    return tokens, (named or kinds or [""])[0]


def _cut_form(tokens: tuple[str, ...]) -> tuple[tuple[str, ...], str] | None:
    words = _words()
    for size in range(min(words.longest, len(tokens)), 0, -1):
        if kind := words.forms.get(tokens[-size:]):
            return tokens[:-size], kind
        is_asian = not tokens[0].isascii()
        if is_asian and (kind := words.forms.get(tokens[:size])):
            return tokens[size:], kind
    if tokens[-1] in words.small and len(tokens) > 1:
        return tokens[:-1], "any"
    return None if tokens[0].isascii() and tokens[-1].isascii() else _cut_attached(tokens)


def _cut_attached(tokens: tuple[str, ...]) -> tuple[tuple[str, ...], str] | None:
    """The same, of a form written together with the name (삼성전자주식회사)."""
    first, last = tokens[0], tokens[-1]
    for form, kind in _words().attached_forms:
        if first.startswith(form) and first != form:
            return (first[len(form) :], *tokens[1:]), kind
        if last.endswith(form) and last != form:
            return (*tokens[:-1], last[: -len(form)]), kind
    return None


def _pieces(tokens: tuple[str, ...]) -> Iterator[tuple[str, bool]]:
    """The words of a name in order, common ones as their ids; each with whether it is a common one."""
    words, at = _words(), 0
    while at < len(tokens):
        for size in range(min(words.longest, len(tokens) - at), 0, -1):
            if id_ := words.common.get(tokens[at : at + size]):
                yield id_, True
                at += size
                break
        else:
            if tokens[at] not in words.small:
                yield from _taken_apart(tokens[at])
            at += 1


@lru_cache(maxsize=50_000)
def _taken_apart(token: str) -> tuple[tuple[str, bool], ...]:
    """A word of Hangul, Kana or Han: common words at its ends taken off as long as something is left of it."""
    attached = _words().attached
    before, after = list[tuple[str, bool]](), list[tuple[str, bool]]()
    while token and not token.isascii():
        if token in attached:
            return (*before, (attached[token], True), *after)
        sizes = range(min(len(token) - 1, _LONGEST_ATTACHED), 1, -1)
        if last := next((size for size in sizes if token[-size:] in attached), 0):
            after.insert(0, (attached[token[-last:]], True))
            token = token[:-last]
        elif first := next((size for size in sizes if token[:size] in attached), 0):
            before.append((attached[token[:first]], True))
            token = token[first:]
        else:
            break
    return (*before, (token, False), *after)


def _core(tokens: tuple[str, ...]) -> str:
    return "".join(_NOT_LETTER.sub("", token.replace("&", "AND")) for token in tokens)


def _script(tokens: tuple[str, ...]) -> str:
    joined = "".join(tokens)
    if re.search("[가-힣]", joined):
        return "ko"
    return "ja" if re.search("[ぁ-ヶ\u4e00-\u9fff]", joined) else "en"


def without_form(written: str) -> str:
    """A name as written but for its legal form, to be shown.

    >>> without_form("J. E. Grote Company, Inc."), without_form("삼성전자주식회사")
    ('J. E. Grote', '삼성전자')
    """
    words = even(written).split()
    core = _core(_without_form(_tokens(" ".join(words)))[0])
    while len(words) > 1 and _core(_without_form(_tokens(" ".join(words[:-1])))[0]) == core:
        words.pop()
    while len(words) > 1 and _core(_without_form(_tokens(" ".join(words[1:])))[0]) == core:
        words.pop(0)
    if len(words) > 1 and words[0].upper() == "THE":
        words.pop(0)
    left = " ".join(words).rstrip(" ,;&")
    tokens = _without_form(_tokens(left))[0]
    # written together with its form
    return tokens[0] if len(tokens) == 1 and tokens[0] in left and not left.isascii() else left
