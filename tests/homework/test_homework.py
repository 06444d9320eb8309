"""Judging: values beside the solution's, gradients by their derivation; every kind of wrong result has its sentence."""

import re
import sys
from types import ModuleType

import numpy as np
import pytest

from chainrule import Dense, Network, labs
from chainrule.errors import InvalidValue
from chainrule.homework import Promise, Slip, backprop, compare, find, large_numbers
from chainrule.homework.exercise import Verdict
from chainrule.homework.returned_parts import told_apart


def module(**names):
    made = ModuleType("made")
    vars(made).update(names)
    return made


def inputs(stream):
    return [(stream.randn(n), stream.randn(n)) for n in (4, 7)]


SOLUTION = module(mse=lambda y, t: float(((y - t) ** 2).mean()))
MSE = compare(
    "mse",
    inputs,
    slips=(Slip("not-squared", "The square is missing.", "Square it.", lambda _, y, t: (y - t).mean()),),
)


def judged(function) -> Verdict:
    return MSE.judge(module(mse=function), SOLUTION)


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (lambda y, t: -((y - t) ** 2).mean(), "sign"),
        (lambda y, t: ((y - t) ** 2).sum(), "mean-missing"),
        (lambda y, t: ((y - t) ** 2).mean() / len(y), "mean-twice"),
        (lambda y, t: 2 * ((y - t) ** 2).mean(), "factor-two"),
        (lambda y, t: ((y - t) ** 2).mean() / 2, "factor-half"),
        (lambda y, t: 7 * ((y - t) ** 2).mean(), "factor"),
        (lambda y, t: (y - t).mean(), "not-squared"),
    ],
)
def test_a_wrong_value_is_named(function, name):
    """Signs, factors and N are told apart; what the exercise knows comes first."""
    verdict = judged(function)
    assert verdict.status == "wrong"
    assert [one.name for one in verdict.mistakes] == [name]


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda y, t: None, "return is missing"),
        (lambda y, t: "0.5", "no number"),
        (lambda y, t: (y - t) ** 2, "shape (4,); () is asked for"),
        (lambda y, t: (0.5, 0.5), "2 values where 1 values"),
        (lambda y, t: [[1, 2], [3]], "no number"),
        (lambda y, t: np.nan, "nan"),
        (lambda y, t: 0.3, "is right"),
        (lambda y, t: (y > t).mean(), "is right"),
    ],
)
def test_what_is_no_answer_is_described(function, words):
    """Nothing, texts, other shapes and other numbers each get a sentence of their own."""
    verdict = judged(function)
    assert verdict.status == "wrong"
    assert verdict.share == 0.0
    assert words in " ".join(verdict.clues)


def test_right_answers_of_any_type_are_right():
    """An array of one number, a NumPy scalar and float32 are a number."""
    assert judged(lambda y, t: ((y - t) ** 2).mean()).status == "right"
    assert judged(lambda y, t: np.array([((y - t) ** 2).mean()])).status == "right"
    assert judged(lambda y, t: [((y - t) ** 2).mean()]).status == "right"


def test_arrays_that_are_changed_cost_half():
    """What it returns is right, and the caller's arrays are not what they were."""

    def mse(y, t):
        y -= t
        return (y**2).mean()

    verdict = judged(mse)
    assert verdict.mistakes[0].name == "changes-arguments"
    assert verdict.share == 0.5


def test_hints_go_from_where_to_how():
    """The first level says no more than the place."""
    verdict = judged(lambda y, t: ((y - t) ** 2).sum())
    assert "sum" not in verdict.hint(1)
    assert "sum" in verdict.hint(2)
    assert "Divide" not in verdict.hint(2)
    assert "Divide" in verdict.hint(3)


def test_a_dict_must_have_the_right_names():
    """Values under other names are no answer."""
    exercise = compare("f", lambda stream: [(1.0,)])
    right = module(f=lambda x: {"a": x, "b": 2 * x})
    assert exercise.judge(right, right).status == "right"
    assert "'a', 'b'" in exercise.judge(module(f=lambda x: {"a": x}), right).clues[0]
    assert "dict" in exercise.judge(module(f=lambda x: (x, 2 * x)), right).clues[0]


