"""How far answers are from their targets: losses, and the share of answers that are right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np

Loss = Callable[[Any, Any], Any]
"""Of targets and logits, both (n, ..., k), one value (n, ...) an answer."""


def one_of(targets: Any, logits: Any) -> Any:
    """Return the loss where one answer is right, each with its share of 1: the cross entropy."""
    return keras.losses.categorical_crossentropy(targets, logits, from_logits=True)


def any_of(targets: Any, logits: Any) -> Any:
    """Return the loss where several answers may be right: minus the log probability of any of them.

    Targets don't add up to 1: what is right has 1, the rest the probability of a wrong label.
    """
    weighted = logits + keras.ops.log(targets)
    return keras.ops.logsumexp(logits, axis=-1) - keras.ops.logsumexp(weighted, axis=-1)


def smoothed(targets: np.ndarray, share: float) -> np.ndarray:
    """Return targets (n, ..., k) of which a ``share`` (0-1) goes to all classes alike."""
    return (1 - share) * targets + share / targets.shape[-1] if share else targets


def hits(targets: Any, logits: Any) -> Any:
    """Return (n, ...) 1.0 where the likeliest class is right or has the largest share, else 0."""
    chosen = keras.ops.one_hot(keras.ops.argmax(logits, axis=-1), targets.shape[-1])
    told = keras.ops.sum(chosen * targets, axis=-1)
    return keras.ops.cast(told >= keras.ops.max(targets, axis=-1), "float32")
