"""What scikit-learn's users asked for: each feature does what it says, each bad combination is told in a sentence."""

from __future__ import annotations

import copy
import io
import pickle
import re
import warnings

import joblib
import matplotlib as mpl
import numpy as np
import pytest
import scipy.optimize
from sklearn.callback import ProgressBar, ScoringMonitor
from sklearn.datasets import load_digits, load_iris
from sklearn.exceptions import ConvergenceWarning
from sklearn.inspection import DecisionBoundaryDisplay
from sklearn.metrics import accuracy_score, balanced_accuracy_score, log_loss, make_scorer
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import compute_sample_weight

import chainrule as cr
from chainrule import Dense, InvalidValue, LossCurveDisplay, MLPClassifier, MLPRegressor, Network, schedules
from chainrule.maths.activations import ACTIVATIONS
from chainrule.maths.parametrized_losses import huber, quantile
from chainrule.network.dropout import draw_masks

pytestmark = pytest.mark.filterwarnings("ignore:Stochastic Optimizer. Maximum iterations")

RNG = np.random.RandomState(3)
X3, y3 = load_iris(return_X_y=True)
X3 = StandardScaler().fit_transform(X3)
X2, y2 = X3[50:], y3[50:]  # two classes that overlap
X1 = RNG.normal(size=(120, 3))
y1 = np.sin(X1[:, 0]) + X1[:, 1] * X1[:, 2] + 0.1 * RNG.normal(size=120)
NAMES = np.array(["setosa", "versicolor", "virginica"])


def classifier(**settings):
    return MLPClassifier(**{"hidden_layer_sizes": (5,), "random_state": 0, "max_iter": 10, **settings})


def regressor(**settings):
    return MLPRegressor(**{"hidden_layer_sizes": (5,), "random_state": 0, "max_iter": 10, **settings})


def same(one, other):
    """Whether two estimators are the same in every bit that training leaves."""
    return np.array_equal(one.theta_, other.theta_) and one.loss_curve_ == other.loss_curve_


# --- weights of classes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("class_weight", ["balanced", {0: 1.0, 1: 5.0, 2: 0.5}, {1: 3.0}])
@pytest.mark.parametrize("solver", ["adam", "lbfgs"])
@pytest.mark.filterwarnings("ignore:lbfgs failed")
def test_class_weight_is_the_sample_weight_of_each_sample_of_the_class(class_weight, solver):
    """class_weight equals passing these weights sample by sample."""
    X, y = X3[:120], y3[:120]
    weighted = classifier(solver=solver, class_weight=class_weight).fit(X, y)
    by_hand = classifier(solver=solver).fit(X, y, compute_sample_weight(class_weight, y))
    np.testing.assert_allclose(weighted.theta_, by_hand.theta_, rtol=1e-12)


def test_class_weight_multiplies_sample_weight():
    """With both, a sample weighs their product."""
    weights = RNG.uniform(0.5, 2, len(y3))
    both = classifier(class_weight={0: 2.0}).fit(X3, y3, weights)
    assert same(both, classifier().fit(X3, y3, weights * np.where(y3 == 0, 2.0, 1.0)))


def test_a_balanced_classifier_finds_the_rare_class_more_often():
    """Of a class of five percent "balanced" finds more."""
    rng = np.random.RandomState(0)
    X, y = rng.normal(size=(400, 2)), (np.arange(400) < 20).astype(int)
    X[y == 1] += 1.0
    recall = [classifier(class_weight=w, max_iter=200).fit(X, y).predict(X)[y == 1].mean() for w in (None, "balanced")]
    assert recall[0] < 0.5 < recall[1]


def test_a_class_that_is_not_there_is_refused_in_class_weight():
    """A dict that names no class of y it should is refused with scikit-learn's sentence."""
    with pytest.raises(ValueError, match=r"The classes, \[1, 2\], are not in class_weight"):
        classifier(class_weight={0: 1.0, 7: 2.0}).fit(X3, y3)


def test_class_weight_with_many_labels_is_refused():
    """With many labels there is no class of a sample."""
    with pytest.raises(InvalidValue, match="one class a sample"):
        classifier(class_weight="balanced").fit(X3, np.c_[y3 > 0, y3 > 1].astype(int))


def test_class_weight_holds_in_partial_fit_when_a_class_is_not_in_the_batch():
    """A batch without the weighted class is trained on as it is."""
    weighted = classifier(class_weight={1: 5.0}).partial_fit(X3[:20], y3[:20], classes=[0, 1, 2])
    assert same(weighted, classifier().partial_fit(X3[:20], y3[:20], classes=[0, 1, 2]))


# --- validation samples of one's own --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scoring", "expected"),
    [
        (None, lambda clf: clf.score(X3[::3], NAMES[y3[::3]])),
        ("loss", lambda clf: -log_loss(NAMES[y3[::3]], clf.predict_proba(X3[::3]))),
        ("neg_log_loss", lambda clf: -log_loss(NAMES[y3[::3]], clf.predict_proba(X3[::3]))),
        ("balanced_accuracy", lambda clf: balanced_accuracy_score(NAMES[y3[::3]], clf.predict(X3[::3]))),
        (make_scorer(accuracy_score), lambda clf: clf.score(X3[::3], NAMES[y3[::3]])),
        (lambda clf, X, y: float(len(X)), lambda clf: 50.0),
    ],
    ids=["accuracy", "loss", "named", "other-name", "scorer", "callable"],
)
@pytest.mark.parametrize("early_stopping", [False, True])
def test_each_epoch_is_scored_on_the_validation_samples(scoring, expected, early_stopping):
    """validation_scores_ has one score an epoch, with early stopping and without, and the last is that of the end."""
    clf = classifier(scoring=scoring, early_stopping=early_stopping, learning_rate_init=0.01)
    clf.fit(X3, NAMES[y3], X_val=X3[::3], y_val=NAMES[y3[::3]])
    assert len(clf.validation_scores_) == clf.n_iter_
    told = max(clf.validation_scores_) if early_stopping else clf.validation_scores_[-1]
    assert told == pytest.approx(expected(clf), rel=1e-12)
    assert clf.best_validation_score_ == max(clf.validation_scores_)


def test_validation_samples_have_weights_of_their_own():
    """sample_weight_val weighs the score."""
    weights = np.where(y3 == 2, 10.0, 0.1)
    clf = classifier().fit(X3, y3, X_val=X3, y_val=y3, sample_weight_val=weights)
    assert clf.validation_scores_[-1] == clf.score(X3, y3, weights)


def test_watching_does_not_change_the_training():
    """Scores without early stopping are told, and nothing else is different."""
    assert same(classifier().fit(X3, y3, X_val=X3, y_val=y3), classifier().fit(X3, y3))


def test_the_regressor_is_validated_by_r2():
    """Without a scorer the score is R²."""
    reg = regressor().fit(X1, y1, X_val=X1[:40], y_val=y1[:40])
    assert reg.validation_scores_[-1] == pytest.approx(reg.score(X1[:40], y1[:40]), rel=1e-12)


