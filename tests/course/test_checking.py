"""Submissions in a process of their own: nothing that they do costs more than the function that does it."""

import os
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from tests.sandbox.hostile import SLOW, SOLUTIONS, Hostile, hostile

from chainrule import labs
from chainrule.course.checking import Limits, check_submission
from chainrule.course.starter import partly_solved
from chainrule.homework.exercise import Verdict

SMALL = Limits(seconds=1.0, memory_gb=2.0, total=60.0)
EVERY = bool(os.environ.get("CHAINRULE_ALL_HOSTILE"))  # all of them take minutes
QUICK = [
    "endless-loop-in-forward",
    "endless-generator",
    "huge-power-that-holds-the-gil",
    "deadlock",
    "endless-loop-at-import",
    "endless-loop-above-the-functions",
    "endless-recursion",
    "stack-overflow",
    "huge-array",
    "exit-in-loss",
    "os-exit-3-in-loss",
    "kills-itself",
    "reads-address-0",
    "own-base-exception",
    "exception-without-words",
    "exception-of-ten-million-letters",
    "os-exit-0-at-import",
    "error-at-import",
    "input-in-a-function",
    "parses-arguments",
    "prints-one-line-of-100-megabytes",
    "closes-file-1",
    "missing-module",
    "trains-at-import",
    "missing-colon",
    "utf-16",
    "null-byte",
    "empty",
    "another-assignment",
    "notebook-with-mixed-magics",
    "notebook-with-an-endless-loop",
    "notebook-with-a-failing-cell",
    "too-few-parameters",
    "returns-none",
    "returns-what-exits-when-unpickled",
    "callable-object",
    "misspelt-function",
    "number-instead-of-def",
    "not-implemented",
    "np-exp-is-none",
    "np-outer-is-none",
    "builtin-import-refuses",
    "traces-every-line",
    "endless-atexit",
    "thread-for-ever",
    "forks-and-both-go-on",
    "endless-loop-that-ignores-signals",
    "changes-folder",
    "patches-chainrule",
    "patches-chainrule-over-a-wrong-gradient",
]
OTHERWISE = {  # what is said of it in place of what stands there
    "endless-list": SLOW,  # whichever limit is reached first
    "doubled-bytes": SLOW,
    "endless-generator": SLOW,  # its own line, or that of the sum
    "method-without-self": ("not written",),  # its body is pass
    "only-dots": ("not written",),
    "class-instead-of-def": ("class",),
    "endless-loop-in-init": SLOW,  # nobody asks for __init__; the functions that need it are said to hang
    "another-assignment": ("none of the functions",),
    "globals-cleared": ("none of the functions",),
    "deleted-helper": ("no gradients",),  # it is asked for itself, and a right one stands in for backprop
}
BLAMED = {"endless-loop-in-init": "Network.forward", "deleted-helper": "gradients"}
XOR = SOLUTIONS["xor.py"]


def check(path, lab="xor", **options):
    return check_submission(path.stem, [path], lab, sheet_of={path: 0}, **{"limits": SMALL, **options})


def edited(folder: Path, *edits: tuple[str, str], name: str = "xor.py") -> Path:
    """Write the solution with some of its text typed otherwise."""
    text = SOLUTIONS[name].read_text(encoding="utf-8")
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def statuses(checked):
    return {one.function: one.verdict.status for one in checked.judged}


def verdict(checked, function) -> Verdict:
    return next(one.verdict for one in checked.judged if one.function == function)


def first_sheet(checked):
    return checked.judged[: len(labs.load(checked.lab).homework.sheets[0].exercises)]


def told(checked) -> str:
    """Everything that is said of a submission, in one text."""
    parts = [checked.problem, *checked.remarks]
    for one in first_sheet(checked):
        parts += [f"line {one.line}", one.verdict.where, *one.verdict.clues] if one.verdict.status != "right" else []
        parts += [f"{mistake.sentence} {mistake.remedy}" for mistake in one.verdict.mistakes]
    return "\n".join(parts).lower()


def complaints(submission: Hostile, checked) -> list[str]:
    """What is not said of a submission as it should be."""
    wrong = [one.function for one in first_sheet(checked) if one.verdict.status != "right"]
    if submission.expects == "fine":
        return [checked.problem or told(checked)] if wrong or checked.problem else []
    text, found = told(checked), []
    blamed = BLAMED.get(submission.name, submission.function)
    if submission.expects == "function" and blamed not in wrong:
        found.append(f"{blamed} is right: {text}")
    if submission.expects == "file" and not (checked.problem or checked.remarks):
        found.append(f"nothing is said of the file: {text}")
    words = OTHERWISE.get(submission.name, submission.says)
    words = (*words, *(submission.says if words == SLOW else ()))
    if words and not any(word.lower() in text for word in words):
        found.append(f"none of {words} in {text}")
    if submission.line and submission.name not in OTHERWISE and f"line {submission.line}" not in text:
        found.append(f"line {submission.line} not in {text}")
    return found


