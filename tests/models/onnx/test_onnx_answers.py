"""ONNX: what other runtimes answer is what predict answers."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.onnx_models import ROUTES, random_case
from tests.models.onnx.runs import both, distance, outputs, shapes, written

from chainrule import Dense, HiddenActivations, InvalidValue, MLPClassifier, MLPRegressor, Network
from chainrule.maths.activations import ACTIVATIONS

CLOSE = {np.dtype(np.float32): 5e-6, np.dtype(np.float64): 2e-14}
ONE_UNIT = Network([Dense(1, "sigmoid")], n_features=1, loss="log_loss")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.onnx"


def one_unit(dtype, classes=("no", "yes")):
    """A classifier whose logit is its one feature, to the bit."""
    return MLPClassifier.from_network(ONE_UNIT, np.array([1.0, 0.0], dtype), classes)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("route", ROUTES)
def test_random_models_answer_as_in_python(route, dtype, path):
    """Fifteen models of each route and dtype: numbers to rounding, labels exactly, in both runtimes."""
    n = len(ROUTES)
    first = ROUTES.index(route) + (n if dtype == "float64" else 0)
    for seed in range(first, 30 * n, 2 * n):
        case = random_case(seed)
        assert (case.route, case.X.dtype) == (route, dtype)
        written(path, case.model, X=case.X if route == "pipeline" else None)
        for numbers, *labels in both(path, case.X):
            assert distance(numbers, case.numbers.reshape(numbers.shape)) < CLOSE[case.X.dtype], seed
            assert numbers.dtype == case.X.dtype
            if case.labels is not None:
                np.testing.assert_array_equal(labels[0], case.labels, err_msg=str(seed))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_far_from_zero(activation, dtype, path):
    """Each activation from −30 to 30 and at 0 is what it is in Python, last and hidden."""
    Z = np.concatenate([np.linspace(-30, 30, 241), [0.0, 1e-6, -1e-6]])
    X = np.stack([Z, Z / 2], axis=1).astype(dtype)
    for stack in ([Dense(2, activation)], [Dense(2, activation), Dense(2)]):
        net = Network(stack, n_features=2)
        theta = np.concatenate([np.r_[1, 0, 0, 1, 0, 0] for _ in stack])
        written(path, (net, theta.astype(dtype)))
        for (Y,) in both(path, X):
            assert distance(Y, net.predict(theta.astype(dtype), X)) < CLOSE[X.dtype]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("activation", ["sigmoid", "softplus", "elu", "selu", "silu", "mish", "exp", "tanh"])
def test_small_values_keep_their_digits(activation, dtype, path):
    """An activation that is small is right to the digits of its own size: near 0, and in its tail down to −7."""
    X = -np.logspace(-6, np.log10(7), 200).astype(dtype)[:, None]
    net = Network([Dense(1, activation)], n_features=1)
    written(path, (net, np.array([1, 0], dtype)))
    exact = net.predict([1.0, 0.0], X.astype(np.float64))
    for (Y,) in both(path, X):
        assert np.abs(Y / exact - 1).max() < (4e-6 if dtype == np.float32 else 1e-13)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_probabilities_keep_both_tails(dtype, path):
    """Down to p = 1e-35 each probability of two classes, of a softmax and of many labels is right to 1e-5 of itself."""
    Z = np.linspace(-80.6, 80.6, 1001).astype(dtype)[:, None]
    exact = Z.astype(np.longdouble)
    written(path, one_unit(dtype))
    for probabilities, _ in both(path, Z):
        wanted = np.hstack([1 / (1 + np.exp(exact)), 1 / (1 + np.exp(-exact))])
        assert wanted.min() < 1e-35
        assert np.abs(probabilities / wanted - 1).max() < 1e-5
    for activation, wanted in (
        ("softmax", np.hstack([1 / (1 + np.exp(exact)), 1 / (1 + np.exp(-exact))])),
        ("sigmoid", np.hstack([np.full_like(exact, 0.5), 1 / (1 + np.exp(-exact))])),
    ):
        written(path, (Network([Dense(2, activation)], 1), np.array([0, 1, 0, 0], dtype)))
        for (Y,) in both(path, Z):
            assert np.abs(Y / wanted - 1).max() < 1e-5


@pytest.mark.parametrize(("dtype", "last"), [(np.float32, 22), (np.float64, 52)])
def test_labels_agree_wherever_python_sees_a_side(dtype, last, path):
    """A logit of ±2^−k is on its side of the boundary as long as predict sees it; 0 belongs to the first class."""
    powers = 2.0 ** -np.arange(last + 1)
    X = np.concatenate([powers, -powers, [0.0]]).astype(dtype)[:, None]
    clf = one_unit(dtype)
    written(path, clf)
    for _, label in both(path, X):
        np.testing.assert_array_equal(label, clf.predict(X))


def labels_of(kind):
    """Labels of a kind for 40 samples with 3 features, and the samples."""
    X = np.random.RandomState(0).normal(size=(40, 3))
    first = X[:, 0] > 0
    return X, {
        "str": np.where(first, "yes", "no"),
        "object": np.where(first, "yes", "no").astype(object),
        "int": np.where(first, 7, -2),
        "int8": np.where(first, 7, -2).astype(np.int8),
        "bool": first,
        "float": np.where(first, 1.0, 2.0),
        "three": np.digitize(X[:, 0], [-0.5, 0.5]),
        "one class": np.full(40, "only"),
        "many": (X > 0).astype(int),
    }[kind]


@pytest.mark.parametrize("loss", ["log_loss", "hinge"])
@pytest.mark.parametrize("kind", ["str", "object", "int", "int8", "bool", "float", "three", "one class", "many"])
def test_labels_of_every_kind(kind, loss, path):
    """Labels come as strings, whole numbers, truth values or floats; rows with NaN or infinity are visibly unknown."""
    X, y = labels_of(kind)
    clf = MLPClassifier((4,), solver="lbfgs", max_iter=5, random_state=0, loss=loss).initialize(X, y)
    written(path, clf)
    bad = X.copy()
    bad[1, 2], bad[3, 0], bad[5, 1] = np.nan, np.inf, -np.inf
    rows = [1, 3, 5]
    unknown = {"U": "nan", "O": "nan", "i": -(2**63), "b": False, "f": np.nan}[y.dtype.kind]
    for numbers, label in both(path, bad):
        np.testing.assert_array_equal(np.isnan(numbers).reshape(40, -1).any(axis=1).nonzero()[0], rows)
        assert np.isnan(numbers[rows]).all()
        np.testing.assert_array_equal(label[rows], np.full_like(label[rows], unknown))
        np.testing.assert_array_equal(np.delete(label, rows, 0), np.delete(clf.predict(X), rows, 0))


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid", "softmax", "gelu"])
def test_nan_is_not_lost_on_the_way(activation, path):
    """A row with a NaN or an infinity gives NaN from every kind of model, through every kind of layer."""
    X = np.random.RandomState(0).normal(size=(6, 2))
    y = np.abs(X[:, 0])
    reg = MLPRegressor("poisson", (3, 3), activation, max_iter=1, random_state=0).initialize(X, y)
    step = HiddenActivations(reg.set_params(max_iter=1, solver="lbfgs", tol=1e9)).fit(X, y)
    X[2, 1], X[4, 0] = np.nan, np.inf
    for model in (reg, step, (reg.network_, reg.theta_)):
        written(path, model)
        for (numbers,) in both(path, X):
            np.testing.assert_array_equal(np.isnan(numbers.reshape(6, -1)).all(axis=1), [0, 0, 1, 0, 1, 0])
            np.testing.assert_array_equal(np.isnan(numbers.reshape(6, -1)).any(axis=1), [0, 0, 1, 0, 1, 0])


def test_a_classifier_made_of_any_network(path):
    """Outputs that are no probabilities of their own are read as predict reads them: above ½, or the largest."""
    X = np.random.RandomState(1).normal(size=(30, 2))
    for n, activation, loss in [(1, "identity", "half_squared_error"), (3, "tanh", "huber"), (1, "tanh", "hinge")]:
        net = Network([Dense(n, activation)], 2, loss)
        classes = ["a", "b"] if n == 1 else [5, 6, 7]
        clf = MLPClassifier.from_network(net, net.initial_theta(3) * 2, classes)
        written(path, clf)
        wanted = clf.decision_function(X) if loss == "hinge" else clf.predict_proba(X)
        for numbers, label in both(path, X):
            assert distance(numbers, wanted) < 1e-14
            np.testing.assert_array_equal(label, clf.predict(X))


@pytest.mark.parametrize("activation", ["sigmoid", "softmax"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_of_equal_outputs_the_first_is_taken(dtype, activation, path):
    """As argmax does in predict: of sigmoids that have all rounded to 1, of logits that are all but equal."""
    net = Network([Dense(3, activation)], n_features=1, loss="half_squared_error")
    clf = MLPClassifier.from_network(net, np.array([1, 2, 3, 0, 0, 0], dtype), ["a", "b", "c"])
    X = np.array([[50.0], [40.0], [0.0], [-1.0], [2.0**-60], [-(2.0**-60)]], dtype)
    wanted = ["c" if activation == "softmax" else "a", "c" if activation == "softmax" else "a", "a", "a", "a", "a"]
    assert clf.predict(X).tolist() == wanted
    written(path, clf)
    for _, label in both(path, X):
        assert label.tolist() == wanted


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.float16, np.int64, np.int32, np.uint8, bool])
def test_the_input_has_the_dtype_of_X(dtype, path):
    """With X, the file takes samples of its dtype, and computes in theta's all the same."""
    X = np.arange(12).reshape(6, 2).astype(dtype)
    net = Network([Dense(3, "tanh"), Dense(1)], n_features=2)
    theta = net.initial_theta(0)
    written(path, (net, theta), X=X)
    for (Y,) in both(path, X):
        assert Y.dtype == np.float64
        assert distance(Y, net.predict(theta, X.astype(float))) < 1e-14


