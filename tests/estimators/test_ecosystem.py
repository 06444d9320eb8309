"""scikit-learn's world: its checks and meta-estimators, frames, routing, joblib, pickles, sparse and odd inputs."""

from __future__ import annotations

import copy
import pickle
import re

import joblib
import matplotlib as mpl
import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp
import sklearn.neural_network as theirs
from sklearn import config_context
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import make_classification
from sklearn.ensemble import StackingClassifier, VotingClassifier
from sklearn.exceptions import DataConversionWarning, NotFittedError
from sklearn.experimental import enable_halving_search_cv  # noqa: F401  # what its import does is the search below
from sklearn.inspection import DecisionBoundaryDisplay, permutation_importance
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, HalvingRandomSearchCV, cross_validate
from sklearn.multiclass import OneVsRestClassifier
from sklearn.multioutput import MultiOutputRegressor
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import compute_sample_weight
from sklearn.utils.estimator_checks import check_estimator
from threadpoolctl import threadpool_limits

from chainrule import InvalidValue, MLPClassifier, MLPRegressor

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")  # a few epochs are enough here

X, LABELS = make_classification(60, 4, n_informative=3, n_redundant=0, n_classes=3, random_state=0)
TWO = (LABELS > 0).astype(int)
NUMBERS = X[:, 0] - 2 * X[:, 1] + X[:, 2] ** 2
WEIGHT = np.random.RandomState(1).uniform(0.2, 3, len(X))
NAMES = np.array(["apple", "pear", "plum"])
COLUMNS = ["height", "width", "depth", "mass"]

SMALL = {"hidden_layer_sizes": (5,), "learning_rate_init": 0.02, "max_iter": 8, "random_state": 0}
BOTH = pytest.mark.parametrize(("cls", "y"), [(MLPClassifier, LABELS), (MLPRegressor, NUMBERS)], ids=["clf", "reg"])
SOLVERS = ("adam", "sgd", "lbfgs")
EVERY_SOLVER = pytest.mark.parametrize("solver", SOLVERS)


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """Small matrices on few cores: BLAS threads would only wait for each other."""
    with threadpool_limits(1):
        yield


def classifier(**settings):
    return MLPClassifier(**{**SMALL, **settings})


def regressor(**settings):
    return MLPRegressor(**{**SMALL, **settings})


def same_as_theirs(result, cls):
    """Assert that result(cls) is what it is with scikit-learn's own estimator in its place."""
    expected, actual = result(getattr(theirs, cls.__name__)), result(cls)
    np.testing.assert_allclose(actual, expected, rtol=1e-9, atol=1e-12)


def same_error(cls, act):
    """Assert that act(estimator) raises what it raises with scikit-learn's, word for word."""
    with pytest.raises((ValueError, TypeError)) as expected:  # whatever it says
        act(getattr(theirs, cls.__name__)(**SMALL))
    with pytest.raises(expected.type, match=re.escape(str(expected.value))):
        act(cls(**SMALL))


# --- scikit-learn's own checks ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cls", "solver"),
    [(MLPClassifier, "adam"), (MLPClassifier, "lbfgs"), (MLPRegressor, "sgd"), (MLPRegressor, "lbfgs")],
)
def test_scikit_learns_checks_pass_with_no_expected_failure(cls, solver):
    """check_estimator passes; it skips the check of array API, and that of a decision_function where there is none."""
    results = check_estimator(
        cls(hidden_layer_sizes=(20,), solver=solver, learning_rate_init=0.01, max_iter=50), on_fail=None, on_skip=None
    )

    skipped = {"check_array_api_input", "check_classifiers_multilabel_output_format_decision_function"}
    failed = {one["check_name"]: one["exception"] for one in results if one["status"] not in ("passed", "skipped")}
    assert failed == {}
    assert {one["check_name"] for one in results if one["status"] == "skipped"} <= skipped
    assert len(results) > 50


# --- in the place of scikit-learn's -------------------------------------------------------------------------------


@BOTH
def test_pipeline_predicts_what_it_predicts_with_scikit_learns(cls, y):
    """Behind a StandardScaler the predictions are scikit-learn's."""
    same_as_theirs(lambda mlp: make_pipeline(StandardScaler(), mlp(**SMALL)).fit(X, y).predict(X), cls)


@BOTH
def test_grid_search_finds_the_same(cls, y):
    """GridSearchCV scores every setting as with scikit-learn's, and chooses the same."""

    def search(mlp):
        pipe = Pipeline([("scale", StandardScaler()), ("mlp", mlp(**SMALL))])
        grid = {"mlp__alpha": [1e-4, 1.0], "mlp__hidden_layer_sizes": [(3,), (4, 3)]}
        found = GridSearchCV(pipe, grid, cv=2).fit(X, y)
        return [*found.cv_results_["mean_test_score"], found.best_index_]

    same_as_theirs(search, cls)


@BOTH
def test_halving_search_gives_epochs_as_the_resource(cls, y):
    """HalvingRandomSearchCV with resource max_iter trains 4, then 8 epochs, with the scores of scikit-learn's."""

    def search(mlp):
        found = HalvingRandomSearchCV(
            mlp(**SMALL),
            {"alpha": [1e-4, 1e-2, 1.0, 10.0]},
            resource="max_iter",
            max_resources=8,
            min_resources=4,
            factor=2,
            cv=2,
            random_state=0,
        ).fit(X, y)
        assert found.n_resources_ == [4, 8]
        return [*found.cv_results_["mean_test_score"], found.best_estimator_.n_iter_]

    same_as_theirs(search, cls)


@BOTH
def test_cross_validate_scores_the_same(cls, y):
    """cross_validate has the train and test scores of scikit-learn's."""

    def scores(mlp):
        found = cross_validate(mlp(**SMALL), X, y, cv=3, return_train_score=True)
        return np.concatenate([found["test_score"], found["train_score"]])

    same_as_theirs(scores, cls)


