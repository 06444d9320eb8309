"""Network: its table, when two are the same, and what is no network."""

from __future__ import annotations

import dataclasses
import pickle
from itertools import cycle

import numpy as np
import pytest
from tests.network.cases import OWN_ACTIVATION, OWN_LOSS, admissible_outputs

from chainrule import Activation, Dense, Loss, Network
from chainrule.errors import InvalidValue
from chainrule.maths.activations import ACTIVATIONS
from chainrule.maths.losses import LOSSES


def small(loss="log_loss", n_features=2, bias=False, width=10):
    return Network([Dense(width, "sigmoid"), Dense(1, "sigmoid", bias)], n_features, loss)


# --- the table ------------------------------------------------------------------------------------------------------


def test_repr_is_a_table():
    """The text names layers, shapes and parameters, numbers to the right, and the total."""
    assert repr(small()).splitlines() == [
        "Network: 2 features -> 10 sigmoid -> 1 sigmoid, loss log_loss",
        "layer  activation  W        b      parameters",
        "1      sigmoid     (2, 10)  (10,)          30",
        "2      sigmoid     (10, 1)  none           10",
        "total                                      40",
    ]


def test_table_widens_with_its_cells():
    """A long name or a wide layer moves the columns, and one feature is singular."""
    long = dataclasses.replace(OWN_ACTIVATION, name="a very long activation")
    lines = repr(Network([Dense(1000, long), Dense(1)], n_features=1)).splitlines()

    assert lines[0] == "Network: 1 feature -> 1000 a very long activation -> 1 identity, loss half_squared_error"
    assert lines[2] == "1      a very long activation  (1, 1000)  (1000,)        2000"
    assert len({len(line) for line in lines[1:]}) == 1


def test_html_is_a_table():
    """The notebook's table has a row a layer and the total."""
    page = small()._repr_html_()

    assert page.count("<tr>") == 4
    assert "<td>2</td><td>sigmoid</td><td>(10, 1)</td><td>none</td><td>10</td>" in page
    assert "<caption>Network: 2 features -&gt; 10 sigmoid -&gt; 1 sigmoid, loss log_loss</caption>" in page


def test_html_escapes_names():
    """Names of the user's own run nothing in a notebook."""
    bold = dataclasses.replace(OWN_ACTIVATION, name="<b>")
    script = dataclasses.replace(OWN_LOSS, name="<script>&")

    page = Network([Dense(1, bold)], 2, script)._repr_html_()

    assert "<b>" not in page
    assert "<script>" not in page
    assert "<td>&lt;b&gt;</td>" in page
    assert "loss &lt;script&gt;&amp;" in page


# --- equality -------------------------------------------------------------------------------------------------------


def test_equality_is_by_layers_features_and_loss():
    """Networks are equal when layers, number of features and loss are, and hash alike."""
    assert small() == small()
    assert len({small(), small()}) == 1
    for other in (small("half_squared_error"), small(n_features=3), small(bias=True), small(width=9)):
        assert small() != other


@pytest.mark.parametrize(("activation", "loss"), list(zip(ACTIVATIONS, cycle(LOSSES), strict=False)))
def test_pickle_returns_an_equal_network(loss, activation):
    """A network of built-in parts comes back from a pickle equal, and gives the same numbers."""
    net = Network([Dense(3, activation), Dense(2, admissible_outputs(LOSSES[loss], 2)[0])], 2, loss)

    again = pickle.loads(pickle.dumps(net))  # noqa: S301  # our own bytes

    theta = net.initial_theta(0)
    assert net == again
    assert (net.n_parameters, net.fused, repr(net)) == (again.n_parameters, again.fused, repr(again))
    assert net.predict(theta, [[1.0, -1.0]]).tolist() == again.predict(theta, [[1.0, -1.0]]).tolist()


