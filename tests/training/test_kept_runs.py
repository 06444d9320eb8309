"""Runs that are kept: they go on to the bit after whatever ended them, and rows are held out by a hash."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from tests.streams.rows import X
from tests.training.long_run import MEMORY, NET, T, long_run, ran

import chainrule as cr
from chainrule import Checkpoint, InvalidFile, InvalidValue, epochs, no_improvement, stream, train
from chainrule.models.model_file import read_run, save_run
from chainrule.streams.windows import HeldOut
from chainrule.training.schedules import cosine, reduce_on_plateau

BEST = {"validation": 0.2, "stop": no_improvement(2, 1e9, of="validation_loss")}
SETTINGS = {
    "sgd": {"learning_rate": 0.1, "l2": 0.01},
    "momentum": {"optimizer": cr.sgd(0.1, momentum=0.9)},
    "adam, a mean": {"optimizer": "adam", "average_from": 1, "l1": 1e-3},
    "rmsprop, a cosine": {"optimizer": "rmsprop", "learning_rate": cosine(0.1)},
    "a plateau": {"learning_rate": reduce_on_plateau(0.3, patience=1, tolerance=1e9)},
    "the best": BEST | {"optimizer": "adamw"},
    "a share and a generator": {"validation": 0.1, "random_state": np.random.default_rng},
}


class Ends(Exception):
    """What ends a run in the middle."""


def same(one, other):
    """Whether two runs ended in the same way, bit for bit."""
    told = [(run.status, run.message, run.loss, run.epochs, run.theta.tobytes()) for run in (one, other)]
    histories = [{name: values.tolist() for name, values in run.history.items()} for run in (one, other)]
    return told[0] == told[1] and histories[0] == histories[1]


@pytest.mark.parametrize("engine", ["textbook", "compiled"])
@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_a_run_goes_on_from_its_checkpoint_to_the_bit(settings, engine, tmp_path):
    """After whichever epoch it ended, also after the last one; what a callback sees again is the epoch kept last."""
    whole = ran(engine=engine, **settings)
    for last in range(whole.epochs):
        checkpoint = Checkpoint(tmp_path / str(last))
        seen = []

        def ends(epoch, last=last):
            if epoch.number == last:
                raise Ends

        if whole.status == "converged" and last == whole.epochs - 1:
            ran(checkpoint, engine=engine, **settings)  # it ended before the callback was asked
        else:
            with pytest.raises(Ends):
                ran(checkpoint, engine=engine, callback=ends, **settings)
        on = ran(checkpoint, engine=engine, callback=lambda epoch, seen=seen: seen.append(epoch.number), **settings)
        assert same(on, whole), last
        assert seen == list(range(last, whole.epochs - (whole.status == "converged")))


def test_a_run_without_a_seed_goes_on_with_the_numbers_it_drew(tmp_path):
    """Its start, its dropout and its order are kept."""
    ran(Checkpoint(tmp_path / "a"), max_epochs=1, random_state=None)
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    assert same(*(ran(Checkpoint(tmp_path / name), random_state=None) for name in "ab"))


def test_the_other_engine_goes_on(tmp_path):
    """Where it was, to rounding; max_epochs may be another, too."""
    ran(Checkpoint(tmp_path), engine="textbook", max_epochs=2)
    on = ran(Checkpoint(tmp_path), engine="compiled", max_epochs=4)
    np.testing.assert_allclose(on.theta, ran(engine="textbook").theta, rtol=1e-5, atol=1e-7)
    assert on.epochs == 4


def test_a_loop_goes_on(tmp_path):
    """Epoch by epoch as well."""
    given = {"batch_size": 32, "max_epochs": 4, "random_state": 0}
    for epoch in epochs(NET, stream(X, T, memory=MEMORY), checkpoint=Checkpoint(tmp_path), **given):
        if epoch.number == 1:
            break
    rows = epochs(NET, stream(X, T, memory=MEMORY), checkpoint=Checkpoint(tmp_path), **given)
    assert [epoch.number for epoch in rows] == [1, 2, 3]
    assert rows.run.theta.tobytes() == ran().theta.tobytes()


def test_a_share_of_the_rows_validates_and_does_not_train(monkeypatch):
    """The same rows for every seed; their loss is that of an array of them, the run's loss that of all others."""
    kept = {}
    for seed in (0, 1):
        run = train(NET, stream(X, T, memory=MEMORY), batch_size=32, max_epochs=2, random_state=seed, validation=0.25,
                    progress=False)  # fmt: skip
        held = HeldOut(0.25, 0)(np.arange(len(X)))
        kept[seed] = held.sum()
        assert np.isclose(
            run.history["validation_loss"][-1], NET.objective(X[held], T[held]).loss(run.theta), rtol=1e-5
        )
        assert np.isclose(run.loss, NET.objective(X[~held], T[~held]).loss(run.theta), rtol=1e-5)
    monkeypatch.setattr("chainrule.streams.validation_rows.KEPT_SHARE", 10**6)
    filed = train(NET, stream(X, T, memory=MEMORY), batch_size=32, max_epochs=2, random_state=1, validation=0.25,
                  progress=False)  # fmt: skip
    assert same(filed, run)


