"""Token ids -> word vectors: the embedding table that the built-in bodies share.

In: a folder with ``table.npy`` (int8 [n_pieces, width]) and ``scales.npy`` (float [n_pieces]).  Out: rows times their
scales, float32.  The table stays on the disk and is mapped into memory: processes on one machine share it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dokhae.errors import InputError

TABLE, SCALES = "table.npy", "scales.npy"


class WordVectors:
    """The table in ``folder``.  Raises InputError ``model-unreadable`` or ``model-shape``."""

    def __init__(self, folder: Path) -> None:
        self._table = load_array(folder / TABLE)  # [n_pieces, width]
        self._scales = load_array(folder / SCALES).astype(np.float32).reshape(-1)  # [n_pieces]
        if self._table.ndim != 2 or self._table.dtype != np.int8:
            raise InputError("model-shape", file=folder / TABLE, found=shape(self._table), wanted="int8 [n, n]")
        if len(self._table) != len(self._scales):
            wanted = f"float [{len(self._table)}]"
            raise InputError("model-shape", file=folder / SCALES, found=shape(self._scales), wanted=wanted)

    @property
    def n_pieces(self) -> int:
        return int(self._table.shape[0])

    @property
    def width(self) -> int:
        return int(self._table.shape[1])

    def rows(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Vectors of ``ids`` [...] -> [..., width]."""
        return self._table[ids].astype(np.float32) * self._scales[ids][..., None]


def load_array(path: Path) -> NDArray[Any]:
    """The array in a ``.npy`` file, mapped into memory; nothing in the file is ever executed."""
    try:
        array: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise InputError("model-unreadable", file=path, reason=str(error)) from error
    return array


def shape(array: NDArray[Any]) -> str:
    """What an array is, for messages: ``int8 [48000, 384]``."""
    return f"{array.dtype} {list(array.shape)}"
