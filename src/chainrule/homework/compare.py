"""Values: a function is tried beside the solution's, and what differs is named."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from chainrule.homework.differences import Comparison, Run, Slip, quietly
from chainrule.homework.exercise import Exercise, NamedMistake, Verdict
from chainrule.homework.gradient_hints import HINTS
from chainrule.homework.returned_parts import are_few, arrays_in, holds_numbers, same, shown, unchanged
from chainrule.language.translation import Sentence, say

if TYPE_CHECKING:
    from types import ModuleType

Inputs: TypeAlias = Callable[[np.random.RandomState], Sequence[tuple[Any, ...]]]

SEED = 5
SHARE_SIDE_EFFECT = 0.5  # where what it returns is right and something else is not


def find(module: ModuleType, function: str) -> Any:
    """Return what a module calls ``sigmoid`` or ``Network.forward``.

    Parameters
    ----------
    module : module
    function : str
        A name in it, with dots for what is in a class.

    Returns
    -------
    object

    Raises
    ------
    AttributeError
        Where it has nothing of that name.

    Examples
    --------
    >>> import fractions
    >>> find(fractions, "Fraction.limit_denominator").__name__
    'limit_denominator'
    """
    found: Any = module
    for name in function.split("."):
        found = getattr(found, name)
    return found


@contextmanager
def changed(module: ModuleType, **names: Any) -> Iterator[None]:
    """Let a module's names be others for a while.

    Parameters
    ----------
    module : module
    **names
        What they are meanwhile.

    Returns
    -------
    context manager

    Raises
    ------
    AttributeError
        Where it has nothing of one of these names.

    Examples
    --------
    >>> import fractions
    >>> with changed(fractions, Fraction=float):
    ...     fractions.Fraction(3)
    3.0
    """
    kept = {name: getattr(module, name) for name in names}
    vars(module).update(names)
    try:
        yield
    finally:
        vars(module).update(kept)


@dataclass(frozen=True)
class Promise:
    """What a docstring says beside its formula, looked at once the formula is right.

    Parameters
    ----------
    name : str
        What the mistake of breaking it is called.
    sentence, remedy : str
        What is told where it is broken, in the assignment's own letters; an example of numbers follows the sentence.
    inputs : function (RandomState) -> list of argument tuples
    run : function (module, *arguments), optional
        What is compared with the solution's; without it what the function returns. Where it returns a dict, a part that
        is not right is told by its name.
    share : float
        What is earned of the points where it is broken.
    where : str
        The first level of help.
    """

    name: str
    sentence: str
    remedy: str
    inputs: Inputs
    run: Run | None = None
    share: float = 0.75
    where: str = Sentence("It is right for the usual inputs; read its docstring once more.")


def large_numbers(inputs: Inputs, remedy: str) -> Promise:
    """Promise that nothing overflows, at inputs where a naive formula does; ``remedy`` says how it is written then.

    Parameters
    ----------
    inputs : function (RandomState) -> list of argument tuples
    remedy : str

    Returns
    -------
    Promise

    Examples
    --------
    >>> large_numbers(lambda stream: [(np.array([-1000.0]),)], "Write it with e^−|a|.").name
    'overflow'
    """
    where = Sentence("It is right for ordinary numbers; try large ones, 1000 and −1000.")
    return Promise("overflow", Sentence("For large numbers it breaks down"), remedy, inputs, where=where)


def compare(
    function: str,
    inputs: Inputs,
    *,
    points: float = 1.0,
    promises: Sequence[Promise] = (),
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
    promises : sequence of Promise
        What its docstring says besides: that large numbers do no harm, that one sample will do, what it keeps.
    slips : sequence of Slip
        Mistakes with a name of their own. A turned sign, a factor, a transposed array are known anyway.
    run : function (module, *arguments), optional
        How it is called; without it the function is called with the arguments.
    parts : sequence of str
        What the parts of its result are called, if it returns several.

    Returns
    -------
    Exercise

    Raises
    ------
    AttributeError
        When it judges, and a module has no such function.

    Examples
    --------
    >>> from types import ModuleType
    >>> solution, student = ModuleType("solution"), ModuleType("student")
    >>> solution.mean, student.mean = lambda a: a.mean(), lambda a: a.sum()
    >>> exercise = compare("mean", lambda stream: [(stream.randn(n),) for n in (4, 7)])
    >>> exercise.judge(student, solution).mistakes[0].name
    'mean-missing'
    """

    def call(module: ModuleType, *arguments: Any) -> Any:
        return find(module, function)(*arguments) if run is None else run(module, *arguments)

    def judge(student: ModuleType, solution: ModuleType) -> Verdict:
        sets = inputs(np.random.RandomState(SEED))
        given, touched = [], False
        for arguments in sets:
            mine = copy.deepcopy(arguments)
            given.append(quietly(call, student, *mine))
            touched = touched or not unchanged(mine, arguments)
        right = [quietly(call, solution, *copy.deepcopy(arguments)) for arguments in sets]
        verdict = _verdict(Comparison(sets, given, right, slips, solution, parts))
        if touched:
            return _side_effect() if verdict.status == "right" else _besides(verdict)
        if verdict.status != "right":
            return verdict
        broken = (_broken(one, one.run or call, student, solution) for one in promises)
        return next((one for one in broken if one is not None), verdict)

    return Exercise(function, judge, points)


