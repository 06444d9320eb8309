"""Dropout: masks that are a hash, passes that use them, a derivation that shows them, and training that draws them."""

from __future__ import annotations

import numpy as np
import pytest
from tests.network.cases import make_case

import chainrule as cr
from chainrule import Dense, InvalidValue, Network, derive
from chainrule.network.derivation import evaluate, given_values
from chainrule.network.dropout import draw_mask, draw_masks

WORD = 2**64
PINNED = "fd7057b84fff8acb"
NET = Network(
    [Dense(4, "tanh", dropout=0.5), Dense(3, "sigmoid"), Dense(5, "softplus", dropout=0.25), Dense(2)],
    n_features=3,
    input_dropout=0.2,
)
CASE = make_case(NET, 6, np.random.RandomState(0))
MASKS = draw_masks(NET, 6, seed=1, step=2)


def loss_under(theta, X, masks=MASKS):
    """Return the weighted mean loss of a forward pass with these masks."""
    return float(CASE.shares @ NET.loss.value(NET.forward(theta, X, masks).Y, CASE.T))


def differences(function, point, h=1e-6):
    """Return the gradient of a function by central differences, in the shape of the point."""
    slopes = np.empty_like(point)
    for place in np.ndindex(point.shape):
        step = np.zeros_like(point)
        step[place] = h
        slopes[place] = (function(point + step) - function(point - step)) / (2 * h)
    return slopes


# --- masks --------------------------------------------------------------------------------------------------------


def hashed(word):
    """splitmix64's finalizer in Python's whole numbers."""
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9 % WORD
    word = (word ^ (word >> 27)) * 0x94D049BB133111EB % WORD
    return word ^ (word >> 31)


@pytest.mark.parametrize(("seed", "step", "layer"), [(0, 0, 0), (7, 3, 1), (2**64 - 1, 10**9, 40)])
def test_mask_is_the_hash_of_its_place(seed, step, layer):
    """Every element is what whole numbers of any length say, written out once more without NumPy."""
    golden, key = 0x9E3779B97F4A7C15, 0
    for part in (seed, step, layer):
        key = hashed(((key ^ part) + golden) % WORD)
    words = [hashed((key + (i + 1) * golden) % WORD) for i in range(15)]
    expected = [0.0 if (word >> 11) / 2**53 < 0.3 else 1 / 0.7 for word in words]

    assert draw_mask(0.3, (5, 3), seed, step, layer).ravel().tolist() == expected


def test_masks_never_change():
    """These bits are the contract with every engine and every later version."""
    words = "".join("01"[int(value > 0)] for value in draw_mask(0.5, (4, 16), seed=2026, step=5, layer=2).ravel())

    assert f"{int(words, 2):016x}" == PINNED


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_share_dropped_is_the_rate_and_the_mean_is_one(rate):
    """Of 90 000 elements the dropped share is p within four standard deviations, and the others are 1/(1 − p)."""
    mask = draw_mask(rate, (300, 300), seed=0, step=0, layer=0)

    assert set(np.unique(mask)) == {0.0, 1.0 / (1.0 - rate)}
    assert abs((mask == 0).mean() - rate) < 4 * np.sqrt(rate * (1 - rate) / 90_000)


def test_neighbours_have_nothing_to_do_with_each_other():
    """Masks of other seeds, steps and layers, and of neighbouring elements, agree in half of the places."""
    mask = draw_mask(0.5, (300, 300), 0, 0, 0) > 0
    others = [draw_mask(0.5, (300, 300), *place) > 0 for place in ((1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0))]

    for other in (*others, np.roll(mask, 1, axis=0), np.roll(mask, 1, axis=1)):
        assert abs((mask == other).mean() - 0.5) < 4 * 0.5 / 300


def test_masks_are_drawn_where_there_is_dropout_alone():
    """A network without dropout has no masks, a layer without has None, and float32 masks are float32."""
    assert draw_masks(Network([Dense(2), Dense(1)], n_features=3), 6, 0, 0) == ()
    assert [None if mask is None else mask.shape for mask in MASKS] == [(6, 3), (6, 4), None, (6, 5)]
    assert draw_masks(NET, 6, 0, 0, np.float32)[0].dtype == np.float32


# --- passes -------------------------------------------------------------------------------------------------------


def test_next_layer_is_fed_what_is_not_dropped():
    """Z = (A ⊙ M) W + b, while A itself keeps all its units."""
    trace = NET.forward(CASE.theta, CASE.X, MASKS)

    assert trace.A[0] is CASE.X
    for l, (W, b) in enumerate(NET.views(CASE.theta)):  # noqa: E741  # l is the layer in every text
        fed = trace.A[l] if MASKS[l] is None else trace.A[l] * MASKS[l]
        np.testing.assert_array_equal(fed, trace.fed(l))
        np.testing.assert_allclose(fed @ W + b, trace.Z[l], rtol=1e-14)


