"""Trial: the functions of one file, each called in the file's own process and judged here.

A function that is not right is tried once more with right ones in the place of those before it that are not, so that
one mistake does not hide behind another.
"""

from __future__ import annotations

import difflib
import importlib.util
import inspect
import math
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.course.starter import partly_solved
from chainrule.errors import ChainruleError
from chainrule.homework.exercise import Decision, Verdict
from chainrule.language.translation import listed, say
from chainrule.sandbox import Ended, Raised
from chainrule.sandbox.crashes import Crash, raised_in, said
from chainrule.sandbox.decoding import plain
from chainrule.sandbox.parcel import packed
from chainrule.sandbox.remote import TOO_LARGE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from types import ModuleType

    from chainrule.homework.exercise import Exercise, Sheet
    from chainrule.sandbox import LoadedFile, StudentFile
    from chainrule.sandbox.loaded_file import Description

GENEROUS = 9  # times the limit of a call, for all calls of one function together
AT_LEAST = 0.5  # seconds left for a process to be started
RIGHT = "right"
MOST_NAMES, LONGEST_NAME = 500, 100  # that are looked at for one that was misspelt
CALL = ("argument", "positional", "takes no")  # words of a TypeError about a call
UNWRITTEN = "{function} is not written yet."
NO_PICTURE = "No picture of a training with your functions: {why}"


@dataclass
class Found:
    """What is known of a file."""

    verdicts: dict[str, Verdict] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    flags: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    problem: str = ""
    training: str = ""
    picture: str = ""


