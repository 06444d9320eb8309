"""Odd inputs to the estimators: refused in a sentence that names the place, or taken as scikit-learn takes them."""

from __future__ import annotations

import datetime as dt
import pickle
import threading
import warnings
from decimal import Decimal
from itertools import cycle

import joblib
import numpy as np
import pandas as pd
import polars as pl
import pytest
import sklearn
from benchmarks.parity_tables import TABLES
from scipy import sparse
from sklearn import datasets as toys
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

from chainrule import InvalidValue, MLPClassifier, MLPRegressor
from chainrule.estimators.validation import warn_if_far

pytestmark = [
    pytest.mark.filterwarnings("ignore:Stochastic Optimizer. Maximum iterations"),
    pytest.mark.filterwarnings("ignore:Got `batch_size`"),
]

X = np.random.RandomState(0).normal(size=(60, 3))
y = np.arange(60) % 2
DAYS = np.arange(60).astype("M8[D]")
FRAME = pd.DataFrame(X, columns=["age", "height", "weight"])


def classifier(**settings):
    return MLPClassifier(**{"hidden_layer_sizes": (4,), "max_iter": 3, "random_state": 0, **settings})


def regressor(**settings):
    return MLPRegressor(**{"hidden_layer_sizes": (4,), "max_iter": 3, "random_state": 0, **settings})


# --- targets ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("targets", "sentence"),
    [
        (["1", "2", "3"] * 20, "got text: '1' in row 0"),
        (np.array(["1", "2", "3"] * 20, object), "got text: '1' in row 0"),
        (np.array([1.0] * 59 + ["2"], object), "got text: '2' in row 59"),
        (np.array([b"1", b"2"] * 30), "got text: b'1'|got text: np.bytes_"),
        (pd.Series(["1", "2"] * 30), "got text: '1' in row 0"),
        (pd.Series(["1", "2"] * 30).astype("category"), "got text: '1' in row 0"),
        (DAYS, r"dates or times \(datetime64\[D\]\)"),
        (DAYS - DAYS[0], r"dates or times \(timedelta64\[D\]\)"),
        (pd.Series(pd.date_range("2020", periods=60)), "dates or times"),
        (pd.Series(pd.timedelta_range("1s", periods=60)), "dates or times"),
        (np.array([dt.date(2020, 1, 1)] * 60, object), "dates or times"),
        (np.array([1.0, 10**400] * 30, object), r"in row 1: int too large"),
        (np.array([1.0, {}] * 30, object), r"got {} in row 1"),
    ],
    ids=str,
)
def test_a_regressors_targets_must_be_numbers(targets, sentence):
    """Text, dates and spans of time are refused, as a ValueError and as scikit-learn's TypeError; so is y_val."""
    for kind in (ValueError, TypeError):
        with pytest.raises(kind, match=f"^y must be numbers for a regression, .*{sentence}"):
            regressor().fit(X, targets)
    with pytest.raises(TypeError, match=f"^y_val must be numbers for a regression, .*{sentence}"):
        regressor().fit(X, y, X_val=X, y_val=targets)
    with pytest.raises(TypeError, match=r"^y must be numbers"):
        regressor().fit(X, y).input_gradient(X, targets)


def test_a_missing_target_is_missing():
    """None among numbers is NaN to NumPy: it is refused as scikit-learn refuses NaN."""
    with pytest.raises(ValueError, match=r"^Input y contains NaN"):
        regressor().fit(X, np.array([None] + [1.0] * 59, object))


@pytest.mark.parametrize(
    "targets", [y == 1, np.array([Decimal(1), 0] * 30, object), pd.Series([1, 0] * 30, dtype="Int64")], ids=str
)
def test_targets_that_are_numbers_of_another_kind_are_taken(targets):
    """Truth values, decimals and pandas' own integers train as floats do."""
    floats = np.asarray(targets).astype(float)
    assert np.array_equal(regressor().fit(X, targets).theta_, regressor().fit(X, floats).theta_)


