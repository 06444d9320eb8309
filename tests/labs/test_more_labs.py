"""The labs minimize, neuron and softmax: what they compute, and what they call a failure."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.io

from chainrule import Run, labs
from chainrule.errors import InvalidValue
from chainrule.labs import running
from chainrule.labs.minimize import lab as minimize
from chainrule.labs.settings import configure
from chainrule.network.inputs import as_generator

# --- minimize (S1) --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shallow():
    """Run the two-class runs with one hidden layer, and three classes, once for all tests."""
    return labs.load("minimize").run(0, runs="blobs,moons,three_blobs", progress=False)


def test_minimize_learns_blobs_of_two_and_three_classes(shallow):
    """Sigmoid networks with λ = 1e-3 separate the blobs, and the held-out half as well."""
    blobs, _, three = shallow.results

    assert blobs.run.status == three.run.status == "converged"
    assert min(blobs.train_accuracy, blobs.test_accuracy) >= 0.99
    assert min(three.train_accuracy, three.test_accuracy) >= 0.97
    assert three.task.net.n_outputs == 3


def test_minimize_hands_scipy_the_gradient_of_the_returned_loss():
    """The heading checks the gradient that SciPy is given, at the start of every run."""
    [done] = labs.load("minimize").run(1, runs="depth4_relu", epochs=1).results
    lines = minimize.heading(done.task).splitlines()

    assert lines[0] == "=== depth4_relu: 2 -> 10 relu -> 10 relu -> 10 relu -> 10 relu -> 1 sigmoid, L-BFGS-B"
    assert lines[1].startswith("The gradient is right")


def test_minimize_starts_uniformly_within_its_texts_bounds():
    """Weights and biases of a layer start within ±√(2 / (n_in + n_out))."""
    [done] = labs.load("minimize").run(2, runs="ring", epochs=1).results
    blocks = done.task.net.views(done.task.theta)

    for (W, b), sizes in zip(blocks, (12, 11), strict=True):
        bound = math.sqrt(2 / sizes)
        assert max(np.abs(W).max(), np.abs(b).max()) <= bound
        assert np.abs(W).max() > 0.7 * bound


def test_minimize_calls_a_collapse_a_failure():
    """Depth-4 sigmoid at λ = 1e-3 ends at ln 2 with all weights → 0, and SciPy is content: the lab is not."""
    [done] = labs.load("minimize").run(0, runs="depth4_sigmoid").results

    assert done.run.loss == pytest.approx(math.log(2), abs=1e-3)
    assert done.run.status == "failed"
    assert done.run.message.startswith("Collapsed: the loss stays at 0.692")
    assert "SciPy calls it a success: CONVERGENCE" in done.run.message


def test_minimize_calls_a_good_fit_a_good_fit(shallow):
    """Where SciPy gives up at a kink and the accuracy is high, the message says both."""
    blobs = shallow.results[0]
    gave_up = Run(blobs.run.theta, blobs.run.history, "failed", "Desired error not achieved.", blobs.run.loss, 9)
    judged = minimize.judge(blobs.task, gave_up)

    assert judged.status == "converged"
    assert judged.message.startswith("A good fit, accuracy 1.00, that SciPy calls unsuccessful")
    assert "Desired error not achieved." in judged.message


def test_minimize_leaves_a_bad_fit_failed(shallow):
    """Where SciPy gives up and the fit is bad, it stays a failure in SciPy's words."""
    moons = shallow.results[1]
    theta = np.random.RandomState(0).normal(size=len(moons.run.theta))
    gave_up = Run(theta, moons.run.history, "failed", "Desired error not achieved.", 1.0, 9)

    assert minimize.judge(moons.task, gave_up) is gave_up


def test_minimize_takes_one_mat_file_a_class(tmp_path):
    """S1's own workflow: a matrix a class, each in its file, loaded, stacked and labelled."""
    rng = np.random.RandomState(0)
    paths = []
    for k, centre in enumerate(([0, 0], [4, 0], [0, 4])):
        paths.append(tmp_path / f"pointsClass{k + 1}.mat")
        scipy.io.savemat(paths[-1], {f"pointsClass{k + 1}": rng.normal(centre, 0.5, (30, 2))})
    [done] = labs.load("minimize").run(0, data=paths).results

    assert (len(done.task.X), done.task.net.n_outputs) == (63, 3)
    assert done.test_accuracy == 1.0