def test_a_transposed_matrix_is_named():
    """A square matrix that is turned looks right by its shape."""
    exercise = compare("f", lambda stream: [(stream.randn(3, 3),), (stream.randn(2, 2),)])
    verdict = exercise.judge(module(f=lambda x: x.T @ x + x.T), module(f=lambda x: x.T @ x + x))
    assert verdict.mistakes[0].name == "transposed"


def test_what_breaks_down_at_large_numbers_costs_a_quarter():
    """A naive sigmoid is right until e^−a overflows."""
    exercise = compare("f", inputs_of_one, promises=(large_numbers(lambda stream: [(np.array([-1e3]),)], "e^−|a|."),))
    right = module(f=lambda a: 0.5 + 0.5 * np.tanh(a / 2))
    verdict = exercise.judge(module(f=lambda a: np.exp(a) / (1 + np.exp(a)) if (a > -9).all() else a / 0.0), right)
    assert verdict.mistakes[0].name == "overflow"
    assert verdict.share == 0.75


def inputs_of_one(stream):
    return [(stream.randn(n),) for n in (4, 7)]


def test_methods_are_found():
    """A dot leads into a class; what is not there raises."""
    holder = module(A=type("A", (), {"f": lambda self: 1}))
    assert find(holder, "A.f")(holder.A()) == 1
    with pytest.raises(AttributeError):
        find(holder, "A.g")


def gradient_exercise():
    net = Network([Dense(1, bias=False)], n_features=2, loss="half_squared_error")

    def bind(made, _):
        return lambda given: made.gradient(*given.weights, given.X, given.T)

    return backprop("gradient", lambda: net, bind)


def test_a_gradient_is_judged_by_its_derivation():
    """The assignment's loss is a mean, so that a missing 1/N is a mistake and no convention."""
    exercise = gradient_exercise()
    right = module(gradient=lambda W, X, T: X.T @ (X @ W - T) / len(X))
    assert exercise.judge(right, right).status == "right"
    verdict = exercise.judge(module(gradient=lambda W, X, T: X.T @ (X @ W - T)), right)
    assert [one.name for one in verdict.mistakes] == ["mean-missing"]
    assert exercise.examine(right).ok


@pytest.mark.parametrize(
    ("gradient", "name", "words"),
    [
        (lambda W, X, T: None, None, "return is missing"),
        (lambda W, X, T: (X.T @ (X @ W - T)).T / len(X), "gradient-transposed", "(1, 2); (2, 1) is asked for"),
        (lambda W, X, T: float((X * (X @ W - T)).sum()), "inner-for-outer", "(); (2, 1) is asked for"),
        (lambda W, X, T: (X @ W - T) @ T.T, "broadcast", "(13, 13)"),
        (lambda W, X, T: np.zeros((2, 2)), "bias-row-kept", "(2, 2)"),
        (lambda W, X, T: np.zeros((3, 1)), None, "(3, 1)"),
        (lambda W, X, T: "W", None, "no array of numbers"),
    ],
)
def test_a_gradient_of_another_form_is_described(gradient, name, words):
    """What shape came and what is asked for is said, and what the shape alone tells."""
    verdict = gradient_exercise().judge(module(gradient=gradient), None)
    assert verdict.status == "wrong"
    assert [one.name for one in verdict.mistakes] == ([name] if name else [])
    assert words in " ".join(verdict.clues)


def test_a_gradient_that_raises_has_crashed():
    """What it raised is said, with its line."""

    def gradient(W, X, T):
        return X @ (X @ W - T)

    verdict = gradient_exercise().judge(module(gradient=gradient), None)
    assert verdict.status == "crashed"
    assert verdict.share == 0.0
    assert "raised ValueError in line" in verdict.clues[0]


