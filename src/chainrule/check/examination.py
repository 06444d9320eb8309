"""The examination: answers at several points read, diagnosed, and told."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.check.backprop_report import BackpropReport, Mistake, Sample, listed, samples_of
from chainrule.check.conventions import Answer, Scale, outcome, same
from chainrule.check.diagnosis import FORWARD, MistakeFinder, backward_order
from chainrule.check.edits.kinds import KINDS
from chainrule.check.edits.program import steps_of
from chainrule.check.returned_values import as_items, as_outputs, out_of_order, readings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chainrule.check.diagnosis import Diagnosis
    from chainrule.check.edits.program import Edit, Point, Vector
    from chainrule.check.returned_values import Raw
    from chainrule.check.search import Explanation
    from chainrule.network.network import Network

MOST_READINGS = 60
STEPS_FOR_PAIRS = (60_000, 40_000, 20_000, 20_000)  # that are run in each reading
TRIED_READINGS = 6  # of those that make as much sense
SHOWN_ENTRIES = 4  # of a mistake that is made in some alone
OTHERS = 3  # readings of the same numbers that are told

GROUPS = {
    "gradient": "the whole gradient",
    "ones": "the augmented matrices, whose ones are on the other side",
    "dW": "every layer's dW",
    "db": "every layer's db",
    "dZ": "every hidden layer",
    "gW": "all weights",
    "gb": "all biases",
}
OF_LAYERS = ("bias in {where}", "of W in {where}", "is 0 in {where}")  # sentences that want a layer for a place


def examine(net: Network, points: Sequence[Point], raws: Sequence[Raw], notes: Sequence[str] = ()) -> BackpropReport:
    """Say what is wrong with answers at these points: of different numbers of samples, and all with one reading."""
    ways = read(net, points, raws)
    answers, diagnosis = _best(net, points, ways) if ways else ([], None)
    unexplained = diagnosis is None or not (diagnosis.ok or diagnosis.explanations)
    if unexplained and (scrambled := _scrambled(net, points, raws)) is not None:
        return replace(scrambled, notes=tuple(notes))
    if diagnosis is None:
        return _unreadable(net, points[0], raws[0], notes)
    return tell(net, points[0], answers[0], diagnosis, notes, told=raws[0].loss is not None)


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
        if MistakeFinder(net, points, answers).diagnose().ok:
            where = ", ".join(f"d{name}" for name in found[0][1])
            return BackpropReport(False, (told_mistake("blocks-swapped", f"they come as {where}"),))
    return None


def _best(net: Network, points: Sequence[Point], ways: Sequence[list[Answer]]) -> tuple[list[Answer], Diagnosis]:
    """Return the reading that can be explained: a wrong gradient can be read in more ways than one.

    Single mistakes are looked for in all readings, then pairs in the first few: the usual ones are given more time.
    """
    chances = [(answers, 0) for answers in ways] + list(zip(ways, STEPS_FOR_PAIRS, strict=False))
    for answers, steps in chances:
        found = MistakeFinder(net, points, answers).diagnose(steps_for_pairs=steps)
        if found.ok or (found.explanations and not found.partly):
            return answers, found
    return ways[0], MistakeFinder(net, points, ways[0]).diagnose()


def read(net: Network, points: Sequence[Point], raws: Sequence[Raw]) -> list[list[Answer]]:
    """Read the gradients of all points in the same way: the ways in which most blocks make sense."""
    ways = [
        [raw.gradients] if raw.exact else list(islice(readings(net, gradients_of(raw)), MOST_READINGS)) for raw in raws
    ]
    count = min(len(way) for way in ways)
    if count == 0:
        return []
    parts = [_parts(net, point) for point in points]

    def sense(k: int) -> int:
        return sum(
            _is_made_of(way[k][name], *part[name]) for way, part in zip(ways, parts, strict=True) for name in net.shapes
        )

    senses = [sense(k) for k in range(count)]
    best = [k for k in range(count) if senses[k] == max(senses)][:TRIED_READINGS]
    outputs = [as_outputs(net, raw.Y, point.N) for point, raw in zip(points, raws, strict=True)]
    return [
        [Answer(raw.loss, Y, way[k], steps=raw.updated) for raw, Y, way in zip(raws, outputs, ways, strict=True)]
        for k in best
    ]


def gradients_of(raw: Raw) -> Any:
    """Return gradients: of updated parameters −Δ / rate."""
    if not raw.updated:
        return raw.gradients
    before, after = (as_items(one) for one in raw.gradients)
    if len(before) != len(after) or any(b.shape != a.shape for (_, b), (_, a) in zip(before, after, strict=True)):
        return None
    steps = [((b - a) / (raw.rate or 1.0), name) for (name, b), (_, a) in zip(before, after, strict=True)]
    if all(name is not None for _, name in steps):
        return {name: step for step, name in steps}
    return [step for step, _ in steps]


def _parts(net: Network, point: Point) -> dict[str, tuple[Vector, Vector]]:
    """The data's and the penalty's part of each block."""
    whole = outcome(net, point, Scale())
    data = outcome(net, replace(point, l2=0.0), Scale())
    assert whole is not None, "The right program runs."  # noqa: S101
    assert data is not None, "The right program runs."  # noqa: S101
    return {name: (data.blocks[name], whole.blocks[name] - data.blocks[name]) for name in net.shapes}


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
    net: Network, point: Point, answer: Answer, found: Diagnosis, notes: Sequence[str], *, told: bool
) -> BackpropReport:
    """Put a diagnosis into words."""
    notes = list(notes)
    conventions = tuple(found.scale.words) if not found.wrong else ()
    if conventions and not told:
        notes.append("Your code tells no loss, so what is unusual about its gradient is taken for your convention.")
    mistakes = list(_mistakes(net, found))
    clues: list[str] = []
    if found.forward_wrong and not any(one.name in FORWARD for one in mistakes):
        clues.append("The outputs of the forward pass are wrong already: look there first.")
    if found.loss_wrong:
        mistakes += _loss_mistakes(found)
        if found.reading is None:
            clues.append("The loss is none that I know: neither the network's own nor another.")
    if found.wrong and (found.partly or not found.explanations):
        clues += _clues(net, point, answer, found)
        mistakes += [one for one in _by_looks(point, answer, found) if one.name not in {m.name for m in mistakes}]
    right = outcome(net, point, found.scale)
    first = found.wrong[0] if found.wrong else None
    samples: tuple[Sample, ...] = ()
    if first is not None and right is not None and first in answer.blocks:
        samples = samples_of(first, answer.blocks[first], right.blocks[first])
    ok = found.ok and not mistakes
    wrong = tuple(f"d{name}" for name in found.wrong)
    right_ones = tuple(f"d{name}" for name in backward_order(net) if name not in found.wrong)
    return BackpropReport(ok, tuple(mistakes), wrong, tuple(clues), conventions, tuple(notes), samples, right_ones)


def _loss_mistakes(found: Diagnosis) -> list[Mistake]:
    if found.reading == "label-blind":
        kind = KINDS["loss-label-blind"]
        return [Mistake("loss-label-blind", "the loss", kind.sentence, kind.remedy)]
    if found.reading == "broadcast":
        return [told_mistake("broadcast", "the loss")]
    if found.reading is None:
        return [] if found.wrong else [told_mistake("loss-and-gradient-differ", "the loss")]
    if found.reading is not None:
        kind = KINDS["loss-and-gradient-differ" if not found.wrong else "loss-wrong"]
        sentence = f"{kind.sentence} The loss you compute is {found.reading}."
        return [
            Mistake("loss-and-gradient-differ" if not found.wrong else "loss-wrong", "the loss", sentence, kind.remedy)
        ]
    return []


def _mistakes(net: Network, found: Diagnosis) -> list[Mistake]:
    """Name the edits of the first explanation; what has other names and the same numbers is told as a reading."""
    if not found.explanations:
        return []
    first, *others = found.explanations
    named = [one for one in others if set(one.kinds) != set(first.kinds)]
    distinct = {frozenset(one.kinds) for one in named}
    readings_told = tuple(dict.fromkeys(_spelled(one) for one in named))[:OTHERS]
    lines = {step.symbol: str(step).replace("= slopes /", "= (Y − T) /") for step in steps_of(net, penalized=True)}
    confidence = 1.0 if len(first.edits) == 1 or not distinct else round(1.0 / (1 + len(distinct)), 2)
    mistakes = []
    for number, edit in enumerate(first.edits):
        kind = KINDS[edit.kind]
        where = place_of(edit)
        line = lines.get(next(iter(edit.changes), ""), "")
        also = tuple(sorted({other for one in named for other in one.kinds} - set(first.kinds))) if number == 0 else ()
        sentence = _sentence(kind.sentence, where)
        told_now = readings_told if number == 0 else ()
        if found.entries:
            sentence = f"{sentence} It is so in {_some(found.entries)} alone."
        one = Mistake(edit.kind, where, sentence, kind.remedy, line, confidence, told_now, also)
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


def told_kind(name: str) -> str:
    """Return a kind's sentence and remedy."""
    return f"{KINDS[name].sentence} {KINDS[name].remedy}"


