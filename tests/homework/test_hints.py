"""Hints: each speaks the letters and the direction of its own sheet."""

import itertools
import re
import sys
from functools import cache
from types import ModuleType

import pytest
from corpus.evaluate_labs import judge
from corpus.lab_mistakes import SLIPS

from chainrule import labs
from chainrule.check.edits.kinds import KINDS
from chainrule.check.sentences import GROUPS, told_mistake
from chainrule.course.starter import starter
from chainrule.homework.exercise import NamedMistake, Verdict
from chainrule.homework.gradient_hints import HINTS, retold
from chainrule.labs.minimize import homework as minimize
from chainrule.labs.moons import homework as moons
from chainrule.labs.neuron import homework as neuron
from chainrule.labs.softmax import homework as softmax
from chainrule.labs.xor import homework as xor

SHEETS = {sheet.file: (lab, sheet) for lab in labs.LABS.values() for sheet in lab.homework.sheets}
SPOKEN = [
    ("moons.py", moons.LETTERS, moons.net),
    ("moons.py", moons.HANDED, moons.net),
    ("minimize.py", minimize.letters(2), minimize.one_hidden),
    ("minimize.py", minimize.letters(3), minimize.deep),
    ("minimize.py", minimize.SUMMED, minimize.deep),
    ("neuron.py", neuron.LETTERS_OF_NEURON, neuron.neuron_net),
    ("network.py", neuron.LETTERS_OF_NETWORK, neuron.network_net),
    ("network.py", neuron.LETTERS_OF_NINE, neuron.network_net),
    ("softmax.py", softmax.LETTERS, softmax.net),
    ("softmax.py", softmax.HANDED, softmax.net),
    ("xor.py", xor.LETTERS, xor.net),
]
CODE = {"e", "N", "Make", "NaN", "np", "axis", "keepdims", "True", "dtype", "ReLU"}  # what any sheet may say
WORD = re.compile(r"[^\W\d_][^\W_]*")  # also W1, DZ, dz
MARKS = str.maketrans("", "", "\u0302\u0303\u0304′ᵀ⁽⁾₀₁₂₃₄⁰¹²³ⱼ")


@cache
def letters_of(text):
    """The symbols in a text: single letters, and words that no English one looks like."""
    text = re.sub(r"'s\b|½", " ", text)
    text = re.sub(r"\ba (?=[a-z])|\bA (?=[a-z]{2})|\bA [+−]|\ba [+−](?= belongs)|\ba [½12](?= )", " ", text)
    found = {re.sub(r"\d+$", "", word.translate(MARKS)) for word in set(WORD.findall(text)) if is_symbol(word)}
    return frozenset(found - CODE - {""})


@cache
def is_symbol(word):
    plain = word.translate(MARKS)
    greek = any("α" <= sign <= "ω" for sign in plain)
    mixed = plain[1:] != plain[1:].lower() or any(sign.isdigit() for sign in plain)
    return len(plain) == 1 or greek or mixed


@cache
def sheet_letters(file):
    _lab, sheet = SHEETS[file]
    text = starter(sheet)
    return {re.sub(r"\d+$", "", word.translate(MARKS)) for word in WORD.findall(text)}


def unknown(file, text):
    return letters_of(text) - sheet_letters(file)


def told(kind, where):
    """A mistake of a kind as ``check_backprop`` tells it."""
    made = told_mistake(kind, where)
    return NamedMistake(made.name, made.sentence, made.remedy, made.where)


def places(net, kind):
    """Where ``check_backprop`` may say that something of a kind is."""
    if kind.startswith("bias") or kind == "penalty-on-biases":
        with_bias = [k for k, layer in enumerate(net.layers, start=1) if layer.bias]
        return [*(f"layer {k}" for k in with_bias), *(["every layer"] if len(with_bias) == len(net.layers) else [])]
    blocks = [f"d{name}" for name in net.shapes]
    errors = [f"dZ{k}" for k in range(1, len(net.layers) + 1)]
    layers = [f"layer {k}" for k in range(1, len(net.layers) + 1)]
    pairs = [f"{one} and {other}" for one, other in itertools.pairwise(blocks)]
    groups = [*GROUPS.values(), "every layer", "what it returns", "the whole code", "dA", "the output error"]
    return [*blocks, *errors, *layers, *pairs, *groups]


