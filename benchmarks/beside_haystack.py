"""Our reading beside Haystack's ExtractiveReader: the same patents, questions and weights, in one run.

    pip install -e . 'haystack-ai==2.31.*' 'transformers[torch]' onnx safetensors   # in an environment of its own
    python benchmarks/beside_haystack.py --study gold.study                         # needs shared/data beside the checkout
    python benchmarks/beside_haystack.py --study gold.study --patents 3 --batch 8

In: the answerable gold questions on full texts (gold.py), the built-in reader.  Out: how near the weights given to Haystack
come to ours (haystack_model.py), then for each way of reading: F1 of the first answer (pairs of characters or words; no
threshold), windows read a question, questions a second, and how many times as fast as Haystack that is.

- cascade: the passages that are chosen (N_READ), int8.  every window: all passages of up to 256 pieces, int8.
- Haystack: the whole text as one Document, its own windows of 384 pieces with 128 of the one before (its defaults), in
  float32: it has no int8.  It scores spans without the null of the model.  Fewer windows at once than its default, which is
  all of them, are faster on a CPU.  top_k 1, no threshold.

One question at a time, loading not counted, the same number of threads for all.  Haystack and Hugging Face are told to stay
offline.  The file is not called haystack.py: it would hide the library from itself.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import gold
import haystack_model
from gold import Asked

from dokhae.models import Reading, in_use
from dokhae.reading import comprehension
from dokhae.reading.comprehension import Comprehension
from dokhae.reading.selecting import choose, passages
from dokhae.types import Text

Way = Callable[[Text, str], str]  # text, question -> the words of the first answer
N_COMPARED = 30
_OFFLINE = {"HAYSTACK_TELEMETRY_ENABLED": "False", "HF_HUB_OFFLINE": "1", "TRANSFORMERS_VERBOSITY": "error"}


class Counting:
    """A reader that counts what it reads."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self.digest, self.max_tokens = reader.digest, reader.max_tokens
        self.count, self.room = reader.count, reader.room
        self.n_read = 0

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[Reading]:
        self.n_read += len(pairs)
        found: list[Reading] = self._reader.read(pairs)
        return found


class Haystack:
    """An ExtractiveReader over whole texts."""

    def __init__(self, folder: Path, *, batch: int | None, threads: int) -> None:
        import torch

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # in 3.0 it moves to another package
            from haystack import Document
            from haystack.components.readers import ExtractiveReader

            self._reader = ExtractiveReader(folder, top_k=1, no_answer=False, max_batch_size=batch)
        torch.set_num_threads(threads)
        self._document = Document
        self._reader.warm_up()
        self._reader.model.register_forward_hook(self._seen)
        self.n_read = 0

    def __call__(self, text: Text, question: str) -> str:
        answers = self._reader.run(query=question, documents=[self._document(content=text.text)])["answers"]
        return str(answers[0].data) if answers else ""

    def _seen(self, _model: Any, _given: Any, found: Any) -> None:
        self.n_read += len(found.start_logits)


def main() -> int:
    os.environ.update(_OFFLINE)
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--study", type=Path, required=True, help="kept, and used again where it is there")
    parser.add_argument("--patents", type=int, help="only so many of the gold patents")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batch", type=int, default=4, help="windows Haystack reads at once, 0: all of a text")
    options = parser.parse_args()
    shared = gold.shared()
    by = comprehension.in_force(in_use.BUILT_IN, threads=options.threads)
    if shared is None or by is None:
        print("skipped: shared/data with the gold is not beside this checkout, or no weights are installed")
        return 0
    gold.make(options.study, shared)
    asked = [one for one in gold.questions(options.study, shared, options.patents) if one.answers]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "model"
        haystack_model.write(folder)
        print(said(haystack_model.compared(folder, pairs(asked, by))), flush=True)
        haystack = Haystack(folder, batch=options.batch or None, threads=options.threads)
    _measure(asked, by, haystack)
    return 0


def pairs(asked: Sequence[Asked], by: Comprehension) -> list[tuple[str, str]]:
    """Some questions, each with the passage most worth reading for it."""
    found = []
    for one in asked[:: max(1, len(asked) // N_COMPARED)]:
        cut = passages(one.text, max_tokens=by.reader.room(one.question), count=by.reader.count)
        best = choose(one.question, cut, by.vectors, n=1)
        found += [(one.question, chosen.passage.text) for chosen in best]
    return found


def said(found: haystack_model.Compared) -> str:
    """The comparison of the weights in words."""
    return (
        f"float32 beside int8: logits differ by {found.mean:.3f} in the mean, {found.most:.2f} at most"
        f" (they spread by {found.spread:.2f}); the best start or end is the same in {found.same_best:.3f};"
        f" {found.same_pieces:.3f} of the pairs are cut into the same pieces"
    )


def _measure(asked: Sequence[Asked], by: Comprehension, haystack: Haystack) -> None:
    counting = Counting(by.reader)
    ways: dict[str, tuple[Way, Any]] = {
        "Haystack": (haystack, haystack),
        "every window": (ours(replace(by, reader=counting, n_read=None)), counting),
        "cascade": (ours(replace(by, reader=counting)), counting),
    }
    print(f"{len(asked)} questions; F1, windows a question, questions a second, times as fast as Haystack")
    slowest_s = None
    for name, (way, counter) in ways.items():
        way(asked[0].text, asked[0].question)  # what is loaded or planned with the first is not counted
        counter.n_read = 0
        f1, took_s = measured(asked, way)
        slowest_s = took_s if slowest_s is None else slowest_s
        n = len(asked)
        row = f"{f1:.3f}  {counter.n_read / n:6.1f}  {n / took_s:6.2f}/s  {slowest_s / took_s:5.1f}"
        print(f"{name:14s} {row}", flush=True)


def ours(by: Comprehension) -> Way:
    """The first answer of the cascade."""

    def way(text: Text, question: str) -> str:
        found = comprehension.candidates(text, question, by)
        return text.quote(found[0].span) if found else ""

    return way


def measured(asked: Sequence[Asked], way: Way) -> tuple[float, float]:
    """Mean F1 of the first answers, and seconds."""
    started_s = time.monotonic()
    quotes = [way(one.text, one.question) for one in asked]
    took_s = time.monotonic() - started_s
    scores = [gold.f1(quote, one.answers) for quote, one in zip(quotes, asked, strict=True)]
    return sum(scores) / len(scores), took_s


if __name__ == "__main__":
    sys.exit(main())
