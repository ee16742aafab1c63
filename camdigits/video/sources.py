"""Where frames come from: one name for a camera, a film, a folder, an address, a simulation."""

from __future__ import annotations

import os
import re

from camdigits.errors import PictureError, SourceError
from camdigits.preprocess.files import open_image, printable, seems_picture
from camdigits.preprocess.folders import pictures_in
from camdigits.video.captures import Camera, Stream, VideoFile
from camdigits.video.frames import Frame, FrameSource
from camdigits.video.simulated import SimulatedCamera

__all__ = ["Frame", "FrameSource", "open_source"]

SIMULATED = "sim:"
_FOLDER_FPS = 10.0
_ADDRESS = re.compile(r"(rtsps?|rtmps?|https?|srt|udp|tcp|rtp)://", re.IGNORECASE)
_EXPECTED = (
    "give the number of a camera (0), a video file, a folder of pictures, "
    "an address (rtsp:// or http://) or sim:PICTURE"
)


def open_source(
    text: str | int, width: int | None = None, height: int | None = None, *, seed: int = 0
) -> FrameSource:
    """Return the source that ``text`` names, opened.

    ``text`` is the index of a camera from 0 (``"0"`` or ``/dev/video0``), the path of a video
    file or of a folder of pictures (played at 10 a second, in natural order), an ``rtsp://`` or
    ``http://`` address, or ``sim:PICTURE``: a hand-held camera that films the picture without
    end, the same film for the same ``seed``. ``width`` and ``height`` in pixels are what a
    camera is asked for and what a simulation has, 1280 x 720 by default; other sources keep
    their own size. Raises SourceError where no frames can come from there, and PictureError for
    a folder without pictures and a simulation's picture that cannot be opened.
    """
    text = str(text)
    index = re.fullmatch(r"(?:/dev/video)?(-?[0-9]{1,9})", text)
    if index:
        return Camera(int(index[1]), width, height)
    if text.startswith(SIMULATED):
        picture = open_image(text.removeprefix(SIMULATED))
        return Simulation(SimulatedCamera(picture, width or 1280, height or 720, seed=seed), text)
    if _ADDRESS.match(text):
        return Stream(text)
    if os.path.isdir(text):
        return Folder(text)
    if not os.path.isfile(text):
        raise SourceError(f"{printable(text)}: there is no such source of video; {_EXPECTED}")
    if seems_picture(text):
        raise SourceError(
            f"{printable(text)}: this is a picture, not a video; film it with {SIMULATED}PICTURE, "
            "or give its folder"
        )
    return VideoFile(text)


class Folder(FrameSource):
    """The pictures of a folder as a film; those that are broken are skipped."""

    fps = _FOLDER_FPS

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.name = printable(folder)
        self._paths = pictures_in(folder)
        self._next = 0

    @property
    def ended(self) -> bool:
        return self._next >= len(self._paths)

    def read(self) -> Frame | None:
        while not self.ended:
            path, time = self._paths[self._next], self._next / self.fps
            self._next += 1
            try:
                return Frame(open_image(path), time)
            except PictureError as error:
                self.skipped.append(str(error))
        if len(self.skipped) == len(self._paths):
            raise SourceError(
                f"{self.name}: none of its {len(self._paths)} pictures can be opened, "
                f"the last since {self.skipped[-1]}"
            )
        return None

    def reopen(self) -> None:
        self._next = 0
        self.skipped.clear()

    def close(self) -> None:
        self._next = len(self._paths)


class Simulation(FrameSource):
    """What a simulated camera films, from its first frame on."""

    def __init__(self, camera: SimulatedCamera, name: str) -> None:
        super().__init__()
        self.name = printable(name)
        self.fps = camera.fps
        self._camera = camera
        self._next = 0

    @property
    def ended(self) -> bool:
        return self._camera.frames is not None and self._next >= self._camera.frames

    def read(self) -> Frame | None:
        if self.ended:
            return None
        frame = Frame(self._camera.frame(self._next), self._next / self.fps)
        self._next += 1
        return frame

    def reopen(self) -> None:
        self._next = 0

    def close(self) -> None:
        """Nothing is held."""