def _verdict(found: Comparison) -> Verdict:
    """Tell a comparison: what is no result at all by its form, what is one by its numbers."""
    if complaint := found.complaint():
        if slip := found.slip():
            return Verdict("wrong", mistakes=(slip.mistake,), where=complaint)
        ordered = found.out_of_order()
        return Verdict("wrong", mistakes=ordered, clues=() if ordered else (complaint,), where=complaint)
    wrong = found.wrong()
    if not wrong:
        return Verdict("right", 1.0)
    mistakes = found.mistakes(wrong)
    clues = () if mistakes else (found.example(wrong),)
    return Verdict("wrong", mistakes=mistakes, clues=clues, where=found.place(wrong))


def _changes() -> NamedMistake:
    return NamedMistake("changes-arguments", *map(say, HINTS["changes-arguments"]))


def _side_effect() -> Verdict:
    where = say("What it returns is right; look at what happens to the arrays it is given.")
    return Verdict("wrong", SHARE_SIDE_EFFECT, (_changes(),), where=where)


def _besides(verdict: Verdict) -> Verdict:
    """What is wrong already, and that arrays are changed."""
    return replace(verdict, mistakes=(*verdict.mistakes, _changes()))


def _broken(promise: Promise, call: Run, student: ModuleType, solution: ModuleType) -> Verdict | None:
    """Return the verdict where a promise is not kept, None where it is."""
    for arguments in promise.inputs(np.random.RandomState(SEED)):
        right = quietly(call, solution, *copy.deepcopy(arguments))
        try:
            given = quietly(call, student, *copy.deepcopy(arguments))
        except Exception as error:  # of the student's code, which is right elsewhere
            told = say("{promise}: it stops with an error, {error}.", promise=say(promise.sentence), error=str(error))
        else:
            told = _difference(promise.sentence, arguments, given, right)
        if told:
            mistake = NamedMistake(promise.name, told, say(promise.remedy))
            return Verdict("wrong", promise.share, (mistake,), where=say(promise.where))
    return None


def _difference(sentence: str, arguments: tuple[Any, ...], given: Any, right: Any) -> str:
    """Say what came in place of what was promised, "" where that came."""
    if isinstance(right, Mapping):
        names = [name for name, value in right.items() if not _all_same(given.get(name), value)]
        return f"{say(sentence)}: {', '.join(names)}." if names else ""
    if _all_same(given, right):
        return ""
    at = "{promise}: at {arguments} it gives {given}, right is {right}."
    told = at if are_few(arguments) else "{promise}: it gives {given}, right is {right}."
    return say(told, promise=say(sentence), arguments=shown(arguments), given=shown(given), right=shown(right))


def _all_same(given: Any, right: Any) -> bool:
    came, wanted = arrays_in(given), arrays_in(right)
    shapes = [one.shape for one in came] == [one.shape for one in wanted] or all(one.size == 1 for one in wanted)
    return len(came) == len(wanted) and shapes and all(map(_same_numbers, came, wanted))


def _same_numbers(came: Any, right: Any) -> bool:
    return holds_numbers(came) and same(came, right)
