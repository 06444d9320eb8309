"""Dropout: units left out at random while a network learns, and masks that are the same on every machine.

A mask is no stream of random numbers but a hash of (seed, step, layer, element), so that any engine can draw any part
of it, in any order and on any number of threads, and finds the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from chainrule.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from chainrule.maths.arrays import Array
    from chainrule.network.architecture import Architecture

Masks: TypeAlias = "tuple[Array | None, ...]"  # masks[l] multiplies A[l]; () where nothing is dropped

GOLDEN = 0x9E3779B97F4A7C15  # 2^64 divided by the golden ratio, the step of splitmix64's counter
WORD = 2**64 - 1


def splitmix64(counter: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The finalizer of splitmix64, a bijection of 64-bit words that looks random (Steele, Lea and Flood 2014).

    Examples
    --------
    >>> [f"{int(word):016x}" for word in splitmix64(np.array([GOLDEN, 2 * GOLDEN & WORD], dtype=np.uint64))]
    ['e220a8397b1dcdaf', '6e789e6aa1b965f4']
    """
    z = (counter ^ (counter >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def key(seed: int, step: int, layer: int) -> int:
    """Hash seed, step and layer into the 64-bit number at which the counters of a mask begin."""
    word = 0
    for part in (seed, step, layer):
        word = int(splitmix64(np.array([((word ^ part) + GOLDEN) & WORD], dtype=np.uint64))[0])
    return word


def draw_mask(
    rate: float, shape: tuple[int, int], seed: int, step: int, layer: int, dtype: npt.DTypeLike = np.float64
) -> Array:
    """0 with probability p and 1/(1 − p) otherwise, so that the mean stays 1 (Srivastava et al. 2014, inverted).

    Element i, counted row by row, is dropped where the upper 53 bits of splitmix64(key + (i + 1) · GOLDEN), a number
    in [0, 1) when divided by 2^53, are below p.

    Examples
    --------
    >>> draw_mask(0.5, (2, 4), seed=0, step=0, layer=1)
    array([[2., 0., 0., 2.],
           [0., 0., 2., 2.]])
    """
    counters = np.arange(1, shape[0] * shape[1] + 1, dtype=np.uint64) * np.uint64(GOLDEN)
    words = splitmix64(counters + np.uint64(key(seed, step, layer)))
    kept = (words >> np.uint64(11)) * 2.0**-53 >= rate
    return (kept.reshape(shape) / (1.0 - rate)).astype(dtype, copy=False)


def draw_masks(net: Architecture, n_samples: int, seed: int, step: int, dtype: npt.DTypeLike = np.float64) -> Masks:
    """Draw the masks of one step of training: of the inputs, then of every hidden layer; None where nothing drops.

    Examples
    --------
    >>> from chainrule.network.layers import Dense
    >>> from chainrule.network.network import Network
    >>> net = Network([Dense(3, "tanh", dropout=0.5), Dense(1)], n_features=2)
    >>> draw_masks(net, 2, seed=0, step=0)
    (None, array([[2., 0., 0.],
           [2., 0., 0.]]))
    """
    if not net.has_dropout:
        return ()
    widths = (net.n_features, *(layer.n_outputs for layer in net.layers[:-1]))
    return tuple(
        draw_mask(rate, (n_samples, width), seed, step, layer, dtype) if rate else None
        for layer, (rate, width) in enumerate(zip(net.dropout_rates, widths, strict=True))
    )


def dropped(A: Array, masks: Masks, number: int) -> Array:
    """A ⊙ M under the mask of this layer, or A where it has none; backwards it is the same."""
    mask = masks[number] if masks else None
    return A if mask is None else A * mask


def as_masks(
    masks: Sequence[npt.ArrayLike | None] | None, net: Architecture, n_samples: int, dtype: npt.DTypeLike
) -> Masks:
    """Return the masks as arrays of the activations' shapes, or say what they must be."""
    if masks is None or len(masks) == 0:
        return ()
    widths = (net.n_features, *(layer.n_outputs for layer in net.layers[:-1]))
    if len(masks) != len(widths):
        raise InvalidValue(
            f"masks must have {len(widths)} entries, for the inputs and every hidden layer, got {len(masks)}. "
            "None stands where nothing is dropped."
        )
    arrays = tuple(None if mask is None else np.asarray(mask, dtype=dtype) for mask in masks)
    for number, (mask, width) in enumerate(zip(arrays, widths, strict=True)):
        if mask is not None and mask.shape != (n_samples, width):
            raise InvalidValue(f"masks[{number}] must have shape ({n_samples}, {width}), got {mask.shape}.")
    return arrays
