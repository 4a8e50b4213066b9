"""Finished weights -> the folder of models the product carries, cards and licences included.

    python -m training.model_set --words WORDS --reader DIR --encoder DIR [--static FILE] --about ABOUT.toml --out WEIGHTS

In: the pruned base, the folders of ``training.onnx_files``, the file of ``training.static``, and what the cards say of
data and figures (``training/about.toml``).  Out: ``words``, ``reader``, ``encoder``, ``static`` as docs/models.md lays
them out, each file with its sha256 in ``card.toml``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import numpy as np

from training.base import matrix
from training.fields import FIELDS
from training.net import WIDTH, quantised

LICENCE = Path(__file__).with_name("WEIGHTS-LICENCE.txt")
MAX_TOKENS, MAX_QUESTION = 384, 64


def main() -> None:
    """Assembles."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    for name in ("--words", "--reader", "--encoder", "--about", "--out"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--static", type=Path)
    options = parser.parse_args()
    about = tomllib.loads(options.about.read_text(encoding="utf8"))
    words = _folder(options.out, "words")
    with np.load(options.words / "pruned.npz") as weights:
        table, scales = quantised(matrix(weights["emb.word"], WIDTH))
    np.save(words / "table.npy", table)
    np.save(words / "scales.npy", scales)
    shutil.copy(options.words / "tokenizer.json", words)
    _card(words, about, {})
    for kind, source in (("reader", options.reader), ("encoder", options.encoder)):
        folder = _folder(options.out, kind)
        shutil.copy(source / "model.onnx", folder)
        asked = {"max_question_tokens": MAX_QUESTION, "fields": list(FIELDS)} if kind == "reader" else {}
        prefixes = {"prefixes": {"query": "query: ", "passage": "passage: "}} if kind == "encoder" else {}
        _card(folder, about, {"words": "words", "max_tokens": MAX_TOKENS} | asked | prefixes)
    if options.static:
        folder = _folder(options.out, "static")
        shutil.copy(options.static, folder / "project.npz")
        _card(folder, about, {"words": "words"})


def _folder(out: Path, kind: str) -> Path:
    folder = out / kind
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(LICENCE, folder / "LICENSE.txt")
    return folder


def _card(folder: Path, about: dict[str, Any], more: dict[str, Any]) -> None:
    """Writes ``card.toml``: plain values first, then tables."""
    kind = folder.name
    values = {"name": f"dokhae-{kind}", "kind": kind} | about["all"] | about.get(kind, {}) | more
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
