"""``chainrule check``: what it prints and writes, and how it exits; in most tests a stand-in judges."""

import json
import re
import signal
import subprocess
import sys
import time
import types
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import dataclass
from os import devnull
from pathlib import Path

import pytest
from tests.sandbox.processes import below

from chainrule import cli, labs
from chainrule.course.checked import Checked, Judged
from chainrule.homework.exercise import NamedMistake, Verdict

SIGN = NamedMistake("sign", "It has the opposite sign.", "Write Y − T.")
WRONG = Verdict("wrong", 0.5, (SIGN,), where="Look at the last factor.")
GO_WITH_A_FOLDER = (
    "--csv, --page, --anonymous, --gradebook, --jobs, --dask and --resume go with a folder of submissions."
)
XOR = labs.load("xor").homework.sheets[0].solution.read_text(encoding="utf-8")


@dataclass(frozen=True)
class Limits:
    """The stand-in of the limits."""

    seconds: float = 5.0
    memory_gb: float = 2.0
    total: float = 100.0


@pytest.fixture
def asked(monkeypatch):
    """Put a stand-in in the place of what runs submissions; return the list of what it is asked."""
    calls = []

    def check_submission(name, files, lab, *, sheet_of, homework, folder, alone, limits, picture=None, stop=None):
        calls.append({"name": name, "files": [path.name for path in files], "lab": lab, "limits": limits,
                      "sheets": list(sheet_of.values()), "picture": picture})  # fmt: skip
        text = files[0].read_text(encoding="utf-8")
        if "broken" in text:
            return Checked(name, lab, (), problem=f"{files[0].name}, line 1: Python cannot read it.")
        verdicts = {"wrong": WRONG, "to do": Verdict("to do")}
        verdict = next((found for mark, found in verdicts.items() if mark in text[:9]), Verdict("right", 1.0))
        judged = (Judged("sigmoid", verdict, 2 * verdict.share, 2.0, 3),)
        marked = {
            "lacking": ("network", "files") * ("lacking" in text[:9]),
            "flags": ("a flag",) * ("flag" in text[:9]),
        }
        return Checked(name, lab, tuple(map(str, files)), judged, picture=str(picture or ""), **marked)

    stand_in = types.ModuleType("chainrule.course.checking")
    stand_in.check_submission, stand_in.Limits = check_submission, Limits
    monkeypatch.setitem(sys.modules, stand_in.__name__, stand_in)
    return calls


def hand_in(folder, **marks):
    """Write submissions of the xor lab; a mark in the first line tells the stand-in what to answer."""
    folder.mkdir(exist_ok=True)
    for name, mark in marks.items():
        (folder / f"{name}.py").write_text(f"# {mark}\n{XOR}", encoding="utf-8")
    return folder


def test_a_right_file_is_told_in_a_few_lines(asked, chainrule, tmp_path):
    """Its lab is recognised, and the picture goes beside it."""
    hand_in(tmp_path, anna="fine")
    code, text, err = chainrule("check", "anna.py")
    assert (code, err) == (0, "")
    assert text == (
        "anna.py, lab xor\n"
        "\n"
        "function  verdict  points\n"
        "sigmoid   right       2/2\n"
        "\n"
        "Well done!\n"
        "2 of 2 points.\n"
        "The picture is anna-check.png.\n"
    )
    assert [(call["name"], call["lab"], call["sheets"], call["files"]) for call in asked] == [
        ("anna", "xor", [0], ["anna.py"])
    ]


@pytest.mark.parametrize(("mark", "code"), [("fine", 0), ("to do", 1), ("wrong", 1), ("broken", 1)])
def test_the_exit_code_tells(mark, code, asked, chainrule, tmp_path):
    """0 right, 1 wrong, to do or not judged; for a class as for one."""
    hand_in(tmp_path / "class", anna=mark)
    assert chainrule("check", "class/anna.py")[0] == code
    assert chainrule("check", "class")[0] == code


