"""check_backprop names the mistake, keeps quiet about right code in any convention, and says when it is unsure."""

from __future__ import annotations

import copy
import json

import numpy as np
import pytest
from tests.check.written import NET, SMALL, SQUARE, names, same, student

from chainrule import Dense, Network, check_backprop
from chainrule.errors import InvalidValue

# kind, where, edits
WELL_KNOWN = [
    ("derivative-missing", "layer 1", [("dZ1 = dA1 * (1 - A1**2)", "dZ1 = dA1")]),
    ("derivative-twice", "layer 1", [("dA1 * (1 - A1**2)", "dA1 * (1 - A1**2)**2")]),
    ("derivative-of-preactivation", "layer 1", [("(1 - A1**2)", "(1 - Z1**2)")]),
    ("mean-missing", "the whole gradient", [("(Y - T) / N", "Y - T")]),
    (
        "sign",
        "the whole gradient",
        [("(Y - T) / N", "(T - Y) / N"), ("+ 2 * l2 * W2", "- 2 * l2 * W2"), ("+ 2 * l2 * W1", "- 2 * l2 * W1")],
    ),
    ("sign", "dW2", [("A1.T @ dZ2 + ", "-A1.T @ dZ2 + ")]),
    ("bias-mean", "layer 1", [("db1 = dZ1.sum(axis=0)", "db1 = dZ1.mean(axis=0)")]),
    ("bias-mean", "layer 2", [("db2 = dZ2.sum(axis=0)", "db2 = dZ2.mean(axis=0)")]),
    ("bias-missing", "layer 1", [("db1 = dZ1.sum(axis=0)", "db1 = 0 * b1")]),
    ("output-derivative-extra", "layer 2", [("(Y - T) / N", "(Y - T) * Y * (1 - Y) / N")]),
    ("preactivation-for-input", "layer 2", [("dW2 = A1.T @ dZ2", "dW2 = Z1.T @ dZ2")]),
    ("penalty-missing", "layer 1", [("X.T @ dZ1 + 2 * l2 * W1", "X.T @ dZ1")]),
    ("penalty-halved", "layer 2", [("A1.T @ dZ2 + 2 * l2 * W2", "A1.T @ dZ2 + l2 * W2")]),
    ("penalty-on-biases", "layer 1", [("db1 = dZ1.sum(axis=0)", "db1 = dZ1.sum(axis=0) + 2 * l2 * b1")]),
    ("updated-weights", "layer 2", [("dA1 = dZ2 @ W2.T", "dA1 = dZ2 @ (W2 - 0.1 * dW2).T")]),
]
TINY = Network([Dense(1, "sigmoid")], n_features=2, loss="log_loss")
NOT_LISTED = [("dW1 = X.T @ dZ1", "dW1 = np.cos(np.arange(W1.size)).reshape(W1.shape) * (X.T @ dZ1)")]


@pytest.mark.parametrize(
    ("kind", "where", "edits"), WELL_KNOWN, ids=lambda value: value if isinstance(value, str) else ""
)
def test_names_a_mistake_and_its_place(kind, where, edits):
    """One mistake in two layers has one name, and it is found there alone."""
    report = check_backprop(student(*edits), NET)
    assert not report.ok
    assert kind in names(report)[:1] or kind in report.mistakes[0].also
    assert len(report.mistakes) == 1
    if report.mistakes[0].name == kind and where.startswith("layer"):
        assert report.mistakes[0].where.removeprefix("db").removeprefix("dW").removeprefix("layer ") == where[-1]


def test_right_code_is_right():
    """The text that all others are edits of is right, and nothing is said to be unusual."""
    report = check_backprop(student(), NET)
    assert report.ok
    assert (report.mistakes, report.wrong, report.clues, report.conventions) == ((), (), (), ())
    assert report.headline == report.hint(1) == report.hint(3) == "right: your back-propagation is right."
    assert report.assert_correct() is None


