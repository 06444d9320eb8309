"""The networks that the students meant to write: small, some layers square, some not."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from chainrule import Dense, Network

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def stack(
    sizes: Sequence[int],
    hidden: str,
    output: str,
    loss: str,
    *,
    bias: bool = True,
    output_bias: bool = True,
) -> Network:
    """Return a network of these sizes, inputs first, with one hidden activation."""
    inner = [Dense(size, hidden, bias=bias) for size in sizes[1:-1]]
    return Network([*inner, Dense(sizes[-1], output, bias=bias and output_bias)], n_features=sizes[0], loss=loss)


def meant(
    sizes: Sequence[int], hidden: str, output: str, loss: str, *, bias: bool = True, output_bias: bool = True
) -> Callable[[], Network]:
    """Return the function that builds the network anew."""
    return partial(stack, tuple(sizes), hidden, output, loss, bias=bias, output_bias=output_bias)