def test_early_stopping_is_the_loop_written_by_hand():
    """The epochs, the scores and the best weights are those of a loop over an optimizer's steps."""
    patience, tol = 3, 1e-3
    settings = {"learning_rate_init": 0.1, "batch_size": 50, "shuffle": False, "alpha": 0.0, "activation": "tanh"}
    watch = {"early_stopping": True, "scoring": "loss", "n_iter_no_change": patience, "tol": tol}
    clf = classifier(max_iter=300, **settings, **watch)
    clf.fit(X2[::2], y2[::2], X_val=X2[1::2], y_val=y2[1::2])

    net, theta = clf.network_, classifier(**settings).initialize(X2[::2], y2[::2]).theta_
    train = net.objective(X2[::2], y2[::2] == 2)
    held_out = net.objective(X2[1::2], y2[1::2] == 2)
    adam = cr.adam(0.1)
    state, scores, waited, best_theta = adam.init(theta), [], 0, theta
    while waited <= patience:
        theta, state = adam.update(train(theta)[1], state, theta)
        score = -held_out(theta)[0]
        waited = waited + 1 if scores and score < max(scores) + tol else 0
        best_theta = theta if not scores or score > max(scores) else best_theta
        scores.append(score)
    assert clf.n_iter_ == len(scores) < 300
    np.testing.assert_allclose(clf.validation_scores_, scores, rtol=1e-12)
    np.testing.assert_allclose(clf.theta_, best_theta, rtol=1e-12)


def test_the_best_weights_come_back():
    """After early stopping the estimator scores what its best epoch scored, not what its last did."""
    clf = classifier(early_stopping=True, scoring="loss", learning_rate_init=0.3, max_iter=200)
    clf.fit(X3[::2], y3[::2], X_val=X3[1::2], y_val=y3[1::2])
    now = -log_loss(y3[1::2], clf.predict_proba(X3[1::2]))
    assert now == pytest.approx(clf.best_validation_score_, rel=1e-12)
    assert now > clf.validation_scores_[-1]


# --- callbacks --------------------------------------------------------------------------------------------------------


def test_a_function_is_called_behind_each_epoch():
    """A plain function sees the estimator once an epoch, as it is then."""
    seen = []
    clf = classifier().set_callbacks(lambda clf: seen.append((clf.n_iter_, clf.loss_))).fit(X3, y3)
    assert seen == list(enumerate(clf.loss_curve_, start=1))


def test_a_function_that_answers_true_stops_the_training():
    """True after the fourth epoch, and there is no fifth."""
    assert classifier().set_callbacks(lambda clf: clf.n_iter_ == 4).fit(X3, y3).n_iter_ == 4


def test_callbacks_do_not_change_the_training():
    """With a progress bar, a monitor and a function the numbers are the same."""
    clf = classifier().set_callbacks(ScoringMonitor(scoring="accuracy"), lambda clf: None)
    assert same(clf.fit(X3, y3), classifier().fit(X3, y3))


def test_scoring_monitor_logs_each_epoch():
    """scikit-learn's ScoringMonitor has one entry an epoch, and the last is the score at the end."""
    monitor = ScoringMonitor(scoring="accuracy")
    clf = classifier().set_callbacks(monitor).fit(X3, y3)
    rows = [row for row in monitor.get_logs().data if row["task_name"] == "epoch"]
    assert len(rows) == clf.n_iter_
    assert rows[-1]["accuracy"] == clf.score(X3, y3)


@pytest.mark.parametrize("solver", ["adam", "lbfgs", "BFGS"])
@pytest.mark.filterwarnings("ignore:lbfgs failed", "ignore:BFGS")
def test_progress_bar_runs(solver, capsys):
    """scikit-learn's ProgressBar runs over a fit by any solver."""
    clf = classifier(solver=solver).set_callbacks(ProgressBar()).fit(X3, y3)
    assert clf.n_iter_ > 0
    assert "MLPClassifier" in capsys.readouterr().out


@pytest.mark.parametrize("solver", ["lbfgs", "BFGS"])
@pytest.mark.filterwarnings("ignore:lbfgs failed", "ignore:BFGS")
def test_solvers_of_all_samples_call_back_behind_each_iteration(solver):
    """The score of every iteration is logged, and the last is that of the end."""
    monitor = ScoringMonitor(scoring="accuracy")
    clf = classifier(solver=solver).set_callbacks(monitor).fit(X3, y3)
    rows = [row for row in monitor.get_logs().data if row["task_name"] == "epoch"]
    assert len(rows) == clf.n_iter_
    assert rows[-1]["accuracy"] == clf.score(X3, y3)


@pytest.mark.parametrize("solver", ["lbfgs", "BFGS"])
def test_a_function_stops_solvers_of_all_samples(solver):
    """True behind the third iteration ends the fit there, without a warning."""
    clf = classifier(solver=solver).set_callbacks(lambda clf: clf.n_iter_ == 3).fit(X3, y3)
    assert clf.n_iter_ == 3
    assert clf.score(X3, y3) > 0


@pytest.mark.parametrize("how", ["fit", "partial_fit"])
def test_balanced_classes_need_the_whole(how):
    """partial_fit sees only a part of y and refuses to balance by it."""
    clf = classifier(class_weight="balanced")
    if how == "fit":
        clf.fit(X3, y3)
        return
    with pytest.raises(InvalidValue, match="Cannot use class_weight='balanced' in partial_fit"):
        clf.partial_fit(X3, y3, classes=[0, 1, 2])


def test_partial_fit_calls_back_once():
    """partial_fit is one epoch."""
    seen = []
    clf = classifier().set_callbacks(lambda clf: seen.append(clf.t_))
    clf.partial_fit(X3, y3, classes=[0, 1, 2]).partial_fit(X3, y3)
    assert seen == [150, 300]


def test_callbacks_hold_in_a_grid_search_over_a_pipeline():
    """Fits inside a search inside a pipeline call back too, and the search finds what it finds without."""
    grid = {"mlpclassifier__alpha": [1e-4, 1.0]}
    seen = []
    plain = GridSearchCV(make_pipeline(StandardScaler(), classifier()), grid, cv=2).fit(X3, y3)
    watched = classifier().set_callbacks(ScoringMonitor(scoring="accuracy"), lambda clf: seen.append(1))
    watched = GridSearchCV(make_pipeline(StandardScaler(), watched), grid, cv=2).fit(X3, y3)
    assert watched.best_score_ == plain.best_score_
    assert len(seen) == (2 * 2 + 1) * 10