@pytest.mark.parametrize(
    "around",
    [
        lambda mlp: CalibratedClassifierCV(mlp, cv=2),
        lambda mlp: CalibratedClassifierCV(mlp, cv=2, method="isotonic", ensemble=False),
        lambda mlp: VotingClassifier([("mlp", mlp), ("line", LogisticRegression())], voting="soft"),
        lambda mlp: StackingClassifier([("mlp", mlp)], LogisticRegression(), cv=2),
        OneVsRestClassifier,
    ],
    ids=["calibrated-sigmoid", "calibrated-isotonic", "voting", "stacking", "one-vs-rest"],
)
@pytest.mark.parametrize("y", [TWO, LABELS, NAMES[LABELS]], ids=["two", "three", "names"])
def test_meta_classifiers_have_the_same_probabilities(around, y):
    """Around ours every meta-estimator has the probabilities that it has around scikit-learn's."""
    same_as_theirs(lambda mlp: around(mlp(**SMALL)).fit(X, y).predict_proba(X), MLPClassifier)


def test_one_regressor_for_each_output():
    """MultiOutputRegressor fits one an output, with scikit-learn's predictions."""
    Y = np.column_stack([NUMBERS, X[:, 3]])
    same_as_theirs(lambda mlp: MultiOutputRegressor(mlp(**SMALL)).fit(X, Y).predict(X), MLPRegressor)


def test_transformed_targets():
    """TransformedTargetRegressor scales y there and back, with scikit-learn's predictions."""

    def predict(mlp):
        return TransformedTargetRegressor(mlp(**SMALL), transformer=StandardScaler()).fit(X, NUMBERS).predict(X)

    same_as_theirs(predict, MLPRegressor)


@BOTH
def test_permutation_importance_is_the_same(cls, y):
    """Each feature matters as much as it does to scikit-learn's."""

    def importances(mlp):
        return permutation_importance(mlp(**SMALL).fit(X, y), X, y, n_repeats=3, random_state=0).importances

    same_as_theirs(importances, cls)


@pytest.mark.parametrize(
    ("y", "response"), [(TWO, "predict_proba"), (LABELS, "predict_proba"), (NAMES[LABELS], "predict")]
)
def test_decision_boundary_is_the_same(y, response):
    """DecisionBoundaryDisplay draws the response of scikit-learn's."""
    mpl.use("Agg")
    import matplotlib.pyplot as plt

    def draw(mlp):
        clf = mlp(**SMALL).fit(X[:, :2], y)
        shown = DecisionBoundaryDisplay.from_estimator(clf, X[:, :2], response_method=response, grid_resolution=20)
        plt.close(shown.figure_)
        return shown.response

    same_as_theirs(draw, MLPClassifier)


# --- frames -------------------------------------------------------------------------------------------------------

FRAMES = pytest.mark.parametrize(
    "frame",
    [lambda data, names: pd.DataFrame(data, columns=names), lambda data, names: pl.DataFrame(data, schema=names)],
    ids=["pandas", "polars"],
)


@FRAMES
@BOTH
def test_frames_give_the_numbers_of_arrays_and_their_names(cls, y, frame):
    """A frame trains and predicts as its array does, and feature_names_in_ has its columns."""
    of_array, of_frame = cls(**SMALL).fit(X, y), cls(**SMALL).fit(frame(X, COLUMNS), y)

    np.testing.assert_array_equal(of_frame.theta_, of_array.theta_)
    np.testing.assert_array_equal(of_frame.predict(frame(X, COLUMNS)), of_array.predict(X))
    assert of_frame.feature_names_in_.tolist() == COLUMNS
    assert not hasattr(of_array, "feature_names_in_")


@FRAMES
@BOTH
@pytest.mark.parametrize("names", [COLUMNS[::-1], [*COLUMNS[:3], "weight"]], ids=["order", "unknown"])
def test_other_names_are_refused_in_scikit_learns_words(cls, y, frame, names):
    """Columns in another order, or of another name, are refused by predict and by a continued fit."""
    same_error(cls, lambda mlp: mlp.fit(frame(X, COLUMNS), y).predict(frame(X, names)))
    same_error(
        cls, lambda mlp: mlp.partial_fit(frame(X, COLUMNS), y, **classes_of(cls)).partial_fit(frame(X, names), y)
    )


def classes_of(cls):
    return {"classes": np.unique(LABELS)} if cls is MLPClassifier else {}


@FRAMES
@BOTH
def test_validation_frames_must_have_the_same_names(cls, y, frame):
    """X_val is a frame like X; one with other names is refused in scikit-learn's words."""
    mlp = cls(**SMALL).fit(frame(X, COLUMNS), y, X_val=frame(X[:20], COLUMNS), y_val=y[:20])

    assert len(mlp.validation_scores_) == 8
    with pytest.raises(ValueError, match="The feature names should match those that were passed during fit"):
        mlp.fit(frame(X, COLUMNS), y, X_val=frame(X[:20], COLUMNS[::-1]), y_val=y[:20])


@BOTH
def test_names_missing_at_predict_warn(cls, y):
    """An array for an estimator fitted on a frame warns, as scikit-learn's does; early stopping alone does not."""
    mlp = cls(**SMALL, early_stopping=True).fit(pd.DataFrame(X, columns=COLUMNS), y)

    with pytest.warns(UserWarning, match="X does not have valid feature names, but MLP"):
        mlp.predict(X)


