"""Hints at gradients: what ``check_backprop`` has found, told once more in an assignment's letters and direction."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from chainrule.homework.exercise import NamedMistake
from chainrule.language.translation import capital, fields_in, listed, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chainrule.homework.exercise import Verdict
    from chainrule.homework.letters import LayerLetters, Letters

HINTS: dict[str, tuple[str, str]] = {
    "mean-missing": ("{Where}: the division by N is missing, so that it is a sum over the samples.", "{mean}"),
    "mean-twice": ("{Where}: divided by N once too often.", "{mean}"),
    "bias-mean": ("{d_bias}: divided by N once too often.", "{by_bias}."),
    "bias-missing": ("{d_bias}: only zeros, so that the bias never learns.", "{by_bias}."),
    "bias-one-sample": ("{d_bias}: one sample alone enters it.", "Add up all samples: {by_bias}."),
    "bias-times-input": (
        "{d_bias}: multiplied by inputs, as if the bias were a weight.",
        "A bias meets a 1: {by_bias}.",
    ),
    "bias-not-summed": ("{d_bias}: not summed over the samples, it has a row for each.", "{by_bias}."),
    "weights-not-summed": ("{Where}: a product entry by entry, it has a row for each sample.", "{by_weights}."),
    "bias-sum-axis": ("{d_bias}: summed over the neurons, where the sum is over the samples.", "{by_bias}: axis=0."),
    "bias-from-dA": ("{d_bias}: the derivative {slope} is missing.", "{by_bias}; {back}."),
    "sum-over-everything": (
        "{Where}: one number, because the sum went over neurons and samples alike.",
        "Say over what to sum: axis=0 sums over the samples alone.",
    ),
    "one-missing": ("{Where}: a row is missing, the last one, which belongs to the 1.", "{by_weights}."),
    "sign": ("{Where}: the opposite sign; with it, {wrong_way}.", "Look for a minus: {output_error}."),
    "factor-two": ("{Where}: twice what it should be.", "Look for a 2 too many, or a ½ that is missing."),
    "factor-half": ("{Where}: half of what it should be.", "Look for a ½ too many, or a 2 that is missing."),
    "factor": (
        "{Where}: every entry is one and the same number of times what it should be.",
        "Look for a constant that does not belong there, or for one that is missing.",
    ),
    "derivative-missing": ("Missing in {where}: the derivative {slope}.", "{back}."),
    "derivative-twice": ("Twice in {where}: the derivative {slope}.", "{back}."),
    "derivative-of-preactivation": (
        "In {where} the derivative is written for {after}, after the activation, and gets {before}.",
        "{back}.",
    ),
    "derivative-of-activation": (
        "In {where} the derivative is written for {before}, before the activation, and gets {after}.",
        "{back}.",
    ),
    "derivative-miswritten": (
        "The derivative of the activation is written wrongly in {where}: a factor or a square is missing, or a sign.",
        "It is {slope}.",
    ),
    "activation-of-error": (
        "The activation is applied to the error itself in {where}; the error must be multiplied by {slope}.",
        "{back}.",
    ),
    "derivative-of-error": (
        "The derivative in {where} is taken at the error that comes back, not at what went forward.",
        "{back}.",
    ),
    "derivative-turned": ("Turned round in {where}: the derivative {slope} stops what should pass.", "{back}."),
    "activation-for-derivative": ("In {where}, {after} itself stands where its derivative {slope} belongs.", "{back}."),
    "derivative-of-other-layer": ("The derivative in {where} is taken at another layer's values.", "{back}."),
    "output-derivative-extra": (
        "The output's error has a derivative too many: that has cancelled with the loss's.",
        "{output_error}, and nothing more.",
    ),
    "output-derivative-missing": ("The output's error lacks the derivative {slope}.", "{output_error}."),
    "preactivation-for-input": (
        "{d_weights}: made of values before the activation, not of {inputs}.",
        "{by_weights}.",
    ),
    "wrong-input": ("{d_weights}: made of another layer's values, not of {inputs}.", "{by_weights}."),
    "weights-for-input": ("{d_weights}: made of the weights themselves, not of {inputs}.", "{by_weights}."),
    "weights-transposed": ("The error goes back through {weights} without a transpose.", "{passed}."),
    "weights-missing": ("The error goes back without {weights}.", "{passed}."),
    "gradient-zero": ("Only zeros in the gradient of {where}: nothing there ever learns.", "{by_weights}."),
    "updated-weights": (
        "The error goes back through {weights} as after the step, not as before it.",
        "Compute the whole gradient first, then step.",
    ),
    "gradient-for-weights": ("The error goes back along {d_weights}, not along {weights}.", "{passed}."),
    "wrong-error": ("Another layer's error stands in {where}.", "{by_weights}; {back}."),
    "one-sample": ("Only one sample enters {where}.", "Add up all samples, do not overwrite."),
    "softmax-axis": (
        "The softmax is taken over the samples, where it must be taken over the outputs of each sample.",
        "Sum over the outputs: axis=-1, keepdims=True.",
    ),
    "softmax-over-everything": (
        "The softmax is taken over the whole array: all samples together sum to 1.",
        "Sum over the outputs of each sample: axis=-1, keepdims=True.",
    ),
    "softmax-diagonal": (
        "The derivative of the softmax is taken entry by entry, but every output depends on all of its inputs.",
        "All of it is in {output_error}.",
    ),
    "exponent-sign": (
        "The sigmoid in {where} has lost the minus of its exponent: it falls where it should rise.",
        "{forward}.",
    ),
    "activation-wrong": ("The activation in {where} is another one than is asked for.", "{forward}."),
    "bias-not-added": ("{bias} is not added in {where}.", "{forward}."),
    "loss-and-gradient-differ": ("This is the gradient of another loss.", "The loss is {loss}."),
    "integers": (
        "Numbers are cut to whole ones on the way.",
        "Make arrays of floats, without dtype=int, and divide by / and not by //.",
    ),
    "blocks-swapped": ("Two parts of the gradient are exchanged: {where}.", "{returns}"),
    "columns-swapped": ("{Where}: columns or rows are in another order.", "Keep inputs and neurons in their order."),
    "inner-for-outer": ("{Where}: one number, where each weight has a derivative of its own.", "{by_weights}."),
    "bias-row-kept": (
        "The bias's row stays in on the way back: what it leads from is a 1, which nothing is before.",
        "Leave it out before you go on back.",
    ),
    "wrong-weight": ("The error goes back to a hidden neuron along another neuron's weight.", "{passed}."),
    "gradient-transposed": ("{Where}: transposed, rows and columns are exchanged.", "{by_weights}."),
    "changes-arguments": (
        "It changes the arrays that it is given; whoever hands them over finds other numbers in them.",
        "Make new arrays: a line with −=, += or […] = writes into what was handed over.",
    ),
    "broadcast": (
        "Arrays of shapes (N,) and (N, 1) meet: what comes of it is N × N.",
        "Give both the same shape first.",
    ),
    "accumulated": (
        "Gradients add up over calls: a second call at the same place gives more.",
        "Start every call with zeros.",
    ),
    "stale": (
        "A second call uses what the first one left behind.",
        "Compute everything anew from what is handed over.",
    ),
    "penalty-on-biases": ("The penalty is also taken of {bias}.", "Only weights are penalised."),
    "derivative-of-other-activation": (
        "The derivative in {where} is that of another activation than the forward pass has.",
        "It is {slope}.",
    ),
    "derivative-for-input": (
        "{d_weights}: made of the derivative of the layer before, where {inputs} belongs.",
        "{by_weights}.",
    ),
    "wrong-layer-fed": ("{Where} is fed with another layer's values on the way forward.", "{forward}."),
    "activation-twice": ("The activation in {where} is applied twice.", "{forward}."),
    "mean-of-wrong-count": (
        "{Where}: divided by another count than that of the samples: of features, neurons or outputs.",
        "{mean}",
    ),
    "averaged-too-early": (
        "{Where}: means over the samples are multiplied, where the products are to be averaged.",
        "Multiply sample by sample, and sum then: {by_weights}.",
    ),
    "loss-for-derivative": (
        "The loss itself stands at the top of the way back, where its derivative belongs.",
        "{output_error}.",
    ),
    "bias-outside": ("The bias in {where} is added outside the activation.", "{forward}."),
}
"""Sentence and remedy of each kind of mistake; what stands in braces are the assignment's names and equations."""

