"""Our reading beside Haystack's ExtractiveReader: the same patents, questions and weights, in one run.

    # in an environment of its own, with shared/data beside the checkout
    pip install -e . 'haystack-ai==2.31.*' 'transformers[torch]' onnx safetensors
    python benchmarks/beside_haystack.py --study gold.study
    python benchmarks/beside_haystack.py --study gold.study --patents 3 --batch 8

In: the answerable gold questions on full texts (gold.py), the built-in reader.  Out: how near the weights given to
Haystack come to ours (haystack_model.py), then for each way of reading: F1 of the first answer (pairs of characters or
words; no threshold), windows read a question, questions a second, times as fast as the first way.

- Haystack: the whole text as one Document, its own windows of 384 pieces with 128 of the one before, in float32 (it has
  no int8).  It scores a span by its own logits, without the null of the model.  A row for each number of windows read
  at once; its default is all of a text, which costs memory.
- Haystack, chosen: the passages our cascade chooses, as Documents: what it does behind a retriever.
- every window: all passages of up to 256 pieces, int8.  cascade: the passages chosen, as many as for one patent.

One question at a time, loading not counted, the same number of threads for all.  Run it alone on the machine: PyTorch's
threads wait for each other, and beside other work cost it more than us.  Haystack and Hugging Face are told to stay
offline.  The file is not called haystack.py: it would hide the library from itself.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import gold
import haystack_model
from dokhae.models import Reading, in_use
from dokhae.reading import comprehension
from dokhae.reading.comprehension import Comprehension
from dokhae.reading.selecting import choose
from dokhae.types import Text
from gold import Asked

N_COMPARED = 30
_OFFLINE = {"HAYSTACK_TELEMETRY_ENABLED": "False", "HF_HUB_OFFLINE": "1", "TRANSFORMERS_VERBOSITY": "error"}


class Counts(Protocol):
    """What counts the windows it reads."""

    n_read: int


Way = Callable[[Text, str], str]  # text, question -> the words of the first answer


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
    """An ExtractiveReader: texts and a question -> the words of its first answer."""

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

    def __call__(self, texts: Sequence[str], question: str) -> str:
        documents = [self._document(content=text) for text in texts]
        answers = self._reader.run(query=question, documents=documents)["answers"]
        return str(answers[0].data) if answers else ""

    def _seen(self, _model: Any, _given: Any, found: Any) -> None:
        self.n_read += len(found.start_logits)


def main() -> int:
    os.environ.update(_OFFLINE)
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--study", type=Path, required=True, help="kept, and used again where it is there")
    parser.add_argument("--patents", type=int, help="only so many of the gold patents")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batch", type=int, nargs="+", default=(0, 8), help="windows Haystack reads at once, 0: all")
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
        readers = {n: Haystack(folder, batch=n or None, threads=options.threads) for n in options.batch}
    print(f"{len(asked)} questions; F1, windows a question, questions a second, times as fast as the first")
    first_s = None
    for name, way, counter in ways(by, readers):
        way(asked[0].text, asked[0].question)  # what is loaded or planned with the first is not counted
        counter.n_read = 0
        f1, took_s = measured(asked, way)
        first_s = took_s if first_s is None else first_s
        n = len(asked)
        row = f"{f1:.3f}  {counter.n_read / n:6.1f}  {n / took_s:6.2f}/s  {first_s / took_s:5.1f}"
        print(f"{name:26s} {row}", flush=True)
    return 0


def ways(by: Comprehension, readers: Mapping[int, Haystack]) -> Iterator[tuple[str, Way, Counts]]:
    """The ways of reading by name, each with what counts its windows."""
    for n, haystack in readers.items():
        yield f"Haystack, {n or 'all'} at once", partial(whole, by=haystack), haystack
    last = list(readers.values())[-1]
    yield "Haystack, chosen", partial(of_chosen, by=by, reader=last), last
    counting = Counting(by.reader)
    whole_text = replace(by, reader=counting, effort=replace(by.effort, n_read=None))
    yield "every window", partial(first, by=whole_text), counting
    yield "cascade", partial(first, by=replace(by, reader=counting)), counting


def whole(text: Text, question: str, by: Haystack) -> str:
    """Haystack over all of a text."""
    return by([text.text], question)


def of_chosen(text: Text, question: str, by: Comprehension, reader: Haystack) -> str:
    """Haystack over the passages that we would read."""
    return reader(best_passages(text, question, by, by.effort.n_read), question)


def first(text: Text, question: str, by: Comprehension) -> str:
    """Our first answer."""
    found = comprehension.candidates(text, question, by)
    return text.quote(found[0].span) if found else ""


def best_passages(text: Text, question: str, by: Comprehension, n: int | None) -> list[str]:
    """The passages most worth reading."""
    chosen = choose(question, by.cut(text), by.vectors, replace(by.effort, n_read=n))
    return [one.passage.text for one in chosen]


def pairs(asked: Sequence[Asked], by: Comprehension) -> list[tuple[str, str]]:
    """Some questions, each with the passage most worth reading for it."""
    some = asked[:: max(1, len(asked) // N_COMPARED)]
    return [(one.question, text) for one in some for text in best_passages(one.text, one.question, by, 1)]


def said(found: haystack_model.Compared) -> str:
    """The comparison of the weights in words."""
    return (
        f"float32 beside int8: logits differ by {found.mean:.3f} in the mean, {found.most:.2f} at most"
        f" (they spread by {found.spread:.2f}); the best start or end is the same in {found.same_best:.3f};"
        f" {found.same_pieces:.3f} of the pairs are cut into the same pieces"
    )


def measured(asked: Sequence[Asked], way: Way) -> tuple[float, float]:
    """Mean F1 of the first answers, and seconds."""
    started_s = time.monotonic()
    quotes = [way(one.text, one.question) for one in asked]
    took_s = time.monotonic() - started_s
    scores = [gold.f1(quote, one.answers) for quote, one in zip(quotes, asked, strict=True)]
    return sum(scores) / len(scores), took_s


if __name__ == "__main__":
    sys.exit(main())
