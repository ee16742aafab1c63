"""The numbers that a network computes with while it trains: of 16 bits where that is faster."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import keras

FACTS = Path("/proc/cpuinfo")


def training_precision(facts: Path = FACTS) -> str:
    """Return the Keras policy to train with: "mixed_bfloat16" or "float32".

    Processors that multiply matrices of 16 bits (AMX) train in half the time with it; others
    emulate it and are slower. Weights stay in 32 bits in either case. ``facts`` is Linux's list of
    what the processor can do; where there is none, it is float32.
    """
    try:
        able = "amx_bf16" in facts.read_text(encoding="utf-8", errors="replace").split()
    except OSError:
        able = False
    return "mixed_bfloat16" if able else "float32"


@contextmanager
def computing_in(policy: str) -> Iterator[None]:
    """Let networks that are built inside compute in ``policy``."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)