# --- neuron (S2) ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def neurons():
    """Run the neuron and the network with few points and epochs, once for all tests."""
    return labs.load("neuron").run(0, n=400, batch_size=50, n_epochs=300, progress=False)


def test_neuron_separates_what_is_separable_and_nothing_else(neurons):
    """A single neuron reads every separable point right, and XOR hardly better than a coin."""
    by_name = {done.name: done for done in neurons.results}

    assert by_name["neuron_separable"].test_accuracy >= 0.99
    assert by_name["neuron_xor"].train_accuracy <= 0.8
    assert by_name["network_separable"].test_accuracy >= 0.99


def test_neuron_reports_validation_after_every_epoch(neurons):
    """The validation loss is recorded an epoch, and the accuracy of all three parts is reported."""
    assert len(neurons.results) == 5
    for done in neurons.results:
        assert len(done.run.history["validation_loss"]) == 300
        assert 0.0 <= done.extras["validation_accuracy"] <= 1.0
        assert len(done.task.training["validation"][0]) == len(done.task.test[0]) == 100


@pytest.mark.parametrize(("separable", "n_runs"), [("true", 2), ("false", 3), ("none", 5), (True, 2)])
def test_neuron_knob_chooses_the_data(separable, n_runs):
    """linearly_separable is the text's knob: only those data, only the others, or all."""
    result = labs.load("neuron").run(0, n=40, n_epochs=1, batch_size="none", linearly_separable=separable)

    assert len(result.results) == n_runs


def test_neuron_update_is_the_texts():
    """One full-batch step is w − ε (1/N) Σ (y − t) σ′(a) x, formulas 2.3 to 2.7."""
    [done] = labs.load("neuron").run(3, runs="neuron_separable", n=40, n_epochs=1, batch_size="none").results
    X, t, (w1, w2, b) = done.task.X, done.task.T, done.task.theta
    a = X[:, 0] * w1 + X[:, 1] * w2 + b
    y = 1 / (1 + np.exp(-a))
    error = (y - t) * y * (1 - y) / len(X)
    expected = np.array([w1, w2, b]) - 0.5 * np.array([error @ X[:, 0], error @ X[:, 1], error.sum()])

    assert expected == pytest.approx(done.run.theta, abs=1e-14)


# --- softmax (S3) ---------------------------------------------------------------------------------------------------


def text_s3(seed, n_steps, X, labels):
    """S3's computation in plain NumPy: bias as last row, up the mean log-likelihood, rate 0.1."""
    rng = np.random.RandomState(seed)
    W = [rng.randn(3, 100), rng.randn(101, 100), rng.randn(101, 2)]
    T = np.eye(2)[labels]
    with_one = lambda H: np.hstack([H, np.ones((len(H), 1))])  # noqa: E731
    for _ in range(n_steps):
        H = [with_one(X)]
        for w in W[:2]:
            H.append(with_one(1 / (1 + np.exp(-H[-1] @ w))))
        E = np.exp(H[2] @ W[2] - (H[2] @ W[2]).max(axis=1, keepdims=True))
        error = T - E / E.sum(axis=1, keepdims=True)
        gradients = [H[2].T @ error / len(X)]
        for layer in (2, 1):
            error = (error @ W[layer].T * H[layer] * (1 - H[layer]))[:, :-1]
            gradients.insert(0, H[layer - 1].T @ error / len(X))
        W = [w + 0.1 * g for w, g in zip(W, gradients, strict=True)]
    return W


def test_softmax_equals_its_text_computed_by_hand():
    """Five steps up the log-likelihood are the text's, its [W; b] blocks included, to 1e-12."""
    [done] = labs.load("softmax").run(7, steps=5).results
    labels = done.task.T.argmax(axis=1)
    expected = text_s3(7, 5, done.task.X, labels)

    assert np.concatenate([w.ravel() for w in expected]) == pytest.approx(done.run.theta, abs=1e-12)


def test_softmax_prints_its_texts_lines(capsys):
    """Iteration 0 to 49, then the test's accuracy, which is typical of the text's 0.9393."""
    result = labs.load("softmax").run(0, verbose=True)
    lines = capsys.readouterr().out.splitlines()

    assert lines[:50] == [f"Iteration {i}" for i in range(50)]
    assert lines[50] == f"Test accuracy after 50 gradient steps: {result.results[0].test_accuracy}"
    assert 0.9 < result.results[0].test_accuracy < 0.98
    assert (len(result.results[0].task.X), len(result.results[0].task.test[0])) == (3500, 1500)


