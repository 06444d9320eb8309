"""Judging: a student's function is run on inputs that show mistakes, and what differs from the solution's is named.

``compare`` holds a function against the solution's, ``backprop`` a gradient against the network's derivation. Both make
an ``Exercise``:

>>> import numpy as np
>>> from types import ModuleType
>>> solution, student = ModuleType("solution"), ModuleType("student")
>>> solution.relu, student.relu = lambda z: np.maximum(z, 0.0), lambda z: -np.maximum(z, 0.0)
>>> exercise = compare("relu", lambda stream: [(stream.randn(4),)])
>>> exercise.judge(solution, solution).status
'right'
>>> exercise.judge(student, solution).mistakes[0].name
'sign'
"""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from chainrule.errors import InvalidValue
from chainrule.faces.labs.homework import Exercise, Named, Verdict

if TYPE_CHECKING:
    from types import ModuleType

    import numpy.typing as npt

    from chainrule.faces.labs.homework import Status
    from chainrule.network.network import Network
    from chainrule.tools.check import BackpropReport
    from chainrule.tools.check.diagnosis import Scale
    from chainrule.tools.check.program import Point
    from chainrule.tools.check.reading import Raw

Arrays: TypeAlias = "list[npt.NDArray[Any]]"
Run: TypeAlias = Callable[..., Any]  # (module, *arguments) -> what the function returns
Inputs: TypeAlias = Callable[[np.random.RandomState], Sequence[tuple[Any, ...]]]

SAME = 1e-6  # relative: somebody's log(y + 1e-8) is no mistake
SEED = 5
SHOWN = 4  # numbers told of an array
SHARE_LARGE = 0.75  # of the points, where numbers break down at large inputs alone
SHARE_SIDE_EFFECT = 0.5  # where what it returns is right and something else is not


@dataclass(frozen=True)
class Slip:
    """A mistake that is known beforehand: what the function would return with it.

    ``run(solution, *arguments)`` computes that; solution is the solved module.
    """

    name: str
    sentence: str
    remedy: str
    run: Run


def find(module: ModuleType, function: str) -> Any:
    """Return what a module calls ``sigmoid`` or ``Network.forward``.

    Raises
    ------
    AttributeError
        Where it has nothing of that name.
    """
    found: Any = module
    for name in function.split("."):
        found = getattr(found, name)
    return found


@contextmanager
def changed(module: ModuleType, **names: Any) -> Iterator[None]:
    """Let a module's names be others for a while."""
    kept = {name: getattr(module, name) for name in names}
    vars(module).update(names)
    try:
        yield
    finally:
        vars(module).update(kept)


# --- values -----------------------------------------------------------------------------------------------------------


def compare(
    function: str,
    inputs: Inputs,
    *,
    points: float = 1.0,
    large: Inputs | None = None,
    slips: Sequence[Slip] = (),
    run: Run | None = None,
    parts: Sequence[str] = (),
) -> Exercise:
    """Ask for a function that returns what the solution's does.

    Parameters
    ----------
    function : str
        Its name in the file, ``"sigmoid"`` or ``"Network.forward"``.
    inputs : function (RandomState) -> list of argument tuples
        Where it is tried. Give sets of several sizes: a factor N is then told from a factor 5.
    points : float
        What it is worth.
    large : function (RandomState) -> list of argument tuples, optional
        Where a naive formula overflows and the solution's does not.
    slips : sequence of Slip
        Mistakes with a name of their own. A turned sign, a factor, a transposed array are known anyway.
    run : function (module, *arguments), optional
        How it is called; without it the function is called with the arguments.
    parts : sequence of str
        What the parts of its result are called, if it returns several.
    """

    def call(module: ModuleType, *arguments: Any) -> Any:
        return find(module, function)(*arguments) if run is None else run(module, *arguments)

    def judge(student: ModuleType, solution: ModuleType) -> Verdict:
        sets = inputs(np.random.RandomState(SEED))
        given, touched = [], False
        for arguments in sets:
            mine = copy.deepcopy(arguments)
            given.append(_as_returned(_quietly(call, student, *mine)))
            touched = touched or not _alike(mine, arguments)
        right = [_as_returned(call(solution, *copy.deepcopy(arguments))) for arguments in sets]
        verdict = _verdict(sets, given, right, slips, solution, parts)
        if touched:
            return _side_effect() if verdict.status == "right" else _besides(verdict)
        if verdict.status != "right":
            return verdict
        return _at_large(call, student, solution, large)

    return Exercise(function, judge, points)


