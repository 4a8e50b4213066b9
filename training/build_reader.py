"""All sets the reader is trained and measured on, packed.

    python -m training.build_reader --data DATA --words WORDS --corpus CORPUS --static MODEL --out FOLDER
        [--only NAMES...]

In: the folder of question sets, the pruned tokenizer, the corpus of patents, static vectors.  Out: one ``.npz`` a set,
for training and, where named ``dev-``, for measuring only.  Patents with hand-written questions are parted by their
digest: eight of ten to train on, one to measure, one kept for the calibrator alone (``part_of``).  Every set has its
number as source: 1 SQuAD, 2 KorQuAD, 3 PolicyQA, 4 COVID-QA, and those of ``training.patents``.
``rivals`` sets put each question to several passages that compete for it (``training.reader``): of a patent those that
the product would give the reader beside the right one, chosen by static vectors.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path

from tokenizers import Tokenizer

from dokhae.models import catalog
from training import lines, mrc, options, patents
from training.corpus import TEXTS
from training.examples import Example, pack

QUESTIONS = Path(__file__).with_name("questions")
SQUAD, KORQUAD = ("squad1.1_train", 1), ("korquad1.0_half", 2)
OTHERS = (("policyqa_dev", 3), ("policyqa_test", 3), ("covidqa_200423_covidQA", 4))
OTHERS_WEIGHT = 0.5
KORQUAD_HELD_OUT = 0.2
N_SQUAD_RIVALS, N_KORQUAD_RIVALS = 3500, 1700
PARTS = ("train", "dev", "calibrate")
Sets = dict[str, Callable[[], Iterable[Example]]]


def main() -> None:
    """Packs everything."""
    parser = options.parser(__doc__, "data", "words", "corpus", "static", "out")
    parser.add_argument("--only", nargs="*", help="the sets to pack; all where none is named")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer.from_file(str(given.words / "tokenizer.json"))
    nearest = catalog.load_static(given.static).match
    sets = question_sets(given.data / "mrc") | patent_sets(patents.load(given.corpus / TEXTS), nearest)
    for name in given.only or sets:
        print(name, json.dumps(pack(sets[name](), tokenizer, given.out / f"{name}.npz")), flush=True)


def question_sets(folder: Path) -> Sets:
    """The sets made of other people's questions."""

    def path(name: str) -> Path:
        return folder / f"{name}.json.gz"

    (squad, one), (korquad, two) = SQUAD, KORQUAD
    held = KORQUAD_HELD_OUT
    return {
        "squad": lambda: mrc.examples(path(squad), one, seed=1),
        "dev-squad": lambda: mrc.held_out_examples(path(squad), one, mrc.HELD_OUT),
        "korquad": lambda: mrc.examples(path(korquad), two, seed=2, held_out=held),
        "dev-korquad": lambda: mrc.held_out_examples(path(korquad), two, held),
        "others": lambda: chain.from_iterable(
            mrc.examples(path(name), source, seed=source, held_out=0, weight=OTHERS_WEIGHT) for name, source in OTHERS
        ),
        "rivals-squad": lambda: mrc.grouped_examples(path(squad), one, seed=21, n=N_SQUAD_RIVALS),
        "rivals-korquad": lambda: mrc.grouped_examples(path(korquad), two, seed=22, n=N_KORQUAD_RIVALS, held_out=held),
    }


def patent_sets(known: dict[str, patents.Patent], nearest: patents.Nearest = patents.by_words) -> Sets:
    """The sets made of patents.  nearest: what makes a passage a rival."""
    entries = patents.hand_written(QUESTIONS.glob("*.jsonl"))
    train, dev = (list(entries_of(part, entries)) for part in ("train", "dev"))
    marked = {entry["digest"] for entry in entries}

    def asking(others: patents.Others, seed: int) -> patents.Asking:
        # The dev set stays as it was first measured: rivals by words
        return patents.Asking(others, nearest if others is patents.MANY else patents.by_words, random.Random(seed))

    return {
        "questions": lambda: patents.question_examples(train, known, asking(patents.FEW, 1)),
        "rivals": lambda: patents.question_examples(train, known, asking(patents.MANY, 11)),
        "dev-questions": lambda: patents.question_examples(dev, known, asking(patents.FEW, 2)),
        "dev-rivals": lambda: patents.question_examples(dev, known, asking(patents.MANY, 12)),
        "fields": lambda: patents.field_examples(train, known, seed=3),
        "dev-fields": lambda: patents.field_examples(dev, known, seed=4),
        "weak": lambda: patents.weak_examples(known.values(), marked, seed=5),
    }


def entries_of(part: str, entries: Iterable[lines.Line]) -> Iterator[lines.Line]:
    """The hand-written entries of one part."""
    return (entry for entry in entries if part_of(entry["digest"]) == part)


def part_of(digest: str) -> str:
    """train, dev or calibrate: by the digest of the text, so that it never changes."""
    tenth = int(digest[:8], 16) % 10
    return {0: "dev", 1: "calibrate"}.get(tenth, "train")


if __name__ == "__main__":
    main()
