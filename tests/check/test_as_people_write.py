"""Small programs as different people would write them: right ones are accepted, wrong ones named."""

from __future__ import annotations

import linecache
import re
import types
from pathlib import Path

import numpy as np
import pytest

from chainrule import Dense, Network, check_backprop
from chainrule.errors import InvalidValue

TEXT = Path(__file__).with_name("as_people_write.txt").read_text(encoding="utf-8")
PROGRAMS = re.findall(r"^### (.+?) \| (.+?) \| (.+?) \| (.+?)\n(.*?)(?=^### |\Z)", TEXT, re.MULTILINE | re.DOTALL)
VERDICTS = {"right": "right", "factor": "right up to a factor", "undecided": "undecided", "wrong": "wrong"}


def network_of(words):
    """``2-3-1 tanh sigmoid log_loss``, perhaps ``no-bias``."""
    widths, *names = words.split()
    bias = names[-1] != "no-bias"
    *activations, loss = names if bias else names[:-1]
    n_features, *units = map(int, widths.split("-"))
    layers = [Dense(n, activation, bias=bias) for n, activation in zip(units, activations, strict=True)]
    return Network(layers, n_features=n_features, loss=loss)


def handed_over(call, source, name):
    """Run a program's text, as a file of that name, and return what its author has in hand."""
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    space = {"np": np, "__name__": "program"}
    exec(compile(source, name, "exec"), space)  # noqa: S102 - text of our own
    return eval(call, space)  # noqa: S307 - the same


@pytest.mark.parametrize(("name", "call", "words", "truth", "source"), PROGRAMS, ids=[one[0] for one in PROGRAMS])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_program_as_people_write_it_is_served(name, call, words, truth, source):
    """What is right is accepted as it is handed over; what is wrong has its name, and no other."""
    np.random.seed(0)
    report = check_backprop(handed_over(call, source, f"<{name}>"), network_of(words))
    if truth in VERDICTS:
        assert report.verdict == VERDICTS[truth], str(report)
        return
    named = [{one.name, *one.also} for one in report.mistakes]
    assert named, str(report)
    assert all(names & set(truth.split()) for names in named), str(report)


UNKNOWN = {
    "a function": (
        "def back(W1, b1, W2, b2, X, y, extra):\n    return W1",
        "back",
        "return back(W1, b1, W2, b2, X, T, ...)",
    ),
    "a method": (
        (
            "class M:\n    def __init__(self):\n        self.W1 = np.zeros((2, 3)); self.b1 = np.zeros(3)\n"
            "        self.W2 = np.zeros((3, 1)); self.b2 = np.zeros(1)\n"
            "    def fit_to(self, X, extra, more):\n        pass"
        ),
        "M().fit_to",
        "model.W1, model.b1, model.W2, model.b2 = W1, b1, W2, b2\n    model.fit_to(X, ..., ...)\n    return model.W1",
    ),
}


@pytest.mark.parametrize(("source", "call", "wrapper"), UNKNOWN.values(), ids=UNKNOWN)
def test_a_refusal_prints_the_wrapper_in_the_codes_own_names(source, call, wrapper):
    """What is not known is left open, everything else is filled in; the wrapper is Python."""
    with pytest.raises(InvalidValue) as caught:
        check_backprop(handed_over(call, source, "<unknown>"), network_of("2-3-1 tanh sigmoid log_loss"))
    assert wrapper in str(caught.value)
    compile(str(caught.value).partition("\n")[2], "<wrapper>", "exec")


TAKES_A_SWITCH = """
class Line:
    def __init__(self):
        self.W, self.b, self.eta = np.zeros((2, 1)), np.zeros(1), 0.5

    def train(self, X, y, flavour):
        d = X @ self.W + self.b - y
        if flavour["mean"]:
            d = d / len(X)
        self.W = self.W - self.eta * X.T @ d
        self.b = self.b - self.eta * d.sum(axis=0)
"""
TAKES_LABELS = """
def backprop(W1, b1, X, labels_as_text):
    Z = X @ W1 + b1
    Y = np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)
    dZ = (Y - np.array([[float(letter) for letter in text.split()] for text in labels_as_text])) / len(X)
    return X.T @ dZ, dZ.sum(axis=0)
"""
FILLED_IN = {
    "a step of an object": (TAKES_A_SWITCH, "Line()", "2-1 identity half_squared_error", {"...": "{'mean': True}"}),
    "a function that raises": (
        TAKES_LABELS,
        "backprop",
        "2-3 softmax cross_entropy",
        {"X, T)\ncheck": "X, [' '.join(map(str, row)) for row in T])\ncheck"},
    ),
}


@pytest.mark.parametrize(("source", "call", "words", "more"), FILLED_IN.values(), ids=FILLED_IN)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_the_wrapper_that_a_refusal_prints_is_accepted_once_it_is_filled_in(source, call, words, more):
    """Who writes what is left open, and nothing else, has right code accepted."""
    student, net = handed_over(call, source, f"<{call}>"), network_of(words)
    try:
        refused = str(check_backprop(student, net))
    except InvalidValue as error:
        refused = str(error)
    wrapper = refused[refused.index("\ndef ") + 1 :]
    for left_open, filled in more.items():
        assert left_open in wrapper
        wrapper = wrapper.replace(left_open, filled)
    space = {"np": np, "model": student, "backprop": student, "net": net}
    body, _, name = wrapper.replace("def backprop", "def mine").partition("\ncheck_backprop(")
    exec(body, space)  # noqa: S102 - text of our own
    assert check_backprop(space["mine" if name.startswith("backprop") else "step"], net).verdict == "right", refused


def test_a_module_without_a_file_is_refused():
    """There is no script to read: what would be accepted is said."""
    module = types.ModuleType("script")
    with pytest.raises(InvalidValue, match="or the path of a script, got a value of type module"):
        check_backprop(module, network_of("3-4-1 sigmoid sigmoid half_squared_error no-bias"))


def test_a_dict_that_was_wanted_is_said_instead_of_numpys_sentence():
    """NumPy says that only integers are valid indices; the report says to hand over a dict or labels."""
    source = "def back(W1, b1, W2, b2, X, y):\n    return X['images'], W1, b1, W2, b2"
    code = handed_over("back", source, "<dict wanted>")
    report = check_backprop(code, network_of("2-3-1 tanh sigmoid log_loss"))
    assert report.raised
    assert any("a dict is {'W1': W1, …}" in clue for clue in report.clues)
