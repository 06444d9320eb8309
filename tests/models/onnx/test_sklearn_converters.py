"""skl2onnx: pipelines, searches and ensembles of scikit-learn's with our estimators in them."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
import skl2onnx
from benchmarks.onnx_runtimes import by_onnxruntime
from onnx.reference import ReferenceEvaluator
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import BaggingClassifier, StackingClassifier, VotingClassifier, VotingRegressor
from sklearn.exceptions import NotFittedError
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV, TunedThresholdClassifierCV
from sklearn.multioutput import MultiOutputClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, PolynomialFeatures, SplineTransformer, StandardScaler
from tests.models.onnx.runs import both, distance, outputs, written

import chainrule as cr
from chainrule import Activation, HiddenActivations, InvalidValue, MLPClassifier, MLPRegressor

DRAW = np.random.RandomState(0)
X = DRAW.normal(size=(60, 4))
Y = np.array(["a", "b", "c"])[np.digitize(X[:, 0], [-0.5, 0.5])]
CLOSE = {np.dtype(np.float32): 5e-6, np.dtype(np.float64): 1e-14}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.onnx"


def clf(**settings):
    return MLPClassifier((5,), "tanh", solver="lbfgs", max_iter=50, tol=0.1, random_state=0, **settings)


def reg(loss="squared_error"):
    return MLPRegressor(loss, (5,), "tanh", solver="lbfgs", max_iter=50, tol=0.1, random_state=0)


CLASSIFIERS = {
    "pipeline": make_pipeline(StandardScaler(), clf()),
    "search": GridSearchCV(make_pipeline(StandardScaler(), clf()), {"mlpclassifier__alpha": [0.1, 1.0]}, cv=2),
    "search of ours": GridSearchCV(clf(), {"alpha": [0.1, 1.0]}, cv=2),
    "voting": VotingClassifier(
        [("ours", clf()), ("line", LogisticRegression())], voting="soft", flatten_transform=False
    ),
    "stacking": StackingClassifier([("ours", clf()), ("line", LogisticRegression())], cv=2),
    "bagging": BaggingClassifier(clf(), n_estimators=2, random_state=0),
    "hidden layer": make_pipeline(HiddenActivations(clf()), LogisticRegression()),
}
REGRESSORS = {
    "poisson": make_pipeline(StandardScaler(), reg("poisson")),
    "two outputs": make_pipeline(StandardScaler(), reg()),
    "voting": VotingRegressor([("ours", reg()), ("poisson", reg("poisson"))]),
}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", CLASSIFIERS)
def test_classifiers(name, dtype, path):
    """Probabilities and labels, no ZipMap, the labels last."""
    samples = X.astype(dtype)
    model = CLASSIFIERS[name].fit(samples, Y)
    made = written(path, model, X=samples)
    assert outputs(made) == {"probabilities": ["n_samples", 3], "label": ["n_samples"]}
    assert "ZipMap" not in {node.op_type for node in made.graph.node}
    assert len({one.domain for one in made.opset_import}) == len(made.opset_import)
    for numbers, label in both(path, samples):
        assert distance(numbers, model.predict_proba(samples)) < CLOSE[samples.dtype]
        np.testing.assert_array_equal(label, model.predict(samples))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", REGRESSORS)
def test_regressors(name, dtype, path):
    """Also those of counts, on which the converter of scikit-learn's own MLPRegressor fails."""
    samples = X.astype(dtype)
    model = REGRESSORS[name].fit(samples, np.abs(samples[:, :2] if name == "two outputs" else samples[:, 0]))
    written(path, model, X=samples)
    for (numbers,) in both(path, samples):
        assert distance(numbers, model.predict(samples).reshape(numbers.shape)) < CLOSE[samples.dtype]


