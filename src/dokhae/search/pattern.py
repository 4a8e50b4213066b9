"""Words of a query -> what must stand at consecutive places of a text: the meaning that index and evaluator share.

In: ``Words`` and a stemmer.  Out: a tuple of ``Want``.  A word stands in one piece; a phrase ignores white space inside
Hangul, Han and Kana ("폐가스 처리" = 폐가스처리); Latin words are compared by their stems in both.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from dokhae.search import analyse
from dokhae.search.analyse import GAP, is_cjk
from dokhae.search.query import Words


@dataclass(frozen=True, slots=True)
class Want:
    """One place of a pattern.

    how: "is": the term itself; "pair": two characters, with or without white space between; "begins": any term that
    begins with it, or whose stem is ``stem``.
    """

    term: str
    how: str = "is"
    stem: str = ""

    def among(self, stems: Collection[str]) -> list[str]:
        """Those of ``stems`` (of a text's terms) that fit here."""
        if self.how == "begins":
            return [stem for stem in stems if stem.startswith(self.term) or stem == self.stem]
        forms = (self.term, GAP.join(self.term)) if self.how == "pair" else (self.term,)
        return [form for form in forms if form in stems]

    @property
    def reaches_next(self) -> bool:
        """Whether it covers the character of the following place too."""
        return self.how != "begins" and len(self.term) == 2 and is_cjk(self.term)


def wants(words: Words, stem: Callable[[str], str]) -> tuple[Want, ...]:
    """The places of ``words``, in order; () where the text holds no term.

    >>> [want.term for want in wants(Words("폐가스 처리", how="phrase"), str)]
    ['폐가', '가스', '스처', '처리']
    """
    found = analyse.terms(words.text).split()
    last = len(found) - 1
    if last > 0 and is_cjk(found[-1]) and found[-2].endswith(found[-1]) and is_cjk(found[-2]) and len(found[-2]) > 1:
        # the last character of a run is covered by the pair before it
        found.pop()
        last = len(found)
    return tuple(_want(term, words.how, at == last, stem) for at, term in enumerate(found))


def _want(term: str, how: str, is_last: bool, stem: Callable[[str], str]) -> Want:
    if not is_cjk(term):
        return Want(term, "begins", stem(term)) if is_last and how == "prefix" else Want(stem(term))
    if len(term) == 1:
        return Want(term, "begins") if is_last else Want(term)
    return Want(term.replace(GAP, ""), "pair" if how == "phrase" else "is")
