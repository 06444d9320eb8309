"""The students of the held-out corpus: what each meant to write, how he is called, and how his blocks read."""

# ruff: noqa: ARG001 (all students are called, and read, through one signature, needed or not)

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import Dense, Network
from corpus.base import Base
from corpus.case import Result, hand

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import ModuleType

    from corpus.case import Array, Arrays, Biases, State

Blocks = tuple[list[Any], list[Any]]
Student = partial(Base, folder=Path(__file__).parent / "bases")
RATE = 0.05


def build(sizes: Sequence[int], activations: str, loss: str, output_bias: bool) -> Network:
    """Return the network of these sizes, inputs first, with these activations, one word a layer."""
    names = activations.split()
    last = len(names) - 1
    layers = [Dense(n, name, bias=i < last or output_bias)
              for i, (n, name) in enumerate(zip(sizes[1:], names, strict=True))]  # fmt: skip
    return Network(layers, n_features=sizes[0], loss=loss)


def net(sizes: Sequence[int], activations: str, loss: str, *, output_bias: bool = True) -> Callable[[], Network]:
    """Return the function that builds the network anew."""
    return partial(build, tuple(sizes), activations, loss, output_bias)


def interleave(weights: Sequence[Any], biases: Sequence[Any]) -> list[Any]:
    """List W1, b1, W2, b2 and so on, without the biases that are not there."""
    return [block for pair in zip(weights, biases, strict=True) for block in pair if block is not None]


def upside_down(first: Any, weights: Arrays) -> bool:
    """Whether the last layer comes first: its shape is not the first one's."""
    return bool(np.shape(first) != weights[0].shape)