CLUES = (
    "Or: {reading}",
    "Wrong, walking backward: {blocks}.",
    "Right: {blocks}.",
    "Walking backward, the first wrong gradient is that of {block}.",
    "Nearest, though it does not explain all: {reading}",
    "The outputs of the forward pass are wrong already: look there first.",
    "It is so in {blocks} alone.",
    "Every entry of {block} is {factor} times what it should be.",
    "Every entry of {block} has the wrong sign.",
    "{block} has rank {came} where {right} is right: fewer samples enter it.",
    "{block} points along the right one (cosine {cosine}).",
    "{block} points away from the right one (cosine {cosine}).",
    "{block} points partly along the right one (cosine {cosine}).",
    "{block} holds NaN or infinity.",
    "{block} is all zeros.",
    "wrong: one mistake found.",
    "wrong: two mistakes found.",
    "wrong: {count} mistakes found.",
    "wrong: one mistake found, though other readings are possible.",
    "wrong: two mistakes found, though other readings are possible.",
    "wrong: your gradient is not the right one, and none of the mistakes I know by name explains it.",
    "right up to a factor: {reading}",
    "Your gradient is {factor} times that of {loss}.",
)
"""What else ``check_backprop`` says of a gradient, with what differs in braces."""

HIDDEN, ALL = ("every hidden layer", "every layer that has one"), "every layer"
OF_ALL = {
    "the whole gradient": "the whole gradient",
    "what it returns": "what it returns",
    "the whole code": "the whole code",
    "every layer's dW": "the gradients of all weights",
    "every layer's db": "the gradients of all biases",
    "all weights": "all weights",
    "all biases": "all biases",
    "the output error": "the output's error",
    "every layer, the output's too": ALL,
}
BLOCK = re.compile(r"\bd([WbZA])(\d)\b(?:\[([\d, ]+)\])?")
OUTPUTS = re.compile(r"\bdY\b")
BACKWARD = re.compile(r"^(Wrong|Right)(, walking backward)?: ")


