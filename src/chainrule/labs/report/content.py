"""Content: what a report reads of results.json, and what must be so that every sentence of it can be written.

``decode`` gives plain values: of the right types, the right lengths, and in agreement with each other.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import UNSET, Meta, UnsetType

Perhaps: TypeAlias = float | None  # what was not finite is null
Count: TypeAlias = Annotated[int, Meta(ge=0, le=2**53)]
Some: TypeAlias = Annotated[int, Meta(ge=1, le=2**53)]
Name: TypeAlias = Annotated[str, Meta(min_length=1, max_length=250, pattern=r"^[^/\\\x00]+$")]  # also one of a file
Spread: TypeAlias = tuple[Perhaps, Perhaps, Perhaps]  # median, least, greatest
Value: TypeAlias = bool | int | float | str | list[Any] | None
Values: TypeAlias = list[float | str | None]
Score: TypeAlias = Literal["accuracy", "R²"]


class Accuracy(msgspec.Struct):
    """The scores of a run."""

    train: Perhaps
    test: Perhaps


class StoredOutcome(msgspec.Struct):
    """How a run ended."""

    name: str
    sentence: str | UnsetType = UNSET


class StoredPrediction(msgspec.Struct):
    """A sample and the answer to it."""

    x: Values
    y: Values
    predicted: Value
    truth: Value


class StoredTraining(msgspec.Struct):
    """What a run was trained with."""

    method: str | None
    optimizer: str | None
    learning_rate: Annotated[float, Meta(gt=0)] | UnsetType | None = UNSET
    l2: Annotated[float, Meta(ge=0)] | UnsetType | None = UNSET

    def __post_init__(self) -> None:
        """Hold the two ways of training against each other."""
        _check((self.method is None) != (self.optimizer is None), "there must be either a method or an optimizer")


class StoredRun(msgspec.Struct):
    """A run of an experiment."""

    outcome: StoredOutcome
    epochs: Count
    cap: Count
    loss: Perhaps
    accuracy: Accuracy
    score: Score = "accuracy"
    dead_units: list[Count] | UnsetType = UNSET
    hidden: list[Count] | UnsetType = UNSET
    rises: Perhaps | UnsetType = UNSET


class StoredLabRun(StoredRun, kw_only=True):
    """A run of the lab's own."""

    name: Name
    n_train: Count
    n_test: Count
    network: dict[str, Any]
    training: StoredTraining
    seed: Count | UnsetType = UNSET
    predictions: list[StoredPrediction] = []
    log: list[str] = []

    def __post_init__(self) -> None:
        """Hold the parts against each other."""
        _check(isinstance(self.outcome.sentence, str), "the outcome has no sentence")
        _check(self.accuracy.train is not None or self.accuracy.test is None, "accuracy.train is missing")
        numbers = all(isinstance(one.truth, list) for one in self.predictions)
        _check(self.score == "accuracy" or numbers, "the truth of a prediction is no list of numbers")


class Summary(msgspec.Struct):
    """Several runs."""

    runs: Some
    outcomes: dict[str, Count]
    epochs: Spread
    loss: Spread
    train_accuracy: Spread
    test_accuracy: Spread | None
    dead_units: list[float] | UnsetType = UNSET


class StoredRow(msgspec.Struct):
    """One setting of an experiment."""

    label: str
    run: str
    group: Name
    settings: Annotated[dict[str, Value], Meta(min_length=1)]
    summary: Summary
    runs: Annotated[list[StoredRun], Meta(min_length=1)]

    def __post_init__(self) -> None:
        """Hold the runs against each other."""
        dead = [run.dead_units for run in self.runs]
        if any(one is not UNSET for one in dead):
            widths = self.runs[0].hidden
            lengths = {len(one) if isinstance(one, list) else None for one in (*dead, widths)}
            _check(len(lengths) == 1 and None not in lengths, "dead_units and hidden do not match")


class Gap(msgspec.Struct):
    """A run that is missing."""

    label: str
    seed: Count
    reason: str


class StoredExperiment(msgspec.Struct):
    """A question and its answers."""

    name: Name
    title: str
    question: str
    fixed: dict[str, Value]
    seeds: Annotated[list[Count], Meta(min_length=1)]
    rows: list[StoredRow]
    missing: list[Gap]
    vary: dict[str, list[Value]] = {}

    def __post_init__(self) -> None:
        """Hold the rows against each other."""
        _check(len({frozenset(row.settings) for row in self.rows}) <= 1, "the rows do not vary the same settings")
        held_out = {row.summary.test_accuracy is None for row in self.rows}
        _check(len(held_out) <= 1, "some of the rows have no test_accuracy")


class Beside(msgspec.Struct):
    """The engine's run of a training, beside a student's."""

    name: Name
    outcome: StoredOutcome
    epochs: Count
    loss: Perhaps
    accuracy: Accuracy


class StoredData(msgspec.Struct):
    """The points of a run."""

    same_as: str


class Results(msgspec.Struct):
    """All of results.json."""

    lab: str
    config: dict[str, Value]
    versions: dict[str, str]
    seconds: Annotated[float, Meta(ge=0)]
    runs: Annotated[list[StoredLabRun], Meta(min_length=1)]
    lab_file: str | UnsetType = UNSET
    seed: Count | UnsetType = UNSET
    seeds: list[Count] = []
    summary: dict[str, Summary] = {}
    experiments: list[StoredExperiment] = []
    data: dict[str, StoredData] = {}
    figures: list[Name] | UnsetType = UNSET
    animations: list[Name] = []
    student: dict[str, str] = {}
    beside: list[Beside] = []

    def __post_init__(self) -> None:
        """Hold the parts against each other."""
        names = {run.name for run in self.runs}
        if self.seeds:
            _check(names <= set(self.summary), "summary lacks a run")
            _check(all(run.seed is not UNSET for run in self.runs), "a run has no seed")
        else:
            _check(self.seed is not UNSET, "seed is missing")
            _check(len(names) == len(self.runs), "two runs have the same name")
        for name in ("data", "classes"):
            given = self.config.get(name) or []
            _check(isinstance(given, list) and all(isinstance(one, str) for one in given), f"config.{name} is no list")
        for name in ("engine", "target"):
            _check(isinstance(self.config.get(name), str | None), f"config.{name} is no text")


def _check(right: bool, sentence: str) -> None:
    """Refuse what cannot be; msgspec adds where it is."""
    if not right:
        raise ValueError(sentence)


def decode(text: bytes) -> dict[str, Any]:
    """Return the content of a results.json in plain values; what a report does not read is left out.

    Raises
    ------
    msgspec.DecodeError
        Where it is no JSON (with the byte), or something in it is missing or of another kind (with its place).
    """
    plain: dict[str, Any] = msgspec.to_builtins(msgspec.json.decode(text, type=Results))
    return plain
