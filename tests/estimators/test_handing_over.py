"""Handing over: to scikit-learn, to whoever stores plain data, to a Pipeline, to a notebook."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_iris
from sklearn.frozen import FrozenEstimator
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils._repr_html.common import get_docstring
from tests.network.cases import OWN_ACTIVATION

from chainrule import HiddenActivations, InvalidValue, MLPClassifier, MLPRegressor, Network, quantile, schedules

X, y = load_iris(return_X_y=True)
X = StandardScaler().fit_transform(X)
FAST = {"hidden_layer_sizes": (6, 4), "max_iter": 25, "random_state": 0, "learning_rate_init": 0.02}
TARGETS = {"two": y > 0, "three": y, "labels": np.column_stack([y > 0, y > 1]).astype(int)}
NUMBERS = {"one": X[:, 0], "two": X[:, :2]}
pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


# --- to scikit-learn --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
@pytest.mark.parametrize("activation", ["identity", "logistic", "tanh", "relu", "sigmoid"])
def test_scikit_learns_classifier_predicts_the_same(activation, target):
    """to_sklearn() is theirs, fitted: the same probabilities and classes, and it trains on."""
    ours = MLPClassifier(activation=activation, dropout=0.1, **FAST).fit(X, target)
    theirs = ours.to_sklearn()
    assert type(theirs).__module__.startswith("sklearn.")
    np.testing.assert_allclose(theirs.predict_proba(X), ours.predict_proba(X), rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(theirs.predict(X), ours.predict(X))
    assert theirs.loss_curve_ == ours.loss_curve_
    theirs.partial_fit(X, target)
    assert clone(theirs).fit(X, target).n_iter_ == ours.n_iter_


@pytest.mark.parametrize("loss", ["squared_error", "poisson", "absolute_error", quantile(0.8)])
@pytest.mark.parametrize("target", NUMBERS.values(), ids=NUMBERS)
def test_scikit_learns_regressor_predicts_the_same(target, loss):
    """So is the regressor; of a loss that they have not, it keeps their default."""
    ours = MLPRegressor(loss=loss, **FAST).fit(X, np.abs(target))
    theirs = ours.to_sklearn()
    np.testing.assert_allclose(theirs.predict(X), ours.predict(X), rtol=1e-9, atol=1e-12)
    assert theirs.loss == (loss if loss in ("squared_error", "poisson") else "squared_error")
    theirs.fit(X, np.abs(target))


def test_it_is_a_copy_and_its_settings_are_ours():
    """What is set there is what is set here, where scikit-learn takes it; its weights are its own."""
    ours = MLPClassifier(solver="adamw", alpha=0.3, warm_start="continue", learning_rate="adaptive", **FAST).fit(X, y)
    theirs, before = ours.to_sklearn(), ours.theta_.copy()
    assert (theirs.alpha, theirs.learning_rate, theirs.solver, theirs.warm_start) == (0.3, "adaptive", "adam", False)
    theirs.coefs_[0][:] = 0
    np.testing.assert_array_equal(ours.theta_, before)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"activation": "gelu"}, "one with activation gelu: it has one for all hidden layers"),
        ({"activation": ["tanh", "relu"]}, "one with activation relu, tanh: it has one for"),
        ({"loss": "hinge"}, "one with loss='hinge': its outputs are read in another way"),
    ],
)
def test_what_scikit_learn_cannot_express_is_refused(settings, sentence):
    """Other hidden activations and margins have no estimator there, and that is said."""
    with pytest.raises(InvalidValue, match=sentence):
        MLPClassifier(**{**FAST, **settings}).fit(X, y).to_sklearn()


# --- plain data -------------------------------------------------------------------------------------------------------


def kinds_in(state):
    """Return the modules of all that is held in a state."""
    if isinstance(state, dict):
        return set().union(*map(kinds_in, state.values()))
    if isinstance(state, list | tuple):
        return set().union(*map(kinds_in, state))
    return {type(state).__module__.split(".")[0]}


STORED = {
    "adam": {},
    "lbfgs": {"solver": "lbfgs"},
    "means": {"average_from": 2, "warm_start": "continue", "solver": "sgd"},
    "early stopping": {"early_stopping": True, "solver": "rmsprop", "dropout": 0.2, "input_dropout": 0.1},
}


@pytest.mark.parametrize("settings", STORED.values(), ids=STORED)
def test_a_state_is_plain_data(settings):
    """Nothing of chainrule's is in it: a reader like skops has one class to trust; and a copy goes on alike."""
    clf = MLPClassifier(**{**FAST, "max_iter": 5, **settings}).fit(X, y)
    assert kinds_in(clf.__getstate__()) <= {"builtins", "numpy", "sklearn"}
    copy = pickle.loads(pickle.dumps(clf))  # noqa: S301  # our own
    assert copy.network_ == clf.network_
    assert isinstance(copy.network_, Network)
    for one in (clf, copy):
        one.fit(X, y)
    np.testing.assert_array_equal(copy.theta_, clf.theta_)


