"""Students who wrote classes, flat vectors and steps: how each is called, and how his blocks read."""

# ruff: noqa: ARG001 (all students are called, and read, through one signature, needed or not)

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.base import Base
from corpus.case import Result, hand
from corpus.functions import (
    Blocks,
    interleaved,
    read_augmented,
    read_named,
    read_pairs,
    read_spalten,
    read_two_lists,
    read_weights,
)
from corpus.networks import meant

if TYPE_CHECKING:
    from types import ModuleType

    from corpus.case import Array, Arrays, Biases, State

RATE = 0.25


def call_dictsoft(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``TwoLayerNet(...).loss(X, y, reg)`` with integer labels gives loss, a dict, outputs."""
    labels = T.argmax(axis=1)
    hand(state, X, labels, *weights, *biases)
    net = module.TwoLayerNet(weights[0], biases[0], weights[1], biases[1])
    loss, gradients, probs = net.loss(X, labels, l2)
    return Result(float(loss), probs, gradients)


def call_nielsen(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``update_mini_batch([(x, y), …], eta)`` moves weights (n_out, n_in) and bias columns; samples are columns."""
    before = [[W.T.copy() for W in weights], [b[:, None].copy() for b in biases if b is not None]]
    net = state.setdefault("net", module.Network(*before))
    net.weights, net.biases = [W.T for W in weights], [b[:, None] for b in biases if b is not None]
    hand(state, X, T, *weights, *biases)
    data = [(x[:, None], t[:, None]) for x, t in zip(X, T, strict=True)]
    Y = np.hstack([net.feedforward(x) for x, _ in data])
    loss = float(net.total_cost(data))
    net.update_mini_batch(data, RATE)
    return Result(loss, Y, (before, [list(net.weights), list(net.biases)]), updated=True, rate=RATE)


def call_xorclass(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """S4: ``forward``, ``loss``, ``backward`` of a class that moves W1, W2, W3 itself."""
    if "net" not in state:
        state["net"] = module.NN((weights[0].shape[1], weights[1].shape[1]), learningRate=RATE)
    net = state["net"]
    net.W1, net.W2, net.W3 = weights
    before = [W.copy() for W in weights]
    hand(state, X, T, *weights)
    Y = net.forward(X)
    loss = float(net.loss(T, Y))
    shown = Y.copy()
    net.backward(T, Y)
    return Result(loss, shown, (before, [net.W1, net.W2, net.W3]), updated=True, rate=RATE)


def call_layers(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``Model(weights, biases, decay)``: ``loss(x, t)``, ``backward()``, then each Linear has dw and db."""
    if "model" not in state:
        state["model"] = module.Model(weights, biases, l2)
    model = state["model"]
    for layer, W, b in zip(model.linears(), weights, biases, strict=True):
        layer.w, layer.b = W, b
    hand(state, X, T, *weights, *biases)
    Y = model.forward(X.copy())
    loss = float(model.loss(X, T))
    model.backward()
    linears = model.linears()
    return Result(loss, Y, [[layer.dw for layer in linears], [layer.db for layer in linears]])


def call_ascent(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """S3: ``gradient_step(model, X, y, rate)``: bias as last row, forward one sample at a time, a step upward."""
    model = {f"W{i}": np.vstack([W, b]) for i, (W, b) in enumerate(zip(weights, biases, strict=True), start=1)}
    before = {name: W.copy() for name, W in model.items()}
    labels = T.argmax(axis=1)
    hand(state, X, labels, *model.values())
    Y = np.array([module.forward(x, model)[-1] for x in X])
    return Result(None, Y, (before, module.gradient_step(model, X, labels, RATE)), updated=True, rate=RATE)


def read_ascent(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """Part the last row from the others."""
    return read_augmented([gradients[f"W{i}"] for i in range(1, len(weights) + 1)], weights, biases)


def call_classaug(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``MLP(weights).gradient(X, T)``: the bias is the first row."""
    stacked = [np.vstack([b, W]) for W, b in zip(weights, biases, strict=True)]
    hand(state, X, T, *stacked)
    net = state.setdefault("net", module.MLP(stacked))
    net.weights = stacked
    loss, Y = float(net.loss(X, T)), net.predict(X)
    return Result(loss, Y, [gradient.copy() for gradient in net.gradient(X, T)])


def read_classaug(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """Part the first row from the others."""
    return [G[1:] for G in gradients], [G[0] for G in gradients]


def call_torchlike(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """Modules with ``.grad``; weight (out, in); the outputs are logits, so none are shown."""
    if "model" not in state:
        mods = []
        for W, b in zip(weights, biases, strict=True):
            mods += [module.Linear(W.T, b), module.Tanh()]
        state["model"] = module.Sequential(*mods[:-1])
    model = state["model"]
    blocks = [block for W, b in zip(weights, biases, strict=True) for block in (W.T, b)]
    for parameter, block in zip(model.parameters(), blocks, strict=True):
        parameter.data = block
    hand(state, X, T, *blocks)
    loss, gradients = module.gradients(model, module.BCEWithLogitsLoss(), X, T, l2)
    return Result(float(loss), None, [gradient.copy() for gradient in gradients])


def read_torchlike(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """Read dW1 (out, in), db1 and so on."""
    dWs, dbs = interleaved(gradients, weights, biases)
    return [dW.T for dW in dWs], dbs


def call_step(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``train_step([(W, b), …], X, y, lr)`` gives new parameters; integer labels."""
    parameters = list(zip(weights, biases, strict=True))
    before = [(W.copy(), b.copy()) for W, b in parameters if b is not None]
    labels = T.argmax(axis=1)
    hand(state, X, labels, *weights, *biases)
    loss, Y = float(module.nll(parameters, X, labels)), module.predict(parameters, X)
    return Result(loss, Y, (before, module.train_step(parameters, X, labels, RATE)), updated=True, rate=RATE)


def pack(weights: Arrays, biases: Biases) -> Array:
    """Layer by layer: the rows of W, then b."""
    return np.concatenate([block.ravel() for pair in zip(weights, biases, strict=True) for block in pair])


def read_flat(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """Cut a flat gradient, layer by layer, the rows of W, then b."""
    dWs, dbs, start = [], [], 0
    for W in weights:
        dWs.append(gradients[start : start + W.size].reshape(W.shape))
        start += W.size
        dbs.append(gradients[start : start + W.shape[1]])
        start += W.shape[1]
    return dWs, dbs


def call_flatbce(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """S1: ``fun(w, X, t, lam)`` for SciPy, t a vector; the sizes are globals; no outputs."""
    module.n_in, module.n_hid, module.n_out = *weights[0].shape, weights[1].shape[1]
    theta = pack(weights, biases)
    hand(state, theta, X, T)
    loss, gradient = module.fun(theta, X, T[:, 0], l2)
    return Result(float(loss), None, gradient)


def call_flatdeep(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """S1, part 2: ``f(w, X, t, lam)``, sample by sample; the sizes are a global list; no outputs."""
    module.sizes = [weights[0].shape[0], *(W.shape[1] for W in weights)]
    theta = pack(weights, biases)
    hand(state, theta, X, T)
    loss, gradient = module.f(theta, X, T, l2)
    return Result(float(np.squeeze(loss)), None, gradient)


def call_flatng(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``nnCostFunction(nn_params, …)``: Theta (n_out, 1 + n_in), bias in the first column, unrolled row by row."""
    theta = np.concatenate([np.column_stack([b, W.T]).ravel() for W, b in zip(weights, biases, strict=True)])
    hand(state, theta, X, T)
    sizes = (weights[0].shape[0], weights[0].shape[1], weights[1].shape[1])
    loss, gradient = module.nnCostFunction(theta, *sizes, X, T, l2)
    return Result(float(loss), None, gradient)


def read_flatng(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """Cut into (n_out, 1 + n_in), transpose, part the first row."""
    dWs, dbs, start = [], [], 0
    for W in weights:
        n_in, n_out = W.shape
        G = gradients[start : start + n_out * (n_in + 1)].reshape(n_out, n_in + 1)
        start += G.size
        dWs.append(G[:, 1:].T)
        dbs.append(G[:, 0])
    return dWs, dbs


def call_flatother(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``Objective(layers, X, T, alpha).f`` and ``.fprime`` of a theta: every W (n_out, n_in), Fortran order, then b."""
    blocks = [W.T.ravel(order="F") for W in weights]
    theta = np.concatenate([*blocks, *(b for b in biases if b is not None)])
    hand(state, theta, X, T)
    layers = [weights[0].shape[0], *(W.shape[1] for W in weights)]
    objective = state.setdefault("objective", module.Objective(layers, X, T, l2))
    objective.X, objective.T = X, T
    gradient = objective.fprime(theta)
    loss = float(objective.f(theta))
    return Result(loss, objective.forward(theta), gradient)


def read_flatother(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """Cut the weights first, then the biases; Fortran order of W.T is the rows of W."""
    dWs, dbs, start = [], [], 0
    for W in weights:
        dWs.append(gradients[start : start + W.size].reshape(W.shape))
        start += W.size
    for W in weights:
        dbs.append(gradients[start : start + W.shape[1]])
        start += W.shape[1]
    return dWs, dbs


def call_softreg(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``cost`` and ``cost_grad`` apart, each of a flat theta; one-hot targets."""
    theta = pack(weights, biases)
    hand(state, theta, X, T)
    loss = float(module.cost(theta, X, T, l2))
    Y = module.probabilities(X, weights[0], biases[0])
    return Result(loss, Y, module.cost_grad(theta, X, T, l2))


BASES = [
    Base(
        "dictsoft", meant((4, 3, 3), "relu", "softmax", "cross_entropy"), call_dictsoft, read_named,
        "a dict of gradients, integer labels, penalty lambda/2", l2=0.1, l2_scale="0.5",
    ),
    Base(
        "nielsen", meant((3, 4, 4, 2), "sigmoid", "sigmoid", "half_squared_error"), call_nielsen, read_spalten,
        "one sample a column, W is (n_out, n_in), a class that moves itself",
    ),
    Base(
        "xorclass", meant((2, 10, 10, 1), "sigmoid", "sigmoid", "log_loss", bias=False), call_xorclass, read_weights,
        "a class that moves itself, epsilon 1e-12 in the logarithms and quotients",
    ),
    Base(
        "layers", meant((3, 4, 4, 2), "leaky_relu", "identity", "half_squared_error"), call_layers, read_two_lists,
        "squared error without the half", l2=0.1, scale="2",
    ),
    Base(
        "ascent", meant((2, 6, 6, 2), "sigmoid", "softmax", "cross_entropy"), call_ascent, read_ascent,
        "climbs the log-likelihood with y - hat_y and steps upward; the bias is the last row",
    ),
    Base(
        "classaug", meant((3, 4, 4, 3), "tanh", "softmax", "cross_entropy"), call_classaug, read_classaug,
        "the bias is the first row of each matrix",
    ),
    Base(
        "torchlike", meant((3, 4, 4, 1), "tanh", "sigmoid", "log_loss"), call_torchlike, read_torchlike,
        "weight is (n_out, n_in), logits, penalty lambda/2", l2=0.1, l2_scale="0.5",
    ),
    Base(
        "step", meant((3, 4, 4, 3), "tanh", "softmax", "cross_entropy"), call_step, read_pairs,
        "gives back new parameters, integer labels",
    ),
    Base("flatbce", meant((2, 3, 1), "sigmoid", "sigmoid", "log_loss"), call_flatbce, read_flat, l2=0.1),
    Base("flatdeep", meant((2, 4, 4, 4, 1), "sigmoid", "sigmoid", "log_loss"), call_flatdeep, read_flat, l2=0.1),
    Base(
        "flatng", meant((3, 3, 3), "sigmoid", "sigmoid", "log_loss"), call_flatng, read_flatng,
        "bias in the first column, W is (n_out, n_in), penalty lambda/(2m)", l2=0.1, l2_scale="0.5/N",
    ),
    Base(
        "flatother", meant((3, 4, 4, 2), "relu", "identity", "half_squared_error"), call_flatother, read_flatother,
        "theta: every W (n_out, n_in) in Fortran order, then every b; penalty lambda/2", l2=0.1, l2_scale="0.5",
    ),
    Base("softreg", meant((4, 3), "identity", "softmax", "cross_entropy"), call_softreg, read_flat, l2=0.1),
]  # fmt: skip
