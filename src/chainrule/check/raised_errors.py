"""Crashes: where a student's code raised what, and which mistake the shapes in the message show."""

from __future__ import annotations

import re
import traceback
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

import chainrule.errors
from chainrule.check.backprop_report import BackpropReport
from chainrule.check.calling import Form, NoSuchReading, StudentError
from chainrule.check.examination import examine
from chainrule.check.raws import as_it_came
from chainrule.check.sentences import told_mistake
from chainrule.check.trial_points import SAMPLES, random_point
from chainrule.errors import ChainruleError
from chainrule.network.layers import Dense
from chainrule.network.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chainrule.check.calling import Call
    from chainrule.check.edits.program import Point

MakeCall: TypeAlias = "Callable[[Network], Call]"

OURS = str(Path(chainrule.errors.__file__).parent)  # files of whose lines no student wants to hear
NUMPYS = str(Path(np.__file__).parent)
SHAPES = "Shapes: W is (n_in, n_out), samples are rows, so Z = A @ W + b, dW = A.T @ dZ and dA = dZ @ W.T."
WRONG_INDEX = re.compile(r"only integers, slices|indices must be|not subscript")
CALLED = "I called {}, shapes for arrays. Where that is not what it wants{}, write the call yourself:\n{}"
INDEXED = " (a dict is {'W1': W1, …}, class labels are T.argmax(axis=1))"


def told_crash(net: Network, points: Sequence[Point], make_call: MakeCall, raised: StudentError) -> BackpropReport:
    """Say where a student's code raised what; a transposed W runs where all layers are alike, and is named there."""
    error = raised.__cause__ or raised
    frames = [one for one in traceback.extract_tb(error.__traceback__) if not one.filename.startswith((OURS, NUMPYS))]
    place = f" in line {frames[-1].lineno} of {frames[-1].name}: {frames[-1].line or ''}".rstrip(": ") if frames else ""
    place = getattr(error, "place", place)  # of code that runs in another process
    clue = f"Your code raised {type(error).__name__}{place}. It said: {error}."
    hints = [SHAPES] if isinstance(error, ValueError) else []
    if isinstance(make_call, Form) and raised.called:
        indexed = INDEXED if WRONG_INDEX.search(str(error)) else ""
        hints.append(CALLED.format(raised.called, indexed, raised.wrapper))
    found = _where_all_layers_are_alike(net, points, make_call) if isinstance(error, ValueError) else None
    mistakes = tuple(one for one in found.mistakes if one.name == "weights-transposed") if found else ()
    if not mistakes and (number := _layer_turned_around(net, str(error))):
        mistakes = (replace(told_mistake("weights-transposed", f"layer {number}"), confidence=0.6),)
    with_bias = any(layer.bias for layer in net.layers)
    if not mistakes and with_bias and isinstance(error, ValueError) and _off_by_one(str(error)):
        mistakes = (replace(told_mistake("bias-row-kept"), confidence=0.7),)
    return BackpropReport("wrong" if mistakes else "undecided", mistakes, clues=(clue, *hints), raised=True)


def _off_by_one(message: str) -> bool:
    """Whether two shapes in an error differ by one column: the row of ones of an augmented matrix."""
    shapes = [tuple(map(int, pair)) for pair in re.findall(r"\((\d+),(\d+)\)", message)]
    sizes = [tuple(map(int, pair)) for pair in re.findall(r"size (\d+) is different from (\d+)", message)]
    lengths = [(int(one),) for one in re.findall(r"\((\d+),\)", message)]
    pairs = [*sizes, *((a[k], b[k]) for a, b in pairwise(shapes) for k in (0, 1))]
    pairs += [(a[0], b[0]) for a, b in pairwise(lengths)]
    return any(abs(a - b) == 1 for a, b in pairs)


def _layer_turned_around(net: Network, message: str) -> int | None:
    """The layer whose two sizes did not fit each other in a product: its W is passed through the wrong way around."""
    sizes = [tuple(map(int, pair)) for pair in re.findall(r"size (\d+) is different from (\d+)", message)]
    aligned = re.search(r"shapes \(\d+,(\d+)\) and \((\d+),\d+\) not aligned", message)
    sizes += [(int(aligned[1]), int(aligned[2]))] if aligned else []
    for number, shape in ((int(name[1:]), shape) for name, shape in net.shapes.items() if name.startswith("W")):
        if number > 1 and any(set(pair) == set(shape) and shape[0] != shape[1] for pair in sizes):
            return number
    return None


def _where_all_layers_are_alike(net: Network, points: Sequence[Point], make_call: MakeCall) -> BackpropReport | None:
    """Check the code on a network of the same kind whose layers are all as wide as its outputs."""
    width = max(net.n_outputs, 3) if net.n_outputs > 1 else 1
    hidden = [
        Dense(net.n_features if net.n_outputs == 1 else width, one.activation, one.bias) for one in net.layers[:-1]
    ]
    last = net.layers[-1]
    square = Network(
        [*hidden, Dense(last.n_outputs, last.activation, last.bias)],
        net.n_features if net.n_outputs == 1 else width,
        net.loss,
    )
    try:
        with np.errstate(all="ignore"):
            alike = [random_point(square, points[0].l2, seed, n) for seed, n in enumerate(SAMPLES)]
            raws = [as_it_came(make_call(square)(point)) for point in alike]
        return examine(square, alike, raws)
    except (StudentError, ChainruleError, NoSuchReading):  # then it was something else
        return None
