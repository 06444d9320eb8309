"""A lab of your own: two spirals, one hidden layer of tanh, a sigmoid output, cross-entropy.

chainrule lab run examples/mylab/spiral.py       train, draw, report
chainrule lab start examples/mylab/spiral.py     hand out its homework
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import spiral_solution  # the file beside this one

from chainrule import Dense, Network, labs, plot

# The settings: --set hidden=5

SETTINGS = (
    labs.Setting("n", 200, "how many points", labs.settings.whole(at_least=4)),
    labs.Setting("hidden", 20, "units of the hidden layer", labs.settings.whole()),
    labs.Setting("learning_rate", 1.0, "step of the gradient descent", labs.settings.number(above=0)),
    labs.Setting("epochs", 3000, "the maximum", labs.settings.whole()),
    labs.TEST_SIZE,
)

# Data, network, training


def make_task(config, generator, name, X, T, test):
    """The network with its start, drawn from the generator behind the data."""
    hidden = Dense(config["hidden"], "tanh", weight_init="normal(2)", bias_init="normal(1)")
    net = Network([hidden, Dense(1, "sigmoid")], n_features=X.shape[1], loss="log_loss")
    training = {"learning_rate": config["learning_rate"], "max_epochs": config["epochs"]}
    return labs.Task(name, net, net.initial_theta(generator), X, T, test, training)


def task(config, generator, name):
    """The lab's points, and as many fresh ones for testing."""
    X, T = spiral_solution.spiral(config["n"], generator)
    return make_task(config, generator, name, X, T, test=spiral_solution.spiral(config["n"], generator))


def own_task(config, generator, X, labels, name):
    """Points of the user's own, --data points.csv."""
    return make_task(config, generator, name, *labs.hold_out(X, labels, config["test_size"], generator))


# What it prints and draws

SCRIPT = labs.Script(
    heading=lambda task: f"{len(task.X)} points",
    shows=lambda epoch: epoch > 0 and epoch % 500 == 0,
    line=lambda epoch: f"epoch {epoch.number}: loss {epoch.loss:.4f}, accuracy {epoch.accuracy:.2f}",
    closing=lambda result: [result.run.message, f"test accuracy {result.test_accuracy}"],
)


def figures(result):
    """The regions of the two classes, and the loss."""
    [done] = result.results
    regions = plot.decision_regions(
        lambda X: done.task.net.predict(done.run.theta, X), done.task.X, done.task.T, boundary=0.5
    )
    return {"regions": regions, "learning_curve": plot.learning_curves({"loss": done.run.history["loss"]})}


# Homework: the solution's functions, and how a student's are judged


def parameters(stream):
    """W1, b1, W2 and b2 of a small network."""
    return stream.randn(2, 3), stream.randn(3), stream.randn(3, 1), stream.randn(1)


def bind(module, net):
    """Call a student's gradient with the weights, biases and samples it is tried at."""
    return lambda at: module.gradient(at.weights[0], at.biases[0], at.weights[1], at.biases[1], at.X, at.T)


def train(module):
    """Train with a student's functions, for the picture."""
    X, t = module.spiral(200, np.random.RandomState(0))
    learnt, losses = module.train(X, t)
    return labs.Decision(lambda P: module.forward(*learnt, P)[1].ravel(), X, t.ravel(), tuple(losses))


EXERCISES = (
    labs.homework.compare("sigmoid", lambda stream: [(stream.randn(4, 3),)]),
    labs.homework.compare(
        "forward", lambda stream: [(*parameters(stream), stream.randn(n, 2)) for n in (4, 7)], parts=("H", "y")
    ),
    labs.homework.compare(
        "loss", lambda stream: [(stream.uniform(0.1, 0.9, (n, 1)), np.arange(n)[:, None] % 2) for n in (4, 7)]
    ),
    labs.homework.backprop("gradient", lambda: Network([Dense(3, "tanh"), Dense(1, "sigmoid")], 2, "log_loss"), bind),
    labs.homework.compare(
        "update", lambda stream: [(parameters(stream), parameters(stream), rate) for rate in (0.1, 2.0)]
    ),
)

LAB = labs.Lab(
    name="spiral",
    title="Two spirals, one hidden layer of tanh",
    source="my course, exercise 7",
    settings=SETTINGS,
    run_names=lambda config: ["spiral"],
    task=task,
    own_task=own_task,
    script=SCRIPT,
    figures=figures,
    n_classes=2,
    homework=labs.Homework(
        (labs.Sheet("spiral.py", Path(__file__).with_name("spiral_solution.py"), EXERCISES, train),)
    ),
)