def test_a_gradient_that_remembers_is_told():
    """A sum over calls is found in code that is bound once."""
    total = np.zeros((2, 1))

    def gradient(W, X, T):
        total[:] += X.T @ (X @ W - T) / len(X)
        return total

    verdict = gradient_exercise().judge(module(gradient=gradient), None)
    assert verdict.mistakes[0].name == "accumulated"


SHEETS = [(name, sheet) for name, lab in labs.LABS.items() for sheet in lab.homework.sheets]


@pytest.mark.parametrize(("name", "sheet"), SHEETS, ids=[sheet.file for _, sheet in SHEETS])
def test_every_solution_is_right_in_full(name, sheet, monkeypatch):
    """What is handed out as solved earns every point, and its few steps of training bring the loss down."""
    made = [ModuleType(f"{name}_{k}") for k in range(2)]
    for one in made:
        monkeypatch.setitem(sys.modules, one.__name__, one)  # its dataclasses look themselves up
        exec(compile(sheet.solution.read_text(encoding="utf-8"), sheet.file, "exec"), vars(one))  # noqa: S102
    verdicts = {exercise.function: exercise.judge(*made) for exercise in sheet.exercises}
    assert {function: verdict.status for function, verdict in verdicts.items()} == dict.fromkeys(verdicts, "right")
    decision = sheet.train(made[0])
    assert decision.losses[-1] < decision.losses[0]
    assert np.shape(decision.answers(decision.X[:7])) == (7,)


def test_a_lab_checks_its_own_gradients(monkeypatch):
    """By the lab's adapter: the first gradient that is there, or the one that is named."""
    xor = labs.load("xor")
    source = xor.homework.sheets[0].solution.read_text(encoding="utf-8")
    student = ModuleType("student")
    monkeypatch.setitem(sys.modules, "student", student)
    exec(compile(source.replace("(pred_y - gt_y) / len(gt_y)", "(pred_y - gt_y)"), "xor.py", "exec"), vars(student))  # noqa: S102
    assert [one.name for one in xor.check_backprop(student).mistakes] == ["mean-missing"]
    assert xor.check_backprop(student, "Network.gradient").mistakes
    with pytest.raises(InvalidValue, match="has none of them"):
        xor.check_backprop(ModuleType("empty"))
    with pytest.raises(InvalidValue, match="Unknown gradient"):
        xor.check_backprop(student, "gradient")


def test_blocks_are_called_what_the_assignment_calls_them(monkeypatch):
    """S0 has DW, DB and DV, and DV is a vector."""
    sheet = labs.load("moons").homework.sheets[0]
    made = [ModuleType(f"moons_{k}") for k in range(2)]
    source = sheet.solution.read_text(encoding="utf-8")
    for one, text in zip(made, (source.replace("DV = A.T @ DY / N", "DV = A.T @ DY**3 / N + 1"), source), strict=True):
        monkeypatch.setitem(sys.modules, one.__name__, one)
        exec(compile(text, "moons.py", "exec"), vars(one))  # noqa: S102
    verdict = next(one for one in sheet.exercises if one.function == "gradients").judge(*made)
    assert "DV" in verdict.hint(1)
    assert any(re.match(r"DV\[\d\]: yours", clue) for clue in verdict.clues)
    assert not any("dW2" in clue for clue in verdict.clues)


def sheet_with(lab, monkeypatch, *edits, number=0):
    """A sheet of a lab, a student's module with edits of the solution, and the solution."""
    sheet = labs.load(lab).homework.sheets[number]
    source = sheet.solution.read_text(encoding="utf-8")
    text = source
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    made = [ModuleType(f"{lab}_{k}") for k in range(2)]
    for one, code in zip(made, (text, source), strict=True):
        monkeypatch.setitem(sys.modules, one.__name__, one)
        exec(compile(code, sheet.file, "exec"), vars(one))  # noqa: S102
    return {one.function: one for one in sheet.exercises}, made


def verdict_on(lab, function, monkeypatch, *edits, number=0):
    exercises, made = sheet_with(lab, monkeypatch, *edits, number=number)
    return exercises[function].judge(*made)


