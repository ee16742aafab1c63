"""Segmentation as a whole: a gray picture in, straight lines with lattices out."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from factories import on_paper, page, pen_row
from hypothesis import given, settings
from hypothesis import strategies as st

from camdigits.preprocess.binarize import InkSettings
from camdigits.preprocess.lighting import look_at
from camdigits.segment.picture import Clock, Segmented, segment_picture
from camdigits.segment.settings import SegmentSettings

INK, SETTINGS = InkSettings(), SegmentSettings()


def segment(gray: np.ndarray, **changes: int) -> Segmented:
    return segment_picture(gray, look_at(gray), INK, replace(SETTINGS, **changes), with_masks=True)


def source_boxes(parts: Segmented, line: int = 0) -> np.ndarray:
    """Return the whole hypotheses of a line in the picture: left, top, right, bottom (n, 4)."""
    lattice, image = parts.lattices[line], parts.lines[line]
    x, y, width, height = lattice.boxes[lattice.whole].T
    corners = np.stack([(x, y), (x + width, y), (x, y + height), (x + width, y + height)])
    corners = np.einsum("ij,cjn->cin", image.to_source[:, :2], corners.astype(float))
    corners += image.to_source[:, 2][None, :, None]
    return np.concatenate([corners.min(axis=0), corners.max(axis=0)]).T


def assert_each_digit_found(ink: np.ndarray, parts: Segmented) -> None:
    """Assert that each component of ``ink`` is a whole hypothesis of the first line.

    Upright within 4 px; sideways in the middle only, for the line's shear widens its boxes.
    """
    left, top, right, bottom = source_boxes(parts).T
    middle = (left + right) / 2
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink)
    for x, y, width, height, _ in stats[1:]:
        upright = np.maximum(np.abs(top - y), np.abs(bottom - y - height))
        assert ((upright <= 4) & (np.abs(middle - x - width / 2) <= 6)).any()


def assert_sound(gray: np.ndarray, parts: Segmented) -> None:
    assert len(parts.lines) == len(parts.lattices)
    assert parts.components.labels.shape == gray.shape
    rows = [line.row for line in parts.lines]
    assert rows == sorted(rows)
    for line, lattice in zip(parts.lines, parts.lattices, strict=True):
        assert line.picture.dtype == np.uint8
        assert np.isfinite(line.to_source).all()
        assert len(lattice.masks) == len(lattice.spans) == len(lattice.glyphs)
        assert (lattice.boxes[:, 2:] > 0).all()
        assert (lattice.boxes[:, :2] >= 0).all()
        bounds = line.picture.shape[::-1]
        assert (lattice.boxes[:, :2] + lattice.boxes[:, 2:] <= bounds).all()


def test_row_of_digits_is_one_line_with_each_digit_in_place():
    ink = pen_row("20347")
    parts = segment(on_paper(ink))
    assert len(parts.lines) == 1
    assert_each_digit_found(ink, parts)


def test_underlined_digits_are_found_without_the_rule():
    ink = pen_row("20347")
    ruled = ink.copy()
    ruled[106:109] = 255
    parts = segment(on_paper(ruled))
    assert len(parts.lines) == 1
    assert_each_digit_found(ink, parts)
    assert not parts.components.mask[104:112].any()


def test_rule_through_the_digits_does_not_join_them():
    ink = np.pad(pen_row("1111"), ((0, 0), (90, 90)))
    ruled = ink.copy()
    ruled[64:67] = 255
    parts = segment(on_paper(ruled))
    assert len(parts.lines) == 1
    assert_each_digit_found(ink, parts)


def test_rows_of_a_page_come_in_reading_order():
    ink = page([("203", 30, 20), ("4711", 40, 100), ("32", 30, 180)], (250, 320))
    parts = segment(on_paper(ink))
    assert [line.row for line in parts.lines] == [0, 1, 2]
    tops = [source_boxes(parts, i)[:, 1].mean() for i in range(3)]
    assert np.abs(np.array(tops) - (20, 100, 180)).max() < 12


@pytest.mark.parametrize("level", [0, 130, 255])
def test_even_pictures_have_no_lines(level):
    parts = segment(np.full((80, 120), level, np.uint8))
    assert parts.lines == []
    assert parts.lattices == []
    assert len(parts.components) == 0


def test_a_judge_who_is_sure_spares_hypotheses():
    gray = on_paper(pen_row("20347"))
    free = segment_picture(gray, look_at(gray), INK, SETTINGS)
    spared = segment_picture(
        gray, look_at(gray), INK, SETTINGS, digitness=lambda glyphs: np.ones(len(glyphs))
    )
    assert len(spared.lattices[0].spans) == 5 < len(free.lattices[0].spans)
    assert free.lattices[0].masks == ()


def test_clock_adds_up_the_stages():
    clock = Clock()
    gray = on_paper(pen_row("20"))
    segment_picture(gray, look_at(gray), INK, SETTINGS, clock)
    assert set(clock.timings) == {"ink", "components", "lines", "lattice"}
    assert all(spent >= 0 for spent in clock.timings.values())
    before = sum(clock.timings.values())
    segment_picture(gray, look_at(gray), INK, SETTINGS, clock)
    assert sum(clock.timings.values()) > before


def test_caps_hold_on_noise():
    rng = np.random.default_rng(2)
    gray = cv2.GaussianBlur(rng.integers(0, 256, (500, 700)).astype(np.uint8), (0, 0), 1.5)
    gray = cv2.normalize(gray, None, 0, 255, cv2.NORM_MINMAX)
    caps = {"max_components": 150, "max_lines": 6, "max_line_spans": 30, "max_spans": 40}
    parts = segment(gray, **caps)
    assert_sound(gray, parts)
    assert 0 < len(parts.components) <= 150
    assert 0 < len(parts.lines) <= 6
    counts = [len(lattice.spans) for lattice in parts.lattices]
    assert sum(counts[:-1]) <= 40
    for lattice in parts.lattices:
        edges = len(lattice.spans) + len(lattice.blanks)
        assert edges <= max(30, len(lattice.cuts) - 1)


@settings(max_examples=80)
@given(
    st.tuples(st.integers(1, 70), st.integers(1, 90)),
    st.integers(0, 2**31),
    st.sampled_from([0, 1, 3]),
    st.integers(0, 255),
)
def test_small_random_pictures_never_raise(shape, seed, blur, threshold):
    gray = np.random.default_rng(seed).integers(0, 256, shape).astype(np.uint8)
    if blur:
        gray = cv2.GaussianBlur(gray, (0, 0), blur)
        gray = cv2.normalize(gray, None, 0, 255, cv2.NORM_MINMAX)
    if seed % 2:
        gray = np.where(gray > threshold, 220, 40).astype(np.uint8)
    assert_sound(gray, segment(gray))


@pytest.mark.parametrize(("height", "glanced"), [(90, True), (26, False)])
def test_large_writing_is_read_in_a_smaller_picture(height, glanced):
    gray = np.full((900, 1400), 225, np.uint8)
    row = on_paper(pen_row("20347", height=height, stroke=max(2, height // 12)))
    gray[200 : 200 + row.shape[0], 300 : 300 + row.shape[1]] = row
    parts = segment(gray)
    assert (parts.picture.size <= 1.01 * INK.glance_pixels) == glanced
    assert len(parts.lines) == 1
