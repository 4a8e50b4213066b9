"""Sequences -> batches of like length.

In: lengths.  Out: which sequences run together.  A plan depends on the lengths alone, so the same list gives the same
batches.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def plan(lengths: Sequence[int], *, max_tokens: int) -> Iterator[list[int]]:
    """Indexes of ``lengths`` in batches, longest first; each padded to its longest, at most ``max_tokens`` or one.

    >>> list(plan([3, 9, 4, 8], max_tokens=20))
    [[1, 3], [2, 0]]
    """
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lambda i: (-lengths[i], i)):
        if batch and (len(batch) + 1) * lengths[batch[0]] > max_tokens:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch
