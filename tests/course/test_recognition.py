"""Which lab a file belongs to: told by what it defines, and by its name."""

import json
import re

import pytest

from chainrule import labs
from chainrule.course import recognition
from chainrule.errors import InvalidFile, InvalidValue
from chainrule.homework.exercise import Exercise, Homework, Sheet

HOMEWORKS = {name: labs.load(name).homework for name in labs.names()}
SHEETS = [(lab, k) for lab, homework in HOMEWORKS.items() for k in range(len(homework.sheets))]
TWO = Homework(
    tuple(
        Sheet(f"{name}.py", None, tuple(Exercise(function, None) for function in functions))
        for name, functions in {"one": ("f", "shared"), "two": ("g", "shared")}.items()
    ),
    {"train.py": None},
)


def written(path, *names):
    """Write a file with functions of these names, those with a dot as methods."""
    lines = []
    for name in names:
        owner, _, method = name.rpartition(".")
        lines.append(f"class {owner}:\n    def {method}(self): pass" if owner else f"def {name}(): pass")
    path.write_text("\n".join(lines) or "pass")
    return path


@pytest.mark.parametrize(("lab", "sheet"), SHEETS)
def test_every_solution_is_recognised_under_any_name(lab, sheet, tmp_path):
    """The functions alone tell each sheet of each lab."""
    path = tmp_path / "a.py"
    path.write_bytes(HOMEWORKS[lab].sheets[sheet].solution.read_bytes())
    assert recognition.recognise(path, HOMEWORKS) == (lab, sheet)


@pytest.mark.parametrize(("lab", "sheet"), SHEETS)
def test_half_a_solution_is_recognised(lab, sheet, tmp_path):
    """A file with the second half of a sheet's functions is that sheet's, too."""
    functions = [exercise.function for exercise in HOMEWORKS[lab].sheets[sheet].exercises]
    path = written(tmp_path / "a.py", *functions[len(functions) // 2 :])
    assert recognition.recognise(path, HOMEWORKS) == (lab, sheet)


@pytest.mark.parametrize("name", ["xor.py", "xor_anna.py", "Anna-XOR.py", "lab2 xor (1).py"])
def test_the_name_of_a_file_tells_where_its_functions_do_not(name, tmp_path):
    """A file that defines nothing of its own is taken by its name."""
    assert recognition.recognise(written(tmp_path / name), HOMEWORKS) == ("xor", 0)


def test_functions_tell_more_than_a_name(tmp_path):
    """A moons solution that is called xor.py is moons."""
    path = tmp_path / "xor.py"
    path.write_bytes(HOMEWORKS["moons"].sheets[0].solution.read_bytes())
    assert recognition.recognise(path, HOMEWORKS) == ("moons", 0)


@pytest.mark.parametrize("names", [(), ("sigmoid",), ("sigmoid", "forward"), ("main", "plot")])
def test_too_little_to_tell_is_answered_with_the_labs(names, tmp_path):
    """The sentence names the option, every lab, and what checks code of none."""
    with pytest.raises(InvalidValue) as refused:
        recognition.recognise(written(tmp_path / "work.py", *names), HOMEWORKS)
    assert str(refused.value) == (
        f"Cannot tell which lab work.py belongs to. Say it with --lab; there are: {', '.join(HOMEWORKS)}. "
        "Code of no lab is checked from Python: chainrule.check_backprop(function, network)."
    )


def test_two_labs_that_would_do_are_not_guessed_between(tmp_path):
    """What two labs ask for alike is no reason to take one of them."""
    with pytest.raises(InvalidValue, match="Cannot tell which lab"):
        recognition.recognise(written(tmp_path / "a.py", "f", "g", "shared"), {"a": TWO, "b": TWO})


def test_a_file_that_python_cannot_parse_is_recognised(tmp_path):
    """A missing bracket does not hide which lab it is."""
    path = tmp_path / "a.py"
    path.write_text("class Network:\n    def forward(self, x):\n        return (x\n    def loss(self): pass\n")
    assert recognition.recognise(path, HOMEWORKS) == ("xor", 0)


def test_a_notebook_is_recognised(tmp_path):
    """The cells of a notebook define what counts."""
    cells = [{"cell_type": "code", "source": ["def log_likelihood(): pass\n", "def get_gradient(): pass"]}]
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps({"cells": cells}))
    assert recognition.recognise(path, HOMEWORKS) == ("softmax", 0)


def test_with_the_lab_given_a_file_with_few_names_is_taken(tmp_path):
    """Of the lab's sheets the one with most in common, else the first."""
    assert recognition.sheet_of(written(tmp_path / "a.py", "g"), TWO) == 1
    assert recognition.sheet_of(written(tmp_path / "b.py"), TWO) == 0


def test_the_files_of_a_submission_are_matched_to_sheets(tmp_path):
    """Each sheet gets one file, the fittest; what is handed out as it is gets none."""
    files = [
        written(tmp_path / "a.py", "g", "shared"),
        written(tmp_path / "b.py", "f", "shared"),
        written(tmp_path / "old.py", "f"),
        written(tmp_path / "train.py", "f", "g", "shared"),
        written(tmp_path / "helpers.py", "draw"),
    ]
    chosen = recognition.match(files, TWO)
    assert chosen == {files[1]: 0, files[0]: 1}
    assert list(chosen) == [files[1], files[0]]
    assert recognition.left_over(files, chosen, TWO) == [files[2]]


def test_a_file_alone_answers_the_sheet_it_fits_best(tmp_path):
    """Beside a file that was handed out, too."""
    files = [written(tmp_path / "work.py"), written(tmp_path / "train.py")]
    assert recognition.match(files, TWO) == {files[0]: 0}


def test_files_that_fit_no_sheet_are_matched_to_none(tmp_path):
    """Two files without any of the functions are nobody's."""
    assert recognition.match([written(tmp_path / "a.py"), written(tmp_path / "b.py")], TWO) == {}


def test_a_file_of_a_lab_of_ones_own_is_not_taken_for_another_lab(tmp_path):
    """Its starter names the lab, which nobody runs on a submission's word; without that nothing in it is told apart."""
    path = written(tmp_path / "spiral.py", "sigmoid", "forward", "loss", "gradient", "update")
    with pytest.raises(InvalidValue, match=r"Cannot tell which lab spiral\.py belongs to"):
        recognition.recognise(path, HOMEWORKS)
    path.write_text('"""Check them: chainrule check spiral.py --lab mylab.py\n"""\n' + path.read_text())
    with pytest.raises(InvalidValue, match=r"mylab\.py: say where that file lies, --lab FOLDER/mylab"):
        recognition.recognise(path, HOMEWORKS)


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("work.py", "", "work.py is empty."),
        ("work.py", "# mine\n", "work.py is empty: it holds no code."),
        (
            "work.ipynb",
            '{"cells": [{"cell_type": "code", "sou',
            "work.ipynb, line 1: this is no notebook,",
        ),
        ("work.py", "def f(:\n", "work.py, line 1: invalid syntax"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_so(name, text, sentence, tmp_path):
    """Where neither its name nor what is in it tells the lab, it is not the lab that is missing."""
    (tmp_path / name).write_text(text)
    with pytest.raises(InvalidFile, match=re.escape(sentence)):
        recognition.recognise(tmp_path / name, HOMEWORKS)
