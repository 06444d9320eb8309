"""Labs by path: a teacher's own file in place of a name, in Python, on the command line, and in reports."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest

from chainrule import ChainruleError, InvalidFile, InvalidValue, labs
from chainrule.homework.exercise import Verdict
from chainrule.labs import write_report
from chainrule.labs.lab_file import module_name

SPIRAL = Path(__file__).parents[2] / "examples" / "mylab" / "spiral.py"
QUICK = {"n": 12, "epochs": 3, "progress": False}

TINY = """
    from dataclasses import dataclass, replace
    from chainrule import labs

    @dataclass
    class Mine:
        a: int = 1

    LAB = replace(labs.load("xor"), name="tiny", title=str(Mine().a), experiments=())
"""


def write(path, text):
    """Write a lab's file."""
    path.write_text(dedent(text), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def spiral():
    """The example of the documentation."""
    return labs.load(SPIRAL)


def test_a_lab_is_read_from_its_file(tmp_path, monkeypatch):
    """By absolute path, by relative path, and by a name that ends in .py; the lab knows its file."""
    path = write(tmp_path / "tiny.py", TINY)
    monkeypatch.chdir(tmp_path)
    for name in (path, str(path), "./tiny.py", "tiny.py"):
        lab = labs.load(name)
        assert (lab.name, lab.title, lab.file) == ("tiny", "1", path)
    assert module_name(path) in sys.modules
    assert str(tmp_path) not in sys.path
    assert labs.load("xor").file is None


def test_a_changed_file_is_read_anew(tmp_path):
    """A teacher edits the file and loads it again."""
    path = write(tmp_path / "tiny.py", TINY)
    assert labs.load(path).name == "tiny"
    write(path, TINY.replace('"tiny"', '"small"'))
    assert labs.load(path).name == "small"


def test_the_only_lab_of_a_file_needs_no_name(tmp_path):
    """Whatever it is called."""
    assert labs.load(write(tmp_path / "t.py", TINY.replace("LAB", "mine"))).name == "tiny"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x = 1\n", r"There is no lab in .*lab\.py: write LAB = chainrule\.labs\.Lab\(…\) in it\."),
        ("LAB = 3\n", r"LAB in .*lab\.py must be a chainrule\.labs\.Lab, got int\."),
        (
            "from chainrule import labs\na, b = labs.load('xor'), labs.load('moons')\n",
            r"There are several labs in .*lab\.py: a, b\. Call the one that is meant LAB\.",
        ),
        ("x = 1\ny = x / 0\n", r"lab\.py, line 2: ZeroDivisionError: division by zero\. Mend it and try again\."),
        ("x = 1\ndef f(:\n", r"lab\.py, line 2: SyntaxError: .*\. Mend it and try again\."),
        ("\nimport no_such_library\n", r"lab\.py, line 2: ModuleNotFoundError: No module named 'no_such_library'\."),
        ("def f():\n    raise KeyError\n\nf()\n", r"lab\.py, line 2: KeyError\. Mend it"),
        ("import sys\nsys.exit('no')\n", r"lab\.py, line 2: SystemExit: no\. Mend it"),
    ],
)
def test_what_is_wrong_with_a_file_is_a_sentence(tmp_path, text, sentence):
    """With the line where it went wrong."""
    path = write(tmp_path / "lab.py", text)
    with pytest.raises(InvalidFile, match=sentence):
        labs.load(path)


def test_a_path_to_nothing_is_a_sentence(tmp_path):
    """No file, or a folder; a name that is no path is answered with the names there are."""
    with pytest.raises(InvalidFile, match=r"There is no file \./none\.py\. The labs that have a name: chainrule lab l"):
        labs.load("./none.py")
    with pytest.raises(InvalidFile, match=r"is a folder: name the \.py file of a lab\."):
        labs.load(tmp_path)
    with pytest.raises(InvalidFile, match=r"is no Python file: a lab's name must end in \.py\."):
        labs.load(write(tmp_path / "lab.txt", TINY))
    with pytest.raises(InvalidValue, match="Unknown lab 'xr'"):
        labs.load("xr")


# The example