def test_parts_of_your_own_are_stored_as_they_are():
    """An activation of your own and a schedule stay objects, and come back."""
    settings = {"activation": OWN_ACTIVATION, "learning_rate": schedules.cosine(0.01)}
    clf = MLPClassifier(**{**FAST, **settings}).fit(X, y)
    state = clf.__getstate__()
    assert isinstance(state["network_"], Network)
    copy = MLPClassifier.__new__(MLPClassifier)
    copy.__setstate__(state)
    np.testing.assert_array_equal(copy.predict(X), clf.predict(X))


# --- a step of a Pipeline ---------------------------------------------------------------------------------------------


def test_hidden_activations_are_features():
    """In a Pipeline and a search: the hidden layer's outputs, with names, of any layer."""
    step = HiddenActivations(MLPClassifier(solver="lbfgs", **FAST))
    pipe = make_pipeline(StandardScaler(), step, KNeighborsClassifier()).set_output(transform="pandas")
    search = GridSearchCV(pipe, {"hiddenactivations__layer": [0, -1]}, cv=2).fit(X, y)
    assert search.score(X, y) > 0.9
    features = clone(step).set_params(layer=0).fit(X, y)
    np.testing.assert_array_equal(features.transform(X), features.estimator_.hidden_activations(X)[0])
    assert features.get_feature_names_out().tolist() == [f"hidden1_{i}" for i in range(6)]
    frame = clone(step).set_output(transform="pandas").fit(X, y).transform(X)
    assert list(frame.columns) == [f"hidden2_{i}" for i in range(4)]


def test_a_fitted_network_is_taken_as_it_is():
    """Frozen, it is not trained again."""
    clf = MLPClassifier(**FAST).fit(X, y)
    features = HiddenActivations(FrozenEstimator(clf)).fit(X, y)
    np.testing.assert_array_equal(features.transform(X), clf.hidden_activations(X)[-1])


@pytest.mark.parametrize("layer", [2, -3])
def test_a_layer_that_is_not_there_is_refused(layer):
    """With how many there are."""
    with pytest.raises(InvalidValue, match=f"layer must be one of the 2 hidden layers, .*, got {layer}"):
        HiddenActivations(MLPClassifier(**FAST), layer=layer).fit(X, y)


# --- a notebook -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [MLPClassifier, MLPRegressor])
def test_every_parameter_is_described(kind):
    """The docstring, and so the HTML of a notebook, has a description of each, in scikit-learn's form."""
    html = kind()._repr_html_()
    for name in kind().get_params():
        described = get_docstring(kind, "Parameters", name)
        assert described, name
        assert described.split("<br>")[0].split("<br />")[0].strip() in html, name
    assert "{shared}" not in kind.__doc__
    assert "{more}" not in kind.__doc__