# --- cells of X ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (FRAME.assign(town=["Rome", "Oslo"] * 30), "float: 'Rome'. X has 'Rome' in row 0 of column 'town'"),
        (FRAME.assign(town=["1", "Oslo"] * 30), "X has 'Oslo' in row 1 of column 'town'"),
        (FRAME.assign(town=pd.Series(["1", "b"] * 30).astype("category")), "X has 'b' in row 1 of column 'town'"),
        (pl.DataFrame({"a": X[:, 0], "town": ["Rome"] * 60}), "X has 'Rome' in row 0 of column 'town'"),
        (FRAME.assign(town="Rome").to_numpy(), "X has 'Rome' in row 0 of column 3"),
        (FRAME.assign(town="Rome").to_numpy().tolist(), "X has 'Rome' in row 0 of column 3"),
        (np.array([["1", "x"]] * 60), "X has 'x' in row 0 of column 1"),
        ([[1.0, 10**400]] * 60, r"X has 10+… \(401 characters\) in row 0 of column 1"),
        (np.array([[1.0, {}]] * 60, object), "X has {} in row 0 of column 1"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.filterwarnings("ignore:X has feature names")
def test_a_cell_that_is_no_number_is_named(table, sentence):
    """By its column's name where there are names, by its position elsewhere; in fit, predict and X_val."""
    with pytest.raises((ValueError, TypeError), match=sentence):
        classifier().fit(table, y)
    numbers = np.zeros((60, np.shape(table)[1]))
    clf = classifier().fit(numbers, y)
    with pytest.raises((ValueError, TypeError), match=sentence):
        clf.predict(table)
    with pytest.raises((ValueError, TypeError), match=sentence.replace("X has", "X_val has")):
        clf.fit(numbers, y, X_val=table, y_val=y)


@pytest.mark.parametrize(
    ("table", "place"),
    [
        (FRAME.assign(born=DAYS), "column 'born'"),
        (FRAME.assign(lasted=DAYS - DAYS[0]), "column 'lasted'"),
        (FRAME.assign(born=[dt.date(2020, 1, 1)] * 60), "column 'born'"),
        (pl.DataFrame({"a": X[:, 0], "born": [dt.date(2020, 1, 1)] * 60}), "column 'born'"),
        (DAYS.reshape(20, 3), "column 0"),
    ],
    ids=["dates", "spans", "objects", "polars", "array"],
)
def test_dates_in_X_are_refused(table, place):
    """NumPy would make numbers of them, in units that nobody chose."""
    with pytest.raises(TypeError, match=f"^X has dates or times in {place}"):
        classifier().fit(table, y[: len(table)])


def test_an_error_that_is_not_about_a_cell_names_none():
    """Two columns of one name are refused in scikit-learn's words, though there is text in a third."""
    frame = FRAME.rename(columns={"age": "height"}).assign(weight="heavy")
    with pytest.raises(Exception, match="unique column names") as caught:
        classifier().fit(frame, y)
    assert "heavy" not in str(caught.value)


def test_missing_cells_of_a_list_are_missing_to_predict():
    """None in a list is NaN, as it is to fit; scikit-learn multiplies by it."""
    with pytest.raises(ValueError, match=r"^Input X contains NaN"):
        classifier().fit(X, y).predict([[None, 1.0, 2.0]])


def test_lazy_frames_and_sparse_targets_say_what_to_pass():
    """A LazyFrame of polars has no values yet, and a sparse y no place in a regression."""
    with pytest.raises(TypeError, match=r"X is a LazyFrame.* pass X.collect\(\)"):
        classifier().fit(pl.DataFrame(X).lazy(), y)
    with pytest.raises(TypeError, match=r"y must be dense for a regression.* pass y.toarray\(\)"):
        regressor().fit(X, sparse.csr_array(np.c_[y, y]))


@pytest.mark.parametrize("name", ["X", "y", "sample_weight", "X_val", "y_val", "sample_weight_val"])
@pytest.mark.parametrize("make", [classifier, regressor])
def test_masked_entries_are_refused(make, name):
    """What is masked would be trained on: it is said where the first is."""
    given = {"X": X, "y": y, "sample_weight": np.ones(60), "X_val": X, "y_val": y, "sample_weight_val": np.ones(60)}
    mask = np.zeros(given[name].shape, bool)
    mask[7] = True
    given[name] = np.ma.masked_array(given[name], mask)
    with pytest.raises(InvalidValue, match=rf"^{name} is a masked array, and \d of its entries are masked, .* \[7"):
        make().fit(**given)


def test_masked_entries_are_refused_by_predict_and_an_empty_mask_is_none():
    """predict asks about the mask as fit does; without masked entries the array is its data."""
    clf = classifier().fit(np.ma.masked_array(X, False), y)
    assert np.array_equal(clf.theta_, classifier().fit(X, y).theta_)
    with pytest.raises(InvalidValue, match=r"^X is a masked array"):
        clf.predict(np.ma.masked_array(X, X > 1))


# --- settings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sizes",
    [
        *((8.9,), (8.0,), (0.5,), (True,), (None,), (np.nan,), (np.inf,), (3, "a"), ((8,),), [[8, 8]], ["8"]),
        *(np.array([3.0]), np.array([[3, 4]]), np.array([True]), np.array(["8"]), np.array(2.5), True, {8: 4}, {8}),
    ],
    ids=repr,
)
@pytest.mark.parametrize("make", [classifier, regressor])
def test_sizes_that_are_no_whole_numbers_are_refused(make, sizes):
    """8.9 is not taken for 8, nor True for 1; a set and a dict have no order."""
    for kind in (ValueError, TypeError):
        with pytest.raises(kind, match=r"^hidden_layer_sizes must be one whole number for each hidden layer"):
            make(hidden_layer_sizes=sizes).fit(X, y)


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        (np.int64(5), [5]),
        ([np.int32(3), np.uint8(4)], [3, 4]),
        (np.array([3, 4]), [3, 4]),
        (np.array(5), [5]),
        (range(3, 5), [3, 4]),
        (pd.Series([3, 4]), [3, 4]),
        ((), []),
        ([], []),
        (np.array([]), []),
    ],
    ids=repr,
)
def test_whole_numbers_of_every_kind_are_sizes(sizes, expected):
    """NumPy's integers, arrays, a scalar array, a range, and nothing."""
    reg = regressor(hidden_layer_sizes=sizes).fit(X, y)
    assert [W.shape[1] for W in reg.coefs_[:-1]] == expected


