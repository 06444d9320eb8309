"""``chainrule export``: a saved model as an ONNX file, which other runtimes read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from chainrule.cli.options import INPUT, OUTPUT, Once, debug_option

if TYPE_CHECKING:
    from pathlib import Path


@click.command(cls=Once)
@click.argument("model", type=INPUT)
@click.option("-o", "--out", type=OUTPUT, help="File to write.  [default: MODEL with the suffix .onnx]")
@click.option("--opset", type=int, help="Version of ONNX's operations, 13 or later.  [default: 17]")
@debug_option
def export(model: Path, out: Path | None, opset: int | None) -> None:
    """Write a saved network or estimator as an ONNX file.

    \b
    chainrule export clf.safetensors -o clf.onnx
    chainrule export results/xor/linear.safetensors --opset 15
    """  # noqa: D301  # click wants the backspace itself, which keeps these lines as they are
    from chainrule.files.atomic import check_outputs
    from chainrule.models.model_file import load
    from chainrule.models.onnx.exporting import export_onnx

    loaded = load(model)  # first: a folder, "." or "/", has no name to take another suffix
    out = model.with_suffix(".onnx") if out is None else out
    check_outputs([out], [model])
    export_onnx(loaded, out, opset=opset)
    click.echo(f"Written: {out}")
