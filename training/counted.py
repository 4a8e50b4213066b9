"""The texts whose pieces are counted before the vocabulary is pruned: what the product reads and is trained on.

    python -m training.counted --data DATA --corpus CORPUS --out FOLDER

In: the folder of question sets, patents and parallel sentences, and that of ``training.collection``.  Out: one ``.txt``
a source, one text a line, white space folded.  Gold, its families and near-duplicates are not counted.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from dokhae.library import folder
from training import lines, mrc, options
from training.collection import STUDY, excluded_digests

QUESTION_SETS = {
    "squad": "squad1.1_train",
    "korquad": "korquad1.0_half",
    "policy": "policyqa_dev",
    "policy2": "policyqa_test",
}
LANGUAGES = ("ko", "en")
US_EVERY, US_CHARS, PATENT_CHARS = 6, 8_000, 60_000
_SENTENCES = (".tsv", ".txt", ".ko", ".en")


def main() -> None:
    """Writes a file a source."""
    given = options.parser(__doc__, "data", "corpus", "out").parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    sources: dict[str, Iterable[str]] = {
        name: asked(given.data / "mrc" / f"{file}.json.gz") for name, file in QUESTION_SETS.items()
    }
    sources["us"] = us_texts(given.data / "patents" / "us_text")
    sources["parallel"] = sentences(given.data / "parallel.zip")
    sources["patents"] = patents(given.corpus)
    for name, texts in sources.items():
        print(name, write(given.out / f"{name}.txt", texts), flush=True)


def write(path: Path, texts: Iterable[str]) -> int:
    """One text a line; returns how many."""
    n_texts = 0
    with lines.replaced(path) as unfinished, unfinished.open("w", encoding="utf8") as file:
        for text in texts:
            file.write(" ".join(text.split()) + "\n")
            n_texts += 1
    return n_texts


def asked(path: Path) -> Iterator[str]:
    """Each paragraph of a question set with its questions."""
    for article in mrc.tree(path):
        for paragraph in article["paragraphs"]:
            yield " ".join([paragraph["context"], *(question["question"] for question in paragraph["qas"])])


def us_texts(place: Path) -> Iterator[str]:
    """Every sixth record of the collection of US texts, all its values, cut."""
    for path in sorted(place.glob("*.jsonl.gz")):
        for at, entry in enumerate(lines.read(path)):
            if at % US_EVERY == 0:
                yield " ".join(map(str, entry.values()))[:US_CHARS]


def sentences(path: Path) -> Iterator[str]:
    """Every line of the parallel sentences, both languages."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(_SENTENCES):
                yield from archive.read(name).decode("utf8", "replace").splitlines()


def patents(corpus: Path) -> Iterator[str]:
    """The Korean and English patents of the study, cut."""
    excluded = excluded_digests(corpus)
    with folder.open_to_read(corpus / STUDY) as store:
        for patent in store.patents():
            if patent.lang in LANGUAGES and patent.text not in excluded:
                yield store.text(patent.text).text[:PATENT_CHARS]


if __name__ == "__main__":
    main()
