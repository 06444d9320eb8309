"""Sections: what an explanation says before and after the passes: network, symbols, activations, penalty, update."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from chainrule.explanation.notation import function_name
from chainrule.explanation.numbers import number
from chainrule.explanation.step_formulas import applied
from chainrule.maths.activations import IDENTITY, SELU_ALPHA, SELU_SCALE, SIGMOID, SOFTMAX, Activation
from chainrule.maths.penalties import L2
from chainrule.network.derivation import width_of
from chainrule.network.table import title
from chainrule.writers.blocks import Block, FormulaBlock, Heading, Items, Paragraph, TableBlock, verbatim

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chainrule.explanation.subject import Subject
    from chainrule.network.derivation import Shape

MEANINGS = {  # what a symbol inside a formula stands for
    r"\sigma": r"$\sigma(z) = \frac{1}{1 + e^{-z}}$, the sigmoid",
    r"\Phi": r"$\Phi$, the distribution function of the normal distribution",
    r"\varphi(z)": r"$\varphi$, its density, $\frac{1}{\sqrt{2 \pi}} e^{-z^2 / 2}$",
    r"\mathbb{1}": r"$\mathbb{1}[\ldots]$, which is 1 where the condition holds and 0 elsewhere",
    r"\kappa": rf"$\kappa = {SELU_SCALE:.4f}\ldots$ and $\alpha = {SELU_ALPHA:.4f}\ldots$, selu's constants",
    r"\delta_{kj}": r"$\delta_{kj}$, which is 1 where $k = j$ and 0 elsewhere",
}
SAYS = {  # what a symbol of the derivation is
    "X": "inputs, {a} a sample",
    "T": "targets",
    "W": "weights of layer {l}",
    "b": "bias of layer {l}",
    "Z": "pre-activations of layer {l}",
    "A": "activations of layer {l}",
    "Y": "outputs",
    "M": "dropout mask",
    "D": "what is left of them under dropout",
}


def network_section(subject: Subject) -> list[Block]:
    """The table of layers, and what one sample is."""
    net = subject.net
    side = "column" if subject.columns else "row"
    in_short = title(net).removeprefix("Network: ").replace("->", "→")
    return [
        Heading("The network"),
        Paragraph(
            f"{verbatim(in_short)}. $N$ samples are taken together, one a {side}; "
            f"$L$ is the mean of their losses. Every derivative below has the shape of what it is taken by."
        ),
        TableBlock(("layer", "units", "activation", "weights", "bias", "parameters"), _layers(subject)),
    ]


def _layers(subject: Subject) -> tuple[tuple[str, ...], ...]:
    """One row a layer, shapes as they are written here, and the total."""
    net, size = subject.net, subject.notation.size
    table = []
    for number_, layer in enumerate(net.layers, start=1):
        n_in = width_of(net, number_ - 1)
        bias = f"${size((layer.n_outputs,))}$" if layer.bias else "none"
        count = n_in * layer.n_outputs + layer.bias * layer.n_outputs
        name = verbatim(layer.activation.name)
        weights = f"${size((n_in, layer.n_outputs))}$"
        table.append((str(number_), str(layer.n_outputs), name, weights, bias, str(count)))
    return (*table, ("total", "", "", "", "", str(net.n_parameters)))


def symbols_section(subject: Subject) -> list[Block]:
    """What is given and what is computed on the way forward, with shapes, and with numbers what is given."""
    net, notation = subject.net, subject.notation
    shapes: dict[str, Shape] = {"X": ("N", net.n_features), "T": ("N", net.n_outputs), **net.shapes}
    given = list(shapes)
    shapes |= {step.symbol: step.shape for step in subject.steps[: subject.index("losses")]}
    side = "column" if subject.columns else "row"
    table = tuple(
        (f"${notation.symbol(name)}$", f"${notation.size(shape)}$", _says(name, side)) for name, shape in shapes.items()
    )
    blocks: list[Block] = [Heading("The symbols"), TableBlock(("symbol", "shape", "what it is"), table)]
    numbers = [_given(subject, name) for name in given if name in subject.values]
    if numbers:
        n_samples = len(np.asarray(subject.values["X"]))
        plural = "sample" if n_samples == 1 else "samples"
        blocks += [Paragraph(f"Below they are followed with numbers, for $N = {n_samples}$ {plural}:"), *numbers]
    return blocks


def activations_section(subject: Subject) -> list[Block]:
    """Each activation with its derivative, once."""
    members = list(dict.fromkeys(layer.activation for layer in subject.net.layers))
    return [Heading("The activations"), *activation_formulas(members)]


def activation_formulas(members: Sequence[Activation]) -> list[Block]:
    """Each of these activations with its derivative, and what their signs stand for."""
    blocks = [block for member in members for block in _activation(member)]
    formulas = " ".join(f"{member.formula} {member.derivative_formula}" for member in members)
    own = {r"\sigma"} if SIGMOID in members else set()
    where = [meaning for sign, meaning in MEANINGS.items() if sign in formulas and sign not in own]
    if where:
        blocks += [Paragraph("In these formulas stand"), Items(tuple(where))]
    return blocks


def update_section(subject: Subject) -> list[Block]:
    """The penalty where there is one, and a step of gradient descent."""
    notation, net = subject.notation, subject.net
    blocks: list[Block] = [Heading("Penalty and update" if subject.l2 else "Update")]
    if subject.l2:
        blocks += _penalty(subject)
    here = "" if subject.learning_rate is None else f", here ${number(subject.learning_rate)}$"
    blocks.append(Paragraph(rf"Gradient descent goes against the derivative, a step of rate $\eta${here}:"))
    for name in net.shapes:
        slope = notation.symbol(f"d{name}")
        latex = rf"{notation.symbol(name)} \leftarrow {notation.symbol(name)} - \eta {_of_objective(subject, slope)}"
        blocks.append(_updated(subject, name, latex))
    return blocks


def _penalty(subject: Subject) -> list[Block]:
    """The objective and its derivatives by the weights; those by the biases stay."""
    notation = subject.notation
    weights = [name for name in subject.net.shapes if name.startswith("W")]
    blocks: list[Block] = [
        Paragraph(rf"Large weights cost $\lambda = {number(subject.l2)}$ times their squares, biases nothing:"),
        FormulaBlock(r"J = L + \lambda \sum_{l} \sum_{i,j} \left(w^{(l)}_{ij}\right)^2" + _objective(subject)),
    ]
    for name in weights:
        slope = notation.symbol(f"d{name}")
        blocks.append(FormulaBlock(rf"{_of_objective(subject, slope)} = {slope} + 2 \lambda {notation.symbol(name)}"))
    if len(weights) < len(subject.net.shapes):
        b = r"\frac{\partial J}{\partial b^{(l)}} = \frac{\partial L}{\partial b^{(l)}}"
        blocks.append(FormulaBlock(b, "for every bias"))
    return blocks


def _of_objective(subject: Subject, slope: str) -> str:
    return slope.replace(r"\partial L", r"\partial J") if subject.l2 else slope


def _says(name: str, side: str) -> str:
    kind, layer = name[0], name[1:]
    return SAYS[kind].format(a=f"one {side}", l=layer)


def _given(subject: Subject, name: str) -> FormulaBlock:
    written, left_out = subject.written(name)
    return FormulaBlock(f"{subject.notation.symbol(name)} = {written}", left_out)


def _activation(member: Activation) -> list[Block]:
    if member == IDENTITY:
        return [Paragraph("identity: what goes in comes out, and the slope is 1.")]
    name = function_name(member)
    if member.formula is None or member.derivative_formula is None:
        words = f"{verbatim(member.name)}, your own: ${name}$ and its derivative ${name}'$, given as functions."
        return [Paragraph(words)]
    if member == SOFTMAX:
        left, slope = rf"a_k = {name}(z)_k", r"\frac{\partial a_k}{\partial z_j}"
    else:
        left, slope = applied(member, "z"), f"{name}'(z)"
    return [
        FormulaBlock(f"{left} = {member.formula}", verbatim(member.name)),
        FormulaBlock(f"{slope} = {member.derivative_formula}", "its derivative"),
    ]


def _objective(subject: Subject) -> str:
    if "loss" not in subject.values:
        return ""
    weights = [np.asarray(value) for name, value in subject.values.items() if name.startswith("W")]
    return f" = {number(float(subject.values['loss']) + subject.l2 * sum(map(L2.value, weights)))}"


def _updated(subject: Subject, name: str, latex: str) -> Block:
    if f"d{name}" not in subject.values or subject.learning_rate is None:
        return FormulaBlock(latex)
    value, gradient = np.asarray(subject.values[name]), np.asarray(subject.values[f"d{name}"])
    if name.startswith("W"):
        gradient = gradient + subject.l2 * L2.gradient(value)
    written, left_out = subject.numbers(value - subject.learning_rate * gradient)
    return FormulaBlock(f"{latex} = {written}", left_out)
