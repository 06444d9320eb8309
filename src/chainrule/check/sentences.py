"""Sentences: an edit's place, its line of the derivation, and what a mistake is called, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chainrule.check.backprop_report import Mistake
from chainrule.check.edits.kinds import KINDS

if TYPE_CHECKING:
    from chainrule.check.edits.program import Edit
    from chainrule.check.search import Explanation

GROUPS = {
    "gradient": "the whole gradient",
    "ones": "the augmented matrices, whose ones are on the other side",
    "dW": "every layer's dW",
    "db": "every layer's db",
    "dZ": "every hidden layer",
    "every dZ": "every layer, the output's too",
    "A": "every layer that has one",
    "every Z": "every layer",
    "gW": "all weights",
    "gb": "all biases",
}
OF_LAYERS = ("bias in {where}", "of W in {where}", "is 0 in {where}")  # sentences that want a layer for a place


def told_kind(name: str) -> str:
    """Return a kind's sentence and remedy."""
    return f"{KINDS[name].sentence} {KINDS[name].remedy}"


def told_mistake(name: str, where: str = "the whole code") -> Mistake:
    """Return a mistake that no edit of the derivation is."""
    kind = KINDS[name]
    return Mistake(name, where, sentence_of(kind.sentence, where), kind.remedy)


def place_of(edit: Edit) -> str:
    """Say where an edit is."""
    if edit.symbol in GROUPS:
        of_layers = any(words in KINDS[edit.kind].sentence for words in OF_LAYERS)
        return "every layer" if of_layers else GROUPS[edit.symbol]
    scale = edit.kind in ("mean-missing", "mean-twice", "sign", "factor-two", "factor-half", "integers")
    if scale:
        return edit.symbol
    return edit.symbol if edit.layer is None else f"layer {edit.layer}"


def sentence_of(template: str, where: str) -> str:
    """Put a place into a kind's sentence.

    >>> sentence_of("{where} has the opposite sign.", "the whole gradient")
    'The whole gradient has the opposite sign.'
    """
    text = template.format(where=where)
    return text[0].upper() + text[1:] if text[0] != "d" else text


def spelled(explanation: Explanation) -> str:
    """Write an explanation's mistakes one after the other."""
    return " ".join(sentence_of(KINDS[edit.kind].sentence, place_of(edit)) for edit in explanation.edits)
