"""``chainrule check``: judge homework, one submission in detail or a folder of them in a table."""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from chainrule.cli.options import INPUT, OUTPUT, Once, debug_option, print_table
from chainrule.errors import InvalidFile, InvalidValue, check_number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chainrule.course.checked import Checked
    from chainrule.course.grading import Submission
    from chainrule.homework.exercise import Homework
    from chainrule.sandbox.process import Limits

CALLS = 18  # that may take all of their seconds before the time for a submission is over

LONGEST = 86_400  # seconds a call: a day
LEAST, MOST = 0.25, 1e6  # GB: with less of them Python and NumPy do not start


@dataclass(frozen=True)
class Wishes:
    """What was asked for on the command line."""

    lab: str | None
    hint: int | None
    as_json: bool
    junit: Path | None
    limits: dict[str, float]
    strict: bool
    resume: bool


@click.command(cls=Once)
@click.argument("path", metavar="FILE|DIR", type=INPUT)
@click.option("--lab", metavar="NAME", help="The lab that it answers, or a lab file, ./mylab.py.  "
              "[default: the one whose functions it defines]")  # fmt: skip
@click.option("--hint", type=click.Choice(["1", "2", "3"]), help="How much to say of a mistake: 1 its place, "
              "2 what is wrong, 3 how it is mended.  [default: all that is known]")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
@click.option("--junit", type=OUTPUT, metavar="FILE", help="Write JUnit XML, for test servers.")
@click.option("--csv", "csv_", type=OUTPUT, metavar="FILE", help="Of a folder: write the points.")
@click.option("--page", type=OUTPUT, metavar="FILE", help="Of a folder: write a page of "
              "statistics.  [default: beside --csv, as .html]")  # fmt: skip
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Of a folder: how many at a time.  "
              "[default: the number of cores]")  # fmt: skip
@click.option("--resume", is_flag=True, help="Of a folder: go on with a check that was broken off; needs --csv or "
              "--page as it had them.")  # fmt: skip
@click.option("--strict", is_flag=True, help="No points for a submission that is flagged: it imports chainrule or what "
              "the lab forbids, or has the solution's own functions.")  # fmt: skip
@click.option("--seconds", type=float, metavar="S", help="How long one call of a function may take.  [default: 10]")
@click.option("--memory", type=float, metavar="GB", help="How much memory a submission may take.  [default: 4]")
@click.option("--picture", type=OUTPUT, metavar="FILE", help="Of one submission: where to draw "
              "what its network learns.  [default: NAME-check.png beside it]")  # fmt: skip
