"""Explain: what is written is read back from the text, computed, and equals the two passes of the network."""

import re

import numpy as np
import pytest
from tests.latex_values import Calculator
from tests.network.cases import random_case

from chainrule import Dense, Network, derive, explain
from chainrule.errors import InvalidValue
from chainrule.explanation.explanation import comparison, explanation
from chainrule.explanation.notation import function_name
from chainrule.explanation.step_formulas import write
from chainrule.explanation.subject import make_subject
from chainrule.maths.activations import ACTIVATIONS, Activation
from chainrule.maths.loss import Loss
from chainrule.writers.blocks import FormulaBlock, Heading, Items, Paragraph, TableBlock
from chainrule.writers.unicode_formulas import unicode_math

LEFT = re.compile(r"(.*?) (?:=|\\leftarrow) (.*)", re.DOTALL)
S3_BEFORE = Network([Dense(100, "relu"), Dense(2, "softmax")], 2, "cross_entropy")
S3_AFTER = Network([Dense(100, "sigmoid"), Dense(100, "sigmoid"), Dense(2, "softmax")], 2, "cross_entropy")
SMALL = Network([Dense(3, "tanh"), Dense(1, "sigmoid", bias=False)], 2, "log_loss")


def subject_of(net, X=None, T=None, theta=None, *, l2=0.0, columns=False):
    return make_subject(net, theta, X, T, l2, 0.1, columns)


def formulas(blocks):
    return [block.latex for block in blocks if isinstance(block, FormulaBlock)]


# --- the proof: two hundred random architectures --------------------------------------------------------------------

KNOWN = {"sigmoid", "tanh", "exp"}  # what the calculator has a function of its own for


def column(z):
    return np.reshape(z, (-1, 1))


def softmax_along(axis):
    def softmax(Z):
        E = np.exp(Z - Z.max(axis=axis, keepdims=True))
        return E / E.sum(axis=axis, keepdims=True)

    return softmax


def values_of(member):
    return lambda z: member.forward(column(z)).reshape(np.shape(z))


def slopes_of(member):
    def slope(z):
        Z = column(z)
        return member.backward(np.ones_like(Z), Z, member.forward(Z)).reshape(np.shape(z))

    return slope


class Reader:
    """Computes what is written of a network, knowing its own functions by their written names."""

    def __init__(self, net, values, extents, axis):
        self.names = {r"\ell'(": r"\operatorname{lossslope}(", r"\ell(": r"\operatorname{loss}("}
        loss = net.loss
        functions = {
            r"\operatorname{softmax}": softmax_along(axis),
            r"\operatorname{loss}": lambda y, t: loss.value(np.array([[y]]), np.array([[t]]))[0],
            r"\operatorname{lossslope}": lambda y, t: loss.gradient(column(y), column(t)).reshape(np.shape(y)),
        }
        for letter, member in zip("ABCDEFGH", {layer.activation for layer in net.layers}, strict=False):
            name = function_name(member)
            self.names[f"{name}'("] = rf"\operatorname{{slope{letter}}}("
            functions[rf"\operatorname{{slope{letter}}}"] = slopes_of(member)
            if member.name not in KNOWN | {"softmax"}:
                self.names[f"{name}("] = rf"\operatorname{{value{letter}}}("
                functions[rf"\operatorname{{value{letter}}}"] = values_of(member)
        self.calculate = Calculator(values, functions, extents)

    def __call__(self, latex, **indices):
        for written, known in self.names.items():
            latex = latex.replace(written, known)
        return self.calculate(latex.replace(r"\sum_{n=1}^{N}", r"\sum_{n}"), **indices)