def _quietly(call: Run, *arguments: Any) -> Any:
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return call(*arguments)


def _as_returned(result: Any) -> Any:
    """Keep a result as it is now: the code may write to its arrays later."""
    return copy.deepcopy(result)


def _flat(result: Any) -> list[Any]:
    """The parts of a result: tuples, lists and dicts taken apart, a list of numbers kept as an array."""
    if isinstance(result, Mapping):
        return [part for name in sorted(result, key=str) for part in _flat(result[name])]
    if isinstance(result, tuple) or (isinstance(result, list) and any(isinstance(one, np.ndarray) for one in result)):
        return [part for one in result for part in _flat(one)]
    return [result]


def _alike(one: Any, other: Any) -> bool:
    pairs = list(zip(_flat(one), _flat(other), strict=False))
    return all(a is b or not isinstance(a, np.ndarray) or np.array_equal(a, b, equal_nan=True) for a, b in pairs)


CHANGES = Named(
    "changes-arguments",
    "It changes the arrays that it is given; whoever hands them over finds other numbers in them.",
    "Make new arrays: W = W - rate * dW, not W -= rate * dW.",
)


def _side_effect() -> Verdict:
    where = "What it returns is right; look at what happens to the arrays it is given."
    return Verdict("wrong", SHARE_SIDE_EFFECT, (CHANGES,), where=where)


def _besides(verdict: Verdict) -> Verdict:
    """What is wrong already, and that arrays are changed."""
    return replace(verdict, mistakes=(*verdict.mistakes, CHANGES))


def _at_large(call: Run, student: ModuleType, solution: ModuleType, large: Inputs | None) -> Verdict:
    for arguments in large(np.random.RandomState(SEED)) if large else ():
        given = _flat(_quietly(call, student, *copy.deepcopy(arguments)))
        right = _flat(call(solution, *copy.deepcopy(arguments)))
        if not all(_same(_array(a), _array(b)) for a, b in zip(given, right, strict=True)):
            told = Named(
                "overflow",
                f"For large numbers it breaks down: {_at(arguments)}it gives {_shown(given)}, "
                f"right is {_shown(right)}.",
                "Write it so that no exponential grows and no logarithm is taken of 0: e^−|x|, minus the maximum, "
                "log(1 + e^a) − t a.",
            )
            where = "It is right for ordinary numbers; try large ones, 1000 and −1000."
            return Verdict("wrong", SHARE_LARGE, (told,), where=where)
    return Verdict("right", 1.0)


def _at(arguments: tuple[Any, ...]) -> str:
    """Say where, if that can be said in a few numbers."""
    arrays = [_array(part) for part in _flat(arguments)]
    few = sum(array.size for array in arrays) <= SHOWN and all(array.dtype.kind in "biuf" for array in arrays)
    return f"at {_shown(arguments)} " if few else ""


