"""What static vectors are learned from: texts, what belongs together, and the vectors the encoder gives them.

    python -m training.static_texts --data DATA --corpus CORPUS --models WEIGHTS --out CACHE

In: patents, questions written by hand, titles, parallel sentences, and the encoder of a finished set of models.
Out: ``texts.npz`` (``tokens`` uint16, ``starts`` int64 [n + 1]) with, as rows of text numbers, ``passages`` [text,
patent], ``more`` (further passages of patents that were asked of), ``asked`` [text, patent], ``answers`` [question,
passage] and ``pairs`` [text, text]; ``vectors.npz``, the encoder's ``vectors`` float16 [m, 384] of the beginnings of
the texts ``encoded`` [m]: what was asked, then others by chance until ``--tokens`` are spent.
Only patents of the part "train"; what retrieval is measured on stays out (``training.pairs.is_test``), gold too.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from itertools import chain, groupby, islice
from pathlib import Path
from typing import Any

import numpy as np

from dokhae.models.card import Card, read_card
from dokhae.models.session import Session
from dokhae.models.settings import ModelSettings
from dokhae.models.tokens import Tokens
from dokhae.models.words import WordVectors
from training import lines, options, pairs, patents
from training.build_reader import QUESTIONS, part_of
from training.corpus import TEXTS

MAX_TOKENS, MAX_ENCODED = 256, 124
_MAX_CHARS = 1500
_N_PASSAGES, _N_MORE = 24, 48
_AT_ONCE, _BATCH_TOKENS = 2048, 1024
_BEGIN, _END = 0, 2


class Texts:
    """Texts by number, each once; the role says which of the encoder's prefixes it takes."""

    def __init__(self) -> None:
        self.number: dict[tuple[str, str], int] = {}
        self.rows: dict[str, list[tuple[int, int]]] = {
            name: [] for name in ("passages", "more", "asked", "answers", "pairs")
        }

    def add(self, text: str, role: str) -> int:
        """The number of ``text``."""
        return self.number.setdefault((text[:_MAX_CHARS], role), len(self.number))

    def pair(self, one: str, other: str) -> None:
        """Two texts that mean the same."""
        if min(len(one), len(other)) > 5:
            self.rows["pairs"].append((self.add(one, "query"), self.add(other, "passage")))


def main() -> None:
    """Collects, encodes, writes."""
    parser = options.parser(__doc__, "data", "corpus", "models", "out")
    parser.add_argument("--tokens", type=int, default=2_000_000, help="that the encoder reads at most")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    card = read_card(given.models / "encoder")
    tokens = Tokens(card.tokenizer)
    texts = collected(given.data, given.corpus)
    ids = [one[:MAX_TOKENS] for one in tokens.plain_ids([text for text, _ in texts.number])]
    arrays: dict[str, Any] = {name: np.array(rows, np.int32) for name, rows in texts.rows.items()}
    arrays["tokens"] = np.concatenate([np.array(one, np.uint16) for one in ids])
    arrays["starts"] = np.cumsum([0, *map(len, ids)])
    np.savez(given.out / "texts.npz", **arrays)
    short = [one[:MAX_ENCODED] for one in ids]
    chosen = within(list(map(len, short)), texts.rows, given.tokens)
    print(f"{len(ids)} texts, {sum(map(len, ids))} tokens; encoded: {len(chosen)}", flush=True)
    roles = [role for _, role in texts.number]
    prefix = {role: tokens.plain_ids([card.prefixes[role]])[0] for role in ("query", "passage")}
    vectors = encoded(card, [[*prefix[roles[at]], *short[at]] for at in chosen], given.out / "texts")
    np.savez(given.out / "vectors.npz", vectors=vectors, encoded=np.array(chosen))


def collected(data: Path, corpus: Path) -> Texts:
    """Everything that is learned from."""
    rng = random.Random(5)
    found = [
        line for line in lines.read(corpus / TEXTS) if not pairs.is_test(line) and part_of(line["digest"]) == "train"
    ]
    known = {line["digest"]: patents.of_line(line) for line in found}
    texts = Texts()
    asked = {entry["digest"]: entry["questions"] for entry in patents.hand_written(QUESTIONS.glob("*.jsonl"))}
    for patent, one in enumerate(known.values()):
        _add_patent(texts, patent, one, asked.get(one.digest, []), rng)
    known_titles = pairs.abstracts(known, known) | pairs.us_abstracts(data / "patents" / "us_text")
    titles = pairs.title_pairs(QUESTIONS / pairs.TITLES, known_titles)
    for pair in chain(pairs.corpus_pairs(found), titles, pairs.parallel_pairs(data / "parallel.zip")):
        texts.pair(pair.query, pair.passage)
    for title, abstract in us_titles(data / "patents" / "us_text"):
        texts.pair(title, abstract)
    for patent, one in enumerate(known.values()):
        if one.digest in asked:
            for _, _, start, end in rng.sample(one.passages, min(_N_MORE, len(one.passages))):
                texts.rows["more"].append((texts.add(one.text[start:end], "passage"), patent))
    return texts


