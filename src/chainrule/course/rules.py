"""Rules: what a course lays down for a lab, in a TOML file: points, strictness, help, what late costs."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

import msgspec

from chainrule.errors import InvalidFile, InvalidValue, unknown_name
from chainrule.language.translation import ENGLISH, say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from chainrule.course.checked import Checked
    from chainrule.homework.exercise import Homework

HINTS = (0, 1, 2, 3)


@dataclass(frozen=True)
class Rules:
    """What a course lays down.

    Attributes
    ----------
    points : dict of str to float
        What a function is worth, where it is not what the lab says.
    strict : bool
        No points for a submission that is flagged.
    hint : int or None
        How much a student is told: 0 points alone, 1 the place, 2 what is wrong, 3 how it is mended; None all.
    late_penalty : float
        Per cent of the points that a late submission loses.
    min_points : float or None
        With fewer the exit code is 1.
    allow_todo : bool
        Whether what is still to do leaves the exit code 0.
    language : str
        In which language a student is told things, or the file of a catalogue.
    """

    points: dict[str, float] = field(default_factory=dict)
    strict: bool = False
    hint: int | None = None
    late_penalty: float = 0.0
    min_points: float | None = None
    allow_todo: bool = False
    language: str = ENGLISH

    def __post_init__(self) -> None:
        """Check the numbers."""
        if self.hint is not None and self.hint not in HINTS:
            raise InvalidValue(f"hint must be 0, 1, 2 or 3, got {self.hint}.")
        if not 0 <= self.late_penalty <= 100:
            raise InvalidValue(f"late_penalty must be a percentage from 0 to 100, got {self.late_penalty:g}.")
        for name, value in self.points.items():
            if not 0 <= value < 1e6:
                raise InvalidValue(f"points of {name} must be a number ≥ 0, got {value:g}.")

    def failed(self, checked: Checked) -> bool:
        """Whether the exit code is to say that something is left: wrong, to do, or too few points."""
        to_do = any(one.verdict.status == "to do" for one in checked.judged) and not self.allow_todo
        few = self.min_points is not None and checked.points < self.min_points - 1e-9
        return checked.failed or to_do or few

    def priced(self, homework: Homework) -> Homework:
        """Return the homework with the points of the rules."""
        known = [exercise.function for sheet in homework.sheets for exercise in sheet.exercises]
        for name in self.points:
            if name not in known:
                raise unknown_name("function in [points]", name, known)
        sheets = (
            replace(
                sheet,
                exercises=tuple(replace(e, points=self.points.get(e.function, e.points)) for e in sheet.exercises),
            )
            for sheet in homework.sheets
        )
        return replace(homework, sheets=tuple(sheets))

    def late(self, checked: Checked) -> Checked:
        """Return a late submission with what is left of its points."""
        if not checked.late or not self.late_penalty:
            return checked
        share = 1.0 - self.late_penalty / 100.0
        judged = tuple(replace(one, points=share * one.points) for one in checked.judged)
        return replace(
            checked,
            judged=judged,
            remarks=(*checked.remarks, say("Late: {penalty:g} % less.", penalty=self.late_penalty)),
        )


def read_rules(path: Path) -> Mapping[str, Any]:
    """Read a course's rules; what is not said there is as without a file.

    Raises
    ------
    InvalidFile
        Where it cannot be read, or something in it is unknown or of another kind.
    """
    try:
        data = tomllib.loads(path.read_text("utf-8"))
        known = [one.name for one in fields(Rules)]
        for name in data:
            if name not in known:
                raise unknown_name("rule", name, known)
        rules = msgspec.convert(data, Rules)
        if rules.language.endswith(".toml"):  # as seen from the rules
            rules = replace(rules, language=str(path.parent / rules.language))
        return {name: getattr(rules, name) for name in data}
    except OSError as error:
        raise InvalidFile(f"Cannot read {path}: {error.strerror or error}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError, InvalidValue) as error:
        raise InvalidFile(f"{path} holds no rules of a course: {error}") from error