def test_what_counts_as_done_is_the_courses(asked, chainrule, tmp_path):
    """What is to do may be allowed, and points demanded, on the command line or in the course's rules."""
    hand_in(tmp_path, anna="to do", ben="fine")
    (tmp_path / "rules.toml").write_text("allow_todo = true\nmin_points = 3\n")
    assert chainrule("check", "anna.py", "--allow-todo")[0] == 0
    assert chainrule("check", "ben.py", "--min-points", 2)[0] == 0
    assert chainrule("check", "ben.py", "--min-points", 2.5)[0] == 1
    assert chainrule("check", "ben.py", "--rules", "rules.toml")[0] == 1
    assert chainrule("check", "ben.py", "--rules", "rules.toml", "--min-points", 1)[0] == 0


def test_hint_0_tells_points_alone(asked, chainrule, tmp_path):
    """Neither a place nor a mistake, on the screen, in JSON, in the feedback and for Gradescope."""
    hand_in(tmp_path, anna="wrong")
    _, text, _ = chainrule("check", "anna.py", "--hint", 0, "--feedback", "told", "--gradescope", "results.json")
    _, data, _ = chainrule("check", "anna.py", "--hint", 0, "--json")
    for told in (
        text,
        data,
        *(path.read_text("utf-8") for path in (*tmp_path.glob("told/*"), tmp_path / "results.json")),
    ):
        assert "last factor" not in told
        assert "opposite" not in told
    assert "1 of 2 points" in text


def test_a_class_of_a_platform_goes_in_and_out(asked, chainrule, tmp_path):
    """A .zip of Canvas's names: late ones lose a share, the gradebook is filled in, the page shows no name."""
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        for name, mark in {"smithanna_12_99_xor.py": "fine", "wuben_LATE_13_98_xor.py": "wrong"}.items():
            archive.writestr(name, f"# {mark}\n{XOR}")
    (tmp_path / "book.csv").write_text('Student,ID,Lab (7)\n    Points Possible,,4\n"Smith, Anna",12,\n"Wu, Ben",13,\n')
    options = "--lab xor --csv a.csv --anonymous --late-penalty 50 --gradebook book.csv --feedback told"
    code, _, err = chainrule("check", "class.zip", *options.split())
    assert (code, "2 grades entered" in err) == (1, True)
    assert (tmp_path / "book-graded.csv").read_text().splitlines()[2:] == ['"Smith, Anna",12,4', '"Wu, Ben",13,1']
    assert (tmp_path / "a.csv").read_text().splitlines()[2].startswith("wuben,13,late,0.5,2")
    assert sorted(path.name for path in (tmp_path / "told").glob("*.md")) == ["smithanna_12.md", "wuben_13.md"]
    page = (tmp_path / "a.html").read_text("utf-8")
    assert "submission 1" in page
    assert "smithanna" not in page


def test_hint_1_tells_the_place_alone(asked, chainrule, tmp_path):
    """On the screen, in JSON and in JUnit."""
    hand_in(tmp_path, anna="wrong")
    _, text, _ = chainrule("check", "anna.py", "--hint", 1, "--junit", "a.xml")
    _, data, _ = chainrule("check", "anna.py", "--hint", 1, "--json")
    for told in (text, data, (tmp_path / "a.xml").read_text()):
        assert "Look at the last factor." in told
        assert "opposite" not in told
        assert '"sign"' not in told


def test_hint_1_of_a_class_tells_no_mistake(asked, chainrule, tmp_path):
    """Neither its table nor its statistics."""
    hand_in(tmp_path / "class", anna="wrong", ben="wrong")
    for told in (chainrule("check", "class", "--hint", 1)[1], chainrule("check", "class", "--hint", 1, "--json")[1]):
        assert "Look at the last factor." in told
        assert "opposite" not in told
        assert '"sign"' not in told


def test_json_is_all_that_is_printed(asked, chainrule, tmp_path):
    """Of one submission its result, of a class all results and the statistics; files are written in silence."""
    hand_in(tmp_path / "class", anna="wrong", ben="fine")
    one = json.loads(chainrule("check", "class/anna.py", "--json", "--no-picture")[1])
    assert (one["name"], one["points"], one["functions"][0]["told"]) == (
        "anna",
        1.0,
        "It has the opposite sign. Write Y − T.",
    )
    code, text, _ = chainrule("check", "class", "--json", "--csv", "grades.csv")
    data = json.loads(text)
    assert code == 1
    assert [submission["name"] for submission in data["submissions"]] == ["anna", "ben"]
    assert data["statistics"]["mistakes"][0]["submissions"] == 1
    assert (tmp_path / "grades.csv").exists()