def _verdict(
    sets: Sequence[tuple[Any, ...]],
    given: Sequence[Any],
    right: Sequence[Any],
    slips: Sequence[Slip],
    solution: ModuleType,
    names: Sequence[str],
) -> Verdict:
    """Compare what came at all inputs with what is right."""
    for came, wanted in zip(given, right, strict=True):
        if complaint := _no_result(came, wanted, names):
            return Verdict("wrong", clues=(complaint,), where=complaint)
    mine = [[_array(part) for part in _flat(one)] for one in given]
    theirs = [[_array(part) for part in _flat(one)] for one in right]
    wrong = _wrong_parts(mine, theirs)
    if not wrong:
        return Verdict("right", 1.0)
    place = _place(wrong, names, len(theirs[0]))
    for slip in slips:
        if _is_slip(slip, sets, mine, theirs, solution):
            return Verdict("wrong", mistakes=(Named(slip.name, slip.sentence, slip.remedy),), where=place)
    told = _part_by_part(sets, mine, theirs, wrong, slips, solution, names)
    at = next(i for i, (a, b) in enumerate(zip(mine, theirs, strict=True)) if not _same(a[wrong[0]], b[wrong[0]]))
    clue = _example(sets[at], mine[at], theirs[at], wrong, names)
    return Verdict("wrong", mistakes=told, clues=() if told else (clue,), where=place)


def _no_result(came: Any, wanted: Any, names: Sequence[str]) -> str:
    """Say what makes a result no result at all: nothing, too few parts, other shapes, no numbers."""
    if came is None:
        return "It returns nothing: a return is missing."
    mine, theirs = _flat(came), _flat(wanted)
    if isinstance(wanted, Mapping) and (not isinstance(came, Mapping) or set(came) != set(wanted)):
        return f"It must return a dict with {', '.join(map(repr, wanted))}."
    if len(mine) != len(theirs):
        wants = f"{len(theirs)} values" if not names else ", ".join(names)
        return f"It returns {len(mine)} value{'s' * (len(mine) > 1)} where {wants} are asked for."
    for k, (a, b) in enumerate(zip(mine, theirs, strict=True)):
        what = _part(k, names, len(theirs))
        array, shape = _array(a), np.shape(b)
        if array.dtype.kind not in "biuf":
            return f"{what} is no number and no array of numbers, but {_kind(a)}."
        if array.shape != shape and not array.size == np.size(b) == 1:
            return f"{what} has the shape {array.shape}; {shape} is asked for."
    return ""


def _array(value: Any) -> npt.NDArray[Any]:
    try:
        return np.asarray(value)
    except ValueError:  # ragged
        return np.asarray(None)


def _kind(value: Any) -> str:
    return f"{type(value).__name__} {str(value)[:30]!r}" if isinstance(value, str) else f"a {type(value).__name__}"


def _same(a: npt.NDArray[Any], b: npt.NDArray[Any]) -> bool:
    if a.size != b.size:
        return False
    with np.errstate(all="ignore"):
        one, other = a.astype(np.float64).ravel(), b.astype(np.float64).ravel()
        limit = SAME * max(float(np.abs(other).max(initial=0.0)), 1e-12)
        return bool(np.isfinite(one).all() and (np.abs(one - other) <= limit).all())


def _wrong_parts(mine: Sequence[Arrays], theirs: Sequence[Arrays]) -> list[int]:
    return [k for k in range(len(theirs[0])) if not all(_same(a[k], b[k]) for a, b in zip(mine, theirs, strict=True))]


def _is_slip(
    slip: Slip, sets: Sequence[tuple[Any, ...]], mine: Sequence[Arrays], theirs: Sequence[Arrays], solution: ModuleType
) -> bool:
    """Whether a slip gives what came, wherever that is not right."""
    for arguments, came, right in zip(sets, mine, theirs, strict=True):
        if all(_same(a, b) for a, b in zip(came, right, strict=True)):
            continue
        try:
            parts = [_array(part) for part in _flat(_quietly(slip.run, solution, *copy.deepcopy(arguments)))]
        except (ValueError, TypeError, IndexError, KeyError):  # a slip that these inputs cannot show
            return False
        if len(parts) != len(came) or not all(_agree(a, b) for a, b in zip(came, parts, strict=True)):
            return False
    return True