def read_interleaved(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """Read dW1, db1, dW2, db2, …, or the same with the last layer first; a bias may be missing."""
    blocks = [np.asarray(block) for block in gradients]
    Ws, bs = [block for block in blocks if block.ndim == 2], [block for block in blocks if block.ndim == 1]
    turn = -1 if upside_down(Ws[0], weights) else 1
    return Ws[::turn], bs[::turn] + [None] * (len(Ws) - len(bs))


def call_lists(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``epoch(data, targets, W1, b1, W2, b2)`` of nested lists gives cost, gW1, gb1, gW2, gb2."""
    data, targets, *parameters = (block.tolist() for block in (X, T, *interleave(weights, biases)))
    hand(state, data, targets, *parameters)
    cost, *gradients = module.epoch(data, targets, *parameters)
    return Result(cost, [module.feed(x, *parameters)[-1] for x in data], gradients)


def as_columns(weights: Arrays, biases: Biases) -> dict[str, Any]:
    """Name the parameters of one whose samples are columns: "W1" (n_out, n_in), "b1" (n_out, 1), and so on."""
    found: dict[str, Any] = {}
    for layer, (W, b) in enumerate(zip(weights, biases, strict=True), start=1):
        found[f"W{layer}"], found[f"b{layer}"] = W.T, b[:, None] if b is not None else None
    return found


def call_planar(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """Forward, cost and backward of columns, parameters and grads in dicts."""
    parameters = as_columns(weights, biases)
    hand(state, X, T, *parameters.values())
    A2, cache = module.forward_propagation(X.T, parameters)
    cost = module.compute_cost(A2, T.T)
    return Result(cost, A2, module.backward_propagation(parameters, cache, X.T, T.T))


def read_columns(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """Transpose dW, flatten db; the keys may be "dW1" or "W1"."""
    d = "d" if "dW1" in gradients else ""
    layers = range(1, len(weights) + 1)
    return [gradients[f"{d}W{i}"].T for i in layers], [gradients[f"{d}b{i}"].ravel() for i in layers]


def call_cs231(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``loss(params, X, y, reg)`` with integer labels gives the loss and grads; no outputs."""
    params: dict[str, Any] = {}
    for layer, (W, b) in enumerate(zip(weights, biases, strict=True), start=1):
        params[f"W{layer}"], params[f"b{layer}"] = W, b
    hand(state, X, *params.values())
    loss, grads = module.loss(params, X, T.argmax(axis=1), l2)
    return Result(float(loss), None, grads)


def read_named(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """Read "W1", "b1" and so on."""
    layers = range(1, len(weights) + 1)
    return [gradients[f"W{i}"] for i in layers], [gradients[f"b{i}"] for i in layers]


def call_digit(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``batch_gradient(batch, biases, weights)``: a list of pairs of columns."""
    his_biases, his_weights = [b[:, None] for b in biases if b is not None], [W.T for W in weights]
    batch = [(x[:, None], t[:, None]) for x, t in zip(X, T, strict=True)]
    hand(state, X, T, *his_weights, *his_biases)
    Y = np.array([module.feedforward(x, his_biases, his_weights)[:, 0] for x, _ in batch])
    cost, *gradients = module.batch_gradient(batch, his_biases, his_weights)
    return Result(float(cost), Y, gradients)


def read_digit(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """Biases first or last, each block transposed."""
    one, other = gradients
    Ws, bs = (one, other) if one[0].shape == weights[0].T.shape else (other, one)
    return [W.T for W in Ws], [b.ravel() for b in bs]


HOUSES = ("W1", "b1", "W2", "b2", "W3", "b3")


def call_houses(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``model.fit_step(X, y)`` moves the weights; the model lives on from call to call."""
    parameters = interleave(weights, biases)
    hand(state, X, T, *parameters)
    before = [block.copy() for block in parameters]
    if "model" not in state:
        state["model"] = module.HousePrices(*parameters, lr=RATE, lam=l2)
    model = state["model"]
    for name, block in zip(HOUSES, parameters, strict=True):
        setattr(model, name, block)
    loss = float(model.fit_step(X, T))
    after = [getattr(model, name) for name in HOUSES]
    return Result(loss, model.out, (before, after), updated=True, rate=RATE)


def call_bricks(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``model.backward(x, target)``, then ``model.grads()``; the bricks live on from call to call."""
    hand(state, X, T, *interleave(weights, biases))
    if "model" not in state:
        state["model"] = module.build(list(zip(weights, biases, strict=True)))
    model = state["model"]
    linear = [layer for layer in model.layers if isinstance(layer, module.Linear)]
    for layer, W, b in zip(linear, weights, biases, strict=True):
        layer.W, layer.b = W, b
    loss = float(model.backward(X, T))
    return Result(loss, model.forward(X), model.grads())


def call_packed(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``costfun(theta, X, T)``: theta is every block column by column."""
    theta = np.concatenate([np.ravel(block, order="F") for block in interleave(weights, biases)])
    hand(state, X, T, theta)
    Y = module.predict(theta, X)
    J, gradient = module.costfun(theta, X, T)
    return Result(float(J), Y, gradient)


def read_packed(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """Cut the vector, reshape each piece column by column."""
    shapes = [block.shape for block in interleave(weights, biases)]
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])[:-1]
    pieces = np.split(gradients, ends)
    blocks = [piece.reshape(shape, order="F") for piece, shape in zip(pieces, shapes, strict=True)]
    return blocks[0::2], blocks[1::2]


def call_ones(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``objective(X, T, Wh, Wo)`` with the bias as the last row of each."""
    Wh, Wo = (np.vstack([W, b]) for W, b in zip(weights, biases, strict=True))  # type: ignore[list-item]
    hand(state, X, T, Wh, Wo)
    Y = module.run(X, Wh, Wo)[-1]
    J, *gradients = module.objective(X, T, Wh, Wo)
    return Result(float(J), Y, gradients)


def read_ones(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """Part the last row from the others."""
    return [G[:-1] for G in gradients], [G[-1] for G in gradients]


def call_zipped(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``loss_grads(X, T, Ws, bs, wd)`` gives the loss, and lists or pairs."""
    hand(state, X, T, *interleave(weights, biases))
    loss, dWs, dbs = module.loss_grads(X, T, list(weights), list(biases), l2)
    Y = module.feedforward(X, weights, biases)[-1]
    return Result(float(loss), Y, dWs if dbs is None else (dWs, dbs))


def read_zipped(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """Two lists, or a list of pairs."""
    if isinstance(gradients, tuple):
        return list(gradients[0]), list(gradients[1])
    return [dW for dW, _ in gradients], [db for _, db in gradients]


def call_lmodel(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``model_forward``, ``cost_with_regularization``, ``model_backward`` of columns."""
    params = as_columns(weights, biases)
    hand(state, X, T, *params.values())
    AL, caches = module.model_forward(X.T, params)
    grads = module.model_backward(AL, T.T, caches, l2)
    return Result(float(module.cost_with_regularization(AL, T.T, params, l2)), AL, grads)


def call_mnistlin(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``cross_entropy`` and ``gradient`` of integer labels, one layer."""
    W, b, labels = weights[0], biases[0], T.argmax(axis=1)
    hand(state, X, W, b)
    loss = float(module.cross_entropy(X, labels, W, b, l2))
    return Result(loss, module.probabilities(X, W, b), module.gradient(X, labels, W, b, l2))


def read_mnistlin(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """A dict or a list of two."""
    dW, db = (gradients["W"], gradients["b"]) if isinstance(gradients, dict) else gradients
    return [dW], [db]


def call_logit(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``J`` and ``gradJ`` of vectors y and w and a number w0."""
    y, w, w0 = T[:, 0], weights[0][:, 0], float(biases[0][0]) if biases[0] is not None else 0.0
    hand(state, X, T, w)
    Y, loss = module.h(X, w, w0), float(module.J(X, y, w, w0, l2))
    return Result(loss, Y, module.gradJ(X, y, w, w0, l2))


def read_logit(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """(gw, g0), or one vector with the bias first."""
    gw, g0 = gradients if isinstance(gradients, tuple) else (gradients[1:], gradients[0])
    return [gw[:, None]], [np.atleast_1d(g0)]


def call_tower(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``derivatives(x, y, A, a, B, b, C, c, D)``: no bias at the end."""
    parameters = interleave(weights, biases)
    hand(state, X, T, *parameters)
    loss, Y = float(module.sse(X, T, *parameters)), module.net(X, *parameters)[-1]
    return Result(loss, Y, module.derivatives(X, T, *parameters))


def call_namedstep(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``train_step(p, X, y, eta)`` gives the loss and new parameters."""
    p = module.Params(weights[0], biases[0], weights[1])
    hand(state, X, T, *p)
    Y, before = module.prob(p, X), tuple(block.copy() for block in p)
    loss, after = module.train_step(p, X, T, RATE)
    return Result(float(loss), Y, (before, tuple(after)), updated=True, rate=RATE)


def read_namedstep(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """W, b, V."""
    W, b, V = gradients
    return [W, V], [b, None]


def call_neurons(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``brain.study(samples, answers)`` leaves the derivatives in the neurons, which live on from call to call."""
    samples, answers = X.tolist(), T.tolist()
    hand(state, samples, answers)
    sides = [list(zip(W.T.tolist(), b.tolist(), strict=True))
             for W, b in zip(weights, biases, strict=True) if b is not None]  # fmt: skip
    if "brain" not in state:
        state["brain"] = module.Brain(*([module.Neuron(w, b) for w, b in side] for side in sides))
    brain = state["brain"]
    for neurons, side in zip((brain.hidden, brain.output), sides, strict=True):
        for neuron, (neuron_weights, bias) in zip(neurons, side, strict=True):
            neuron.weights, neuron.bias = neuron_weights, bias
    error = float(brain.study(samples, answers))
    found = [part for neurons in (brain.hidden, brain.output)
             for part in ([n.weight_grads for n in neurons], [n.bias_grad for n in neurons])]  # fmt: skip
    return Result(error, [brain.think(sample) for sample in samples], found)


def read_neurons(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """A row of weights for each neuron."""
    return [np.transpose(block) for block in gradients[0::2]], [np.array(block) for block in gradients[1::2]]


def call_sklike(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``model._backprop(X, y)`` with ``coefs_`` and ``intercepts_``; the model lives on from call to call."""
    hand(state, X, T, *interleave(weights, biases))
    if "model" not in state:
        state["model"] = module.MyMLPRegressor(alpha=l2)
    model = state["model"]
    model.coefs_, model.intercepts_ = list(weights), list(biases)
    Y = model.predict(X)
    loss, *gradients = model._backprop(X, T)
    return Result(float(loss), Y, gradients)


def read_sklike(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """The list of matrices and the list of vectors, in either order."""
    one, other = gradients
    return (list(one), list(other)) if one[0].ndim == 2 else (list(other), list(one))


def call_octave(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``nnCostFunction(Theta1, Theta2, X, y, lamb)``: the bias is the first column; no outputs."""
    thetas = [np.column_stack([b, W.T]) for W, b in zip(weights, biases, strict=True) if b is not None]
    hand(state, X, T, *thetas)
    J, *gradients = module.nnCostFunction(*thetas, X, T, l2)
    return Result(float(J), None, gradients)


def read_octave(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """Part the first column, transpose the rest."""
    return [G[:, 1:].T for G in gradients], [G[:, 0] for G in gradients]


def call_colsoft(
    module: ModuleType, weights: Arrays, biases: Biases, X: Array, T: Array, l2: float, state: State
) -> Result:
    """``gradient_descent_step(X, Y, W1, b1, W2, b2, alpha)`` of columns and integer labels moves the weights."""
    labels, parameters = T.argmax(axis=1), list(as_columns(weights, biases).values())
    hand(state, X, *parameters)
    Y, before = module.forward_prop(*parameters, X.T)[-1], [block.copy() for block in parameters]
    loss = float(module.get_loss(Y, labels))
    after = module.gradient_descent_step(X.T, labels, *parameters, RATE)
    return Result(loss, Y, (before, list(after)), updated=True, rate=RATE)


def read_colsoft(gradients: Any, weights: Arrays, biases: Biases) -> Blocks:
    """Transpose W, flatten b."""
    return [W.T for W in gradients[0::2]], [b.ravel() for b in gradients[1::2]]


HALF, LOG, CROSS = "half_squared_error", "log_loss", "cross_entropy"
STUDENTS = (
    Student("lists", net([2, 3, 3], "tanh sigmoid", HALF), call_lists, read_interleaved, "nested lists"),
    Student("planar", net([2, 4, 1], "tanh sigmoid", LOG), call_planar, read_columns, "samples are columns"),
    Student("cs231", net([3, 4, 4, 3], "relu relu softmax", CROSS), call_cs231, read_named, l2=0.3, l2_scale="0.5"),
    Student("digit", net([2, 3, 3, 2], "sigmoid sigmoid sigmoid", LOG), call_digit, read_digit, "one sample a time"),
    Student("houses", net([3, 3, 3, 1], "tanh tanh identity", HALF), call_houses, read_interleaved, "a step", l2=0.07),
    Student("bricks", net([3, 3, 3, 2], "sigmoid sigmoid identity", HALF), call_bricks, read_interleaved,
            "mean over samples and outputs", scale="2/K"),
    Student("packed", net([2, 3, 3, 2], "tanh tanh sigmoid", LOG), call_packed, read_packed, "unrolled by columns"),
    Student("ones", net([2, 4, 2], "softplus identity", HALF), call_ones, read_ones, "the bias is the last row"),
    Student("zipped", net([3, 4, 4, 3], "tanh tanh softmax", CROSS), call_zipped, read_zipped, l2=0.04),
    Student("lmodel", net([2, 3, 3, 1], "relu relu sigmoid", LOG), call_lmodel, read_columns,
            "samples are columns; the penalty is over 2m", l2=0.9, l2_scale="0.5/N"),
    Student("mnistlin", net([3, 3], "softmax", CROSS), call_mnistlin, read_mnistlin, "no hidden layer", l2=0.1),
    Student("logit", net([3, 1], "sigmoid", LOG), call_logit, read_logit, "vectors", l2=0.2),
    Student("tower", net([2, 3, 3, 3, 2], "relu tanh sigmoid identity", HALF, output_bias=False), call_tower,
            read_interleaved, "no half", scale="2"),
    Student("namedstep", net([2, 4, 1], "softplus sigmoid", LOG, output_bias=False), call_namedstep, read_namedstep,
            "a step"),
    Student("neurons", net([2, 3, 3], "sigmoid sigmoid", HALF), call_neurons, read_neurons, "objects for neurons"),
    Student("sklike", net([3, 3, 3, 2], "tanh sigmoid identity", HALF), call_sklike, read_sklike,
            "the penalty is over 2n", l2=1.1, l2_scale="0.5/N"),
    Student("octave", net([2, 3, 3], "sigmoid sigmoid", LOG), call_octave, read_octave,
            "the bias is the first column; the penalty is over 2m", l2=1.3, l2_scale="0.5/N"),
    Student("colsoft", net([3, 3, 3], "relu softmax", CROSS), call_colsoft, read_colsoft,
            "samples are columns; a step"),
)  # fmt: skip
