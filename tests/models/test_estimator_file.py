"""Estimators in files: they come back as they were, predict the same bits, and go on training where they stopped."""

from __future__ import annotations

import copy
import warnings
from itertools import cycle

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
import sklearn
from sklearn.base import clone
from sklearn.datasets import load_iris
from sklearn.frozen import FrozenEstimator
from sklearn.metrics import accuracy_score, make_scorer
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier as TheirClassifier
from sklearn.pipeline import make_pipeline
from tests.covering import parametrized

import chainrule as cr
from chainrule import HiddenActivations, InvalidFile, InvalidValue, MLPClassifier, MLPRegressor, schedules
from chainrule.estimators.solvers import SOLVERS, STOCHASTIC
from chainrule.maths.activations import ACTIVATIONS

pytestmark = [
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning"),
    pytest.mark.filterwarnings("ignore:Got `batch_size`"),
]

RANDOM = np.random.RandomState(0)
X = RANDOM.normal(size=(60, 4))
PLACE = (X @ [1.0, -1.0, 0.5, 0.2] > 0).astype(int) + (X[:, 3] > 0.8)  # one of three
NUMBERS = X @ RANDOM.normal(size=(4, 2)) + 0.1 * RANDOM.normal(size=(60, 2))
LABELS = {
    "int": np.array([3, -1, 7])[PLACE],
    "int8": np.array([3, -1, 7], np.int8)[PLACE],
    "float": np.array([0.0, 1.0, 2.0])[PLACE],
    "str": np.array(["a", "bb", "größe"])[PLACE],
    "object": np.array(["a", "bb", "größe"], dtype=object)[PLACE],
    "bool": PLACE > 0,
    "two ints": np.minimum(PLACE, 1),
    "two words": np.array(["no", "yes"])[np.minimum(PLACE, 1)],
    "one class": np.zeros(60, int),
    "many labels": (NUMBERS > 0).astype(int),
    "one of many labels": (NUMBERS[:, :1] > 0).astype(int) * [1, 0],
    "sparse labels": scipy.sparse.csr_matrix((NUMBERS > 0).astype(int)),
    "big-endian": np.array([3, -1, 7], ">i4")[PLACE],
}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.safetensors"


def there_and_back(path, model, **options):
    """Save and load a model, which must be the same in all there is."""
    cr.save(path, model)
    back = cr.load(path, **options)
    assert_same(model, back)
    return back


def assert_same(one, other, where="model"):
    """Everything is of one type and the same, arrays and floats to the bit."""
    assert type(one) is type(other), where
    if isinstance(one, np.ndarray):
        assert (one.dtype, one.shape) == (other.dtype, other.shape), where
        assert one.tolist() == other.tolist() if one.dtype == object else one.tobytes() == other.tobytes(), where
    elif isinstance(one, np.random.RandomState):
        assert_same(one.get_state(legacy=False), other.get_state(legacy=False), where)
    elif isinstance(one, dict):
        assert list(one) == list(other), where
        for key in one:
            assert_same(one[key], other[key], f"{where}[{key!r}]")
    elif isinstance(one, list | tuple):
        assert len(one) == len(other), where
        for place, (left, right) in enumerate(zip(one, other, strict=True)):
            assert_same(left, right, f"{where}[{place}]")
    elif hasattr(one, "__dict__") and not callable(one) and type(one).__eq__ is object.__eq__:
        assert_same(vars(one), vars(other), where)
    else:
        assert repr(one) == repr(other), where


def assert_same_answers(one, other, X, y):
    """Both answer the same bits, whatever is asked."""
    for name in ("predict", "predict_proba", "predict_log_proba", "decision_function", "transform"):
        if hasattr(one, name):
            assert_same(dense(getattr(one, name)(X)), dense(getattr(other, name)(X)), name)
    if hasattr(one, "score"):
        assert one.score(X, y) == other.score(X, y)


def dense(values):
    return values.toarray() if scipy.sparse.issparse(values) else values