@pytest.mark.parametrize(
    ("weights", "sentence"),
    [
        ({0: np.nan}, "class_weight of the class 0 must be a number ≥ 0, got nan"),
        ({0: np.inf}, "class_weight of the class 0 must be a number ≥ 0, got inf"),
        ({1: -1.0}, "class_weight of the class 1 must be a number ≥ 0, got -1.0"),
        ({0: None}, "class_weight of the class 0 must be a number ≥ 0, got None"),
        ({0: "2"}, "class_weight of the class 0 must be a number ≥ 0, got '2'"),
        ({0: 1.0, 9: 2.0}, r"The classes, \[1\], are not in class_weight. It has 9, and the classes are \[0, 1\]"),
        ({"0": 2.0}, r"It has '0', and the classes are \[0, 1\]"),
        ({0: 1e308}, "adds up to more than the largest float64"),
        ({0: 1e-320, 1: 1e-320}, "weights of the samples sum to 5.99.*e-319"),
    ],
    ids=str,
)
def test_class_weights_must_be_weights_of_classes(weights, sentence):
    """Not NaN, infinite, negative or of a class that is none, nor so large that their sum overflows."""
    with pytest.raises(InvalidValue, match=sentence):
        classifier(class_weight=weights).fit(X, y)


def test_a_class_weight_may_be_true():
    """True weighs 1, as in scikit-learn."""
    assert np.array_equal(classifier(class_weight={0: True}).fit(X, y).theta_, classifier().fit(X, y).theta_)