def test_a_data_frame_of_numbers_and_words(path):
    """Each column of a data frame is an input of its own, under its name."""
    frame = pd.DataFrame(X[:, :2].astype(np.float32), columns=["u", "v"])
    frame["kind"] = np.array(["p", "q", "r"])[np.arange(60) % 3]
    frame.loc[7, "u"] = np.nan
    columns = ColumnTransformer(
        [
            ("numbers", make_pipeline(SimpleImputer(), StandardScaler()), ["u", "v"]),
            ("words", OneHotEncoder(handle_unknown="ignore"), ["kind"]),
        ]
    )
    model = Pipeline([("columns", columns), ("mlp", clf())]).fit(frame, Y)
    made = written(path, model, X=frame)
    assert [one.name for one in made.graph.input] == ["u", "v", "kind"]
    feed = {name: frame[[name]].to_numpy() for name in frame}
    numbers, label = ReferenceEvaluator(made).run(None, feed)
    assert distance(numbers, model.predict_proba(frame)) < 1e-6
    np.testing.assert_array_equal(label, model.predict(frame))


@pytest.mark.parametrize(
    "names", [["petal width (cm)", "d\n", "é", "1"], ["label", "probabilities", "X", "u"], ["a-b", "a_b", "a b", "a.b"]]
)
def test_columns_of_any_name_are_inputs_in_their_order(names, path):
    """skl2onnx makes plain names of them; which column each input stands for is in the metadata."""
    frame = pd.DataFrame(X, columns=names)
    some = ColumnTransformer([("last", StandardScaler(), names[3:]), ("first", "passthrough", names[:2])])
    for first in (StandardScaler(), some):
        model = make_pipeline(first, clf()).fit(frame, Y)
        made = written(path, model, X=frame)
        assert {one.key: one.value for one in made.metadata_props}["feature_names"] == json.dumps(names)
        assert set(outputs(made)) == {"probabilities", "label"}
        feed = {one.name: X[:, [column]] for column, one in enumerate(made.graph.input)}
        numbers, label = ReferenceEvaluator(made).run(None, feed)
        assert distance(numbers, model.predict_proba(frame)) < 1e-6
        np.testing.assert_array_equal(label, model.predict(frame))


@pytest.mark.parametrize("names", [[0, 1, 2, 3], ["", "b", "c", "d"]])
def test_columns_without_a_name_are_refused(names, path):
    """An input needs one."""
    frame = pd.DataFrame(X, columns=names)
    model = make_pipeline(StandardScaler(), clf()).fit(frame, Y)
    with pytest.raises(InvalidValue, match=f"X has a column named {names[0]!r}, and an input needs a text"):
        cr.export_onnx(model, path, X=frame)


@pytest.mark.parametrize("scaler", [None, StandardScaler()])
def test_a_search_is_the_best_that_it_found(scaler, path):
    """Also one of a kind that skl2onnx does not know."""
    model = RandomizedSearchCV(make_pipeline(scaler, clf()) if scaler else clf(), {}, n_iter=1, cv=2).fit(X, Y)
    written(path, model, X=X)
    for numbers, label in both(path, X):
        assert distance(numbers, model.predict_proba(X)) < 1e-14
        np.testing.assert_array_equal(label, model.predict(X))


def test_a_search_without_a_best_estimator_is_refused(path):
    """It scored, and fitted none at the end."""
    search = GridSearchCV(clf(), {"alpha": [1.0]}, cv=2, refit=False).fit(X, Y)
    with pytest.raises(InvalidValue, match="This GridSearchCV cannot answer for X: "):
        cr.export_onnx(search, path, X=X)


def test_missing_values_are_filled_in_float32_alone(path):
    """In float64 onnxruntime would refuse the whole file."""
    model = make_pipeline(SimpleImputer(), StandardScaler(), clf()).fit(X, Y)
    with pytest.raises(InvalidValue, match="SimpleImputer of this Pipeline in float64: onnxruntime has it in float32"):
        cr.export_onnx(model, path, X=X)
    assert not path.exists()
    written(path, model, X=X.astype(np.float32))
    for numbers, _ in both(path, X.astype(np.float32)):
        assert distance(numbers, model.predict_proba(X)) < 1e-5


