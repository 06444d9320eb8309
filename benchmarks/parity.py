"""Parity: our MLP beside scikit-learn's, case by case, and the largest difference of each array.

The grid covers every pair of settings that go together; `python -m benchmarks.parity` fits it and prints the table.
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import cache, partial
from itertools import combinations, islice
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import numpy as np
from rich.console import Console
from rich.table import Table
from scipy import sparse
from sklearn import neural_network
from sklearn.neural_network import _multilayer_perceptron as theirs
from threadpoolctl import threadpool_limits

import chainrule
from benchmarks.parity_data import DATA
from benchmarks.parity_tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

OURS = (chainrule.MLPClassifier, chainrule.MLPRegressor)
BY_ENGINE = {engine: tuple(partial(ours, engine=engine) for ours in OURS) for engine in ("textbook", "compiled")}
SCIKIT_LEARN = (neural_network.MLPClassifier, neural_network.MLPRegressor)

DELIBERATE = {
    "float32 X with float64 targets": (
        "scikit-learn keeps the targets in float64, and with them its deltas and Adam's means; ours compute in float32 "
        "throughout, to float32's precision. Not in the grid."
    ),
    "lbfgs, several outputs, squared_error": (
        "scikit-learn's loss is the mean over the K outputs and its gradient that of the sum, so its line search is "
        "told two stories; our loss and gradient agree. Not in the grid."
    ),
    "diverging fits": (
        "scikit-learn raises 'Solver produced non-finite parameter weights'; we warn, name the epoch and keep the best "
        "finite weights. Not in the grid."
    ),
    "MLPRegressor(solver='lbfgs').partial_fit": (
        "scikit-learn's MLPRegressor forgets to call its check and runs a whole lbfgs; ours has no partial_fit with "
        "lbfgs, as scikit-learn's MLPClassifier."
    ),
}
"""What differs on purpose, and why."""

SOLVERS: dict[str, dict[str, Any]] = {
    "adam": {"solver": "adam"},
    "lbfgs": {"solver": "lbfgs"},
    "sgd": {"solver": "sgd", "momentum": 0.0},
    "sgd_momentum": {"solver": "sgd", "momentum": 0.9, "nesterovs_momentum": False},
    "sgd_nesterov": {"solver": "sgd", "momentum": 0.9},
    "invscaling": {"solver": "sgd", "learning_rate": "invscaling", "power_t": 0.25, "momentum": 0.0},
    "invscaling_nesterov": {"solver": "sgd", "learning_rate": "invscaling", "momentum": 0.9},
    "adaptive": {"solver": "sgd", "learning_rate": "adaptive", "momentum": 0.9, "nesterovs_momentum": False},
    "adaptive_nesterov": {"solver": "sgd", "learning_rate": "adaptive", "momentum": 0.9},
}
STOPS: dict[str, dict[str, Any]] = {"late": {}, "early": {"tol": 5e-3, "n_iter_no_change": 2}}
BATCHES: dict[str, Any] = {"auto": "auto", "one": 1, "odd": 37, "too_large": 10_000}
EPOCHS = 50
FLOOR = {"float64": 1e-12, "float32": 1e-6}  # another BLAS sums in another order, and one ulp may say too little
LEAST = 1e-37  # an exponential in float32 ends at e^−87, as the compiled engine computes it, or is 0
STEPS = 6  # of lbfgs, in float32 or on raw data; later one ulp decides where scikit-learn itself ends
FURTHER = 80


_data = cache(lambda name: (DATA | TABLES)[name]())


@dataclass(frozen=True)
class Case:
    """One row of the grid: what is fitted, on what, and how."""

    data: str
    solver: str = "adam"
    activation: str = "relu"
    hidden: tuple[int, ...] = (16,)
    form: str = "C"
    dtype: str = "float64"
    how: str = "fit"
    weights: str = "none"
    shuffle: bool = True
    batch: str = "auto"
    alpha: float = 1e-4
    stop: str = "late"
    rate: str = "default"
    seed: str = "int"
    more: tuple[tuple[str, Any], ...] = ()

    def __str__(self) -> str:
        """The settings that are not the defaults, as a test id."""
        said = [self.data, self.solver]
        for each in fields(self)[2:-1]:
            value = getattr(self, each.name)
            if value != each.default:
                said.append(_WORDS[each.name](value))
        return "-".join(said + [f"{name}_{value}" for name, value in self.more])

    @property
    def task(self) -> str:
        """Which task the data set: binary, multiclass, multilabel, regression, several outputs or poisson."""
        return _data(self.data).task

    @property
    def is_regression(self) -> bool:
        """Whether MLPRegressor is asked, and not MLPClassifier."""
        return self.task.startswith(("regression", "several", "poisson"))

    @property
    def is_raw(self) -> bool:
        """Whether the rows come in the units they were measured in."""
        return self.data.endswith("_raw")

    @property
    def is_measured(self) -> bool:
        """Whether the tolerance is ten times what one ulp of the start does to scikit-learn itself."""
        return self.dtype == "float32" or (self.is_raw and self.solver == "lbfgs")

    @property
    def parameters(self) -> dict[str, Any]:
        """The constructor's arguments."""
        calls = {"fit": 1, "early_stopping": 1, "warm_start": 2, "partial_fit": 1}[self.how]
        chosen = {
            "hidden_layer_sizes": self.hidden,
            "activation": self.activation,
            "alpha": self.alpha,
            "batch_size": BATCHES[self.batch],
            "shuffle": self.shuffle,
            "max_iter": (STEPS if self.is_measured and self.solver == "lbfgs" else EPOCHS) // calls,
            "random_state": {"int": 3, "generator": np.random.RandomState(4), "global": None}[self.seed],
            **SOLVERS[self.solver],
            **STOPS[self.stop],
        }
        if self.rate == "fast":
            chosen["learning_rate_init"] = 0.01 if self.solver == "adam" else 0.02
        if self.how in ("early_stopping", "warm_start"):
            chosen[self.how] = True
        if self.task.startswith("poisson"):
            chosen["loss"] = "poisson"
        return {**chosen, **dict(self.more)}

    def arrays(self) -> tuple[Any, np.ndarray, np.ndarray | None]:
        """X in its form and dtype, y, and the weights of the rows."""
        X, y, _ = _data(self.data)
        return FORMS[self.form](X.astype(self.dtype)), y, WEIGHTS[self.weights](len(y))


