"""Killed at any moment, a study keeps what it reported, shows nothing half-written, and goes on to the full set."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

from dokhae.library import Store
from dokhae.library.folder import open_to_read, open_to_write
from dokhae.types import Document
from tests.build import document

N_DOCUMENTS = 600
N_A_BATCH = 20
N_ROUNDS = 8


def numbered(n: int) -> Document:
    """Patent ``n`` of the full set, of a length of its own; every third one has an A beside its B2."""
    problem = " ".join(f"Lens {n} shakes in light {i}." for i in range(20 + n % 37))
    grant, opened = f"US {9_000_000 + n} B2", f"US 2015/{n - 1:07} A1"
    is_opened = n % 3 == 2
    filed = f"US 14/{n if is_opened else n + 1:06}"  # a serial of noughts is no number
    return document(opened if is_opened else grant, application=filed, problem=problem, claims=["A lens.", "A camera."])


def add_all(study: Path) -> None:
    """What the child does: adds batch by batch, from the start, and reports each batch once it is stored."""
    with open_to_write(study, create=True) as store:
        for start in range(0, N_DOCUMENTS, N_A_BATCH):
            store.add([numbered(n) for n in range(start, start + N_A_BATCH)])
            print(start + N_A_BATCH, flush=True)


def killed_after(study: Path, seconds: float) -> int:
    """Runs the child and kills it; returns the number of documents it has reported."""
    command = [
        sys.executable,
        "-c",
        "import sys; from tests.test_crash import *; add_all(Path(sys.argv[1]))",
        str(study),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1]) as child:
        assert child.stdout is not None
        first = child.stdout.readline()  # the clock starts when it stores, not while it imports
        time.sleep(seconds)
        child.kill()
        return max(map(int, [first, *child.stdout.read().split()]))


def numbers_in(store: Store) -> set[str]:
    return {patent.number.compact for patent in store.patents() if patent.number is not None}


def test_whatever_was_reported_survives_a_kill_at_any_moment(tmp_path: Path) -> None:
    study = tmp_path / "a.study"
    dice = random.Random(20)
    expected = [number.compact for n in range(N_DOCUMENTS) if (number := numbered(n).number) is not None]
    n_reported = 0
    for _ in range(N_ROUNDS):
        n_reported = max(n_reported, killed_after(study, dice.uniform(0.0, 0.25)))
        with open_to_read(study) as reader:
            present = numbers_in(reader)
            assert present >= set(expected[:n_reported])
            # a batch is there whole or not at all
            assert present == set(expected[: len(present)])
            assert len(present) % N_A_BATCH == 0
            assert reader.check().findings == ()
    add_all(study)
    with open_to_read(study) as reader:
        assert numbers_in(reader) == set(expected)
        assert reader.counts().publications == N_DOCUMENTS
        assert reader.counts().applications == len({str(numbered(n).numbers[1]) for n in range(N_DOCUMENTS)})
        assert reader.check().findings == ()