def told_mistake(name: str, where: str = "the whole code") -> Mistake:
    """Return a mistake that no edit of the derivation is."""
    kind = KINDS[name]
    return Mistake(name, where, _sentence(kind.sentence, where), kind.remedy)


def place_of(edit: Edit) -> str:
    """Say where an edit is."""
    if edit.symbol in GROUPS:
        of_layers = any(words in KINDS[edit.kind].sentence for words in OF_LAYERS)
        return "every layer" if of_layers else GROUPS[edit.symbol]
    scale = edit.kind in ("mean-missing", "mean-twice", "sign", "factor-two", "factor-half", "integers")
    if scale:
        return edit.symbol
    return edit.symbol if edit.layer is None else f"layer {edit.layer}"


def _sentence(template: str, where: str) -> str:
    text = template.format(where=where)
    return text[0].upper() + text[1:] if text[0] != "d" else text


def _spelled(explanation: Explanation) -> str:
    return " ".join(_sentence(KINDS[edit.kind].sentence, place_of(edit)) for edit in explanation.edits)


def _by_looks(point: Point, answer: Answer, found: Diagnosis) -> list[Mistake]:
    """Name what a block's entries show by themselves: whole numbers, one number for all."""
    given = {name: answer.blocks[name] for name in found.wrong if name in answer.blocks}
    named = []
    if any(_is_whole(block) or _is_whole(block * point.N) for block in given.values()):
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
    return bool(block.any()) and bool((np.abs(block - np.round(block)) <= 1e-9).all())


