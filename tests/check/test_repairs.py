"""Lines to change: code of which no mistake has a name is repaired by small edits of its own text."""

from __future__ import annotations

import ast
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from tests.check.written import as_module

from chainrule import Dense, Network, check_backprop
from chainrule.check import backprop
from chainrule.check.repairs import told_repair
from chainrule.check.repairs.source_edits import SourceEdit, may_grow
from chainrule.check.repairs.time_limit import OutOfTime, TimeLimit
from chainrule.check.repairs.told_repair import NAME, _last_of_each_place
from chainrule.check.repairs.watched_code import Ran, watching

if TYPE_CHECKING:
    from types import ModuleType

    from chainrule.check.backprop_report import BackpropReport

NEURON = Network([Dense(1, "sigmoid")], n_features=2, loss="log_loss")
TWO_LAYERS = Network([Dense(3, "sigmoid"), Dense(2, "sigmoid")], n_features=2, loss="half_squared_error")


def module_of(folder: Path, text: str) -> ModuleType:
    """Import a file of this text."""
    folder = folder / str(len(list(folder.iterdir())))  # no two texts in one file: Python may have kept the first
    folder.mkdir()
    path = folder / "student.py"
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return as_module(path)


def told(report: BackpropReport) -> list[tuple[str, str]]:
    """The lines to change and what is written there."""
    return [(one.where, one.remedy) for one in report.mistakes if one.name == NAME]


LOGISTIC = """
import numpy as np

def logistic(z):
    return 1 / (1 + np.exp(-z))

def gradient_of(X, y, w, b):
    m, n = X.shape
    dw, db = np.zeros(n), 0.0
    for i in range(m):
        f_i = logistic({scores})
        err_i = f_i - y[i]
        for j in range(n):
            dw[j] = dw[j] + err_i * X[i, j]
        db = db + err_i
    return dw / m, db / m
"""


def test_operand_in_a_call_that_belongs_behind_it(tmp_path: Path) -> None:
    """The bias added to every weight: the line is told, and with what the gradient is right; that is so."""
    report = check_backprop(module_of(tmp_path, LOGISTIC.format(scores="np.dot(X[i], w + b)")).gradient_of, NEURON)
    assert report.verdict == "wrong"
    assert not report.clues
    [(where, remedy)] = told(report)
    assert where == "line 11 of gradient_of"
    assert remedy == "Write `np.dot(X[i], w) + b` in its place. With this the gradient is right."
    assert "`np.dot(X[i], w + b)` makes the gradient wrong" in report.mistakes[0].sentence
    mended = module_of(tmp_path, LOGISTIC.format(scores="np.dot(X[i], w) + b")).gradient_of
    assert check_backprop(mended, NEURON).ok


NEURONS = """
import math

class Neuron:
    def __init__(self, n):
        self.weights = [0.1 * (k + 1) for k in range(n)]

    def run(self, inputs):
        self.inputs = inputs
        net = 0.0
        for k in range(len(inputs)):
            net += inputs[k] * self.weights[k]
        self.value = 1 / (1 + math.exp(-net))
        return self.value

    def slope(self):
        return self.value * (1 - self.value)

class Net:
    RATE = 0.5

    def __init__(self, n_in, n_hidden, n_out):
        self.hidden = [Neuron(n_in) for _ in range(n_hidden)]
        self.out = [Neuron(n_hidden) for _ in range(n_out)]

    def forward(self, inputs):
        return [one.run([h.run(inputs) for h in self.hidden]) for one in self.out]

    def train(self, inputs, targets):
        self.forward(inputs)
        top = [(t - one.value) * one.slope() for t, one in zip(targets, self.out)]
        below = [sum(e * one.weights[h] for e, one in zip(top, self.out)) * self.hidden[h].slope()
                 for h in range(len(self.hidden))]
        for o, one in enumerate(self.out):
            for k in range(len(one.weights)):
                one.weights[k] = one.weights[{index}] + self.RATE * top[o] * one.inputs[k]
        for h, one in enumerate(self.hidden):
            for k in range(len(one.weights)):
                one.weights[k] = one.weights[{index}] + self.RATE * below[h] * one.inputs[k]
"""


