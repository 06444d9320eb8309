"""Students who wrote functions of weights and data: how each is called, and how his blocks read."""

# ruff: noqa: ARG001 (all students are called, and read, through one signature, needed or not)

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.base import Base
from corpus.case import Result, hand
from corpus.networks import meant

if TYPE_CHECKING:
    from types import ModuleType

    from corpus.case import Array, Arrays, Biases, State

Blocks = tuple[list[Any], list[Any]]


def interleaved(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """Read dW1, db1, dW2, db2 and so on."""
    return list(gradients[0::2]), list(gradients[1::2])


def call_loops(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``gradient(X, T, W1, b1, W2, b2, lam)`` gives loss, dW1, db1, dW2, db2."""
    hand(state, X, T, *weights, *biases)
    parameters = [block for pair in zip(weights, biases, strict=True) for block in pair]
    loss, *gradients = module.gradient(X, T, *parameters, l2)
    Y = np.array([module.forward(x, *parameters)[-1] for x in X])
    return Result(loss, Y, gradients)


def call_rows(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``loss_and_grad(X, y, W1, b1, W2, b2)`` with y as the vector or column it is given."""
    hand(state, X, T, *weights, *biases)
    parameters = [block for pair in zip(weights, biases, strict=True) for block in pair]
    loss, gradients = module.loss_and_grad(X, T, *parameters)
    return Result(float(loss), module.forward(X, *parameters)[-1], gradients)


def call_columns(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """Columns are samples; parameters "W1", "b1" with W (n_out, n_in) and b a column; grads "dW1", "db1"."""
    parameters = {}
    for layer, (W, b) in enumerate(zip(weights, biases, strict=True), start=1):
        parameters[f"W{layer}"], parameters[f"b{layer}"] = W.T, b[:, None]
    hand(state, X, T, *parameters.values())
    AL, caches = module.L_model_forward(X.T, parameters)
    gradients = module.L_model_backward(AL, T.T, caches, l2)
    return Result(float(module.compute_cost(AL, T.T, parameters, l2)), AL, gradients)


def read_columns(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """Transpose dW, flatten db."""
    layers = range(1, len(weights) + 1)
    return [gradients[f"dW{i}"].T for i in layers], [gradients[f"db{i}"].ravel() for i in layers]


def call_hints(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``backprop(X, y_hat, w1, w2, w3)``; the loss from the logits."""
    hand(state, X, T, *weights)
    outputs = module.forward(X, *weights)
    loss = float(module.cross_entropy(T, outputs[4]))
    return Result(loss, outputs[-1], module.backprop(X, T, *weights))


def read_weights(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """Read dW1, dW2, … of a network without biases."""
    return list(gradients), [None] * len(weights)


def call_einsum(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``grads(x, t, w1, w2, w3)`` gives the last layer first."""
    hand(state, X, T, *weights)
    Y = module.net(X, *weights)[-1]
    loss = float(module.cross_entropy(Y, T))
    return Result(loss, Y, module.grads(X, T, *weights))


def read_backwards(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """Match by shape where the order differs: the last layer's comes first or last."""
    turned = gradients[0].shape != weights[0].shape
    return list(gradients)[:: -1 if turned else 1], [None] * len(weights)


def call_moons(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """S0: globals W, B, V; ``backprop(X1, X2, T)`` gives DW, DB, DV."""
    module.W, module.B, module.V = weights[0], biases[0], weights[1][:, 0]
    X1, X2, t = X[:, 0], X[:, 1], T[:, 0]
    hand(state, X, T, module.W, module.B, module.V)
    loss, Y = float(module.error(X1, X2, t)), module.forward(X1, X2)
    return Result(loss, Y, module.backprop(X1, X2, t))


def read_moons(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """DW, DB, DV with DV a vector."""
    DW, DB, DV = gradients
    return [DW, DV[:, None]], [DB, None]


def call_neuron(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """S2, one neuron: ``gradient(x, t, w, b)`` with a vector w and a number b."""
    w, b, t = weights[0][:, 0], float(biases[0][0]), T[:, 0]
    hand(state, X, T, w)
    Y = module.predict(X, w, b)
    return Result(float(module.cost(Y, t)), Y, module.gradient(X, t, w, b))


def read_neuron(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """A vector and a number."""
    return [gradients[0][:, None]], [np.atleast_1d(gradients[1])]


def call_tiny(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """S2, 2–2–1: nine derivatives in a dict."""
    W, bt, w, b, t = weights[0], biases[0], weights[1][:, 0], float(biases[1][0]), T[:, 0]
    hand(state, X, T, W, bt, w)
    gradients = module.grad(X, t, W, bt, w, b)
    Y = module.forward(X, W, bt, w, b)[-1]
    return Result(float(module.J(X, t, W, bt, w, b)), Y, gradients)


def read_tiny(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """Put the nine numbers in their places; W21 is from input 2 to unit 1."""
    g = gradients
    dW = np.array([[g["W11"], g["W12"]], [g["W21"], g["W22"]]])
    return [dW, np.array([[g["w1"]], [g["w2"]]])], [np.array([g["b1"], g["b2"]]), np.array([g["b"]])]


def call_augmented(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``mlp(theta1, theta2, X, T)`` with the bias as the last row of each theta."""
    thetas = [np.vstack([W, b]) for W, b in zip(weights, biases, strict=True)]
    hand(state, X, T, *thetas)
    loss, gradients, P = module.mlp(*thetas, X, T)
    return Result(float(loss), P, gradients)


def read_augmented(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """Part the last row from the others."""
    return [G[:-1] for G in gradients], [G[-1] for G in gradients]


def call_homogen(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``backprop(Ws, X, T)``: columns are samples, each W (n_out, n_in + 1) with the bias as its last column."""
    Ws = [np.column_stack([W.T, b]) for W, b in zip(weights, biases, strict=True)]
    hand(state, X, T, *Ws)
    loss, gradients, Y = module.backprop(Ws, X.T, T.T)
    return Result(float(loss), Y, gradients)


def read_homogen(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """Part the last column, transpose the rest."""
    return [G[:, :-1].T for G in gradients], [G[:, -1] for G in gradients]


def call_onlineaug(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``total_gradient(theta_hidden, theta_out, X, T)``: the bias is the first row of each theta."""
    thetas = [np.vstack([b, W]) for W, b in zip(weights, biases, strict=True)]
    hand(state, X, T, *thetas)
    Y = np.array([module.run(*thetas, x)[-1] for x in X])
    loss, gradients = module.total_gradient(*thetas, X, T)
    return Result(float(loss), Y, gradients)


def read_onlineaug(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """Part the first row from the others."""
    found = [gradients["hidden"], gradients["out"]]
    return [G[1:] for G in found], [G[0] for G in found]


def call_recursion(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``backprop(layers, X, T)`` with layers [(W, b), …]; no outputs."""
    hand(state, X, T, *weights, *biases)
    loss, gradients = module.backprop(list(zip(weights, biases, strict=True)), X, T)
    return Result(float(loss), None, gradients)


def read_pairs(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """Read (dW, db) a layer."""
    return [dW for dW, _ in gradients], [db for _, db in gradients]


def call_tape(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``loss_and_gradients(X, T, weights, biases)`` gives loss, outputs, dWs, dbs."""
    hand(state, X, T, *weights, *biases)
    loss, Y, dWs, dbs = module.loss_and_gradients(X, T, weights, biases)
    return Result(float(loss), Y, [dWs, dbs])


def read_two_lists(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """Read [dW1, …], [db1, …]."""
    return list(gradients[0]), list(gradients[1])


def call_spalten(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``rueckwaerts(gewichte, schwellen, x, ziel)``: columns are samples, W (n_out, n_in), b columns."""
    columns, starts = [W.T for W in weights], [b[:, None] for b in biases if b is not None]
    hand(state, X, T, *columns, *starts)
    loss, dW, ds = module.rueckwaerts(columns, starts, X.T, T.T)
    return Result(float(loss), module.vorwaerts(columns, starts, X.T)[1][-1], [dW, ds])


def read_spalten(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """Transpose dW, flatten db."""
    return [G.T for G in gradients[0]], [g.ravel() for g in gradients[1]]


def call_francais(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``retropropagation(X, t, P)``: gradients alone, biases first in the dict; t a vector."""
    parameters = {}
    for layer, (W, b) in enumerate(zip(weights, biases, strict=True), start=1):
        parameters[f"W{layer}"], parameters[f"b{layer}"] = W, b
    hand(state, X, T, *parameters.values())
    gradients = module.retropropagation(X, T[:, 0], parameters)
    return Result(None, module.propagation(X, parameters)[-1], gradients)


def read_named(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """Read "W1", "b1" and so on."""
    layers = range(1, len(weights) + 1)
    return [gradients[f"W{i}"] for i in layers], [gradients[f"b{i}"] for i in layers]


def call_everything(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``step(Ws, bs, X, y, lam)`` with integer labels gives loss, (dWs, dbs), outputs."""
    labels = T.argmax(axis=1)
    hand(state, X, labels, *weights, *biases)
    loss, gradients, probs = module.step(weights, biases, X, labels, l2)
    return Result(float(loss), probs, gradients)


def call_hinge(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``hinge_grad((W, b, v, c), X, t)`` with vectors v and t and a number c."""
    parameters = (weights[0], biases[0], weights[1][:, 0], float(biases[1][0]))
    t = T[:, 0]
    hand(state, X, T, *parameters)
    loss, Y = float(module.hinge_loss(parameters, X, t)), module.scores(parameters, X)[2]
    return Result(loss, Y, module.hinge_grad(parameters, X, t))


def read_hinge(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """dW, db, dv, dc with dv a vector, dc a number."""
    dW, db, dv, dc = gradients
    return [dW, dv[:, None]], [db, np.atleast_1d(dc)]


def call_scalars(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """Everything in nested lists."""
    parameters = [block.tolist() for pair in zip(weights, biases, strict=True) for block in pair if block is not None]
    data, targets = X.tolist(), T.tolist()
    hand(state, data, targets, *parameters)
    Y = [module.feed(*parameters, x)[1] for x in data]
    loss, *gradients = module.train_gradients(*parameters, data, targets)
    return Result(loss, Y, gradients)


def read_lists(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """Read dW1, db1, … from nested lists."""
    return interleaved([np.array(block) for block in gradients], weights, biases)


def call_vjp(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``value_and_grad([(b1, W1), …], X, T, lam)``: the bias first."""
    hand(state, X, T, *weights, *biases)
    loss, gradients = module.value_and_grad(list(zip(biases, weights, strict=True)), X, T, l2)
    return Result(float(loss), None, gradients)


def read_bias_first(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """Read (db, dW) a layer."""
    return [dW for _, dW in gradients], [db for db, _ in gradients]


BASES = [
    Base("loops", meant((2, 3, 3), "tanh", "identity", "half_squared_error"), call_loops, interleaved, l2=0.1),
    Base("rows", meant((3, 5, 1), "sigmoid", "sigmoid", "log_loss"), call_rows, interleaved),
    Base(
        "columns", meant((3, 4, 4, 1), "tanh", "sigmoid", "log_loss"), call_columns, read_columns,
        "samples are columns, W is (n_out, n_in), b a column, a dict", l2=0.1,
    ),
    Base(
        "hints", meant((2, 10, 10, 1), "sigmoid", "sigmoid", "log_loss", bias=False), call_hints, read_weights,
        "the derivative takes activations",
    ),
    Base(
        "einsum", meant((3, 4, 4, 3), "tanh", "softmax", "cross_entropy", bias=False), call_einsum, read_backwards,
        "the last layer's gradient comes first",
    ),
    Base(
        "moons", meant((2, 50, 1), "relu", "identity", "perceptron", output_bias=False), call_moons, read_moons,
        "module globals, a vector of outputs",
    ),
    Base(
        "neuron", meant((2, 1), "identity", "sigmoid", "half_squared_error"), call_neuron, read_neuron,
        "a vector w, a number b",
    ),
    Base(
        "tiny", meant((2, 2, 1), "sigmoid", "sigmoid", "half_squared_error"), call_tiny, read_tiny,
        "nine numbers in a dict",
    ),
    Base(
        "augmented", meant((3, 3, 3), "tanh", "softmax", "cross_entropy"), call_augmented, read_augmented,
        "the bias is the last row of each matrix",
    ),
    Base(
        "homogen", meant((3, 4, 4, 2), "sigmoid", "sigmoid", "half_squared_error"), call_homogen, read_homogen,
        "samples are columns, the bias is the last column of each W (n_out, n_in + 1)",
    ),
    Base(
        "onlineaug", meant((3, 5, 1), "relu", "sigmoid", "log_loss"), call_onlineaug, read_onlineaug,
        "the bias is the first row, sample by sample, a dict with names of its own",
    ),
    Base(
        "recursion", meant((3, 4, 4, 4, 2), "relu", "identity", "half_squared_error"), call_recursion, read_pairs,
        "a list of (W, b)",
    ),
    Base("tape", meant((3, 4, 4, 2), "sigmoid", "sigmoid", "half_squared_error"), call_tape, read_two_lists),
    Base(
        "spalten", meant((3, 5, 5, 2), "sigmoid", "sigmoid", "half_squared_error"), call_spalten, read_spalten,
        "samples are columns, the loss is a sum", scale="N",
    ),
    Base(
        "francais", meant((4, 6, 6, 1), "leaky_relu", "sigmoid", "log_loss"), call_francais, read_named,
        "gradients alone, biases first in the dict",
    ),
    Base(
        "everything", meant((3, 5, 5, 3), "relu", "softmax", "cross_entropy"), call_everything, read_two_lists,
        "integer labels", l2=0.1,
    ),
    Base(
        "hinge", meant((3, 5, 1), "relu", "identity", "hinge"), call_hinge, read_hinge,
        "vectors and numbers, the loss apart",
    ),
    Base("scalars", meant((2, 3, 3), "sigmoid", "sigmoid", "half_squared_error"), call_scalars, read_lists),
    Base(
        "vjp", meant((3, 4, 4, 2), "tanh", "identity", "half_squared_error"), call_vjp, read_bias_first,
        "(b, W) order", l2=0.1,
    ),
]  # fmt: skip
