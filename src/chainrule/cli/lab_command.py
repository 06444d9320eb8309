"""``chainrule lab``: list the assignments, show their settings, run one, hand out its homework."""

from __future__ import annotations

import shlex
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from chainrule.cli.options import INPUT, OUTPUT, SEED, SEEDS, Once, debug_option, print_table
from chainrule.errors import ChainruleError, InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chainrule.labs import Lab, LabResult, SeedsResult
    from chainrule.labs.student import Student
    from chainrule.network.engine_choice import Engine


@click.group(no_args_is_help=True)
@debug_option
def lab() -> None:
    """Run the assignments, or hand out their homework. A lab is a name of lab list, or a file of your own: ./my.py."""


@lab.command("list", cls=Once)
@debug_option
def list_labs() -> None:
    """List the labs."""
    from rich.table import Table

    from chainrule.labs import LABS

    table = Table("lab", "what it is", "from", box=None, pad_edge=False)
    for name, found in LABS.items():
        table.add_row(name, found.title, found.source)
    print_table(table)
    click.echo("\nS0 to S4 number the five university assignments that the labs come from: see docs/labs.md.")
    click.echo("Run one: chainrule lab run NAME. Its settings: chainrule lab show NAME.")
    click.echo("Write one yourself: chainrule lab start NAME. Run a lab of your own: chainrule lab run ./mylab.py.")


@lab.command("show", cls=Once)
@click.argument("name")
@debug_option
def show_lab(name: str) -> None:
    """Show the settings of lab NAME, or of the lab in a file."""
    from rich.table import Table

    from chainrule import labs

    found = labs.load(name)
    click.echo(f"{found.name}: {found.title}\nfrom {found.source}\n")
    table = Table("setting", "default", "what it is", box=None, pad_edge=False)
    for setting in found.settings:
        table.add_row(setting.name, setting.default_text, setting.help)
    print_table(table)
    click.echo(f"\nChange one: chainrule lab run {name} --set SETTING=VALUE.")
    if found.as_printed:
        click.echo(f"--as-printed: {found.as_printed}")
    if found.homework:
        files = ", ".join(sheet.file for sheet in found.homework.sheets)
        click.echo(f"Write it yourself ({files}): chainrule lab start {name}")


@lab.command("run", cls=Once)
@click.argument("name")
@click.option("--out", type=OUTPUT, help="Folder for what it writes.  [default: results/NAME]")
@click.option("--seed", type=SEED, default=0, show_default=True, help="Seed of data, weights and batches.")
@click.option("--seeds", type=SEEDS, help="Run this many seeds, from --seed up, on all cores: shares, medians, ranges.")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="SETTING=VALUE",
    help="Change a setting; lab show NAME lists them.",
)
@click.option(
    "--data",
    type=INPUT,
    multiple=True,
    help="Points of your own: .csv, .npz, .npy, .mat, .parquet; one .mat a class may be given several times.",
)
@click.option("--no-sweep", is_flag=True, help="Leave out the experiments, the settings varied over several seeds.")
@click.option(
    "--engine",
    type=click.Choice(["auto", "textbook", "compiled"]),
    default="auto",
    show_default=True,
    help="Who computes: NumPy as one reads it, or compiled kernels; auto takes these for long trainings.",
)
@click.option(
    "--with",
    "own_files",
    type=INPUT,
    multiple=True,
    help="Your own functions, a file of lab start NAME or their folder: they compute everything, in a sandbox.",
)
@click.option("--animate", is_flag=True, help="Write an animation of each training (.gif) beside the pictures.")
@click.option("--as-printed", is_flag=True, help="Reproduce the text with its mistake, and say what is wrong with it.")
@debug_option
@click.pass_context
def run_lab(
    context: click.Context,
    name: str,
    out: Path | None,
    seed: int,
    seeds: int | None,
    settings: tuple[str, ...],
    data: tuple[Path, ...],
    no_sweep: bool,
    own_files: tuple[Path, ...],
    animate: bool,
    as_printed: bool,
    engine: Engine,
) -> None:
    """Run lab NAME and its experiments: train, print, draw, and write a report, results.json, figures/, networks.

    NAME may be the path of a lab's file: ./mylab.py.
    """
    from chainrule import labs
    from chainrule.labs.folder import REPORT, results_folder
    from chainrule.labs.lab_file import told
    from chainrule.labs.report import write_report
    from chainrule.processes.signals import exit_code

    found = labs.load(name)
    turned: dict[str, Any] = _split_settings(settings)
    own = None if not data else data[0] if len(data) == 1 else data
    folder = out or Path("results") / found.name
    arguments: dict[str, Any] = {"data": own, "as_printed": as_printed, "engine": engine}
    if own_files and (seeds is not None or as_printed or engine != "auto"):
        raise InvalidValue("Cannot use --with together with --seeds, --as-printed or --engine: your functions compute.")
    if animate and seeds is not None:
        raise InvalidValue("Cannot use --animate together with --seeds: an animation is of one training. Take --seed.")
    with told(found), _student(found, own_files) as student, results_folder(folder, found.name) as draft:
        result: LabResult | SeedsResult
        if seeds is None:
            arguments |= {"experiments": not no_sweep, "student": student, "animate": animate}
            result = found.run(seed, verbose=True, **arguments, **turned)
            _print_beside(result)
        else:
            result = found.run_seeds(range(seed, seed + seeds), **arguments, **turned)
            _print_summary(result)
        written = result.write(draft)
        write_report(draft, lab=found)
    click.echo(f"In {folder}: {_counted_files(written)}.\nRead {folder / REPORT}")
    if failure := getattr(result, "failure", None):
        raise ChainruleError(failure)
    context.exit(exit_code() if result.interrupted else 0)