@dataclass
class Trial:
    """A file that is judged: the sheet it answers, the file, its process, and the solution."""

    sheet: Sheet
    file: StudentFile
    loaded: LoadedFile
    solution: ModuleType
    found: Found = field(default_factory=Found)
    fatal: list[str] = field(default_factory=list)  # functions that ended the process: nobody calls them again

    def all(self, picture: Path | None) -> Found:
        """Judge function after function, and train with them."""
        names = [exercise.function for exercise in self.sheet.exercises]
        self.found.lines = {name: self.file.places[name] for name in names if name in self.file.places}
        try:
            there = self.loaded.describe(names)
        except Ended:
            there = {}
        except Raised as error:
            self.found.problem = say("It could not be run: {error}.", error=said(error))
            there = {}
        if there and all(one.kind == "missing" for one in there.values()):
            told = "{name} has none of the functions that {sheet} asks for."
            self.found.problem = say(told, name=self.file.name, sheet=self.sheet.file)
        if not self.found.problem:
            for exercise in self.sheet.exercises:
                self.found.verdicts[exercise.function] = self._timely(exercise, there.get(exercise.function))
            if picture is not None and self.sheet.train is not None:
                self._train(self.sheet.train, picture)
        self.found.remarks, self.found.lacking = self.loaded.remarks, tuple(self.loaded.lacking)
        return self.found

    def _timely(self, exercise: Exercise, there: Description | None) -> Verdict:
        """Judge a function while there is time."""
        if self.loaded.clock.left >= AT_LEAST and there is not None:
            todo = self._to_do(exercise.function, there)
            if todo is not None:
                return todo
            with suppress(Ended):  # while it was being loaded: there is no time any more
                return self._judge(exercise)
        told = "It was not judged: the {total:g} seconds for the whole file were over before its turn."
        return Verdict("crashed", clues=(say(told, total=self.loaded.limits.total),))

    def _to_do(self, name: str, there: Description) -> Verdict | None:
        """Return the verdict on a function that nobody has written yet, None on one that is there."""
        if there.kind == "missing":
            others = [one for one in self.file.places if one != name and len(one) < LONGEST_NAME][:MOST_NAMES]
            near = difflib.get_close_matches(name, others, n=1, cutoff=0.8)
            asked = {exercise.function for exercise in self.sheet.exercises}
            clue = say("There is no {function} in {file}.", function=name, file=self.file.name)
            meant = f" {say('Is it {near}?', near=near[0])}" if near and near[0] not in asked else ""
            return Verdict("to do", clues=(f"{clue}{meant}",))
        if there.at in self.file.unwritten:
            return Verdict("to do", clues=(say(UNWRITTEN, function=name),))
        if there.kind in ("class", "other"):
            what = say("a class") if there.kind == "class" else say("of type {type}", type=plain(there.type, 60))
            what = "None" if there.type == "NoneType" else what
            told = "{function} is {what}, not a function: is its name given to something else?"
            clue, where = say(told, function=name, what=what), say("Look at what {function} is.", function=name)
            return Verdict("crashed", clues=(clue,), where=where)
        return None

    # Judging.

    def _judge(self, exercise: Exercise) -> Verdict:
        """Judge one function: with the student's others around it, and if it is not right, with right ones."""
        statuses = {name: verdict.status for name, verdict in self.found.verdicts.items()}
        fatal = [name for name in statuses if name in self.fatal]
        others = [name for name, status in statuses.items() if status != RIGHT]
        first, used, ended = self._attempt(exercise, fatal)
        if first.status != RIGHT and others != fatal:
            second, used_then, ended = self._attempt(exercise, others)
            if second.status != "crashed" and used_then and not _same(first, second):
                first, used = second, used_then
        if ended:
            self.fatal.append(exercise.function)
        return _noted(first, used)

    def _attempt(self, exercise: Exercise, names: list[str]) -> tuple[Verdict, list[str], bool]:
        """Judge with the solution's functions in place of some; return also which were called, and whether it ended."""
        before = [one.function for one in self.sheet.exercises]
        text = partly_solved(self.sheet, before[: before.index(exercise.function)]) if names else ""
        used: list[str] = []
        session = self.loaded.session
        try:
            with self.loaded.standing_in(text, "stand-in", names) as used:
                session.begin(GENEROUS * self.loaded.limits.seconds)
                try:
                    verdict = self._placed(_plain(exercise.judge(self.loaded.module, self.solution)))  # type: ignore[arg-type]
                except Exception as error:
                    verdict = self._crashed(exercise.function, error)
                session.begin(self.loaded.limits.seconds)
        except Ended as error:
            crash = self.loaded.crash(error)
            self.loaded.end()
            return Verdict("crashed", clues=(crash.sentence,), where=crash.where), used, True
        except Raised as error:  # at what is no call of a function: its process answers as none of ours would
            self.loaded.end()
            return Verdict("crashed", clues=(say("It cannot be run: {error}", error=said(error)),)), used, True
        return verdict, used, False

    def _placed(self, verdict: Verdict) -> Verdict:
        """Say in which line it was, where a judge says that the code raised."""
        if verdict.status != "crashed":
            return verdict
        for error in reversed(self.loaded.session.errors):
            told = next((clue for clue in verdict.clues if clue.startswith(f"Your code raised {type(error).__name__}")
                         and f"It said: {error}." in clue), None)  # fmt: skip
            crash = None if told is None else self.loaded.places.raised(error)
            if crash is not None:
                others = (clue for clue in verdict.clues if clue is not told)
                return replace(verdict, clues=(crash.sentence, *others), where=crash.where)
        return verdict

    # What came of calls that raised.

    def _crashed(self, name: str, error: Exception) -> Verdict:
        """Return the verdict on a function that raised, or on one that we failed to judge."""
        theirs = raised_in(error)
        if theirs is None:
            returned = self.loaded.session.returned
            words = plain(str(error) if isinstance(error, ChainruleError) else f"{type(error).__name__}: {error}")
            told = "chainrule could not judge what it returned ({what}): {error}"
            told = told if returned else "chainrule could not judge it: {error}"
            return Verdict("crashed", clues=(say(told, what=plain(returned or "", 60), error=words),))
        if theirs.kinds[:1] == ("TooLarge",):
            told = "It returns too much: {what}. A function returns numbers and arrays of the sizes asked for."
            where = say("Look at the size of what it returns.")
            return Verdict("crashed", clues=(say(told, what=TOO_LARGE),), where=where)
        crash = self.loaded.places.raised(theirs)
        unwritten = self._unwritten(theirs)
        if unwritten == name:
            crash = crash or Crash(say("It raised {error}", error="NotImplementedError."))
            clue = f"{say(UNWRITTEN, function=name)} {crash.sentence}"
            return Verdict("to do", clues=(clue,), where=crash.where)
        if unwritten:
            clue = say("It needs {function}, which is not written yet.", function=unwritten)
            return Verdict("crashed", clues=(clue,), where=say("Write {function} first.", function=unwritten))
        crash = crash or self._called(name, theirs) or self._without_line(theirs)
        return Verdict("crashed", clues=(crash.sentence,), where=crash.where)

    def _unwritten(self, error: Raised) -> str:
        """Name the function whose NotImplementedError this is, "" for another error."""
        if "NotImplementedError" in error.kinds:
            for file, _, function in reversed(error.frames):
                if self.loaded.places.has(file):
                    asked = (exercise.function for exercise in self.sheet.exercises)
                    return next((one for one in asked if one.split(".")[-1] == function), plain(function, 60))
        return ""

    def _called(self, name: str, error: Raised) -> Crash | None:
        """Say how a function was called that takes other arguments."""
        calling = self.loaded.session.calling
        if "TypeError" not in error.kinds or not any(word in str(error) for word in CALL):
            return None
        if not calling and f"{name.partition('.')[0]}(" not in str(error):
            return None
        calling = plain(calling or name, 60)
        own = self.loaded.describe([calling]).get(calling)
        right = _signature(self.solution, calling)
        asked = say("; it is asked for as {right}", right=right) if right else ""
        known = plain(own.first_line) if own else ""
        told = "Yours is {known}" if known else "{function} does not take the arguments it is given"
        yours = say(told, known=known, function=calling)
        line = self.file.places.get(calling)
        at = "" if line is None else f", {say('line {number}', number=line)}"
        where = say("Look at the first line of {function}{at}.", function=calling, at=at)
        return Crash(f"{yours}{asked}. {say('Python says: {error}.', error=plain(str(error)))}", where)

    def _without_line(self, error: Raised) -> Crash:
        """Say an error that came up in none of the student's lines."""
        if "MemoryError" in error.kinds:
            return Crash(say("It asked for more memory than {memory:g} GB.", memory=self.loaded.limits.memory_gb))
        return Crash(say("It raised {error}", error=said(error)))

    # Training.

    def _train(self, train: Callable[[ModuleType], Decision], picture: Path) -> None:
        """Train with the student's functions, draw what came of it, and say how it went."""
        if self.fatal:
            told = "No training: {functions} ended the Python process."
            self.found.training = say(told, functions=", ".join(self.fatal))
            return
        try:
            session = self.loaded.session
            session.begin(GENEROUS * self.loaded.limits.seconds, GENEROUS * self.loaded.limits.seconds)
            parcel = packed(train, Decision)
            made = Decision(*self.loaded.run(parcel)) if parcel else train(self.loaded.module)  # type: ignore[arg-type]
            decision = replace(made, X=np.asarray(made.X), losses=tuple(map(float, made.losses)))
            self.found.training = _told(decision)
            _draw(decision, picture)
            self.found.picture = str(picture)
        except Ended as error:
            self.found.training = say(NO_PICTURE, why=self.loaded.crash(error).sentence)
            self.loaded.end()
        except Exception as error:
            self.found.training = self._untrained(error)

    def _untrained(self, error: Exception) -> str:
        """Say why there is no training, or no picture of it."""
        left = [name for name, verdict in self.found.verdicts.items() if verdict.status == "to do"]
        if left:
            one = "No training yet: {functions} is not written."
            return say(one if len(left) == 1 else "No training yet: {functions} are not written.",
                       functions=", ".join(left))  # fmt: skip
        theirs = raised_in(error)
        crash = self.loaded.places.raised(theirs) if theirs else None
        ours = str(error) if isinstance(error, ChainruleError) else f"{type(error).__name__}: {error}"
        words = plain(ours) if theirs is None else said(theirs)
        return say(NO_PICTURE, why=crash.sentence if crash else words)


