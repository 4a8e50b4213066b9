"""A slice of benchmarks/fuzz.py: some hundred broken files for each parser; none raises, and what comes out holds."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from dokhae.parse import PARSERS
from tests.fuzzing import seeds as seeding
from tests.fuzzing.trial import Case, fault

N_INPUTS = 300
MOST_S = 2.0  # for one parser: the slow ones try fewer
SLOWEST_S = 5.0

Seeds = Mapping[str, Sequence[bytes]]


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Seeds:
    found: dict[str, list[bytes]] = seeding.synthetic(tmp_path_factory.mktemp("fuzz") / "sample")
    return found | {seeding.ARCHIVES: seeding.archives_of(found)}


@pytest.mark.parametrize("name", [*PARSERS, seeding.ARCHIVES])
def test_no_broken_file_makes_a_parser_raise_or_yield_what_does_not_hold(seeds: Seeds, name: str) -> None:
    began_s = time.process_time()
    for n in range(N_INPUTS):
        case = Case(name, n)
        started_s = time.process_time()
        assert fault(case, case.data(seeds)) == "", case
        assert time.process_time() - started_s < SLOWEST_S, case
        if time.process_time() - began_s > MOST_S:
            break


def test_an_input_is_the_same_every_time(seeds: Seeds, tmp_path: Path) -> None:
    case = Case("uspto-xml", 12)
    assert case.data(seeds) == case.data(seeding.synthetic(tmp_path / "sample") | {"archives": seeds["archives"]})


def test_what_does_not_hold_is_found() -> None:
    from dataclasses import replace

    from dokhae.types import Rejected, Section, SectionKind, Source, Span
    from tests.build import document
    from tests.fuzzing.invariants import fault_of

    good = document(problem="Lenses shake.", claims=["A lens."])
    assert fault_of(good) == ""
    text = good.texts[0]
    outside = replace(text, sections=(Section(SectionKind.other, "en", Span(0, 10_000)),))
    backward = replace(text, sections=tuple(reversed(text.sections)))
    assert "outside a text" in fault_of(replace(good, texts=(outside,)))
    assert "before the one before it" in fault_of(replace(good, texts=(backward,)))
    assert "has no sentence" in fault_of(Rejected.of(Source("a"), "no-such-code"))
    assert "lacks ['reason']" in fault_of(Rejected.of(Source("a"), "xml-broken", line=1))
