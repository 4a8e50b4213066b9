"""Choices: the names an answer is one of, each with the words that speak for it.

In: a list of names, or a table of names with words in either language, as a user writes them.  Out: ``Choice`` values.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dokhae.errors import InputError
from dokhae.reading.words import spaceless

OTHER = "other"  # the value where no choice fits and the user named none for it
SEPARATOR = "; "  # between the choices of one answer
_CALLED_OTHER = ("기타", "그외", "other", "others")
_PARTS = re.compile(r"[·/|]")


@dataclass(frozen=True, slots=True)
class Choice:
    """name: the value.  words: what speaks for it in a sentence, the parts of the name included."""

    name: str
    words: tuple[str, ...] = ()

    @property
    def is_other(self) -> bool:
        """Whether it is the one for what fits nowhere else."""
        return spaceless(self.name) in _CALLED_OTHER


def choices_of(given: Sequence[str] | Mapping[str, Sequence[str]], place: str) -> tuple[Choice, ...]:
    """The choices in their order.  place: where they were written, for messages.

    Raises InputError ``choices-few``, ``choices-twice``.

    >>> choices_of({"size": ["thin"], "cost / price": []}, "-")
    (Choice(name='size', words=('size', 'thin')), Choice(name='cost / price', words=('cost', 'price')))
    """
    words_of = given if isinstance(given, Mapping) else dict.fromkeys(given, ())
    names = [name.strip() for name in (words_of if isinstance(given, Mapping) else given) if name.strip()]
    for at, name in enumerate(names):
        if spaceless(name) in map(spaceless, names[:at]):
            raise InputError("choices-twice", place=place, name=name)
    if len(names) < 2:
        raise InputError("choices-few", place=place, found=len(names))
    return tuple(Choice(name, _words(name, words_of)) for name in names)


def _words(name: str, words_of: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    own = (part.strip() for part in _PARTS.split(name))
    given = next((words for key, words in words_of.items() if key.strip() == name), ())
    return tuple(dict.fromkeys(word for word in (*own, *(word.strip() for word in given)) if word))
