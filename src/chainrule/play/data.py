"""Data: what a state's choice of points becomes, X and T for its network."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import datasets
from chainrule.datasets.classes import number_words, parsed
from chainrule.datasets.csv_file import rows_of
from chainrule.errors import InvalidFile, InvalidValue, choose
from chainrule.play.engine_settings import checked

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy.typing as npt

    from chainrule.maths.arrays import Array
    from chainrule.play.messages import Data

GENERATORS: dict[str, Callable[..., Any]] = {
    name: getattr(datasets, name)
    for name in (
        "moons", "circles", "xor_blobs", "spiral", "blobs", "gaussians", "two_blobs", "band", "ring", "linear",
        "xor_easy", "xor_alternating", "xor_diagonals", "noisy_sine", "plane",
    )
}  # fmt: skip
NUMBERS = ("noisy_sine", "plane")  # whose targets are numbers to predict
OF_CLASSES = ("centers", "n_classes", "arms")  # what generators call the number of classes
GIVEN = ("n", "noise", "std", "random_state", *OF_CLASSES)  # what every state says, where a generator takes it
MOST_ROWS = 2000
MOST_FEATURES = 50


@dataclass(frozen=True)
class Points:
    """Samples before they are targets of a network.

    Attributes
    ----------
    X : array (n, n_features)
    T : array (n,) of class numbers, or (n, n_outputs) of numbers
    features, classes : names
    call : str
        How a script draws the same, "" where it must hold the numbers themselves.
    note : str
        What was left out.
    """

    X: Array
    T: npt.NDArray[Any]
    features: tuple[str, ...]
    classes: tuple[str, ...] = ()
    call: str = ""
    note: str = ""

    @property
    def n_classes(self) -> int:
        """How many classes there are, 0 where numbers are to be predicted."""
        return len(self.classes)


def points_of(data: Data, file: Path | None) -> Points:
    """Return the points of a state's choice; those of a lab come with its task."""
    if data.source == "datasets":
        return _drawn(data)
    if data.source == "points":
        return _set_by_hand(data)
    if file is None:
        raise InvalidValue("There is no file: upload one, or start with chainrule play --data FILE.")
    return _of_file(data, file)


def _drawn(data: Data) -> Points:
    make = choose("dataset", data.name, GENERATORS)
    takes = inspect.signature(make).parameters
    given: dict[str, Any] = {"n": data.n, "noise": data.noise, "std": data.noise, "random_state": data.seed}
    given = {name: value for name, value in given.items() if name in takes}
    given |= {name: data.classes for name in OF_CLASSES if name in takes}
    given |= checked(data.name, make, data.settings, *GIVEN)
    if not 1 <= given.get("n_features", 2) <= MOST_FEATURES:
        raise InvalidValue(f"n_features must be 1 to {MOST_FEATURES} here, got {given['n_features']}.")
    if "std" in given and not given["std"]:
        raise InvalidValue(f"The points of {data.name} need a noise above 0.")
    X, T = make(**given)
    call = f"datasets.{data.name}({', '.join(f'{name}={value!r}' for name, value in given.items())})"
    classes = () if data.name in NUMBERS else tuple(str(k) for k in range(int(T.max()) + 1))
    features = tuple(f"x{j + 1}" for j in range(X.shape[1]))
    return Points(X, T if classes else T.reshape(len(X), -1), features, classes, call)


def _set_by_hand(data: Data) -> Points:
    if len({point[2] for point in data.points}) < 2:
        raise InvalidValue("Set points of at least two classes with the mouse, or with the form beside the picture.")
    table = np.array(data.points, dtype=np.float64)
    classes = tuple(str(k) for k in range(int(table[:, 2].max()) + 1))
    return Points(table[:, :2], table[:, 2].astype(np.intp), ("x1", "x2"), classes)


def columns_of(path: Path) -> tuple[list[str], list[str]]:
    """Return a table's columns: all of them, and those that hold nothing but numbers."""
    header, cells = _cells(path)
    numeric = [name for j, name in enumerate(header) if all(parsed(row[j]) is not None for row in cells)]
    return header, numeric


def _cells(path: Path) -> tuple[list[str], list[list[str]]]:
    rows = list(rows_of(path))
    if len(rows) < 2:
        raise InvalidFile(f"{path.name} needs a row of names or numbers and at least one more.")
    width = len(rows[0].cells)
    for row in rows:
        if len(row.cells) != width:
            raise InvalidFile(f"{path.name}, line {row.line} has {len(row.cells)} cells, expected {width}.")
    named = any(parsed(cell) is None for cell in rows[0].cells)
    header = rows[0].cells if named else [f"x{j + 1}" for j in range(width)]
    return header, [row.cells for row in rows[int(named) :]]


def _of_file(data: Data, path: Path) -> Points:
    if path.suffix.lower() != ".csv":
        table = datasets.load(path)
        first, names = slice(MOST_ROWS), tuple(table.class_names)
        return Points(table.X[first], table.T[first], table.feature_names, names, note=_cut(len(table.X)))
    header, cells = _cells(path)
    _, numeric = columns_of(path)
    targets = data.targets or [header[-1]]
    columns = data.columns or [name for name in numeric if name not in targets]
    for name in (*targets, *columns):
        if name not in header:
            raise InvalidValue(f"{path.name} has no column {name!r}. It has: {', '.join(header)}.")
    if wrong := [name for name in columns if name not in numeric]:
        raise InvalidValue(f"Column {wrong[0]!r} of {path.name} is not all numbers. Those are: {', '.join(numeric)}.")
    if not columns:
        raise InvalidValue(f"{path.name} has no column of numbers beside its target.")
    kept = cells[:MOST_ROWS]
    X = _numbers(kept, [header.index(name) for name in columns])
    left = [name for name in header if name not in columns and name not in targets]
    note = f"Left out: {', '.join(left)}. " if left else ""
    note += _cut(len(cells))
    if data.regression:
        if wrong := [name for name in targets if name not in numeric]:
            raise InvalidValue(f"The target {wrong[0]!r} is not all numbers: predict its classes instead.")
        return Points(X, _numbers(kept, [header.index(name) for name in targets]), tuple(columns), note=note)
    if len(targets) > 1:
        raise InvalidValue("Classes have one target column; several targets are numbers to predict.")
    T, names = number_words(path.name, (row[header.index(targets[0])] for row in kept))
    if len(names) > 10:
        raise InvalidValue(f"{targets[0]!r} has {len(names)} classes, at most 10 are shown: predict it as a number.")
    return Points(X, T, tuple(columns), tuple(names), note=note)


def _cut(rows: int) -> str:
    """Say that a file has more rows than are taken."""
    return f"The first {MOST_ROWS} of {rows} rows. " if rows > MOST_ROWS else ""


def _numbers(rows: list[list[str]], columns: list[int]) -> Array:
    X = np.array([[parsed(row[j]) for j in columns] for row in rows], dtype=np.float64)
    if not np.isfinite(X).all():
        raise InvalidFile("The table holds NaN or infinity: correct these rows.")
    return X