@FRAMES
@pytest.mark.parametrize("kind", ["series", "frame"])
def test_targets_may_be_series_or_frames(frame, kind):
    """A column of labels and a frame of two outputs are taken from pandas and polars."""
    if kind == "series":
        labels = frame(NAMES[LABELS].astype(object).reshape(-1, 1), ["fruit"])["fruit"]
        expected, actual = (classifier().fit(X, y).predict(X) for y in (NAMES[LABELS], labels))
    else:
        Y = np.column_stack([NUMBERS, X[:, 3]])
        expected, actual = (regressor().fit(X, y).predict(X) for y in (Y, frame(Y, ["first", "second"])))

    np.testing.assert_array_equal(actual, expected)


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_set_output_in_a_pipeline(library):
    """With set_output the scaler hands over frames: names arrive, numbers stay."""
    frame = pd.DataFrame(X, columns=COLUMNS)
    plain = make_pipeline(StandardScaler(), classifier()).fit(frame, LABELS)
    framed = make_pipeline(StandardScaler(), classifier()).set_output(transform=library).fit(frame, LABELS)

    np.testing.assert_array_equal(framed.predict_proba(frame), plain.predict_proba(frame))
    assert framed[-1].feature_names_in_.tolist() == COLUMNS


# --- metadata routing ---------------------------------------------------------------------------------------------


@BOTH
def test_sample_weight_is_routed_through_a_pipeline(cls, y):
    """set_fit_request(sample_weight=True) brings the weights to the estimator behind a scaler that takes none."""
    with config_context(enable_metadata_routing=True):
        scaler = StandardScaler().set_fit_request(sample_weight=False)
        pipe = make_pipeline(scaler, cls(**SMALL).set_fit_request(sample_weight=True))
        routed = pipe.fit(X, y, sample_weight=WEIGHT).predict(X)

    Z = StandardScaler().fit_transform(X)
    np.testing.assert_array_equal(routed, cls(**SMALL).fit(Z, y, sample_weight=WEIGHT).predict(Z))


@BOTH
def test_sample_weight_is_routed_through_a_grid_search(cls, y):
    """GridSearchCV hands each fold its weights, for the fit and for the score, as with scikit-learn's."""

    def search(mlp):
        with config_context(enable_metadata_routing=True):
            one = mlp(**SMALL).set_fit_request(sample_weight=True).set_score_request(sample_weight=True)
            found = GridSearchCV(one, {"alpha": [1e-4, 1.0]}, cv=2).fit(X, y, sample_weight=WEIGHT)
        np.testing.assert_array_equal(
            found.predict(X), mlp(**SMALL | found.best_params_).fit(X, y, sample_weight=WEIGHT).predict(X)
        )
        return found.cv_results_["mean_test_score"]

    same_as_theirs(search, cls)


def test_weights_nobody_asked_for_are_refused():
    """Without a request scikit-learn asks what to do with sample_weight."""
    with (
        config_context(enable_metadata_routing=True),
        pytest.raises(ValueError, match=r"sample_weight.* are passed but are not explicitly set as requested or not"),
    ):
        GridSearchCV(classifier(), {"alpha": [1.0]}, cv=2).fit(X, LABELS, sample_weight=WEIGHT)


def test_a_pipeline_transforms_the_validation_set():
    """X_val routed with transform_input goes through the scaler, as X does."""
    with config_context(enable_metadata_routing=True):
        mlp = classifier().set_fit_request(X_val=True, y_val=True)
        pipe = Pipeline([("scale", StandardScaler()), ("mlp", mlp)], transform_input=["X_val"])
        pipe.fit(X[20:], LABELS[20:], X_val=X[:20], y_val=LABELS[:20])

    scaler = StandardScaler().fit(X[20:])
    by_hand = classifier().fit(scaler.transform(X[20:]), LABELS[20:], X_val=scaler.transform(X[:20]), y_val=LABELS[:20])
    assert pipe[-1].validation_scores_ == by_hand.validation_scores_


# --- joblib -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("backend", ["loky", "threading"])
def test_fits_side_by_side_are_fits_one_after_the_other(backend):
    """Six fits on two workers, processes or threads, of every solver, have the parameters of six in a row."""
    jobs = [(mlp(solver=solver), y) for mlp, y in ((classifier, LABELS), (regressor, NUMBERS)) for solver in SOLVERS]
    one_after_the_other = [clone(mlp).fit(X, y).theta_ for mlp, y in jobs]

    side_by_side = joblib.Parallel(n_jobs=2, backend=backend)(joblib.delayed(mlp.fit)(X, y) for mlp, y in jobs)

    for alone, together in zip(one_after_the_other, side_by_side, strict=True):
        np.testing.assert_allclose(together.theta_, alone, rtol=1e-12)


@pytest.mark.parametrize("backend", ["loky", "threading"])
def test_a_search_on_two_workers_scores_as_on_one(backend):
    """GridSearchCV(n_jobs=2) has the scores of n_jobs=1, to the last bit."""
    grid = {"solver": SOLVERS, "alpha": [1e-4, 1.0]}
    alone = GridSearchCV(classifier(), grid, cv=2).fit(X, LABELS)

    with joblib.parallel_backend(backend, n_jobs=2):
        together = GridSearchCV(classifier(), grid, cv=2, n_jobs=2).fit(X, LABELS)

    np.testing.assert_array_equal(
        together.cv_results_["mean_test_score"], alone.cv_results_["mean_test_score"], strict=True
    )


def test_one_fitted_estimator_predicts_in_many_threads():
    """Threads that share a fitted estimator all get its predictions."""
    clf = classifier().fit(X, LABELS)
    expected = clf.predict_proba(X)

    for actual in joblib.Parallel(n_jobs=4, backend="threading")(
        joblib.delayed(clf.predict_proba)(X) for _ in range(20)
    ):
        np.testing.assert_array_equal(actual, expected)


# --- copies -------------------------------------------------------------------------------------------------------


def dumped(mlp, tmp_path):
    joblib.dump(mlp, tmp_path / "mlp.joblib")
    return joblib.load(tmp_path / "mlp.joblib")


COPIES = pytest.mark.parametrize(
    "copied",
    [lambda mlp, _: pickle.loads(pickle.dumps(mlp)), lambda mlp, _: copy.deepcopy(mlp), dumped],  # noqa: S301  # our own
    ids=["pickle", "deepcopy", "joblib"],
)


