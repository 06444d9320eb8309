"""Random models to write as ONNX: every activation, loss, kind of label and dtype, chosen by a seed."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.exceptions import ConvergenceWarning
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from chainrule import Dense, HiddenActivations, MLPClassifier, MLPRegressor, Network
from chainrule.estimators.classifier import MARGINS
from chainrule.estimators.regressor import ROBUST
from chainrule.maths.activations import ACTIVATIONS
from chainrule.maths.losses import LOSSES

ROUTES = ("network", "classifier", "regressor", "hidden layer", "pipeline")
N_SAMPLES = 60
LARGEST_Z = 30.0  # of any layer: beyond it exp in a hidden layer leaves float32


@dataclass(frozen=True)
class Case:
    """A model, samples, and what it says of them: numbers, and labels where it has classes."""

    route: str
    model: Any
    X: np.ndarray
    numbers: np.ndarray
    labels: np.ndarray | None = None


def random_case(seed: int) -> Case:
    """Draw a model: the route and the dtype by turns, everything else by the seed."""
    rng = np.random.RandomState(seed)
    route = ROUTES[seed % len(ROUTES)]
    X = rng.normal(size=(N_SAMPLES, rng.randint(1, 7))).astype((np.float32, np.float64)[seed // len(ROUTES) % 2])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return MAKERS[route](X, rng)


def _network(X: np.ndarray, rng: np.random.RandomState) -> Case:
    loss = _pick(LOSSES.values(), rng)
    n_outputs = rng.randint(2 if loss.domain.rows else 1, 6)
    last = [
        one for one in ACTIVATIONS.values() if loss.domain.contains(one.range) and (n_outputs > 1 or not one.range.rows)
    ]
    hidden = [Dense(rng.randint(2, 12), _pick(ACTIVATIONS, rng), bool(rng.randint(2))) for _ in range(rng.randint(4))]
    net = Network([*hidden, Dense(n_outputs, _pick(last, rng), bool(rng.randint(2)))], X.shape[1], loss)
    theta = _calmed(net, rng.normal(size=net.n_parameters).astype(X.dtype), X)
    return Case("network", (net, theta), X, net.predict(theta, X))


def _classifier(X: np.ndarray, rng: np.random.RandomState) -> Case:
    clf = _fitted(MLPClassifier(loss=_pick(("log_loss", "log_loss", *MARGINS), rng), **_settings(rng)), X, _y(X, rng))
    return Case("classifier", clf, X, _scores(clf, X), clf.predict(X))


def _regressor(X: np.ndarray, rng: np.random.RandomState) -> Case:
    y = np.abs(X @ rng.normal(size=(X.shape[1], rng.randint(1, 4))))
    reg = MLPRegressor(loss=_pick(("squared_error", "poisson", *ROBUST), rng), **_settings(rng))
    reg = _fitted(reg, X, y.ravel() if y.shape[1] == 1 else y)
    return Case("regressor", reg, X, reg.predict(X))


def _hidden_layer(X: np.ndarray, rng: np.random.RandomState) -> Case:
    mlp = MLPClassifier(**_settings(rng, at_least=1))
    step = HiddenActivations(mlp, layer=-1).fit(X, X[:, 0] > 0)
    return Case("hidden layer", step, X, step.transform(X))


def _pipeline(X: np.ndarray, rng: np.random.RandomState) -> Case:
    half = X.shape[1] // 2
    scale = ColumnTransformer(
        [("standard", StandardScaler(), list(range(half))), ("unit", MinMaxScaler(), list(range(half, X.shape[1])))]
    )
    if rng.randint(2):
        pipe = make_pipeline(scale, MLPClassifier(**_settings(rng))).fit(X, _y(X, rng))
        return Case("pipeline", pipe, X, _scores(pipe, X), pipe.predict(X))
    loss = _pick(("squared_error", "poisson"), rng)
    pipe = make_pipeline(scale, MLPRegressor(loss=loss, **_settings(rng))).fit(X, np.abs(X[:, 0]))
    return Case("pipeline", pipe, X, pipe.predict(X))


MAKERS = {
    "network": _network,
    "classifier": _classifier,
    "regressor": _regressor,
    "hidden layer": _hidden_layer,
    "pipeline": _pipeline,
}


def _pick(members: Any, rng: np.random.RandomState) -> Any:
    members = list(members)
    return members[rng.randint(len(members))]


def _settings(rng: np.random.RandomState, at_least: int = 0) -> dict[str, Any]:
    """Hidden layers, each with an activation of its own, and a short training."""
    sizes = tuple(int(size) for size in rng.randint(2, 12, size=rng.randint(at_least, 4)))
    activations = [_pick(ACTIVATIONS, rng) for _ in sizes]
    return {"hidden_layer_sizes": sizes, "activation": activations, "max_iter": 3, "random_state": 0}


def _y(X: np.ndarray, rng: np.random.RandomState) -> np.ndarray:
    """Two to five classes named by whole numbers, strings, truth values or floats, or several labels a sample."""
    scores = X @ rng.normal(size=(X.shape[1], rng.randint(2, 6)))
    kind = _pick(("int", "str", "bool", "float", "many"), rng)
    if kind == "many":
        return (scores > 0).astype(int)
    if kind == "bool":
        return scores[:, 0] > 0
    classes = scores.argmax(axis=1)
    return {"int": 3 * classes - 4, "str": np.array(["a", "bc", "d", "e é", ""])[classes], "float": 1.0 * classes}[kind]


def _fitted(mlp: Any, X: np.ndarray, y: np.ndarray) -> Any:
    """Return an estimator after a short training, its weights larger than that makes them: sure of its answers."""
    mlp.fit(X, y)
    mlp.theta_ = _calmed(mlp.network_, 4 * mlp.theta_, X)
    return mlp


def _calmed(net: Network, theta: np.ndarray, X: np.ndarray) -> np.ndarray:
    """Return theta, halved until no pre-activation is beyond the largest."""
    while not max(np.abs(Z).max() for Z in net.forward(theta, X).Z) <= LARGEST_Z:
        theta = theta / 2
    return theta


def _scores(model: Any, X: np.ndarray) -> np.ndarray:
    return model.predict_proba(X) if hasattr(model, "predict_proba") else model.decision_function(X)