@pytest.mark.parametrize(("file", "letters", "net"), SPOKEN, ids=lambda one: getattr(one, "__name__", str(one)[:12]))
def test_every_hint_at_a_gradient_speaks_the_letters_of_its_sheet(file, letters, net):
    """Every kind of mistake, and every place: each kind at a third of them, with its remedy; clues that name blocks."""
    net, found = net(), set()
    blocks = [f"d{name}" for name in net.shapes]
    of_blocks = [f"{name}[0, 0]: yours 1, right 2." for name in blocks]
    for number, kind in enumerate(kind for kind in HINTS if kind in KINDS):
        for where in places(net, kind)[number % 3 :: 3]:
            made = told(kind, where)
            clues = (f"Or: {made.sentence}", *of_blocks)
            of_blocks = []  # they are the same beside every mistake
            verdict = retold(
                Verdict(
                    "wrong",
                    mistakes=(made,),
                    clues=clues,
                    where=f"Walking backward, the first wrong gradient is that of {blocks[0]}.",
                ),
                letters,
                net.shapes,
            )
            texts = [*verdict.clues, verdict.hint(3), verdict.where]
            found |= {(text, tuple(sorted(strange))) for text in texts if (strange := unknown(file, text))}
            for text in texts:
                assert ("descen" in text) <= (not letters.climbs), text
                assert ("ascen" in text) <= letters.climbs, text
                assert "{" not in text
                assert "  " not in text
    assert not found, sorted(found)


OF_GRADIENTS = {"gradients", "backprop", "gradient", "gradient_by_hand", "sample_gradient", "summed_gradient"}
OF_GRADIENTS |= {"nine_derivatives", "backward", "get_gradient", "Network.gradient"}


@pytest.fixture(scope="module")
def solutions():
    made = {}
    for file, (_, sheet) in SHEETS.items():
        made[file] = ModuleType(f"solved_{file}")
        sys.modules[made[file].__name__] = made[file]  # its dataclasses look themselves up
        exec(compile(sheet.solution.read_text(encoding="utf-8"), file, "exec"), vars(made[file]))  # noqa: S102
    yield made
    for module in made.values():
        del sys.modules[module.__name__]


@pytest.mark.parametrize("file", SHEETS)
def test_every_hint_at_a_value_speaks_the_letters_of_its_sheet(file, solutions):
    """Every mistake of the corpus in a function that is no gradient."""
    exercises = {one.function: one for one in SHEETS[file][1].exercises if one.function not in OF_GRADIENTS}
    found = set()
    for slip in SLIPS:
        if slip.lab_file == file and slip.function in exercises:
            verdict = judge(slip, exercises[slip.function], solutions[file])
            if verdict.status != "crashed":
                texts = [verdict.hint(3), *verdict.clues]
                found |= {(text, tuple(sorted(strange))) for text in texts if (strange := unknown(file, text))}
    assert not found, sorted(found)


def test_going_up_is_told_as_going_up():
    """S3 climbs: its error is y − ŷ, and the wrong sign goes down."""
    verdict = retold(
        Verdict("wrong", mistakes=(told("sign", "the whole gradient"),)), softmax.LETTERS, softmax.net().shapes
    )
    assert verdict.hint(3) == (
        "The whole gradient: the opposite sign; with it, the ascent goes down. Look for a minus: errs = y − ŷ."
    )


def test_a_single_neuron_has_no_layers():
    """S2's neuron is w and b, and x goes in."""
    mistakes = told("bias-missing", "layer 1"), told("wrong-input", "layer 1")
    verdict = retold(Verdict("wrong", mistakes=mistakes), neuron.LETTERS_OF_NEURON, neuron.neuron_net().shapes)
    assert "layer" not in verdict.hint(3).replace("another layer", "")
    assert "∂J/∂b = 1/N Σ (y_i − t_i) σ′(a_i)" in verdict.hint(3)
