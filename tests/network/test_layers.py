"""Layers: what one may call their parts, what is refused, and when two are the same."""

from __future__ import annotations

import dataclasses
import pickle

import numpy as np
import pytest
from tests.network.cases import OWN_ACTIVATION, OWN_INITIALIZER

from chainrule import Dense
from chainrule.errors import InvalidValue
from chainrule.maths.activations import ACTIVATIONS, RELU
from chainrule.maths.initializers import INITIALIZERS, normal, uniform
from chainrule.network.layers import as_initializer


def test_defaults():
    """A layer is linear, has a bias, and starts with Glorot's weights and biases 0."""
    layer = Dense(3)

    assert layer.activation is ACTIVATIONS["identity"]
    assert layer.bias is True
    assert layer.weight_init is INITIALIZERS["glorot"]
    assert layer.bias_init is INITIALIZERS["zeros"]


def test_parts_by_name_or_themselves():
    """An activation or initialiser is accepted by name and as itself, the user's own too."""
    assert Dense(3, "relu", weight_init="he") == Dense(3, RELU, weight_init=INITIALIZERS["he"])
    assert Dense(3, OWN_ACTIVATION).activation is OWN_ACTIVATION
    assert Dense(3, bias_init=OWN_INITIALIZER).bias_init is OWN_INITIALIZER


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("normal(0.58)", normal(0.58)),
        ("normal(1)", normal(1.0)),
        (" uniform( 1e-3 ) ", uniform(0.001)),
        ("uniform(0)", uniform(0.0)),
        *INITIALIZERS.items(),
    ],
)
def test_initializer_names_are_read(name, expected):
    """A name may carry its scale, and the name of what it gives reads as the same again."""
    assert expected == as_initializer(name)
    assert expected == as_initializer(as_initializer(name).name)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "golrot",
            r"^Unknown initialiser 'golrot'\. Did you mean 'glorot'\? The choices are: zeros, glorot,.*normal\(…\)",
        ),
        ("normal", r"^Unknown initialiser 'normal'\. Did you mean 'normal\(…\)'\?"),
        ("glorot(2)", r"^Unknown initialiser 'glorot\(2\)'\. Did you mean 'glorot'\?"),
        ("normal(wide)", r"^normal needs one number, as in normal\(0\.5\), got 'normal\(wide\)'\.$"),
        ("uniform()", r"^uniform needs one number, as in uniform\(0\.5\), got 'uniform\(\)'\.$"),
        ("normal(0, 1)", r"^normal needs one number"),
        ("normal(-1)", r"^Cannot use 'normal\(-1\)': std must be a finite number ≥ 0, got -1\.0\.$"),
        ("normal(nan)", r"^Cannot use 'normal\(nan\)': std must be a finite number ≥ 0, got nan\.$"),
        ("uniform(inf)", r"^Cannot use 'uniform\(inf\)': bound must be a finite number ≥ 0, got inf\.$"),
        ("normal(0.5) + 1", r"^Unknown initialiser"),
        (None, r"^Unknown initialiser None\. The choices are"),
        (0.5, r"^Unknown initialiser 0\.5\. The choices are"),
    ],
)
def test_bad_initializer_is_refused(name, sentence):
    """A name that is unknown, or whose scale cannot be one, is refused, for weights and biases alike."""
    for role in ("weight_init", "bias_init"):
        with pytest.raises(InvalidValue, match=sentence):
            Dense(1, **{role: name})


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"n_outputs": 0}, r"^n_outputs must be a whole number ≥ 1, got 0\.$"),
        ({"n_outputs": 2.0}, r"^n_outputs must be a whole number ≥ 1, got 2\.0\.$"),
        ({"n_outputs": True}, r"^n_outputs must be a whole number ≥ 1, got True\.$"),
        ({"n_outputs": "3"}, r"^n_outputs must be a whole number ≥ 1, got '3'\.$"),
        (
            {"activation": "sigmod"},
            r"^Unknown activation 'sigmod'\. Did you mean 'sigmoid'\? The choices are: identity,",
        ),
        ({"activation": None}, r"^Unknown activation None\. The choices are"),
        ({"activation": np.tanh}, r"^Unknown activation <ufunc 'tanh'>\."),
        ({"bias": "no"}, r"^bias must be True or False, got 'no'\.$"),
        ({"bias": None}, r"^bias must be True or False, got None\.$"),
    ],
)
def test_bad_argument_is_refused(arguments, sentence):
    """What a layer cannot be is refused by a sentence with the argument's name."""
    with pytest.raises(InvalidValue, match=sentence):
        Dense(**{"n_outputs": 3, **arguments})


def test_numpy_sizes_become_python_ones():
    """A width and a flag from NumPy are stored as int and bool, so that they print and pickle as such."""
    layer = Dense(np.int64(3), bias=np.bool_(False))

    assert (int, bool) == (type(layer.n_outputs), type(layer.bias))


def test_equality_is_by_parts():
    """Layers are equal when all their parts are, and hash alike."""
    parts = {"n_outputs": 3, "activation": "tanh", "bias": True, "weight_init": "normal(0.5)", "bias_init": "zeros"}
    others = {"n_outputs": 4, "activation": "relu", "bias": False, "weight_init": "he", "bias_init": "normal(1)"}

    assert Dense(**parts) == Dense(**parts)
    assert len({Dense(**parts), Dense(**parts)}) == 1
    for name, other in others.items():
        assert Dense(**parts) != Dense(**{**parts, name: other})


def test_layer_is_frozen():
    """Nobody edits a layer."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        Dense(3).n_outputs = 4


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_pickle_returns_an_equal_layer(activation):
    """A layer of built-in parts comes back from a pickle equal to what went in."""
    layer = Dense(3, activation, bias=False, weight_init="normal(0.58)", bias_init="uniform(0.1)")

    assert layer == pickle.loads(pickle.dumps(layer))  # noqa: S301  # our own bytes