@pytest.mark.parametrize(
    ("samples", "sentence"),
    [
        ({"a": 1}, "without X: pass some rows"),
        ("abc", "without X: pass some rows"),
        (X[:, :2], "This Pipeline cannot answer for X: X has 2 features"),
        (X[0], "This Pipeline cannot answer for X: Expected 2D array"),
        (X[:0], "This Pipeline cannot answer for X: Found array with 0 sample"),
        (np.full_like(X, np.nan), "This Pipeline cannot answer for X: Input X contains NaN"),
    ],
)
def test_samples_that_a_pipeline_does_not_take_are_refused(samples, sentence, path):
    """What scikit-learn says of them, in a line."""
    with pytest.raises(InvalidValue, match=sentence) as refused:
        cr.export_onnx(make_pipeline(StandardScaler(), clf()).fit(X, Y), path, X=samples)
    assert "\n" not in str(refused.value)


def test_samples_in_another_byte_order_are_taken(path):
    """The file has this machine's."""
    for model in (clf().fit(X, Y), make_pipeline(StandardScaler(), clf()).fit(X, Y)):
        written(path, model, X=X.astype(">f8"))
        for numbers, _ in both(path, X):
            assert distance(numbers, model.predict_proba(X)) < 1e-14


def test_to_onnx_of_skl2onnx_takes_them_after_one_call(path):
    """Its own options act: a ZipMap unless it is told to do without, and any opset."""
    cr.register_onnx_converters()
    model = make_pipeline(StandardScaler(), clf(class_weight="balanced")).fit(X, Y)
    plain = skl2onnx.to_onnx(model, X[:1], options={"zipmap": False}, target_opset=15)
    assert list(outputs(plain)) == ["label", "probabilities"]
    assert [(one.domain, one.version) for one in plain.opset_import if not one.domain] == [("", 15)]
    path.write_bytes(plain.SerializeToString())
    label, numbers = by_onnxruntime(path, X)
    assert distance(numbers, model.predict_proba(X)) < 1e-14
    np.testing.assert_array_equal(label, model.predict(X))
    with pytest.raises(InvalidValue, match="target_opset must be at least 13, got 12"):
        skl2onnx.to_onnx(model, X[:1], target_opset=12)
    mapped = skl2onnx.to_onnx(model, X[:1])
    assert "ZipMap" in {node.op_type for node in mapped.graph.node}


def test_margins_in_a_pipeline(path):
    """Losses without probabilities give their margins in that place, of two classes one column."""
    for y, width in ((X[:, 0] > 0, 1), (Y, 3)):
        model = make_pipeline(StandardScaler(), clf(loss="squared_hinge")).fit(X, y)
        written(path, model, X=X)
        for numbers, label in both(path, X):
            assert numbers.shape == (60, width)
            assert distance(numbers, model.decision_function(X).reshape(numbers.shape)) < 1e-14
            np.testing.assert_array_equal(label, model.predict(X))
        assert "ZipMap" not in {node.op_type for node in skl2onnx.to_onnx(model, X[:1]).graph.node}


def test_a_vote_without_probabilities(path):
    """What has labels alone is compared by them."""
    members = [("ours", clf()), ("wider", clf(alpha=1.0)), ("line", LogisticRegression())]
    model = VotingClassifier(members, voting="hard", flatten_transform=False).fit(X, Y)
    written(path, model, X=X)
    for *_, label in both(path, X):
        np.testing.assert_array_equal(label, model.predict(X))


@pytest.mark.parametrize("y", [X[:, 0] > 0, np.digitize(X[:, 0], [0.0]) + 4, np.sign(X[:, 0]), (X[:, :3] > 0) * 1])
def test_labels_in_a_pipeline(y, path):
    """Truth values, whole numbers, floats, and many labels a sample."""
    model = make_pipeline(StandardScaler(), clf()).fit(X, y)
    written(path, model, X=X)
    for numbers, label in both(path, X):
        assert distance(numbers, model.predict_proba(X)) < 1e-14
        np.testing.assert_array_equal(label, model.predict(X))
        assert label.dtype.kind == y.dtype.kind


