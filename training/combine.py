"""Fits how cues and model read the standing fields together, on marked patents that nothing was trained on.

    python -m training.combine --corpus CORPUS --cache READ.jsonl --out combination.toml [--models SET]

In: the fields marked by hand of the parts "calibrate" and "dev" (some 195 patents, few of them full texts, so both are
used), and what the built-in reader marks in them, kept in the cache.  Out: ``combination.toml`` of the room
``reading``.  Every figure and threshold is cross-validated by patent, eight-fold: what is judged was not fitted on.
Ridge regression in two steps: over all fields of a kind of text, towards the order of the cues, then each field
towards that.  A candidate is right where its F1 with a marked span is at least 0.5 (0.6 for the names of parts).  A
field leaves the cues only where the model surely makes more first answers right, or surely knows better which are right
with no fewer of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from dataclasses import fields as fields_of
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from dokhae.library import folder
from dokhae.models import Reading, Scored, catalog
from dokhae.models.evaluation import wording
from dokhae.reading import combining, naming, parts, scoring
from dokhae.reading.combination import FULL, KINDS, SHORT, NameFeatures, SpanFeatures, Table, kind_of
from dokhae.reading.fields import Field, load
from dokhae.reading.marking import Marking, ReadsFields
from dokhae.reading.view import View
from dokhae.types import Span
from training import options
from training.build_reader import QUESTIONS, part_of
from training.patents import hand_written, held_by

FIELDS = ("problem", "solution", "effect", "field", "application", "cause", "material", "process", "parts")
RIGHT_FROM = {"parts": 0.6}
N_FOLDS = 8
LEAST_THRESHOLD, FEW_UNSTATED = 0.1, 10
SPANS = tuple(one.name for one in fields_of(SpanFeatures))
NAMES = tuple(one.name for one in fields_of(NameFeatures))
_TOWARDS = {"cues": 1.0, "of_cues": 0.5}  # in standard deviations
_RIDGE = {SHORT: 10.0, FULL: 30.0}  # the fewer patents, the nearer to the cues' order
_RIDGE_NAMES, _STEPS = 3.0, 50
_A_TEXT = 8.0  # the candidates of a text weigh as much together, however many there are
_ALONE = ("cues",)
_ONE_IN_TWENTY = 1.645  # standard errors

Floats = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Marked:
    """A patent with what was marked by hand and what the model marks.  fold: in which it is judged."""

    view: View
    by_hand: dict[str, list[str]]
    marking: Marking
    kind: str
    fold: int


@dataclass(frozen=True, slots=True)
class Judged:
    """The first answer to one field of one patent, or for parts the share of the marked ones among the names."""

    p: float
    right: float
    right_by_cues: float
    is_stated: bool
    lang: str


class CachedReader:
    """A reader, the built-in one or that of a set, which reads each passage once however often this is run."""

    def __init__(self, cache: Path, models: Path | None = None) -> None:
        self._reader = catalog.load_reader(models / "reader" if models else None)
        self._cache = cache
        self._known: dict[str, Any] = {}
        if cache.exists():
            self._known = dict(json.loads(line) for line in cache.read_text(encoding="utf8").split("\n") if line)
        self.digest, self.fields, self.max_tokens = self._reader.digest, self._reader.fields, self._reader.max_tokens
        self.count, self.room, self.read = self._reader.count, self._reader.room, self._reader.read

    def read_fields(self, texts: Sequence[tuple[str, str]]) -> list[dict[str, Reading]]:
        keys = [hashlib.sha256(f"{self.digest}{told}\0{text}".encode()).hexdigest()[:24] for told, text in texts]
        with self._cache.open("a", encoding="utf8") as file:
            for key, text in zip(keys, texts, strict=True):
                if key not in self._known:
                    (found,) = self._reader.read_fields([text])
                    self._known[key] = {
                        field: [(one.span.start, one.span.end, one.score) for one in reading.candidates]
                        for field, reading in found.items()
                    }
                    file.write(json.dumps([key, self._known[key]]) + "\n")
        return [{field: _reading(spans) for field, spans in self._known[key].items()} for key in keys]


def _reading(spans: Iterable[tuple[int, int, float]]) -> Reading:
    candidates = tuple(Scored(Span(start, end), score) for start, end, score in spans)
    return Reading(candidates, 1.0 - candidates[0].score if candidates else 1.0)


def main() -> None:
    """Reads what is not in the cache, fits, judges, writes."""
    parser = options.parser(__doc__, "corpus", "cache", "out")
    parser.add_argument("--models", type=Path, help="a set of models; the built-in ones if not given")
    given = parser.parse_args()
    given.cache.parent.mkdir(parents=True, exist_ok=True)
    reader = CachedReader(given.cache, given.models)
    lines = [_HEAD, f'reader = "{reader.digest}"']
    for kind in KINDS:
        found = settled(given.corpus, reader, kind)
        for field, one in found.items():
            figures = one.figures(field)
            said = " ".join(f"{name} {value:.3f}" for name, value in figures.items())
            print(f"{kind:6s}{field:12s}{said} {'with model' if one.table.with_model else 'cues'}")
            lines += ["", f"[{kind}.{field}]", *_written(one.table, figures)]
        print(*reliability([top for field, one in found.items() if field != "parts" for top in one.tops]), sep="\n")
    given.out.write_text("\n".join(lines) + "\n", encoding="utf8")


def settled(corpus: Path, reader: ReadsFields, kind: str) -> dict[str, Chosen]:
    """How each field is read in texts of a kind."""
    own = tuple(marked(corpus, reader, kind))
    return {field: chosen(own, field) for field in FIELDS}


def marked(corpus: Path, reader: ReadsFields, kind: str) -> Iterator[Marked]:
    """Every patent of a kind with marked fields outside the part "train"."""
    with folder.open_to_read(corpus / "corpus.study") as store:
        for entry in held_by(store, hand_written(QUESTIONS.glob("*.jsonl"))):
            if part_of(entry["digest"]) == "train" or not entry["fields"]:
                continue
            text = store.text(entry["digest"])
            if kind_of(text) != kind:
                continue
            by_hand = {name: [text.text[a:b] for a, b in spans] for name, spans in entry["fields"].items()}
            fold = int(entry["digest"][8:12], 16) % N_FOLDS
            view = View(text)
            yield Marked(view, by_hand, Marking(view, reader), kind, fold)


@dataclass(frozen=True, slots=True)
class Chosen:
    """How a field is read, and the first answers it gave while that was not fitted on them."""

    table: Table
    tops: list[Judged]

    def figures(self, field: str) -> dict[str, float]:
        stated = [one for one in self.tops if one.is_stated]
        figures = {
            "patents": len(self.tops),
            "stated": len(stated),
            "right": hits(self.tops),
            "right_by_cues": float(np.mean([one.right_by_cues for one in stated])),
        }
        if field != "parts":
            figures["brier"] = float(np.mean([(one.p - one.right) ** 2 for one in self.tops]))
        return figures


def chosen(own: tuple[Marked, ...], field: str) -> Chosen:
    """The table of a field, fitted on all, with the model only where it surely makes more first answers right."""
    together, alone = (judged(own, field, with_model=with_model) for with_model in (True, False))
    with_model = surely_better(together, alone, field)
    tops = together if with_model else alone
    threshold = best_threshold(tops) if field != "parts" else LEAST_THRESHOLD
    table = fitted(own, with_model)[field]
    return Chosen(Table(table.bias, table.weights, threshold, threshold / 2, with_model), tops)


def reliability(tops: Sequence[Judged]) -> Iterator[str]:
    """For each tenth of probability: how many first answers, how sure they were, how many were right."""
    for tenth in range(10):
        within = [one for one in tops if tenth <= one.p * 10 < tenth + 1 or (tenth == 9 and one.p == 1)]
        if within:
            said, right = (float(np.mean([getattr(one, name) for one in within])) for name in ("p", "right"))
            yield f"  {tenth / 10:.1f} n={len(within):4d} said {said:.2f} right {right:.2f}"


def surely_better(one: Sequence[Judged], other: Sequence[Judged], field: str) -> bool:
    """Whether ``one`` is right more often on the same patents, or as often and better knows when, by paired tests."""
    pairs = list(zip(one, other, strict=True))
    more = np.array([a.right - b.right for a, b in pairs if a.is_stated])
    if field == "parts":  # many answers, so no probability that the first is right
        return _is_above_zero(more)
    nearer = np.array([(b.p - b.right) ** 2 - (a.p - a.right) ** 2 for a, b in pairs])
    return _is_above_zero(more) or (float(more.mean()) >= 0 and _is_above_zero(nearer))


def _is_above_zero(differences: Floats) -> bool:
    """One-sided, at 5 %."""
    error = differences.std(ddof=1) / np.sqrt(len(differences))
    return bool(differences.mean() > _ONE_IN_TWENTY * error)


def hits(tops: Sequence[Judged]) -> float:
    return float(np.mean([one.right for one in tops if one.is_stated]))


def judged(own: tuple[Marked, ...], field: str, *, with_model: bool) -> list[Judged]:
    """The first answer to ``field`` in every patent, by tables fitted on the other folds."""
    found = []
    for fold in range(N_FOLDS):
        others = tuple(one for one in own if one.fold != fold)
        table = fitted(others, with_model)[field]
        found += [_judge(one, field, table) for one in own if one.fold == fold and field in one.by_hand]
    return found


def _judge(one: Marked, field: str, table: Table) -> Judged:
    view, golds = one.view, one.by_hand[field]
    first = candidates(one, field, table)
    by_cues = parts.candidates(view.text) if field == "parts" else scoring.candidates(view, field)
    p = first[0].score if first else 0.0
    return Judged(p, right(view, first, golds, field), right(view, by_cues, golds, field), bool(golds), view.text.lang)


def candidates(one: Marked, field: str, table: Table) -> list[Scored]:
    """As the product reads the field."""
    marks = one.marking.of(field)
    if field == "parts":
        return naming.candidates(one.view, marks, table)
    return combining.candidates(one.view, schema()[field], marks, table)


def right(view: View, found: Sequence[Scored], golds: Sequence[str], field: str) -> float:
    """Whether the first answer is right; for parts the share of the marked names that are among the answers."""
    quotes = [view.text.quote(one.span) for one in found]
    if field == "parts":
        return float(
            np.mean([max((_f1(quote, gold) for quote in quotes), default=0.0) >= 0.6 for gold in golds] or [False])
        )
    return float(bool(quotes) and max((_f1(quotes[0], gold) for gold in golds), default=0.0) >= 0.5)


@cache
def _f1(quote: str, gold: str) -> float:
    return wording.f1(quote, gold, wording.pairs)


@cache
def schema() -> dict[str, Field]:
    """The built-in fields by name."""
    return {field.id: field for name in ("standing", "rnd") for field in load(name)}


@cache  # every field is judged by the same fits
def fitted(own: tuple[Marked, ...], with_model: bool) -> dict[str, Table]:
    """A table for each field."""
    return _fit_spans(own, with_model) | {"parts": _fit_names(own, with_model)}


def _fit_spans(own: Sequence[Marked], with_model: bool) -> dict[str, Table]:
    """The fields answered by spans: all together first, then each towards what all have in common."""
    names = SPANS if with_model else _ALONE
    known = {field: samples(own, field, names, with_model) for field in FIELDS if field != "parts"}
    x = np.concatenate([one[0] for one in known.values()])
    middle, spread = x.mean(0), x.std(0) + 1e-9
    scaled = {field: ((x - middle) / spread, y, w) for field, (x, y, w) in known.items()}
    towards = np.array([0.0, *(_TOWARDS.get(name, 0.0) for name in names)])
    ridge = _RIDGE[own[0].kind]
    every, answers, weights = (np.concatenate([one[at] for one in scaled.values()]) for at in range(3))
    common = regression(every, answers, weights, towards, ridge)
    return {field: _table(regression(*one, common, ridge), names, middle, spread) for field, one in scaled.items()}


def _fit_names(own: Sequence[Marked], with_model: bool) -> Table:
    x, y, w = samples(own, "parts", NAMES, with_model)
    middle, spread = x.mean(0), x.std(0) + 1e-9
    weights = regression((x - middle) / spread, y, w, np.zeros(len(NAMES) + 1), _RIDGE_NAMES)
    return _table(weights, NAMES, middle, spread)


def samples(own: Sequence[Marked], field: str, names: Sequence[str], with_model: bool) -> tuple[Floats, Floats, Floats]:
    """Every candidate of a field: features [n, names], right [n], weight [n]."""
    rows: list[list[float]] = []
    rights: list[float] = []
    weights: list[float] = []
    for one in own:
        if field in one.by_hand:
            found = list(_described(one, field, with_model))
            golds = one.by_hand[field]
            least = RIGHT_FROM.get(field, 0.5)
            rows += [[getattr(known, name) for name in names] for _, known in found]
            quotes = [one.view.text.quote(span) for span, _ in found]
            rights += [float(max((_f1(quote, gold) for gold in golds), default=0.0) >= least) for quote in quotes]
            weights += [1.0 if field == "parts" else _A_TEXT / len(found) for _ in found]
    return np.array(rows).reshape(-1, len(names)), np.array(rights), np.array(weights)


def _described(one: Marked, field: str, with_model: bool) -> Iterator[tuple[Span, Any]]:
    marks = one.marking.of(field) if with_model else ()
    if field == "parts":
        return ((span, known) for _, span, known in naming.described(one.view, marks))
    return combining.described(one.view, schema()[field], marks)


def regression(x: Floats, y: Floats, w: Floats, towards: Floats, ridge: float) -> Floats:
    """Bias and weights of a logistic regression drawn towards given ones, by Newton's method.

    x: float [n, k]; y, w: float [n]; towards: float [k + 1], bias first.
    """
    x = np.concatenate([np.ones((len(x), 1)), x], axis=1)  # [n, k + 1]
    penalty = np.full(x.shape[1], ridge)
    penalty[0] = 0.01
    found = towards.copy()
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-np.clip(x @ found, -30, 30)))
        slope = x.T @ (w * (y - p)) - penalty * (found - towards)
        curve = (x.T * (w * p * (1 - p))) @ x + np.diag(penalty)
        step = np.clip(np.linalg.solve(curve, slope), -2, 2)
        found = found + step
        if np.abs(step).max() < 1e-7:
            break
    return found


def _table(weights: Floats, names: Sequence[str], middle: Floats, spread: Floats) -> Table:
    """Weights of features as they come, from those of standard deviations."""
    plain = weights[1:] / spread
    bias = float(weights[0] - plain @ middle)
    return Table(bias, dict(zip(names, plain.tolist(), strict=True)), LEAST_THRESHOLD, LEAST_THRESHOLD / 2)


def best_threshold(tops: Sequence[Judged]) -> float:
    """From which probability answering is right more often than saying "not stated"."""
    if sum(not one.is_stated for one in tops) < FEW_UNSTATED:
        return LEAST_THRESHOLD

    def n_right(threshold: float) -> float:
        return sum(one.right if one.p >= threshold else not one.is_stated for one in tops)

    grid = [round(LEAST_THRESHOLD + 0.01 * step, 2) for step in range(50)]
    return max(grid, key=lambda threshold: (n_right(threshold), -threshold))


_HEAD = """# How cues and model read the standing fields together: logistic regression, by kind of text and field.
# Fitted by training.combine; the meaning of each number stands in combination.py.  figures: cross-validated."""


def _written(table: Table, figures: dict[str, float]) -> list[str]:
    def inline(values: dict[str, float]) -> str:
        return "{ " + ", ".join(f"{name} = {round(value, 4)}" for name, value in values.items()) + " }"

    return [
        f"with_model = {str(table.with_model).lower()}",
        f"threshold = {table.threshold:.2f}",
        f"withheld_from = {table.withheld_from:.3f}",
        f"bias = {table.bias:.4f}",
        f"weights = {inline(dict(table.weights))}",
        f"figures = {inline(figures)}",
    ]


if __name__ == "__main__":
    main()