# --- there, back, and on --------------------------------------------------------------------------------------------


@parametrized(
    solver=list(STOCHASTIC),
    early_stopping=[False, True],
    dtype=[np.float32, np.float64],
    engine=["textbook", "compiled"],
)
def test_training_goes_on_to_the_bit(solver, early_stopping, dtype, engine, path):
    """Fit, save, load, partial_fit and fit again are fit, partial_fit and fit again: weights, optimizer, generator."""
    settings = {"solver": solver, "early_stopping": early_stopping, "engine": engine, "warm_start": True}
    clf = MLPClassifier((6, 3), max_iter=5, batch_size=16, random_state=3, dropout=0.1, **settings)
    clf.fit(X.astype(dtype), LABELS["str"])
    back = there_and_back(path, clf)
    assert_same_answers(clf, back, X.astype(dtype), LABELS["str"])
    weight = np.linspace(0.1, 2, 60)
    for model in (clf, back):
        model.fit(X.astype(dtype), LABELS["str"], sample_weight=weight)
        model.set_params(early_stopping=False)
        model.partial_fit(X[:31].astype(dtype), LABELS["str"][:31], weight[:31]).partial_fit(X, LABELS["str"])
    assert_same(clf, back)


HALVED = [
    {"average_from": 2}, {"learning_rate": "adaptive", "solver": "sgd"}, {}, {"shuffle": False},
    {"early_stopping": True}, {"early_stopping": True, "shuffle": False},
    {"early_stopping": True, "learning_rate": "adaptive", "solver": "sgd"},
]  # fmt: skip


@pytest.mark.parametrize("more", HALVED, ids=str)
def test_a_fit_in_two_halves_with_a_file_between_is_one_fit(more, path):
    """With warm_start="continue" eight epochs are three, a file, and five: to the bit, whatever stood in between."""
    settings = {"batch_size": 7, "random_state": 5, "warm_start": "continue", **more}
    y = LABELS["int"]
    whole = MLPClassifier((5,), max_iter=8, **settings).fit(X, y)
    there_and_back(path, MLPClassifier((5,), max_iter=3, **settings).fit(X, y))
    half = cr.load(path).set_params(max_iter=5).fit(X, y)
    assert whole.loss_curve_ == half.loss_curve_
    assert_same(whole.theta_, half.theta_)


def test_a_file_of_the_midst_of_a_training_goes_on_from_there(path):
    """A callback saves after the third epoch; what is loaded is trained by the other five to the same bits."""
    settings = {
        "hidden_layer_sizes": (5,),
        "batch_size": 7,
        "random_state": 5,
        "warm_start": "continue",
        "dropout": 0.2,
    }
    whole = MLPRegressor(max_iter=8, **settings)
    whole.set_callbacks(lambda reg: cr.save(path, reg) if reg.n_iter_ == 3 else None).fit(X, NUMBERS)
    half = cr.load(path)
    assert half.n_iter_ == 3
    assert_same(whole.theta_, half.set_params(max_iter=5).fit(X, NUMBERS).theta_)
    assert_same(whole.loss_curve_, half.loss_curve_)


@pytest.mark.parametrize(
    ("solver", "dtype"),
    list(zip([name for name in SOLVERS if name not in STOCHASTIC], cycle([np.float64, np.float32]), strict=False)),
)
def test_solvers_of_all_samples_come_back_and_go_on(solver, dtype, path):
    """They remember nothing but theta: a warm start from the file is the warm start without."""
    n_iter = 30 if solver == "COBYLA" else 4  # which needs more than there are parameters
    reg = MLPRegressor("squared_error", (3,), "tanh", solver=solver, max_iter=n_iter, warm_start=True, random_state=1)
    reg.fit(X.astype(dtype), NUMBERS)
    back = there_and_back(path, reg)
    assert_same_answers(reg, back, X.astype(dtype), NUMBERS)
    if solver == "trust-krylov":  # of which the same call ends elsewhere: findings/scipy_trust_krylov_answers_differ.sh
        return
    assert_same(reg.fit(X, NUMBERS), back.fit(X, NUMBERS))
    assert_same(
        reg.set_params(solver="adam").partial_fit(X, NUMBERS), back.set_params(solver="adam").partial_fit(X, NUMBERS)
    )