CONVENTIONS = {
    "a sum over the samples": [(".sum() / N", ".sum()"), ("(Y - T) / N", "Y - T")],
    "half the penalty": [("+ l2 * (", "+ l2 / 2 * ("), ("2 * l2 * W1", "l2 * W1"), ("2 * l2 * W2", "l2 * W2")],
    "another order": [("return loss, dW1, db1, dW2, db2", "return loss, dW1, dW2, db1, db2")],
    "the last layer first": [("return loss, dW1, db1, dW2, db2", "return loss, dW2, db2, dW1, db1")],
    "transposed": [("return loss, dW1, db1, dW2, db2", "return loss, dW1.T, db1, dW2.T, db2")],
    "augmented": [("return loss, dW1, db1, dW2, db2", "return loss, np.vstack([dW1, db1]), np.vstack([dW2, db2])")],
    "augmented, bias first": [
        ("return loss, dW1, db1, dW2, db2", "return loss, np.vstack([db1, dW1]), np.vstack([db2, dW2])")
    ],
    "rows of one": [("return loss, dW1, db1, dW2, db2", "return loss, dW1, db1[None], dW2, db2[None]")],
    "one flat array": [
        ("return loss, dW1, db1, dW2, db2", "return loss, np.concatenate([g.ravel() for g in (dW1, db1, dW2, db2)])")
    ],
    "gradient alone": [("return loss, dW1, db1, dW2, db2", "return dW1, db1, dW2, db2")],
    "outputs too": [("return loss, dW1, db1, dW2, db2", "return loss, Y, dW1, db1, dW2, db2")],
    "a loss of one entry": [("return loss, dW1, db1, dW2, db2", "return np.array([loss]), dW1, db1, dW2, db2")],
    "a loss of one entry, one flat array": [
        ("return loss,", "return np.array([[loss]]),"),
        ("dW1, db1, dW2, db2", "np.concatenate([g.ravel() for g in (dW1, db1, dW2, db2)])"),
    ],
    "the negative loss": [
        ("loss = -(", "loss = ("),
        ("/ N + l2 * ((", "/ N - l2 * (("),
        ("(Y - T) / N", "(T - Y) / N"),
        ("2 * l2 * W1", "-2 * l2 * W1"),
        ("2 * l2 * W2", "-2 * l2 * W2"),
    ],
    "samples as columns": [
        ("N = len(X)", "X, T, W1, W2, b1, b2 = X.T, T.T, W1.T, W2.T, b1[:, None], b2[:, None]; N = X.shape[1]"),
        ("X @ W1 + b1", "W1 @ X + b1"),
        ("A1 @ W2 + b2", "W2 @ A1 + b2"),
        ("A1.T @ dZ2", "dZ2 @ A1.T"),
        ("dZ2 @ W2.T", "W2.T @ dZ2"),
        ("X.T @ dZ1", "dZ1 @ X.T"),
        ("dZ2.sum(axis=0)", "dZ2.sum(axis=1)"),
        ("dZ1.sum(axis=0)", "dZ1.sum(axis=1)"),
    ],
    "log(y + 1e-9)": [("np.log(Y)", "np.log(Y + 1e-9)")],
    "float32": [("return loss, dW1, db1, dW2, db2", "return [np.float32(one) for one in (loss, dW1, db1, dW2, db2)]")],
    "read-only": [("return loss, dW1, db1, dW2, db2", "dW1.flags.writeable = False; return loss, dW1, db1, dW2, db2")],
    "prints": [("N = len(X)", "N = len(X); print('N is', N)")],
}


@pytest.mark.parametrize("edits", CONVENTIONS.values(), ids=CONVENTIONS)
def test_a_convention_is_never_called_wrong(edits):
    """Right code in another convention, order, shape or precision is right."""
    report = check_backprop(student(*edits), NET)
    assert report.ok, str(report)


def test_conventions_are_said():
    """What is unusual and right is told as a convention."""
    report = check_backprop(student(*CONVENTIONS["a sum over the samples"]), NET)
    assert "the loss is a sum over the samples" in report.conventions
    assert "Convention: the loss is a sum over the samples." in str(report)


def test_two_mistakes_have_two_names():
    """A bias's mean in layer 1 and an extra derivative at the output are told together."""
    report = check_backprop(
        student(("db1 = dZ1.sum", "db1 = dZ1.mean"), ("(Y - T) / N", "(Y - T) * Y * (1 - Y) / N")), NET, l2=0.0
    )
    assert set(names(report)) == {"bias-mean", "output-derivative-extra"}
    assert report.headline.startswith("wrong: two mistakes found")


def test_a_transposed_matrix_is_named_where_it_passes_silently():
    """In a square network W without its transpose gives numbers, and its own name."""
    report = check_backprop(student(("dZ2 @ W2.T", "dZ2 @ W2")), SQUARE)
    assert names(report) == ["weights-transposed"]


def test_a_transposed_matrix_that_crashes_has_a_clue():
    """Where sizes differ the crash is told, with its line's number and what the shapes should be."""
    report = check_backprop(student(("dZ2 @ W2.T", "dZ2 @ W2")), NET)
    assert not report.ok
    assert set(names(report)) <= {"weights-transposed", "bias-row-kept"}
    assert "ValueError in line 11 of backprop" in report.clues[0]
    assert "W is (n_in, n_out)" in report.clues[1]