def _counted_files(written: Iterable[str]) -> str:
    """Word what a run wrote."""
    kinds = [Path(name).suffix for name in written]
    pictures, films, networks = (kinds.count(suffix) for suffix in (".svg", ".gif", ".safetensors"))
    animated = f"; {films} animation{'s' * (films != 1)}, .gif" if films else ""
    kept = f"{networks} network{'s' * (networks != 1)} (.safetensors)"
    return f"results.json, figures/ ({pictures} pictures, .svg and .png{animated}), {kept}"


@contextmanager
def _student(found: Lab, paths: tuple[Path, ...]) -> Iterator[Student | None]:
    """Open the files that shall compute the lab, each for the sheet that it answers; None without any."""
    if not paths:
        yield None
        return
    from chainrule.course.recognition import match
    from chainrule.labs.student import Student

    if found.homework is None:
        raise InvalidValue(f"The lab {found.name} has no homework whose functions could compute it: leave --with out.")
    files = [file for path in paths for file in (sorted(path.glob("*.py")) if path.is_dir() else [path])]
    if missing := [str(path) for path in files if not path.is_file()]:
        raise InvalidValue(f"There is no file {missing[0]}.")
    if not files:
        raise InvalidValue(f"There is no .py file in {paths[0]}.")
    sheets = match(files, found.homework)
    student = Student({found.homework.sheets[number].file: path for path, number in sheets.items()})
    try:
        yield student
    finally:
        student.close()


def _print_beside(result: LabResult) -> None:
    """Print the engine's numbers beside those of a student's functions."""
    from rich.table import Table

    if result.student is None:
        return
    table = Table("run", "whose", "ended", "epochs", "loss", "train", "held out", box=None, pad_edge=False)
    for yours in result.results:
        ours = (one for one in result.beside if one.name == yours.name)
        for whose, one in (("your functions", yours), *(("chainrule", one) for one in ours)):
            held_out = "–" if one.test_accuracy is None else f"{one.test_accuracy:.2f}"
            scores = f"{one.train_accuracy:.2f}", held_out
            table.add_row(yours.name, whose, one.outcome.name, str(one.run.epochs), f"{one.run.loss:.5f}", *scores)
    print_table(table)


@lab.command("start", cls=Once)
@click.argument("name")
@click.option("--out", type=OUTPUT, default="hw", show_default=True, help="Folder for the files.")
@click.option("--notebook", is_flag=True, help="Notebooks in place of Python files.")
@click.option("--solved", is_flag=True, help="With the functions written: a teacher's key.")
@debug_option
def start_lab(name: str, out: Path, notebook: bool, solved: bool) -> None:
    """Hand out the homework of lab NAME: its files with the functions left to write. Nothing is ever overwritten.

    NAME may be the path of a lab's file: ./mylab.py.
    """
    from chainrule import labs
    from chainrule.course.starter import write_starter

    found = labs.load(name)
    written = write_starter(found, out, notebook=notebook, solved=solved)
    click.echo("\n".join(f"Written: {path}" for path in written))
    click.echo()
    if not solved:
        click.echo("Write:  the functions that raise NotImplementedError")
    click.echo(_next_steps(written, out, name if found.file else None))


def _next_steps(written: list[Path], folder: Path, lab: str | None) -> str:
    """Say how the files are run and checked; ``lab`` is that of a path."""
    first, *others = [path for path in written if path.suffix == written[0].suffix]  # a notebook runs its scripts
    run = shlex.join([*(["jupyter", "lab"] if first.suffix == ".ipynb" else ["python"]), str(first)])
    then = f", then {', '.join(path.name for path in others)}" if others else ""
    check = shlex.join(["chainrule", "check", str(folder if others else first), *(["--lab", lab] if lab else [])])
    return f"Run:    {run}{then}\nCheck:  {check}"


def _split_settings(texts: Iterable[str]) -> dict[str, str]:
    """Part settings into names and values; a name given twice is refused, for only one value could hold."""
    turned: dict[str, str] = {}
    for text in texts:
        name, value = _split_setting(text)
        if name in turned:
            raise InvalidValue(f"--set names {name} twice, {turned[name]} and {value}: give it once.")
        turned[name] = value
    return turned


def _split_setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name or not value:
        raise InvalidValue(f"--set takes SETTING=VALUE, as in --set learning_rate=10, got {text!r}.")
    return name.strip(), value.strip()


def _print_summary(result: SeedsResult) -> None:
    """Print shares, medians and ranges, a row a run name."""
    from rich.table import Table

    heads = ("run", "ended", "accuracy ≥ 0.9", "epochs", "loss", "train accuracy", "test accuracy")
    table = Table(*heads, box=None, pad_edge=False)
    for name, row in result.summary().items():
        table.add_row(
            name,
            ", ".join(f"{times} {status}" for status, times in row["statuses"].items()),
            f"{row['share_accuracy_demanded']:.0%}",
            _spread(row["epochs"], "{:.0f}"),
            _spread(row["loss"], "{:.5f}"),
            _spread(row["train_accuracy"], "{:.2f}"),
            _spread(row["test_accuracy"], "{:.2f}"),
        )
    print_table(table)
    click.echo(f"median (least–greatest) over {len(result.seeds)} seeds, {result.seconds:.0f} s")


def _spread(values: list[float] | None, form: str) -> str:
    if values is None:
        return "–"
    median, least, greatest = (form.format(value) for value in values)
    return f"{median} ({least}–{greatest})"
