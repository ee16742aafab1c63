"""How a network did on samples held out from its training: figures, and pictures of mistakes."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from camdigits.recognize.model import LABELS
from camdigits.training.confidence import reliability

MISTAKES = 80


def mistakes_sheet(
    glyphs: np.ndarray, classes: np.ndarray, probabilities: np.ndarray
) -> np.ndarray:
    """Return a picture (uint8 BGR) of the most confident mistakes, the worst first.

    Under each glyph: what it is, what it was taken for, and the probability in percent.
    """
    taken = probabilities.argmax(axis=1)
    wrong = np.flatnonzero(taken != classes)
    wrong = wrong[np.argsort(-probabilities[wrong, taken[wrong]], kind="stable")][:MISTAKES]
    side, cell = 56, 84
    columns = 10
    rows = max(1, -(-len(wrong) // columns))
    sheet = np.full((rows * cell, columns * 90, 3), 255, np.uint8)
    for place, i in enumerate(wrong):
        x, y = (place % columns) * 90 + 4, (place // columns) * cell + 4
        glyph = cv2.resize(255 - glyphs[i], (side, side), interpolation=cv2.INTER_NEAREST)
        sheet[y : y + side, x : x + side] = glyph[..., None]
        caption = f"{LABELS[classes[i]]}>{LABELS[taken[i]]} {100 * probabilities[i, taken[i]]:.0f}"
        cv2.putText(sheet, caption, (x, y + side + 14), cv2.FONT_HERSHEY_SIMPLEX, 0.34, (0, 0, 0))
    return sheet


def metrics_of(probabilities: np.ndarray, classes: np.ndarray) -> dict[str, Any]:
    """Return figures on the held-out samples: accuracy, confusion, reliability."""
    taken = probabilities.argmax(axis=1)
    confusion = np.zeros((len(LABELS), len(LABELS)), int)
    np.add.at(confusion, (classes.astype(int), taken), 1)
    digits = classes < 10
    confidence = probabilities[np.arange(len(taken)), taken]
    return {
        "held_out": "samples by hands of the validation split, writers disjoint from training",
        "samples": len(classes),
        "accuracy": float((taken == classes).mean()),
        "digit_accuracy": float((taken == classes)[digits].mean()),
        "digits_refused": float((taken[digits] >= 10).mean()),
        "others_refused": float((taken[~digits] >= 10).mean()) if (~digits).any() else None,
        "confusion": confusion.tolist(),
        "reliability": [list(row) for row in reliability(confidence, taken == classes)],
    }