def test_gradients_that_add_up_over_calls_are_named():
    """A module's array that is never set to zero again gives more at the second call."""
    source = "total = 0\ndef add(g):\n    global total\n    total = total + g\n    return total\n"
    fun = student(
        ("return loss, dW1, db1, dW2, db2", "return loss, add(dW1), db1, dW2, db2"),
        ("\ndef backprop", f"{source}\ndef backprop"),
    )
    report = check_backprop(fun, NET)
    assert "accumulated" in names(report)


def test_arguments_changed_in_place_are_named():
    """Code that shifts its X in place is told so, though its gradient is right."""
    report = check_backprop(student(("    return loss", "    W1 -= 0.1 * dW1\n    return loss")), NET)
    assert names(report) == ["changes-arguments"]
    assert not report.ok


def test_overflow_is_a_note():
    """log(1 − y) breaks down at large inputs: a note, no mistake of the gradient."""
    report = check_backprop(student(), NET)
    assert report.ok
    assert [note.split(":")[0] for note in report.notes] == ["overflow"]


def test_a_loss_of_another_gradient_is_told():
    """Half the squared error beside cross-entropy's gradient, which is what the network asks for: right, and noted."""
    loss = ("-(T * np.log(Y) + (1 - T) * np.log(1 - Y)).sum() / N", "0.5 * ((Y - T) ** 2).sum() / N")
    report = check_backprop(student(loss), NET)
    assert (report.verdict, names(report)) == ("right", [])
    assert "loss-and-gradient-differ: The loss you return is half_squared_error" in report.notes[-1]


def test_the_loss_of_the_fifth_text_is_label_blind():
    """Its loss, y log y of the labels and (1 − p) log(1 − p), beside the right gradient, on 2-10-10-1."""
    net = Network([Dense(10, "sigmoid", bias=False)] * 2 + [Dense(1, "sigmoid", bias=False)], 2, "log_loss")
    text = """
def backprop(W1, W2, W3, X, T):
    Z1 = sigmoid(X @ W1); Z2 = sigmoid(Z1 @ W2); p = sigmoid(Z2 @ W3)
    loss = (-1 / len(X)) * np.sum(T * np.log(T + 1e-8) + (1 - p) * np.log(1 - p + 1e-8))
    d3 = (p - T) / len(X)
    d2 = d3 @ W3.T * Z2 * (1 - Z2)
    d1 = d2 @ W2.T * Z1 * (1 - Z1)
    return loss, X.T @ d1, Z1.T @ d2, Z2.T @ d3
"""
    report = check_backprop(student(source=text), net)
    assert names(report) == ["loss-label-blind"]
    assert report.wrong == ()


def test_what_is_on_no_list_has_clues_and_no_name():
    """Each row of dW1 weighted otherwise: no name with confidence 1, the wrong block and what is right are told."""
    report = check_backprop(student(*NOT_LISTED), SMALL)
    assert not report.ok
    assert [one for one in report.mistakes if one.confidence == 1.0] == []
    assert report.wrong == ("dW1",)
    assert report.clues[:2] == ("Wrong, walking backward: dW1.", "Right: db1, dW2 and db2.")
    assert report.hint(1) == "Walking backward, the first wrong gradient is that of dW1."
    assert "Right: db1" in report.hint(2)


def wrong():
    return check_backprop(student(("db2 = dZ2.sum", "db2 = dZ2.mean")), NET)


def test_hints_say_where_then_what_then_how():
    """Hint 1 names the block alone, 2 the mistake, 3 how it is mended."""
    report = wrong()
    assert report.hint(1) == "Walking backward, the first wrong gradient is that of db2."
    assert report.hint(2) == report.mistakes[0].sentence
    assert report.hint(3) == f"{report.mistakes[0].sentence} {report.mistakes[0].remedy}"


def test_a_report_is_text_json_html_and_an_assertion():
    """All four tell the same: the verdict, the sentence, the line that it breaks, and numbers side by side."""
    report = wrong()
    text = str(report)
    for part in (report.headline, report.mistakes[0].sentence, report.mistakes[0].remedy, report.mistakes[0].line):
        assert part
        assert part in text
    assert f"db2[0]: yours {report.samples[0].given:.6g}, right {report.samples[0].right:.6g}" in text
    assert json.loads(json.dumps(report.to_dict()))["mistakes"][0]["name"] == "bias-mean"
    assert "<b>wrong: one mistake found" in report._repr_html_()
    with pytest.raises(AssertionError) as caught:
        report.assert_correct()
    assert str(caught.value) == text


def test_html_is_escaped():
    """A student's words cannot become markup."""

    def backprop(theta, X, T):
        raise RuntimeError("<script>")

    assert "<script>" not in check_backprop(backprop, SMALL)._repr_html_()