def _agree(a: npt.NDArray[Any], b: npt.NDArray[Any]) -> bool:
    """Whether two arrays are the same, infinities and NaN included."""
    if a.shape != b.shape and not a.size == b.size == 1:
        return False
    if np.isfinite(b.astype(np.float64)).all():
        return _same(a, b)
    return bool(np.allclose(a.astype(np.float64).ravel(), b.astype(np.float64).ravel(), equal_nan=True))


def _part_by_part(
    sets: Sequence[tuple[Any, ...]],
    mine: Sequence[Arrays],
    theirs: Sequence[Arrays],
    wrong: Sequence[int],
    slips: Sequence[Slip],
    solution: ModuleType,
    names: Sequence[str],
) -> tuple[Named, ...]:
    """Name what is wrong with each part by itself: signs and factors, then slips that are made in some parts alone."""
    found: dict[Named, None] = {}
    runs = [(slip, _runs(slip, sets, solution)) for slip in slips] if len(theirs[0]) > 1 else []
    for k in wrong:
        told = _usual(sets, mine, theirs, [k], names)
        for slip, parts in runs if not told else ():
            if parts is not None and all(k < len(b) and _agree(a[k], b[k]) for a, b in zip(mine, parts, strict=True)):
                told = (Named(slip.name, f"{_part(k, names, len(theirs[0]))}: {slip.sentence}", slip.remedy),)
                break
        if not told:
            return ()
        found[told[0]] = None
    return tuple(found)


def _runs(slip: Slip, sets: Sequence[tuple[Any, ...]], solution: ModuleType) -> list[Arrays] | None:
    """What a slip gives at all inputs."""
    try:
        return [[_array(part) for part in _flat(_quietly(slip.run, solution, *copy.deepcopy(one)))] for one in sets]
    except (ValueError, TypeError, IndexError, KeyError):  # a slip that these inputs cannot show
        return None


def _usual(
    sets: Sequence[tuple[Any, ...]],
    mine: Sequence[Arrays],
    theirs: Sequence[Arrays],
    wrong: Sequence[int],
    names: Sequence[str],
) -> tuple[Named, ...]:
    """Name what can go wrong with any numbers: a sign, a factor, N, a transposed array."""
    lengths = [next((len(a) for a in _flat(arguments) if np.ndim(a) > 0), 0) for arguments in sets]
    found: list[Named] = []
    for k in wrong:
        ratios = [_ratio(a[k], b[k]) for a, b in zip(mine, theirs, strict=True)]
        one = _of_ratios(ratios, lengths, _part(k, names, len(theirs[0])))
        if one is None and all(_turned(a[k], b[k]) for a, b in zip(mine, theirs, strict=True)):
            one = Named("transposed", f"{_part(k, names, len(theirs[0]))} is transposed.", "Exchange rows and columns.")
        if one is None:
            return ()
        found.append(one)
    return tuple(found)


def _ratio(a: npt.NDArray[Any], b: npt.NDArray[Any]) -> float | None:
    """By which one number all of an array is too large, or None."""
    one, other = a.astype(np.float64).ravel(), b.astype(np.float64).ravel()
    if not other.any() or not np.isfinite(one).all():
        return None
    factor = float(one @ other / (other @ other))
    return factor if _same(one, factor * other) and factor else None


def _of_ratios(ratios: Sequence[float | None], lengths: Sequence[int], what: str) -> Named | None:
    if any(ratio is None for ratio in ratios):
        return None
    known = [ratio for ratio in ratios if ratio is not None]

    varied = len(set(lengths)) > 1
    usual = [
        ([-1.0] * len(known), "sign", "has the opposite sign", "Look for a minus that is missing, or one too many."),
        (lengths, "mean-missing", "is a sum over the samples where a mean is asked for", "Divide by N once."),
        ([1.0 / max(1, n) for n in lengths], "mean-twice", "is divided by N once too often", "Divide by N once."),
        ([2.0] * len(known), "factor-two", "is twice what it should be", "Look for a 2 too many, or a missing ½."),
        ([0.5] * len(known), "factor-half", "is half of what it should be", "Look for a ½ too many, or a missing 2."),
        ([known[0]] * len(known), "factor", f"is {known[0]:.6g} times what it should be", "Look for a factor."),
    ]
    for wanted, name, words, remedy in usual:
        of_n = name.startswith("mean")
        if (varied or not of_n) and np.allclose(known, wanted, rtol=1e-5):
            return Named(name, f"{what} {words}.", remedy)
    return None


