"""The examination: answers at several points read, diagnosed, and told."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from chainrule.check.backprop_report import BackpropReport, Mistake, Sample, listed, samples_of
from chainrule.check.clues import clues_of
from chainrule.check.conventions import SAME, Answer, Scale, alone, blocks_in, flat, outcome, parts_of, same, slices_of
from chainrule.check.diagnosis import Diagnostician, backward_order
from chainrule.check.edits.kinds import KINDS
from chainrule.check.edits.program import steps_of
from chainrule.check.factors import factor_of, factor_of_all, factor_of_block, factor_of_loss, factors_of
from chainrule.check.loss_reading import FORWARD, LOSS_BLIND, read_loss
from chainrule.check.raws import gradients_of
from chainrule.check.returned_values import as_outputs, out_of_order, readings
from chainrule.check.sentences import GROUPS, place_of, sentence_of, spelled, told_mistake
from chainrule.check.told_loss import ToldLoss
from chainrule.check.unreadable import unreadable
from chainrule.check.whole_gradient import shared_factor

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chainrule.check.backprop_report import Verdict
    from chainrule.check.diagnosis import Diagnosis
    from chainrule.check.edits.program import Blocks, Point, Vector
    from chainrule.check.returned_values import Raw
    from chainrule.network.network import Network

MOST_READINGS = 60
MOST_RATES = 3  # of a step that are tried where the code does not say it
STEPS_FOR_PAIRS = (30_000, 10_000, 5_000)  # that are run in each reading
TRIED_READINGS = 6  # of those that make as much sense
SHOWN_ENTRIES = 4  # of a mistake that is made in some alone
OTHERS = 3  # readings of the same numbers that are told
WAY_BACK_IS_RIGHT = (
    "Your gradient is the derivative of the loss that you return, by differences: your way back is right."
)
IN_ENTRIES = "It is so in {} alone."
NOT_OUTPUTS = "The array with a row for each sample that you return beside the gradient does not hold the outputs."


@dataclass(frozen=True)
class Stated:
    """What is known of the code beside its answers: the caller's convention, and the loss it tells at any point."""

    convention: Scale = field(default_factory=Scale)
    loss_at: Callable[[Point], float | None] | None = None
    thorough: bool = True


def examine(
    net: Network,
    points: Sequence[Point],
    raws: Sequence[Raw],
    notes: Sequence[str] = (),
    stated: Stated | None = None,
) -> BackpropReport:
    """Say what is wrong with answers at these points: of different numbers of samples, and all with one reading."""
    stated = stated or Stated()
    ways = read(net, points, raws)
    answers, diagnosis = _best(net, points, ways, stated) if ways else ([], None)
    unexplained = diagnosis is None or not (diagnosis.ok or diagnosis.explanations)
    if unexplained and (scrambled := _scrambled(net, points, raws)) is not None:
        return replace(scrambled, notes=tuple(notes))
    if diagnosis is None:
        return unreadable(net, points[0], raws[0], notes, is_recognised(net, points, raws))
    if unexplained and (off := shared_factor(net, points, answers, stated.convention, notes)) is not None:
        return off
    return tell(net, points, answers, diagnosis, notes, stated)


def with_any_rate(
    net: Network, points: Sequence[Point], raws: Sequence[Raw], notes: Sequence[str], stated: Stated
) -> BackpropReport | None:
    """Examine steps whose rate is not known at the rates at which they could be explained; None where there is none."""
    for rate in _possible_rates(net, points, raws):
        at = [replace(point, rate=rate) for point in points]
        more = (*notes, f"Your code steps by {rate:.4g} times this gradient: that is taken for its rate.")
        found = examine(net, at, [replace(raw, rate=rate) for raw in raws], more, stated)
        if found.verdict != "wrong" or (found.mistakes and not found.clues):
            return found
    return None


def _possible_rates(net: Network, points: Sequence[Point], raws: Sequence[Raw]) -> list[float]:
    """The factors, of the mean's gradient and of the sum's, at which it is right, or wrong by one edit."""
    rates: list[float] = []
    for answers in read(net, points, raws):
        given = flat(net, answers[0].blocks)
        right = outcome(net, points[0], Scale())
        rows = np.vstack([flat(net, right.blocks)[None], alone(net, points[0], Scale()).rows]) if right else given[None]
        with np.errstate(all="ignore"):
            factors = rows @ given / (rows * rows).sum(axis=1)
            fits = np.abs(given - factors[:, None] * rows).max(axis=1) <= SAME * np.abs(given).max()
        rates += [float(one) for one in factors[fits & (factors > 0)][:MOST_RATES]]
        last = slices_of(net)[f"W{len(net.layers)}"]
        factor = float(given[last] @ rows[0][last] / (rows[0][last] @ rows[0][last]))
        if same(given[last], factor * rows[0][last]) and factor > 0:
            rates.append(factor)
    return list(dict.fromkeys(rate / n for rate in rates for n in (1, points[0].N)))


