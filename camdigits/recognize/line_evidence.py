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
from camdigits.recognize.model import TEN, Model
from camdigits.segment.lattice import Lattice
from camdigits.segment.normalize import SIDE
from camdigits.segment.straighten import LineImage
from camdigits.segment.strips import FRAME, HEIGHT, SCALE, WIDTH, join_frames, strips_of, to_band

LEAST = 0.01  # probability of a frame being anything, as far as it is trusted
# Weights of the line network's log probabilities beside those of the glyphs, and of the latter, for
# hypotheses whose pieces are whole and for those that a cut leaves with a neighbor's ink: what a
# glyph looks like then tells less than the line as a whole.
WEIGHT, WEIGHT_CUT, GLYPH_CUT = 0.5, 1.0, 0.7
SAME = 0.7  # power of which digit it is, frame by frame: those of one digit err together


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


def middles_of(frames: np.ndarray) -> np.ndarray:
    """Return the columns (m,), in pixels of the straightened line, in which digits probably have
    their middles: those of runs of frames that are more likely one digit than none or another."""
    best = frames.argmax(axis=1)
    border = np.flatnonzero(np.diff(best)) + 1
    starts, ends = np.append(0, border), np.append(border, len(best))
    return ((starts + ends) / 2 * FRAME / SCALE)[best[starts] < TEN]


def with_evidence(edges: Edges, lattice: Lattice, frames: np.ndarray) -> Edges:
    """Return ``edges`` with the evidence of ``frames`` (f, 11) in their scores."""
    if not len(edges.start):
        return edges
    places = np.rint(lattice.cuts * (SCALE / FRAME)).astype(np.int64).clip(0, len(frames))
    digit, none = claims(frames, places[edges.start], places[edges.end])
    cut = np.append(~lattice.whole, False)[edges.span]
    told, seen = np.where(cut, WEIGHT_CUT, WEIGHT), np.where(cut, GLYPH_CUT, 1.0)
    return replace(
        edges,
        digit=seen[:, None] * edges.digit + told[:, None] * digit,
        other=edges.other + told * none,
        lines=digit,
    )


def classify_alone(model: Model, glyphs: np.ndarray) -> np.ndarray:
    """Return probabilities (n, 13) of ``glyphs`` (n, 28, 28, 1) that stand alone, each a line of
    its own, by all networks of the model together, as decoding weighs them."""
    probabilities = model.classify(glyphs)
    if not model.reads_lines or not len(glyphs):
        return probabilities
    strips = np.zeros((len(glyphs), HEIGHT, WIDTH), np.uint8)
    top, left = (HEIGHT - SIDE) // 2, FRAME
    strips[:, top : top + SIDE, left : left + SIDE] = np.rint(255 * glyphs[..., 0])
    told = model.frames(strips)[:, : (left + SIDE + left) // FRAME]
    ends = np.array([told.shape[1]])
    found = [claims(frames, np.array([0]), ends) for frames in told]
    digit = np.concatenate([one for one, _ in found])
    none = np.concatenate([nothing for _, nothing in found])
    joined = probabilities.astype(np.float64)
    joined[:, :TEN] *= np.exp(WEIGHT * digit)
    joined[:, TEN:] *= np.exp(WEIGHT * none)[:, None]
    return joined / joined.sum(axis=1, keepdims=True)


def claims(frames: np.ndarray, start: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return log probabilities (n, 10) that the frames from ``start`` (n,) to ``end`` (n,) hold one
    run of a digit, and (n,) that they hold none.

    They are relative to what is likelier of each frame, some digit or none, which all paths pass
    alike, and at most 0: long edges do not look doubtful for being long.
    """
    trusted = LEAST + (1 - frames.shape[1] * LEAST) * frames.astype(np.float64)
    some = trusted[:, :-1].sum(axis=1, keepdims=True)
    trusted[:, :-1] = some * (trusted[:, :-1] / some) ** SAME
    trusted /= np.maximum(some, trusted[:, -1:])
    logs = np.concatenate([[0.0], np.log(trusted[:, -1]).cumsum()])
    none = logs[end] - logs[start]
    longest = int((end - start).max(initial=0))
    padded = np.concatenate([trusted, np.ones((longest + 1, frames.shape[1]))])
    starts, index = np.unique(start, return_inverse=True)
    before = np.ones((len(starts), 1))
    run = np.zeros((len(starts), frames.shape[1] - 1))
    after = np.zeros_like(run)
    # An edge narrower than a frame has no place for a digit, but the cuts are not that exact.
    held = [padded[starts, :-1]]
    for step in range(longest):
        here = padded[starts + step]
        empty = here[:, -1:]
        after = (after + run) * empty
        run = (run + before) * here[:, :-1]
        before = before * empty
        held.append(run + after)
    one = np.stack(held)[end - start, index]
    return np.log(np.clip(one, LEAST**4, 1.0)), none
