"""The figures of finished models: on questions and pairs kept out of training, by the product's own measures.

    python -m training.figures --data DATA --corpus CORPUS --models SET --out OUT [--limit N]

In: the question sets, the corpus, and the folder of ``training.model_set``.  Out: ``held-out-squad.json``,
``held-out-korquad.json`` (SQuAD's format) and ``held-out-titles.jsonl`` (English title, Korean abstract), which
``dokhae models evaluate`` takes too, and ``figures.json``: each figure with its 95 % interval and how many it stands on.
Gold is not touched: it is measured through the product (docs/models.md).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from dokhae.models import catalog
from dokhae.models.evaluation import Figure, reading, retrieval, squad
from training import lines, mrc, options
from training.build_reader import KORQUAD, KORQUAD_HELD_OUT, SQUAD
from training.corpus import TEXTS
from training.pairs import is_test

HELD_OUT = {"squad": (SQUAD[0], mrc.HELD_OUT), "korquad": (KORQUAD[0], KORQUAD_HELD_OUT)}
_LEAST_CHARS = 50  # of an abstract worth finding


def main() -> None:
    """Writes the held-out files and the figures on them."""
    parser = options.parser(__doc__, "data", "corpus", "models", "out")
    parser.add_argument("--limit", type=int, help="questions a set, spread evenly; all if not given")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    figures = {}
    reader = catalog.load_reader(given.models / "reader")
    for name, (file, share) in HELD_OUT.items():
        path = given.out / f"held-out-{name}.json"
        tree = {"version": "1.1", "data": held_out(given.data / "mrc" / f"{file}.json.gz", share)}
        path.write_text(json.dumps(tree, ensure_ascii=False), encoding="utf8")
        questions = squad.load(path, limit=given.limit)
        answered = reading.answer(reader, questions, _silent)
        figures[f"reader {name}"] = list(reading.figures(answered, reading.measure_for(questions)))
    titles = given.out / "held-out-titles.jsonl"
    lines.write(titles, title_pairs(lines.read(given.corpus / TEXTS)))
    encoder = catalog.load_encoder(given.models / "encoder")
    figures["encoder titles"] = list(retrieval.figures(encoder, retrieval.load(titles), _silent))
    write(figures, given.out / "figures.json")


def held_out(path: Path, share: float) -> list[lines.Line]:
    """The articles of a question set kept for measuring, as they are in it."""
    articles = zip(mrc.tree(path), mrc.articles(path), strict=True)
    return [written for written, article in articles if mrc.is_held_out(article.title, share)]


def title_pairs(texts: Iterable[lines.Line]) -> Iterator[lines.Line]:
    """English titles and Korean abstracts, of the texts no pair was made of."""
    for line in filter(is_test, texts):
        abstract = max(line["text"].split("\n"), key=len)
        if len(abstract) > _LEAST_CHARS:
            yield {"query": line["titles"]["en"], "passage": abstract}


def write(figures: dict[str, list[Figure]], out: Path) -> None:
    """Says every figure and keeps it."""
    for name, found in figures.items():
        for one in found:
            interval = "" if one.low is None else f"  [{one.low:.3f}, {one.high:.3f}]"
            print(f"{name:16} {one.name:20} {one.value:.3f}{interval}  n={one.n}", flush=True)
    content = {name: [asdict(one) for one in found] for name, found in figures.items()}
    with lines.replaced(out) as unfinished:
        unfinished.write_text(json.dumps(content, indent=1), encoding="utf8")


def _silent(done: int, total: int) -> None:
    """Progress nobody watches."""


if __name__ == "__main__":
    main()