@pytest.mark.parametrize("opset", [13, 15, 18, 21])
def test_every_opset(opset, path):
    """The file says the opset that was asked for, and an IR version no newer than it needs."""
    X, y = labels_of("str")
    clf = MLPClassifier((3, 3), ["gelu", "mish"], max_iter=1, random_state=0).initialize(X, y)
    made = written(path, clf, opset=opset)
    assert [(one.domain, one.version) for one in made.opset_import] == [("", opset)]
    assert made.ir_version == {13: 7, 15: 8, 18: 8, 21: 10}[opset]
    for numbers, label in both(path, X):
        assert distance(numbers, clf.predict_proba(X)) < 1e-14
        np.testing.assert_array_equal(label, clf.predict(X))


def test_any_number_of_rows(path):
    """The batch is free: one row, many, or none."""
    clf = one_unit(np.float32)
    made = written(path, clf)
    assert shapes(made.graph.input) == {"X": ["n_samples", 1]}
    assert outputs(made) == {"probabilities": ["n_samples", 2], "label": ["n_samples"]}
    for n in (0, 1, 1000):
        X = np.linspace(-2, 2, n, dtype=np.float32)[:, None]
        for numbers, label in both(path, X):
            assert (numbers.shape, label.shape) == ((n, 2), (n,))


@pytest.mark.parametrize("classes", [[1, 2**63], [b"a", b"b"], [1, "a"], [None, 1]])
def test_labels_that_onnx_does_not_know_are_refused(classes, path):
    """Bytes, mixtures and numbers beyond 64 bits are refused, and nothing is written."""
    clf = one_unit(np.float64)
    clf.classes_ = np.array(classes, dtype=object)
    with pytest.raises(InvalidValue, match="Cannot write the classes"):
        written(path, clf)
    assert not path.exists()
