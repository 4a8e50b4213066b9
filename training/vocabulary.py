"""The base model's vocabulary pruned to Korean and English technical text.

    python -m training.vocabulary --base BASE --texts TEXTS --out OUT [--known TOKENIZER.json]

In: the folder of ``training.base`` and that of ``training.counted``.  Out: ``pruned.npz``, the base weights with the
rows kept, ``tokenizer.json`` with the pieces kept, and the rise in tokens a character, on standard output.  Kept are
the specials, every piece the texts use at least MIN_COUNT times, every Korean piece, and every single character of the
scripts and signs technical text needs, so that nothing known before becomes unknown; and the pieces of the tokenizer
``--known``, so that a later training finds them under the same numbers though its texts are not quite the same.
"""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from training import options
from training.base import BLOCK_BYTES
from training.lines import replaced

MIN_COUNT = 2
N_SPECIAL = 4  # <s> <pad> </s> <unk>
_SPACE = "\u2581"
_BATCH = 200
_SCRIPTS = ("LATIN", "GREEK", "HANGUL", "HIRAGANA", "KATAKANA", "DIGIT")
Description = dict[str, Any]  # a tokenizer.json


def main() -> None:
    """Prunes and says by how much sequences grow."""
    parser = options.parser(__doc__, "base", "texts", "out")
    parser.add_argument("--known", type=Path, help="a tokenizer.json whose pieces stay")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    known = pieces_of(given.known) if given.known else frozenset()
    texts = sorted(given.texts.glob("*.txt"))
    description = json.loads((given.base / "tokenizer.json").read_text(encoding="utf8"))
    before = count(description, lines(texts))
    kept = kept_pieces(description, before, known)
    pruned = prune(description, kept)
    (given.out / "tokenizer.json").write_text(json.dumps(pruned, ensure_ascii=False), encoding="utf8")
    prune_weights(given.base / "base.npz", kept, given.out / "pruned.npz")
    rise = count(pruned, lines(texts)).total() / before.total() - 1
    print(json.dumps({"pieces": len(kept), "of": _n_pieces(description), "rise_percent": round(100 * rise, 3)}))


def lines(paths: Iterable[Path]) -> Iterator[str]:
    """Every line of the files that holds something."""
    for path in paths:
        with path.open(encoding="utf8") as file:
            yield from (line for line in file if line.strip())


def count(description: Description, texts: Iterable[str]) -> Counter[int]:
    """How often each piece is used."""
    tokenizer = Tokenizer.from_str(json.dumps(description))
    found: Counter[int] = Counter()
    left = iter(texts)
    while batch := list(islice(left, _BATCH)):
        for encoding in tokenizer.encode_batch(batch, add_special_tokens=False):
            found.update(encoding.ids)
    return found


def pieces_of(tokenizer: Path) -> frozenset[str]:
    """The pieces of a tokenizer.json."""
    return frozenset(piece for piece, _ in json.loads(tokenizer.read_text(encoding="utf8"))["model"]["vocab"])


def kept_pieces(description: Description, counts: Counter[int], known: frozenset[str] = frozenset()) -> list[int]:
    """The numbers of the pieces that stay, ascending."""
    return [
        at
        for at, (piece, _) in enumerate(description["model"]["vocab"])
        if at < N_SPECIAL or counts[at] >= MIN_COUNT or piece in known or is_always_kept(piece)
    ]


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


def prune(description: Description, kept: Sequence[int]) -> Description:
    """The tokenizer's description with the pieces ``kept`` alone, numbered anew; the specials keep their numbers."""
    model = {**description["model"], "vocab": [description["model"]["vocab"][at] for at in kept]}
    specials = [token for token in description["added_tokens"] if token["id"] < N_SPECIAL]
    return {**description, "model": model, "added_tokens": specials, "truncation": None, "padding": None}


def prune_weights(base: Path, kept: Sequence[int], out: Path) -> None:
    """The base weights with the word vectors of ``kept`` alone, in their order."""
    with np.load(base) as weights:
        others = {name: weights[name] for name in weights.files if name != "emb.word"}
        blocks = weights["emb.word"]
    blocks_a_row = others["emb.ln.w"].size // 32
    rows = blocks.reshape(-1, blocks_a_row, BLOCK_BYTES)
    with replaced(out) as unfinished:
        np.savez(unfinished, **others, **{"emb.word": rows[list(kept)].reshape(-1, BLOCK_BYTES)})


def _n_pieces(description: Description) -> int:
    return len(description["model"]["vocab"])


if __name__ == "__main__":
    main()
