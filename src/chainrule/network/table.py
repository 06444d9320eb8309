"""The table of a network: its layers, their shapes and their parameters, for a terminal and for a notebook."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chainrule.network.architecture import Architecture

HEADER = ("layer", "activation", "W", "b", "parameters")


def title(net: Architecture) -> str:
    """One line: 2 features -> 10 sigmoid -> 1 sigmoid, loss log_loss."""
    features = f"{net.n_features} feature{'s' if net.n_features > 1 else ''}{dropout(net.input_dropout)}"
    layers = [f"{layer.n_outputs} {layer.activation.name}{dropout(layer.dropout)}" for layer in net.layers]
    return f"Network: {' -> '.join([features, *layers])}, loss {net.loss.name}"


def dropout(rate: float) -> str:
    """Say how much is dropped, if anything is."""
    return f" (dropout {rate:g})" if rate else ""


def rows(net: Architecture) -> list[tuple[str, ...]]:
    """One row a layer, and the total."""
    table = []
    n_in = net.n_features
    for number, layer in enumerate(net.layers, start=1):
        n_out = layer.n_outputs
        parameters = n_in * n_out + (n_out if layer.bias else 0)
        bias = f"({n_out},)" if layer.bias else "none"
        table.append((str(number), layer.activation.name, f"({n_in}, {n_out})", bias, f"{parameters}"))
        n_in = n_out
    return [*table, ("total", "", "", "", f"{net.n_parameters}")]


def as_text(net: Architecture) -> str:
    """The table in fixed-width columns, numbers to the right."""
    table = [HEADER, *rows(net)]
    widths = [max(len(row[column]) for row in table) for column in range(len(HEADER))]
    lines = [
        "  ".join(
            [*(cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=False)), row[-1].rjust(widths[-1])]
        )
        for row in table
    ]
    return "\n".join([title(net), *lines])


def as_html(net: Architecture) -> str:
    """The table in HTML, names escaped."""
    head = "".join(f"<th>{cell}</th>" for cell in HEADER)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows(net))
    return f"<table><caption>{escape(title(net))}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
