"""What reviews of a study teach: a judge drawn from the shipped weights towards what people said of its answers.

In: a shipped ``Judge``, ``Case`` values: one reviewed field of one patent each, every candidate with its features and
whether it is right.  Out: a ``Lesson``: the judge, how right it is on patents it was not fitted on, before and after,
and whether it is worth keeping.  Five reviews move little, two hundred much.  Never runs a model.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from dokhae.reading.judging import Judge

# Some hundred reviewed patents weigh as much as the shipped weights, which were fitted on 27 full texts and 169 short
# ones, drawn to each other: a case tells about a fifth of a unit
_PULL = 20.0
_FEWEST_CASES = 5  # below that, nothing is known of what is better
_STEP, _N_STEPS = 0.1, 30  # of the threshold, in log-odds
_MOVE_COSTS = 1.0  # wrong decisions a threshold must save to move by one in log-odds


@dataclass(frozen=True, slots=True)
class Known:
    """A candidate.  features: a frozen record of numbers.  right: None where nobody said."""

    features: Any
    right: bool | None


@dataclass(frozen=True, slots=True)
class Case:
    """What a person said of one field of one patent.  is_stated: whether the right words were named."""

    patent: str
    candidates: tuple[Known, ...]
    is_stated: bool


@dataclass(frozen=True, slots=True)
class Marks:
    """How a judge does.

    right: reviewed answers it gets right (shown and right, or silent where nothing is), of ``cases`` where that is
    known.  brier: Brier score of the first candidates somebody judged, None where there are none.
    """

    cases: int
    right: int
    brier: float | None


@dataclass(frozen=True, slots=True)
class Lesson:
    """What the reviews of one field in one kind of text teach.

    reviews: of how many patents.  before, after: over the same cases.
    is_better: nearer to what people say by more than chance does (a standard error), with no fewer answers right.
    """

    judge: Judge
    reviews: int
    before: Marks
    after: Marks
    is_better: bool


@dataclass(frozen=True, slots=True)
class _First:
    """The likeliest candidate of a case under some judge."""

    p: float
    right: bool | None
    is_stated: bool

    @property
    def squared_error(self) -> float:
        return (self.p - bool(self.right)) ** 2

    def is_well_decided(self, threshold: float) -> bool | None:
        """Whether answering from ``threshold`` on does what the person said; None where nobody knows."""
        return self.right if self.p >= threshold else not self.is_stated


def learn(judge: Judge, cases: Sequence[Case]) -> Lesson:
    """The judge refitted, and what that is worth: every figure "after" of a patent is of a fit without it."""
    from dokhae.reading import regression

    names = tuple(judge.weights)
    data = _data(cases, names)
    towards = [judge.bias, *(judge.weights[name] for name in names)]
    whole = regression.fit(data, towards, _PULL)
    patents = list(dict.fromkeys(case.patent for case in cases))
    apart = {
        patent: _with(judge, names, regression.fit(data.without(at), towards, _PULL, whole))
        for at, patent in enumerate(patents)
    }
    firsts = [_first(apart[case.patent], case) for case in cases]
    chosen = [best_threshold(_of_others(one.patent, firsts, cases), judge.threshold) for one in cases]
    fitted = _moved(_with(judge, names, whole), best_threshold(firsts, judge.threshold))
    as_shipped = [_first(judge, case) for case in cases]
    before, after = _compared(list(zip(as_shipped, firsts, [judge.threshold] * len(cases), chosen, strict=True)))
    is_better = after.right >= before.right and _is_nearer(firsts, as_shipped)
    return Lesson(fitted, len(cases), before, after, is_better)


def _of_others(patent: str, firsts: Sequence[_First], cases: Sequence[Case]) -> list[_First]:
    return [first for first, case in zip(firsts, cases, strict=True) if case.patent != patent]


def _compared(tried: Sequence[tuple[_First, _First, float, float]]) -> tuple[Marks, Marks]:
    """Marks before and after, each figure over the cases where both are known."""
    decided = [(one.is_well_decided(t), other.is_well_decided(u)) for one, other, t, u in tried]
    known = [pair for pair in decided if None not in pair]
    errors = [(a.squared_error, b.squared_error) for a, b, _, _ in tried if None not in (a.right, b.right)]
    before, after = (
        Marks(
            cases=len(known),
            right=sum(pair[at] is True for pair in known),
            brier=sum(pair[at] for pair in errors) / len(errors) if errors else None,
        )
        for at in (0, 1)
    )
    return before, after


def best_threshold(firsts: Sequence[_First], shipped: float) -> float:
    """From which probability to answer: as shipped, unless moving it saves more wrong decisions than it costs."""

    def cost(step: int) -> tuple[float, int]:
        threshold = _shifted(shipped, step)
        wrong = sum(one.is_well_decided(threshold) is False for one in firsts)
        return wrong + _MOVE_COSTS * abs(step) * _STEP, abs(step)

    return _shifted(shipped, min(range(-_N_STEPS, _N_STEPS + 1), key=cost))


def _shifted(probability: float, step: int) -> float:
    if step == 0:
        return probability
    odds = math.log(probability / (1 - probability)) + step * _STEP
    return round(1 / (1 + math.exp(-odds)), 3)


def _data(cases: Sequence[Case], names: Sequence[str]) -> Any:
    """Every candidate somebody judged, as a row; patents are the groups."""
    from dokhae.reading.regression import Cases

    number = {patent: at for at, patent in enumerate(dict.fromkeys(case.patent for case in cases))}
    rows, right, weights, groups = [], [], [], []
    for case, one, weight in _judged(cases):
        features = asdict(one.features)
        rows.append([features[name] for name in names])
        right.append(float(bool(one.right)))
        weights.append(weight)
        groups.append(number[case.patent])
    return Cases.of(rows, right, weights, groups)


def _judged(cases: Sequence[Case]) -> Iterator[tuple[Case, Known, float]]:
    """The candidates somebody judged, and how much each weighs: those of a case one together."""
    for case in cases:
        n_judged = sum(one.right is not None for one in case.candidates)
        for one in case.candidates:
            if one.right is not None:
                yield case, one, 1 / n_judged


def _with(judge: Judge, names: Sequence[str], found: Sequence[float]) -> Judge:
    return replace(judge, bias=found[0], weights=dict(zip(names, found[1:], strict=True)))


def _moved(judge: Judge, threshold: float) -> Judge:
    """With another threshold; what is withheld stays as far below it."""
    if threshold == judge.threshold:
        return judge
    withheld_from = round(judge.withheld_from * threshold / judge.threshold, 3)
    return replace(judge, threshold=threshold, withheld_from=withheld_from)


def _first(judge: Judge, case: Case) -> _First:
    scored = ((judge.probability(one.features), one.right) for one in case.candidates)
    p, right = max(scored, key=lambda pair: pair[0], default=(0.0, False))
    return _First(p, right, case.is_stated)


def _is_nearer(firsts: Sequence[_First], others: Sequence[_First]) -> bool:
    """Whether the squared errors of ``firsts`` are smaller by more than a standard error, on the same cases."""
    pairs = [(one, other) for one, other in zip(firsts, others, strict=True) if None not in (one.right, other.right)]
    gains = [other.squared_error - one.squared_error for one, other in pairs]
    if len(gains) < _FEWEST_CASES:
        return False
    mean = sum(gains) / len(gains)
    variance = sum((gain - mean) ** 2 for gain in gains) / (len(gains) - 1)
    return mean > math.sqrt(variance / len(gains))
