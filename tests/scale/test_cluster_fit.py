"""Fit on a cluster: the same bits whoever computes, and a sentence for what goes wrong."""

import os
import random
import signal
import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning
from tests.scale.conftest import in_files, threads

import chainrule as cr
from benchmarks import cluster_kills
from chainrule.errors import ChainruleError, InvalidFile, InvalidValue
from chainrule.scale.mid_epoch import KeptRounds

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
GROUPS = {"group_rows": 64, "block_rows": 16}
CLF = cr.MLPClassifier((16,), batch_size=256, max_iter=2, learning_rate_init=0.01, random_state=0, engine="textbook")


def fitted(data, client, clf=CLF, **given):
    return cr.scale.fit(clone(clf), data, client=client, **{**GROUPS, **given})


def same(one, other):
    """Whether all that was learned and recorded is the same to the last bit."""
    return np.array_equal(one.theta_, other.theta_) and one.loss_curve_ == other.loss_curve_


class GoneError(BaseException):
    """The client's end, in the middle of whatever it does."""


def at_rounds(monkeypatch, rounds, act):
    """Act after some rounds, counted over all epochs, when they are kept."""
    keep, count = KeptRounds.rounds, iter(range(10**6))

    def kept(self, step):
        keep(self, step)
        if next(count) in rounds:
            act()

    monkeypatch.setattr(KeptRounds, "rounds", kept)


def kill_one(client, dice):
    """Kill a worker as the system does when memory is short."""
    alive = [nanny for nanny in client.cluster.workers.values() if nanny.pid]
    os.kill(dice.choice(alive).pid, signal.SIGKILL)


@pytest.mark.parametrize(
    "given",
    [{}, {"early_stopping": True, "class_weight": "balanced", "alpha": 0.1}, {"solver": "sgd", "dropout": 0.2}],
    ids=str,
)
def test_bits_do_not_depend_on_workers(data, one_thread, three_threads, eight_threads, given):
    """One, three or eight workers: theta and the losses on the way are the same."""
    clf = clone(CLF).set_params(**given)
    alone = fitted(data, one_thread, clf)
    assert same(fitted(data, three_threads, clf), alone)
    assert same(fitted(data, eight_threads, clf), alone)


def test_bits_outlive_kills(monkeypatch, data, one_thread, processes):
    """Five workers are killed at rounds drawn by a seed: the bits are those of a quiet run, and it is told."""
    clf, dice = clone(CLF).set_params(max_iter=4), random.Random(0)  # noqa: S311
    alone = fitted(data, one_thread, clf)
    at_rounds(monkeypatch, dice.sample(range(4 * 7), 5), lambda: kill_one(processes, dice))
    with pytest.warns(UserWarning, match=r"workers? w\w+ lost on the way"):
        shaken = fitted(data, processes, clf)
    assert same(shaken, alone)


@pytest.mark.parametrize("broken_at", [0, 9])
@pytest.mark.parametrize("given", [{}, {"early_stopping": True, "average_from": None}, {"solver": "sgd"}], ids=str)
def test_a_client_that_died_goes_on(monkeypatch, tmp_path, data, one_thread, given, broken_at):
    """After its end in the middle of an epoch the same call ends with the same bits."""
    clf = clone(CLF).set_params(**given)
    whole = fitted(data, one_thread, clf)

    def end():
        raise GoneError

    with monkeypatch.context() as patch:
        at_rounds(patch, {broken_at}, end)
        with pytest.raises(GoneError):
            fitted(data, one_thread, clf, checkpoint=cr.Checkpoint(tmp_path / "run"), checkpoint_every=2)
    resumed = fitted(data, one_thread, clf, checkpoint=cr.Checkpoint(tmp_path / "run"), checkpoint_every=2)
    assert same(resumed, whole)
    assert resumed.n_iter_ == whole.n_iter_
    assert same(fitted(data, one_thread, clf, checkpoint=cr.Checkpoint(tmp_path / "run")), whole), (
        "a finished training is read"
    )


