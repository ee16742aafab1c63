"""Picture files to pixels, safely: size is checked before decoding, content decides the format.

Whatever the file holds, the outcome is the picture as a viewer shows it or a PictureError of one
line that names the file and says what to do.
"""

from __future__ import annotations

import importlib.util
import io
import os
import threading
import warnings
from pathlib import Path
from typing import BinaryIO

import cv2
import numpy as np
from PIL import ExifTags, Image, UnidentifiedImageError

from camdigits.errors import PictureError
from camdigits.preprocess.documents import Pages, pdf_pages

MAX_PIXELS = 100_000_000
MAX_BYTES = 300_000_000

_FORMATS = ("JPEG", "PNG", "TIFF", "BMP", "GIF", "WEBP", "PPM")
_EXPECTED = "JPEG, PNG, TIFF, BMP, GIF, WebP, PPM, HEIC or PDF"
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_SUFFIXES = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".apng", ".tif", ".tiff", ".bmp", ".dib"),
    *(".gif", ".webp", ".pbm", ".pgm", ".ppm", ".pnm", ".heic", ".heif", ".hif", ".pdf"),
)
_SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*", b"GIF8", b"%PDF-")
_PDF_SEARCH = 1024  # bytes within which a PDF's header may start

_DEEP_MODES = ("I;16", "I;16L", "I;16B", "I;16N", "I", "F")
# Scanners and cameras put 10, 12 and 14 bits into 16-bit files.
_WHITE_LEVELS = (2**8 - 1, 2**10 - 1, 2**12 - 1, 2**14 - 1, 2**16 - 1, 2**24 - 1, 2**31 - 1)

# Pillow warns of large pictures and odd metadata; the filters that silence it are the process's.
_pillow_lock = threading.Lock()

Source = str | os.PathLike[str] | bytes | BinaryIO


def open_image(source: Source, name: str | None = None) -> np.ndarray:
    """Return a picture as a viewer shows it: uint8 BGR (height, width, 3), EXIF turn applied.

    ``source`` is a path, a file's bytes or an open binary file; ``name`` is what messages call
    it, by default its path. Of animations and multi-page pictures the first frame is taken,
    transparency is laid on white, and deep gray levels are scaled to 8 bits. Files over 300 MB
    and pictures over 100 million pixels are refused before they are decoded. Decoding takes
    place in one thread at a time. Raises PictureError for all that is not a whole picture.
    """
    data, name = _contents(source, name)
    if _is_pdf(data):
        raise PictureError(f"{name}: a PDF document holds pages; open it with open_pages")
    return _decode(data, name)


def open_pages(source: Source, name: str | None = None) -> Pages:
    """Return the pages of a PDF document, or the one picture of any other file.

    Arguments, pictures and errors are those of :func:`open_image`; PDF pages are rendered one
    by one, at 200 dots an inch and at most 3500 pixels a side.
    """
    data, name = _contents(source, name)
    if _is_pdf(data):
        return pdf_pages(data, name, MAX_PIXELS)
    picture = _decode(data, name)
    return Pages(1, lambda _: picture)


def seems_picture(path: str | os.PathLike[str]) -> bool:
    """Say whether a file of a folder is meant to be a picture, by its suffix or first bytes."""
    if Path(path).suffix.lower() in _SUFFIXES:
        return True
    try:
        with open(path, "rb") as file:
            head = file.read(16)
    except OSError:
        return False
    return head.startswith(_SIGNATURES) or _is_heif(head) or _is_webp(head)


def printable(name: str) -> str:
    """Return a file name fit for one line of any terminal: odd characters are written as \\x.."""
    if not name:
        return "''"
    return name if name.isprintable() else repr(name)[1:-1]


