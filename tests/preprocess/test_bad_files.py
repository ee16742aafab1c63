"""Files that are damaged, too large or no pictures: one line that says what is wrong."""

from __future__ import annotations

import io
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pictures import ENCODED, build_pdf, encode, encode_pdf, noise
from PIL import Image

from camdigits.errors import PictureError
from camdigits.preprocess import files
from camdigits.preprocess.files import open_image, open_pages, printable


def png_header(width: int, height: int) -> bytes:
    """A PNG file of that size whose pixels are missing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"Dear reader, this is a letter.", "not a picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", "not a picture"),
        (ENCODED["JPEG"][:900], "ends early"),
        (ENCODED["progressive JPEG"][:-900], "ends early"),
        (ENCODED["PNG"][:900], "ends early"),
        (png_header(40_000, 40_000), "over the limit of 100 million"),
        (png_header(10_001, 10_000), "10001 x 10000 pixels is over the limit"),
        (b"%PDF-1.7 nothing of the kind", "PDF"),
    ],
    ids=[
        *("empty", "text", "PostScript", "cut JPEG", "cut progressive JPEG", "cut PNG"),
        *("huge", "a little too large", "PDF"),
    ],
)
def test_bad_content(content: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(content)
    for opener in (open_image, open_pages):
        with pytest.raises(PictureError, match=says) as caught:
            opener(path)
        assert str(caught.value).startswith(f"{path}: ")
        assert "; " in str(caught.value)
        assert "\n" not in str(caught.value)


def test_a_large_photo_is_no_bomb() -> None:
    # 90 million pixels are where Pillow starts to warn.
    data = encode(Image.new("1", (9_600, 9_600)), "PNG")
    assert open_image(data).shape == (9_600, 9_600, 3)


@pytest.mark.parametrize(
    ("source", "says"),
    [("absent.png", "no such file"), (".", "folder"), ("nul\0l", "cannot be read")],
)
def test_bad_paths(source: str, says: str) -> None:
    with pytest.raises(PictureError, match=says):
        open_image(source)


def test_file_size_is_bounded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 100)
    path = tmp_path / "big.png"
    path.write_bytes(ENCODED["PNG"])
    stream = io.BytesIO(ENCODED["PNG"])
    for source in (path, stream, ENCODED["PNG"]):
        with pytest.raises(PictureError, match="over the limit"):
            open_image(source)
    assert stream.tell() <= 101


def test_text_streams_are_refused() -> None:
    with pytest.raises(PictureError, match="binary mode"):
        open_image(io.StringIO("a picture"))  # type: ignore[arg-type]


def test_heic_names_the_extra_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(PictureError, match=r"pip install 'camdigits\[heic\]'"):
        open_image(b"\0\0\0\x18ftypheic\0\0\0\0" + bytes(100), "photo.heic")


def test_names_in_messages_are_one_line() -> None:
    with pytest.raises(PictureError, match=r"^two\\nlines\.png: "):
        open_image(b"", "two\nlines.png")
    assert printable("naïve 1.png") == "naïve 1.png"
    assert printable("\udcff.png") == r"\udcff.png"


@pytest.mark.parametrize("kind", ENCODED)
@settings(max_examples=25)
@given(share=st.floats(0, 1))
def test_a_cut_file_gives_the_whole_picture_or_an_error(kind: str, share: float) -> None:
    data = ENCODED[kind]
    try:
        opened = open_image(data[: int(share * len(data))])
    except PictureError:
        return
    np.testing.assert_array_equal(opened, open_image(data))


DAMAGEABLE = [*ENCODED.values(), encode_pdf([noise()])]


@settings(max_examples=200)
@given(
    data=st.sampled_from(DAMAGEABLE),
    damage=st.lists(st.tuples(st.integers(0, 600), st.integers(0, 255)), max_size=5),
)
def test_damaged_files_give_pictures_or_errors(data: bytes, damage: list[tuple[int, int]]) -> None:
    broken = bytearray(data)
    for place, value in damage:
        broken[place % len(broken)] = value
    try:
        pages = list(open_pages(bytes(broken)))
    except PictureError:
        return
    assert all(page.dtype == np.uint8 and page.shape[2] == 3 for page in pages)


@settings(max_examples=100)
@given(
    head=st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"BM", b"P6\n"]),
    tail=st.binary(max_size=300),
)
def test_random_bytes_give_pictures_or_errors(head: bytes, tail: bytes) -> None:
    try:
        picture = open_image(head + tail)
    except PictureError:
        return
    assert picture.dtype == np.uint8


def test_locked_and_empty_pdfs() -> None:
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"]
    lock = b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<%b>/U<%b>>>/ID[<00><00>]"
    locked = build_pdf(objects, lock % (b"11" * 32, b"22" * 32))
    with pytest.raises(PictureError, match=r"^scan\.pdf: .*locked with a password"):
        open_pages(locked, "scan.pdf")
    # PDFium's error code is now that of the locked document still.
    with pytest.raises(PictureError, match="has no pages"):
        open_pages(build_pdf(objects))


def test_a_bad_page_does_not_hide_the_next() -> None:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 36]%b>>"
    huge = (
        b"<</Type/XObject/Subtype/Image/Width 40000/Height 40000/ColorSpace/DeviceGray"
        b"/BitsPerComponent 8/Length 4>>stream\nabcd\nendstream"
    )
    document = build_pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>",
            page % b"/Resources<</XObject<</I 5 0 R>>>>/Contents 6 0 R",
            page % b"",
            huge,
            b"<</Length 27>>stream\nq 72 0 0 36 0 0 cm /I Do Q \nendstream",
        ]
    )
    pages = open_pages(document, "scan.pdf")
    with pytest.raises(PictureError, match=r"^scan\.pdf, page 1: .*40000 x 40000.* over the limit"):
        next(pages)
    assert next(pages).shape == (100, 200, 3)