def test_slip_that_was_made_twice(tmp_path: Path) -> None:
    """Each weight steps from its neighbour, in both layers: both lines are told."""
    net = Network(
        [Dense(4, "sigmoid", bias=False), Dense(2, "sigmoid", bias=False)], n_features=3, loss="half_squared_error"
    )
    report = check_backprop(module_of(tmp_path, NEURONS.format(index="k - 1")).Net(3, 4, 2), net)
    lines = told(report)
    assert [where for where, _ in lines] == ["line 36 of train", "line 39 of train"]
    assert lines[-1][1].endswith("With these 2 changes the gradient is right.")
    assert check_backprop(module_of(tmp_path, NEURONS.format(index="k")).Net(3, 4, 2), net).ok


TWO_LAYERS_TEXT = """
import numpy as np

def squash(z):
    return 1 / (1 + np.exp(-z))

def gradients(W1, b1, W2, b2, X, T):
    H = squash(X @ W1 + b1)
    Y = squash(H @ W2 + b2)
    top = (Y - T) * Y * (1 - Y) / len(X)
    dW2 = H.T @ top
    db2 = top.sum(axis=0)
    error = top @ W2.T
    {below}
    dW1 = X.T @ below
    db1 = below.sum(axis=0)
    return dW1, db1, dW2, db2
"""


def test_repair_of_what_is_below_leaves_the_layer_above_alone(tmp_path: Path) -> None:
    """dW2 and db2 are right: the line that is told is one on which they do not depend."""
    text = TWO_LAYERS_TEXT.format(below="below = error * H * (1 - H) * np.cos(H)")
    report = check_backprop(module_of(tmp_path, text).gradients, TWO_LAYERS)
    [(where, remedy)] = told(report)
    assert where == "line 14 of gradients"
    assert "Write `error * H * (1 - H)` in its place." in remedy
    assert report.wrong == ("db1", "dW1")


def test_code_is_what_it_was_afterwards(tmp_path: Path) -> None:
    """The function keeps its code, its file its text, its module its values."""
    text = TWO_LAYERS_TEXT.format(below="below = error * H * (1 - H) * np.cos(H)") + "\nkept = [1, 2]\n"
    module = module_of(tmp_path, text)
    codes = module.gradients.__code__, module.squash.__code__
    assert told(check_backprop(module.gradients, TWO_LAYERS))
    assert (module.gradients.__code__, module.squash.__code__) == codes
    assert module.kept == [1, 2]
    assert Path(module.__file__).read_text(encoding="utf-8") == textwrap.dedent(text)


def test_a_trace_goes_on_afterwards() -> None:
    """A debugger's, or that of a measurement of coverage."""

    def trace(*_: Any) -> None:
        return None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        with watching({}):
            assert sys.gettrace() is not trace
        assert sys.gettrace() is trace
    finally:
        sys.settrace(before)


UNRELATED = """

def {name}(x):
    called.append(x)
    return x

called = []
"""


@pytest.mark.parametrize("name", ["slope", "squash_prime"])
def test_function_that_did_not_run_is_not_called(tmp_path: Path, name: str) -> None:
    """It may do anything: what only computes is tried in the place of another, and nothing else."""
    text = TWO_LAYERS_TEXT.format(below="below = error * H * (1 - H) * np.cos(H)") + UNRELATED.format(name=name)
    module = module_of(tmp_path, text)
    assert told(check_backprop(module.gradients, TWO_LAYERS))
    assert module.called == []


