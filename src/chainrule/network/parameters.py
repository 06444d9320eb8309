"""Parameters: one flat theta, layer by layer the rows of W and then b, and views that open it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from chainrule.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from chainrule.maths.arrays import Array
    from chainrule.maths.initializers import Generator, Initializer
    from chainrule.network.layers import Dense

Weights: TypeAlias = "list[tuple[Array, Array | None]]"


def parameter_shapes(layers: Sequence[Dense], n_features: int) -> dict[str, tuple[int, ...]]:
    """Name and shape of every block of theta, in its order: W1, b1, W2 and so on.

    >>> from chainrule.network.layers import Dense
    >>> parameter_shapes([Dense(3), Dense(1, bias=False)], n_features=2)
    {'W1': (2, 3), 'b1': (3,), 'W2': (3, 1)}
    """
    shapes: dict[str, tuple[int, ...]] = {}
    n_in = n_features
    for number, layer in enumerate(layers, start=1):
        shapes[f"W{number}"] = (n_in, layer.n_outputs)
        if layer.bias:
            shapes[f"b{number}"] = (layer.n_outputs,)
        n_in = layer.n_outputs
    return shapes


def count(shapes: dict[str, tuple[int, ...]]) -> int:
    """How many parameters the blocks hold together."""
    return sum(math.prod(shape) for shape in shapes.values())


def split(theta: npt.NDArray[Any], layers: Sequence[Dense], n_features: int) -> Weights:
    """View theta as [(W, b), …]; b is None where a layer has no bias. Nothing is copied."""
    weights: Weights = []
    start, n_in = 0, n_features
    for layer in layers:
        n_out = layer.n_outputs
        W = theta[start : start + n_in * n_out].reshape(n_in, n_out)
        start += n_in * n_out
        b = None
        if layer.bias:
            b = theta[start : start + n_out]
            start += n_out
        weights.append((W, b))
        n_in = n_out
    return weights


def draw(layers: Sequence[Dense], n_features: int, generator: Generator, dtype: npt.DTypeLike = np.float64) -> Array:
    """Draw an initial theta block after block, in its own order, from one generator."""
    blocks: list[npt.NDArray[np.floating]] = []
    n_in = n_features
    for number, layer in enumerate(layers, start=1):
        n_out = layer.n_outputs
        starts: list[tuple[str, Initializer, tuple[int, ...]]] = [(f"W{number}", layer.weight_init, (n_in, n_out))]
        if layer.bias:
            starts.append((f"b{number}", layer.bias_init, (n_out,)))
        for name, initializer, shape in starts:
            blocks.append(_draw_block(name, initializer, generator, n_in, n_out, shape))
        n_in = n_out
    return np.concatenate(blocks).astype(dtype, copy=False)


def _draw_block(
    name: str, initializer: Initializer, generator: Generator, n_in: int, n_out: int, shape: tuple[int, ...]
) -> npt.NDArray[np.float64]:
    try:
        block = np.asarray(initializer.draw(generator, n_in, n_out, shape), dtype=np.float64)
    except ValueError as error:
        raise InvalidValue(f"The initialiser {initializer.name!r} cannot draw {name}: {error}") from error
    if block.shape != shape:
        raise InvalidValue(f"The initialiser {initializer.name!r} drew shape {block.shape} for {name}, not {shape}.")
    return block.ravel()
