"""The labs: what they compute, print, draw and write."""

import json
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

import chainrule as cr
from chainrule import InvalidFile, InvalidValue, labs
from chainrule.cli import chainrule
from chainrule.labs.moons import lab as moons
from chainrule.labs.report import write_report
from chainrule.labs.results import write_json
from chainrule.labs.xor import lab as xor

TITLES = ["0.127", "0.052", "0.010", "0.001", "0.000", "0.000", "0.000", "0.000"]


@pytest.fixture(scope="module")
def moons_result():
    """Run the lab moons once for all tests that look at it."""
    return labs.load("moons").run(random_state=0)


@pytest.fixture(scope="module")
def xor_result():
    """Run the smallest of xor's sets once for all tests that look at it."""
    return labs.load("xor").run(random_state=0, data_sets="xor_easy")


COMMON = ("activations", "network")  # pictures of every lab


def write_points(folder, name="points.csv", n=40, n_features=2, labels=("no", "yes")):
    """Write a table of points whose class is told by their first feature."""
    rng = np.random.RandomState(0)
    X = rng.uniform(-1, 1, (n, n_features))
    rows = [",".join([*map(str, row), labels[int(row[0] > 0)]]) for row in X]
    path = folder / name
    path.write_text("\n".join([",".join([*(f"f{j}" for j in range(n_features)), "kind"]), *rows]))
    return path


def text_s0(n_iterations, *, as_printed):
    """S0's computation in plain NumPy, from its formulas: the error before each iteration, and the parameters."""
    rng = np.random.RandomState(0)
    half = 50
    angles = np.linspace(0, np.pi, half)
    X = np.concatenate(
        [np.stack([np.cos(angles), np.sin(angles)], 1), np.stack([1 - np.cos(angles), 1 - np.sin(angles) - 0.5], 1)]
    )
    T = np.repeat([-1.0, 1.0], half)
    order = np.arange(2 * half)
    rng.shuffle(order)
    X, T = X[order] * 2 - 1, T[order]
    W, b, v = rng.normal(0, 1 / 2**0.5, (2, 50)), rng.normal(0, 1, 50), rng.normal(0, 1 / 50**0.5, 50)
    errors = []
    for _ in range(n_iterations):
        Z = X @ W + b
        A = np.maximum(0, Z)
        Y = A @ v
        errors.append(np.maximum(0, -Y * T).mean())
        dY = -T * (-Y * T > 0) / len(X)
        dZ = np.outer(dY, v) * (Z > 0)
        db = dZ.sum(0) / (len(X) if as_printed else 1)
        W, b, v = W - 0.1 * X.T @ dZ, b - 0.1 * db, v - 0.1 * A.T @ dY
    return errors, np.concatenate([W.ravel(), b, v])


def test_moons_prints_the_eight_errors_of_its_text(capsys):
    """With seed 0 the titles read 0.127 0.052 0.010 0.001 0.000 0.000 0.000 0.000, exactly."""
    labs.load("moons").run(random_state=0, verbose=True)
    lines = capsys.readouterr().out.splitlines()
    expected = [f"It: {number}, Error: {error}" for number, error in zip(moons.SHOWN, TITLES, strict=True)]
    assert expected == lines[:8]
    assert lines[8].startswith("accuracy: 1.00, dead ReLUs: ")


@pytest.mark.parametrize("as_printed", [False, True])
def test_moons_equals_the_text_computed_by_hand(as_printed):
    """Errors and final parameters are those of plain NumPy, with the gradient put right and as printed."""
    errors, theta = text_s0(128, as_printed=as_printed)
    [result] = labs.load("moons").run(random_state=0, as_printed=as_printed).results
    assert [errors[i] for i in moons.SHOWN] == pytest.approx(result.extras["errors"], abs=1e-14)
    assert theta == pytest.approx(result.run.theta, abs=1e-12)