@dataclass(frozen=True)
class Place:
    """Where a mistake is, in the assignment's words, and which layers that concerns."""

    words: str
    layers: tuple[int, ...]


def retold(verdict: Verdict, letters: Letters, shapes: dict[str, tuple[int, ...]]) -> Verdict:
    """Tell what was found of a gradient in an assignment's letters.

    Parameters
    ----------
    verdict : Verdict
        As ``check_backprop`` tells it, with dW1, db1, ….
    letters : Letters
    shapes : dict of str to tuple
        The shapes of W1, b1, ….
    """
    teller = Teller(letters.said(), shapes)
    guessed = verdict.status == "crashed" and not letters.augmented  # from a shape that is one too many
    named = (one for one in verdict.mistakes if not (guessed and one.name == "bias-row-kept"))
    mistakes = tuple(map(teller.mistake, named))
    if verdict.status == "crashed":
        mistakes = tuple(_guessed(one) if one.name == "bias-row-kept" else one for one in mistakes)
    clues = tuple(teller.sentence(clue) for clue in verdict.clues if not clue.startswith("I called "))
    return replace(verdict, mistakes=mistakes, clues=clues, where=teller.sentence(verdict.where))


def _guessed(one: NamedMistake) -> NamedMistake:
    """A guess from two sizes of which one is one more, told as a guess."""
    asked = "Two sizes differ by one: is the bias's row or the column of ones still in, or left out too early?"
    return replace(one, sentence=say(asked), remedy=say("Or a matrix is not transposed: print both shapes."))