def given(case, columns):
    """Name what an explanation starts from, samples as rows or as columns."""
    net, turn = case.net, np.transpose if columns else np.asarray
    n = len(case.X)
    values = {"X": turn(case.X), "T": turn(case.T), "N": n}
    for number, (W, b) in enumerate(net.views(case.theta), start=1):
        values[f"W{number}"] = turn(W)
        if b is not None:
            values[f"b{number}"] = turn(b[np.newaxis])
    widths = [net.n_features, *(layer.n_outputs for layer in net.layers)]
    return values | {
        f"M{place}": turn(np.ones((n, widths[place]))) for place, rate in enumerate(net.dropout_rates) if rate
    }


def computed_batch(case, columns):
    """Compute every line for the batch from the lines above it alone; return everything by its name."""
    net, values = case.net, given(case, columns)
    subject = subject_of(net, columns=columns)
    read = Reader(net, values, {"n": len(case.X), "j": net.n_outputs}, axis=0 if columns else 1)
    names = {"losses": r"\ell", "loss": "L", "slopes": f"s{subject.notation.slopes_of}"}
    for step, line in subject.lines():
        if step.symbol == "losses":
            values["y"], values["t"] = values["Y"], values["T"]
            values[r"\ell"] = np.array([read(line.right, n=n) for n in range(len(case.X))])
        else:
            values[names.get(step.symbol, step.symbol)] = read(line.right)
    return values


def close(actual, expected):
    scale = max(1e-300, np.abs(expected).max(initial=0.0))
    np.testing.assert_allclose(actual, expected, rtol=0, atol=1e-12 * scale)


@pytest.mark.parametrize("columns", [False, True], ids=["rows", "columns"])
@pytest.mark.parametrize("seed", range(40))
def test_written_batch_is_the_backward_pass(seed, columns):
    """Every formula for the batch, computed in the order it is written, leads to the gradients of the network."""
    case = random_case(seed)
    trace = case.net.forward(case.theta, case.X)
    grads = case.net.backward(case.theta, trace, case.T)
    values = computed_batch(case, columns)
    turned = np.transpose if columns else np.asarray
    close(values["L"], case.net.data_loss(case.theta, case.X, case.T))
    close(turned(values["Y"]), trace.Y)
    close(turned(values["dX"]), grads.dA[0])
    for number, (dZ, dW, db) in enumerate(zip(grads.dZ, grads.dW, grads.db, strict=True), start=1):
        close(turned(values[f"dZ{number}"]), dZ)
        close(turned(values[f"dW{number}"]), dW)
        if db is not None:
            close(turned(values[f"db{number}"]).ravel(), db)


def entries_of(case, columns, sample):
    """Name the numbers of one sample in small letters, and the derivatives of its own loss."""
    net, n = case.net, len(case.X)
    trace = case.net.forward(case.theta, case.X)
    grads = case.net.backward(case.theta, trace, case.T)
    values = {"t": case.T[sample]}
    names = ["x", *(f"a{place}" for place in range(1, len(net.layers))), "y"]
    for place, name in enumerate(names):
        values[name], values[f"s{name}"] = trace.A[place][sample], n * grads.dA[place][sample]
        if place < len(net.layers):
            width = len(values[name])
            values |= {f"d{place}": values[name], f"sd{place}": values[f"s{name}"], f"m{place}": np.ones(width)}
    for place, (W, b) in enumerate(net.views(case.theta), start=1):
        values[f"z{place}"], values[f"sz{place}"] = trace.Z[place - 1][sample], n * grads.dZ[place - 1][sample]
        fed = values[names[place - 1]]
        outer = np.outer(fed, values[f"sz{place}"])
        values[f"w{place}"], values[f"sw{place}"] = (W.T, outer.T) if columns else (W, outer)
        if b is not None:
            values[f"b{place}"], values[f"sb{place}"] = b, values[f"sz{place}"]
    return values


def layer_of(step, net):
    """The layer whose widths a step's indices run over."""
    numbers = [int(digits) for name in (step.symbol, *step.operands) for digits in re.findall(r"\d+", name)]
    return max(numbers, default=len(net.layers)) if step.symbol != "slopes" else len(net.layers)


