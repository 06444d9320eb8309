"""The students of the fresh corpus: what each meant to write, how he is called, and how his blocks read."""

# ruff: noqa: ARG001 (all students are called, and read, through one signature, needed or not)

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.base import Base
from corpus.case import Result, hand
from corpus.held_out.programs import interleave, net

if TYPE_CHECKING:
    from types import ModuleType

    from corpus.case import Array, Arrays, Biases, State

Blocks = tuple[list[Any], list[Any]]
Student = partial(Base, folder=Path(__file__).parent / "bases")
RATE = 0.05


def in_dict(weights: Arrays, biases: Biases, W: str, b: str) -> dict[str, Any]:
    """Name the blocks W1, b1, W2 and so on, with other letters if he likes."""
    names = [f"{letter}{layer}" for layer in range(1, len(weights) + 1) for letter in (W, b)]
    return dict(zip(names, interleave(weights, biases), strict=True))


def read_pairs(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """A list of (W, b) or (b, W)."""
    blocks = [sorted((np.asarray(one), np.asarray(other)), key=np.ndim) for one, other in gradients]
    return [W for _, W in blocks], [b for b, _ in blocks]


def call_tape(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``run(params, X, T, lam)`` gives the loss, the outputs and a dict of gradients."""
    params = in_dict(weights, biases, "W", "b")
    hand(state, X, T, *params.values())
    return Result(*module.run(params, X, T, l2))


def read_tape(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """W1, b1, W2 and so on."""
    layers = range(1, len(weights) + 1)
    return [gradients[f"W{i}"] for i in layers], [gradients[f"b{i}"] for i in layers]


def keys(weights: Arrays) -> tuple[list[str], list[str]]:
    """The names of the inputs and of the hidden units of ``rowdicts``."""
    return ["age", "income"], [f"h{j}" for j in range(1, weights[0].shape[1] + 1)]


def call_rowdicts(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``logloss`` and ``gradient`` of rows as dicts and weights by (from, to)."""
    columns, hidden = keys(weights)
    rows = [
        dict(zip([*columns, "label"], [*x, t], strict=True)) for x, (t,) in zip(X.tolist(), T.tolist(), strict=True)
    ]
    w = {(c, h): float(weights[0][i, j]) for i, c in enumerate(columns) for j, h in enumerate(hidden)}
    w |= {("bias", h): float(b) for h, b in zip(hidden, np.ravel(biases[0]), strict=True)}
    w |= {(h, "out"): float(v) for h, v in zip(hidden, weights[1][:, 0], strict=True)}
    w["bias", "out"] = float(np.ravel(biases[1])[0])
    Y, loss = [module.predict(row, w)["p"] for row in rows], float(module.logloss(rows, w))
    copies = [dict(row) for row in rows]
    gradients = module.gradient(rows, w)
    hand(state, X, T)
    state["handed"] += [
        (list(row.values()), np.array(list(old.values()))) for row, old in zip(rows, copies, strict=True)
    ]
    return Result(loss, Y, {"/".join(key): value for key, value in gradients.items()})


def read_rowdicts(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """By (from, to), joined by a slash."""
    columns, hidden = keys(weights)
    dW1 = np.array([[gradients[f"{c}/{h}"] for h in hidden] for c in columns])
    dW2 = np.array([[gradients[f"{h}/out"]] for h in hidden])
    return [dW1, dW2], [np.array([gradients[f"bias/{h}"] for h in hidden]), np.array([gradients["bias/out"]])]


def call_modules(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``Classifier.fit_batch(x, onehot)`` moves the weights of its layers, which live on from call to call."""
    hand(state, X, T, *interleave(weights, biases))
    before = [block.copy() for block in interleave(weights, biases)]
    if "model" not in state:
        linears = [module.Linear(W, b) for W, b in zip(weights, biases, strict=True)]
        state["model"] = module.Classifier(*linears, module.SGD(RATE, l2))
    model = state["model"]
    for linear, W, b in zip(model.linears, weights, biases, strict=True):
        linear.W, linear.b = W, b
    loss, Y = model.fit_batch(X, T)
    after = [block.copy() for linear in model.linears for block in (linear.W, linear.b)]
    return Result(float(loss), Y, (before, after), updated=True, rate=RATE)


def read_interleaved(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """W1, b1, W2 and so on."""
    return list(gradients[0::2]), list(gradients[1::2])


def call_recur(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``descend(layers, x, t)`` of triples (W, b, name of the activation)."""
    hand(state, X, T, *interleave(weights, biases))
    layers = list(zip(weights, biases, ("softplus", "tanh", "sigmoid", "sigmoid"), strict=True))
    Y = module.outputs(layers, X)
    loss, _, gradients = module.descend(layers, X, T)
    return Result(float(loss), Y, gradients)


def call_thetas(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``cost`` and ``gradient`` of (Theta1, Theta2, Theta3, X, Y, lam): bias in column 0, samples are columns."""
    thetas = [np.column_stack([b, W.T]) for W, b in zip(weights, biases, strict=True) if b is not None]
    X, T = X.T.copy(), T.T.copy()
    hand(state, X, T, *thetas)
    Y, loss = module.forward(*thetas, X)[-1], float(module.cost(*thetas, X, T, l2))
    return Result(loss, Y, module.gradient(*thetas, X, T, l2))


def read_thetas(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """Part the first column, transpose the rest."""
    return [G[:, 1:].T for G in gradients], [G[:, 0] for G in gradients]


def call_einstein(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``mse`` and ``grad_mse`` of (p, x, t, wd), p a dict."""
    p = in_dict(weights, biases, "w", "c")
    hand(state, X, T, *p.values())
    Y, loss = module.model(p, X)[-1], float(module.mse(p, X, T, l2))
    return Result(loss, Y, module.grad_mse(p, X, T, l2))


def read_einstein(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """w1, c1, w2 and so on."""
    layers = range(1, len(weights) + 1)
    return [gradients[f"w{i}"] for i in layers], [gradients[f"c{i}"] for i in layers]


def call_streams(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``squared`` and ``collect`` of (X, T, params): params are pairs, W is (n_out, n_in)."""
    params = [(W.T.copy(), b) for W, b in zip(weights, biases, strict=True)]
    hand(state, X, T, *(block for pair in params for block in pair))
    Y, loss = [list(module.rise(x, params))[-1][-1] for x in X], float(module.squared(X, T, params))
    return Result(loss, Y, [(dW.copy(), db.copy()) for dW, db in module.collect(X, T, params)])


def read_streams(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """Pairs, transposed; the output layer first or last."""
    first_last = np.shape(gradients[0][0]) != weights[0].T.shape
    found = gradients[::-1] if first_last else gradients
    return [dW.T for dW, _ in found], [db for _, db in found]


def call_units(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``fun`` and ``jac`` of (theta, X, T, lam): theta has every unit's bias before its weights."""
    theta = np.concatenate([np.column_stack([b, W.T]).ravel() for W, b in zip(weights, biases, strict=True)])
    hand(state, X, T, theta)
    Y, loss = module.feed(theta, X)[-1], float(module.fun(theta, X, T, l2))
    return Result(loss, Y, module.jac(theta, X, T, l2))


def read_units(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """Cut the vector into one matrix a layer, a row for a unit."""
    shapes = [(W.shape[1], 1 + W.shape[0]) for W in weights]
    parts = np.split(gradients, np.cumsum([rows * columns for rows, columns in shapes])[:-1])
    return read_thetas([part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)], weights, biases)


def call_steps(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``Regressor.update(X, y)`` moves W, b, v and c; y and v are vectors, c a number."""
    (W, V), (b, c), y = weights, biases, T[:, 0].copy()
    v, number = V[:, 0].copy(), float(np.ravel(c)[0])
    hand(state, X, y, W, b, v)
    before = [W.copy(), np.array(b), v.copy(), number]
    if "model" not in state:
        state["model"] = module.Regressor(W, b, v, number, RATE)
    model = state["model"]
    model.W, model.b, model.v, model.c = W, b, v, number
    Y, loss = model.predict(X), float(model.loss(X, y))
    model.update(X, y)
    return Result(loss, Y, (before, [model.W, model.b, model.v, model.c]), updated=True, rate=RATE)


def read_steps(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """W, b, v, c."""
    W, b, v, c = gradients
    return [W, np.reshape(v, (-1, 1))], [b, np.atleast_1d(c)]


def call_onehot(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``nll`` and ``nll_grad`` of (W, b, x, onehot, lam), one layer."""
    W, b = weights[0], biases[0]
    hand(state, X, T, W, b)
    Y, loss = module.probs(W, b, X), float(module.nll(W, b, X, T, l2))
    return Result(loss, Y, module.nll_grad(W, b, X, T, l2))


def read_onehot(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """A dict."""
    return [gradients["W"]], [gradients["b"]]


HALF, LOG, CROSS = "half_squared_error", "log_loss", "cross_entropy"
STUDENTS = (
    Student("tape", net([2, 3, 3, 2], "tanh tanh identity", HALF), call_tape, read_tape, "a tape of closures", l2=0.08),
    Student("rowdicts", net([2, 3, 1], "relu sigmoid", LOG), call_rowdicts, read_rowdicts, "dicts of numbers"),
    Student("modules", net([3, 4, 4, 3], "relu tanh softmax", CROSS), call_modules, read_interleaved,
            "an optimizer's step", l2=0.06),
    Student("recur", net([2, 3, 3, 3, 2], "softplus tanh sigmoid sigmoid", LOG), call_recur, read_pairs, "recursion"),
    Student("thetas", net([3, 3, 3, 3], "tanh relu softmax", CROSS), call_thetas, read_thetas,
            "the bias is column 0, samples are columns", l2=0.2, l2_scale="0.5"),
    Student("einstein", net([3, 4, 4, 2], "sigmoid tanh identity", HALF), call_einstein, read_einstein,
            "mean over samples and outputs", l2=0.05, scale="2/K"),
    Student("streams", net([2, 3, 3, 3], "tanh tanh sigmoid", HALF), call_streams, read_streams, "generators"),
    Student("units", net([2, 4, 2], "relu sigmoid", LOG), call_units, read_units,
            "flat, each unit's bias before its weights", l2=0.1),
    Student("steps", net([3, 3, 1], "relu identity", HALF), call_steps, read_steps, "a step; targets are a vector"),
    Student("onehot", net([3, 3], "softmax", CROSS), call_onehot, read_onehot, "no hidden layer", l2=0.15),
)  # fmt: skip
