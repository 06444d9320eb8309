"""Back-propagation, the text one came for: the loop forward through the layers, and the loop backward.

Everything else in chainrule that knows a gradient has it from here. Shapes: N samples, one row each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chainrule.errors import InvalidValue
from chainrule.network.dropout import dropped
from chainrule.network.parameters import split

if TYPE_CHECKING:
    from chainrule.maths.arrays import Array
    from chainrule.network.architecture import Architecture
    from chainrule.network.dropout import Masks
    from chainrule.network.parameters import Weights


@dataclass(frozen=True, eq=False)
class Trace:
    """Everything a forward pass computed.

    Layer l turns ``A[l]`` into ``Z[l]`` and ``A[l + 1]``. Under dropout it sees ``A[l] * masks[l]`` instead, which is
    ``fed(l)``.

    Attributes
    ----------
    Z : tuple of L arrays (n_samples, n_outputs)
        The pre-activations, one a layer.
    A : tuple of L + 1 arrays
        The activations: ``A[0]`` is X (n_samples, n_features), ``A[-1]`` is Y.
    masks : tuple of arrays or None
        What dropout multiplied A by; empty without dropout.
    """

    Z: tuple[Array, ...]
    A: tuple[Array, ...]
    masks: Masks = ()

    def fed(self, number: int) -> Array:
        """Return what a layer was fed, A[l], or A[l] ⊙ M[l] under dropout."""
        return dropped(self.A[number], self.masks, number)

    @property
    def Y(self) -> Array:
        """The outputs, A[-1], shape (n_samples, n_outputs)."""
        return self.A[-1]


@dataclass(frozen=True, eq=False)
class Gradients:
    """Everything a backward pass computed. Each entry is ∂loss/∂(the quantity of that name), and has its shape.

    Attributes
    ----------
    theta : array (n_parameters,)
        The flat gradient.
    dW : tuple of arrays (n_in, n_out)
        Views of ``theta``, one a layer.
    db : tuple of arrays (n_out,) or None
        Views of ``theta``; None where there is no bias.
    dZ : tuple of L arrays (n_samples, n_outputs)
    dA : tuple of L + 1 arrays
        ``dA[0]`` is ∂loss/∂X, ``dA[-1]`` is ∂loss/∂Y.
    """

    theta: Array
    dW: tuple[Array, ...]
    db: tuple[Array | None, ...]
    dZ: tuple[Array, ...]
    dA: tuple[Array, ...]


def forward(net: Architecture, weights: Weights, X: Array, masks: Masks = ()) -> Trace:
    """From the inputs to the outputs: Z = A W + b, then A = f(Z), layer after layer; with masks Z = (A ⊙ M) W + b."""
    Z: list[Array] = []
    A: list[Array] = [X]
    for number, (layer, (W, b)) in enumerate(zip(net.layers, weights, strict=True)):
        z = dropped(A[-1], masks, number) @ W  # (N, n_in) (n_in, n_out) = (N, n_out)
        if b is not None:
            z += b
        Z.append(z)
        A.append(of_shape(z.shape, layer.activation.forward(z), f"The activation {layer.activation.name!r}"))
    return Trace(tuple(Z), tuple(A), masks)


def of_shape(shape: tuple[int, ...], array: Array, source: str) -> Array:
    """Return the array if it has this shape: a part of your own that has not would be broadcast, silently wrong."""
    if np.shape(array) != shape:
        raise InvalidValue(f"{source} must give an array of shape {shape}, got {np.shape(array)}.")
    return array


def loss_slopes(net: Architecture, Y: Array, T: Array) -> Array:
    """Return the derivative of each sample's loss with respect to its own outputs, (N, n_outputs)."""
    return of_shape(Y.shape, net.loss.gradient(Y, T), f"The gradient of the loss {net.loss.name!r}")


def output_delta(net: Architecture, trace: Trace, T: Array, share: Array) -> Array:
    """∂loss/∂Z of the last layer: the shortcut where output and loss are fused, else the long way over ∂loss/∂Y."""
    if net.fused is not None:
        return share * net.fused.delta(trace.Y, T)
    dY = share * loss_slopes(net, trace.Y, T)
    return net.layers[-1].activation.backward(dY, trace.Z[-1], trace.Y)


def backward(
    net: Architecture, weights: Weights, trace: Trace, T: Array, shares: Array, *, parameters_only: bool = False
) -> Gradients:
    """From the loss to the inputs: dZ = dA ⊙ f′(Z), then dW = Aᵀ dZ, db = Σ dZ and dA = dZ Wᵀ, layer before layer.

    ``shares`` (N,) is each sample's share of the average, 1/N without weights: it enters once, at the top.
    A descent has no use for the dA; ``parameters_only`` leaves them out, ∂loss/∂X and its product with them.
    """
    gradient = np.empty(net.n_parameters, dtype=trace.Y.dtype)
    views = split(gradient, net.layers, net.n_features)
    share = shares[:, np.newaxis]  # (N, 1)
    last = len(net.layers) - 1
    dZ = [trace.Y] * len(net.layers)
    dA = list(trace.A)

    for l in range(last, -1, -1):  # noqa: E741  # l is the layer in every text
        W, _ = weights[l]
        if l == last:
            dZ[l] = output_delta(net, trace, T, share)
        else:
            dZ[l] = net.layers[l].activation.backward(dA[l + 1], trace.Z[l], trace.A[l + 1])
        dW, db = views[l]
        np.matmul(trace.fed(l).T, dZ[l], out=dW)  # (n_in, N) (N, n_out) = (n_in, n_out)
        if db is not None:
            dZ[l].sum(axis=0, out=db)  # (n_out,)
        if l > 0 or not parameters_only:
            dA[l] = dropped(dZ[l] @ W.T, trace.masks, l)  # (N, n_out) (n_out, n_in) = (N, n_in)

    if parameters_only:
        dA = []
    else:
        dA[-1] = share * loss_slopes(net, trace.Y, T)
    return Gradients(gradient, tuple(dW for dW, _ in views), tuple(db for _, db in views), tuple(dZ), tuple(dA))