CHOSEN = [one for one in hostile() if EVERY or one.name in QUICK]


@pytest.mark.parametrize("submission", CHOSEN, ids=lambda one: one.name)
def test_a_hostile_submission_is_told_of_and_costs_no_more(tmp_path, submission):
    """Each comes back, with the function or the line that is at fault, or graded as it deserves."""
    path = tmp_path / submission.name / submission.file
    path.parent.mkdir()
    path.write_bytes(submission.content)
    limits = Limits() if submission.expects == "fine" else SMALL  # a slow machine is nobody's fault
    checked = check_submission(submission.name, [path], submission.lab, sheet_of={path: 0}, limits=limits,
                               folder=path.parent, alone=False)  # fmt: skip
    assert complaints(submission, checked) == []


@pytest.mark.parametrize("lab", ["moons", "minimize", "softmax", "xor"])
def test_a_solution_earns_all_its_points(lab):
    """Nothing is said of right code."""
    checked = check(SOLUTIONS[f"{lab}.py"], lab)
    assert (checked.points, checked.remarks, checked.problem, checked.failed) == (checked.worth, (), "", False)


def test_a_wrong_function_does_not_sink_the_later_ones(tmp_path):
    """A right sigmoid stands in where the later functions are judged, and that is said."""
    path = edited(tmp_path, ("np.where(x >= 0, 1.0, e) / (1.0 + e)", "np.where(x >= 0, 1.0, e)"))
    checked = check(path, limits=Limits())
    assert statuses(checked) == {name: "wrong" if name == "sigmoid" else "right" for name in statuses(checked)}
    assert verdict(checked, "Network.forward").clues == ("Judged with a right sigmoid in the place of yours.",)


def test_what_is_to_do_is_no_failure_and_stands_in(tmp_path):
    """A function that is cut out, as in the starter, is to do; those that call it are judged all the same."""
    body = "return z * (1.0 - z)"
    checked = check(edited(tmp_path, (body, 'raise NotImplementedError("yours")')))
    assert statuses(checked)["derivative_sigmoid"] == "to do"
    assert statuses(checked)["Network.gradient"] == "right"
    assert not checked.failed


def test_a_crash_tells_line_function_and_source(tmp_path):
    """The last line of the student's own counts."""
    checked = check(edited(tmp_path, ("self.Z2W3 = self.Z2 @ self.W3", "self.Z2W3 = self.W3 @ self.Z2")))
    [clue] = verdict(checked, "Network.forward").clues
    assert clue.startswith("Line ")
    assert ", in forward: `self.Z2W3 = self.W3 @ self.Z2 # (N, 1)` raised ValueError: matmul:" in clue


def test_a_function_that_hangs_is_not_called_again(tmp_path):
    """The later ones are judged with a right one in its place."""
    checked = check(
        edited(tmp_path, ("    e = np.exp(-np.abs(x))", "    e = np.exp(-np.abs(x))\n    while True: pass"))
    )
    assert statuses(checked) == {name: "crashed" if name == "sigmoid" else "right" for name in statuses(checked)}
    [clue] = verdict(checked, "sigmoid").clues
    assert clue.startswith("It did not come back within 1 second; it was at line")
    assert clue.endswith(", in sigmoid: `while True: pass`.")


def test_a_sheet_without_a_file_is_to_do():
    """The neuron's second sheet is asked for, too."""
    path = SOLUTIONS["network.py"]
    checked = check_submission("anna", [path], "neuron", sheet_of={path: 1}, limits=SMALL)
    assert [one.verdict.status for one in checked.judged] == ["to do"] * 7 + ["right"] * 7


def test_time_in_total_ends_it(tmp_path):
    """What no process came to is said not to have been judged; nothing hangs."""
    path = edited(tmp_path, ("def sigmoid(", "import time\ntime.sleep(1000)\n\n\ndef sigmoid("))
    checked = check(path, limits=Limits(seconds=100.0, total=3.0))
    assert set(statuses(checked).values()) == {"crashed"}
    assert all("3 seconds for the whole file were over" in one.verdict.clues[0] for one in checked.judged)


def test_a_picture_shows_what_the_functions_learn(tmp_path):
    """It is drawn, and one sentence says how far the loss came down."""
    picture = tmp_path / "xor.png"
    checked = check(XOR, picture=picture, limits=Limits())
    assert checked.training.startswith("2000 steps of training with your functions: the loss went from ")
    assert checked.picture == str(picture)
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_without_all_functions_there_is_no_training_yet(tmp_path):
    """The sentence names what is not written."""
    path = edited(tmp_path, ("return z * (1.0 - z)", "pass"))
    checked = check(path, picture=tmp_path / "xor.png", limits=Limits())
    assert (checked.training, checked.picture) == ("No training yet: derivative_sigmoid is not written.", "")


