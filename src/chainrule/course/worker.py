"""The process in which a submission runs: it judges function after function and writes each verdict down at once.

``python -P -m chainrule.course.worker JOB.json``; ``apart`` writes the job and reads what comes of it.
"""

from __future__ import annotations

import difflib
import importlib.util
import inspect
import json
import math
import os
import sys
import traceback
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule import labs
from chainrule.errors import ChainruleError
from chainrule.homework.exercise import Verdict
from chainrule.sandbox.crashes import Crash, Theirs, raised, root
from chainrule.sandbox.guards import Guard, Surroundings, replace_input, watch_all
from chainrule.sandbox.loading import UnreadableSubmission, is_written, line_of, load, plain, read, said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import ModuleType

    from chainrule.homework.exercise import Decision, Exercise, Sheet
    from chainrule.sandbox.loading import Piece, Source

LARGEST_FILE = 200_000_000  # bytes that a student's code may write into one file
NEEDED = ("chainrule.check.backprop", "asyncio")
DRAWING = (
    "chainrule.plot.image_file",
    "chainrule.plot.regions",
    "matplotlib.backends.backend_agg",
    "PIL.PngImagePlugin",
)
MISSING = object()
RIGHT = "right"


@dataclass(frozen=True)
class Job:
    """What is to be done.

    Attributes
    ----------
    file, lab, sheet
        The student's file, the lab's name or path, and the number of the sheet in its homework.
    results, stacks : str
        Where the verdicts go, and where a process that is ended leaves its stack.
    seconds, memory_gb : float
        The limits of a call, and of the process.
    known : dict of str to str
        The functions that are judged already, and their status.
    fatal : list of str
        Those of them that ended the process: nobody calls them again.
    first : dict of str to Verdict's fields
        Functions that ended the process with the student's others around them; they get right ones now.
    skip : list of int
        The pieces of the file that are left out, because they ended the process.
    definitions_only : bool
        Whether all pieces are left out that define nothing.
    picture : str
        Where the picture goes, "" for no training.
    """

    file: str
    lab: str
    sheet: int
    results: str
    stacks: str
    seconds: float
    memory_gb: float
    known: dict[str, str] = field(default_factory=dict)
    fatal: list[str] = field(default_factory=list)
    first: dict[str, dict[str, Any]] = field(default_factory=dict)
    skip: list[int] = field(default_factory=list)
    definitions_only: bool = False
    picture: str = ""


class Notes:
    """What is found, a line of JSON each, written at once: a process that ends keeps what it has found."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._process = os.getpid()
        self._dumps = json.JSONEncoder().encode
        self._open, self._write, self._close = os.open, os.write, os.close
        self._getpid, self._leave = os.getpid, os._exit

    def write(self, what: str, **fields: Any) -> None:
        """Write a line; a process that a student's code forked ends here."""
        if self._getpid() != self._process:
            self._leave(0)
        line = self._dumps({"what": what, **fields}) + "\n"
        file = self._open(self._path, os.O_WRONLY | os.O_APPEND)
        self._write(file, line.encode())
        self._close(file)

    def leave(self) -> None:
        """End the process, whatever a student's code left to be done at its end."""
        self._leave(0)


@dataclass(frozen=True)
class Class:
    """What judging needs: the job, the student's file and module, the solution, and what keeps them apart."""

    job: Job
    sheet: Sheet
    source: Source
    student: ModuleType
    solution: ModuleType
    guard: Guard
    surroundings: Surroundings
    notes: Notes
    theirs: Theirs


def main(path: str) -> None:
    """Do the job in a file."""
    job = Job(**json.loads(Path(path).read_text(encoding="utf-8")))
    notes = Notes(job.results)
    try:
        _work(job, notes)
    except BaseException:  # ours, and whoever reads the results must hear of it
        notes.write("failed", why=traceback.format_exc()[-2000:])
    notes.leave()