@pytest.mark.parametrize("kind", LABELS)
def test_labels_of_every_kind_come_back(kind, path):
    """Numbers, words, truth values, one class, many labels: the same classes, of the same dtype."""
    clf = MLPClassifier((4,), max_iter=3, random_state=0).fit(X, LABELS[kind])
    back = there_and_back(path, clf)
    assert_same(clf.classes_, back.classes_)
    assert_same_answers(clf, back, X, LABELS[kind])
    assert_same(clf.partial_fit(X, LABELS[kind]), back.partial_fit(X, LABELS[kind]))


@pytest.mark.parametrize("loss", ["hinge", "squared_hinge", "perceptron"])
def test_margins_come_back(loss, path):
    """So do classifiers without probabilities."""
    clf = MLPClassifier((4,), loss=loss, max_iter=3, random_state=0).fit(X, LABELS["two words"])
    assert_same_answers(clf, there_and_back(path, clf), X, LABELS["two words"])


@pytest.mark.parametrize(
    "loss",
    ["squared_error", "poisson", "absolute_error", "huber", "log_cosh", "quantile", cr.huber(0.3), cr.quantile(0.9)],
    ids=lambda loss: getattr(loss, "name", loss),
)
def test_regressions_come_back(loss, path):
    """One output or several, every loss, also those with a number of their own."""
    for y in (np.abs(NUMBERS), np.abs(NUMBERS[:, 0])):
        reg = MLPRegressor(loss, (4,), max_iter=3, random_state=0).fit(X, y)
        back = there_and_back(path, reg)
        assert_same_answers(reg, back, X, y)
        assert_same(reg.partial_fit(X, y), back.partial_fit(X, y))


@pytest.mark.parametrize("activation", [*ACTIVATIONS, "logistic", ["tanh", cr.activations.RELU]])
def test_activations_come_back(activation, path):
    """Every hidden activation, by its name or as a part."""
    clf = MLPClassifier((4, 3), activation, max_iter=3, random_state=0).fit(X, LABELS["int"])
    assert_same_answers(clf, there_and_back(path, clf), X, LABELS["int"])


SCHEDULES = [
    schedules.constant(0.01), schedules.step(0.01, 2), schedules.inverse_scaling(0.01), schedules.cosine(0.01),
    schedules.warm_up(schedules.cosine(0.01), 2), schedules.reduce_on_plateau(0.01, patience=1, tolerance=10.0),
    schedules.warm_up(schedules.reduce_on_plateau(0.01, patience=1, tolerance=10.0), 2),
]  # fmt: skip


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda one: type(one).__name__)
def test_schedules_come_back_where_they_were(schedule, path):
    """A rate that moves goes on moving from where it was."""
    clf = MLPClassifier((4,), learning_rate=schedule, max_iter=4, random_state=0, warm_start="continue")
    back = there_and_back(path, clf.fit(X, LABELS["int"]))
    assert_same(clf.fit(X, LABELS["int"]), back.fit(X, LABELS["int"]))