def test_function_that_only_computes_is_tried(tmp_path: Path) -> None:
    """The slope of another activation is called; that of the right one stands beside it and never ran."""
    text = TWO_LAYERS_TEXT.format(below="below = error * of_tanh(H)")
    text += "\ndef of_tanh(a):\n    return 1 - a**2 + 0.1 * a\n\ndef of_squash(a):\n    return a * (1 - a)\n"
    [(where, remedy)] = told(check_backprop(module_of(tmp_path, text).gradients, TWO_LAYERS))
    assert where == "line 14 of gradients"
    assert remedy.startswith("Write `of_squash` in its place.")


def test_code_that_writes_files_is_not_run_otherwise(tmp_path: Path) -> None:
    """Nothing that reaches out of the program is edited, so no line is told; the file holds what its author writes."""
    log = tmp_path / "log.txt"
    text = TWO_LAYERS_TEXT.format(below="below = error * H * (1 - H) * np.cos(H); note(len(X))")
    text += f"\ndef note(n):\n    with open({str(log)!r}, 'w') as file:\n        file.write('samples')\n"
    report = check_backprop(module_of(tmp_path, text).gradients, TWO_LAYERS)
    assert report.verdict == "wrong"
    assert not told(report)
    assert log.read_text() == "samples"
    assert sorted(one.name for one in tmp_path.rglob("*") if one.suffix != ".pyc" and one.is_file()) == [
        "log.txt",
        "student.py",
    ]


def test_code_beside_it_that_writes_files_counts_without_its_text(tmp_path: Path) -> None:
    """What is called may reach out though its text is another by now: by its names that is seen."""
    helper = module_of(tmp_path, "def note(n):\n    with open('/dev/null', 'w') as file:\n        file.write(str(n))\n")
    Path(helper.__file__).write_text("nothing = 1\n", encoding="utf-8")
    text = TWO_LAYERS_TEXT.format(below="below = error * H * (1 - H) * np.cos(H); note(len(X))")
    module = module_of(tmp_path, text)
    module.note = helper.note
    assert not told(check_backprop(module.gradients, TWO_LAYERS))


def test_code_without_its_text_gets_no_line() -> None:
    """Code that was typed nowhere, or whose file is another by now, is judged as before."""
    names: dict[str, Any] = {}
    text = TWO_LAYERS_TEXT.format(below="below = error * H * (1 - H) * np.cos(H)")
    exec(text, names)  # noqa: S102 - text of our own
    report = check_backprop(names["gradients"], TWO_LAYERS)
    assert report.verdict == "wrong"
    assert report.clues
    assert not told(report)


def test_file_that_changed_since_gets_no_line(tmp_path: Path) -> None:
    """The text that is read is held against the code that runs: lines of another text would mislead."""
    text = TWO_LAYERS_TEXT.format(below="below = error * H * (1 - H) * np.cos(H)")
    module = module_of(tmp_path, text)
    Path(module.__file__).write_text(text.replace("np.cos(H)", "np.sin(top)"), encoding="utf-8")
    assert not told(check_backprop(module.gradients, TWO_LAYERS))


GROWING = """
import numpy as np

def gradient_of(X, y, w, b):
    rows = [[one, 1.0] for one in X]
    seen = []
    for one, _ in rows:
        seen.append(one)
    scores = np.array(seen) @ w + b
    error = (1 / (1 + np.exp(-scores)) - y) * np.cos(scores) * np.cos(scores) * np.cos(scores) * np.tanh(scores)
    return np.array(seen).T @ error / len(seen), error.mean()
"""


def test_edits_that_would_grow_without_end(tmp_path: Path) -> None:
    """No list comes into itself, nor grows while it is gone through: that took all memory, and ended the process."""
    report = check_backprop(module_of(tmp_path, GROWING).gradient_of, NEURON)
    assert report.verdict == "wrong"