def test_a_block_of_another_shape_costs_no_other(monkeypatch):
    """Blocks right of blocks asked for; and a sum over everything is told from an inner product."""
    verdict = verdict_on("moons", "gradients", monkeypatch, ("DB = DZ.sum(axis=0) / N", "DB = DZ.sum() / N"))
    assert verdict.share == pytest.approx(2 / 3)
    assert [one.name for one in verdict.mistakes] == ["sum-over-everything"]
    assert "DB: one number, because the sum went over neurons and samples alike" in verdict.hint(2)
    assert "DB has the shape (); (4,) is asked for." in verdict.clues
    verdict = verdict_on("moons", "gradients", monkeypatch, ("DV = A.T @ DY / N", "DV = X.T @ DY / N"))
    assert verdict.share == pytest.approx(2 / 3)


def test_two_blocks_of_another_shape_and_a_sign(monkeypatch):
    """What is wrong with the third is said, too."""
    edits = ("DB = DZ.sum(axis=0) / N", "DB = DZ"), ("DV = A.T @ DY / N", "DV = A"), ("DW = X.T", "DW = -X.T")
    verdict = verdict_on("moons", "gradients", monkeypatch, *edits)
    assert verdict.share == 0.0
    assert "sign" in [one.name for one in verdict.mistakes]


def test_a_gradient_of_a_likelihood_that_goes_down_is_wrong(monkeypatch):
    """S3 asks for the way up."""
    edit = "errs = np.eye(n_class)[y_train.astype(int)] - hat_y", "errs = hat_y - np.eye(n_class)[y_train.astype(int)]"
    verdict = verdict_on("softmax", "get_gradient", monkeypatch, edit)
    assert [one.name for one in verdict.mistakes] == ["sign"]
    assert "errs = y − ŷ" in verdict.hint(3)


def test_a_sum_that_is_averaged_is_wrong(monkeypatch):
    """S1's summed_gradient is a sum: to divide by N once is once too often."""
    verdict = verdict_on(
        "minimize", "summed_gradient", monkeypatch, ("    return total\n", "    return total / len(X)\n")
    )
    assert [one.name for one in verdict.mistakes] == ["mean-twice"]
    assert "they are to be added up" in verdict.hint(2)


def test_a_sum_for_a_mean_is_told_by_the_samples(monkeypatch):
    """N is the length that changes between the inputs, not that of the first array."""
    edit = "np.maximum(0, -forward(X1, X2) * T).mean()", "np.maximum(0, -forward(X1, X2) * T).sum()"
    verdict = verdict_on("moons", "error", monkeypatch, edit)
    assert [one.name for one in verdict.mistakes] == ["mean-missing"]


def test_states_without_their_one_are_named(monkeypatch):
    """S3's hidden states end in a 1."""
    edit = "return h_1, h_2, hat_y", "return h_1[..., :-1], h_2[..., :-1], hat_y"
    verdict = verdict_on("softmax", "forward", monkeypatch, edit)
    assert verdict.mistakes[0].name == "one-missing"
    assert "h⁽¹⁾ and h⁽²⁾" in verdict.hint(2)


@pytest.mark.parametrize("lab", ["softmax", "minimize"])
def test_one_sample_alone_is_asked_for_where_a_docstring_says_so(lab, monkeypatch):
    """A softmax over axis 1 is right for rows, and costs a quarter for what it cannot."""
    edit = ".sum(axis=-1, keepdims=True)\n", ".sum(axis=1, keepdims=True)\n"
    verdict = verdict_on(lab, "softmax", monkeypatch, edit)
    assert (verdict.share, verdict.mistakes[0].name) == (0.75, "one-sample-alone")


def test_what_a_docstring_says_is_kept_is_looked_at(monkeypatch):
    """S4's forward returns the right numbers, and loss and gradient would find nothing."""
    edits = [(f"        self.{name} = ", f"        self.my_{name} = ") for name in ("Z1", "Z2")]
    edits += [("sigmoid(self.Z1 @ self.W2)", "sigmoid(self.my_Z1 @ self.W2)")]
    edits += [("self.Z2W3 = self.Z2 @ self.W3", "self.Z2W3 = self.my_Z2 @ self.W3")]
    verdict = verdict_on("xor", "Network.forward", monkeypatch, *edits)
    assert (verdict.share, verdict.mistakes[0].name) == (0.5, "not-kept")
    assert "Z1, Z2." in verdict.hint(2)