@click.option("--no-picture", is_flag=True, help="Draw none.")
@debug_option
def check(  # noqa: PLR0917  # click hands them over by name
    path: Path,
    lab: str | None,
    hint: str | None,
    as_json: bool,
    junit: Path | None,
    csv_: Path | None,
    page: Path | None,
    jobs: int | None,
    resume: bool,
    strict: bool,
    seconds: float | None,
    memory: float | None,
    picture: Path | None,
    no_picture: bool,
) -> int:
    """Check homework, function by function: what is right, what is wrong, and what comes next.

    \b
    chainrule check xor.py                         my own file, while I write it
    chainrule check xor.py --hint 1                only where to look, to find it myself
    chainrule check hw                             a lab of several files, in one folder
    chainrule check submissions --lab xor --csv grades.csv
                                                   a class: points, a page of frequent mistakes

    FILE is a .py or a notebook (.ipynb). DIR is one student's where its files are named as labs hand them out and
    no folder below holds more: each lab in it is checked, or that of --lab. It is one student's, too, where only one
    file is in it. Any other DIR, and any with --csv or --page, is a class: each file in it is a submission, and so is
    each folder with all that is below it.

    A hint holds for what is printed, for --json and for --junit; points and page of a class tell everything.

    A function that is still to do is no mistake. Each function is judged with right inputs, so that a mistake in
    one does not spoil the next.

    Checking runs the code in these files, in a process of its own that holds neither the judge nor the solutions. On
    Linux it is shut in: no network, nothing to write to, nothing of yours to read. Elsewhere it is not, and can read
    and delete what you can: there, check code that you do not trust in a container.

    Exit code: 0 all right or still to do, 1 something is wrong, 2 nothing was checked, 130 interrupted. After Ctrl-C
    the points of those that were checked are written and printed.
    """  # noqa: D301  # click wants the backspace itself, which keeps these lines as they are
    from chainrule.files.atomic import check_outputs

    if not path.exists():
        raise InvalidFile(f"There is no file or folder {path}.")
    if picture and picture.suffix.lower() != ".png":
        raise InvalidValue(f"--picture must end in .png, got {picture.name}.")
    outputs = (junit, csv_, page or _page_beside(csv_), picture)
    check_outputs(outputs, (*_files_read(path), *([Path(lab)] if lab else [])))
    wishes = Wishes(lab, int(hint) if hint else None, as_json, junit, _limits(seconds, memory), strict, resume)
    _prestart(path, wishes)
    homeworks = _homeworks(lab)
    wishes = replace(wishes, lab=None if lab is None else next(iter(homeworks)))
    alone = _one_students(path, wishes.lab, homeworks, batch=csv_ is not None or page is not None)
    if not alone:
        if picture:
            raise InvalidValue("--picture goes with one submission; a class gets none.")
        return _check_class(path, wishes, homeworks, csv_, page, jobs)
    if csv_ or page or jobs:
        raise InvalidValue("--csv, --page and --jobs go with a folder of submissions.")
    if resume:
        raise InvalidValue("--resume goes with a folder of submissions.")
    if picture and len(alone) > 1:
        raise InvalidValue(f"--picture goes with one lab, {path} has {' and '.join(alone)}: say which with --lab.")
    return _check_alone(path, alone, wishes, homeworks, None if no_picture else picture or _beside(path))


def _files_read(path: Path) -> Sequence[Path]:
    """Return the homework that a path leads to."""
    if not path.is_dir():
        return (path,)
    from chainrule.course.grading import files_below

    return files_below(path)


def _limits(seconds: float | None, memory: float | None) -> dict[str, float]:
    """Return the limits that were given."""
    limits = {}
    if seconds is not None:
        limits["seconds"] = check_number("--seconds", seconds, above=0, at_most=LONGEST)
    if memory is not None:
        limits["memory_gb"] = check_number("--memory", memory, at_least=LEAST, at_most=MOST)
    return limits


def _prestart(path: Path, wishes: Wishes) -> None:
    """Let the process of a file get ready while the labs are loaded."""
    from chainrule.sandbox.process import Limits, prestart

    if path.is_file():
        click.get_current_context().call_on_close(prestart(_bounds(Limits(**wishes.limits))))


def _bounds(limits: Limits) -> Limits:
    """Give a submission more time where its calls may take more."""
    return replace(limits, total=max(limits.total, CALLS * limits.seconds))


def _homeworks(lab: str | None) -> dict[str, Homework]:
    """Return the homework of the lab, or of all labs that have one, by what the lab is called."""
    from chainrule import labs

    chosen = None if lab is None else labs.load(lab)
    if chosen is not None and chosen.homework is not None:
        return {chosen.name: chosen.homework}
    there = {name: homework for name in labs.names() if (homework := labs.load(name).homework) is not None}
    if lab is not None:
        raise InvalidValue(f"The lab {lab} asks for no homework. Those that do: {', '.join(there)}.")
    return there


def _one_students(path: Path, lab: str | None, homeworks: dict[str, Homework], *, batch: bool) -> dict[str, Submission]:
    """Return what one student wrote, by its lab: several where labs share a folder, none where it is a class."""
    from chainrule.course.grading import SUFFIXES, Submission, find_submissions, lab_of, one_students

    if path.is_file():
        if path.suffix.lower() not in SUFFIXES:
            raise InvalidValue(f"Only .py and .ipynb files can be checked, got {path.name}.")
        one = Submission(path.stem, (path,))
        return {lab or lab_of([one], homeworks): one}
    by_lab = {} if batch else one_students(path, {**_homeworks(None), **homeworks})
    if found := {name: files for name, files in by_lab.items() if lab in (None, name)}:
        return {name: Submission(path.resolve().name, files, path) for name, files in found.items()}
    alone = [] if batch else find_submissions(path)
    return {lab or lab_of(alone, homeworks): alone[0]} if len(alone) == 1 else {}


