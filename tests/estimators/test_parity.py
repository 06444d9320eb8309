"""Ours beside the scikit-learn that is installed: the same numbers, names, defaults, warnings and errors."""

from __future__ import annotations

import copy
import inspect
import pickle
import warnings
from dataclasses import replace
from itertools import combinations
from numbers import Integral, Real

import numpy as np
import pytest
from benchmarks.parity import (
    AXES,
    BY_ENGINE,
    BY_HAND,
    OURS,
    SCIKIT_LEARN,
    Case,
    compare,
    engines_for,
    essential,
    fit,
    goes_together,
    grid,
    share,
)
from benchmarks.parity_raw import HOWS, compare_raw
from benchmarks.parity_tables import SEEN, TABLES, UNSEEN
from scipy import sparse
from sklearn import neural_network
from sklearn.base import is_classifier
from sklearn.datasets import load_wine
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.neural_network._base import LOSS_FUNCTIONS
from sklearn.utils._param_validation import InvalidParameterError

PAIRS = [pytest.param(*pair, id=pair[0].__name__) for pair in zip(SCIKIT_LEARN, OURS, strict=True)]
SOLVERS = ["sgd", "adam", "lbfgs"]


RAW_X = np.random.RandomState(0).normal(size=(60, 4))
LABELS_2, LABELS_3 = np.arange(60) % 2, np.arange(60) % 3
MANY = np.c_[LABELS_2, LABELS_3 > 0, LABELS_3 > 1].astype(int)

# --- the same numbers ------------------------------------------------------------------------------------------------


def cases_and_engines():
    """Yield the essential cases and each one by hand, for either engine in turn.

    ``python -m benchmarks.parity`` runs the whole grid, by both.
    """
    for number, case in enumerate((*essential(), *BY_HAND)):
        engines = engines_for(case)
        engine = engines[number % len(engines)]
        yield pytest.param(case, engine, id=f"{case}-{engine}")


@pytest.mark.parametrize(("case", "engine"), list(cases_and_engines()))
def test_numbers_are_those_of_scikit_learn(case, engine):
    """The weights, the curves, the predictions, the epochs and the warnings of a fit are scikit-learn's."""
    result = compare(case, BY_ENGINE[engine])
    assert result["unlike"] == [], result
    assert result["largest"] <= result["tolerance"], result
    assert result["tolerance"] < 1e-3, "one ulp decides where scikit-learn ends: the case says nothing"


RAW = {
    "raw_wine_2": ("adam", "sgd", "early", "float32"),
    "raw_labels_0": ("adam",),
    "raw_cancer_worst": ("early",),
    "raw_wine_huge_and_tiny": ("lbfgs",),
    "raw_shop_class": ("adam",),
    "raw_sensor_class": ("adam",),
    "raw_sensor_value": ("adam",),
    "raw_visits": ("sgd",),
}
"""Of the forty raw tables those where clipping decides, huge columns, and one where scikit-learn's fit fails."""


@pytest.mark.parametrize(("table", "how"), [(table, how) for table, hows in RAW.items() for how in hows])
def test_numbers_on_raw_tables_are_those_of_scikit_learn(table, how):
    """By default settings, and until scikit-learn stops, on data that nobody has scaled; it is fitted once for both."""
    for engine in BY_ENGINE:
        result = compare_raw(Case(table, hidden=(100,), **HOWS[how]), engine)
        assert result["ok"], result
        assert result["n"] > 0 or result["where"] == "diverged, told", result


def test_training_stops_where_scikit_learn_stops_it():
    """On raw wine the clipped loss falls for 200 epochs where the true one, ten times as large, rests after 22."""
    X, y = load_wine(return_X_y=True)
    train, test, y_train, y_test = train_test_split(X, y, random_state=2, stratify=y)
    told = []
    for kind in (SCIKIT_LEARN[0], *(engine[0] for engine in BY_ENGINE.values())):
        with pytest.warns(ConvergenceWarning):
            model = kind(random_state=2).fit(train, y_train)
        told.append((model.n_iter_, round(model.score(test, y_test), 3), round(model.best_loss_, 9)))
    assert told == [(200, 0.867, 0.335191324)] * 3


