"""Uses of streams beside training: answers, searches, files, forks, and what a stream can be made of at its ends."""

from __future__ import annotations

import os
import signal
import time

import numpy as np
import onnxruntime
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sklearn.exceptions import NotFittedError
from sklearn.metrics import r2_score
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from tests.streams.cases import KINDS, Batches, mapped, parquet
from tests.streams.rows import N_ROWS, X, Y

import chainrule as cr
from chainrule import Checkpoint, InvalidFile, InvalidValue, MLPClassifier, MLPRegressor, stream
from chainrule.estimators.descent import Descent

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

MEMORY = 20_000
NUMBERS = np.column_stack([X[:, 0] * 2 - X[:, 1], X[:, 2]])


def clf(**settings):
    return MLPClassifier(**{"hidden_layer_sizes": (5,), "max_iter": 3, "batch_size": 32, "random_state": 0} | settings)


def reg(**settings):
    return MLPRegressor("squared_error", (5,), max_iter=3, batch_size=32, random_state=0, **settings)


# --- answers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["textbook", "compiled"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.filterwarnings("ignore:X does not have valid feature names")
def test_a_stream_is_answered_as_an_array_is(kind, engine, tmp_path):
    """Predictions, probabilities and the score, in the order of the rows, whatever the source."""
    data = stream(*KINDS[kind](tmp_path), memory="60 KB")
    fitted = clf(engine=engine).fit(data)
    assert np.array_equal(fitted.predict(data), fitted.predict(X))
    assert np.allclose(fitted.predict_proba(data), fitted.predict_proba(X), rtol=1e-6)
    assert fitted.score(data) == fitted.score(X, Y)