def _beside(path: Path) -> Path:
    """Return where the picture goes: beside the file, or into the folder that is the submission."""
    return path.with_name(f"{path.stem}-check.png") if path.is_file() else path / f"{path.resolve().name}-check.png"


def _check_alone(
    path: Path,
    submissions: dict[str, Submission],
    wishes: Wishes,
    homeworks: dict[str, Homework],
    picture: Path | None,
) -> int:
    """Check one student's work, of one lab or of several that share a folder, and tell all of it."""
    from rich.console import Console

    from chainrule.course.terminal import as_data, junit, tell
    from chainrule.files.atomic import write_whole
    from chainrule.processes.signals import deferred

    stop, several = threading.Event(), len(submissions) > 1
    done: list[Checked] = []
    with deferred(stop.set):
        for lab, one in submissions.items():
            drawn = picture.with_stem(f"{picture.stem}-{lab}") if picture and several else picture
            checked = _judge(one, lab, homeworks[lab], wishes, stop, picture=drawn)
            done.append(_of_its_sheet(checked, one, homeworks[lab]) if path.is_file() else checked)
    if stop.is_set():
        raise KeyboardInterrupt
    if wishes.as_json:
        data = [as_data(checked, wishes.hint) for checked in done]
        _print_json(data if several else data[0])
    for number, checked in enumerate([] if wishes.as_json else done):
        click.echo("\n" * bool(number), nl=False)
        tell(checked, Console(highlight=False, width=None if sys.stdout.isatty() else 200), hint=wishes.hint)
    if wishes.junit is not None:
        write_whole(wishes.junit, junit(done, wishes.hint))
    return int(any(checked.failed for checked in done))


def _of_its_sheet(checked: Checked, submission: Submission, homework: Homework) -> Checked:
    """Leave out the sheets that a file alone does not answer."""
    from chainrule.course.grading import only_sheets
    from chainrule.course.recognition import sheet_of

    return only_sheets(checked, [sheet_of(submission.files[0], homework)], homework)


def _judge(
    submission: Submission,
    lab: str,
    homework: Homework,
    wishes: Wishes,
    stop: threading.Event,
    *,
    alone: bool = True,
    picture: Path | None = None,
) -> Checked:
    """Judge one submission, until ``stop`` is set."""
    from chainrule.course.checking import Limits, check_submission
    from chainrule.course.flags import withheld
    from chainrule.course.grading import check_one

    limits = _bounds(Limits(**wishes.limits))

    def check(one: Submission, sheets: dict[Path, int]) -> Checked:
        return check_submission(
            one.name, list(sheets), lab, sheet_of=sheets, homework=homework, folder=one.folder, alone=alone,
            limits=limits, picture=picture, stop=stop,
        )  # fmt: skip

    checked = check_one(submission, lab, homework, check)
    return withheld(checked) if wishes.strict else checked