def test_forty_raw_tables_stand_in_the_grid():
    """Half of them were looked at, and each is one half's."""
    assert (len(TABLES), len(SEEN), len(UNSEEN)) == (40, 20, 20)
    assert set(SEEN) | set(UNSEEN) == set(TABLES)


@pytest.mark.parametrize("engine", BY_ENGINE)
@pytest.mark.parametrize(
    ("y", "name"), [(LABELS_2, "binary_log_loss"), (LABELS_3, "log_loss"), (MANY, "binary_log_loss")]
)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_loss_told_is_scikit_learns_of_the_probabilities(engine, y, name, dtype):
    """Where probabilities are 0 and 1 it is cut off at −log ε, in either dtype; NaN stays NaN."""
    X = (1e3 * RAW_X).astype(dtype)
    clf = BY_ENGINE[engine][0](alpha=0.0, max_iter=1, batch_size=60, learning_rate_init=1e-12, random_state=0)
    with pytest.warns(ConvergenceWarning):
        clf.fit(X, y)
    T = clf._label_binarizer.transform(y).astype(bool)
    P = clf.predict_proba(X)
    P = P[:, 1:] if clf.n_outputs_ == 1 else P
    assert P.min() < np.finfo(dtype).eps
    assert clf.loss_ == pytest.approx(LOSS_FUNCTIONS[name](T, P), rel=1e-6 if dtype == np.float64 else 1e-3)
    assert clf.loss_ < -np.log(np.finfo(dtype).eps) * clf.n_outputs_


def test_every_two_settings_meet_in_the_grid():
    """Any two settings that go together stand in one case of the grid."""
    met = {(a, getattr(case, a), b, getattr(case, b)) for case in grid() for a, b in combinations(AXES, 2)}
    plain = Case("iris")
    wanted = {
        (a, x, b, y)
        for a, b in combinations(AXES, 2)
        for x in AXES[a]
        for y in AXES[b]
        if goes_together(replace(plain, **{a: x, b: y}))
    }
    assert wanted - met == set()


def test_all_data_of_the_promise_stand_in_the_grid():
    """digits, breast_cancer, wine, iris and diabetes are compared, and generated data of each task."""
    names = {case.data for case in grid()}
    assert {"digits", "breast_cancer", "wine", "iris", "diabetes", "made_multilabel", "made_outputs"} <= names


class Off(neural_network.MLPClassifier):
    """scikit-learn's classifier with a start that is off by 1e-8 in one weight."""

    def _init_coef(self, fan_in, fan_out, dtype):
        coefs, intercepts = super()._init_coef(fan_in, fan_out, dtype)
        coefs[0, 0] += 1e-8
        return coefs, intercepts


class Silent(neural_network.MLPClassifier):
    """scikit-learn's classifier that warns of nothing."""

    def fit(self, X, y, sample_weight=None):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return super().fit(X, y, sample_weight=sample_weight)


def test_comparison_finds_a_start_that_is_off_by_a_hundred_millionth():
    """compare says not ok to scikit-learn itself with one initial weight changed by 1e-8."""
    assert not compare(Case("iris"), ours=(Off, neural_network.MLPRegressor))["ok"]


def test_comparison_finds_a_missing_warning():
    """compare says not ok to scikit-learn itself without its ConvergenceWarning."""
    assert compare(Case("iris"), ours=(Silent, neural_network.MLPRegressor))["unlike"] == ["warnings"]


def test_comparison_accepts_scikit_learn_beside_itself():
    """scikit-learn compared with itself differs by nothing."""
    result = compare(Case("wine", "lbfgs"), ours=SCIKIT_LEARN)
    assert (result["ok"], result["largest"]) == (True, 0.0)


