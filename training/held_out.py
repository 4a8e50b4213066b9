"""What is kept out of training, as files that ``dokhae models evaluate`` measures.

    python -m training.held_out --data DATA --corpus CORPUS --out FOLDER

In: the question sets and the corpus.  Out: ``squad1.1_train.json`` and ``korquad1.0_half.json``, the articles kept for
measuring, in SQuAD's format, and ``titles.jsonl``, English titles and the Korean abstracts they belong to.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from training import lines, mrc, options
from training.build_reader import KORQUAD, KORQUAD_HELD_OUT, SQUAD
from training.corpus import TEXTS
from training.pairs import is_test

FILES = {SQUAD[0]: mrc.HELD_OUT, KORQUAD[0]: KORQUAD_HELD_OUT}
TITLES = "titles.jsonl"
_LEAST_CHARS = 50  # of an abstract worth finding


def main() -> None:
    """Writes one file a set."""
    given = options.parser(__doc__, "data", "corpus", "out").parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    for name, share in FILES.items():
        tree = {"version": "1.1", "data": articles(given.data / "mrc" / f"{name}.json.gz", share)}
        (given.out / f"{name}.json").write_text(json.dumps(tree, ensure_ascii=False), encoding="utf8")
    lines.write(given.out / TITLES, title_pairs(lines.read(given.corpus / TEXTS)))


def articles(path: Path, share: float) -> list[lines.Line]:
    """The articles of a question set kept for measuring, as they are written in it."""
    return [article for article in mrc.tree(path) if mrc.is_held_out(mrc.title_of(article), share)]


def title_pairs(texts: Iterable[lines.Line]) -> Iterator[lines.Line]:
    """English titles and Korean abstracts, of the texts no pair was made of."""
    for line in filter(is_test, texts):
        abstract = max(line["text"].split("\n"), key=len)
        if len(abstract) > _LEAST_CHARS:
            yield {"query": line["titles"]["en"], "passage": abstract}


if __name__ == "__main__":
    main()