def test_moons_as_printed_differs_only_where_the_text_is_wrong():
    """The mistake cannot be seen in the first title, and it moves the biases."""
    right, printed = (labs.load("moons").run(0, as_printed=flag, epochs=2).results[0] for flag in (False, True))
    assert right.extras["errors"][0] == printed.extras["errors"][0]
    [(W, b), _], [(W2, b2), _] = (r.task.net.views(r.run.theta) for r in (right, printed))
    assert np.abs(W - W2).max() < np.abs(b - b2).max()


def test_dead_relus_are_counted():
    """A unit is dead when it is 0 on every point: units pushed far down all are."""
    [result] = labs.load("moons").run(0, epochs=1, hidden=3).results
    net = result.task.net
    theta = result.run.theta.copy()
    net.views(theta)[0][1][:2] = -1e3
    assert _replace_theta(result, theta).dead_units == [2]


def _replace_theta(result, theta):
    """Return the result with other parameters."""
    return replace(result, run=replace(result.run, theta=theta))


def test_xor_trains_below_its_threshold(xor_result):
    """The easy set ends with a loss below 0.01 and every one of its points read right."""
    [result] = xor_result.results
    assert (result.run.status, result.train_accuracy) == ("converged", 1.0)
    assert result.run.loss < 0.01


def test_xor_equals_its_text_computed_by_hand():
    """Full-batch descent of 2-10-10-1 without biases is plain NumPy's, start and all, to 1e-10 after 50 epochs."""
    rng = np.random.RandomState(3)
    X = rng.uniform(0, 1, (100, 2))
    T = np.where(X[:, :1] > X[:, 1:], 0.0, 1.0)
    W = [rng.randn(2, 10), rng.randn(10, 10), rng.randn(10, 1)]
    for _ in range(50):
        A = [X]
        for w in W:
            A.append(1 / (1 + np.exp(-A[-1] @ w)))
        dZ = (A[3] - T) / len(X)
        gradients = [A[2].T @ dZ]
        for layer in (2, 1):
            dZ = dZ @ W[layer].T * A[layer] * (1 - A[layer])
            gradients.insert(0, A[layer - 1].T @ dZ)
        W = [w - 0.3 * g for w, g in zip(W, gradients, strict=True)]
    [result] = labs.load("xor").run(random_state=3, data_sets="linear", epochs=50).results
    assert np.concatenate([w.ravel() for w in W]) == pytest.approx(result.run.theta, abs=1e-10)


def test_xor_prints_in_its_texts_format(capsys):
    """Heading, a line every 500 epochs, the test's accuracy, and one prediction a point that it is about."""
    [done] = labs.load("xor").run(random_state=0, data_sets="xor_easy", epochs=1000, verbose=True).results
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "=====data type : xor_easy====="
    assert lines[1].startswith("training ... epoch:500, loss:0.")
    assert ", acc:" in lines[1]
    assert lines[3].startswith("testing ... accuracy:0.")
    predictions = [float(line.strip("[]")) for line in lines[4:]]
    X, T = done.task.test
    np.testing.assert_allclose(predictions, done.task.net.predict(done.run.theta, X).ravel(), atol=1e-7)
    assert float(lines[3].split(":")[1]) == np.mean((np.array(predictions) >= 0.5) == T.ravel())


def test_a_batch_larger_than_a_set_takes_all_of_it(capsys):
    """The 100 points of linear are cut into batches of 32, the 21 of xor_easy are one: that is said."""
    done = labs.load("xor").run(0, data_sets="linear,xor_easy", batch_size=32, epochs=2, verbose=True)
    assert [result.task.training["batch_size"] for result in done.results] == [32, 21]
    assert "batch_size 32 is more than the 21 points of xor_easy: all of them" in capsys.readouterr().out