@pytest.mark.parametrize(
    ("line", "new", "grows"),
    [
        ("seen.append(one)", "seen", True),
        ("seen.append(one)", "other", False),
        ("seen[0] = one", "seen", True),
        ("seen[0] = one", "seen[1]", False),
        ("seen = seen + one", "seen", True),
        ("total = np.append(total, one)", "total", True),
        ("total = total + one", "total", False),
        ("self.rows = one", "self.seen", True),
        ("for one in rows: seen.append(one)", "seen", True),
        ("for one in rows: seen.append(one)", "zip(rows, seen)", True),
        ("for one in rows: total = total + one", "seen", False),
    ],
)
def test_what_may_grow(line: str, new: str, grows: bool) -> None:
    """The edits that are not run."""
    [statement], ran = ast.parse(line).body, Ran(lists={"seen"})
    assert may_grow(statement, ast.parse(new, mode="eval").body, ran) is grows


def for_ever(limit: TimeLimit) -> None:
    """Run what has no end."""
    with limit.once(0.05):
        while True:
            pass


def test_check_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """It calls code more often, and with larger numbers, than the search does: that may have no end, too."""

    def check(*_: Any) -> BackpropReport:
        while True:
            pass

    monkeypatch.setattr(told_repair, "LONGEST_CHECK", 0.05)
    with TimeLimit() as limit:
        assert told_repair._checked(check, (), None, limit) is None


def test_loop_without_end_is_ended() -> None:
    """Code that runs on is ended from another thread, again and again, and what comes after it is left alone."""
    with TimeLimit() as limit:
        for _ in range(3):
            with pytest.raises(OutOfTime):
                for_ever(limit)
            with limit.once(5.0):
                total = sum(range(1000))
            assert total == 499500


@pytest.mark.parametrize("n_features", [1, 2])
def test_right_code_gets_no_line(tmp_path: Path, n_features: int) -> None:
    """What is right is not looked at."""
    net = Network([Dense(1, "sigmoid")], n_features=n_features, loss="log_loss")
    report = check_backprop(module_of(tmp_path, LOGISTIC.format(scores="np.dot(X[i], w) + b")).gradient_of, net)
    assert report.ok
    assert not report.mistakes


SCRIPT = """
import numpy as np

X = np.array([[0.0, 0.5], [1.0, 0.2], [0.3, 1.0], [0.9, 0.8]])
y = np.array([[0.0], [1.0], [1.0], [0.0]])
rng = np.random.RandomState(1)
w_hidden, b_hidden = rng.normal(size=(2, 3)), np.zeros((1, 3))
w_out, b_out = rng.normal(size=(3, 1)), np.zeros((1, 1))
rate = 0.1

for epoch in range(50):
    hidden = 1 / (1 + np.exp(-(X @ w_hidden + b_hidden)))
    out = 1 / (1 + np.exp(-(hidden @ w_out + b_out)))
    d_out = (out - y) * out * (1 - out)
    d_hidden = (d_out @ w_out.T) * hidden * (1 - hidden)
    w_out -= rate * hidden.T @ d_out
    b_out -= rate * d_out.sum(axis=0, keepdims=True)
    w_hidden -= rate * X.T @ d_hidden
    b_hidden -= rate * {step}
"""


def test_line_of_a_script(tmp_path: Path) -> None:
    """The lines of a script are repaired as those of a function are."""
    path = tmp_path / "script.py"
    path.write_text(SCRIPT.format(step="d_hidden.sum(axis=0, keepdims=True) * np.tanh(w_out.T)"), encoding="utf-8")
    net = Network([Dense(3, "sigmoid"), Dense(1, "sigmoid")], n_features=2, loss="half_squared_error")
    [(where, remedy)] = told(check_backprop(path, net))
    assert where == "line 19"
    assert "`rate * d_hidden.sum(axis=0, keepdims=True)`" in remedy


COUNTED = (
    TWO_LAYERS_TEXT.replace("H = squash", "note()\n    H = squash")
    + """
class Kept:
    count = 1
    rows = [[1, 2], [3]]

CALLS, TABLE, GRID = 0, {{"a": [1]}}, np.zeros(3)
INNER = Kept.rows[0]

def note(seen=[]):
    global CALLS
    CALLS = CALLS + 1
    Kept.count = Kept.count * 1
    TABLE["a"][0] = TABLE["a"][0] * 1
    GRID[:] = GRID + 1
    seen.append(1)
"""
)