FORMS: dict[str, Callable[[np.ndarray], Any]] = {
    "C": np.ascontiguousarray,
    "F": np.asfortranarray,
    "csr": sparse.csr_matrix,
    "csc": sparse.csc_array,
    "coo": sparse.coo_matrix,
    "lists": np.ndarray.tolist,
}
WEIGHTS: dict[str, Callable[[int], np.ndarray | None]] = {
    "none": lambda _: None,
    "real": lambda n: np.random.RandomState(8).uniform(0.2, 2.0, n),
    "whole": lambda n: np.random.RandomState(8).randint(4, size=n),  # zeros among them
}
_WORDS: dict[str, Callable[[Any], str]] = {
    "activation": str,
    "hidden": lambda sizes: "x".join(map(str, sizes)),
    "form": str,
    "dtype": str,
    "how": str,
    "weights": lambda weights: f"weights_{weights}",
    "shuffle": lambda _: "in_order",
    "batch": lambda batch: f"batch_{batch}",
    "alpha": lambda alpha: f"alpha_{alpha:g}",
    "stop": lambda stop: f"stop_{stop}",
    "rate": lambda rate: f"rate_{rate}",
    "seed": lambda seed: f"seed_{seed}",
}
AXES: dict[str, tuple[Any, ...]] = {
    "data": tuple(DATA),
    "solver": tuple(SOLVERS),
    "activation": ("identity", "logistic", "tanh", "relu"),
    "hidden": ((16,), (12, 7)),
    "form": ("C", "F", "csr", "csc"),
    "dtype": ("float64", "float64", "float64", "float32"),  # drawn three times as often
    "how": ("fit", "early_stopping", "warm_start", "partial_fit"),
    "weights": tuple(WEIGHTS),
    "shuffle": (True, False),
    "batch": tuple(BATCHES),
    "alpha": (0.0, 1e-4, 1.0),
    "stop": tuple(STOPS),
    "rate": ("default", "fast"),
    "seed": ("int", "generator"),
}