def _scrambled(net: Network, points: Sequence[Point], raws: Sequence[Raw]) -> BackpropReport | None:
    """Blocks that are all right and returned in an order that nobody would choose."""
    if raws[0].exact:
        return None
    by_point = [list(islice(out_of_order(net, gradients_of(raw)), MOST_READINGS)) for raw in raws]
    for found in zip(*by_point, strict=False):
        answers = [
            Answer(raw.loss, as_outputs(net, raw.Y, point.N), blocks, steps=raw.updated)
            for raw, point, (blocks, _) in zip(raws, points, found, strict=True)
        ]
        if Diagnostician(net, points, answers).diagnose().ok:
            where = ", ".join(f"d{name}" for name in found[0][1])
            return BackpropReport("wrong", (told_mistake("blocks-swapped", f"they come as {where}"),))
    return None


def _best(
    net: Network, points: Sequence[Point], ways: Sequence[list[Answer]], stated: Stated
) -> tuple[list[Answer], Diagnosis]:
    """Return the reading that can be explained: a wrong gradient can be read in more ways than one.

    Single mistakes are looked for in all readings, then pairs in the first few: the usual ones are given more time.
    """
    told = None if stated.loss_at is None else ToldLoss(net, points[0], stated.loss_at)
    ways = sorted(ways, key=lambda answers: not Diagnostician(net, points, answers).is_right_up_to_a_factor)
    chances = [(answers, 0) for answers in ways]
    chances += zip(ways, STEPS_FOR_PAIRS, strict=False) if stated.thorough else ()
    for answers, steps in chances:
        found = Diagnostician(net, points, answers, stated.convention, told).diagnose(steps_for_pairs=steps)
        if found.ok or (found.explanations and not found.partly):
            return answers, found
    return ways[0], Diagnostician(net, points, ways[0], stated.convention, told).diagnose()


def read(net: Network, points: Sequence[Point], raws: Sequence[Raw]) -> list[list[Answer]]:
    """Read the gradients of all points in the same way: the ways in which most blocks make sense."""
    ways = [
        [gradients_of(raw)] if raw.exact else list(islice(readings(net, gradients_of(raw)), MOST_READINGS))
        for raw in raws
    ]
    count = min(len(way) for way in ways)
    if count == 0:
        return []
    parts = [parts_of(net, point) for point in points]

    def sense(k: int) -> int:
        return sum(
            _is_made_of(way[k][name], *part[name])
            for way, part in zip(ways, parts, strict=True)
            for name in net.shapes
            if part is not None
        )

    senses = [sense(k) for k in range(count)]
    best = [k for k in range(count) if senses[k] == max(senses)][:TRIED_READINGS]
    outputs = [as_outputs(net, raw.Y, point.N) for point, raw in zip(points, raws, strict=True)]
    return [
        [Answer(raw.loss, Y, way[k], steps=raw.updated) for raw, Y, way in zip(raws, outputs, ways, strict=True)]
        for k in best
    ]


def is_recognised(net: Network, points: Sequence[Point], raws: Sequence[Raw]) -> bool | None:
    """Whether the outputs or the loss are the network's, in some convention; None where the code tells neither."""
    Ys = [as_outputs(net, raw.Y, point.N) for raw, point in zip(raws, points, strict=True)]
    if all(Y is not None for Y in Ys):
        rights = [net.forward(point.theta, point.X).Y for point in points]
        return all(Y is not None and same(Y, right) for Y, right in zip(Ys, rights, strict=True))
    losses = tuple(raw.loss for raw in raws)
    if any(loss is None for loss in losses):
        return None
    return read_loss(net, tuple(points), losses)[1] != "unknown"


def is_right_up_to_a_factor(net: Network, points: Sequence[Point], raws: Sequence[Raw]) -> bool:
    """Whether what came can be read as the network's gradient in some convention, a step at whatever rate."""
    readings_of = read(net, points, raws)
    steps = raws[0].updated and raws[0].rate is None
    return any(
        Diagnostician(net, points, answers).is_right_up_to_a_factor or (steps and _has_one_rate(net, points, answers))
        for answers in readings_of
    )