def test_float32_samples_of_a_float64_network_are_computed_in_float64(path):
    """What was trained in float64 keeps its digits: an intermediate result is not rounded."""
    model = make_pipeline(StandardScaler(with_mean=False, with_std=False), clf()).fit(X, Y)
    samples = X.astype(np.float32)
    made = written(path, model, X=samples)
    assert {one.data_type for one in made.graph.initializer if one.name.endswith("/W1")} == {11}  # DOUBLE
    for numbers, _ in both(path, samples):
        wanted = model[-1].predict_proba(samples.astype(np.float64)).astype(np.float32)
        np.testing.assert_array_equal(numbers, wanted)


class Unknown(TransformerMixin, BaseEstimator):
    """A step that skl2onnx has never heard of."""

    def fit(self, X, y=None):
        self.fitted_ = True
        return self

    def transform(self, X):
        return X


SQUARE = Activation("square", lambda Z: Z * Z, lambda dA, Z, A: 2 * dA * Z)


@pytest.mark.parametrize(
    ("model", "options", "sentence"),
    [
        (make_pipeline(Unknown(), clf()), {"X": X}, "skl2onnx cannot write this Pipeline to ONNX: .*Unknown"),
        (
            make_pipeline(StandardScaler(), PolynomialFeatures(), clf()),
            {"X": X},
            "skl2onnx cannot write this Pipeline to ONNX: .*inconsistent type.*Pass the numbers of X as float32",
        ),
        (
            make_pipeline(SplineTransformer(), clf()),
            {"X": X.astype(np.float32)},
            "skl2onnx cannot write this Pipeline to ONNX: Unable to find .*SplineTransformer'>'. Replace that step.$",
        ),
        (make_pipeline(StandardScaler(), clf()), {}, "Cannot write a Pipeline to ONNX without X: pass some rows"),
        (
            make_pipeline(StandardScaler(), MLPClassifier((2,), SQUARE, solver="lbfgs", tol=1e9)),
            {"X": X},
            "Cannot write the activation 'square' of your own to ONNX",
        ),
    ],
)
def test_what_cannot_be_written_is_refused(model, options, sentence, path):
    """One sentence, nothing written."""
    model.fit(X, Y)
    with pytest.raises(InvalidValue, match=sentence) as refused:
        cr.export_onnx(model, path, **options)
    assert "\n" not in str(refused.value)
    assert not path.exists()


@pytest.mark.parametrize(
    ("model", "y", "sentence"),
    [
        (CalibratedClassifierCV(clf(), method="isotonic", cv=2), Y == "a", "answers otherwise than the model: "),
        (TunedThresholdClassifierCV(clf(), scoring="recall", cv=2), Y == "a", "instead of .* in row [0-9]+ of X"),
        (
            StackingClassifier([("margins", clf(loss="hinge")), ("ours", clf())], cv=2),
            Y == "a",
            "skl2onnx cannot write this Stacking",
        ),
        (MultiOutputClassifier(clf()), X[:, :2] > 0, "Cannot write what gives back probabilities as a list or a map"),
    ],
)
def test_a_file_that_would_answer_otherwise_is_refused(model, y, sentence, path):
    """Of some ensembles skl2onnx writes other numbers or labels than they give; none of them becomes a file."""
    model.fit(X, np.where(y, 1, 0))
    with pytest.raises(InvalidValue, match=sentence):
        cr.export_onnx(model, path, X=X)
    assert not path.exists()


def test_samples_as_lists_are_taken(path):
    """A list of rows says as much as an array."""
    model = make_pipeline(StandardScaler(), clf()).fit(X, Y)
    written(path, model, X=X.tolist())
    for numbers, _ in both(path, X):
        assert distance(numbers, model.predict_proba(X)) < 1e-14


def test_a_pipeline_before_fit_is_refused(path):
    """As scikit-learn says it."""
    with pytest.raises(NotFittedError):
        cr.export_onnx(make_pipeline(StandardScaler(), clf()), path, X=X)
