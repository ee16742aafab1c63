"""Memory: the model is asked once for each glyph."""

import numpy as np

from camdigits.recognize.memory import Memory
from camdigits.recognize.model import Model


class Counting(Model):
    """The shipped model, which counts the glyphs that it classified."""

    asked = 0

    def classify(self, glyphs: np.ndarray) -> np.ndarray:
        self.asked += len(glyphs)
        return super().classify(glyphs)


def test_known_glyphs_are_not_classified_again() -> None:
    model = Counting()
    glyphs = np.random.default_rng(0).random((5, 28, 28, 1), np.float32)
    memory = Memory(model)
    first = memory.classify(glyphs[:3])
    again = memory.classify(glyphs[[4, 1, 0, 4]])
    assert model.asked == 4
    assert (again[[1, 2]] == first[[1, 0]]).all()
    assert np.allclose(again[0], Model.classify(model, glyphs[4:])[0], atol=1e-5)


def test_nothing_is_nothing() -> None:
    assert Memory(Model()).classify(np.zeros((0, 28, 28, 1), np.float32)).shape == (0, 13)
