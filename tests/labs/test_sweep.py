"""The sweep: combinations of settings on a table of one's own or a built-in set, and the report of it."""

import json
import shlex
from dataclasses import replace
from html import unescape

import numpy as np
import pytest
from click.testing import CliRunner

from chainrule.cli.sweep_command import split_settings, sweep
from chainrule.errors import ChainruleError, InvalidFile, InvalidValue
from chainrule.labs.figures import common_pictures
from chainrule.labs.report import write_report
from chainrule.labs.score import measure, r_squared
from chainrule.labs.sweep import BUILT_IN, NUMBERS, best_settings, make_lab, notes, read_source, run_sweep
from chainrule.network.layers import Dense
from chainrule.network.network import Network

QUICK = {"epochs": 5}
pytestmark = pytest.mark.usefixtures("unrendered")


def write_table(folder, *, n=60, kind="classes"):
    """A table of two features, one of them huge, one of them constant, and a target by name in the middle."""
    g = np.random.RandomState(0)
    x = g.normal(size=n)
    target = np.where(x > 0, "yes", "no") if kind == "classes" else np.round(3 * x + 100, 4)
    rows = (f"{1e6 * a},{t},7" for a, t in zip(x, target, strict=True))
    path = folder / "own table.csv"
    path.write_text("income,bought,constant\n" + "\n".join(rows) + "\n")
    return path


def invoke(*arguments):
    """Run the command as from the shell; errors come back as they are raised."""
    return CliRunner().invoke(sweep, [str(word) for word in arguments], catch_exceptions=False)


def test_every_combination_is_trained_from_every_start(tmp_path):
    """Two settings of two values and two starts give four rows of two runs, each with its settings in its label."""
    source = read_source(str(write_table(tmp_path)), "bought")
    result = run_sweep(source, {"hidden": ["2", "3,3"], "learning_rate": [0.01, 0.1]}, QUICK, seeds=2)
    rows = result.to_dict()["experiments"][0]["rows"]
    assert [row["label"] for row in rows] == [
        "hidden 2, learning rate 0.01",
        "hidden 2, learning rate 0.1",
        "hidden 3,3, learning rate 0.01",
        "hidden 3,3, learning rate 0.1",
    ]
    assert [[run["seed"] for run in row["runs"]] for row in rows] == [[0, 1]] * 4
    assert {run["epochs"] for row in rows for run in row["runs"]} == {5}


def test_the_best_is_trained_once_more_with_the_same_numbers(tmp_path):
    """The network that is kept is the best combination's at the first seed, to the last bit."""
    source = read_source(str(write_table(tmp_path)), "bought")
    result = run_sweep(source, {"learning_rate": [1e-6, 0.1]}, QUICK, seeds=2)
    rows = result.to_dict()["experiments"][0]["rows"]
    assert best_settings(rows) == {"learning_rate": 0.1}
    [kept] = result.results
    assert result.config["learning_rate"] == 0.1
    assert kept.run.loss == rows[1]["runs"][0]["loss"]


def test_features_are_brought_to_one_scale_by_the_training_samples():
    """Mean 0 and deviation 1 on the training part; a constant column becomes 0; off on request."""
    X, T = BUILT_IN["two_blobs"](40, random_state=0)
    source = read_source("two_blobs", n=40)
    source = replace(source, table=source.table._replace(X=np.column_stack([1e6 * X, np.full(len(X), 7.0)])))
    lab = make_lab(source)
    [done] = lab.run(0, epochs=1).results
    assert np.abs(done.task.X.mean(axis=0)).max() < 1e-9
    assert done.task.X.std(axis=0).tolist() == pytest.approx([1, 1, 0])
    [raw] = lab.run(0, epochs=1, standardize="false").results
    assert np.abs(raw.task.X).max() > 1e5
    assert len(T) == len(raw.task.X) + len(raw.task.test[0])


def test_numbers_are_fitted_and_scored_by_r_squared(tmp_path):
    """A target of many numbers is a quantity: squared error, and R² in place of accuracy, near 1 for a line."""
    source = read_source(str(write_table(tmp_path, kind="numbers")), "bought")
    assert source.regression
    result = run_sweep(source, {"hidden": ["none", "4"]}, {"epochs": 100, "learning_rate": 0.05}, seeds=1)
    [kept] = result.results
    assert kept.task.score == "R²"
    assert kept.test_accuracy > 0.95
    sentence = write_and_read(result, tmp_path / "out")
    assert "R²" in sentence
    assert "accuracy" not in sentence


def write_and_read(result, folder):
    result.save(folder)
    return write_report(folder).read_text(encoding="utf-8")


