"""Learns the syllable weights of src/dokhae/parse/pdf/line_ends.toml: where Korean patent text has a space.

In: well-spaced Korean of the shared data: titles and abstracts of the KIPRIS XML records and of kr_csv/inu.csv, and the
insides of the printed lines of the gazettes named by title.  Out: the table.  The 15 gazettes named KR-10-... are never
read, and records of the same applications are left out.  Method: every place between two characters of a text is one
example (space or not); logistic regression over syllable contexts (spacing.contexts), AdaGrad, then the contexts that
matter most are kept and trained again alone.

    python benchmarks/train_line_ends.py            # about two minutes; needs numpy and the shared data
"""

from __future__ import annotations

import csv
import re
import sys
import zipfile
from array import array
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from dokhae.parse.pdf.pages import Pdf
from dokhae.parse.pdf.spacing import contexts

HERE = Path(__file__).resolve()
TABLE = HERE.parents[1] / "src/dokhae/parse/pdf/line_ends.toml"
N_CONTEXTS, SCALE, MIN_COUNT, SEED = 22_000, 20, 3, 7
_HANGUL = re.compile(r"[가-힣]")
_TAG = re.compile(r"<(Abstract|InventionName|ApplicationNumber)>([^<]*)<")
HEADER = """\
# Where Korean patent text has a space: weights of syllable contexts, "left|right<TAB>weight", in natural log-odds times
# `scale`; 0 stands for any digit, a for any Latin letter.  Made by benchmarks/train_line_ends.py from {n} places in the
# titles and abstracts of KIPRIS XML records and of the INU list, and the insides of lines of 22 gazettes (the shared
# data; no gold gazette, no record of its application).  Only these numbers are kept, no text.
scale = {scale}
"""
Ids = NDArray[np.int32]
Floats = NDArray[np.float64]


def main() -> None:
    data = next(above / "shared/data" for above in HERE.parents if (above / "shared/data").is_dir())
    texts = sorted({" ".join(text.split()) for text in chain(_kipris(data), _inu(data), _gazettes(data))})
    rows, labels, names = _examples(texts)
    print(f"{len(texts)} texts, {len(labels)} places, {labels.mean():.3f} of them spaces, {len(names)} contexts")
    order = np.random.default_rng(SEED).permutation(len(labels))
    test, train = order[: len(order) // 20], order[len(order) // 20 :]
    weights = _fit(rows[train], labels[train], len(names), epochs=4)
    print(f"all contexts: {_accuracy(rows[test], labels[test], weights):.4f} right")
    used = np.bincount(rows[train].ravel(), minlength=len(names))
    kept = np.argsort(-np.abs(weights) * np.sqrt(np.minimum(used, 400)))[:N_CONTEXTS]
    mask = np.zeros(len(names), dtype=bool)
    mask[kept] = True
    weights = _fit(rows[train], labels[train], len(names), epochs=6, mask=mask)
    print(f"{N_CONTEXTS} contexts: {_accuracy(rows[test], labels[test], weights):.4f} right")
    _write({names[i]: round(float(weights[i]) * SCALE) for i in kept}, n_places=len(labels))


def _kipris(data: Path) -> Iterator[str]:
    """Titles and abstracts of the unzipped KIPRIS records, without the applications of the gold gazettes."""
    gold = _gold_applications(data)
    with zipfile.ZipFile(data / "patents/kr_kipris_xml.zip") as archive:
        for name in archive.namelist():
            fields = dict(_TAG.findall(archive.read(name).decode("utf8", "replace"))) if name.endswith(".xml") else {}
            if fields.get("ApplicationNumber") not in gold:
                yield from (fields[key] for key in ("Abstract", "InventionName") if key in fields)


def _gold_applications(data: Path) -> set[str]:
    found = set()
    for path in (data / "patents/kr_pdf").glob("KR-10-*.pdf"):
        with Pdf(path.read_bytes()) as pdf:
            number = next(line.text for line in pdf.lines(1) if line.text.startswith("(21)"))
        found.add("".join(re.findall(r"\d+", number)[1:]))
    return found


def _inu(data: Path) -> Iterator[str]:
    with (data / "patents/kr_csv/inu.csv").open(encoding="utf8", newline="") as file:
        for row in csv.reader(file):
            yield from (cell for cell in row if len(_HANGUL.findall(cell)) > 60)


def _gazettes(data: Path) -> Iterator[str]:
    """The insides of lines: where a line begins or ends inside a word, that is not seen as an edge."""
    for path in sorted((data / "patents/kr_pdf").glob("*.pdf")):
        if path.name.startswith("KR-10-"):
            continue
        with Pdf(path.read_bytes()) as pdf:
            lines = (line for page in range(1, len(pdf) + 1) for line in pdf.lines(page))
            yield from (line.text for line in lines if len(_HANGUL.findall(line.text)) > 10)


def _examples(texts: list[str]) -> tuple[Ids, Floats, list[str]]:
    """Per place the numbers of its contexts (0: too rare to count), whether it is a space, and the contexts' names."""
    ids: dict[str, int] = {}
    flat, labels = array("i"), array("b")
    for text in texts:
        for i in range(3, len(text) - 4):
            is_space = text[i] == " "
            if not is_space and text[i - 1] == " ":
                continue
            right = i + is_space
            flat.extend(ids.setdefault(name, len(ids)) for name in contexts(text[max(i - 4, 0) : i], text[right:]))
            labels.append(is_space)
    places = np.frombuffer(flat, dtype=np.int32).reshape(len(labels), -1)
    counts = np.bincount(places.ravel(), minlength=len(ids))
    common = np.flatnonzero(counts >= MIN_COUNT)
    renumbered = np.zeros(len(ids), dtype=np.int32)
    renumbered[common] = np.arange(1, len(common) + 1)
    names = list(ids)
    return renumbered[places], np.frombuffer(labels, dtype=np.int8).astype(float), ["", *(names[i] for i in common)]


def _fit(rows: Ids, labels: Floats, n: int, *, epochs: int, mask: NDArray[np.bool_] | None = None) -> Floats:
    """Logistic regression by AdaGrad in batches; contexts outside ``mask`` keep the weight 0."""
    weights, squares = np.zeros(n), np.full(n, 1e-6)
    rng = np.random.default_rng(SEED)
    for _ in range(epochs):
        order = rng.permutation(len(labels))
        for start in range(0, len(order), 2048):
            batch = order[start : start + 2048]
            at = rows[batch]
            error = labels[batch] - _sigmoid(weights[at].sum(axis=1))  # [batch]
            gradient = np.bincount(at.ravel(), np.repeat(error, at.shape[1]), minlength=n) - 1e-4 * weights
            gradient[0] = 0.0
            if mask is not None:
                gradient[~mask] = 0.0
            squares += gradient**2
            weights += 0.3 * gradient / np.sqrt(squares)
    return weights


def _sigmoid(x: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp(-np.clip(x, -30, 30)))


def _accuracy(rows: Ids, labels: Floats, weights: Floats) -> float:
    return float(((weights[rows].sum(axis=1) > 0) == (labels > 0)).mean())


def _write(weights: dict[str, int], *, n_places: int) -> None:
    lines = "\n".join(f"{name}\t{weight}" for name, weight in sorted(weights.items()) if weight)
    if "'''" in lines:
        raise ValueError("a context would end the TOML string")
    TABLE.write_text(HEADER.format(n=n_places, scale=SCALE) + f"weights = '''\n{lines}\n'''\n", encoding="utf8")
    print(f"{TABLE.name}: {TABLE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