def _work(job: Job, notes: Notes) -> None:
    """Read the file, run it, judge its functions, and train with them."""
    homework = labs.load(job.lab).homework
    if homework is None:
        raise ChainruleError(f"The lab {job.lab} has no homework.")
    sheet = homework.sheets[job.sheet]
    solution = _solved(sheet.solution)
    _import_all(plots=bool(job.picture))
    try:
        source = read(Path(job.file))
    except UnreadableSubmission as error:
        notes.write("problem", why=str(error))
        return
    names = [exercise.function for exercise in sheet.exercises]
    notes.write("read", lines={name: line_of(source, name) for name in names})
    guard = Guard(job.seconds, job.stacks)
    replace_input()
    surroundings = Surroundings()
    student = _loaded(job, source, guard, surroundings, notes)
    watch_all(student, tuple(names), guard)
    theirs = Theirs(source.name, str(Path(job.file).resolve().parent))
    here = Class(job, sheet, source, student, solution, guard, surroundings, notes, theirs)
    if _nothing_there(here):
        notes.write("nothing there", told=f"{source.name} has none of the functions that {sheet.file} asks for.")
        return
    statuses = _judge_all(here)
    if job.picture and sheet.train is not None:
        _train(here, sheet.train, statuses)
    guard.end()
    notes.write("done")


