"""Files to pixels: right as a viewer shows them."""

from __future__ import annotations

import io
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pillow_heif
import pytest
from pictures import ENCODED, LOSSLESS, draw_number, encode, encode_pdf, noise
from PIL import ExifTags, Image

from camdigits.preprocess.files import open_image, open_pages, seems_picture

RED = [0, 0, 255]


def blocks() -> np.ndarray:
    """A picture no turn or flip of which is the same: uint8 BGR (24, 40, 3)."""
    picture = np.full((24, 40, 3), 255, np.uint8)
    picture[:12, :16] = (200, 60, 20)
    picture[:6, 24:] = (10, 160, 90)
    return picture


@pytest.mark.parametrize("form", LOSSLESS)
def test_lossless_formats_keep_every_pixel(form: str, tmp_path: Path) -> None:
    path = tmp_path / "picture"
    path.write_bytes(encode(noise(), form, **LOSSLESS[form]))
    for source in (path, str(path), path.read_bytes(), io.BytesIO(path.read_bytes())):
        picture = open_image(source)
        assert picture.dtype == np.uint8
        np.testing.assert_array_equal(picture, noise())


def test_jpeg_is_close() -> None:
    smooth = cv2.GaussianBlur(noise(), (0, 0), 5)
    opened = open_image(encode(smooth, "JPEG", quality=95)).astype(int)
    assert np.abs(opened - smooth).mean() < 3


def test_the_picture_may_be_drawn_on() -> None:
    picture = open_image(ENCODED["PNG"])
    picture[0, 0] = RED
    assert picture[0, 0].tolist() == RED


@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_undone_once(form: str, orientation: int) -> None:
    upright = blocks()
    stored = {
        1: upright,
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: upright.transpose(1, 0, 2),
        6: np.rot90(upright, 1),
        7: upright[::-1, ::-1].transpose(1, 0, 2),
        8: np.rot90(upright, -1),
    }[orientation]
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    options = {"quality": 95} if form == "JPEG" else LOSSLESS[form]
    opened = open_image(encode(np.ascontiguousarray(stored), form, exif=exif, **options))
    assert opened.shape == upright.shape
    assert np.abs(opened.astype(int) - upright).mean() < 4


@pytest.mark.parametrize("orientation", [1, 6])
def test_heic_stands_as_a_phone_shows_it(orientation: int, tmp_path: Path) -> None:
    picture = cv2.resize(blocks(), None, fx=8, fy=8, interpolation=cv2.INTER_NEAREST)
    stored = np.rot90(picture, 1 if orientation == 6 else 0)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    photo = pillow_heif.from_pillow(Image.fromarray(np.ascontiguousarray(stored[..., ::-1])))
    photo.save(tmp_path / "photo.heic", quality=95, exif=exif.tobytes())
    read = open_image(tmp_path / "photo.heic")
    assert read.shape == picture.shape
    assert np.abs(read.astype(int) - picture).mean() < 4


def test_broken_exif_is_passed_over() -> None:
    data = encode(blocks(), "PNG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\x01\x12")
    np.testing.assert_array_equal(open_image(data), blocks())


@pytest.mark.parametrize("form", ["JPEG", "TIFF"])
def test_cmyk(form: str) -> None:
    picture = open_image(encode(Image.new("CMYK", (16, 16), (0, 255, 255, 0)), form))
    assert np.abs(picture[8, 8].astype(int) - RED).max() <= 3


@pytest.mark.parametrize(("levels", "bits"), [(256, 8), (1024, 10), (4096, 12), (65536, 16)])
@pytest.mark.parametrize("form", ["PNG", "TIFF"])
def test_deep_gray_is_scaled_and_not_clipped(levels: int, bits: int, form: str) -> None:
    deep = np.linspace(0, levels - 1, 256).round().astype(np.uint16).reshape(16, 16)
    opened = open_image(encode(deep, form))
    assert opened.shape == (16, 16, 3)
    np.testing.assert_allclose(opened[..., 0].ravel(), np.arange(256), atol=1)


def test_deep_color_is_scaled() -> None:
    deep = np.zeros((4, 4, 3), np.uint16)
    deep[...] = (65535, 32768, 0)
    for suffix in (".png", ".tiff"):
        encoded = cv2.imencode(suffix, deep)[1].tobytes()
        np.testing.assert_allclose(open_image(encoded)[0, 0], (255, 128, 0), atol=1)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.float32([[0, 0.5, 1]]), [0, 128, 255]),
        (np.float32([[0, 128, 255]]), [0, 128, 255]),
        (np.float32([[-1, 0, 1]]), [0, 128, 255]),
        (np.float32([[-1, -1, -1]]), [0, 0, 0]),
        (np.float32([[0, np.nan, 1]]), [0, 0, 255]),
        (np.int32([[0, 32768, 65535]]), [0, 128, 255]),
    ],
    ids=["unit floats", "byte floats", "negative", "even and negative", "not a number", "integers"],
)
def test_levels_of_other_kinds(values: np.ndarray, expected: list[int]) -> None:
    opened = open_image(encode(Image.fromarray(values), "TIFF"))[0, :, 0].astype(int)
    np.testing.assert_allclose(opened, expected, atol=1)