def _has_one_rate(net: Network, points: Sequence[Point], answers: Sequence[Answer]) -> bool:
    """Whether steps are one number times the gradient of the mean, or of the sum, at every point."""
    factors = []
    for point, answer in zip(points, answers, strict=True):
        if (right := outcome(net, point, Scale())) is None:
            return False
        given, wanted = flat(net, answer.blocks), flat(net, right.blocks)
        factors.append(float(given @ wanted) / float(wanted @ wanted))
        if factors[-1] <= 0 or not same(given, factors[-1] * wanted):
            return False
    return any(np.allclose(factors, [factors[0] * (p.N / points[0].N) ** k for p in points]) for k in (0, 1))


def _is_made_of(given: Vector, data: Vector, penalty: Vector) -> bool:
    """Whether a block is a combination of the right data's and penalty's parts."""
    if given.size == 1:  # of which every number is a multiple
        return False
    basis = np.stack([data.ravel(), penalty.ravel()], axis=1)
    if not np.isfinite(given).all():
        return False
    factors = np.linalg.lstsq(basis, given.ravel(), rcond=None)[0]
    return same((basis @ factors).reshape(given.shape), given) and abs(factors[0]) > 1e-12


def tell(
    net: Network,
    points: Sequence[Point],
    answers: Sequence[Answer],
    found: Diagnosis,
    notes: Sequence[str],
    stated: Stated,
) -> BackpropReport:
    """Put a diagnosis into words."""
    told = answers[0].loss is not None
    told_another = found.reading is not None and not found.by_differences
    up_to_a_factor = found.ok and (not told or told_another) and found.scale != stated.convention
    mistakes = [factor_of(net, found.scale, stated.convention)] if up_to_a_factor else list(_mistakes(net, found))
    if found.off_its_loss and found.told_scale is not None:
        up_to_a_factor, mistakes = True, [factor_of_loss(found.scale, found.told_scale)]
    if found.reading in LOSS_BLIND:
        mistakes.append(told_mistake(LOSS_NAMES[found.reading], "the loss"))
    clues: list[str] = []
    if found.forward_wrong and not any(one.name in FORWARD for one in mistakes):
        clues.append("The outputs of the forward pass are wrong already: look there first.")
    if found.wrong and (found.partly or not found.explanations):
        named = _by_looks(net, points, answers, found)
        mistakes += [one for one in named if one.name not in {mistake.name for mistake in mistakes}]
        clues += clues_of(net, points, answers, found, _right_blocks(net, points[0], found.scale))
        clues += found.own_errors
    first = found.wrong[0] if found.wrong else None
    samples: tuple[Sample, ...] = ()
    if first is not None and first in answers[0].blocks:
        samples = samples_of(first, answers[0].blocks[first], _right_blocks(net, points[0], found.scale)[first])
    wrong = tuple(f"d{name}" for name in found.wrong)
    right_ones = tuple(f"d{name}" for name in backward_order(net) if name not in found.wrong)
    verdict: Verdict = "right up to a factor" if up_to_a_factor else "right" if found.ok and not mistakes else "wrong"
    all_notes = (*notes, *_notes(net, found, told=told))
    conventions = _conventions(net, found) if found.ok and not up_to_a_factor else ()
    return BackpropReport(verdict, tuple(mistakes), wrong, tuple(clues), conventions, all_notes, samples, right_ones)


def _right_blocks(net: Network, point: Point, scale: Scale) -> Blocks:
    parts = parts_of(net, point)
    assert parts is not None, "The right program runs."  # noqa: S101
    return blocks_in(scale, point, parts)


LOSS_NAMES = {"label-blind": "loss-label-blind", "broadcast": "broadcast"}  # of losses that are mistakes themselves


def _conventions(net: Network, found: Diagnosis) -> tuple[str, ...]:
    """What is unusual about a right gradient, and about the loss beside it."""
    if found.by_differences:
        loss = "one that I do not recognise" if found.reading == "unknown" else found.reading
        return (f"your loss is {loss}, not {net.loss.name}, and your gradient is its derivative, by differences",)
    words, told = found.scale.words, found.told_scale
    if told is not None and not words:
        return tuple(f"{one}, your gradient that of the network's loss" for one in told.words)
    if told is not None and told.over_outputs and not found.scale.over_outputs:
        words = [*words, f"your loss is a mean over the {net.n_outputs} outputs too, your gradient is not"]
    return tuple(words)