@COPIES
@BOTH
@EVERY_SOLVER
def test_copies_predict_and_train_alike(cls, y, solver, copied, tmp_path):
    """A copy made before fit trains to the same numbers, one made behind it predicts the same and is its own."""
    mlp = cls(**SMALL, solver=solver)
    before = copied(mlp, tmp_path).fit(X, y)
    after = copied(mlp.fit(X, y), tmp_path)

    np.testing.assert_array_equal(before.theta_, mlp.theta_)
    np.testing.assert_array_equal(after.predict(X), mlp.predict(X))
    after.coefs_[0][:] = 0
    np.testing.assert_array_equal(after.theta_[:20], 0)
    assert np.any(mlp.coefs_[0])


@COPIES
@BOTH
@pytest.mark.parametrize(
    "settings",
    [
        {"solver": "adam"},
        {"solver": "sgd", "learning_rate": "adaptive", "n_iter_no_change": 1, "tol": 0.5},
        {"solver": "sgd", "learning_rate": "invscaling"},
        {"early_stopping": True, "n_iter_no_change": 100, "learning_rate_init": 0.3},
        {"average_from": 2},
        {"dropout": 0.3},
    ],
    ids=["adam", "adaptive", "invscaling", "early-stopping", "averaged", "dropout"],
)
def test_a_copy_goes_on_identically(cls, y, settings, copied, tmp_path):
    """With warm_start="continue" more epochs of a copy are more epochs of the original, to the last bit."""
    mlp = cls(**SMALL | settings, warm_start="continue").fit(X, y)
    other = copied(mlp, tmp_path)
    mlp.fit(X, y)
    other.fit(X, y)

    np.testing.assert_array_equal(other.theta_, mlp.theta_)
    assert other.loss_curve_ == mlp.loss_curve_
    assert len(mlp.loss_curve_) > SMALL["max_iter"]


@BOTH
@pytest.mark.parametrize("settings", [{"early_stopping": True}, {"average_from": 2}, {}], ids=["best", "mean", "last"])
def test_weights_set_by_hand_are_gone_on_from(cls, y, settings):
    """With warm_start="continue" what was written to coefs_ is where the next epochs begin."""
    mlp = cls(**SMALL | {"learning_rate_init": 1e-9}, warm_start="continue", solver="sgd", **settings).fit(X, y)
    mlp.coefs_[0][:] = 0.25
    mlp.set_params(early_stopping=False, average_from=None, max_iter=1).fit(X, y)

    np.testing.assert_allclose(mlp.coefs_[0], 0.25, rtol=1e-6)


@BOTH
def test_a_clone_is_unfitted_and_trains_to_the_same(cls, y):
    """clone keeps the settings and nothing of a fit; trained, it is the original."""
    mlp = cls(**SMALL, warm_start="continue").fit(X, y)
    fresh = clone(mlp)

    assert fresh.get_params() == mlp.get_params()
    assert set(vars(fresh)) == set(vars(cls(**SMALL)))
    np.testing.assert_array_equal(fresh.fit(X, y).theta_, mlp.theta_)


@BOTH
def test_unfitted_estimators_say_so(cls, y):
    """Whatever needs a fit raises NotFittedError before it, also when fit itself has failed."""
    methods = ["predict", "hidden_activations"] + ["predict_proba", "predict_log_proba"] * (cls is MLPClassifier)
    mlp = cls(**SMALL)
    with pytest.raises(ValueError, match="NaN"):
        mlp.fit(X * np.nan, y)

    for method in methods:
        with pytest.raises(NotFittedError, match=f"This {cls.__name__} instance is not fitted yet"):
            getattr(mlp, method)(X)
    assert not hasattr(mlp, "coefs_")


@BOTH
def test_parameters_go_round(cls, y):
    """set_params(**get_params()) of another makes an equal estimator, and an unknown name is refused."""
    mlp = cls(
        hidden_layer_sizes=(3, 2),
        activation=["tanh", "relu"],
        max_gradient_norm=1.0,
        dropout=0.1,
        warm_start="continue",
    )
    other = cls().set_params(**mlp.get_params())

    assert other.get_params() == mlp.get_params()
    assert repr(other) == repr(mlp)
    with pytest.raises(ValueError, match="Invalid parameter 'width' for estimator MLP"):
        mlp.set_params(width=3)


@pytest.mark.parametrize("cls", [MLPClassifier, MLPRegressor])
def test_parameters_begin_with_scikit_learns(cls):
    """Every parameter of scikit-learn's is there, with its default."""
    given, known = cls().get_params(), getattr(theirs, cls.__name__)().get_params()

    assert known == {name: given[name] for name in known}


@pytest.mark.parametrize("cls", [MLPClassifier, MLPRegressor])
def test_repr_shows_what_was_changed(cls):
    """repr has the changed parameters alone, and the HTML of notebooks has them all."""
    assert repr(cls()) == f"{cls.__name__}()"
    assert repr(cls(alpha=0.1, dropout=0.5)) == f"{cls.__name__}(alpha=0.1, dropout=0.5)"
    html = cls(dropout=0.5)._repr_html_()
    assert cls.__name__ in html
    assert "average_from" in html
    assert "Not fitted" in html


@BOTH
def test_html_says_that_it_is_fitted(cls, y):
    """The HTML of a fitted estimator says so, in a pipeline too."""
    pipe = make_pipeline(StandardScaler(), cls(**SMALL)).fit(X, y)

    assert "<span>Fitted</span>" in pipe[-1]._repr_html_()
    assert cls.__name__ in pipe._repr_html_()


# --- sparse -------------------------------------------------------------------------------------------------------

FORMATS = pytest.mark.parametrize(
    "sparse", [sp.csr_matrix, sp.csc_matrix, sp.csr_array, sp.csc_array], ids=lambda kind: kind.__name__
)
HOLES = np.where(np.abs(X) > 0.7, X, 0.0)


