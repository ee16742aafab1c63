"""Zeros written in one go: rings that hang together, each with an owner of its own."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from camdigits.training.chains import Chain, Link, chained
from camdigits.training.strings import StringStyle, compose
from camdigits.training.texts import spell

CHAIN = Chain(width=0.8, pitch=1.0, at=np.pi / 2, slant=0.0)
HEIGHT, PEN = 60, 5


def ring() -> np.ndarray:
    ink = np.zeros((HEIGHT, 40), np.uint8)
    cv2.ellipse(ink, (20, 30), (17, 27), 0, 0, 360, 255, PEN)
    return ink


def together(links: list[Link]) -> np.ndarray:
    """Return all links on one canvas."""
    left, top = min(link.left for link in links), min(link.top for link in links)
    canvas = np.zeros((3 * HEIGHT, 8 * HEIGHT), np.uint8)
    for link in links:
        height, width = link.patch.shape
        place = canvas[link.top - top :, link.left - left :][:height, :width]
        np.maximum(place, link.patch, out=place)
    return canvas


def pieces_of(ink: np.ndarray) -> int:
    return cv2.connectedComponents((ink > 96).astype(np.uint8))[0] - 1


def holes_of(ink: np.ndarray) -> int:
    paper = np.pad((ink <= 96).astype(np.uint8), 1, constant_values=1)
    return cv2.connectedComponents(paper, connectivity=4)[0] - 2


@pytest.mark.parametrize("seed", range(20))
def test_a_chain_is_one_stroke_whatever_the_hand(seed: int) -> None:
    rng = np.random.default_rng(seed)
    links = chained(ring(), 4, Chain.draw(rng), rng)
    assert len(links) == 4
    assert pieces_of(together(links)) == 1
    assert all(link.patch.max() == 255 for link in links)


@pytest.mark.parametrize(("early", "holes"), [(-0.15, 3), (0.25, 0)])
def test_rings_close_unless_the_hand_moves_on_early(early: float, holes: int) -> None:
    chain = replace(CHAIN, early=early, open=early, pitch=1.3)
    links = chained(ring(), 3, chain, np.random.default_rng(0))
    assert holes_of(together(links)) == holes


def mean_sizes(chain: Chain) -> np.ndarray:
    """Return height and width of three rings, and their way from the one before, (3, 3), in heights
    of the zero's middle line, in the mean of many chains."""
    rng = np.random.default_rng(1)
    sizes = np.zeros((3, 3))
    for _ in range(60):
        links = chained(ring(), 3, chain, rng)
        shapes = np.array([link.patch.shape for link in links]) - PEN
        middles = [link.left + link.patch.shape[1] / 2 for link in links]
        sizes += np.column_stack([shapes, np.diff(middles, prepend=middles[0])])
    return sizes / 60 / (HEIGHT - PEN)


def test_rings_are_as_tall_as_the_zero_and_a_pitch_apart() -> None:
    # Each ring has half of the way to its neighbors: the ends are narrower than the middle.
    wide = replace(CHAIN, pitch=1.4)
    tall, width, way = mean_sizes(wide).T
    assert tall == pytest.approx([1.0] * 3, abs=0.12)
    assert way[1:] == pytest.approx([1.25, 1.25], abs=0.12)
    assert width[[0, 2]] == pytest.approx([0.8 + 0.3, 0.8 + 0.3], abs=0.15)
    assert width[1] == pytest.approx(1.4, abs=0.15)


def test_rings_may_shrink_and_lean() -> None:
    even, falling = mean_sizes(CHAIN)[:, 0], mean_sizes(replace(CHAIN, shrink=0.3))[:, 0]
    assert even[2] / even[0] == pytest.approx(1.0, abs=0.2)
    # The stroke that leads to a ring is as high as the one before.
    assert 0.5 < falling[2] / falling[0] < 0.75
    upright, leaning = mean_sizes(CHAIN)[:, 1], mean_sizes(replace(CHAIN, slant=0.5))[:, 1]
    assert leaning.mean() > upright.mean() + 0.15


@pytest.mark.parametrize("level", [1, 44, 255])
def test_of_the_faintest_and_smallest_zeros_something_is_left(level: int) -> None:
    zero = np.full((6, 4), level, np.uint8)
    zero[2:4, 2] = 0
    rng = np.random.default_rng(2)
    for _ in range(40):
        for link in chained(zero, 3, Chain.draw(rng), rng):
            assert link.patch.max() > 32


class RingHand:
    """Writes zeros as rings and ones as bars."""

    kind = "handwriting"

    def write(self, label: str, rng: np.random.Generator) -> np.ndarray | None:
        bars = {"1": (40, 6), "dot": (6, 6)}
        return ring() if label == "0" else np.full(bars[label], 255, np.uint8)


@pytest.mark.parametrize(
    ("text", "touching"),
    [
        ("1000", (False, True, True)),
        ("1.0010", (False, False, True, False, False)),
        ("0.0", (False, False)),
    ],
)
def test_zeros_that_follow_each_other_are_chained(text: str, touching: tuple[bool, ...]) -> None:
    style = replace(StringStyle.random(np.random.default_rng(3), 0.0), chain=CHAIN, gap=0.3)
    written = compose(np.random.default_rng(4), RingHand(), spell(text), style)
    assert written.labels == spell(text)
    assert written.touching == touching
    ink = written.ink > 96
    parts = cv2.connectedComponents(ink.astype(np.uint8))[1]
    for k, joined in enumerate(touching):
        one, other = (set(parts[ink & (written.owner == owner)]) for owner in (k, k + 1))
        assert bool(one & other) == joined


def test_everyday_writing_chains_some_zeros_and_free_writing_none() -> None:
    rng = np.random.default_rng(5)
    styles = [StringStyle.random(rng) for _ in range(200)]
    assert 40 < sum(style.chain is not None for style in styles) < 100
    assert all(StringStyle.random(rng, touching).chain is None for touching in (0.0, 0.5))
    assert all(StringStyle.random(rng, kind="print").chain is None for _ in range(40))