@pytest.mark.parametrize(
    "targets", [NUMBERS, NUMBERS[:, 0], NUMBERS[:, :1], np.zeros(N_ROWS), NUMBERS * [1, 0] + 1e8],
    ids=["two", "one", "a column", "constant", "far from zero"],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:A column-vector y was passed")
def test_R2_of_windows_is_that_of_scikit_learn(targets):
    """Also of targets whose mean is large, and of those that do not vary."""
    fitted = reg().fit(X, targets)
    theirs = r2_score(targets.astype(np.float64), fitted.predict(X).astype(np.float64))
    assert fitted.score(stream(X, targets, memory=MEMORY)) == pytest.approx(theirs, rel=1e-9)


LABELS = {
    "texts": np.array(["no", "perhaps", "yes"])[Y],
    "two": Y > 0,
    "a column": Y[:, None],
    "many labels": np.column_stack([Y > 0, Y > 1]).astype(int),
}


@pytest.mark.parametrize("labels", LABELS.values(), ids=LABELS)
@pytest.mark.filterwarnings("ignore:A column-vector y was passed")
def test_accuracy_of_windows_is_that_of_scikit_learn(labels):
    """Of all kinds of labels."""
    fitted = clf().fit(X, labels)
    assert fitted.score(stream(X, labels, memory=MEMORY)) == fitted.score(X, labels)


def test_what_cannot_be_answered_is_said(tmp_path):
    """Before fit, of other features, and with what belongs into the stream."""
    with pytest.raises(NotFittedError):
        clf().score(stream(X, Y))
    fitted = clf().fit(stream(parquet(tmp_path / "parts"), "y"))
    with pytest.raises(InvalidValue, match="The data have 3 features, and there were 4 before"):
        fitted.predict(stream(X[:, :3], Y))
    with pytest.raises(InvalidValue, match="The features are called"):
        fitted.score(stream(tmp_path / "parts", "f0"))
    with pytest.raises(InvalidValue, match="y cannot go with a stream"):
        fitted.score(stream(X, Y), Y)


# --- what others do with them -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_search_and_a_pipeline_take_memory_mapped_arrays(jobs, tmp_path):
    """Read-only ones, in this process and in others, to the numbers of arrays in memory."""
    grid, rows, labels = {"mlpclassifier__alpha": [1e-4, 10.0]}, np.tile(X, (70, 1)), np.tile(Y, 70)
    assert rows.nbytes > 2**20, "joblib maps what is larger"
    np.save(tmp_path / "X.npy", rows)
    np.save(tmp_path / "y.npy", labels)
    file_X, file_y = reopened(tmp_path)
    pipeline = make_pipeline(StandardScaler(), clf(batch_size=2000, max_iter=1))
    searches = [
        GridSearchCV(pipeline, grid, cv=3, n_jobs=jobs, error_score="raise").fit(*data)
        for data in ((file_X, file_y), (rows, labels))
    ]
    scores = [search.cv_results_["mean_test_score"].tolist() for search in searches]
    assert scores[0] == scores[1]
    assert np.array_equal(searches[0].predict(file_X), searches[1].predict(rows))


TAKERS = {
    "a scaler": lambda data: make_pipeline(StandardScaler(), clf()).fit(data),
    "a search": lambda data: GridSearchCV(clf(), {"alpha": [1.0]}).fit(data),
    "a split": train_test_split,
}


@pytest.mark.parametrize("take", TAKERS.values(), ids=TAKERS)
def test_what_takes_a_stream_apart_is_told_that_it_cannot(take):
    """Scalers, searches and splits want arrays: the sentence says so. A pipeline of the estimator alone takes one."""
    data = stream(X, Y)
    with pytest.raises(InvalidValue, match="A Stream is read a window at a time and is no array"):
        take(data)
    assert np.array_equal(make_pipeline(clf()).fit(data).predict(data), clf().fit(data).predict(X))


@pytest.mark.parametrize("warm_start", [True, "continue"])
def test_a_warm_start_goes_from_a_stream_to_arrays_and_back(warm_start):
    """The same classes and features; what fits into one window is the same either way."""
    ways = [(stream(X, Y), None), (X, Y)]
    one, other = clf(warm_start=warm_start), clf(warm_start=warm_start)
    for way in (0, 1, 0):
        one.fit(*ways[way])
        other.fit(*ways[1 - way])
    assert len(one.loss_curve_) == len(other.loss_curve_) == 9
    assert one.classes_.tolist() == [0, 1, 2]
    assert one.partial_fit(X, Y).score(stream(X, Y)) > 0.3


@pytest.mark.parametrize("make", [clf, reg])
def test_a_streamed_estimator_goes_everywhere(make, tmp_path):
    """Into a file and back, into scikit-learn's own, into ONNX."""
    data = stream(X, Y if make is clf else NUMBERS[:, 0], memory=MEMORY)
    fitted = make(early_stopping=True).fit(data)
    cr.save(tmp_path / "a.safetensors", fitted)
    again = cr.load(tmp_path / "a.safetensors")
    assert np.array_equal(again.predict(data), fitted.predict(data))
    assert np.allclose(fitted.to_sklearn().predict(X), fitted.predict(X), atol=1e-5)
    cr.export_onnx(fitted, tmp_path / "a.onnx")
    session = onnxruntime.InferenceSession(tmp_path / "a.onnx", providers=["CPUExecutionProvider"])
    theirs = session.run(None, {session.get_inputs()[0].name: X})[0]
    mine = fitted.predict_proba(X) if make is clf else fitted.predict(X)
    assert np.allclose(theirs.ravel(), mine.ravel(), atol=1e-5)


def test_callbacks_see_every_epoch_of_a_stream():
    """And stop it; the estimator answers meanwhile."""
    seen = []

    def look(fitted):
        seen.append((fitted.n_iter_, fitted.score(stream(X, Y, memory=MEMORY))))
        return fitted.n_iter_ == 2

    fitted = clf(max_iter=9).set_callbacks(look).fit(stream(X, Y, memory=MEMORY))
    assert [number for number, _ in seen] == [1, 2]
    assert seen[-1][1] == fitted.score(X, Y)


class OneHot(Batches):
    def __iter__(self):
        return (
            (rows, cr.datasets.one_hot(Y)[130 * k :][: len(rows)]) for k, (rows, _) in enumerate(super().__iter__())
        )


# --- processes --------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on Windows")
@pytest.mark.parametrize("rows", [(X, cr.datasets.one_hot(Y)), (OneHot(),)], ids=["arrays", "batches"])
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded")
def test_a_process_that_is_forked_while_a_stream_reads_ahead_goes_on(rows, tmp_path):
    """It has no thread that reads, and reads by itself: to the same bits as its parent."""
    net = cr.Network([cr.Dense(3, "softmax")], n_features=4, loss="cross_entropy")
    data = stream(*rows, memory=MEMORY)
    forked, deals = [], []

    class Forks(np.random.RandomState):
        def permutation(self, n):
            deals.append(n)
            if len(deals) == 3:  # of a window's rows, the next one under way; the first deals the blocks
                forked.append(os.fork())
            return super().permutation(n)

    run = None
    try:
        run = cr.train(net, data, batch_size=32, max_epochs=2, random_state=Forks(0), progress=False, engine="textbook")
    finally:
        if forked == [0]:  # the child, which runs no other test
            (tmp_path / "theta").write_bytes(b"" if run is None else run.theta.tobytes())
            os._exit(0)
    deadline = time.monotonic() + 60
    while os.waitpid(forked[0], os.WNOHANG)[0] == 0:
        if time.monotonic() > deadline:
            os.kill(forked[0], signal.SIGKILL)
            pytest.fail("the child waits for a thread that it has not")
        time.sleep(0.01)
    assert (tmp_path / "theta").read_bytes() == run.theta.tobytes()


@pytest.mark.parametrize("streams", [True, False])
def test_ctrl_c_in_the_first_epoch_leaves_a_whole_estimator(streams, tmp_path, monkeypatch):
    """No epoch has a loss yet: it is NaN; the one of a training before is gone."""
    fitted = clf().fit(X, Y)
    batches, parts = Descent._batches, []

    def interrupting(self, *part):
        parts.append(part)
        if len(parts) == (2 if streams else 1):
            raise KeyboardInterrupt
        return batches(self, *part)

    for name in ("_batches", "_compiled_batches"):
        monkeypatch.setattr(Descent, name, interrupting)
    with pytest.warns(UserWarning, match="Training interrupted by user"):
        fitted.fit(*((stream(X, Y, memory=MEMORY),) if streams else (X, Y)))
    assert np.isnan(fitted.loss_)
    assert (fitted.n_iter_, fitted.loss_curve_) == (0, [])
    assert fitted.predict(X).shape == (N_ROWS,)
    cr.save(tmp_path / "a.safetensors", fitted)
    assert np.isnan(cr.load(tmp_path / "a.safetensors").loss_)


# --- ends -------------------------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:Got `batch_size`")
def test_a_stream_of_one_row_is_fitted():
    """One class, or one number."""
    assert clf(batch_size="auto").fit(stream(X[:1], Y[:1])).predict(X[:1]) == Y[:1]
    fitted = reg().fit(stream(X[:1], NUMBERS[:1, 0]))
    assert fitted.predict(stream(X[:1], NUMBERS[:1, 0])).shape == (1,)
    assert np.isnan(fitted.score(stream(X[:1], NUMBERS[:1, 0])))


@pytest.mark.parametrize("where", ["X", "y"])
@pytest.mark.parametrize("kind", ["arrays", "parquet folder", "batches"])
def test_what_is_missing_in_the_last_row_is_told_and_the_checkpoint_stays(where, kind, tmp_path):
    """In the first epoch, before anything is kept; the estimator is as it was."""
    rows, targets = X.copy(), NUMBERS[:, 0].copy()
    (rows if where == "X" else targets)[-1, ...] = np.nan
    if kind == "arrays":
        data = stream(rows, targets, memory=MEMORY)
    elif kind == "batches":
        data = stream([(rows[:600], targets[:600]), (rows[600:], targets[600:])], memory=MEMORY)
    else:
        pq.write_table(pa.table({f"f{k}": rows[:, k] for k in range(4)} | {"y": targets}), tmp_path / "a.parquet",
                       row_group_size=60)  # fmt: skip
        data = stream(tmp_path / "a.parquet", "y", memory=MEMORY)
    mlp = reg()
    with pytest.raises(InvalidValue, match=rf"{where} has nan in row (999|399 of batch 1)"):
        mlp.fit(data, checkpoint=Checkpoint(tmp_path / "run"))
    assert "theta_" not in vars(mlp)
    assert not (tmp_path / "run" / "epoch.safetensors").exists()


def test_a_file_that_is_cut_short_meanwhile_leaves_the_last_checkpoint(tmp_path):
    """Between two epochs: the sentence names the row, and the file that comes back is gone on with."""
    data = stream(*mapped(tmp_path), memory=MEMORY)
    whole, content = clf().fit(data), (tmp_path / "X.npy").read_bytes()
    stamp = (tmp_path / "X.npy").stat()

    def cut(fitted):
        if fitted.n_iter_ == 2:
            os.truncate(tmp_path / "X.npy", len(content) - 100)

    with pytest.raises(InvalidFile, match=r"X\.npy was cut short: it ends in row 99\d of the 1000"):
        clf().set_callbacks(cut).fit(data, checkpoint=Checkpoint(tmp_path / "run"))
    (tmp_path / "X.npy").write_bytes(content)
    os.utime(tmp_path / "X.npy", ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    on = clf().fit(stream(*reopened(tmp_path), memory=MEMORY), checkpoint=Checkpoint(tmp_path / "run"))
    assert np.array_equal(on.theta_, whole.theta_)


def reopened(folder):
    return [np.load(folder / f"{name}.npy", mmap_mode="r") for name in "Xy"]