@pytest.mark.parametrize("columns", [False, True], ids=["rows", "columns"])
@pytest.mark.parametrize("seed", range(0, 100, 4))
def test_written_entries_are_those_of_the_passes(seed, columns):
    """Every formula for one entry of one sample holds: its right side is the number of its left side."""
    case = random_case(seed)
    net, values = case.net, entries_of(case, columns, sample=len(case.X) - 1)
    widths = [net.n_features, *(layer.n_outputs for layer in net.layers)]
    for step, line in subject_of(net, columns=columns).lines():
        if not line.entry:
            continue
        layer = layer_of(step, net)
        dropped = step.operation.name == "dropped"
        n_in, n_out = (widths[layer], 1) if dropped else (widths[layer - 1], widths[layer])
        read = Reader(net, values, {"i": n_in, "j": n_out, "k": n_out}, axis=1)
        left, _, right = line.entry.partition(" = ")
        both = [(read(left, i=i, j=j), read(right, i=i, j=j)) for i in range(n_in) for j in range(n_out)]
        if step.symbol not in ("losses", "loss"):
            close(*np.array(both).T)


def test_the_proof_sees_a_wrong_line():
    """A factor too much in one written line is found."""
    case = random_case(3)
    values = given(case, columns=False)
    read = Reader(case.net, values, {}, axis=1)
    right = r"X W^{(1)}"
    assert not np.allclose(read(rf"2 {right}"), read(right), rtol=1e-9)


def test_everything_proved_is_written():
    """The explanation holds the line of every step, for the batch and for an entry."""
    for seed in range(20):
        subject = subject_of(random_case(seed).net)
        written = "\n".join(formulas(explanation(subject)))
        lines = [line for _, line in subject.lines()]
        assert len(lines) > 3
        for line in lines:
            assert line.matrix in written
            assert line.entry in written
        assert any(line.matrix for line in lines)
        assert any(line.entry for line in lines)


# --- numbers ---------------------------------------------------------------------------------------------------------

X, T = [[0.0, 1.0], [2.0, 3.0]], [0, 1]


def matrices(latex):
    """Read every matrix of a formula back into numbers."""
    found = re.findall(r"\\begin\{bmatrix\} (.*?) \\end\{bmatrix\}", latex)
    return [np.array([[float(cell) for cell in row.split("&")] for row in text.split(r"\\")]) for text in found]


@pytest.mark.parametrize("columns", [False, True], ids=["rows", "columns"])
def test_numbers_stand_behind_their_formulas(columns):
    """Forward values, deltas, gradients and updated weights are those of the network, to the four digits written."""
    theta = SMALL.initial_theta(0)
    trace = SMALL.forward(theta, X)
    grads = SMALL.backward(theta, trace, T)
    expected = {"Z^{(1)}": trace.Z[0], "A^{(1)}": trace.A[1], "Y": trace.Y}
    for name, value in {"Z^{(2)}": grads.dZ[1], "W^{(2)}": grads.dW[1], "W^{(1)}": grads.dW[0]}.items():
        expected[rf"\frac{{\partial L}}{{\partial {name}}}"] = value
    (W1, b1), (W2, _) = SMALL.views(theta)
    l2 = 0.01
    expected |= {
        r"W^{(1)} \leftarrow W^{(1)}": W1 - 0.1 * (grads.dW[0] + 2 * l2 * W1),
        r"W^{(2)} \leftarrow W^{(2)}": W2 - 0.1 * (grads.dW[1] + 2 * l2 * W2),
        r"b^{(1)} \leftarrow b^{(1)}": (b1 - 0.1 * grads.db[0])[np.newaxis],
    }
    written = formulas(explanation(subject_of(SMALL, X, T, theta, l2=l2, columns=columns)))
    ends = {re.split(" = | - ", latex)[0]: matrices(latex)[-1] for latex in written if matrices(latex)}
    for left, value in expected.items():
        np.testing.assert_allclose(ends[left].T if columns else ends[left], value, rtol=6e-4)


