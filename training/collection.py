"""The study of all patents training may use, and the list of what must stay out of it.

    python -m training.collection --patents PATENTS --gold GOLD --out FOLDER

In: the folder of patent files and that of the gold.  Out: ``corpus.study``, read with headings and cues alone (never
with a trained model, or a model would learn from its own answers), and ``excluded.json``: digests and numbers of the
gold patents, their families and near-duplicates.  Nothing trained or calibrated may stand on them, and
tests/test_training_sets.py holds it.  Tables of bibliographic data and US texts without claims are no part of the
study.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from dokhae.library import folder
from dokhae.models import in_use
from dokhae.study import Study
from training import lines, options

STUDY, EXCLUDED = "corpus.study", "excluded.json"
SOURCES = (
    "kr_pdf", "kr_csv/inu.csv", "kr_kipris_xml.zip", "ep_xml.zip", "ep_eps.zip", "us_xml.zip", "us_samples.zip",
    "us_go.zip",
)  # fmt: skip
GOLD_FILES = ("patent_reading_dev.jsonl", "patent_abstracts_dev.jsonl")


def main() -> None:
    """Adds, reads and lists."""
    given = options.parser(__doc__, "patents", "gold", "out").parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    os.environ[in_use.VARIABLE] = in_use.NONE
    with Study.create(given.out / STUDY) as study:
        study.add([given.patents / name for name in SOURCES])
        study.read()
        excluded = excluded_of(study, gold_patents(study.path, given.gold))
    with lines.replaced(given.out / EXCLUDED) as unfinished:
        unfinished.write_text(json.dumps(excluded, indent=1), encoding="utf8")


def gold_patents(study: Path, gold: Path) -> Iterator[int]:
    """The gold patents as the study numbers them; each is named by a number or the stem of the file it came from."""
    with folder.open_to_read(study) as store:
        for name in GOLD_FILES:
            for line in lines.read(gold / name):
                yield from (patent.id for patent in store.find(line["id"]))


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


def excluded_digests(folder_: Path) -> set[str]:
    """The digests ``folder_`` says must stay out."""
    return set(json.loads((folder_ / EXCLUDED).read_text(encoding="utf8"))["digests"])


if __name__ == "__main__":
    main()