def test_what_fails_in_a_callback_leaves_an_estimator_that_fits_and_pickles():
    """An error inside a function is raised, and the estimator can be used after it."""
    clf = classifier().set_callbacks(lambda clf: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        clf.fit(X3, y3)
    pickle.dumps(clf.set_callbacks())
    assert same(clf.fit(X3, y3), classifier().fit(X3, y3))


# --- losses -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("loss", ["hinge", "squared_hinge", "perceptron"])
@pytest.mark.parametrize("labels", [y2, y3], ids=["two", "three"])
def test_a_classifier_learns_by_margins(loss, labels):
    """Margins tell the classes apart, and there are no probabilities."""
    X = X2 if labels is y2 else X3
    clf = classifier(loss=loss, max_iter=200, learning_rate_init=0.02).fit(X, NAMES[labels])
    assert clf.score(X, NAMES[labels]) > 0.93
    assert not hasattr(clf, "predict_proba")
    assert not hasattr(clf, "predict_log_proba")
    margins = clf.decision_function(X)
    chosen = (margins > 0).astype(int) if margins.ndim == 1 else margins.argmax(axis=1)
    np.testing.assert_array_equal(clf.predict(X), clf.classes_[chosen])


def test_probabilities_have_no_decision_function():
    """As in scikit-learn, whose scorers then take predict_proba."""
    assert not hasattr(classifier(), "decision_function")


def test_a_classifier_learns_many_labels_by_margins():
    """Each label has its margin."""
    Y = np.c_[y3 > 0, y3 > 1].astype(int)
    clf = classifier(loss="hinge", max_iter=200, learning_rate_init=0.02).fit(X3, Y)
    assert clf.predict(X3).shape == Y.shape
    assert clf.score(X3, Y) > 0.9


@pytest.mark.parametrize("loss", ["squared_error", "absolute_error", "huber", "log_cosh", "quantile"])
def test_a_regressor_learns_by_each_loss(loss):
    """Every loss brings a sine near."""
    reg = regressor(loss=loss, activation="tanh", hidden_layer_sizes=(20,), max_iter=300, learning_rate_init=0.02)
    assert reg.fit(X1, y1).score(X1, y1) > 0.9


def test_poisson_predicts_rates():
    """Predictions are positive, and their mean is near that of the counts."""
    counts = np.random.RandomState(0).poisson(np.exp(X1[:, 0]))
    reg = regressor(loss="poisson", solver="lbfgs", max_iter=500, alpha=0.0, tol=1e-6, hidden_layer_sizes=(3,))
    predicted = reg.fit(X1, counts).predict(X1)
    assert (predicted > 0).all()
    assert predicted.mean() == pytest.approx(counts.mean(), rel=1e-3)


@pytest.mark.parametrize("q", [0.1, 0.9])
def test_a_quantile_is_reached(q):
    """Of the targets a share q lies below the predicted q-quantile, also where the noise grows with x."""
    rng = np.random.RandomState(0)
    x = rng.uniform(-1, 1, 600)
    y = x + (1.2 + x) * rng.normal(size=600)
    reg = regressor(loss=quantile(q), activation="tanh", learning_rate_init=0.01, max_iter=200, n_iter_no_change=200)
    below = y < reg.fit(x[:, None], y).predict(x[:, None])
    assert below.mean() == pytest.approx(q, abs=0.03)
    assert below[x > 0].mean() == pytest.approx(q, abs=0.06)


def test_huber_resists_an_outlier():
    """One wild target of 1000 among 60 leaves the line where it was; the squared error gives way."""
    x = np.linspace(-1, 1, 60)[:, None]
    y = 2 * x.ravel()
    y[10] = 1000.0
    off = {}
    for loss in ("squared_error", huber(0.5)):
        reg = regressor(loss=loss, hidden_layer_sizes=(), solver="lbfgs", max_iter=500, alpha=0.0).fit(x, y)
        off[loss if isinstance(loss, str) else "huber"] = np.abs(reg.predict(x) - 2 * x.ravel())[20:].max()
    assert off["huber"] < 0.1
    assert off["squared_error"] > 5


def test_a_loss_of_ones_own_is_trained_by():
    """½ Σ (y − t)² written by hand is scikit-learn's squared error."""
    own = cr.Loss("own", lambda Y, T: 0.5 * ((Y - T) ** 2).sum(axis=1), lambda Y, T: Y - T)
    assert same(regressor(loss=own).fit(X1, y1), regressor().fit(X1, y1))


def test_poisson_refuses_targets_below_zero():
    """A count is not negative."""
    with pytest.raises(ValueError, match="loss='poisson' needs targets ≥ 0"):
        regressor(loss="poisson").fit(X1, y1)


# --- activations ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(set(ACTIVATIONS) - {"exp"}))
def test_each_activation_trains(name):
    """Training by any of chainrule's activations lowers the loss."""
    clf = classifier(activation=name, learning_rate_init=0.02, max_iter=30).fit(X3, y3)
    assert clf.loss_curve_[-1] < 0.8 * clf.loss_curve_[0]
    assert clf.network_.layers[0].activation.name == name


def test_layers_have_activations_of_their_own():
    """One for each hidden layer, by scikit-learn's names, by ours, or one's own."""
    square = cr.Activation("square", lambda Z: Z * Z, lambda dA, Z, A: dA * 2 * Z)
    clf = classifier(hidden_layer_sizes=(4, 3, 2), activation=["logistic", "gelu", square], max_iter=2).fit(X3, y3)
    assert [layer.activation.name for layer in clf.network_.layers] == ["sigmoid", "gelu", "square", "softmax"]
    A = clf.hidden_activations(X3)
    W, b = clf.coefs_[2], clf.intercepts_[2]
    np.testing.assert_allclose(A[2], (A[1] @ W + b) ** 2, rtol=1e-12)


def test_one_activation_for_all_layers_is_the_list_of_it():
    """A list of the same says nothing new."""
    one = classifier(hidden_layer_sizes=(4, 3), activation="tanh").fit(X3, y3)
    assert same(one, classifier(hidden_layer_sizes=(4, 3), activation=["tanh", "tanh"]).fit(X3, y3))


# --- dropout ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["dropout", "input_dropout"])
def test_dropout_changes_training_and_not_prediction(where):
    """Units are left out while it learns; what it predicts is the same each time it is asked."""
    dropped = classifier(hidden_layer_sizes=(20,), **{where: 0.3}).fit(X3, y3)
    plain = classifier(hidden_layer_sizes=(20,)).fit(X3, y3)
    assert not np.allclose(dropped.theta_, plain.theta_)
    np.testing.assert_array_equal(dropped.predict_proba(X3), dropped.predict_proba(X3))
    np.testing.assert_array_equal(dropped.predict_proba(X3), dropped.network_.predict(dropped.theta_, X3))
    assert same(dropped, classifier(hidden_layer_sizes=(20,), **{where: 0.3}).fit(X3, y3))


def test_what_is_dropped_is_made_up_for():
    """Over many masks the mean output of a linear network is its output without any."""
    reg = regressor(hidden_layer_sizes=(30,), activation="identity", dropout=0.4, input_dropout=0.2).fit(X1, y1)
    net, theta, X = reg.network_, reg.theta_, np.repeat(X1[:1], 40000, axis=0)
    Y = net.forward(theta, X, draw_masks(net, len(X), seed=0, step=0)).Y
    assert Y.mean() == pytest.approx(reg.predict(X1[:1])[0], abs=4 * Y.std() / 200)


# --- solvers ----------------------------------------------------------------------------------------------------------

FULL = {"shuffle": False, "batch_size": 120, "alpha": 0.0, "max_iter": 15, "activation": "tanh"}


@pytest.mark.parametrize("solver", ["sgd", "adam", "adamw", "rmsprop", "adagrad"])
def test_a_solver_is_the_optimizer_of_its_name(solver):
    """On all samples at once the weights are those of ``cr.train``."""
    reg = regressor(solver=solver, learning_rate_init=0.03, momentum=0.0, **FULL).fit(X1, y1)
    start = regressor(**FULL).initialize(X1, y1).theta_
    run = cr.train(reg.network_, X1, y1, start, optimizer=solver, learning_rate=0.03, max_epochs=15, progress=False)
    np.testing.assert_allclose(reg.theta_, run.theta, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("solver", ["levenberg-marquardt", "BFGS", "CG", "L-BFGS-B"])
@pytest.mark.filterwarnings("ignore:.*:sklearn.exceptions.ConvergenceWarning")
def test_a_method_of_scipy_is_minimize(solver):
    """The weights are those of ``cr.minimize`` on the same objective, ½ α/N Σ W² included."""
    reg = regressor(solver=solver, alpha=0.5, activation="tanh").fit(X1, y1)
    start = regressor(activation="tanh").initialize(X1, y1).theta_
    run = cr.minimize(reg.network_, X1, y1, start, method=solver, max_iterations=10, l2=0.25 / 120, progress=False)
    np.testing.assert_array_equal(reg.theta_, run.theta)
    assert reg.loss_ == pytest.approx(run.loss + 0.25 / 120 * sum((W**2).sum() for W in reg.coefs_), rel=1e-12)


@pytest.mark.filterwarnings("ignore:.*:sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("n_outputs", [1, 3])
@pytest.mark.filterwarnings("ignore:lbfgs failed")
def test_lbfgs_is_scipys_on_the_objective(n_outputs):
    """Loss and gradient are of one function, also with several outputs, where scikit-learn's lbfgs has two."""
    Y = np.c_[y1, X1[:, 0] * X1[:, 1], np.cos(X1[:, 2])] if n_outputs > 1 else y1
    settings = {"solver": "lbfgs", "alpha": 0.5, "activation": "tanh", "max_iter": 30}
    reg = regressor(**settings).fit(X1, Y)
    start = regressor(**settings).initialize(X1, Y).theta_
    fun = reg.network_.objective(X1, Y, l2=0.25 / 120)
    found = scipy.optimize.minimize(
        fun, start, jac=True, method="L-BFGS-B", options={"maxiter": 30, "gtol": 1e-4, "maxfun": 15000}
    )
    np.testing.assert_allclose(reg.theta_, found.x, rtol=1e-6, atol=1e-8)
    told = 0.5 * np.mean((reg.predict(X1) - Y) ** 2) + 0.25 / 120 * sum((W**2).sum() for W in reg.coefs_)
    assert reg.loss_ == pytest.approx(told, rel=1e-12)


@pytest.mark.filterwarnings("ignore:.*:sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("solver", ["adam", "BFGS"])
def test_float32_stays_float32(solver):
    """What learns from float32 predicts float32."""
    reg = regressor(solver=solver).fit(X1.astype(np.float32), y1)
    assert reg.theta_.dtype == reg.predict(X1.astype(np.float32)).dtype == np.float32


# --- schedules, clipping, averages ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "schedule",
    [schedules.cosine(0.1), schedules.warm_up(0.1, 5), schedules.reduce_on_plateau(0.02, patience=1, tolerance=0.05)],
    ids=["cosine", "warm_up", "reduce_on_plateau"],
)
@pytest.mark.parametrize("solver", ["sgd", "adam", "rmsprop"])
def test_a_schedule_sets_the_rate_of_each_epoch(schedule, solver):
    """The weights are those that ``cr.train`` reaches by the same schedule."""
    reg = regressor(solver=solver, learning_rate=schedule, momentum=0.0, **FULL).fit(X1, y1)
    start = regressor(**FULL).initialize(X1, y1).theta_
    run = cr.train(reg.network_, X1, y1, start, optimizer=solver, learning_rate=schedule, max_epochs=15, progress=False)
    np.testing.assert_allclose(reg.theta_, run.theta, rtol=1e-9, atol=1e-13)


def test_a_clipped_gradient_is_no_longer_than_its_limit():
    """One step of plain descent is as long as rate times limit."""
    settings = {
        "solver": "sgd",
        "momentum": 0.0,
        "learning_rate_init": 0.5,
        "max_gradient_norm": 0.01,
        **FULL,
        "max_iter": 1,
    }
    reg = regressor(**settings).fit(X1, 100 * y1)
    step = reg.theta_ - regressor(**settings).initialize(X1, y1).theta_
    assert np.linalg.norm(step) == pytest.approx(0.005, rel=1e-12)


def test_weights_are_averaged_from_an_epoch_on():
    """theta_ is the mean of the thetas after the updates from that epoch on."""
    thetas = []
    FULL_ONCE = {**FULL, "learning_rate_init": 0.05}
    reg = regressor(average_from=10, **FULL_ONCE).set_callbacks(lambda reg: thetas.append(reg.theta_.copy()))
    reg.fit(X1, y1)
    assert reg.theta_ == pytest.approx(np.mean(thetas[10:], axis=0), rel=1e-12)


# --- going on ---------------------------------------------------------------------------------------------------------

GO_ON = {
    "adam": {},
    "adamw": {"solver": "adamw"},
    "rmsprop": {"solver": "rmsprop"},
    "momentum": {"solver": "sgd", "learning_rate_init": 0.05},
    "invscaling": {"solver": "sgd", "learning_rate": "invscaling", "learning_rate_init": 0.5},
    "adaptive": {"solver": "sgd", "learning_rate": "adaptive", "learning_rate_init": 0.1, "tol": 0.2},
    "warm_up": {"learning_rate": schedules.warm_up(0.02, 14)},
    "step": {"learning_rate": schedules.step(0.02, every=7)},
    "reduce_on_plateau": {"learning_rate": schedules.reduce_on_plateau(0.1, patience=2, tolerance=0.1)},
    "dropout": {"dropout": 0.3, "input_dropout": 0.1},
    "clipped": {"max_gradient_norm": 0.1},
    "averaged": {"average_from": 6},
    "early_stopping": {"early_stopping": True, "scoring": "loss"},
}


def going_on(name, **more):
    patience = 2 if name == "adaptive" else 100
    return classifier(batch_size=32, warm_start="continue", n_iter_no_change=patience, **GO_ON[name], **more)


@pytest.mark.parametrize("name", GO_ON)
def test_ten_epochs_and_ten_are_twenty(name):
    """Training that is continued is training that was not interrupted, to the last bit."""
    once = going_on(name, max_iter=20).fit(X3, y3)
    twice = going_on(name).fit(X3, y3).fit(X3, y3)
    assert same(once, twice)
    assert once.t_ == twice.t_ > 0
    assert once.validation_scores_ == twice.validation_scores_


@pytest.mark.parametrize("name", GO_ON)
@pytest.mark.parametrize("copied", ["pickle", "deepcopy", "joblib"])
def test_ten_epochs_a_copy_and_ten_are_twenty(name, copied):
    """What is needed to go on is in the estimator, and comes through pickle, deepcopy and joblib."""
    half = going_on(name).fit(X3, y3)
    if copied == "joblib":
        file = io.BytesIO()
        joblib.dump(half, file)
        file.seek(0)
        half = joblib.load(file)
    else:
        half = copy.deepcopy(half) if copied == "deepcopy" else pickle.loads(pickle.dumps(half))  # noqa: S301
    assert same(going_on(name, max_iter=20).fit(X3, y3), half.fit(X3, y3))


@pytest.mark.parametrize("name", sorted(set(GO_ON) - {"early_stopping", "averaged", "adaptive"}))
def test_twenty_times_partial_fit_are_twenty_epochs(name):
    """partial_fit goes on too, alone and behind fit."""
    once = going_on(name, max_iter=20).fit(X3, y3)
    steps = going_on(name, max_iter=20)
    for _ in range(20):
        steps.partial_fit(X3, y3, classes=[0, 1, 2])
    assert same(once, steps)
    behind = going_on(name).fit(X3, y3)
    for _ in range(10):
        behind.partial_fit(X3, y3)
    assert same(once, behind)


def test_a_stopped_cosine_goes_on_along_its_wave():
    """A fall over 20 epochs, stopped by a callback after 8, ends where it would have."""
    settings = {"warm_start": "continue", "learning_rate": schedules.cosine(0.1), "batch_size": 32}
    once = classifier(max_iter=20, **settings).fit(X3, y3)
    halted = classifier(max_iter=20, **settings).set_callbacks(lambda clf: clf.n_iter_ == 8).fit(X3, y3)
    assert same(once, halted.set_callbacks().set_params(max_iter=12).fit(X3, y3))


def test_a_cosine_that_reached_its_end_goes_on():
    """At the end of its wave the rate is 0, which is a rate."""
    clf = classifier(warm_start="continue", learning_rate=schedules.cosine(0.1), max_iter=3).fit(X3, y3)
    assert len(clf.fit(X3, y3).loss_curve_) == 6


def test_initialize_and_going_on_are_fit():
    """What was only drawn is trained as if it had been by fit."""
    settings = {"warm_start": "continue"}
    assert same(classifier(**settings).initialize(X3, y3).fit(X3, y3), classifier(**settings).fit(X3, y3))


def test_warm_start_true_is_scikit_learns():
    """True forgets the optimizer's state, as in scikit-learn; "continue" does not."""
    once = classifier(max_iter=20).fit(X3, y3)
    assert not same(once, classifier(warm_start=True).fit(X3, y3).fit(X3, y3))


@pytest.mark.parametrize("early_stopping", [False, True])
def test_a_warm_start_waits_anew(early_stopping):
    """New labels are learned. scikit-learn 1.9.1 keeps the patience used up and the least loss: one epoch, no more."""
    X, y = load_digits(return_X_y=True)
    settings = {"warm_start": True, "early_stopping": early_stopping, "learning_rate_init": 0.01, "max_iter": 200}
    clf = MLPClassifier((16,), random_state=0, **settings).fit(X / 16, y)
    assert clf.n_iter_ < 200
    other = (7 * y + 3) % 10
    assert clf.fit(X / 16, other).score(X / 16, other) > 0.95


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"hidden_layer_sizes": (6,)}, "another kind: hidden_layer_sizes"),
        ({"activation": "tanh"}, "another kind: hidden_layer_sizes, activation"),
        ({"loss": "hinge"}, "another kind: hidden_layer_sizes, activation, loss"),
        ({"solver": "sgd"}, "solver"),
    ],
    ids=["sizes", "activation", "loss", "solver"],
)
@pytest.mark.parametrize("warm_start", [True, "continue"])
def test_a_changed_network_is_refused(change, sentence, warm_start):
    """Other sizes: these weights do not fit them. Going on exactly needs the same function and the same solver, too."""
    clf = classifier(warm_start=warm_start).fit(X3, y3).set_params(**change)
    if warm_start is True and "hidden_layer_sizes" not in change:
        clf.fit(X3, y3)  # as in scikit-learn: the weights, and nothing else
        return
    with pytest.raises(InvalidValue, match=sentence):
        clf.fit(X3, y3)