def _check_class(
    folder: Path, wishes: Wishes, homeworks: dict[str, Homework], csv_: Path | None, page: Path | None, jobs: int | None
) -> int:
    """Check all submissions of a folder; write and print what came of them."""
    from joblib import cpu_count

    from chainrule.course.flags import with_groups
    from chainrule.course.grading import GradedFolder, check_all, find_submissions, lab_of, packed
    from chainrule.course.journal import Journal, beside
    from chainrule.processes.signals import deferred, exit_code

    journal_at = beside(csv_ or page)
    if wishes.resume and journal_at is None:
        raise InvalidValue("--resume needs --csv or --page: what was found is kept beside them.")
    submissions = find_submissions(folder)
    if names := packed(folder):
        click.echo(f"Left out, for they are packed: {', '.join(names)}.", err=True)
    lab = wishes.lab or lab_of(submissions, homeworks)
    journal = Journal(journal_at, homeworks[lab], (lab, wishes.limits, wishes.strict), resume=wishes.resume)
    batch = check_all(
        submissions,
        lab,
        lambda one, stop: journal.once(one, stop, lambda: _judge(one, lab, homeworks[lab], wishes, stop, alone=False)),
        jobs=jobs or cpu_count(),
    )
    batch = GradedFolder(tuple(with_groups(batch.checked, homeworks[lab])), batch.interrupted)
    with deferred(lambda: None):  # grades are kept, however often one presses Ctrl-C
        if batch.checked:
            _put_class(batch.checked, lab, wishes, csv_, page or _page_beside(csv_))
    if batch.interrupted:
        more = "" if journal_at is None or not batch.checked else " The same command with --resume goes on."
        told = f"Interrupted: {len(batch.checked)} of {len(submissions)} submissions are checked."
        click.echo(f"{told}{more}", err=True)
        return exit_code()
    journal.finish()
    _say_what_is_lacking(batch.checked)
    return int(any(one.failed for one in batch.checked))


def _say_what_is_lacking(checked: Sequence[Checked]) -> None:
    """Say once what this system could not do to shut the submissions in."""
    lacking = {what for one in checked for what in one.lacking}
    could = {
        "files": "read files of yours",
        "user": "act as you",
        "network": "reach the network",
        "processes": "leave processes behind",
        "memory": "take all memory",
    }
    found = [words for what, words in could.items() if what in lacking]
    if found:
        click.echo(f"On this system a submission's code can {', '.join(found)}: see docs/teaching.md.", err=True)


def _page_beside(csv_: Path | None) -> Path | None:
    """Return where the page of a class goes that nobody has named: beside its points, if these go into a file."""
    from chainrule.files.atomic import is_straight, told

    if csv_ is None:
        return None
    with told(csv_):
        return None if is_straight(csv_) else csv_.with_suffix(".html")


def _put_class(checked: Sequence[Checked], lab: str, wishes: Wishes, csv_: Path | None, page: Path | None) -> None:
    """Write what was asked for and print it all; where one file cannot be written, that costs none of the rest."""
    from chainrule.course.class_report import page as page_of
    from chainrule.course.class_report import statistics
    from chainrule.course.grading import write_csv
    from chainrule.course.terminal import junit
    from chainrule.files.atomic import write_whole

    def write_page(path: Path) -> Path:
        title = f"Homework {lab}: what a class got right"
        return write_whole(path, page_of(statistics(checked), title))

    outputs: list[tuple[Path | None, Callable[[Path], Path]]] = [
        (wishes.junit, lambda path: write_whole(path, junit(checked, wishes.hint))),
        (csv_, lambda path: write_csv(checked, path)),
        (page, write_page),
    ]
    written, failed = [], []
    for path, write in outputs:
        try:
            written += [] if path is None else [write(path)]
        except InvalidFile as error:
            failed.append(str(error))
    _print_class(checked, wishes, [path for path in written if path != wishes.junit])
    if failed:
        raise InvalidFile(" ".join(failed))


def _print_class(checked: Sequence[Checked], wishes: Wishes, written: Sequence[Path]) -> None:
    from chainrule.course.class_report import as_data as counts
    from chainrule.course.class_report import as_text, statistics
    from chainrule.course.grading import grade_table
    from chainrule.course.terminal import as_data

    found = statistics(checked)
    if wishes.as_json:
        submissions = [as_data(one, wishes.hint) for one in checked]
        _print_json({"submissions": submissions, "statistics": counts(found, mistakes=wishes.hint != 1)})
        return
    print_table(grade_table(checked, wishes.hint))
    click.echo(f"\n{as_text(found, mistakes=wishes.hint != 1)}")
    if written:
        click.echo(f"\nWritten: {', '.join(map(str, written))}")


def _print_json(data: dict[str, Any] | list[dict[str, Any]]) -> None:
    import json

    click.echo(json.dumps(data, indent=2))