def goes_together(case: Case) -> bool:
    """Whether the settings of a case mean something together, and scikit-learn's fit of it does not diverge."""
    tiny = case.data.endswith("_tiny")
    refused = (
        case.solver == "lbfgs" and (case.how == "partial_fit" or case.batch != "auto" or not case.shuffle),
        case.solver == "lbfgs" and (case.rate == "fast" or case.data == "made_outputs"),  # see DELIBERATE
        case.batch == "one" and not tiny,  # an epoch of one-row batches is slow
        case.batch == "one" and case.weights == "whole",  # a batch of weight zero has no mean
        case.how == "early_stopping" and tiny,  # nothing is left to validate on
        case.is_raw and case.solver not in ("adam", "lbfgs"),  # sgd diverges on rows in the thousands
        case.is_raw and case.dtype == "float32",
        case.is_raw and case.rate == "fast",  # saturates, and one ulp decides where scikit-learn itself ends
        case.how == "partial_fit" and case.stop == "early",  # a call is one epoch
        case.task.startswith("poisson") and case.rate == "fast",  # exp of a long step overflows
    )
    return not any(refused)


def _pairs(case: Case, axes: Iterable[str] = tuple(AXES)) -> set[tuple[str, Any, str, Any]]:
    """Every two settings of a case."""
    return {(a, getattr(case, a), b, getattr(case, b)) for a, b in combinations(axes, 2)}


def _places() -> Iterator[list[int]]:
    """Draw a place on each axis, again and again: thousands at once, for one at a time takes seconds."""
    rng, sizes = np.random.RandomState(0), [len(values) for values in AXES.values()]
    while True:
        yield from rng.randint(sizes, size=(5000, len(sizes))).tolist()


def _draw(places: Iterator[list[int]], **fixed: Any) -> Case | None:
    """A random case with the fixed settings that goes together; None where a hundred draws give none."""
    for drawn in islice(places, 100):
        chosen = {name: values[k] for (name, values), k in zip(AXES.items(), drawn, strict=True)}
        case = Case(**{**chosen, **fixed})
        if goes_together(case):
            return case
    return None


@cache
def covering() -> tuple[Case, ...]:
    """Cases in which every two settings that go together meet, chosen greedily, and some further at random."""
    places = _places()
    values = {name: dict.fromkeys(drawn) for name, drawn in AXES.items()}
    wanted = [(a, x, b, y) for a, b in combinations(AXES, 2) for x in values[a] for y in values[b]]
    met: set[tuple[str, Any, str, Any]] = set()
    chosen = []
    for a, x, b, y in wanted:
        if (a, x, b, y) in met:
            continue
        drawn = [case for _ in range(12) if (case := _draw(places, **{a: x, b: y})) is not None]
        if drawn:  # else the two never go together
            best = max(drawn, key=lambda case: len(_pairs(case) - met))
            met |= _pairs(best)
            chosen.append(best)
    chosen += [case for _ in range(FURTHER) if (case := _draw(places)) is not None]
    return tuple(chosen)


def _also(**more: Any) -> tuple[tuple[str, Any], ...]:
    return tuple(more.items())


