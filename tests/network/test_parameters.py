"""Parameters: how theta is laid out, that views are views, and in which order a start is drawn."""

from __future__ import annotations

import re

import numpy as np
import pytest

from chainrule import Dense, Initializer, Network
from chainrule.errors import InvalidValue

STACK = Network([Dense(3, "tanh"), Dense(2, "relu", bias=False), Dense(1)], n_features=2)  # 6 + 3, 6, 2 + 1


def numbered():
    """Return a theta that holds its own indices."""
    return np.arange(float(STACK.n_parameters))


def test_shapes_are_in_the_order_of_theta():
    """W1, b1, W2 and so on, no b where a layer has none, and n_parameters counts them."""
    assert list(STACK.shapes.items()) == [("W1", (2, 3)), ("b1", (3,)), ("W2", (3, 2)), ("W3", (2, 1)), ("b3", (1,))]
    assert STACK.n_parameters == 18


def test_layout_is_the_rows_of_W_then_b():
    """Layer by layer, row by row of W, then b."""
    (W1, b1), (W2, b2), (W3, b3) = STACK.views(numbered())

    assert W1.tolist() == [[0, 1, 2], [3, 4, 5]]
    assert b1.tolist() == [6, 7, 8]
    assert W2.tolist() == [[9, 10], [11, 12], [13, 14]]
    assert b2 is None
    assert W3.tolist() == [[15], [16]]
    assert b3.tolist() == [17]


def test_block_is_the_augmented_matrix():
    """A layer's block, reshaped, is S3's [W; b], and [X 1] [W; b] is its Z."""
    theta, X = numbered(), np.array([[1.0, -2.0], [0.5, 3.0]])
    augmented = theta[:9].reshape(3, 3)

    np.testing.assert_array_equal(np.hstack([X, np.ones((2, 1))]) @ augmented, STACK.forward(theta, X).Z[0])


@pytest.mark.parametrize(
    "theta",
    [np.zeros(18), np.zeros(36)[::2], np.zeros(18)[::-1], np.zeros((18, 3))[:, 1], np.zeros(18, dtype=np.float32)],
    ids=["contiguous", "strided", "reversed", "column", "float32"],
)
def test_views_write_through(theta):
    """Writing to a W or b writes to theta, a strided one included: nothing is copied."""
    for W, b in STACK.views(theta):
        assert np.shares_memory(theta, W)
        W[:] += 1
        if b is not None:
            assert np.shares_memory(theta, b)
            b[:] += 1

    assert theta.tolist() == [1.0] * 18


def test_views_of_read_only_theta_are_read_only():
    """Views may be read of a theta that may not be written."""
    theta = numbered()
    theta.flags.writeable = False

    assert not any(W.flags.writeable for W, _ in STACK.views(theta))


@pytest.mark.parametrize(
    ("theta", "sentence"),
    [
        ([0.0] * 18, r"^views needs theta as a NumPy array, got list: a copy could not be a view\.$"),
        (np.zeros(17), r"^theta must have shape \(18,\) for this network, got \(17,\)\.$"),
        (np.zeros((18, 1)), r"^theta must have shape \(18,\) for this network, got \(18, 1\)\.$"),
    ],
)
def test_unusable_theta_has_no_views(theta, sentence):
    """A list would be copied and a wrong size cut wrongly: both are refused."""
    with pytest.raises(InvalidValue, match=sentence):
        STACK.views(theta)


# --- the start ------------------------------------------------------------------------------------------------------


def test_start_is_drawn_in_the_order_of_theta():
    """W1, b1, W2, b2 … come from one stream, one call each."""
    layers = [Dense(3, weight_init="normal(0.5)", bias_init="normal(1)"), Dense(2, weight_init="uniform(0.2)")]
    stream = np.random.RandomState(5)

    expected = [stream.normal(0, 0.5, (2, 3)), stream.normal(0, 1, 3), stream.uniform(-0.2, 0.2, (3, 2)), np.zeros(2)]

    theta = Network(layers, n_features=2).initial_theta(random_state=5)
    assert np.concatenate([block.ravel() for block in expected]).tolist() == theta.tolist()


