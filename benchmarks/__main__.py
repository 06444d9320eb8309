"""``python -m benchmarks``: measure chainrule beside its peers and the machine, and write tables and charts."""

from __future__ import annotations

from pathlib import Path

import click

from benchmarks.suite import PARTS, Suite
from benchmarks.training import FULL, QUICK
from benchmarks.workloads import WORKLOADS

HERE = Path(__file__).parent


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option(
    "--quick", is_flag=True, help="Few repetitions, one core, no large workloads, no compiled PyTorch: about 2 minutes."
)
@click.option(
    "--only", multiple=True, metavar="NAME", type=click.Choice([*WORKLOADS, *PARTS]),
    help=f"Measure only this; may be given again. Workloads: {', '.join(WORKLOADS)}. Others: {', '.join(PARTS)}.",
)  # fmt: skip
@click.option(
    "--setting", type=click.Choice(["one", "all", "both"]), default=None,
    help="One core, all cores, or both, which is the default (with --quick: one).",
)  # fmt: skip
@click.option(
    "--core", type=int, default=None, metavar="N", help="The one core to use; the first allowed, if not given."
)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=HERE / "results", show_default=True,
    help="Folder for results.json, chart.svg, growth.svg and performance.md.",
)  # fmt: skip
@click.option("--report", is_flag=True, help="Measure nothing: write tables and charts anew from OUT/results.json.")
def main(quick: bool, only: tuple[str, ...], setting: str | None, core: int | None, out: Path, report: bool) -> None:
    """Measure chainrule beside the assignments' own code, scikit-learn, PyTorch, JAX and the machine's limit.

    Every contender is a process of its own, on the same core; it first proves that it reaches the textbook's loss,
    then all are timed in turn. A peer that is not installed is left out and named. The whole takes about 15 minutes;
    nothing else should run beside it.
    """
    from benchmarks import report as reports  # noqa: PLC0415  # matplotlib, which --help can do without

    out.mkdir(parents=True, exist_ok=True)
    if not report:
        suite = Suite(
            QUICK if quick else FULL, quick=quick, only=only, setting=setting, core=core, log=out / "workers.log"
        )
        reports.save(suite.run(), out)
    results = reports.read(out)
    reports.write(results, out)
    reports.show(results)
    click.echo(f"Written: {', '.join(str(out / name) for name in reports.FILES if (out / name).exists())}")


if __name__ == "__main__":
    main()
