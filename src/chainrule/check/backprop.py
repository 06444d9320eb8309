"""Check back-propagation: run a hand-written gradient where mistakes show, and name what is wrong with it."""

from __future__ import annotations

import copy
import inspect
import re
import traceback
import warnings
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

import chainrule.errors
from chainrule.check.backprop_report import BackpropReport
from chainrule.check.calling import StudentError, as_call
from chainrule.check.conventions import Scale, outcome
from chainrule.check.edits.program import Point
from chainrule.check.examination import examine, gradients_of, told_kind, told_mistake
from chainrule.check.returned_values import as_items
from chainrule.errors import ChainruleError, InvalidValue, check_number
from chainrule.network.inputs import as_inputs, as_theta
from chainrule.network.layers import Dense
from chainrule.network.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from chainrule.check.calling import Call
    from chainrule.check.edits.program import Vector
    from chainrule.check.returned_values import Raw

MakeCall: TypeAlias = "Callable[[Network], Call]"

SAMPLES = (13, 17)  # of the two points: two odd numbers, larger than most layers' widths
STRENGTH = 0.37  # of the penalty
SPREAD = 0.6  # of the weights: no unit is saturated
OURS = str(Path(chainrule.errors.__file__).parent)  # files of whose lines no student wants to hear
LARGE = 1e3  # inputs at which a naive e^z overflows


def check_backprop(
    student: Any,
    net: Network,
    *,
    theta: npt.ArrayLike | None = None,
    X: npt.ArrayLike | None = None,
    T: npt.ArrayLike | None = None,
    l2: float | None = None,
    rate: float = 0.1,
) -> BackpropReport:
    r"""Name the mistake in hand-written back-propagation.

    The code is run at two random points in float64 that are chosen so that mistakes show: λ ≠ 0, more samples than
    units, all classes present. The gradient is compared with the derivation of the network, ∂loss/∂W = Aᵀ dZ and so on,
    and, where it differs, with that derivation after one or two named edits.

    Parameters
    ----------
    student : function, class or object
        A function of ``theta`` (with ``X``, ``T``, ``l2``); of ``weights``, ``biases`` as lists, or ``W1, b1, …``;
        one that reads arrays of its module; a class whose ``forward(X)`` and ``backward(T)`` update its arrays with
        the learning rate. It returns a gradient, or loss and gradient, or outputs too: arrays as a tuple, list or dict.
        Anything else wraps into ``lambda weights, biases, X, T: ...``.
    net : Network
        What the code is meant to be. W has shape (n_in, n_out), samples are rows; what comes back may be transposed,
        in another order, a sum instead of a mean, with λ/2 for λ: these are conventions, and said.
    theta, X, T : arrays, optional
        Where to look, in the place of one random point. A function of theta alone needs its own X and T here.
    l2 : float, optional
        λ of l2 Σ W²; without it the code has none, unless it asks for one by name.
    rate : float
        The learning rate of code that updates itself.

    Returns
    -------
    BackpropReport
        ``.ok``, ``.mistakes`` (name, where, sentence, confidence), ``.clues``, ``.hint(1)`` to ``.hint(3)``,
        ``.assert_correct()``.

    Examples
    --------
    >>> from chainrule import Dense, Network
    >>> net = Network([Dense(1, "sigmoid")], n_features=2, loss="log_loss")
    >>> def backprop(theta, X, T):
    ...     w, b = theta[:2].reshape(2, 1), theta[2]
    ...     y = 1 / (1 + np.exp(-(X @ w + b)))
    ...     loss = -np.mean(T * np.log(y) + (1 - T) * np.log(1 - y))
    ...     d = (y - T) / len(X)
    ...     return loss, np.append(X.T @ d, d.mean())
    >>> report = check_backprop(backprop, net)
    >>> report.mistakes[0].name, report.mistakes[0].where
    ('bias-mean', 'layer 1')
    """
    if not isinstance(net, Network):
        raise InvalidValue(f"net must be a Network, got {type(net).__name__}.")
    asked = STRENGTH if _asks_for_penalty(student) else 0.0
    strength = asked if l2 is None else check_number("l2", l2, at_least=0)
    points = _points(net, theta, X, T, strength)
    step = check_number("rate", rate, above=0)
    return consult(net, points, lambda meant: as_call(student, meant, rate=step), afresh=inspect.isclass(student))


