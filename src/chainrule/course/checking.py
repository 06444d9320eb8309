"""Checking: a submission's files, each on trial in a process of its own, and what was found put together."""

from __future__ import annotations

import importlib
import importlib.util
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from chainrule import labs
from chainrule.course.checked import Checked, Judged
from chainrule.course.flags import flags_of
from chainrule.course.trial import Found, Trial, solved
from chainrule.errors import InvalidValue
from chainrule.homework.exercise import Verdict
from chainrule.language.translation import say
from chainrule.sandbox import Clock, Limits, UnreadableSubmission, opened, read
from chainrule.sandbox.crashes import capital
from chainrule.sandbox.loaded_file import gathered

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chainrule.homework.exercise import Homework, Sheet

__all__ = ["Limits", "check_submission"]


def check_submission(
    name: str,
    files: Sequence[Path],
    lab: str,
    *,
    sheet_of: Mapping[Path, int],
    homework: Homework | None = None,
    folder: Path | None = None,
    alone: bool = True,
    limits: Limits | None = None,
    picture: Path | None = None,
    stop: threading.Event | None = None,
) -> Checked:
    """Judge every function that a lab asks for.

    Parameters
    ----------
    name : str
        Whose it is.
    files : sequence of Path
        The files that answer a sheet; a sheet without one is to do.
    lab : str
        Name of a lab, or path of one.
    sheet_of : mapping of Path to int
        The number of the sheet that a file answers.
    homework : Homework, optional
        The lab's, where it is known already.
    folder : Path, optional
        The folder that is the submission, all of which goes with it.
    alone : bool
        Whether what lies beside a file is its author's, too: not where it is one of a class.
    limits : Limits, optional
    picture : Path, optional
        Where a picture of what the functions learn goes, a .png; without it there is no training.
    stop : threading.Event, optional
        Ends what runs when it is set. What was not judged by then stays unjudged.

    Raises
    ------
    InvalidValue
        Where the lab has no homework.
    """
    began = time.monotonic()
    asked = homework or labs.load(lab).homework
    if asked is None:
        raise InvalidValue(f"The lab {lab} has no homework to be checked.")
    bounds = limits or Limits()
    by_sheet: dict[int, Path] = {}
    for path in files:
        by_sheet.setdefault(sheet_of[path], Path(path))
    submission = Submitted(asked, by_sheet, bounds, Clock(began + bounds.total, stop or threading.Event()),
                           folder, alone)  # fmt: skip
    found: dict[int, Found] = {}
    for number in sorted(by_sheet):
        wants = picture is not None and not any(one.training for one in found.values())
        found[number] = submission.check(number, picture if wants else None)
    return _merged(name, lab, asked, by_sheet, found, time.monotonic() - began)


@dataclass(frozen=True)
class Submitted:
    """The files of one submission, and what holds for all of them."""

    homework: Homework
    files: Mapping[int, Path]
    limits: Limits
    clock: Clock
    folder: Path | None
    alone: bool

    def check(self, number: int, picture: Path | None) -> Found:
        """Judge the file that answers a sheet."""
        path, sheet = self.files[number], self.homework.sheets[number]
        try:
            file = read(path)
            belongings = gathered(path, self.folder, alone=self.alone)
        except UnreadableSubmission as error:
            return Found(problem=str(error))
        except OSError as error:
            told = "{name} cannot be opened: {error}."
            return Found(problem=say(told, name=path.name, error=error.strerror or error))
        for other, sheet_file in ((self.files[k], self.homework.sheets[k].file) for k in self.files):
            _put_beside(belongings, path, sheet_file, other)  # as the other files import it
        for beside, original in self.homework.beside.items():
            _put_beside(belongings, path, beside, original)
        flags = tuple(flags_of(file, sheet))
        with opened(file, belongings, limits=self.limits, clock=self.clock) as loaded:
            importlib.import_module("chainrule.check.backprop")  # while the process gets ready
            trial = Trial(sheet, file, loaded, solved(sheet.solution))
            return replace(trial.all(picture), flags=flags)


def _put_beside(belongings: dict[str, bytes], path: Path, name: str, original: Path) -> None:
    """Let a file be found under a name beside another one, where there is none of that name."""
    first = next(iter(belongings))
    place = first.removesuffix(path.name) + name
    if place not in belongings:
        with suppress(OSError):
            belongings[place] = original.read_bytes()


# Results.


def _merged(
    name: str, lab: str, homework: Homework, files: Mapping[int, Path], found: Mapping[int, Found], seconds: float
) -> Checked:
    """Put together what was found in the files, in the order of the sheets."""
    problems = [one.problem for one in found.values() if one.problem]
    remarks = tuple(remark for one in found.values() for remark in one.remarks)
    flags = tuple(dict.fromkeys(flag for one in found.values() for flag in one.flags))
    lacking = tuple(dict.fromkeys(what for one in found.values() for what in one.lacking))
    checked = Checked(name, lab, tuple(str(files[number]) for number in sorted(files)), seconds=seconds, flags=flags,
                      lacking=lacking)  # fmt: skip
    if problems and len(problems) == len(found):
        return replace(checked, problem=" ".join(problems), remarks=remarks)
    judged = [one for number, sheet in enumerate(homework.sheets) for one in _judged(sheet, found.get(number))]
    return replace(
        checked,
        judged=tuple(judged),
        remarks=(*problems, *remarks),
        picture=next((one.picture for one in found.values() if one.picture), ""),
        training=next((one.training for one in found.values() if one.training), ""),
    )


def _judged(sheet: Sheet, found: Found | None) -> Iterator[Judged]:
    """Yield the functions of a sheet with their points."""
    for exercise in sheet.exercises:
        if found is None:
            verdict, line = Verdict("to do", clues=(say("There is no {file}.", file=sheet.file),)), None
        elif found.problem:
            verdict, line = Verdict("crashed", clues=(capital(found.problem),)), None
        else:
            verdict, line = found.verdicts[exercise.function], found.lines.get(exercise.function)
        yield Judged(exercise.function, verdict, round(exercise.points * verdict.share, 2), exercise.points, line)