def test_a_class_is_a_table_and_its_frequent_mistakes(asked, chainrule, tmp_path):
    """Names, points, the first trouble; then what was written."""
    hand_in(tmp_path / "class", anna="wrong", ben="fine", cora="broken")
    code, text, _ = chainrule("check", "class", "--lab", "xor", "--csv", "out/grades.csv", "--junit", "all.xml")
    same = "the same up to names and layout: anna, ben"
    assert (code, [re.split(r"\s{2,}", line.strip()) for line in text.splitlines()]) == (1, [
        ["name", "points", "first trouble", "flags"],
        ["anna", "1/2", "sigmoid is not right yet: It has the opposite sign. Write Y − T.", same],
        ["ben", "2/2", same],
        ["cora", "–", "cora.py, line 1: Python cannot read it."],
        [""],
        ["3 submissions: median 1.5 of 2 points (from 1 to 2); 1 could not be judged."],
        [""],
        ["The mistake made:"],
        ["1", "sigmoid: It has the opposite sign."],
        [""],
        ["Written: out/grades.csv, out/grades.html"],
    ])  # fmt: skip
    assert (tmp_path / "out/grades.csv").read_text().splitlines()[
        1
    ] == 'anna,1,2,1,sign,,"the same up to names and layout: anna, ben"'
    assert "It has the opposite sign." in (tmp_path / "out/grades.html").read_text(encoding="utf-8")
    assert len(ET.parse(tmp_path / "all.xml").getroot()) == 3  # noqa: S314  # we have just written it
    assert {call["picture"] for call in asked} == {None}


def test_a_folder_as_handed_out_is_one_submission(asked, chainrule, tmp_path):
    """Its sheets are checked together; with --csv it is a class."""
    homework = labs.load("neuron").homework
    (tmp_path / "hw").mkdir()
    for sheet in homework.sheets:
        (tmp_path / "hw" / sheet.file).write_bytes(sheet.solution.read_bytes())
    assert chainrule("check", "hw")[0] == 0
    assert asked == [{"name": "hw", "files": ["neuron.py", "network.py"], "lab": "neuron", "limits": Limits(),
                      "sheets": [0, 1], "picture": Path("hw/hw-check.png")}]  # fmt: skip
    chainrule("check", "hw", "--csv", "grades.csv")
    assert sorted(call["name"] for call in asked[1:]) == ["network", "neuron"]


def test_limits_and_picture_are_handed_on(asked, chainrule, tmp_path):
    """As they were given."""
    hand_in(tmp_path, anna="fine")
    chainrule("check", "anna.py", "--seconds", 3, "--memory", 0.5, "--picture", "p.png")
    assert asked[0]["limits"] == Limits(3.0, 0.5, 100.0)
    assert str(asked[0]["picture"]) == "p.png"
    chainrule("check", "anna.py", "--no-picture")
    assert asked[1]["picture"] is None


def test_a_lab_of_ones_own_is_called_by_its_name(asked, chainrule, tmp_path):
    """Not by the path of its file."""
    hand_in(tmp_path, anna="fine")
    (tmp_path / "mylab.py").write_text(
        "from dataclasses import replace\nfrom chainrule import labs\nLAB = replace(labs.load('xor'), name='mine')\n"
    )
    assert chainrule("check", "anna.py", "--lab", "./mylab.py")[0] == 0
    assert asked[0]["lab"] == "mine"


def test_labs_that_share_a_folder_are_checked_one_after_the_other(asked, chainrule, tmp_path):
    """Both where none is named, and one without a look at the other's files; each as it is alone."""
    for name, mark in {"xor": "fine", "neuron": "wrong", "network": "fine", "train_neuron": "fine"}.items():
        (tmp_path / f"{name}.py").write_text(f"# {mark}\ndef sigmoid(): pass\n", encoding="utf-8")
    code, out, _ = chainrule("check", ".", "--no-picture")
    assert code == 1
    assert [(call["lab"], call["files"]) for call in asked] == [
        ("neuron", ["neuron.py", "network.py"]), ("xor", ["xor.py"]),
    ]  # fmt: skip
    assert "neuron.py, network.py, lab neuron" in out
    assert "xor.py, lab xor" in out
    assert chainrule("check", ".", "--lab", "xor", "--no-picture")[0] == 0
    assert asked[-1]["files"] == ["xor.py"]
    code, out, _ = chainrule("check", ".", "--json", "--no-picture")
    assert [one["lab"] for one in json.loads(out)] == ["neuron", "xor"]
    refused = chainrule("check", ".", "--picture", "p.png")
    assert (refused[0], "say which with --lab" in refused[2]) == (2, True)


