"""Pictures that tests draw themselves: digits as pen strokes on white paper, files as bytes."""

from __future__ import annotations

import io

import cv2
import numpy as np
from PIL import Image

# Pillow's names of the formats that keep every pixel, with what they need for it.
LOSSLESS = {"PNG": {}, "TIFF": {}, "BMP": {}, "PPM": {}, "WEBP": {"lossless": True}}

# Strokes of each digit in a box of 6 x 10.
STROKES = {
    "0": [
        [(3, 0), (1, 1), (0, 4), (0, 7), (1, 9), (3, 10), (5, 9), (6, 7), (6, 4), (5, 1), (3, 0)]
    ],
    "1": [[(3, 0), (3, 10)]],
    "2": [[(0, 2), (1, 0), (4, 0), (6, 2), (5, 5), (0, 10), (6, 10)]],
    "3": [[(0, 1), (2, 0), (5, 1), (5, 4), (2, 5), (5, 6), (6, 8), (4, 10), (0, 9)]],
    "4": [[(2, 0), (0, 6), (6, 6)], [(4, 3), (4, 10)]],
    "7": [[(0, 0), (6, 0), (2, 10)]],
}


def draw_number(text: str, height: int = 90) -> np.ndarray:
    """Return a picture of ``text`` (digits of STROKES) in black pen: uint8 BGR."""
    unit = height / 10
    margin = height
    width = round(2 * margin + len(text) * 9 * unit)
    picture = np.full((3 * height, width, 3), 245, np.uint8)
    for index, digit in enumerate(text):
        left = margin + index * 9 * unit
        for stroke in STROKES[digit]:
            points = np.round(np.array(stroke) * unit + (left, margin)).astype(np.int32)
            cv2.polylines(picture, [points], False, (30, 30, 30), max(2, height // 12), cv2.LINE_AA)
    return picture


def encode(picture: np.ndarray | Image.Image, form: str, **options: object) -> bytes:
    """Return a picture as the bytes of a file; arrays are BGR or gray, ``form`` is Pillow's."""
    if isinstance(picture, np.ndarray):
        picture = Image.fromarray(picture[..., ::-1] if picture.ndim == 3 else picture)
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


def noise() -> np.ndarray:
    """Return a picture that no format shrinks: uint8 BGR (48, 64, 3)."""
    return np.random.default_rng(3).integers(0, 256, (48, 64, 3), dtype=np.uint8)


def encode_pdf(pictures: list[np.ndarray]) -> bytes:
    """Return a PDF document with one BGR picture a page."""
    first, *others = [Image.fromarray(picture[..., ::-1]) for picture in pictures]
    return encode(first, "PDF", save_all=True, append_images=others)


def build_pdf(objects: list[bytes], trailer: bytes = b"") -> bytes:
    """Return a PDF document of these objects, numbered from 1; the first is the catalog."""
    parts = [b"%PDF-1.4\n"]
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(sum(map(len, parts)))
        parts.append(b"%d 0 obj\n%b\nendobj\n" % (number, content))
    start = sum(map(len, parts))
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    parts.append(b"xref\n0 %d\n0000000000 65535 f \n%b" % (size, table))
    parts.append(b"trailer<</Size %d/Root 1 0 R%b>>\n" % (size, trailer))
    parts.append(b"startxref\n%d\n%%%%EOF" % start)
    return b"".join(parts)


# A small file of each format.
ENCODED = {
    "JPEG": encode(noise(), "JPEG", quality=90),
    "progressive JPEG": encode(noise(), "JPEG", progressive=True),
    "GIF": encode(noise(), "GIF"),
    **{form: encode(noise(), form, **options) for form, options in LOSSLESS.items()},
}