def test_share_is_of_the_largest_entry():
    """A difference of 1 beside a largest entry of 4 is a quarter, and another shape is infinitely far."""
    assert share([2.0, -4.0], [3.0, -4.0]) == 0.25
    assert share([2.0], [2.0, 2.0]) == np.inf
    assert share(["a"], ["b"]) == np.inf


# --- the same names --------------------------------------------------------------------------------------------------


def parameters(kind, method="__init__"):
    return list(inspect.signature(getattr(kind, method)).parameters.values())


@pytest.mark.parametrize(("theirs", "ours"), PAIRS)
def test_constructor_takes_scikit_learns_parameters_first(theirs, ours):
    """Our constructor begins with scikit-learn's parameters: names, order, defaults, kinds."""
    expected = [(p.name, p.default, p.kind) for p in parameters(theirs)]
    assert [(p.name, p.default, p.kind) for p in parameters(ours)][: len(expected)] == expected


@pytest.mark.parametrize(("theirs", "ours"), PAIRS)
def test_what_the_constructor_takes_besides_is_keyword_only(theirs, ours):
    """A parameter that scikit-learn's estimator lacks is keyword-only and has a default."""
    more = [p for p in parameters(ours)[len(parameters(theirs)) :] if p.name not in ("args", "kwargs")]
    assert more
    assert all(p.kind is p.KEYWORD_ONLY and p.default is not p.empty for p in more)


@pytest.mark.parametrize(("theirs", "ours"), PAIRS)
def test_every_public_method_is_there_and_takes_what_scikit_learns_takes(theirs, ours):
    """Each public method of scikit-learn's estimator is ours, with the same parameters first."""
    names = [name for name in dir(theirs) if not name.startswith("_")]
    assert {"fit", "partial_fit", "predict", "score", "set_params"} <= set(names)
    for name in names:
        assert hasattr(ours(), name), name
        expected = [(p.name, p.default, p.kind) for p in parameters(theirs, name)]
        actual = [(p.name, p.default, p.kind) for p in parameters(ours, name)]
        if name.startswith("set_") and name.endswith("_request"):  # made by scikit-learn, in the order of the alphabet
            assert set(expected) <= set(actual), name
        else:  # what they need may have a default here, as y has, which a stream brings along
            taken = zip(actual[: len(expected)], expected, strict=True)
            for (one, default, kind), (other, known, like) in taken:
                assert (one, kind) == (other, like), name
                assert default == known or known is inspect.Parameter.empty, (name, one)


@pytest.mark.parametrize("early_stopping", [False, True])
@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("data", ["iris", "made_binary", "made_multilabel", "diabetes", "made_outputs", "counts"])
def test_every_fitted_attribute_is_there(data, solver, early_stopping):
    """Each public attribute that scikit-learn's fit leaves is left by ours, of the same type; none is there before."""
    how = "early_stopping" if early_stopping else "fit"
    case = Case(data, solver, how=how, more=(("max_iter", 2),))
    expected, _ = fit(case, SCIKIT_LEARN)
    actual, _ = fit(case, OURS)
    names = [name for name in vars(expected) if name.endswith("_") and not name.startswith("_")]
    assert {"coefs_", "intercepts_", "loss_", "n_iter_"} <= set(names)
    for name in names:
        assert hasattr(actual, name), name
        kinds = [k for k in (str, Integral, Real, np.ndarray) if isinstance(getattr(expected, name), k)]
        assert all(isinstance(getattr(actual, name), kind) for kind in kinds), name
        assert not hasattr(OURS[case.is_regression](), name), name


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("data", ["iris", "made_binary", "made_multilabel", "diabetes", "counts"])
def test_scores_and_log_probabilities_are_scikit_learns(data, solver):
    """score, weighted or not, and predict_log_proba agree with scikit-learn's."""
    case = Case(data, solver, weights="real", more=(("max_iter", 10),))
    X, y, weights = case.arrays()
    (expected, _), (actual, _) = fit(case, SCIKIT_LEARN), fit(case, OURS)
    assert share(expected.score(X, y), actual.score(X, y)) <= 1e-9
    assert share(expected.score(X, y, weights), actual.score(X, y, weights)) <= 1e-9
    if not case.is_regression:
        assert share(expected.predict_log_proba(X), actual.predict_log_proba(X)) <= 1e-9


