"""What a case is: a student's file, the network he meant, what is wrong with it, and how it is called."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from chainrule import Network

    Array = npt.NDArray[np.float64]
    Arrays = list[Array]
    Biases = list[Array | None]
    State = dict[str, Any]


@dataclass(frozen=True)
class Result:
    """What the student's code gave, raw: his shapes, his order, his scale.

    Parameters
    ----------
    loss : float or None
        The loss that his code states (at the weights given, before any update); None where it states none.
    Y : array or None
        The outputs of his forward pass; None where it shows none.
    gradients : list, tuple, dict or array
        As his code returned them. With ``updated`` the pair (before, after) of his parameters, each in his own form.
    updated : bool
        Whether his code returns no gradients but moves the weights itself.
    rate : float or None
        The learning rate of that step.
    """

    loss: float | None
    Y: Any
    gradients: Any
    updated: bool = False
    rate: float | None = None


class Call(Protocol):
    """How a student's functions are run on given arrays: rows are samples, W is (n_in, n_out)."""

    def __call__(
        self,
        module: ModuleType,
        weights: Arrays,
        biases: Biases,
        X: Array,
        T: Array,
        l2: float,
        state: State,
    ) -> Result:
        """Convert to what this student expects, run his code, and return what it gave, untouched."""


class Read(Protocol):
    """How his gradients (or parameters) map onto W (n_in, n_out) and b (n_out,). For the corpus's own tests alone."""

    def __call__(self, gradients: Any, weights: Arrays, biases: Biases) -> tuple[list[Any], list[Any]]:
        """Return the blocks for the weights and for the biases, in his scale."""


SCALES: dict[str, tuple[float, int, int]] = {
    "1": (1.0, 0, 0),
    "-1": (-1.0, 0, 0),
    "2": (2.0, 0, 0),
    "0.5": (0.5, 0, 0),
    "N": (1.0, 1, 0),
    "2*N": (2.0, 1, 0),
    "0.5/N": (0.5, -1, 0),
    "2/K": (2.0, 0, -1),
}
"""Scales by name: a number, and the powers of N samples and K outputs that it is multiplied by."""


def factor(scale: str, n_samples: int, n_outputs: int) -> float:
    """Return the number that a scale is.

    >>> factor("2/K", 10, 4)
    0.5
    """
    number, of_n, of_k = SCALES[scale]
    return number * float(n_samples) ** of_n * float(n_outputs) ** of_k


@dataclass(frozen=True)
class Case:
    """One student's file.

    Parameters
    ----------
    name : str
        Unique; the base, then the mistakes and their layers.
    style : str
        Which base it was typed in.
    source : str
        The file, complete.
    net : function () -> Network
        The network that the student meant to write.
    l2 : float
        The λ at which the case is to be checked; 0 where the code has no penalty.
    mistakes : tuple of (kind, where)
        Kinds are keys of KINDS, where is a layer counted from 1, or None: everywhere, or no layer's business.
    convention : str
        What is unusual but right about the code.
    call : Call
        How it is run.
    needs : str or None
        When the mistakes show: None at any generic point, ``"large inputs"``, ``"called twice"``,
        ``"inspect arguments"`` (arrays that were handed over are changed), ``"raises"`` (the code does not run).
    scale, grad, l2_scale : str
        A right code's loss is ``scale`` times the mean loss of the network, its gradient ``grad`` times that of the
        mean loss, its penalty ``l2_scale`` λ Σ W²: keys of SCALES. Of a wrong one they are what its base has.
    read : Read
        His blocks as the network's; for the corpus's own tests.
    """

    name: str
    style: str
    source: str
    net: Callable[[], Network]
    l2: float
    mistakes: tuple[tuple[str, int | None], ...]
    convention: str
    call: Call
    needs: str | None
    scale: str
    grad: str
    l2_scale: str
    read: Read

    def module(self) -> ModuleType:
        """Return a fresh namespace in which the source was run."""
        module = ModuleType("student_" + self.style)
        exec(compiled(self.source, self.name), module.__dict__)  # noqa: S102 (our own texts)
        return module


@cache
def compiled(source: str, name: str) -> CodeType:
    """Return a case's code, which is run in many modules."""
    return compile(source, f"<{name}>", "exec")


def hand(state: State, *things: Any) -> None:
    """Note in the state what is handed to the student, and a copy of it, so that one can see whether he changed it."""
    state["handed"] = [(thing, np.array(thing, dtype=float)) for thing in things if thing is not None]


def changed(state: State) -> bool:
    """Whether the last call changed an array that was handed over."""
    return any(not np.array_equal(np.asarray(thing, dtype=float), copy) for thing, copy in state["handed"])


def edit(source: str, old: str, new: str, *, everywhere: bool = False) -> str:
    r"""Return the source with ``old`` retyped as ``new``: the one place where it occurs, or every one.

    >>> edit("a = 1\nb = 2", "b = 2", "b = 3")
    'a = 1\nb = 3'
    """
    count = source.count(old)
    if count == 0 or (count > 1 and not everywhere):
        raise ValueError(f"{old!r} occurs {count} times in the source, not once.")
    return source.replace(old, new)