def test_gradient_under_masks_matches_central_differences():
    """With fixed masks backward is the derivative by theta, and dA[0] that by X."""
    grads = NET.backward(CASE.theta, NET.forward(CASE.theta, CASE.X, MASKS), CASE.T, CASE.sample_weight)

    by_theta = differences(lambda theta: loss_under(theta, CASE.X), CASE.theta)
    by_X = differences(lambda X: loss_under(CASE.theta, X), CASE.X)

    np.testing.assert_allclose(grads.theta, by_theta, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(grads.dA[0], by_X, rtol=1e-6, atol=1e-9)
    assert (grads.dA[0][MASKS[0] == 0] == 0).all()


def test_masks_of_one_change_nothing():
    """Masks full of ones are no dropout, and so are no masks: to the bit."""
    ones = [np.ones((6, width)) for width in (3, 4, 3, 5)]
    plain = NET.forward(CASE.theta, CASE.X)

    for masks in (ones, [None] * 4, (), None):
        np.testing.assert_array_equal(plain.Y, NET.forward(CASE.theta, CASE.X, masks).Y)


def test_prediction_and_objective_drop_nothing():
    """predict and objective are those of the same network without dropout."""
    layers = [Dense(4, "tanh"), Dense(3, "sigmoid"), Dense(5, "softplus"), Dense(2)]
    plain = Network(layers, n_features=3)

    np.testing.assert_array_equal(plain.predict(CASE.theta, CASE.X), NET.predict(CASE.theta, CASE.X))
    assert plain.objective(CASE.X, CASE.T)(CASE.theta)[0] == NET.objective(CASE.X, CASE.T)(CASE.theta)[0]


def test_mean_over_masks_is_the_prediction_of_a_linear_network():
    """Inverted scaling keeps the expectation: over 4000 steps the mean output of a linear network is its prediction."""
    net = Network([Dense(8, dropout=0.4), Dense(1)], n_features=2, input_dropout=0.2)
    theta, x = net.initial_theta(0), np.array([[1.0, -2.0]])
    outputs = [net.forward(theta, x, draw_masks(net, 1, 0, step)).Y.item() for step in range(4000)]

    assert abs(np.mean(outputs) - net.predict(theta, x).item()) < 4 * np.std(outputs) / np.sqrt(4000)


# --- derivation ---------------------------------------------------------------------------------------------------


def test_derivation_evaluates_to_the_passes_under_masks():
    """The derivation has a line for each mask, forward and backward, and finds the numbers of the two loops."""
    steps = derive(NET)
    given = given_values(NET, CASE.theta, CASE.X, CASE.T, CASE.shares, MASKS)
    values = evaluate(steps, given)
    trace = NET.forward(CASE.theta, CASE.X, MASKS)
    grads = NET.backward(CASE.theta, trace, CASE.T, CASE.sample_weight)

    lines = [str(step) for step in steps]
    assert [line for line in lines if "⊙ M" in line] == [
        "D0 = X ⊙ M0",
        "D1 = A1 ⊙ M1",
        "D3 = A3 ⊙ M3",
        "dA3 = dD3 ⊙ M3",
        "dA1 = dD1 ⊙ M1",
        "dX = dD0 ⊙ M0",
    ]
    for number in range(1, 5):
        np.testing.assert_allclose(trace.Z[number - 1], values[f"Z{number}"], rtol=1e-13)
        np.testing.assert_allclose(grads.dW[number - 1], values[f"dW{number}"], rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(grads.db[number - 1], values[f"db{number}"], rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(grads.dA[0], values["dX"], rtol=1e-12, atol=1e-15)
    for step in steps:
        assert tuple(6 if length == "N" else length for length in step.shape) == np.shape(values[step.symbol])


def test_derivation_without_masks_is_the_prediction():
    """Where no masks are given they are 1, as in a prediction."""
    values = evaluate(derive(NET), given_values(NET, CASE.theta, CASE.X, CASE.T, CASE.shares))

    np.testing.assert_allclose(NET.predict(CASE.theta, CASE.X), values["Y"], rtol=1e-13)


# --- training -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("batch_size", [None, 5])
def test_training_draws_new_masks_each_step(batch_size):
    """Losses of one epoch after another at a rate near 0 differ by their masks, and the same seed draws the same."""
    options = {"learning_rate": 1e-12, "max_epochs": 6, "batch_size": batch_size}
    X, T = cr.datasets.xor_easy()
    net = Network([Dense(6, "tanh", dropout=0.5), Dense(1, "sigmoid")], n_features=2, loss="log_loss")
    start = net.initial_theta(0)

    first, again, other = (cr.train(net, X, T, start, **options, random_state=seed) for seed in (0, 0, 1))

    assert len(set(first.history["loss"])) == 6
    np.testing.assert_array_equal(first.history["loss"], again.history["loss"])
    assert set(first.history["loss"]).isdisjoint(other.history["loss"])
    assert net.data_loss(first.theta, X, T) == first.loss


def test_training_is_descent_on_the_masked_loss():
    """The first steps of train are θ ← θ − η ∇ of the loss under the masks of those steps."""
    theta, seed = CASE.theta, int.from_bytes(np.random.RandomState(3).bytes(8), "little")
    for step in range(4):
        trace = NET.forward(theta, CASE.X, draw_masks(NET, 6, seed, step))
        theta = theta - 0.1 * NET.backward(theta, trace, CASE.T).theta

    run = cr.train(NET, CASE.X, CASE.T, CASE.theta, learning_rate=0.1, max_epochs=4, random_state=3)

    np.testing.assert_allclose(theta, run.theta, rtol=0, atol=1e-14)


def test_accuracy_of_an_epoch_is_that_of_the_whole_network():
    """Rules and callbacks see the accuracy of the network as it predicts."""
    X, T = cr.datasets.xor_easy()
    net = Network([Dense(3, "tanh", dropout=0.6), Dense(1, "sigmoid")], n_features=2, loss="log_loss")

    for epoch in cr.epochs(net, X, T, max_epochs=20, random_state=0):
        assert epoch.accuracy == cr.accuracy(net, epoch.theta, X, T)


def test_float32_is_kept_under_dropout():
    """A float32 theta is trained in float32."""
    run = cr.train(NET, CASE.X, CASE.T, CASE.theta.astype(np.float32), max_epochs=3, random_state=0)

    assert run.theta.dtype == np.float32


def test_network_without_dropout_draws_from_no_stream():
    """The order of mini-batches, and with it every older run, is as it was before there was dropout."""
    stream, untouched = np.random.RandomState(0), np.random.RandomState(0)

    cr.train(Network([Dense(2)], n_features=3), CASE.X, CASE.T, np.zeros(8), max_epochs=2, random_state=stream)

    assert stream.uniform() == untouched.uniform()


# --- what is said and kept ----------------------------------------------------------------------------------------


def test_table_names_the_rates():
    """The title says what drops how much."""
    title = repr(NET).splitlines()[0]

    assert title == (
        "Network: 3 features (dropout 0.2) -> 4 tanh (dropout 0.5) -> 3 sigmoid -> 5 softplus (dropout 0.25) "
        "-> 2 identity, loss half_squared_error"
    )


def test_saved_network_keeps_its_rates(tmp_path):
    """Dropout comes back from a file: the network is equal, and its rates are part of that."""
    cr.save(tmp_path / "net.safetensors", NET, CASE.theta)
    net, _ = cr.load(tmp_path / "net.safetensors")

    assert net == NET
    assert net.dropout_rates == (0.2, 0.5, 0.0, 0.25)
    assert Network(NET.layers, n_features=3) != NET


@pytest.mark.parametrize("method", ["L-BFGS-B", "levenberg-marquardt"])
def test_minimize_refuses_dropout(method):
    """SciPy's methods need one objective, and dropout has another in every step."""
    with pytest.raises(InvalidValue, match=f"Cannot use method='{method}' on a network with dropout"):
        cr.minimize(NET, CASE.X, CASE.T, method=method)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Dense(3, dropout=1), "dropout must be a number ≥ 0 and < 1, got 1."),
        (lambda: Dense(3, dropout=-0.1), "dropout must be a number ≥ 0 and < 1, got -0.1."),
        (
            lambda: Network([Dense(1)], n_features=2, input_dropout="half"),
            "input_dropout must be a number ≥ 0 and < 1, got 'half'.",
        ),
        (
            lambda: Network([Dense(1, dropout=0.5)], n_features=2),
            "Cannot use dropout=0.5 on the last layer: its outputs are the answer. Drop hidden units.",
        ),
        (
            lambda: NET.forward(CASE.theta, CASE.X, MASKS[:2]),
            (
                "masks must have 4 entries, for the inputs and every hidden layer, got 2. None stands where nothing is "
                "dropped."
            ),
        ),
        (
            lambda: NET.forward(CASE.theta, CASE.X, [None, np.ones((6, 3)), None, None]),
            "masks[1] must have shape (6, 4), got (6, 3).",
        ),
    ],
)
def test_unusable_dropout_is_refused(make, sentence):
    """Rates and masks say what they may be."""
    with pytest.raises(InvalidValue) as refused:
        make()

    assert sentence == str(refused.value)
