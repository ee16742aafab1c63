"""Fitting a network to a stream of samples, an epoch at a time, with a checkpoint each."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Generic, Protocol, Self, TypeVar

import keras
import numpy as np

from camdigits.training.datasets import Split
from camdigits.training.losses import Loss, hits, one_of, smoothed
from camdigits.training.precision import computing_in, training_precision
from camdigits.training.stream import Maker, SampleStream
from camdigits.training.weights import load_weights

AVERAGED = 0.02  # share of the steps over which the running average of the weights reaches
WARM_UP = 0.03  # share of the steps in which the learning rate rises
CHUNK = 500  # samples read at a time
# Shares of the weights that a fit started from, in those that it ends with.
SHARES = (0.0, 0.25, 0.5, 0.75)


class SampleSet(Protocol):
    """Samples as arrays."""

    def __len__(self) -> int: ...

    def inputs(self, chosen: np.ndarray, rng: np.random.Generator | None = None) -> np.ndarray:
        """Return the network's inputs; ``rng`` varies them."""

    def targets(self, chosen: np.ndarray) -> np.ndarray:
        """Return the share of each class, (n, ..., k), as the lesson's loss wants it."""

    @classmethod
    def join(cls, parts: list[Self]) -> Self:
        """Return all samples of ``parts`` in order."""


Samples = TypeVar("Samples", bound=SampleSet)


class Pace(Protocol):
    """Hyperparameters of the optimizer: see :class:`camdigits.training.network.Hyperparameters`."""

    @property
    def learning_rate(self) -> float: ...
    @property
    def batch_size(self) -> int: ...
    @property
    def weight_decay(self) -> float: ...
    @property
    def label_smoothing(self) -> float: ...


@dataclass(frozen=True)
class Lesson(Generic[Samples]):
    """What is learned: ``build`` returns an untrained network, ``maker`` a split's samples, and
    ``loss``, :func:`one_of` or :func:`any_of`, tells how far its answers are from their targets."""

    build: Callable[[], keras.Model]
    maker: Callable[[Split], Maker[Samples]]
    pace: Pace
    loss: Loss = one_of


@dataclass(frozen=True)
class Plan:
    """How long to train: ``epochs`` of ``blocks`` blocks of ``block`` samples, of which ``fresh``
    blocks are new each epoch, after which ``validation`` samples of other writers are read; and on
    how many synthetic ``strings`` the model is calibrated then."""

    epochs: int = 30
    blocks: int = 30
    fresh: int = 12
    validation: int = 12_000
    processes: int = 2
    block: int = 4000
    strings: int = 18_000


QUICK = Plan(epochs=6, blocks=12, fresh=6, validation=4_000, strings=600)


@dataclass
class Fitted(Generic[Samples]):
    """A trained network, its history (a list per figure, an entry per epoch), its validation
    samples and the ``accuracy`` (0-1) with which it reads them.

    ``initial`` names the file of weights that it started from, None where it started anew;
    ``initial_share`` (0-1) is their share in the network's. ``precision`` is the Keras policy that
    it trained with.
    """

    network: keras.Model
    history: dict[str, list[float]]
    validation: Samples
    accuracy: float
    seconds: float
    samples: int
    initial: str | None = None
    initial_share: float = 0.0
    precision: str = "float32"