@pytest.mark.parametrize(
    "settings",
    [
        {"hidden_layer_sizes": 5},
        {"hidden_layer_sizes": range(3, 6)},
        {"hidden_layer_sizes": np.array([4, 3])},
        {"hidden_layer_sizes": [np.int64(4), 3]},
        {"hidden_layer_sizes": ()},
        {"alpha": np.float32(0.1), "tol": np.float64(1e-3), "max_iter": np.int16(2), "shuffle": np.bool_(True)},
        {"activation": np.str_("tanh")},
        {"n_iter_no_change": np.inf},
        {"class_weight": {3: 2.0, -1: 1, np.int64(7): np.float64(0.5)}},
        {"class_weight": "balanced"},
        {"early_stopping": True, "scoring": "f1_macro"},
        {"early_stopping": True, "scoring": "loss"},
        {"average_from": 1, "max_gradient_norm": 0.5, "input_dropout": 0.1},
        {"learning_rate_init": 1e300},
        {"random_state": None},
    ],
    ids=str,
)  # fmt: skip
def test_parameters_of_every_kind_come_back(settings, path):
    """What a parameter may be, a file keeps, with its type."""
    clf = MLPClassifier(**{"hidden_layer_sizes": (3,), "max_iter": 2, "random_state": 0, **settings}).fit(
        X, LABELS["int"]
    )
    assert_same_answers(clf, there_and_back(path, clf), X, LABELS["int"])


@pytest.mark.parametrize("bits", [np.random.MT19937, np.random.PCG64])
def test_generators_come_back_where_they_stood(bits, path):
    """The caller's own generator, too: parameter and estimator draw from one, before and after."""
    clf = MLPClassifier((3,), max_iter=2, random_state=np.random.RandomState(bits(7))).fit(X, LABELS["int"])
    clf.random_state.normal()  # leaves a second number for the next call
    back = there_and_back(path, clf)
    assert back.random_state is back._random_state
    assert_same(clf.fit(X, LABELS["int"]), back.fit(X, LABELS["int"]))


def test_a_generator_of_other_bits_is_refused(path):
    """The sentence names those that are kept."""
    clf = MLPClassifier((3,), max_iter=2, random_state=np.random.RandomState(np.random.SFC64(7))).fit(X, LABELS["int"])
    with pytest.raises(InvalidValue, match="files keep generators of MT19937 and of PCG64, and this is SFC64"):
        cr.save(path, clf)
    assert not path.exists()


@pytest.mark.parametrize("frame", [pd.DataFrame, pytest.importorskip("polars").DataFrame])
def test_names_of_features_come_back(frame, path):
    """A frame's columns are asked for again, in their order."""
    table = frame(dict(zip(["a", "größe", "c d", "e"], X.T, strict=True)))
    clf = MLPClassifier((3,), max_iter=2, random_state=0).fit(table, LABELS["int"])
    back = there_and_back(path, clf)
    assert_same(clf.feature_names_in_, back.feature_names_in_)
    assert_same(clf.predict_proba(table), back.predict_proba(table))
    with pytest.raises(ValueError, match="feature names should match"):
        back.predict(table[["größe", "a", "c d", "e"]])


def test_sparse_samples_come_back(path):
    """What was trained on a sparse X goes on with it."""
    sparse = scipy.sparse.csr_matrix(X * (X > 0))
    clf = MLPClassifier((3,), max_iter=2, random_state=0).fit(sparse, LABELS["int"])
    back = there_and_back(path, clf)
    assert_same(clf.partial_fit(sparse, LABELS["int"]), back.partial_fit(sparse, LABELS["int"]))


def test_requests_of_metadata_come_back(path):
    """What ``set_fit_request`` asked for is asked for, by whom it should."""
    with sklearn.config_context(enable_metadata_routing=True):
        clf = MLPClassifier((3,), max_iter=2, random_state=0).set_fit_request(sample_weight="w", X_val=True)
        cr.save(path, clf.set_score_request(sample_weight=False).fit(X, LABELS["int"]))
        back = cr.load(path)
        assert str(clf._metadata_request) == str(back._metadata_request)
        assert back._metadata_request.owner is back
        assert back._metadata_request.fit.owner is back


@pytest.mark.parametrize("frozen", [False, True])
def test_hidden_activations_come_back(frozen, path):
    """A transformer with what it was made of and what it trained."""
    clf = MLPClassifier((6, 3), max_iter=3, random_state=0)
    inner = FrozenEstimator(clf.fit(X, LABELS["str"])) if frozen else clf
    features = HiddenActivations(inner, layer=0).set_output(transform="pandas").fit(X, LABELS["str"])
    cr.save(path, features)
    back = cr.load(path)
    assert features.transform(X).equals(back.transform(X))
    assert_same(features.estimator_, back.estimator_)
    again = [one.fit(X, LABELS["str"]).transform(X) for one in (features, back)]
    assert again[0].equals(again[1])