def _solved(path: Path) -> ModuleType:
    """Load the solution as a module of its own."""
    spec = importlib.util.spec_from_file_location("chainrule_solution", path)
    if spec is None or spec.loader is None:
        raise ChainruleError(f"The solution {path} cannot be loaded.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _import_all(*, plots: bool) -> None:
    """Import what is needed later on before a student's files can stand in its way."""
    for name in (*NEEDED, *(DRAWING if plots else ())):
        importlib.import_module(name)


def _limit(job: Job) -> None:
    """Limit the memory and the size of files, where the system can."""
    try:
        import resource
    except ImportError:  # Windows
        return
    wanted = {"RLIMIT_AS": int(job.memory_gb * 1e9), "RLIMIT_FSIZE": LARGEST_FILE, "RLIMIT_CORE": 0}
    for name, most in wanted.items():
        kind = getattr(resource, name, None)
        if kind is None:
            continue
        try:
            _, hard = resource.getrlimit(kind)
            resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
        except (ValueError, OSError):  # macOS knows some and sets none
            continue


def _loaded(job: Job, source: Source, guard: Guard, surroundings: Surroundings, notes: Notes) -> ModuleType:
    """Run the file, piece by piece, each under the limit of a call."""
    skip = set(job.skip)
    if job.definitions_only:
        skip |= {number for number, piece in enumerate(source.pieces) if not piece.defines}

    def begin(number: int, piece: Piece) -> None:
        notes.write("piece", number=number, place=piece.place)
        guard.begin(generous=False)

    sys.argv = [job.file]
    with surroundings.kept():
        _limit(job)
        student, remarks = load(source, frozenset(skip), begin)
        guard.begin()
    notes.write("remarks", remarks=remarks)
    return student


def _nothing_there(here: Class) -> bool:
    """Whether the file has none of the functions, as one of another assignment."""
    return all(_find(here.student, exercise.function) is MISSING for exercise in here.sheet.exercises)


# Judging.


def _judge_all(here: Class) -> dict[str, str]:
    """Judge what is not judged yet, in order; return the status of every function."""
    statuses: dict[str, str] = {}
    for exercise in here.sheet.exercises:
        name = exercise.function
        if name not in here.job.known:
            verdict = _judge(here, exercise, statuses)
            here.notes.write("judged", name=name, verdict=asdict(verdict))
            statuses[name] = verdict.status
        else:
            statuses[name] = here.job.known[name]
    return statuses


def _judge(here: Class, exercise: Exercise, statuses: dict[str, str]) -> Verdict:
    """Judge one function: with the student's others around it, and if it is not right, with right ones."""
    todo = _to_do(here, exercise.function)
    if todo is not None:
        return todo
    fatal = tuple(name for name in statuses if name in here.job.fatal)
    others = tuple(name for name, status in statuses.items() if status != RIGHT)
    before = here.job.first.get(exercise.function)
    if before is None:
        here.notes.write("judging", name=exercise.function, again=others != fatal)
        first, used = _with_stand_ins(here, exercise, fatal)
        if first.status == RIGHT or others == fatal:
            return _noted(first, used)
    else:
        first, used = _verdict(before), []
    here.notes.write("judging", name=exercise.function, again=False)
    second, used_then = _with_stand_ins(here, exercise, others)
    if second.status == "crashed" or not used_then or _same(first, second):
        return _noted(first, used)
    return _noted(second, used_then)


def _same(one: Verdict, other: Verdict) -> bool:
    return (one.status, one.mistakes, one.clues) == (other.status, other.mistakes, other.clues)


def _noted(verdict: Verdict, used: Sequence[str]) -> Verdict:
    """Say whose functions stood in."""
    if not used:
        return verdict
    names = " and ".join(f"a right {name}" for name in used)
    return replace(verdict, clues=(*verdict.clues, f"Judged with {names} in the place of yours."))


def _verdict(fields: dict[str, Any]) -> Verdict:
    return Verdict(fields["status"], clues=tuple(fields["clues"]), where=fields["where"])


def _to_do(here: Class, name: str) -> Verdict | None:
    """Return the verdict on a function that nobody has written yet, None on one that is there."""
    found = _find(here.student, name)
    if found is MISSING:
        near = difflib.get_close_matches(name, [one for one in here.source.places if one != name], n=1, cutoff=0.8)
        asked = {exercise.function for exercise in here.sheet.exercises}
        meant = f" Is it {near[0]}?" if near and near[0] not in asked else ""
        return Verdict("to do", clues=(f"There is no {name} in {here.source.name}.{meant}",))
    if not is_written(here.source, found):
        return Verdict("to do", clues=(f"{name} is not written yet.",))
    if isinstance(found, type) or not (callable(found) or isinstance(found, property)):
        clue = f"{name} is {_a(found)}, not a function: is its name given to something else?"
        return Verdict("crashed", clues=(clue,), where=f"Look at what {name} is.")
    return None


def _a(thing: object) -> str:
    if isinstance(thing, type):
        return "a class"
    return "None" if thing is None else f"of type {type(thing).__name__}"


def _find(module: ModuleType, name: str) -> Any:
    """Return a function, or a method as its class has it; MISSING where there is none."""
    first, *rest = name.split(".")
    found: Any = vars(module).get(first, MISSING)
    for one in rest:
        kinds = found.__mro__[:-1] if isinstance(found, type) else ()  # object's own are nobody's work
        found = next((vars(kind)[one] for kind in kinds if one in vars(kind)), MISSING)
    return found.__func__ if isinstance(found, staticmethod | classmethod) else found


def _with_stand_ins(here: Class, exercise: Exercise, names: Sequence[str]) -> tuple[Verdict, list[str]]:
    """Judge with the solution's functions in place of some; return the verdict, and which of them were called."""
    used: list[str] = []
    with here.surroundings.kept(), _standing_in(here, names, used):
        here.guard.begin(here.surroundings)
        try:
            verdict = exercise.judge(here.student, here.solution)
            verdict = _placed(here, _plain(verdict))
        except BaseException as error:  # SystemExit and the like come from a student's code
            verdict = _crash(here, exercise.function, error)
        here.guard.begin()
    return verdict, [name for name in names if name in used]


@contextmanager
def _standing_in(here: Class, names: Sequence[str], used: list[str]) -> Iterator[None]:
    """Put the solution's functions into the student's module for a while."""
    kept: list[tuple[Any, str, Any]] = []
    try:
        for name in names:
            first, *rest = name.split(".")
            owner: Any = here.student if not rest else vars(here.student).get(first, MISSING)
            if rest and not isinstance(owner, type):
                owner, rest = here.student, []
            last = rest[-1] if rest else first
            right = _find(here.solution, name if rest else first)
            if right is MISSING:
                continue
            kept.append((owner, last, vars(owner).get(last, MISSING)))
            _put(owner, last, right if isinstance(right, type | property) else _recorded(here, name, right, used))
        yield
    finally:
        for owner, last, value in reversed(kept):
            _put(owner, last, value)


def _put(owner: Any, name: str, value: Any) -> None:
    with suppress(AttributeError, TypeError):  # a class that cannot be changed keeps its own
        if value is MISSING:
            delattr(owner, name)
        else:
            setattr(owner, name, value)


def _recorded(here: Class, name: str, function: Callable[..., Any], used: list[str]) -> Callable[..., Any]:
    """Return a stand-in that notes that it was called, and that no change of a student's reaches."""

    @wraps(function)  # a sheet whose functions read their module finds that module through it
    def stand_in(*args: Any, **kwargs: Any) -> Any:
        used.append(name)
        if not here.guard.inside:
            return function(*args, **kwargs)
        with here.surroundings.paused():
            return function(*args, **kwargs)

    return stand_in


def _plain(verdict: object) -> Verdict:
    """Return a verdict whose parts JSON can hold, and whose share is one."""
    if not isinstance(verdict, Verdict):
        raise TypeError(f"a judge returned {type(verdict).__name__}")
    share = float(verdict.share)
    mistakes = tuple(
        replace(one, sentence=str(one.sentence), remedy=str(one.remedy), where=str(one.where))
        for one in verdict.mistakes
    )
    clues = tuple(str(clue)[:2000] for clue in verdict.clues)
    share = min(max(share, 0.0), 1.0) if math.isfinite(share) else 0.0
    return replace(verdict, share=share, mistakes=mistakes, clues=clues)


def _placed(here: Class, verdict: Verdict) -> Verdict:
    """Say in which line it was, where a judge says that the code raised."""
    if verdict.status != "crashed" or here.guard.error is None:
        return verdict
    crash = raised(here.guard.error, here.theirs, here.source, here.job.memory_gb)
    if crash is None:
        return verdict
    others = (clue for clue in verdict.clues if not clue.startswith("Your code raised"))
    return replace(verdict, clues=(crash.sentence, *others), where=crash.where)


# What came of calls that raised.


def _crash(here: Class, name: str, error: BaseException) -> Verdict:
    """Return the verdict on a function that raised, or on one that we failed to judge."""
    if isinstance(root(error), MemoryError):
        traceback.clear_frames(error.__traceback__)  # what they hold is what there is too much of
    unwritten = _unwritten(here, root(error))
    if unwritten == name:
        crash = raised(error, here.theirs, here.source, here.job.memory_gb) or Crash("It raised NotImplementedError.")
        return Verdict("to do", clues=(f"{name} is not written yet. {crash.sentence}",), where=crash.where)
    if unwritten:
        where = f"Write {unwritten} first."
        return Verdict("crashed", clues=(f"It needs {unwritten}, which is not written yet.",), where=where)
    crash = (
        raised(error, here.theirs, here.source, here.job.memory_gb)
        or _called(here, name, root(error))
        or _without_line(here, error)
    )
    return Verdict("crashed", clues=(crash.sentence,), where=crash.where)


def _unwritten(here: Class, error: BaseException) -> str:
    """Name the function whose NotImplementedError this is, "" for another error."""
    if not isinstance(error, NotImplementedError):
        return ""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    for frame in reversed(frames):
        if here.theirs.has(frame.f_code.co_filename):
            exercises = (exercise.function for exercise in here.sheet.exercises)
            named = (one for one in exercises if one.split(".")[-1] == frame.f_code.co_name)
            return next(named, frame.f_code.co_name)
    return ""


def _called(here: Class, name: str, error: BaseException) -> Crash | None:
    """Say how a function was called that takes other arguments."""
    calling = here.guard.calling or name
    words = ("argument", "positional", "takes no")
    if not isinstance(error, TypeError) or not any(word in str(error) for word in words):
        return None
    if not here.guard.calling and f"{name.partition('.')[0]}(" not in str(error):
        return None
    own, right = (_signature(module, calling) for module in (here.student, here.solution))
    asked = f"; it is asked for as {right}" if right else ""
    yours = f"Yours is {own}" if own else f"{calling} does not take the arguments it is given"
    line = line_of(here.source, calling)
    where = f"Look at the first line of {calling}{'' if line is None else f', line {line}'}."
    return Crash(f"{yours}{asked}. Python says: {plain(str(error))}.", where)


def _signature(module: ModuleType, name: str) -> str:
    """Write a function's first line without types: ``"update(w, b)"``, "" where nobody knows."""
    found = _find(module, name)
    try:
        parameters = inspect.signature(found).parameters.values()
    except (TypeError, ValueError):
        return ""
    bare = [one.replace(annotation=inspect.Parameter.empty) for one in parameters]
    return f"{name.rpartition('.')[2]}{inspect.Signature(bare)}"


def _without_line(here: Class, error: BaseException) -> Crash:
    """Say an error that came up in none of the student's lines: in what they call, or in our own code."""
    if isinstance(root(error), MemoryError):
        return Crash(f"It asked for more memory than {here.job.memory_gb:g} GB.")
    if here.guard.error is not None and root(error) is here.guard.error:
        return Crash(f"It raised {said(root(error))}")
    returned = f" what it returned ({here.guard.returned})" if here.guard.returned else " it"
    words = str(error) if isinstance(error, ChainruleError) else said(error)
    return Crash(f"chainrule could not judge{returned}: {plain(words)}")


# Training.


def _train(here: Class, train: Callable[[ModuleType], Decision], statuses: dict[str, str]) -> None:
    """Train with the student's functions, draw what came of it, and say how it went."""
    never = [name for name in here.job.fatal if name in statuses]
    if never:
        here.notes.write("training", told=f"No training: {', '.join(never)} ended the Python process.")
        return
    here.notes.write("begin training")
    drawn = False
    with here.surroundings.kept():
        here.guard.begin(here.surroundings, calls=False)
        try:
            decision = train(here.student)
            told = _told(decision)
            here.surroundings.ours()
            _draw(decision, here.job.picture)
            drawn = True
        except BaseException as error:
            told = _untrained(here, error, statuses)
    here.notes.write("training", told=told, picture=here.job.picture if drawn else "")


def _told(decision: Decision) -> str:
    """Say how far the loss came down."""
    losses = [float(loss) for loss in decision.losses]
    steps = f"{len(losses)} steps" if len(losses) > 2 else "A few steps"
    if not losses:
        return "Your functions train a network."
    if not all(map(math.isfinite, losses)):
        first = next(k for k, loss in enumerate(losses) if not math.isfinite(loss))
        return f"{steps} of training with your functions: the loss is no number any more after step {first}."
    went = f"the loss went from {losses[0]:.3g} to {losses[-1]:.3g}"
    return f"{steps} of training with your functions: {went}{', so it did not learn' * (losses[-1] >= losses[0])}."


def _untrained(here: Class, error: BaseException, statuses: dict[str, str]) -> str:
    """Say why there is no training, or no picture of it."""
    left = [name for name, status in statuses.items() if status == "to do"]
    if left:
        return f"No training yet: {', '.join(left)} {'is' if len(left) == 1 else 'are'} not written."
    crash = raised(error, here.theirs, here.source, here.job.memory_gb) or Crash(said(root(error)))
    return f"No picture of a training with your functions: {crash.sentence}"


def _draw(decision: Decision, path: str) -> None:
    """Draw the decision regions."""
    from chainrule.plot.image_file import save
    from chainrule.plot.regions import decision_regions

    X, labels = np.asarray(decision.X), np.ravel(decision.labels)
    classes = np.unique(labels)
    trial = np.asarray(decision.answers(X))
    if trial.ndim == 1 and (len(classes) > 2 or set(classes.tolist()) not in ({0, 1}, {-1, 1})):
        picture = decision_regions(lambda P: np.asarray(decision.answers(P))[:, np.newaxis] == classes, X, labels)
    else:
        picture = decision_regions(decision.answers, X, labels)
    save(picture, path)


if __name__ == "__main__":
    main(sys.argv[1])