def test_palette_gray_and_bits() -> None:
    picture = Image.fromarray(blocks()[..., ::-1])
    np.testing.assert_array_equal(
        open_image(encode(picture.convert("P", palette=Image.Palette.ADAPTIVE), "PNG")), blocks()
    )
    gray = cv2.cvtColor(blocks(), cv2.COLOR_BGR2GRAY)
    np.testing.assert_array_equal(open_image(encode(gray, "PNG"))[..., 1], gray)
    bits = np.where(gray > 128, 255, 0).astype(np.uint8)
    np.testing.assert_array_equal(
        open_image(encode(Image.fromarray(bits).convert("1"), "TIFF"))[..., 2], bits
    )


def test_transparency_lies_on_white() -> None:
    clear = Image.new("RGBA", (4, 1), (0, 0, 0, 0))
    clear.putpixel((1, 0), (255, 0, 0, 255))
    clear.putpixel((2, 0), (0, 0, 0, 128))
    row = open_image(encode(clear, "PNG"))[0].astype(int)
    np.testing.assert_allclose(row, [[255] * 3, RED, [127] * 3, [255] * 3], atol=1)

    palette = Image.new("P", (2, 1), 1)
    palette.putpalette([0, 0, 0, 255, 0, 0])
    palette.putpixel((0, 0), 0)
    row = open_image(encode(palette, "GIF", transparency=0))[0]
    assert row.tolist() == [[255] * 3, RED]


@pytest.mark.parametrize("form", ["GIF", "TIFF", "WEBP", "PNG"])
def test_first_frame_of_several(form: str) -> None:
    frames = [Image.new("RGB", (8, 8), color) for color in ("red", "blue", "green")]
    options = {"lossless": True} if form == "WEBP" else {}
    data = encode(frames[0], form, save_all=True, append_images=frames[1:], **options)
    assert open_image(data)[0, 0].tolist() == RED


@pytest.mark.parametrize("form", [*LOSSLESS, "JPEG", "GIF"])
def test_one_pixel(form: str) -> None:
    picture = np.full((1, 1, 3), 90, np.uint8)
    np.testing.assert_allclose(open_image(encode(picture, form)), picture, atol=2)


def test_content_decides_not_the_suffix(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(ENCODED["PNG"])
    np.testing.assert_array_equal(open_image(path), noise())
    np.testing.assert_array_equal(next(open_pages(path)), noise())


def test_threads_leave_the_warning_filters_alone() -> None:
    before = list(warnings.filters)
    with ThreadPoolExecutor(4) as pool:
        pictures = list(pool.map(open_image, [ENCODED["PNG"]] * 40))
    assert warnings.filters == before
    assert all(np.array_equal(picture, noise()) for picture in pictures)


def test_pdf_pages() -> None:
    pages = open_pages(encode_pdf([draw_number("7"), draw_number("1")[:, :100]]))
    assert pages.count == 2
    first = next(pages)
    assert pages.number == 1
    # 72 points an inch in, 200 pixels an inch out.
    height, width = draw_number("7").shape[:2]
    np.testing.assert_allclose(first.shape, (height * 200 / 72, width * 200 / 72, 3), atol=2)
    shrunk = cv2.resize(first, (width, height), interpolation=cv2.INTER_AREA).astype(int)
    assert np.abs(shrunk - draw_number("7")).mean() < 8
    assert next(pages).shape[1] == pytest.approx(100 * 200 / 72, abs=2)
    assert next(pages, None) is None


def test_large_pdf_pages_are_bounded() -> None:
    poster = encode(Image.new("RGB", (500, 1000), "white"), "PDF", resolution=5)
    assert next(open_pages(poster)).shape == (3500, 1750, 3)


def test_other_files_are_one_page() -> None:
    pages = open_pages(io.BytesIO(ENCODED["GIF"]))
    assert pages.count == 1
    assert len(list(pages)) == 1


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("photo.JPG", b"", True),
        ("scan.pdf", b"anything", True),
        ("IMG_0001", ENCODED["PNG"], True),
        ("IMG_0002", ENCODED["WEBP"], True),
        ("labels.tsv", b"file\tlabel\n", False),
        ("Thumbs.db", b"\xd0\xcf\x11\xe0", False),
    ],
)
def test_seems_picture(name: str, content: bytes, expected: bool, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert seems_picture(path) is expected