UNIT_BY_UNIT = """
import math

def gradients(W1, b1, W2, b2, X, T):
    n, n_hidden, i = len(X), len(b1), 0
    g = [[[0.0] * n_hidden for _ in W1], [0.0] * n_hidden, [[0.0] for _ in W2], [0.0]]
    for x, t in zip(X, T):
        hidden = [math.tanh(sum(x[i] * W1[i][j] for i in range(len(x))) + b1[j]) for j in range(n_hidden)]
        out = sum(hidden[j] * W2[j][0] for j in range(n_hidden)) + b2[0]
        error = (out - t[0]) / n
        g[3][0] += error
        for j in range(n_hidden):
            g[2][j][0] += hidden[j] * error
            back = error * W2[j][0]
            back *= 1 - hidden[{k}] ** 2
            g[1][j] += back
            for i in range(len(x)):
                g[0][i][j] += x[i] * back
    return g
"""


def test_unit_for_which_a_wrong_index_is_right(tmp_path: Path) -> None:
    """The index of the loop within is left over from the unit before: for one unit it is right by chance."""
    net = Network([Dense(3, "tanh"), Dense(1)], n_features=3, loss="half_squared_error")
    assert check_backprop(module_of(tmp_path, UNIT_BY_UNIT.format(k="j")).gradients, net).ok
    [(where, remedy)] = told(check_backprop(module_of(tmp_path, UNIT_BY_UNIT.format(k="i")).gradients, net))
    assert where == "line 15 of gradients"
    assert remedy.startswith("Write `j` in its place.")


RECTIFIED = (
    TWO_LAYERS_TEXT.replace("H = squash(X @ W1 + b1)", "H = np.maximum(0, X @ W1 + b1)")
    + """

def slope(a):
    return np.where(a > {at}, 1.0, 0.0)
"""
)


def test_entries_that_are_0_anyway(tmp_path: Path) -> None:
    """Of a unit that is never active they are right whatever is written: that holds no statement back."""
    net = Network([Dense(3, "relu"), Dense(2, "sigmoid")], n_features=2, loss="half_squared_error")
    module = module_of(tmp_path, RECTIFIED.format(below="below = error * slope(H)", at=1))
    [(where, remedy)] = told(check_backprop(module.gradients, net))
    assert where.endswith("of slope")
    assert remedy.startswith("Write `0` in its place.")


def test_what_modules_and_classes_hold_is_put_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Edits change numbers, lists, dicts and arrays of the student's: they hold what they held before the edits."""
    text = COUNTED.format(below="below = error * H * (1 - H) * np.cos(H)")
    module = module_of(tmp_path, text)
    assert told(check_backprop(module.gradients, TWO_LAYERS))
    without = module_of(tmp_path, text)
    monkeypatch.setattr(backprop, "with_repair", lambda *of: of[3])
    check_backprop(without.gradients, TWO_LAYERS)
    assert isinstance(module.CALLS, int)
    assert 0 <= module.CALLS - without.CALLS <= 20, "calls of the code as it is"
    assert (module.Kept.count, type(module.Kept.count)) == (1, int)
    assert module.Kept.rows == [[1, 2], [3]]
    assert module.INNER is module.Kept.rows[0]
    assert module.TABLE == {"a": [1]}
    assert np.ptp(module.GRID) == 0
    assert module.GRID[0] == module.CALLS == len(module.note.__defaults__[0])


CAUGHT = """
    k = 0
    while True:
        try:
            k += 1
            if k == 3:
                break
        except:
            continue
"""
ENDLESS = """
    k = sum(itertools.islice(itertools.count(2), 2))
"""


