"""Passes: the forward pass, the loss and the backward pass of an explanation, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chainrule.explanation.chain import LONGEST, chain, links, path
from chainrule.explanation.worked_entries import worked
from chainrule.maths.activations import SOFTMAX
from chainrule.writers.blocks import Block, FormulaBlock, Heading, Paragraph, verbatim

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chainrule.explanation.step_formulas import StepFormula
    from chainrule.explanation.subject import Subject
    from chainrule.network.derivation import Step


def forward_section(subject: Subject) -> list[Block]:
    """From the inputs to the outputs."""
    blocks: list[Block] = [
        Heading("Forward pass"),
        Paragraph(
            "Layer by layer, first for all samples at once, then for one entry of one sample; "
            "$i$ counts what a layer is fed, $j$ its units."
        ),
    ]
    for step, line in subject.lines()[: subject.index("losses")]:
        blocks += _both(subject, step, line)
    return blocks


def loss_section(subject: Subject) -> list[Block]:
    """The loss of one output, of a sample, and of all."""
    net = subject.net
    loss = net.loss
    term = r"\ell(y, t)" if loss.formula is None else rf"\ell(y, t) = {loss.formula}"
    blocks: list[Block] = [
        Heading("Loss"),
        Paragraph(f"{verbatim(loss.name)}, for one output $y$ and its target $t$:"),
        FormulaBlock(term, "" if loss.formula else "your own, given as a function"),
    ]
    if net.fused is not None:
        blocks.append(FormulaBlock(rf"\ell = {net.fused.formula}", "the same as a function of the pre-activation $z$"))
    for step, line in subject.lines():
        if step.symbol in ("losses", "loss"):
            blocks.append(subject.formula(step.symbol, line.matrix, line.why))
    return blocks


def backward_section(subject: Subject) -> list[Block]:
    """The chain of factors, the derivative at the outputs, and every step from there to the inputs."""
    blocks: list[Block] = [
        Heading("Backward pass"),
        Heading("The chain of factors", 3),
        Paragraph("By the chain rule, each parameter's derivative is a product along the way from it to the loss:"),
    ]
    into = links(subject.steps)
    blocks += [FormulaBlock(chain(into, name, subject.notation)) for name in reversed(subject.net.shapes)]
    shared = "The factors are shared: what was computed for one layer is handed on to the one before it."
    blocks.append(Paragraph(shared + left_out(into, subject)))
    if subject.net.fused is not None:
        blocks += output_error_section(subject)
    blocks += [
        Heading("Step by step, from the loss to the inputs", 3),
        Paragraph(
            r"Each derivative for all samples at once ($L$ is their mean loss), then one entry for one sample and its "
            r"own loss $\ell$."
        ),
    ]
    for step, line in subject.lines()[subject.index("slopes") :]:
        blocks += _both(subject, step, line)
    return blocks


def left_out(into: Mapping[str, str], subject: Subject) -> str:
    """Say that long products are cut short, where one is."""
    longest = len(path(into, next(iter(subject.net.shapes)))) - 1
    return f" Of a product of more than {LONGEST} factors the middle is left out." if longest > LONGEST else ""


def _both(subject: Subject, step: Step, line: StepFormula) -> list[Block]:
    """The formula for the batch with its shape, its reason and its numbers, then the one for an entry."""
    size = f"${subject.notation.size(step.shape)}$"
    latex = line.matrix
    if step.symbol.startswith("dZ") and step.operation.name == "shared" and subject.net.fused is not None:
        latex += r" = \frac{1}{N} (Y - T)"
    blocks: list[Block] = [subject.formula(step.symbol, latex, "; ".join(part for part in (size, line.why) if part))]
    if line.entry:
        blocks.append(FormulaBlock(line.entry, "one entry, one sample"))
    if example := worked(subject, step):
        blocks.append(example)
    return blocks


def output_error_section(subject: Subject) -> list[Block]:
    """Why the derivative at the last pre-activations is so short."""
    net = subject.net
    fused, output = net.fused, net.layers[-1].activation
    if fused is None:
        return []
    by = r"\frac{\partial \ell}{\partial z_j}"
    if output == SOFTMAX:
        rule = rf"{by} = \sum_k \frac{{\partial \ell}}{{\partial y_k}} \frac{{\partial y_k}}{{\partial z_j}}"
        last = r"because the targets of a sample sum to 1"
    else:
        rule = rf"{by.replace('z_j', 'z')} = \frac{{\partial \ell}}{{\partial y}} \frac{{\partial y}}{{\partial z}}"
        last = "the denominators cancel"
    lines = [FormulaBlock(rf"{rule} = {fused.derivation[0]}")]
    lines += [FormulaBlock(f"= {line}") for line in fused.derivation[1:-1]]
    lines.append(FormulaBlock(f"= {fused.derivation[-1]}", last))
    return [
        Heading("Why the output error is prediction minus target", 3),
        Paragraph(f"{verbatim(net.loss.name)} after {verbatim(output.name)}, one sample:"),
        *lines,
    ]