def test_classes_that_come_later_are_refused():
    """A third class has no output; a missing one is no matter."""
    clf = classifier(warm_start="continue").fit(X3, y3)
    clf.fit(X3[:100], y3[:100])
    with pytest.raises(ValueError, match=r"`y` has classes not in `self.classes_`"):
        classifier(warm_start="continue").fit(X3[:100], y3[:100]).fit(X3, y3)


# --- looking inside ---------------------------------------------------------------------------------------------------


def test_hidden_activations_are_those_of_each_layer():
    """They are the forward pass, written by hand."""
    clf = classifier(hidden_layer_sizes=(6, 4), activation="tanh").fit(X3, y3)
    first = np.tanh(X3 @ clf.coefs_[0] + clf.intercepts_[0])
    second = np.tanh(first @ clf.coefs_[1] + clf.intercepts_[1])
    for A, expected in zip(clf.hidden_activations(X3), [first, second], strict=True):
        np.testing.assert_allclose(A, expected, rtol=1e-12)


def own_losses(mlp, X, y):
    """Each sample's own loss, by hand."""
    if isinstance(mlp, MLPRegressor):
        return 0.5 * (mlp.predict(X) - y) ** 2
    return -np.log(mlp.predict_proba(X)[np.arange(len(y)), np.searchsorted(mlp.classes_, y)])


