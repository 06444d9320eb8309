"""Estimators by the compiled engine: the numbers of the textbook engine to rounding, whatever is asked of them."""

from __future__ import annotations

import pickle
import warnings
from itertools import cycle

import numpy as np
import pytest
import scipy.sparse
from sklearn.base import clone
from sklearn.datasets import load_iris
from sklearn.exceptions import ConvergenceWarning
from sklearn.preprocessing import StandardScaler
from tests.network.cases import OWN_ACTIVATION

from chainrule import InvalidValue, MissingLibrary, MLPClassifier, MLPRegressor, huber, quantile, schedules
from chainrule.errors import warn_once
from chainrule.maths.activations import ACTIVATIONS

pytestmark = [
    pytest.mark.filterwarnings("ignore:Stochastic Optimizer. Maximum iterations"),
    pytest.mark.filterwarnings("ignore:lbfgs failed to converge"),
    pytest.mark.filterwarnings("ignore:.*Maximum number of iterations"),
]
DTYPES = pytest.mark.parametrize("dtype", [np.float64, np.float32])

RNG = np.random.RandomState(3)
X3, y3 = load_iris(return_X_y=True)
X3 = StandardScaler().fit_transform(X3)
X3 = X3 + 1e-3 * RNG.normal(size=X3.shape)  # no two samples alike
X1 = RNG.normal(size=(120, 3))
y1 = np.sin(X1[:, 0]) + X1[:, 1] * X1[:, 2] + 0.1 * RNG.normal(size=120)
COUNTS = RNG.poisson(np.exp(0.5 * X1[:, 0])).astype(float)
LABELS = np.c_[y3 > 0, y3 > 1, X3[:, 0] > 0].astype(int)
WEIGHTS = RNG.uniform(0.2, 2.0, 150)


def classifier(**settings):
    return MLPClassifier(
        **{
            "hidden_layer_sizes": (5, 4),
            "activation": "tanh",
            "random_state": 0,
            "max_iter": 8,
            "batch_size": 40,
            **settings,
        }
    )


def regressor(**settings):
    return MLPRegressor(
        **{
            "hidden_layer_sizes": (5,),
            "activation": "tanh",
            "random_state": 0,
            "max_iter": 8,
            "batch_size": 50,
            **settings,
        }
    )


def assert_same(one, other, rtol=1e-9):
    """Check that everything that training leaves is the same to rounding."""
    assert one.theta_.dtype == other.theta_.dtype
    np.testing.assert_allclose(other.theta_, one.theta_, rtol=0, atol=rtol * np.abs(one.theta_).max())
    assert (one.n_iter_, one.t_, one.solver) == (other.n_iter_, other.t_, other.solver)
    np.testing.assert_allclose(other.loss_, one.loss_, rtol=rtol)
    for name in ("loss_curve_", "validation_scores_"):
        if getattr(one, name, None) is not None:
            np.testing.assert_allclose(getattr(other, name), getattr(one, name), rtol=max(rtol, 1e-9))


def both(mlp, *arguments, rtol=1e-9, **more):
    """Fit by both engines, check that they agree, and return the compiled estimator."""
    fitted = []
    for engine in ("textbook", "compiled"):
        fitted.append(clone(mlp).set_params(engine=engine).fit(*arguments, **more))
        assert fitted[-1]._compiled == (engine == "compiled")
    assert_same(*fitted, rtol=rtol)
    X = arguments[0]
    ask = "predict_proba" if hasattr(mlp, "predict_proba") else "predict"
    expected, actual = (getattr(one, ask)(X) for one in fitted)
    assert expected.dtype == actual.dtype
    np.testing.assert_allclose(actual, expected, rtol=0, atol=10 * rtol * np.abs(expected).max())
    return fitted[1]


