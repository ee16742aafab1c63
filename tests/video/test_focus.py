"""What a frame is like before it is read: sharpness, darkness, change; which frames are skipped."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from pictures import draw_number

from camdigits.reading import Box
from camdigits.video.focus import changed, look, moving, sharpness_at
from camdigits.video.gate import Gate


@pytest.fixture(scope="module")
def page() -> np.ndarray:
    """A gray frame of 1280x720 with two numbers on it."""
    frame = np.full((720, 1280), 210, np.uint8)
    for text, x, y in (("31407", 60, 40), ("2024", 500, 380)):
        part = cv2.cvtColor(draw_number(text, 80), cv2.COLOR_BGR2GRAY)
        part = np.minimum(part, 210)
        frame[y : y + part.shape[0], x : x + part.shape[1]] = part
    return frame


def grainy(gray: np.ndarray, seed: int = 0, noise: float = 3.0) -> np.ndarray:
    grain = np.random.default_rng(seed).normal(0, noise, gray.shape)
    return np.clip(gray + grain, 0, 255).astype(np.uint8)


def exposed(gray: np.ndarray, gain: float, offset: float = 0.0) -> np.ndarray:
    return cv2.convertScaleAbs(gray, alpha=gain, beta=offset)


def test_sharpness_falls_with_blur(page: np.ndarray) -> None:
    blurred = [page, *(cv2.GaussianBlur(page, (0, 0), sigma) for sigma in (1.5, 3, 6, 12))]
    values = [look(grainy(frame)).sharpness for frame in blurred]
    assert values == sorted(values, reverse=True)
    assert values[-1] < 0.3 * values[0]


@pytest.mark.parametrize("kernel", [(25, 1), (1, 25)])
def test_blur_in_one_direction_counts(page: np.ndarray, kernel: tuple[int, int]) -> None:
    assert look(cv2.blur(page, kernel)).sharpness < 0.6 * look(page).sharpness


@pytest.mark.parametrize(("gain", "offset"), [(0.5, 0.0), (0.7, 40.0), (1.1, -20.0)])
def test_exposure_does_not_change_sharpness(page: np.ndarray, gain: float, offset: float) -> None:
    assert look(exposed(page, gain, offset)).sharpness == pytest.approx(
        look(page).sharpness, rel=0.05
    )


def test_dark_and_flat(page: np.ndarray) -> None:
    assert (look(page).dark, look(page).flat) == (False, False)
    assert look(exposed(page, 0.15)).dark
    assert look(np.full((480, 640), 190, np.uint8)).flat


@pytest.mark.parametrize("shape", [(3, 3), (1, 50), (50, 1), (2, 2), (1, 1)])
def test_tiny_pictures_are_looked_at(shape: tuple[int, int]) -> None:
    assert look(np.full(shape, 99, np.uint8)).sharpness > 0


def test_noise_and_exposure_are_no_change(page: np.ndarray) -> None:
    before = look(grainy(page, 1)).thumbnail
    assert not changed(before, look(grainy(page, 2)).thumbnail)
    assert not changed(before, look(grainy(exposed(page, 0.8), 3)).thumbnail)
    assert not moving(before, look(grainy(exposed(page, 0.8), 3)).thumbnail)


def test_a_new_stroke_and_a_moved_camera_are_a_change(page: np.ndarray) -> None:
    before = look(grainy(page, 1)).thumbnail
    written = cv2.line(page.copy(), (900, 100), (910, 180), 40, 7)
    assert changed(before, look(grainy(written, 2)).thumbnail)
    assert not moving(before, look(grainy(written, 2)).thumbnail)
    shifted = np.roll(page, (30, 60), (0, 1))
    assert changed(before, look(shifted).thumbnail)
    assert moving(before, look(shifted).thumbnail)
    assert changed(before, look(page[:, :900]).thumbnail)


def test_sharpness_of_a_digit(page: np.ndarray) -> None:
    box = Box(140, 120, 48, 80)
    soft = cv2.GaussianBlur(page, (0, 0), 4)
    assert sharpness_at(soft, box) < 0.8 * sharpness_at(page, box)
    assert sharpness_at(exposed(page, 0.6), box) == pytest.approx(sharpness_at(page, box), rel=0.1)
    assert sharpness_at(page, Box(-30, -30, 31, 31)) > 0


def skips(
    frames: list[np.ndarray], busy: bool = False, step: float = 0.03, certain: bool = False
) -> list[str]:
    """What a gate says of frames ``step`` seconds apart that are read unless it says otherwise."""
    gate = Gate()
    said = []
    for index, frame in enumerate(frames):
        seen = look(frame)
        gate.judge(seen, index * step)
        reason = gate.skip(seen, index * step, busy, certain)
        if not reason:
            gate.was_read(seen, index * step)
        said.append(reason)
    return said


def test_blurred_and_dark_frames_are_skipped(page: np.ndarray) -> None:
    soft, dark = cv2.GaussianBlur(page, (0, 0), 8), exposed(page, 0.15)
    assert skips([page, soft, page, dark]) == ["", "blurred", "", "dark"]


def test_blur_without_end_is_read_now_and_then(page: np.ndarray) -> None:
    soft = cv2.GaussianBlur(page, (0, 0), 8)
    said = skips([page, *[soft] * 20])
    assert said[1:11] == ["blurred"] * 9 + [""]


def test_a_still_sight_is_read_until_it_is_known(page: np.ndarray) -> None:
    frames = [grainy(page, seed) for seed in range(8)]
    assert skips(frames) == [""] * 4 + ["unchanged"] * 4
    assert skips(frames, busy=True) == [""] * 8
    assert skips(frames, step=0.6)[4:] == ["unchanged", "", "unchanged", ""]
    frames[6] = np.roll(page, 20, axis=1)
    assert skips(frames)[4:] == ["unchanged", "unchanged", "", ""]


def test_what_is_certain_is_read_less_often(page: np.ndarray) -> None:
    frames = [np.roll(page, 8 * index, axis=1) for index in range(6)]
    assert skips(frames, certain=True) == ["", "resting"] * 3
    assert skips(frames, certain=True, step=0.06) == [""] * 6
    assert skips(frames, certain=True, busy=True) == [""] * 6
    # A camera that turns away is no reason to rest.
    away = [np.roll(page, 200 * index, axis=1) for index in range(6)]
    assert skips(away, certain=True)[1:] == [""] * 5