@pytest.mark.parametrize("lines", [CAUGHT, ENDLESS], ids=["caught", "endless"])
def test_code_that_could_not_be_ended_is_not_edited(tmp_path: Path, lines: str) -> None:
    """A bare except would catch what ends it; a sum of all numbers is one call that nothing ends."""
    text = TWO_LAYERS_TEXT.format(below=f"below = error * H * (1 - H) * np.cos(H){lines}")
    report = check_backprop(module_of(tmp_path, "import itertools\n" + text).gradients, TWO_LAYERS)
    assert report.verdict == "wrong"
    assert not told(report)


def test_number_of_rounds_is_called_count_by_many(tmp_path: Path) -> None:
    """A name that a module of Python has, too, is a name like others."""
    text = TWO_LAYERS_TEXT.format(below="count = 1.0\n    below = error * H * (1 - H) * np.cos(H) * count")
    assert told(check_backprop(module_of(tmp_path, text).gradients, TWO_LAYERS))


MEAN = """
import numpy as np

def gradient_of(X, y, w, b):
    p = 1 / (1 + np.exp(-(X @ w + b)))
    d = {error}
    return X.T @ d, d.sum()
"""


def test_parentheses_that_are_missing(tmp_path: Path) -> None:
    """p - y / m for (p - y) / m; the other way to write it is right up to a factor, and comes later."""
    [(_, remedy)] = told(check_backprop(module_of(tmp_path, MEAN.format(error="p - y / len(X)")).gradient_of, NEURON))
    assert remedy == "Write `(p - y) / len(X)` in its place. With this the gradient is right."


def test_right_up_to_a_factor_is_told_as_such(tmp_path: Path) -> None:
    """What is right after the change is a sum: so it is said."""
    report = check_backprop(module_of(tmp_path, MEAN.format(error="(p - y) * np.cos(p)")).gradient_of, NEURON)
    [(_, remedy)] = told(report)
    assert "With this the gradient is right up to a factor. Your gradient is N times that of the mean" in remedy
    assert report.verdict == "wrong"


def test_text_is_quoted_as_it_was_written(tmp_path: Path) -> None:
    """So that it is found: with its quotes, spaces and letters."""
    text = TWO_LAYERS_TEXT.format(below="below = (error*H * (1-H)) * (np.cos(H))  # σ′")
    report = check_backprop(module_of(tmp_path, text).gradients, TWO_LAYERS)
    assert "`below = (error*H * (1-H)) * (np.cos(H))  # σ′`" in report.mistakes[0].sentence
    assert "<code>below = (error*H * (1-H)) * (np.cos(H))  # σ′</code>" in report._repr_html_()


SLIPS = {
    "another reduction": (
        TWO_LAYERS_TEXT.replace("below.sum(axis=0)", "below.std(axis=0)"),
        "Write `below.sum(axis=0)`",
    ),
    "the other end": (
        TWO_LAYERS_TEXT.replace("top @ W2.T", "(top @ np.hstack((W2.T, X[:2, :1])))[:, 1:]"),
        "Write `:-1` in its place.",
    ),
}


@pytest.mark.parametrize(("text", "remedy"), SLIPS.values(), ids=SLIPS)
def test_slips_that_a_tester_made(tmp_path: Path, text: str, remedy: str) -> None:
    """Each is mended by one change."""
    [(_, told_remedy)] = told(
        check_backprop(module_of(tmp_path, text.format(below="below = error * H * (1 - H)")).gradients, TWO_LAYERS)
    )
    assert told_remedy.startswith(remedy)


def test_two_edits_of_one_place_are_one_change() -> None:
    """What was put there first is not told: a number that is two off is reached by two steps."""
    [statement] = ast.parse("a = b[2]").body
    index = (statement.value, "slice", None)
    edits = [
        SourceEdit(None, "number", statement, ((place, None),)) for place in (index, (statement, "value", None), index)
    ]
    assert _last_of_each_place(edits) == edits[1:]
