"""The derivation as data: forward, loss and backward, one Step a line, for exactly this network.

``backprop`` is the loop one reads; this is the same mathematics as a tuple one can render, edit and replay.
Symbols are those of the glossary followed by the layer's number: X, W1, b1, Z1, A1, …, Y, T, loss, dY,
dZ2, dW2, db2, dA1, …, dX. ``share`` (N,) is each sample's share of the average, 1/N without weights. Where A1 has
dropout, D1 = A1 ⊙ M1 is what the next layer is fed; D0 and M0 are those of the inputs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from chainrule.maths.activations import IDENTITY, SOFTMAX, Activation
from chainrule.maths.loss import Loss
from chainrule.network.network import check_network

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import numpy.typing as npt

    from chainrule.network.dropout import Masks
    from chainrule.network.network import Network

Part: TypeAlias = Activation | Loss | tuple[Activation, Loss] | None
Shape: TypeAlias = tuple[int | str, ...]
Value: TypeAlias = "npt.NDArray[np.floating[Any]] | np.floating[Any]"


@dataclass(frozen=True)
class Operation:
    """What a step does: a name, the function that does it, and the activation or loss (or the pair) it is about.

    ``formula`` is how it is written in plain characters: ``{0}``, ``{1}`` are the operands, ``{f}`` the part's name.
    """

    name: str
    function: Callable[..., Value] = field(repr=False)
    part: Part = None
    formula: str = field(default="", repr=False)

    def __call__(self, *operands: Value) -> Value:
        """Apply it to the values of the operands."""
        return self.function(*operands)


@dataclass(frozen=True)
class Step:
    """One line of the derivation, symbol = operation(operands). ``str(step)`` writes it as on paper.

    Attributes
    ----------
    symbol : str
        What is computed, ``"dW2"`` for one.
    operation : Operation
        Its name, and the function that computes it.
    operands : tuple of str
        The symbols it is computed from.
    shape : tuple of int and "N"
        The shape of the result; "N" is the number of samples.
    """

    symbol: str
    operation: Operation
    operands: tuple[str, ...]
    shape: Shape

    def __str__(self) -> str:
        """Write the line as one would on paper, in plain characters."""
        operation = self.operation
        part = operation.part[1] if isinstance(operation.part, tuple) else operation.part  # of a pair, the loss
        formula = operation.formula or f"{operation.name}({', '.join(self.operands)})"
        return f"{self.symbol} = {formula.format(*self.operands, f='' if part is None else part.name)}"


AFFINE = Operation("affine", lambda A, W, b: A @ W + b, formula="{0} {1} + {2}")
LINEAR = Operation("linear", lambda A, W: A @ W, formula="{0} {1}")
AVERAGE = Operation("average", lambda losses, share: share @ losses, formula="Σ {0} / N")
SHARED = Operation("shared", lambda slopes, share: share[:, np.newaxis] * slopes, formula="{0} / N")
WEIGHT_GRADIENT = Operation("weight_gradient", lambda A, dZ: A.T @ dZ, formula="{0}ᵀ {1}")
BIAS_GRADIENT = Operation("bias_gradient", lambda dZ: dZ.sum(axis=0), formula="Σ {0}")
DROPPED = Operation("dropped", lambda A, M: A * M, formula="{0} ⊙ {1}")
PASSED_BACK = Operation("passed_back", lambda dZ, W: dZ @ W.T, formula="{0} {1}ᵀ")


def derive(net: Network) -> tuple[Step, ...]:
    """Write out forward pass, loss and backward pass of a network, from X to dX, one Step a line.

    Parameters
    ----------
    net : Network

    Returns
    -------
    tuple of Step
        In the order in which they can be computed.

    Raises
    ------
    InvalidValue
        Where ``net`` is no Network.

    Examples
    --------
    >>> from chainrule.network.layers import Dense
    >>> from chainrule.network.network import Network
    >>> net = Network([Dense(3, "tanh"), Dense(1, "sigmoid", bias=False)], n_features=2, loss="log_loss")
    >>> for step in derive(net):
    ...     print(step)
    Z1 = X W1 + b1
    A1 = tanh(Z1)
    Z2 = A1 W2
    Y = sigmoid(Z2)
    losses = log_loss_from_logits(Z2, T)
    loss = Σ losses / N
    slopes = Y − T
    dZ2 = slopes / N
    dW2 = A1ᵀ dZ2
    dA1 = dZ2 W2ᵀ
    dZ1 = dA1 ⊙ tanh′(Z1)
    dW1 = Xᵀ dZ1
    db1 = Σ dZ1
    dX = dZ1 W1ᵀ
    """
    check_network(net, "net")
    steps: list[Step] = []
    for number in range(1, len(net.layers) + 1):
        steps += _forward_steps(net, number)
    steps += _loss_steps(net)
    for number in range(len(net.layers), 0, -1):
        steps += _backward_steps(net, number)
    return tuple(steps)


def evaluate(steps: Iterable[Step], values: Mapping[str, Value]) -> dict[str, Value]:
    """Run the steps in order from the given values (X, T, share, W1, b1, …) and return every value by its symbol."""
    known = dict(values)
    for step in steps:
        known[step.symbol] = step.operation(*(known[operand] for operand in step.operands))
    return known


def given_values(
    net: Network,
    theta: npt.NDArray[Any],
    X: npt.NDArray[Any],
    T: npt.NDArray[Any],
    share: npt.NDArray[Any],
    masks: Masks = (),
) -> dict[str, Value]:
    """Name what a derivation starts from: the data, the shares, the blocks of theta and the masks (1 without any)."""
    values: dict[str, Value] = {"X": X, "T": T, "share": share}
    for number, (W, b) in enumerate(net.views(theta), start=1):
        values[f"W{number}"] = W
        if b is not None:
            values[f"b{number}"] = b
    for number, rate in enumerate(net.dropout_rates):
        if rate:
            mask = masks[number] if masks else None
            values[f"M{number}"] = np.ones((len(X), width_of(net, number)), X.dtype) if mask is None else mask
    return values


def activation_symbol(net: Network, number: int) -> str:
    """What A[number] is called: X before the first layer, Y after the last."""
    return "X" if number == 0 else "Y" if number == len(net.layers) else f"A{number}"


def fed_symbol(net: Network, number: int) -> str:
    """What the next layer is fed: A[number], or D under dropout."""
    return f"D{number}" if rate_of(net, number) else activation_symbol(net, number)


def rate_of(net: Network, number: int) -> float:
    """How much of A[number] is dropped in training: ``net.dropout_rates[number]`` without all the others."""
    return net.input_dropout if number == 0 else net.layers[number - 1].dropout


def width_of(net: Network, number: int) -> int:
    """How many columns A[number] has."""
    return net.n_features if number == 0 else net.layers[number - 1].n_outputs


def _dropout_steps(net: Network, number: int) -> list[Step]:
    """D = A ⊙ M, where A[number] has dropout."""
    if not rate_of(net, number):
        return []
    operands = (activation_symbol(net, number), f"M{number}")
    return [Step(f"D{number}", DROPPED, operands, ("N", width_of(net, number)))]


def _forward_steps(net: Network, number: int) -> list[Step]:
    layer = net.layers[number - 1]
    before, shape = fed_symbol(net, number - 1), ("N", layer.n_outputs)
    operands = (before, f"W{number}", f"b{number}") if layer.bias else (before, f"W{number}")
    activation = Operation("activation", layer.activation.forward, layer.activation, _applied(layer.activation))
    return [
        *_dropout_steps(net, number - 1),
        Step(f"Z{number}", AFFINE if layer.bias else LINEAR, operands, shape),
        Step(activation_symbol(net, number), activation, (f"Z{number}",), shape),
    ]


def _applied(activation: Activation) -> str:
    return "{0}" if activation == IDENTITY else "{f}({0})"


def _slope(activation: Activation) -> str:
    """How dZ is written: entry by entry, but for softmax, whose outputs depend on all pre-activations of a sample."""
    if activation == SOFTMAX:
        return "{2} ⊙ ({0} − Σ {0} ⊙ {2})"
    return "{0}" if activation == IDENTITY else "{0} ⊙ {f}′({1})"


def _loss_steps(net: Network) -> list[Step]:
    last, output = f"Z{len(net.layers)}", net.layers[-1].activation
    if net.fused is None:
        losses = Step("losses", Operation("loss", net.loss.value, net.loss, "{f}({0}, {1})"), ("Y", "T"), ("N",))
    else:
        from_logits = Operation("loss_from_logits", net.fused.value, (output, net.loss), "{f}_from_logits({0}, {1})")
        losses = Step("losses", from_logits, (last, "T"), ("N",))
    return [losses, Step("loss", AVERAGE, ("losses", "share"), ())]


def _output_error_steps(net: Network) -> list[Step]:
    number, output = len(net.layers), net.layers[-1].activation
    shape = ("N", net.n_outputs)
    if net.fused is not None:
        error = Operation("output_error", net.fused.delta, (output, net.loss), "{0} − {1}")
        return [
            Step("slopes", error, ("Y", "T"), shape),
            Step(f"dZ{number}", SHARED, ("slopes", "share"), shape),
        ]
    return [
        Step("slopes", Operation("loss_gradient", net.loss.gradient, net.loss, "{f}′({0}, {1})"), ("Y", "T"), shape),
        Step("dY", SHARED, ("slopes", "share"), shape),
        _activation_backward(net, number),
    ]


def _activation_backward(net: Network, number: int) -> Step:
    layer, after = net.layers[number - 1], activation_symbol(net, number)
    backward = Operation("activation_backward", layer.activation.backward, layer.activation, _slope(layer.activation))
    return Step(f"dZ{number}", backward, (f"d{after}", f"Z{number}", after), ("N", layer.n_outputs))


def _backward_steps(net: Network, number: int) -> list[Step]:
    layer = net.layers[number - 1]
    n_in = width_of(net, number - 1)
    before, dZ = fed_symbol(net, number - 1), f"dZ{number}"
    steps = _output_error_steps(net) if number == len(net.layers) else [_activation_backward(net, number)]
    steps.append(Step(f"dW{number}", WEIGHT_GRADIENT, (before, dZ), (n_in, layer.n_outputs)))
    if layer.bias:
        steps.append(Step(f"db{number}", BIAS_GRADIENT, (dZ,), (layer.n_outputs,)))
    steps.append(Step(f"d{before}", PASSED_BACK, (dZ, f"W{number}"), ("N", n_in)))
    if rate_of(net, number - 1):
        operands = (f"d{before}", f"M{number - 1}")
        steps.append(Step(f"d{activation_symbol(net, number - 1)}", DROPPED, operands, ("N", n_in)))
    return steps
