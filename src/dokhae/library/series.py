"""Which of an office's counts a number belongs to: equal digits of two counts are two patents.

In: a number.  Out: a word that stands before its digits in every key, "" for the main count.  Identity and families
make their keys with it, so that neither joins what the other keeps apart.

Japan counts patents, utility models and designs apart, applications as well as registrations (特願平6-1234 and
実願平6-1234 are strangers).  In Japan and Korea an examined publication (特公, 특허공고) may carry the digits of
somebody else's unexamined one.  The other offices tell the type by the digits or count once.
Source: patents.md section 1; WIPO ST.16.
"""

from __future__ import annotations

from collections.abc import Iterable

from dokhae.types import Number, Role

_RIGHTS = {"U": "utility ", "Y": "utility ", "S": "design "}


def series_of(number: Number) -> str:
    """The count of a number, as its office and kind tell it.

    >>> [series_of(Number("JP", Role.publication, "H08001234", kind)) for kind in ("A", "B2", "U", "Y2")]
    ['', 'examined ', 'utility ', 'utility examined ']
    """
    kind = (number.kind or "")[:1]
    right = _RIGHTS.get(kind, "") if number.office == "JP" else ""
    is_examined = number.office in ("JP", "KR") and number.role is Role.publication and kind in ("B", "Y")
    return right + ("examined " if is_examined else "")


def right_of(numbers: Iterable[Number]) -> str:
    """The count of the application behind these publications and grants, whose own number bears no kind."""
    issued = (n for n in numbers if n.role in (Role.publication, Role.grant) and n.office == "JP")
    return next((right for n in issued if (right := _RIGHTS.get((n.kind or "")[:1], ""))), "")
