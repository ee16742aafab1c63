"""The simulated camera: repeatable, all of the picture in view, blurred as it says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from camdigits.errors import PictureError, SourceError
from camdigits.video.films import write_film
from camdigits.video.motion import Hand, Motion
from camdigits.video.simulated import SimulatedCamera
from camdigits.video.sources import Simulation

COLORS = ((0, 0, 255), (0, 200, 0), (255, 0, 0), (200, 0, 200))
STILL = Motion(
    drift=0, tremor=0, roll=0, tilt=0, zoom=0, defocus=0, hunts=0, exposure=0, noise=0, quality=100
)
WILD = Motion(drift=0.4, tremor=0.02, roll=20, tilt=25, zoom=0.3)


def marked(width: int = 320, height: int = 240, side: int = 20) -> np.ndarray:
    """White paper with a colored square near each corner, clockwise from the left top."""
    picture = np.full((height, width, 3), 235, np.uint8)
    for color, (x, y) in zip(COLORS, middles(width, height), strict=True):
        cv2.rectangle(picture, (x - side // 2, y - side // 2, side, side), color, cv2.FILLED)
    return picture


def middles(width: int, height: int) -> list[tuple[int, int]]:
    right, bottom = width - 32, height - 32
    return [(32, 32), (right, 32), (right, bottom), (32, bottom)]


def color_places(frame: np.ndarray) -> list[np.ndarray]:
    """Middle (x, y) of each mark as it is seen; fails for one that isn't."""
    places = []
    for color in COLORS:
        tint = frame - frame.mean(axis=2, keepdims=True)
        near = np.abs(tint - color + np.mean(color)).max(axis=2) < 80
        _, _, statistics, centers = cv2.connectedComponentsWithStats(near.astype(np.uint8))
        largest = 1 + np.argmax(statistics[1:, cv2.CC_STAT_AREA])
        assert statistics[largest, cv2.CC_STAT_AREA] > 20
        places.append(centers[largest] + 0.5)
    return places


def test_a_frame_depends_on_its_number_and_the_seed_alone() -> None:
    one, two = (SimulatedCamera(marked(), 160, 120, seed=5) for _ in range(2))
    forward = [one.frame(k) for k in (0, 3, 50)]
    backward = [two.frame(k) for k in (50, 3, 0)][::-1]
    assert all(map(np.array_equal, forward, backward))
    other = SimulatedCamera(marked(), 160, 120, seed=6)
    assert not np.array_equal(other.frame(3), forward[1])
    assert not np.array_equal(one.frame(4), forward[1])


@pytest.mark.parametrize(("width", "height"), [(320, 240), (240, 320), (500, 90)])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_whole_picture_is_in_view_where_the_homography_says(
    width: int, height: int, seed: int
) -> None:
    camera = SimulatedCamera(marked(width, height), 320, 180, seed=seed)
    marks = np.array([middles(width, height)], np.float64)
    for k in range(0, 300, 25):
        seen = color_places(camera.frame(k))
        told = cv2.perspectiveTransform(marks, camera.homography(k))[0]
        assert np.abs(np.array(seen) - told).max() < 2.5


@pytest.mark.parametrize("motion", [Motion(), WILD])
def test_no_corner_ever_leaves_the_frame(motion: Motion) -> None:
    camera = SimulatedCamera(marked(), 320, 180, seed=1, motion=motion)
    ends = np.array([[(0, 0), (320, 0), (320, 240), (0, 240)]], np.float64)
    for k in range(600):
        x, y = cv2.perspectiveTransform(ends, camera.homography(k))[0].T
        assert 0 <= x.min() <= x.max() <= 320
        assert 0 <= y.min() <= y.max() <= 180


def test_nothing_around_the_picture_is_black() -> None:
    camera = SimulatedCamera(marked(), 160, 120, seed=2, motion=replace(WILD, exposure=0))
    assert all(camera.frame(k).max(axis=2).min() > 20 for k in range(0, 200, 20))


def test_a_still_camera_shows_the_picture_itself() -> None:
    picture = cv2.GaussianBlur(marked(400, 300), (0, 0), 3)
    camera = SimulatedCamera(picture, 400, 300, motion=replace(STILL, fill=0.9))
    frame = camera.frame(10)
    assert np.array_equal(frame, camera.frame(200))
    assert camera.blur(10) == 0
    back = cv2.resize(frame[15:285, 20:380], (400, 300), interpolation=cv2.INTER_CUBIC)
    assert np.abs(back.astype(int) - picture).mean() < 2