def test_the_page_of_a_class_goes_where_it_is_asked_to(asked, chainrule, tmp_path):
    """Alone, and beside its points."""
    hand_in(tmp_path / "class", anna="fine", ben="fine")
    for number, more in enumerate(((), ("--csv", "points.csv"))):
        page = tmp_path / f"page {number}.html"
        chainrule("check", "class", "--page", page, *more)
        assert "anna" in page.read_text(encoding="utf-8")


def test_a_command_without_arguments_prints_help(chainrule):
    """It is what one types first, and no error."""
    code, out, told = chainrule()
    assert (code, told) == (0, "")
    assert out.startswith("Usage: chainrule")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nowhere.py"], "There is no file or folder nowhere.py."),
        (["notes.txt"], "Only .py and .ipynb files can be checked, got notes.txt."),
        (["plain.py"], "Cannot tell which lab plain.py belongs to. Say it with --lab; there are: moons, "),
        (["anna.py", "--lab", "xro"], "Unknown lab 'xro'. Did you mean 'xor'?"),
        (["anna.py", "--lab", "none.py"], "There is no file none.py."),
        (["anna.py", "--lab", "empty.py"], "The lab empty.py asks for no homework."),
        (["anna.py", "--csv", "g.csv"], GO_WITH_A_FOLDER),
        (["anna.py", "--resume"], GO_WITH_A_FOLDER),
        (["class", "--resume"], "--resume needs --csv or --page: what was found is kept beside them."),
        (["class", "--picture", "p.png"], "--picture and --gradescope go with one submission, not with a class."),
        (["anna.py", "--picture", "p.svg"], "--picture must end in .png, got p.svg."),
        (["bare"], "There is no .py or .ipynb file in bare, nor in a folder in it."),
        (["anna.py", "--seconds", "0"], "--seconds must be a number > 0 and ≤ 86400, got 0.0."),
        (["anna.py", "--memory", "nan"], "--memory must be a number ≥ 0.25 and ≤ 1e+06, got nan."),
        (["anna.py", "--hint", "4"], "Invalid value for '--hint': '4' is not one of '0', '1', '2', '3'."),
        (["anna.py", "--junit", "class"], "Cannot write class: it is a folder."),
        ([], "Missing argument 'FILE|DIR'."),
    ],
)  # fmt: skip
def test_what_cannot_be_checked_is_a_sentence_and_exit_code_2(arguments, sentence, asked, chainrule, tmp_path):
    """On standard error, without a traceback."""
    hand_in(tmp_path, anna="fine")
    hand_in(tmp_path / "class", anna="fine", ben="fine")
    (tmp_path / "bare").mkdir()
    (tmp_path / "notes.txt").touch()
    (tmp_path / "plain.py").write_text("x = 1\n")
    (tmp_path / "empty.py").write_text(
        "from dataclasses import replace\nfrom chainrule import labs\nLAB = replace(labs.load('xor'), homework=None)\n"
    )
    code, out, err = chainrule("check", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"Error: {sentence}")
    assert err.count("\n") == 1


def test_ctrl_c_writes_what_is_done(asked, chainrule, tmp_path, monkeypatch):
    """Exit code 130, and the rows there are."""
    from chainrule.course import grading

    hand_in(tmp_path / "class", anna="fine", ben="fine")
    whole = grading.check_all

    def interrupted(submissions, lab, job, *, jobs):
        return grading.GradedFolder(whole(submissions[:1], lab, job, jobs=jobs).checked, interrupted=True)

    monkeypatch.setattr(grading, "check_all", interrupted)
    code, _, err = chainrule("check", "class", "--csv", "grades.csv")
    assert (code, err) == (
        130,
        "Interrupted: 1 of 2 submissions are checked. The same command with --resume goes on.\n",
    )
    assert len((tmp_path / "grades.csv").read_text().splitlines()) == 2