@dataclass(frozen=True)
class Teller:
    """Speaks of a gradient in an assignment's letters."""

    letters: Letters
    shapes: dict[str, tuple[int, ...]]

    def mistake(self, one: NamedMistake) -> NamedMistake:
        """Tell a mistake; what its own sentence says more than its kind's, stays."""
        if one.name == "bias-row-kept" and not self.letters.augmented:  # the same numbers
            return replace(self.mistake(replace(one, name="wrong-weight")), name="wrong-weight")
        place = self.place(one.where)
        known = self.letters.own.get(one.name) or HINTS.get(one.name)
        if known is None:
            return replace(one, sentence=self.sentence(one.sentence), remedy=self.sentence(one.remedy), where="")
        sentence, remedy = (self._filled(text, place) for text in known)
        found = next(filter(None, (_pattern(kind).match(one.sentence) for kind in HINTS)), None)
        said = sentence if found is None else f"{sentence} {self.sentence(one.sentence[found.end() :].strip())}".strip()
        if found is None and one.name == "factor":
            said = self.sentence(one.sentence)
        return NamedMistake(one.name, said, remedy, "")

    def sentence(self, text: str) -> str:
        """Tell a sentence: those of known kinds in the assignment's words, in the rest its names alone."""
        if text.startswith("Your code raised"):
            return text
        if text.startswith("Shapes: W is (n_in, n_out)"):
            return say("The way back is: {lines}.", lines="; ".join(self._lines()))
        for kind in HINTS:
            text = _pattern(kind).sub(partial(self._of_kind, kind), text)
        text = text.replace("It is the direction to go, for code that adds it: then it is right, and its loss is the "
                            "negative.", self._other_way())  # fmt: skip
        for clue in CLUES:
            if (found := fields_in(text, clue)) is not None:
                return say(clue, **{name: self._part(part) for name, part in found.items()})
        return capital(self.named(text))

    def _lines(self) -> list[str]:
        """The lines of the derivation, walking backward; what is handed over is no line."""
        lines = [line for layer in reversed(self.letters.layers) for line in (layer.back, layer.by_weights)]
        return list(dict.fromkeys(line for line in lines if "=" in line or len(lines) < 5))

    def _part(self, text: str) -> str:
        """Tell what stands in a clue: a sentence, or blocks."""
        return self._listed(text) if BLOCK.match(text) else self.named(text)

    def _listed(self, text: str) -> str:
        first, _, last = text.rpartition(" and ")
        if not first:
            return self.named(text)
        more = re.fullmatch(r"(\d+) more", last)
        return listed([self.named(first), say("{number} more", number=more[1]) if more else self.named(last)])

    def _other_way(self) -> str:
        down = say("it points down, and the way to go here is up.")
        return down if self.letters.climbs else say("it points up, and the way to go here is down.")

    def _of_kind(self, kind: str, found: re.Match[str]) -> str:
        place = self.place(found.groupdict().get("where") or "")
        return self._filled((self.letters.own.get(kind) or HINTS[kind])[0], place)

    def named(self, text: str) -> str:
        """Put the assignment's names in the place of dW1, dZ2, K and the like."""
        text = OUTPUTS.sub(say("the output's error"), BLOCK.sub(self._block, text))
        return re.sub(r"\bK\b", str(self.shapes[f"W{len(self.letters.layers)}"][1]), text)

    def _block(self, found: re.Match[str]) -> str:
        kind, number, index = found[1], int(found[2]), found[3]
        layer = self.letters.layers[number - 1]
        if kind in "ZA":
            return layer.error if kind == "Z" else say("what comes back to {layer}", layer=layer.name)
        if index is None:
            return self.letters.block(f"d{kind}{number}")
        place = tuple(int(part) for part in index.split(","))
        return self.letters.entry_of(f"d{kind}{number}", place, self.shapes[f"{kind}{number}"])

    # Places.

    def place(self, where: str) -> Place:
        """Say where a mistake is."""
        count = len(self.letters.layers)
        where = where[:1].lower() + where[1:] if where[1:2].islower() else where
        named = (k for k, layer in enumerate(self.letters.layers) if where in (layer.d_weights, layer.d_bias))
        if (layer := next(named, None)) is not None:
            return Place(where, (layer,))
        if where in HIDDEN:
            hidden = tuple(range(count - 1)) or (0,)
            return Place(self.letters.layers[0].name if count <= 2 else say(where), hidden)
        if where in ("every layer", "dA", *OF_ALL):
            return Place(self._whole(where, count), tuple(range(count)))
        numbers = tuple(dict.fromkeys(int(digit) - 1 for digit in re.findall(r"\d", where)))
        words = re.sub(r"\blayer (\d)", lambda found: self.letters.layers[int(found[1]) - 1].name, where)
        return Place(self._listed(words) or say("what it returns"), numbers or (count - 1,))

    def _whole(self, where: str, count: int) -> str:
        if count == 1:
            one = self.letters.layers[0]
            names = {ALL: one.name, "every layer's dW": one.d_weights, "every layer's db": one.d_bias}
            return names.get(where) or say(OF_ALL.get(where, one.name))
        return say(OF_ALL.get(where, ALL))

    def _blocks(self, name: str, place: Place) -> str:
        """The blocks of a place; where all layers have one name for them, with the place."""
        called = {getattr(self.letters.layers[k], name) for k in place.layers}
        if len(place.layers) > 1 and len(called) == 1:
            all_ = len(place.layers) == len(self.letters.layers)
            return say("{what} in {layer}", what=called.pop(), layer=say(ALL) if all_ else place.words)
        letter = name[2]
        return _of_all(
            self.letters.block(f"d{'W' if letter == 'w' else 'b'}{k + 1}")
            for k in place.layers
            if letter == "w" or f"b{k + 1}" in self.shapes
        )

    def _filled(self, text: str, place: Place) -> str:
        """Fill a template with what the layers of a place are called."""
        layers = [self.letters.layers[k] for k in place.layers]
        below = [self.letters.layers[k - 1] for k in place.layers if k] or layers
        blocks = {name: self._blocks(name, place) for name in ("d_weights", "d_bias")}
        names = ("weights", "bias", "inputs", "before", "after", "slope")
        fields = {name: _of_all(getattr(one, name) for one in layers) for name in names}
        lines = {name: _lines(layers, name) for name in ("forward", "by_weights", "by_bias", "back")}
        wrong_way = say("the ascent goes down") if self.letters.climbs else say("the descent climbs")
        filled = say(
            text, where=place.words, passed=_lines(below, "back"),
            wrong_way=wrong_way, output_error=self.letters.output_error,
            mean=self.letters.mean, loss=self.letters.loss, returns=self.letters.returns,
            **blocks, **fields, **lines,
        )  # fmt: skip
        return capital(filled)


def _of_all(names: Iterable[str]) -> str:
    return listed(list(dict.fromkeys(name for name in names if name)))


def _lines(layers: Sequence[LayerLetters], name: str) -> str:
    return "; ".join(dict.fromkeys(line for layer in reversed(layers) if (line := getattr(layer, name))))


@lru_cache(maxsize=128)
def _pattern(kind: str) -> re.Pattern[str]:
    """How ``check_backprop`` words a kind of mistake, its place as a group."""
    from chainrule.check.edits.kinds import KINDS

    if kind not in KINDS:
        return re.compile(r"(?!)")
    before, where, after = KINDS[kind].sentence.partition("{where}")
    place = r"(?P<where>[^.:\s][^.:]*?)" if where else ""
    return re.compile(re.escape(before) + place + re.escape(after))