@pytest.mark.usefixtures("unrendered")
def test_what_was_trained_is_kept_where_a_later_training_fails(tmp_path, monkeypatch):
    """The results, pictures and report of those before it are written, and the command says what failed."""
    xor = labs.load("xor")

    def task(config, generator, name):
        if name == "xor_easy":
            raise InvalidValue("No points today.")
        return xor.task(config, generator, name)

    with pytest.warns(RuntimeWarning, match=r"after linear could not be made: No points today\."):
        done = replace(xor, task=task).run(0, data_sets="linear,xor_easy", epochs=2, experiments=True)
    assert [result.name for result in done.results] == ["linear"]
    monkeypatch.setattr("chainrule.labs.load", lambda name: replace(xor, task=task))
    said = CliRunner().invoke(chainrule, ["lab", "run", "xor", "--set", "epochs=2", "--out", str(tmp_path / "out")])
    assert (tmp_path / "out" / "report.html").is_file()
    assert "after linear could not be made: No points today." in str(said.exception)


OTHER_VALUES = {
    "data_sets": "linear", "runs": {"minimize": "depth4_relu", "neuron": "neuron_xor"}, "linearly_separable": "true",
    "n": 40, "hidden": {"xor": "3,4", "softmax": "3,4", "minimize": 4, "neuron": 3, "moons": 7}, "activation": "tanh",
    "output": "identity",
    "learning_rate": 0.05, "batch_size": 5, "epochs": 3, "n_epochs": 3, "steps": 3, "stop_loss": 0.9,
    "stop_accuracy": 0.1, "test_size": 0.5, "l2": 0.1, "method": "CG",
}  # fmt: skip
SHORT = {"xor": {"epochs": 4}, "minimize": {"epochs": 4}, "moons": {"epochs": 4}, "neuron": {"n_epochs": 4},
         "softmax": {"steps": 4}}  # fmt: skip
IDLE = {"n", "data_sets", "linearly_separable", "test_size"}  # about points of the one kind or the other


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize(
    ("name", "setting"), [(lab, one.name) for lab in labs.names() for one in labs.load(lab).settings]
)
def test_every_setting_acts_or_is_refused(tmp_path, name, setting, own):
    """Another value gives other results, or a sentence that says why it would not."""
    lab, value = labs.load(name), OTHER_VALUES[setting]
    value = value[name] if isinstance(value, dict) else value
    data = {"data": write_points(tmp_path)} if own else {}
    changed = {**SHORT[name], **data, setting: value}
    if (setting == "test_size") != own and setting in IDLE:
        with pytest.raises(InvalidValue, match="would change nothing"):
            lab.run(0, **changed)
        return
    usual, other = (lab.run(0, **settings).results for settings in ({**SHORT[name], **data}, changed))
    assert [one.run.theta.tolist() for one in usual] != [one.run.theta.tolist() for one in other]


def test_own_points_in_the_deep_networks(tmp_path):
    """S1 asks for its fourth network on the user's own data, too."""
    done = labs.load("minimize").run(0, data=write_points(tmp_path), runs="ring,depth4_sigmoid", epochs=2)
    depths = {result.name: len(result.task.net.layers) - 1 for result in done.results}
    assert depths == {"points": 1, "points_depth4_sigmoid": 4}


@pytest.mark.parametrize(
    ("name", "settings", "reason"),
    [
        ("xor", {"n": 30, "data_sets": "xor_easy"}, "xor_easy has 21 points"),
        ("neuron", {"hidden": 3, "runs": "neuron_xor"}, "a single neuron has no hidden units"),
        ("moons", {"test_size": 0.2}, "there is no --data"),
    ],
)
def test_a_setting_that_others_make_idle_is_refused(name, settings, reason):
    with pytest.raises(InvalidValue, match=f"would change nothing: .*{reason}"):
        labs.load(name).run(**settings)


def test_held_out_points_are_none_of_the_training_points(xor_result):
    """The accuracy that is printed as the test's is measured on points that were not trained on."""
    [result] = xor_result.results
    trained = {tuple(row) for row in result.task.X}
    X_test, _ = result.task.test
    assert not trained & {tuple(row) for row in X_test}


