"""Fitting: the learning rate's course, and a whole fit on a handful of samples."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

import numpy as np
import pytest

from camdigits.errors import ModelError
from camdigits.preprocess.binarize import InkSettings
from camdigits.segment.settings import SegmentSettings
from camdigits.training import fit as module
from camdigits.training.fit import Fitted, Plan, fit, logits_of, schedule
from camdigits.training.network import Hyperparameters, build_network
from camdigits.training.samples import SampleMaker, Samples
from camdigits.training.weights import load_weights

TINY = Hyperparameters(filters=4, dense=8, layers=1, batch_size=32)
PLAN = Plan(epochs=2, blocks=2, fresh=1, validation=40, processes=1)
SMALL_BLOCK = 64


def test_the_learning_rate_rises_then_falls_by_half_a_cosine() -> None:
    course = [schedule(step, 103) for step in range(103)]
    assert course[:4] == pytest.approx([1 / 3, 2 / 3, 1.0, 1.0])
    assert course[53] == pytest.approx(0.5)  # 50 of the 100 steps after the rise
    assert course[28] == pytest.approx(0.5 + np.sqrt(0.125))
    assert course[102] == pytest.approx(0.5 * (1 - np.cos(np.pi / 100)))
    assert course[3:] == sorted(course[3:], reverse=True)


@pytest.mark.parametrize("steps", [1, 2, 5])
def test_short_courses_start_at_the_peak(steps: int) -> None:
    assert schedule(0, steps) == 1.0
    assert all(0 < schedule(step, steps) <= 1 for step in range(steps))


class ShortStream:
    """Stands for SampleStream: makes small blocks in this process and counts them."""

    taken = 0

    def __init__(
        self,
        data: Path | None,
        ink: InkSettings,
        segment: SegmentSettings,
        seed: int,
        processes: int,
        ahead: int,
    ) -> None:
        self.maker = SampleMaker(data, "train", ink, segment)
        self.seed = seed

    def __enter__(self) -> ShortStream:
        ShortStream.taken = 0
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    def take(self) -> Samples:
        ShortStream.taken += 1
        return self.maker.block((self.seed, ShortStream.taken), SMALL_BLOCK)


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SampleStream", ShortStream)
    monkeypatch.setattr(module, "BLOCK", SMALL_BLOCK)


@pytest.mark.usefixtures("short")
def test_a_fit_keeps_its_plan(tiny_mnist: Path, tmp_path: Path) -> None:
    checkpoint = tmp_path / "kept.weights.h5"
    said: list[str] = []
    fitted: Fitted = fit(tiny_mnist, TINY, PLAN, 3, checkpoint=checkpoint, say=said.append)
    assert ShortStream.taken == 3  # two at first, then a fresh one
    assert fitted.samples == 2 * 2 * SMALL_BLOCK
    assert {len(figures) for figures in fitted.history.values()} == {2}
    assert np.isfinite(list(fitted.history.values())).all()
    rates = [TINY.learning_rate * schedule(step, 8) for step in (3, 7)]
    assert fitted.history["learning_rate"] == pytest.approx(rates)
    assert [line.split()[1] for line in said] == ["1/2", "2/2"]
    assert len(fitted.validation) == 40

    # Averaged weights are handed back; the last step's lie in the checkpoint.
    held = fitted.validation
    right = logits_of(fitted.network, held.glyphs).argmax(axis=1) == held.classes
    assert right.mean() == pytest.approx(fitted.history["val_accuracy"][-1])
    last = build_network(TINY)
    load_weights(last, checkpoint)
    pairs = zip(last.get_weights(), fitted.network.get_weights(), strict=True)
    assert any((a != b).any() for a, b in pairs)


@pytest.mark.usefixtures("short")
def test_a_fit_can_start_from_weights(tiny_mnist: Path, tmp_path: Path) -> None:
    start = tmp_path / "start.weights.h5"
    network = build_network(TINY)
    network.save_weights(start)
    # At a learning rate of next to nothing the kernels stay where they were.
    slow = Hyperparameters(**{**vars(TINY), "learning_rate": 1e-12})
    plan = Plan(epochs=1, blocks=1, fresh=1, validation=20, processes=1)
    fitted = fit(tiny_mnist, slow, plan, 9, initial=start, say=lambda line: None)
    for mine, given in zip(
        fitted.network.trainable_variables, network.trainable_variables, strict=True
    ):
        np.testing.assert_allclose(mine.numpy(), given.numpy(), atol=1e-6)


def test_weights_that_do_not_fit_stop_a_fit_at_once(tmp_path: Path) -> None:
    start = tmp_path / "start.weights.h5"
    build_network(Hyperparameters(filters=6, dense=8, layers=1)).save_weights(start)
    with pytest.raises(ModelError, match="do not fit"):
        fit(None, TINY, PLAN, 0, initial=start)