# --- all ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["minimize", "neuron", "softmax"])
def test_lab_without_a_printed_mistake_says_so(name):
    """--as-printed is refused where there is nothing to reproduce."""
    with pytest.raises(InvalidValue, match="has a text without a mistake to reproduce"):
        labs.load(name).run(as_printed=True)


@pytest.mark.usefixtures("unrendered")
def test_folder_of_each_lab_has_its_pictures(tmp_path, shallow, neurons):
    """Every run has its pictures, as SVG and as PNG."""
    saved = [*shallow.save(tmp_path / "m"), *neurons.save(tmp_path / "n")]
    written = {path.name for path in saved if path.is_file()}
    assert len(saved) == sum(path.is_file() for folder in "mn" for path in (tmp_path / folder).rglob("*"))

    assert {"blobs_data.svg", "moons_regions.png", "learning_curves.svg", "three_blobs.safetensors"} <= written
    assert {
        "neuron_xor_points.svg",
        "network_xor_learning_curve.png",
        "neuron_xor_regions.png",
        "network_band.safetensors",
    } <= written


def test_pictures_of_each_lab_can_be_rendered(shallow, neurons):
    """Nothing in them, of words, formulas and scales, is refused or warned of when it is rendered."""
    digits = labs.load("softmax").run(0, n=60, steps=2, progress=False)
    for done, run in ((shallow, "three_blobs"), (neurons, "network_xor"), (digits, "")):
        pictures = [picture for name, picture in done.figures().items() if name.startswith((run, "learning"))]
        assert len(pictures) >= 5
        for picture in pictures:
            picture.set_layout_engine("none")  # to lay it out takes longer, and is the same for all
            picture.draw_without_rendering()


def test_the_course_s_own_files_are_found_by_their_names(tmp_path):
    """S1's files in a folder; none of them, or those of two exercises, are refused."""
    from scipy.io import savemat

    def put(*names):
        for k, name in enumerate(names):
            savemat(tmp_path / name, {"x": np.random.RandomState(k).randn(12, 2) + 3 * k})

    lab = labs.load("minimize")
    with pytest.raises(InvalidValue, match=r"pointsClass1Week6\.mat"):
        lab.run(data=tmp_path, progress=False)
    put("pointsClass1Week6.mat", "pointsClass2Week6.mat")
    done = lab.run(data=tmp_path, progress=False, runs="depth4_trained", epochs=20)
    assert [path.rsplit("/", 1)[-1] for path in done.config["data"]] == [
        "pointsClass1Week6.mat",
        "pointsClass2Week6.mat",
    ]
    put(*(f"xWeek6Ex3PointsClass{k}.mat" for k in (1, 2, 3)))
    with pytest.raises(InvalidValue, match="several exercises"):
        lab.run(data=tmp_path, progress=False)
    with pytest.raises(InvalidValue, match="is a folder"):
        labs.load("moons").run(data=tmp_path, progress=False)


def test_four_sigmoid_layers_train_from_a_wider_start_with_a_weaker_penalty():
    """S1's exercise 2 ends in a network that works, beside the run that collapses."""
    done = labs.load("minimize").run(runs="depth4_sigmoid,depth4_trained", progress=False)
    collapsed, trained = done.results
    assert collapsed.outcome.name == "collapsed"
    assert (trained.outcome.name, trained.test_accuracy) == ("converged", 1.0)
    assert trained.task.training["l2"] == pytest.approx(1e-4)


# --- engines --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "settings", "engine", "preferred", "expected"),
    [
        ("moons", {"epochs": 512}, "auto", "auto", "textbook"),
        ("xor", {}, "auto", "auto", "auto"),
        ("moons", {}, "compiled", "auto", "compiled"),
        ("moons", {}, "auto", "compiled", "auto"),
    ],
)
def test_a_short_descent_compiles_nothing(name, settings, engine, preferred, expected, monkeypatch):
    """What takes the textbook engine less than a tenth of a second is left to it, unless the user prefers another."""
    monkeypatch.setenv("CHAINRULE_ENGINE", preferred)
    lab = labs.load(name)
    config = {**configure(name, lab.settings, settings), "as_printed": False, "engine": engine}
    task = lab.task(config, as_generator(0), lab.run_names(config)[0])
    assert running._worthwhile(task, engine) == expected
