"""Finished weights -> the folder of models the product carries, cards and licences included.

    python -m training.model_set --words WORDS --reader DIR --encoder DIR [--static FILE] --about TOML --out SET

In: the pruned base, the folders of ``training.onnx_files``, the file of ``training.static``, and what the cards say of
data and figures (``training/about.toml``).  Out: ``words``, ``reader``, ``encoder``, ``static`` as docs/models.md lays
them out, each file with its sha256 in ``card.toml``.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from training import options
from training.base import matrix
from training.fields import FIELDS
from training.net import WIDTH, quantised

LICENCE = Path(__file__).with_name("WEIGHTS-LICENCE.txt")
MAX_TOKENS, MAX_QUESTION = 384, 64
Card = dict[str, Any]
_BODY: Card = {"words": "words", "max_tokens": MAX_TOKENS}
CARDS: dict[str, Card] = {
    "words": {},
    "reader": _BODY | {"max_question_tokens": MAX_QUESTION, "fields": list(FIELDS)},
    "encoder": _BODY | {"prefixes": {"query": "query: ", "passage": "passage: "}},
    "static": {"words": "words"},
}


def main() -> None:
    """Assembles."""
    parser = options.parser(__doc__, "words", "reader", "encoder", "about", "out")
    parser.add_argument("--static", type=Path)
    given = parser.parse_args()
    about = tomllib.loads(given.about.read_text(encoding="utf8"))
    write_words(given.words, emptied(given.out / "words"))
    shutil.copy(given.reader / "model.onnx", emptied(given.out / "reader"))
    shutil.copy(given.encoder / "model.onnx", emptied(given.out / "encoder"))
    if given.static:
        shutil.copy(given.static, emptied(given.out / "static") / "project.npz")
    for kind, own in CARDS.items():
        if (given.out / kind).exists():
            write_card(given.out / kind, about, own)


def emptied(folder: Path) -> Path:
    """The folder of a model, new, with its licence."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(LICENCE, folder / "LICENSE.txt")
    return folder


def write_words(pruned: Path, folder: Path) -> None:
    """The shared table of word vectors, int8 with a scale a row, and the tokenizer."""
    with np.load(pruned / "pruned.npz") as weights:
        table, scales = quantised(matrix(weights["emb.word"], WIDTH))
    np.save(folder / "table.npy", table)
    np.save(folder / "scales.npy", scales)
    shutil.copy(pruned / "tokenizer.json", folder)


def write_card(folder: Path, about: Mapping[str, Card], own: Card) -> None:
    """Writes ``card.toml``: plain values first, then the digests of the files."""
    kind = folder.name
    values = {"name": f"dokhae-{kind}", "kind": kind} | about["all"] | about.get(kind, {}) | own
    lines = [f"{key} = {_toml(value)}" for key, value in values.items()]
    files = sorted(path for path in folder.iterdir() if path.name != "card.toml")
    lines += ["", "[files]"]
    lines += [f'"{path.name}" = "{hashlib.sha256(path.read_bytes()).hexdigest()}"' for path in files]
    (folder / "card.toml").write_text("\n".join(lines) + "\n", encoding="utf8")


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    main()