def test_estimators_of_a_network_come_back(path):
    """from_network leaves no descent behind; it predicts, and begins one after the file."""
    net = cr.Network([cr.Dense(3, "tanh"), cr.Dense(2, "softmax")], n_features=4, loss="cross_entropy")
    clf = MLPClassifier.from_network(net, net.initial_theta(0), ["no", "yes"], random_state=0, max_iter=2)
    back = there_and_back(path, clf)
    assert_same_answers(clf, back, X, LABELS["two words"])
    reg = MLPRegressor.from_network(cr.Network([cr.Dense(1)], 4), np.arange(5.0))
    assert_same_answers(reg, there_and_back(path, reg), X, NUMBERS[:, 0])


def test_what_one_sets_stays(path):
    """Weights that were set, parameters that were changed after the fit, an attribute of one's own."""
    clf = MLPClassifier((3,), max_iter=2, random_state=0).fit(X, LABELS["int"])
    clf.coefs_ = [np.ones(W.shape) for W in clf.coefs_]
    clf.set_params(alpha=0.5, hidden_layer_sizes=(9,))
    clf.note = {"by": "me", "scores": [0.5, 1.0], "on": ("iris", None)}
    back = there_and_back(path, clf)
    assert back.get_params()["hidden_layer_sizes"] == (9,)
    assert back.coefs_[0].base is not None
    back.intercepts_[0][:] = 7
    assert 7 in back.theta_


def test_a_clone_and_a_deep_copy_of_what_was_loaded_are_as_ever(path):
    """It is an estimator like any other: cloned it is unfitted, fitted anew it is the one that was fitted."""
    clf = MLPClassifier((3,), max_iter=4, random_state=0).fit(X, LABELS["int"])
    back = there_and_back(path, clf)
    assert not vars(clone(back)).keys() - clone(back).get_params().keys()
    assert_same(clone(back).fit(X, LABELS["int"]), clf)
    assert_same(copy.deepcopy(back), clf)
    assert_same(there_and_back(path, back), clf)


def test_the_same_estimator_gives_the_same_bytes(tmp_path):
    """No time of day, no order of a hash table."""
    clf = MLPClassifier((3,), max_iter=4, random_state=0).fit(X, LABELS["str"])
    for name in ("a.safetensors", "b.safetensors"):
        cr.save(tmp_path / name, clf)
    cr.save(tmp_path / "c.safetensors", cr.load(tmp_path / "a.safetensors"))
    assert len({(tmp_path / f"{name}.safetensors").read_bytes() for name in "abc"}) == 1


def test_an_array_in_two_places_is_written_once_and_is_one_again(path):
    """Early stopping remembers the best weights twice."""
    clf = MLPClassifier((3,), max_iter=4, early_stopping=True, random_state=0).fit(X, LABELS["str"])
    memory = there_and_back(path, clf)._memory
    assert memory.taken_theta is memory.best_theta


@pytest.mark.parametrize(
    "sizes", [np.array([4, 3], ">i8"), np.array([[4, 0], [3, 0]])[:, 0]], ids=["big-endian", "a view"]
)
def test_arrays_of_another_layout_come_back_in_this_machines(sizes, path):
    """safetensors would write the bytes of a view as they lie in memory."""
    clf = MLPClassifier(sizes, max_iter=1, random_state=0).fit(X, LABELS["str"])
    cr.save(path, clf)
    assert cr.load(path).hidden_layer_sizes.tolist() == [4, 3]
    assert_same(clf.theta_, cr.load(path).theta_)


# --- parts of one's own ---------------------------------------------------------------------------------------------