def _add_patent(texts: Texts, patent: int, one: patents.Patent, asked: list[Any], rng: random.Random) -> None:
    """Some passages of a patent, those with answers among them, and what was asked of it."""
    spans = [[*entry["answers"], *entry.get("also", [])] for entry in asked]
    holding = [[place for place in one.passages if _holds(place, own)] for own in spans]
    chosen = set(rng.sample(one.passages, min(_N_PASSAGES, len(one.passages))))
    chosen |= {place for own in holding for place in own}
    number = {place: texts.add(one.text[place[2] : place[3]], "passage") for place in sorted(chosen)}
    texts.rows["passages"] += [(text, patent) for text in number.values()]
    for entry, own in zip(asked, holding, strict=True):
        question = texts.add(entry["q"], "query")
        texts.rows["asked"].append((question, patent))
        texts.rows["answers"] += [(question, number[place]) for place in own]


def _holds(place: Any, spans: Iterable[Any]) -> bool:
    return any(place[2] <= start and end <= place[3] for start, end in spans)


def us_titles(folder: Path) -> Iterator[tuple[str, str]]:
    """Titles and abstracts of the lines the encoder learned titles from (``training.pairs.us_pairs``)."""
    for path in sorted(folder.glob("*.jsonl.gz")):
        for entry in islice(lines.read(path), 0, None, 2):
            yield entry["title"], entry["abstract"]


def within(lengths: list[int], rows: dict[str, list[tuple[int, int]]], budget: int) -> list[int]:
    """Texts to encode: all that was asked, then passages and others in turn by chance, ``budget`` tokens in all."""
    asked = dict.fromkeys(text for text, _ in rows["asked"])
    passages = dict.fromkeys(text for text, _ in rows["passages"])
    rest = dict.fromkeys(text for pair in rows["pairs"] for text in pair if text not in passages)
    drawn = [random.Random(6).sample(list(own), len(own)) for own in (passages, rest)]
    found, spent = list(asked), sum(lengths[at] for at in asked)
    for both in zip(*drawn, strict=False):
        for at in both:
            if spent + lengths[at] <= budget and at not in asked:
                found.append(at)
                spent += lengths[at]
    return found


def encoded(card: Card, ids: list[list[int]], out: Path) -> Any:
    """Unit vectors float16 [n, 384]; goes on where it was stopped.  Texts of one length run together, unpadded."""
    session, words = Session(card.model, ModelSettings()), WordVectors(card.words or card.folder)
    found = np.zeros((len(ids), words.width), np.float16)
    order = np.argsort([len(one) for one in ids], kind="stable")
    for part, rows in enumerate(np.array_split(order, max(1, len(ids) // _AT_ONCE))):
        path = out.with_name(f"{out.name}-{part}.npy")
        if not path.exists():
            made = [session.run(_feeds(words, [ids[at] for at in batch]))["vectors"] for batch in _alike(rows, ids)]
            vectors = np.concatenate(made)
            np.save(path, (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float16))
            print(f"{out.name}: part {part} of {len(ids) // _AT_ONCE}", flush=True)
        found[rows] = np.load(path)
    return found


def _alike(rows: Any, ids: list[list[int]]) -> Iterator[Any]:
    """Batches of rows of one length, in order; of no more than ``_BATCH_TOKENS``."""
    for length, own in groupby(rows, key=lambda at: len(ids[at])):
        held, size = list(own), max(1, _BATCH_TOKENS // (length + 2))
        yield from (held[start : start + size] for start in range(0, len(held), size))


def _feeds(words: WordVectors, ids: list[list[int]]) -> dict[str, Any]:
    read = np.array([[_BEGIN, *one, _END] for one in ids], np.int64)
    return {"word_vectors": words.rows(read), "attention_mask": np.ones(read.shape, np.int64)}


if __name__ == "__main__":
    main()