def test_an_early_ctrl_c_writes_nothing(asked, chainrule, tmp_path, monkeypatch):
    """Where nothing is checked yet, an old list of points is better than a header."""
    from chainrule.course import grading

    hand_in(tmp_path / "class", anna="fine", ben="fine")
    (tmp_path / "grades.csv").write_text("old")
    monkeypatch.setattr(grading, "check_all", lambda *_, jobs: grading.GradedFolder((), interrupted=True))
    code, out, err = chainrule("check", "class", "--csv", "grades.csv", "--junit", "j.xml")
    assert (code, out, err) == (130, "", "Interrupted: 0 of 2 submissions are checked.\n")
    assert (tmp_path / "grades.csv").read_text() == "old"
    assert not (tmp_path / "j.xml").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux that has no room")
def test_a_file_that_cannot_be_written_costs_none_of_the_others(asked, chainrule, tmp_path):
    """The points are written and printed though there is no room for JUnit's; the exit code says that it failed."""
    hand_in(tmp_path / "class", anna="fine", ben="fine")
    code, out, err = chainrule("check", "class", "--csv", "grades.csv", "--junit", "/dev/full")
    assert (code, err) == (2, "Error: Cannot write /dev/full: the disk is full. Make room and try again.\n")
    assert "Written: grades.csv, grades.html" in out
    assert len((tmp_path / "grades.csv").read_text().splitlines()) == 3


@pytest.mark.parametrize("option", ["--junit", "--csv", "--page", "--picture"])
@pytest.mark.parametrize(("path", "reason"), [("", "it is empty"), ("n" * 300 + ".png", "its name is too long"),
                                              ("anna.py/x.png", "a part of its path is a file")])  # fmt: skip
def test_outputs_that_cannot_be_written_are_refused_before_the_work(asked, chainrule, tmp_path, option, path, reason):
    """Nothing is checked for nothing."""
    hand_in(tmp_path, anna="fine")
    hand_in(tmp_path / "class", anna="fine", ben="fine")
    code, _, err = chainrule("check", "anna.py" if option == "--picture" else "class", option, path)
    assert (code, reason in err, err.count("\n")) == (2, True, 1)
    assert not asked


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("anna.py", "--junit", "anna.py"), "anna.py: it is read as well"),
        (("class", "--csv", "class/../class/anna.py"), "anna.py: it is read as well"),
        (("class", "--page", "link.html"), "link.html: it is read as well"),
        (("class", "--csv", "new/points.html"), "points.html: another output goes there"),
        (("class", "--csv", "old.csv", "--junit", "hard.xml"), "another output goes there"),
        (("class", "--csv", "class"), "class: it is a folder"),
    ],
)
def test_no_output_replaces_what_is_read_or_another_output(asked, chainrule, tmp_path, arguments, reason):
    """A submission is never lost to its own result, by whatever name, nor the points to their page."""
    hand_in(tmp_path, anna="fine")
    hand_in(tmp_path / "class", anna="fine", ben="fine")
    (tmp_path / "link.html").symlink_to("class/anna.py")
    (tmp_path / "old.csv").touch()
    (tmp_path / "hard.xml").hardlink_to(tmp_path / "old.csv")
    code, _, err = chainrule("check", *arguments)
    assert (code, reason in err, err.count("\n")) == (2, True, 1)
    assert not asked
    assert XOR in (tmp_path / "class" / "anna.py").read_text(encoding="utf-8")


def test_two_outputs_may_go_into_one_device(asked, chainrule, tmp_path):
    """/dev/null loses nothing that one wanted to keep."""
    hand_in(tmp_path / "class", anna="fine", ben="fine")
    assert chainrule("check", "class", "--csv", devnull, "--junit", devnull)[0] == 0


def test_points_into_a_device_have_no_page_beside_it(asked, chainrule, tmp_path):
    """/dev/null has no neighbour /dev/null.html."""
    hand_in(tmp_path / "class", anna="fine", ben="fine")
    code, out, _ = chainrule("check", "class", "--csv", "/dev/null")
    assert (code, "Written: /dev/null\n" in out) == (0, True)
    assert not Path("/dev/null.html").exists()