sine = cr.Activation("sine", np.sin, lambda dA, Z, A: dA * np.cos(Z))
fourth = cr.Loss("fourth", lambda Y, T: ((Y - T) ** 4).sum(axis=1), lambda Y, T: 4 * (Y - T) ** 3)


def test_parts_of_ones_own_come_back_when_they_are_passed(path):
    """An activation and a loss are asked for by their names, and training goes on with them."""
    reg = MLPRegressor(fourth, (3,), [sine], max_iter=3, random_state=0).fit(X, NUMBERS)
    back = there_and_back(path, reg, own=[fourth, sine])
    assert (back.loss, back.activation[0]) == (fourth, sine)
    assert_same(reg.partial_fit(X, NUMBERS), back.partial_fit(X, NUMBERS))
    with pytest.raises(InvalidFile, match=r"uses the activation 'sine' of your own.*cr.load\(path, own=\[...\]\)"):
        cr.load(path, own=[fourth])


class MySchedule:
    """A rate of one's own."""

    def begin(self, n_epochs):
        return lambda epoch, loss: 0.01


class MyClassifier(MLPClassifier):
    """A class of one's own."""


def small(**settings):
    return MLPClassifier((3,), max_iter=1, random_state=0, **settings)


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        (small(scoring=make_scorer(accuracy_score)), r"^Cannot save scoring: it is of the class _Scorer"),
        (small(scoring=lambda *_: 1.0), r"^Cannot save scoring: it is the function <lambda>"),
        (small(learning_rate=MySchedule()), r"^Cannot save learning_rate: it is of the class MySchedule"),
        (MyClassifier((3,), max_iter=1), r"^Cannot save MyClassifier: it is a class of your own.*model\.network_"),
        (make_pipeline(small()), r"^Cannot save a Pipeline: .* Save the one in it: pipeline\[-1\]"),
        (TheirClassifier((3,), max_iter=1), r"^Cannot save a MLPClassifier: chainrule keeps networks and its own"),
        (KNeighborsClassifier(), r"^Cannot save a KNeighborsClassifier"),
    ],
)  # fmt: skip
def test_code_is_refused_and_nothing_is_written(model, sentence, path):
    """Functions, objects and classes of one's own or of others: one sentence, and an old file stays as it was."""
    path.write_bytes(b"the old one")
    with pytest.raises(InvalidValue, match=sentence):
        cr.save(path, clone(model).fit(X, LABELS["int"]))
    assert path.read_bytes() == b"the old one"
    assert [path] == list(path.parent.iterdir())


def test_an_own_value_anywhere_is_named(path):
    """An attribute of one's own may be plain, and else is named."""
    clf = small().fit(X, LABELS["int"])
    clf.extra = {"deep": [1, {2}]}
    with pytest.raises(InvalidValue, match=r"^Cannot save extra.deep\[1\]: it is of the class set"):
        cr.save(path, clf)


@pytest.mark.parametrize(
    ("name", "change", "sentence"),
    [
        ("theta_", lambda clf: clf.theta_.astype(np.float32), "_memory has another state"),
        ("theta_", lambda clf: clf.theta_[1:], "theta_ does not fit its network"),
        ("theta_", lambda clf: clf.theta_.tolist(), "it would not load"),
        ("feature_names_in_", lambda clf: ["a", "b", "c", "d"], "it would not load"),
        ("score", lambda clf: 0.9, "Cannot save score: it hides what MLPClassifier has of that name. Rename it."),
        ("me", lambda clf: clf, "a value in it holds itself"),
    ],
)
def test_what_would_not_load_is_not_saved(name, change, sentence, path):
    """An old file stays, where a new one would be refused when it is needed."""
    clf = small().fit(X, PLACE)
    cr.save(path, clf)
    old = path.read_bytes()
    setattr(clf, name, change(clf))
    with pytest.raises(InvalidValue, match=sentence):
        cr.save(path, clf)
    assert path.read_bytes() == old