@pytest.mark.parametrize(
    "weights",
    [np.full(60, 1e308), np.full(60, 1e-320), np.where(y, 1.0, -1.0), np.where(y, 0.1, -0.1)],
    ids=["infinite", "tiny", "cancel", "cancel to rounding"],
)
@pytest.mark.parametrize("make", [classifier, regressor])
def test_sample_weights_that_cannot_be_divided_by_are_refused(make, weights):
    """Their ratios matter alone, and there are none to an infinite sum or to 0."""
    with pytest.raises(InvalidValue, match=r"The weights of the samples sum to|adds up to more than"):
        make().fit(X, y, sample_weight=weights)


# --- input_gradient --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("classes", "labels", "sentence"),
    [
        ([0, 1], [9, 0], r"y has 9, which is not one of the classes \[0, 1\]"),
        ([3, 5], [0, 1], r"y has 0, which is not one of the classes \[3, 5\]"),
        (["a", "b"], [0, 1], r"y has 0, which is not one of the classes \['a', 'b'\]"),
        (["a", "b"], ["a", "c"], r"y has 'c', which is not one of the classes \['a', 'b'\]"),
        ([0, 1], [None, 1], "y has None"),
        ([0, 1], [np.nan, 1], "y has nan"),
        ([0, 1], [[0, 1], [1, 0]], r"one label for each sample, got an array of shape \(2, 2\)"),
        ([0, 1], 1, r"one label for each sample, got an array of shape \(\)"),
        ([0, 1], [1], "X has 2 rows and T has 1"),
    ],
    ids=str,
)
def test_input_gradient_takes_labels_of_the_classes(classes, labels, sentence):
    """A position, or a class never seen, is refused with the classes: it would be answered for another class."""
    clf = classifier().fit(X, np.array(classes)[y])
    with pytest.raises(InvalidValue, match=sentence):
        clf.input_gradient(X[:2], labels)


@pytest.mark.parametrize("loss", ["log_loss", "hinge"])
def test_input_gradient_is_that_of_the_label(loss):
    """Labels 5 and 3, in whatever form, give the gradients of the classes 1 and 0."""
    clf = classifier(loss=loss).fit(X, np.array([3, 5])[y])
    plain = classifier(loss=loss).fit(X, y)
    expected = plain.input_gradient(X[:2], [1, 0])
    for labels in ([5, 3], np.array([5.0, 3.0]), np.array([5, 3], object), [[5], [3]], pd.Series([5, 3])):
        assert np.array_equal(clf.input_gradient(X[:2], labels), expected)
    assert not np.array_equal(clf.input_gradient(X[:2], [3, 5]), expected)


def test_input_gradient_of_many_labels_takes_rows_of_zeros_and_ones():
    """As many columns as labels, and nothing but 0 and 1."""
    clf = classifier().fit(X, np.c_[y, 1 - y])
    assert clf.input_gradient(X[:2], [[0, 1], [1, 1]]).shape == (2, 3)
    for wrong in ([[0, 2], [1, 1]], [[0, 1, 1], [1, 1, 1]], [0, 1]):
        with pytest.raises(InvalidValue, match="a row of 2 zeros and ones"):
            clf.input_gradient(X[:2], wrong)


# --- pickles ---------------------------------------------------------------------------------------------------------


def stop_at_two(mlp):
    return mlp.n_iter_ == 2


def test_callbacks_are_pickled():
    """A function of a module by its name, a lambda by its code; and they work on."""
    local = 2
    for function in (stop_at_two, lambda mlp: mlp.n_iter_ == local):
        made = classifier(max_iter=9).set_callbacks(function)
        for copy in (pickle.loads(pickle.dumps(made)), pickle.loads(pickle.dumps(made.fit(X, y)))):  # noqa: S301
            assert copy.fit(X, y).n_iter_ == 2
    assert b"stop_at_two" in pickle.dumps(classifier().set_callbacks(stop_at_two))