@FORMATS
@BOTH
@EVERY_SOLVER
def test_sparse_is_dense(cls, y, solver, sparse):
    """CSR and CSC, matrices and arrays, train and predict as the dense array does."""
    dense, thin = (cls(**SMALL, solver=solver, batch_size=16).fit(some, y) for some in (HOLES, sparse(HOLES)))

    np.testing.assert_allclose(thin.theta_, dense.theta_, rtol=1e-9)
    np.testing.assert_array_equal(thin.predict(sparse(HOLES)), thin.predict(HOLES))


@BOTH
@pytest.mark.parametrize("kind", [sp.csr_array, sp.csc_array])
def test_sparse_with_indices_of_64_bits(cls, y, kind):
    """int64 indices, as large data have them, change nothing."""
    large, small = kind(HOLES), kind(HOLES)
    large.indices, large.indptr = large.indices.astype(np.int64), large.indptr.astype(np.int64)

    assert large.indices.dtype == np.int64
    np.testing.assert_array_equal(cls(**SMALL).fit(large, y).theta_, cls(**SMALL).fit(small, y).theta_)
    np.testing.assert_array_equal(cls(**SMALL).fit(small, y).predict(large), cls(**SMALL).fit(small, y).predict(small))


@BOTH
def test_sparse_float32_stays(cls, y):
    """Sparse float32 trains float32 parameters."""
    assert cls(**SMALL).fit(sp.csr_array(HOLES.astype(np.float32)), y).coefs_[0].dtype == np.float32


@pytest.fixture
def densified(monkeypatch):
    """The numbers of rows for which a sparse X was asked to become dense: the binarised labels are sparse too."""
    rows = []
    for kind in (sp.csr_matrix, sp.csr_array, sp.csc_matrix, sp.csc_array):

        def toarray(self, *args, of=kind.toarray, **settings):
            if self.shape[1] == BIG.shape[1]:
                rows.append(self.shape[0])
            return of(self, *args, **settings)

        monkeypatch.setattr(kind, "toarray", toarray)
    return rows


BIG = np.random.RandomState(0).binomial(1, 0.2, (9000, 11)).astype(float)


@FORMATS
@pytest.mark.parametrize("settings", [{}, {"early_stopping": True}], ids=["all", "early-stopping"])
def test_fit_densifies_no_more_than_a_batch(densified, sparse, settings):
    """Training asks for no more rows at a time than a batch has; what is held out is at most a block."""
    clf = classifier(batch_size=300, **settings | {"max_iter": 2})
    clf.fit(sparse(BIG[:2000]), BIG[:2000, 0].astype(int))

    assert max(densified) == 300
    assert sum(densified) == 2 * 2000  # each sample once an epoch, to train or to validate


@FORMATS
@pytest.mark.parametrize("method", ["predict", "lbfgs", "validate"])
def test_no_more_than_a_block_becomes_dense_elsewhere(densified, sparse, method):
    """predict, L-BFGS and a validation set of one's own ask for 4096 rows at a time."""
    y = BIG[:, 0].astype(int)
    if method == "predict":
        clf = classifier(max_iter=1).fit(BIG[:50], y[:50])
        assert len(clf.predict(sparse(BIG))) == 9000
    elif method == "lbfgs":
        classifier(solver="lbfgs", max_iter=2).fit(sparse(BIG), y)
    else:
        classifier(max_iter=2, batch_size=10).fit(BIG[:50], y[:50], X_val=sparse(BIG), y_val=y)

    assert max(densified) == 4096


# --- arrays -------------------------------------------------------------------------------------------------------


def read_only(array):
    array = array.copy()
    array.setflags(write=False)
    return array


@BOTH
@EVERY_SOLVER
@pytest.mark.parametrize(
    "kind",
    [
        read_only,
        np.asfortranarray,
        lambda array: np.repeat(array, 2, axis=0)[::2],
        lambda array: array[::-1].copy()[::-1],
        lambda array: array.tolist(),
        lambda array: array.astype(object) if array.ndim == 2 else array,  # objects as labels are another claim
        lambda array: array.astype(array.dtype.newbyteorder(">")),
    ],
    ids=["read-only", "fortran", "strided", "reversed", "list", "object", "big-endian"],
)
def test_memory_does_not_matter(cls, y, solver, kind):
    """X and y however they lie in memory train and predict as plain arrays do."""
    plain, other = (cls(**SMALL, solver=solver).fit(*given) for given in ((X, y), (kind(X), kind(y))))

    np.testing.assert_allclose(other.theta_, plain.theta_, rtol=1e-9)
    np.testing.assert_allclose(other.predict(kind(X)), plain.predict(X), rtol=1e-9)


@BOTH
@EVERY_SOLVER
def test_float32_is_kept_where_scikit_learn_keeps_it(cls, y, solver):
    """float32 inputs train the dtypes of scikit-learn's, float32 but for L-BFGS, and near the numbers of float64."""
    X32 = X.astype(np.float32)
    single, double = cls(**SMALL, solver=solver).fit(X32, y), cls(**SMALL, solver=solver).fit(X, y)
    other = getattr(theirs, cls.__name__)(**SMALL, solver=solver).fit(X32, y)
    outputs = "predict_proba" if cls is MLPClassifier else "predict"

    expected = [block.dtype for block in [*other.coefs_, *other.intercepts_]]
    assert [block.dtype for block in [*single.coefs_, *single.intercepts_]] == expected
    assert getattr(single, outputs)(X32).dtype == getattr(other, outputs)(X32).dtype
    assert (single.theta_.dtype == np.float32) == (solver != "lbfgs")
    np.testing.assert_allclose(single.theta_, double.theta_, rtol=0, atol=1e-3)


@BOTH
@pytest.mark.parametrize("dtype", [np.int64, np.int8, np.uint8, bool, np.float16])
def test_other_numbers_are_taken_as_float64(cls, y, dtype):
    """Integers, booleans and halves train as the same numbers in float64."""
    some = np.abs(3 * X).astype(dtype)

    np.testing.assert_array_equal(
        cls(**SMALL).fit(some, y).theta_, cls(**SMALL).fit(some.astype(np.float64), y).theta_, strict=True
    )


