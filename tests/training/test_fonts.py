"""Printed glyphs: which fonts are used, and what they draw."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib import font_manager

from camdigits.training import fonts
from camdigits.training.forms import DIGITS


def test_text_fonts_are_found_and_symbol_fonts_are_not() -> None:
    names = {path.name for path in fonts.usable_fonts()}
    assert {"DejaVuSans.ttf", "DejaVuSerif.ttf", "STIXGeneral.ttf", "cmr10.ttf"} <= names
    assert not {"cmsy10.ttf", "cmex10.ttf", "cmmi10.ttf", "STIXSizOneSymReg.ttf"} & names


@pytest.mark.parametrize("label", [*DIGITS, "A", "u", "comma", "euro", "minus", "times"])
def test_glyphs_are_tight_and_of_one_scale(label: str) -> None:
    rng = np.random.default_rng(2)
    for path in fonts.usable_fonts()[:6]:
        glyph = fonts.FontHand(rng, [path]).write(label, rng)
        assert glyph is not None
        assert glyph.dtype == np.uint8
        assert all(edge.any() for edge in (glyph[0], glyph[-1], glyph[:, 0], glyph[:, -1]))
        assert glyph.max() >= 150
        if label in DIGITS:
            assert 33 <= glyph.shape[0] <= 48
        if label in ("comma", "minus"):
            assert glyph.shape[0] < 20


def test_signs_that_a_font_lacks_are_not_written() -> None:
    rng = np.random.default_rng(0)
    plain = next(path for path in fonts.usable_fonts() if path.name == "cmr10.ttf")
    hand = fonts.FontHand(rng, [plain])
    assert hand.write("euro", rng) is None
    assert hand.write("check", rng) is None


def test_a_font_hand_follows_from_its_seed() -> None:
    def page(seed: int) -> bytes:
        rng = np.random.default_rng(seed)
        hand = fonts.FontHand(rng)
        return b"".join(
            glyph.tobytes() for d in DIGITS if (glyph := hand.write(d, rng)) is not None
        )

    assert page(4) == page(4)
    assert page(4) != page(5)


def test_a_broken_font_file_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"no font")
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: [str(broken)])
    found = fonts.usable_fonts.__wrapped__()
    assert broken not in found
    assert len(found) >= 10
