"""Checkpoints: one folder a training, one training a folder, and one process at a time."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from tests.streams.rows import X, Y

import chainrule as cr
from chainrule import Checkpoint, Dense, InvalidFile, InvalidValue, MLPClassifier, MLPRegressor, Network, stream
from chainrule.models.checkpoint import as_told

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
NET = Network([Dense(3, "tanh"), Dense(3, "softmax")], n_features=4, loss="cross_entropy")


def fit(checkpoint, **settings):
    clf = MLPClassifier(**{"hidden_layer_sizes": (3,), "max_iter": 2, "random_state": 0} | settings)
    return clf.fit(stream(X, Y), checkpoint=checkpoint)


def train(checkpoint, **given):
    T = cr.datasets.one_hot(Y)
    return cr.train(NET, stream(X, T), batch_size=100, max_epochs=2, random_state=0, checkpoint=checkpoint, **given)


@pytest.mark.parametrize("run", [fit, train])
def test_what_is_no_checkpoint_is_told_how_to_make_one(run, tmp_path):
    """With the path that was given."""
    with pytest.raises(
        InvalidValue, match=r"must be a Checkpoint, got a str: checkpoint=chainrule.Checkpoint\('run'\)"
    ):
        run("run")
    with pytest.raises(InvalidValue, match="got a int"):
        run(3)
    with pytest.raises(InvalidValue, match="path must be a str or a Path, got int"):
        Checkpoint(3)
    (tmp_path / "file").write_text("mine")
    with pytest.raises(InvalidFile, match=r"file is a file, and a checkpoint is a folder"):
        run(Checkpoint(tmp_path / "file"))
    assert (tmp_path / "file").read_text() == "mine"
    with pytest.raises(InvalidFile, match="a part of its path is a file and not a folder"):
        run(Checkpoint(tmp_path / "file" / "run"))


def test_a_checkpoint_is_read_as_a_model(tmp_path):
    """At any time: the estimator, or the network and its theta, as the last epoch left it."""
    clf, run = fit(Checkpoint(tmp_path / "fit")), train(Checkpoint(tmp_path / "train"))
    assert np.array_equal(cr.load(tmp_path / "fit" / "epoch.safetensors").theta_, clf.theta_)
    net, theta = cr.load(tmp_path / "train" / "epoch.safetensors")
    assert net == NET
    assert np.array_equal(theta, run.theta)


def test_a_folder_has_one_training_alone(tmp_path):
    """Of another kind, or with other parameters, it is refused by what differs; before anything was kept it is not."""
    fit(Checkpoint(tmp_path))
    before = (tmp_path / "epoch.safetensors").read_bytes()
    with pytest.raises(InvalidValue, match="kind is 'MLPClassifier' there, and 'Network' here"):
        train(Checkpoint(tmp_path))
    with pytest.raises(InvalidValue, match=r"hidden_layer_sizes is \[3\] there, and \[4\] here"):
        fit(Checkpoint(tmp_path), hidden_layer_sizes=(4,))
    assert (tmp_path / "epoch.safetensors").read_bytes() == before
    with pytest.raises(ValueError, match="y must be numbers"):
        MLPRegressor().fit(stream(X, np.array(["a", "b", "c"])[Y]), checkpoint=Checkpoint(tmp_path / "other"))
    fit(Checkpoint(tmp_path / "other"))


@pytest.mark.parametrize("content", ["", "[]", None])
def test_settings_that_are_damaged_are_told(content, tmp_path):
    """Or missing beside an epoch."""
    fit(Checkpoint(tmp_path))
    (tmp_path / "settings.json").unlink() if content is None else (tmp_path / "settings.json").write_text(content)
    with pytest.raises(InvalidFile, match=r"settings\.json is damaged"):
        fit(Checkpoint(tmp_path))


def test_two_trainings_are_never_kept_in_one_folder(tmp_path):
    """In one process or in two: the second is refused while the first one is there, and goes on after it."""
    ended = []

    def meanwhile(clf):
        if not ended:
            with pytest.raises(InvalidFile, match=r"Another training is kept in .* at this time"):
                fit(Checkpoint(tmp_path))
            program = (
                "import numpy as np, chainrule as cr\n"
                f"data = cr.stream(np.zeros((9, 4), 'f4'), np.arange(9) % 3)\n"
                f"cr.MLPClassifier((3,), max_iter=2).fit(data, checkpoint=cr.Checkpoint({str(tmp_path)!r}))\n"
            )
            ended.append(subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True))

    clf = MLPClassifier((3,), max_iter=2, random_state=0).set_callbacks(meanwhile)
    clf.fit(stream(X, Y), checkpoint=Checkpoint(tmp_path))
    assert "Another training is kept in" in ended[0].stderr
    assert np.array_equal(fit(Checkpoint(tmp_path)).theta_, clf.theta_)


SQUASH = cr.Activation("squash", np.tanh, lambda dA, Z, A: dA * (1 - A * A))


def test_parts_of_ones_own_are_those_of_the_call(tmp_path):
    """No file keeps code: the call that goes on brings it along."""
    own = Network([Dense(3, SQUASH), Dense(3, "softmax")], n_features=4, loss="cross_entropy")
    data = stream(X, cr.datasets.one_hot(Y))
    for epochs in (2, 4):
        clf = fit(Checkpoint(tmp_path / "fit"), activation=[SQUASH], max_iter=epochs)
        run = cr.train(own, data, batch_size=100, max_epochs=epochs, checkpoint=Checkpoint(tmp_path / "train"))
    assert (clf.n_iter_, run.epochs) == (4, 4)
    assert np.array_equal(clf.theta_, fit(None, activation=[SQUASH], max_iter=4).theta_)


def test_what_no_file_keeps_is_refused_before_it_is_trained(tmp_path):
    """And not after an epoch, which may take an hour."""
    seen = []
    clf = MLPClassifier((3,), early_stopping=True, scoring=lambda *given: 0.0).set_callbacks(seen.append)
    with pytest.raises(InvalidValue, match="Cannot save scoring: it is the function"):
        clf.fit(stream(X, Y), checkpoint=Checkpoint(tmp_path))
    philox = np.random.Generator(np.random.Philox(0))
    with pytest.raises(InvalidValue, match=r"Cannot save run\.generator: .* and this is Philox"):
        cr.train(NET, stream(X, cr.datasets.one_hot(Y)), batch_size=100, random_state=philox, callback=seen.append,
                 checkpoint=Checkpoint(tmp_path))  # fmt: skip
    assert not seen


TOLD = {
    "a loss": (cr.huber(2.0), "Loss 'huber"),
    "an activation": (cr.Activation("own", lambda Z: Z, lambda dA, Z, A: dA), "Activation 'own'"),
    "a generator": (np.random.RandomState(0), "RandomState"),
    "several": ((1, [2.5, "a"]), "[1, [2.5, 'a']]"),
    "a schedule": (cr.schedules.cosine(0.1), "Cosine("),
}


@pytest.mark.parametrize(("value", "told"), TOLD.values(), ids=TOLD)
def test_settings_are_told_without_addresses(value, told):
    """In words that are the same in the process that goes on."""
    assert as_told(value).startswith(told)
    assert " at 0x" not in as_told(value)