@pytest.mark.parametrize(
    ("mlp", "X", "y"),
    [(classifier, X3, NAMES[y3]), (classifier, X2, y2), (regressor, X1, y1)],
    ids=["three-classes", "two-classes", "numbers"],
)
def test_input_gradient_matches_central_differences(mlp, X, y):
    """∂ℓ/∂X of every sample and feature."""
    fitted = mlp(activation="tanh").fit(X, y)
    gradient, h = fitted.input_gradient(X, y), 1e-5
    for column in range(X.shape[1]):
        step = h * (np.arange(X.shape[1]) == column)
        slopes = (own_losses(fitted, X + step, y) - own_losses(fitted, X - step, y)) / (2 * h)
        np.testing.assert_allclose(gradient[:, column], slopes, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("activation", ["relu", "logistic"])
def test_initialize_draws_where_fit_starts(activation):
    """A fit that takes no step worth the name ends where initialize is, on a fresh estimator and on a used one."""
    started = classifier(activation=activation).initialize(X3, y3)
    still = classifier(activation=activation, learning_rate_init=1e-300, max_iter=1).fit(X3, y3)
    np.testing.assert_array_equal(started.theta_, still.theta_)
    np.testing.assert_array_equal(started.initialize(X3, y3).theta_, still.theta_)
    np.testing.assert_array_equal(classifier(activation=activation).fit(X3, y3).initialize(X3, y3).theta_, still.theta_)
    assert started.predict_proba(X3).shape == (150, 3)


def test_the_estimator_opens_into_the_engine():
    """network_ and theta_ compute what the estimator predicts."""
    clf = classifier().fit(X3, y3)
    np.testing.assert_array_equal(clf.network_.forward(clf.theta_, X3).Y, clf.predict_proba(X3))
    reg = regressor().fit(X1, y1)
    np.testing.assert_array_equal(reg.network_.predict(reg.theta_, X1)[:, 0], reg.predict(X1))


def test_coefs_and_intercepts_are_views_of_theta():
    """Writing into an array, putting one in its place and setting the whole list all write to theta_."""
    clf = classifier().fit(X3, y3)
    clf.coefs_[0][2, 1] = 42.0
    clf.intercepts_[1] = [1.0, 2.0, 3.0]
    assert clf.theta_[2 * 5 + 1] == 42.0
    np.testing.assert_array_equal(clf.theta_[-3:], [1.0, 2.0, 3.0])
    doubled = [2 * W for W in clf.coefs_]
    clf.coefs_ = doubled
    clf.intercepts_ = [0 * b for b in clf.intercepts_]
    assert clf.theta_[2 * 5 + 1] == 84.0
    np.testing.assert_array_equal(clf.intercepts_[0], np.zeros(5))


def test_blocks_of_another_shape_are_refused():
    """A block keeps its shape, and the list its length."""
    clf = classifier().fit(X3, y3)
    with pytest.raises(InvalidValue, match=re.escape("block 0 must have shape (4, 5), got (5, 4)")):
        clf.coefs_[0] = np.zeros((5, 4))
    with pytest.raises(InvalidValue, match="coefs_ must have 2 arrays"):
        clf.coefs_ = [np.zeros((4, 5))]


def test_explain_takes_the_estimator():
    """explain(clf) writes the mathematics of its network, with its weights where a sample is given."""
    clf = classifier(hidden_layer_sizes=(2,)).fit(X3, y3)
    assert cr.explain(clf, format="text") == cr.explain(clf.network_, format="text")
    T = np.eye(3)[y3[:1]]
    numbers = cr.explain(clf, X=X3[:1], T=T, format="text")
    assert numbers == cr.explain(clf.network_, theta=clf.theta_, X=X3[:1], T=T, format="text")


def nets():
    cross_entropy = Network([Dense(4, "tanh"), Dense(3, "softmax")], n_features=4, loss="cross_entropy")
    log_loss_ = Network([Dense(4, "gelu"), Dense(3, "tanh"), Dense(1, "sigmoid")], n_features=4, loss="log_loss")
    margin = Network([Dense(4, "relu"), Dense(1)], n_features=4, loss="hinge")
    margins = Network([Dense(4, "relu"), Dense(3)], n_features=4, loss="squared_hinge")
    return {"softmax": cross_entropy, "sigmoid": log_loss_, "margin": margin, "margins": margins}


@pytest.mark.parametrize("name", nets())
def test_a_network_becomes_a_classifier_that_predicts_the_same(name):
    """from_network, and network_ and theta_ back: the same predictions, of the classes in the outputs' order."""
    net = nets()[name]
    theta, Y = net.initial_theta(0), net.predict(net.initial_theta(0), X3)
    classes = NAMES[::-1] if net.n_outputs == 3 else NAMES[1::-1]
    clf = MLPClassifier.from_network(net, theta, classes)
    chosen = Y.argmax(axis=1) if net.n_outputs == 3 else (Y[:, 0] > (0.5 if name == "sigmoid" else 0)).astype(int)
    np.testing.assert_array_equal(clf.predict(X3), classes[chosen])
    assert hasattr(clf, "predict_proba") == (name in ("softmax", "sigmoid"))
    assert clf.network_ == net
    np.testing.assert_array_equal(clf.theta_, theta)


def test_a_network_becomes_a_regressor_that_predicts_the_same():
    """And the estimator's theta is a copy."""
    net = Network([Dense(4, "tanh"), Dense(2)], n_features=3)
    theta = net.initial_theta(0)
    reg = MLPRegressor.from_network(net, theta)
    np.testing.assert_array_equal(reg.predict(X1), net.predict(theta, X1))
    reg.coefs_[0][:] = 0
    assert theta[:12].any()


def test_an_estimator_goes_into_a_network_and_back():
    """What was fitted predicts the same after the journey."""
    clf = classifier(hidden_layer_sizes=(4, 3), activation=["tanh", "relu"]).fit(X3, NAMES[y3])
    back = MLPClassifier.from_network(clf.network_, clf.theta_, clf.classes_)
    np.testing.assert_array_equal(back.predict_proba(X3), clf.predict_proba(X3))


@pytest.mark.parametrize("warm_start", [True, "continue"])
def test_a_classifier_of_a_network_trains_on(warm_start):
    """It is fitted: with warm_start, and by partial_fit, it starts from the network's weights."""
    net = nets()["softmax"]
    theta = net.initial_theta(0)
    settings = {"learning_rate_init": 1e-300, "max_iter": 1, "warm_start": warm_start}
    clf = MLPClassifier.from_network(net, theta, [0, 1, 2], **settings)
    assert clf.fit(X3, y3).theta_ == pytest.approx(theta, rel=0, abs=1e-200)
    assert clf.partial_fit(X3, y3).theta_ == pytest.approx(theta, rel=0, abs=1e-200)


@pytest.mark.parametrize("classes", [["a", "b"], ["a", "a", "b"], "abc"])
def test_wrong_classes_are_refused_by_from_network(classes):
    """There is one different label for every output."""
    net = nets()["softmax"]
    with pytest.raises(InvalidValue, match="classes must name 3 different labels"):
        MLPClassifier.from_network(net, net.initial_theta(0), classes)


def test_a_network_without_biases_is_refused_by_from_network():
    """scikit-learn's layers have biases."""
    net = Network([Dense(1, bias=False)], n_features=3)
    with pytest.raises(InvalidValue, match="layers have biases"):
        MLPRegressor.from_network(net, net.initial_theta(0))


# --- pictures ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def without_a_screen():
    plt = pytest.importorskip("matplotlib.pyplot")
    before = mpl.get_backend()
    plt.switch_backend("Agg")
    yield
    plt.close("all")
    plt.switch_backend(before)


@pytest.mark.usefixtures("without_a_screen")
def test_loss_curve_display_draws_the_curve():
    """scikit-learn's convention: from_estimator, plot, ax_, figure_, and the scores where there are any."""
    clf = classifier().fit(X3, y3, X_val=X3, y_val=y3)
    display = LossCurveDisplay.from_estimator(clf, color="black")
    curve, scores = display.lines_
    np.testing.assert_array_equal(curve.get_xydata(), np.c_[1:11, clf.loss_curve_])
    np.testing.assert_array_equal(scores.get_ydata(), clf.validation_scores_)
    assert display.ax_.figure is display.figure_
    again = display.plot(ax=display.figure_.add_subplot(), name="again")
    assert again.lines_[0].get_label() == "again"


@pytest.mark.filterwarnings("ignore:lbfgs failed")
def test_there_is_no_loss_curve_without_training():
    """An estimator that was only initialized has none, and it is said."""
    with pytest.raises(InvalidValue, match="There is no loss curve"):
        LossCurveDisplay.from_estimator(classifier().initialize(X3, y3))


@pytest.mark.usefixtures("without_a_screen")
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("engine", ["textbook", "compiled"])
@pytest.mark.parametrize("solver", ["lbfgs", "CG", "TNC", "Nelder-Mead"])
@pytest.mark.parametrize("outputs", [1, 2])
def test_solvers_of_all_samples_tell_a_loss_an_iteration(solver, outputs, engine, capsys):
    """loss_curve_ and verbose have the objective after every iteration; the last is that of the fitted weights."""
    T = np.column_stack([X3[:, 0] - X3[:, 1], X3[:, 1] * X3[:, 2]])[:, :outputs]
    reg = MLPRegressor(
        hidden_layer_sizes=(3,), solver=solver, max_iter=30, verbose=True, alpha=0.1, random_state=0, engine=engine
    )
    reg.fit(X3, T if outputs == 2 else T.ravel())
    curve = reg.loss_curve_
    printed = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Iteration ")]
    assert printed == [f"Iteration {i}, loss = {loss:.8f}" for i, loss in enumerate(curve, 1)]
    assert len(curve) in (reg.n_iter_, reg.n_iter_ - 1)  # TNC counts evaluations
    assert curve == sorted(curve, reverse=True)
    residuals = T - reg.predict(X3).reshape(T.shape)
    penalty = 0.05 / len(X3) * sum((W**2).sum() for W in reg.coefs_)
    assert reg.loss_ == pytest.approx(0.5 * (residuals**2).mean() + penalty)
    assert curve[-1] == pytest.approx(reg.loss_, rel=1e-6)
    assert len(LossCurveDisplay.from_estimator(reg).lines_[0].get_xdata()) == len(curve)


NEEDY = {
    "adam": {"max_iter": 1},
    "lbfgs": {"solver": "lbfgs", "max_iter": 1},
    "CG": {"solver": "CG", "max_iter": 1},
    "large batch": {"batch_size": 5000, "tol": 1e9, "n_iter_no_change": 1},
    "diverging": {"solver": "sgd", "learning_rate_init": 1e6},
}


@pytest.mark.parametrize("settings", NEEDY.values(), ids=NEEDY)
def test_a_warning_points_at_the_users_line(settings):
    """Through a Pipeline, a search or directly: the line is the one that called fit."""
    reg = MLPRegressor(hidden_layer_sizes=(3,), random_state=0, **settings)
    for model in (reg, make_pipeline(StandardScaler(), reg), GridSearchCV(reg, {"alpha": [1e-3]}, cv=2)):
        with pytest.warns(UserWarning, match=".") as told:
            model.fit(X3, 1e3 * X3[:, 0])
        assert {one.filename for one in told} == {__file__}


@pytest.mark.usefixtures("without_a_screen")
@pytest.mark.parametrize("loss", ["log_loss", "hinge"])
def test_decision_boundary_display_works(loss):
    """scikit-learn's own picture of a decision takes our classifier, with probabilities or without."""
    clf = classifier(loss=loss).fit(X3[:, :2], y3)
    assert DecisionBoundaryDisplay.from_estimator(clf, X3[:, :2], grid_resolution=9, response_method="auto").ax_


# --- trust ------------------------------------------------------------------------------------------------------------

NOT_A_NUMBER = cr.Loss("nan", lambda Y, T: np.nan * Y.sum(axis=1), lambda Y, T: np.nan * Y)
OVERFLOWS = cr.Loss("overflows", lambda Y, T: np.expm1(Y - T).sum(axis=1), lambda Y, T: np.exp(Y - T))


@pytest.mark.parametrize(
    "settings",
    [
        {"solver": "sgd", "learning_rate_init": 1.0},
        {"solver": "sgd", "learning_rate_init": 1e150, "batch_size": 10},
        {"solver": "sgd", "learning_rate_init": 1e300},
        {"solver": "sgd", "learning_rate_init": 1.0, "average_from": 0, "batch_size": 10},
        {"solver": "sgd", "learning_rate_init": 1e300, "average_from": 0},
        {"solver": "sgd", "learning_rate_init": 1.0, "early_stopping": True},
        {"learning_rate_init": 1e300},
        {"loss": NOT_A_NUMBER},
        {"loss": OVERFLOWS, "learning_rate_init": 100.0},
    ],
    ids=["sgd", "mini-batches", "huge", "averaged", "averaged-huge", "early", "adam", "nan", "overflow"],
)
def test_a_fit_that_diverges_warns_and_keeps_finite_weights(settings):
    """The warning says the epoch and what to try; weights are finite and it predicts; going on does not crash."""
    reg = regressor(**settings, activation="relu", max_iter=60)
    with pytest.warns(ConvergenceWarning, match=r"diverged in epoch \d+: .* Scale the inputs .* lower learning_rate"):
        reg.fit(1e3 * X1, 1e5 * y1)
    assert np.isfinite(reg.theta_).all()
    assert reg.predict(X1).shape == (120,)
    assert np.isfinite(reg.loss_curve_).all()


@np.errstate(over="ignore")
def data_loss(reg, X, y):
    return 0.5 * np.mean((reg.predict(X) - y) ** 2)


def test_the_epoch_that_diverged_is_named():
    """The epochs that are told of are those before it."""
    with pytest.warns(ConvergenceWarning, match="diverged in epoch") as caught:
        reg = regressor(max_iter=60, **EXPLODES).fit(30 * X1, 30 * y1)
    epoch = int(re.search(r"epoch (\d+)", str(caught[0].message)).group(1))
    assert reg.n_iter_ == len(reg.loss_curve_) == epoch - 1 > 0
    assert reg.loss_curve_ == regressor(max_iter=epoch - 1, **EXPLODES).fit(30 * X1, 30 * y1).loss_curve_


EXPLODES = {"solver": "sgd", "learning_rate_init": 0.6, "momentum": 0.0, "activation": "relu"}


@pytest.mark.parametrize("engine", ["textbook", "compiled"])
@pytest.mark.parametrize("more", [{}, {"batch_size": 30}, {"average_from": 0}, {"early_stopping": True}], ids=str)
@pytest.mark.parametrize("rate", [0.05, 0.6, 10.0, 1e12, 1e300])
def test_after_a_divergence_the_best_weights_are_kept(engine, more, rate):
    """They predict no worse than the start and than the end of each epoch: not what was finite last, which is huge.

    With early stopping the best are those with the best validation score, if they are better than the start.
    """
    settings = {**EXPLODES, **more, "learning_rate_init": rate, "engine": engine}
    X, y = 30 * X1, 30 * y1
    with pytest.warns(ConvergenceWarning, match="best finite weights are kept"):
        reg = regressor(max_iter=60, **settings).fit(X, y)
    others = [regressor(**settings).initialize(X, y)]
    if not more.get("early_stopping"):
        in_the_first_epoch = "batch_size" in more and rate >= 1e12  # its second batch meets infinite outputs
        assert (reg.n_iter_ == 0) == in_the_first_epoch
        others += [regressor(max_iter=n, **settings).fit(X, y) for n in range(1, reg.n_iter_ + 1)]
    assert all(data_loss(reg, X, y) <= data_loss(other, X, y) * (1 + 1e-9) for other in others)
    if not more:  # alpha is tiny
        assert reg.loss_ == pytest.approx(data_loss(reg, X, y), rel=1e-3)


@pytest.mark.parametrize("engine", ["textbook", "compiled"])
def test_after_a_divergence_partial_fit_goes_on_from_the_best_weights(engine):
    """The optimizer begins anew: with its velocity of 1e100 the next call would diverge again."""
    reg = regressor(**{**EXPLODES, "momentum": 0.9, "engine": engine})
    X, y = 30 * X1, 30 * y1
    calls = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        while reg.partial_fit(X, y).n_iter_ != 0:  # the call that diverges has no epoch
            calls += 1
            assert calls < 30
    at_once = data_loss(reg, X, y)
    assert at_once <= data_loss(regressor(**EXPLODES).initialize(X, y), X, y)
    assert data_loss(reg.set_params(max_gradient_norm=1e-9).partial_fit(X, y), X, y) == pytest.approx(at_once, rel=1e-3)


@pytest.mark.parametrize("engine", ["textbook", "compiled"])
def test_a_loss_is_told_after_a_divergence_in_the_first_epoch(engine):
    """loss_ is that of the start, which is kept."""
    with pytest.warns(ConvergenceWarning, match="those of the start"):
        reg = regressor(solver="sgd", learning_rate_init=1e300, batch_size=10, engine=engine, alpha=0).fit(X1, y1)
    assert reg.loss_ == pytest.approx(data_loss(regressor(alpha=0).initialize(X1, y1), X1, y1), rel=1e-9)
    assert (reg.n_iter_, reg.loss_curve_) == (0, [])


@pytest.mark.parametrize(
    ("solver", "dtype"),
    [("adam", np.float64), ("adam", np.float32), ("sgd", np.float32), ("lbfgs", np.float64), ("BFGS", np.float64)],
)
@pytest.mark.parametrize("name", ["X", "y"])
@pytest.mark.filterwarnings("ignore")
def test_numbers_whose_squares_overflow_are_refused_in_scikit_learns_words(solver, dtype, name):
    """Where the first epoch fails for them, in X or in y, it is said."""
    huge = np.finfo(dtype).max
    X, y = (
        np.where(A > 1, huge, A).astype(dtype) if name == which else A.astype(dtype)
        for which, A in zip("Xy", (X1, y1), strict=True)
    )
    with pytest.raises(ValueError, match=f"^Input {name} contains infinity or a value too large for dtype"):
        regressor(solver=solver, activation="identity").fit(X, y)


@pytest.mark.parametrize("engine", ["textbook", "compiled"])
def test_an_optimizer_whose_memory_overflows_has_diverged(engine):
    """Squares of gradients that overflow freeze the weights under Adam, for ever: it is told, and not passed over."""
    with pytest.raises(InvalidValue, match=r"the square of 3.*e\+20 overflows"):
        classifier(activation="identity", engine=engine).fit(np.float32(1e20) * X3.astype(np.float32), y3)


@pytest.mark.parametrize("solver", ["lbfgs", "BFGS"])
@pytest.mark.filterwarnings("ignore:lbfgs failed")
def test_a_solver_of_all_samples_that_leaves_the_finite_numbers_warns(solver):
    """NaN in the loss: a warning, and finite weights."""
    with pytest.warns(ConvergenceWarning, match="no better weights than those of the start"):
        reg = regressor(solver=solver, loss=NOT_A_NUMBER).fit(X1, y1)
    assert np.isfinite(reg.theta_).all()


COMBINATIONS = {
    "dropout": ({"dropout": 0.1, "solver": "lbfgs"}, {}, "Cannot use dropout=0.1 with solver='lbfgs'"),
    "input_dropout": ({"input_dropout": 0.1, "solver": "BFGS"}, {}, "Cannot use input_dropout=0.1 with solver='BFGS'"),
    "max_gradient_norm": (
        {"max_gradient_norm": 1.0, "solver": "CG"},
        {},
        "Cannot use max_gradient_norm=1.0 with solver='CG'",
    ),
    "average": ({"average_from": 2, "solver": "lbfgs"}, {}, "Cannot use average_from=2 with solver='lbfgs'"),
    "schedule": ({"learning_rate": schedules.cosine(0.1), "solver": "lbfgs"}, {}, "Cannot use learning_rate="),
    "average-best": ({"average_from": 2, "early_stopping": True}, {}, "Cannot use average_from=2 with early_stopping"),
    "own-lbfgs": ({"solver": "lbfgs"}, {"X_val": X3, "y_val": y3}, "Cannot use X_val with solver='lbfgs'"),
    "no-X_val": ({}, {"y_val": y3}, "X_val and y_val come together"),
    "no-y_val": ({}, {"X_val": X3}, "X_val and y_val come together"),
    "weight-alone": ({}, {"sample_weight_val": np.ones(150)}, "X_val and y_val come together"),
    "no-rows": ({}, {"X_val": X3[:0], "y_val": y3[:0]}, "0 sample|no rows"),
    "columns": ({}, {"X_val": X3[:, :2], "y_val": y3}, "X has 2 features, but MLPClassifier is expecting 4"),
    "new-class": ({}, {"X_val": X3, "y_val": y3 + 1}, r"y_val has classes that y has not: \[3\]"),
    "lm": ({"solver": "levenberg-marquardt"}, {}, "Cannot use .*levenberg-marquardt.*squares"),
    "few": ({"activation": ["relu", "tanh"]}, {}, "one a hidden layer, 1; got 2"),
    "unknown": ({"activation": ["rellu"]}, {}, "Did you mean 'relu'"),
    "scorer": ({"early_stopping": True, "scoring": "nope"}, {}, "'nope' is not a valid scoring value"),
    "dropout-1": ({"dropout": 1.0}, {}, "The 'dropout' parameter of MLPClassifier must be"),
    "warm_start": ({"warm_start": "go"}, {}, "The 'warm_start' parameter of MLPClassifier must be"),
    "loss": ({"loss": "huber"}, {}, "The 'loss' parameter of MLPClassifier must be"),
}


@pytest.mark.parametrize("name", COMBINATIONS)
def test_a_bad_combination_is_told_in_a_sentence(name):
    """Each is refused before training, by a ValueError that names what is wrong."""
    settings, passed, sentence = COMBINATIONS[name]
    with pytest.raises(ValueError, match=sentence):
        classifier(**settings).fit(X3, y3, **passed)


def test_levenberg_marquardt_is_for_squares():
    """Another loss is refused."""
    with pytest.raises(InvalidValue, match="loss='huber'"):
        regressor(solver="levenberg-marquardt", loss="huber").fit(X1, y1)


def test_partial_fit_with_early_stopping_is_refused():
    """As in scikit-learn."""
    with pytest.raises(ValueError, match="partial_fit does not support early_stopping=True"):
        classifier(early_stopping=True).partial_fit(X3, y3, classes=[0, 1, 2])


def test_labels_of_mixed_types_are_refused_where_scikit_learn_crashes():
    """Text and numbers have no order: a sentence, and no TypeError of a sort."""
    with pytest.raises(InvalidValue, match="y must have labels of one type"):
        classifier().fit(X3, np.array(["a", 1, 2.5] * 50, dtype=object))


@pytest.mark.parametrize("estimator", [classifier(), regressor(loss="huber")], ids=["classifier", "huber"])
def test_levenberg_marquardt_wants_squares_in_the_estimators_words(estimator):
    """Other losses are refused with the settings that a user of estimators knows."""
    with pytest.raises(
        InvalidValue, match=r"solver='levenberg-marquardt' with loss=.*MLPRegressor\(loss='squared_error'\)"
    ):
        estimator.set_params(solver="levenberg-marquardt").fit(X3, y3)
