"""Precision: 16 bits only where the processor has them, and only while a network trains."""

from pathlib import Path

import keras
import pytest

from camdigits.training.network import Hyperparameters, build_network
from camdigits.training.precision import computing_in, training_precision


@pytest.mark.parametrize(
    ("flags", "policy"),
    [
        ("fpu avx512_bf16 amx_bf16 amx_tile", "mixed_bfloat16"),
        ("fpu avx2 avx512_bf16", "float32"),
        ("fpu no_amx_bf16", "float32"),
        ("", "float32"),
    ],
)
def test_precision_is_what_the_processor_is_fast_in(flags: str, policy: str, tmp_path: Path):
    facts = tmp_path / "cpuinfo"
    facts.write_text(f"model name\t: Some CPU \xe9\nflags\t\t: {flags}\n", encoding="latin-1")
    assert training_precision(facts) == policy


def test_a_system_that_does_not_tell_trains_in_32_bits(tmp_path: Path):
    assert training_precision(tmp_path / "missing") == "float32"


def test_weights_and_logits_stay_in_32_bits():
    with computing_in("mixed_bfloat16"):
        network = build_network(Hyperparameters(filters=4, dense=8))
    assert network.layers[1].compute_dtype == "bfloat16"
    assert {variable.dtype for variable in network.weights} == {"float32"}
    assert network.output.dtype == "float32"


def test_networks_built_afterwards_compute_as_before():
    before = keras.config.dtype_policy().name
    with pytest.raises(KeyError), computing_in("mixed_bfloat16"):
        raise KeyError
    assert keras.config.dtype_policy().name == before
