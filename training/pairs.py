"""Pairs of texts that mean the same, for the encoder: found in patents, and written by hand.

    python -m training.pairs --data DATA --words WORDS --corpus CORPUS --out FOLDER

In: patents, parallel sentences, question sets.  Out: one ``.npz`` a set: ``tokens`` uint16; ``rows`` int32 [n, 5]:
start and length of the query, start and length of the passage, the group whose pairs make each other's negatives hard
(a class, an article; NO_GROUP without).  Sets: title-abstract, abstract-description, abstract-claim and
problem-solution of patents; Korean-English titles and needs written by hand; hand-written questions and the passages
that answer them; parallel sentences; SQuAD questions and their paragraphs, so that general ability stays.
Kept out: gold, and everything ``is_test`` names (the Korean abstracts with English titles retrieval is measured on).
"""

from __future__ import annotations

import io
import random
import zipfile
import zlib
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from training import lines, mrc, options, patents
from training.build_reader import KORQUAD, KORQUAD_HELD_OUT, QUESTIONS, SQUAD, entries_of
from training.corpus import TEXTS
from training.examples import NO_GROUP

MAX_TOKENS = 160
TITLES = "titles.jsonl.gz"
WRITTEN = ("title", "need", "gist", "short", "same")  # what a line of it may hold beside its id
US = "us:"
_MIN_CHARS, _MAX_CHARS = 6, 2000
_N_SQUAD = 12_000
_FIRST_ARTICLE_GROUP = 1_000_000
_FIRST_TITLE_GROUP = 2_000_000  # Korean abstracts, then US ones: each other's hard negatives
_NEWS = ("news-v1/korean-english-park.dev", "jhe/jhe-koen-dev", "news-v1/korean-english-park.test")
_BATCH = 512


class Pair(NamedTuple):
    """Two texts that mean the same, and the group they belong to."""

    query: str
    passage: str
    group: int = NO_GROUP


def main() -> None:
    """Packs everything."""
    given = options.parser(__doc__, "data", "words", "corpus", "out").parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer.from_file(str(given.words / "tokenizer.json"))
    texts = list(lines.read(given.corpus / TEXTS))
    known = {line["digest"]: patents.of_line(line) for line in texts}
    trained = {line["digest"]: line for line in texts if not is_test(line)}
    for name, found in pair_sets(given.data, known, trained).items():
        print(name, pack(found, tokenizer, given.out / f"{name}.npz"), flush=True)


def pair_sets(
    data: Path, known: Mapping[str, patents.Patent], trained: Mapping[str, lines.Line]
) -> dict[str, Iterable[Pair]]:
    """Every set by name; nothing is read before a set is asked for its pairs."""
    return {
        "us": us_pairs(data / "patents" / "us_text"),
        "corpus": corpus_pairs(trained.values()),
        "titles": title_pairs(
            QUESTIONS / TITLES, abstracts(known, trained) | us_abstracts(data / "patents" / "us_text")
        ),
        "asked": asked_pairs(known, trained),
        "parallel": parallel_pairs(data / "parallel.zip"),
        "squad": squad_pairs(data / "mrc"),
    }


def is_test(line: lines.Line) -> bool:
    """Korean texts whose source gives an English title too: what retrieval across languages is measured on."""
    return line["lang"] == "ko" and bool(line["titles"].get("en"))


def pack(pairs: Iterable[Pair], tokenizer: Tokenizer, out: Path) -> int:
    """Writes the arrays; the number of pairs."""
    held = [pair for pair in pairs if min(len(pair.query), len(pair.passage)) >= _MIN_CHARS]
    tokens: list[NDArray[np.uint16]] = []
    rows: list[tuple[int, int, int, int, int]] = []
    at = 0
    for start in range(0, len(held), _BATCH):
        chunk = held[start : start + _BATCH]
        queries = _ids(tokenizer, [f"query: {pair.query}" for pair in chunk])
        passages = _ids(tokenizer, [f"passage: {pair.passage[:_MAX_CHARS]}" for pair in chunk])
        for pair, query, passage in zip(chunk, queries, passages, strict=True):
            rows.append((at, len(query), at + len(query), len(passage), pair.group))
            tokens.append(np.array(query + passage, dtype=np.uint16))
            at += len(query) + len(passage)
    with lines.replaced(out) as unfinished:
        np.savez_compressed(unfinished, tokens=np.concatenate(tokens), rows=np.array(rows, dtype=np.int32))
    return len(rows)


