"""Fitting the network to a stream of samples, an epoch at a time, with a checkpoint each."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from camdigits.preprocess.binarize import InkSettings
from camdigits.segment.settings import SegmentSettings
from camdigits.training.network import Hyperparameters, build_network
from camdigits.training.samples import SampleMaker, Samples
from camdigits.training.stream import BLOCK, SampleStream
from camdigits.training.weights import load_weights

AVERAGED = 0.02  # share of the steps over which the running average of the weights reaches
WARM_UP = 0.03  # share of the steps in which the learning rate rises


@dataclass(frozen=True)
class Plan:
    """How long to train: ``epochs`` of ``blocks`` blocks (of stream.BLOCK samples), of which
    ``fresh`` are new each epoch, after which ``validation`` samples of other writers are read."""

    epochs: int = 30
    blocks: int = 30
    fresh: int = 12
    validation: int = 12_000
    processes: int = 2


QUICK = Plan(epochs=6, blocks=12, fresh=6, validation=4_000)


@dataclass
class Fitted:
    """A trained network, its history (a list per figure, an entry per epoch), its validation.

    ``initial`` names the file of weights that it started from, None where it started anew.
    """

    network: keras.Model
    history: dict[str, list[float]]
    validation: Samples
    seconds: float
    samples: int
    initial: str | None = None


def fit(
    data: Path | None,
    hyper: Hyperparameters,
    plan: Plan,
    seed: int,
    initial: Path | None = None,
    checkpoint: Path | None = None,
    say: Callable[[str], object] = print,
) -> Fitted:
    """Train a network and return it with the averaged weights of its last steps.

    ``initial`` is a .keras or .h5 file of weights to start from; ``checkpoint`` a .weights.h5 file
    written after each epoch. Raises DataError where data lack, ModelError for unfit weights.
    """
    started = time.monotonic()
    keras.utils.set_random_seed(seed)
    network = build_network(hyper)
    if initial is not None:
        load_weights(network, initial)
    steps = plan.epochs * (plan.blocks * BLOCK // hyper.batch_size)
    optimizer = keras.optimizers.AdamW(
        hyper.learning_rate,
        weight_decay=hyper.weight_decay,
        use_ema=True,
        ema_momentum=1 - min(0.1, 1 / (AVERAGED * steps)),
    )
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    network.compile(
        optimizer=optimizer,
        loss=keras.losses.CategoricalCrossentropy(
            from_logits=True, label_smoothing=hyper.label_smoothing
        ),
        metrics=["accuracy"],
    )
    ink, segment = InkSettings(), SegmentSettings()
    history: dict[str, list[float]] = {
        name: [] for name in ("loss", "accuracy", "val_loss", "val_accuracy", "learning_rate")
    }
    validation = SampleMaker(data, "validation", ink, segment).block((seed, 1), plan.validation)
    rng = np.random.default_rng(seed)
    kept: deque[Samples] = deque(maxlen=plan.blocks)
    step = 0
    with SampleStream(data, ink, segment, seed, plan.processes, plan.blocks) as stream:
        for epoch in range(plan.epochs):
            for _ in range(plan.blocks if not kept else plan.fresh):
                kept.append(stream.take())
            pool = Samples.join(list(kept))
            order = rng.permutation(len(pool))
            sums = np.zeros(2)  # of loss and accuracy: Keras tells those of each batch
            count = len(order) // hyper.batch_size
            for k in range(count):
                chosen = order[k * hyper.batch_size : (k + 1) * hyper.batch_size]
                rate = hyper.learning_rate * schedule(step, steps)
                optimizer.learning_rate = rate
                sums += network.train_on_batch(
                    _inputs(pool.glyphs[chosen]), _targets(pool.classes[chosen])
                )
                step += 1
            loss, accuracy = sums / count
            held_loss, held_accuracy = _validate(network, optimizer, validation)
            figures = (loss, accuracy, held_loss, held_accuracy, rate)
            for name, value in zip(history, figures, strict=True):
                history[name].append(float(value))
            if checkpoint is not None:
                network.save_weights(checkpoint)
            say(
                f"epoch {epoch + 1}/{plan.epochs}  loss {loss:.4f}  accuracy {accuracy:.4f}  "
                f"validation loss {held_loss:.4f}  accuracy {held_accuracy:.4f}  "
                f"{time.monotonic() - started:.0f} s"
            )
    optimizer.finalize_variable_values(network.trainable_variables)
    trained = build_network(hyper)  # without the optimizer's state
    trained.set_weights(network.get_weights())
    seconds = time.monotonic() - started
    named = None if initial is None else initial.name
    return Fitted(trained, history, validation, seconds, step * hyper.batch_size, named)


def schedule(step: int, steps: int) -> float:
    """Return the share (0-1) of the peak learning rate: a short rise, then a half cosine."""
    rise = max(1, round(WARM_UP * steps))
    if step < rise:
        return (step + 1) / rise
    return 0.5 * (1 + math.cos(math.pi * (step - rise) / max(1, steps - rise)))


def logits_of(network: keras.Model, glyphs: np.ndarray) -> np.ndarray:
    """Return float32 (n, 13) logits for uint8 (n, 28, 28) glyphs, in large batches."""
    parts = [
        np.asarray(network.predict_on_batch(_inputs(glyphs[i : i + 1000])))
        for i in range(0, len(glyphs), 1000)
    ]
    return np.concatenate(parts)


def _validate(
    network: keras.Model, optimizer: keras.optimizers.Optimizer, validation: Samples
) -> tuple[float, float]:
    """Return cross entropy and accuracy of the averaged weights on the validation samples."""
    current = [variable.numpy() for variable in network.trainable_variables]
    optimizer.finalize_variable_values(network.trainable_variables)
    logits = logits_of(network, validation.glyphs)
    for variable, value in zip(network.trainable_variables, current, strict=True):
        variable.assign(value)
    logits = logits - logits.max(axis=1, keepdims=True)
    logs = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    truth = validation.classes.astype(np.int64)
    loss = -float(logs[np.arange(len(truth)), truth].mean())
    return loss, float((logits.argmax(axis=1) == truth).mean())


def _inputs(glyphs: np.ndarray) -> np.ndarray:
    return glyphs[..., None].astype(np.float32) / 255


def _targets(classes: np.ndarray) -> np.ndarray:
    return np.eye(13, dtype=np.float32)[classes]
