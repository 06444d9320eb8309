"""Factors: one number between a gradient, or a block of it, and the right one, and how it is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from chainrule.check.backprop_report import Mistake
from chainrule.check.conventions import blocks_in, parts_of
from chainrule.check.edits.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chainrule.check.conventions import Answer, Scale
    from chainrule.check.edits.program import Point
    from chainrule.network.network import Network

NAMES = {"ascent": "sign", "sum": "mean-missing", "double": "factor-two", "half": "factor-half"}
MEANT = {
    "ascent": "If you step with +",
    "sum": "If you mean the sum over the samples",
    "double": "If your loss is twice the network's",
    "half": "If your loss is half the network's",
    "mean-over-outputs": "If your loss is a mean over the outputs too",
}
OTHERWISE = {
    "ascent": "the sign is the mistake",
    "sum": "the division by N is missing",
    "double": "the 2 is the mistake",
    "half": "the ½ is the mistake",
    "mean-over-outputs": "the division by the number of outputs is the mistake",
}
PRINTED_ALONE = (
    "If that loss is only printed and you step by the rate that suits the gradient, nothing is wrong; otherwise bring "
    "both together: the sign, the 2 or ½, the division by N."
)


def factor_of(net: Network, scale: Scale, stated: Scale) -> Mistake:
    """Say which one factor stands between a gradient and the right one, and which convention it would be right in.

    >>> from chainrule import Dense, Network
    >>> from chainrule.check.conventions import Scale, convention_of
    >>> net = Network([Dense(1, "sigmoid")], n_features=2, loss="log_loss")
    >>> factor_of(net, convention_of("ascent"), Scale()).sentence
    'Your gradient is −1 times that of the mean log_loss.'
    """
    names = _names_of(scale)
    loss = "the loss in the stated convention" if _names_of(stated) else f"the mean {net.loss.name}"
    ratio = _written(scale, stated)
    if ratio == "1":
        sentence = f"Your gradient is that of {loss}, but for its penalty: {scale.penalty_words}."
        remedy = (
            "If you mean that, return the loss too; otherwise the mistake is there: λ Σ W² has the derivative 2 λ W."
        )
        return Mistake(_of_penalty(scale), "the penalty", sentence, remedy, confidence=0.5)
    sentence = f"Your gradient is {ratio} times that of {loss}."
    if scale.penalty_words:
        sentence += f" Its penalty is {scale.penalty_words}."
    if len(names) == 1:
        (name,) = names
        advice = f'{MEANT[name]}, say convention="{name}" (or return the loss); otherwise {OTHERWISE[name]}.'
    elif names:
        listed = ", ".join(f'"{name}"' for name in names)
        advice = (
            f"If you mean that, say convention=[{listed}] (or return the loss); otherwise the factor is the mistake."
        )
    else:
        advice = "You stated another convention: leave it out, or bring the gradient to it."
    first = names[0] if names else "factor"
    also = tuple(NAMES.get(name, "factor") for name in names[1:])
    return Mistake(NAMES.get(first, "factor"), "the whole gradient", sentence, advice, confidence=0.5, also=also)


def factor_of_loss(scale: Scale, told: Scale) -> Mistake:
    """Say which factors stand between a gradient and that of the loss that the code tells: it may be a printed one.

    >>> from chainrule.check.conventions import Scale
    >>> factor_of_loss(Scale(-1.0, by_n=True), Scale()).sentence
    'Your gradient is −N times that of the loss that you return.'
    """
    ratio = abs(scale.data / told.data)
    names = ["sign"] if scale.data * told.data < 0 else []
    names += ["mean-missing"] if scale.by_n and not told.by_n else ["mean-twice"] if told.by_n > scale.by_n else []
    names += [{2.0: "factor-two", 0.5: "factor-half"}.get(ratio, "factor")] if ratio != 1.0 else []
    names += ["factor"] if scale.over_outputs != told.over_outputs and "factor" not in names else []
    sentence = f"Your gradient is {_written(scale, told)} times that of the loss that you return."
    return Mistake(
        names[0], "the whole gradient", sentence, PRINTED_ALONE, confidence=0.5, also=tuple(dict.fromkeys(names[1:]))
    )


def _names_of(scale: Scale) -> list[str]:
    """The names of the conventions that a scale is made of."""
    found = ["ascent"] if scale.data < 0 else []
    found += ["sum"] if scale.by_n else []
    found += [name for name, size in (("double", 2.0), ("half", 0.5)) if abs(scale.data) == size]
    return found + (["mean-over-outputs"] if scale.over_outputs else [])


def _of_penalty(scale: Scale) -> str:
    if scale.penalty_over_n:
        return "penalty-over-n"
    return "penalty-halved" if abs(scale.penalty) < 1.0 else "penalty-times-n"


def _written(scale: Scale, stated: Scale) -> str:
    """Write the ratio of two conventions: −1, N, 2 N / K, 1 / N, …."""
    number = scale.data / stated.data
    above = ["N"] if scale.by_n and not stated.by_n else []
    above += ["K"] if stated.over_outputs and not scale.over_outputs else []
    below = ["N"] if stated.by_n and not scale.by_n else []
    below += ["K"] if scale.over_outputs and not stated.over_outputs else []
    sign = "−" if number < 0 else ""
    size = {0.5: "½", 0.25: "¼"}.get(abs(number), f"{abs(number):g}")
    head = " ".join([*([] if size == "1" and above else [size]), *above])
    return sign + head + "".join(f" / {one}" for one in below)


def factor_of_block(name: str, factor: str) -> Mistake:
    """Name a factor between one block and the right one.

    >>> factor_of_block("W1", "4").sentence
    'Every entry of dW1 is 4 times what it should be.'
    """
    sentence = f"Every entry of d{name} is {factor} times what it should be."
    return Mistake("factor", f"d{name}", sentence, KINDS["factor"].remedy, confidence=0.9)


def factor_of_all(factor: str) -> Mistake:
    """Name one factor between all blocks and the right ones.

    >>> factor_of_all("3").sentence
    'Every entry of the gradient is 3 times what it should be.'
    """
    sentence = f"Every entry of the gradient is {factor} times what it should be."
    return Mistake("factor", "the whole gradient", sentence, KINDS["factor"].remedy, confidence=0.9)


def factors_of(
    net: Network, points: Sequence[Point], answers: Sequence[Answer], scale: Scale, wrong: Sequence[str]
) -> dict[str, str]:
    """Return the number that a wrong block is times the right one, as one writes it, where one number is all."""
    factors: dict[str, str] = {}
    for name in wrong:
        ratios = [_ratio(net, point, answer, scale, name) for point, answer in zip(points, answers, strict=True)]
        if all(ratio is not None for ratio in ratios):
            written = _as_written([float(ratio or 0.0) for ratio in ratios], points, net.n_outputs)
            if written:
                factors[name] = written
    return factors


def _ratio(net: Network, point: Point, answer: Answer, scale: Scale, name: str) -> float | None:
    """The one number by which a block is off; None where its entries differ in it, or there is but one entry."""
    parts, given = parts_of(net, point), answer.blocks.get(name)
    if parts is None or given is None:
        return None
    right = blocks_in(scale, point, parts)[name]
    length = float((right * right).sum())
    if not length or not np.isfinite(given).all() or given.shape != right.shape or not given.any():
        return None
    factor = float((given * right).sum()) / length
    return factor if np.abs(given - factor * right).max() <= 1e-6 * np.abs(given).max() else None


def _as_written(ratios: Sequence[float], points: Sequence[Point], n_outputs: int) -> str:
    """Write a factor that is the same at every point, or a multiple of N or 1/N that is."""
    for text, divisor in (("", lambda _: 1.0), (" N", float), (" / N", lambda n: 1.0 / n)):
        numbers = [ratio / divisor(point.N) for ratio, point in zip(ratios, points, strict=True)]
        if np.ptp(numbers) <= 1e-6 * abs(numbers[0]):
            sign = "−" if numbers[0] < 0 else ""
            if text and n_outputs > 1 and abs(abs(numbers[0]) - n_outputs) < 1e-6:
                return f"{sign}K{text}"
            if text and n_outputs > 1 and abs(abs(numbers[0]) * n_outputs - 1.0) < 1e-6:
                return f"{sign}1{text} / K" if text == " / N" else f"{sign}N / K"
            return f"{sign}{abs(numbers[0]):.6g}{text}"
    return ""
