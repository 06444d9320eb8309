"""``chainrule check``: judge homework, one submission in detail or a folder of them in a table."""

from __future__ import annotations

import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from chainrule.cli.check_class import check_class, page_beside
from chainrule.cli.judging import Wishes, bounds, judge, print_json
from chainrule.cli.options import DASK, INPUT, OUTPUT, Once, debug_option
from chainrule.errors import InvalidFile, InvalidValue, check_number
from chainrule.language.translation import as_toml, read_catalogue, speaking

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chainrule.course.checked import Checked
    from chainrule.course.grading import Submission
    from chainrule.course.rules import Rules
    from chainrule.homework.exercise import Homework
    from chainrule.language.translation import Catalogue

LONGEST = 86_400  # seconds a call: a day
OF_RULES = ("strict", "min_points", "allow_todo", "late_penalty", "hint", "language")
MOST_NAMED = 3  # sentences that a catalogue lacks
LEAST, MOST = 0.25, 1e6  # GB: with less of them Python and NumPy do not start


def print_messages(context: click.Context, _: click.Parameter, language: str | None) -> None:
    """Print a catalogue, and that is all."""
    if language is not None:
        click.echo(as_toml(read_catalogue(language)))
        context.exit()


OF_A_CLASS = ("csv", "page", "gradebook", "feedback")
OPTIONS: tuple[Callable[..., Any], ...] = (
    click.argument("path", metavar="FILE|DIR", type=INPUT),
    click.option("--lab", metavar="NAME", help="The lab that it answers, or a lab file, ./mylab.py.  "
                 "[default: the one whose functions it defines]"),
    click.option("--hint", type=click.Choice(["0", "1", "2", "3"]), help="How much to say of a mistake: 0 points "
                 "alone, 1 its place, 2 what is wrong, 3 how it is mended.  [default: all that is known]"),
    click.option("--language", metavar="NAME|FILE", help="In which language to say it: en, de, or a catalogue of your "
                 "own, x.toml.  [default: en]"),
    click.option("--messages", metavar="NAME|FILE", is_eager=True, expose_value=False, callback=print_messages,
                 help="Print all sentences as a language says them, a catalogue to be worded otherwise, and exit."),
    click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else."),
    click.option("--junit", type=OUTPUT, metavar="FILE", help="Write JUnit XML, for test servers."),
    click.option("--gradescope", type=OUTPUT, metavar="FILE", help="Of one submission: write "
                 "Gradescope's results.json."),
    click.option("--csv", "csv_", type=OUTPUT, metavar="FILE", help="Of a folder: write the points."),
    click.option("--page", type=OUTPUT, metavar="FILE", help="Of a folder: write a page of "
                 "statistics.  [default: beside --csv, as .html]"),
    click.option("--anonymous", is_flag=True, help="Of a folder: no names on the page."),
    click.option("--feedback", type=OUTPUT, metavar="DIR", help="Write a page and a Markdown file for each student."),
    click.option("--gradebook", type=INPUT, metavar="FILE", help="Of a folder: fill in Moodle's grading worksheet or "
                 "Canvas's gradebook, as FILE-graded.csv."),
    click.option("--rules", type=INPUT, metavar="FILE", help="A course's rules, in TOML."),
    click.option("--min-points", type=float, metavar="N", help="Exit with 1 where there are fewer points."),
    click.option("--allow-todo", is_flag=True, default=None, help="Exit with 0 though something is still to do."),
    click.option("--late-penalty", type=float, metavar="PERCENT", help="What a platform calls late loses this share."),
    click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Of a folder: how many at a time.  "
                 "[default: the number of cores]"),
    DASK,
    click.option("--resume", is_flag=True, help="Of a folder: go on with a check that was broken off; needs --csv or "
                 "--page as it had them."),
    click.option("--strict", is_flag=True, default=None, help="No points for a submission that is flagged: it imports "
                 "chainrule or what the lab forbids, or has the solution's own functions."),
    click.option("--seconds", type=float, metavar="S", help="How long one call of a function may take.  [default: 10]"),
    click.option("--memory", type=float, metavar="GB", help="How much memory a submission may take.  [default: 4]"),
    click.option("--picture", type=OUTPUT, metavar="FILE", help="Of one submission: where to draw "
                 "what its network learns.  [default: NAME-check.png beside it]"),
    click.option("--no-picture", is_flag=True, help="Draw none."),
)  # fmt: skip


def with_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command its options, in their order."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


