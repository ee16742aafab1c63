"""Films of a simulated camera as files, such as a browser takes for its camera."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import cv2

from camdigits.errors import SourceError
from camdigits.preprocess.files import printable
from camdigits.video.simulated import SimulatedCamera

_MJPEG_QUALITY = 95  # the frames have been through the camera's own JPEG already


def write_film(camera: SimulatedCamera, path: str | Path, seconds: float) -> None:
    """Write the first ``seconds`` of a camera's film, uncompressed (.y4m) or as JPEGs (.mjpeg).

    A y4m file takes 1.4 MB a frame at 1280 x 720 and needs sides that are even; an mjpeg file
    keeps no frame rate. Raises SourceError for another suffix, an odd side or a file that cannot
    be written.
    """
    path = Path(path)
    kinds = {".y4m": _y4m, ".mjpeg": _mjpeg, ".mjpg": _mjpeg}
    if path.suffix.lower() not in kinds:
        raise SourceError(
            f"{printable(str(path))}: films are written as .y4m or .mjpeg; change the suffix"
        )
    count = max(1, round(seconds * camera.fps))
    parts = kinds[path.suffix.lower()](camera, count)
    first = next(parts)
    try:
        with path.open("wb") as file:
            file.write(first)
            file.writelines(parts)
    except OSError as error:
        raise SourceError(
            f"{printable(str(path))}: cannot be written ({error.strerror}); "
            "give a place where files may be"
        ) from error


def _y4m(camera: SimulatedCamera, count: int) -> Iterator[bytes]:
    """Yield a YUV4MPEG2 file (wiki.multimedia.cx/index.php/YUV4MPEG2): a header, then planes."""
    if camera.width % 2 or camera.height % 2:
        raise SourceError(
            f"y4m films have even sides, got {camera.width} x {camera.height}; "
            "change the size or write .mjpeg"
        )
    rate = Fraction(camera.fps).limit_denominator(1001)
    header = f"W{camera.width} H{camera.height} F{rate.numerator}:{rate.denominator}"
    yield f"YUV4MPEG2 {header} Ip A1:1 C420jpeg\n".encode("ascii")
    for k in range(count):
        yield b"FRAME\n" + cv2.cvtColor(camera.frame(k), cv2.COLOR_BGR2YUV_I420).tobytes()


def _mjpeg(camera: SimulatedCamera, count: int) -> Iterator[bytes]:
    quality = (cv2.IMWRITE_JPEG_QUALITY, _MJPEG_QUALITY)
    for k in range(count):
        yield cv2.imencode(".jpg", camera.frame(k), quality)[1].tobytes()
