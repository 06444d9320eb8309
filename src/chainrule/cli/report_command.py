"""``chainrule report``: write a folder's report again, under another title, without training."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from chainrule.cli.options import INPUT, OUTPUT, Once, debug_option

if TYPE_CHECKING:
    from pathlib import Path


@click.command(cls=Once)
@click.argument("folder", type=INPUT)
@click.option("--title", help="In place of the lab's own.")
@click.option("--author", help="Below the title: name, number, course.")
@click.option("--lab", metavar="FILE", help="The lab's file, ./mylab.py, where it is one of your own: it is run.")
@click.option("--pdf", is_flag=True, help="Also as PDF, printed by a browser: Chromium, Chrome or Edge.")
@click.option("--zip", "archive", type=OUTPUT, help="Also an archive to hand in, named as the course wants it.")
@debug_option
def report(
    folder: Path, title: str | None, author: str | None, lab: str | None, pdf: bool, archive: Path | None
) -> None:
    """Write FOLDER/report.html from the results.json and the figures that lab run or sweep left there.

    \b
    chainrule report results/xor --title "Lab 1: Back-Propagation" --author "Ada Lovelace, 1815"
    chainrule report results/xor --pdf --zip DL_LAB1_1815_Ada.zip

    The page is one file. The archive holds the report, the pictures and results.json. No code is run that results.json
    names: of a lab of your own, say
    with --lab where it is.
    """  # noqa: D301  # click wants the backspace itself, which keeps these lines as they are
    from chainrule import labs
    from chainrule.files.atomic import check_outputs
    from chainrule.labs.report import write_report
    from chainrule.labs.report.printing import print_pdf, write_archive

    if folder.is_dir():
        page = folder / "report.html"
        check_outputs([page, page.with_suffix(".pdf") if pdf else None, archive], [folder / "results.json"])
    named = None if lab is None else labs.load(lab)
    page = write_report(folder, title=title, author=author, lab=named)
    written = [page, *([print_pdf(page)] if pdf else [])]
    if archive is not None:
        beside = [path for path in (folder / "figures").glob("*.png") if path.is_file()]
        write_archive(archive, folder, [*written, folder / "results.json", *sorted(beside)])
        written.append(archive)
    click.echo("\n".join(f"Written: {path}" for path in written))
