"""Pairs of texts that mean the same, for the encoder: found in patents, and written by hand.

    python -m training.pairs --data DATA --words WORDS --corpus CORPUS --out FOLDER

In: patents, parallel sentences, question sets.  Out: one ``.npz`` a set: ``tokens`` uint16; ``rows`` int32 [n, 5]:
start and length of the query, start and length of the passage, the group whose pairs make each other's negatives hard
(a class, an article; -1 without).  Sets: title-abstract, abstract-description, abstract-claim and problem-solution of
patents; Korean-English titles and needs written by hand; hand-written questions and the passages that answer them;
parallel sentences; SQuAD questions and their paragraphs, so that general ability stays.
Kept out: gold, and everything ``IS_TEST`` names (the Korean abstracts with English titles retrieval is measured on).
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import random
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from training import mrc, patents
from training.build_reader import QUESTIONS

MAX_TOKENS = 160
_MIN_CHARS = 12
_N_SQUAD = 12_000
_SIMILAR = 4.0  # of 5, in the parallel sentences that carry a score
Pair = tuple[str, str, int]


def main() -> None:
    """Packs everything."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    for name in ("--data", "--words", "--corpus", "--out"):
        parser.add_argument(name, type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer.from_file(str(options.words / "tokenizer.json"))
    known = patents.load(options.corpus / "texts.jsonl")
    lines = [json.loads(line) for line in (options.corpus / "texts.jsonl").open(encoding="utf8")]
    trained = {line["digest"]: line for line in lines if not is_test(line)}
    sets: dict[str, Iterable[Pair]] = {
        "us": us_pairs(options.data / "patents" / "us_text"),
        "corpus": corpus_pairs(trained.values()),
        "titles": title_pairs(QUESTIONS / "titles.jsonl.gz", known, trained),
        "asked": asked_pairs(known, trained),
        "parallel": parallel_pairs(options.data / "parallel.zip"),
        "squad": squad_pairs(options.data / "mrc"),
    }
    for name, found in sets.items():
        print(name, pack(found, tokenizer, options.out / f"{name}.npz"), flush=True)


def is_test(line: dict[str, Any]) -> bool:
    """Korean texts whose source gives an English title too: what retrieval across languages is measured on."""
    return line["lang"] == "ko" and bool(line["titles"].get("en"))


def pack(pairs: Iterable[Pair], tokenizer: Tokenizer, out: Path) -> int:
    """Writes the arrays; the number of pairs."""
    tokens: list[Any] = []
    rows: list[tuple[int, int, int, int, int]] = []
    at = 0
    held = [pair for pair in pairs if len(pair[0]) >= _MIN_CHARS // 2 and len(pair[1]) >= _MIN_CHARS // 2]
    for start in range(0, len(held), 512):
        chunk = held[start : start + 512]
        queries = tokenizer.encode_batch([f"query: {one[0]}" for one in chunk], add_special_tokens=False)
        passages = tokenizer.encode_batch([f"passage: {one[1][:2000]}" for one in chunk], add_special_tokens=False)
        for (_, _, group), query, passage in zip(chunk, queries, passages, strict=True):
            one, other = query.ids[:MAX_TOKENS], passage.ids[:MAX_TOKENS]
            rows.append((at, len(one), at + len(one), len(other), group))
            tokens.append(np.array(one + other, dtype=np.uint16))
            at += len(one) + len(other)
    np.savez_compressed(out, tokens=np.concatenate(tokens), rows=np.array(rows, dtype=np.int32))
    return len(rows)


def us_pairs(folder: Path) -> Iterator[Pair]:
    """Title and abstract, abstract and description, of the collection of US texts."""
    for path in sorted(folder.glob("*.jsonl.gz")):
        for at, line in enumerate(gzip.open(path, "rt", encoding="utf8")):
            entry = json.loads(line)
            description = next((entry[name] for name in entry if name.startswith("description")), "")
            if at % 2 == 0:
                yield entry["title"], entry["abstract"], -1
            elif len(description) > 3000:
                yield entry["abstract"], description[2000:3200], -1


def corpus_pairs(lines: Iterable[dict[str, Any]]) -> Iterator[Pair]:
    """Title, abstract, first claim, problem and solution of each patent; grouped by main class."""
    for line in lines:
        group = zlib.crc32(line["classes"][0][:4].encode()) % 100_000 if line["classes"] else -1
        text = line["text"]
        first = {}
        for kind, _, start, end in line["passages"]:
            first.setdefault(kind, text[start:end])
        title, abstract, claims = (first.get(kind, "") for kind in ("title", "abstract", "claims"))
        weak = {name: text[spans[0][0] : spans[0][1]] for name, spans in line["weak"].items() if spans}
        yield title, abstract, group
        yield abstract, claims, group
        yield title, claims, group
        if line["weak"].get("problem") and line["weak"].get("solution"):
            yield weak["problem"], weak["solution"], group
        yield title, weak.get("effect", ""), group


def title_pairs(path: Path, known: dict[str, patents.Patent], trained: dict[str, Any]) -> Iterator[Pair]:
    """Titles and needs written by hand in the other language, with the abstract they are for."""
    if not path.exists():
        return
    for line in map(json.loads, gzip.open(path, "rt", encoding="utf8")):
        if line["id"] in trained:
            text = known[line["id"]].text
            title, _, abstract = text.partition("\n")
            yield line["title"], abstract, -1
            yield line["title"], title, -1
            yield line["need"], abstract, -1
            yield line["same"], abstract, -1


def asked_pairs(known: dict[str, patents.Patent], trained: dict[str, Any]) -> Iterator[Pair]:
    """Hand-written questions and the passage that answers them; those of one patent are one group."""
    for at, entry in enumerate(patents.hand_written(QUESTIONS.glob("*.jsonl"))):
        patent = known.get(entry["digest"])
        if patent is None or entry["digest"] not in trained:
            continue
        for asked in entry["questions"]:
            for _, _, start, end in patent.passages:
                if any(start <= left and right <= end for left, right in asked["answers"][:1]):
                    yield asked["q"], patent.text[start:end], at


def parallel_pairs(path: Path) -> Iterator[Pair]:
    """Korean and English sentences that translate each other, both ways."""
    with zipfile.ZipFile(path) as archive:
        sentences: list[tuple[str, str]] = []
        for line in io.StringIO(archive.read("parallel/tatoeba_ko_en.txt").decode("utf8")):
            english, korean, *_ = line.split("\t")
            sentences.append((english, korean))
        for line in io.StringIO(archive.read("parallel/stsb_en_ko.tsv").decode("utf8")):
            part, *_, english, korean = line.rstrip("\n").split("\t")
            if part == "train":
                sentences.append((english, korean))
        for stem in ("news-v1/korean-english-park.dev", "jhe/jhe-koen-dev", "news-v1/korean-english-park.test"):
            texts = [
                archive.read(f"parallel/korean-english-{stem}.{lang}").decode("utf8").splitlines()
                for lang in ("en", "ko")
            ]
            sentences.extend(zip(*texts, strict=False))
    for english, korean in dict.fromkeys(sentences):
        yield (english, korean, -1) if zlib.crc32(english.encode()) % 2 else (korean, english, -1)


def squad_pairs(folder: Path) -> Iterator[Pair]:
    """Questions and their paragraphs, by article."""
    rng = random.Random(3)
    found = []
    for file, share in (("squad1.1_train", mrc.HELD_OUT), ("korquad1.0_half", 0.2)):
        for at, (title, paragraphs) in enumerate(mrc.articles(folder / f"{file}.json.gz")):
            if not mrc.is_held_out(title, share):
                group = 1_000_000 + at
                found += [(question, one.context, group) for one in paragraphs for question, _ in one.questions]
    yield from rng.sample(found, min(_N_SQUAD, len(found)))


if __name__ == "__main__":
    main()
