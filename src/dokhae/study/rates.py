"""How rare the answers of a column are in this study, and answers shown accordingly.

In: a store, the fields that are put to every text as a question.  Out: a ``Rate`` each, kept in ``derived/rates.toml``;
answers with corrected probabilities.  What is stored stays raw; a missing file is measured anew.
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
from dokhae.reading import comprehension, rarity
from dokhae.reading.calibration import Calibration
from dokhae.reading.fields import Field
from dokhae.reading.judging import Limits
from dokhae.types import Answer, AnswerStatus, Candidate

REASON = "rarity"
_HELD = 20  # texts the prior counts as: of a dozen texts the estimate is often none at all
_JUDGED = (AnswerStatus.answered, AnswerStatus.withheld, AnswerStatus.not_stated)


@dataclass(frozen=True, slots=True)
class Rate:
    """The share of right answers to one definition of a field among ``n`` texts; made_by: what read them.

    made_by "": nothing to correct, the scores are no probabilities.
    """

    definition: str
    made_by: str = ""
    rate: float = 0.5
    prior: float = 0.5
    n: int = 0
    threshold: float = 0.5
    withheld_from: float = 0.5


Rates = Mapping[str, Rate]


def in_force(path: Path, store: SqliteStore, fields: Iterable[Field], judge: Calibration) -> dict[str, Rate]:
    """The rate of every field asked of all, by field; measured where the file has none for its definition."""
    asked = [one for one in fields if one.reader == "question"]
    stored = kept(path) if asked else {}
    known = {one.id: stored[one.id] for one in asked if one.id in stored and stored[one.id].definition == one.digest}
    missing = [one for one in asked if one.id not in known]
    return {**known, **(measured(store, missing, judge) if missing else {})}


def measured(store: SqliteStore, fields: Sequence[Field], judge: Calibration) -> dict[str, Rate]:
    """Rates of what is stored now, one pass over the study."""
    scores: dict[str, dict[str, list[float]]] = {one.id: defaultdict(list) for one in fields}
    for text in {patent.text for patent in store.patents(representatives_only=True)}:
        for field, answer in store.answers(text).items():
            if field in scores and answer.status in _JUDGED and "uncalibrated" not in answer.made_by:
                scores[field][answer.made_by].append(answer.score)
    return {one.id: _rate(one, scores[one.id], judge) for one in fields}


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
    told = (REASON, round(comprehension.log_odds(rate.rate) - comprehension.log_odds(rate.prior), 3))
    candidates = tuple(
        Candidate(one.evidence, rarity.shifted(one.score, rate.prior, rate.rate), (*one.reasons, told))
        for one in answer.candidates
    )
    status = Limits(rate.threshold, rate.withheld_from).status(candidates)
    made_by = f"{answer.made_by} {REASON} {rate.rate:.4f} of {rate.n}"
    return replace(answer, candidates=candidates, status=status, made_by=made_by)


def _rate(field: Field, scores: Mapping[str, list[float]], judge: Calibration) -> Rate:
    """By the answers of whatever read most texts, held to the prior where there are few of them."""
    if not scores:
        return Rate(field.digest)
    made_by, found = max(scores.items(), key=lambda one: len(one[1]))
    _, estimated = rarity.corrected(found, judge.prior)
    share = (estimated * len(found) + judge.prior * _HELD) / (len(found) + _HELD)
    return Rate(field.digest, made_by, share, judge.prior, len(found), judge.threshold, judge.withheld_from)


def kept(path: Path) -> dict[str, Rate]:
    """What the file says; a file of another version, or a broken one, says nothing: it is derived."""
    try:
        return {name: Rate(**entry) for name, entry in tomllib.loads(path.read_text("utf8")).items()}
    except (OSError, ValueError, TypeError):
        return {}
