"""Unreadable: arrays that are no gradient of the network, and what their shapes say.

A shape alone accuses nobody: right code that is called in a form which its author never meant gives such arrays too.
A mistake is named only where something else shows that the form is meant: outputs, a loss, a block that is right, or
arrays that only an error n × n gives.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from chainrule.check.backprop_report import BackpropReport, Mistake, listed
from chainrule.check.conventions import Scale, outcome, same
from chainrule.check.edits.kinds import KINDS
from chainrule.check.raws import gradients_of
from chainrule.check.returned_values import as_items, orders
from chainrule.check.sentences import told_mistake

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chainrule.check.edits.program import Point, Vector
    from chainrule.check.returned_values import Raw
    from chainrule.network.network import Network


NEEDED = (
    "I cannot tell whether your code is wrong, or is to be called otherwise: let it return its outputs or its loss "
    "too, or make a function of the parameters ({blocks}) and of X and T, all samples, that returns the gradients."
)


def unreadable(net: Network, point: Point, raw: Raw, notes: Sequence[str], recognised: bool | None) -> BackpropReport:
    """Say which shapes came and which were expected; ``recognised``: whether outputs or loss are the network's."""
    came = [f"{name or 'an array'} of shape {array.shape}" for name, array in as_items(gradients_of(raw))]
    wanted = [f"d{name} {shape}" for name, shape in net.shapes.items()]
    clues = [raw.complaint] if raw.complaint else []
    clues += [f"I cannot match what your code returns ({listed(came) if came else 'nothing'}) with {listed(wanted)}."]
    mistakes, clue = _named(net, point, raw)
    clues += [clue] if clue else []
    if recognised or (recognised is None and (_has_a_right_block(net, point, raw) or _meets_every_target(point, raw))):
        return BackpropReport("wrong", tuple(mistakes), (), tuple(clues), (), tuple(notes))
    clues.append(NEEDED.format(blocks=", ".join(net.shapes)))
    return BackpropReport("undecided", clues=tuple(clues), notes=tuple(notes))


def _named(net: Network, point: Point, raw: Raw) -> tuple[list[Mistake], str]:
    """The mistakes that give arrays of such shapes, and what a length says."""
    mistakes = [replace(told_mistake("bias-row-kept"), confidence=0.8)] if _one_too_many(net, raw) else []
    mistakes += [replace(one, confidence=0.9) for one in _unsummed_biases(net, point, raw)]
    squared = any(point.N in array.shape for _, array in as_items(gradients_of(raw)))
    if not squared or point.N in (net.n_features, *(layer.n_outputs for layer in net.layers)):
        return mistakes, ""
    if net.n_outputs == 1 and not mistakes:
        kind = KINDS["broadcast"]
        mistakes.append(Mistake("broadcast", "the output error", kind.sentence, kind.remedy, confidence=0.8))
    return mistakes, f"A length of {point.N} is the number of samples: a sum over the samples is missing."


def _has_a_right_block(net: Network, point: Point, raw: Raw) -> bool:
    """Whether an array is a block of the right gradient up to a factor, transposed or not, a bias's row beside it."""
    right = outcome(net, point, Scale())
    blocks = [] if right is None else [block for block in right.blocks.values() if block.size > 1]
    arrays = [array for _, array in as_items(gradients_of(raw))]
    parts = [part for array in arrays for part in (array, *((array[1:], array[:-1]) if array.ndim == 2 else ()))]
    turned = [part for one in parts for part in (one, one.T, *((one.T[1:], one.T[:-1]) if one.ndim == 2 else ()))]
    return any(_is_multiple(part.ravel(), block.ravel()) for part in turned for block in blocks)


def _meets_every_target(point: Point, raw: Raw) -> bool:
    """Whether an array is c + v tᵀ for all targets t, as Aᵀ(y − tᵀ) is: each sample's own error gives no such array."""
    t = point.T.ravel() - point.T.mean()
    arrays = [np.atleast_2d(array) for _, array in as_items(gradients_of(raw)) if array.ndim <= 2]
    for rows in (one for array in arrays for one in (array, array.T) if one.shape[1] == len(t) and t.any()):
        spread = rows - rows.mean(axis=1, keepdims=True)
        if not same(rows - spread, rows) and same(spread, np.outer(spread @ t / (t @ t), t)):
            return True
    return False


def _is_multiple(given: Vector, right: Vector) -> bool:
    """Whether a vector is another times one number that is not 0."""
    if given.shape != right.shape or not np.isfinite(given).all():
        return False
    factor = float(given @ right) / (float(right @ right) or 1.0)
    return factor != 0.0 and same(given / factor, right)


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
