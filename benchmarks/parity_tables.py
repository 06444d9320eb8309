"""Forty raw tables: nothing is scaled, columns are huge, tiny or constant, as they are before anybody prepares them.

Measured ones come with scikit-learn and matplotlib; of the made ones the columns look like those of a shop or a log.
The list was fixed before the estimators were mended; those at even places were looked at, those at odd ones were not.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import sklearn.datasets as toys
from matplotlib import cbook
from sklearn.model_selection import train_test_split

from benchmarks.parity_data import Data

if TYPE_CHECKING:
    from collections.abc import Callable


def _split(load: Callable[..., Any], seed: int, columns: slice | list[int] = slice(None), **how: Any) -> Data:
    """The larger part of a set of classes, split at random with the classes' shares kept."""
    X, y = load(return_X_y=True, **how)
    X, _, y, _ = train_test_split(X, y, random_state=seed, stratify=y)
    return Data(X[:400, columns], y[:400], "binary" if len(np.unique(y)) == 2 else "multiclass")


def _diabetes(seed: int, columns: slice = slice(None)) -> Data:
    """Age, sex, body mass, blood: in their units, and so the progress of the disease."""
    X, y = toys.load_diabetes(return_X_y=True, scaled=False)
    X, _, y, _ = train_test_split(X, y, random_state=seed)
    return Data(X[:, columns], y, "regression")


def _linnerud(target: int | None) -> Data:
    """Chin-ups, sit-ups and jumps of twenty men; weight, waist and pulse."""
    X, Y = toys.load_linnerud(return_X_y=True)
    return Data(X, Y, "several outputs") if target is None else Data(X, Y[:, target], "regression")


def _digits(pair: tuple[int, int]) -> Data:
    """Two digits; many pixels are always 0."""
    X, y = toys.load_digits(return_X_y=True)
    kept = np.isin(y, pair)
    return Data(X[kept], y[kept], "binary")


def _pixels(image: str, task: str) -> Data:
    """Place and colour of pixels of a photograph; which half they are in, or how blue they are."""
    picture = toys.load_sample_image(image)
    rng = np.random.RandomState(0)
    row, column = rng.randint(picture.shape[0], size=300), rng.randint(picture.shape[1], size=300)
    colour = picture[row, column].astype(float)
    if task == "binary":
        return Data(np.c_[column, colour], (row > picture.shape[0] / 2).astype(int), task)
    return Data(np.c_[row, column, colour[:, :2]], colour[:, 2], task)


def _stock(task: str) -> Data:
    """Three years of a stock: the day's number, prices, and a volume of millions; the next day's price, or its sign."""
    prices = cbook.get_sample_data("goog.npz")["price_data"]
    names = ("open", "high", "low", "close", "volume")
    X = np.c_[prices["date"].astype(int), np.column_stack([prices[name] for name in names])].astype(float)[:-1]
    following = prices["close"][1:]
    y = (following > prices["close"][:-1]).astype(int) if task == "binary" else following
    return Data(X[:400], y[:400], task)


def _heights(task: str) -> Data:
    """Row and column of a map, and its height in metres."""
    heights = cbook.get_sample_data("jacksboro_fault_dem.npz")["elevation"].astype(float)
    rng = np.random.RandomState(1)
    row, column = rng.randint(1, heights.shape[0], size=350), rng.randint(1, heights.shape[1], size=350)
    here, beside = heights[row, column], heights[row - 1, column - 1]
    if task == "regression":
        return Data(np.c_[row, column, beside], here, task)
    return Data(np.c_[row, column, here], np.digitize(beside, np.quantile(heights, [0.3, 0.7])), "multiclass")


def _wine_times(factors: dict[int, float], constants: tuple[float, ...] = ()) -> Data:
    """Wine with columns in other units, and columns of one number beside them."""
    X, y = toys.load_wine(return_X_y=True)
    for column, factor in factors.items():
        X[:, column] *= factor
    return Data(np.column_stack([X, *(np.full(len(X), constant) for constant in constants)]), y, "multiclass")


def _shop(seed: int, task: str, n: int = 300) -> Data:
    """Orders: a number, a time in seconds, a price in cents, a rare discount, a constant country, flags."""
    rng = np.random.RandomState(seed)
    when = 1.6e9 + np.sort(rng.uniform(0, 3e7, n))
    price = np.round(100 * np.exp(rng.normal(3, 1.5, n)))
    pieces, discount = rng.poisson(2, n), np.where(rng.rand(n) < 0.05, rng.rand(n), 0.0)
    X = np.c_[1e6 + np.arange(n), when, price, pieces, discount, np.full(n, 49.0), rng.randint(2, size=(n, 3))]
    spent = price * pieces * (1 - discount) / 100
    if task == "regression":
        return Data(X, spent, task)
    return Data(X, (spent > np.median(spent)).astype(int), task)