def fit(
    lesson: Lesson[Samples],
    plan: Plan,
    seed: int,
    initial: Path | None = None,
    checkpoint: Path | None = None,
    say: Callable[[str], object] = print,
) -> Fitted[Samples]:
    """Train a network and return it with the averaged weights of its last steps.

    Where it starts from given weights, these are mixed with the trained ones if that reads the
    validation samples better (Wortsman et al. 2022, arXiv:2109.01903). ``initial`` is a .keras or
    .h5 file of weights to start from; ``checkpoint`` a .weights.h5 file written after each epoch.
    Raises DataError where data lack, ModelError for unfit weights.
    """
    started = time.monotonic()
    keras.utils.set_random_seed(seed)
    precision, pace = training_precision(), lesson.pace
    with computing_in(precision):
        network = lesson.build()
    if initial is not None:
        load_weights(network, initial)
    steps = plan.epochs * (plan.blocks * plan.block // pace.batch_size)
    optimizer = keras.optimizers.AdamW(
        pace.learning_rate,
        weight_decay=pace.weight_decay,
        use_ema=True,
        ema_momentum=1 - min(0.1, 1 / (AVERAGED * steps)),
    )
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    network.compile(optimizer=optimizer, loss=lesson.loss, metrics=[hits])
    history: dict[str, list[float]] = {
        name: [] for name in ("loss", "accuracy", "val_loss", "val_accuracy", "learning_rate")
    }
    validation = lesson.maker("validation").block((seed, 1), plan.validation)
    join = type(validation).join
    rng = np.random.default_rng(seed)
    kept: deque[Samples] = deque(maxlen=plan.blocks)
    step = 0
    make = partial(lesson.maker, "train")
    with SampleStream(make, plan.block, seed, plan.processes, plan.blocks) as stream:
        for epoch in range(plan.epochs):
            for _ in range(plan.blocks if not kept else plan.fresh):
                kept.append(stream.take())
            pool = join(list(kept))
            order = rng.permutation(len(pool))
            sums = np.zeros(2)  # of loss and accuracy: Keras tells those of each batch
            count = len(order) // pace.batch_size
            for k in range(count):
                chosen = order[k * pace.batch_size : (k + 1) * pace.batch_size]
                rate = pace.learning_rate * schedule(step, steps)
                optimizer.learning_rate = rate
                targets = smoothed(pool.targets(chosen), pace.label_smoothing)
                sums += network.train_on_batch(pool.inputs(chosen, rng), targets)
                step += 1
            loss, accuracy = sums / count
            held_loss, held_accuracy = _validate(network, optimizer, validation, lesson.loss)
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
    trained = lesson.build()  # without the optimizer's state
    trained.set_weights(network.get_weights())
    named, share = None, 0.0
    if initial is not None:
        given = lesson.build()
        load_weights(given, initial)
        named, share = initial.name, mix(trained, given, validation, lesson.loss)
        say(f"{share:.0%} of the weights are those of {named}")
    accuracy = figures_of(trained, validation, lesson.loss)[1]
    seconds = time.monotonic() - started
    samples = step * pace.batch_size
    return Fitted(trained, history, validation, accuracy, seconds, samples, named, share, precision)


def mix(trained: keras.Model, given: keras.Model, validation: SampleSet, loss: Loss) -> float:
    """Mix weights of ``given`` into those of ``trained``; return their share (0-1), that of
    ``SHARES`` with which the loss on the validation samples is least."""
    pairs = list(zip(trained.get_weights(), given.get_weights(), strict=True))
    losses = []
    for share in SHARES:
        trained.set_weights([(1 - share) * new + share * old for new, old in pairs])
        losses.append(figures_of(trained, validation, loss)[0])
    best = SHARES[int(np.argmin(losses))]
    trained.set_weights([(1 - best) * new + best * old for new, old in pairs])
    return best


def schedule(step: int, steps: int) -> float:
    """Return the share (0-1) of the peak learning rate: a short rise, then a half cosine."""
    rise = max(1, round(WARM_UP * steps))
    if step < rise:
        return (step + 1) / rise
    return 0.5 * (1 + math.cos(math.pi * (step - rise) / max(1, steps - rise)))


def logits_of(network: keras.Model, samples: SampleSet) -> np.ndarray:
    """Return the network's float32 logits (n, ..., k) for all samples, in large batches."""
    parts = [
        np.asarray(network.predict_on_batch(samples.inputs(np.arange(i, min(i + CHUNK, count)))))
        for count in [len(samples)]
        for i in range(0, count, CHUNK)
    ]
    return np.concatenate(parts)


def _validate(
    network: keras.Model,
    optimizer: keras.optimizers.Optimizer,
    validation: SampleSet,
    loss: Loss,
) -> tuple[float, float]:
    """Return loss and accuracy of the averaged weights on the validation samples."""
    current = [variable.numpy() for variable in network.trainable_variables]
    optimizer.finalize_variable_values(network.trainable_variables)
    figures = figures_of(network, validation, loss)
    for variable, value in zip(network.trainable_variables, current, strict=True):
        variable.assign(value)
    return figures


def figures_of(network: keras.Model, validation: SampleSet, loss: Loss) -> tuple[float, float]:
    """Return loss and accuracy of a network on the validation samples."""
    logits = logits_of(network, validation)
    targets = validation.targets(np.arange(len(validation)))
    return float(np.mean(loss(targets, logits))), float(np.mean(hits(targets, logits)))