def _contents(source: Source, name: str | None) -> tuple[bytes, str]:
    """Return a source's bytes, bounded in number, and its name for messages."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        name = printable(name or "the picture")
        data = bytes(source)
    elif isinstance(source, (str, os.PathLike)):
        name = printable(name or os.fspath(source))
        data = _read_path(source, name)
    else:
        name = printable(name or str(getattr(source, "name", "the picture")))
        data = _read_stream(source, name)
    if not data:
        raise PictureError(f"{name}: the file is empty; save or copy it again")
    if len(data) > MAX_BYTES:
        raise PictureError(
            f"{name}: the file is over the limit of {MAX_BYTES // 1_000_000} MB; "
            "save it smaller or compressed"
        )
    return data, name


def _read_path(path: str | os.PathLike[str], name: str) -> bytes:
    if os.path.isdir(path):
        raise PictureError(f"{name}: this is a folder; give the pictures in it")
    try:
        with open(path, "rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise PictureError(f"{name}: there is no such file; check the path") from error
    except PermissionError as error:
        raise PictureError(
            f"{name}: the file may not be read; change its permissions or copy it"
        ) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise PictureError(f"{name}: cannot be read ({reason}); check the path") from error


def _read_stream(stream: BinaryIO, name: str) -> bytes:
    try:
        data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise PictureError(f"{name}: cannot be read ({error}); open it again") from error
    if not isinstance(data, bytes):
        raise PictureError(f"{name}: gives text, not bytes; open it in binary mode ('rb')")
    return data


def _is_pdf(data: bytes) -> bool:
    head = data[:_PDF_SEARCH]
    return head.startswith(b"%PDF-") or (b"%PDF-" in head and not head.startswith(_SIGNATURES))


def _is_heif(data: bytes) -> bool:
    return data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS


def _is_webp(data: bytes) -> bool:
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def _decode(data: bytes, name: str) -> np.ndarray:
    formats = (*_FORMATS, *_heif_format(name)) if _is_heif(data) else _FORMATS
    with _pillow_lock, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(data), formats=formats) as picture:
                _check_size(picture.size, name)
                picture.load()
                return _turned(_to_bgr(picture), _orientation(picture))
        except PictureError:
            raise
        except MemoryError as error:
            raise PictureError(
                f"{name}: there is not enough memory for this picture; scale it down"
            ) from error
        except Image.DecompressionBombError as error:
            raise PictureError(_too_large(name, "the picture")) from error
        except UnidentifiedImageError as error:
            raise PictureError(
                f"{name}: not a picture that can be read, or damaged at its start; give {_EXPECTED}"
            ) from error
        # Pillow's readers raise a dozen kinds of error on broken files: OSError, SyntaxError,
        # struct.error, ValueError, KeyError, EOFError and more.
        except Exception as error:
            raise PictureError(
                f"{name}: the picture is damaged or ends early; save or copy it again"
            ) from error


def _heif_format(name: str) -> tuple[str]:
    """Return the name of Pillow's HEIF format, once the extra package that reads it is there."""
    if importlib.util.find_spec("pillow_heif") is None:
        raise PictureError(
            f"{name}: reading HEIC pictures needs an extra package; "
            "run pip install 'camdigits[heic]', or save the picture as JPEG"
        )
    import pillow_heif  # noqa: PLC0415 - optional

    pillow_heif.register_heif_opener()
    return ("HEIF",)


def _check_size(size: tuple[int, int], name: str) -> None:
    width, height = size
    if width * height > MAX_PIXELS:
        raise PictureError(_too_large(name, f"a picture of {width} x {height} pixels"))
    if width * height == 0:
        raise PictureError(f"{name}: the picture has no pixels; save or copy it again")


def _too_large(name: str, what: str) -> str:
    limit = f"{MAX_PIXELS // 1_000_000} million pixels"
    return f"{name}: {what} is over the limit of {limit}; scale it down or cut it up"


def _to_bgr(picture: Image.Image) -> np.ndarray:
    """Turn any of Pillow's modes into uint8 BGR (height, width, 3)."""
    if picture.mode in _DEEP_MODES:
        return cv2.cvtColor(_to_8_bits(np.asarray(picture)), cv2.COLOR_GRAY2BGR)
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        paper = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(paper, picture)
    if picture.mode in ("1", "L"):
        return cv2.cvtColor(np.asarray(picture.convert("L")), cv2.COLOR_GRAY2BGR)
    if picture.mode != "RGB":
        picture = picture.convert("RGB")
    return cv2.cvtColor(np.asarray(picture), cv2.COLOR_RGB2BGR)


def _to_8_bits(levels: np.ndarray) -> np.ndarray:
    """Scale deep gray levels (h, w), integers or floats, to uint8 without clipping any.

    White is the smallest usual full scale (8, 10, 12 ... bits; 1.0 for floats) that holds the
    brightest pixel, or that pixel itself where none does or where levels are negative.
    """
    levels = levels.astype(levels.dtype.newbyteorder("="), copy=False)
    scales: tuple[int, ...] = _WHITE_LEVELS
    if levels.dtype.kind == "f":
        levels = np.nan_to_num(levels, posinf=0.0, neginf=0.0)
        scales = (1, *scales)
    if levels.min() < 0:
        levels = (levels - levels.min().astype(np.float64)).astype(np.float32)
        scales = ()
    brightest = float(levels.max())
    white = next((scale for scale in scales if scale >= brightest), brightest or 1.0)
    return cv2.convertScaleAbs(levels, alpha=255 / white)


def _orientation(picture: Image.Image) -> int:
    """Return the EXIF orientation 1-8; 1 where there is none or the EXIF block is broken.

    To be asked after loading: Pillow itself turns some formats (TIFF) then, and drops the tag.
    """
    # A viewer shows a picture whose EXIF block is broken, whatever Pillow's parser meets there.
    try:
        return int(picture.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:
        return 1


def _turned(picture: np.ndarray, orientation: int) -> np.ndarray:
    """Undo the EXIF orientation 1-8 (JEITA CP-3451, tag 0x0112); other values change nothing."""
    if orientation in (5, 6, 7, 8):
        picture = cv2.transpose(picture)
    if orientation in (2, 3, 6, 7):
        picture = cv2.flip(picture, 1)
    if orientation in (3, 4, 7, 8):
        picture = cv2.flip(picture, 0)
    return picture
