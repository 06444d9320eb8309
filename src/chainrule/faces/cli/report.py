"""``chainrule report``: write a folder's report again, under another title, without training."""

from __future__ import annotations

from pathlib import Path

import click

from chainrule.faces.cli.options import debug_option


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--title", help="In place of the lab's own.")
@click.option("--author", help="Below the title: name, number, course.")
@debug_option
def report(folder: Path, title: str | None, author: str | None) -> None:
    """Write FOLDER/report.html from the results.json and the figures that lab run or sweep left there.

    \b
    chainrule report results/xor --title "Lab 1: Back-Propagation" --author "Ada Lovelace, 1815"

    The page is one file. A browser prints it as PDF.
    """  # noqa: D301  # click wants the backspace itself, which keeps these lines as they are
    from chainrule.faces.report import write_report

    click.echo(f"Written: {write_report(folder, title=title, author=author)}")