def _turned(a: npt.NDArray[Any], b: npt.NDArray[Any]) -> bool:
    return a.ndim == 2 and a.shape == b.shape and a.shape[0] == a.shape[1] > 1 and _same(a.T, b)


def _part(k: int, names: Sequence[str], count: int) -> str:
    if k < len(names):
        return names[k]
    return "What it returns" if count == 1 else f"Value {k + 1} of what it returns"


def _place(wrong: Sequence[int], names: Sequence[str], count: int) -> str:
    if count == 1:
        return "The numbers it returns are not right."
    parts = [_part(k, names, count) for k in wrong]
    rest = "; the others are right" if len(wrong) < count else ""
    return f"Not right: {', '.join(parts)}{rest}."


def _example(
    arguments: tuple[Any, ...], mine: Arrays, theirs: Arrays, wrong: Sequence[int], names: Sequence[str]
) -> str:
    k = wrong[0]
    a, b = mine[k].astype(np.float64).ravel(), theirs[k].astype(np.float64).ravel()
    worst = int(np.nanargmax(np.abs(a - b))) if np.isfinite(a).any() else 0
    small = all(np.size(part) <= SHOWN for part in _flat(arguments) if isinstance(part, np.ndarray | float | int))
    at = f"For {_shown(arguments)} " if small else "On the test's inputs "
    what = "it" if len(theirs) == 1 else _part(k, names, len(theirs))
    place = "" if a.size == 1 else f" at entry {worst}"
    verb = "gives" if what == "it" else "is"
    return f"{at}{what} {verb} {a[worst]:.6g}{place}, and {b[worst]:.6g} is right."


def _shown(value: Any) -> str:
    """Write arguments or results briefly."""
    if isinstance(value, tuple | list):
        shown = [_shown(one) for one in value[:SHOWN]]
        return ", ".join(shown + (["…"] if len(value) > SHOWN else []))
    array = _array(value)
    if array.dtype.kind not in "biuf":
        return type(value).__name__
    if array.size > SHOWN:
        return f"an array of shape {array.shape}"
    if array.size == 1:
        return f"{array.item():.6g}"
    return " ".join(np.array2string(array, precision=6, separator=", ").split())


# --- gradients --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Given:
    """What a gradient is tried at: copies of the parameters, samples as rows, targets a column per output."""

    weights: Arrays
    biases: list[Any]
    X: npt.NDArray[np.floating]
    T: npt.NDArray[np.floating]
    l2: float
    lent: list[tuple[Any, Any]] = field(default_factory=list)

    def lend(self, array: Any) -> Any:
        """Hand over another array, and keep a copy: it must be the same afterwards."""
        self.lent.append((array, copy.deepcopy(array)))
        return array


Bind: TypeAlias = "Callable[[ModuleType, Network], Callable[[Given], Any]]"


class Misshapen(Exception):
    """No error of ours: a gradient came that is not of the form asked for; ``report`` says so."""

    def __init__(self, report: BackpropReport) -> None:
        super().__init__(report.verdict)
        self.report = report


