"""Changes: the difference of two derivations, S3's own question: what is to be rewritten, and only that."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chainrule.explanation.alignment import Alignment, align
from chainrule.explanation.chain import chain, links, path
from chainrule.explanation.passes import output_error_section
from chainrule.explanation.sections import activation_formulas
from chainrule.network.derivation import width_of
from chainrule.writers.blocks import Block, FormulaBlock, Heading, Items, Paragraph, TableBlock, verbatim

if TYPE_CHECKING:
    from chainrule.explanation.step_formulas import StepFormula
    from chainrule.explanation.subject import Subject
    from chainrule.network.derivation import Step
    from chainrule.network.network import Network

Pair = tuple["StepFormula", "StepFormula"]


@dataclass
class Difference:
    """Lines sorted: new, gone, different, only renumbered, and how many stay as they are."""

    new: list[StepFormula] = field(default_factory=list)
    gone: list[StepFormula] = field(default_factory=list)
    changed: list[Pair] = field(default_factory=list)
    renumbered: list[Pair] = field(default_factory=list)
    n_same: int = 0


def changes(before: Subject, now: Subject) -> list[Block]:
    """Say what is different now, layer by layer and then line by line."""
    alignment = align(before.net, now.net)
    layers = layer_changes(before.net, now.net, alignment)
    difference = compare(before, now, alignment)
    if not layers:
        return [Paragraph("Nothing changes: the two networks have the same layers and the same loss.")]
    return [
        Heading("The layers"),
        Items(tuple(layers)),
        *_activations(before, now),
        *_loss(before, now),
        *(output_error_section(now) if before.net.fused is None else []),
        *_lines("Lines that are new", difference.new, now),
        *_pairs("Lines that change", difference.changed, now),
        *_lines("Lines that go", difference.gone, before),
        *_chains(before, now, alignment),
        *_renumbered(difference.renumbered),
        Heading("What stays"),
        Paragraph(f"{_count(difference.n_same)} exactly as before, and every symbol not named above."),
    ]


def compare(before: Subject, now: Subject, alignment: Alignment) -> Difference:
    """Sort the lines of both derivations."""
    old = {step.symbol: (step, line) for step, line in before.lines()}
    found = Difference()
    names = {alignment.renamed(symbol): symbol for symbol in old if alignment.renamed(symbol) is not None}
    for step, line in now.lines():
        if step.symbol not in names:
            found.new.append(line)
            continue
        step_before, line_before = old.pop(names[step.symbol])
        _sort(found, (step_before, line_before), (step, line), alignment)
    found.gone = [line for _, line in old.values()]
    return found


def _sort(
    found: Difference, before: tuple[Step, StepFormula], now: tuple[Step, StepFormula], alignment: Alignment
) -> None:
    (old_step, old), (new_step, new) = before, now
    if (old.matrix, old.entry, old.shape) == (new.matrix, new.entry, new.shape):
        found.n_same += 1
        return
    same_operands = tuple(alignment.renamed(name) for name in old_step.operands) == new_step.operands
    same = same_operands and (old_step.operation.name, old_step.operation.part, old_step.shape) == (
        new_step.operation.name,
        new_step.operation.part,
        new_step.shape,
    )
    (found.renumbered if same else found.changed).append((old, new))


def layer_changes(before: Network, now: Network, alignment: Alignment | None = None) -> list[str]:
    """Say what became of each layer, of the inputs and of the loss; nothing where nothing did."""
    alignment = alignment or align(before, now)
    said = []
    if before.n_features != now.n_features:
        said.append(f"{now.n_features} inputs instead of {before.n_features}.")
    if before.input_dropout != now.input_dropout:
        said.append(f"Dropout of the inputs: {now.input_dropout:g} instead of {before.input_dropout:g}.")
    for old, new in alignment.pairs:
        said += _layer_sentence(before, now, old, new)
    if before.loss != now.loss:
        said.append(f"The loss is {verbatim(now.loss.name)} instead of {verbatim(before.loss.name)}.")
    return said


def _layer_sentence(before: Network, now: Network, old: int | None, new: int | None) -> list[str]:
    if old is None and new is not None:
        layer = now.layers[new - 1]
        bias = "with a bias" if layer.bias else "without a bias"
        words = f"{layer.n_outputs} units, {verbatim(layer.activation.name)}, {bias}"
        return [f"Layer {new} is new: {words}, weights {width_of(now, new - 1)} × {layer.n_outputs}."]
    if new is None and old is not None:
        return [f"Layer {old} is left out."]
    assert old is not None  # noqa: S101  # for the type checker: a pair is never empty
    assert new is not None  # noqa: S101
    return _changed_layer(before, now, old, new)


def _changed_layer(before: Network, now: Network, old: int, new: int) -> list[str]:
    was, layer = before.layers[old - 1], now.layers[new - 1]
    parts = []
    if was.activation != layer.activation:
        parts.append(f"{verbatim(layer.activation.name)} instead of {verbatim(was.activation.name)}")
    if was.n_outputs != layer.n_outputs:
        parts.append(f"{layer.n_outputs} units instead of {was.n_outputs}")
    if width_of(before, old - 1) != width_of(now, new - 1):
        parts.append(f"it is fed {width_of(now, new - 1)} numbers a sample instead of {width_of(before, old - 1)}")
    if was.bias != layer.bias:
        parts.append("with a bias now" if layer.bias else "without a bias now")
    if was.dropout != layer.dropout:
        parts.append(f"dropout {layer.dropout:g} instead of {was.dropout:g}")
    if old != new:
        return [f"{'; '.join([f'Layer {old} becomes layer {new}', *parts])}."]
    return [f"Layer {new}: {', '.join(parts)}."] if parts else []


def _activations(before: Subject, now: Subject) -> list[Block]:
    """Those activations that were not there before."""
    known = {layer.activation for layer in before.net.layers}
    fresh = [member for member in dict.fromkeys(layer.activation for layer in now.net.layers) if member not in known]
    return [Heading("Activations that are new"), *activation_formulas(fresh)] if fresh else []


def _loss(before: Subject, now: Subject) -> list[Block]:
    old, new = before.net.loss, now.net.loss
    if old == new or new.formula is None:
        return []
    return [Heading("The loss"), FormulaBlock(rf"\ell(y, t) = {new.formula}", f"instead of {verbatim(old.name)}")]


def _lines(title: str, lines: list[StepFormula], subject: Subject) -> list[Block]:
    blocks: list[Block] = [Heading(title)] if lines else []
    for line in lines:
        blocks.append(FormulaBlock(line.matrix, f"${subject.notation.size(line.shape)}$; {line.why}"))
        if line.entry:
            blocks.append(FormulaBlock(line.entry, "one entry, one sample"))
    return blocks


def _pairs(title: str, pairs: list[Pair], subject: Subject) -> list[Block]:
    if not pairs:
        return []
    rows = []
    for old, new in pairs:
        was, size = (subject.notation.size(line.shape) for line in (old, new))
        shape = f"${size}$" if was == size else f"${was}$, now ${size}$"
        rows.append((_cell(old.matrix), _cell(new.matrix), shape))
        if old.entry and old.entry != new.entry:
            rows.append((_cell(old.entry), _cell(new.entry), "one entry"))
    return [Heading(title), TableBlock(("before", "now", "shape"), tuple(rows))]


def _chains(before: Subject, now: Subject, alignment: Alignment) -> list[Block]:
    """The products of factors that became longer, shorter or others."""
    names = {alignment.renamed(name): name for name in before.net.shapes}
    old, new = links(before.steps), links(now.steps)
    formulas = []
    for name in reversed(now.net.shapes):
        if name in names and path(old, names[name]) == path(new, name):
            continue
        formulas.append(FormulaBlock(chain(new, name, now.notation), "" if name in names else "new"))
    return [Heading("The chains of factors"), *formulas] if formulas else []


def _renumbered(pairs: list[Pair]) -> list[Block]:
    if not pairs:
        return []
    rows = tuple((_cell(old.matrix), _cell(new.matrix)) for old, new in pairs)
    return [
        Heading("Lines that only get other numbers"),
        TableBlock(("before", "now"), rows),
    ]


def _cell(latex: str) -> str:
    """Write a formula for a cell, its fractions as large as on a line of their own."""
    return f"${latex}$".replace(r"\frac", r"\dfrac")


def _count(n_same: int) -> str:
    return "No line stays" if not n_same else "One line stays" if n_same == 1 else f"{n_same} lines stay"
