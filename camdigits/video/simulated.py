"""A simulated camera: films a still picture as a hand would, to measure and try without a camera.

A pinhole camera looks at the picture on a desk. Frame k depends on the picture, the settings, the
seed and k alone, so that frames can be asked for in any order.
"""

from __future__ import annotations

import cv2
import numpy as np

from camdigits.errors import PictureError, SourceError
from camdigits.video.desk import lay_out
from camdigits.video.motion import Hand, Motion, Pose

# Focal length in widths of the frame: a field of view of 49 degrees, usual for webcams.
_FOCAL = 1.1
# The desk is this much finer than the frame, so that resampling it blurs little, and in the
# frame's direction this much wider than what the camera usually sees.
_FINER, _WIDER = 1.4, 1.3
# Nothing of the picture comes nearer to the edge of the frame than this share of its sides.
_BORDER = 0.008
# Blurs of a larger radius in pixels are computed on a smaller frame, which shows no less.
_LARGEST_KERNEL = 3.0
_NOISE_MARGIN = 64  # by as many pixels the noise is shifted from frame to frame, in each direction
_SMALLEST, _LARGEST = 16, 4096


class SimulatedCamera:
    """Films ``picture``, uint8 BGR (h, w, 3), in frames of ``width`` x ``height`` pixels.

    ``fps`` is the frame rate, ``seconds`` the length of the film (None: without end); ``seed``,
    0 or more, picks the hand and the desk. All of the picture is in view all the time. Raises
    PictureError for something else than a picture, SourceError for settings without meaning.
    """

    def __init__(
        self,
        picture: np.ndarray,
        width: int = 1280,
        height: int = 720,
        fps: float = 30.0,
        seed: int = 0,
        seconds: float | None = None,
        motion: Motion | None = None,
    ) -> None:
        _check(picture, width, height, fps)
        self.width, self.height, self.fps = width, height, fps
        self.frames = None if seconds is None else max(1, round(seconds * fps))
        self.motion = motion or Motion()
        self._seed = seed
        self._hand = Hand(self.motion, seed)
        rows, columns = picture.shape[:2]
        self._corners = np.array([(0, 0), (columns, 0), (columns, rows), (0, rows)], np.float64)
        self._scale = self.motion.fill * min(width / columns, height / rows)
        desk, self._on_desk = lay_out(
            picture,
            self._scale * _FINER,
            round(width * _FINER * _WIDER),
            round(height * _FINER * _WIDER),
            seed,
        )
        self._desks = [desk]
        self._noise = self._sensor_noise()
        levels = np.arange(256, dtype=np.float32)
        # Photons arrive at random: the variance rises with the light (Foi et al. 2008,
        # doi:10.1109/TIP.2008.2001399), over a floor from the electronics.
        self._deviation = self.motion.noise * np.sqrt(0.3 + 0.7 * levels / 128)

    def frame(self, k: int) -> np.ndarray:
        """Return frame ``k`` from 0, uint8 BGR (height, width, 3); takes about 30 ms at 720p."""
        image = self._through_lens(k)
        gain = self._hand.exposure(k / self.fps)
        image = cv2.convertScaleAbs(image, alpha=gain)
        if self.motion.noise > 0:
            image = self._noisy(image, k)
        quality = (cv2.IMWRITE_JPEG_QUALITY, self.motion.quality)
        sent = cv2.imencode(".jpg", image, quality)[1]
        return np.asarray(cv2.imdecode(sent, cv2.IMREAD_COLOR))

    def blur(self, k: int) -> float:
        """Return how far a point of frame ``k`` is spread from its place at most, in pixels:
        the radius of the defocus disk and half of the streak that movement draws."""
        return self._defocus(k) + float(np.hypot(*self._streak(k))) / 2

    def homography(self, k: int) -> np.ndarray:
        """Return where the picture is in frame ``k``: float64 (3, 3) from positions in the
        picture to positions in the frame, counted from the outer corner of the first pixel."""
        return self._homography(k / self.fps)

    def _homography(self, time: float) -> np.ndarray:
        free = self._projection(self._hand.pose(time))
        x, y, columns, rows = _bounds(self._corners, free)
        edge_x, edge_y = _BORDER * self.width, _BORDER * self.height
        room_x, room_y = self.width - 2 * edge_x, self.height - 2 * edge_y
        shrink = min(1.0, room_x / columns, room_y / rows)
        # A person looks at the screen and keeps the sheet in view.
        to_x = min(max(x * shrink, edge_x), edge_x + room_x - columns * shrink)
        to_y = min(max(y * shrink, edge_y), edge_y + room_y - rows * shrink)
        back = np.array(
            [[shrink, 0.0, to_x - x * shrink], [0.0, shrink, to_y - y * shrink], [0.0, 0.0, 1.0]]
        )
        return back @ free

    def _projection(self, pose: Pose) -> np.ndarray:
        """Return the matrix from the picture to the frame of a camera that nobody corrects."""
        turn = cv2.Rodrigues(np.array([0.0, 0.0, pose.roll]))[0]
        turn = cv2.Rodrigues(np.array([pose.pitch, pose.yaw, 0.0]))[0] @ turn
        focal = _FOCAL * self.width
        middle = self._corners[2] / 2
        centered = np.diag([self._scale, self._scale, 1.0])
        centered[:2, 2] = -self._scale * middle
        # On the plane of the picture the third coordinate is 0: the third column is the distance.
        plane = np.column_stack((turn[:, :2], (0.0, 0.0, focal * pose.distance)))
        x = self.width * (0.5 + pose.x)
        y = self.height / 2 + self.width * pose.y
        lens = np.array([[focal, 0.0, x], [0.0, focal, y], [0.0, 0.0, 1.0]])
        return lens @ plane @ centered

    def _through_lens(self, k: int) -> np.ndarray:
        """Return frame ``k`` as it falls on the sensor, smoothed by defocus and movement."""
        radius, streak = self._defocus(k), self._streak(k)
        level = 0
        while self.blur(k) / 2**level > _LARGEST_KERNEL:
            level += 1
        size = (-(-self.width // 2**level), -(-self.height // 2**level))
        smaller = np.diag([0.5**level, 0.5**level, 1.0])
        desk = self._desk(level)
        halved = np.diag([*np.divide(desk.shape[1::-1], self._desks[0].shape[1::-1]), 1.0])
        move = smaller @ self.homography(k) @ np.linalg.inv(halved @ self._on_desk)
        image = cv2.warpPerspective(
            desk,
            _pixel_centers(move),
            size,
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REFLECT_101,
        )
        kernel = _kernel(radius / 2**level, streak / 2**level)
        if kernel.size > 1:
            image = cv2.filter2D(image, -1, kernel, borderType=cv2.BORDER_REFLECT_101)
        if level:
            image = cv2.resize(image, (self.width, self.height), interpolation=cv2.INTER_LINEAR)
        return image

    def _desk(self, level: int) -> np.ndarray:
        """Return the desk, halved ``level`` times."""
        while len(self._desks) <= level:
            last = self._desks[-1]
            half = (max(1, last.shape[1] // 2), max(1, last.shape[0] // 2))
            self._desks.append(cv2.resize(last, half, interpolation=cv2.INTER_AREA))
        return self._desks[level]

    def _defocus(self, k: int) -> float:
        return self.height * self._hand.defocus(k / self.fps)

    def _streak(self, k: int) -> np.ndarray:
        """Return the way in pixels (x, y) of the picture's middle while the shutter is open."""
        half = self.motion.shutter / 2
        middle = self._corners[2] / 2
        before, after = (
            _projected(middle[None], self._homography(k / self.fps + moment))[0]
            for moment in (-half, half)
        )
        return after - before

    def _sensor_noise(self) -> np.ndarray:
        """Return unit noise, float32, larger than a frame; a little smooth, as cameras make it."""
        rng = np.random.default_rng((self._seed, 4))
        size = (self.height + _NOISE_MARGIN, self.width + _NOISE_MARGIN)
        noise = cv2.GaussianBlur(rng.standard_normal(size, np.float32), (0, 0), 0.6)
        return noise / noise.std()

    def _noisy(self, image: np.ndarray, k: int) -> np.ndarray:
        rng = np.random.default_rng((self._seed, 5, k))
        top, left = rng.integers(_NOISE_MARGIN + 1, size=2)
        noise = self._noise[top : top + self.height, left : left + self.width]
        noise = cv2.flip(noise, int(rng.integers(-1, 2)))
        gray = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
        grains = cv2.multiply(cv2.LUT(gray, self._deviation), noise)
        return cv2.add(image, cv2.merge([grains] * 3), dtype=cv2.CV_8U)


def _check(picture: np.ndarray, width: int, height: int, fps: float) -> None:
    if picture.dtype != np.uint8 or picture.shape[2:] != (3,) or not picture.size:
        raise PictureError(
            f"the simulated camera got an array {picture.dtype} {picture.shape}, expected a "
            "picture as uint8 (height, width, 3) in BGR; open files with camdigits.open_image"
        )
    if not all(_SMALLEST <= side <= _LARGEST for side in (width, height)):
        raise SourceError(
            f"the simulated camera got a size of {width} x {height}, expected {_SMALLEST} to "
            f"{_LARGEST} pixels a side; pass another size"
        )
    if not 0.1 <= fps <= 1000:
        raise SourceError(
            f"the simulated camera got {fps} frames a second, expected 0.1 to 1000; pass another"
        )


def _projected(points: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Return points (n, 2) moved by a homography (3, 3)."""
    moved = points @ matrix[:, :2].T + matrix[:, 2]
    result: np.ndarray = moved[:, :2] / moved[:, 2:]
    return result


def _bounds(points: np.ndarray, matrix: np.ndarray) -> tuple[float, float, float, float]:
    """Return x, y, width and height of the box around points moved by a homography."""
    moved = _projected(points, matrix)
    x, y = moved.min(axis=0)
    columns, rows = moved.max(axis=0) - (x, y)
    return float(x), float(y), float(columns), float(rows)


def _pixel_centers(matrix: np.ndarray) -> np.ndarray:
    """Turn a matrix between positions counted from outer corners into one between positions
    counted from the middle of the first pixel, as OpenCV counts."""
    half = np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.5], [0.0, 0.0, 1.0]])
    result: np.ndarray = np.linalg.inv(half) @ matrix @ half
    return result


def _kernel(radius: float, streak: np.ndarray) -> np.ndarray:
    """Return the float32 kernel of a disk of ``radius`` pixels drawn along ``streak`` (x, y)."""
    reach = int(np.ceil(radius + np.abs(streak).max() / 2 - 0.5))
    if reach < 1:
        return np.ones((1, 1), np.float32)
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    steps = np.linspace(-0.5, 0.5, 2 * reach + 3)[:, None, None]
    distance = np.hypot(x - steps * streak[0], y - steps * streak[1])
    kernel = (max(radius, 0.5) + 0.5 - distance).clip(0.0, 1.0).sum(axis=0)
    return (kernel / kernel.sum()).astype(np.float32)
