"""Fits what is known of probabilities where a question meets a whole set of patents.

    python -m training.among --corpus CORPUS --cache CACHE.jsonl --out among.toml [--questions 70]

In: hand-written questions of the parts "calibrate" and "dev", each put to every long patent of these parts (some 80, of
several trades), as ``ask --all`` reads and judges them.  Out: ``among.toml`` of the room ``reading``: a logistic
regression on the calibrated log-odds (weight one) and the likeness of the best passage less its mean over the set,
right and wrong answers weighed as in the calibration (printed: cross-validated by question); which share of right and
of wrong ones reaches each probability of AT; and from which probability an answer is best given.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from dokhae.library import folder
from dokhae.models import in_use
from dokhae.reading import calibration, rarity
from dokhae.reading.comprehension import Comprehension, found, in_force, log_odds
from dokhae.reading.cutting import Cut
from dokhae.reading.effort import MANY
from dokhae.reading.rarity import Among
from dokhae.types import Text
from training import lines, options
from training.build_reader import QUESTIONS, part_of
from training.calibrate import RIGHT_FROM, best_f1
from training.patents import hand_written, held_by

FOLDS = 5
AT = (0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6)
THRESHOLDS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)
_NEARLY = 0.9
_HEAD = "# Fitted by training.among (docs/models.md): what changes where a question meets a whole set; see rarity.py."
_LONG_CHARS, _ELSE_CHARS = {"ko": 5_000}, 12_000
_STEPS, _RIDGE = 40, 1e-3
Rows = np.ndarray[Any, Any]  # [pairs, (question, right, log-odds, likeness less its mean)]


def main() -> None:
    """Reads what is not in the cache, fits, writes."""
    parser = options.parser(__doc__, "corpus", "cache", "out")
    parser.add_argument("--questions", type=int, default=70)
    given = parser.parse_args()
    if not given.cache.exists():
        lines.write(given.cache, asked_of_all(given.corpus, given.questions))
    read = list(lines.read(given.cache))
    rows = standing(read)
    for name, p in (("as calibrated", rows[:, 2]), ("beside the others", cross_validated(rows))):
        right, wrong = p[rows[:, 1] == 1], p[rows[:, 1] == 0]
        first = [_is_first(p[rows[:, 0] == one], rows[rows[:, 0] == one, 1]) for one in set(rows[rows[:, 1] == 1, 0])]
        print(f"{name:18s} AUROC {np.mean([(one > wrong).mean() for one in right]):.3f} first {np.mean(first):.3f}")
    weight, bias = fit(rows)
    moved = rows[:, 2] + bias + weight * rows[:, 3]
    silent = sum(one["odds"] is None for one in read)
    among = Among(weight, bias, AT, _reached(moved[rows[:, 1] == 1], 0), _reached(moved[rows[:, 1] == 0], silent))
    counts = {one: sum(line["question"] == one for line in read) for one in set(rows[:, 0])}
    content = [
        _HEAD,
        f"beside = {weight:.4f}",
        f"bias = {bias:.4f}",
        f"at = {list(AT)}",
        f"right = {list(among.right)}",
        f"wrong = {list(among.wrong)}",
        f"answered_from = {best_threshold(rows, moved, counts, among)}",
    ]
    given.out.write_text("\n".join(content) + "\n", "utf8")


def _reached(odds: Rows, n_silent: int) -> tuple[float, ...]:
    """Which share of texts reaches each probability of AT; those without a candidate reach none."""
    n = len(odds) + n_silent
    return tuple(round(float((odds >= log_odds(at)).sum()) / n, 4) for at in AT)


def best_threshold(rows: Rows, moved: Rows, counts: Mapping[int, int], among: Among) -> float:
    """The probability from which answers are best given: the lowest whose mean of precision and coverage (harmonic) is
    within a tenth of the best, for the top is flat and a few right answers make it.
    """
    prior = calibration.shipped(MANY.name).prior
    shown = np.zeros(len(rows))
    for question, n in counts.items():
        own = rows[:, 0] == question
        raw = [1 / (1 + math.exp(-one)) for one in moved[own]]
        share = rarity.held(rarity.share([*raw, *[0.0] * (n - len(raw))], among), n, prior)
        shown[own] = [rarity.shifted(one, prior, share) for one in raw]
    n_right = rows[:, 1].sum()
    found = {at: (shown >= at) for at in THRESHOLDS}
    means = {at: 2 * rows[given, 1].sum() / (given.sum() + n_right) for at, given in found.items()}
    for at, given in found.items():
        print(f"from {at:.2f}: given {given.sum()}, right {rows[given, 1].sum():.0f} of {n_right:.0f}, {means[at]:.3f}")
    return min(at for at, mean in means.items() if mean >= _NEARLY * max(means.values()))


def asked_of_all(corpus: Path, n: int) -> Iterator[lines.Line]:
    """Every question with what each patent says best: is it right, its log-odds, how near the patent is."""
    by = in_force(in_use.BUILT_IN, MANY)
    if by is None:
        raise SystemExit("no reader is installed")
    with folder.open_to_read(corpus / "corpus.study") as store:
        written = held_by(store, hand_written(QUESTIONS.glob("*.jsonl")))
        entries = [one for one in written if part_of(one["digest"]) != "train"]
        texts = {one["digest"]: store.text(one["digest"]) for one in entries}
    texts = {digest: text for digest, text in texts.items() if len(text.text) > _LONG_CHARS.get(text.lang, _ELSE_CHARS)}
    cuts = {digest: by.cut(text) for digest, text in texts.items()}
    asked = [(one, question) for one in entries if one["digest"] in texts for question in one["questions"]]
    asked = [(one, question) for one, question in asked if question["answers"] or "within" not in question]
    random.Random(11).shuffle(asked)
    for number, (entry, question) in enumerate(asked[:n]):
        for digest, text in texts.items():
            golds = [text.text[a:b] for a, b in question["answers"]] if digest == entry["digest"] else []
            yield {"question": number, **_best(text, question["q"], golds, (by, cuts[digest]))}


def _best(text: Text, question: str, golds: Sequence[str], read: tuple[Comprehension, Cut]) -> lines.Line:
    by, cut = read
    candidates = found(text, question, by, cut)
    if not candidates:
        return {"right": False, "odds": None, "near": None}
    best = max(candidates, key=lambda one: by.calibration.probability(one.features))
    right = best_f1(text.quote(best.span), golds) >= RIGHT_FROM
    odds = log_odds(by.calibration.probability(best.features))
    return {"right": right, "odds": odds, "near": best.features.alike_best}


def standing(read: Sequence[lines.Line]) -> Rows:
    """Pairs with a candidate; the likeness of each less the mean of its question."""
    rows = np.array(
        [[one["question"], one["right"], one["odds"], one["near"]] for one in read if one["odds"] is not None], float
    )
    for question in set(rows[:, 0]):
        own = rows[:, 0] == question
        rows[own, 3] -= rows[own, 3].mean()
    return rows


def cross_validated(rows: Rows) -> Rows:
    """Log-odds of every pair by what was fitted on other questions."""
    moved = np.zeros(len(rows))
    for fold in range(FOLDS):
        own = rows[:, 0] % FOLDS == fold
        weight, bias = fit(rows[~own])
        moved[own] = rows[own, 2] + bias + weight * rows[own, 3]
    return moved


def fit(rows: Rows) -> tuple[float, float]:
    """Weight of the likeness and constant, by Newton's method; right answers weigh as the prior of the calibration."""
    right = rows[:, 1]
    prior, share = calibration.shipped(MANY.name).prior, right.mean()
    weights = np.where(right == 1, prior / share, (1 - prior) / (1 - share))
    table = np.stack([rows[:, 3], np.ones(len(rows))], axis=1)
    solved = np.zeros(2)
    for _ in range(_STEPS):
        sure = 1 / (1 + np.exp(-(rows[:, 2] + table @ solved)))
        slope = table.T @ (weights * (sure - right)) + _RIDGE * solved
        curve = (table * (weights * sure * (1 - sure))[:, None]).T @ table + _RIDGE * np.eye(2)
        solved -= np.linalg.solve(curve, slope)
    return float(solved[0]), float(solved[1])


def _is_first(odds: Rows, right: Rows) -> bool:
    return bool(right[odds.argmax()] == 1)


if __name__ == "__main__":
    main()