@pytest.mark.parametrize(
    "settings", [{"early_stopping": True}, {"tol": 1.0}, {"tol": 1.0, "learning_rate": "adaptive"}]
)
@pytest.mark.parametrize("solver", ["sgd", "adam"])
def test_verbose_prints_what_scikit_learn_prints(capsys, solver, settings):
    """The lines of verbose=True are scikit-learn's, letter by letter, up to the reason for stopping."""
    case = Case("iris", more=(("solver", solver), ("verbose", True), ("n_iter_no_change", 3), *settings.items()))
    fit(case, SCIKIT_LEARN)
    expected = capsys.readouterr().out
    fit(case, OURS)
    assert capsys.readouterr().out == expected


# --- the same errors -------------------------------------------------------------------------------------------------

X = np.random.RandomState(0).normal(size=(30, 4))
LABELS = np.arange(30) % 3
VALUES = (-1, 0, 0.5, 1, 1.5, 2, True, "bad", "", None, np.nan, -np.inf, [], [0], [-3, 2], (5, "a"), {}, object())
WIDER = {"activation", "solver", "learning_rate", "loss", "warm_start", "batch_size", "n_iter_no_change"}
"""Parameters of which ours takes more values than scikit-learn's, so that the message lists more."""


@pytest.mark.parametrize(("theirs", "ours"), PAIRS)
@pytest.mark.filterwarnings("ignore")
def test_an_invalid_parameter_is_refused_in_scikit_learns_words(theirs, ours):
    """A value that scikit-learn refuses is refused by ours, by the same exception with the same message.

    Where ours takes more values the list in the message is longer, and its beginning and its end are the same.
    """
    n_refused = 0
    for name in theirs().get_params():
        for value in VALUES:
            message = refusal(theirs, {name: value, "max_iter": 1} if name != "max_iter" else {name: value})
            if message is None:
                continue
            n_refused += 1
            own = refusal(ours, {name: value, "max_iter": 1} if name != "max_iter" else {name: value})
            if own is None:
                assert name in WIDER, (name, value)
            elif name in WIDER:
                start, end = " must be ", " Got "
                assert own.split(start)[0] == message.split(start)[0].replace(theirs.__name__, ours.__name__)
                assert own.split(end)[1] == message.split(end)[1]
            else:
                assert own == message, name
    assert n_refused > 200


def refusal(kind, settings):
    """Return the message with which fit refuses the settings as a parameter's own fault."""
    try:
        kind(**settings).fit(X, LABELS)
    except InvalidParameterError as error:
        return str(error)
    except (ValueError, TypeError):
        return None
    return None


def fitted(kind, y=LABELS, **settings):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return kind(max_iter=2, random_state=0, **settings).fit(X, y)


def with_nan(A):
    A = A.copy()
    A[2, 1] = np.nan
    return A