def test_worked_entry_adds_up():
    """The terms written out for the first entry add up to the number written behind them."""
    written = formulas(explanation(subject_of(SMALL, X, T, SMALL.initial_theta(0))))
    worked = [latex.split(" = ") for latex in written if latex.count(" = ") == 2 and r" \cdot " in latex]
    entries = [(left, terms, result) for left, terms, result in worked if "bmatrix" not in result]
    assert len(entries) == 6  # Z1, Z2, dW2, dA1, dW1, dX
    for _, terms, result in entries:
        assert Calculator({}, {}, {})(terms) == pytest.approx(float(result), rel=2e-3)


def test_without_targets_there_are_forward_numbers_alone():
    """X and theta give the outputs; nothing is made up for the loss."""
    written = formulas(explanation(subject_of(SMALL, X, None, SMALL.initial_theta(0))))
    with_numbers = [latex for latex in written if "bmatrix" in latex]
    assert any(latex.startswith("Y = ") for latex in with_numbers)
    assert not any("partial" in latex or latex.startswith("T") for latex in with_numbers)


def test_long_matrices_are_shortened_and_it_is_said():
    """Of 21 samples the first three and the last are written, and the note says so."""
    points = np.linspace(-1, 1, 42).reshape(21, 2)
    blocks = explanation(subject_of(SMALL, points, np.arange(21) % 2, SMALL.initial_theta(0)))
    [first] = [block for block in blocks if isinstance(block, FormulaBlock) and block.latex.startswith("X = ")]
    assert first.latex.count(r"\\") == 4
    assert "rows 1–3 and 21 of 21" in first.note


def test_numbers_that_are_not_finite_are_written_as_what_they_are():
    """An overflow shows as infinity."""
    net = Network([Dense(1, "exp", bias=False)], 1, "poisson")
    written = "\n".join(formulas(explanation(subject_of(net, [[1000.0]], [[1.0]], [1.0]))))
    assert r"\infty" in written


def test_float32_read_only_and_strided_arguments_are_taken_and_left_alone():
    """Arrays of any kind give the numbers of their float64 copies, and stay as they are."""
    theta = SMALL.initial_theta(0)
    points = np.array(X)
    for kind in (np.asfortranarray(points), points.astype(np.float32), np.repeat(points, 2, axis=0)[::2]):
        kind.flags.writeable = False
        assert explain(SMALL, theta, kind, T) == explain(SMALL, theta, points, T)
    assert points.tolist() == X


# --- what changes ----------------------------------------------------------------------------------------------------


def tables(blocks):
    return [block for block in blocks if isinstance(block, TableBlock)]


def section(blocks, title):
    """The blocks under a heading."""
    start = blocks.index(Heading(title))
    end = next((i for i in range(start + 1, len(blocks)) if isinstance(blocks[i], Heading)), len(blocks))
    return blocks[start + 1 : end]


def test_comparison_tells_the_changes_of_s3():
    """One more hidden layer and sigmoid for ReLU: said layer by layer, and the first line that changes is A1."""
    blocks = comparison(subject_of(S3_AFTER), S3_BEFORE)
    [layers] = section(blocks, "The layers")
    assert layers.texts == (
        "Layer 1: sigmoid instead of relu.",
        "Layer 2 is new: 100 units, sigmoid, with a bias, weights 100 × 100.",
        "Layer 2 becomes layer 3.",
    )
    [changed] = section(blocks, "Lines that change")
    assert changed.rows[0][:2] == (r"$A^{(1)} = \operatorname{ReLU}(Z^{(1)})$", r"$A^{(1)} = \sigma(Z^{(1)})$")


