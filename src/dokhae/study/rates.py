"""How rare the answers of a column are in this study and how near its patents are to the question, and answers shown
accordingly.

In: a store, the fields that are put to every text as a question.  Out: a ``Rate`` each, kept in ``derived/rates.toml``;
answers with corrected probabilities.  A patent that is nearer to the question than the others of its set is likelier to
answer it: that is known only when all have been asked.  What is stored stays raw; a missing file is measured anew.
"""

from __future__ import annotations

import json
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from dokhae import whole
from dokhae.library.sqlite_store import SqliteStore
from dokhae.reading import rarity
from dokhae.reading.calibration import Calibration
from dokhae.reading.comprehension import log_odds, odds_moved
from dokhae.reading.fields import Field
from dokhae.reading.judging import Limits
from dokhae.reading.rarity import Among
from dokhae.types import Answer, AnswerStatus, Candidate

BESIDE = "beside"
_NEAR = "alike_best"  # the part of a score that tells how near a patent is to the question
_JUDGED = (AnswerStatus.answered, AnswerStatus.withheld, AnswerStatus.not_stated)


@dataclass(frozen=True, slots=True)
class Rate:
    """The share of right answers to one definition of a field among ``n`` texts; made_by: what read them.

    made_by "": nothing to correct, the scores are no probabilities.  near: how near the texts are to the question, in
    the mean; near_weight: of that in the calibration, by which the likeness of a text is read off the part it had in
    its score; beside, bias: see ``rarity.Among``.
    """

    definition: str
    made_by: str = ""
    rate: float = 0.5
    prior: float = 0.5
    n: int = 0
    threshold: float = 0.5
    withheld_from: float = 0.5
    near: float = 0.0
    near_weight: float = 0.0
    beside: float = 0.0
    bias: float = 0.0
    among: str = ""  # the digest of what these were corrected by

    def standing(self, found: Candidate) -> float:
        """What the place of its patent among the others adds to the log-odds of a candidate."""
        near = near_of(found, self.near_weight)
        return 0.0 if near is None else self.bias + self.beside * (near - self.near)


Rates = Mapping[str, Rate]


def column_kind(field: str) -> str:
    """Names the answers to one column in the store, whatever made them."""
    return f"column {field}"


def in_force(path: Path, store: SqliteStore, fields: Iterable[Field], judge: Calibration) -> dict[str, Rate]:
    """The rate of every field asked of all, by field; measured where the file has none for its definition."""
    asked = [one for one in fields if one.reader == "question"]
    stored = kept(path) if asked else {}
    among = rarity.shipped().digest
    known = {
        one.id: stored[one.id]
        for one in asked
        if one.id in stored and (stored[one.id].definition, stored[one.id].among) == (one.digest, among)
    }
    missing = [one for one in asked if one.id not in known]
    return {**known, **(measured(store, missing, judge) if missing else {})}


def measured(
    store: SqliteStore, fields: Sequence[Field], judge: Calibration, among: Among | None = None
) -> dict[str, Rate]:
    """Rates of what is stored now, one pass over the study.  among: as shipped if None."""
    among = rarity.shipped() if among is None else among
    found: dict[str, dict[str, list[Candidate | None]]] = {one.id: defaultdict(list) for one in fields}
    for text in {patent.text for patent in store.patents(representatives_only=True)}:
        for field, of_field in found.items():
            answer = store.answers(text, kind=column_kind(field)).get(field)
            if answer is not None and answer.status in _JUDGED and "uncalibrated" not in answer.made_by:
                of_field[answer.made_by].append(next(iter(answer.candidates), None))
    return {one.id: _rate(one, found[one.id], judge, among) for one in fields}


def save(path: Path, rates: Rates) -> None:
    """Written whole or not at all."""
    lines = []
    for field, rate in rates.items():
        lines += [f"[{json.dumps(field, ensure_ascii=False)}]"]
        lines += [f"{name} = {json.dumps(value)}" for name, value in asdict(rate).items()]
    path.parent.mkdir(exist_ok=True)
    whole.write(path, "\n".join(lines) + "\n")


def shown(answers: Mapping[str, Answer], rates: Rates) -> dict[str, Answer]:
    """Answers as they are shown: those of fields with a rate corrected for it, the others as they are."""
    return {name: corrected(answer, rates[name]) if name in rates else answer for name, answer in answers.items()}


def corrected(answer: Answer, rate: Rate) -> Answer:
    """An answer whose probabilities hold in this study; its status follows them."""
    if not rate.made_by or answer.made_by != rate.made_by or not answer.candidates or answer.status not in _JUDGED:
        return answer
    rare = log_odds(rate.rate) - log_odds(rate.prior)
    candidates = tuple(_among_others(one, rate, rare) for one in answer.candidates)
    status = Limits(rate.threshold, rate.withheld_from).status(candidates)
    made_by = f"{answer.made_by} {rarity.REASON} {rate.rate:.4f} of {rate.n}"
    return replace(answer, candidates=candidates, status=status, made_by=made_by)


def near_of(found: Candidate, weight: float) -> float | None:
    """How near the patent of a candidate is to the question; None where its reasons do not tell."""
    part = dict(found.reasons).get(_NEAR)
    return None if part is None or not weight else part / weight


def _among_others(found: Candidate, rate: Rate, rare: float) -> Candidate:
    """A candidate beside those of the other patents; rare: what the rarity of answers adds to its log-odds."""
    standing = rate.standing(found)
    score = rarity.shifted(odds_moved(found.score, standing), rate.prior, rate.rate)
    told = ((BESIDE, round(standing, 3)),) if standing else ()
    return Candidate(found.evidence, score, (*found.reasons, *told, (rarity.REASON, round(rare, 3))))


def _rate(field: Field, found: Mapping[str, list[Candidate | None]], judge: Calibration, among: Among) -> Rate:
    """By the answers of whatever read most texts, held to the prior where there are few of them."""
    if not found:
        return Rate(field.digest, among=among.digest)
    made_by, first = max(found.items(), key=lambda one: len(one[1]))
    weight = judge.weights.get(_NEAR, 0.0)
    near = [value for one in first if one is not None and (value := near_of(one, weight)) is not None]
    limits = rarity.limits(judge.limits, among)
    rate = Rate(
        definition=field.digest,
        made_by=made_by,
        prior=judge.prior,
        n=len(first),
        threshold=limits.answered_from,
        withheld_from=limits.withheld_from,
        near=sum(near) / len(near) if near else 0.0,
        near_weight=weight,
        beside=among.beside,
        bias=among.bias,
        among=among.digest,
    )
    scores = [0.0 if one is None else odds_moved(one.score, rate.standing(one)) for one in first]
    return replace(rate, rate=rarity.held(rarity.share(scores, among), len(first), judge.prior))


def kept(path: Path) -> dict[str, Rate]:
    """What the file says; a file of another version, or a broken one, says nothing: it is derived."""
    try:
        return {name: Rate(**entry) for name, entry in tomllib.loads(path.read_text("utf8")).items()}
    except (OSError, ValueError, TypeError):
        return {}
