"""``chainrule sweep``: every combination of settings on a table of your own, and the report of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from chainrule.cli.options import DASK, OUTPUT, SEED, SEEDS, Once, dask_client, debug_option, print_table
from chainrule.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterable


@click.command(cls=Once)
@click.option("--data", required=True, help="A table of numbers (.csv, .npz, .npy, .mat, .parquet), or a built-in set.")
@click.option("--target", help="Name or index of the target's column in a table.  [default: the last]")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="SETTING=A;B",
    help="Values to compare, between semicolons; a single one holds for all. --list shows the settings.",
)
@click.option("--seeds", type=SEEDS, default=5, show_default=True, help="Starts of each combination.")
@click.option("--seed", type=SEED, default=0, show_default=True, help="The first of the seeds.")
@click.option("--task", "kind", type=click.Choice(["auto", "classification", "regression"]), default="auto",
              show_default=True, help="What the target is: a class, or a number.")  # fmt: skip
@click.option("--n", type=int, help="Points of a built-in set.  [default: 500]")
@click.option("--out", type=OUTPUT, help="Folder for what it writes.  [default: results/sweep]")
@DASK
@click.option("--title", help="Of the report.")
@click.option("--author", help="Of the report.")
@click.option("--list", "list_settings", is_flag=True, is_eager=True, expose_value=False, help="List the settings.",
              callback=lambda context, _, value: _list_settings(context) if value else None)  # fmt: skip
@debug_option
@click.pass_context
def sweep(
    context: click.Context,
    data: str,
    target: str | None,
    settings: tuple[str, ...],
    seeds: int,
    seed: int,
    kind: str,
    n: int | None,
    out: Path | None,
    dask: str | None,
    title: str | None,
    author: str | None,
) -> None:
    """Train every combination of settings on a table from several starts, and write a report.

    \b
    chainrule sweep --data my.csv --target y --set hidden="10;70,70" --set learning_rate="0.01;0.3;10"
    chainrule sweep --data my.csv --set l2="0;0.01;0.1" --dask tcp://head:8786
    chainrule sweep --data moons --set activation="relu;tanh;sigmoid" --set epochs=100 --seeds 10
    """  # noqa: D301  # click wants the backspace itself, which keeps these lines as they are
    from chainrule.labs.conclusions import sentences
    from chainrule.labs.folder import REPORT, results_folder
    from chainrule.labs.report import write_report
    from chainrule.labs.sweep import SWEEP, notes, read_source, run_sweep
    from chainrule.processes.signals import exit_code

    vary, fixed = split_settings(settings)
    source = read_source(data, target, kind, n=500 if n is None else n, seed=seed)
    if n is not None and source.n is None:
        raise InvalidValue("--n counts the points of a built-in set; a file has the rows it has. Leave it out.")
    for note in notes(source, vary):
        click.echo(note)
    folder = out or Path("results") / SWEEP.name
    with results_folder(folder, SWEEP.name) as draft:
        with dask_client(dask) as client:
            result = run_sweep(source, vary, fixed, seeds=seeds, seed=seed, client=client)
        result.write(draft)
        write_report(draft, title=title, author=author)
    for sentence in sentences(result.experiments[0].to_dict()):
        click.echo(sentence)
    click.echo(f"Read {folder / REPORT}")
    context.exit(exit_code() if result.interrupted else 0)


def split_settings(settings: Iterable[str]) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Part settings into those of several values, to vary, and those of one.

    >>> split_settings(["hidden=10;70,70", "epochs=50"])
    ({'hidden': ['10', '70,70']}, {'epochs': '50'})
    """
    vary: dict[str, list[str]] = {}
    fixed: dict[str, str] = {}
    for text in settings:
        name, equals, values = text.partition("=")
        parts = [value.strip() for value in values.split(";")]
        if not equals or not name.strip() or not all(parts):
            raise InvalidValue(f'--set takes SETTING=A;B, as in --set learning_rate="0.01;0.1", got {text!r}.')
        if name.strip() in {*vary, *fixed}:
            raise InvalidValue(f"--set names {name.strip()} twice: give all its values at once, between semicolons.")
        if len(parts) > 1:
            vary[name.strip()] = parts
        else:
            fixed[name.strip()] = parts[0]
    if not vary:
        raise InvalidValue('Nothing to compare: give a setting several values, --set learning_rate="0.01;0.1" for one.')
    return vary, fixed


def _list_settings(context: click.Context) -> None:
    from rich.table import Table

    from chainrule.labs.sweep import SETTINGS

    table = Table("setting", "default", "what it is", box=None, pad_edge=False)
    for setting in SETTINGS:
        table.add_row(setting.name, setting.default_text, setting.help)
    print_table(table)
    context.exit()