@pytest.mark.parametrize("seed", range(0, 40, 2))
def test_comparison_leaves_no_line_out(seed):
    """New, changed, renumbered and same lines together are all lines now; the same with gone ones, all before."""
    from chainrule.explanation.alignment import align
    from chainrule.explanation.changes import compare

    before, now = subject_of(random_case(seed).net), subject_of(random_case(seed + 1).net)
    found = compare(before, now, align(before.net, now.net))
    shared = len(found.changed) + len(found.renumbered) + found.n_same
    assert len(found.new) + shared == len(now.steps)
    assert len(found.gone) + shared == len(before.steps)


def test_the_same_network_has_no_changes():
    """Nothing is made up where nothing changes."""
    [_, said] = comparison(subject_of(S3_AFTER), S3_AFTER)
    assert said.text.startswith("Nothing changes")


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        (Network([Dense(3, "tanh"), Dense(1, "sigmoid", bias=False)], 4, "log_loss"), "2 inputs instead of 4."),
        (Network([Dense(3, "tanh"), Dense(1, "sigmoid")], 2, "log_loss"), "Layer 2: without a bias now."),
        (Network([Dense(5, "tanh"), Dense(1, "sigmoid", bias=False)], 2, "log_loss"), "3 units instead of 5"),
        (Network([Dense(3, "tanh", dropout=0.5), Dense(1, "sigmoid", bias=False)], 2, "log_loss"), "dropout 0 instead"),
        (Network([Dense(3, "tanh"), Dense(1, "sigmoid", bias=False)], 2), "The loss is log_loss instead of half"),
        (Network([Dense(9, "relu"), *SMALL.layers], 2, "log_loss"), "Layer 1 is left out."),
    ],
)
def test_each_kind_of_change_has_its_sentence(other, sentence):
    """Inputs, bias, units, dropout, loss, and a layer less."""
    blocks = comparison(subject_of(SMALL), other)
    assert any(sentence in text for block in blocks if isinstance(block, Items) for text in block.texts)


# --- what it is made of, and what it refuses ------------------------------------------------------------------------


def test_own_activation_and_loss_without_formulas_are_written_as_functions():
    """Without a formula an explanation writes φ and φ′, ℓ and ℓ′."""
    own = Activation("my_own", np.sin, lambda dA, Z, A: dA * np.cos(Z))
    loss = Loss("fourth", lambda Y, T: ((Y - T) ** 4).sum(axis=1), lambda Y, T: 4 * (Y - T) ** 3)
    written = "\n".join(formulas(explanation(subject_of(Network([Dense(2, own), Dense(1)], 2, loss)))))
    assert r"\varphi_{\text{my own}}'(Z^{(1)})" in written
    assert r"\ell'(Y, T)" in written


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_brings_its_derivative(activation):
    """The formula and the derivative's formula are in the explanation."""
    blocks = explanation(subject_of(Network([Dense(4, activation), Dense(1)], 2)))
    if activation == "identity":
        assert any(isinstance(block, Paragraph) and "slope is 1" in block.text for block in blocks)
        return
    written = "\n".join(formulas(blocks))
    assert ACTIVATIONS[activation].formula in written
    assert ACTIVATIONS[activation].derivative_formula in written


@pytest.mark.parametrize("format_", ["markdown", "latex", "html", "text"])
def test_every_format_is_written(format_):
    """Each format holds the loss, the derivatives and the numbers."""
    written = explain(SMALL, SMALL.initial_theta(0), X, T, l2=0.01, format=format_)
    assert "0.09833" in written
    assert "tanh" in written


