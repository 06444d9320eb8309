"""Homework: the functions that a lab asks for, what each is worth, and how a student's is judged.

A sheet is one file of a lab. Its solution is kept solved; a starter is the solution with the bodies of the exercises'
functions cut out, and a submission is that starter filled in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from types import ModuleType

    from chainrule.check import BackpropReport
    from chainrule.maths.arrays import Array

FORBIDDEN = ("torch", "tensorflow", "keras", "jax", "flax", "autograd", "sklearn", "mxnet", "tinygrad", "paddle")
"""Modules that do the work that an assignment asks for."""

Status: TypeAlias = Literal["right", "wrong", "to do", "crashed"]


@dataclass(frozen=True)
class NamedMistake:
    """A mistake in a submission.

    Attributes
    ----------
    name : str
        Its name, one of ``check_backprop``'s or the exercise's own; statistics count these.
    sentence, remedy : str
        What is wrong, and how it is mended.
    where : str
        The place, e.g. ``"layer 1"``; "" for the function as a whole.
    """

    name: str
    sentence: str
    remedy: str = ""
    where: str = ""


@dataclass(frozen=True)
class Verdict:
    """What is said of one function.

    Attributes
    ----------
    status : "right", "wrong", "to do" or "crashed"
    share : float
        Of its points are earned.
    mistakes : tuple of NamedMistake
        Those that have a name.
    clues : tuple of str
        What else can be said.
    where : str
        The first level of help: which place to look at, without saying what is wrong there.

    Examples
    --------
    >>> Verdict("wrong", 0.5, clues=("On the test's inputs it gives 1, and 2 is right.",), where="Look at b.").hint(1)
    'Look at b.'
    """

    status: Status
    share: float = 0.0
    mistakes: tuple[NamedMistake, ...] = ()
    clues: tuple[str, ...] = ()
    where: str = ""

    def hint(self, level: int) -> str:
        """Say where it is wrong (1), what is wrong (2), or how it is mended (3).

        >>> Verdict("wrong", mistakes=(NamedMistake("sign", "It has the opposite sign.", "Write Y − T."),)).hint(3)
        'It has the opposite sign. Write Y − T.'
        """
        if level <= 1:
            return self.where
        told = [one.sentence if level == 2 else f"{one.sentence} {one.remedy}".strip() for one in self.mistakes]
        return "\n".join(told or (self.where, *self.clues)).strip()


Judge: TypeAlias = "Callable[[ModuleType, ModuleType], Verdict]"


@dataclass(frozen=True)
class Exercise:
    """A function that is asked for.

    Attributes
    ----------
    function : str
        Its name, ``"sigmoid"`` or ``"Network.forward"``.
    judge : function (student's module, solution's module) -> Verdict
        Runs it on right inputs. What it raises in the student's code counts as a crash.
    points : float
        What it is worth.
    examine : function (student's module) -> BackpropReport, optional
        Of a gradient: ``check_backprop``'s report.

    Examples
    --------
    >>> def judge(student, solution):
    ...     return Verdict("right", 1.0) if student.answer == solution.answer else Verdict("wrong")
    >>> Exercise("answer", judge, points=2).points
    2
    """

    function: str
    judge: Judge = field(repr=False)
    points: float = 1.0
    examine: Callable[[ModuleType], BackpropReport] | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Decision:
    """What a network trained by a student's code answers, for a picture of it.

    Attributes
    ----------
    answers : function (array (M, 2)) -> array (M,)
        Outputs or classes at places.
    X : array (N, 2)
    labels : array (N,)
        The points it learnt from.
    losses : tuple of float
        Before and after, and what else is between.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.array([[0.0, 0.0], [1.0, 1.0]])
    >>> Decision(lambda P: P[:, 0], X, np.array([0, 1]), (0.7, 0.1)).losses[-1]
    0.1
    """

    answers: Callable[[Array], Array] = field(repr=False)  # (M, 2) -> (M,) outputs or classes
    X: Array = field(repr=False)
    labels: Array = field(repr=False)
    losses: tuple[float, ...]  # before and after, and what else is between


@dataclass(frozen=True)
class Sheet:
    """One file of a lab's homework.

    Attributes
    ----------
    file : str
        What it is called when it is handed out, ``"xor.py"``.
    solution : Path
        The solved file. What no exercise names stays in the starter as it is.
    exercises : tuple of Exercise
        In the order in which one writes them.
    train : function (module) -> Decision, optional
        A few steps of training with the functions of a module, for a picture.
    forbids : tuple of str
        Modules that a submission is flagged for importing.

    Examples
    --------
    >>> from pathlib import Path
    >>> Sheet("xor.py", Path("solution.py"), (Exercise("sigmoid", None), Exercise("forward", None, points=2))).points
    3.0
    """

    file: str
    solution: Path
    exercises: tuple[Exercise, ...]
    train: Callable[[ModuleType], Decision] | None = field(default=None, repr=False)
    forbids: tuple[str, ...] = FORBIDDEN

    @property
    def points(self) -> float:
        """What all of it is worth."""
        return float(sum(one.points for one in self.exercises))


@dataclass(frozen=True)
class Homework:
    """What a lab asks its students to write.

    Attributes
    ----------
    sheets : tuple of Sheet
    beside : mapping of str to Path
        Files that are handed out as they are, by name.

    Examples
    --------
    >>> from pathlib import Path
    >>> Homework((Sheet("xor.py", Path("solution.py"), ()),)).sheets[0].file
    'xor.py'
    """

    sheets: tuple[Sheet, ...]
    beside: Mapping[str, Path] = field(default_factory=dict)


def defines(module: ModuleType, function: str) -> bool:
    """Whether a module has a function, or a class with a method, of that name.

    >>> import fractions
    >>> defines(fractions, "Fraction.limit_denominator"), defines(fractions, "sigmoid")
    (True, False)
    """
    found: object = module
    for name in function.split("."):
        found = getattr(found, name, None)
    return callable(found)