@pytest.mark.parametrize("early_stopping", [False, True])
@pytest.mark.parametrize(
    "labels",
    [
        TWO.astype(bool),
        NAMES[LABELS],
        NAMES[LABELS].astype(object),
        NAMES[TWO].tolist(),
        LABELS.astype(np.float32),
        -LABELS,
        TWO * 1000 - 7,
    ],
    ids=["bool", "str", "object", "list", "float", "negative", "far"],
)
def test_labels_come_back_as_they_were(labels, early_stopping):
    """Classes of any kind train the parameters of 0, 1, 2, and come back in the dtype that scikit-learn gives them."""
    classes = theirs.MLPClassifier(**SMALL).fit(X, labels).classes_
    codes = np.unique(labels, return_inverse=True)[1]
    mlp = classifier(early_stopping=early_stopping, max_iter=20).fit(X, labels)
    plain = classifier(early_stopping=early_stopping, max_iter=20).fit(X, codes)

    np.testing.assert_array_equal(mlp.classes_, classes, strict=True)
    np.testing.assert_array_equal(mlp.predict(X), classes[plain.predict(X)], strict=True)
    np.testing.assert_array_equal(mlp.theta_, plain.theta_)


@BOTH
def test_a_column_of_targets_warns(cls, y):
    """y of shape (n, 1) warns as in scikit-learn, and trains as y of shape (n,)."""
    with pytest.warns(DataConversionWarning, match=re.escape("A column-vector y was passed when a 1d array was exp")):
        column = cls(**SMALL).fit(X, y.reshape(-1, 1))

    np.testing.assert_array_equal(column.theta_, cls(**SMALL).fit(X, y).theta_)
    assert column.predict(X).shape == y.shape


@BOTH
@EVERY_SOLVER
def test_what_is_given_stays_unchanged(cls, y, solver):
    """X, y, the weights, the validation set and the settings are after fit what they were before."""
    given = [X.copy(), y.copy(), WEIGHT.copy(), X[:9].copy(), y[:9].copy(), WEIGHT[:9].copy()]
    sizes = [5]
    mlp = cls(**SMALL | {"hidden_layer_sizes": sizes}, solver=solver)
    own = {} if solver == "lbfgs" else dict(zip(("X_val", "y_val", "sample_weight_val"), given[3:], strict=True))
    mlp.fit(*given[:3], **own).predict(given[0])

    for now, before in zip(given, [X, y, WEIGHT, X[:9], y[:9], WEIGHT[:9]], strict=True):
        np.testing.assert_array_equal(now, before)
    assert mlp.hidden_layer_sizes is sizes
    assert sizes == [5]


@pytest.mark.parametrize("rows", [[0], slice(0, 3)], ids=["one", "three"])
def test_few_rows_train_as_in_scikit_learn(rows):
    """One row, and one row a class, are enough."""
    labels = np.arange(len(X[rows]))
    same_as_theirs(lambda mlp: mlp(**SMALL).fit(X[rows], labels).predict_proba(X), MLPClassifier)
    same_as_theirs(lambda mlp: mlp(**SMALL).fit(X[rows], NUMBERS[rows]).predict(X), MLPRegressor)


@EVERY_SOLVER
@pytest.mark.parametrize("early_stopping", [False, True])
def test_one_class_is_what_scikit_learn_makes_of_it(solver, early_stopping):
    """A single class is learned, and predicted, with scikit-learn's two columns of probabilities."""
    settings = {**SMALL, "solver": solver, "early_stopping": early_stopping}
    one = np.full(len(X), 7)

    same_as_theirs(lambda mlp: mlp(**settings).fit(X, one).predict_proba(X), MLPClassifier)
    assert set(classifier(solver=solver).fit(X, ["only"] * len(X)).predict(X)) == {"only"}


@BOTH
@EVERY_SOLVER
def test_a_constant_column_does_no_harm(cls, y, solver):
    """A column of one number trains as in scikit-learn."""
    still = np.column_stack([X, np.full(len(X), 3.0)])
    same_as_theirs(lambda mlp: mlp(**SMALL | {"max_iter": 4}, solver=solver).fit(still, y).predict(still), cls)


# --- refusals -----------------------------------------------------------------------------------------------------

BAD = np.where(X > 1, np.nan, X)


@BOTH
@pytest.mark.parametrize(
    "change",
    [
        lambda X, y: (np.where(X > 1, np.nan, X), y),
        lambda X, y: (np.where(X > 1, -np.inf, X), y),
        lambda X, y: (sp.csr_array(np.where(X > 1, np.nan, X)), y),
        lambda X, y: (X[:0], y[:0]),
        lambda X, y: (X[:, :0], y),
        lambda X, y: (X[:, 0], y),
        lambda X, y: (X[:, :, None], y),
        lambda X, y: (X, y[:-1]),
        lambda X, y: (X, None),
        lambda X, y: (X, np.where(y > 0, np.nan, y)),
        lambda X, y: (X + 1j, y),
        lambda X, y: (np.full(X.shape, "x"), y),
        lambda X, y: (X, y, WEIGHT[:3]),
        lambda X, y: (X, y, WEIGHT * np.nan),
        lambda X, y: (X, y, WEIGHT * 0),
    ],
    ids=[
        *("nan", "inf", "sparse-nan", "empty", "no-columns", "1-D", "3-D", "lengths", "no-y", "nan-in-y", "complex"),
        *("words", "short-weights", "nan-weights", "zero-weights"),
    ],
)
def test_bad_inputs_are_refused_in_scikit_learns_words(cls, y, change):
    """fit raises what scikit-learn's raises, word for word."""
    same_error(cls, lambda mlp: mlp.fit(*change(X, y)))