def test_r_squared_is_one_minus_the_share_unexplained():
    """Perfect 1, the mean 0, a constant target 1 or 0, an overflow −∞."""
    net, X = Network([Dense(1)], n_features=1), [[1.0], [2.0], [3.0]]
    assert r_squared(net, [1.0, 0.0], X, [1.0, 2.0, 3.0]) == 1.0
    assert r_squared(net, [0.0, 2.0], X, [1.0, 2.0, 3.0]) == 0.0
    assert r_squared(net, [0.0, 5.0], X, [5.0, 5.0, 5.0]) == 1.0
    assert r_squared(net, [0.0, 4.0], X, [5.0, 5.0, 5.0]) == 0.0
    assert r_squared(net, [1e300, 0.0], X, [1.0, 2.0, 3.0]) == -np.inf
    assert measure("R²", net, [1.0, 0.0], X, [1.0, 2.0, 3.0]) == 1.0


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_built_in_set_can_be_swept(name):
    """Each is drawn, split, trained and scored."""
    source = read_source(name, n=40)
    assert source.regression == (name in NUMBERS)
    [done] = make_lab(source).run(0, epochs=2).results
    assert done.test_accuracy is not None


def test_three_classes_get_a_softmax(tmp_path):
    """Words of three kinds make three outputs, and the report says which number stands for which."""
    path = tmp_path / "flowers.csv"
    path.write_text("a,b,kind\n" + "".join(f"{i % 7},{i % 5},{'xyz'[i % 3]}ily\n" for i in range(60)))
    result = run_sweep(read_source(str(path)), {"hidden": [2, 3]}, QUICK, seeds=1)
    assert result.results[0].task.net.layers[-1].activation.name == "softmax"
    assert "0 stands for xily, 1 stands for yily and 2 stands for zily" in write_and_read(result, tmp_path / "out")


def test_the_report_repeats_the_command(tmp_path):
    """What the report says at its end gives the same results again."""
    data = write_table(tmp_path)
    first, second = tmp_path / "first", tmp_path / "second"
    options = ["--set", "hidden=2;3,3", "--set", "epochs=3", "--seeds", "2"]
    done = invoke("--data", data, "--target", "bought", *options, "--out", first, "--author", "A <b>")
    assert done.exit_code == 0, done.output
    page = (first / "report.html").read_text(encoding="utf-8")
    assert "A &lt;b&gt;" in page
    command = unescape(page.split("<pre>")[1].split("</pre>")[0]).replace("<code>", "").replace("</code>", "")
    words = shlex.split(command)
    assert words[:2] == ["chainrule", "sweep"]
    assert invoke(*words[2:], "--out", second).exit_code == 0
    results = [json.loads((folder / "results.json").read_text()) for folder in (first, second)]
    assert results[0]["experiments"][0]["vary"] == {"hidden": [[2], [3, 3]]}
    losses = [[run["loss"] for row in result["experiments"][0]["rows"] for run in row["runs"]] for result in results]
    assert losses[0] == losses[1]


def test_more_than_eight_combinations_draw_the_best_eight(tmp_path):
    """A picture of nine curves could not be read: eight are drawn, and the table has all nine."""
    source = read_source("two_blobs", n=20)
    result = run_sweep(source, {"learning_rate": [0.01 * i for i in range(1, 10)]}, {"epochs": 2}, seeds=1)
    assert len(result.experiments[0].rows) == 9
    [picture] = result.experiments[0].figures().values()
    assert len(picture.legends[0].get_texts()) == 8
    picture.draw_without_rendering()
    assert write_and_read(result, tmp_path).count("learning rate 0.09") >= 1


def test_settings_are_split_at_semicolons():
    """Several values vary, one holds."""
    assert split_settings(["a=1; 2", "b=3,3"]) == ({"a": ["1", "2"]}, {"b": "3,3"})


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--data", "moons"], "Nothing to compare"),
        (["--data", "moons", "--set", "hidden=1"], "Nothing to compare"),
        (["--data", "moons", "--set", "hidden"], "--set takes SETTING=A;B"),
        (["--data", "moons", "--set", "hidden=1;"], "--set takes SETTING=A;B"),
        (["--data", "moons", "--set", "hidden=1;2", "--set", "hidden=3"], "names hidden twice"),
        (["--data", "moons", "--set", "hiden=1;2"], "Did you mean 'hidden'"),
        (["--data", "moons", "--set", "hidden=1;x"], "hidden must be a whole number"),
        (["--data", "moons", "--set", "hidden=1;2", "--set", "epochs=0"], "epochs must be"),
        (["--data", "moons", "--set", "hidden=1;2", "--target", "y"], "has its own targets"),
        (["--data", "moons", "--set", "hidden=1;2", "--task", "regression"], "The targets of moons are classes"),
        (["--data", "plane", "--set", "hidden=1;2", "--task", "classification"], "The targets of plane are numbers"),
        (["--data", "mons", "--set", "hidden=1;2"], "no built-in set of that name"),
        (["--data", "nowhere.csv", "--set", "hidden=1;2"], "There is no file"),
        (["--data", "moons", "--set", "hidden=1;2", "--n", "0"], "n must be"),
    ],
)
def test_bad_arguments_get_a_sentence(arguments, sentence):
    """What was wrong is said, before anything is trained."""
    with pytest.raises(ChainruleError, match=sentence):
        invoke(*arguments)