def test_a_checkpoint_of_another_training_is_refused(tmp_path, data, one_thread):
    """Two trainings in one folder would be neither the one nor the other."""
    fitted(data, one_thread, checkpoint=cr.Checkpoint(tmp_path))
    with pytest.raises(InvalidValue, match=r"of another training: alpha is 0.0001 there, and 0.5 here"):
        fitted(data, one_thread, clone(CLF).set_params(alpha=0.5), checkpoint=cr.Checkpoint(tmp_path))
    with pytest.raises(InvalidValue, match="group_rows is 64 there, and 128 here"):
        fitted(data, one_thread, checkpoint=cr.Checkpoint(tmp_path), group_rows=128)


def test_a_step_is_that_of_all_rows_at_once(tmp_path, one_thread, digits):
    """With all rows in one batch the training is the estimator's own, to rounding."""
    X, y = (part[:400] for part in digits)
    settings = {"solver": "sgd", "batch_size": 400, "shuffle": False, "max_iter": 5, "class_weight": "balanced"}
    clf = clone(CLF).set_params(**settings)
    there = fitted(in_files(tmp_path, X.astype(np.float64), y), one_thread, clf, group_rows=50, block_rows=50)
    here = clone(clf).fit(X.astype(np.float64), y)
    np.testing.assert_allclose(there.theta_, here.theta_, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(there.loss_curve_, here.loss_curve_, rtol=1e-9)


def test_engines_agree(data, one_thread):
    """The compiled engine finds the same, to rounding."""
    compiled = fitted(data, one_thread, clone(CLF).set_params(engine="compiled", max_iter=1))
    textbook = fitted(data, one_thread, clone(CLF).set_params(max_iter=1))
    np.testing.assert_allclose(compiled.theta_, textbook.theta_, rtol=2e-3, atol=2e-5)


def test_numbers_are_learned_too(tmp_path, one_thread):
    """A regressor is scored by its R² on the blocks that were held out."""
    X = np.random.RandomState(0).uniform(-1, 1, (800, 2))
    data = in_files(tmp_path, X, X @ [1.0, -2.0])
    settings = {"learning_rate_init": 0.02, "early_stopping": True, "max_iter": 20, "validation_fraction": 0.3}
    reg = cr.MLPRegressor(hidden_layer_sizes=(8,), batch_size=64, random_state=0, engine="textbook", **settings)
    reg = fitted(data, one_thread, reg, group_rows=32, block_rows=8)
    assert reg.validation_scores_[-1] == pytest.approx(reg.score(X, X @ [1.0, -2.0]), abs=0.05)
    assert reg.validation_scores_[-1] > 0.9


def test_row_groups_of_parquet_are_blocks(tmp_path, one_thread, digits):
    """The workers read them by path; the index of the frame is no feature."""
    X, y = digits
    frame = pd.DataFrame(X, columns=[f"f{k}" for k in range(X.shape[1])], index=range(len(X), 0, -1)).assign(y=y)
    frame.to_parquet(tmp_path / "a.parquet", row_group_size=50)
    clf = fitted(cr.stream(tmp_path / "a.parquet", "y"), one_thread, clone(CLF).set_params(max_iter=8))
    assert clf.n_features_in_ == X.shape[1]
    assert clf.score(frame.drop(columns="y"), y) > 0.8


@pytest.mark.parametrize("solver", ["adam", "sgd", "rmsprop"])
def test_replicas_meet_in_their_mean(data, one_thread, three_threads, solver):
    """Local steps give the same bits on any number of workers; a single replica is no other than plain training."""
    clf = clone(CLF).set_params(solver=solver)
    assert same(fitted(data, three_threads, clf, local_steps=4), fitted(data, one_thread, clf, local_steps=4))
    alone = clone(clf).set_params(batch_size=64)
    np.testing.assert_allclose(
        fitted(data, one_thread, alone, local_steps=3).theta_,
        fitted(data, one_thread, alone).theta_,
        rtol=1e-3,
        atol=1e-5,
    )


def test_a_scheduler_that_goes_away_is_told(monkeypatch, tmp_path, data):
    """One sentence says where the training was and what the checkpoint holds, and the next scheduler goes on."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        with threads(1) as client:
            whole = fitted(data, client)
        with threads(1) as client, monkeypatch.context() as patch:
            at_rounds(patch, {9}, client.cluster.close)
            with pytest.raises(
                ChainruleError, match=r"went away. It was in epoch 2, round 3. .*run holds epoch 2 after 2"
            ):
                fitted(data, client, checkpoint=cr.Checkpoint(tmp_path / "run"), checkpoint_every=1)
        with threads(1) as client:
            assert same(fitted(data, client, checkpoint=cr.Checkpoint(tmp_path / "run"), checkpoint_every=1), whole)


def test_a_file_that_is_missing_is_named(tmp_path, digits, one_thread):
    """A worker that does not find the rows says which file it missed."""
    data = in_files(tmp_path, *digits)
    (tmp_path / "X.npy").unlink()
    with pytest.raises(InvalidFile, match=r"A worker cannot read .*X.npy: No such file"):
        fitted(data, one_thread)


def test_a_row_that_is_no_number_is_named(tmp_path, digits, one_thread):
    """NaN in a row is found before anything is trained."""
    X, y = digits[0].copy(), digits[1]
    X[1700, 3] = np.nan
    with pytest.raises(InvalidValue, match=r"X has nan in row 1700 of X.npy, column 3"):
        fitted(in_files(tmp_path, X, y), one_thread)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"solver": "lbfgs"}, "Cannot use solver='lbfgs' on a cluster"),
        ({"warm_start": True}, "Cannot use warm_start=True on a cluster"),
        ({"scoring": "f1_macro"}, "Cannot use scoring='f1_macro' on a cluster"),
        ({"early_stopping": True, "validation_fraction": 0.0}, "leaves none to train or none to validate"),
    ],
)
def test_settings_that_cannot_be_are_refused(data, one_thread, settings, sentence):
    """No setting is passed over."""
    with pytest.raises(InvalidValue, match=sentence):
        fitted(data, one_thread, clone(CLF).set_params(**settings))


def test_what_lies_in_memory_is_refused(digits, one_thread, data):
    """Rows in this process would be lost with a worker; arguments in another order are told."""
    with pytest.raises(InvalidValue, match=r"workers read rows by path"):
        fitted(cr.stream(*digits), one_thread)
    with pytest.raises(InvalidValue, match=r"the order of the arguments is estimator, data"):
        cr.scale.fit(data, CLF, client=one_thread)


def test_no_scheduler_at_an_address():
    """An address at which nobody answers is named."""
    with pytest.raises(InvalidValue, match="No Dask scheduler answers at 'nowhere'"), cr.scale.cluster("nowhere"):
        pass


def test_what_is_no_checkpoint_is_refused(tmp_path, data, one_thread):
    """A path is told how to become one, and a file that it is none."""
    with pytest.raises(InvalidValue, match=r"checkpoint=chainrule.Checkpoint\('run'\)"):
        fitted(data, one_thread, checkpoint="run")
    (tmp_path / "file").write_text("mine")
    with pytest.raises(InvalidFile, match="file is a file, and a checkpoint is a folder"):
        fitted(data, one_thread, checkpoint=cr.Checkpoint(tmp_path / "file"))


def test_a_finished_training_goes_on_for_more_epochs(tmp_path, data, one_thread):
    """As that of a stream does; the estimator that early stopping chose does not take the place of the last one."""
    clf = clone(CLF).set_params(early_stopping=True, tol=1.0, n_iter_no_change=50)
    fitted(data, one_thread, clf, checkpoint=cr.Checkpoint(tmp_path))
    longer = clone(clf).set_params(max_iter=4)
    assert same(fitted(data, one_thread, longer, checkpoint=cr.Checkpoint(tmp_path)), fitted(data, one_thread, longer))


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL on Windows")
def test_a_client_that_was_killed_goes_on(tmp_path, one_thread):
    """SIGKILL of the process that trains, in its second epoch; benchmarks/cluster_kills.py does it twenty times."""
    quiet, checkpoint = cluster_kills.train(tmp_path, one_thread), cr.Checkpoint(tmp_path / "run")
    assert cluster_kills.killed_at(checkpoint, 9)
    assert 9 <= cluster_kills.rounds_of(checkpoint) < cluster_kills.ROUNDS
    assert same(cluster_kills.train(tmp_path, one_thread, checkpoint), quiet)
