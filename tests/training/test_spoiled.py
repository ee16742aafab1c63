"""Spoiled photos: each kind does to a picture what its name says, the same for the same seed."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from factories import on_paper, page

from camdigits.training.collections import LabeledPicture
from camdigits.training.spoiled import (
    ASKEW,
    KINDS,
    SHADE,
    Spoiled,
    askew,
    black_and_white,
    dim,
    folded,
    hard_shadow,
    in_color,
    out_of_focus,
    shaken,
    small,
    tiny,
)

SHAPE = (360, 640)


@pytest.fixture
def gray() -> np.ndarray:
    return on_paper(page([("204", 60, 60), ("170", 300, 200)], SHAPE))


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(1)


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_follows_from_seed_place_and_kind(
    kind: str, gray: np.ndarray, tmp_path: Path
) -> None:
    path = tmp_path / "page.png"
    cv2.imwrite(str(path), gray)
    photo = LabeledPicture(path, "here", [["204"], ["170"]])
    spoiled = Spoiled(3, photo, kind)
    assert spoiled.name == f"page.png, {kind}"
    picture = spoiled.picture(seed=5)
    assert picture.dtype == np.uint8
    assert picture.ndim == (3 if "color" in kind else 2)
    assert (spoiled.picture(seed=5) == picture).all()
    if "size" not in kind:
        other = spoiled.picture(seed=6)
        assert other.shape != picture.shape or (other != picture).any()


def test_a_shadow_takes_light_from_one_side(gray: np.ndarray, rng: np.random.Generator) -> None:
    light = hard_shadow(gray, rng).astype(float) / gray
    dark = light < 1 - 0.9 * SHADE[0]
    assert 0.05 < dark.mean() < 0.95
    assert np.median(light[~dark]) == pytest.approx(1.0, abs=0.02)
    assert 1 - SHADE[1] - 0.02 < np.median(light[dark]) < 1 - SHADE[0] + 0.02


@pytest.mark.parametrize("blur", [out_of_focus, shaken])
def test_blurs_soften_edges_and_keep_the_light(
    blur, gray: np.ndarray, rng: np.random.Generator
) -> None:
    blurred = blur(gray, rng)
    assert blurred.mean() == pytest.approx(gray.mean(), abs=0.5)
    assert cv2.Laplacian(blurred, cv2.CV_64F).var() < 0.5 * cv2.Laplacian(gray, cv2.CV_64F).var()


def test_what_lies_askew_keeps_all_of_its_ink(gray: np.ndarray, rng: np.random.Generator) -> None:
    turned = askew(gray, rng)
    assert turned.shape[0] > SHAPE[0] + SHAPE[1] * np.sin(np.radians(ASKEW[0])) - 5
    assert (turned < 128).sum() == pytest.approx((gray < 128).sum(), rel=0.05)


def test_in_hardly_any_light_all_is_dark(gray: np.ndarray, rng: np.random.Generator) -> None:
    assert dim(gray, rng).max() < 100


def test_black_and_white_is_ink_and_paper(gray: np.ndarray, rng: np.random.Generator) -> None:
    scanned = black_and_white(gray, rng)
    assert set(np.unique(scanned)) == {0, 255}
    assert ((scanned == 0) == (gray < 128)).mean() > 0.97


def test_half_the_size(gray: np.ndarray, rng: np.random.Generator) -> None:
    assert small(gray, rng).shape == (180, 320)


def test_a_folded_sheet_has_lines_across_and_the_same_writing(
    gray: np.ndarray, rng: np.random.Generator
) -> None:
    seen = folded(gray, rng)
    assert seen.shape == gray.shape
    blank = gray == gray.max()
    assert len(np.unique(seen[blank])) > 5
    assert seen[~blank].mean() < 0.6 * seen[blank].mean()


def test_a_third_of_the_size_shows_the_same(gray: np.ndarray, rng: np.random.Generator) -> None:
    assert tiny(gray, rng).shape == (120, 213)
    assert tiny(gray, rng).mean() == pytest.approx(gray.mean(), abs=1)


def test_colors_tell_pen_from_ground_where_gray_hardly_does(
    gray: np.ndarray, rng: np.random.Generator
) -> None:
    pens = set()
    for _ in range(12):
        colored = in_color(gray, rng)
        planes = [cv2.cvtColor(colored, cv2.COLOR_BGR2GRAY), *cv2.split(colored)]
        hidden, *shown = (abs(np.median(p[gray < 60]) - np.median(p[gray > 200])) for p in planes)
        assert max(shown) > 1.8 * hidden
        pens.add(int(np.median(colored[..., 2][gray > 200])))
    assert len(pens) > 2
