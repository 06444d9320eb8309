"""Observed widths: a program may use a class, or a function, for a wider or narrower network than the one stated."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import combinations, islice, pairwise, product
from typing import TYPE_CHECKING

from chainrule.check.observed_parameters import is_of_gradient
from chainrule.errors import InvalidValue
from chainrule.network.network import Network

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chainrule.check.observed_run import WatchedRun
    from chainrule.check.observed_values import Arrays

MOST_ARRAYS = 8  # that may be weights
MOST_NETWORKS = 3
MOST_CHAINS = 60
WIDEST = 1000


def networks_in(net: Network, watch: WatchedRun) -> list[Network]:
    """The stated network, and those of its layers in other widths that the values of a program suggest most often."""
    votes: Counter[tuple[int, ...]] = Counter()
    doubts: dict[tuple[int, ...], int] = {}
    for _, moving in watch.places:
        able = dict(sorted(islice(_widths(net, moving), MOST_CHAINS), key=lambda one: one[1], reverse=True))
        votes.update(able.keys())
        doubts |= {widths: min(doubt, doubts.get(widths, doubt)) for widths, doubt in able.items()}
    own = (net.n_features, *(layer.n_outputs for layer in net.layers))
    others = sorted(votes.keys() - {own}, key=lambda widths: (doubts[widths], -votes[widths]))[:MOST_NETWORKS]
    found = [_of_widths(net, widths) for widths in others]
    return [net, *(one for one in found if one is not None)]


def _of_widths(net: Network, widths: Sequence[int]) -> Network | None:
    """The network in other widths; None where its last layer cannot have as many."""
    try:
        layers = [replace(layer, n_outputs=n) for layer, n in zip(net.layers, widths[1:], strict=True)]
        return Network(layers, n_features=widths[0], loss=net.loss)
    except InvalidValue:
        return None


def _widths(net: Network, moving: Arrays) -> Iterator[tuple[tuple[int, ...], int]]:
    """The widths of inputs and layers that arrays may have, and how many of these would hold the biases, too."""
    shapes = [one.squeeze().shape for path, one in moving.items() if not is_of_gradient(path)]
    sizes = {shape[0] if shape else 1 for shape in shapes if len(shape) < 2}
    weights = [shape for shape in shapes if len(shape) in (1, 2) and max(shape) <= WIDEST][:MOST_ARRAYS]
    for some in combinations(weights, len(net.layers)):
        options = [_sides(shape, last=k == len(some), bias=net.layers[k - 1].bias) for k, shape in enumerate(some, 1)]
        for chain in product(*options):
            ends = [(n_out, n_in) for (_, n_out, _), (n_in, _, _) in pairwise(chain)]
            biased = all(
                whole or not layer.bias or n_out in sizes
                for (_, n_out, whole), layer in zip(chain, net.layers, strict=True)
            )
            several = (chain[-1][1] > 1) == (net.n_outputs > 1)
            if biased and several and all(a == b for a, b in ends):
                yield (chain[0][0], *(n_out for _, n_out, _ in chain)), sum(whole for _, _, whole in chain)


def _sides(shape: tuple[int, ...], *, last: bool, bias: bool) -> list[tuple[int, int, bool]]:
    """What weights of a shape may lead from and to, and whether they hold the biases."""
    if len(shape) == 1:
        return [(shape[0], 1, False), *([(shape[0] - 1, 1, True)] if bias and shape[0] > 1 else [])] if last else []
    a, b = shape
    found = [(a, b, False), (b, a, False)]
    return found + ([(a - 1, b, True), (b - 1, a, True)] if bias else [])
