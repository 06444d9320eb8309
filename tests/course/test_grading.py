"""A folder of submissions: what is found in it, and what stands in the table of points."""

import csv
import os
import signal
import threading

import pytest

from chainrule import labs
from chainrule.course import grading
from chainrule.course.checked import Checked, Judged
from chainrule.course.grading import Submission
from chainrule.errors import InvalidFile, InvalidValue
from chainrule.homework.exercise import NamedMistake, Verdict

HOMEWORKS = {name: labs.load(name).homework for name in labs.names()}
XOR, NEURON = HOMEWORKS["xor"], HOMEWORKS["neuron"]
FUNCTIONS = "class Network:\n    def forward(self): pass\n    def loss(self): pass\n"


def filled(folder, *names, text=FUNCTIONS):
    """Write files of these names below a folder."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def passed(name, share=1.0, *, function="loss", mistakes=()):
    """Return a submission with one function."""
    verdict = Verdict("right" if share == 1 else "wrong", share, mistakes)
    return Checked(name, "xor", (f"{name}.py",), (Judged(function, verdict, 2 * share, 2.0),))


def test_files_and_folders_are_submissions(tmp_path):
    """A file by its stem, a folder by its name with all that is below it, sorted by name."""
    filled(tmp_path, "ben.py", "anna/src/deep/xor.py", "anna/xor.ipynb", "cora.ipynb", "notes.txt", "Zoe.PY")
    found = grading.find_submissions(tmp_path)
    assert [(one.name, [str(path.relative_to(tmp_path)) for path in one.files]) for one in found] == [
        ("Zoe", ["Zoe.PY"]),
        ("anna", ["anna/xor.ipynb", "anna/src/deep/xor.py"]),
        ("ben", ["ben.py"]),
        ("cora", ["cora.ipynb"]),
    ]


@pytest.mark.parametrize(
    "name",
    [".git/x.py", "__pycache__/x.py", "__MACOSX/._x.py", "anna/.ipynb_checkpoints/x.ipynb", ".x.py", "anna/._x.py",
     "anna/venv/lib/x.py"],
)  # fmt: skip
def test_what_no_student_wrote_is_left_out(name, tmp_path):
    """What is hidden, or made by a machine, is no submission and no part of one."""
    filled(tmp_path, name, "anna/xor.py", "anna/venv/pyvenv.cfg")
    assert grading.find_submissions(tmp_path) == [Submission("anna", (tmp_path / "anna/xor.py",), tmp_path / "anna")]


def test_names_that_would_be_alike_keep_their_suffixes(tmp_path):
    """Nobody's points are written into somebody else's row."""
    filled(tmp_path, "anna.py", "anna.ipynb", "anna/xor.py", "ben.py")
    names = [one.name for one in grading.find_submissions(tmp_path)]
    assert names == ["anna", "anna.ipynb", "anna.py", "ben"]


def test_links_out_of_a_submission_are_not_followed(tmp_path):
    """A link to the solution is no homework, and one to the folder above no endless loop."""
    filled(tmp_path, "class/anna/xor.py", "solution.py")
    (tmp_path / "class/anna/mine.py").symlink_to(tmp_path / "solution.py")
    (tmp_path / "class/anna/up").symlink_to(tmp_path / "class")
    (found,) = grading.find_submissions(tmp_path / "class")
    assert found.files == (tmp_path / "class/anna/xor.py",)


def test_a_folder_without_submissions_is_answered_with_a_sentence(tmp_path):
    """It says what was looked for, and what is still packed."""
    filled(tmp_path, "anna.zip", "notes.pdf")
    with pytest.raises(InvalidValue) as refused:
        grading.find_submissions(tmp_path)
    expected = f"There is no .py or .ipynb file in {tmp_path}, nor in a folder in it. Unpack anna.zip first."
    assert str(refused.value) == expected


def test_a_folder_without_homework_is_a_submission_with_a_problem(tmp_path):
    """Who sent in a picture alone gets a row, too."""
    filled(tmp_path, "anna/photo.jpg", "ben.py")
    anna = grading.find_submissions(tmp_path)[0]
    found = grading.check_one(anna, "xor", XOR, None)
    assert found == Checked("anna", "xor", (), problem="There is no .py or .ipynb file in its folder.")


@pytest.mark.parametrize(
    ("names", "alone"),
    [
        (("neuron.py", "network.py"), True),
        (("neuron.py",), True),
        (("neuron.ipynb", "network.py"), True),
        (("neuron.py", "network.py", "train_neuron.py", "train_network.py", "picture.png"), True),
        (("neuron.py", "anna.py"), False),
        (("neuron.py", "neuron.ipynb"), False),
        (("neuron.py", "anna/neuron.py"), False),
        (("train_neuron.py",), False),
        (("xor.py",), False),
        ((), False),
    ],
)
def test_a_folder_as_it_was_handed_out_is_one_submission(names, alone, tmp_path):
    """Its files are sheets of the lab by their names, and none is below."""
    assert bool(grading.one_students(filled(tmp_path, *names), {"neuron": NEURON})) is alone


def test_the_lab_of_a_class_is_told_by_its_submissions(tmp_path):
    """Where all of them are of one; a folder without homework does not matter."""
    filled(tmp_path, "a.py", "b/any.py", "b/helpers.py", "c/photo.jpg")
    assert grading.lab_of(grading.find_submissions(tmp_path), HOMEWORKS) == "xor"


def test_a_class_of_several_labs_is_answered_with_who_is_where(tmp_path):
    """The sentence names them, and the option."""
    filled(tmp_path, "a.py", "b.py")
    filled(tmp_path, "c.py", text="pass")
    filled(tmp_path, "d.py", text="def log_likelihood(): pass")
    with pytest.raises(InvalidValue) as refused:
        grading.lab_of(grading.find_submissions(tmp_path), HOMEWORKS)
    assert str(refused.value) == (
        "These submissions are of several labs: xor (a, b), softmax (d). Nothing tells which lab these are of: c. "
        f"Say with --lab which lab is to be checked; there are: {', '.join(HOMEWORKS)}."
    )


def test_files_go_to_their_sheets_and_older_copies_are_remarked(tmp_path):
    """What is checked, and what is not."""
    filled(tmp_path, "anna/xor.py", "anna/old.py")
    (anna,) = grading.find_submissions(tmp_path)
    seen = []

    def check(one, sheets):
        seen.append((one.name, sheets))
        return passed(one.name)

    found = grading.check_one(anna, "xor", XOR, check)
    path = tmp_path / "anna/xor.py"
    assert seen == [("anna", {path: 0})]
    assert found.remarks == (f"Not looked at, for its sheet is there already: {tmp_path / 'anna/old.py'}.",)


def test_files_of_which_none_fits_are_a_problem(tmp_path):
    """The sentence says what was looked for."""
    filled(tmp_path, "anna/a.py", "anna/b.py", text="pass")
    (anna,) = grading.find_submissions(tmp_path)
    found = grading.check_one(anna, "neuron", NEURON, None)
    assert found.problem == "None of its files looks like neuron.py, network.py."


def test_one_broken_submission_never_stops_the_others():
    """An error of ours is that submission's problem; the order is the names'."""

    def job(submission, stop):
        if submission.name == "b":
            raise ZeroDivisionError("ours")
        if submission.name == "c":
            raise InvalidFile("c.py is empty.")
        return passed(submission.name)

    batch = grading.check_all([Submission(name, ()) for name in "dcba"], "xor", job, jobs=3)
    assert [(one.name, one.problem) for one in batch.checked] == [
        ("a", ""),
        ("b", "chainrule failed on it: ZeroDivisionError('ours')."),
        ("c", "c.py is empty."),
        ("d", ""),
    ]
    assert not batch.interrupted


def test_as_many_at_a_time_as_jobs_says():
    """Two wait for each other only if both are begun."""
    both = threading.Barrier(2, timeout=60)

    def job(submission, stop):
        both.wait()
        return passed(submission.name)

    batch = grading.check_all([Submission(name, ()) for name in "ab"], "xor", job, jobs=2)
    assert [one.problem for one in batch.checked] == ["", ""]


@pytest.mark.parametrize("times", [1, 2, 5])
def test_ctrl_c_keeps_what_is_done_however_often_it_comes(times):
    """Those that are done are in the batch, and it says that it is not whole; what was ended is not judged."""

    def job(submission, stop):
        if submission.name == "b":
            for _ in range(times):
                os.kill(os.getpid(), signal.SIGINT)
            assert stop.wait(60)
        return passed(submission.name)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs in the background may ignore it
    try:
        batch = grading.check_all([Submission(name, ()) for name in "abc"], "xor", job, jobs=1)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)
    assert ([one.name for one in batch.checked], batch.interrupted) == (["a"], True)


def test_ctrl_c_ends_a_class_whichever_thread_it_reaches():
    """One that does not reach the thread that waits does not end its wait; it is seen soon all the same."""

    def job(submission, stop):
        if submission.name == "b":
            signal.pthread_kill(threading.get_ident(), signal.SIGINT)
            assert stop.wait(60)
        return passed(submission.name)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        batch = grading.check_all([Submission(name, ()) for name in "abc"], "xor", job, jobs=1)
    finally:
        signal.signal(signal.SIGINT, before)
    assert ([one.name for one in batch.checked], batch.interrupted) == (["a"], True)


def test_the_csv_has_a_row_a_submission(tmp_path):
    """Name, points, a column a function, mistakes, problem."""
    mistakes = (NamedMistake("sign", "…"), NamedMistake("sum for mean", "…"), NamedMistake("sign", "…"))
    checked = [
        passed("anna"),
        passed("ben", 0.25, mistakes=mistakes),
        Checked("cora", "xor", (), problem="cora.py, line 3:\nno Python, sorry"),
    ]
    path = grading.write_csv(checked, tmp_path / "new" / "grades.csv")
    assert path.read_bytes().decode("utf-8") == (
        "name,points,worth,loss,mistakes,problem,flags\n"
        "anna,2,2,2,,,\n"
        "ben,0.5,2,0.5,sign;sum for mean,,\n"
        'cora,0,2,,,"cora.py, line 3: no Python, sorry",\n'
    )


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "=cmd|' /C calc'!A0"])
def test_no_cell_is_a_formula(name, tmp_path):
    """A name that a spreadsheet would compute gets an apostrophe; it can be read back."""
    path = grading.write_csv([Checked(name, "xor", (), problem=name)], tmp_path / "g.csv")
    with path.open(encoding="utf-8", newline="") as file:
        row = list(csv.reader(file))[1]
    assert (row[0], row[-2]) == (f"'{name}", f"'{name}")


def test_names_of_all_alphabets_can_be_written(tmp_path):
    """What a file system holds that is no text loses the bytes that are none."""
    path = grading.write_csv([passed('Zoë, "李"\udcff')], tmp_path / "g.csv")
    with path.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file))[1][0] == 'Zoë, "李"'


def test_a_file_that_cannot_be_written_is_a_sentence(tmp_path):
    """No traceback for a folder in the way."""
    (tmp_path / "g.csv").mkdir()
    with pytest.raises(InvalidFile, match=r"Cannot write .*g\.csv: it is a folder\."):
        grading.write_csv([passed("anna")], tmp_path / "g.csv")


def test_functions_of_several_files_are_told_apart(tmp_path):
    """Both sheets of a lab ask for a sigmoid; their points have columns of their own, and cells have no lines."""
    filled(tmp_path, "anna/neuron.py", "anna/network.ipynb", text="pass")
    (anna,) = grading.find_submissions(tmp_path)
    exercises = [exercise for sheet in NEURON.sheets for exercise in sheet.exercises]
    judged = tuple(Judged(exercise.function, Verdict("right", 1.0), 1.0, 1.0, 7) for exercise in exercises)
    found = grading.check_one(anna, "neuron", NEURON, lambda one, sheets: Checked(one.name, "neuron", (), judged))
    places = {one.function: one.line for one in found.judged}
    assert (places["neuron.py: sigmoid"], places["network.py: sigmoid"]) == (7, None)
    assert len(places) == len(exercises)


def test_of_a_file_alone_its_own_functions_are_told(tmp_path):
    """The lab's other file is a remark."""
    judged = [
        Judged(f"{sheet.file}: {exercise.function}", Verdict("right", 1.0), 1.0, 1.0)
        for sheet in NEURON.sheets
        for exercise in sheet.exercises
    ]
    found = grading.only_sheets(Checked("anna", "neuron", (), tuple(judged)), [1], NEURON)
    assert [one.function for one in found.judged] == [exercise.function for exercise in NEURON.sheets[1].exercises]
    assert found.remarks == ("The lab neuron asks for neuron.py, too. To check all of it, name the folder.",)


