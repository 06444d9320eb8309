"""Learning platforms: senders, gradebooks, Gradescope's results, and a course's rules."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from chainrule import InvalidFile, InvalidValue, labs
from chainrule.course.archive import unpacked
from chainrule.course.checked import Checked, Judged
from chainrule.course.feedback import blocks, gradescope, write_feedback
from chainrule.course.gradebook import fill, late_in
from chainrule.course.grading import find_submissions
from chainrule.course.lms import late_on_gradescope
from chainrule.course.rules import Rules, read_rules
from chainrule.homework.exercise import NamedMistake, Verdict
from chainrule.writers.markdown import markdown

SIGN = NamedMistake("sign", "It has the opposite sign.", "Write Y − T.")
WRONG = Verdict("wrong", 0.5, (SIGN,), where="Look at the last factor.")
MOODLE = "Identifier,Full name,Grade,Maximum grade\nParticipant 12,Anna,,20.00\nParticipant 13,Ben,7,20.00\n"


def checked(name="anna", number="12", verdict=WRONG, **more):
    judged = (Judged("loss", verdict, 2 * verdict.share, 2.0, 3), Judged("step", Verdict("right", 1.0), 3.0, 3.0, 9))
    return Checked(name, "xor", (f"{name}.py",), judged, number=number, **more)


def sheet(folder, text):
    path = folder / "sheet.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_files_of_one_student_that_lie_side_by_side_are_one_submission(tmp_path):
    """Canvas puts all files into one folder, Moodle each student's into one of their own."""
    names = ("wuben_13_7_neuron.py", "wuben_LATE_13_8_network.py", "wuanna_12_9_neuron.py", "plain.py")
    for name in names:
        (tmp_path / name).write_text("x = 1\n")
    (tmp_path / "Cy Lee_14_assignsubmission_file_").mkdir()
    (tmp_path / "Cy Lee_14_assignsubmission_file_" / "neuron.py").write_text("x = 1\n")
    found = {one.name: (one.number, one.late, len(one.files)) for one in find_submissions(tmp_path)}
    assert found == {
        "wuben": ("13", True, 2),
        "wuanna": ("12", False, 1),
        "plain": ("", False, 1),
        "Cy Lee": ("14", False, 1),
    }


def test_two_students_of_one_name_are_told_apart(tmp_path):
    for name in ("lee_1_5_xor.py", "lee_2_6_xor.py"):
        (tmp_path / name).write_text("x = 1\n")
    assert [one.name for one in find_submissions(tmp_path)] == ["lee 1", "lee 2"]


def test_moodles_worksheet_is_filled_in_and_scaled(tmp_path):
    """4 of 5 points are 16 of 20; who sent nothing keeps what stands there; strangers are named."""
    filled = fill(sheet(tmp_path, MOODLE), [checked(), checked("cy", "99")], "xor")
    assert filled.text.splitlines()[1:] == ["Participant 12,Anna,16,20.00", "Participant 13,Ben,7,20.00"]
    assert (filled.entered, filled.strangers) == (1, ("cy",))


def test_what_could_not_be_judged_gets_no_grade(tmp_path):
    """It is told apart from who is not in the sheet, and from who is in it and sent nothing."""
    broken = Checked("anna", "xor", (), problem="broken", number="12")
    filled = fill(sheet(tmp_path, MOODLE), [broken, checked("cy", "99")], "xor")
    assert (filled.entered, filled.strangers, filled.unjudged, filled.silent) == (0, ("cy",), ("anna",), ("Ben",))


def test_a_sheet_with_semicolons_and_decimal_commas_keeps_them(tmp_path):
    """A German Moodle's: 4 of 5 points are 16,4 of 20,5."""
    head = "ID;Vollständiger Name;Status;Bewertung;Bestwertung"
    text = f"{head}\nTeilnehmer/in 12;Anna;;;20,50\nTeilnehmer/in 13;B;;7,5;20,50\n"
    filled = fill(sheet(tmp_path, text), [checked()], "xor")
    assert filled.text.splitlines()[1:] == ["Teilnehmer/in 12;Anna;;16,4;20,50", "Teilnehmer/in 13;B;;7,5;20,50"]
    quoted = 'Identifier,Full name,Grade,Maximum grade\nParticipant 12,Anna,,"20,50"\n'
    assert (
        fill(sheet(tmp_path, quoted), [checked()], "xor").text.splitlines()[1] == 'Participant 12,Anna,"16,4","20,50"'
    )


def test_a_point_stays_a_point_where_the_names_have_commas(tmp_path):
    text = 'Student,ID,One (1)\n    Points Possible,,20.50\n"Lee, Anna",12,\n"Wu, Ben",13,\n'
    filled = fill(sheet(tmp_path, text), [checked()], "xor")
    assert filled.text.splitlines()[2] == '"Lee, Anna",12,16.4'
    assert filled.silent == ("Wu, Ben",)


def test_moodles_worksheet_tells_who_is_late(tmp_path):
    """Its folders do not; the status in the sheet does, in the teacher's language."""
    rows = {
        12: "Submitted for grading1 day 2 hours late",
        13: "Submitted for grading",
        14: "No submissionAssignment is overdue by: 3 days",
        15: "Zur Bewertung abgegeben2 Stunden später",
    }
    text = "Identifier,Status,Grade\n" + "".join(f"Participant {n},{status},\n" for n, status in rows.items())
    assert late_in(sheet(tmp_path, text)) == {"12", "15"}
    assert late_in(sheet(tmp_path, MOODLE)) == set()


