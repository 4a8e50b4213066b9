"""Fitting: classes × one patent -> the classes it belongs to, each with the words that say so.

In: a ``Tree``, which of its queries find the patent, its text, static vectors or None.  Out: an ``Answer`` named
``class``.  A class fits by its query, by its keywords (weighed by where they stand) or by what its definition means;
of classes on one branch the deepest stays.  Nothing fits: the value is "".
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from dokhae.reading.places import cite
from dokhae.screening import CLASS, LEVEL, PATH, written_path
from dokhae.screening.meaning import Summary, Vectors, lang_of, likeness, nearest, summary_of
from dokhae.screening.quoting import Stemmer, quoted, shortened
from dokhae.screening.tree import Class, Tree, keyword_query
from dokhae.types import Answer, AnswerStatus, Candidate, Evidence, Text

# what a keyword weighs where it stands, and from which weight on a class fits: claims name parts of every kind, so that
# it takes two of them (docs/benchmarks.md)
KEYWORD_WEIGHTS = {"TL": 2.0, "AB": 1.0, "CL": 0.5}
KEYWORDS_FROM = 1.0


@dataclass(frozen=True, slots=True)
class Profile:
    """One patent to class: the queries that find it.  name: of the answer, where several patents share one text."""

    held: frozenset[str]
    name: str = CLASS

    @property
    def digest(self) -> str:
        return hashlib.sha256(repr(sorted(self.held)).encode("utf8")).hexdigest()[:16]


@dataclass(frozen=True)
class Fit:
    """A class that fits, with the ways it does by: (what spoke, score), the surest first, and the best words."""

    fits: Class
    ways: tuple[tuple[str, float], ...]
    evidence: Evidence | None

    @property
    def score(self) -> float:
        return self.ways[0][1]


def queries_of(tree: Tree) -> Iterator[str]:
    """Every query whose hits must be known before patents are fitted."""
    for one in tree.classes:
        if one.query:
            yield one.query
        yield from (keyword_query(word, field) for word in one.keywords for field in KEYWORD_WEIGHTS)


def classes_of(tree: Tree, profile: Profile, text: Text, stem: Stemmer, vectors: Vectors | None) -> Answer:
    """The classes of one patent as an answer: candidates are the words for each, best first."""
    found = _deepest(_fits(tree, profile, text, stem, vectors))
    ranked = sorted(found, key=lambda fit: -fit.score)
    candidates = (
        Candidate(fit.evidence, fit.score, tuple((f"{fit.fits.path}: {what}", weight) for what, weight in fit.ways))
        for fit in ranked
        if fit.evidence is not None
    )
    return Answer(
        field=profile.name,
        status=AnswerStatus.answered if ranked else AnswerStatus.not_stated,
        candidates=tuple(candidates),
        value=PATH.join(written_path(fit.fits.code, fit.fits.path) for fit in ranked),
        made_by=made_by(tree, profile),
        read_from=text.read_from,
    )


def made_by(tree: Tree, profile: Profile) -> str:
    return f"{CLASS} {tree.digest} {profile.digest}"


def is_current(answers: Sequence[Answer], tree: Tree, profiles: Sequence[Profile]) -> bool:
    """Whether ``answers`` are what ``profiles`` would get."""
    stored = {(answer.field, answer.made_by) for answer in answers}
    return stored == {(profile.name, made_by(tree, profile)) for profile in profiles}


def keyword_weight(words: Sequence[str], held: frozenset[str]) -> float:
    """What the keywords found weigh together, each where it weighs most."""
    return sum(
        max((w for f, w in KEYWORD_WEIGHTS.items() if keyword_query(word, f) in held), default=0) for word in words
    )


def _fits(tree: Tree, profile: Profile, text: Text, stem: Stemmer, vectors: Vectors | None) -> Iterator[Fit]:
    summary = summary_of(text)
    meant = _meant(tree, summary, vectors)
    for one in tree.classes:
        ways: list[_Way] = []
        if one.query and one.query in profile.held:
            ways.append(_Way(f"query {one.query}", 1.0, partial(quoted, text, one.query, stem)))
        words = [word for word in one.keywords if keyword_weight([word], profile.held)]
        if (weight := keyword_weight(words, profile.held)) >= KEYWORDS_FROM:
            ways.append(_Way(_named(words), weight / (1 + weight), partial(quoted, text, _any_of(words), stem)))
        if vectors is not None and one.path in meant:
            ways.append(_Way("meaning", min(1.0, meant[one.path]), partial(_nearest, summary, one, vectors)))
        if ways:
            quote = next((found for way in ways if (found := way.quote()) is not None), None)
            yield Fit(one, tuple((way.what, way.score) for way in ways), quote)


@dataclass(frozen=True, slots=True)
class _Way:
    """One thing that speaks for a class, how surely, and how its words are found."""

    what: str
    score: float
    quote: Callable[[], Evidence | None]


def _nearest(summary: Summary, one: Class, vectors: Vectors) -> Evidence:
    span = nearest(vectors, _wording(one), summary)
    return cite(summary.text, shortened(summary.text.text, span, span))


def _named(words: Sequence[str]) -> str:
    return f"keywords {', '.join(words)}"


def _meant(tree: Tree, summary: Summary, vectors: Vectors | None) -> Mapping[str, float]:
    """path -> likeness of the classes whose definition the text is near enough to."""
    defined = [one for one in tree.classes if one.definition]
    if vectors is None or not defined or not summary.spans:
        return {}
    values = likeness(vectors, [_wording(one) for one in defined], summary)
    return {one.path: value for one, (value, is_near) in zip(defined, values, strict=True) if is_near}


def _wording(one: Class) -> str:
    """Its definition, with its name if that speaks the same language: together they can be told apart better."""
    name = one.path.rpartition(LEVEL)[2]
    return f"{name} {one.definition}" if lang_of(name) == lang_of(one.definition) else one.definition


def _any_of(words: Sequence[str]) -> str:
    return " OR ".join(keyword_query(word, field) for word in words for field in KEYWORD_WEIGHTS)


def _deepest(fits: Iterator[Fit]) -> list[Fit]:
    """Of classes on one branch the deepest."""
    found = list(fits)
    paths = [fit.fits.path for fit in found]
    return [fit for fit in found if not any(path.startswith(fit.fits.path + LEVEL) for path in paths)]