def test_start_of_S0_is_S0s():
    """S0's W, b, v of 50 hidden units come from the stream of seed 0 in its order, with its scales, bit for bit."""
    hidden = Dense(50, "relu", weight_init=f"normal({1 / 2.0**0.5!r})", bias_init="normal(1)")
    net = Network([hidden, Dense(1, bias=False, weight_init=f"normal({1 / 50**0.5!r})")], 2, loss="perceptron")
    stream = np.random.RandomState(0)
    W, b, v = stream.normal(0, 1 / 2.0**0.5, [2, 50]), stream.normal(0, 1, [50]), stream.normal(0, 1 / 50**0.5, [50])

    (W1, b1), (W2, b2) = net.views(net.initial_theta(np.random.RandomState(0)))

    assert W.tolist() == W1.tolist()
    assert b.tolist() == b1.tolist()
    assert v.tolist() == W2[:, 0].tolist()
    assert b2 is None


def test_start_goes_on_in_a_generator_that_is_given():
    """A generator is used as it is: the second start differs from the first, and both follow its seed."""
    generator = np.random.default_rng(1)

    first, second = STACK.initial_theta(generator), STACK.initial_theta(generator)

    assert first.tolist() != second.tolist()
    assert first.tolist() == STACK.initial_theta(np.random.default_rng(1)).tolist()


def test_start_leaves_the_global_stream_alone():
    """NumPy's global generator is neither read nor moved, not even without a random_state."""
    before = np.random.get_state()[1].copy()

    assert STACK.initial_theta().tolist() != STACK.initial_theta().tolist()
    np.testing.assert_array_equal(before, np.random.get_state()[1])


def test_float32_start_is_the_rounded_float64_one():
    """In float32 the draws are the same ones, rounded."""
    theta = STACK.initial_theta(0, dtype=np.float32)

    assert np.float32 == theta.dtype
    assert STACK.initial_theta(0).astype(np.float32).tolist() == theta.tolist()


@pytest.mark.parametrize("dtype", [int, np.float16, complex, "nosuch"])
def test_start_of_another_dtype_is_refused(dtype):
    """Networks compute in float32 or float64."""
    with pytest.raises(InvalidValue, match=f"^dtype must be float32 or float64, got {re.escape(repr(dtype))}\\.$"):
        STACK.initial_theta(0, dtype=dtype)


@pytest.mark.parametrize("random_state", [-1, 2**32, 0.5, "seed", True, np.random])
def test_unusable_random_state_is_refused(random_state):
    """A random_state is None, a seed that NumPy takes, or a generator."""
    with pytest.raises(InvalidValue, match=r"^random_state must be None, a whole number from 0 to 2\*\*32 - 1, or"):
        STACK.initial_theta(random_state)


def test_ones_own_initializer_sees_its_layer():
    """One's own gets the sizes of its layer for W and for b, and may return integers or lists."""
    sizes = Initializer("sizes", lambda generator, n_in, n_out, shape: np.full(shape, 10 * n_in + n_out).tolist())
    net = Network([Dense(3, weight_init=sizes, bias_init=sizes), Dense(1, weight_init=sizes)], n_features=2)

    theta = net.initial_theta(0)

    assert np.float64 == theta.dtype
    assert theta.tolist() == [23.0] * 9 + [31.0] * 3 + [0.0]


@pytest.mark.parametrize(
    ("layer", "sentence"),
    [
        ({"weight_init": (2, 3)}, r"^The initialiser 'own' drew shape \(2, 3\) for W1, not \(2, 4\)\.$"),
        ({"weight_init": (4, 2)}, r"^The initialiser 'own' drew shape \(4, 2\) for W1, not \(2, 4\)\.$"),
        ({"bias_init": (1, 4)}, r"^The initialiser 'own' drew shape \(1, 4\) for b1, not \(4,\)\.$"),
        ({"bias_init": ()}, r"^The initialiser 'own' drew shape \(\) for b1, not \(4,\)\.$"),
    ],
)
def test_ones_own_initializer_must_keep_the_shape(layer, sentence):
    """A draw of another shape is refused, and the sentence names the block: nothing is broadcast or turned."""
    owns = {
        role: Initializer("own", lambda g, n_in, n_out, shape, drawn=drawn: np.ones(drawn))
        for role, drawn in layer.items()
    }

    with pytest.raises(InvalidValue, match=sentence):
        Network([Dense(4, **owns)], n_features=2).initial_theta(0)
