"""How a hand holds a camera, and what the camera does meanwhile: all as functions of time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_HUNT_SLOT = 4.0  # seconds, in each of which the focus hunts once or not at all
_SWING = 0.6  # Hz: the lens overshoots once before it settles
_PHYSICAL_TREMOR = (5.0, 11.0)  # Hz, of outstretched hands
_TREMOR_TURN = 60.0  # degrees of roll for a tremor as large as the width of the frame


@dataclass(frozen=True)
class Motion:
    """How restless the simulated hand and camera are; zero stops each of them.

    Place: ``fill`` is the share of the frame (0-1) that the picture takes up, in the direction in
    which it fits tightest. ``drift`` and ``tremor`` are the largest excursions of slow swaying and
    of shaking, in widths of the frame; ``drift_seconds`` is about one sway. ``roll`` and ``tilt``
    are the largest angles in degrees, in the plane of the picture and out of it. ``zoom`` is the
    largest relative change of distance.

    Lens: ``defocus`` is the radius of the blur disk in heights of the frame when the film
    begins; it settles with the time constant ``settle`` in seconds. ``hunts`` is how many times a
    minute the focus is lost again, by ``hunt`` heights of the frame for ``hunt_seconds``.

    Sensor: ``exposure`` is the largest relative change of brightness, ``shutter`` the exposure
    time in seconds, over which movement blurs; ``noise`` the standard deviation at medium gray in
    gray levels (0-255), more in the light and less in the dark; ``quality`` that of the JPEG
    files that the camera sends, 1-100.
    """

    fill: float = 0.84
    drift: float = 0.025
    drift_seconds: float = 6.0
    tremor: float = 0.0012
    roll: float = 2.5
    tilt: float = 7.0
    zoom: float = 0.05
    defocus: float = 0.022
    settle: float = 0.3
    hunts: float = 4.0
    hunt: float = 0.01
    hunt_seconds: float = 0.8
    exposure: float = 0.12
    shutter: float = 1 / 60
    noise: float = 2.5
    quality: int = 85


@dataclass(frozen=True)
class Pose:
    """Where the camera is: ``x``, ``y`` in widths of the frame from the middle, ``distance``
    relative to the usual one, and three angles in radians."""

    x: float
    y: float
    distance: float
    pitch: float
    yaw: float
    roll: float


class Hand:
    """One hand with one camera: the same movement for the same ``seed``, at any time asked for."""

    def __init__(self, motion: Motion, seed: int) -> None:
        self.motion = motion
        self._seed = seed
        rng = np.random.default_rng((seed, 1))
        slow = np.array([0.5, 1.8]) / motion.drift_seconds
        self._sway = [_Wave(rng, *slow) for _ in range(6)]
        self._shake = [_Wave(rng, *_PHYSICAL_TREMOR) for _ in range(3)]
        self._light = _Wave(rng, 0.08, 0.4)
        self._first_light = float(rng.choice((-1.0, 1.0)))

    def pose(self, time: float) -> Pose:
        """Return where the camera is at ``time`` in seconds, also before 0."""
        motion = self.motion
        x, y, distance, pitch, yaw, roll = (wave(time) for wave in self._sway)
        shake_x, shake_y, shake_roll = (motion.tremor * wave(time) for wave in self._shake)
        return Pose(
            motion.drift * x + shake_x,
            motion.drift * y + shake_y,
            1.0 + motion.zoom * distance,
            np.deg2rad(motion.tilt) * pitch,
            np.deg2rad(motion.tilt) * yaw,
            np.deg2rad(motion.roll * roll + _TREMOR_TURN * shake_roll),
        )

    def defocus(self, time: float) -> float:
        """Return the radius of the blur disk in heights of the frame, 0 or more."""
        motion = self.motion
        lens = 0.0
        if motion.settle > 0:
            swing = np.exp(-time / motion.settle) * np.cos(2 * np.pi * _SWING * time)
            lens = motion.defocus * swing
        slot = int(time // _HUNT_SLOT)
        begin = self._hunt_begin(slot)
        if begin is not None and begin <= time <= begin + motion.hunt_seconds:
            lens += motion.hunt * np.sin(np.pi * (time - begin) / motion.hunt_seconds) ** 2
        return float(abs(lens))

    def exposure(self, time: float) -> float:
        """Return the factor of the brightness; off by twice as much when the film begins."""
        start = 2 * self._first_light * np.exp(-time / 0.35)
        return float(1.0 + self.motion.exposure * (self._light(time) + start))

    def _hunt_begin(self, slot: int) -> float | None:
        """Return when the focus hunts in a slot of time, or None; never in the first seconds."""
        motion = self.motion
        rng = np.random.default_rng((self._seed, 2, slot))
        chance, place = rng.uniform(size=2)
        if slot == 0 or motion.hunt_seconds <= 0 or chance >= motion.hunts * _HUNT_SLOT / 60:
            return None
        return slot * _HUNT_SLOT + place * max(0.0, _HUNT_SLOT - motion.hunt_seconds)


class _Wave:
    """A smooth irregular function of time within -1 to 1: sines whose periods don't fit."""

    def __init__(self, rng: np.random.Generator, low: float, high: float) -> None:
        count = 4
        steps = (np.arange(count) + rng.uniform(0.2, 0.8, count)) / count
        self._turns = 2 * np.pi * low * (high / low) ** steps
        self._phases = rng.uniform(0, 2 * np.pi, count)
        weights = rng.uniform(0.5, 1.0, count) / np.sqrt(self._turns)
        self._weights = weights / weights.sum()

    def __call__(self, time: float) -> float:
        return float(self._weights @ np.sin(self._turns * time + self._phases))