def test_numbers_that_agree_are_not_listed_as_wrong():
    """Where three are shown, those that are right are left out; others get the digits that tell them apart."""
    assert told_apart(0.00127493, 0.0012749301) == ("0.00127493", "0.0012749301")
    net = Network([Dense(3, bias=False)], n_features=2, loss="half_squared_error")

    def gradient(W, X, T):
        made = X.T @ (X @ W - T) / len(X)
        made[0, 0] **= 2
        return made

    exercise = backprop(
        "gradient", lambda: net, lambda made, _: lambda given: made.gradient(*given.weights, given.X, given.T)
    )
    verdict = exercise.judge(module(gradient=gradient), None)
    assert [clue for clue in verdict.clues if "yours" in clue] == [verdict.clues[-1]]


def test_a_kept_promise_is_right_and_a_broken_one_says_what_came():
    """What is promised is compared once the formula is right."""
    promise = Promise("rounds", "Of whole numbers it is wrong", "Divide by /.", lambda stream: [(np.array([3]),)])
    exercise = compare("f", lambda stream: [(2.0 * stream.randn(4),)], promises=(promise,))
    right = module(f=lambda x: x / 2)
    assert exercise.judge(right, right).status == "right"
    verdict = exercise.judge(module(f=lambda x: x // 2 if x.dtype.kind == "i" else x / 2), right)
    assert verdict.hint(3) == "Of whole numbers it is wrong: at 3 it gives 1, right is 1.5. Divide by /."
    raising = exercise.judge(module(f=lambda x: x / 2 if len(x) > 1 else x.nothing), right)
    assert "it stops with an error" in raising.hint(2)


@pytest.mark.parametrize(
    ("lab", "function", "number", "edit", "name"),
    [
        ("moons", "gradients", 0, ("DZ.sum(axis=0) / N", "DZ.sum(axis=1) / N"), "bias-sum-axis"),
        ("neuron", "gradient", 0, ("X.T @ delta, float(delta.sum())", "X.T @ delta, delta"), "bias-not-summed"),
        ("xor", "Network.gradient", 0, ("self.inputs.T @ grad_XW1", "self.Z1.T @ grad_XW1"), "wrong-input"),
        ("softmax", "backward", 0, ("with_one(xs).T @ dz1", "xs.T @ dz1"), "one-missing"),
        ("minimize", "fun", 0, ("return loss(W, X, t, sizes, lam, activation), derivatives",
                                "return derivatives, loss(W, X, t, sizes, lam, activation)"), "out-of-order"),
        ("minimize", "forward", 0, ("return a, z[:-1]", "return a, z"), "last-z-kept"),
        ("minimize", "sigmoid_gradient", 0, ("return sigmoid(a) * sigmoid(-a)", "return sigmoid(a) ** 2 * np.exp(a)"),
         "formula"),
        ("minimize", "cross_entropy", 0, ("    shifted = a - a.max(axis=1, keepdims=True)\n",
                                          "    return float(-np.mean(T * np.log(softmax(a))))\n    shifted = a\n"),
         "mean-over-outputs"),
        ("xor", "derivative_sigmoid", 0, ("return z * (1.0 - z)", "return z * 1.0 - z"), "formula"),
        ("neuron", "nine_derivatives", 1, ("inner2 = outer * w[1]", "inner2 = outer * w[0]"), "wrong-weight"),
    ],
)  # fmt: skip
def test_what_students_wrote_is_named_first(lab, function, number, edit, name, monkeypatch):
    """Mistakes of a walk through all labs, each with its cause as the first thing that is told."""
    verdict = verdict_on(lab, function, monkeypatch, edit, number=number)
    assert verdict.status == "wrong"
    assert verdict.mistakes[0].name == name


@pytest.mark.parametrize(
    ("edit", "share"),
    [
        (("outer * h[:, 1],", "outer * h[:, 1] ** 3,"), 8 / 9),
        (("        inner1,\n        inner2,", "        inner1 ** 2,\n        inner2 ** 2,"), 7 / 9),
        (("for name, term in zip(NAMES, terms, strict=True)}", "for name, term in zip(NAMES[:8], terms)}"), 8 / 9),
        (("{name: float(term.mean())", "{name: float(term.mean()) if name != 'b' else None"), 8 / 9),
        (("for name, term in zip(NAMES, terms, strict=True)}", "for name, term in zip('abc', terms)}"), 0),
    ],
)
def test_each_of_the_nine_derivatives_earns_its_share(edit, share, monkeypatch):
    """Blocks right of blocks asked: nine numbers are asked for by name, one that is missing is wrong like another."""
    verdict = verdict_on("neuron", "nine_derivatives", monkeypatch, edit, number=1)
    assert (verdict.status, verdict.share) == ("wrong", pytest.approx(share))


def test_a_wrong_slope_does_not_hide_a_right_gradient(monkeypatch):
    """S1's table of activations finds the slope when it is called, so that a right one can stand in."""
    exercises, (student, solution) = sheet_with(
        "minimize", monkeypatch, ("return sigmoid(a) * sigmoid(-a)", "return a")
    )
    assert exercises["gradient"].judge(student, solution).status == "wrong"
    student.sigmoid_gradient = solution.sigmoid_gradient
    assert exercises["gradient"].judge(student, solution).status == "right"


def two_layers():
    return Network([Dense(3, "tanh"), Dense(1, "sigmoid")], n_features=2, loss="log_loss")


def of_two_layers(**slips):
    """The gradient of ``two_layers`` with a factor in the place of 1/N, of tanh′, of the sum for b1."""

    def gradient(W1, b1, W2, b2, X, T):
        A = np.tanh(X @ W1 + b1)
        dZ2 = (1 / (1 + np.exp(-(A @ W2 + b2))) - T) * slips.get("mean", 1 / len(X))
        dZ1 = dZ2 @ W2.T * slips.get("slope", lambda A: 1 - A * A)(A)
        return X.T @ dZ1, slips.get("sum", lambda dZ1: dZ1.sum(axis=0))(dZ1), A.T @ dZ2, dZ2.sum(axis=0)

    return module(gradient=gradient)


def judged_of_two_layers(**slips):
    def bind(made, _):
        return lambda at: made.gradient(at.weights[0], at.biases[0], at.weights[1], at.biases[1], at.X, at.T)

    return backprop("gradient", two_layers, bind).judge(of_two_layers(**slips), None)


@pytest.mark.parametrize(
    ("slips", "told", "remedy"),
    [
        ({"mean": 1.0}, "The whole gradient: the division by N is missing", "The 1/N comes once, in dZ2."),
        (
            {"slope": np.ones_like},
            "Missing in layer 1: the derivative tanh′(Z1).",
            "dZ1 = dA1 ⊙ tanh′(Z1), dA1 = dZ2 W2ᵀ.",
        ),
    ],
    ids=["mean", "slope"],
)
def test_a_lab_without_letters_has_those_of_its_networks_derivation(slips, told, remedy):
    """Hints speak of dW1, dZ1, A1, and their remedies are the lines of ``derive``."""
    assert judged_of_two_layers().status == "right"
    (mistake,) = judged_of_two_layers(**slips).mistakes
    assert (mistake.sentence.startswith(told), mistake.remedy) == (True, remedy)


def test_a_block_of_another_shape_is_not_called_right():
    """It is stood in for by right numbers, and the others are judged."""
    verdict = judged_of_two_layers(sum=lambda dZ1: dZ1, slope=lambda A: (1 - A * A) ** 1.5)
    assert "db1 has the shape (13, 3); (3,) is asked for." in verdict.clues
    assert [clue for clue in verdict.clues if clue.startswith("Right")] == []
