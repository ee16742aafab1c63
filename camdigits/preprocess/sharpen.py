"""Blurred pictures made sharp: what blurred them is learned from the writing itself.

Ink has hard edges. A first guess of the blur, undone, shows where they are; the ink with its edges
hardened tells what the blur must have been to make the picture of it, and that, undone, shows them
better (Cho and Lee 2009, doi:10.1145/1618452.1618491). So the ways of hands, which are neither
straight nor even, are found as well as lenses out of focus.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import cv2
import numpy as np

from camdigits.preprocess.blur import SHORTEST, Blur, around
from camdigits.preprocess.lighting import darkness, look_at

ROUNDS = 4  # of learning
# What is not seen of a picture, and not told of a blur by the edges: noise, as shares of their
# strength (of the mean one).
UNSEEN, UNTOLD = 0.005, 0.02
# Share of a blur's strongest pixel from which others count, and the deviation (pixels) that
# smooths it.
LEAST, SMOOTH = 0.08, 0.4
BORDER = 2  # kernels beside a picture, in which its ends meet
# How far a kernel reaches: in lengths of a movement, in deviations, and pixels more.
OF_LENGTH, OF_DEVIATION, MORE = 0.75, 3.2, 4
# Of the sharpest edges, by which a blur is told: how much softer all are, and how many of their
# deviations the length of a movement is.
SOFTER, LENGTH = 1.2, 3.0
# Shares of ink's level between which it has its edge; the least level, of the darkest.
EDGE, PALEST = (0.35, 0.65), 0.35


def sharpened(gray: np.ndarray, ink: np.ndarray, blur: Blur) -> np.ndarray:
    """Return ``gray``, uint8 (h, w), about as sharp as pictures in focus are, from where its
    dark ``ink`` is, uint8 (h, w), 255 there, and from how it seems blurred."""
    kernels = guesses(blur)
    part = around(ink, len(kernels[0]))
    lit = darkness(gray[part], look_at(gray[part])).astype(np.float32)
    kernel = min((_learned(lit, guess) for guess in kernels), key=lambda one: one.unlike).kernel
    wide = _endless(gray.astype(np.float32), kernel)
    sharp = _undone(np.fft.rfft2(wide), wide.shape, kernel)
    rows, columns = (slice(BORDER * len(kernel), BORDER * len(kernel) + n) for n in gray.shape)
    return np.asarray(np.rint(np.clip(sharp[rows, columns], 0, 255)), np.uint8)


def guesses(blur: Blur) -> list[np.ndarray]:
    """Return what a ``blur`` may make of a point, float32 (k, k) pictures whose sum is 1.

    How long a movement is, edges tell too short where strokes are narrower than that, and
    ``blur.length`` tells too long where they are wider.
    """
    if not blur.length:
        along, across = (SOFTER * max(side, 0.3) for side in (blur.along, blur.across))
        u, v = _ways(OF_DEVIATION * along, blur.degrees)
        return [_whole(np.exp(-0.5 * ((u / along) ** 2 + (v / across) ** 2)))]
    lengths = {blur.length, max(round(LENGTH * blur.along), SHORTEST)}
    u, v = _ways(OF_LENGTH * max(lengths), blur.degrees)
    line = np.clip(1 - np.abs(v), 0, 1)
    return [_whole(line * np.clip((length + 1) / 2 - np.abs(u), 0, 1)) for length in lengths]


def _ways(reach: float, degrees: float) -> tuple[np.ndarray, np.ndarray]:
    """Return how far each pixel of a kernel with such a ``reach`` lies from its middle, along a way
    in ``degrees`` and across it."""
    whole = math.ceil(reach) + MORE
    y, x = np.mgrid[-whole : whole + 1, -whole : whole + 1]
    way = math.radians(degrees)
    return x * math.cos(way) + y * math.sin(way), y * math.cos(way) - x * math.sin(way)


def _whole(kernel: np.ndarray) -> np.ndarray:
    return np.asarray(kernel / kernel.sum(), np.float32)


class _Learned(NamedTuple):
    """A ``kernel``, float32 (k, k), and how ``unlike`` ink with hard edges is what it leaves, as a
    share of that."""

    kernel: np.ndarray
    unlike: float


def _learned(dark: np.ndarray, guess: np.ndarray) -> _Learned:
    """Return what blurred ``dark``, the darkness of ink, float32 (h, w), by a first ``guess``."""
    seen, kernel, side = _endless(dark, guess), guess, 2 * len(guess)
    spectrum, steps = np.fft.rfft2(seen), _steps(seen)
    left = _undone(spectrum, seen.shape, kernel)
    for _ in range(ROUNDS):
        kernel = _better(_hard(left, side), steps, kernel)
        left = _undone(spectrum, seen.shape, kernel)
    hard = _hard(left, side)
    return _Learned(kernel, float(cv2.norm(left, hard) / max(cv2.norm(hard), 1.0)))


def _steps(picture: np.ndarray) -> list[np.ndarray]:
    """Return the spectra of the steps of ``picture``, float32 (h, w), down and across."""
    return [np.fft.rfft2(np.gradient(picture, axis=axis)) for axis in (0, 1)]


def _better(hard: np.ndarray, seen: list[np.ndarray], kernel: np.ndarray) -> np.ndarray:
    """Return the kernel that makes what is ``seen``, by its steps, of ``hard``, float32 (h, w),
    what ``kernel``, float32 (k, k), leaves of it, with hard edges: by least squares."""
    shape = seen[0].shape
    alike, strength = np.zeros(shape, np.complex64), np.zeros(shape, np.float32)
    for step, made in zip(_steps(hard), seen, strict=True):
        alike += np.conj(step) * made
        strength += np.square(np.abs(step))
    if not strength.any():
        return kernel
    told = np.fft.irfft2(alike / (strength + UNTOLD * strength.mean()), s=hard.shape)
    reach = len(kernel) // 2
    told = np.roll(told, (reach, reach), (0, 1))[: len(kernel), : len(kernel)]
    told = np.where(told > LEAST * told.max(), told, 0).astype(np.float32)
    return _whole(cv2.GaussianBlur(told, (0, 0), SMOOTH)) if told.any() else kernel


def _hard(dark: np.ndarray, side: int) -> np.ndarray:
    """Return the ink in ``dark``, float32 (h, w), with hard edges, as dark as the darkest within
    windows of ``side`` pixels."""
    level = cv2.dilate(cv2.blur(dark, (3, 3)), np.ones((side, side), np.uint8))
    level = cv2.blur(level, (side, side))
    level = np.maximum(level, max(PALEST * float(np.percentile(level, 99)), 1.0))
    share = np.clip((dark / level - EDGE[0]) / (EDGE[1] - EDGE[0]), 0, 1)
    return np.asarray(level * share * share * (3 - 2 * share), np.float32)


def _endless(picture: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Return ``picture``, float32 (h, w), with a border of ``BORDER`` kernels, in which its ends
    meet in a blur: to a spectrum a picture goes on at its other end."""
    border = BORDER * len(kernel)
    rows, columns = (cv2.getOptimalDFTSize(side + 2 * border) for side in picture.shape)
    below, right = rows - picture.shape[0] - border, columns - picture.shape[1] - border
    wide = cv2.copyMakeBorder(picture, border, below, border, right, cv2.BORDER_REPLICATE)
    meeting = np.fft.irfft2(np.fft.rfft2(wide) * _spectrum(kernel, wide.shape), s=wide.shape)
    inner = np.outer(_rising(rows, border), _rising(columns, border))
    return np.asarray(meeting + inner * (wide - meeting), np.float32)


def _rising(count: int, over: int) -> np.ndarray:
    """Return weights, float32 (count,), that rise from 0 at either end to 1 over so many."""
    place = np.arange(count, dtype=np.float32)
    return np.minimum(np.minimum(place, place[::-1]) / over, 1)


def _spectrum(kernel: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Return what a ``kernel``, float32 (k, k), does to the spectrum of a picture of ``shape``."""
    wide = np.zeros(shape, np.float32)
    wide[: len(kernel), : len(kernel)] = kernel
    reach = len(kernel) // 2
    return np.fft.rfft2(np.roll(wide, (-reach, -reach), (0, 1)))


def _undone(seen: np.ndarray, shape: tuple[int, ...], kernel: np.ndarray) -> np.ndarray:
    """Return what a ``kernel``, float32 (k, k), made the picture of ``shape`` of, float32, whose
    spectrum is ``seen``, by Wiener's filter (1949)."""
    spectrum = _spectrum(kernel, shape)
    filtered = seen * np.conj(spectrum)
    filtered *= (1 + UNSEEN) / (np.square(np.abs(spectrum)) + UNSEEN)
    return np.asarray(np.fft.irfft2(filtered, s=shape), np.float32)
