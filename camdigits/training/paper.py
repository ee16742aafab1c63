"""Pictures of writing on paper: from clean ink to what a camera or scanner makes of it.

Light, paper and ink are multiplied as they are in the world; then come lens, sensor and file.
The geometry never changes, so what is known of each ink pixel stays true, though ink may be lost.
"""

from __future__ import annotations

import cv2
import numpy as np

from camdigits.reading import Box
from camdigits.training import remnants
from camdigits.training.paper_style import PaperStyle
from camdigits.training.patterns import guilloche, noise

# Of what was taken away: sizes of the pieces that stay, in digit heights, and how few do
# (deviations of noise).
_PATCHES, _TAKEN = (0.1, 0.6), (0.3, 2.5)
# Of folds: width in digit heights, the light they take, how many neither level nor upright.
_FOLDS, _DEEP, _SLANTING = (0.05, 0.5), (0.05, 0.4), 0.35


def photograph(
    ink: np.ndarray, rng: np.random.Generator, style: PaperStyle | None = None
) -> np.ndarray:
    """Make the picture that a camera takes of ``ink`` (uint8 (h, w), ink 255) on some paper.

    Returns uint8 (h, w) gray: dark ink on light paper, light on dark for ``"chalk"``. Rules,
    patterns and neighbors are added, nothing is moved.
    """
    style = style or PaperStyle.random(rng)
    box = ink_box(ink)
    written = _pen(ink, rng, style)
    ground = _ground(ink, rng, style)
    layer = _drawn(ink, box, rng, style)
    if layer is not None:
        if style.erased:
            taken = _taken(layer, rng, style)
            written[taken] = layer[taken] = 0
        ground *= 1.0 - layer.astype(np.float32) * np.float32(1.0 / 255.0)
    if style.kind == "chalk":
        board = np.float32(style.tone / 255.0)
        picture = board + (1.0 - board) * cv2.max(written, 1.0 - ground)
    else:
        picture = cv2.multiply(ground, 1.0 - written, scale=style.tone / 255.0)
    picture = _light(picture, box, rng, style)
    gray = _camera(picture, rng, style)
    return _threshold(gray, rng, style) if style.kind == "binary" else gray


def ink_box(ink: np.ndarray) -> Box:
    """Return the box of what is written in ``ink``, uint8 (h, w)."""
    return Box(*cv2.boundingRect((ink > 32).view(np.uint8)))


def _pen(ink: np.ndarray, rng: np.random.Generator, style: PaperStyle) -> np.ndarray:
    """The share of light that the writing takes away, with the ink's own unevenness."""
    height, width = ink.shape
    level: np.ndarray = np.full((1, 1), style.pen, np.float32)
    if style.pressure:
        level = level * (1.0 - style.pressure * noise(rng, height, width, 0.7 * style.size))
    if style.texture:
        coarse = max(1.0, style.size / 40.0 * rng.uniform(1.0, 2.2))
        level = level * (1.0 - 0.6 * style.texture * noise(rng, height, width, coarse))
    if style.dropout:
        holes = noise(rng, height, width, style.size * rng.uniform(0.06, 0.16))
        level = level * ((1.9 - 1.2 * style.dropout - holes) * 2.0).clip(0.0, 1.0)
    share = ink.astype(np.float32) * np.float32(1.0 / 255.0)
    return share * level.clip(0.0, 1.0)


def _taken(layer: np.ndarray, rng: np.random.Generator, style: PaperStyle) -> np.ndarray:
    """Where forms' software took away what is drawn around the writing, and with it the strokes
    that cross it, bool (h, w): all but pieces, and a pixel of the scanner's more to each side."""
    height, width = layer.shape
    patches = noise(rng, height, width, style.size * rng.uniform(*_PATCHES))
    drawn = cv2.dilate(layer, np.ones((3, 3), np.uint8)) > 0
    return np.asarray(drawn & (patches < rng.uniform(*_TAKEN)))