def test_the_example_learns(spiral):
    """Two spirals, told apart on fresh points, too."""
    [done] = spiral.run(0, epochs=2000, progress=False).results
    assert done.test_accuracy >= 0.95


def test_the_examples_solution_is_right_and_a_slip_is_named(spiral):
    """Its judges find the solution right, and a sum in place of a mean by name."""
    import spiral_solution

    [sheet] = spiral.homework.sheets
    verdicts = {one.function: one.judge(spiral_solution, spiral_solution) for one in sheet.exercises}
    assert verdicts == dict.fromkeys(("sigmoid", "forward", "loss", "gradient", "update"), Verdict("right", 1.0))

    class Slip:
        @staticmethod
        def gradient(*given):
            return tuple(len(given[4]) * part for part in spiral_solution.gradient(*given))

    judged = next(one for one in sheet.exercises if one.function == "gradient").judge(Slip, spiral_solution)
    assert judged.status == "wrong"
    assert judged.mistakes
    assert sheet.train(spiral_solution).losses[-1] < 0.01


def test_the_example_is_short():
    """The documentation shows it."""
    assert len(SPIRAL.read_text("utf-8").splitlines()) <= 120


def test_points_of_the_users_own(spiral, tmp_path):
    """--data works with a lab by path."""
    stream = np.random.RandomState(0)
    rows = np.column_stack([stream.normal(size=(30, 2)), np.arange(30) % 2])
    np.savetxt(tmp_path / "p.csv", rows, delimiter=",", header="a,b,label", comments="")
    [done] = spiral.run(0, data=tmp_path / "p.csv", epochs=2, progress=False).results
    assert (len(done.task.X), len(done.task.test[0])) == (21, 9)


def test_seeds_run_on_all_cores(spiral):
    """Other processes get what the file defines, though they cannot import it, and give the same numbers."""
    done = spiral.run_seeds((3, 4), **QUICK)
    assert done.seeds == (3, 4)
    for result in done.results:
        [here] = spiral.run(result.seed, **QUICK).results
        assert result.results[0].run.loss == here.run.loss


def test_experiments_run_on_all_cores(spiral):
    """They do, too, with a lab that was changed after it was read."""
    question = labs.Experiment("hidden", "Widths", "How wide?", {"hidden": (2, 3)}, {"n": 12, "epochs": 3}, seeds=1)
    [result] = replace(spiral, experiments=(question,)).run(0, experiments=True, **QUICK).experiments
    assert not result.missing
    assert len(result.rows) == 2


# Reports


@pytest.mark.usefixtures("unrendered")
def test_a_report_is_written_again_from_results(spiral, tmp_path):
    """results.json says where the lab lies; the page has its title, its source and a command with its path."""
    spiral.run(0, **QUICK).save(tmp_path)
    assert json.loads((tmp_path / "results.json").read_text())["lab_file"] == str(SPIRAL)
    page = write_report(tmp_path, lab=spiral).read_text("utf-8")
    assert "Two spirals, one hidden layer of tanh" in page
    assert "my course, exercise 7" in page
    assert f"chainrule lab run {SPIRAL} --seed 0 --no-sweep --set n=12 --set epochs=3" in page


@pytest.mark.usefixtures("unrendered")
def test_a_report_of_several_seeds(spiral, tmp_path):
    """Their results say where the lab lies, too."""
    spiral.run_seeds((0, 1), **QUICK).save(tmp_path)
    page = write_report(tmp_path, lab=spiral).read_text("utf-8")
    assert f"chainrule lab run {SPIRAL} --seed 0 --seeds 2" in page


def test_a_named_labs_results_say_no_file():
    """They are found by name, wherever chainrule is installed."""
    assert "lab_file" not in labs.load("moons").run(0, epochs=1, progress=False).to_dict()


