"""Fits the calibration of free questions on patents used for nothing else.

    python -m training.calibrate --corpus CORPUS --cache CACHE.jsonl --effort many --out calibration_many.toml
        [--models SET]

In: hand-written questions of the parts "calibrate" and "dev", put by the whole cascade to their own patent and to
OTHERS other patents, which do not answer them.  Out: ``calibration_*.toml`` of the room ``reading``, and its figures,
cross-validated by question.  Two steps: a logistic regression over every candidate (ranks them), then scale and bias
anew over the best candidate of each pair (makes it a probability).  A candidate is right where its F1 with an accepted
answer is at least 0.5.  Only the features of USED are fitted: the others brought nothing in cross-validation.
Candidates are kept in the cache: reading takes minutes, fitting none.  The built-in models read, or those of the folder
``training.model_set`` made.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from dokhae.library import folder
from dokhae.models import catalog, in_use
from dokhae.models.evaluation import wording
from dokhae.reading.calibration import Features, shipped
from dokhae.reading.comprehension import Comprehension, found, in_force
from dokhae.reading.effort import EFFORTS, Effort
from dokhae.types import Text
from training import lines, options
from training.build_reader import QUESTIONS, part_of
from training.patents import hand_written, held_by

OTHERS = 3
RIGHT_FROM = 0.5
NAMES = tuple(part.name for part in fields(Features))
USED = ("margin", "alike", "alike_best", "crosses")
FOLDS = 6
_RIDGE, _STEPS = 1.0, 30
# What must hold before more answers are worth having
REFUSED, REFUSED_ELSEWHERE = 0.66, 0.90
Judged = tuple["Pair", float, float]  # probability and F1 of the likeliest candidate


@dataclass(frozen=True, slots=True)
class Pair:
    """A question put to a patent.  found: for each candidate its features and F1.  kind: own or elsewhere."""

    part: str
    kind: str
    lang: str
    crosses: bool
    answerable: bool
    features: list[list[float]]
    f1: list[float]


def main() -> None:
    """Reads what is not in the cache, fits, chooses, writes."""
    parser = options.parser(__doc__, "corpus", "cache", "out")
    parser.add_argument("--effort", choices=tuple(EFFORTS), required=True, help="how much is read of a patent")
    parser.add_argument("--limit", type=int, help="questions of each part")
    parser.add_argument("--models", type=Path, help="a set of models; the built-in ones if not given")
    given = parser.parse_args()
    given.cache.parent.mkdir(parents=True, exist_ok=True)
    if not given.cache.exists():
        by = reader_of(given.models, EFFORTS[given.effort])
        lines.write(given.cache, (asdict(pair) for pair in pairs(given.corpus, by, given.limit)))
    read = [used_of(Pair(**line)) for line in lines.read(given.cache)]
    found = cross_validated(read)
    threshold = chosen_threshold(found)
    for name, value in figures(found, threshold).items():
        print(f"{name:28s} {value:.3f}")
    write(given.out, *fit(read), threshold, prior_of(found))


def used_of(pair: Pair) -> Pair:
    """The pair with the features that are fitted."""
    columns = [NAMES.index(name) for name in USED]
    return replace(pair, features=[[row[column] for column in columns] for row in pair.features])


def cross_validated(read: Sequence[Pair]) -> list[Judged]:
    """Every pair judged by what was fitted on the others; a question's pairs stand together in the cache."""
    fold = [at // (1 + OTHERS) % FOLDS for at in range(len(read))]
    found: list[Judged] = []
    for one in range(FOLDS):
        weights, bias = fit([pair for pair, at in zip(read, fold, strict=True) if at != one])
        found += judged([pair for pair, at in zip(read, fold, strict=True) if at == one], weights, bias)
    return found


def reader_of(models: Path | None, effort: Effort) -> Comprehension:
    """What reads: the built-in models, or those of a folder."""
    by = in_force(in_use.BUILT_IN, effort) if models is None else None
    if models is not None:
        reader, vectors = catalog.load_reader(models / "reader"), catalog.load_static(models / "static")
        by = Comprehension(reader, vectors, shipped(effort.name), effort)
    if by is None:
        raise SystemExit("no reader is installed")
    return by


def pairs(corpus: Path, by: Comprehension, limit: int | None) -> Iterator[Pair]:
    """Every question with its own patent and with others."""
    rng = random.Random(7)
    n_of = {"calibrate": 0, "dev": 0}
    with folder.open_to_read(corpus / "corpus.study") as store:
        written = held_by(store, hand_written(QUESTIONS.glob("*.jsonl")))
        entries = [one for one in written if part_of(one["digest"]) != "train"]
        asked = [(entry, question) for entry in entries for question in entry["questions"]]
        rng.shuffle(asked)
        texts = {entry["digest"]: store.text(entry["digest"]) for entry in entries}
        for entry, question in asked:
            part = part_of(entry["digest"])
            n_of[part] += 1
            if limit and n_of[part] > limit:
                continue
            text = texts[entry["digest"]]
            # Of an unanswerable question to a piece nothing is known about the rest of its text
            if question["answers"] or "within" not in question:
                golds = [text.text[left:right] for left, right in question["answers"]]
                yield _pair(text, entry, question, golds, by)
            rivals = [one for one in entries if one is not entry and part_of(one["digest"]) == part]
            for other in rng.sample(rivals, OTHERS):
                yield _pair(texts[other["digest"]], entry, question, None, by)


def _pair(text: Text, entry: Any, question: Any, golds: Sequence[str] | None, by: Comprehension) -> Pair:
    """golds: accepted answers, None where the patent is another one."""
    candidates = found(text, question["q"], by)
    return Pair(
        part=part_of(entry["digest"]),
        kind="elsewhere" if golds is None else "own",
        lang=text.lang,
        crosses=question["lang"] != text.lang,
        answerable=bool(golds),
        features=[[getattr(one.features, name) for name in NAMES] for one in candidates],
        f1=[best_f1(text.quote(one.span), golds or ()) for one in candidates],
    )


def best_f1(quote: str, golds: Sequence[str]) -> float:
    """Against the best of the accepted answers, 0 where there is none."""
    return max((wording.f1(quote, gold, wording.pairs) for gold in golds), default=0.0)


def fit(read: Sequence[Pair]) -> tuple[Any, float]:
    """Weights [features] and bias, in log-odds."""
    rows = np.array([row for pair in read for row in pair.features])
    right = np.array([f1 >= RIGHT_FROM for pair in read for f1 in pair.f1], dtype=float)
    mean, spread = rows.mean(0), rows.std(0) + 1e-6
    solved = logistic((rows - mean) / spread, right)
    weights, bias = solved[:-1] / spread, float(solved[-1] - (solved[:-1] * mean / spread).sum())
    tops = [top(pair, weights, bias) for pair in read if pair.features]
    scale, shift = logistic(
        np.array([[odds] for odds, _ in tops]), np.array([f1 >= RIGHT_FROM for _, f1 in tops], float)
    )
    return weights * scale, bias * scale + float(shift)


def logistic(rows: Any, right: Any) -> Any:
    """Weights and, last, the bias: Newton's method with a small ridge."""
    table = np.hstack([rows, np.ones((len(rows), 1))])
    ridge = np.eye(table.shape[1]) * _RIDGE
    ridge[-1, -1] = 0
    weights = np.zeros(table.shape[1])
    for _ in range(_STEPS):
        sure = 1 / (1 + np.exp(-table @ weights))
        slope = table.T @ (sure - right) + ridge @ weights
        curve = (table * (sure * (1 - sure))[:, None]).T @ table + ridge
        weights -= np.linalg.solve(curve, slope)
    return weights


def top(pair: Pair, weights: Any, bias: float) -> tuple[float, float]:
    """Log-odds and F1 of the likeliest candidate."""
    odds = np.array(pair.features) @ weights + bias
    at = int(odds.argmax())
    return float(odds[at]), pair.f1[at]


def judged(read: Sequence[Pair], weights: Any, bias: float) -> list[Judged]:
    """(pair, probability, F1) of every pair that has a candidate."""
    tops = [(pair, *top(pair, weights, bias)) for pair in read if pair.features]
    return [(pair, 1 / (1 + np.exp(-odds)), f1) for pair, odds, f1 in tops]


def chosen_threshold(found: Sequence[Judged]) -> float:
    """The lowest threshold that refuses enough of what is not answered."""
    silent = [p for pair, p, _ in found if pair.kind == "own" and not pair.answerable]
    elsewhere = [p for pair, p, _ in found if pair.kind == "elsewhere"]
    return round(float(max(np.quantile(silent, REFUSED), np.quantile(elsewhere, REFUSED_ELSEWHERE))), 3)


def figures(found: Sequence[Judged], threshold: float) -> dict[str, float]:
    """What the shipped threshold does."""
    own = [(pair, p, f1) for pair, p, f1 in found if pair.kind == "own"]
    given = {
        f"F1 {name}": [f1 * (p >= threshold) for pair, p, f1 in own if pair.answerable and pair.crosses == crosses]
        for name, crosses in (("same language", False), ("cross-lingual", True))
    }
    chance = [(p if p >= threshold else 0.0, float(p >= threshold and f1 >= RIGHT_FROM)) for _, p, f1 in found]
    base = np.mean([right for _, right in chance])
    brier = np.mean([(p - right) ** 2 for p, right in chance])
    return {name: float(np.mean(values)) for name, values in given.items()} | {
        "refused unanswerable": float(np.mean([p < threshold for pair, p, _ in own if not pair.answerable])),
        "refused elsewhere": float(np.mean([p < threshold for pair, p, _ in found if pair.kind == "elsewhere"])),
        "Brier skill": float(1 - brier / (base * (1 - base))),
        "threshold": threshold,
    }


def prior_of(found: Sequence[Judged]) -> float:
    """The share of right answers among the likeliest of each pair."""
    return float(np.mean([f1 >= RIGHT_FROM for _, _, f1 in found]))


def write(out: Path, weights: Any, bias: float, threshold: float, prior: float) -> None:
    """The file of the room ``reading``."""
    content = [
        "# Fitted by training.calibrate on patents used for nothing else (docs/models.md): log-odds of a right answer.",
        f"threshold = {threshold}",
        f"withheld_from = {round(threshold / 2, 3)}",
        f"prior = {prior:.4f}",
        f"bias = {bias:.4f}",
        "",
        "[weights]",
        *(f"{name} = {weight:.4f}" for name, weight in zip(USED, weights, strict=True)),
    ]
    out.write_text("\n".join(content) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
