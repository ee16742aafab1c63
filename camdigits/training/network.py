"""The network: a small convolutional classifier of 28x28 glyphs with a way to say "no digit"."""

from __future__ import annotations

import math
from dataclasses import dataclass

import keras
from keras import layers

from camdigits.recognize.model import LABELS
from camdigits.segment.normalize import SIDE


@dataclass(frozen=True)
class Hyperparameters:
    """What can be tuned.

    ``filters``: channels of the first stage (14x14); the second (7x7) has ``widening`` times as
    many. ``kernel_size``: of the first convolution. ``layers``: convolutions a stage. ``dense``:
    units before the classes. ``dropout``: share of units dropped there. ``learning_rate``: peak
    of the cosine schedule. ``label_smoothing``: share of a label given to all classes.
    """

    filters: int = 28
    widening: float = 2.0
    kernel_size: int = 5
    layers: int = 2
    dense: int = 128
    dropout: float = 0.3
    learning_rate: float = 2e-3
    batch_size: int = 256
    weight_decay: float = 2e-3
    label_smoothing: float = 0.02


def build_network(hyper: Hyperparameters) -> keras.Model:
    """Return an untrained network from (n, 28, 28, 1) ink to (n, 13) logits.

    The first convolution has stride 2: at half size, the same multiply-adds buy four times the
    channels. Batch normalization folds into the convolutions when the network is exported.
    """
    inputs = keras.Input((SIDE, SIDE, 1), name="glyph")
    x = convolution(inputs, hyper.filters, hyper.kernel_size, strides=2)
    for _ in range(hyper.layers - 1):
        x = convolution(x, hyper.filters, 3)
    x = layers.MaxPooling2D(2)(x)
    for _ in range(hyper.layers):
        x = convolution(x, round(hyper.filters * hyper.widening), 3)
    x = layers.Flatten()(x)
    x = layers.Dropout(hyper.dropout)(x)
    x = layers.Dense(hyper.dense, use_bias=False)(x)
    x = layers.BatchNormalization(momentum=0.95)(x)
    x = layers.ReLU()(x)
    x = layers.Dropout(hyper.dropout)(x)
    logits = layers.Dense(len(LABELS), dtype="float32", name="logits")(x)
    return keras.Model(inputs, logits, name="camdigits")


def convolution(
    x: keras.KerasTensor,
    filters: int,
    kernel_size: int | tuple[int, int],
    strides: int = 1,
    padding: str = "same",
    dilation: int = 1,
) -> keras.KerasTensor:
    """Return ``x`` after a convolution, batch normalization in place of its bias, and ReLU."""
    x = layers.Conv2D(
        filters,
        kernel_size,
        strides=strides,
        padding=padding,
        dilation_rate=dilation,
        use_bias=False,
    )(x)
    x = layers.BatchNormalization(momentum=0.95)(x)
    return layers.ReLU()(x)


def sized(network: keras.Model, side: int = 160) -> keras.Model:
    """Return the network as it is, or a copy of one for pictures of any size that takes a picture
    of so many pixels a ``side`` at a time."""
    if None not in network.input_shape[1:]:
        return network
    copy = keras.models.clone_model(network, keras.Input((side, side, 1), batch_size=1))
    copy.set_weights(network.get_weights())
    return copy


def multiply_adds(network: keras.Model) -> int:
    """Return the multiply-adds of one input, see :func:`sized`: kernel size times positions,
    summed."""
    network = sized(network)
    total = 0
    for layer in network.layers:
        if isinstance(layer, layers.Conv2D):
            _, rows, columns, _ = layer.output.shape
            total += math.prod(layer.kernel.shape) * rows * columns
        elif isinstance(layer, layers.Dense):
            total += layer.kernel.shape[0] * layer.kernel.shape[1]
    return int(total)