def consult(net: Network, points: Sequence[Point], make_call: MakeCall, *, afresh: bool = True) -> BackpropReport:
    """Run code at two points, then again, and at large numbers; say what was found.

    ``make_call(net)`` returns the code as a call for points of this network. ``afresh`` says that it then forgets what
    was called before; a function of the caller's does not.
    """
    first = make_call(net)
    try:
        with np.errstate(all="ignore"):
            raws = [as_it_came(first(points[0]))]
            if not afresh and (name := _remembers([raws[0], *(as_it_came(first(points[0])) for _ in range(2))])):
                report = examine(net, points[:1], raws)
                return replace(report, ok=False, mistakes=(*report.mistakes, told_mistake(name)))
            raws += [as_it_came(make_call(net)(point)) for point in points[1:]]
    except StudentError as error:
        return _crashed(net, points, make_call, error.__cause__ or error)
    points = [replace(point, rate=raw.rate or 0.0) for point, raw in zip(points, raws, strict=True)]
    return _again(first, points, raws, examine(net, points, raws, _overflows(net, points[0], make_call)))


def _remembers(calls: Sequence[Raw]) -> str | None:
    """Name what three calls at one place show that should give the same."""
    arrays = [arrays_of(raw) for raw in calls]
    shapes = [[array.shape for array in one] for one in arrays]
    if shapes[0] != shapes[1]:
        return "stale"
    if all(np.allclose(a, b, rtol=1e-9, equal_nan=True) for a, b in zip(*arrays[:2], strict=True)):
        return None
    return "accumulated" if shapes[1] == shapes[2] and _adds_up(arrays) else "stale"


def _adds_up(calls: Sequence[Sequence[Vector]]) -> bool:
    """Whether calls go on changing in the same direction: what is left of an earlier call would come to rest."""
    first, then = (
        np.concatenate([(b - a).ravel() for a, b in zip(*pair, strict=True)]) for pair in pairwise(calls[:3])
    )
    if not first.any() or not then.any():
        return False
    factor = float(then @ first) / float(first @ first)
    largest = float(np.abs(then).max())
    return largest > 1e-9 and bool(np.abs(then - factor * first).max() <= 1e-6 * largest)


def as_it_came(raw: Raw) -> Raw:
    """Keep what was returned as it is now: the code may add to its own arrays later."""
    return replace(raw, gradients=copy.deepcopy(raw.gradients), Y=copy.deepcopy(raw.Y))


def _asks_for_penalty(student: Any) -> bool:
    code = getattr(student, "__code__", None)
    names = code.co_varnames[: code.co_argcount] if code else ()
    return any(name.lower() in ("l2", "lam", "lambda_", "lambd", "reg", "lmbda") for name in names)


def _points(net: Network, theta: Any, X: Any, T: Any, l2: float) -> list[Point]:
    """Two points; the caller's own samples take the place of random ones at both."""
    points = [random_point(net, l2, seed, n) for seed, n in enumerate(SAMPLES)]
    if (X is None) != (T is None):
        raise InvalidValue("X and T belong together: give both, or neither.")
    if X is not None:
        samples = as_inputs(X, net.n_features, np.float64)
        targets = net.targets(T, len(samples), np.float64)
        points = [replace(point, X=samples, T=targets) for point in points]
    if theta is not None:
        points[0] = replace(points[0], theta=as_theta(theta, net.n_parameters).astype(np.float64))
    return points


def random_point(net: Network, l2: float, seed: int, n_samples: int) -> Point:
    """Draw parameters, samples and targets that the loss can use, all classes among them.

    >>> from chainrule import Dense, Network
    >>> random_point(Network([Dense(1)], n_features=2), 0.1, seed=0, n_samples=5).X.shape
    (5, 2)
    """
    rng = np.random.RandomState(seed)
    K, loss, output = net.n_outputs, net.loss, net.layers[-1].activation
    classes = np.arange(n_samples)[:, np.newaxis] + np.arange(K)
    if output.name == "softmax":
        T = np.eye(K)[np.arange(n_samples) % K]
    elif loss.check_targets(np.full((1, K), 0.5)):  # classes, signs or counts
        T = (classes % 2).astype(np.float64)
        T = 2.0 * T - 1.0 if loss.check_targets(T) else T
    else:
        T = rng.uniform(0.1, 0.9, (n_samples, K)) if output.name == "sigmoid" else rng.normal(size=(n_samples, K))
        T = (classes % 2).astype(np.float64) if loss.name == "log_loss" else T
    order = rng.permutation(n_samples)
    X = rng.normal(size=(n_samples, net.n_features))
    return Point(rng.normal(0.0, SPREAD, net.n_parameters), X, T[order], l2)


