"""Accuracy: how outputs are read as classes, for every way of coding them."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule as cr
from chainrule import Dense, InvalidValue, Network
from chainrule.training.accuracy import DecisionRule, decision


def net(activation="identity", n_outputs=1, loss="half_squared_error"):
    return Network([Dense(n_outputs, activation)], n_features=1, loss=loss)


def column(*values):
    return np.array(values, dtype=float)[:, np.newaxis]


SIGNED, HALF, LARGEST = DecisionRule(0.0, (-1.0, 1.0)), DecisionRule(0.5), DecisionRule(None)


@pytest.mark.parametrize(
    ("network", "T", "expected"),
    [
        (net("sigmoid", loss="log_loss"), column(0, 1, 1), HALF),
        (net("sigmoid", loss="log_loss"), column(0, 0), HALF),
        (net("sigmoid", loss="log_loss"), column(1, 1), HALF),
        (net("sigmoid", 3, "log_loss"), np.eye(3), LARGEST),
        (net("sigmoid", 2, "log_loss"), np.array([[1.0, 1.0], [0.0, 1.0]]), HALF),
        (net("sigmoid", 2, "log_loss"), np.zeros((3, 2)), HALF),
        (net("softmax", 3, "cross_entropy"), np.eye(3), LARGEST),
        (net("softmax", 3, "cross_entropy"), np.eye(3)[[1, 1]], LARGEST),
        (net("identity", loss="perceptron"), column(-1, 1), SIGNED),
        (net("identity", loss="perceptron"), column(1, 1), SIGNED),
        (net("identity", loss="perceptron"), column(-1, -1), SIGNED),
        (net("identity", 2, "perceptron"), np.array([[-1.0, 1.0], [1.0, 1.0]]), SIGNED),
        (net("tanh"), column(-1, 1), SIGNED),
        (net("tanh"), column(1, 1), SIGNED),
        (net("tanh"), column(-1), SIGNED),
        (net("tanh"), column(0, 1), HALF),
        (net("tanh"), column(0, 0), HALF),
        (net("identity"), column(0, 1), HALF),
        (net("identity"), column(1, 1), HALF),
        (net("identity"), column(-1, 1), SIGNED),
        (net("relu"), column(0, 1), HALF),
        (net("identity", 3), np.eye(3), LARGEST),
    ],
)
def test_targets_and_output_tell_how_classes_are_read(network, T, expected):
    """One-hot rows mean the largest output, 0 and 1 the boundary ½, −1 and +1 the boundary 0."""
    assert expected == decision(network, T)


@pytest.mark.parametrize(
    "T",
    [
        column(0.5, 1),
        column(0, 1, 2),
        column(-1, 0, 1),
        np.array([[0.3, 0.7]]),
        np.array([[2.0, -1.0]]),
    ],
)
def test_targets_that_are_no_classes_are_refused(T):
    """Of a regression there is no accuracy, and a sentence says what there would be one of."""
    with pytest.raises(InvalidValue) as refused:
        cr.accuracy(net("identity", T.shape[1]), np.zeros(2 * T.shape[1]), np.zeros((len(T), 1)), T)

    assert (
        str(refused.value)
        == "Accuracy needs class targets: one-hot rows, 0 and 1, or -1 and +1. These are other numbers."
    )


@pytest.mark.parametrize(
    ("how", "Y", "labels"),
    [
        (HALF, column(0.2, 0.5, 0.51, -3, 7), column(0, 0, 1, 0, 1)),
        (SIGNED, column(-0.1, 0.0, 0.1), column(-1, -1, 1)),
        (LARGEST, np.array([[0.1, 0.7, 0.2], [3.0, 2.0, 1.0], [0.5, 0.0, 0.5]]), np.array([1, 0, 0])),
        (HALF, np.array([[0.9, 0.1], [0.2, 0.8]]), np.array([[1, 0], [0, 1]])),
        (LARGEST, column(0.3, 0.9), np.array([0, 0])),
    ],
)
def test_labels_are_read_off_the_outputs(how, Y, labels):
    """An output on the boundary belongs to the lower class, of two equal outputs the first is the largest."""
    np.testing.assert_array_equal(labels, how.labels(Y))


@pytest.mark.parametrize(
    ("how", "Y", "T", "expected"),
    [
        (HALF, column(0.9, 0.1, 0.9, 0.1), column(1, 0, 0, 0), 0.75),
        (SIGNED, column(3, -3), column(-1, 1), 0.0),
        (LARGEST, np.array([[0.5, 0.1], [0.2, 0.3]]), np.eye(2), 1.0),
        (HALF, np.array([[0.9, 0.9], [0.1, 0.9]]), np.array([[1, 0], [0, 1]]), 0.5),
        (HALF, column(0.7), column(1), 1.0),
    ],
)
def test_accuracy_is_the_share_of_samples_read_right(how, Y, T, expected):
    """A sample of several outputs is right when all of them are."""
    assert expected == how.accuracy(Y, T)


def test_not_a_number_is_not_read_right():
    """An output that is NaN is above no boundary."""
    assert HALF.labels(np.array([[np.nan]])).tolist() == [[0.0]]


def test_accuracy_is_taken_at_theta():
    """accuracy runs the network, and takes flat targets, truth values and lists."""
    network = net("sigmoid", loss="log_loss")
    for T in ([0, 1, 1, 0], [[0], [1], [1], [0]], np.array([False, True, True, False]), np.float32([0, 1, 1, 0])):
        assert cr.accuracy(network, [1, 0], [[-1], [2], [3], [4]], T) == 0.75
    assert isinstance(cr.accuracy(network, [1, 0], [[-1]], [0]), float)


@pytest.mark.parametrize("batch_size", [None, 7])
@pytest.mark.parametrize("dropout", [0.0, 0.5])
@pytest.mark.parametrize("engine", ["textbook", "compiled"])
def test_accuracy_of_an_epoch_is_of_all_samples_and_all_units(batch_size, dropout, engine):
    """Not of the last batch, and not of the units that an update has left."""
    X, T = cr.datasets.blobs(40, centers=[[-1, 0], [1, 0]], std=1.0, random_state=0)
    network = Network([Dense(4, "tanh", dropout=dropout), Dense(1, "sigmoid")], n_features=2, loss="log_loss")
    seen = []
    cr.train(network, X, T, max_epochs=5, batch_size=batch_size, engine=engine, random_state=0, callback=lambda epoch:
             seen.append((epoch.accuracy, cr.accuracy(network, epoch.theta, X, T))))  # fmt: skip
    assert len(seen) == 5
    assert all(told == measured for told, measured in seen)


def test_accuracy_refuses_what_the_network_refuses():
    """Shapes and targets are held against the network."""
    network = net("sigmoid", loss="log_loss")
    with pytest.raises(InvalidValue, match="X has 2 rows and T has 1"):
        cr.accuracy(network, [1, 0], [[1], [2]], [1])
    with pytest.raises(InvalidValue, match=r"theta must have shape \(2,\)"):
        cr.accuracy(network, [1], [[1], [2]], [1, 0])
    with pytest.raises(InvalidValue, match="needs targets between 0 and 1"):
        cr.accuracy(network, [1, 0], [[1], [2]], [-1, 1])
    with pytest.raises(InvalidValue, match="One-hot encode class labels"):
        cr.accuracy(net("softmax", 3, "cross_entropy"), np.zeros(6), [[1], [2]], [0, 2])
