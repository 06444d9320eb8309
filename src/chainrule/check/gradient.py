"""Check a gradient: compare it, entry by entry, with differences of the loss, which need no calculus."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from chainrule.check.finite_differences import Estimate, Vector, differences
from chainrule.check.gradient_report import (
    RIGHT,
    SUSPICIOUS,
    WRONG,
    BlockReport,
    Entry,
    GradientReport,
    report_block,
)
from chainrule.errors import InvalidValue, check_count
from chainrule.network.inputs import as_generator

if TYPE_CHECKING:
    from chainrule.maths.initializers import Generator
    from chainrule.network.inputs import RandomStateLike

Shapes: TypeAlias = Mapping[str, "int | tuple[int, ...]"]

FLOAT64_EPS = float(np.finfo(np.float64).eps)


def check_gradient(
    fun: Callable[[Vector], Any],
    theta: npt.ArrayLike,
    names: Shapes | None = None,
    *,
    jac: Callable[[Vector], Any] | None = None,
    max_entries: int = 1000,
    random_state: RandomStateLike = None,
) -> GradientReport:
    r"""Compare a gradient with differences, D(h) = [f(θ + h eᵢ) − f(θ − h eᵢ)] / 2h and (4 D(h/2) − D(h)) / 3.

    The step is halved until truncation and rounding are both small. An entry is wrong when the relative error
    \|a − n\| / max(\|a\|, \|n\|) passes 1e-2 and suspicious when it passes 1e-4, or 1e-7 where the loss shows no
    kinks; what the differences cannot know is taken off first. An entry at a kink (ReLU at 0, \|w\| at 0) is set
    aside: neither right nor wrong. One that the differences cannot resolve to 1e-4 is counted as too small to tell.
    In float32, also where it is handed over as float64, both limits are 1e-2: compute in float64.

    Parameters
    ----------
    fun : callable
        ``fun(theta) -> (loss, gradient)``, as ``scipy.optimize.minimize(jac=True)`` takes it. It gets copies;
        one that changes its copy in place is reported in the notes.
    theta : array-like of shape (n_parameters,)
        Where to check: numbers of any real kind, taken as float64, never changed.
    names : mapping of block name to shape, optional
        The blocks of theta in their order, ``{"W1": (2, 10), "b1": (10,)}``. Without it theta is one block.
    jac : callable, optional
        ``jac(theta) -> gradient``; then ``fun`` returns the loss alone.
    max_entries : int
        A longer theta is sampled: at least one entry of every block, small blocks in full.
    random_state : int, generator or None
        Seeds that sample; None draws another one every time.

    Returns
    -------
    GradientReport
        ``.ok``, ``.blocks``, ``.notes``, ``str()``, ``.to_dict()``, ``.assert_correct()``.

    Raises
    ------
    InvalidValue
        If theta, names or what fun returns cannot be used, if the loss is not finite, or if two calls at the
        same theta disagree.

    Examples
    --------
    >>> def half_square(theta):
    ...     return 0.5 * theta @ theta, theta
    >>> check_gradient(half_square, [1.0, -2.0, 3.0]).ok
    True
    >>> def half_square_with_a_slip(theta):
    ...     return 0.5 * theta @ theta, theta * [1, 1, 2]
    >>> report = check_gradient(half_square_with_a_slip, [1.0, -2.0, 3.0], {"w": (2,), "b": (1,)})
    >>> print(report.verdict)
    The gradient is wrong in b: checked 3 of 3 entries, 1 disagrees.
    >>> print(report.blocks[1].clue)
    every wrong entry of b is 2 times what it should be

    References
    ----------
    CS231n, "Gradient checks", https://cs231n.github.io/neural-networks-3/#gradcheck
    """
    point = _as_theta(theta)
    blocks = _as_blocks(names, point.size)
    chosen = _sample(blocks, check_count("max_entries", max_entries), as_generator(random_state))
    objective = _Objective(fun, jac)
    loss, gradient = objective.at(point)
    _refuse_randomness((loss, gradient), objective.at(point), objective.eps)
    with np.errstate(all="ignore"):  # a step may leave the domain of fun; the next one is shorter
        objective.look_behind_float64(point)
        around = differences(objective.loss, point, loss, objective.eps)
        found = {int(i): around.derivative(int(i)) for part in chosen for i in part}
    tolerance = _tolerance(objective, any(estimate.met_kink for estimate in found.values()))
    given_error = 4 * objective.eps * _largest(gradient)
    reports = []
    for block, part in zip(blocks, chosen, strict=True):
        entries = [_entry(block, int(i), float(gradient[i]), found[int(i)], given_error) for i in part]
        reports.append(report_block(block.name, block.shape, entries, tolerance=tolerance))
    return GradientReport(tuple(reports), tuple(_notes(objective, blocks, reports, gradient)))


# --- what comes in ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Block:
    name: str
    shape: tuple[int, ...]
    start: int

    @property
    def size(self) -> int:
        return math.prod(self.shape)


def _as_array(what: str, value: object, hint: str = "") -> npt.NDArray[Any]:
    try:
        array = np.asarray(value)
    except ValueError:
        array = np.empty(0, dtype=object)
    if array.dtype.kind not in "iuf":
        raise InvalidValue(f"{what} must be real numbers, got {type(value).__name__}{hint}.")
    return array


def _as_theta(theta: npt.ArrayLike) -> Vector:
    array = _as_array("theta", theta)
    if array.ndim != 1 or array.size == 0:
        raise InvalidValue(f"theta must be one flat array with something in it, got shape {array.shape}.")
    point = np.array(array, dtype=np.float64)
    if not np.isfinite(point).all():
        where = int(np.flatnonzero(~np.isfinite(point))[0])
        raise InvalidValue(f"theta must be finite, got theta[{where}] = {point[where]}.")
    return point


def _as_shape(name: str, shape: object) -> tuple[int, ...]:
    lengths = shape if isinstance(shape, tuple | list) else (shape,)
    return tuple(check_count(f"A length in the shape of block {name!r}", n, at_least=0) for n in lengths)


def _as_blocks(names: Shapes | None, size: int) -> list[_Block]:
    if names is None:
        return [_Block("theta", (size,), 0)]
    if not isinstance(names, Mapping):
        raise InvalidValue(f"names must map block names to shapes, got {type(names).__name__}.")
    blocks: list[_Block] = []
    total = 0
    for name, shape in names.items():
        blocks.append(_Block(str(name), _as_shape(name, shape), total))
        total += blocks[-1].size
    if total != size:
        raise InvalidValue(f"The shapes in names add up to {total} entries, but theta has {size}.")
    return blocks


def _sample(blocks: list[_Block], max_entries: int, generator: Generator) -> list[npt.NDArray[np.intp]]:
    """Return, per block, the sorted places in theta to check: small blocks in full, large ones in equal parts."""
    by_size = sorted((block for block in blocks if block.size), key=lambda block: block.size)
    if len(by_size) > max_entries:
        raise InvalidValue(f"max_entries must reach every one of the {len(by_size)} blocks, got {max_entries}.")
    taken: dict[int, int] = {}
    for done, block in enumerate(by_size):
        taken[block.start] = min(block.size, (max_entries - sum(taken.values())) // (len(by_size) - done))
    parts = []
    for block in blocks:
        count = taken[block.start] if block.size else 0
        places = generator.permutation(block.size)[:count] if count < block.size else np.arange(block.size)
        parts.append(block.start + np.sort(places))
    return parts


class _Objective:
    """fun and jac behind one face: copies go in, plain numbers come out, and every oddity is a sentence."""

    def __init__(self, fun: Callable[[Vector], Any], jac: Callable[[Vector], Any] | None) -> None:
        if not callable(fun):
            raise InvalidValue(f"fun must be a function of theta, got {type(fun).__name__}.")
        if jac is not None and not callable(jac):
            raise InvalidValue(f"jac must be a function of theta, got {jac!r}. Leave it out if fun returns both.")
        self._fun, self._jac = fun, jac
        self.changes_theta = False
        self.coarse = ""
        self.eps = FLOAT64_EPS

    def at(self, theta: Vector) -> tuple[float, Vector]:
        """Return the loss and the gradient at theta; the loss is finite."""
        value, slope = self._both(theta)
        loss = self._as_loss(value)
        if not math.isfinite(loss):
            raise InvalidValue(f"The loss at theta must be finite to be differentiated, got {loss}.")
        hint = "; concatenate its blocks into one flat array" if isinstance(slope, list | tuple | dict) else ""
        gradient = _as_array("The gradient", slope, hint)
        if gradient.size != theta.size:
            raise InvalidValue(f"The gradient must have the {theta.size} entries of theta, got shape {gradient.shape}.")
        self._note_precision("gradient", gradient.dtype)
        return loss, np.array(gradient, dtype=np.float64).ravel()

    def loss(self, theta: Vector) -> float:
        """Return the loss at theta, finite or not."""
        return self._as_loss(self._call(self._fun, theta) if self._jac else self._both(theta)[0])

    def look_behind_float64(self, theta: Vector) -> None:
        """Notice a loss that is computed in float32 and handed over as float64: all its values are float32's.

        Where it stands still it may be exact, as zero is.
        """
        direction, values = np.cos(np.arange(theta.size)), set()
        for step in (0.0, 1e-8, 3e-4, -2e-3, 1e-2):
            values.add(value := self.loss(theta + step * direction))
            if float(np.float32(value)) != value:
                return
        if len(values) > 2 and not self.coarse:
            self.eps, self.coarse = float(np.finfo(np.float32).eps), "loss is computed in float32"

    def _both(self, theta: Vector) -> tuple[Any, Any]:
        result = self._call(self._fun, theta)
        if self._jac is not None:
            # a buffer that both share would be overwritten by the second call
            return np.array(result) if isinstance(result, np.ndarray) else result, self._call(self._jac, theta)
        if not isinstance(result, tuple | list) or len(result) != 2:
            raise InvalidValue(
                f"fun must return the pair (loss, gradient), got {type(result).__name__}. "
                "Pass jac= if the gradient is a function of its own."
            )
        return result[0], result[1]

    def _call(self, function: Callable[[Vector], Any], theta: Vector) -> Any:
        copy = theta.copy()
        result = function(copy)
        self.changes_theta = self.changes_theta or not np.array_equal(copy, theta)
        return result

    def _as_loss(self, value: Any) -> float:
        loss = _as_array("The loss", value)
        if loss.size != 1:
            raise InvalidValue(f"The loss must be one number, got shape {loss.shape}. Sum or average it.")
        self._note_precision("loss", loss.dtype)
        return float(loss.item())

    def _note_precision(self, what: str, dtype: np.dtype[Any]) -> None:
        eps = float(np.finfo(dtype).eps) if dtype.kind == "f" else 0.0
        if eps > self.eps:
            self.eps, self.coarse = eps, f"{what} is {dtype}"


def _refuse_randomness(first: tuple[float, Vector], second: tuple[float, Vector], eps: float) -> None:
    for what, a, b in (("values", first[0], second[0]), ("gradients", first[1], second[1])):
        if not np.allclose(a, b, rtol=0, atol=1e4 * eps * _largest(a), equal_nan=True):
            raise InvalidValue(
                f"fun gives two {what} at the same theta, and a random function cannot be checked. "
                "Switch dropout off, or fix the seed inside fun."
            )


def _largest(array: npt.ArrayLike) -> float:
    return float(np.max(np.abs(array), initial=0.0, where=np.isfinite(array)))


# --- what goes out ----------------------------------------------------------------------------------------------


def _tolerance(objective: _Objective, met_kink: bool) -> float:
    """Return the relative error that is still right: 1e-2 in float32, 1e-4 where kinks were met, or 1e-7."""
    if objective.eps > FLOAT64_EPS:
        return WRONG
    return SUSPICIOUS if met_kink else RIGHT


def _entry(block: _Block, i: int, given: float, estimate: Estimate, given_error: float) -> Entry:
    index = tuple(int(n) for n in np.unravel_index(i - block.start, block.shape))
    return Entry(index, given, estimate.value, estimate.uncertainty + given_error, estimate.at_kink)


def _notes(
    objective: _Objective, blocks: Sequence[_Block], reports: Sequence[BlockReport], gradient: Vector
) -> Iterator[str]:
    if objective.changes_theta:
        yield (
            "fun changes theta in place. Here it worked on copies, an optimizer may hand it the original. "
            "Let it work on theta.copy()."
        )
    if objective.coarse:
        yield f"The {objective.coarse}: errors below 1 % go unseen. Compute in float64 for a sharper check."
    if any(report.judged for report in reports):
        idle = [report.name for report in reports if report.checked and not report.judged]
        yield from (f"No entry of {name} could be judged, so nothing is known about it." for name in idle)
    still = [
        block.name
        for block, report in zip(blocks, reports, strict=True)
        if report.right == report.judged > 0 and not gradient[block.start : block.start + block.size].any()
    ]
    if still:
        yield (
            f"Every derivative of {', '.join(still)} is 0 here, which many a mistake survives. "
            "Check at another theta as well."
        )