def _ground(ink: np.ndarray, rng: np.random.Generator, style: PaperStyle) -> np.ndarray:
    """The light that the sheet itself gives back, 1 at blank paper."""
    height, width = ink.shape
    ground = np.ones((height, width), np.float32)
    if style.grain:
        scale = style.grain_scale
        ground += noise(rng, height, width, scale, scale * rng.uniform(0.6, 1.6)) * style.grain
        ground += noise(rng, height, width, 9.0 * scale) * (0.25 * style.grain)
    if style.pattern:
        ground -= guilloche(rng, height, width, style.size) * style.pattern
    if style.bleed:
        ground -= _bleed(ink, rng, style) * style.bleed
    return ground


def _bleed(ink: np.ndarray, rng: np.random.Generator, style: PaperStyle) -> np.ndarray:
    """The back of the sheet shining through: mirrored, shifted, soft."""
    height, width = ink.shape
    shift = (int(rng.integers(height)), int(rng.integers(width)))
    back = np.roll(ink[:, ::-1], shift, axis=(0, 1))
    soft = cv2.GaussianBlur(back, (0, 0), style.size * rng.uniform(0.03, 0.08))
    return soft.astype(np.float32) * np.float32(1.0 / 255.0)


def _drawn(
    ink: np.ndarray, box: Box, rng: np.random.Generator, style: PaperStyle
) -> np.ndarray | None:
    """Rules, frames, words and rows around the writing, strength 0-255; None where nothing is."""
    shares = (style.rules, style.squares, style.frame, style.margin, style.words, style.residue)
    if not any(shares):
        return None
    sheet = remnants.Sheet(np.zeros(ink.shape, np.uint8), ink, box, style.size)
    grid = remnants.cells if style.cells else remnants.frame
    draws = (
        remnants.rules,
        remnants.squares,
        grid,
        remnants.margin,
        remnants.words,
        remnants.residue,
    )
    for draw, share in zip(draws, shares, strict=True):
        if share:
            draw(sheet, rng, min(255, round(255 * share)))
    return sheet.layer


def _light(
    picture: np.ndarray, box: Box, rng: np.random.Generator, style: PaperStyle
) -> np.ndarray:
    """Uneven light, the edge of a shadow, the desk beyond the edge of the sheet."""
    height, width = picture.shape
    if style.gradient:
        x = np.linspace(-1.0, 1.0, width, dtype=np.float32)
        y = np.linspace(-1.0, 1.0, height, dtype=np.float32)
        a, b, bend = rng.uniform(-0.5, 0.5, 3)
        across = 1.0 + style.gradient * (a * x + 0.4 * bend * (x * x - 1.0))
        picture = picture * across.astype(np.float32)[None, :]
        picture *= (1.0 + style.gradient * b * y).astype(np.float32)[:, None]
    if style.shadow:
        spot = (float(rng.uniform(0, width)), float(rng.uniform(0, height)))
        soft = style.size * float(rng.choice([0.04, 0.2, 0.8]))
        side = beyond(picture.shape, spot, float(rng.uniform(0.0, 2.0 * np.pi)), soft)
        picture = picture * (1.0 - np.float32(style.shadow) * side)
    if style.edge:
        ends = (width - box.x - box.width, height - box.y - box.height, box.x, box.y)
        where = int(rng.integers(4))
        air = ends[where] * float(rng.uniform(0.3, 1.0))
        turn = where * np.pi / 2
        spot = (
            box.x + box.width / 2 + np.cos(turn) * (box.width / 2 + air),
            box.y + box.height / 2 + np.sin(turn) * (box.height / 2 + air),
        )
        side = beyond(picture.shape, spot, turn + float(rng.normal(0.0, 0.03)), 0.7)
        picture = picture * (1.0 - np.float32(rng.uniform(0.4, 0.9)) * side)
    return picture