ERRORS = {
    "X has NaN": lambda kind: kind().fit(with_nan(X), LABELS),
    "X has an infinity": lambda kind: kind().fit(np.where(X[0, 0] == X, np.inf, X), LABELS),
    "X is a vector": lambda kind: kind().fit(X[:, 0], LABELS),
    "X has three axes": lambda kind: kind().fit(X[None], LABELS),
    "X is complex": lambda kind: kind().fit(X + 1j, LABELS),
    "X is empty": lambda kind: kind().fit(X[:0], LABELS[:0]),
    "X has no column": lambda kind: kind().fit(X[:, :0], LABELS),
    "X is sparse with NaN": lambda kind: kind().fit(sparse.csr_matrix(with_nan(X)), LABELS),
    "y is too short": lambda kind: kind().fit(X, LABELS[:-1]),
    "y is missing": lambda kind: kind().fit(X, None),
    "y has NaN": lambda kind: kind().fit(X, np.where(LABELS == 0, np.nan, 1.0)),
    "y is complex": lambda kind: kind().fit(X, LABELS + 1j),
    "y has three axes": lambda kind: kind().fit(X, np.zeros((30, 2, 2))),
    "weights are too short": lambda kind: kind().fit(X, LABELS, np.ones(29)),
    "weights are a matrix": lambda kind: kind().fit(X, LABELS, np.ones((30, 2))),
    "weights have NaN": lambda kind: kind().fit(X, LABELS, np.full(30, np.nan)),
    "weights are text": lambda kind: kind().fit(X, LABELS, ["a"] * 30),
    "validation set of one": lambda kind: kind(early_stopping=True, validation_fraction=0.01).fit(X, LABELS % 2),
    "hidden layer of no unit": lambda kind: kind(hidden_layer_sizes=(3, 0)).fit(X, LABELS),
    "hidden layer of minus one": lambda kind: kind(hidden_layer_sizes=[-1]).fit(X, LABELS),
    "predict before fit": lambda kind: kind().predict(X),
    "predict other columns": lambda kind: fitted(kind).predict(X[:, :3]),
    "predict NaN": lambda kind: fitted(kind).predict(with_nan(X)),
    "predict a vector": lambda kind: fitted(kind).predict(X[0]),
    "score too short": lambda kind: fitted(kind).score(X, LABELS[:-1]),
    "warm start with other columns": lambda kind: fitted(kind, warm_start=True).fit(X[:, :3], LABELS),
    "partial_fit with other columns": lambda kind: fitted(kind).partial_fit(X[:, :3], LABELS),
    "partial_fit with early stopping": lambda kind: fitted(kind).set_params(early_stopping=True).partial_fit(X, LABELS),
    "unknown keyword": lambda kind: kind(nonsense=1),
    "third by position": lambda kind: kind("squared_error", (3,), "relu", "adam"),
}
CLASSIFIER_ERRORS = {
    "partial_fit with lbfgs": lambda kind: kind(solver="lbfgs").partial_fit(X, LABELS),
    "y is continuous": lambda kind: kind().fit(X, X[:, 0]),
    "y is multioutput": lambda kind: kind().fit(X, np.c_[LABELS, LABELS]),
    "first partial_fit without classes": lambda kind: kind().partial_fit(X, LABELS),
    "partial_fit with a class unseen": lambda kind: kind().partial_fit(X, LABELS, classes=[0, 1]),
    "later partial_fit with a class unseen": lambda kind: fitted(kind).partial_fit(X, LABELS + 1),
    "partial_fit with other classes": lambda kind: (
        kind().partial_fit(X, LABELS, classes=[0, 1, 2]).partial_fit(X, LABELS, classes=[0, 1, 2, 3])
    ),
    "warm start with other classes": lambda kind: fitted(kind, warm_start=True).fit(X, LABELS + 1),
    "warm start with fewer classes": lambda kind: fitted(kind, warm_start=True).fit(X, LABELS % 2),
    "a class of one in early stopping": lambda kind: kind(early_stopping=True).fit(X, np.r_[2, LABELS[1:] % 2]),
    "predict_proba before fit": lambda kind: kind().predict_proba(X),
    "predict_log_proba before fit": lambda kind: kind().predict_log_proba(X),
    "predict_proba of other columns": lambda kind: fitted(kind).predict_proba(X[:, :3]),
}
REGRESSOR_ERRORS = {
    "y has an infinity": lambda kind: kind().fit(X, np.full(30, np.inf)),
}
BOTH = [(name, act, pair) for name, act in ERRORS.items() for pair in zip(SCIKIT_LEARN, OURS, strict=True)]
ONE = [(name, act, (SCIKIT_LEARN[0], OURS[0])) for name, act in CLASSIFIER_ERRORS.items()]
OTHER = [(name, act, (SCIKIT_LEARN[1], OURS[1])) for name, act in REGRESSOR_ERRORS.items()]