def test_callbacks_go_to_other_processes():
    """joblib's workers take a lambda too."""
    made = classifier(max_iter=9).set_callbacks(lambda mlp: mlp.n_iter_ == 2)
    (fitted,) = joblib.Parallel(n_jobs=2)(joblib.delayed(made.fit)(X, y) for _ in range(1))
    assert fitted.n_iter_ == 2


def test_a_callback_that_cannot_be_pickled_says_what_to_do():
    """It holds on to something that no pickle has, such as a lock."""
    lock = threading.Lock()
    with pytest.raises(InvalidValue, match=r"cannot be pickled: .*lock.* set_callbacks\(\)"):
        pickle.dumps(classifier().set_callbacks(lambda mlp: lock.locked()))


# --- validation samples that were not scaled ------------------------------------------------------------------------


def says_far(train, test, mlp=None):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warn_if_far(mlp or classifier(), train, test)
    return any("X_val lies far outside X" in str(one.message) for one in caught)


SLOW = ("raw_china", "raw_flower", "raw_labels_1")  # to read, or to make: raw_labels_0 is of its kind
NEAR = [name for name in TABLES if not name.startswith(SLOW)]


@pytest.mark.parametrize("table", NEAR)
def test_a_random_split_does_not_lie_far_outside(table):
    """No split of a raw table by chance is warned of, in halves or with few samples to validate on."""
    data = np.asarray(TABLES[table]().X, float)
    for seed in range(15):
        for size in (5, 0.1, 0.5):
            assert not says_far(*train_test_split(data, random_state=seed, test_size=size))


@pytest.mark.parametrize(
    ("table", "scaler"),
    list(
        zip(
            [name for name in NEAR if "linnerud" not in name],
            cycle([StandardScaler(), MinMaxScaler(), RobustScaler()]),
            strict=False,
        )
    ),
)  # linnerud has fifteen rows
def test_what_was_not_scaled_lies_far_outside(table, scaler):
    """Raw samples beside scaled ones are warned of, sparse ones too."""
    train, test = train_test_split(np.asarray(TABLES[table]().X, float), random_state=0)
    scaled = scaler.fit_transform(train)
    assert says_far(scaled, test)
    assert says_far(sparse.csr_array(scaled), sparse.csr_array(test))
    assert not says_far(scaled, scaler.transform(test))


def test_a_constant_column_says_nothing():
    """It has no deviation, and a number beside it is not far by that."""
    train, test = np.c_[X, np.full(60, 7.0)], np.c_[X[:10], np.full(10, 8.0)]
    assert not says_far(train, test)


def test_fit_warns_of_the_column_by_its_name():
    """The sentence names column, median, mean and deviation, and the way out."""
    raw = FRAME.assign(height=1000 + X[:, 1])
    with pytest.warns(UserWarning, match=r"in column 'height' its median is 1\d+.*, and X is .* ± .*transform_input"):
        classifier().fit(FRAME, y, X_val=raw, y_val=y)


def test_transform_input_scales_the_validation_samples():
    """In a Pipeline that is told to transform X_val the scores are those of the scaled samples, without a warning."""
    raw, labels = toys.load_wine(return_X_y=True)
    train, test, y_train, y_test = train_test_split(raw, labels, random_state=0, stratify=labels)
    scaler = StandardScaler().fit(train)
    clf = classifier(early_stopping=True, max_iter=20, learning_rate_init=0.02)
    by_hand = clf.fit(scaler.transform(train), y_train, X_val=scaler.transform(test), y_val=y_test)
    with sklearn.config_context(enable_metadata_routing=True):
        routed = sklearn.clone(clf).set_fit_request(X_val=True, y_val=True)
        pipe = make_pipeline(StandardScaler(), routed, transform_input=["X_val"])
        pipe.fit(train, y_train, X_val=test, y_val=y_test)
    assert pipe[-1].validation_scores_ == by_hand.validation_scores_
    with pytest.warns(UserWarning, match="X_val lies far outside X"):
        make_pipeline(StandardScaler(), sklearn.clone(clf)).fit(
            train, y_train, mlpclassifier__X_val=test, mlpclassifier__y_val=y_test
        )
