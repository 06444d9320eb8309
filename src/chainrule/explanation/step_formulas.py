"""Step formulas: each step of a derivation as two formulas, for the whole batch and for one entry of one sample."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chainrule.explanation.notation import Notation, entry, function_name, slope, substituted
from chainrule.maths.activations import IDENTITY, SOFTMAX, Activation
from chainrule.maths.loss import Loss

if TYPE_CHECKING:
    from collections.abc import Callable

    from chainrule.network.derivation import Operation, Shape, Step


@dataclass(frozen=True)
class StepFormula:
    """A step as it is written: ``left = right`` for the batch, ``entry`` for one sample, and why it holds."""

    symbol: str
    left: str
    right: str
    entry: str
    why: str
    shape: Shape

    @property
    def matrix(self) -> str:
        """The formula for the batch."""
        return f"{self.left} = {self.right}"


@dataclass(frozen=True)
class Words:
    """What an operation says: the right side for the batch, an equation for one entry, and the reason."""

    right: str
    entry: str = ""
    why: str = ""


def write(step: Step, notation: Notation) -> StepFormula:
    """Write one step."""
    words = WRITERS[step.operation.name](step, notation)
    return StepFormula(step.symbol, notation.symbol(step.symbol), words.right, words.entry, words.why, step.shape)


def applied(activation: Activation, argument: str) -> str:
    r"""Write f(Z), and Z alone for the identity.

    >>> applied(IDENTITY, "z"), applied(SOFTMAX, "z")
    ('z', '\\operatorname{softmax}(z)')
    """
    return argument if activation == IDENTITY else f"{function_name(activation)}({argument})"


def derivative_at(activation: Activation, z: str) -> str:
    """Write f′ at one pre-activation, spelled out where the activation has a formula for it."""
    if activation.formula is None or activation.derivative_formula is None:
        return f"{function_name(activation)}'({z})"
    written = substituted(activation.derivative_formula, {"z": z})
    return rf"\left({written}\right)" if "+" in written or "-" in written else rf"\, {written}"


def _number(name: str) -> int:
    return int(name.lstrip("ZWbADMd"))


def _sum(step: Step, notation: Notation) -> str:
    before, weight = step.operands[:2]
    return rf"\sum_{{i}} {notation.weight(_number(weight))}\, {entry(before, 'i')}"


def _linear(step: Step, notation: Notation) -> Words:
    before, weight = (notation.symbol(name) for name in step.operands)
    one = f"{entry(step.symbol, 'j')} = {_sum(step, notation)}"
    return Words(notation.product(before, weight), one, "each unit weighs what it is fed")


def _affine(step: Step, notation: Notation) -> Words:
    before, weight, bias = (notation.symbol(name) for name in step.operands)
    everywhere = rf"{bias}\, \mathbf{{1}}_N^{{\top}}" if notation.columns else rf"\mathbf{{1}}_N\, {bias}"
    one = f"{entry(step.symbol, 'j')} = {_sum(step, notation)} + {entry(step.operands[2], 'j')}"
    why = r"each unit weighs what it is fed and adds its bias, for every sample the same ($\mathbf{1}_N$ is $N$ ones)"
    return Words(f"{notation.product(before, weight)} + {everywhere}", one, why)


def _activation(step: Step, notation: Notation) -> Words:
    activation = _as_activation(step.operation)
    [before] = step.operands
    z = entry(before, "j")
    if activation == SOFTMAX:
        one = rf"{entry(step.symbol, 'j')} = \frac{{e^{{{z}}}}}{{\sum_k e^{{{entry(before, 'k')}}}}}"
        return Words(applied(activation, notation.symbol(before)), one, "sample by sample")
    one = f"{entry(step.symbol, 'j')} = {applied(activation, z)}"
    return Words(applied(activation, notation.symbol(before)), one, "entry by entry")


def _loss(step: Step, notation: Notation) -> Words:
    """ℓ of each sample, from Y or from Z."""
    fused = step.operation.name == "loss_from_logits"
    one = "jn" if notation.columns else "nj"
    why = "one number a sample, summed over its outputs"
    if fused:
        why += rf"; computed from ${notation.symbol(step.operands[0])}$, so that no $\log 0$ can arise"
    return Words(rf"\sum_{{j}} \ell(y_{{{one}}}, t_{{{one}}})", why=why)


def _average(step: Step, notation: Notation) -> Words:  # noqa: ARG001  # one signature for all
    return Words(r"\frac{1}{N} \sum_{n=1}^{N} \ell_n", why="the mean over the samples")


def _output_error(step: Step, notation: Notation) -> Words:  # noqa: ARG001
    z = notation.slopes_of
    return Words("Y - T", f"{slope(z, 'j')} = y_{{j}} - t_{{j}}", "prediction minus target, as derived above")


def _loss_gradient(step: Step, notation: Notation) -> Words:  # noqa: ARG001
    loss = step.operation.part
    if not isinstance(loss, Loss) or loss.derivative_formula is None:
        return Words(r"\ell'(Y, T)", f"{slope('Y', 'j')} = \\ell'(y_{{j}}, t_{{j}})", "the derivative of the loss")
    at = substituted(loss.derivative_formula, {"y": "y_{j}", "t": "t_{j}"})
    return Words(r"\ell'(Y, T)", f"{slope('Y', 'j')} = {at}", "the derivative of the loss, entry by entry")


def _shared(step: Step, notation: Notation) -> Words:
    return Words(rf"\frac{{1}}{{N}} {notation.symbol(step.operands[0])}", why="each sample has its share of the mean")


def _activation_backward(step: Step, notation: Notation) -> Words:
    activation = _as_activation(step.operation)
    dA, Z, after = step.operands
    given, to, by = notation.symbol(dA), slope(Z, "j"), slope(after, "j")
    if activation == IDENTITY:
        return Words(given, f"{to} = {by}", "the identity has slope 1")
    if activation == SOFTMAX:
        A = notation.symbol(after)
        one = rf"\mathbf{{1}}_{{{step.shape[1]}}}"
        ones = rf"{one} {one}^{{\top}}"
        weighted = rf"({given} \odot {A})"
        right = rf"{A} \odot \left({given} - {notation.product(weighted, ones)}\right)"
        entry_ = rf"{to} = {entry(after, 'j')} \left({by} - \sum_k {slope(after, 'k')}\, {entry(after, 'k')}\right)"
        return Words(right, entry_, rf"every output of a sample depends on all its pre-activations; ${one}$ are ones")
    right = rf"{given} \odot {function_name(activation)}'({notation.symbol(Z)})"
    return Words(right, f"{to} = {by} {derivative_at(activation, entry(Z, 'j'))}", "entry by entry")


def _weight_gradient(step: Step, notation: Notation) -> Words:
    before, dZ = step.operands
    given, fed = notation.symbol(dZ), notation.transposed(before)
    right = rf"{given}\, {fed}" if notation.columns else f"{fed} {given}"
    weight = notation.weight(_number(step.symbol))
    one = rf"\frac{{\partial \ell}}{{\partial {weight}}} = {entry(before, 'i')}\, {slope(dZ[1:], 'j')}"
    why = f"a weight acts by what it is fed, ${notation.symbol(before)}$; the product sums over the samples"
    return Words(right, one, why)


def _bias_gradient(step: Step, notation: Notation) -> Words:
    [dZ] = step.operands
    given = notation.symbol(dZ)
    right = rf"{given}\, \mathbf{{1}}_N" if notation.columns else rf"\mathbf{{1}}_N^{{\top}} {given}"
    one = f"{slope(step.symbol[1:], 'j')} = {slope(dZ[1:], 'j')}"
    return Words(right, one, "a bias acts on every sample alike: the sum over the samples")


def _passed_back(step: Step, notation: Notation) -> Words:
    dZ, weight = step.operands
    given, back = notation.symbol(dZ), notation.transposed(weight)
    right = f"{back} {given}" if notation.columns else rf"{given}\, {back}"
    total = rf"\sum_{{j}} {notation.weight(_number(weight))}\, {slope(dZ[1:], 'j')}"
    return Words(right, f"{slope(step.symbol[1:], 'i')} = {total}", "what a unit did to all units that it feeds")


def _dropped(step: Step, notation: Notation) -> Words:
    given, mask = step.operands
    right = rf"{notation.symbol(given)} \odot {notation.symbol(mask)}"
    if given.startswith("d"):
        one = rf"{slope(step.symbol[1:], 'i')} = {slope(given[1:], 'i')}\, {entry(mask, 'i')}"
        return Words(right, one, "what was dropped learns nothing")
    one = rf"{entry(step.symbol, 'i')} = {entry(given, 'i')}\, {entry(mask, 'i')}"
    return Words(right, one, "dropout: the mask is drawn anew at every step of training, 0 where a unit is left out")


def _as_activation(operation: Operation) -> Activation:
    if not isinstance(operation.part, Activation):
        raise TypeError(f"{operation.name} without an activation")
    return operation.part


WRITERS: dict[str, Callable[[Step, Notation], Words]] = {
    "affine": _affine,
    "linear": _linear,
    "activation": _activation,
    "loss": _loss,
    "loss_from_logits": _loss,
    "average": _average,
    "output_error": _output_error,
    "loss_gradient": _loss_gradient,
    "shared": _shared,
    "activation_backward": _activation_backward,
    "weight_gradient": _weight_gradient,
    "bias_gradient": _bias_gradient,
    "passed_back": _passed_back,
    "dropped": _dropped,
}