@pytest.mark.parametrize(
    "settings",
    [
        {"batch_size": 1, "stop_accuracy": 1, "stop_loss": None, "epochs": 500},
        {"batch_size": 7, "epochs": 3},
        {"hidden": (3, 3), "epochs": 3},
        {"hidden": 4, "activation": "identity", "epochs": 3},
        {"learning_rate": 10, "n": 30, "epochs": 3},
    ],
)
def test_every_setting_can_be_turned(settings):
    """Batches, per-sample updates until all are right, widths, activations, rates and sizes all run."""
    result = labs.load("xor").run(random_state=1, data_sets=("linear",), **settings)
    expected = "converged" if "stop_accuracy" in settings else "max_epochs"
    assert expected == result.results[0].run.status


def test_without_activations_xor_is_not_learned_and_linear_is():
    """With identity hidden layers the network is linear: it separates linear points and cannot do XOR."""
    result = labs.load("xor").run(0, data_sets="linear,xor_easy", activation="identity", epochs=3000)
    linear, easy = result.results
    assert linear.train_accuracy >= 0.95
    assert easy.train_accuracy <= 0.75


def test_the_printed_loss_scores_inverted_predictions_alike():
    """S4's loss as printed is the same for perfect and for inverted predictions of balanced classes; ours is not."""
    T = np.array([[0.0], [1.0]])
    almost = np.abs(T - 1e-9)
    printed = xor.AS_PRINTED_LOSS
    assert printed.value(almost, T).mean() == pytest.approx(printed.value(1 - almost, T).mean())
    assert cr.Network([cr.Dense(1, "sigmoid")], 1, "log_loss").loss.value(almost, T).mean() < 1e-8


def test_the_printed_loss_stops_a_wide_network_at_once():
    """A wide one "predicts nothing" only because of the printed loss: with the right one it converges."""
    lab = labs.load("xor")
    arguments = {"data_sets": "xor_easy", "hidden": (500, 500), "epochs": 200}
    [printed], [right] = (lab.run(0, as_printed=flag, **arguments).results for flag in (True, False))
    assert (printed.run.status, printed.run.epochs) == ("converged", 0)
    assert printed.run.loss < 0
    assert printed.train_accuracy < 0.7
    assert (right.run.status, right.train_accuracy) == ("converged", 1.0)


def test_the_same_seed_gives_the_same_bytes(tmp_path, xor_result):
    """Networks and figures of two runs of one seed are identical files; that drawing repeats itself is tests/plot's."""
    again = labs.load("xor").run(random_state=0, data_sets="xor_easy")
    for result, folder in ((xor_result, "a"), (again, "b")):
        for name in ("xor_easy_learning_curve", "xor_easy_prediction"):
            cr.plot.save(result.figures()[name], tmp_path / folder / f"{name}.svg")
        [done] = result.results
        cr.save(tmp_path / folder / "network.safetensors", done.task.net, done.run.theta)
    first, second = (sorted((tmp_path / folder).iterdir()) for folder in "ab")
    assert len(first) == 3
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes(), one


@pytest.mark.usefixtures("unrendered")
def test_a_folder_holds_results_figures_and_networks(tmp_path, moons_result):
    """results.json says everything, figures come as SVG and PNG, and the network is what was trained."""
    written = {path.relative_to(tmp_path).as_posix() for path in moons_result.save(tmp_path)}
    figures = {
        f"figures/{name}.{suffix}"
        for name in ("data", "snapshots", "learning_curve", "moons_confusion", "activations", "network")
        for suffix in ("svg", "png")
    }
    assert written == {"results.json", "moons.safetensors", *figures}
    content = json.loads((tmp_path / "results.json").read_text())
    assert {
        "lab",
        "seed",
        "config",
        "versions",
        "seconds",
        "data",
        "runs",
        "experiments",
        "figures",
        "animations",
    } == set(content)
    [run] = content["runs"]
    assert {"name", "status", "message", "epochs", "loss", "accuracy", "history", "errors", "dead_units"} <= set(run)
    assert run["accuracy"] == {"train": 1.0, "test": None}
    assert [f"{error:.3f}" for error in run["errors"]] == TITLES
    assert len(run["history"]["loss"]) == run["epochs"] == 128
    net, theta = cr.load(tmp_path / "moons.safetensors")
    assert net == moons_result.results[0].task.net
    assert np.array_equal(theta, moons_result.results[0].run.theta)


