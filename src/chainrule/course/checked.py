"""Results: what was found in a submission, function by function, as data that JSON can hold."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from chainrule.homework.exercise import Verdict  # noqa: TC001  # the journal reads the types


@dataclass(frozen=True)
class Judged:
    """A function and its verdict; ``line`` is where the student's file defines it, or None."""

    function: str
    verdict: Verdict
    points: float  # earned
    worth: float
    line: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return asdict(self)


@dataclass(frozen=True)
class Checked:
    """A submission that was checked.

    Attributes
    ----------
    name : str
        Whose it is: the file's name without suffix, or the folder's.
    lab : str
        Of which lab.
    files : tuple of str
        The files that were run.
    judged : tuple of Judged
        Every function asked for, in order. Empty where no file could be run.
    remarks : tuple of str
        What else happened, e.g. a line that raised when the file was imported, each a sentence with file and line.
    problem : str
        Why nothing could be judged, "" where something was.
    picture : str
        Where the decision picture is, or "".
    training : str
        How the few steps of training went, in one sentence, or "".
    seconds : float
        How long it took.
    flags : tuple of str
        What a teacher may want to look at, e.g. that it imports what is not allowed; none of it takes points.
    number : str
        The learning platform's number of the student, "" where it gave none.
    late : bool
        Whether the platform calls it late.
    lacking : tuple of str
        What the system could not do to shut the submission in: "network", "files", "processes", "user", "memory".
    """

    name: str
    lab: str
    files: tuple[str, ...]
    judged: tuple[Judged, ...] = ()
    remarks: tuple[str, ...] = ()
    problem: str = ""
    picture: str = ""
    training: str = ""
    seconds: float = 0.0
    flags: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    number: str = ""
    late: bool = False

    @property
    def points(self) -> float:
        """What was earned."""
        return sum(one.points for one in self.judged)

    @property
    def worth(self) -> float:
        """What could be."""
        return sum(one.worth for one in self.judged)

    @property
    def failed(self) -> bool:
        """Whether a function is wrong or crashed, or nothing could be judged; what is to do is no failure."""
        return bool(self.problem) or any(one.verdict.status in ("wrong", "crashed") for one in self.judged)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return {
            "name": self.name,
            **({"number": self.number, "late": self.late} if self.number else {}),
            "lab": self.lab,
            "files": list(self.files),
            "points": self.points,
            "worth": self.worth,
            "failed": self.failed,
            "problem": self.problem,
            "remarks": list(self.remarks),
            "flags": list(self.flags),
            "functions": [one.to_dict() for one in self.judged],
            "picture": self.picture,
            "training": self.training,
            "seconds": round(self.seconds, 3),
        }
