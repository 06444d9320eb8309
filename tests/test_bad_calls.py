"""Wrong calls of the public functions: each is answered by one sentence."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from tests.bad_files import make_files

import chainrule as cr

CALLS = (Path(__file__).parent / "bad_calls.txt").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def names(tmp_path_factory):
    """What the calls name, and a folder with the files that they name."""
    before = Path.cwd()
    os.chdir(tmp_path_factory.mktemp("bad"))
    make_files()
    draw = np.random.default_rng(0)
    X, T, y = draw.normal(size=(20, 2)), draw.normal(size=(20, 1)), np.arange(20) % 2
    net = cr.Network([cr.Dense(3, "tanh"), cr.Dense(1)], 2)
    theta = net.initial_theta(random_state=0)
    other = cr.Network([cr.Dense(3, "tanh"), cr.Dense(2)], 5)
    names = {"cr": cr, "np": np, "pd": pd, "sp": sp, "Dense": cr.Dense, "torchlike": type("torchlike", (), {})}
    names |= {"X": X, "T": T, "y": y, "net": net, "theta": theta, "trace": net.forward(theta, X), "othernet": other}
    names |= {"lognet": cr.Network([cr.Dense(3, "tanh"), cr.Dense(1, "sigmoid")], 2, "log_loss")}
    names |= {"othertrace": other.forward(other.initial_theta(random_state=0), draw.normal(size=(20, 5)))}
    names |= {
        "fun": net.objective(X, T),
        "run": cr.train(net, X, T, theta, max_epochs=3),
        "picture": cr.plot.scatter(X, y),
    }
    yield names | {"decide": lambda X: (X[:, 0] > 0).astype(int)}
    os.chdir(before)


def files():
    """What lies in the folder but what Python keeps of modules that it has compiled."""
    return sorted(path for path in Path().iterdir() if path.name != "__pycache__")


def complaint(call, names):
    """What is wrong with the answer to a wrong call, or nothing."""
    before = files()
    try:
        eval(call, dict(names))  # noqa: S307  # the calls are ours, in bad_calls.txt
    except cr.ChainruleError as refused:
        sentence, *code = refused.args  # lines of code to write may stand after it
        if not (10 < len(sentence) <= 300 and sentence.isprintable()):
            return f"no sentence of one line: {sentence}"
        if str(refused) != "\n".join([sentence, *code]):
            return f"another text than its parts: {refused}"
    except BaseException as error:
        return f"it raises {error!r}"
    else:
        return "it is not refused"
    return "it leaves a file" if files() != before else ""


def test_wrong_calls_are_answered_by_one_sentence_and_leave_nothing(names):
    """Wrong types, orders, shapes, numbers and paths are refused by a sentence of one line that leaves no file."""
    assert {call: said for call in CALLS if (said := complaint(call, names))} == {}
    assert len(CALLS) > 400


@pytest.mark.parametrize(
    ("call", "order"),
    [
        ('cr.save(net, theta, "x.safetensors")', "path, model, theta"),
        ('cr.save("x.safetensors", theta, net)', "path, model, theta"),
        ("cr.train(X, T, net)", "net, X, T, theta"),
        ("cr.minimize(X, T, net)", "net, X, T, theta"),
        ("cr.accuracy(theta, net, X, T)", "net, theta, X, T"),
        ("net.backward(theta, T, trace)", "theta, trace, T"),
        ("cr.plot.weights(theta, net)", "net, theta"),
        ('cr.plot.save("a.png", picture)', "figure, path"),
    ],
)
def test_wrong_order_is_answered_by_the_right_one(call, order, names):
    """Arguments in another order are told the order."""
    with pytest.raises(cr.InvalidValue, match=f"the order of the arguments is {order}\\.$"):
        eval(call, dict(names))  # noqa: S307
