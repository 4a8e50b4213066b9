"""The base model's vocabulary pruned to Korean and English technical text.

    python -m training.vocabulary BASE TEXTS... OUT

In: the folder of ``training.base`` and text files.  Out: ``pruned.npz``, the base weights with the rows kept,
``tokenizer.json`` with the pieces kept, and the rise in tokens a character, on standard output.  Kept are
the specials, every piece the texts use at least MIN_COUNT times, every Korean piece, and every single character of the
scripts and signs technical text needs, so that nothing known before becomes unknown.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from training.base import BLOCK_BYTES

MIN_COUNT = 2
N_SPECIAL = 4  # <s> <pad> </s> <unk>
N_UNUSED = 35  # rows of the table past the last piece
_SPACE = "\u2581"
_BATCH = 200
_SCRIPTS = ("LATIN", "GREEK", "HANGUL", "HIRAGANA", "KATAKANA", "DIGIT")


def main(base: Path, texts: list[Path], out: Path) -> None:
    """Prunes and says by how much sequences grow."""
    out.mkdir(parents=True, exist_ok=True)
    description = json.loads((base / "tokenizer.json").read_text(encoding="utf8"))
    whole = Tokenizer.from_str(json.dumps(description))
    counts = count(whole, lines(texts))
    kept = [
        at
        for at, (piece, _) in enumerate(description["model"]["vocab"])
        if at < N_SPECIAL or counts[at] >= MIN_COUNT or is_always_kept(piece)
    ]
    pruned = prune(description, kept)
    (out / "tokenizer.json").write_text(json.dumps(pruned, ensure_ascii=False), encoding="utf8")
    with np.load(base / "base.npz") as weights:
        rows = weights["emb.word"].reshape(len(description["model"]["vocab"]) + N_UNUSED, -1, BLOCK_BYTES)
        others = {name: weights[name] for name in weights.files if name != "emb.word"}
    np.savez(out / "pruned.npz", **others, **{"emb.word": rows[kept].reshape(-1, BLOCK_BYTES)})
    after = sum(count(Tokenizer.from_str(json.dumps(pruned)), lines(texts)).values())
    print(json.dumps({"pieces": len(kept), "of": len(description["model"]["vocab"]), "tokens": after,
                      "rise_percent": round(100 * (after / counts.total() - 1), 3)}))  # fmt: skip


def lines(paths: Iterable[Path]) -> Iterator[str]:
    """Every line of the files that holds something."""
    for path in paths:
        with path.open(encoding="utf8") as file:
            yield from (line for line in file if line.strip())


def count(tokenizer: Tokenizer, texts: Iterable[str]) -> Counter[int]:
    """How often each piece is used."""
    found: Counter[int] = Counter()
    batch: list[str] = []
    for text in texts:
        batch.append(text)
        if len(batch) == _BATCH:
            _count_batch(tokenizer, batch, found)
            batch = []
    _count_batch(tokenizer, batch, found)
    return found


def _count_batch(tokenizer: Tokenizer, batch: list[str], found: Counter[int]) -> None:
    for encoding in tokenizer.encode_batch(batch, add_special_tokens=False):
        found.update(encoding.ids)


def is_always_kept(piece: str) -> bool:
    """Korean pieces, and single characters: letters of a known script, digits, signs, punctuation, Hanja of KS X 1001.

    >>> [is_always_kept(piece) for piece in ("▁발명", "Ω", "≤", "▁invention", "の", "熱", "ш")]
    [True, True, True, False, True, True, False]
    """
    bare = piece.removeprefix(_SPACE)
    if bare and all("\uac00" <= char <= "\ud7a3" for char in bare):
        return True
    if len(bare) != 1:
        return not bare
    if unicodedata.category(bare)[0] in "PSN":
        return True
    return unicodedata.name(bare, "").startswith(_SCRIPTS) or _is_hanja(bare)


def _is_hanja(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff" and bool(char.encode("euc_kr", "ignore"))


def prune(description: dict[str, Any], kept: list[int]) -> dict[str, Any]:
    """The tokenizer's description with the pieces ``kept`` alone, numbered anew; the specials keep their numbers."""
    model = {**description["model"], "vocab": [description["model"]["vocab"][at] for at in kept]}
    specials = [token for token in description["added_tokens"] if token["id"] < N_SPECIAL]
    return {**description, "model": model, "added_tokens": specials, "truncation": None, "padding": None}


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:-1]], Path(sys.argv[-1]))
