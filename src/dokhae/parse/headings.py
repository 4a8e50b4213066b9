"""Heading -> section kind, in every spelling of the offices (the list: headings.toml).

In: a heading as printed, in any bracket and spacing.  Out: a ``SectionKind``, or None for a heading that opens no
section of a known kind.  Never looks at the text below the heading.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files

from dokhae.types import SectionKind

_NUMBERING = re.compile(r"^(?:\(?(?:[IVX]+|[0-9]+|[A-H])[.)]|\(\d+\)|[가-하]\.)+(?=\D)")
_NOT_LETTER = re.compile(r"[^\w가-힣]|_")


@cache
def _table() -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    entries = tomllib.loads(files(__package__).joinpath("headings.toml").read_text("utf8"))
    exact = {heading: kind for kind, entry in entries.items() for heading in entry.get("exact", [])}
    starts = [(prefix, kind) for kind, entry in entries.items() for prefix in entry.get("starts", [])]
    return exact, tuple(sorted(starts, key=lambda pair: -len(pair[0])))


def squeeze(heading: str) -> str:
    """A heading without brackets, numbering and white space, upper-cased: the form headings.toml is written in.

    >>> squeeze("【발명의 효과】"), squeeze("2. Description of the Related Art")
    ('발명의효과', 'DESCRIPTIONOFTHERELATEDART')
    """
    text = unicodedata.normalize("NFKC", heading).upper()
    text = _NUMBERING.sub("", re.sub(r"[\s\[\]【】<>*〈〉《》]", "", text))
    return _NOT_LETTER.sub("", text)


def kind_of(heading: str) -> SectionKind | None:
    """The kind of section a heading opens; None for containers (명세서, DESCRIPTION) and unknown headings.

    >>> kind_of("[해결하고자 하는 과제]"), kind_of("DETAILED DESCRIPTION"), kind_of("명세서")
    (<SectionKind.problem: 'problem'>, <SectionKind.embodiments: 'embodiments'>, None)
    """
    kind = _lookup(squeeze(heading))
    return None if kind in (None, "container") else SectionKind(kind)


def is_container(heading: str) -> bool:
    """Whether a heading only groups others (명세서, 발명의 상세한 설명, DESCRIPTION)."""
    return _lookup(squeeze(heading)) == "container"


@cache
def _lookup(squeezed: str) -> str | None:
    exact, starts = _table()
    if squeezed in exact:
        return exact[squeezed]
    # a heading, not a sentence: what goes on far beyond a known beginning is text
    return next(
        (kind for prefix, kind in starts if squeezed.startswith(prefix) and len(squeezed) <= len(prefix) + 60), None
    )