BY_HAND = (
    *(Case(name, hidden=(100,)) for name in ("digits", "breast_cancer", "wine", "iris", "diabetes")),
    *(Case(name, "lbfgs", hidden=(100,)) for name in ("digits", "breast_cancer", "wine", "iris", "diabetes")),
    Case("wine", seed="global"),
    Case("wine", form="coo"),
    Case("wine", form="lists"),
    Case("digits_raw", dtype="int64"),
    Case("digits_raw", dtype="float16", form="F"),
    Case("diabetes", "sgd_nesterov", seed="global"),
    Case("iris", more=_also(hidden_layer_sizes=9)),
    Case("iris", more=_also(hidden_layer_sizes=())),
    Case("iris", "lbfgs", more=_also(hidden_layer_sizes=())),
    Case("diabetes", "sgd_nesterov", more=_also(hidden_layer_sizes=())),
    Case("wine", hidden=(8, 6, 5), activation="tanh"),
    Case("wine", more=_also(beta_1=0.5, beta_2=0.9, epsilon=1e-4)),
    Case("diabetes", more=_also(beta_1=0.0, beta_2=0.0)),
    Case("wine", "sgd_nesterov", more=_also(momentum=1.0, learning_rate_init=1e-4)),
    Case("iris", "invscaling", more=_also(power_t=0.0)),
    Case("iris", "invscaling_nesterov", rate="fast", more=_also(power_t=1.5)),
    Case("made_binary", how="early_stopping", more=_also(validation_fraction=0.4)),
    Case("made_multilabel", how="early_stopping", weights="real", more=_also(validation_fraction=0.25)),
    Case("iris", more=_also(n_iter_no_change=np.inf, tol=1.0)),
    Case("iris", more=_also(n_iter_no_change=1, tol=0.0)),
    Case("iris", "adaptive_nesterov", stop="early", more=_also(max_iter=400, learning_rate_init=0.1)),
    Case("diabetes", "adaptive", stop="early", more=_also(learning_rate_init=2e-6)),
    Case("wine", "lbfgs", more=_also(max_fun=7)),
    Case("wine", "lbfgs", more=_also(max_iter=1)),
    Case("wine", "lbfgs", alpha=1.0),
    Case("diabetes", "lbfgs", how="warm_start", seed="generator"),
    Case("digits", how="partial_fit", seed="generator", form="csr"),
    Case("made_outputs", how="early_stopping", seed="generator", form="csc"),
    Case("iris", "sgd", how="early_stopping", more=_also(warm_start=True)),
    Case("made_multiclass", how="partial_fit", more=_also(warm_start=True)),
)
"""What the covering does not vary: the defaults at full width, no hidden layer, the other parameters, and both ends."""


@cache
def grid() -> tuple[Case, ...]:
    """All cases, each once."""
    return tuple(dict.fromkeys(covering() + BY_HAND))


SLOW = {"digits": 8, "digits_raw": 8, "breast_cancer": 3, "breast_cancer_raw": 3}


@cache
def essential() -> tuple[Case, ...]:
    """Cases of the grid in which any two settings beside the data meet, and each data: greedily, quick ones first.

    These are the tests; the whole grid is for ``python -m benchmarks.parity``.
    """
    axes = [name for name in AXES if name != "data"]
    met = {case: _pairs(case, axes) for case in covering()}
    wanted = set().union(*met.values())
    left, chosen = dict.fromkeys(DATA), []
    while wanted or left:
        news = {case: len(pairs & wanted) + 20 * (case.data in left) for case, pairs in met.items()}
        best = max(news, key=lambda case: news[case] / (SLOW.get(case.data, 1) * (4 if case.is_measured else 1)))
        wanted -= met[best]
        left.pop(best.data, None)
        chosen.append(best)
    return tuple(chosen)


# --- fitting ---------------------------------------------------------------------------------------------------------


def fit(case: Case, classes: Sequence[Callable[..., Any]]) -> tuple[Any, set[tuple[str, str]]]:
    """The fitted estimator of a case, and the warnings it gave as (category, text)."""
    X, y, weights = case.arrays()
    model = classes[case.is_regression](**case.parameters)
    sliced = X.tocsr() if sparse.issparse(X) else X
    with threadpool_limits(1), warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        np.random.seed(9)  # for random_state=None
        if case.how == "partial_fit":
            classes_of_y = np.arange(y.shape[1]) if y.ndim == 2 else np.unique(y)
            first = {} if case.is_regression else {"classes": classes_of_y}
            parts = np.array_split(np.arange(len(y)), 3)
            for call in range(EPOCHS):
                rows = parts[call % 3]
                part = None if weights is None else weights[rows]
                like_X = FORMS[case.form](sliced[rows])
                model.partial_fit(like_X, y[rows], sample_weight=part, **(first if call == 0 else {}))
        elif case.how == "warm_start":
            model.fit(X, y, sample_weight=weights)
            _wait_anew(model)
            model.fit(X, y, sample_weight=weights)
        else:
            model.fit(X, y, sample_weight=weights)
    return model, {(each.category.__name__, str(each.message)) for each in given}


def _wait_anew(model: Any) -> None:
    """Renew scikit-learn's patience where it is used up, as ours is: docs/estimators.md says why it differs there."""
    if isinstance(model, theirs.BaseMultilayerPerceptron) and (
        getattr(model, "_no_improvement_count", 0) > model.n_iter_no_change
    ):
        model._no_improvement_count = 0
        model.best_validation_score_ = -np.inf if model.early_stopping else None
        model.best_loss_ = None if model.early_stopping else np.inf


