"""Draw the example pictures: pages of numbers in handwriting that camdigits synthesizes itself.

Writes ``examples/numbers.png``, and ``examples/reading.png`` with what the default model reads.
"""

from pathlib import Path

import cv2
import numpy as np

from camdigits import Reader, open_image
from camdigits.overlay import draw_page
from camdigits.training.allographs import AllographHand
from camdigits.training.hands import Choice, HandMix
from camdigits.training.pages import compose_page

ROWS = [["8055", "4000"], ["12.750", "93-17"], ["2026", "31415"]]
SEED = 16
FOLDER = Path(__file__).resolve().parents[1] / "examples"


def main() -> None:
    """Write both pictures."""
    FOLDER.mkdir(exist_ok=True)
    hands = HandMix([Choice("allographs", 1.0, "handwriting", AllographHand)])
    rng = np.random.default_rng(SEED)
    picture, _ = compose_page(
        rng, hands, 960, 540, rows=ROWS, glyph_height=70, skew=2.0, kind="photo"
    )
    cv2.imwrite(str(FOLDER / "numbers.png"), picture)
    page = Reader().read(open_image(FOLDER / "numbers.png"))
    cv2.imwrite(str(FOLDER / "reading.png"), draw_page(picture, page))
    print(page.text)


if __name__ == "__main__":
    main()
