"""What became of a training: eight outcomes, each told from runs that really have it, and dead units."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from chainrule import Dense, Network, Run, labs
from chainrule.labs.outcomes import collapsed, constant_loss, dead_units, outcome
from chainrule.labs.task import Task
from chainrule.training.stopping import loss_below

X = np.array([[-2.0], [-1.0], [1.0], [2.0]])
T = np.array([[0.0], [0.0], [1.0], [1.0]])
NET = Network([Dense(1, "sigmoid")], n_features=1, loss="log_loss")
RIGHT, WRONG, FLAT = np.array([5.0, 0.0]), np.array([-5.0, 0.0]), np.zeros(2)


def task(**training):
    """A task of four points, without a rule for stopping unless one is given."""
    return Task("four", NET, FLAT, X, T, training={"max_epochs": 100, **training})


def run(theta, losses, status="max_epochs", message="The word."):
    """A run that ended at theta after these losses."""
    return Run(theta, {"loss": np.asarray(losses)}, status, message, NET.data_loss(theta, X, T), len(losses))


FALLING, LEVEL = np.geomspace(5.0, 0.01, 100), np.full(100, 5.1)


@pytest.mark.parametrize(
    ("expected", "given", "made"),
    [
        ("converged", task(stop=[loss_below(0.1)]), run(RIGHT, FALLING, "converged")),
        ("done", task(), run(RIGHT, FALLING)),
        ("not finished", task(stop=[loss_below(1e-9)]), run(RIGHT, FALLING)),
        ("not finished", replace(task(), method="L-BFGS-B"), run(RIGHT, FALLING)),
        ("stuck", task(), run(WRONG, LEVEL + 5)),
        ("stuck", task(stop=[loss_below(0.1)]), run(WRONG, LEVEL + 5)),
        ("fell short", task(), run(WRONG, 10 * FALLING)),
        ("done", replace(task(), reachable=None), run(WRONG, 10 * FALLING)),
        ("done", replace(task(), reachable=None), run(WRONG, LEVEL + 5)),
        ("diverged", task(), run(RIGHT, [1.0], "non_finite")),
        ("diverged", task(), run(WRONG, [0.5, *LEVEL])),
        ("collapsed", task(), run(FLAT, FALLING)),
        ("collapsed", task(), run(FLAT, FALLING, "failed")),
        ("collapsed", task(), run(np.array([0.0, 9.0]), FALLING)),
        ("failed", task(), run(RIGHT, FALLING, "failed")),
        ("interrupted", task(), run(RIGHT, FALLING, "stopped")),
        ("done", task(), run(RIGHT, [])),
    ],
)
def test_each_outcome_is_told_apart(expected, given, made):
    """Status, losses and answers together name what became of a run, in a word and a sentence."""
    found = outcome(given, made)

    assert expected == found.name
    assert found.sentence.endswith(".")


def test_one_leap_at_the_end_is_no_divergence():
    """A loss that was low all along and leaps in the last epoch alone has not diverged."""
    assert outcome(task(), run(WRONG, np.full(100, 0.5))).name == "stuck"


def test_classes_that_are_all_the_same_do_not_collapse():
    """Where there is one class, a constant answer is right."""
    one = replace(task(), T=np.zeros((4, 1)))

    assert not collapsed(one, run(FLAT, FALLING))


def test_the_best_constant_is_no_worse_than_any_other():
    """No constant answer has a smaller loss than the mean of T, for each loss that says so."""
    one_hot = np.eye(3)[[0, 0, 1, 2, 2, 2]]
    for net, targets in (
        (NET, T),
        (Network([Dense(1)], 1, "half_squared_error"), T),
        (Network([Dense(3, "softmax")], 1, "cross_entropy"), one_hot),
    ):
        best = constant_loss(net, targets)
        for answer in np.random.RandomState(0).dirichlet(np.ones(max(2, net.n_outputs)), 50)[:, : net.n_outputs]:
            Y = np.broadcast_to(answer, targets.shape)
            assert best <= net.loss.value(Y, targets).mean() + 1e-12


def test_no_best_constant_is_claimed_for_other_losses():
    """The perceptron loss has no best constant answer worth the name; equal outputs are still a collapse."""
    net = Network([Dense(1)], 1, "perceptron")
    dead = Task("dead", net, FLAT, X, 2 * T - 1, training={"max_epochs": 1})

    assert constant_loss(net, T) is None
    assert collapsed(dead, replace(run(FLAT, FALLING), loss=0.0))


def test_dead_units_are_counted_layer_by_layer():
    """Only units of ReLU layers can be dead, and each layer has its own count."""
    net = Network([Dense(3, "relu"), Dense(2, "tanh"), Dense(4, "relu"), Dense(1)], n_features=1)
    theta = np.ones(net.n_parameters)
    weights = net.views(theta)
    weights[0][1][:2] = -99.0
    weights[2][0][:] = -99.0
    weights[2][1][:3] = -999.0
    weights[2][1][3] = 999.0

    assert dead_units(net, theta, X) == [2, 0, 3]


def test_results_say_what_became_of_each_run_and_how_it_reads():
    """results.json has outcome, cap, network, training, confusion and the first predictions of each run."""
    [done] = labs.load("xor").run(0, data_sets="linear", epochs=30).results
    said = done.to_dict()

    assert said["outcome"]["name"] == done.outcome.name
    assert (said["cap"], said["n_train"], said["n_test"]) == (30, 100, 100)
    assert said["training"] == {
        "method": None, "optimizer": "sgd", "learning_rate": 0.3, "batch_size": None, "epochs": 30,
    }  # fmt: skip
    counts = np.array(said["confusion"]["counts"])
    assert counts.sum() == 100
    assert np.trace(counts) / 100 == done.test_accuracy
    assert said["predictions"][0]["x"] == done.task.test[0][0].tolist()
    assert len(said["predictions"]) == 10
    assert "dead_units" not in said


def test_confusion_has_the_truth_in_its_rows():
    """Three classes and signs are read by the network's own rule, held out or not."""
    [three] = labs.load("minimize").run(0, runs="three_blobs", epochs=1).results
    [signs] = labs.load("moons").run(0, epochs=1).results
    confusion = three.to_dict()["confusion"]

    assert confusion["classes"] == [0, 1, 2]
    assert [sum(row) for row in confusion["counts"]] == three.task.test[1].sum(axis=0).tolist()
    assert signs.to_dict()["confusion"]["classes"] == [-1, 1]
    assert [sum(row) for row in signs.to_dict()["confusion"]["counts"]] == [50, 50]


def test_data_are_counted_by_class():
    """The top of results.json says how many samples, features and of each class there are."""
    result = labs.load("moons").run(0, epochs=1)
    sizes = {"n_train": 100, "n_test": 0, "n_features": 2, "class_counts": {"-1": 50, "1": 50}, "same_as": "moons"}

    assert result.to_dict()["data"] == {"moons": sizes}
