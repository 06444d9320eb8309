"""Unreadable: arrays that are no gradient of the network, and what their shapes say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from chainrule.check.backprop_report import BackpropReport, Mistake, listed
from chainrule.check.edits.kinds import KINDS
from chainrule.check.raws import gradients_of
from chainrule.check.returned_values import as_items, orders
from chainrule.check.sentences import told_mistake

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chainrule.check.edits.program import Point, Vector
    from chainrule.check.returned_values import Raw
    from chainrule.network.network import Network


def unreadable(net: Network, point: Point, raw: Raw, notes: Sequence[str]) -> BackpropReport:
    """Say which shapes came and which were expected."""
    came = [f"{name or 'an array'} of shape {array.shape}" for name, array in as_items(gradients_of(raw))]
    wanted = [f"d{name} {shape}" for name, shape in net.shapes.items()]
    clues = [raw.complaint] if raw.complaint else []
    clues += [f"I cannot match what your code returns ({listed(came) if came else 'nothing'}) with {listed(wanted)}."]
    mistakes = []
    if _one_too_many(net, raw):
        mistakes.append(replace(told_mistake("bias-row-kept"), confidence=0.8))
    mistakes += [replace(one, confidence=0.9) for one in _unsummed_biases(net, point, raw)]
    squared = any(point.N in array.shape for _, array in as_items(gradients_of(raw)))
    if squared and point.N not in (net.n_features, *(layer.n_outputs for layer in net.layers)):
        kind = KINDS["broadcast"]
        if net.n_outputs == 1 and not mistakes:
            mistakes.append(Mistake("broadcast", "the output error", kind.sentence, kind.remedy, confidence=0.8))
        clues.append(f"A length of {point.N} is the number of samples: a sum over the samples is missing.")
    return BackpropReport("wrong", tuple(mistakes), (), tuple(clues), (), tuple(notes))


def _unsummed_biases(net: Network, point: Point, raw: Raw) -> list[Mistake]:
    """Name biases whose gradient has a row or a number for each sample, and weights of a layer's own values."""
    arrays = [array for _, array in as_items(gradients_of(raw))]
    for order in orders(net) if len(arrays) == len(net.shapes) else ():
        kinds = {name: _of_samples(array, net.shapes[name], point.N) for name, array in zip(order, arrays, strict=True)}
        if None not in kinds.values():
            told = {name: kind for name, kind in kinds.items() if kind}
            if "weights-not-summed" in told.values() and not {*told.values()} - {"weights-not-summed"}:
                return []  # no bias is spread: what is, is the error, of targets (n,) and outputs (n, 1)
            return [told_mistake(kind, f"layer {name[1:]}") for name, kind in told.items()]
    return []


def _of_samples(array: Vector, shape: tuple[int, ...], n_samples: int) -> str | None:
    """What an array's shape says of a block: "" for nothing, None where it can be none."""
    sizes = sorted(array.shape)
    if array.size == int(np.prod(shape)) and (len(shape) == 1 or sizes in (sorted(shape), [max(shape)])):
        return ""
    if len(shape) == 2 and shape[1] == 1 and sizes == sorted((n_samples, shape[0])):
        return "weights-not-summed"
    if len(shape) == 2 and array.shape == (shape[1], shape[1]):  # Aᵀ dZ of the layer's own activations
        return "wrong-input"
    if array.size == 1 and len(shape) == 2:
        return "inner-for-outer"
    return _of_bias(array, shape[0], n_samples) if len(shape) == 1 else None


def _of_bias(array: Vector, n_units: int, n_samples: int) -> str | None:
    """What an array's shape says of a bias; None where it can be none."""
    if sorted(array.shape) == sorted((n_samples, n_units)):
        return "bias-not-summed"
    return "bias-sum-axis" if array.size == n_samples and array.ndim <= 2 else None


def _one_too_many(net: Network, raw: Raw) -> bool:
    """Whether matrices [W; b] came of which some have a column more than their layer has units."""
    shapes = [array.shape for _, array in as_items(gradients_of(raw))]
    wanted = [(rows + 1, columns) for name, (rows, *rest) in net.shapes.items() for columns in rest if name[0] == "W"]
    if len(shapes) != len(wanted) or not all(layer.bias for layer in net.layers):
        return False
    for turned in (False, True):
        came = [shape[::-1] if turned else shape for shape in shapes]
        for order in (wanted, wanted[::-1]):
            more = [(len(a) == 2 and (a[0] - b[0], a[1] - b[1])) for a, b in zip(came, order, strict=True)]
            if set(more) == {(0, 0), (0, 1)}:
                return True
    return False
