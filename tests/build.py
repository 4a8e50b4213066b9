"""Tiny patents by hand: ``document(number="KR10-1234567 B1", problem="…", claims=["…"])``.

In: the words a test is about.  Out: a Document as a parser would yield it, its Text made by the real TextBuilder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from dokhae.parse.build import TextBuilder
from dokhae.parse.claims import resolve
from dokhae.parse.numbers import read_number
from dokhae.types import Biblio, Document, Number, Party, Role, SectionKind, Source, Status, Text


def document(
    number: str | None = "KR10-1234567 B1",
    *,
    application: str | None = None,
    title: str = "카메라 모듈",
    claims: Sequence[str] = (),
    applicants: Sequence[str] = (),
    status: Status | None = None,
    application_date: date | None = None,
    publication_date: date | None = None,
    ipc: Sequence[str] = (),
    source: Source | None = None,
    **sections: str,
) -> Document:
    """A patent with one text: title, the sections by kind in the order given (``problem="…"``), then the claims."""
    own = None if number is None else number_of(number)
    filed = None if application is None else number_of(application, Role.application)
    return Document(
        source=Source(f"{number or application or 'untitled'}.xml", format="test") if source is None else source,
        number=own,
        numbers=tuple(n for n in (own, filed) if n is not None),
        biblio=Biblio(
            titles=(("ko", title),) if title else (),
            application_date=application_date,
            publication_date=publication_date,
            applicants=tuple(map(Party, applicants)),
            ipc=tuple(ipc),
            status=status,
        ),
        texts=(text(title=title, claims=claims, **sections),),
    )


def text(*, title: str = "", claims: Sequence[str] = (), **sections: str) -> Text:
    """A text with its sections in the order given; ``claims`` are numbered from 1, "" is a deleted one."""
    builder = TextBuilder(parser="test")
    for kind, words in {"title": title, **sections}.items():
        if words:
            builder.section(SectionKind(kind))
            for paragraph in words.split("\n"):
                builder.paragraph(paragraph)
    if claims:
        builder.section(SectionKind.claims)
        for n, claim in enumerate(claims, start=1):
            builder.claim(n, claim, deleted=not claim)
    made, _ = builder.finish()
    resolved, _ = resolve(made.claims, made.text)
    return replace(made, claims=resolved)


def number_of(written: str, role: Role | None = None) -> Number:
    """The number; a ValueError if it cannot be read, for then the test is wrong."""
    found = read_number(written, role=role)
    if found is None:
        raise ValueError(f"no patent number: {written!r}")
    return found
