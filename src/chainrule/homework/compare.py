"""Values: a function is tried beside the solution's, and what differs is named."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from chainrule.homework.exercise import Exercise, NamedMistake, Verdict

if TYPE_CHECKING:
    from types import ModuleType

    import numpy.typing as npt


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
            touched = touched or not alike(mine, arguments)
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


def alike(one: Any, other: Any) -> bool:
    """Whether the arrays of two results hold the same numbers."""
    pairs = list(zip(_flat(one), _flat(other), strict=False))
    return all(a is b or not isinstance(a, np.ndarray) or np.array_equal(a, b, equal_nan=True) for a, b in pairs)


CHANGES = NamedMistake(
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
        if not all(_same(array_of(a), array_of(b)) for a, b in zip(given, right, strict=True)):
            told = NamedMistake(
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
    arrays = [array_of(part) for part in _flat(arguments)]
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
    mine = [[array_of(part) for part in _flat(one)] for one in given]
    theirs = [[array_of(part) for part in _flat(one)] for one in right]
    wrong = _wrong_parts(mine, theirs)
    if not wrong:
        return Verdict("right", 1.0)
    place = _place(wrong, names, len(theirs[0]))
    for slip in slips:
        if _is_slip(slip, sets, mine, theirs, solution):
            return Verdict("wrong", mistakes=(NamedMistake(slip.name, slip.sentence, slip.remedy),), where=place)
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
        array, shape = array_of(a), np.shape(b)
        if array.dtype.kind not in "biuf":
            return f"{what} is no number and no array of numbers, but {kind_of(a)}."
        if array.shape != shape and not array.size == np.size(b) == 1:
            return f"{what} has the shape {array.shape}; {shape} is asked for."
    return ""


def array_of(value: Any) -> npt.NDArray[Any]:
    """Return what was returned as an array; of objects where it is none of numbers."""
    try:
        return np.asarray(value)
    except ValueError:  # ragged
        return np.asarray(None)


def kind_of(value: Any) -> str:
    """Say what something is that is no array of numbers."""
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
            parts = [array_of(part) for part in _flat(_quietly(slip.run, solution, *copy.deepcopy(arguments)))]
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
) -> tuple[NamedMistake, ...]:
    """Name what is wrong with each part by itself: signs and factors, then slips that are made in some parts alone."""
    found: dict[NamedMistake, None] = {}
    runs = [(slip, _runs(slip, sets, solution)) for slip in slips] if len(theirs[0]) > 1 else []
    for k in wrong:
        told = _usual(sets, mine, theirs, [k], names)
        for slip, parts in runs if not told else ():
            if parts is not None and all(k < len(b) and _agree(a[k], b[k]) for a, b in zip(mine, parts, strict=True)):
                told = (NamedMistake(slip.name, f"{_part(k, names, len(theirs[0]))}: {slip.sentence}", slip.remedy),)
                break
        if not told:
            return ()
        found[told[0]] = None
    return tuple(found)


def _runs(slip: Slip, sets: Sequence[tuple[Any, ...]], solution: ModuleType) -> list[Arrays] | None:
    """What a slip gives at all inputs."""
    try:
        return [[array_of(part) for part in _flat(_quietly(slip.run, solution, *copy.deepcopy(one)))] for one in sets]
    except (ValueError, TypeError, IndexError, KeyError):  # a slip that these inputs cannot show
        return None


def _usual(
    sets: Sequence[tuple[Any, ...]],
    mine: Sequence[Arrays],
    theirs: Sequence[Arrays],
    wrong: Sequence[int],
    names: Sequence[str],
) -> tuple[NamedMistake, ...]:
    """Name what can go wrong with any numbers: a sign, a factor, N, a transposed array."""
    lengths = [next((len(a) for a in _flat(arguments) if np.ndim(a) > 0), 0) for arguments in sets]
    found: list[NamedMistake] = []
    for k in wrong:
        ratios = [_ratio(a[k], b[k]) for a, b in zip(mine, theirs, strict=True)]
        one = _of_ratios(ratios, lengths, _part(k, names, len(theirs[0])))
        if one is None and all(_turned(a[k], b[k]) for a, b in zip(mine, theirs, strict=True)):
            one = NamedMistake(
                "transposed", f"{_part(k, names, len(theirs[0]))} is transposed.", "Exchange rows and columns."
            )
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


def _of_ratios(ratios: Sequence[float | None], lengths: Sequence[int], what: str) -> NamedMistake | None:
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
            return NamedMistake(name, f"{what} {words}.", remedy)
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
    array = array_of(value)
    if array.dtype.kind not in "biuf":
        return type(value).__name__
    if array.size > SHOWN:
        return f"an array of shape {array.shape}"
    if array.size == 1:
        return f"{array.item():.6g}"
    return " ".join(np.array2string(array, precision=6, separator=", ").split())