@BOTH
@pytest.mark.parametrize(
    "change",
    [lambda X: X * np.nan, lambda X: X * np.inf, lambda X: X[:0], lambda X: X[0], lambda X: X[:, :2]],
    ids=["nan", "inf", "empty", "1-D", "columns"],
)
@pytest.mark.filterwarnings("ignore:invalid value")
def test_predict_refuses_in_scikit_learns_words(cls, y, change):
    """predict raises what scikit-learn's raises, word for word."""
    same_error(cls, lambda mlp: mlp.fit(X, y).predict(change(X)))


@pytest.mark.parametrize(
    "labels", [X[:, 0], np.column_stack([LABELS, LABELS])], ids=["continuous", "many-classes-many-outputs"]
)
def test_targets_that_are_no_classes_are_refused_in_scikit_learns_words(labels):
    """Numbers, and several columns of many classes, are no labels."""
    same_error(MLPClassifier, lambda mlp: mlp.fit(X, labels))


MIXED = np.array(["a", 1, 2], dtype=object)[LABELS]


@pytest.mark.parametrize(
    "labels", [MIXED, np.array(["a", None, "b"], dtype=object)[LABELS]], ids=["str-int", "str-None"]
)
def test_labels_of_mixed_types_are_refused_with_a_sentence(labels):
    """Strings beside numbers or None in y are told of, not a failed comparison deep inside."""
    with pytest.raises(ValueError, match="y must have labels of one type"):
        classifier().fit(X, labels)
    with pytest.raises(ValueError, match="y must have labels of one type"):
        classifier().partial_fit(X, labels, classes=["a", "b"])


def test_strings_of_two_kinds_are_one_type():
    """Objects that are str or NumPy's own strings are no mixture."""
    labels = np.array([name if place % 2 else str(name) for place, name in enumerate(NAMES[LABELS])], dtype=object)

    np.testing.assert_array_equal(classifier().fit(X, labels).theta_, classifier().fit(X, NAMES[LABELS]).theta_)


def test_validation_labels_of_mixed_types_are_refused_with_a_sentence():
    """Mixed labels in y_val are told of as those in y are."""
    with pytest.raises(ValueError, match="y_val"):
        classifier().fit(X, NAMES[LABELS], X_val=X, y_val=MIXED)


@BOTH
def test_an_empty_validation_set_is_refused(cls, y):
    """X_val without rows is told of by its name."""
    with pytest.raises(InvalidValue, match="X_val has no rows"):
        cls(**SMALL).fit(X, y, X_val=X[:0], y_val=y[:0])


@BOTH
def test_half_a_validation_set_is_refused(cls, y):
    """X_val and y_val come together, and weights of a validation set come with one."""
    for half in ({"X_val": X}, {"y_val": y}, {"sample_weight_val": WEIGHT}):
        with pytest.raises(InvalidValue, match="X_val and y_val"):
            cls(**SMALL).fit(X, y, **half)


@BOTH
def test_a_validation_set_of_other_columns_is_refused(cls, y):
    """X_val must have X's columns, and as many rows as y_val and its weights; NaN is refused in it too."""
    mlp = cls(**SMALL)
    with pytest.raises(ValueError, match=f"X has 2 features, but {cls.__name__} is expecting 4 features as input"):
        mlp.fit(X, y, X_val=X[:, :2], y_val=y)
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        mlp.fit(X, y, X_val=X, y_val=y[:3])
    with pytest.raises(ValueError, match=r"sample_weight\.shape"):
        mlp.fit(X, y, X_val=X, y_val=y, sample_weight_val=WEIGHT[:3])
    with pytest.raises(ValueError, match="Input X contains NaN"):
        mlp.fit(X, y, X_val=BAD, y_val=y)


@BOTH
@pytest.mark.parametrize("scoring", [None, "loss"])
def test_a_validation_set_of_other_outputs_is_refused(cls, y, scoring):
    """y_val must have as many outputs as y, whatever scores it."""
    mlp = cls(**SMALL, scoring=scoring)
    two = np.column_stack([TWO, 1 - TWO])
    with pytest.raises(ValueError, match=r"y_val must have y's 1 outputs, got 2|not fitted with multilabel input"):
        mlp.fit(X, y, X_val=X, y_val=two)
    if cls is MLPRegressor:
        with pytest.raises(InvalidValue, match="y_val must have y's 2 outputs, got 1"):
            mlp.fit(X, two, X_val=X, y_val=y)


@BOTH
@pytest.mark.parametrize("scoring", [None, "loss"])
def test_validation_targets_may_be_a_column_and_sparse(cls, y, scoring):
    """y_val of shape (n, 1), and X_val as CSC, score as y_val of shape (n,) and dense X_val do."""
    plain, other = cls(**SMALL, scoring=scoring), cls(**SMALL, scoring=scoring)
    plain.fit(X, y, X_val=HOLES[:20], y_val=y[:20])
    other.fit(X, y, X_val=sp.csc_array(HOLES[:20]), y_val=y[:20].reshape(-1, 1))

    np.testing.assert_allclose(other.validation_scores_, plain.validation_scores_, rtol=1e-12)


@BOTH
def test_a_refused_validation_set_leaves_the_estimator_as_it_was(cls, y):
    """A fit refused for its X_val makes no unfitted estimator fitted, and throws no weights of a fit away."""
    mlp = cls(**SMALL)
    with pytest.raises(ValueError, match="X has 2 features"):
        mlp.fit(X, y, X_val=X[:, :2], y_val=y)
    with pytest.raises(NotFittedError):
        mlp.predict(X)
    theta = mlp.fit(X, y).theta_.copy()
    with pytest.raises(ValueError, match="X has 2 features"):
        mlp.fit(X, y, X_val=X[:, :2], y_val=y)
    np.testing.assert_array_equal(mlp.theta_, theta)


@pytest.mark.parametrize("labels", [LABELS + 1, NAMES[LABELS], NAMES[LABELS].astype(object)])
def test_unknown_classes_in_the_validation_set_are_refused(labels):
    """y_val with a class that y has not is told of, with the classes of both."""
    with pytest.raises(InvalidValue, match=r"y_val has classes that y has not: .* y has \[0 1 2\]"):
        classifier().fit(X, LABELS, X_val=X, y_val=labels)


