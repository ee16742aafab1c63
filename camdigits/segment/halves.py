"""Rows of upper and of lower halves: digits whose faint strokes are broken, put together again."""

from __future__ import annotations

import numpy as np

# Rows are halves of one where at least so many bodies, and such a share of either row's, lie on
# each other: by such a share of the narrower's width, and at most so many strokes apart.
STACKED, MOSTLY, ABOVE, APART = 2, 0.6, 0.5, 1.0


def whole_rows(
    turned: np.ndarray, groups: list[np.ndarray], stroke: float
) -> tuple[list[np.ndarray], np.ndarray]:
    """Join rows that are halves of one, whose strokes are all broken at about one height.

    ``turned`` (n, 4) holds left, right, top and bottom of each component, ``groups`` the indices
    of each row's; ``stroke`` is the stroke width, all in pixels. Returns the rows, and the height
    (n,) of each component: those that lie on each other in such rows have that of all together.
    """
    stacks = np.arange(len(turned))
    joined = [group for group in groups if len(group) < STACKED]
    alone = len(joined)
    rows = [group for group in groups if len(group) >= STACKED]
    for group in sorted(rows, key=lambda row: float(np.median(turned[row, 2]))):
        left, right, top, _ = _ends(turned[group])
        for k, above in enumerate(joined[alone:], alone):
            start, end, _, bottom = _ends(turned[above])
            if start > right or end < left or top - bottom > APART * stroke:
                continue
            lies = _lies_on(turned[above], turned[group], APART * stroke)
            middle, over = turned[group, :2].mean(axis=1), turned[above, :2].mean(axis=1)
            held = (
                lies[(over >= left) & (over <= right)].any(axis=1),
                lies[:, (middle >= start) & (middle <= end)].any(axis=0),
            )
            if all(np.count_nonzero(h) >= STACKED and np.mean(h) >= MOSTLY for h in held):
                for i, j in np.argwhere(lies):
                    stacks[stacks == stacks[group[j]]] = stacks[above[i]]
                joined[k] = np.concatenate([above, group])
                break
        else:
            joined.append(group)
    return joined, _heights(turned, stacks)


def _ends(boxes: np.ndarray) -> tuple[float, float, float, float]:
    """Return the outermost left, right, top and bottom of boxes (n, 4)."""
    low, high = boxes.min(axis=0), boxes.max(axis=0)
    return float(low[0]), float(high[1]), float(low[2]), float(high[3])


def _lies_on(above: np.ndarray, below: np.ndarray, apart: float) -> np.ndarray:
    """Return which boxes ``above`` (n, 4) lie on which ``below`` (m, 4), bool (n, m)."""
    left, right, top, bottom = (above[:, None, i] for i in range(4))
    shared = np.minimum(right, below[:, 1]) - np.maximum(left, below[:, 0])
    narrower = np.minimum(right - left, below[:, 1] - below[:, 0])
    higher = (top < below[:, 2]) & (bottom < below[:, 3])
    return (shared >= ABOVE * narrower) & higher & (below[:, 2] - bottom <= apart)


def _heights(turned: np.ndarray, stacks: np.ndarray) -> np.ndarray:
    """Return the heights (n,) of boxes ``turned`` (n, 4), in a stack that of the stack."""
    heights = turned[:, 3] - turned[:, 2]
    for stack in np.unique(stacks[stacks != np.arange(len(stacks))]):
        boxes = stacks == stack
        heights[boxes] = turned[boxes, 3].max() - turned[boxes, 2].min()
    return np.asarray(heights)