def _notes(net: Network, found: Diagnosis, *, told: bool) -> list[str]:
    """What is worth knowing beside the verdict."""
    if found.by_differences and found.forward_wrong:
        return [WAY_BACK_IS_RIGHT]
    if found.not_outputs:
        return [NOT_OUTPUTS, *_notes(net, replace(found, not_outputs=False), told=told)]
    if found.reading is not None and not found.by_differences and found.reading not in LOSS_BLIND:
        loss = "none that I recognise" if found.reading == "unknown" else found.reading
        differ = "loss-and-gradient-differ: " if not found.wrong else ""
        return [f"{differ}The loss you return is {loss}; your gradient was held against that of {net.loss.name}."]
    if found.wrong and not told and (words := found.scale.words):
        return [f"Read as a gradient in this convention, since your code returns no loss: {listed(words)}."]
    return []


def _mistakes(net: Network, found: Diagnosis) -> list[Mistake]:
    """Name the edits of the first explanation; what has other names and the same numbers is told as a reading."""
    if not found.explanations:
        return []
    first, *others = found.explanations
    named = [one for one in others if set(one.kinds) != set(first.kinds)]
    distinct = {frozenset(one.kinds) for one in named}
    readings_told = tuple(dict.fromkeys(spelled(one) for one in named))[:OTHERS]
    lines = {step.symbol: str(step).replace("= slopes /", "= (Y − T) /") for step in steps_of(net, penalized=True)}
    confidence = 1.0 if len(first.edits) == 1 or not distinct else round(1.0 / (1 + len(distinct)), 2)
    mistakes = []
    for number, edit in enumerate(first.edits):
        kind = KINDS[edit.kind]
        where = place_of(edit)
        line = lines.get(next(iter(edit.changes), ""), "")
        line += f"; what you have there: {edit.reads}" if line and edit.reads else ""
        also = tuple(sorted({other for one in named for other in one.kinds} - set(first.kinds))) if number == 0 else ()
        if edit.kind == "derivative-missing" and edit.symbol == "every dZ":
            also = ("output-derivative-missing", *also)
        sentence = sentence_of(kind.sentence, where)
        told_now = readings_told if number == 0 else ()
        if found.entries:
            sentence = f"{sentence} {IN_ENTRIES.format(_some(found.entries))}"
        sure = confidence if found.sure is None else found.sure[edit.kind]
        one = Mistake(edit.kind, where, sentence, kind.remedy, line, sure, told_now, also)
        mistakes.append(_with_other_side(one))
    return mistakes


def _some(entries: Sequence[str]) -> str:
    """Name a few entries."""
    more = len(entries) - SHOWN_ENTRIES
    return listed([*entries[:SHOWN_ENTRIES], f"{more} more"] if more > 0 else list(entries))


def _with_other_side(one: Mistake) -> Mistake:
    """Add what gives the same numbers and is no edit: the way up, and whole numbers that are 0."""
    if one.name == "sign" and one.where == GROUPS["gradient"]:
        upward = "It is the direction to go, for code that adds it: then it is right, and its loss is the negative."
        return replace(one, confidence=min(one.confidence, 0.9), readings=(*one.readings, upward))
    if one.name == "gradient-zero":
        cut = KINDS["integers"].sentence
        return replace(
            one, confidence=min(one.confidence, 0.9), readings=(*one.readings, cut), also=("integers", *one.also)
        )
    return one


def _by_looks(net: Network, points: Sequence[Point], answers: Sequence[Answer], found: Diagnosis) -> list[Mistake]:
    """Name what blocks show by themselves: one factor for each, whole numbers, one number for all."""
    factors = {} if found.forward_wrong else factors_of(net, points, answers, found.scale, found.wrong)
    if set(factors) == set(found.wrong):
        if len(factors) == len(net.shapes) > 1 and len(set(factors.values())) == 1:
            return [factor_of_all(next(iter(factors.values())))]
        return [factor_of_block(name, factor) for name, factor in factors.items()]
    given = {name: answers[0].blocks[name] for name in found.wrong if name in answers[0].blocks}
    named = []
    if any(_is_whole(block) or _is_whole(block * points[0].N) for block in given.values() if block.ndim == 2):
        named.append(told_mistake("integers"))
    alike = [
        n
        for n, block in given.items()
        if block.size > 2 and block.ndim == 2 and block.any() and np.ptp(block) <= 1e-9 * abs(block).max()
    ]
    if alike:
        named.append(told_mistake("inner-for-outer", f"layer {alike[0][1:]}"))
    return [replace(one, confidence=0.7) for one in named]


def _is_whole(block: Vector) -> bool:
    """Whether a block holds whole numbers, not all of them 0."""
    if not np.isfinite(block).all():
        return False
    return bool(np.round(block).any()) and bool((np.abs(block - np.round(block)) <= 1e-9).all())
