"""Right programs, generated: form × convention × loss × layout × whether the loss is told, none of them wrong."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule import Dense, Network

CONVENTIONS = {"mean": (1.0, False), "sum": (1.0, True), "double": (2.0, False), "half": (0.5, False)}
CONVENTIONS |= {"ascent": (-1.0, False), "double sum": (2.0, True), "ascent of the sum": (-1.0, True)}
HEADS = {
    "log_loss": ("sigmoid", (1, 2)),
    "cross_entropy": ("softmax", (3,)),
    "half_squared_error": ("identity", (1, 2)),
    "squared sigmoid": ("sigmoid", (1, 2)),
}


@dataclass(frozen=True)
class Program:
    """A right program: what is handed over, its network, and how it was made."""

    code: Any
    net: Network
    told: bool
    convention: str
    made_of: str


def core(net: Network, weights: Any, biases: Any, X: Any, T: Any, convention: str = "mean") -> Any:
    """Loss and gradients dW, db of a network in a convention, with arrays as the textbook has them."""
    activations, slopes = [np.asarray(X, dtype=float)], []
    for layer, W, b in zip(net.layers, weights, biases, strict=True):
        Z = activations[-1] @ W + (0.0 if b is None else np.ravel(b))
        A, slope = _activated(layer.activation.name, Z)
        activations.append(A)
        slopes.append(slope)
    Y, N = activations[-1], len(activations[0])
    loss, d = _loss(net, Y, T, slopes[-1])
    factor = CONVENTIONS[convention][0] / (1.0 if CONVENTIONS[convention][1] else N)
    d, dW, db = d * factor, [], []
    for k in range(len(net.layers) - 1, -1, -1):
        dW.insert(0, activations[k].T @ d)
        db.insert(0, None if biases[k] is None else d.sum(axis=0))
        d = (d @ weights[k].T) * slopes[k - 1] if k else d
    return factor * loss, dW, db, Y


def _activated(name: str, Z: Any) -> Any:
    if name == "softmax":
        e = np.exp(Z - Z.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True), 1.0
    A = {"sigmoid": lambda z: 1 / (1 + np.exp(-z)), "tanh": np.tanh, "relu": lambda z: np.maximum(z, 0)}
    slope = {"sigmoid": lambda a: a * (1 - a), "tanh": lambda a: 1 - a * a, "relu": lambda a: 1.0 * (a > 0)}
    return (Z, 1.0) if name == "identity" else ((a := A[name](Z)), slope[name](a))


def _loss(net: Network, Y: Any, T: Any, slope: Any) -> Any:
    """The sum over the samples, and ∂/∂Z of it."""
    if net.loss.name == "half_squared_error":
        return 0.5 * ((Y - T) ** 2).sum(), (Y - T) * slope
    if net.loss.name == "cross_entropy":
        return -(T * np.log(Y + 1e-12)).sum(), Y - T
    return -(T * np.log(Y) + (1 - T) * np.log(1 - Y)).sum(), Y - T


FORMS: dict[str, str] = {
    "lists": """
        def backprop(weights, biases, X, T):
            loss, dW, db, Y = core(weights, biases, X, T)
            return told(loss, dW, db)
    """,
    "blocks": """
        def backprop(X, T, {names}):
            loss, dW, db, Y = core([{W}], [{b}], X, T)
            return told(loss, *blocks(dW, db))
    """,
    "dict": """
        def backward(params, X, y):
            loss, dW, db, Y = core(*of_dict(params), X, y)
            return told(loss, as_dict(dW, db))
    """,
    "columns": """
        def back_prop(parameters, X, Y):
            W, b = of_dict(parameters)
            loss, dW, db, A = core([w.T for w in W], [None if c is None else c.ravel() for c in b], X.T, Y.T)
            return told(loss, as_dict([w.T for w in dW], [None if c is None else c[:, None] for c in db]))
    """,
    "flat": """
        def backprop(theta, X, T):
            views = net.views(theta)
            loss, dW, db, Y = core([w for w, _ in views], [c for _, c in views], X, T)
            return told(loss, np.concatenate([one.ravel() for one in blocks(dW, db)]))
    """,
    "thetas": """
        def gradients({thetas}, X, y):
            W, b = of_stacks([{thetas}])
            loss, dW, db, Y = core(W, b, X, y)
            return told(loss, *stacks(dW, db))
    """,
    "unrolled": """
        def cost_function(nn_params, X, y):
            W, b = of_stacks(rolled(nn_params))
            loss, dW, db, Y = core(W, b, X, y)
            return told(loss, np.concatenate([one.ravel() for one in stacks(dW, db)]))
    """,
    "one sample": """
        def step(x, t, {names}):
            loss, dW, db, Y = core([{W}], [{b}], x[None, :], np.reshape(t, (1, -1)))
            return told(loss, *blocks(dW, db))
    """,
    "returns": """
        class Net(Holder):
            def forward(self, X):
                self.X = X
                return core(self.weights, self.biases, X, self.any_targets(X))[3]

            def backward(self, T):
                loss, dW, db, Y = core(self.weights, self.biases, self.X, T)
                return told(loss, dW, db)
    """,
    "keeps": """
        class Net(Holder):
            def forward(self, X):
                self.X = X
                return core(self.weights, self.biases, X, self.any_targets(X))[3]

            def backward(self, T):
                loss, self.dW, self.db, Y = core(self.weights, self.biases, self.X, T)
    """,
    "updates": """
        class Net(Holder):
            def forward(self, X):
                self.X = X
                return core(self.weights, self.biases, X, self.any_targets(X))[3]

            def backward(self, T, lr):
                loss, dW, db, Y = core(self.weights, self.biases, self.X, T)
                self.move(dW, db, lr)
    """,
    "trains": """
        class Net(Holder):
            learning_rate = 0.5

            def train(self, X, y, epochs=1):
                self.learning_rate = self.__dict__.setdefault("learning_rate", 0.5)
                for _ in range(epochs):
                    loss, dW, db, Y = core(self.weights, self.biases, X, y)
                    self.move(dW, db, self.learning_rate)
    """,
    "loss and grads": """
        class Net(Holder):
            def loss(self, X, y):
                loss, dW, db, Y = core(self.weights, self.biases, X, y)
                return loss, as_dict(dW, db)
    """,
    "globals": """
        weights = [w.copy() for w in some_weights]
        biases = [None if c is None else c.copy() for c in some_biases]

        def train_step(X, T):
            loss, dW, db, Y = core(weights, biases, X, T)
            return told(loss, dW, db)
    """,
    "module after forward": """
        weights = [w.copy() for w in some_weights]
        biases = [None if c is None else c.copy() for c in some_biases]

        def forward(X):
            global came
            came = X
            return core(weights, biases, X, np.full((len(X), weights[-1].shape[1]), 0.5))[3]

        def backward(T):
            loss, dW, db, Y = core(weights, biases, came, T)
            return told(loss, dW, db)
    """,
    "module and update": """
        weights = [w.copy() for w in some_weights]
        biases = [None if c is None else c.copy() for c in some_biases]
        cache = dict()

        def forward_pass(X):
            cache["X"] = X

        def update_weights(lr):
            for k, (dw, dc) in enumerate(cache["errors"]):
                weights[k] -= lr * dw
                if dc is not None:
                    biases[k] -= lr * dc

        def backward_pass(T):
            loss, dW, db, Y = core(weights, biases, cache["X"], T)
            cache["errors"] = list(zip(dW, db))
    """,
    "in place": """
        def update(weights, biases, X, T, lr):
            loss, dW, db, Y = core(weights, biases, X, T)
            for k in range(len(weights)):
                weights[k] -= lr * dW[k]
                if biases[k] is not None:
                    biases[k] -= lr * db[k]
    """,
}
NEVER_TOLD = ("keeps", "updates", "trains", "module and update", "in place")
TOLD = ("loss and grads",)
STEPS = ("updates", "trains", "module and update", "in place")


class Holder:
    """An object with lists of weights and biases."""

    def __init__(self, weights: Any, biases: Any) -> None:
        self.weights = [w.copy() for w in weights]
        self.biases = [None if c is None else c.copy() for c in biases]

    def any_targets(self, X: Any) -> Any:
        """Targets of whatever value: the outputs do not depend on them."""
        return np.full((len(X), self.weights[-1].shape[1]), 0.5)

    def move(self, dW: Any, db: Any, rate: float) -> None:
        """Step down."""
        for k, (w, c) in enumerate(zip(dW, db, strict=True)):
            self.weights[k] -= rate * w
            if c is not None:
                self.biases[k] -= rate * c


def program(form: str, seed: int) -> Program:
    """Draw a network, a convention and whether the loss is told, and write the program in this form."""
    rng = np.random.RandomState(seed)
    loss = list(HEADS)[rng.randint(len(HEADS))]
    output, widths = HEADS[loss]
    hidden = [
        Dense(int(rng.randint(3, 6)), str(rng.choice(["sigmoid", "tanh", "relu"]))) for _ in range(rng.randint(3))
    ]
    bias = form in ("thetas", "unrolled") or rng.rand() < 0.8
    layers = [*hidden, Dense(int(rng.choice(widths)), output, bias=bool(bias))]
    net = Network(layers, n_features=2, loss="half_squared_error" if loss == "squared sigmoid" else loss)
    convention = str(rng.choice(list(CONVENTIONS)))
    if form == "one sample":  # whose sum is its mean
        convention = {"sum": "mean", "double sum": "double", "ascent of the sum": "ascent"}.get(convention, convention)
    if form in STEPS and CONVENTIONS[convention][0] < 0:
        convention = "sum"
    told = form in TOLD or (form not in NEVER_TOLD and rng.rand() < 0.5)
    source = textwrap.dedent(FORMS[form]).format(**_names(net))
    space = _space(net, convention, told=told, rng=rng)
    exec(compile(source, f"<{form} {seed}>", "exec"), space)  # noqa: S102 - text of our own
    code = space["Net"](space["some_weights"], space["some_biases"]) if "Net" in space else _last_function(space)
    return Program(code, net, told, convention, f"{form} {seed}: {convention}, told={told}, {net}")


def _last_function(space: dict[str, Any]) -> Any:
    return [one for name, one in space.items() if callable(one) and getattr(one, "__globals__", None) is space][-1]


def _names(net: Network) -> dict[str, str]:
    W = [f"W{k}" for k in range(1, len(net.layers) + 1)]
    b = [f"b{k}" if layer.bias else "None" for k, layer in enumerate(net.layers, start=1)]
    thetas = ", ".join(f"Theta{k}" for k in range(1, len(net.layers) + 1))
    return {"names": ", ".join(net.shapes), "W": ", ".join(W), "b": ", ".join(b), "thetas": thetas}


def _space(net: Network, convention: str, *, told: bool, rng: Any) -> dict[str, Any]:
    """What the programs have at hand."""
    views = net.views(rng.normal(size=net.n_parameters))

    def blocks(dW: Any, db: Any) -> list[Any]:
        return [one for pair in zip(dW, db, strict=True) for one in pair if one is not None]

    def as_dict(dW: Any, db: Any) -> dict[str, Any]:
        return dict(zip([f"d{name}" for name in net.shapes], blocks(dW, db), strict=True))

    def of_dict(params: Any) -> Any:
        numbers = range(1, len(net.layers) + 1)
        return [params[f"W{k}"] for k in numbers], [params.get(f"b{k}") for k in numbers]

    def rolled(flat: Any) -> list[Any]:
        found, at = [], 0
        for W, _ in views:
            rows, columns = W.shape[1], W.shape[0] + 1
            found.append(flat[at : at + rows * columns].reshape(rows, columns))
            at += rows * columns
        return found

    return {
        "np": np,
        "net": net,
        "Holder": Holder,
        "core": lambda W, b, X, T: core(net, W, b, X, T, convention),
        "told": lambda loss, *rest: (loss, *rest) if told else rest if len(rest) > 1 else rest[0],
        "blocks": blocks,
        "as_dict": as_dict,
        "of_dict": of_dict,
        "of_stacks": lambda thetas: ([theta[:, 1:].T for theta in thetas], [theta[:, 0] for theta in thetas]),
        "stacks": lambda dW, db: [np.vstack([c, w]).T for w, c in zip(dW, db, strict=True)],
        "rolled": rolled,
        "some_weights": [w for w, _ in views],
        "some_biases": [c for _, c in views],
    }
