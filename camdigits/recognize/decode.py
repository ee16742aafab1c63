"""From the lattice's hypotheses to strings: the best path, its posterior, its rivals.

Every path from the first cut to the last explains all ink of the line: each edge reads a
hypothesis as a digit, refuses it, or steps over a blank. Scores are log probabilities; Viterbi
(1967, doi:10.1109/TIT.1967.1054010) finds the best path and forward-backward sums give posteriors.
Where a format is expected, the same is done on pairs of a cut and a state of its automaton, which
is their intersection (Mohri, Pereira & Riley 2002, doi:10.1006/csla.2001.0184).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from camdigits.recognize.formats import Acceptor
from camdigits.recognize.model import DIGITS, LABELS, TEN, logit_of
from camdigits.segment.cuts import INK
from camdigits.segment.lattice import Lattice
from camdigits.segment.normalize import BODY

# Costs (natural log units) that keep a path from refusing or skipping what it should read. Marks
# are expected between digits; letters and scraps are mostly digits that the network doesn't know.
REFUSE = (1.0, 4.0, 6.0)  # mark, letter, scrap
# A mark as tall as a digit and not wide: a slash, but more often a slanted 1, unless it is less
# likely one than so: a plus sign.
REFUSE_TALL, NEVER = 4.0, 0.001
REFUSE_SMALL, REFUSE_CUT, SKIP = 0.3, 2.5, 1.5
TALL, WIDE = 1.4, 1.2  # times the height of a small mark; widths to a height
LEAST_PROBABILITY = 1e-5
SUREST = 8.0  # log odds between digits, as far as the network of lines is trusted with them
BEAM = 10
FAINT = 7.0  # a reading that fewer than exp(-FAINT) of all paths go through is not followed
MARK, LETTER, SCRAP = (LABELS.index(label) for label in ("mark", "letter", "scrap"))
SIGNS = (*DIGITS, "")  # what reading an edge adds to a text


@dataclass(frozen=True)
class Edges:
    """All edges of a line: from cut ``start`` to cut ``end`` with the score of each reading.

    ``digit`` (e, 10) log probabilities; ``other`` (e,) log score of reading it as no digit.
    ``span`` (e,) is the hypothesis, -1 for blanks. Ordered by end, then start. ``glyphs`` and
    ``lines`` (e, 10) are what the network of glyphs and that of lines each say by itself of the
    digits, as log probabilities; None without it.
    """

    start: np.ndarray
    end: np.ndarray
    digit: np.ndarray
    other: np.ndarray
    span: np.ndarray
    count: int
    glyphs: np.ndarray | None = None
    lines: np.ndarray | None = None

    @property
    def total(self) -> np.ndarray:
        """Log score (e,) of an edge whatever it reads."""
        return np.logaddexp(np.logaddexp.reduce(self.digit, axis=1), self.other)


@dataclass(frozen=True)
class Step:
    """One edge of a path: the hypothesis ``span`` (-1 blank) read as ``digit`` (None refused)."""

    span: int
    digit: int | None
    start: int
    end: int
    edge: int


def make_edges(lattice: Lattice, probabilities: np.ndarray, small: float) -> Edges:
    """Return the edges of ``lattice`` with ``probabilities`` (n, 13) of its hypotheses.

    ``small`` is the height in pixels below which a refused glyph is a cheap mark.
    """
    logs = np.log(np.maximum(probabilities, LEAST_PROBABILITY))
    refused = _refusals(probabilities, lattice.boxes[:, 2:], small)
    refused = refused - np.where(lattice.whole, 0.0, REFUSE_CUT)
    blanks = len(lattice.blanks)
    start = np.concatenate([lattice.spans[:, 0], lattice.blanks[:, 0]])
    end = np.concatenate([lattice.spans[:, 1], lattice.blanks[:, 1]])
    digit = np.concatenate([logs[:, :TEN], np.full((blanks, TEN), -np.inf)])
    other = np.concatenate([refused, np.full(blanks, -SKIP)])
    span = np.concatenate([np.arange(len(lattice.spans)), np.full(blanks, -1)])
    order = np.lexsort([start, end])
    start, end, digit, other, span = (a[order] for a in (start, end, digit, other, span))
    return Edges(start, end, digit, other, span, len(lattice.cuts), digit)


def _refusals(probabilities: np.ndarray, sizes: np.ndarray, small: float) -> np.ndarray:
    """Return log scores (n,) of refusing hypotheses of ``sizes`` (n, 2), width and height."""
    width, height = sizes.T
    price = np.tile(REFUSE, (len(height), 1))
    slanted = (height >= TALL * small) & (width < WIDE * height) & (probabilities[:, 1] >= NEVER)
    price[slanted, 0] = REFUSE_TALL
    price[height < small] = REFUSE_SMALL
    return np.log(np.maximum((probabilities[:, TEN:] * np.exp(-price)).sum(axis=1), 1e-9))


def refuses(probabilities: np.ndarray, glyphs: np.ndarray, small: float) -> np.ndarray:
    """Say of ``glyphs`` (n, 28, 28, 1) that stand alone, by their probabilities (n, 13), which are
    refused (bool, n): those whose refusal scores above their best digit, as on a path.

    ``small`` is the height, in those of a digit, below which a refused glyph is a cheap mark.
    """
    inked = glyphs[..., 0] > INK / 255
    sizes = np.stack([inked.any(axis=1).sum(axis=1), inked.any(axis=2).sum(axis=1)], axis=1)
    digit = np.log(np.maximum(probabilities[:, :TEN].max(axis=1), LEAST_PROBABILITY))
    return _refusals(probabilities, sizes, small * BODY) > digit


def least_sure(edges: Edges, steps: Sequence[Step]) -> tuple[float, float]:
    """Return the log odds of the digits that ``steps`` read, at the least sure of them: by the
    network of glyphs alone, and by that of lines alone against other digits; 0.0 without it."""
    chosen, digits = np.array([(s.edge, s.digit) for s in steps if s.digit is not None]).T
    glyphs = lines = 0.0
    if edges.glyphs is not None:
        glyphs = logit_of(math.exp(edges.glyphs[chosen, digits].min()))
    if edges.lines is not None:
        rivals = edges.lines[chosen]
        places = np.arange(len(digits))
        read = rivals[places, digits]
        rivals[places, digits] = -np.inf
        lines = float((read - rivals.max(axis=1)).min().clip(-SUREST, SUREST))
    return glyphs, lines


def best_path(edges: Edges) -> list[Step]:
    """Return the steps of the Viterbi path, left to right; [] where no path exists."""
    if edges.count < 2:
        return []
    top = edges.digit.argmax(axis=1)
    top_score = edges.digit.max(axis=1)
    score = np.maximum(top_score, edges.other)
    best = np.full(edges.count, -np.inf)
    best[0] = 0.0
    back = np.full(edges.count, -1)
    for e, (i, j) in enumerate(zip(edges.start.tolist(), edges.end.tolist(), strict=True)):
        value = best[i] + score[e]
        if value > best[j]:
            best[j], back[j] = value, e
    steps: list[Step] = []
    node = edges.count - 1
    while node > 0:
        e = int(back[node])
        if e < 0:
            return []
        digit = int(top[e]) if top_score[e] >= edges.other[e] else None
        start = int(edges.start[e])
        steps.append(Step(int(edges.span[e]), digit, start, node, e))
        node = start
    return steps[::-1]


def forward_backward(edges: Edges) -> tuple[np.ndarray, np.ndarray]:
    """Return log sums (k,) over all paths from the first cut to each, and from each to the last."""
    total = edges.total.tolist()
    alpha = [-math.inf] * edges.count
    beta = [-math.inf] * edges.count
    alpha[0], beta[-1] = 0.0, 0.0
    pairs = list(zip(edges.start.tolist(), edges.end.tolist(), strict=True))
    for score, (i, j) in zip(total, pairs, strict=True):
        alpha[j] = _log_sum(alpha[j], alpha[i] + score)
    for e in np.lexsort([edges.end, edges.start])[::-1].tolist():
        i, j = pairs[e]
        beta[i] = _log_sum(beta[i], total[e] + beta[j])
    return np.array(alpha), np.array(beta)


def texts_between(
    edges: Edges, alpha: np.ndarray, beta: np.ndarray, first: int, last: int
) -> list[tuple[str, float]]:
    """Return digit texts of the paths between two cuts with their log sums, likeliest first.

    A prefix beam search: paths that spell the same text are added up, whatever their cuts.
    ``alpha`` and ``beta`` come from :func:`forward_backward`; a reading of an edge through which
    hardly a path goes is not followed.
    """
    if not np.isfinite(alpha[-1]):
        return []
    beams: dict[int, dict[str, float]] = {first: {"": 0.0}}
    for _, i, j, readings in _followed(edges, alpha, beta, first, last):
        source = beams.get(i)
        if not source:
            continue
        if len(source) > BEAM:
            kept = sorted(source.items(), key=lambda item: -item[1])[:BEAM]
            source = beams[i] = dict(kept)
        target = beams.setdefault(j, {})
        for sign, value in readings:
            letter = SIGNS[sign]
            for text, score in source.items():
                longer, both = text + letter, score + value
                known = target.get(longer)
                target[longer] = both if known is None else _log_sum(known, both)
    return sorted(beams.get(last, {}).items(), key=lambda item: -item[1])


def fitting_sum(
    edges: Edges,
    alpha: np.ndarray,
    beta: np.ndarray,
    first: int,
    last: int,
    acceptor: Acceptor,
) -> float:
    """Return the log sum of the paths between two cuts whose texts ``acceptor`` takes.

    As in :func:`texts_between` a reading through which hardly a path goes is not followed.
    """
    sums: dict[int, dict[int, float]] = {first: {0: 0.0}}
    for _, i, j, readings in _followed(edges, alpha, beta, first, last):
        target = sums.setdefault(j, {})
        for state, score in sums.get(i, {}).items():
            for after, _, value in _moves(acceptor, state, readings):
                target[after] = _log_sum(target.get(after, -math.inf), score + value)
    ends = (score for state, score in sums.get(last, {}).items() if acceptor.accepting[state])
    return float(np.logaddexp.reduce([-math.inf, *ends]))


def best_fitting(
    edges: Edges,
    alpha: np.ndarray,
    beta: np.ndarray,
    first: int,
    last: int,
    acceptor: Acceptor,
) -> list[Step]:
    """Return the steps of the best path between two cuts whose text ``acceptor`` takes; [] where
    none does. Follows what :func:`fitting_sum` follows."""
    best: dict[int, dict[int, tuple[float, Step | None, int]]] = {first: {0: (0.0, None, 0)}}
    for e, i, j, readings in _followed(edges, alpha, beta, first, last):
        target = best.setdefault(j, {})
        for state, (score, _, _) in best.get(i, {}).items():
            for after, sign, value in _moves(acceptor, state, readings):
                if score + value > target.get(after, (-math.inf,))[0]:
                    digit = None if sign == TEN else sign
                    step = Step(int(edges.span[e]), digit, i, j, e)
                    target[after] = (score + value, step, state)
    ends = [
        (reached[0], state)
        for state, reached in best.get(last, {}).items()
        if acceptor.accepting[state]
    ]
    steps: list[Step] = []
    cut, state = last, max(ends)[1] if ends else 0
    while ends and cut > first:
        _, last_step, state = best[cut][state]
        assert last_step is not None
        steps.append(last_step)
        cut = last_step.start
    return steps[::-1]


def _followed(
    edges: Edges, alpha: np.ndarray, beta: np.ndarray, first: int, last: int
) -> Iterator[tuple[int, int, int, list[tuple[int, float]]]]:
    """Yield the edges between two cuts, each as its index, its cuts and the readings that are
    followed with their scores; reading 10 adds nothing to a text."""
    inside = np.flatnonzero((edges.start >= first) & (edges.end <= last))
    scores = np.column_stack([edges.digit[inside], edges.other[inside]])
    around = alpha[edges.start[inside]] + beta[edges.end[inside]] - alpha[-1]
    followed = scores + around[:, None] > -FAINT
    readings: list[list[tuple[int, float]]] = [[] for _ in inside]
    places, signs = np.nonzero(followed)
    for k, sign, score in zip(places.tolist(), signs.tolist(), scores[followed], strict=True):
        readings[k].append((sign, float(score)))
    starts, ends = edges.start[inside].tolist(), edges.end[inside].tolist()
    yield from zip(inside.tolist(), starts, ends, readings, strict=True)


def _moves(
    acceptor: Acceptor, state: int, readings: list[tuple[int, float]]
) -> Iterator[tuple[int, int, float]]:
    """Yield where the automaton goes on from ``state``: the state after it, reading and score."""
    for sign, value in readings:
        after = state if sign == TEN else acceptor.moves[state][sign]
        if after >= 0:
            yield after, sign, value


def _log_sum(one: float, other: float) -> float:
    """Return log(exp(one) + exp(other)); NumPy's own takes ten times as long on single numbers."""
    high, low = (one, other) if one >= other else (other, one)
    return high if low == -math.inf else high + math.log1p(math.exp(low - high))