@pytest.mark.usefixtures("unrendered")
def test_an_animation_shows_each_training_from_its_start_to_its_end(tmp_path):
    """A frame an epoch up to 4, then two a doubling, the last of them what is reported; none without being asked."""
    result = labs.load("xor").run(data_sets="xor_easy", epochs=9, animate=True)
    result.save(tmp_path)
    with Image.open(tmp_path / "figures" / "xor_easy_training.gif") as film:
        assert film.n_frames == len({0, 1, 2, 3, 4, 6, 8, 9})
    assert json.loads((tmp_path / "results.json").read_text())["animations"] == ["xor_easy_training"]
    page = write_report(tmp_path).read_text()
    assert "<summary>Show the animation</summary><img" in page
    assert "--animate" in page
    labs.load("xor").run(data_sets="xor_easy", epochs=9).save(tmp_path)
    assert not list((tmp_path / "figures").glob("*.gif")), "an older run's animation goes with it"


def test_an_animation_of_what_has_no_plane_is_refused_before_the_training(tmp_path):
    """Three features are no picture."""
    own = write_points(tmp_path, n_features=3)
    with pytest.raises(InvalidValue, match=r"--animate .* points has 3 features: leave it out"):
        labs.load("xor").run(data=own, animate=True)


def test_numbers_that_are_not_finite_become_null(tmp_path):
    """results.json is JSON that every reader accepts."""
    path = write_json(tmp_path / "x.json", {"runs": [{"loss": float("nan"), "history": [1.0, float("inf")]}]})
    assert json.loads(path.read_text()) == {"runs": [{"loss": None, "history": [1.0, None]}]}


def test_points_of_ones_own(tmp_path):
    """A .csv with two classes of any name takes the place of the text's data, with a share held out."""
    result = labs.load("xor").run(0, data=write_points(tmp_path), epochs=400, learning_rate=3)
    [own] = result.results
    assert own.name == "points"
    assert (len(own.task.X), len(own.task.test[0])) == (28, 12)
    assert own.test_accuracy >= 0.8
    assert set(result.figures()) == {
        *("points_data", "points_prediction", "points_regions", "points_learning_curve", "points_confusion"),
        "points_hidden_units",
        *COMMON,
    }


def test_points_outside_the_texts_window(tmp_path):
    """moons draws points of one's own in a window that holds them; nothing held out on request."""
    path = tmp_path / "far.csv"
    path.write_text("100,0,a\n101,1,a\n110,0,b\n111,2,b\n")
    result = labs.load("moons").run(0, data=path, epochs=8, test_size="none")
    assert (result.results[0].test_accuracy, len(result.results[0].task.X)) == (None, 4)
    assert set(result.figures()) == {"data", "snapshots", "learning_curve", "far_confusion", *COMMON}


def test_points_with_more_features_have_no_picture_of_the_plane(tmp_path):
    """Five features train as well; only the learning curve can be drawn."""
    result = labs.load("moons").run(0, data=write_points(tmp_path, n_features=5), epochs=8)
    assert set(result.figures()) == {"learning_curve", "points_confusion", *COMMON}


