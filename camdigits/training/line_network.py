"""The line network: what digit, if any, each frame along a text line is the middle of."""

from __future__ import annotations

from dataclasses import dataclass

import keras
from keras import layers

from camdigits.segment.strips import FRAMES, HEIGHT, WIDTH
from camdigits.training.network import convolution

CLASSES = 11  # the digits and none


@dataclass(frozen=True)
class LineHyperparameters:
    """What can be tuned: ``filters`` of the first convolution, which later ones have 2, 3, 4 and 6
    times, and the pace of training; see :class:`camdigits.training.network.Hyperparameters`."""

    filters: int = 20
    dropout: float = 0.2
    learning_rate: float = 2e-3
    batch_size: int = 64
    weight_decay: float = 2e-3
    label_smoothing: float = 0.0  # the targets of LineSamples tell how often labels are wrong


def build_line_network(hyper: LineHyperparameters) -> keras.Model:
    """Return an untrained network from (n, HEIGHT, WIDTH, 1) ink to (n, FRAMES, 11) logits.

    Convolutions over the strip until one row is left, each of whose columns speaks for two frames.
    A frame sees about 1.4 glyph heights to either side: its glyph and the neighbors.
    """
    size = hyper.filters
    inputs = keras.Input((HEIGHT, WIDTH, 1), name="strip")
    x = convolution(inputs, size, 5, strides=2)
    x = convolution(x, 2 * size, 3, strides=2)
    x = convolution(x, 3 * size, 3)
    x = layers.MaxPooling2D((2, 1))(x)
    x = convolution(x, 4 * size, 3)
    x = convolution(x, 4 * size, 3)
    x = layers.ZeroPadding2D((0, 1))(x)
    x = convolution(x, 6 * size, (HEIGHT // 8, 3), padding="valid")
    x = layers.SpatialDropout2D(hyper.dropout)(x)
    x = convolution(x, 6 * size, (1, 5))
    x = layers.Dropout(hyper.dropout)(x)
    x = layers.Conv2D(2 * CLASSES, 1, dtype="float32", name="logits")(x)
    x = layers.Reshape((FRAMES, CLASSES), dtype="float32")(x)
    return keras.Model(inputs, x, name="camdigits_line")