def _same(one: Verdict, other: Verdict) -> bool:
    return (one.status, one.mistakes, one.clues) == (other.status, other.mistakes, other.clues)


def _noted(verdict: Verdict, used: Sequence[str]) -> Verdict:
    """Say whose functions stood in."""
    if not used:
        return verdict
    names = listed([say("a right {function}", function=name) for name in used])
    clue = say("Judged with {functions} in the place of yours.", functions=names)
    return replace(verdict, clues=(*verdict.clues, clue))


def _plain(verdict: object) -> Verdict:
    """Return a verdict whose share is one, and whose sentences have a bearable length."""
    if not isinstance(verdict, Verdict):
        raise TypeError(f"a judge returned {type(verdict).__name__}")
    share = float(verdict.share)
    share = min(max(share, 0.0), 1.0) if math.isfinite(share) else 0.0
    return replace(verdict, share=share, clues=tuple(str(clue)[:2000] for clue in verdict.clues))


def _signature(module: ModuleType, name: str) -> str:
    """Write the first line of a solution's function without types: ``"update(w, b)"``, "" where it has none."""
    found: Any = module
    try:
        for one in name.split("."):
            found = getattr(found, one)
        parameters = inspect.signature(found).parameters.values()
    except (AttributeError, TypeError, ValueError):
        return ""
    bare = [one.replace(annotation=inspect.Parameter.empty) for one in parameters]
    return f"{name.rpartition('.')[2]}{inspect.Signature(bare)}"