def _clues(net: Network, point: Point, answer: Answer, found: Diagnosis) -> list[str]:
    """What can be said of a gradient that no known mistake explains."""
    clues = [f"Wrong, walking backward: {listed([f'd{name}' for name in found.wrong])}."]
    right_ones = [f"d{name}" for name in net.shapes if name not in found.wrong]
    if right_ones:
        clues.append(f"Right: {listed(right_ones)}.")
    right = outcome(net, point, found.scale)
    name = found.wrong[0]
    if right is not None and name in answer.blocks:
        clues += _block_clues(name, answer.blocks[name], right.blocks[name])
    for explanation, share in found.nearest[:1]:
        if share >= 0.5:
            named = _spelled(explanation)
            clues.append(f"Nearest, though it does not explain all: {named}")
    return clues


def _block_clues(name: str, given: Vector, right: Vector) -> list[str]:
    clues = []
    if not np.isfinite(given).all():
        return [f"d{name} holds NaN or infinity."]
    if not given.any():
        return [f"d{name} is all zeros."]
    with np.errstate(all="ignore"):
        ratios = given / right
    middle = float(np.median(ratios))
    if np.isfinite(ratios).all() and np.ptp(ratios) <= 1e-5 * abs(middle):
        clues.append(f"Every entry of d{name} is {middle:.6g} times what it should be.")
    elif (np.sign(given) == -np.sign(right)).all():
        clues.append(f"Every entry of d{name} has the wrong sign.")
    if given.ndim == 2 and min(given.shape) > 1:
        ranks = [int(np.linalg.matrix_rank(matrix)) for matrix in (given, right)]
        if ranks[0] < ranks[1]:
            clues.append(f"d{name} has rank {ranks[0]} where {ranks[1]} is right: fewer samples enter it.")
    cosine = float((given * right).sum() / (np.linalg.norm(given) * np.linalg.norm(right) + 1e-300))
    way = "along" if cosine > 0.9 else "away from" if cosine < 0.2 else "partly along"
    clues.append(f"d{name} points {way} the right one (cosine {cosine:.2f}).")
    return clues


def _unreadable(net: Network, point: Point, raw: Raw, notes: Sequence[str]) -> BackpropReport:
    """Say which shapes came and which were expected."""
    came = [f"{name or 'an array'} of shape {array.shape}" for name, array in as_items(gradients_of(raw))]
    wanted = [f"d{name} {shape}" for name, shape in net.shapes.items()]
    clues = [raw.complaint] if raw.complaint else []
    clues += [f"I cannot match what your code returns ({listed(came) if came else 'nothing'}) with {listed(wanted)}."]
    mistakes = []
    if _one_too_many(net, raw):
        mistakes.append(replace(told_mistake("bias-row-kept"), confidence=0.8))
    squared = any(point.N in array.shape for _, array in as_items(gradients_of(raw)))
    if squared and point.N not in (net.n_features, *(layer.n_outputs for layer in net.layers)):
        kind = KINDS["broadcast"]
        if net.n_outputs == 1:
            mistakes.append(Mistake("broadcast", "the output error", kind.sentence, kind.remedy, confidence=0.8))
        clues.append(f"A length of {point.N} is the number of samples: a sum over the samples is missing.")
    return BackpropReport(False, tuple(mistakes), (), tuple(clues), (), tuple(notes))


def _one_too_many(net: Network, raw: Raw) -> bool:
    """Whether matrices [W; b] came of which some have a column more than their layer has units."""
    shapes = [array.shape for _, array in as_items(gradients_of(raw))]
    wanted = [(rows + 1, columns) for name, (rows, *rest) in net.shapes.items() for columns in rest if name[0] == "W"]
    if len(shapes) != len(wanted) or not all(layer.bias for layer in net.layers):
        return False
    for turned in (False, True):
        came = [shape[::-1] if turned else shape for shape in shapes]
        for order in (wanted, wanted[::-1]):
            more = [(len(a) == 2 and (a[0] - b[0], a[1] - b[1])) for a, b in zip(came, order, strict=True)]
            if set(more) == {(0, 0), (0, 1)}:
                return True
    return False
