"""The report: one page that says what was asked, how it was set up, what came out, what the experiments say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from chainrule.errors import InvalidValue, check_path
from chainrule.files.atomic import write_whole
from chainrule.labs.report.discussion import discussion_section
from chainrule.labs.report.outcome import in_short, results_section
from chainrule.labs.report.reproduction import reproduction_section
from chainrule.labs.report.results_folder import read_folder
from chainrule.labs.report.setup import setup_section
from chainrule.language.translation import listed
from chainrule.writers import html
from chainrule.writers.blocks import Block, Heading, Items, Notice, Paragraph, verbatim

if TYPE_CHECKING:
    import os

    from chainrule.labs.lab import Lab
    from chainrule.labs.report.results_folder import Folder
    from chainrule.labs.report_text import ReportText


def write_report(
    folder: str | os.PathLike[str], title: str | None = None, author: str | None = None, *, lab: Lab | None = None
) -> Path:
    """Write FOLDER/report.html from FOLDER/results.json and FOLDER/figures; nothing is trained, no code in it is run.

    Parameters
    ----------
    folder : path
        What ``LabResult.save`` or ``chainrule lab run`` has written.
    title, author : str, optional
        For a course: in place of the lab's own title, and below it.
    lab : Lab, optional
        The lab whose results these are, where it is one of a file: ``labs.load("./mylab.py")``. Results say where that
        file was, but whoever made them may have written anything there, so it is never run for their sake.

    Returns
    -------
    Path
        The page: one file, readable without network and without scripts.

    Raises
    ------
    InvalidFile
        Where there is no results.json, where it is damaged, and where it is of another lab than ``lab``, or of one in
        a file and ``lab`` is missing.

    Examples
    --------
    >>> import tempfile
    >>> from chainrule import labs
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     files = labs.load("moons").run(epochs=3, progress=False).save(folder)
    ...     write_report(folder, title="Lab 1").name
    'report.html'
    """
    check_path(folder, "folder, title, author")
    for name, text in (("title", title), ("author", author)):
        if text is not None and not isinstance(text, str):
            raise InvalidValue(f"{name} must be a text, got {text!r}.")
    found = read_folder(Path(folder), lab)
    lab = found.lab
    heading = title or lab.title
    blocks = report(found, lab.report_text, heading, author)
    return write_whole(found.path / "report.html", html.page(heading, blocks))


def report(folder: Folder, report_text: ReportText, title: str, author: str | None) -> list[Block]:
    """All blocks of the page."""
    byline = [Paragraph(verbatim(author))] if author else []
    return [
        Heading(verbatim(title), 1),
        *byline,
        *in_short(folder, report_text.demand),
        *_introduction(folder, report_text),
        *setup_section(folder, report_text),
        *results_section(folder),
        *discussion_section(folder),
        *reproduction_section(folder),
    ]


def _introduction(folder: Folder, report_text: ReportText) -> list[Block]:
    blocks: list[Block] = [Heading("Introduction"), *(Paragraph(text) for text in report_text.introduction)]
    lab = folder.lab
    if lab.source:
        blocks.append(Paragraph(f"The assignment: {verbatim(lab.source)}."))
    if files := folder.results.get("student"):
        names = listed([verbatim(Path(path).name) for path in files.values()])
        blocks.append(Paragraph(f"Training, numbers and pictures here are computed by the functions of {names}."))
    if folder.results["config"].get("as_printed") and lab.as_printed:
        blocks.append(Notice(f"This run reproduces the text's mistake: {verbatim(lab.as_printed)}"))
    if report_text.caveats:
        blocks += [Paragraph("Where the assignment's text is wrong or dangerous:"), Items(report_text.caveats)]
    return blocks
