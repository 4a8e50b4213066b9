"""The patents of a study as training sees them: texts, passages, and what the heading-and-cue reader found in each.

    python -m training.corpus --words WORDS --corpus FOLDER

In: the folder of ``training.collection`` and the pruned tokenizer.  Out: ``texts.jsonl`` in the same folder, one text a
line: digest, number, language, titles, classes, text, passages, weak answers.  What ``excluded.json`` lists, designs
and plants are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tokenizers import Tokenizer

from dokhae.library import Patent, folder
from dokhae.library.sqlite_store import SqliteStore
from dokhae.reading.passages import split
from dokhae.types import SectionKind, Text
from training import lines, options
from training.collection import STUDY, excluded_digests
from training.counted import LANGUAGES

TEXTS = "texts.jsonl"
PASSAGE_TOKENS = 256
UNREAD = (SectionKind.reference_signs, SectionKind.prior_art_documents, SectionKind.support, SectionKind.amendment)


def main() -> None:
    """Writes the texts."""
    given = options.parser(__doc__, "words", "corpus").parse_args()
    tokenizer = Tokenizer.from_file(str(given.words / "tokenizer.json"))
    with folder.open_to_read(given.corpus / STUDY) as store:
        found = texts(store, tokenizer, excluded_digests(given.corpus))
        print("texts", lines.write(given.corpus / TEXTS, found), flush=True)


def texts(store: SqliteStore, tokenizer: Tokenizer, excluded: set[str]) -> Iterator[lines.Line]:
    """One line a text that may be trained on, by digest: the order in which files were added differs by run."""
    done = set(excluded)
    for patent in sorted(store.patents(representatives_only=True), key=lambda one: (one.text, one.id)):
        if patent.text in done or patent.category != "invention" or patent.lang not in LANGUAGES:
            continue
        done.add(patent.text)
        yield line_of(patent, store, tokenizer)


def line_of(patent: Patent, store: SqliteStore, tokenizer: Tokenizer) -> lines.Line:
    """What training knows of one patent."""
    text = store.text(patent.text)
    return {
        "digest": patent.text,
        "number": patent.number.compact if patent.number else "",
        "lang": patent.lang,
        "titles": dict(patent.biblio.titles),
        "classes": [*patent.biblio.ipc, *patent.biblio.cpc][:6],
        "text": text.text,
        "passages": passages(text, tokenizer),
        "weak": weak(store, patent.text),
    }


def weak(store: SqliteStore, digest: str) -> dict[str, list[list[Any]]]:
    """By field, [start, end, score] of everything the heading-and-cue reader found."""
    return {
        field: [[one.evidence.span.start, one.evidence.span.end, round(one.score, 3)] for one in answer.candidates]
        for field, answer in store.answers(digest).items()
    }


def passages(text: Text, tokenizer: Tokenizer) -> list[tuple[str, str, int, int]]:
    """(kind of section, language, start, end) of every passage the reader would be given."""

    def count(piece: str) -> int:
        return len(tokenizer.encode(piece, add_special_tokens=False).ids)

    return [
        (one.section.kind.value, one.section.lang, one.span.start, one.span.end)
        for one in split(text, max_tokens=PASSAGE_TOKENS, count=count)
        if one.section.kind not in UNREAD and one.section.lang in (*LANGUAGES, "")
    ]


if __name__ == "__main__":
    main()