@pytest.mark.parametrize("before", ["\n", "\u00a0", "\u2003 ", "\u200b", "\ufeff", "\r\n\t", "\x01"])
@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff20"])
def test_no_cell_is_a_formula_behind_what_is_not_seen(before, sign, tmp_path):
    """Blanks of all kinds, signs of no width, controls; and a sign of full width is one, too."""
    path = grading.write_csv([Checked(f"{before}{sign}cmd()", "xor", (), problem="x")], tmp_path / "g.csv")
    with path.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file))[1][0].startswith("'")


def test_a_name_of_control_characters_alone_stays_visible(tmp_path):
    """In the CSV and in the table; one that is partly so loses them."""
    path = grading.write_csv([passed("\x01\x02"), passed("an\x07na")], tmp_path / "g.csv")
    with path.open(encoding="utf-8", newline="") as file:
        assert [row[0] for row in csv.reader(file)][1:] == ["\\x01\\x02", "anna"]


def test_a_submission_that_is_a_link_is_not_followed(tmp_path):
    """It has a row that says so; neither the file nor the folder behind it is read."""
    filled(tmp_path, "class/ben.py", "elsewhere/exam.py")
    (tmp_path / "class/anna.py").symlink_to(tmp_path / "elsewhere/exam.py")
    (tmp_path / "class/cora").symlink_to(tmp_path / "elsewhere")
    found = grading.find_submissions(tmp_path / "class")
    assert [(one.name, len(one.files)) for one in found] == [("anna", 0), ("ben", 1), ("cora", 0)]
    assert grading.check_one(found[0], "xor", XOR, None).problem == grading.LINK


def test_an_archive_that_nobody_unpacked_is_named(tmp_path):
    """In the folder of a student who handed in nothing else."""
    folder = tmp_path / "Ada_1_assignsubmission_file_"
    folder.mkdir()
    (folder / "xor.zip").touch()
    (tmp_path / "ben.py").write_text("x = 1")
    [packed] = [one for one in grading.find_submissions(tmp_path) if not one.files]
    checked = grading.check_one(packed, "xor", XOR, None)
    assert checked.problem == "There is no .py or .ipynb file in its folder. Unpack xor.zip first."