OTHERS = {
    "a rate": ({"learning_rate": 0.2}, {}, "learning_rate is 0.1 there, and 0.2 here"),
    "a seed": ({"random_state": 1}, {}, "random_state is 0 there, and 1 here"),
    "a rule": ({"stop": no_improvement(3)}, {}, "stop is None there, and NoImprovement"),
    "rows that validate": ({"validation": (X[:9], T[:9])}, {}, r"validation is None there, and \[\d+, \d+\] here"),
    "a start": ({"theta": np.zeros(NET.n_parameters)}, {}, "start is None there, and"),
    "more epochs of a schedule": (
        {"learning_rate": cosine(0.1), "max_epochs": 9}, {"learning_rate": cosine(0.1)},
        r"its learning rate in epoch 1 was \S+ and is \S+ here. A schedule",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("now", "before", "sentence"), OTHERS.values(), ids=OTHERS)
def test_a_checkpoint_of_another_run_is_refused(now, before, sentence, tmp_path):
    """By what differs."""
    first = {"learning_rate": 0.1, "max_epochs": 3}
    ran(Checkpoint(tmp_path), **first | before)
    with pytest.raises(InvalidValue, match=sentence):
        ran(Checkpoint(tmp_path), **first | now)


def test_other_data_are_refused(tmp_path):
    """Arrays in memory are told by their numbers."""
    ran(Checkpoint(tmp_path))
    with pytest.raises(InvalidValue, match="its data were others"):
        train(NET, stream(X + 1, T, memory=MEMORY), batch_size=32, max_epochs=4, random_state=0, progress=False,
              learning_rate=0.3, checkpoint=Checkpoint(tmp_path))  # fmt: skip


class Rule:
    """A rule of one's own."""

    def begin(self):
        return lambda epoch: None


REFUSED = {
    "arrays": (lambda **given: train(NET, X, T, batch_size=9, **given), {}, "checkpoint goes with a stream"),
    "an optimizer": (
        ran, {"optimizer": cr.Optimizer("own", lambda t: None, lambda g, s, t: (t - g, s))}, "an optimizer of your own"
    ),
    "a rule": (ran, {"stop": [Rule()]}, "a rule of your own"),
    "a share of arrays": (lambda **given: train(NET, X, T, validation=0.1), {}, "a share is held out of a stream"),
    "a share of all": (ran, {"validation": 1.0}, "validation must be a number > 0 and < 1"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "given", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_kept_is_refused(call, given, sentence, tmp_path):
    """Before anything is trained."""
    with pytest.raises(InvalidValue, match=sentence):
        call(checkpoint=Checkpoint(tmp_path / "run"), **given)
    assert not (tmp_path / "run").exists()


def test_a_state_of_another_kind_is_damaged(tmp_path):
    """No sequence of bytes reaches a kernel with arrays of another length."""
    ran(Checkpoint(tmp_path), optimizer="adam")
    path = tmp_path / "epoch.safetensors"
    state, (net, theta) = read_run(path), cr.load(path)
    for part, value in (("state", (1, theta[:3], theta)), ("theta", theta[:-1]), ("updates", "many")):
        save_run(path, net, theta, {**state, "steps": {**state["steps"], part: value}})
        with pytest.raises(InvalidFile, match="does not hold the state of such a run"):
            ran(Checkpoint(tmp_path), optimizer="adam")
    cr.save(path, net, theta)
    with pytest.raises(InvalidFile, match="holds no run to go on with"):
        ran(Checkpoint(tmp_path), optimizer="adam")


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL on Windows")
def test_a_run_that_was_killed_ends_with_the_same_bits(tmp_path):
    """SIGKILL of the process, twice after numbers of epochs that a seed draws."""
    whole, killed = long_run(None), 0
    for wanted in sorted(np.random.RandomState(0).choice(np.arange(5, 30), 2, replace=False)):
        command = [sys.executable, "-m", "tests.training.long_run", str(tmp_path)]
        with subprocess.Popen(command, cwd=Path(__file__).parents[2]) as process:
            while process.poll() is None and epochs_in(tmp_path) < wanted:
                time.sleep(0.05)  # to look takes longer than an epoch
            process.kill()
        killed += process.returncode == -signal.SIGKILL
    assert killed == 2
    assert same(long_run(Checkpoint(tmp_path)), whole)


def epochs_in(folder):
    """How many epochs a checkpoint holds."""
    path = folder / "epoch.safetensors"
    return Checkpoint(folder).run()["done"] if path.exists() else 0