def test_callbacks_are_left_out(path):
    """They watch a training, and are set again after loading."""
    clf = small().set_callbacks(lambda clf: None).fit(X, LABELS["int"])
    cr.save(path, clf)
    assert not {name for name in vars(cr.load(path)) if "callback" in name}
    assert clf._skl_callbacks


def test_estimators_that_cannot_be_saved_say_why(path):
    """Unfitted, with a theta beside, with weights or a parameter that nobody could use."""
    with pytest.raises(InvalidValue, match="This MLPClassifier is not fitted yet: call fit, then save"):
        cr.save(path, small())
    with pytest.raises(InvalidValue, match="This HiddenActivations is not fitted yet"):
        cr.save(path, HiddenActivations(small()))
    clf = small().fit(X, LABELS["int"])
    with pytest.raises(InvalidValue, match=r"A fitted MLPClassifier holds its theta: cr.save\(path, model\)"):
        cr.save(path, clf, clf.theta_)
    with pytest.raises(InvalidValue, match=r"^Cannot save this MLPClassifier: The 'alpha' parameter"):
        cr.save(path, copy.deepcopy(clf).set_params(alpha=-1))
    clf.intercepts_[1][2] = np.nan
    with pytest.raises(InvalidValue, match=r"cannot compute: b\[2\] of layer 2 is nan"):
        cr.save(path, clf)
    assert not path.exists()


def test_a_loaded_estimator_takes_part_in_pipelines(path):
    """As a last step, frozen or not."""
    iris = load_iris()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cr.save(path, MLPClassifier(random_state=0, max_iter=60, learning_rate_init=0.01).fit(iris.data, iris.target))
    pipe = make_pipeline(FrozenEstimator(cr.load(path))).fit(iris.data, iris.target)
    assert pipe.score(iris.data, iris.target) > 0.9


def a_step(random, model):
    """Return one thing that one may do to an estimator, by its name and its arguments."""
    kind = random.randint(6)
    if kind < 2:
        rows = random.permutation(60)[: random.randint(20, 61)]
        return "partial_fit", (X[rows], LABELS["str"][rows], random.uniform(0.1, 2, len(rows)))
    if kind == 2:
        return "fit", (X, LABELS["str"])
    settings = [
        {"max_iter": random.randint(1, 5)}, {"warm_start": [False, True, "continue"][random.randint(3)]},
        {"learning_rate_init": [0.001, 0.1, 1e9][random.randint(3)]}, {"batch_size": random.randint(5, 70)},
        {"early_stopping": bool(random.randint(2))}, {"alpha": random.uniform()},
        {"average_from": [None, 0][random.randint(2)]}, {"shuffle": bool(random.randint(2))},
        {"random_state": random.randint(9)}, {"n_iter_no_change": random.randint(1, 4)},
        {"solver": list(STOCHASTIC)[random.randint(5)]}, {"learning_rate": SCHEDULES[random.randint(len(SCHEDULES))]},
    ]  # fmt: skip
    return "set_params", settings[random.randint(len(settings))]


def done(model, name, given):
    """Do it; return what was refused."""
    try:
        getattr(model, name)(**given) if isinstance(given, dict) else getattr(model, name)(*given)
    except ValueError as error:
        return str(error)
    return None


@pytest.mark.parametrize("seed", range(10))
def test_no_sequence_of_calls_tells_who_went_through_files(seed, path):
    """Of two alike, one is saved and loaded after every step: whatever the steps are, the two stay the same."""
    random = np.random.RandomState(seed)
    settings = {"random_state": np.random.RandomState(seed), "dropout": 0.1 * (seed % 2), "batch_size": 16}
    clf = MLPClassifier((4, 3), max_iter=3, engine=["textbook", "compiled"][seed // 2 % 2], **settings).fit(
        X, LABELS["str"]
    )
    back = there_and_back(path, clf)
    for _ in range(12):
        name, given = a_step(random, clf)
        assert done(clf, name, given) == done(back, name, given)
        if not np.isfinite(clf.theta_).all():
            return
        back = there_and_back(path, back)
        assert_same(clf, back)
