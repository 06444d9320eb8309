"""``chainrule explain``: write out the mathematics of a network given in a line, or of a saved one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chainrule.cli.options import INPUT, OUTPUT, SEED, Once, debug_option
from chainrule.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chainrule.explanation.explanation import Format
    from chainrule.maths.arrays import Array
    from chainrule.network.network import Network

SUFFIXES: dict[str, Format] = {".md": "markdown", ".tex": "latex", ".html": "html", ".txt": "text"}
FORMATS = tuple(SUFFIXES.values())


@click.command(cls=Once)
@click.argument("network", required=False, type=INPUT)
@click.option("--layers", help="A network in a line: features, then UNITS:ACTIVATION[:nobias] a layer.")
@click.option("--loss", help="Of --layers.  [default: log_loss after sigmoid, cross_entropy after softmax, or else "
              "half_squared_error]")  # fmt: skip
@click.option("--compared-with", "other", help="Write only what changes from this network: --layers of it, or a file.")
@click.option("--sample", "samples", multiple=True, metavar="X1,X2,…", help="Follow a sample with numbers; repeatable.")
@click.option("--target", "targets", multiple=True, metavar="T1,…", help="The target of each --sample, in their order.")
@click.option("--seed", type=SEED, default=0, show_default=True, help="Draws the parameters of --layers, for numbers.")
@click.option("--l2", type=float, default=0.0, show_default=True, help="λ of the penalty λ Σ W².")
@click.option("--learning-rate", type=float, default=0.1, show_default=True, help="η of the update.")
@click.option("--format", "format_", type=click.Choice(FORMATS), help="How to write.  [default: by --out, or text]")
@click.option("--convention", type=click.Choice(["rows", "columns"]), default="rows", show_default=True,
              help="Whether a sample is a row or a column.")  # fmt: skip
@click.option("--out", type=OUTPUT, help="File to write: .md, .tex, .html or .txt.")
@debug_option
def explain(
    network: Path | None,
    layers: str | None,
    loss: str | None,
    other: str | None,
    samples: tuple[str, ...],
    targets: tuple[str, ...],
    seed: int,
    l2: float,
    learning_rate: float,
    format_: Format | None,
    convention: str,
    out: Path | None,
) -> None:
    """Write out forward pass, loss, every derivative and the update of a network.

    \b
    chainrule explain --layers 2,10:sigmoid,1:sigmoid --loss log_loss
    chainrule explain --layers 2,3:tanh,1:sigmoid --sample 0,1 --target 1
    chainrule explain --layers 2,100:sigmoid,100:sigmoid,2:softmax --compared-with 2,100:relu,2:softmax
    chainrule explain results/xor/linear.safetensors --out linear.html
    """  # noqa: D301  # click wants the backspace itself, which keeps these lines as they are
    from chainrule.explanation import explain as explain_network
    from chainrule.files.atomic import check_outputs

    if targets and not samples:
        raise InvalidValue("--target goes with --sample: name the sample that it is the target of.")
    format_ = _chosen(format_, out)
    check_outputs([out], filter(None, [network, None if other is None else Path(other)]))
    net, theta = _opened(network, layers, loss, seed if samples else None)
    text = explain_network(
        net,
        X=[_row("--sample", text) for text in samples] or None,
        T=[_row("--target", text) for text in targets] or None,
        theta=theta if samples or (network is not None and other is None) else None,
        l2=l2,
        format=format_,
        convention="columns" if convention == "columns" else "rows",
        learning_rate=learning_rate,
        compared_with=None if other is None else _other(other, loss),
    )
    _put(text, out)


@click.command(cls=Once)
@click.argument("network", required=False, type=INPUT)
@click.option("--layers", help="A network in a line: features, then UNITS:ACTIVATION[:nobias] a layer.")
@click.option("--loss", help="Of --layers, as for explain.")
@click.option("--title", help="Above the picture.")
@click.option("--out", type=OUTPUT, default="network.svg", show_default=True, help="File to write: .svg or .png.")
@debug_option
def draw(network: Path | None, layers: str | None, loss: str | None, title: str | None, out: Path) -> None:
    """Draw the network of a file, with its weights, or of a description.

    \b
    chainrule draw --layers 2,10:sigmoid,10:sigmoid,1:sigmoid
    chainrule draw results/xor/linear.safetensors --out linear.png
    """  # noqa: D301
    from chainrule import plot
    from chainrule.files.atomic import check_outputs

    check_outputs([out], filter(None, [network]))
    net, theta = _opened(network, layers, loss, None)
    plot.save(plot.network_graph(net, theta, title=title), out)
    click.echo(f"Written: {out}")


def _put(text: str, out: Path | None) -> None:
    """Print a text, or write it to a file."""
    from chainrule.files.atomic import write_whole

    if out is None:
        click.echo(_printable(text))
        return
    write_whole(out, text)
    click.echo(f"Written: {out}")


def _printable(text: str) -> str:
    """Return a page with its letters as references where the screen's encoding is not the one that it declares."""
    declares = text.startswith("<!DOCTYPE") and (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    return text.encode("ascii", "xmlcharrefreplace").decode() if declares else text


def parse_layers(text: str, loss: str | None) -> Network:
    """Make the network of a line such as 2,10:sigmoid,1:sigmoid:nobias.

    >>> parse_layers("2,10:relu:nobias,1", None).shapes
    {'W1': (2, 10), 'W2': (10, 1), 'b2': (1,)}
    """
    from chainrule.network.layers import Dense
    from chainrule.network.network import Network

    features, *rest = (part.strip() for part in text.split(","))
    if not rest:
        raise InvalidValue(
            f"--layers needs the number of features and at least one layer, as in 2,1:sigmoid: {text!r}."
        )
    stack = []
    for part in rest:
        units, *words = part.split(":")
        names = [word for word in words if word != "nobias"]
        if len(names) > 1:
            raise InvalidValue(f"--layers takes UNITS:ACTIVATION[:nobias] for each layer, got {part!r}.")
        stack.append(Dense(_whole_number(units), names[0] if names else "identity", bias="nobias" not in words))
    defaults = {"sigmoid": "log_loss", "softmax": "cross_entropy"}
    return Network(
        stack, _whole_number(features), loss or defaults.get(stack[-1].activation.name, "half_squared_error")
    )


def _whole_number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise InvalidValue(
            f"--layers counts features and units in whole numbers, as in 2,10:sigmoid, got {text!r}."
        ) from None


def _opened(path: Path | None, layers: str | None, loss: str | None, seed: int | None) -> tuple[Network, Array | None]:
    """The network with its parameters: saved ones, or a start where there is a seed for one."""
    from chainrule.models.model_file import load_network

    if (path is None) == (layers is None):
        raise InvalidValue("Name a saved network, or describe one: --layers 2,10:sigmoid,1:sigmoid.")
    if layers is not None:
        net = parse_layers(layers, loss)
        return net, None if seed is None else net.initial_theta(seed)
    if loss is not None:
        raise InvalidValue("--loss goes with --layers: a saved network has its own.")
    assert path is not None  # noqa: S101  # one of the two is there
    return load_network(path)


def _other(text: str, loss: str | None) -> Network:
    from chainrule.models.model_file import load_network

    return load_network(text)[0] if text.endswith((".safetensors", ".npz")) else parse_layers(text, loss)


def _row(option: str, text: str) -> Sequence[float]:
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise InvalidValue(f"{option} takes numbers, as in {option} 0.5,1, got {text!r}.") from None


def _chosen(format_: Format | None, out: Path | None) -> Format:
    if format_ is not None:
        return format_
    if out is None:
        return "text"
    if out.suffix.lower() not in SUFFIXES:
        raise InvalidValue(f"--out must end in {', '.join(SUFFIXES)}, got {out.name!r}; or say --format.")
    return SUFFIXES[out.suffix.lower()]