SETTINGS = {
    "adam": {},
    "adam forgets": {"beta_1": 0.0, "beta_2": 0.5, "epsilon": 1e-3},
    "sgd": {"solver": "sgd"},
    "sgd momentum": {"solver": "sgd", "nesterovs_momentum": False},
    "sgd plain": {"solver": "sgd", "momentum": 0.0},
    "sgd momentum 1": {"solver": "sgd", "momentum": 1.0},
    "invscaling": {"solver": "sgd", "learning_rate": "invscaling", "learning_rate_init": 0.5},
    "adaptive": {
        "solver": "sgd",
        "learning_rate": "adaptive",
        "learning_rate_init": 0.5,
        "tol": 0.5,
        "n_iter_no_change": 1,
        "max_iter": 30,
    },
    "schedule": {"learning_rate": schedules.cosine(0.05)},
    "plateau": {"solver": "sgd", "learning_rate": schedules.reduce_on_plateau(0.5, patience=1, tolerance=0.1)},
    "adamw": {"solver": "adamw"},
    "rmsprop": {"solver": "rmsprop"},
    "adagrad": {"solver": "adagrad"},
    "lbfgs": {"solver": "lbfgs"},
    "alpha": {"alpha": 3.0},
    "no alpha": {"alpha": 0.0},
    "dropout": {"dropout": 0.3},
    "dropouts": {"dropout": 0.2, "input_dropout": 0.2},
    "max_gradient_norm": {"max_gradient_norm": 0.05},
    "averaged": {"average_from": 3},
    "all together": {
        "solver": "sgd",
        "dropout": 0.2,
        "input_dropout": 0.1,
        "max_gradient_norm": 0.2,
        "average_from": 2,
        "alpha": 0.1,
    },
    "in order": {"shuffle": False},
    "early stopping": {"early_stopping": True, "n_iter_no_change": 2, "max_iter": 30, "learning_rate_init": 0.05},
    "stops": {"tol": 0.05, "n_iter_no_change": 2, "max_iter": 60, "learning_rate_init": 0.02},
    "auto batch": {"batch_size": "auto"},
    "one sample": {"batch_size": 1, "max_iter": 2},
    "whole": {"batch_size": 150},
}


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
@pytest.mark.parametrize(
    ("weighted", "dtype"), [(True, np.float64), (False, np.float32)], ids=["weighted-float64", "float32"]
)
def test_a_classifier_is_the_textbooks(settings, weighted, dtype):
    """Every solver and setting, with sample weights and without, learns the same in either dtype."""
    rtol = 1e-9 if dtype == np.float64 else 1e-4
    if settings.get("solver") == "lbfgs":
        rtol = 1e-6  # its line search goes by the last digits; it computes in float64 always
    weights = (WEIGHTS,) if weighted else ()
    both(classifier(**settings), X3.astype(dtype), y3, *weights, rtol=rtol)


@pytest.mark.parametrize(
    ("settings", "outputs"), list(zip(SETTINGS.values(), cycle([1, 3]), strict=False)), ids=SETTINGS
)
def test_a_regressor_is_the_textbooks(settings, outputs):
    """So does a regressor of one and of several outputs, whose told loss is a mean over them."""
    rtol = 1e-6 if settings.get("solver") == "lbfgs" else 1e-9
    y = y1 if outputs == 1 else np.c_[y1, y1**2, -y1]
    if settings.get("batch_size") == 150:
        settings = {**settings, "batch_size": 120}
    both(regressor(**settings), X1, y, rtol=rtol)


@pytest.mark.parametrize(
    "loss",
    ["squared_error", "poisson", "absolute_error", "huber", "quantile", huber(0.3), quantile(0.9)],
    ids=lambda loss: getattr(loss, "name", loss),
)
@pytest.mark.parametrize("solver", ["adam", "sgd"])
def test_every_loss_of_a_regressor_is_the_textbooks(loss, solver):
    """Each loss is brought down the same way."""
    both(regressor(loss=loss, solver=solver), X1, COUNTS if loss == "poisson" else y1)


@pytest.mark.parametrize("activation", [*ACTIVATIONS, "logistic"])
def test_every_activation_of_an_estimator_is_the_textbooks(activation):
    """Each activation learns the same, and one for each layer too."""
    both(classifier(activation=activation), X3, y3)
    both(classifier(activation=[activation, "relu"]), X3, y3)


@pytest.mark.parametrize("solver", ["adam", "lbfgs"])
def test_many_labels_and_two_classes_are_the_textbooks(solver):
    """Several labels at once and two classes learn the same."""
    rtol = 1e-6 if solver == "lbfgs" else 1e-9
    both(classifier(solver=solver), X3, LABELS, rtol=rtol)
    both(classifier(solver=solver), X3[50:], np.array(["a", "b"])[y3[50:] - 1], rtol=rtol)