def parts_of(returned: Any, asked: Mapping[str, tuple[int, ...]], n_samples: int) -> list[npt.NDArray[Any]]:
    """Return the arrays of a gradient if they have the names, the number and the shapes that are asked for.

    Raises
    ------
    Misshapen
        If they have not.
    """
    if isinstance(returned, Mapping):
        missing = [name for name in asked if name not in returned]
        if missing:
            raise _misshapen(f"It must return a dict with {', '.join(asked)}; {missing[0]} is not in it.")
        returned = [returned[name] for name in asked]
    if returned is None:
        raise _misshapen("It returns nothing: a return is missing.")
    values = [returned] if len(asked) == 1 else returned
    if not isinstance(values, tuple | list) or len(values) != len(asked):
        raise _misshapen(f"It must return {', '.join(asked)}; it returns {_described(returned)}.")
    arrays = [_array(value) for value in values]
    shapes = [array.shape for array in arrays]
    if shapes != list(asked.values()) and sorted(shapes) == sorted(asked.values()):
        raise _misshapen(f"It must return {', '.join(asked)} in this order.", "blocks-swapped")
    for array, (name, shape) in zip(arrays, asked.items(), strict=True):
        if array.dtype.kind not in "biuf":
            raise _misshapen(f"{name} is no array of numbers, but a {type(array.item(0)).__name__}.")
        if array.shape != shape and not array.size == 1 == int(np.prod(shape)):
            sentence = f"{name} has the shape {array.shape}; {shape} is asked for."
            raise _misshapen(sentence, _kind_of_shape(array.shape, shape, n_samples))
    return [array.astype(np.float64).reshape(shape) for array, shape in zip(arrays, asked.values(), strict=True)]


def _described(returned: Any) -> str:
    if isinstance(returned, tuple | list):
        return f"{len(returned)} values"
    array = _array(returned)
    return f"an array of shape {array.shape}" if array.dtype.kind in "biuf" else _kind(returned)


def _misshapen(sentence: str, kind: str | None = None) -> Misshapen:
    from chainrule.tools.check.examination import told_mistake
    from chainrule.tools.check.findings import BackpropReport

    mistakes = () if kind is None else (replace(told_mistake(kind, "what it returns"), confidence=0.8),)
    return Misshapen(BackpropReport(False, mistakes, clues=(sentence,)))


def _kind_of_shape(came: tuple[int, ...], asked: tuple[int, ...], n_samples: int) -> str | None:
    """What a shape tells of how it came about."""
    if len(came) == len(asked) == 2 and came == asked[::-1]:
        return "gradient-transposed"
    if came in ((), (1,), (1, 1)):
        return "inner-for-outer"
    if n_samples in came and n_samples not in asked:
        return "broadcast" if came.count(n_samples) > 1 else None
    if len(came) == len(asked) and sum(a - b for a, b in zip(came, asked, strict=True)) == 1:
        return "bias-row-kept"
    return None


def backprop(
    function: str,
    net: Callable[[], Network],
    bind: Bind,
    *,
    points: float = 3.0,
    scale: Callable[[], Scale] | None = None,
    l2: float = 0.0,
    then: Exercise | None = None,
) -> Exercise:
    """Ask for a gradient, whose mistakes ``check_backprop`` names.

    Parameters
    ----------
    function : str
        Its name in the file.
    net : function () -> Network
        The network it is the gradient of; small, with layers of different sizes and a square one.
    bind : function (module, net) -> function (Given) -> gradient
        How it is called. What comes back are the blocks in the order and shapes of ``net.shapes``, W1 (n_in, n_out),
        b1 (n_out,), …; where the assignment has others, a dict of them by name, for which ``parts_of`` helps. Bound
        once, called several times.
    points : float
        What it is worth.
    scale : function () -> Scale, optional
        What the assignment's loss is: a sum, a negative that one climbs. Without it the mean over the samples.
    l2 : float
        λ of the penalty, if the gradient has one.
    then : Exercise, optional
        What is looked at where it is right, e.g. the same function with another activation.
    """

    def examine(student: ModuleType) -> BackpropReport:
        return examined(student, net(), bind, scale() if scale else None, l2)

    def judge(student: ModuleType, solution: ModuleType) -> Verdict:
        verdict = as_verdict(examine(student))
        return then.judge(student, solution) if then is not None and verdict.status == "right" else verdict

    return Exercise(function, judge, points, examine)


