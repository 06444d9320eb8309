"""Estimators on streams: the numbers of memory where the order is the same, whatever the windows; nothing is lost."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier as TheirClassifier
from tests.streams.cases import KINDS, Batches, mapped
from tests.streams.rows import X, Y

from chainrule import Checkpoint, InvalidFile, InvalidValue, MLPClassifier, MLPRegressor, stream
from chainrule.estimators.samples import Samples
from chainrule.estimators.streamed_samples import StreamedSamples
from chainrule.training.schedules import cosine

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

MEMORY = 20_000  # windows of about a hundred rows
NUMBERS = np.column_stack([X[:, 0] * 2 - X[:, 1], X[:, 2]])


def of(kind, **settings):
    """A small estimator of a kind."""
    given = {"hidden_layer_sizes": (5,), "max_iter": 3, "batch_size": 32, "random_state": 0} | settings
    return MLPClassifier(**given) if kind == "classes" else MLPRegressor("squared_error", **given)


def targets(kind):
    return Y if kind == "classes" else NUMBERS


SETTINGS = {
    "adam": {},
    "sgd": {"solver": "sgd", "learning_rate": "adaptive", "tol": 1.0, "n_iter_no_change": 1, "max_iter": 6},
    "invscaling": {"solver": "sgd", "learning_rate": "invscaling"},
    "rmsprop": {"solver": "rmsprop"},
    "in order": {"shuffle": False},
    "dropout": {"dropout": 0.3, "input_dropout": 0.1},
    "clipped": {"max_gradient_norm": 0.01},
    "averaged": {"average_from": 1},
    "small batches": {"batch_size": 3, "max_iter": 1},
    "batches larger than windows": {"batch_size": 300},
}


@pytest.mark.parametrize("engine", ["textbook", "compiled"])
@pytest.mark.parametrize("kind", ["classes", "numbers"])
@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_windows_give_the_bits_of_memory_in_the_same_order(settings, kind, engine, monkeypatch):
    """Every batch is the same, also those from two windows; the order of the stream is written down for memory."""
    orders = []
    dealt = StreamedSamples.dealt

    def written_down(self, size, deal):
        orders.append([])
        for window, places in dealt(self, size, deal):
            orders[-1].append(window.rows[places])
            yield window, places

    monkeypatch.setattr(StreamedSamples, "dealt", written_down)
    by_windows = of(kind, engine=engine, **settings).fit(stream(X, targets(kind), memory=MEMORY))
    assert all(len(epoch) > 3 for epoch in orders)
    orders = [np.concatenate(epoch) for epoch in orders]
    assert all(np.array_equal(np.sort(order), np.arange(len(X))) for order in orders)
    monkeypatch.setattr(Samples, "next_order", lambda self, order, deal: orders.pop(0))
    in_memory = of(kind, engine=engine, **settings).fit(X, targets(kind))
    assert by_windows.theta_.tobytes() == in_memory.theta_.tobytes()
    assert by_windows.n_iter_ == in_memory.n_iter_
    assert np.allclose(by_windows.loss_curve_, in_memory.loss_curve_, rtol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.filterwarnings("ignore:X does not have valid feature names")
def test_every_kind_of_source_is_fitted(kind, tmp_path):
    """Each learns, knows its features' names, and predicts rows in memory."""
    clf = of("classes", max_iter=6, learning_rate_init=0.05).fit(stream(*KINDS[kind](tmp_path), memory="60 KB"))
    assert clf.classes_.tolist() == [0, 1, 2]
    assert clf.n_features_in_ == 4
    assert hasattr(clf, "feature_names_in_") == (kind in ("parquet folder", "dask frame"))
    assert clf.score(X, Y) > 0.8