@pytest.mark.parametrize("edits", [[], [("db1 = dZ1.sum", "db1 = dZ1.mean")]], ids=["right", "wrong"])
def test_the_same_code_gets_the_same_report(edits):
    """Nothing is drawn anew: two checks say the same, and NumPy's global stream is not touched."""
    before = np.random.get_state()[1].copy()
    one, other = (check_backprop(student(*edits), NET) for _ in range(2))
    assert same(one, other)
    np.testing.assert_array_equal(np.random.get_state()[1], before)


def test_nothing_of_the_caller_is_changed():
    """Code that writes into what it is given never reaches the caller's own theta, X and T."""

    def backprop(theta, X, T):
        theta *= 2.0
        X += 1.0
        T -= T
        return theta

    theta, X, T = np.arange(3.0), np.arange(10.0).reshape(5, 2), np.array([[0.0], [1.0], [0.0], [1.0], [1.0]])
    kept = copy.deepcopy((theta, X, T))
    assert not check_backprop(backprop, TINY, theta=theta, X=X, T=T).ok
    for now, then in zip((theta, X, T), kept, strict=True):
        np.testing.assert_array_equal(now, then)


def test_read_only_arrays_are_accepted():
    """theta, X and T may be read-only, lists, or float32."""
    X = np.arange(10, dtype=np.float32).reshape(5, 2) / 10
    X.flags.writeable = False
    report = check_backprop(student(), SMALL, theta=[0.1] * 9, X=X, T=[0, 1, 0, 1, 1])
    assert report.ok


# --- what cannot be checked ends in a sentence --------------------------------------------------

REFUSED = {
    "X without T": ({"X": [[1, 2, 3]]}, "X and T belong together: give both, or neither."),
    "X too narrow": ({"X": [[1, 2]], "T": [1]}, "X has 2 columns, the network expects 3."),
    "T too long": ({"X": [[1, 2, 3]], "T": [1, 0, 1]}, "X has 1 rows and T has 3"),
    "theta too short": ({"theta": [1.0, 2.0]}, "theta must have shape (21,)"),
    "l2 below 0": ({"l2": -1}, "l2 must be"),
    "l2 a word": ({"l2": "much"}, "l2 must be"),
    "rate 0": ({"rate": 0}, "rate must be"),
}


@pytest.mark.parametrize(("options", "sentence"), REFUSED.values(), ids=REFUSED)
def test_bad_options_are_refused_in_a_sentence(options, sentence):
    """A bad option is an InvalidValue that says what was expected."""
    with pytest.raises(InvalidValue) as caught:
        check_backprop(student(), NET, **options)
    assert sentence in str(caught.value)


def test_a_network_is_needed():
    """What is no Network is refused by its type's name."""
    with pytest.raises(InvalidValue, match="net must be a Network, got str"):
        check_backprop(student(), "2-4-1")


RETURNED = {
    "None": lambda theta, X, T: None,
    "a string": lambda theta, X, T: "done",
    "a string and a gradient": lambda theta, X, T: ("done", theta),
    "a string for a loss": lambda theta, X, T: {"loss": "low", "dW1": theta},
    "nothing in a tuple": lambda theta, X, T: (),
    "an empty array": lambda theta, X, T: np.array([]),
    "one number": lambda theta, X, T: 3.0,
    "too few numbers": lambda theta, X, T: theta[1:],
    "rows of two lengths": lambda theta, X, T: [[1.0, 2.0], [3.0]],
    "objects": lambda theta, X, T: np.array([None] * 9),
    "complex numbers": lambda theta, X, T: theta * 1j,
}


@pytest.mark.parametrize("backprop", RETURNED.values(), ids=RETURNED)
def test_what_is_no_gradient_is_told(backprop):
    """What came back and which shapes were expected are said; nothing of ours is raised, and no mistake is named."""
    report = check_backprop(backprop, SMALL)
    assert (report.ok, report.mistakes) == (False, ())
    assert "dW1 (2, 2), db1 (2,), dW2 (2, 1) and db2 (1,)" in " ".join(report.clues)


def test_an_error_in_the_code_is_told_with_its_line():
    """The type, the line of the code's own text and its words are told."""

    def backprop(theta, X, T):
        return theta / {}["scale"]

    report = check_backprop(backprop, SMALL)
    assert (report.ok, report.mistakes) == (False, ())
    assert 'return theta / {}["scale"]' in report.clues[0]
    assert "KeyError in line" in report.clues[0]


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_numbers_that_are_none_are_told(bad):
    """NaN and infinity are told as such, and no mistake is named for them."""
    report = check_backprop(lambda theta, X, T: theta * bad, TINY)
    assert (report.ok, report.mistakes) == (False, ())
    assert "db1 holds NaN or infinity." in report.clues