def _ids(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    return [one.ids[:MAX_TOKENS] for one in tokenizer.encode_batch(texts, add_special_tokens=False)]


def us_entries(folder: Path) -> Iterator[tuple[bool, lines.Line]]:
    """The collection of US texts, and whether the title of each is trained on: of every second one."""
    for path in sorted(folder.glob("*.jsonl.gz")):
        yield from ((at % 2 == 0, entry) for at, entry in enumerate(lines.read(path)))


def us_pairs(folder: Path) -> Iterator[Pair]:
    """Title and abstract, abstract and description, of the collection of US texts."""
    for is_titled, entry in us_entries(folder):
        description = next((entry[name] for name in entry if name.startswith("description")), "")
        if is_titled:
            yield Pair(entry["title"], entry["abstract"])
        elif len(description) > 3000:
            yield Pair(entry["abstract"], description[2000:3200])


def corpus_pairs(found: Iterable[lines.Line]) -> Iterator[Pair]:
    """Title, abstract, first claim, problem and solution of each patent; grouped by main class."""
    for line in found:
        group = zlib.crc32(line["classes"][0][:4].encode()) % 100_000 if line["classes"] else NO_GROUP
        text = line["text"]
        first: dict[str, str] = {}
        for kind, _, start, end in line["passages"]:
            first.setdefault(kind, text[start:end])
        title, abstract, claims = (first.get(kind, "") for kind in ("title", "abstract", "claims"))
        weak = {name: text[spans[0][0] : spans[0][1]] for name, spans in line["weak"].items() if spans}
        yield Pair(title, abstract, group)
        yield Pair(abstract, claims, group)
        yield Pair(title, claims, group)
        yield Pair(weak.get("problem", ""), weak.get("solution", ""), group)
        yield Pair(title, weak.get("effect", ""), group)


def abstracts(known: Mapping[str, patents.Patent], trained: Container[str]) -> dict[str, tuple[str, str]]:
    """Title and abstract by digest, of the texts that may be trained on."""
    parted = {digest: known[digest].text.partition("\n") for digest in known if digest in trained}
    return {digest: (title, abstract) for digest, (title, _, abstract) in parted.items()}


def us_abstracts(folder: Path) -> dict[str, tuple[str, str]]:
    """Title and abstract by ``us:`` and number, of the US texts whose titles are trained on."""
    return {
        f"{US}{entry['number']}": (entry["title"], entry["abstract"])
        for is_titled, entry in us_entries(folder)
        if is_titled
    }


def title_pairs(path: Path, known: Mapping[str, tuple[str, str]]) -> Iterator[Pair]:
    """Titles, needs and gists written by hand, mostly in the other language, with the abstract they are for."""
    for line in lines.read(path):
        if line["id"] in known:
            title, abstract = known[line["id"]]
            group = _FIRST_TITLE_GROUP + line["id"].startswith(US)
            yield Pair(line["title"], title, group)
            yield from (Pair(line[name], abstract, group) for name in WRITTEN if name in line)


def asked_pairs(known: Mapping[str, patents.Patent], trained: Container[str]) -> Iterator[Pair]:
    """Hand-written questions of the training part and the passage that answers; those of one patent are one group."""
    for group, entry in enumerate(entries_of("train", patents.hand_written(QUESTIONS.glob("*.jsonl")))):
        patent = known.get(entry["digest"])
        if patent is None or entry["digest"] not in trained:
            continue
        for asked in entry["questions"]:
            for passage in patent.passages:
                if any(passage.holds(span) for span in asked["answers"][:1]):
                    yield Pair(asked["q"], patent.text[passage.start : passage.end], group)


def parallel_pairs(path: Path) -> Iterator[Pair]:
    """Korean and English sentences that translate each other, one way or the other."""
    with zipfile.ZipFile(path) as archive:
        sentences = [*_tatoeba(archive), *_similar(archive), *_news(archive)]
    for english, korean in dict.fromkeys(sentences):
        yield Pair(english, korean) if zlib.crc32(english.encode()) % 2 else Pair(korean, english)


def _tatoeba(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    for line in io.StringIO(_text(archive, "tatoeba_ko_en.txt")):
        english, korean, *_ = line.split("\t")
        yield english, korean


def _similar(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    for line in io.StringIO(_text(archive, "stsb_en_ko.tsv")):
        part, *_, english, korean = line.rstrip("\n").split("\t")
        if part == "train":
            yield english, korean


def _news(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    for stem in _NEWS:
        english, korean = (_text(archive, f"korean-english-{stem}.{lang}").splitlines() for lang in ("en", "ko"))
        yield from zip(english, korean, strict=True)


def _text(archive: zipfile.ZipFile, name: str) -> str:
    return archive.read(f"parallel/{name}").decode("utf8")


def squad_pairs(folder: Path) -> Iterator[Pair]:
    """Questions and their paragraphs, by article."""
    found = []
    for (name, _), share in ((SQUAD, mrc.HELD_OUT), (KORQUAD, KORQUAD_HELD_OUT)):
        for at, article in enumerate(mrc.articles(folder / f"{name}.json.gz")):
            if not mrc.is_held_out(article.title, share):
                group = _FIRST_ARTICLE_GROUP + at
                found += [
                    Pair(question, one.context, group) for one in article.paragraphs for question, _ in one.questions
                ]
    yield from random.Random(3).sample(found, min(_N_SQUAD, len(found)))


if __name__ == "__main__":
    main()