@pytest.mark.parametrize("solver", ["adam", "sgd", "lbfgs"])
def test_class_weights_and_weights_of_zero_are_the_textbooks(solver):
    """Weights of classes multiply those of samples; batches that weigh nothing bring no update in either."""
    rtol = 1e-6 if solver == "lbfgs" else 1e-9
    both(classifier(class_weight="balanced", solver=solver), X3[:120], y3[:120], rtol=rtol)
    some = WEIGHTS * (np.arange(150) % 7 == 0)
    both(classifier(class_weight={0: 2.0}, solver=solver, batch_size=5), X3, y3, some, rtol=rtol)
    both(classifier(solver=solver, shuffle=False, batch_size=30), X3, y3, np.where(y3 == 1, 0.0, 1.0), rtol=rtol)


@DTYPES
@pytest.mark.parametrize("scale", [1e-30, 1e-50, 1e30, 1e50])
def test_weights_of_any_size_are_the_textbooks(scale, dtype):
    """Tiny and huge weights divide out, also those that float32 could not hold."""
    rtol = 1e-9 if dtype == np.float64 else 1e-4
    both(classifier(alpha=0.0), X3.astype(dtype), y3, scale * WEIGHTS, rtol=rtol)


@pytest.mark.parametrize("solver", ["adam", "sgd"])
def test_negative_weights_are_the_textbooks(solver):
    """scikit-learn lets them pass: samples to be unlearned, in batches whose weight may be below 0, are so in both."""
    weights = np.where(np.arange(150) % 5 == 0, -0.7, 1.0)
    both(classifier(solver=solver, batch_size=30), X3, y3, weights)
    both(
        classifier(solver=solver, batch_size=2, alpha=0.1, max_iter=2, learning_rate_init=1e-3),
        X3,
        y3,
        weights,
        rtol=1e-8,
    )


def test_a_batch_larger_than_the_samples_is_clipped_with_a_warning():
    """As in scikit-learn, and the same is learned."""
    with pytest.warns(UserWarning, match="larger than sample size. It is going to be clipped"):
        both(classifier(batch_size=1000), X3, y3)


@pytest.mark.parametrize("order", ["textbook compiled textbook", "compiled textbook compiled"])
@pytest.mark.parametrize(
    "settings", [{}, {"solver": "sgd"}, {"solver": "adagrad", "average_from": 1}, {"dropout": 0.3, "solver": "rmsprop"}]
)
def test_engines_may_change_under_a_training_that_goes_on(settings, order):
    """partial_fit and warm_start="continue" go on where the other engine stopped, with all that it remembers."""
    steady, changing = (classifier(max_iter=3, warm_start="continue", engine="textbook", **settings) for _ in range(2))
    for engine in order.split():
        steady.fit(X3, y3)
        changing.set_params(engine=engine).fit(X3, y3)
        assert_same(steady, changing)
    steady, changing = classifier(engine="textbook", **settings), classifier(**settings)
    for engine in (order + " " + order).split():
        steady.partial_fit(X3, y3, classes=[0, 1, 2])
        changing.set_params(engine=engine).partial_fit(X3, y3, classes=[0, 1, 2])
        assert_same(steady, changing)
    assert steady.loss_curve_ == pytest.approx(changing.loss_curve_, rel=1e-9)


def test_warm_start_is_the_textbooks():
    """So is a fit that begins at the weights of the last."""
    fitted = []
    for engine in ("textbook", "compiled"):
        mlp = classifier(warm_start=True, engine=engine).fit(X3, y3)
        fitted.append(mlp.fit(X3[::-1], y3[::-1]))
    assert_same(*fitted)


def test_own_validation_samples_score_the_same():
    """Samples handed in to validate give the same scores, and the same best weights."""
    both(classifier(early_stopping=True, n_iter_no_change=3, max_iter=30), X3, y3, X_val=X3[::3], y_val=y3[::3])
    both(regressor(scoring="neg_mean_absolute_error"), X1, y1, X_val=X1[:20], y_val=y1[:20])


