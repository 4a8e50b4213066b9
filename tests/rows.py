"""Rows by hand: ``row(1, number="KR10-1234567 B1", problem="…", answers={"problem": "…"})``.

In: the words a test is about.  Out: a Row as the study would stream it; an answer is given by words of its text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from dokhae.insight import Row
from dokhae.library import Patent
from dokhae.reading.places import cite
from dokhae.types import (
    Answer,
    AnswerStatus,
    Biblio,
    Candidate,
    ClaimForm,
    Defect,
    Number,
    Party,
    Role,
    Source,
    Span,
    Status,
    Text,
)
from tests.build import text

Said = str | Sequence[str] | AnswerStatus


def row(id_: int = 1, *, answers: Mapping[str, Said] | None = None, title: str = "카메라 모듈", **given: object) -> Row:
    """One publication.  given: parts of its ``patent`` (see there) or sections of its text by kind, and ``claims``."""
    kept = {name: given.pop(name) for name in list(given) if name in _PATENT}
    words = text(title=title, **given)  # type: ignore[arg-type]
    made = patent(id_, words, title=title, **kept)  # type: ignore[arg-type]
    said = {field: answer(words, field, one) for field, one in (answers or {}).items()}
    return Row(made, words, said)


_PATENT = frozenset(("number", "application", "filed", "applicants", "ipc", "status", "sources", "defects", "main"))


def patent(
    id_: int,
    words: Text,
    *,
    title: str = "",
    number: Number | None = None,
    application: int | None = None,
    filed: date | None = None,
    applicants: Sequence[str] = (),
    ipc: Sequence[str] = (),
    status: str = "",
    sources: Sequence[Source] | None = None,
    defects: Sequence[Defect] = (),
    main: bool = True,
) -> Patent:
    own = Number("KR", Role.grant, f"10{1234567 + id_}", "B1") if number is None else number
    return Patent(
        id=id_,
        seq=id_,
        application=id_ if application is None else application,
        number=own,
        numbers=(own,),
        category="invention",
        biblio=Biblio(
            titles=(("ko", title),) if title else (),
            application_date=filed,
            applicants=tuple(map(Party, applicants)),
            ipc=tuple(ipc),
            status=Status(status, status) if status else None,
        ),
        text=words.digest,
        lang=words.lang,
        read_from=words.read_from,
        n_claims=sum(not claim.deleted for claim in words.claims),
        n_independent=sum(claim.form is not ClaimForm.dependent for claim in words.claims if not claim.deleted),
        sources=(Source(f"files/{own.compact}.xml"),) if sources is None else tuple(sources),
        defects=tuple(defects),
        is_representative=main,
    )


def answer(words: Text, field: str, said: Said) -> Answer:
    """An answer that quotes ``said`` where it stands in the text, or one of a status other than answered."""
    if isinstance(said, AnswerStatus):
        return Answer(field, said)
    quotes = [said] if isinstance(said, str) else said
    spans = [Span(at, at + len(quote)) for quote in quotes for at in [words.text.index(quote)]]
    scored = [Candidate(cite(words, span), 0.9 - n / 100) for n, span in enumerate(spans)]
    return Answer(field, AnswerStatus.answered, tuple(scored))


def with_sources(made: Row, *sources: Source) -> Row:
    return replace(made, patent=replace(made.patent, sources=sources))