@click.command(cls=Once)
@with_options
@debug_option
def check(path: Path, picture: Path | None, no_picture: bool, jobs: int | None, **given: Any) -> int:
    """Check homework, function by function: what is right, what is wrong, and what comes next.

    \b
    chainrule check xor.py                         my own file, while I write it
    chainrule check xor.py --hint 1                only where to look, to find it myself
    chainrule check hw                             a lab of several files, in one folder
    chainrule check submissions --lab xor --csv grades.csv
                                                   a class: points, a page of frequent mistakes
    chainrule check moodle.zip --lab xor --gradebook worksheet.csv --feedback feedback
                                                   a class from Moodle or Canvas, and its grades and feedback back

    FILE is a .py or a notebook (.ipynb), or the .zip of a class that a learning platform hands out. DIR is one
    student's where its files are named as labs hand them out and no folder below holds more: each lab in it is checked,
    or that of --lab. It is one student's, too, where only one file is in it. Any other DIR, and any with --csv, --page
    or --gradebook, is a class: each file in it is a submission, and so is each folder with all that is below it.

    A hint holds for what is printed, for --json, --junit, --feedback and --gradescope; points and page of a class tell
    everything. --rules names a TOML file of the course, with any of points (a table, function by function), strict,
    hint, late_penalty, min_points, allow_todo, language; beside a lab file, mylab.toml is read without it. An option
    given here holds before the file.

    A function that is still to do is no mistake, and no points. Each function is judged with right inputs, so that a
    mistake in one does not spoil the next.

    Checking runs the code in these files, in a process of its own that holds neither the judge nor the solutions. On
    Linux it is shut in: no network, nothing to write to, nothing of yours to read. Elsewhere it is not, and can read
    and delete what you can: there, check code that you do not trust in a container.

    Exit code: 0 all right, 1 something is wrong, still to do (but for --allow-todo) or worth less than --min-points,
    2 nothing was checked, 130 interrupted. After Ctrl-C
    the points of those that were checked are written and printed.
    """  # noqa: D301  # click wants the backspace itself, which keeps these lines as they are
    from chainrule.course.feedback import told_to_gradescope

    with told_to_gradescope(given["gradescope"]):
        if not path.exists():
            raise InvalidFile(f"There is no file or folder {path}.")
    if path.is_file() and path.suffix.lower() == ".zip":
        from chainrule.course.archive import unpacked

        with unpacked(path) as folder:
            return _check(folder, jobs, given, picture=picture, batch=True)
    return _check(path, jobs, given, picture=picture, draw=not no_picture)


def _check(
    path: Path, jobs: int | None, given: dict[str, Any], *, picture: Path | None, draw: bool = True, batch: bool = False
) -> int:
    """Check what is there, in the language of the course; ``batch`` says that it is a class however few there are."""
    wishes = _wishes(given)
    with speaking(_catalogue(wishes.rules.language)):
        return _check_all(path, wishes, jobs, picture=picture, draw=draw, batch=batch)


def _catalogue(language: str) -> Catalogue:
    """Read the sentences of a language, and name those that it lacks."""
    catalogue = read_catalogue(language)
    if catalogue.missing:
        first = ", ".join(f'"{one}"' for one in catalogue.missing[:MOST_NAMED])
        click.echo(
            f"Note: {language} lacks {len(catalogue.missing)} sentences, which are said in English: {first}"
            f"{', …' * (len(catalogue.missing) > MOST_NAMED)}. chainrule check --messages {language} marks all of "
            'them; extends = "en" in it says that this is meant.',
            err=True,
        )
    return catalogue


def _check_all(path: Path, wishes: Wishes, jobs: int | None, *, picture: Path | None, draw: bool, batch: bool) -> int:
    """Check what is there."""
    from chainrule.course.feedback import told_to_gradescope
    from chainrule.files.atomic import check_outputs

    if picture and picture.suffix.lower() != ".png":
        raise InvalidValue(f"--picture must end in .png, got {picture.name}.")
    lab = wishes.lab
    files = [file for name, file in wishes.outputs.items() if name not in ("feedback", "gradebook", "page")]
    check_outputs((*files, page_beside(wishes), picture), (*_files_read(path), *([Path(lab)] if lab else [])))
    _prestart(path, wishes)
    homeworks = {name: wishes.rules.priced(one) if lab else one for name, one in _homeworks(lab).items()}
    wishes = replace(wishes, lab=None if lab is None else next(iter(homeworks)), lab_asked=lab)
    asked = [f"--{name}" for name in OF_A_CLASS if name in wishes.outputs and name != "feedback"]
    with told_to_gradescope(wishes.outputs.get("gradescope")):
        alone = _one_students(path, wishes.lab, homeworks, batch=batch or bool(asked))
    if not alone:
        if picture or "gradescope" in wishes.outputs:
            raise InvalidValue("--picture and --gradescope go with one submission, not with a class.")
        return check_class(path, wishes, homeworks, jobs)
    if asked or jobs or wishes.resume or wishes.anonymous or wishes.dask:
        raise InvalidValue(
            "--csv, --page, --anonymous, --gradebook, --jobs, --dask and --resume go with a folder of submissions."
        )
    if len(alone) > 1 and (picture or "gradescope" in wishes.outputs):
        raise InvalidValue(
            f"--picture and --gradescope go with one lab, {path} has {' and '.join(alone)}: say which with --lab."
        )
    return _check_alone(path, alone, wishes, homeworks, (picture or _beside(path)) if draw else None)