@contextmanager
def nudged(seed: int | None) -> Iterator[None]:
    """Start scikit-learn's fits in this block one ulp away: every weight up, or up and down as the seed draws."""
    original = theirs.BaseMultilayerPerceptron._init_coef
    rng = None if seed is None else np.random.RandomState(seed)

    def one_ulp_away(model: Any, fan_in: int, fan_out: int, dtype: Any) -> Any:
        coefs, intercepts = original(model, fan_in, fan_out, dtype)
        signs = np.ones(coefs.shape) if rng is None else rng.choice([-1.0, 1.0], coefs.shape)
        return np.nextafter(coefs, (signs * np.inf).astype(coefs.dtype)), intercepts

    with patch.object(theirs.BaseMultilayerPerceptron, "_init_coef", one_ulp_away):
        yield


# --- comparing -------------------------------------------------------------------------------------------------------


def share(expected: Any, actual: Any) -> float:
    """The largest absolute difference as a share of the largest entry expected, max |a − e| / max |e|."""
    expected, actual = np.asarray(expected), np.asarray(actual)
    if expected.shape != actual.shape:
        return np.inf
    if expected.dtype.kind not in "fiu":
        return 0.0 if np.array_equal(expected, actual) else np.inf
    both_nan = np.isnan(expected) & np.isnan(actual)
    gap = np.where(both_nan, 0.0, np.abs(actual.astype(float) - expected.astype(float)))
    if not gap.any() or gap.max() <= LEAST:
        return 0.0
    scale = np.nanmax(np.abs(expected))
    return float(gap.max() / scale) if scale > 0 and np.isfinite(gap).all() else np.inf


def arrays_of(model: Any, case: Case) -> dict[str, Any]:
    """Every array of a fitted model that two fits can be compared by."""
    X = case.arrays()[0]
    found = {f"coefs_[{i}]": W for i, W in enumerate(model.coefs_)}
    found |= {f"intercepts_[{i}]": b for i, b in enumerate(model.intercepts_)}
    found |= {"predict": model.predict(X), "loss_": model.loss_}
    if not case.is_regression:
        found["predict_proba"] = model.predict_proba(X)
    if case.parameters["solver"] != "lbfgs":
        found["loss_curve_"] = model.loss_curve_
        if model.best_loss_ is not None:
            found["best_loss_"] = model.best_loss_
        if model.validation_scores_ is not None:
            found["validation_scores_"] = model.validation_scores_
            found["best_validation_score_"] = model.best_validation_score_
    return found


def differences(case: Case, expected: Any, actual: Any) -> dict[str, float]:
    """The difference of each array of two fitted models."""
    left, right = arrays_of(expected, case), arrays_of(actual, case)
    return {name: share(value, right.get(name)) for name, value in left.items()}


def effect_of_one_ulp(case: Case, expected: Any) -> float:
    """What one ulp in every initial weight does to scikit-learn's own result, the largest of three."""
    effects = []
    for seed in (None, 0, 1):
        with nudged(seed):
            away, _ = fit(case, SCIKIT_LEARN)
        effects.append(max(differences(case, expected, away).values()))
    return max(effects)


EXACT = ("n_iter_", "t_", "n_layers_", "n_outputs_", "out_activation_", "n_features_in_")