def _told(decision: Decision) -> str:
    """Say how far the loss came down."""
    losses = [float(loss) for loss in decision.losses]
    steps = say("{steps} steps", steps=len(losses)) if len(losses) > 2 else say("A few steps")
    if not losses:
        return say("Your functions train a network.")
    if not all(map(math.isfinite, losses)):
        first = next(k for k, loss in enumerate(losses) if not math.isfinite(loss))
        told = "{steps} of training with your functions: the loss is no number any more after step {first}."
        return say(told, steps=steps, first=first)
    went = say("the loss went from {first:.3g} to {last:.3g}", first=losses[0], last=losses[-1])
    learnt = "" if losses[-1] < losses[0] else say(", so it did not learn")
    return say("{steps} of training with your functions: {went}.", steps=steps, went=f"{went}{learnt}")


def _draw(decision: Decision, path: Path) -> None:
    """Draw the decision regions."""
    from chainrule.plot.image_file import save
    from chainrule.plot.regions import decision_regions

    def answers(P: Any) -> Any:
        given = np.asarray(decision.answers(P))
        if given.dtype.kind == "f" and not np.isfinite(given).all():
            raise ChainruleError(say("some answers of the trained network are no numbers."))
        return given

    X, labels = np.asarray(decision.X), np.ravel(decision.labels)
    classes = np.unique(labels)
    if answers(X).ndim == 1 and (len(classes) > 2 or set(classes.tolist()) not in ({0, 1}, {-1, 1})):
        picture = decision_regions(lambda P: answers(P)[:, np.newaxis] == classes, X, labels)
    else:
        picture = decision_regions(answers, X, labels)
    save(picture, path)


def solved(path: Path) -> ModuleType:
    """Load the solution as a module of its own."""
    name = f"chainrule_solution_{path.stem}_{threading.get_ident()}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ChainruleError(f"The solution {path} cannot be loaded.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # its dataclasses look themselves up
    try:
        spec.loader.exec_module(module)
    finally:
        del sys.modules[name]
    return module