def test_no_code_is_run_that_results_name(chainrule, tmp_path):
    """Whoever made the folder may have written any file's name there: as lab_file, or in the lab's own place."""
    path, mark = tmp_path / "tiny.py", tmp_path / "mark"
    write(path, TINY)
    (tmp_path / "r").mkdir()
    content = labs.load(path).run(0, data_sets="xor_easy", epochs=1, progress=False).to_dict()
    write(path, f"open({str(mark)!r}, 'w').close()\n{dedent(TINY)}")
    for named in ({}, {"lab": str(path)}, {"lab": str(path), "lab_file": None}):
        told = {name: value for name, value in {**content, **named}.items() if value is not None}
        (tmp_path / "r/results.json").write_text(json.dumps(told))
        with pytest.raises(ChainruleError, match=r"only if you name it: --lab .*tiny\.py|Unknown lab '.*tiny\.py'"):
            write_report(tmp_path / "r")
    code, _, err = chainrule("report", "r")
    assert (code, err.count("\n")) == (2, 1)
    assert not mark.exists()


def test_a_report_is_written_with_the_lab_that_the_user_names(chainrule, tmp_path):
    """--lab takes its file, and a file that is another lab is refused."""
    path = write(tmp_path / "tiny.py", TINY)
    (tmp_path / "r").mkdir()
    content = labs.load(path).run(0, data_sets="xor_easy", epochs=1, progress=False).to_dict()
    (tmp_path / "r/results.json").write_text(json.dumps({**content, "lab_file": "/elsewhere/tiny.py"}))
    code, _, err = chainrule("report", "r", "--lab", "tiny.py")
    assert (code, err) == (0, "")
    assert f"chainrule lab run {path} --seed 0" in (tmp_path / "r/report.html").read_text("utf-8")
    write(path, TINY.replace('"tiny"', '"small"'))
    with pytest.raises(InvalidFile, match=r"results are of the lab tiny, and .*tiny\.py is small"):
        write_report(tmp_path / "r", lab=labs.load(path))


# The command line


@pytest.mark.usefixtures("unrendered")
def test_lab_run_takes_a_path(chainrule, tmp_path):
    """It fills results/NAME, by the lab's own name."""
    code, out, err = chainrule("lab", "run", SPIRAL, "--set", "n=12", "--set", "epochs=3")
    assert (code, err) == (0, "")
    assert out.startswith("12 points\n")
    assert (tmp_path / "results/spiral/figures/regions.png").is_file()
    assert (tmp_path / "results/spiral/report.html").is_file()


def test_lab_show_and_start_take_a_path(chainrule, tmp_path):
    """The settings are the file's, and so is the homework."""
    _, shown, _ = chainrule("lab", "show", SPIRAL)
    assert "units of the hidden layer" in shown
    assert f"chainrule lab start {SPIRAL}" in shown
    code, out, err = chainrule("lab", "start", SPIRAL)
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == f"Check:  chainrule check hw/spiral.py --lab {SPIRAL}"
    assert 'raise NotImplementedError("Write gradient.")' in (tmp_path / "hw/spiral.py").read_text("utf-8")


def test_a_broken_file_is_one_line_on_the_command_line(chainrule, tmp_path):
    """No traceback, exit code 2."""
    write(tmp_path / "lab.py", "1 / 0\n")
    code, _, err = chainrule("lab", "show", "./lab.py")
    assert code == 2
    told = "line 1: ZeroDivisionError: division by zero. Mend it and try again."
    assert err == f"Error: {tmp_path / 'lab.py'}, {told}\n"


def test_a_regression_lab_of_ones_own_is_scored_by_r_squared(tmp_path):
    """Targets that are numbers need no word from the lab's author."""
    path = write(
        tmp_path / "wave.py",
        """
        from dataclasses import replace
        import numpy as np
        from chainrule import Dense, Network, labs
        from chainrule.labs import Task

        def task(config, generator, name):
            X = generator.uniform(-1, 1, (40, 1))
            net = Network([Dense(5, "tanh"), Dense(1)], n_features=1)
            return Task(name, net, net.initial_theta(generator), X, np.sin(3 * X), training={"max_epochs": 200})

        LAB = replace(
            labs.load("moons"), name="wave", task=task, experiments=(), homework=None, extras=lambda result: {},
            figures=lambda result: {}, script=replace(labs.load("moons").script, closing=lambda result: ["done"]),
        )
        """,
    )
    done = labs.load(path).run(0, progress=False)
    assert done.results[0].task.score == "R²"
    assert 0.5 < done.results[0].train_accuracy <= 1
    done.save(tmp_path / "out")
    assert "R²" in write_report(tmp_path / "out", lab=labs.load(path)).read_text("utf-8")
