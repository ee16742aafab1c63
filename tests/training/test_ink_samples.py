"""Samples of the ink network: darkness of sheets, and which of it is written."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from camdigits.training.hands import hands
from camdigits.training.ink_samples import (
    SIDE,
    InkMaker,
    InkSamples,
    _in_fine_pen,
    _on_desk,
    _pieces,
    _with_ones,
    write_sheet,
)


@pytest.fixture
def maker(tiny_mnist: Path) -> InkMaker:
    return InkMaker(tiny_mnist, "train")


def test_a_block_follows_its_seed_and_ink_is_dark(maker: InkMaker) -> None:
    first, again = maker.block((4, 1), 24), maker.block((4, 1), 24)
    assert len(first) == 24
    assert first.views.shape == first.ink.shape == (24, SIDE, SIDE)
    np.testing.assert_array_equal(first.views, again.views)
    np.testing.assert_array_equal(first.ink, again.ink)
    written = first.ink > 200
    assert written.mean() > 0.01
    assert first.views[written].mean() > 4 * first.views[first.ink == 0].mean()


def test_a_sheet_holds_writing_of_its_size(tiny_mnist: Path) -> None:
    mix, rng = hands(tiny_mnist, "train"), np.random.default_rng(3)
    sheets = [write_sheet(mix, rng, 40.0) for _ in range(6)]
    written = [sheet for sheet in sheets if sheet is not None]
    assert written
    for sheet in written:
        _, _, stats, _ = cv2.connectedComponentsWithStats((sheet > 96).astype(np.uint8))
        assert 20 < stats[1:, cv2.CC_STAT_HEIGHT].max() < 160


def test_a_fine_pen_is_as_wide_as_said() -> None:
    thick = np.zeros((60, 60), np.uint8)
    thick[10:50, 20:32] = 255
    fine = _in_fine_pen(thick, 3.0)
    widths = (fine[20:40] > 127).sum(axis=1)
    assert set(widths.tolist()) <= {2, 3, 4}
    assert (fine[20:40] > 127).any(axis=1).all()


def test_a_desk_lies_around_the_writing_and_never_on_it() -> None:
    ink = np.zeros((120, 200), np.uint8)
    ink[50:70, 80:120] = 255
    picture = np.where(ink > 0, np.uint8(10), np.uint8(240))
    seen = _on_desk(picture, ink, np.random.default_rng(1), 20.0)
    np.testing.assert_array_equal(seen[54:66, 84:116], picture[54:66, 84:116])
    assert (seen[:4] != picture[:4]).mean() > 0.9


def test_straight_ones_stand_at_the_ends_and_in_gaps_of_a_text() -> None:
    text = np.zeros((40, 100), np.uint8)
    text[5:35, 10:40] = text[5:35, 60:90] = 255
    places = set()
    for seed in range(40):
        ink = _with_ones(text, np.random.default_rng(seed), 30.0)
        assert ink.shape[0] == 40
        assert np.count_nonzero(ink) > np.count_nonzero(text)
        blocks = np.flatnonzero((ink == 255).sum(axis=0) == 30)
        assert len(blocks) >= 60  # nothing of the text is cut or covered
        extra = np.flatnonzero(ink.any(axis=0))
        places |= {"before"} if extra[0] < blocks[0] else set()
        places |= {"after"} if extra[-1] > blocks[-1] else set()
        between = extra[(extra > blocks[0] + 30) & (extra < blocks[-1] - 30)]
        places |= {"between"} if len(between) else set()
    assert places == {"before", "after", "between"}


def test_pieces_cover_a_view_and_say_the_same_of_both() -> None:
    view = np.arange(200 * 230, dtype=np.int64).reshape(200, 230)
    view = (view % 251 + 1).astype(np.uint8)
    for seed in range(8):
        pieces = _pieces(view, view, np.random.default_rng(seed))
        assert sum(int(np.count_nonzero(piece)) for piece, _ in pieces) == view.size
        for piece, ink in pieces:
            assert piece.shape == (SIDE, SIDE)
            np.testing.assert_array_equal(piece, ink)


def test_targets_share_each_pixel_between_paper_and_ink() -> None:
    ink = np.zeros((2, SIDE, SIDE), np.uint8)
    ink[1, 3, 4], ink[1, 5, 6] = 255, 51
    samples = InkSamples(ink, ink)
    targets = samples.targets(np.array([1]))
    assert targets.shape == (1, SIDE, SIDE, 2)
    np.testing.assert_allclose(targets[0, 3, 4], [0, 1])
    np.testing.assert_allclose(targets[0, 5, 6], [0.8, 0.2])
    np.testing.assert_allclose(targets.sum(axis=-1), 1)


def test_inputs_are_varied_in_training_alone() -> None:
    views = np.random.default_rng(0).integers(1, 255, (2, SIDE, SIDE)).astype(np.uint8)
    samples = InkSamples(views, views)
    plain = samples.inputs(np.array([1]))
    np.testing.assert_allclose(plain[0, ..., 0] * 255, views[1], atol=1e-3)
    varied = samples.inputs(np.array([1]), np.random.default_rng(1))
    assert not np.allclose(varied, plain)
    # All of it paler or darker alike: what was darker stays darker.
    order = np.argsort(plain.ravel(), kind="stable")
    assert (np.diff(varied.ravel()[order]) >= 0).all()


def test_samples_are_joined_in_order() -> None:
    ink = np.zeros((1, SIDE, SIDE), np.uint8)
    joined = InkSamples.join([InkSamples(ink, ink), InkSamples(ink + 1, ink + 2)])
    assert joined.views[:, 0, 0].tolist() == [0, 1]
    assert joined.ink[:, 0, 0].tolist() == [0, 2]
    assert len(InkSamples.join([])) == 0
