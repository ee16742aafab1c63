"""What the line network says of the edges of a lattice.

It tells frame by frame which digit's middle lies there, if any. An edge that reads a digit claims
that among its frames there is one run of that digit and nothing else; one that reads no digit, that
there is none. The probability of a claim is the sum over all runs: that of connectionist temporal
classification (Graves et al. 2006, doi:10.1145/1143844.1143891) with the label's place bound to the
edge. Unlike the network of single glyphs this one sees the neighbors, and needs no clean cut.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from camdigits.recognize.decode import Edges
from camdigits.recognize.model import Model
from camdigits.segment.lattice import Lattice
from camdigits.segment.straighten import LineImage
from camdigits.segment.strips import FRAME, SCALE, join_frames, strips_of, to_band

LEAST = 0.01  # probability of a frame being anything, as far as it is trusted
WEIGHT = 0.5  # of the line network's log probabilities beside those of the glyphs


def frames_of(lines: list[LineImage], model: Model) -> list[np.ndarray]:
    """Return what the line network says of each line, float32 (frames, 11); see Model.frames."""
    bands = [to_band(line.picture) for line in lines]
    strips = [strips_of(band) for band in bands]
    if not strips:
        return []
    told = np.split(model.frames(np.concatenate(strips)), np.cumsum([len(s) for s in strips])[:-1])
    return [
        join_frames(part, band.shape[1] // FRAME) for part, band in zip(told, bands, strict=True)
    ]


def with_evidence(edges: Edges, lattice: Lattice, frames: np.ndarray) -> Edges:
    """Return ``edges`` with the evidence of ``frames`` (f, 11) in their scores."""
    if not len(edges.start):
        return edges
    places = np.rint(lattice.cuts * (SCALE / FRAME)).astype(np.int64).clip(0, len(frames))
    digit, none = claims(frames, places[edges.start], places[edges.end])
    return replace(edges, digit=edges.digit + WEIGHT * digit, other=edges.other + WEIGHT * none)


def claims(frames: np.ndarray, start: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return log probabilities (n, 10) that the frames from ``start`` (n,) to ``end`` (n,) hold one
    run of a digit, and (n,) that they hold none."""
    trusted = LEAST + (1 - frames.shape[1] * LEAST) * frames.astype(np.float64)
    logs = np.concatenate([[0.0], np.log(trusted[:, -1]).cumsum()])
    none = logs[end] - logs[start]
    longest = int((end - start).max(initial=0))
    before = np.ones((len(start), 1))
    run = np.zeros((len(start), frames.shape[1] - 1))
    after = np.zeros_like(run)
    one = np.zeros_like(run)
    padded = np.concatenate([trusted, np.ones((longest + 1, frames.shape[1]))])
    for step in range(longest):
        here = padded[start + step]
        empty = here[:, -1:]
        after = (after + run) * empty
        run = (run + before) * here[:, :-1]
        before = before * empty
        ending = end == start + step + 1
        one[ending] = (run + after)[ending]
    # An edge narrower than a frame has no place for a digit, but the cuts are not that exact.
    narrow = end == start
    one[narrow] = padded[start[narrow], :-1]
    return np.log(np.maximum(one, LEAST**4)), none
