"""The journal: results as they come, and a class that goes on where it was broken off."""

import threading
from dataclasses import replace

import pytest

from chainrule import labs
from chainrule.course.checked import Checked, Judged
from chainrule.course.class_journal import ClassJournal, beside
from chainrule.course.grading import Submission
from chainrule.errors import InvalidFile
from chainrule.homework.exercise import NamedMistake, Verdict

XOR = labs.load("xor").homework


@pytest.fixture
def anna(tmp_path):
    (tmp_path / "anna.py").write_text("x = 1\n")
    return Submission("anna", (tmp_path / "anna.py",))


def result(name):
    mistakes = (NamedMistake("sign", "It has the opposite sign.", where="layer 1"),)
    judged = Judged("loss", Verdict("wrong", 0.5, mistakes, ("A clue \udcff.",)), 1.0, 2.0, 7)
    return Checked(name, "xor", ("anna.py",), (judged,), ("A remark.",), seconds=0.5, flags=("imports torch",))


def once(journal, submission, *, stopped=False):
    """Return what comes of it, and whether it was done anew."""
    done, stop = [], threading.Event()
    if stopped:
        stop.set()
    found = journal.once(submission, stop, lambda: done.append(1) or result(submission.name))
    return found, bool(done)


def test_what_is_there_is_taken_over_whole(tmp_path, anna):
    """With verdicts, mistakes and flags; what is no text loses what is none."""
    path = tmp_path / "g.csv.partial"
    assert once(ClassJournal(path, XOR, 1), anna) == (result("anna"), True)
    found, anew = once(ClassJournal(path, XOR, 1, resume=True), anna)
    clean = replace(result("anna").judged[0].verdict, clues=("A clue ?.",))
    assert not anew
    assert found == replace(result("anna"), judged=(replace(result("anna").judged[0], verdict=clean),))


def test_without_resume_it_begins_anew(tmp_path, anna):
    """What an earlier check has left is gone."""
    path = tmp_path / "g.csv.partial"
    once(ClassJournal(path, XOR, 1), anna)
    assert once(ClassJournal(path, XOR, 1), anna)[1]
    assert len(path.read_bytes().splitlines()) == 1


@pytest.mark.parametrize("change", ["file", "folder", "limits", "lab"])
def test_what_has_changed_is_checked_anew(change, tmp_path, anna):
    """The file, what lies beside it in its folder, the limits, the solution."""
    path, folder = tmp_path / "g.csv.partial", tmp_path / "own"
    folder.mkdir()
    anna = replace(anna, folder=folder)
    once(ClassJournal(path, XOR, 1), anna)
    if change == "file":
        anna.files[0].write_text("x = 2\n")
    if change == "folder":
        (folder / "data.csv").write_text("1")
    homework = labs.load("moons").homework if change == "lab" else XOR
    assert once(ClassJournal(path, homework, 2 if change == "limits" else 1, resume=True), anna)[1]


def test_a_line_that_was_cut_off_costs_itself_alone(tmp_path, anna):
    """Power may fail while it is written."""
    path = tmp_path / "g.csv.partial"
    once(ClassJournal(path, XOR, 1), anna)
    whole = path.read_bytes()
    path.write_bytes(whole + whole[: len(whole) // 2] + b"\n\xff{}\n")
    assert not once(ClassJournal(path, XOR, 1, resume=True), anna)[1]


def test_what_was_stopped_is_not_noted(tmp_path, anna):
    """It is no result."""
    path = tmp_path / "g.csv.partial"
    once(ClassJournal(path, XOR, 1), anna, stopped=True)
    assert path.read_bytes() == b""


def test_it_is_beside_the_table_and_goes_with_the_last_result(tmp_path, anna):
    """Where there is no table there is none."""
    path = beside(tmp_path / "g.csv")
    assert path == tmp_path / "g.csv.partial"
    assert beside(None) is None
    journal = ClassJournal(path, XOR, 1)
    once(journal, anna)
    journal.finish()
    assert not path.exists()
    assert once(ClassJournal(None, XOR, 1), anna)[1]


def test_where_it_cannot_be_written_is_a_sentence(tmp_path):
    """Before the work and not after it."""
    (tmp_path / "g.csv.partial").mkdir()
    with pytest.raises(InvalidFile, match=r"Cannot write .*g\.csv\.partial: Is a directory\."):
        ClassJournal(tmp_path / "g.csv.partial", XOR, 1)