def beyond(
    shape: tuple[int, ...], spot: tuple[float, float], turn: float, soft: float
) -> np.ndarray:
    """1 beyond the straight line through ``spot`` whose outward direction is ``turn``, else 0."""
    x = (np.arange(shape[1]) - spot[0]) * (np.cos(turn) * 0.5 / soft) + 0.5
    y = (np.arange(shape[0]) - spot[1]) * (np.sin(turn) * 0.5 / soft)
    side = x.astype(np.float32)[None, :] + y.astype(np.float32)[:, None]
    return side.clip(0.0, 1.0)


def creased(picture: np.ndarray, rng: np.random.Generator, size: float) -> np.ndarray:
    """Return the picture, uint8 (h, w), of a sheet that was folded once to three times, for writing
    ``size`` pixels tall: along each fold it is darker or lighter, and each side has a light of its
    own."""
    light = np.ones(picture.shape, np.float32)
    for _ in range(int(rng.integers(1, 4))):
        spot = rng.uniform(0, picture.shape[1]), rng.uniform(0, picture.shape[0])
        turn = float(rng.choice((0.0, np.pi / 2)) + rng.normal(0, 0.05))
        if rng.random() < _SLANTING:
            turn = float(rng.uniform(0, np.pi))
        width = size * float(np.exp(rng.uniform(*np.log(_FOLDS))))
        fold = beyond(picture.shape, spot, turn, width)
        deep = float(rng.uniform(*_DEEP)) * (-1 if rng.random() < 0.25 else 1)
        light *= 1 - deep * 4 * fold * (1 - fold) - float(rng.normal(0, 0.06)) * fold
    return np.asarray((picture * light).clip(0, 255).astype(np.uint8))


def _camera(picture: np.ndarray, rng: np.random.Generator, style: PaperStyle) -> np.ndarray:
    """Lens, sensor and file: blur, loss of resolution, noise, JPEG. Takes 0-1, gives 0-255."""
    height, width = picture.shape
    if style.blur > 0.25:
        picture = cv2.GaussianBlur(picture, (0, 0), style.blur)
    if style.motion > 1.0:
        picture = moved(picture, int(style.motion) // 2, rng.uniform(0.0, np.pi))
    small = picture
    if style.shrink > 1.05:
        size = (max(1, round(width / style.shrink)), max(1, round(height / style.shrink)))
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    small = small * np.float32(255.0)
    if style.noise:
        small += noise(rng, *small.shape) * np.float32(style.noise)
    gray = cv2.convertScaleAbs(small.clip(0.0, 255.0))
    if style.jpeg:
        _, data = cv2.imencode(".jpg", gray, (cv2.IMWRITE_JPEG_QUALITY, style.jpeg))
        gray = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)
    if small.shape != picture.shape:
        gray = cv2.resize(gray, (width, height), interpolation=cv2.INTER_CUBIC)
    return gray


def moved(picture: np.ndarray, reach: int, turn: float) -> np.ndarray:
    """Return ``picture`` (h, w) blurred along a straight way: ``reach`` pixels to either side, in
    the direction ``turn`` (radians)."""
    dx, dy = round(reach * np.cos(turn)), round(reach * np.sin(turn))
    way = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    cv2.line(way, (reach - dx, reach - dy), (reach + dx, reach + dy), 1.0)
    return cv2.filter2D(picture, -1, way / way.sum())


def _threshold(gray: np.ndarray, rng: np.random.Generator, style: PaperStyle) -> np.ndarray:
    """Black and white at a level between paper and ink, with grains of salt and pepper."""
    paper = float(np.median(gray))
    level = paper * (1.0 - style.pen * float(rng.uniform(0.3, 0.6)))
    black = np.where(gray > level, np.uint8(255), np.uint8(0))
    grains = noise(rng, *gray.shape)
    rare = float(rng.uniform(2.4, 4.0))
    black[grains > rare] = 0
    black[grains < -rare] = 255
    return black
