"""Fitting: the learning rate's course, and a whole fit on a handful of samples."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from camdigits.errors import ModelError
from camdigits.segment.strips import FRAMES
from camdigits.training.fit import SHARES, Fitted, Lesson, Plan, fit, logits_of, mix, schedule
from camdigits.training.line_network import LineHyperparameters, build_line_network
from camdigits.training.line_samples import LineSamples
from camdigits.training.losses import any_of, one_of
from camdigits.training.network import Hyperparameters, build_network
from camdigits.training.recipe import glyph_maker, line_maker
from camdigits.training.samples import Samples
from camdigits.training.weights import load_weights

TINY = Hyperparameters(filters=4, dense=8, layers=1, batch_size=32)
PLAN = Plan(epochs=2, blocks=2, fresh=1, validation=40, processes=1, block=64)


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


def glyphs(hyper: Hyperparameters, data: Path | None) -> Lesson[Samples]:
    return Lesson(partial(build_network, hyper), partial(glyph_maker, data, None), hyper)


def test_a_fit_keeps_its_plan(tiny_mnist: Path, tmp_path: Path) -> None:
    checkpoint = tmp_path / "kept.weights.h5"
    said: list[str] = []
    fitted: Fitted[Samples] = fit(
        glyphs(TINY, tiny_mnist), PLAN, 3, checkpoint=checkpoint, say=said.append
    )
    assert fitted.samples == 2 * 2 * PLAN.block
    assert {len(figures) for figures in fitted.history.values()} == {2}
    assert np.isfinite(list(fitted.history.values())).all()
    rates = [TINY.learning_rate * schedule(step, 8) for step in (3, 7)]
    assert fitted.history["learning_rate"] == pytest.approx(rates)
    assert [line.split()[1] for line in said] == ["1/2", "2/2"]
    assert len(fitted.validation) == 40
    assert fitted.accuracy == pytest.approx(fitted.history["val_accuracy"][-1])

    # Averaged weights are handed back; the last step's lie in the checkpoint.
    held = fitted.validation
    read = logits_of(fitted.network, held).argmax(axis=1) == held.classes
    assert read.mean() == pytest.approx(fitted.history["val_accuracy"][-1])
    last = build_network(TINY)
    load_weights(last, checkpoint)
    pairs = zip(last.get_weights(), fitted.network.get_weights(), strict=True)
    assert any((a != b).any() for a, b in pairs)


def test_a_fit_can_start_from_weights(tiny_mnist: Path, tmp_path: Path) -> None:
    start = tmp_path / "start.weights.h5"
    network = build_network(TINY)
    network.save_weights(start)
    # At a learning rate of next to nothing the kernels stay where they were.
    slow = Hyperparameters(**{**vars(TINY), "learning_rate": 1e-12})
    plan = Plan(epochs=1, blocks=1, fresh=1, validation=20, processes=1, block=64)
    fitted = fit(glyphs(slow, tiny_mnist), plan, 9, initial=start, say=lambda line: None)
    for mine, given in zip(
        fitted.network.trainable_variables, network.trainable_variables, strict=True
    ):
        np.testing.assert_allclose(mine.numpy(), given.numpy(), atol=1e-6)


def test_weights_are_mixed_as_the_validation_samples_want_it(tiny_mnist: Path) -> None:
    maker = glyph_maker(tiny_mnist, None, "validation")
    held = maker.block((1,), 40)
    sides = [build_network(TINY) for _ in range(2)]
    # Only the last layer's bias speaks: for the classes of the samples, or against them.
    wanted = np.log(held.targets(np.arange(40)).mean(axis=0) + 0.01)
    for network, bias in zip(sides, (wanted, -wanted), strict=True):
        network.set_weights([*(0 * w for w in network.get_weights()[:-1]), bias])
    good, bad = sides
    kept = good.get_weights()[-1].copy()
    assert mix(good, bad, held, one_of) == 0.0
    np.testing.assert_array_equal(good.get_weights()[-1], kept)
    assert mix(bad, good, held, one_of) == max(SHARES)
    share = max(SHARES)
    np.testing.assert_allclose(bad.get_weights()[-1], (2 * share - 1) * wanted, atol=1e-6)


def test_weights_that_do_not_fit_stop_a_fit_at_once(tmp_path: Path) -> None:
    start = tmp_path / "start.weights.h5"
    build_network(Hyperparameters(filters=6, dense=8, layers=1)).save_weights(start)
    with pytest.raises(ModelError, match="do not fit"):
        fit(glyphs(TINY, None), PLAN, 0, initial=start)


def test_a_line_network_learns_from_lines(tiny_mnist: Path) -> None:
    hyper = LineHyperparameters(filters=4, batch_size=16)
    lesson: Lesson[LineSamples] = Lesson(
        partial(build_line_network, hyper), partial(line_maker, tiny_mnist, None), hyper, any_of
    )
    plan = Plan(epochs=2, blocks=1, fresh=1, validation=20, processes=1, block=32)
    fitted = fit(lesson, plan, 5, say=lambda line: None)
    assert fitted.history["loss"][1] < fitted.history["loss"][0]
    logits = logits_of(fitted.network, fitted.validation)
    assert logits.shape == (20, FRAMES, 11)
    targets = fitted.validation.targets(np.arange(20))
    told = np.take_along_axis(targets, logits.argmax(axis=2)[..., None], axis=2)
    assert (told == 1).mean() == pytest.approx(fitted.accuracy)
    assert fitted.history["val_accuracy"][-1] == pytest.approx(fitted.accuracy, abs=0.01)