def raised(act, kind):
    """Return what an act raises: the class and the words."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            act(kind)
        except Exception as error:
            return error
    return None


@pytest.mark.parametrize(
    ("act", "pair"),
    [pytest.param(act, pair, id=f"{pair[0].__name__}-{name}") for name, act, pair in BOTH + ONE + OTHER],
)
def test_an_error_is_scikit_learns(act, pair):
    """What scikit-learn refuses is refused by an exception that is one of its own class, in its own words."""
    expected, actual = (raised(act, kind) for kind in pair)
    assert isinstance(actual, type(expected)), (expected, actual)
    assert str(actual) == str(expected)


def test_text_as_targets_is_refused_where_scikit_learn_crashes():
    """A regressor of text raises a ValueError; scikit-learn's fails in a subtraction."""
    assert isinstance(raised(lambda kind: kind().fit(X, np.full(30, "a")), OURS[1]), ValueError)


def test_a_regressor_refuses_partial_fit_with_lbfgs_as_a_classifier_does():
    """partial_fit with lbfgs is refused by both of ours; scikit-learn's regressor forgets to call its check."""
    messages = {str(raised(lambda kind: kind(solver="lbfgs").partial_fit, kind)) for kind in OURS}
    assert messages == {f"This {kind.__name__!r} has no attribute 'partial_fit'" for kind in OURS}


# --- the same story --------------------------------------------------------------------------------------------------

STORIES = {
    "fit twice": ["fit", "fit"],
    "fit, then partial_fit goes on with its optimizer": ["fit", "partial_fit", "partial_fit"],
    "partial_fit, then fit begins anew": ["partial_fit", "fit"],
    "partial_fit, then a warm fit with a new optimizer": ["partial_fit", {"warm_start": True}, "fit"],
    "warm fits, then partial_fit": [{"warm_start": True}, "fit", "fit", "partial_fit"],
    "another rate between partial_fits": ["partial_fit", {"learning_rate_init": 0.1}, "partial_fit"],
    "another alpha between partial_fits": ["partial_fit", {"alpha": 1.0}, "partial_fit"],
    "another momentum between partial_fits": ["partial_fit", {"momentum": 0.1, "beta_1": 0.1}, "partial_fit"],
    "another rate between warm fits": [{"warm_start": True}, "fit", {"learning_rate_init": 0.1}, "fit"],
    "another alpha between warm fits": [{"warm_start": True}, "fit", {"alpha": 1.0}, "fit"],
    "another batch between warm fits": [{"warm_start": True}, "fit", {"batch_size": 7}, "fit"],
    "another seed between warm fits": [{"warm_start": True}, "fit", {"random_state": 5}, "fit"],
    "another activation between warm fits": [{"warm_start": True}, "fit", {"activation": "tanh"}, "fit"],
    "sgd, then adam, warm": [{"warm_start": True, "solver": "sgd"}, "fit", {"solver": "adam"}, "fit"],
    "adam, then lbfgs, warm": [{"warm_start": True}, "fit", {"solver": "lbfgs", "max_iter": 8}, "fit"],
    "sgd, then adam, partial_fits": [{"solver": "sgd"}, "partial_fit", {"solver": "adam"}, "partial_fit"],
    "lbfgs, then partial_fit of adam after a fit": [
        {"solver": "lbfgs"},
        "fit",
        {"solver": "adam"},
        "fit",
        "partial_fit",
    ],
    "early stopping twice, warm": [{"early_stopping": True, "warm_start": True}, "fit", "fit"],
    "early stopping, then without, anew": [{"early_stopping": True}, "fit", {"early_stopping": False}, "fit"],
    "stopped adaptive, then partial_fit": [
        {"solver": "sgd", "learning_rate": "adaptive", "tol": 1.0, "n_iter_no_change": 1},
        *("fit", "partial_fit", "partial_fit", "partial_fit"),
    ],
    "invscaling partial_fits": [{"solver": "sgd", "learning_rate": "invscaling"}, *["partial_fit"] * 4],
    "weights that were set": ["fit", {"warm_start": True}, "set the weights", "fit"],
    "weights that were set, partial_fit": ["partial_fit", "set the weights", "partial_fit"],
    "a copy goes on": ["partial_fit", "copy", "partial_fit"],
}


