"""Training with PyTorch, where it is installed: targets, losses, a training broken off and gone on with."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is installed where models are trained: training/requirements.txt")

from tests.tiny_models import tokenizer  # noqa: E402
from training import course, examples, judge, mean, reader  # noqa: E402
from training.encoder import contrastive, same_start  # noqa: E402
from training.examples import QUESTION, Example  # noqa: E402
from training.windows import BEGIN, END, PAD, Batch, Windows  # noqa: E402

TINY = tokenizer()
FIELD = 3


@pytest.fixture
def windows(tmp_path: Path) -> Windows:
    """Four windows: an answer, none, two spans of a field, and a question put to another passage of the first group."""
    found = [
        Example("what moves", "the lens moves", ((QUESTION, 4, 8),), 1, group=0),
        Example("what moves", "the sensor", (), 1, group=1),
        Example("", "lens sensor lens", ((FIELD, 0, 4), (FIELD, 12, 16)), 2, known=(2, FIELD), group=2),
        Example("what moves", "the lens the lens the lens", (), 1, group=0, weight=0.5),
    ]
    examples.pack(found, TINY, tmp_path / "set.npz")
    return Windows([tmp_path / "set.npz"], "cpu")


def whole(windows: Windows) -> Batch:
    return windows.batch(np.arange(len(windows)))


def test_a_sequence_has_the_specials_of_the_product(windows: Windows) -> None:
    batch = whole(windows)
    question, passage = (TINY.encode(text, add_special_tokens=False).ids for text in ("what moves", "the lens moves"))
    expected = [BEGIN, *question, END, END, *passage, END]
    assert batch.ids[0, : len(expected)].tolist() == expected
    assert set(batch.ids[0, len(expected) :].tolist()) <= {PAD}
    assert batch.mask[0].sum() == len(expected)
    assert batch.ids[0][batch.is_passage[0]].tolist() == passage


def test_targets_of_a_known_head_sum_to_one_and_say_not_here_at_the_first_token(windows: Windows) -> None:
    batch = whole(windows)
    totals = batch.targets.sum(1)
    assert (totals[batch.weights > 0] == 1).all()
    assert (totals[batch.weights == 0] == 0).all()
    assert batch.targets[1, 0, :2].tolist() == [1, 1]
    assert batch.targets[0, 0, :2].tolist() == [0, 0]
    assert sorted(batch.targets[2, :, 2 * FIELD].tolist())[-2:] == [0.5, 0.5]
    assert batch.targets[2, 0, 4] == 1, "a field looked for and not found"


def test_weights_are_those_of_the_example_and_less_for_fields(windows: Windows) -> None:
    weights = whole(windows).weights
    assert weights[[0, 3], 0].tolist() == [1.0, 0.5]
    assert weights[2, 2 * FIELD].item() == pytest.approx(0.3)
    assert weights[2, 0] == 0


def test_whole_groups_stay_together(windows: Windows) -> None:
    batches = [set(batch.tolist()) for batch in windows.batches(1, np.random.default_rng(0))]
    assert sorted(map(sorted, batches)) == [[0, 3], [1], [2]]


def test_every_window_of_no_group_is_in_one_batch_of_a_pass(windows: Windows) -> None:
    windows.groups[:] = examples.NO_GROUP
    batches = windows.batches(3, np.random.default_rng(0))
    assert sorted(int(row) for batch in batches for row in batch) == list(range(len(windows)))


def test_a_window_of_no_group_competes_with_nothing(windows: Windows) -> None:
    windows.groups[:] = examples.NO_GROUP
    batch = Batch(
        **{name: getattr(whole(windows), name) for name in Batch.__slots__} | {"groups": torch.full((4,), -1)}
    )
    assert reader.competing(batch, torch.randn(batch.targets.shape)).item() == 0


def test_passages_compete_as_in_one_long_softmax(windows: Windows) -> None:
    found = Batch(**{name: getattr(whole(windows), name) for name in Batch.__slots__})
    torch.manual_seed(3)
    logits = torch.randn(found.targets.shape).masked_fill(
        ~(found.is_passage | (found.ids == BEGIN))[..., None], judge.FAR
    )
    expected = []
    for column in (0, 1):
        # Only the group 0 has an answer; its passages are rows 0 and 3
        scores = [(logits[row, at, column] - logits[row, 0, column], found.targets[row, at, column] > 0)
                  for row in (0, 3) for at in range(1, logits.shape[1])]  # fmt: skip
        total = sum(math.exp(score) for score, _ in scores)
        expected.append(math.log(total) - math.log(sum(math.exp(score) for score, is_right in scores if is_right)))
    assert reader.competing(found, logits).item() == pytest.approx(sum(expected) / 2, rel=1e-4)


def test_a_reader_that_points_at_the_answer_is_judged_exact(windows: Windows) -> None:
    batch = whole(windows)
    exact, silent, *_ = judge.judged(batch.targets, 10 * batch.targets)
    assert (exact.has_answer, exact.said, exact.f1, exact.is_exact) == (True, True, 1.0, True)
    assert (silent.has_answer, silent.said) == (False, False)
    figures = judge.summary([exact, silent])
    assert (figures["n"], figures["exact"], figures["refused"]) == (1, 1.0, 1.0)


def test_contrast_is_smallest_where_each_text_is_nearest_to_its_partner() -> None:
    vectors = torch.eye(4)
    none = torch.zeros(4, 4).bool()
    assert contrastive(vectors, vectors, is_same=none) < contrastive(vectors, vectors.flip(0), is_same=none)


def test_equal_passages_are_no_wrong_answers_to_each_other() -> None:
    ids = torch.tensor([[0, 5, 2], [0, 5, 2], [0, 6, 2]])
    assert same_start(ids).tolist() == [[False, True, False], [True, False, False], [False, False, False]]


def test_the_mean_of_weights_is_taken_name_by_name() -> None:
    one, other = {"a": torch.tensor([1.0, 2.0])}, {"a": torch.tensor([3.0, 2.0])}
    assert mean.mean([one, other])["a"].tolist() == [2.0, 2.0]
    with pytest.raises(ValueError, match="not of one network"):
        mean.mean([one, {"b": one["a"]}])


def test_norms_and_biases_do_not_decay() -> None:
    net = torch.nn.ModuleDict({"inner": torch.nn.Linear(2, 2), "norm": torch.nn.LayerNorm(2)})
    decaying, plain = course.parameter_groups(net)
    assert [tuple(value.shape) for value in decaying["params"]] == [(2, 2)]
    assert len(plain["params"]) == 3


def test_the_rate_rises_then_falls_to_nothing() -> None:
    rates = [course.rate_at(done, 1.0) for done in (0, course.WARM_UP / 2, course.WARM_UP, 0.5, 1)]
    assert rates[0] < rates[1] < rates[2] == pytest.approx(1.0)
    assert rates[2] > rates[3] > rates[4] == pytest.approx(0, abs=1e-6)


PLAN = course.Plan(epochs=1, batch=1, rate=0.1, seed=0, data=("a",))


class BrokenOff(Exception):
    """The machine went down."""


def trained(folder: Path, *, stop_at: int | None = None, plan: course.Plan = PLAN) -> Any:
    """A tiny network with dropout after six steps, or broken off before one of them."""
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(3, 3), torch.nn.Dropout(0.5), torch.nn.Linear(3, 1))
    running = course.Course(net, plan, folder)

    def losses(chosen: Any) -> Mapping[str, Any]:
        if chosen == stop_at:
            raise BrokenOff
        return {"loss": net(torch.full((4, 3), float(chosen))).square().mean()}

    running.run(range(6), losses)
    running.finish(folder / "net.pt")
    return net[0].weight.detach()


def test_a_training_gone_on_with_ends_as_one_never_broken_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    expected = trained(one)
    monkeypatch.setattr(course, "_CHECKPOINT_S", -1)
    with pytest.raises(BrokenOff):
        trained(other, stop_at=4)
    torch.manual_seed(99)
    assert torch.equal(trained(other), expected)
    assert not (other / course.CHECKPOINT).exists()


def test_a_checkpoint_of_another_plan_is_left_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = trained(tmp_path)
    monkeypatch.setattr(course, "_CHECKPOINT_S", -1)
    with pytest.raises(BrokenOff):
        trained(tmp_path, stop_at=4, plan=course.Plan(epochs=1, batch=1, rate=0.5, seed=0, data=("a",)))
    assert torch.equal(trained(tmp_path), expected)
