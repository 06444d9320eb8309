"""Whatever code returns is read as loss, outputs and blocks: by name, by order, by shape."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule import Dense, Network
from chainrule.check.returned_values import as_items, as_outputs, readings

NET = Network([Dense(3, "tanh"), Dense(2, "softmax")], 4, "cross_entropy")
NAMES = ["W1", "b1", "W2", "b2"]


def blocks():
    """Blocks in which every number is another one."""
    theta = np.arange(1.0, NET.n_parameters + 1)
    (W1, b1), (W2, b2) = NET.views(theta)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, theta


def found(gradients):
    """Whether one of the readings is the blocks."""
    right, _ = blocks()
    return any(all(np.array_equal(one[name], right[name]) for name in NAMES) for one in readings(NET, gradients))


def ways():
    B, theta = blocks()
    W1, b1, W2, b2 = B.values()
    up, down = (np.vstack([W1, b1]), np.vstack([W2, b2])), (np.vstack([b1, W1]), np.vstack([b2, W2]))
    return {
        "in order": [W1, b1, W2, b2],
        "weights, then biases": [W1, W2, b1, b2],
        "nested": ([W1, W2], [b1, b2]),
        "by layer": [(W1, b1), (W2, b2)],
        "backward": [W2, b2, W1, b1],
        "biases first": [b1, W1, b2, W2],
        "transposed": [W1.T, b1, W2.T, b2],
        "one transposed": [W1.T, b1, W2, b2],
        "biases as columns": [W1, b1[:, None], W2, b2[:, None]],
        "by name": {"db2": b2, "dW2": W2, "db1": b1, "dW1": W1},
        "by name, underscored, from 0": {"grad_b_1": b2, "grad_w_1": W2, "grad_b_0": b1, "grad_w_0": W1},
        "lists by name": {"W": [W1, W2], "b": [b1, b2]},
        "augmented": up,
        "augmented, bias first": down,
        "augmented, transposed": [one.T for one in up],
        "augmented, backward": up[::-1],
        "flat": theta,
        "flat, a unit at a time": np.concatenate([one.T.ravel() for one in up]),
        "flat, columns first": np.concatenate([one.ravel(order="F") for one in B.values()]),
        "with more beside": [np.ones((7, 9)), W1, b1, W2, b2],
    }


@pytest.mark.parametrize("way", ways())
def test_arrays_are_read(way):
    """One of the readings gives every block its numbers."""
    assert found(ways()[way])


def test_what_came_is_not_changed():
    """Reading copies nothing back: the arrays are what they were."""
    given = ways()["transposed"]
    before = [one.copy() for one in given]
    list(readings(NET, given))
    assert all(np.array_equal(one, other) for one, other in zip(given, before, strict=True))


@pytest.mark.parametrize(
    "other", [None, "dW", [], {}, [np.ones(3)], np.ones(5), [None, "a"], np.array(["a"])], ids=repr
)
def test_what_is_no_gradient_has_no_reading(other):
    """Words, nothing, and arrays of other sizes are read as nothing."""
    assert list(readings(NET, other)) == []


def test_items_keep_their_names_and_become_float64():
    """float32 and whole numbers become float64; a list in a dict is numbered."""
    items = as_items({"W": [np.ones(2, np.float32), np.ones(3, int)], "b": np.ones(1)})
    assert [(name, array.dtype, array.shape) for name, array in items] == [
        ("W1", np.float64, (2,)),
        ("W2", np.float64, (3,)),
        ("b", np.float64, (1,)),
    ]


def test_outputs_may_be_columns():
    """Samples as columns are turned; other shapes are no outputs."""
    Y = np.arange(10.0).reshape(5, 2)
    np.testing.assert_array_equal(as_outputs(NET, Y.T, 5), Y)
    assert as_outputs(NET, None, 5) is None
    assert as_outputs(NET, np.ones(7), 5) is None