def _wishes(given: dict[str, Any]) -> Wishes:
    """Put together what was asked for, on the command line and in the course's rules."""
    outputs = {
        name.rstrip("_"): given[name] for name in ("junit", "gradescope", "csv_", "page", "feedback", "gradebook")
    }
    return Wishes(
        given["lab"], _rules(given), given["as_json"], _limits(given["seconds"], given["memory"]), given["resume"],
        given["anonymous"], given["dask"], outputs={name: path for name, path in outputs.items() if path is not None},
    )  # fmt: skip


def _rules(given: dict[str, Any]) -> Rules:
    """Read the rules of the course, from the file named or that of a lab file; options come before them."""
    from chainrule.course.rules import Rules, read_rules

    beside = Path(given["lab"] or "").with_suffix(".toml") if str(given["lab"]).endswith(".py") else None
    path = given["rules"] or (beside if beside is not None and beside.is_file() else None)
    said = dict(read_rules(path)) if path is not None else {}
    options = {name: given[name] for name in OF_RULES}
    said |= {name: value for name, value in options.items() if value is not None}
    if "hint" in said:
        said["hint"] = int(said["hint"])
    if "points" in said and given["lab"] is None:
        raise InvalidValue(f"{path} says what functions are worth: say with --lab which lab is meant.")
    return Rules(**said)


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
        click.get_current_context().call_on_close(prestart(bounds(Limits(**wishes.limits))))


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

    from chainrule.course.lms import late_on_gradescope
    from chainrule.course.terminal import as_data, tell
    from chainrule.processes.signals import deferred

    stop, several = threading.Event(), len(submissions) > 1
    done: list[Checked] = []
    results = wishes.outputs.get("gradescope")
    late = results is not None and late_on_gradescope(results)
    with deferred(stop.set):
        for lab, one in submissions.items():
            drawn = picture.with_stem(f"{picture.stem}-{lab}") if picture and several else picture
            checked = judge(replace(one, late=late), lab, homeworks[lab], wishes, stop, picture=drawn)
            done.append(_of_its_sheet(checked, one, homeworks[lab]) if path.is_file() else checked)
    if stop.is_set():
        raise KeyboardInterrupt
    if wishes.as_json:
        data = [as_data(checked, wishes.hint) for checked in done]
        print_json(data if several else data[0])
    for number, checked in enumerate([] if wishes.as_json else done):
        click.echo("\n" * bool(number), nl=False)
        tell(checked, Console(highlight=False, width=None if sys.stdout.isatty() else 200), hint=wishes.hint)
    _write_alone(done, wishes)
    return int(any(wishes.rules.failed(checked) for checked in done))


def _of_its_sheet(checked: Checked, submission: Submission, homework: Homework) -> Checked:
    """Leave out the sheets that a file alone does not answer."""
    from chainrule.course.grading import only_sheets
    from chainrule.course.recognition import sheet_of

    return only_sheets(checked, [sheet_of(submission.files[0], homework)], homework)


def _write_alone(done: Sequence[Checked], wishes: Wishes) -> None:
    """Write what was asked for of one student's work."""
    from chainrule.course.feedback import write_feedback, write_gradescope
    from chainrule.course.terminal import junit
    from chainrule.files.atomic import write_whole

    if (path := wishes.outputs.get("junit")) is not None:
        write_whole(path, junit(done, wishes.hint))
    if (path := wishes.outputs.get("gradescope")) is not None:
        write_gradescope(done[0], path, wishes.hint)
    if (path := wishes.outputs.get("feedback")) is not None:
        write_feedback(done, path, wishes.hint)
