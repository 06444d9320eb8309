"""Activations as nodes, of operations that every runtime has in float32 and in float64.

onnxruntime has no Elu, Selu, Softplus, LeakyRelu or Erf in float64 but in opset 18; the slope of a LeakyRelu is stored
in float32; its Sigmoid is 0 below −18. So all but relu, tanh, softmax and exp are written out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chainrule.errors import InvalidValue
from chainrule.maths.activations import ACTIVATIONS, LEAK, SELU_ALPHA, SELU_SCALE
from chainrule.maths.normal import TAIL

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chainrule.maths.activations import Activation
    from chainrule.models.onnx.nodes import Nodes

# Φ(−x) = e^{−x²/2} P(x) / Q(x) for x ≥ 0, wrong by less than 1e-16: Hart (1968), no. 5666, the highest power first
NORMAL_TAIL_P = (
    3.52624965998911e-02, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871, 221.213596169931,
    220.206867912376,
)  # fmt: skip
NORMAL_TAIL_Q = (
    8.83883476483184e-02, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674, 637.333633378831,
    793.826512519948, 440.413735824752,
)  # fmt: skip


def add_activation(nodes: Nodes, activation: Activation, z: str) -> str:
    """Add A = f(Z), and return its name, or refuse an activation that is not built in."""
    if ACTIVATIONS.get(activation.name) != activation:
        raise InvalidValue(
            f"Cannot write the activation {activation.name!r} of your own to ONNX, which holds no Python. Use one of "
            f"{', '.join(ACTIVATIONS)}."
        )
    return ACTIVATION_NODES[activation.name](nodes, z)


def _identity(nodes: Nodes, z: str) -> str:
    return z


def _tanh(nodes: Nodes, z: str) -> str:
    return nodes.add("Tanh", z)


def _relu(nodes: Nodes, z: str) -> str:
    return nodes.add("Relu", z)


def _exp(nodes: Nodes, z: str) -> str:
    return nodes.add("Exp", z)


def _softmax(nodes: Nodes, z: str) -> str:
    return nodes.add("Softmax", z, axis=1)


def _sigmoid(nodes: Nodes, z: str) -> str:
    return mirrored_sigmoid(nodes, nodes.add("Neg", z))


def mirrored_sigmoid(nodes: Nodes, z: str) -> str:
    """σ(−Z) = 1 / (1 + e^Z), which keeps its tail where an operation of that name may not."""
    return nodes.add("Reciprocal", nodes.add("Add", nodes.add("Exp", z), nodes.number(1.0)))


def _leaky_relu(nodes: Nodes, z: str) -> str:
    """max(Z, 0.01 Z)."""
    return nodes.add("Max", z, nodes.add("Mul", z, nodes.number(LEAK)))


def _elu(nodes: Nodes, z: str) -> str:
    """max(0, Z) + (e^m − 1), m = min(Z, 0)."""
    return nodes.add("Add", nodes.add("Relu", z), _expm1_below_zero(nodes, z))


def _selu(nodes: Nodes, z: str) -> str:
    """λ max(0, Z) + λ α (e^m − 1), m = min(Z, 0).

    Not λ [max(0, Z) + α (e^m − 1)]: onnxruntime would move a last factor into the next MatMul, as a float32.
    """
    above = nodes.add("Mul", nodes.add("Relu", z), nodes.number(SELU_SCALE))
    below = nodes.add("Mul", _expm1_below_zero(nodes, z), nodes.number(SELU_SCALE * SELU_ALPHA))
    return nodes.add("Add", above, below)


def _expm1_below_zero(nodes: Nodes, z: str) -> str:
    """e^m − 1 = tanh(m/2) (e^m + 1), which loses no digits near 0, m = min(Z, 0)."""
    m = nodes.add("Min", z, nodes.number(0.0))
    half = nodes.add("Tanh", nodes.add("Mul", m, nodes.number(0.5)))
    return nodes.add("Mul", half, nodes.add("Add", nodes.add("Exp", m), nodes.number(1.0)))


def _softplus(nodes: Nodes, z: str) -> str:
    """max(0, Z) + log(1 + e), e = e^−|Z|; with u = 1 + e rounded, log(1 + e) = log u + (e − (u − 1)) / u."""
    one = nodes.number(1.0)
    e = nodes.add("Exp", nodes.add("Neg", nodes.add("Abs", z)))
    u = nodes.add("Add", e, one)
    lost = nodes.add("Sub", e, nodes.add("Sub", u, one))
    log1p = nodes.add("Add", nodes.add("Log", u), nodes.add("Div", lost, u))
    return nodes.add("Add", nodes.add("Relu", z), log1p)


def _silu(nodes: Nodes, z: str) -> str:
    return nodes.add("Mul", z, _sigmoid(nodes, z))


def _mish(nodes: Nodes, z: str) -> str:
    return nodes.add("Mul", z, nodes.add("Tanh", _softplus(nodes, z)))


def _gelu(nodes: Nodes, z: str) -> str:
    """max(0, Z) − x Φ(−x), x = |Z|."""
    x = nodes.add("Min", nodes.add("Abs", z), nodes.number(TAIL))
    density = nodes.add("Exp", nodes.add("Mul", nodes.add("Mul", x, x), nodes.number(-0.5)))
    ratio = nodes.add("Div", _polynomial(nodes, x, NORMAL_TAIL_P), _polynomial(nodes, x, NORMAL_TAIL_Q))
    return nodes.add("Sub", nodes.add("Relu", z), nodes.add("Mul", x, nodes.add("Mul", density, ratio)))


def _polynomial(nodes: Nodes, x: str, coefficients: Sequence[float]) -> str:
    """Horner's scheme."""
    value = nodes.number(coefficients[0])
    for coefficient in coefficients[1:]:
        value = nodes.add("Add", nodes.add("Mul", value, x), nodes.number(coefficient))
    return value


ACTIVATION_NODES: dict[str, Callable[[Nodes, str], str]] = {
    "identity": _identity,
    "sigmoid": _sigmoid,
    "tanh": _tanh,
    "relu": _relu,
    "leaky_relu": _leaky_relu,
    "elu": _elu,
    "selu": _selu,
    "softplus": _softplus,
    "gelu": _gelu,
    "silu": _silu,
    "mish": _mish,
    "softmax": _softmax,
    "exp": _exp,
}