def test_three_classes_are_refused(tmp_path):
    """A lab for two classes says how many the file has."""
    path = tmp_path / "three.csv"
    path.write_text("1,2,a\n3,4,b\n5,6,c\n")
    with pytest.raises(InvalidValue, match=r"separates two classes, .*three.csv has 3: a, b, c"):
        labs.load("xor").run(data=path)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"learning_rat": 1}, "Did you mean 'learning_rate'.* The choices are: data_sets, n, hidden"),
        ({"learning_rate": 0}, "learning_rate must be a number > 0, got 0"),
        ({"learning_rate": "fast"}, "learning_rate must be a number > 0, got 'fast'"),
        ({"hidden": "10,x"}, "hidden must be a whole number ≥ 1, got 'x'"),
        ({"hidden": ()}, "hidden needs at least one whole number"),
        ({"activation": "sigmod"}, "Did you mean 'sigmoid'"),
        ({"data_sets": "linear,lines"}, "The choices are: linear, xor_easy, xor_alternating"),
        ({"data_sets": "linear,linear"}, "names something twice"),
        ({"data_sets": 3}, "data_sets must be one or more names, got 3"),
        ({"epochs": 1.5}, "epochs must be a whole number ≥ 1"),
        ({"stop_accuracy": 2}, "stop_accuracy must be a number > 0 and ≤ 1, got 2"),
        ({"random_state": -1}, "random_state must be a whole number ≥ 0, got -1"),
        ({"random_state": 2**32}, "random_state must be None, a whole number from 0"),
    ],
)
def test_a_wrong_setting_is_answered_with_what_is_valid(settings, sentence):
    """Names and values that cannot be used are refused with a sentence."""
    with pytest.raises(InvalidValue, match=sentence):
        labs.load("xor").run(**settings)


def test_an_unknown_lab_is_answered_with_those_there_are():
    """A slip in a lab's name is recognised."""
    with pytest.raises(InvalidValue, match="Did you mean 'moons'"):
        labs.load("moon")


def test_a_folder_that_cannot_be_made_is_refused(tmp_path, moons_result):
    """Writing results under a file ends in a sentence."""
    (tmp_path / "file").write_text("")
    with pytest.raises(InvalidFile, match="Choose another place"):
        moons_result.save(tmp_path / "file")


def test_ctrl_c_ends_the_lab_with_what_there_is(monkeypatch):
    """The run so far is kept, and the trainings after it are left out."""
    shown = []

    def interrupt(epoch):
        shown.append(epoch.number)
        if epoch.number == 500:
            raise KeyboardInterrupt
        return ""

    monkeypatch.setattr(xor, "line", interrupt)
    lab = labs.load("xor")
    lab = replace(lab, script=replace(lab.script, line=interrupt, closing=lambda result: []))
    result = lab.run(0, verbose=True)
    assert shown == [500]
    assert result.interrupted
    assert [r.name for r in result.results] == ["linear"]
    assert result.results[0].run.epochs == 500


@pytest.mark.usefixtures("unrendered")
def test_many_seeds_give_shares_medians_and_ranges(tmp_path):
    """Each seed is the run of that seed alone, and the summary is computed from them."""
    lab = labs.load("xor")
    many = lab.run_seeds(range(3), data_sets="xor_easy", epochs=4500)
    alone = lab.run(1, data_sets="xor_easy", epochs=4500).results[0]
    [_, (seed, second), _] = many.by_name()["xor_easy"]
    assert seed == 1
    assert np.array_equal(alone.run.theta, second.run.theta)
    row = many.summary()["xor_easy"]
    runs = [result.run for _, result in many.by_name()["xor_easy"]]
    assert row["epochs"] == [
        np.median([r.epochs for r in runs]),
        min(r.epochs for r in runs),
        max(r.epochs for r in runs),
    ]
    assert row["share_converged"] == np.mean([r.status == "converged" for r in runs])
    written = {path.relative_to(tmp_path).as_posix() for path in many.save(tmp_path)}
    assert {"results.json", "figures/xor_easy_seeds.svg", "xor_easy_seed2.safetensors"} <= written
    content = json.loads((tmp_path / "results.json").read_text())
    assert [run["seed"] for run in content["runs"]] == [0, 1, 2]
    assert len(content["runs"][0]["history"]["loss"]) == len(content["runs"][0]["history"]["epoch"]) <= 500


@pytest.mark.parametrize("seeds", [[], [1, 1], [-1], [0.5]])
def test_seeds_must_be_different_whole_numbers(seeds):
    """An empty, repeated, negative or broken list of seeds is refused."""
    with pytest.raises(InvalidValue, match="seed"):
        labs.load("moons").run_seeds(seeds)