def _crashed(net: Network, points: Sequence[Point], make_call: MakeCall, error: BaseException) -> BackpropReport:
    """Say where a student's code raised what; a transposed W runs where all layers are alike, and is named there."""
    frames = [one for one in traceback.extract_tb(error.__traceback__) if not one.filename.startswith(OURS)]
    place = f" in line {frames[-1].lineno} of {frames[-1].name}: {frames[-1].line or ''}".rstrip(": ") if frames else ""
    clue = f"Your code raised {type(error).__name__}{place}. It said: {error}."
    hint = "Shapes: W is (n_in, n_out), samples are rows, so Z = A @ W + b, dW = A.T @ dZ and dA = dZ @ W.T."
    found = _where_all_layers_are_alike(net, points, make_call) if isinstance(error, ValueError) else None
    mistakes = tuple(one for one in found.mistakes if one.name == "weights-transposed") if found else ()
    if not mistakes and (number := _layer_turned_around(net, str(error))):
        mistakes = (replace(told_mistake("weights-transposed", f"layer {number}"), confidence=0.6),)
    with_bias = any(layer.bias for layer in net.layers)
    if not mistakes and with_bias and isinstance(error, ValueError) and _off_by_one(str(error)):
        mistakes = (replace(told_mistake("bias-row-kept"), confidence=0.7),)
    clues = (clue, hint) if isinstance(error, ValueError) else (clue,)
    return BackpropReport(False, mistakes, clues=clues, raised=True)


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
    except (StudentError, ChainruleError):  # then it was something else
        return None


def _overflows(net: Network, point: Point, make_call: MakeCall) -> list[str]:
    """Note numbers that break down where inputs or weights are large and the right ones do not."""
    for large in (replace(point, X=LARGE * point.X), replace(point, theta=LARGE * point.theta)):
        right = outcome(net, large, Scale())
        try:
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                raw = make_call(net)(large)
        except StudentError:  # what it does there is no part of the check
            continue
        numbers = [] if raw.updated else [array for _, array in as_items(raw.gradients)]
        bad = (raw.loss is not None and not np.isfinite(raw.loss)) or any(not np.isfinite(a).all() for a in numbers)
        if bad and right is not None and np.isfinite(right.loss):
            return [f"overflow: {told_kind('overflow')}"]
    return []


def _again(call: Call, points: Sequence[Point], raws: Sequence[Raw], report: BackpropReport) -> BackpropReport:
    """Call the same code again: what comes must be what came, and nothing that was handed over may have changed."""
    extra = [told_mistake("changes-arguments", "what your function is given")] if raws[0].changed else []
    fresh = arrays_of(raws[1])
    try:
        with np.errstate(all="ignore"):
            calls = [arrays_of(as_it_came(call(points[1]))) for _ in range(3)]
    except StudentError:  # other samples than at the first call, and what it kept does not fit them
        calls = []
    if not calls or not _alike(calls[0], fresh):
        adds = bool(calls) and all(len(one) == len(fresh) for one in calls) and _adds_up(calls)
        extra.append(told_mistake("accumulated" if adds else "stale"))
    if not extra:
        return report
    return replace(report, ok=False, mistakes=(*report.mistakes, *extra))


def _alike(some: Sequence[Vector], others: Sequence[Vector]) -> bool:
    return len(some) == len(others) and all(
        a.shape == b.shape and np.allclose(a, b, rtol=1e-7, atol=1e-12, equal_nan=True)
        for a, b in zip(some, others, strict=True)
    )


def arrays_of(raw: Raw) -> list[Vector]:
    """The arrays of a gradient, as they came."""
    return [array for _, array in as_items(gradients_of(raw))]
