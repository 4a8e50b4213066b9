"""The patents of a study as training sees them: texts, passages, and what the heading-and-cue reader found in each.

    python -m training.corpus FILES... --gold GOLD... --tokenizer TOKENIZER --out FOLDER

In: patent files and the gold that must stay out.  Out: ``texts.jsonl`` (one text a line: digest, numbers, language,
text, passages, weak answers) and ``excluded.json``, the digests and numbers of gold, its families and near-duplicates:
nothing trained or calibrated may stand on them (tests/test_training.py holds it).  Designs and plants are left out.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from dokhae.library import folder
from dokhae.library.sqlite_store import SqliteStore
from dokhae.reading.passages import split
from dokhae.study import Study
from dokhae.types import SectionKind, Text

PASSAGE_TOKENS = 256
LANGUAGES = ("ko", "en")
UNREAD = (SectionKind.reference_signs, SectionKind.prior_art_documents, SectionKind.support, SectionKind.amendment)


def main() -> None:
    """Adds, reads and writes."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--gold", nargs="*", type=Path, default=[])
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with Study.create(options.out / "corpus.study") as study:
        study.add(options.files)
        study.read()
        with folder.open_to_read(options.out / "corpus.study") as store:
            gold = [patent.id for name in gold_ids(options.gold) for patent in store.find(name)]
        excluded = excluded_of(study, gold)
    (options.out / "excluded.json").write_text(json.dumps(excluded, indent=1), encoding="utf8")
    tokenizer = Tokenizer.from_file(str(options.tokenizer))
    with (
        folder.open_to_read(options.out / "corpus.study") as store,
        (options.out / "texts.jsonl").open("w", encoding="utf8") as out,
    ):
        for line in texts(store, tokenizer, set(excluded["digests"])):
            out.write(json.dumps(line, ensure_ascii=False) + "\n")


def gold_ids(files: Iterable[Path]) -> list[str]:
    """The ids of gold patents: a number, or the stem of the file it came from."""
    return [json.loads(line)["id"] for path in files for line in path.read_text(encoding="utf8").split("\n") if line]


def excluded_of(study: Study, gold: Iterable[int]) -> dict[str, list[str]]:
    """Digests and numbers of the gold patents, their families, and everything nearly like any of them."""
    patents = {patent.id: patent for patent in study.patents()}
    families = [{one.id for one in members} for _, members in study.family_members()]
    twins = [{twin.patent.id for twin in group} for group in study.duplicates()]
    out = set(gold)
    for _ in range(2):  # a twin's family, a family's twin
        for group in (*families, *twins):
            out |= group if group & out else set()
    applications = {patents[one].application for one in out}
    gone = [one for one in patents.values() if one.application in applications]
    return {
        "digests": sorted({one.text for one in gone}),
        "numbers": sorted({number.compact for one in gone for number in one.numbers}),
    }


def texts(store: SqliteStore, tokenizer: Tokenizer, excluded: set[str]) -> Iterator[dict[str, Any]]:
    """One line a text that may be trained on."""
    done = set(excluded)
    for patent in store.patents(representatives_only=True):
        if patent.text in done or patent.category != "invention" or patent.lang not in LANGUAGES:
            continue
        done.add(patent.text)
        text = store.text(patent.text)
        weak = {
            field: [[one.evidence.span.start, one.evidence.span.end, round(one.score, 3)] for one in answer.candidates]
            for field, answer in store.answers(patent.text).items()
        }
        yield {
            "digest": patent.text,
            "number": patent.number.compact if patent.number else "",
            "lang": patent.lang,
            "titles": dict(patent.biblio.titles),
            "classes": [*patent.biblio.ipc, *patent.biblio.cpc][:6],
            "text": text.text,
            "passages": passages(text, tokenizer),
            "weak": weak,
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
