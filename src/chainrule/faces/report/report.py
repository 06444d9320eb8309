"""The report: one page that says what was asked, how it was set up, what came out, what the experiments say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from chainrule.errors import InvalidFile
from chainrule.faces import labs
from chainrule.faces.report.again import again_section
from chainrule.faces.report.discussion import discussion_section
from chainrule.faces.report.outcome import in_short, results_section
from chainrule.faces.report.reading import read_folder
from chainrule.faces.report.setup import setup_section
from chainrule.tools.document import html
from chainrule.tools.document.blocks import Block, Heading, Items, Notice, Paragraph, verbatim
from chainrule.tools.whole import whole_file

if TYPE_CHECKING:
    import os

    from chainrule.faces.labs.story import Story
    from chainrule.faces.report.reading import Folder


def write_report(folder: str | os.PathLike[str], title: str | None = None, author: str | None = None) -> Path:
    """Write FOLDER/report.html from FOLDER/results.json and FOLDER/figures; nothing is trained.

    Parameters
    ----------
    folder : path
        What ``LabResult.save`` or ``chainrule lab run`` has written.
    title, author : str, optional
        For a course: in place of the lab's own title, and below it.

    Returns
    -------
    Path
        The page: one file, readable without network and without scripts.

    Raises
    ------
    InvalidFile
        Where there is no results.json, or it is damaged.
    """
    found = read_folder(Path(folder))
    lab = labs.of_results(found.results["lab"], found.results.get("lab_file"))
    found = replace(found, parts=lab.parts)
    heading = title or lab.title
    blocks = report(found, lab.story, heading, author)
    path = found.path / "report.html"
    try:
        with whole_file(path) as draft:
            draft.write_text(html.page(heading, blocks), encoding="utf-8")
    except OSError as error:
        raise InvalidFile(f"Cannot write {path}: {error.strerror or error}.") from error
    return path


def report(folder: Folder, story: Story, title: str, author: str | None) -> list[Block]:
    """All blocks of the page."""
    byline = [Paragraph(verbatim(author))] if author else []
    return [
        Heading(verbatim(title), 1),
        *byline,
        *in_short(folder, story.demand),
        *_introduction(folder, story),
        *setup_section(folder, story),
        *results_section(folder),
        *discussion_section(folder),
        *again_section(folder),
    ]


def _introduction(folder: Folder, story: Story) -> list[Block]:
    blocks: list[Block] = [Heading("Introduction"), *(Paragraph(text) for text in story.introduction)]
    lab = labs.of_results(folder.results["lab"], folder.results.get("lab_file"))
    if lab.source:
        blocks.append(Paragraph(f"The assignment: {verbatim(lab.source)}."))
    if folder.results["config"].get("as_printed") and lab.as_printed:
        blocks.append(Notice(f"This run reproduces the text's mistake: {verbatim(lab.as_printed)}"))
    if story.caveats:
        blocks += [Paragraph("Where the assignment's text is wrong or dangerous:"), Items(story.caveats)]
    return blocks