def test_what_does_not_lie_in_memory_is_a_stream_unasked(tmp_path, monkeypatch):
    """Paths and Dask's collections always, a memory-mapped file where it is large, but not what joblib maps."""
    file_X, file_y = mapped(tmp_path)
    small, _ = of("classes").fit(file_X, file_y), monkeypatch.setattr("chainrule.estimators.streaming.MEMORY", "1 KB")
    assert np.array_equal(small.theta_, of("classes").fit(X, Y).theta_)
    large = of("classes").fit(file_X, file_y)
    assert np.array_equal(large.theta_, of("classes").fit(stream(X, Y)).theta_)
    joblibs = tmp_path / "joblib_memmapping_folder_1"
    joblibs.mkdir()
    assert np.array_equal(of("classes").fit(*mapped(joblibs)).theta_, small.theta_)
    path, column = KINDS["parquet folder"](tmp_path)
    assert np.array_equal(of("classes").fit(str(path), column).theta_, of("classes").fit(stream(path, "y")).theta_)


TEXTS = np.array(["no", "perhaps", "yes"])


def rare_in_the_end():
    """A class that the last row alone has."""
    labels = (Y > 0).astype(int)
    labels[-1] = 7
    return labels


LABELS = {
    "one seen last": rare_in_the_end(),
    "far apart": Y * 100_000,
    "numbers": Y,
    "small numbers": Y.astype(np.int8),
    "floats": Y.astype(np.float64),
    "beyond int64": Y.astype(np.uint64) + np.uint64(2**64 - 3),
    "texts": TEXTS[Y],
    "truth values": Y > 0,
    "a column": Y[:, None],
    "many labels": np.column_stack([Y > 0, Y > 1]).astype(int),
    "one class": np.zeros_like(Y),
}


@pytest.mark.parametrize("labels", LABELS.values(), ids=LABELS)
@pytest.mark.filterwarnings("ignore:A column-vector y was passed")
def test_labels_are_those_of_memory(labels):
    """The same classes, outputs and predictions, whatever labels are."""
    streamed, plain = (of("classes").fit(*data) for data in ((stream(X, labels, memory=MEMORY),), (X, labels)))
    assert np.array_equal(streamed.classes_, plain.classes_)
    assert streamed.classes_.dtype == plain.classes_.dtype
    assert streamed.theta_.shape == plain.theta_.shape
    assert streamed.predict(X[:5]).dtype == plain.predict(X[:5]).dtype