def play(kind, story):
    """Act out a story and return all that is told of it."""
    model = kind(hidden_layer_sizes=(5,), max_iter=4, random_state=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for step in story:
            if isinstance(step, dict):
                model.set_params(**step)
            elif step == "fit":
                model.fit(X, LABELS)
            elif step == "partial_fit":
                more = {"classes": [0, 1, 2]} if is_classifier(model) else {}
                model.partial_fit(X, LABELS, **more)
            elif step == "copy":
                model = pickle.loads(pickle.dumps(copy.deepcopy(model)))  # noqa: S301  # our own
            else:
                model.coefs_[0][:] *= 0.5
                model.intercepts_[0] = model.intercepts_[0] + 0.25
    told = {"n_iter_": model.n_iter_, "t_": model.t_, "loss_": model.loss_, "outputs": model.predict(X)}
    told |= {f"coefs_[{i}]": W for i, W in enumerate(model.coefs_)}
    return told | ({"loss_curve_": model.loss_curve_} if hasattr(model, "loss_curve_") else {})


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
@pytest.mark.parametrize(("theirs", "ours"), PAIRS)
def test_a_story_of_several_calls_ends_as_scikit_learns(theirs, ours, story):
    """fit, partial_fit and set_params in any order leave what they leave in scikit-learn."""
    expected, actual = play(theirs, story), play(ours, story)
    if {"solver": "lbfgs"}.items() <= {
        k: v for step in story if isinstance(step, dict) for k, v in step.items()
    }.items():
        curve = actual.pop("loss_curve_")  # ours goes on with a loss an iteration
        assert curve[: len(began := expected.pop("loss_curve_", []))] == pytest.approx(began, rel=1e-9)
    assert expected.keys() == actual.keys()
    assert {name for name in expected if not share(expected[name], actual[name]) <= 1e-9} == set()


@pytest.mark.parametrize(
    "act",
    [
        lambda kind: kind(max_iter=2, random_state=0).fit(X, LABELS[:, None]),
        lambda kind: kind(max_iter=2, random_state=0, batch_size=31).fit(X, LABELS),
        lambda kind: kind(max_iter=2, random_state=0, solver="lbfgs").fit(X, LABELS),
        lambda kind: kind(max_fun=2, random_state=0, solver="lbfgs").fit(X, LABELS),
    ],
    ids=["y is a column", "batch too large", "lbfgs of two steps", "lbfgs of two evaluations"],
)
@pytest.mark.parametrize(("theirs", "ours"), PAIRS)
def test_warnings_are_scikit_learns(act, theirs, ours):
    """Each warning of a fit is scikit-learn's: as many, of the same class, in the same words."""
    told = []
    for kind in (theirs, ours):
        with warnings.catch_warnings(record=True) as given:
            warnings.simplefilter("always")
            act(kind)
        told.append(sorted((each.category.__name__, str(each.message)) for each in given))
    assert told[0]
    assert told[1] == told[0]