def test_network_is_frozen():
    """A network holds no state, and nobody edits it."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        small().n_features = 3


def test_list_of_layers_may_change_afterwards():
    """The layers are copied into a tuple."""
    layers = [Dense(2), Dense(1)]
    net = Network(layers, n_features=2)

    layers.clear()

    assert isinstance(net.layers, tuple)
    assert len(net.layers) == 2


def test_layers_may_be_any_sequence():
    """A tuple or a generator of layers will do."""
    assert Network((Dense(1),), 2) == Network((Dense(1) for _ in range(1)), 2) == Network([Dense(1)], 2)


# --- what is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "layers",
    [[], None, Dense(1), [Dense(1), None], [3, 1], "Dense", [Dense]],
    ids=["none", "None", "one", "a hole", "numbers", "text", "class"],
)
def test_what_is_no_stack_is_refused(layers):
    """Layers are a list of at least one Dense."""
    with pytest.raises(InvalidValue, match=r"^layers must be a list of at least one Dense, from the first hidden"):
        Network(layers, n_features=2)


@pytest.mark.parametrize("n_features", [0, -1, 2.0, None, True, "2"])
def test_unusable_number_of_features_is_refused(n_features):
    """The number of columns of X is a whole number from one up."""
    with pytest.raises(InvalidValue, match=r"^n_features must be a whole number ≥ 1, got "):
        Network([Dense(1)], n_features)


@pytest.mark.parametrize(
    ("loss", "sentence"),
    [
        ("logloss", r"^Unknown loss 'logloss'\. Did you mean 'log_loss'\? The choices are: half_squared_error, "),
        (None, r"^Unknown loss None\. The choices are"),
    ],
)
def test_unknown_loss_is_refused(loss, sentence):
    """A loss is one of the names, or a Loss."""
    with pytest.raises(InvalidValue, match=sentence):
        Network([Dense(1)], 2, loss)


@pytest.mark.parametrize(
    ("activation", "loss", "sentences"),
    [
        (
            "tanh",
            "log_loss",
            (
                "Cannot use loss 'log_loss' on tanh: it needs independent probabilities, and tanh gives numbers",
                "between -1 and 1. Last activations for this loss: sigmoid; losses for this activation: half_squared",
            ),
        ),
        (
            "softmax",
            "log_loss",
            (
                "Cannot use loss 'log_loss' on softmax: it needs independent probabilities, and softmax gives",
                "distributions (rows that sum to one). Last activations for this loss: sigmoid;",
                "losses for this activation: half_squared_error, cross_entropy, perceptron",
            ),
        ),
        (
            "sigmoid",
            "cross_entropy",
            (
                "Cannot use loss 'cross_entropy' on sigmoid: it needs distributions (rows that sum to one), and",
                "sigmoid gives independent probabilities. Last activations for this loss: softmax;",
                "losses for this activation: half_squared_error, log_loss, perceptron",
            ),
        ),
    ],
)
def test_refusal_names_the_way_out(activation, loss, sentences):
    """A pair that does not go together is refused by a sentence that names what would, both ways."""
    with pytest.raises(InvalidValue) as refusal:
        Network([Dense(3, activation)], 2, loss)

    assert str(refusal.value).startswith(" ".join(sentences))


@pytest.mark.parametrize("loss", ["cross_entropy", "half_squared_error"])
def test_softmax_on_one_output_is_refused(loss):
    """One softmax output is always 1, whatever the loss."""
    with pytest.raises(InvalidValue) as refusal:
        Network([Dense(1, "softmax")], 2, loss)

    sentence = "Cannot use softmax on one output: it is always 1. Use sigmoid, or one output a class."
    assert sentence == str(refusal.value)


def test_activation_of_ones_own_must_declare_its_range():
    """One's own activation gives real numbers unless it says otherwise; then log_loss takes it."""
    squash = {"forward": lambda Z: 1 / (1 + abs(Z)), "backward": lambda dA, Z, A: dA}
    with pytest.raises(InvalidValue, match=r"^Cannot use loss 'log_loss' on own: it needs independent probabilities"):
        Network([Dense(1, Activation("own", **squash))], 2, "log_loss")

    narrow = Activation("own", **squash, range=ACTIVATIONS["sigmoid"].range)
    assert Network([Dense(1, narrow)], 2, "log_loss").fused is None


def test_loss_of_ones_own_must_give_one_value_a_sample():
    """A loss that averages by itself, or keeps its outputs apart, is refused when it is asked."""
    for value, shape in ((lambda Y, T: (Y - T).mean(), r"\(\)"), (lambda Y, T: Y - T, r"\(3, 1\)")):
        net = Network([Dense(1)], 1, Loss("own", value, lambda Y, T: Y - T))
        with pytest.raises(
            InvalidValue, match=rf"^The value of the loss 'own' must give an array of shape \(3,\), got {shape}"
        ):
            net.data_loss([1.0, 0.0], [[1.0], [2.0], [3.0]], [1.0, 2.0, 3.0])


def test_parts_of_ones_own_must_keep_their_shapes():
    """An own activation or loss gradient of another shape is named instead of broadcast, also where N = n_outputs."""
    X, T = np.eye(2), np.eye(2)
    summing = Activation("summing", lambda Z: Z.sum(axis=1), lambda dA, Z, A: dA)
    with pytest.raises(
        InvalidValue, match=r"The activation 'summing' must give an array of shape \(2, 3\), got \(2,\)"
    ):
        Network([Dense(3, summing)], 2).predict(np.zeros(9), X)
    flat = Loss("flat", lambda Y, T: ((Y - T) ** 2).sum(axis=1), lambda Y, T: (Y - T).sum(axis=1))
    net = Network([Dense(2)], 2, flat)
    with pytest.raises(InvalidValue, match=r"The gradient of the loss 'flat' must give .* \(2, 2\), got \(2,\)"):
        net.objective(X, T)(np.zeros(6))
