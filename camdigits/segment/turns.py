"""Glyphs that need no text line: what stands alone, to see which way up a page is."""

from __future__ import annotations

import numpy as np

from camdigits.segment.components import Components
from camdigits.segment.normalize import as_batch, normalize

MOST = 24  # glyphs that are looked at
LEAST_SIDE, LARGEST_RATIO = 8, 2.0


def free_glyphs(components: Components) -> np.ndarray:
    """Return components of the usual size as glyphs, float32 (n, 28, 28, 1), at most ``MOST``."""
    longer = components.boxes[:, 2:].max(axis=1, initial=0)
    large = np.flatnonzero(longer >= LEAST_SIDE)
    if not len(large):
        return as_batch([])
    order = large[np.argsort(longer[large], kind="stable")]
    weight = longer[order].cumsum()
    usual = longer[order[np.searchsorted(weight, weight[-1] / 2)]]
    distance = np.abs(np.log(longer[large] / usual))
    alike = large[distance <= np.log(LARGEST_RATIO)]
    chosen = alike[np.argsort(distance[distance <= np.log(LARGEST_RATIO)], kind="stable")[:MOST]]
    glyphs = []
    for i in np.sort(chosen):
        own = components.one(int(i))
        glyphs.append(normalize(np.where(own, np.uint8(255), np.uint8(0))))
    return as_batch(glyphs)
