"""The ink network: which pixels of evenly lit darkness are writing, and which are anything else."""

from __future__ import annotations

from dataclasses import dataclass

import keras
from keras import layers, ops

from camdigits.training.network import convolution

CLASSES = 2  # paper, and all that is on it, and ink
DILATIONS = (1, 2, 4)  # at an eighth of the size, where whole rules and frames are seen


@dataclass(frozen=True)
class InkHyperparameters:
    """What can be tuned: ``filters`` at half of the size, which a quarter and an eighth have 2 and
    4 times, and the pace of training; see :class:`camdigits.training.network.Hyperparameters`."""

    filters: int = 16
    learning_rate: float = 2e-3
    batch_size: int = 16
    weight_decay: float = 1e-3
    label_smoothing: float = 0.0


def build_ink_network(hyper: InkHyperparameters) -> keras.Model:
    """Return an untrained network from (n, h, w, 1) darkness to (n, h, w, 2) logits, h and w
    multiples of 8.

    Down to an eighth of the size and up again, each level with what was seen on the way down
    (U-Net; Ronneberger et al. 2015, arXiv:1505.04597), added instead of appended, for speed.
    Dilated convolutions at the bottom (Yu and Koltun 2016, arXiv:1511.07122) see four glyph
    heights around. The way up is by sub-pixel convolutions (Shi et al. 2016, arXiv:1609.05158),
    which LiteRT runs in its fast kernels whatever the picture's size.
    """
    size = hyper.filters
    inputs = keras.Input((None, None, 1), name="darkness")
    half = convolution(convolution(inputs, size, 5, strides=2), size, 3)
    quarter = convolution(convolution(half, 2 * size, 3, strides=2), 2 * size, 3)
    x = convolution(quarter, 4 * size, 3, strides=2)
    for dilation in DILATIONS:
        x = layers.Add()([x, convolution(x, 4 * size, 3, dilation=dilation)])
    for beside, filters in ((quarter, 2 * size), (half, size)):
        x = _twice_as_large(convolution(x, 4 * filters, 1))
        x = convolution(layers.Add()([x, beside]), filters, 3)
    x = layers.Conv2D(4 * CLASSES, 3, padding="same", dtype="float32")(x)
    return keras.Model(inputs, _twice_as_large(x), name="camdigits_ink")


def _twice_as_large(x: keras.KerasTensor) -> keras.KerasTensor:
    """Return (n, h, w, 4 c) as (n, 2 h, 2 w, c): each pixel is a square of four."""
    return ops.depth_to_space(x, 2, data_format="channels_last")