def examined(
    module: ModuleType, net: Network, bind: Bind, scale: Scale | None = None, l2: float = 0.0
) -> BackpropReport:
    """Check a module's gradient as ``check_backprop`` does, with the assignment's own loss as its convention."""
    from chainrule.tools.check.backprop import SAMPLES, consult, random_point
    from chainrule.tools.check.diagnosis import Scale, outcome, squares
    from chainrule.tools.check.reading import Raw
    from chainrule.tools.check.students import run

    convention = scale or Scale()

    def make_call(meant: Network) -> Callable[[Point], Raw]:
        bound = bind(module, meant)

        def call(point: Point) -> Raw:
            given = _given(meant, point)
            kept = copy.deepcopy(given)
            returned = run(_let_through, bound, given)
            if isinstance(returned, Misshapen):
                raise returned
            touched = not _alike(_handed(given), _handed(kept)) or not all(_alike(a, b) for a, b in given.lent)
            right = outcome(meant, point, Scale())
            if right is None:
                raise InvalidValue(f"{meant} cannot be run at its random point.")
            data, penalty = convention.at(point)
            loss = data * right.loss + penalty * point.l2 * squares(meant, point.theta)
            return Raw(loss, None, _blocks(meant, returned, point.N), changed=touched, exact=True)

        return call

    found = [random_point(net, l2, seed, n) for seed, n in enumerate(SAMPLES)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return consult(net, found, make_call, afresh=False)
        except Misshapen as error:
            return error.report


def _blocks(net: Network, returned: Any, n_samples: int) -> dict[str, Any]:
    """The blocks by name, as they came or in order."""
    if isinstance(returned, Mapping) and set(net.shapes) <= set(returned):
        return dict(returned)
    arrays = parts_of(returned, {f"d{name}": shape for name, shape in net.shapes.items()}, n_samples)
    return dict(zip(net.shapes, arrays, strict=True))


def _let_through(bound: Callable[[Given], Any], given: Given) -> Any:
    """Call what is bound; a gradient of another form is no error of the student's code."""
    try:
        return bound(given)
    except Misshapen as error:
        return error


def _given(net: Network, point: Point) -> Given:
    views = net.views(point.theta.copy())
    biases = [b if b is None else b.copy() for _, b in views]
    return Given([W.copy() for W, _ in views], biases, point.X.copy(), point.T.copy(), point.l2)


def _handed(given: Given) -> tuple[Any, ...]:
    return (*given.weights, *given.biases, given.X, given.T)


def as_verdict(report: BackpropReport) -> Verdict:
    """Tell a report as a verdict: its share is that of the blocks that are right, or what a single mistake leaves."""
    if report.ok:
        return Verdict("right", 1.0)
    mistakes = tuple(Named(one.name, one.sentence, one.remedy, one.where) for one in report.mistakes)
    status: Status = "crashed" if report.raised else "wrong"
    readings = (f"Or: {reading}" for one in report.mistakes for reading in one.readings)
    clues = (
        *readings,
        *report.clues,
        *(f"{one.place}: yours {one.given:.6g}, right {one.right:.6g}." for one in report.samples),
    )
    where = report.hint(1) if report.wrong or not report.clues else report.clues[0]
    return Verdict(status, max(report.share_right, _floor(report)), mistakes, clues, where)


def _floor(report: BackpropReport) -> float:
    """What code is worth at least whose one mistake, or two, explain all that is wrong: the rest of it is right."""
    explained = bool(report.mistakes) and not report.clues and not report.raised
    nothing = any(one.name == "gradient-zero" for one in report.mistakes)
    return 0.0 if nothing or not explained else {1: 0.5, 2: 0.25}.get(len(report.mistakes), 0.0)