def test_limits_have_the_defaults_that_the_help_says():
    """Ten seconds a call, four GB."""
    from chainrule.course.checking import Limits

    helps = {parameter.name: parameter.help for parameter in cli.check.params if hasattr(parameter, "help")}
    assert helps["seconds"].endswith(f"[default: {Limits().seconds:g}]")
    assert helps["memory"].endswith(f"[default: {Limits().memory_gb:g}]")


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("", "", 0, "All 6 functions are right. Well done!"),
        ("self.lr *", "-self.lr *", 1, "Next: look at Network.update"),
        ("return z * (1.0 - z)", "raise NotImplementedError", 1, "Next: write derivative_sigmoid"),
        ("return z * (1.0 - z)", "return z * q", 1, "derivative_sigmoid (line "),
        ("return z * (1.0 - z)", "return (z", 1, "anna could not be checked."),
    ],
)
def test_a_file_is_run_and_judged(old, new, code, line, chainrule, tmp_path):
    """From the command line to the student's code and back."""
    (tmp_path / "anna.py").write_text(XOR.replace(old, new, 1) if old else XOR, encoding="utf-8")
    ended, out, err = chainrule("check", "anna.py", "--no-picture")
    assert (ended, err) == (code, "")
    assert line in out


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")
def test_ctrl_c_ends_what_runs_and_a_class_can_be_resumed(tmp_path):
    """The row of the first is written, the processes of the second are gone; --resume checks that one alone."""
    folder = hand_in(tmp_path / "class", anna="fine", ben="fine")
    (folder / "ben.py").write_text(XOR + "\nimport time\nwhile True: time.sleep(0.01)\n", encoding="utf-8")
    journal = tmp_path / "g.csv.partial"
    command = [sys.executable, "-m", "chainrule", "check", "class", "--lab", "xor", "--csv", "g.csv", "--jobs", "1"]
    with subprocess.Popen([*command, "--seconds", "900"], cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
        while not (journal.exists() and journal.read_bytes() and len(running := below(process.pid)) >= 3):
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "Written: g.csv, g.html" in out
    assert [row.split(",")[0] for row in (tmp_path / "g.csv").read_text().splitlines()] == ["name", "anna"]
    assert not running & below(1)
    (folder / "ben.py").write_text(XOR, encoding="utf-8")
    anna = journal.read_text(encoding="utf-8")
    journal.write_text(anna.replace('"points":1.0', '"points":0.25'), encoding="utf-8")
    done = subprocess.run(
        [*command, "--seconds", "900", "--resume"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    rows = [row.split(",")[:2] for row in (tmp_path / "g.csv").read_text().splitlines()]
    assert (rows[0], rows[2]) == (["name", "points"], ["ben", "10"])
    assert float(rows[1][1]) < 10  # as it stood in the journal
    assert not journal.exists()


def test_the_help_says_that_code_is_run():
    """In plain words, and where it is shut in; and what draws or computes is not loaded for it."""
    code = (
        "import sys; sys.argv = ['chainrule', 'check', '--help']\n"
        "from chainrule.cli import main\n"
        "try:\n    main()\nexcept SystemExit: pass\n"
        "print(sorted({'numpy', 'scipy', 'matplotlib', 'joblib', 'numba'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    text = " ".join(done.stdout.split())
    assert "Checking runs the code in these files" in text
    assert "On Linux it is shut in" in text
    assert done.stdout.splitlines()[-1] == "[]"


def test_what_the_system_lacks_is_said_once(asked, chainrule, tmp_path):
    """Of a class, however many it concerns, and on standard error."""
    hand_in(tmp_path / "class", anna="lacking", ben="lacking", cora="fine")
    code, _, err = chainrule("check", "class", "--lab", "xor")
    sentence = "On this system a submission's code can read files of yours, reach the network: see docs/teaching.md.\n"
    assert (code, err) == (0, sentence)


def test_strict_takes_the_points_of_what_is_flagged(asked, chainrule, tmp_path):
    """And of nothing else; without it nobody's."""
    hand_in(tmp_path / "class", anna="flag", ben="fine")
    for option, points in (((), [2.0, 2.0]), (("--strict",), [0.0, 2.0])):
        _, text, _ = chainrule("check", "class", "--lab", "xor", "--json", *option)
        assert [one["points"] for one in json.loads(text)["submissions"]] == points


def test_a_lab_that_is_named_is_loaded_once(asked, chainrule, tmp_path, monkeypatch):
    """And no other one."""
    loaded, original = [], labs.load
    monkeypatch.setattr(labs, "load", lambda name: loaded.append(name) or original(name))
    hand_in(tmp_path, anna="fine")
    chainrule("check", "anna.py", "--lab", "xor", "--no-picture")
    assert loaded == ["xor"]


def test_a_folder_of_one_is_told_in_full(asked, chainrule, tmp_path):
    """What an autograder hands over, submitted/anna/xor.py, is one submission and no class."""
    hand_in(tmp_path / "class", anna="wrong")
    code, out, _ = chainrule("check", "class")
    assert code == 1
    assert "sigmoid (line 3) is not right yet." in out


# The language of the course.


def test_a_course_chooses_its_language_by_an_option_or_in_its_rules(asked, chainrule, tmp_path):
    """What is told is German; the option comes before the rules; JSON keeps its names and its statuses."""
    hand_in(tmp_path, anna="fine")
    (tmp_path / "rules.toml").write_text('language = "de"\n', encoding="utf-8")
    by_option = chainrule("check", "anna.py", "--language", "de")
    assert by_option == chainrule("check", "anna.py", "--rules", "rules.toml")
    assert by_option[1].splitlines()[-3:-1] == ["Gut gemacht!", "2 von 2 Punkten."]
    assert "Well done!" in chainrule("check", "anna.py", "--rules", "rules.toml", "--language", "en")[1]
    data = json.loads(chainrule("check", "anna.py", "--language", "de", "--json")[1])
    assert data["functions"][0]["verdict"]["status"] == "right"


def test_a_catalogue_of_ones_own_lies_beside_the_rules_that_name_it(asked, chainrule, tmp_path):
    """From wherever the command is run."""
    hand_in(tmp_path, anna="fine")
    course = tmp_path / "course"
    course.mkdir()
    (course / "rules.toml").write_text('language = "words.toml"\n', encoding="utf-8")
    (course / "words.toml").write_text('extends = "de"\n"Well done!" = "Sehr schön!"\n', encoding="utf-8")
    code, text, err = chainrule("check", "anna.py", "--rules", "course/rules.toml")
    assert (code, err) == (0, "")
    assert text.splitlines()[-3:-1] == ["Sehr schön!", "2 von 2 Punkten."]


def test_sentences_that_a_catalogue_lacks_are_named(asked, chainrule, tmp_path):
    """They are said in English, and the command that prints all of them is told."""
    hand_in(tmp_path, anna="fine")
    (tmp_path / "fr.toml").write_text('"Well done!" = "Bravo !"\n', encoding="utf-8")
    code, text, err = chainrule("check", "anna.py", "--language", "fr.toml")
    assert (code, "Bravo !" in text, "2 of 2 points." in text) == (0, True, True)
    assert re.match(
        r'Note: fr.toml lacks \d+ sentences, which are said in English: "right", "wrong", "crashed", …\. ', err
    )
    assert "chainrule check --messages fr.toml marks all of them" in err
    code, text, err = chainrule("check", "--messages", "fr.toml")
    assert (code, err) == (0, "")
    assert '"Also:" = "Also:"  # missing\n' in text
    assert '"Well done!" = "Bravo !"\n' in text


def test_a_class_in_german_has_its_page_and_its_feedback_in_german(asked, chainrule, tmp_path):
    """Headings, columns and the language of the pages; the columns of the CSV stay what programs read."""
    hand_in(tmp_path / "hw", anna="fine", ben="wrong", carl="to do")
    chainrule("check", "hw", "--lab", "xor", "--language", "de", "--csv", "g.csv", "--feedback", "fb")
    page, feedback = ((tmp_path / name).read_text("utf-8") for name in ("g.html", "fb/ben.html"))
    assert '<html lang="de">' in page
    assert '<html lang="de">' in feedback
    assert all(f">{head}</h2>" in page for head in ("Fehler", "Funktionen", "Punkte", "Abgaben"))
    assert "sigmoid (Zeile 3) ist noch nicht richtig." in feedback
    assert (tmp_path / "g.csv").read_text("utf-8").startswith("name,points,worth,sigmoid,")
