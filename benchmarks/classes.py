"""Classing measured: a tree of twelve classes, 120 Korean applications labelled by hand, each way of telling by itself.

    python benchmarks/classes.py

In: benchmarks/data/classes.toml, the folder shared/data beside the checkout.  Out: precision and recall of each way on
standard output, of the half the thresholds were found on and of the other.  Skipped, with the reason, where the data
are absent.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dokhae.screening import codes_of
from dokhae.study import Study

LABELS = Path(__file__).parent / "data" / "classes.toml"
WAYS: Mapping[str, Mapping[str, str]] = {
    "query": {"query": "query"},
    "keywords": {"keywords": "keywords"},
    "definition": {"definition": "definition"},
    "definition in English": {"definition": "definition_en"},
    "keywords and definition": {"keywords": "keywords", "definition": "definition"},
    "all": {"query": "query", "keywords": "keywords", "definition": "definition"},
}


def main() -> int:
    tables = (above / "shared" / "data" / "patents" / "kr_csv" / "inu.csv" for above in LABELS.parents)
    table = next(filter(Path.is_file, tables), None)
    if table is None:
        print("skipped: the folder shared/data is not beside this checkout")
        return 0
    labels = tomllib.loads(LABELS.read_text("utf8"))
    with TemporaryDirectory() as folder, Study.create(Path(folder) / "a.study") as study:
        study.add([table])
        print("| told by | half | precision | recall | given | true | seconds |\n|---|---|---|---|---|---|---|")
        for way, keys in WAYS.items():
            tree = Path(folder) / "tree.toml"
            tree.write_text(tree_of(labels["class"], keys), "utf8")
            seconds = study.classify(tree).seconds
            for half, first in (("found on", 0), ("other", 1)):
                print(f"| {way} | {half} | {measured(study, labels, labels['patents'][first::2])} | {seconds:.1f} |")
    return 0


def tree_of(classes: Sequence[Mapping[str, Any]], keys: Mapping[str, str]) -> str:
    """The tree with these means alone, as TOML: strings of one line without single quotes."""
    kept = {"level1": "level1", "level2": "level2", "level3": "level3", "code": "code", **keys}
    return "\n".join(
        "[[class]]\n" + "".join(f"{key} = '{one[source]}'\n" for key, source in kept.items() if source in one)
        for one in classes
    )


def measured(study: Study, labels: Mapping[str, Any], numbers: Sequence[str]) -> str:
    """Precision, recall, classes given and true, of these patents."""
    n_right = n_given = n_true = 0
    for number in numbers:
        given = set(codes_of(study.show(number).classes))
        true = {one["code"] for one in labels["class"] if number in one["patents"]}
        n_right += len(given & true)
        n_given += len(given)
        n_true += len(true)
    return f"{n_right / max(1, n_given):.2f} | {n_right / n_true:.2f} | {n_given} | {n_true}"


if __name__ == "__main__":
    sys.exit(main())
