"""All sets the reader is trained and measured on, packed.

    python -m training.build_reader --data DATA --words WORDS --corpus CORPUS --out FOLDER

In: the folder of question sets, the pruned tokenizer, the corpus of patents.  Out: one ``.npz`` a set, for training
and, where named ``dev-``, for measuring only.  Patents with hand-written questions are parted by their digest: eight of
ten to train on, one to measure, one kept for the calibrator alone (``part_of``).  Every set has its number as source:
1 SQuAD, 2 KorQuAD, 3 PolicyQA, 4 COVID-QA, and those of ``training.patents``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from training import mrc, patents
from training.examples import QUESTION, Example, pack

QUESTIONS = Path(__file__).with_name("questions")
SETS = {"squad": ("squad1.1_train", 1), "korquad": ("korquad1.0_half", 2)}
OTHERS = (("policyqa_dev", 3), ("policyqa_test", 3), ("covidqa_200423_covidQA", 4))
KORQUAD_HELD_OUT = 0.2


def main() -> None:
    """Packs everything."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    for name in ("--data", "--words", "--corpus", "--out"):
        parser.add_argument(name, type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer.from_file(str(options.words / "tokenizer.json"))
    for name, found in sets(options.data / "mrc", options.corpus):
        print(name, json.dumps(pack(found, tokenizer, options.out / f"{name}.npz")), flush=True)


def sets(mrc_folder: Path, corpus: Path) -> Iterator[tuple[str, Iterator[Example]]]:
    """(name, examples) of every set."""
    for name, (file, source) in SETS.items():
        held_out = KORQUAD_HELD_OUT if name == "korquad" else mrc.HELD_OUT
        path = mrc_folder / f"{file}.json.gz"
        yield name, mrc.examples(path, source, seed=source, held_out=held_out)
        yield f"dev-{name}", held_out_examples(path, source, held_out)
    yield (
        "others",
        chain.from_iterable(
            mrc.examples(mrc_folder / f"{file}.json.gz", source, seed=source, held_out=0, weight=0.5)
            for file, source in OTHERS
        ),
    )
    known = patents.load(corpus / "texts.jsonl")
    entries = patents.hand_written(QUESTIONS.glob("*.jsonl"))
    parts: dict[str, list[dict[str, Any]]] = {"train": [], "dev": [], "calibrate": []}
    for entry in entries:
        parts[part_of(entry["digest"])].append(entry)
    yield "questions", patents.question_examples(parts["train"], known, seed=1)
    yield "dev-questions", patents.question_examples(parts["dev"], known, seed=2)
    yield "fields", patents.field_examples(parts["train"], known, seed=3)
    yield "dev-fields", patents.field_examples(parts["dev"], known, seed=4)
    yield "weak", patents.weak_examples(known.values(), {entry["digest"] for entry in entries}, seed=5)


def held_out_examples(path: Path, source: int, share: float) -> Iterator[Example]:
    """The questions kept for measuring, each with its own paragraph."""
    for title, paragraphs in mrc.articles(path):
        if mrc.is_held_out(title, share):
            for paragraph in paragraphs:
                for question, spans in paragraph.questions:
                    if spans:
                        yield Example(question, paragraph.context, ((QUESTION, *spans[0]),), source)


def part_of(digest: str) -> str:
    """train, dev or calibrate: by the digest of the text, so that it never changes."""
    tenth = int(digest[:8], 16) % 10
    return {0: "dev", 1: "calibrate"}.get(tenth, "train")


if __name__ == "__main__":
    main()