@pytest.mark.parametrize(
    "settings", [{"dropout": 0.2}, {"average_from": 0}, {"batch_size": 120}], ids=["dropout", "average", "whole"]
)
@DTYPES
def test_a_divergence_keeps_the_same_weights_with_the_same_warning(settings, dtype):
    """Where the numbers leave the finite ones, the same best weights are kept, in either engine."""
    fitted, told = [], []
    for engine in ("textbook", "compiled"):
        mlp = regressor(
            activation="identity", solver="sgd", learning_rate_init=1e12, momentum=0.0, engine=engine, **settings
        )
        with pytest.warns(ConvergenceWarning, match="Training diverged in epoch") as caught:
            fitted.append(mlp.fit(1e3 * X1.astype(dtype), y1.astype(dtype)))
        told.append(str(caught[0].message).split(":")[0])
    assert told[0] == told[1]
    assert np.isfinite(fitted[1].theta_).all()
    assert fitted[0].n_iter_ == fitted[1].n_iter_
    np.testing.assert_allclose(fitted[1].theta_, fitted[0].theta_, rtol=1e-6 if dtype == np.float64 else 1e-2)


def test_after_a_divergence_both_engines_go_on_alike():
    """A training that diverged and goes on at a smaller rate drops the same units in either engine."""
    fitted = []
    for engine in ("textbook", "compiled"):
        mlp = regressor(
            solver="sgd",
            momentum=0.0,
            learning_rate_init=1e200,
            activation="identity",
            dropout=0.3,
            warm_start="continue",
            engine=engine,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            mlp.fit(X1, y1)
        mlp.set_params(learning_rate_init=1e-3).fit(X1, y1)
        fitted.append(mlp)
    np.testing.assert_allclose(fitted[1].theta_, fitted[0].theta_, rtol=1e-9)


@pytest.mark.parametrize(
    "make",
    [np.asfortranarray, lambda X: np.repeat(X, 2, axis=1)[:, ::2], lambda X: X.tolist()],
    ids=["Fortran", "strided", "list"],
)
def test_any_layout_is_the_same_to_the_bit(make):
    """However X lies in memory the fit is the same, and X is not changed."""
    given, plain = make(X3.copy()), classifier(engine="compiled").fit(X3, y3)
    fitted = classifier(engine="compiled").fit(given, y3)
    np.testing.assert_array_equal(plain.theta_, fitted.theta_)
    np.testing.assert_array_equal(plain.predict_proba(X3), fitted.predict_proba(given))
    np.testing.assert_array_equal(X3, given)


def test_read_only_and_whole_numbers_are_taken():
    """A read-only X, read-only weights and integers train as their copies."""
    read_only, weights, whole = X3.copy(), WEIGHTS.copy(), np.round(3 * X3).astype(int)
    read_only.flags.writeable = weights.flags.writeable = False
    a, b = (classifier(engine="compiled").fit(X, y3, w) for X, w in ((X3, WEIGHTS), (read_only, weights)))
    np.testing.assert_array_equal(a.theta_, b.theta_)
    both(classifier(), whole, y3)


def test_the_same_fit_gives_the_same_bits():
    """Twice the same fit is the same in every bit, by either engine's name or by auto."""
    for settings in ({}, {"dropout": 0.3, "solver": "sgd"}, {"solver": "lbfgs"}):
        one, other = (classifier(engine="compiled", **settings).fit(X3, y3) for _ in range(2))
        np.testing.assert_array_equal(one.theta_, other.theta_)
    auto = classifier(max_iter=4000, tol=0, n_iter_no_change=10_000)
    assert auto.fit(X3, y3)._compiled
    np.testing.assert_array_equal(auto.theta_, clone(auto).set_params(engine="compiled").fit(X3, y3).theta_)
    assert not classifier().fit(X3, y3)._compiled


def test_a_pickled_estimator_predicts_and_goes_on():
    """A pickle of one that the compiled engine trained has its numbers, and its training goes on from them."""
    mlp = classifier(engine="compiled", warm_start="continue", dropout=0.2).fit(X3, y3)
    again = pickle.loads(pickle.dumps(mlp))  # noqa: S301  # our own
    np.testing.assert_array_equal(mlp.predict_proba(X3), again.predict_proba(X3))
    np.testing.assert_array_equal(mlp.fit(X3, y3).theta_, again.fit(X3, y3).theta_)


def test_weights_that_are_set_are_predicted_with():
    """Whoever writes to coefs_ gets predictions of what stands there."""
    mlp = classifier(engine="compiled").fit(X3, y3)
    before = mlp.predict_proba(X3)
    mlp.coefs_[0][:] = 0.0
    mlp.intercepts_ = [b + 1.0 for b in mlp.intercepts_]
    expected = mlp.network_.predict(mlp.theta_, X3, engine="textbook")
    np.testing.assert_allclose(mlp.predict_proba(X3), expected, rtol=1e-12)
    assert not np.allclose(before, mlp.predict_proba(X3))


def test_predictions_take_every_kind_of_X():
    """float32 and sparse X, one row and thousands are predicted by a compiled estimator as by a textbook one."""
    mlp = classifier(engine="compiled").fit(X3, y3)
    many = np.tile(X3, (60, 1))
    for X in (X3[:1], many, X3.astype(np.float32), scipy.sparse.csr_matrix(many), scipy.sparse.csc_matrix(X3)):
        plain = X.toarray() if scipy.sparse.issparse(X) else X
        expected = mlp.network_.predict(mlp.theta_, plain.astype(np.float64), engine="textbook")
        np.testing.assert_allclose(mlp.predict_proba(X), expected, rtol=1e-9)


@pytest.mark.parametrize(("kind", "solver"), [(scipy.sparse.csr_matrix, "adam"), (scipy.sparse.csc_matrix, "lbfgs")])
def test_sparse_samples_are_the_textbooks(kind, solver):
    """Under auto a long fit of sparse X works on; the compiled engine by name refuses it in a sentence."""
    sparse, long = kind(X3), {"solver": solver, "max_iter": 200, "tol": 1e-9, "hidden_layer_sizes": (60,)}
    mlp = classifier(**long).fit(sparse, y3)
    assert not mlp._compiled
    np.testing.assert_array_equal(mlp.theta_, classifier(engine="textbook", **long).fit(sparse, y3).theta_)
    with pytest.raises(InvalidValue, match="Cannot use engine='compiled' with sparse X"):
        classifier(engine="compiled", solver=solver).fit(sparse, y3)


def test_what_the_engine_does_not_know_is_refused_by_name():
    """An activation of one's own, Levenberg–Marquardt and an unknown engine are answered in sentences."""
    with pytest.raises(InvalidValue, match="Cannot use engine='compiled' with the activation 'own sine'"):
        classifier(engine="compiled", activation=OWN_ACTIVATION).fit(X3, y3)
    with pytest.raises(InvalidValue, match="Cannot use engine='compiled' with solver='levenberg-marquardt'"):
        regressor(engine="compiled", solver="levenberg-marquardt").fit(X1, y1)
    with pytest.raises(ValueError, match="'engine' parameter of MLPClassifier must be a str among"):
        classifier(engine="nonsense").fit(X3, y3)
    classifier(activation=OWN_ACTIVATION).fit(X3, y3)


@pytest.mark.parametrize("solver", ["CG", "Nelder-Mead", "trust-ncg"])
def test_scipys_solvers_are_the_textbooks(solver):
    """Other methods of SciPy go the same way on the compiled objective."""
    runs = []
    for engine in ("textbook", "compiled"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            runs.append(regressor(solver=solver, engine=engine, max_iter=6).fit(X1, y1))
    np.testing.assert_allclose(runs[1].theta_, runs[0].theta_, rtol=1e-5, atol=1e-7)


def test_without_numba_an_estimator_says_so_or_works_on(monkeypatch):
    """By name the engine is missing; under auto a long fit warns once and is the textbook's."""
    monkeypatch.setattr("chainrule.network.engine_choice.lacking", lambda: "Library numba is missing")
    warn_once.cache_clear()
    with pytest.raises(MissingLibrary, match="Library numba is missing"):
        classifier(engine="compiled").fit(X3, y3)
    long = {"max_iter": 1500, "tol": 0.0, "n_iter_no_change": 2000}
    with pytest.warns(UserWarning, match="Library numba is missing"):
        mlp = classifier(**long).fit(X3, y3)
    np.testing.assert_array_equal(mlp.theta_, classifier(engine="textbook", **long).fit(X3, y3).theta_)
