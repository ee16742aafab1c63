"""How wide the gaps inside numbers and between them are on a page."""

from __future__ import annotations

import numpy as np

# Glyph heights. A gap inside a number may be this wide where the page's gaps are all alike; where
# they are of two kinds, the border lies between the kinds, but never below or above these.
WIDEST_EVEN_GAP, LEAST_SPLIT, SURE_SPLIT = 2.2, 0.32, 1.3
# Share of the gaps' variance that two kinds explain. Gaps of one kind reach, in one page of ten,
# about CHANCE and for n gaps FEW / n; only WIDE gaps tell two kinds apart by less than that.
EXPLAINED, CHANCE, FEW, WIDE = 0.76, 0.7, 1.1, 0.75
# Share of the variance that three kinds explain (gaps that are spread evenly: 0.89), of how many
# gaps at least, and the least mean of the middle kind: in numbers, what touches is a kind, too.
THREE, ENOUGH, MIDDLE = 0.93, 8, 0.6
STEP = 0.05  # glyph heights between borders that are tried
SPREAD = 0.1  # glyph heights: the least deviation that gaps of one kind are taken to have


def gap_border(gaps: list[float]) -> float:
    """Return the gap (glyph heights) from which a number ends, given all gaps of a page.

    There are three kinds where these explain nearly all of the variance: inside numbers, between
    the numbers of an item, and between items beside each other. There are two if Otsu's threshold
    (1979, doi:10.1109/TSMC.1979.4310076) explains most of it and sets well apart; else all gaps are
    taken for one kind. Gaps inside numbers vary less than those between, so the border between two
    is that of least error with a deviation for each (Kittler and Illingworth 1986,
    doi:10.1016/0031-3203(86)90030-0).
    """
    ordered = np.sort(np.clip(gaps, 0.0, WIDEST_EVEN_GAP))
    if len(ordered) < 3:
        return SURE_SPLIT
    lowest = _lowest_of_three(ordered)
    if lowest:
        return float(ordered[lowest - 1] + ordered[lowest]) / 2
    count = np.arange(1, len(ordered))
    share, rest = count / len(ordered), 1 - count / len(ordered)
    sums, squares = ordered.cumsum(), (ordered**2).cumsum()
    low, high = sums[:-1] / count, (sums[-1] - sums[:-1]) / (len(ordered) - count)
    apart = (high >= np.maximum(2.0 * low, low + LEAST_SPLIT)) & (ordered[1:] > LEAST_SPLIT)
    apart &= np.diff(ordered) > 0
    explained = np.where(apart, share * rest * (high - low) ** 2, 0.0)
    best = int(explained.argmax())
    by_chance = 0.0 if ordered[best + 1] >= WIDE else min(CHANCE + FEW / len(ordered), 0.99)
    if not explained[best] or explained[best] < max(EXPLAINED, by_chance) * ordered.var():
        return WIDEST_EVEN_GAP
    inside = squares[:-1] / count - low**2
    between = (squares[-1] - squares[:-1]) / (len(ordered) - count) - high**2
    inside, between = (np.sqrt(np.maximum(v, SPREAD**2)) for v in (inside, between))
    error = share * np.log(inside / share) + rest * np.log(between / rest)
    # Beyond Otsu's threshold lie kinds of gaps between numbers.
    apart[best + 1 :] = False
    best = int(np.where(apart, error, np.inf).argmin())
    return float(ordered[best] + ordered[best + 1]) / 2


def _lowest_of_three(ordered: np.ndarray) -> int:
    """Return how many of the ``ordered`` gaps (n,) are of the lowest of three kinds, 0 where these
    are not told apart, by two of Otsu's thresholds (see ``gap_border``)."""
    borders = np.flatnonzero(np.diff(np.floor(ordered / STEP))) + 1
    if len(ordered) < ENOUGH or len(borders) < 2:
        return 0
    pairs = borders[np.array(np.triu_indices(len(borders), 1))]
    ends = np.pad(pairs, ((1, 1), (0, 0)), constant_values=((0, len(ordered)), (0, 0)))
    count = np.diff(ends, axis=0)
    sums = np.diff(np.concatenate([[0.0], ordered.cumsum()])[ends], axis=0)
    explained = (sums**2 / count).sum(axis=0) - ordered.sum() ** 2 / len(ordered)
    best = int(explained.argmax())
    low, middle, high = sums[:, best] / count[:, best]
    apart = middle >= max(2.0 * low, low + LEAST_SPLIT, MIDDLE) and high >= middle + WIDE
    told = explained[best] >= THREE * len(ordered) * ordered.var()
    return int(pairs[0, best]) if apart and told else 0
