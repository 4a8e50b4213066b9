"""Settings of the room ``models``: where models run, and on how many threads."""

from __future__ import annotations

from dataclasses import dataclass

DEVICES = ("auto", "cpu", "cuda", "openvino")


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """device: "auto" takes a graphics card or OpenVINO where installed, else the CPU.  threads: None = one a core.

    batch_tokens: the most tokens, padding included, that run at once on a graphics card; on the CPU texts run one by
    one, so that what is found never depends on what else was read.
    """

    device: str = "auto"
    threads: int | None = None
    batch_tokens: int = 8192