@pytest.mark.parametrize(("width", "height"), [(1, 1), (3000, 2), (2, 900)])
def test_odd_pictures_are_filmed_too(width: int, height: int) -> None:
    picture = np.full((height, width, 3), 120, np.uint8)
    assert SimulatedCamera(picture, 160, 121).frame(0).shape == (121, 160, 3)


def test_the_film_begins_blurred_and_becomes_sharp() -> None:
    camera = SimulatedCamera(marked(), 640, 360, seed=0)
    blurs = [camera.blur(k) for k in range(60)]
    assert blurs[0] > 6
    assert min(blurs) == min(blurs[10:]) < 1
    steep = [cv2.Laplacian(camera.frame(k), cv2.CV_32F).std() for k in (0, int(np.argmin(blurs)))]
    assert steep[1] > 1.5 * steep[0]


def test_the_focus_is_lost_again_now_and_then() -> None:
    hand = Hand(Motion(hunts=15.0), seed=0)
    lens = np.array([hand.defocus(k / 30) for k in range(900)])
    away = lens[60:] > Motion().hunt / 2
    begins = np.count_nonzero(away[1:] & ~away[:-1])
    assert 5 <= begins <= 8
    assert lens.min() >= 0
    quiet = Hand(replace(STILL, hunts=0), seed=0)
    assert all(quiet.defocus(k / 30) == 0 for k in range(300))


def test_noise_grows_with_the_light() -> None:
    picture = np.full((120, 160, 3), 40, np.uint8)
    picture[:, 80:] = 220
    motion = replace(STILL, noise=4.0)
    frame = SimulatedCamera(picture, 320, 240, motion=motion).frame(0)
    dark, bright = frame[60:180, 60:130], frame[60:180, 190:260]
    assert 1.5 < dark.std() < bright.std() < 8


def test_movement_blurs_along_its_own_direction() -> None:
    motion = replace(STILL, drift=0.2, drift_seconds=1.0, shutter=0.2, fill=0.3)
    camera = SimulatedCamera(marked(96, 96), 320, 240, motion=motion)
    assert max(camera.blur(k) for k in range(30)) > 2


def test_a_film_may_have_an_end() -> None:
    source = Simulation(SimulatedCamera(marked(), 64, 48, fps=10, seconds=0.3), "a film")
    times = []
    while not source.ended:
        frame = source.read()
        assert frame is not None
        times.append(frame.time)
    assert times == pytest.approx([0.0, 0.1, 0.2])
    assert source.read() is None


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"picture": np.zeros((9, 9), np.uint8)}, PictureError, r"uint8 \(9, 9\), expected a pic"),
        ({"picture": np.zeros((0, 9, 3), np.uint8)}, PictureError, r"uint8 \(0, 9, 3\), expected"),
        ({"width": 8}, SourceError, "size of 8 x 120, expected 16 to 4096"),
        ({"fps": 0.0}, SourceError, "0.0 frames a second, expected"),
    ],
)
def test_settings_without_meaning_are_refused(
    arguments: dict, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        SimulatedCamera(**{"picture": marked(), "width": 160, "height": 120} | arguments)


@pytest.mark.parametrize("suffix", [".y4m", ".mjpeg", ".MJPG"])
def test_a_film_written_is_read_again(tmp_path: Path, suffix: str) -> None:
    camera = SimulatedCamera(marked(), 160, 120, fps=15, seed=4)
    path = tmp_path / f"film{suffix}"
    write_film(camera, path, 0.4)
    capture = cv2.VideoCapture(str(path))
    if suffix == ".y4m":
        assert capture.get(cv2.CAP_PROP_FPS) == 15
    for k in range(6):
        there, image = capture.read()
        assert there
        assert np.abs(image.astype(int) - camera.frame(k)).mean() < 4
    assert not capture.read()[0]
    capture.release()


@pytest.mark.parametrize(
    ("name", "width", "message"),
    [
        ("film.mp4", 64, r"film\.mp4: films are written as \.y4m or \.mjpeg"),
        ("film.y4m", 65, "even sides, got 65 x 48"),
        ("none/film.y4m", 64, r"film\.y4m: cannot be written \(No such file"),
    ],
)
def test_a_film_that_cannot_be_written_says_why(
    tmp_path: Path, name: str, width: int, message: str
) -> None:
    with pytest.raises(SourceError, match=message):
        write_film(SimulatedCamera(marked(), width, 48), tmp_path / name, 0.1)
    assert not (tmp_path / name).exists()
