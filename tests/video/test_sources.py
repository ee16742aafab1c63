"""Sources of frames: what each gives, and one clear line where there is nothing to give."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import cv2
import numpy as np
import pytest
from pictures import draw_number

from camdigits.errors import PictureError, SourceError
from camdigits.video import captures
from camdigits.video.sources import Frame, FrameSource, open_source

CODECS = {".avi": "MJPG", ".mp4": "mp4v"}
LEVELS = (0, 50, 100, 150, 200)
FPS = 25.0


def even(level: int, width: int = 64, height: int = 48) -> np.ndarray:
    return np.full((height, width, 3), level, np.uint8)


def write_video(path: Path) -> Path:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*CODECS[path.suffix]), FPS, (64, 48))
    for level in LEVELS:
        writer.write(even(level))
    writer.release()
    return path


def read_all(source: FrameSource) -> list[Frame]:
    frames = []
    while not source.ended:
        frame = source.read()
        if frame is not None:
            frames.append(frame)
    return frames


@pytest.mark.parametrize("suffix", CODECS)
def test_a_video_file_gives_its_frames_with_their_times(tmp_path: Path, suffix: str) -> None:
    source = open_source(str(write_video(tmp_path / f"film{suffix}")))
    frames = read_all(source)
    assert not source.live
    assert source.fps == FPS
    assert [frame.image.shape for frame in frames] == [(48, 64, 3)] * len(LEVELS)
    assert [frame.image.mean() for frame in frames] == pytest.approx(LEVELS, abs=4)
    assert [frame.time for frame in frames] == pytest.approx([k / FPS for k in range(len(LEVELS))])
    assert source.read() is None
    source.close()


def test_a_video_file_plays_again_from_its_start(tmp_path: Path) -> None:
    source = open_source(str(write_video(tmp_path / "film.avi")))
    first = [frame.time for frame in read_all(source)]
    source.reopen()
    assert [frame.time for frame in read_all(source)] == first
    source.close()
    source.close()


def test_times_rise_where_a_file_tells_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = open_source(str(write_video(tmp_path / "film.avi")))
    monkeypatch.setattr(captures.cv2, "CAP_PROP_POS_MSEC", -1)
    assert [frame.time for frame in read_all(source)] == pytest.approx(
        [k / FPS for k in range(len(LEVELS))]
    )
    source.close()


def test_a_film_cut_off_plays_as_far_as_it_goes(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = write_video(tmp_path / "film.avi")
    content = path.read_bytes()
    path.write_bytes(content[: content.rfind(b"00dc", 0, len(content) - 300)])
    source = open_source(str(path))
    frames = read_all(source)
    assert 2 <= len(frames) < len(LEVELS)
    assert [frame.image.mean() for frame in frames] == pytest.approx(LEVELS[: len(frames)], abs=4)
    assert capfd.readouterr().err == ""


def test_a_folder_is_played_in_natural_order_and_broken_pictures_are_skipped(
    tmp_path: Path,
) -> None:
    for number in (10, 2, 1):
        cv2.imwrite(str(tmp_path / f"p{number}.png"), even(number))
    (tmp_path / "p3.png").write_bytes(b"\x89PNG\r\n\x1a\nno more")
    (tmp_path / "notes.txt").write_text("not a picture")
    source = open_source(str(tmp_path))
    frames = read_all(source)
    assert [int(frame.image[0, 0, 0]) for frame in frames] == [1, 2, 10]
    assert [frame.time for frame in frames] == pytest.approx([0.0, 0.1, 0.3])
    assert len(source.skipped) == 1
    assert "p3.png" in source.skipped[0]
    source.close()
    assert source.ended


def test_the_size_may_change_from_frame_to_frame(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "1.png"), even(9, 64, 48))
    cv2.imwrite(str(tmp_path / "2.png"), even(9, 32, 80))
    shapes = [frame.image.shape for frame in read_all(open_source(str(tmp_path)))]
    assert shapes == [(48, 64, 3), (80, 32, 3)]


def test_a_folder_of_broken_pictures_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"nothing")
    source = open_source(str(tmp_path))
    with pytest.raises(SourceError, match=r"none of its 1 pictures can be opened.*a\.png"):
        source.read()
    assert source.ended


def test_a_simulation_films_a_picture_at_the_size_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "page.png"
    cv2.imwrite(str(path), draw_number("2741"))
    source, again, other = (open_source(f"sim:{path}", 160, 120, seed=seed) for seed in (3, 3, 4))
    frames = [source.read() for _ in range(3)]
    assert all(frame is not None and frame.image.shape == (120, 160, 3) for frame in frames)
    assert [frame.time for frame in frames if frame] == pytest.approx([0, 1 / 30, 2 / 30])
    assert not source.live
    assert not source.ended
    first, same, different = frames[0], again.read(), other.read()
    assert first is not None and same is not None and different is not None  # noqa: PT018
    assert np.array_equal(first.image, same.image)
    assert not np.array_equal(first.image, different.image)
    source.reopen()
    begun = source.read()
    assert begun is not None
    assert np.array_equal(begun.image, first.image)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("none.mp4", None, "there is no such source of video; give the number of a camera"),
        ("words.mp4", b"hello " * 99, "not a video that can be decoded"),
        ("empty.avi", b"", "not a video that can be decoded"),
        ("page.png", b"anything", "this is a picture, not a video"),
    ],
)
def test_what_is_no_video_is_named_in_one_line(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    name: str,
    content: bytes | None,
    message: str,
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SourceError, match=message) as caught:
        open_source(str(path))
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "OpenCV" not in capfd.readouterr().err


def test_a_film_without_frames_says_so_when_it_is_read(tmp_path: Path) -> None:
    path = write_video(tmp_path / "film.avi")
    source = open_source(str(path))
    while source._capture.read()[0]:
        pass
    with pytest.raises(SourceError, match="not a video that can be decoded"):
        source.read()
    assert source.ended


@pytest.mark.parametrize("text", ["63", 63, "/dev/video63"])
def test_a_missing_camera_is_one_line_and_no_noise(
    capfd: pytest.CaptureFixture[str], text: str | int
) -> None:
    with pytest.raises(SourceError, match=r"^camera 63: cannot be opened; .*--camera$"):
        open_source(text)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("text", ["-1", "700", 100])
def test_an_index_that_no_camera_has_is_refused(text: str | int) -> None:
    with pytest.raises(SourceError, match="counted from 0 to 99"):
        open_source(text)


def test_folders_and_pictures_keep_their_own_errors(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="no picture is in this folder"):
        open_source(str(tmp_path))
    with pytest.raises(PictureError, match="there is no such file"):
        open_source(f"sim:{tmp_path / 'none.png'}")


class FakeDriver:
    """Stands in for cv2.VideoCapture: two frames of different size, then nothing."""

    plugged = True

    def __init__(self, *_: object) -> None:
        self.images = [even(1), even(2, 32, 24)]
        self.settings: dict[int, float] = {}

    def isOpened(self) -> bool:  # noqa: N802 - OpenCV's name
        return self.plugged

    def getBackendName(self) -> str:  # noqa: N802 - OpenCV's name
        return "V4L2"

    def get(self, _: int) -> float:
        return 0.0

    def set(self, what: int, value: float) -> None:
        self.settings[what] = value

    def read(self) -> tuple[bool, np.ndarray | None]:
        return (True, self.images.pop(0)) if self.images else (False, None)

    def release(self) -> None:
        self.images = []


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> type[FakeDriver]:
    monkeypatch.setattr(captures.cv2, "VideoCapture", FakeDriver)
    monkeypatch.setattr(FakeDriver, "plugged", True)
    return FakeDriver


def test_a_camera_is_asked_for_a_size_and_may_change_it(driver: type[FakeDriver]) -> None:
    camera = open_source(0, 1920, 1080)
    assert camera.live
    assert camera.fps == 30.0
    assert camera._capture.settings[cv2.CAP_PROP_FRAME_WIDTH] == 1920
    assert camera._capture.settings[cv2.CAP_PROP_FRAME_HEIGHT] == 1080
    first, second = camera.read(), camera.read()
    assert first is not None and second is not None  # noqa: PT018
    assert (first.image.shape, second.image.shape) == ((48, 64, 3), (24, 32, 3))
    assert first.time <= second.time


def test_a_camera_has_patience_then_is_gone_then_comes_back(
    driver: type[FakeDriver], monkeypatch: pytest.MonkeyPatch
) -> None:
    camera = open_source("0")
    camera.read()
    camera.read()
    assert camera.read() is None
    monkeypatch.setattr(captures, "_PATIENCE", 0.0)
    with pytest.raises(SourceError, match="camera 0: gives no more pictures; check that it is"):
        camera.read()
    driver.plugged = False
    with pytest.raises(SourceError, match="camera 0: cannot be opened"):
        camera.reopen()
    driver.plugged = True
    camera.reopen()
    assert camera.read() is not None


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The address of a server that sends JPEGs as a network camera does, and then hangs up."""
    pictures = [cv2.imencode(".jpg", even(level))[1].tobytes() for level in LEVELS]
    parts = [
        f"--next\r\nContent-Type: image/jpeg\r\nContent-Length: {len(data)}\r\n\r\n".encode()
        + data
        + b"\r\n"
        for data in pictures
    ]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=next")
            self.end_headers()
            self.wfile.write(b"".join(parts))

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/camera.mjpeg"
        server.shutdown()
        thread.join()


def test_an_address_is_a_live_source(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(captures, "_PATIENCE", 0.0)
    source = open_source(address)
    frames = [source.read() for _ in LEVELS]
    assert source.live
    assert [frame.image.mean() for frame in frames if frame] == pytest.approx(LEVELS, abs=4)
    with pytest.raises(SourceError, match="gives no more pictures; check the address"):
        source.read()
    source.close()


def test_an_address_without_video_is_named_without_its_password(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SourceError, match=r"^rtsp://127\.0\.0\.1:9/door: no video") as caught:
        open_source("rtsp://user:pass/word@127.0.0.1:9/door?token=secret")
    assert not {"user", "word", "secret"} & set(str(caught.value).replace("/", " ").split())
    assert capfd.readouterr().err == ""
