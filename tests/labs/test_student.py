"""A lab computed by a student's functions: their numbers, the engine's beside, and what cannot be is said."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from chainrule import labs
from chainrule.errors import ChainruleError, InvalidValue
from chainrule.labs.report import write_report
from chainrule.labs.student import Student

SHORT = {
    "xor": {"data_sets": "xor_easy", "epochs": 40, "batch_size": 7},
    "moons": {"epochs": 20},
    "neuron": {"n": 80, "n_epochs": 4, "runs": "neuron_xor,network_xor"},
    "softmax": {"n": 60, "steps": 4, "hidden": "5,5"},
    "minimize": {"runs": "ring,spiral,depth4_relu", "n": 30, "epochs": 10},
}


def solved(lab):
    return Student({sheet.file: sheet.solution for sheet in labs.load(lab).homework.sheets})


@pytest.fixture
def run():
    """Run a lab with a student's functions; the processes end with the test."""
    opened = []

    def go(lab, student, **settings):
        opened.append(student)
        return labs.load(lab).run(progress=False, student=student, **settings)

    yield go
    for student in opened:
        student.close()


@pytest.mark.usefixtures("unrendered")
@pytest.mark.parametrize("lab", SHORT)
def test_right_functions_give_the_numbers_of_the_engine(lab, run, tmp_path):
    """The same starts, the same batches, the same steps; the report puts both side by side."""
    done = run(lab, solved(lab), **SHORT[lab])
    assert [one.name for one in done.results] == [one.name for one in done.beside]
    for yours, ours in zip(done.results, done.beside, strict=True):
        assert yours.run.theta == pytest.approx(ours.run.theta, rel=1e-4, abs=1e-4)
        assert yours.run.loss == pytest.approx(ours.run.loss, rel=1e-6)
        assert yours.run.epochs == ours.run.epochs
        assert yours.test_accuracy == ours.test_accuracy
        assert set(yours.run.history) >= set(ours.run.history) - {"learning_rate"}
    done.save(tmp_path / "out")
    page = write_report(tmp_path / "out").read_text(encoding="utf-8")
    assert "computed by the functions of" in page
    assert "these functions" in page


def test_wrong_functions_show_in_training_and_pictures(run, tmp_path):
    """A gradient of the wrong sign climbs, and the engine's run beside it does not."""
    source = labs.load("xor").homework.sheets[0].solution.read_text(encoding="utf-8")
    wrong = tmp_path / "xor.py"
    wrong.write_text(source.replace("(pred_y - gt_y) / len", "(gt_y - pred_y) / len"), encoding="utf-8")
    done = run("xor", Student({"xor.py": wrong}), data_sets="linear", epochs=60)
    [yours], [ours] = done.results, done.beside
    assert yours.run.loss > yours.run.history["loss"][0] > ours.run.loss


def test_what_a_function_raises_is_said_with_its_line(run, tmp_path):
    source = labs.load("moons").homework.sheets[0].solution.read_text(encoding="utf-8")
    path = tmp_path / "moons.py"
    path.write_text(source.replace("A = np.maximum(0, Z)", "A = np.maximum(0, Z) + nothing"), encoding="utf-8")
    with pytest.raises(ChainruleError, match=r"Line \d+.*NameError"):
        run("moons", Student({"moons.py": path}), epochs=3)


def test_runs_whose_sheet_is_missing_are_left_out(run):
    only = Student({"network.py": labs.load("neuron").homework.sheets[1].solution})
    done = run("neuron", only, n=40, n_epochs=2)
    assert {one.name for one in done.results} == {"network_separable", "network_xor", "network_band"}
    with pytest.raises(InvalidValue, match=r"need neuron\.py"):
        run("neuron", only, n=40, n_epochs=2, runs="neuron_xor")


REFUSED = [("xor", {"hidden": "5"}), ("xor", {"activation": "identity"}), ("softmax", {"activation": "relu"})]


@pytest.mark.parametrize(("lab", "settings"), REFUSED)
def test_what_the_functions_asked_for_cannot_compute_is_refused(lab, settings, run):
    with pytest.raises(InvalidValue, match="two hidden layers"):
        run(lab, solved(lab), **settings)


def test_a_student_starts_processes_anew_where_it_is_sent(run):
    student = solved("moons")
    run("moons", student, epochs=1)
    assert not pickle.loads(pickle.dumps(student))._open  # noqa: S301


def test_numbers_that_are_not_finite_keep_the_last_finite_parameters(run):
    done = run("moons", solved("moons"), epochs=400, learning_rate=1e155)
    [one] = done.results
    assert one.run.status == "non_finite"
    assert np.isfinite(one.run.loss)


def test_a_file_of_another_lab_is_refused_by_a_sentence(tmp_path, run):
    """Before anything is trained."""
    path = tmp_path / "moons.py"
    path.write_text("def error():\n    return 0.0\n")
    with pytest.raises(
        ChainruleError, match=r"moons\.py has none of the functions that xor\.py of the lab xor asks for"
    ):
        run("xor", Student({"xor.py": path}), **SHORT["xor"])