def test_a_validation_set_may_lack_classes():
    """y_val needs not have every class."""
    known = LABELS < 2
    clf = classifier().fit(X, LABELS, X_val=X[known], y_val=LABELS[known])

    assert clf.validation_scores_[-1] == clf.score(X[known], LABELS[known])


# --- weights ------------------------------------------------------------------------------------------------------


@BOTH
@EVERY_SOLVER
def test_weight_zero_leaves_samples_out(cls, y, solver):
    """With the whole data as one batch, samples of weight 0 might as well not be there."""
    kept = np.random.RandomState(0).permutation(len(X)) < 45
    settings = {**SMALL, "solver": solver, "shuffle": False, "alpha": 0.1}
    zeros = cls(**settings, batch_size=60).fit(X, y, sample_weight=WEIGHT * kept)
    without = cls(**settings, batch_size=45).fit(X[kept], y[kept], sample_weight=WEIGHT[kept])

    np.testing.assert_allclose(zeros.theta_, without.theta_, rtol=1e-6, atol=1e-9)
    assert pytest.approx(without.loss_, rel=1e-6) == zeros.loss_


@BOTH
@pytest.mark.parametrize("solver", ["adam", "sgd"])
def test_batches_of_weight_zero_do_no_harm(cls, y, solver):
    """A batch whose weights are all 0 is no step: training is that on the other batches."""
    weight = np.where(np.arange(len(X)) // 10 % 2, WEIGHT, 0)
    settings = {**SMALL, "solver": solver, "shuffle": False, "batch_size": 10}
    zeros = cls(**settings).fit(X, y, sample_weight=weight)
    without = cls(**settings).fit(X[weight > 0], y[weight > 0], sample_weight=weight[weight > 0])

    np.testing.assert_array_equal(zeros.theta_, without.theta_)
    assert np.isfinite(zeros.loss_curve_).all()


@BOTH
def test_weights_below_zero_are_taken_as_scikit_learn_takes_them(cls, y):
    """Negative weights, normalised by their negative sum, train as in scikit-learn."""
    same_as_theirs(lambda mlp: mlp(**SMALL).fit(X, y, sample_weight=-WEIGHT).predict(X), cls)


@BOTH
def test_weights_of_one_are_no_weights(cls, y):
    """Ones as weights, and any multiple of them without a penalty, change nothing."""
    plain = cls(**SMALL, alpha=0).fit(X, y).theta_

    np.testing.assert_allclose(cls(**SMALL, alpha=0).fit(X, y, sample_weight=np.ones(60)).theta_, plain, rtol=1e-9)
    np.testing.assert_allclose(cls(**SMALL, alpha=0).fit(X, y, sample_weight=np.full(60, 4)).theta_, plain, rtol=1e-9)


@EVERY_SOLVER
@pytest.mark.parametrize("class_weight", ["balanced", {"apple": 3.0, "pear": 0.5, "plum": 1.0}, {"plum": 4}])
@pytest.mark.parametrize("sample_weight", [None, WEIGHT], ids=["alone", "weighted"])
def test_class_weights_are_sample_weights(solver, class_weight, sample_weight):
    """class_weight trains as the samples' weights times those of their classes do; a class left out of it weighs 1."""
    labels = NAMES[LABELS]
    kept = (LABELS != 2) | (np.arange(len(X)) % 3 == 0)  # not balanced before
    some = None if sample_weight is None else sample_weight[kept]
    if class_weight == "balanced" and some is not None:
        sums = {name: some[labels[kept] == name].sum() for name in NAMES}  # balanced means: as the samples weigh
        of_class = np.array([some.sum() / (3 * sums[name]) for name in labels[kept]])
    else:
        of_class = compute_sample_weight(class_weight, labels[kept])
    expected = of_class if some is None else of_class * some

    actual = classifier(solver=solver, class_weight=class_weight).fit(X[kept], labels[kept], some)
    by_hand = classifier(solver=solver).fit(X[kept], labels[kept], sample_weight=expected)

    np.testing.assert_allclose(actual.theta_, by_hand.theta_, rtol=1e-6, atol=1e-9)


def test_class_weights_of_classes_that_a_batch_lacks():
    """partial_fit takes class_weight for all classes, also where a batch has one of them."""
    one, rest = LABELS == 0, LABELS != 0
    weighted = classifier(class_weight={1: 5}).partial_fit(X[one], LABELS[one], classes=[0, 1, 2])
    by_hand = classifier().partial_fit(X[one], LABELS[one], classes=[0, 1, 2])
    weighted.partial_fit(X[rest], LABELS[rest])
    by_hand.partial_fit(X[rest], LABELS[rest], sample_weight=np.where(LABELS[rest] == 1, 5.0, 1.0))

    np.testing.assert_allclose(weighted.theta_, by_hand.theta_, rtol=1e-9)


@EVERY_SOLVER
def test_class_weights_of_zero_alone_are_refused(solver):
    """If no class weighs anything there is nothing to learn, and fit says so."""
    with pytest.raises(ValueError, match="weight"):
        classifier(solver=solver, class_weight={0: 0, 1: 0, 2: 0}).fit(X, LABELS)


def test_class_weights_of_unknown_classes_are_refused():
    """class_weight with none of the classes of y is refused in scikit-learn's words."""
    with pytest.raises(ValueError, match="are not in class_weight"):
        classifier(class_weight={"durian": 2}).fit(X, NAMES[LABELS])


def test_probabilities_of_margins_are_refused_with_a_reason():
    """With the hinge loss predict_proba is not there, and the error's cause says why and what is."""
    with pytest.raises(AttributeError) as refused:
        classifier(loss="hinge").fit(X, LABELS).predict_proba(X)

    assert "outputs are margins, not probabilities" in str(refused.value.__cause__)
