"""``chainrule check DIR``: a class, its points, its pages, and what goes back to a learning platform."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from chainrule.cli.judging import judge, judge_there, print_json
from chainrule.cli.options import dask_client, print_table
from chainrule.errors import InvalidFile, InvalidValue

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from chainrule.cli.judging import Wishes
    from chainrule.course.checked import Checked
    from chainrule.course.class_journal import ClassJournal
    from chainrule.course.grading import Submission
    from chainrule.homework.exercise import Homework


def check_class(folder: Path, wishes: Wishes, homeworks: dict[str, Homework], jobs: int | None) -> int:
    """Check all submissions of a folder; write and print what came of them."""
    from chainrule.course.grading import find_submissions, lab_of, packed
    from chainrule.processes.signals import deferred, exit_code

    submissions = _marked_late(find_submissions(folder), wishes.outputs.get("gradebook"))
    if names := packed(folder):
        click.echo(f"Left out, for they are packed: {', '.join(names)}.", err=True)
    lab = wishes.lab or lab_of(submissions, homeworks)
    journal = _journal(lab, homeworks[lab], wishes)
    checked, interrupted = _judged(submissions, lab, homeworks[lab], wishes, journal, jobs)
    with deferred(lambda: None):  # grades are kept, however often one presses Ctrl-C
        if checked:
            _put_class(checked, lab, homeworks[lab], wishes)
    if interrupted:
        more = " The same command with --resume goes on." if journal.kept and checked else ""
        click.echo(f"Interrupted: {len(checked)} of {len(submissions)} submissions are checked.{more}", err=True)
        return exit_code()
    journal.finish()
    _say_what_is_lacking(checked)
    return int(any(wishes.rules.failed(one) for one in checked))


def _marked_late(submissions: list[Submission], sheet: Path | None) -> list[Submission]:
    """Mark what the platform's sheet calls late: Moodle's names do not tell."""
    from chainrule.course.gradebook import late_in

    late = late_in(sheet) if sheet is not None else set()
    return [replace(one, late=one.late or (one.number in late and bool(one.number))) for one in submissions]


def _journal(lab: str, homework: Homework, wishes: Wishes) -> ClassJournal:
    """Begin, or go on with, what is noted of each submission as it comes."""
    from chainrule.course.class_journal import ClassJournal, beside
    from chainrule.language.translation import spoken

    path = beside(wishes.outputs.get("csv") or wishes.outputs.get("page"))
    if wishes.resume and path is None:
        raise InvalidValue("--resume needs --csv or --page: what was found is kept beside them.")
    return ClassJournal(path, homework, (lab, wishes.limits, wishes.rules, spoken()), resume=wishes.resume)


def _judged(
    submissions: Sequence[Submission],
    lab: str,
    homework: Homework,
    wishes: Wishes,
    journal: ClassJournal,
    jobs: int | None,
) -> tuple[list[Checked], bool]:
    """Judge all, as many at a time as asked; also whether it was broken off."""
    from joblib import cpu_count

    from chainrule.course.grading import check_all

    with dask_client(wishes.dask) as client:
        if client is None:
            at_once = cpu_count()
        else:
            from chainrule.scale.cluster import n_threads

            at_once = 2 * n_threads(client)  # so that none waits for the way there and back
            submissions = [_absolute(one) for one in submissions]

        def job(one: Submission, stop: threading.Event) -> Checked:
            if client is None:
                return judge(one, lab, homework, wishes, stop, alone=False)
            return _remotely(client, one, lab, wishes, stop)

        once = journal.once
        batch = check_all(
            submissions, lab, lambda one, stop: once(one, stop, lambda: job(one, stop)), jobs=jobs or at_once
        )
    return list(batch.checked), batch.interrupted


def _absolute(one: Submission) -> Submission:
    """Name the files so that another process finds them."""
    folder = None if one.folder is None else one.folder.absolute()
    return replace(one, files=tuple(path.absolute() for path in one.files), folder=folder)


def _remotely(client: Any, one: Submission, lab: str, wishes: Wishes, stop: threading.Event) -> Checked:
    """Judge a submission on a cluster; where a worker is lost another begins it anew."""
    from pathlib import Path

    from chainrule.course.checked import Checked
    from chainrule.language.translation import spoken
    from chainrule.scale.remote_jobs import call

    asked = wishes.lab_asked or lab
    place = str(Path(asked).absolute()) if asked.endswith(".py") else asked
    found = call(client, stop, judge_there, one, place, wishes, spoken())
    return found if found is not None else Checked(one.name, lab, ())  # stopped: nobody looks at it


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


def page_beside(wishes: Wishes) -> Path | None:
    """Return where the page of a class goes: where it was asked to, else beside its points, if these go into a file."""
    from chainrule.files.atomic import is_straight, told

    csv_ = wishes.outputs.get("csv")
    if "page" in wishes.outputs or csv_ is None:
        return wishes.outputs.get("page")
    with told(csv_):
        return None if is_straight(csv_) else csv_.with_suffix(".html")


def _put_class(checked: Sequence[Checked], lab: str, homework: Homework, wishes: Wishes) -> None:
    """Write what was asked for and print it all; where one file cannot be written, that costs none of the rest."""
    from chainrule.course.flags import with_groups

    flagged = with_groups(checked, homework)
    written, failed = [], []
    for name, write in _writers(flagged, checked, lab, homework, wishes).items():
        path = page_beside(wishes) if name == "page" else wishes.outputs.get(name)
        try:
            written += [] if path is None else [write(path)]
        except InvalidFile as error:
            failed.append(str(error))
    _print_class(flagged, wishes, [path for path in written if path != wishes.outputs.get("junit")])
    if failed:
        raise InvalidFile(" ".join(failed))


def _writers(
    flagged: Sequence[Checked], checked: Sequence[Checked], lab: str, homework: Homework, wishes: Wishes
) -> dict[str, Callable[[Path], Path]]:
    """What writes each file that may be asked for; ``checked`` are those without the flags that name others."""
    from chainrule.course.class_report import anonymous, statistics
    from chainrule.course.class_report import page as page_of
    from chainrule.course.feedback import write_feedback
    from chainrule.course.flags import with_groups
    from chainrule.course.grading import write_csv
    from chainrule.course.terminal import junit
    from chainrule.files.atomic import write_whole
    from chainrule.language.translation import say

    def write_page(path: Path) -> Path:
        shown = with_groups(anonymous(checked), homework) if wishes.anonymous else flagged
        return write_whole(path, page_of(statistics(shown), say("Homework {lab}: what a class got right", lab=lab)))

    def write_all_feedback(folder: Path) -> Path:
        write_feedback(checked, folder, wishes.hint)
        return folder

    return {
        "junit": lambda path: write_whole(path, junit(flagged, wishes.hint)),
        "csv": lambda path: write_csv(flagged, path),
        "page": write_page,
        "feedback": write_all_feedback,
        "gradebook": lambda sheet: _fill_gradebook(sheet, flagged, lab),
    }


def _fill_gradebook(sheet: Path, checked: Sequence[Checked], lab: str) -> Path:
    """Fill in the platform's sheet, and say who is not in it."""
    from chainrule.course.gradebook import write_gradebook

    path, filled = write_gradebook(sheet, checked, lab)
    click.echo(f"{filled.entered} grades entered in {path}.", err=True)
    lists = {
        f"Not in {sheet}": filled.strangers,
        "Could not be judged, and got no grade": filled.unjudged,
        f"In {sheet} without a submission": filled.silent,
    }
    for words, names in lists.items():
        if names:
            click.echo(f"{words}: {', '.join(names)}.", err=True)
    return path


def _print_class(checked: Sequence[Checked], wishes: Wishes, written: Sequence[Path]) -> None:
    from chainrule.course.class_report import as_data as counts
    from chainrule.course.class_report import as_text, statistics
    from chainrule.course.grading import grade_table
    from chainrule.course.terminal import as_data

    found = statistics(checked)
    if wishes.as_json:
        submissions = [as_data(one, wishes.hint) for one in checked]
        print_json({"submissions": submissions, "statistics": counts(found, mistakes=wishes.hint != 1)})
        return
    print_table(grade_table(checked, wishes.hint))
    click.echo(f"\n{as_text(found, mistakes=wishes.hint != 1)}")
    if written:
        click.echo(f"\nWritten: {', '.join(map(str, written))}")