def compare(case: Case, ours: Sequence[Callable[..., Any]] = OURS) -> dict[str, Any]:
    """Fit scikit-learn's estimator and ours on one case and say how far they are apart.

    Returns a dict: `differences` by array as shares of its largest entry, the `largest` and `where`, the `tolerance`,
    `n_iter` and `warnings` of both, `unlike` (what is to be equal and is not), and `ok`.
    """
    expected, warned = fit(case, SCIKIT_LEARN)
    try:
        actual, warned_too = fit(case, ours)
    except Exception as error:  # a case that fails is a row of the table, not its end
        return {
            "case": case,
            "differences": {},
            "largest": np.inf,
            "where": f"fit raised {error!r}",
            "tolerance": 0.0,
            "n_iter": (expected.n_iter_, 0),
            "warnings": (warned, set()),
            "unlike": ["error"],
            "ok": False,
        }
    found = differences(case, expected, actual)
    where = max(found, key=lambda name: found[name])
    if case.is_measured:
        tolerance = max(FLOOR[case.dtype], 10 * effect_of_one_ulp(case, expected))
    else:
        tolerance = 1e-6 if case.solver == "lbfgs" else 1e-9
    unlike = [name for name in EXACT if getattr(expected, name, None) != getattr(actual, name, None)]
    dtypes = [[array.dtype for array in model.coefs_ + model.intercepts_] for model in (expected, actual)]
    if dtypes[0] != dtypes[1]:
        unlike.append("dtype")
    if warned != warned_too:
        unlike.append("warnings")
    return {
        "case": case,
        "differences": found,
        "largest": found[where],
        "where": where,
        "tolerance": tolerance,
        "n_iter": (expected.n_iter_, actual.n_iter_),
        "warnings": (warned, warned_too),
        "unlike": unlike,
        "ok": found[where] <= tolerance and not unlike,
    }


# --- telling ---------------------------------------------------------------------------------------------------------


def engines_for(case: Case) -> tuple[str, ...]:
    """Which engines fit a case: sparse samples are the textbook's."""
    return ("textbook",) if sparse.issparse(case.arrays()[0]) else tuple(BY_ENGINE)


def _group(result: dict[str, Any]) -> tuple[str, str, str, str]:
    case = result["case"]
    how = "10 × one ulp" if case.is_measured else f"{result['tolerance']:.0e}"
    return result["engine"], case.parameters["solver"], case.task, how


def tables(results: Iterable[dict[str, Any]], each: bool) -> Iterator[Table]:
    """The rows by solver and task, then the cases that fail; every case where each is asked for."""
    results = list(results)
    groups: dict[tuple[str, str, str, str], list[dict[str, Any]]] = {}
    for result in results:
        groups.setdefault(_group(result), []).append(result)
    table = Table(
        "engine",
        "solver",
        "task",
        "cases",
        "largest difference",
        "tolerance",
        "of",
        "",
        title="chainrule and scikit-learn",
    )
    for key in sorted(groups):
        group = groups[key]
        worst = max(group, key=lambda result: result["largest"] / max(result["tolerance"], 1e-300))
        tolerance = f"{worst['tolerance']:.0e}" + (" (10 × one ulp)" if worst["case"].is_measured else "")
        verdict = "ok" if all(result["ok"] for result in group) else "not ok"
        table.add_row(*key[:3], str(len(group)), f"{worst['largest']:.1e}", tolerance, worst["where"], verdict)
    yield table
    shown = results if each else [result for result in results if not result["ok"]]
    if shown:
        table = Table("engine", "case", "largest", "tolerance", "of", "n_iter_", "unlike", "")
        for result in shown:
            table.add_row(
                result["engine"],
                str(result["case"]),
                f"{result['largest']:.1e}",
                f"{result['tolerance']:.0e}",
                result["where"],
                "{} {}".format(*result["n_iter"]),
                ", ".join(result["unlike"]),
                "ok" if result["ok"] else "not ok",
            )
        yield table


def main(arguments: list[str] | None = None) -> int:
    """Fit the grid, print the table, and return 1 where a case fails."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.parity", description=__doc__)
    parser.add_argument("--all", action="store_true", help="print every case")
    parser.add_argument("--only", default="", help="run the cases whose name contains this")
    parser.add_argument("--engine", choices=tuple(BY_ENGINE), help="fit with this one alone")
    options = parser.parse_args(arguments)
    start = time.perf_counter()
    results = [
        {"engine": engine, **compare(case, BY_ENGINE[engine])}
        for case in grid()
        if options.only in str(case)
        for engine in engines_for(case)
        if options.engine in (None, engine)
    ]
    console = Console(width=None if sys.stdout.isatty() else 160)
    for table in tables(results, options.all):
        console.print(table)
    failed = sum(not result["ok"] for result in results)
    console.print(f"{len(results)} cases, {failed} not ok, {time.perf_counter() - start:.0f} s")
    for what, why in DELIBERATE.items():
        console.print(f"On purpose: {what}. {why}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
