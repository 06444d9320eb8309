"""A student's own functions as what computes a lab: they train in the sandbox, and the pictures show their answers."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.errors import ChainruleError, InvalidValue
from chainrule.labs.student_descent import StudentDescent, minimised
from chainrule.labs.student_parameters import answers_of, parts_of
from chainrule.network.network import Network
from chainrule.sandbox import Clock, Limits, opened, read
from chainrule.sandbox.crashes import said
from chainrule.sandbox.loaded_file import gathered
from chainrule.sandbox.process import Ended
from chainrule.sandbox.remote import Raised

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from chainrule.labs.assignment import Assignment
    from chainrule.labs.task import Task
    from chainrule.maths.arrays import Array
    from chainrule.sandbox.loaded_file import LoadedFile
    from chainrule.training.run import Epoch, Run


LARGEST = 1_000_000  # numbers of all layers that an answer may bring along


@dataclass
class Student:
    """The files of a submission that compute a lab.

    Attributes
    ----------
    files : mapping of str to Path
        Each sheet's name, ``"xor.py"``, and the file that answers it.
    limits : Limits
        What a call of a function may use.
    """

    files: Mapping[str, Path]
    limits: Limits = field(default_factory=Limits)
    _open: dict[str, Any] = field(default_factory=dict, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        """Leave the processes here: another process starts its own."""
        return {**vars(self), "_open": {}}

    def close(self) -> None:
        """End the processes."""
        for manager, _ in self._open.values():
            manager.__exit__(None, None, None)
        self._open.clear()

    def lacks(self, lab: Assignment, task: Task) -> str:
        """Say which sheet a training needs that was not given, "" where it is there."""
        sheet = f"{kind_of(lab, task)}.py"
        return "" if sheet in self.files else sheet

    def loaded(self, kind: str, lab: Assignment) -> LoadedFile:
        """The file that answers a sheet, in its process.

        Raises
        ------
        InvalidValue
            Where it has none of the functions that the sheet asks for.
        """
        name = f"{kind}.py"
        if name not in self._open:
            path = self.files[name]
            clock = Clock(time.monotonic() + 1e9, threading.Event())
            belongings = gathered(path, None, alone=True)
            for sheet, other in self.files.items():
                belongings.setdefault(sheet, other.read_bytes())
            manager = opened(read(path), belongings, limits=self.limits, clock=clock)
            self._open[name] = manager, manager.__enter__()
            _refuse_another_labs(self._open[name][1], name, lab)
        file: LoadedFile = self._open[name][1]
        return file

    def take(self, lab: Assignment, task: Task) -> StudentNetwork:
        """Return the task's network with the student's answers in the place of ours."""
        kind = kind_of(lab, task)
        refuse(kind, task)
        loaded = self.loaded(kind, lab)
        parts = parts_of(kind, task.net)

        def some(state: list[Any], X: Array) -> Array:
            Y = np.asarray(answers_of(kind, loaded.module, state, X, task.net), dtype=np.float64)
            if Y.size != len(X) * task.net.n_outputs:
                raise InvalidValue(f"{loaded.file.name} answers {len(X)} points with an array of shape {Y.shape}.")
            return Y.reshape(len(X), task.net.n_outputs)

        def answers(theta: Array, X: Array) -> Array:
            slices = -(-len(X) * sum(layer.n_outputs for layer in task.net.layers) // LARGEST)
            with in_words(loaded):
                loaded.session.begin(1e9)
                state = parts.state(theta)
                return np.concatenate([some(state, part) for part in np.array_split(X, max(1, slices))])

        return StudentNetwork(task.net, answers)

    def train(
        self, lab: Assignment, task: Task, show: Callable[[int], None], each: Callable[[Epoch], None],
        shows: Callable[[int], bool],
    ) -> Run:  # fmt: skip
        """Train with the student's functions, from the task's start."""
        kind = kind_of(lab, task)
        loaded = self.loaded(kind, lab)
        with in_words(loaded):
            if task.method is not None:
                return minimised(loaded, task, each)
            return StudentDescent(loaded, kind, task).run(show, each, shows)


class StudentNetwork(Network):
    """A network whose answers are those of a student's functions."""

    def __init__(self, net: Network, answers: Callable[[Array, Array], Array]) -> None:
        super().__init__(net.layers, net.n_features, net.loss)
        object.__setattr__(self, "_answers", answers)

    def predict(self, theta: Any, X: Any, engine: Any = "auto") -> Array:  # noqa: ARG002
        """Ask the student's functions."""
        Y: Array = self._answers(np.asarray(theta), np.asarray(X, dtype=np.float64))  # type: ignore[attr-defined]
        return Y


def kind_of(lab: Assignment, task: Task) -> str:
    """Return what a training's sheet is called without .py: the lab's name, or one of S2's two."""
    if lab.name != "neuron":
        return lab.name
    return "neuron" if len(task.net.layers) == 1 else "network"


def refuse(kind: str, task: Task) -> None:
    """Say what the functions that a lab asks for cannot compute."""
    hidden = task.net.layers[:-1]
    if kind in ("xor", "softmax") and (len(hidden) != 2 or any(one.activation.name != "sigmoid" for one in hidden)):
        raise InvalidValue(f"The functions of {kind}.py are those of two hidden layers of sigmoids, and of no others.")
    if kind == "moons" and task.net.n_features != 2:
        raise InvalidValue("The functions of moons.py take two columns, X1 and X2.")
    if kind == "softmax" and len({one.n_outputs for one in hidden}) > 1:
        raise InvalidValue("The functions of softmax.py have two hidden layers of one width.")


def _refuse_another_labs(loaded: LoadedFile, sheet: str, lab: Assignment) -> None:
    sheets = lab.homework.sheets if lab.homework is not None else ()
    names = [exercise.function for one in sheets if one.file == sheet for exercise in one.exercises]
    if names and all(one.kind == "missing" for one in loaded.describe(names).values()):
        raise InvalidValue(
            f"{loaded.file.name} has none of the functions that {sheet} of the lab {lab.name} asks for, {names[0]} for "
            "one. Is it another lab's?"
        )


@contextmanager
def in_words(loaded: LoadedFile) -> Iterator[None]:
    """Say in a sentence what a student's function raised, with its line, or why its process ended."""
    try:
        yield
    except Raised as error:
        crash = loaded.places.raised(error)
        raise ChainruleError(crash.sentence if crash else f"{loaded.file.name} raised {said(error)}.") from error
    except Ended as error:
        sentence = loaded.crash(error).sentence
        loaded.end()
        raise ChainruleError(f"{loaded.file.name}: {sentence}") from error