def _sensor(seed: int, task: str, n: int = 250) -> Data:
    """Readings of instruments: pressure in pascal, current in ampere, a count, a dead channel, a stuck one."""
    rng = np.random.RandomState(seed)
    state = rng.randint(3, size=n)
    pressure, current = 101325 + 300 * state + rng.normal(0, 120, n), 1e-9 * (1 + state + rng.normal(0, 0.3, n))
    X = np.c_[pressure, current, rng.poisson(1e5, n), np.zeros(n), np.full(n, -273.15), rng.normal(0, 1e-6, n)]
    return Data(X, state, task) if task == "multiclass" else Data(X, 20 + 5 * state + rng.normal(0, 1, n), task)


def _labels(seed: int) -> Data:
    """Counts of words, most of them 0, and four labels."""
    X, Y = toys.make_multilabel_classification(200, 30, n_classes=4, length=200, random_state=seed)
    return Data(X * np.logspace(0, 3, 30).round(), Y, "multilabel")


def _visits(seed: int, n: int = 200) -> Data:
    """Counts of events with their exposure in days and an age."""
    rng = np.random.RandomState(seed)
    age, days = rng.randint(18, 90, n), rng.randint(1, 365, n)
    return Data(np.c_[age, days / 365, rng.randint(2, size=n)], rng.poisson(0.02 * age).astype(float), "poisson")


_WINE, _CANCER = partial(_split, toys.load_wine), partial(_split, toys.load_breast_cancer)

_LIST: tuple[tuple[str, Callable[[], Data]], ...] = (
    ("wine_2", lambda: _WINE(2)),
    ("wine_0", lambda: _WINE(0)),
    ("wine_1", lambda: _WINE(1)),
    ("wine_3", lambda: _WINE(3)),
    ("wine_two_columns", lambda: _WINE(2, [4, 12])),
    ("wine_no_proline", lambda: _WINE(5, slice(0, 12))),
    ("cancer_0", lambda: _CANCER(0)),
    ("cancer_1", lambda: _CANCER(1)),
    ("cancer_worst", lambda: _CANCER(2, slice(20, 30))),
    ("cancer_means", lambda: _CANCER(3, slice(0, 10))),
    ("iris_0", lambda: _split(toys.load_iris, 0)),
    ("iris_1", lambda: _split(toys.load_iris, 1)),
    ("digits_3_8", lambda: _digits((3, 8))),
    ("digits_1_7", lambda: _digits((1, 7))),
    ("digits_left", lambda: _split(toys.load_digits, 0, slice(0, 32))),
    ("digits_right", lambda: _split(toys.load_digits, 1, slice(32, 64))),
    ("diabetes_0", lambda: _diabetes(0)),
    ("diabetes_1", lambda: _diabetes(1)),
    ("diabetes_blood", lambda: _diabetes(2, slice(4, 10))),
    ("diabetes_body", lambda: _diabetes(3, slice(0, 4))),
    ("linnerud_weight", lambda: _linnerud(0)),
    ("linnerud_pulse", lambda: _linnerud(2)),
    ("linnerud", lambda: _linnerud(None)),
    ("labels_0", lambda: _labels(0)),
    ("labels_1", lambda: _labels(1)),
    ("china_half", lambda: _pixels("china.jpg", "binary")),
    ("flower_half", lambda: _pixels("flower.jpg", "binary")),
    ("china_blue", lambda: _pixels("china.jpg", "regression")),
    ("flower_blue", lambda: _pixels("flower.jpg", "regression")),
    ("stock_sign", lambda: _stock("binary")),
    ("stock_price", lambda: _stock("regression")),
    ("heights_class", lambda: _heights("multiclass")),
    ("heights", lambda: _heights("regression")),
    ("wine_huge_and_tiny", lambda: _wine_times({0: 1e9, 3: 1e-9}, (1e6,))),
    ("wine_constants", lambda: _wine_times({12: 1e3}, (0.0, 1.0, -1e5))),
    ("shop_class", lambda: _shop(0, "binary")),
    ("shop_spent", lambda: _shop(1, "regression")),
    ("sensor_class", lambda: _sensor(0, "multiclass")),
    ("sensor_value", lambda: _sensor(1, "regression")),
    ("visits", lambda: _visits(0)),
)

TABLES: dict[str, Callable[[], Data]] = {f"raw_{name}": make for name, make in _LIST}
SEEN, UNSEEN = tuple(TABLES)[::2], tuple(TABLES)[1::2]
