"""Layouts: how code wants its arrays, and the order in which that is guessed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Literal, TypeAlias

from chainrule.check.names import ONE_SAMPLE, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Set

Samples: TypeAlias = Literal["all", "flat", "list", "row", "column"]
Targets: TypeAlias = Literal["column", "flat", "labels", "labels from 1"]
Order: TypeAlias = Literal["ours", "units, bias first", "units, bias last", "rows, bias first", "weights first"]
Theta: TypeAlias = Literal["flat", "row", "column"]
Parameters: TypeAlias = Literal["flat", "dict", "neurons", "pairs", "list", "dict of stacks"]


@dataclass(frozen=True)
class Layout:
    """How code wants its arrays.

    ``columns``: samples are columns. ``tall``: biases are columns. ``turned``: W is (n_out, n_in). ``targets``: as a
    column an output, flat, or as class labels from 0 or from 1. ``samples``: all at once, or one at a time as a flat
    array, a list, a row or a column. ``parameters``: which form a parameter called ``params`` has; ``order``: where the
    bias stands in a flat theta, and in matrices that hold a layer's weights and biases. ``stacked``: each sample is a
    matrix of its own, a row or a column. ``pairs``: inputs and targets in one argument are a list of pairs.
    ``vectors``: weights of a single output are (n_in,), its bias is a number. ``summed_error``: the error that it is
    handed is that of a sum, for it divides by the number of samples itself; ``error_at_Z``: it is Y − T, for its last
    layer passes that on. ``ones``: the inputs have a column of ones for the bias, before or behind the others as the
    ``order`` has it. ``thresholds``: an object keeps −b, which it subtracts.
    ``theta``: all parameters of one unit are a flat array, or a matrix of one row or one column.
    """

    columns: bool = False
    tall: bool = False
    turned: bool = False
    targets: Targets = "column"
    samples: Samples = "all"
    parameters: Parameters = "flat"
    order: Order = "ours"
    stacked: bool = False
    pairs: bool = False
    vectors: bool = False
    summed_error: bool = False
    error_at_Z: bool = False
    ones: bool = False
    thresholds: bool = False
    theta: Theta = "flat"


COLUMNS = Layout(columns=True, tall=True, turned=True)
WHOLE = (
    Layout(),
    Layout(targets="flat"),
    Layout(targets="labels"),
    COLUMNS,
    Layout(turned=True),
    Layout(columns=True, tall=True),
    replace(COLUMNS, targets="flat"),
    replace(COLUMNS, targets="labels"),
    Layout(turned=True, targets="labels"),
    Layout(turned=True, tall=True),
    Layout(vectors=True, targets="flat"),
    Layout(vectors=True),
    Layout(vectors=True, targets="labels"),
    Layout(columns=True, turned=True),
)
ORDERS: tuple[Order, ...] = ("units, bias first", "units, bias last", "rows, bias first", "weights first")
ONES = tuple(
    Layout(ones=True, order=order, targets=targets)
    for order in ("rows, bias first", "ours")
    for targets in ("column", "flat", "labels")
)
MATRICES = tuple(replace(one, theta=theta) for theta in ("column", "row") for one in ONES)
STACKED = (replace(COLUMNS, stacked=True), Layout(stacked=True))


def layouts(names: Set[str], roles: Set[str] = frozenset()) -> Iterator[Layout]:
    """Every layout that is tried for code with parameters of these names and roles, the usual ones first.

    One sample at a time is tried first where a name says so (``inputs_list``), else at last.

    >>> next(layouts({"X", "T"})) == Layout(), next(layouts({"input_list"})).samples
    (True, 'flat')
    """
    says_one = not ONE_SAMPLE.isdisjoint(map(plain, names))
    if says_one:
        yield from _one_at_a_time()
    if "X and T" in roles:
        pairs = [*(replace(one, pairs=True) for one in (*STACKED, *WHOLE[:3])), Layout(targets="labels")]
        yield from (replace(one, samples=samples) for samples in ("all", "row") for one in pairs)
    yield from WHOLE
    if not {"parameters", "weights"}.isdisjoint(roles):
        yield from _of_parameters()
    for order in ORDERS:
        yield from (replace(one, order=order) for one in WHOLE[:4])
    yield from ONES
    if "theta" in roles:
        yield from MATRICES
    for order in ("ours", *ORDERS):
        yield Layout(targets="labels from 1", order=order)
    yield replace(COLUMNS, targets="labels from 1")
    yield from STACKED
    yield from (Layout(thresholds=True), Layout(thresholds=True, targets="flat"))
    if not says_one:
        yield from _one_at_a_time()


def _of_parameters() -> Iterator[Layout]:
    """What an argument for all parameters may be beside a flat array: a dict, a list, pairs of W and b."""
    yield from (replace(one, parameters="dict") for one in WHOLE)
    kinds: tuple[Parameters, ...] = ("pairs", "list", "dict of stacks")
    for kind in kinds:
        yield from (replace(one, parameters=kind) for one in (*WHOLE[:5], WHOLE[-1]))
    for order in ORDERS[:2]:
        yield from (replace(one, parameters="dict of stacks", order=order) for one in WHOLE[:4])


def _one_at_a_time() -> Iterator[Layout]:
    samples: tuple[Samples, ...] = ("flat", "column", "row", "list")
    for one in samples:
        for turned in (False, True):
            whole = Layout(samples=one, turned=turned, columns=one == "column", tall=one == "column")
            yield whole
            if one in ("flat", "list"):
                yield replace(whole, targets="flat")
    orders: tuple[Order, ...] = ("ours", "units, bias first")
    yield from (Layout(samples="list", parameters="neurons", order=order) for order in orders)
    yield Layout(samples="flat", targets="labels")
    yield from (replace(one, samples="row") for one in STACKED)
    yield from (Layout(samples="row", targets=targets, vectors=targets == "flat") for targets in ("flat", "labels"))
    singly: tuple[Samples, ...] = ("flat", "list", "row")
    stacks: tuple[Order, ...] = ("rows, bias first", "units, bias last", "units, bias first")
    yield from (Layout(samples=one, order=order) for one, order in product(singly, stacks))
    yield from (Layout(samples="row", targets="labels", order=order) for order in stacks)
    yield from (Layout(samples=one, thresholds=True) for one in singly)