@pytest.mark.parametrize("weight", ["balanced", {0: 1.0, 1: 5.0, 2: 0.5}])
def test_class_weights_are_those_of_all_rows(weight):
    """Balanced counts the labels of the whole, as memory does, not those of a window."""
    streamed = of("classes", class_weight=weight, shuffle=False).fit(stream(X, Y, memory=MEMORY))
    plain = of("classes", class_weight=weight, shuffle=False).fit(X, Y)
    assert np.allclose(streamed.theta_, plain.theta_, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("kind", ["classes", "numbers"])
@pytest.mark.parametrize("scoring", [None, "loss"])
def test_early_stopping_watches_rows_that_do_not_train(kind, scoring, monkeypatch):
    """Also where they lie in a temporary file, with the same bits."""
    given = {"early_stopping": True, "scoring": scoring, "max_iter": 4}
    data = stream(X, targets(kind), memory=MEMORY)
    kept = of(kind, **given).fit(data)
    assert len(kept.validation_scores_) == 4
    monkeypatch.setattr("chainrule.streams.validation_rows.KEPT_SHARE", 10**6)
    filed = of(kind, **given).fit(data)
    assert np.array_equal(kept.theta_, filed.theta_)
    assert kept.validation_scores_ == filed.validation_scores_


def test_rows_of_ones_own_validate():
    """They are in memory; then all of the stream trains."""
    clf = of("classes", early_stopping=True).fit(stream(X[:800], Y[:800], memory=MEMORY), X_val=X[800:], y_val=Y[800:])
    assert clf.t_ == 3 * 800
    assert clf.validation_scores_[-1] <= clf.best_validation_score_


def test_a_warm_start_goes_on():
    """With the same features and classes; other ones are refused and change nothing."""
    clf = of("classes", warm_start=True).fit(stream(X, Y, memory=MEMORY))
    first = clf.theta_.copy()
    clf.fit(stream(X, Y, memory=MEMORY))
    assert not np.array_equal(first, clf.theta_)
    assert len(clf.loss_curve_) == 6
    before = pickle.dumps(clf)
    with pytest.raises(InvalidValue, match="The data have 3 features, and there were 4 before"):
        clf.fit(stream(X[:, :3], Y))
    with pytest.raises(ValueError, match="same classes as in the previous call"):
        clf.fit(stream(X, Y % 2))
    assert pickle.dumps(clf) == before


def test_it_ends_where_full_shuffling_does(monkeypatch):
    """Rows sorted by class, windows of a tenth: the loss on other rows is that of a full shuffle, as seeds differ."""
    monkeypatch.setattr("chainrule.streams.windows.LEAST_BLOCK", 1)  # in proportion to windows so small
    order = np.argsort(Y[:800], kind="stable")
    losses = {"windows": [], "full": []}
    for seed in range(3):
        for name, data in {
            "windows": stream(X[order], Y[order], memory=32_000),
            "full": stream(X[order], Y[order]),
        }.items():
            clf = of("classes", random_state=seed, max_iter=12, learning_rate_init=0.02).fit(data)
            proba = clf.predict_proba(X[800:])
            losses[name].append(-np.log(proba[np.arange(200), Y[800:]]).mean())
    spread = np.ptp(losses["full"])
    assert abs(np.mean(losses["windows"]) - np.mean(losses["full"])) < spread


# --- what cannot be ---------------------------------------------------------------------------------------------------


def with_nan(row):
    broken = X.copy()
    broken[row, 1] = np.nan
    return broken


REFUSED = {
    "NaN in X": (of("classes"), lambda: stream(with_nan(777), Y, memory=MEMORY), {}, "X has nan in row 777, column 1"),
    "NaN in targets": (
        of("numbers"), lambda: stream(X, with_nan(5)[:, 1], memory=MEMORY), {}, "y has nan in row 5"
    ),
    "all rows at once": (of("classes", solver="lbfgs"), lambda: stream(X, Y), {}, "Cannot use solver='lbfgs' with"),
    "weights": (of("classes"), lambda: stream(X, Y), {"sample_weight": np.ones(1000)}, "sample_weight cannot go with"),
    "a path": (of("classes"), lambda: stream(X, Y), {"checkpoint": "run"}, r"checkpoint=chainrule.Checkpoint\('run'\)"),
    "targets twice": (of("classes"), lambda: stream(X, Y), {"y": Y}, "y is a part of the stream"),
    "numbers for classes": (of("classes"), lambda: stream(X, X[:, 0]), {}, "Unknown label type: continuous"),
    "texts for numbers": (of("numbers"), lambda: stream(X, TEXTS[Y]), {}, "y must be numbers for a regression"),
    "no share": (
        of("classes", early_stopping=True, validation_fraction=0), lambda: stream(X, Y), {}, "validation_fraction=0"
    ),
    "one row": (of("classes", early_stopping=True), lambda: stream(X[:1], Y[:1]), {}, "validation set has 0 of 1 rows"),
    "all rows": (
        of("classes", early_stopping=True, validation_fraction=0.9999999), lambda: stream(X, Y), {}, "has 1000 of 1000"
    ),
    "no class that weighs": (
        of("classes", class_weight={0: 0, 1: 0, 2: 0}), lambda: stream(X, Y), {}, "All samples weigh 0"
    ),
    "features of windows": (of("classes"), lambda: stream(X, Y, memory=30), {}, "memory=30 bytes are too few"),
}  # fmt: skip


@pytest.mark.parametrize(("mlp", "data", "more", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_fitted_is_refused_and_nothing_is_lost(mlp, data, more, sentence):
    """The estimator is as it was: not fitted, or with what it had learned."""
    for fitted in (False, True):
        if fitted and mlp.solver != "lbfgs":
            mlp.__dict__.update(
                vars(
                    of("numbers" if isinstance(mlp, MLPRegressor) else "classes").fit(
                        X, X[:, 0] if isinstance(mlp, MLPRegressor) else Y
                    )
                )
                | mlp.get_params()
            )
        before = vars(mlp).copy()
        with pytest.raises(ValueError, match=sentence):
            mlp.fit(data(), **more)
        assert vars(mlp).keys() == before.keys()
        assert all(vars(mlp)[name] is before[name] for name in before)


def test_two_fits_in_two_threads_read_the_same_batches():
    """Each in a thread of its own, at its own pace."""
    data = stream(Batches(), memory=MEMORY)
    with ThreadPoolExecutor(2) as pool:
        thetas = list(pool.map(lambda _: of("classes").fit(data).theta_, range(6)))
    assert all(np.array_equal(thetas[0], theta) for theta in thetas)


def test_an_interrupted_start_leaves_the_estimator_as_it_was(monkeypatch):
    """Ctrl-C before the first epoch; later it ends the training."""
    mlp = of("classes").fit(X, Y)
    theta = mlp.theta_
    monkeypatch.setattr("chainrule.estimators.streaming.Descent", Mock(side_effect=KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        mlp.fit(stream(X, Y))
    assert mlp.theta_ is theta


def test_a_checkpoint_goes_on_with_a_generator(tmp_path):
    """The file keeps where it stood."""

    def fitted(max_iter, **more):
        mlp = of("classes", max_iter=max_iter, random_state=np.random.RandomState(0))
        return mlp.fit(stream(X, Y, memory=MEMORY), **more)

    fitted(2, checkpoint=Checkpoint(tmp_path / "a"))
    assert np.array_equal(fitted(4, checkpoint=Checkpoint(tmp_path / "a")).theta_, fitted(4).theta_)


def test_a_diverged_training_keeps_the_best_weights():
    """As in memory; and the rows are asked for what is too large."""
    with pytest.warns(ConvergenceWarning, match="Training diverged in epoch"):
        clf = of("numbers", learning_rate_init=1e20, solver="sgd").fit(stream(X, NUMBERS, memory=MEMORY))
    assert np.isfinite(clf.theta_).all()
    with pytest.raises(InvalidValue, match="contains infinity or a value too large"):
        of("numbers").fit(stream(X.astype(np.float64) * 1e200, NUMBERS, memory=MEMORY))


def test_no_room_for_the_rows_that_validate_is_said(monkeypatch):
    """Before the file is mapped: a page without room would end the process."""

    def full(descriptor, size):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("chainrule.streams.validation_rows.KEPT_SHARE", 10**6)
    monkeypatch.setattr("chainrule.streams.validation_rows.reserve", full)
    with pytest.raises(InvalidFile, match="there is no room: No space left on device"):
        of("classes", early_stopping=True).fit(stream(X, Y, memory=MEMORY))


def test_scikit_learn_reads_it_all_into_memory(tmp_path):
    """What a stream is for: scikit-learn 1.9 takes a Dask array and computes it whole."""
    X_dask, y_dask = KINDS["dask arrays"](tmp_path)
    theirs = TheirClassifier((3,), max_iter=1, random_state=0).fit(X_dask, y_dask.compute())
    assert theirs.n_features_in_ == 4


# --- checkpoints ------------------------------------------------------------------------------------------------------

STOPPING = {
    "a limit": {"max_iter": 4},
    "no improvement": {"max_iter": 12, "tol": 10.0, "n_iter_no_change": 3},
    "early": {"max_iter": 12, "tol": 0.5, "n_iter_no_change": 2, "early_stopping": True},
    "adaptive": {"max_iter": 6, "solver": "sgd", "learning_rate": "adaptive", "tol": 10.0, "n_iter_no_change": 1},
    "averaged with dropout": {"max_iter": 4, "average_from": 2, "dropout": 0.2, "shuffle": False},
}


class Ends(Exception):
    """What ends a training in the middle."""


@pytest.mark.parametrize("settings", STOPPING.values(), ids=STOPPING)
def test_a_training_goes_on_from_its_checkpoint_to_the_bit(settings, tmp_path):
    """After whichever epoch it ended, and also after the last: the same bits, curves and counts."""
    data = stream(X, Y, memory=MEMORY)
    whole = of("classes", **settings).fit(data)
    for epochs in range(1, whole.n_iter_ + 1):
        checkpoint = Checkpoint(tmp_path / f"after-{epochs}")

        def ends(clf, last=epochs):
            if clf.n_iter_ == last + 1:
                raise Ends

        watched = of("classes", **settings).set_callbacks(ends)
        if epochs < whole.n_iter_:
            with pytest.raises(Ends):
                watched.fit(data, checkpoint=checkpoint)
        else:
            watched.fit(data, checkpoint=checkpoint)
        on = of("classes", **settings).fit(data, checkpoint=checkpoint)
        assert on.theta_.tobytes() == whole.theta_.tobytes(), epochs
        assert (on.n_iter_, on.t_, on.loss_curve_) == (whole.n_iter_, whole.t_, whole.loss_curve_)
        assert on.validation_scores_ == whole.validation_scores_


OTHERS = {
    "a parameter": ({"alpha": 1.0}, {}, "of another training: alpha is 0.0001 there, and 1.0 here"),
    "other windows": ({}, {"memory": MEMORY + 5000}, "its data were others, or read with another memory="),
}


@pytest.mark.parametrize(("settings", "opened", "sentence"), OTHERS.values(), ids=OTHERS)
def test_a_checkpoint_of_another_training_is_refused(settings, opened, sentence, tmp_path):
    """And stays as it is."""
    checkpoint = Checkpoint(tmp_path / "run")
    of("classes").fit(stream(X, Y, memory=MEMORY), checkpoint=checkpoint)
    before = (checkpoint.folder / "epoch.safetensors").read_bytes()
    with pytest.raises(InvalidValue, match=sentence):
        of("classes", **settings).fit(stream(X, Y, **{"memory": MEMORY} | opened), checkpoint=checkpoint)
    with pytest.raises(InvalidValue, match="kind is 'MLPClassifier' there, and 'MLPRegressor' here"):
        of("numbers").fit(stream(X, NUMBERS, memory=MEMORY), checkpoint=checkpoint)
    with pytest.raises(InvalidValue, match="checkpoint goes with a stream"):
        of("classes").fit(X, Y, checkpoint=checkpoint)
    assert (checkpoint.folder / "epoch.safetensors").read_bytes() == before


def test_a_full_disk_leaves_the_last_checkpoint(tmp_path, monkeypatch):
    """It is said, and the training goes on from there when there is room."""
    data, checkpoint = stream(X, Y, memory=MEMORY), Checkpoint(tmp_path / "run")
    whole = of("classes").fit(data)
    with monkeypatch.context() as patch:
        kept = []

        def full(*given, **more):
            kept.append(given)
            if len(kept) > 2:
                raise OSError(28, "No space left on device")
            return write(*given, **more)

        write = os.replace
        patch.setattr(os, "replace", full)
        with pytest.raises(InvalidFile, match=r"epoch\.safetensors: the disk is full"):
            of("classes").fit(data, checkpoint=checkpoint)
    on = of("classes").fit(data, checkpoint=checkpoint)
    assert np.array_equal(on.theta_, whole.theta_)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on Windows")
def test_whatever_kills_it_the_training_ends_with_the_same_bits(tmp_path):
    """Five times SIGKILL at seeded moments; benchmarks/kills.py does it two hundred times."""
    program = [sys.executable, "-m", "benchmarks.kills", "--kills", "5", "--folder", str(tmp_path)]
    ended = subprocess.run(program, check=False, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2])
    counts = json.loads(ended.stdout)
    assert (ended.returncode, counts["killed"], counts["with others"]) == (0, 5, 0)


@pytest.mark.parametrize("ask", ["hidden_activations", "input_gradient", "partial_fit"])
def test_what_wants_arrays_says_so_of_a_stream(ask):
    """A sentence, and where it is shown how."""
    clf, data = of("classes").fit(X, Y), stream(X, Y)
    more = {} if ask == "hidden_activations" else {"y": Y}
    with pytest.raises(InvalidValue, match="X is a Stream, which fit, predict and score read, and this does not"):
        getattr(clf, ask)(data, **more)


def test_a_schedule_is_made_for_all_its_epochs(tmp_path):
    """Of a training by a schedule max_iter cannot be another when it goes on: its rates would be others."""
    data, checkpoint = stream(X, Y, memory=MEMORY), Checkpoint(tmp_path / "run")
    of("classes", learning_rate=cosine(0.01, 0.001)).fit(data, checkpoint=checkpoint)
    with pytest.raises(InvalidValue, match="of another training: max_iter is 3 there, and 6 here"):
        of("classes", learning_rate=cosine(0.01, 0.001), max_iter=6).fit(data, checkpoint=checkpoint)