@pytest.mark.parametrize(
    ("sent", "due", "late"),
    [
        ("2018-07-31T23:00:01.000000-07:00", "2018-07-31T23:00:00.000000-07:00", True),
        ("2018-08-01T05:00:00.000000+00:00", "2018-07-31T23:00:00.000000-07:00", False),
        ("2018-08-01T05:00:00.000000+00:00", None, False),
    ],
)
def test_gradescopes_metadata_tells_what_is_late(tmp_path, sent, due, late):
    results = tmp_path / "results" / "results.json"
    assert not late_on_gradescope(results), "there is none"
    (tmp_path / "submission_metadata.json").write_text(
        json.dumps({"created_at": sent, "assignment": {"due_date": due}})
    )
    assert late_on_gradescope(results) is late


def test_gradescope_is_told_why_nothing_was_checked(tmp_path, chainrule):
    """A student who named the file otherwise reads so; without results.json Gradescope would say that it failed."""
    results = tmp_path / "results.json"
    code, _, err = chainrule("check", str(tmp_path / "xor.py"), "--lab", "xor", "--gradescope", str(results))
    told = json.loads(results.read_text())
    assert (code, told["score"]) == (2, 0.0)
    assert told["output"] in err
    assert "There is no file or folder" in told["output"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a,b\n1,2\n", "neither Moodle's grading worksheet .* Its columns are: a, b"),
        ("", "Its columns are: none"),
        (
            "Student,ID,One (1),Two (2)\n",
            "has 2 assignments \\(One, Two\\), and not exactly one of them names the lab xor",
        ),
        ("Identifier,Grade\nParticipant 1\n", "row 2: 1 cells, where the head has 2"),
    ],
)
def test_a_sheet_of_another_kind_is_refused(tmp_path, text, sentence):
    with pytest.raises(InvalidFile, match=sentence):
        fill(sheet(tmp_path, text), [], "xor")


def test_gradescope_gets_what_its_specification_asks_for():
    """Numbers for scores, a status for each test, fields and values as they are published.

    Flags are in no test: a hidden one hides the total score from the student.
    """
    found = json.loads(json.dumps(gradescope(checked(flags=("imports chainrule",)))))
    assert found["score"] == sum(test.get("score", 0) for test in found["tests"]) == 4
    assert {test["status"] for test in found["tests"] if "status" in test} == {"passed", "failed"}
    fields = {"score", "max_score", "status", "name", "output", "output_format", "visibility"}
    assert all(set(test) <= fields for test in found["tests"])
    assert {test["visibility"] for test in found["tests"]} == {"visible"}
    assert {found["output_format"], *(test["output_format"] for test in found["tests"])} == {"text"}
    assert found["stdout_visibility"] == "hidden"
    late = gradescope(Rules(late_penalty=25).late(checked(late=True)))
    assert (late["score"], late["output"].splitlines()[0]) == (3, "Late: 25 % less.")
    assert found["extra_data"] == {"flags": ["imports chainrule"]}
    top = {"score", "execution_time", "output", "output_format", "stdout_visibility", "tests", "extra_data"}
    assert set(found) <= top


def test_feedback_tells_each_student_apart(tmp_path):
    """A page and a Markdown file each, whatever the name is made of; points and what is wrong stand in it."""
    students = [checked("../<b>anna"), checked("../<b>anna"), checked("", "")]
    names = sorted(path.name for path in write_feedback(students, tmp_path / "told"))
    assert names == sorted(f"{stem}.{s}" for stem in ("b_anna_12", "b_anna_12-2", "submission") for s in ("html", "md"))
    text = markdown(blocks(checked()))
    assert "4 of 5 points." in text
    assert "It has the opposite sign. Write Y − T." in text
    assert "<b>" not in (tmp_path / "told" / "b_anna_12.html").read_text("utf-8").split("</head>")[1]


def test_rules_change_points_and_what_late_costs(tmp_path):
    path = tmp_path / "rules.toml"
    path.write_text('late_penalty = 25\nstrict = true\n[points]\nsigmoid = 4\n"Network.loss" = 0.5\n')
    rules = Rules(**read_rules(path))
    priced = rules.priced(labs.load("xor").homework)
    worth = {exercise.function: exercise.points for exercise in priced.sheets[0].exercises}
    assert (worth["sigmoid"], worth["Network.loss"], rules.strict) == (4.0, 0.5, True)
    late = rules.late(checked(late=True))
    assert (late.points, late.remarks) == (3.0, ("Late: 25 % less.",))
    assert rules.late(checked()).points == 4.0


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("strct = true", "strct"),
        ("strict = 3", "Expected .bool., got .int."),
        ("strict =", "holds no rules of a course"),
        ("hint = 7", "hint must be 0, 1, 2 or 3, got 7"),
        ("late_penalty = 120", "percentage from 0 to 100"),
        ("[points]\nsigmoid = -1", "points of sigmoid must be a number"),
    ],
)
def test_rules_that_cannot_be_are_refused(tmp_path, text, sentence):
    path = tmp_path / "rules.toml"
    path.write_text(text)
    with pytest.raises(InvalidFile, match=sentence):
        read_rules(path)


def test_points_of_a_function_that_nobody_asks_for_are_refused():
    with pytest.raises(InvalidValue, match="sigmod"):
        Rules({"sigmod": 1.0}).priced(labs.load("xor").homework)


def test_an_archive_stays_in_its_folder_and_goes(tmp_path):
    """What leads out of it is put inside; afterwards nothing is left; a damaged one is told."""
    path = tmp_path / "class.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../out.py", "x = 1\n")
    with unpacked(path) as folder:
        assert [found.relative_to(folder) for found in folder.rglob("*.py")] == [Path("out.py")]
    assert not folder.exists()
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(InvalidFile, match="cannot be unpacked"), unpacked(path):
        pass