def test_a_copy_leaves_the_folder_alone(tmp_path):
    """What a submission writes goes into its place apart, where it finds the files beside it that it imports."""
    folder = tmp_path / "anna"
    folder.mkdir()
    (folder / "helper.py").write_text("VALUE = 1\n")
    path = edited(
        folder, ("import numpy as np\n", "import helper\nimport numpy as np\nopen('left.txt', 'w').close()\n")
    )
    checked = check_submission("anna", [path], "xor", sheet_of={path: 0}, limits=SMALL, folder=folder)
    assert (checked.points, checked.remarks) == (checked.worth, ())
    assert sorted(one.name for one in folder.iterdir()) == ["helper.py", "xor.py"]


def test_input_says_that_nobody_answers(tmp_path):
    """The sentence is ours, with the student's line."""
    start = "    e = np.exp(-np.abs(x))"
    [clue] = verdict(check(edited(tmp_path, (start, f'    input("x? ")\n{start}'))), "sigmoid").clues
    assert clue.endswith('`input("x? ")` raised EOFError: It asks for input; nobody is there to answer.')


def test_a_right_solution_below_many_statements_earns_all_its_points(tmp_path):
    """A thousand and more at the top of a file cost nothing: no file is opened for each."""
    path = edited(tmp_path, ("import numpy as np\n", "import numpy as np\n" + "x = 1\n" * 1100))
    checked = check(path, limits=Limits())
    assert (checked.points, checked.remarks) == (checked.worth, ())


def test_a_flood_of_prints_costs_nothing(tmp_path):
    """Nobody reads them, and no file takes them in."""
    start = "    e = np.exp(-np.abs(x))"
    checked = check(
        edited(tmp_path, (start, f"    for _ in range(3000): print('x' * 10_000)\n{start}")), limits=Limits()
    )
    assert checked.points == checked.worth


@pytest.mark.parametrize(
    "content",
    [
        b"# coding: rot13\nqrs fvtzbvq(k): cnff\n",
        b"# coding: undefined\nx = 1\n",
        b"x = [" + b"1, " * 6_000_000 + b"]\n",
        b"x = " + b"(" * 90_000 + b")" * 90_000,
        b"x = " + b"-" * 400_000 + b"1",
        b"x = " + b"9" * 5000,
        b"x = 1" + b".a" * 200_000,
    ],
    ids=["rot13", "undefined", "list-of-19-megabytes", "brackets", "minus", "digits", "dots"],
)
def test_what_cannot_be_parsed_is_a_sentence_for_that_file(tmp_path, content):
    """And takes neither the memory nor the life of who reads it."""
    path = tmp_path / "xor.py"
    path.write_bytes(content)
    checked = check(path)
    assert checked.problem.startswith("xor.py")
    assert checked.problem.endswith(".")


def test_a_file_that_is_called_like_its_folder_gets_nobody_elses_work(tmp_path):
    """What lies beside it in a class is not its own."""
    folder = tmp_path / "xor"
    folder.mkdir()
    (folder / "exam.txt").write_text("42")
    spy = "import os\nraise ValueError(sorted(os.listdir()))\nimport numpy as np\n"
    path = edited(folder, ("import numpy as np\n", spy))
    checked = check(path, alone=False)
    assert "'xor.py']; the rest was read" in checked.remarks[0]
    assert "exam" not in checked.remarks[0]


def test_stand_ins_have_none_of_what_is_still_to_be_judged(tmp_path):
    """Their text is the solution without the functions that can still earn points."""
    sheet = labs.load("xor").homework.sheets[0]
    text = partly_solved(sheet, ["sigmoid", "derivative_sigmoid", "Network.forward"])
    assert "self.Z1 = sigmoid(bx @ self.W1)" in text
    assert "np.log1p" not in text
    assert "grad_W3" not in text
    assert text.count("raise NotImplementedError") == 3


def test_what_one_exercise_is_handed_is_no_answer_of_another():
    """The gradients that are handed Z and dZ of right code are tried at other points than those that find them."""
    for lab, handed, finds in (("moons", "gradients", "backprop"), ("softmax", "backward", "get_gradient")):
        seen = {}
        for exercise in labs.load(lab).homework.sheets[0].exercises:
            if exercise.function in (handed, finds):
                module = Spy(exercise.function)
                with suppress(Exception):
                    exercise.judge(module, None)
                seen[exercise.function] = [np.round(one, 12).tolist() for one in module.seen if np.ndim(one)]
        assert seen[handed]
        assert not [one for one in seen[handed] if one in seen[finds]]


class Spy:
    """A module whose function notes what it is called with."""

    def __init__(self, function):
        self.seen = []
        setattr(self, function, self.note)

    def note(self, *given):
        """Note arrays, those in dicts too."""
        for one in given:
            self.seen += list(one.values()) if isinstance(one, dict) else [one]