def test_a_table_without_that_column_is_refused(tmp_path):
    """A target that is not there is answered with those that are."""
    with pytest.raises(InvalidValue, match="income, bought, constant"):
        read_source(str(write_table(tmp_path)), "price")


def test_a_target_can_be_told_by_its_index(tmp_path):
    """--target 1 is the second column."""
    assert read_source(str(write_table(tmp_path)), "1").table.class_names == ("no", "yes")


def test_classes_that_are_numbers_stay_classes(tmp_path):
    """0, 1, 2 are classes; --task regression makes them numbers; half-numbers are a quantity by themselves."""
    path = tmp_path / "digits.csv"
    path.write_text("".join(f"{i},{i % 3}\n" for i in range(30)))
    assert not read_source(str(path)).regression
    assert read_source(str(path), task="regression").regression
    path.write_text("".join(f"{i},{i % 3 + 0.5}\n" for i in range(30)))
    assert read_source(str(path)).regression
    assert not read_source(str(path), task="classification").regression


def test_the_settings_are_listed():
    """--list names each with its default and does nothing else."""
    done = invoke("--list")
    assert done.exit_code == 0
    assert "learning_rate" in done.output
    assert "true" in done.output


def test_a_target_of_digits_is_a_name_before_it_is_a_position(tmp_path):
    """--target 1 is the column called 1 where there is one."""
    path = tmp_path / "a.csv"
    path.write_text("a,1\n0.5,x\n0.25,y\n")
    assert read_source(str(path), "1").table.feature_names == ("a",)
    path.write_text("1,b\nx,0.5\ny,0.25\n")
    assert read_source(str(path), "1").table.feature_names == ("b",)


@pytest.mark.parametrize(
    ("rows", "target", "sentence"),
    [
        (["1,2,a"] * 9, None, "has only one class, 'a', so there is nothing to learn."),
        (["1,2,7"] * 9, None, "the target is 7 in every row: nothing to predict."),
        (["1,0.5,3"] * 9, "x2", "the target, column 'x2', is 0.5 in every row: nothing to predict."),
        (["1,2,0"], None, "has 1 row: a sweep needs at least 2, to train and to test."),
        (
            ["1e308,2,0", "-1e308,2,1"] * 5,
            None,
            "column 'x1': numbers as large as 1e+308 cannot be brought to one scale.",
        ),
        (["1,2,0", "1,,1"] * 5, None, "line 3, column 'x2': the cell is empty. Fill it or remove the row."),
        (["1,2,0", "1,NA,1"] * 5, None, "line 3, column 'x2': 'NA' "),
        (["1,2,0", "1,2,1,1"] * 5, None, "line 3 has 4 cells, expected 3 as in the first line."),
    ],
)
def test_table_from_which_nothing_is_learned_is_refused_with_the_place(rows, target, sentence, tmp_path):
    """The cell, the column or the row is named; no feature is taken for the target."""
    path = tmp_path / "t.csv"
    path.write_text("\n".join(["x1,x2,y", *rows]) + "\n")
    task = "regression" if target else "auto"
    with pytest.raises(InvalidFile) as refused:
        read_source(str(path), target, task)
    assert sentence in str(refused.value)
    assert "as the target" not in str(refused.value)


def test_what_is_odd_is_said_and_used(tmp_path):
    """A constant column and values given twice are told; each value runs once."""
    path = tmp_path / "t.csv"
    path.write_text("x1,x2,y\n" + "".join(f"3,{i},{i % 2}\n" for i in range(12)))
    source, vary = read_source(str(path)), {"learning_rate": ["0.1", "0.10", "0.2"]}
    assert notes(source, vary) == [
        "Column 'x1' is 3 in every row: it carries no information.",
        "learning_rate is given some values twice: 0.1; 0.2 run, each once.",
    ]
    result = run_sweep(source, vary, {"epochs": 2, "hidden": "none"}, seeds=1)
    assert [row["settings"] for row in result.experiments[0].rows] == [{"learning_rate": 0.1}, {"learning_rate": 0.2}]


def test_more_classes_than_a_matrix_shows_are_trained_and_reported(tmp_path):
    """Of 41 classes every picture is drawn but the confusion matrix."""
    path = tmp_path / "t.csv"
    path.write_text("x1,x2,y\n" + "".join(f"{i},{i * i % 7},{i % 41}\n" for i in range(123)))
    source = read_source(str(path), task="classification")
    done = make_lab(source).run(0, epochs=2, hidden="none", progress=False)
    drawn = common_pictures(done.results, None, ())
    assert "t_confusion" not in drawn
    assert len(done.results[0].to_dict()["confusion"]["classes"]) == 41