def test_a_notebook_sets_the_formulas():
    """The Markdown shows itself as Markdown."""
    written = explain(SMALL)
    assert written._repr_markdown_() == str(written)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"format": "pdf"}, "Unknown format"),
        ({"convention": "diagonal"}, "Unknown convention"),
        ({"X": X}, "Numbers need parameters"),
        ({"T": T, "theta": np.zeros(12)}, "T without X"),
        ({"X": [[0.0]], "theta": np.zeros(12)}, "X has 1 columns"),
        ({"X": X, "T": [1], "theta": np.zeros(12)}, "T "),
        ({"theta": np.zeros(3)}, "theta must have shape"),
        ({"l2": -1}, "l2 must"),
        ({"learning_rate": 0}, "learning_rate must"),
        ({"compared_with": "2,1"}, "compared_with must be a Network"),
        ({"compared_with": S3_AFTER, "X": X, "theta": np.zeros(12)}, "A comparison is one of formulas"),
    ],
)
def test_bad_arguments_get_a_sentence(arguments, sentence):
    """What was wrong is said."""
    with pytest.raises(InvalidValue, match=sentence):
        explain(SMALL, **arguments)


def test_only_a_network_is_explained():
    """Anything else is refused by its type."""
    with pytest.raises(InvalidValue, match="explain takes a Network or a fitted estimator of chainrule's, got str"):
        explain("2,1")


def deep(n_layers, activation="tanh"):
    """A network of so many layers, all of two units."""
    return Network([Dense(2, activation) for _ in range(n_layers)], n_features=2)


def test_a_product_of_up_to_25_factors_is_whole_and_a_longer_one_shows_its_ends():
    """Of 12 layers every factor stands; of 13 the first and last four, with dots, and it is said."""
    whole, cut = (explain(deep(n)).split("### Step by step")[0] for n in (12, 13))
    assert r"\cdots" not in whole
    [first] = [line for line in cut.splitlines() if r"\partial W^{(1)}} = " in line]
    assert (first.count(r"\frac"), first.count(r"\cdots")) == (1 + 4 + 4, 1)
    assert first.index(r"{\partial Z^{(12)}} \cdot \cdots \cdot \frac{\partial A^{(2)}}")
    assert "Of a product of more than 25 factors the middle is left out." in cut
    assert "the middle is left out" not in whole


@pytest.mark.parametrize("kind", ["markdown", "text"])
def test_an_explanation_grows_with_the_layers_and_not_with_their_square(kind):
    """Each layer more adds as much as the one before it."""
    small, middle, large = (len(explain(deep(n), format=kind)) for n in (30, 60, 90))
    assert large - middle < 1.05 * (middle - small)


def test_hundreds_of_layers_are_compared():
    """What changes is found without recursion: all of 400 layers, or one that was put between them."""
    assert "Layer 400: relu instead of tanh." in explain(deep(400, "relu"), compared_with=deep(400))
    assert "Layer 40 is new" in explain(deep(41), compared_with=deep(40))


DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def plain(latex):
    """Write a formula of an explanation in the derivation's own symbols: ∂L/∂W⁽¹⁾ is dW1."""
    text = re.sub(r"⁽([⁰-⁹¹²³]+)(ᵀ?)⁾", lambda found: found[1].translate(DIGITS) + found[2], unicode_math(latex))
    return re.sub(r"\((d\w+)\)", r"\1", text.replace("∂L/∂", "d"))


@pytest.mark.parametrize("output", ["sigmoid", "softmax", "identity"])
def test_an_explanation_typesets_the_lines_of_the_derivation(output):
    """Products, masks and errors read alike in explain and in derive: one says it in LaTeX, one in plain characters."""
    loss = {"sigmoid": "log_loss", "softmax": "cross_entropy", "identity": "half_squared_error"}[output]
    hidden = [Dense(4, "tanh", bias=False, dropout=0.5), Dense(3, "relu", bias=False)]
    net = Network([*hidden, Dense(2, output, bias=False)], n_features=3, loss=loss, input_dropout=0.1)
    alike = ("linear", "weight_gradient", "passed_back", "dropped", "output_error")
    steps = [step for step in derive(net) if step.operation.name in alike]
    notation = subject_of(net).notation

    assert len(steps) == 3 * 3 + 2 * 2 + (net.fused is not None)
    for step in steps:
        assert str(step).partition(" = ")[2] == plain(write(step, notation).right)
