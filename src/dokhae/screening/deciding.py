"""Deciding: rules × one patent -> a verdict with the rule that decided and the words it stands on.

In: ``Criteria``, what is known of a patent, something that answers questions.  Out: an ``Answer`` named ``screen``.
Cheap leaves are known beforehand; a question is put only while the outcome hangs on it, and only once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dokhae.reading.words import spaceless
from dokhae.screening import BY_RULE, SCREEN
from dokhae.screening.conditions import Ask, Has, Leaf, Query, because, said, truth, waits_for
from dokhae.screening.criteria import DEFAULT, Criteria, Rule
from dokhae.screening.quoting import Stemmer, quoted
from dokhae.types import Answer, AnswerStatus, Candidate, Text


@dataclass(frozen=True)
class Case:
    """One patent to decide about.  held: the queries that find it; answers: of its fields, by field.

    many: the fields that want several answers.  name: of the answer, where several patents share one text.
    """

    held: frozenset[str]
    answers: Mapping[str, Answer] = field(default_factory=dict)
    many: frozenset[str] = frozenset()
    category: str = "invention"
    name: str = SCREEN

    @property
    def digest(self) -> str:
        """Of all the verdict hangs on besides the text and the rules: where it changes, the patent is decided anew."""
        answers = [(name, answer.status, answer.candidates) for name, answer in sorted(self.answers.items())]
        return hashlib.sha256(repr((sorted(self.held), answers, self.category)).encode("utf8", "replace")).hexdigest()[
            :16
        ]


Asker = Callable[[str], Answer]


@dataclass(frozen=True)
class Decided:
    """The rule that held (None: the default), and what was learned on the way."""

    rule: Rule | None
    known: Mapping[Leaf, bool]
    replies: Mapping[str, Answer]


def decide(criteria: Criteria, case: Case, ask: Asker) -> Decided:
    """Which rule decides; ``ask`` is called for a question only while the outcome hangs on it."""
    known: dict[Leaf, bool] = {leaf: _holds(leaf, case) for leaf in criteria.leaves if not isinstance(leaf, Ask)}
    replies: dict[str, Answer] = {}
    while (leaf := _next(criteria, known)) is not None:
        if leaf.question not in replies:
            replies[leaf.question] = ask(leaf.question)
        known[leaf] = _answers(replies[leaf.question], leaf.least)
    rule = next((rule for rule in criteria.rules if truth(rule.condition, known)), None)
    return Decided(rule, known, replies)


def verdict_of(criteria: Criteria, case: Case, decided: Decided, text: Text, stem: Stemmer) -> Answer:
    """The verdict as an answer: candidates are what speaks for the rule, best first; none for the default."""
    rule = decided.rule
    found = () if rule is None else tuple(_candidates(rule, case, decided, text, stem))
    return Answer(
        field=case.name,
        status=AnswerStatus.answered,
        candidates=tuple(sorted(found, key=lambda one: -one.score)),
        value=(criteria.default if rule is None else rule.verdict).value,
        made_by=f"{made_by(criteria, case)}{BY_RULE}{DEFAULT if rule is None else rule.id}",
        read_from=text.read_from,
    )


def made_by(criteria: Criteria, case: Case) -> str:
    """What a verdict was made of; the rule stands behind it."""
    return f"{SCREEN} {criteria.digest} {case.digest}"


def is_current(answers: Sequence[Answer], criteria: Criteria, cases: Sequence[Case]) -> bool:
    """Whether ``answers`` are what ``cases`` would get."""
    stored = {(answer.field, answer.made_by.partition(BY_RULE)[0]) for answer in answers}
    return stored == {(case.name, made_by(criteria, case)) for case in cases}


def _next(criteria: Criteria, known: Mapping[Leaf, bool]) -> Ask | None:
    """The question the outcome hangs on; None where a rule decides, or none can."""
    for rule in criteria.rules:
        held = truth(rule.condition, known)
        if held:
            return None
        if held is None:
            leaf = waits_for(rule.condition, known)
            return leaf if isinstance(leaf, Ask) else None
    return None


def _holds(leaf: Leaf, case: Case) -> bool:
    match leaf:
        case Query(query):
            return query in case.held
        case Has():
            return any(True for _ in _quotes(leaf, case))
        case _:
            return False


def _quotes(leaf: Has, case: Case) -> Iterator[Candidate]:
    """The candidates of a field's answer that hold one of the words."""
    answer = case.answers.get(leaf.field)
    if answer is None or answer.status is not AnswerStatus.answered:
        return
    wanted = [spaceless(word) for word in leaf.words]
    for candidate in answer.candidates[: None if leaf.field in case.many else 1]:
        quote = spaceless(candidate.evidence.quote)
        if not wanted or any(word in quote for word in wanted):
            yield candidate


def _answers(answer: Answer, least: float | None) -> bool:
    """Whether a reply counts as one: by the model's own threshold, or from the probability the rule names."""
    if least is None:
        return answer.status is AnswerStatus.answered
    return bool(answer.candidates) and answer.score >= least


def _candidates(rule: Rule, case: Case, decided: Decided, text: Text, stem: Stemmer) -> Iterator[Candidate]:
    for leaf in because(rule.condition, decided.known):
        reason = f"{rule.id}: {said(leaf)}"
        for one in _speaking(leaf, case, decided, text, stem):
            yield Candidate(one.evidence, one.score, ((reason, one.score),))


def _speaking(leaf: Leaf, case: Case, decided: Decided, text: Text, stem: Stemmer) -> Iterable[Candidate]:
    """The words that speak for a leaf that holds."""
    match leaf:
        case Query(query):
            evidence = quoted(text, query, stem)
            return () if evidence is None else (Candidate(evidence, 1.0),)
        case Has():
            return _quotes(leaf, case)
        case Ask(question):
            return decided.replies[question].candidates[:1]
