"""Which passages of a patent are worth reading for a question: how often the answer is among the first few.

    python -m training.selection --corpus CORPUS --models WEIGHTS [--part dev] [--encoder] [--patents N]

In: hand-written questions of one part, the corpus, the models.  Out: a table on standard output: for each way of
choosing, the share of answerable questions with an answering passage among the 4, 8, 12 best of the patent's own
passages, questions in the language of the patent and in the other apart, with 95 % intervals over patents.  Patents of
no more than ``FEW`` passages are left out: nothing is chosen there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dokhae.models import catalog
from dokhae.models.evaluation import wording
from dokhae.models.evaluation.intervals import mean
from training import options, patents
from training.build_reader import QUESTIONS, part_of

FEW = 16
CUTS = (4, 8, 12)
K1, B = 1.2, 0.75
_UNIT = re.compile(r"[가-힣]+|[a-z]+|\d+(?:[.,]\d+)*")
Score = Callable[[str, Sequence[str]], Any]  # question, passages -> float [n], more is better


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the passages of its patent, and which of them answer it."""

    question: str
    is_cross: bool
    patent: int
    passages: tuple[str, ...]
    answering: tuple[int, ...]


def main() -> None:
    """Measures."""
    parser = options.parser(__doc__, "corpus", "models")
    parser.add_argument("--part", default="dev")
    parser.add_argument("--encoder", action="store_true", help="the encoder too: minutes")
    parser.add_argument("--patents", type=int, help="only so many, the shortest first")
    given = parser.parse_args()
    asked = shortest(list(load(given.corpus, given.part)), given.patents)
    n_cross = sum(one.is_cross for one in asked)
    print(
        f"{len(asked)} questions, {n_cross} of them across languages; {len({one.patent for one in asked})} patents, "
        f"{np.mean([len(one.passages) for one in asked]):.0f} passages each"
    )
    ways: dict[str, Score] = {"the first": first, "BM25": lexical}
    static = catalog.load_static(given.models / "static")
    ways |= {"static sums": by(static), "static matches": static.match}
    if given.encoder:
        ways["encoder"] = by(catalog.load_encoder(given.models / "encoder"))
    scores = {name: [score(one.question, one.passages) for one in asked] for name, score in ways.items()}
    print_table(asked, scores | fusions(scores))


def load(corpus: Path, part: str) -> Iterator[Asked]:
    """Answerable questions on long patents of one part."""
    known = patents.load(corpus / "texts.jsonl")
    for at, entry in enumerate(patents.hand_written(QUESTIONS.glob("*.jsonl"))):
        patent = known.get(entry["digest"])
        if patent is None or part_of(entry["digest"]) != part or len(patent.passages) <= FEW:
            continue
        passages = tuple(patent.text[start:end] for _, _, start, end in patent.passages)
        for asked in entry["questions"]:
            spans = [*asked["answers"], *asked.get("also", [])]
            answering = tuple(
                n for n, (_, _, a, b) in enumerate(patent.passages) if any(a <= x and y <= b for x, y in spans)
            )
            if asked["answers"] and answering:
                yield Asked(asked["q"], asked["lang"] != patent.lang, at, passages, answering)


def shortest(asked: list[Asked], n: int | None) -> list[Asked]:
    """Questions on the ``n`` patents with the fewest passages; all where None."""
    size = {one.patent: len(one.passages) for one in asked}
    chosen = set(sorted(size, key=lambda patent: (size[patent], patent))[:n])
    return [one for one in asked if one.patent in chosen]


def first(question: str, passages: Sequence[str]) -> Any:
    """As they stand in the patent."""
    return -np.arange(len(passages), dtype=np.float64)


def units(text: str) -> list[str]:
    """Words without their endings, numbers, pairs of Hangul."""
    return wording.stems(_UNIT.findall(text.lower()))


def lexical(question: str, passages: Sequence[str]) -> Any:
    """BM25 over the passages of one patent (Robertson & Walker 1994)."""
    counts = [Counter(units(passage)) for passage in passages]
    lengths = np.array([sum(one.values()) for one in counts], np.float64)
    norm = K1 * (1 - B + B * lengths / lengths.mean())
    scores = np.zeros(len(passages))
    for unit in set(units(question)):
        held = np.array([one[unit] for one in counts], np.float64)
        n_holding = np.count_nonzero(held)
        scores += np.log1p((len(passages) - n_holding + 0.5) / (n_holding + 0.5)) * held * (K1 + 1) / (held + norm)
    return scores


def by(encoder: Any) -> Score:
    """Cosine of an encoder's vectors; the passages of a patent are encoded once."""
    known: dict[tuple[str, ...], Any] = {}

    def score(question: str, passages: Sequence[str]) -> Any:
        key = tuple(passages)
        if key not in known:
            known[key] = encoder.encode(key, "passage")
        return known[key] @ encoder.encode([question], "query")[0]

    return score


def fusions(scores: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
    """Each encoder with BM25: standardised scores added, and reciprocal ranks."""
    found = {}
    for name in ("static sums", "static matches", "encoder"):
        if name in scores:
            both = list(zip(scores[name], scores["BM25"], strict=True))
            for weight in (0.25, 0.5):
                found[f"{name} + {weight} BM25"] = [standard(a) + weight * standard(b) for a, b in both]
            found[f"{name}, BM25: reciprocal ranks"] = [reciprocal(a) + reciprocal(b) for a, b in both]
    return found


def standard(scores: Any) -> Any:
    """Mean 0, deviation 1; noughts where all are alike."""
    return (scores - scores.mean()) / (scores.std() + 1e-9)


def reciprocal(scores: Any) -> Any:
    """1 / (60 + rank) (Cormack et al. 2009)."""
    return 1 / (60 + np.argsort(np.argsort(-scores, kind="stable"), kind="stable"))


def is_among(scores: Any, answering: Sequence[int], n: int) -> bool:
    """Whether one of ``answering`` is among the ``n`` best; of equals the first in the patent."""
    return bool(set(np.argsort(-scores, kind="stable")[:n].tolist()) & set(answering))


def print_table(asked: Sequence[Asked], scores: Mapping[str, Sequence[Any]]) -> None:
    """One line a way of choosing."""
    print("| chosen by | " + " | ".join(f"{kind} {n}" for kind in ("same", "cross") for n in CUTS) + " |")
    print("|---" * (1 + 2 * len(CUTS)) + "|")
    for name, found in scores.items():
        cells = []
        for is_cross in (False, True):
            rows = [(one, score) for one, score in zip(asked, found, strict=True) if one.is_cross == is_cross]
            for n in CUTS:
                hits = [float(is_among(score, one.answering, n)) for one, score in rows]
                figure = mean("", hits, [one.patent for one, _ in rows])
                cells.append(f"{figure.value:.3f} ({figure.low:.2f}–{figure.high:.2f})")
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
