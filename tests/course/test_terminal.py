"""What is said of a submission: kind, short, and no more than was asked for."""

import io
import json
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from rich.console import Console

from chainrule.course.checked import Checked, Judged
from chainrule.course.terminal import as_data, clean, first_trouble, junit, tell, told
from chainrule.homework.exercise import NamedMistake, Verdict

SIGN = NamedMistake("sign", "It has the opposite sign.", "Write Y − T.", "layer 1")
WRONG = Verdict("wrong", 0.5, (SIGN,), ("For x = 1 it returns −0.5.",), "Look at the last factor.")
CRASHED = Verdict("crashed", clues=("ValueError: shapes (2, 3) and (2, 4), line 95",), where="It stops in line 95.")
CHECKED = Checked(
    "anna",
    "xor",
    ("anna.py",),
    (
        Judged("sigmoid", Verdict("right", 1.0), 1.0, 1.0, 10),
        Judged("Network.loss", WRONG, 1.0, 2.0, 20),
        Judged("Network.update", CRASHED, 0.0, 2.0, 30),
        Judged("train", Verdict("to do"), 0.0, 1.0),
    ),
    remarks=("anna.py, line 99: it raised NameError.",),
    picture="anna-check.png",
    training="In 20 steps the loss fell from 0.8 to 0.3.",
)
SECRETS = ("opposite sign", "Write Y", "layer 1", "−0.5", "shapes", '"sign"', "remedy")


def said(checked, *, hint=None, width=200, **console):
    """Return what is printed."""
    out = io.StringIO()
    tell(checked, Console(file=out, width=width, highlight=False, **console), hint=hint)
    return out.getvalue()


def with_verdicts(*verdicts):
    """Return a submission with these verdicts and nothing else to tell."""
    judged = tuple(Judged(f"f{k}", verdict, verdict.share, 1.0, k) for k, verdict in enumerate(verdicts))
    return Checked("anna", "xor", ("anna.py",), judged)


def test_a_submission_is_told_from_the_table_to_the_picture():
    """Table, mistakes, remarks, what comes next, points, training, picture."""
    assert said(CHECKED) == (
        "anna.py, lab xor\n"
        "\n"
        "function        verdict  points\n"
        "sigmoid         right       1/1\n"
        "Network.loss    wrong       1/2\n"
        "Network.update  crashed     0/2\n"
        "train           to do       0/1\n"
        "\n"
        "Network.loss (line 20) is not right yet.\n"
        "  Layer 1: It has the opposite sign. Write Y − T.\n"
        "  For x = 1 it returns −0.5.\n"
        "\n"
        "Network.update (line 30) stops with an error.\n"
        "  ValueError: shapes (2, 3) and (2, 4), line 95\n"
        "\n"
        "Also:\n"
        "  anna.py, line 99: it raised NameError.\n"
        "\n"
        "Next: look at Network.loss (line 20).\n"
        "2 of 6 points.\n"
        "In 20 steps the loss fell from 0.8 to 0.3.\n"
        "The picture is anna-check.png.\n"
    )


@pytest.mark.parametrize("tell_all", [said, lambda one, hint: json.dumps(as_data(one, hint)),
                                      lambda one, hint: junit([one], hint).decode()])  # fmt: skip
def test_hint_1_says_the_place_and_no_more(tell_all):
    """Neither text nor JSON nor JUnit says what is wrong, or how it is mended."""
    text = tell_all(CHECKED, hint=1)
    assert "Look at the last factor." in text
    assert "It stops in line 95." in text
    assert [secret for secret in SECRETS if secret in text] == []


@pytest.mark.parametrize("tell_all", [said, lambda one, hint: json.dumps(as_data(one, hint), ensure_ascii=False),
                                      lambda one, hint: junit([one], hint).decode()])  # fmt: skip
def test_hint_2_says_what_and_hint_3_how(tell_all):
    """The remedy comes with the third level."""
    assert "It has the opposite sign." in tell_all(CHECKED, hint=2)
    assert "Write Y" not in tell_all(CHECKED, hint=2)
    assert "It has the opposite sign. Write Y − T." in tell_all(CHECKED, hint=3)


def test_nothing_to_say_is_said_in_a_sentence():
    """A verdict without words still is a sentence."""
    assert told(with_verdicts(Verdict("wrong")).judged[0], 1) == "It does not return what it should."
    assert told(with_verdicts(Verdict("crashed")).judged[0]) == "It raises an error."


@pytest.mark.parametrize(
    ("verdicts", "line"),
    [
        (("right", "right"), "All 2 functions are right. Well done!"),
        (("to do", "to do"), "Nothing is written yet. Begin with f0 (line 0)."),
        (("right", "to do"), "Next: write f1 (line 1)."),
        (("wrong", "to do"), "Next: look at f0 (line 0)."),
        (("to do", "crashed"), "Next: write f0 (line 0)."),
    ],
)
def test_one_line_says_what_comes_next(verdicts, line):
    """The first function that is not right, in the order in which one writes them."""
    checked = with_verdicts(*(Verdict(status, float(status == "right")) for status in verdicts))
    assert line in said(checked).splitlines()


def test_what_could_not_be_judged_is_told_without_a_table():
    """The problem, and no points of nothing."""
    checked = Checked("anna", "xor", ("anna.py",), problem="anna.py, line 3: '(' was never closed.")
    assert said(checked) == "anna could not be checked.\n  anna.py, line 3: '(' was never closed.\n\n"
    assert first_trouble(checked) == "anna.py, line 3: '(' was never closed."


def test_verdicts_are_coloured_on_a_terminal_alone():
    """Words say it, too, where there is no colour."""
    assert "\x1b[31mwrong" in said(CHECKED, force_terminal=True, color_system="standard", no_color=False)
    assert "\x1b[" not in said(CHECKED)


def test_long_sentences_are_broken_between_words_and_indented():
    """On a narrow screen, too, and without blanks at the ends of lines."""
    long = replace(CHECKED, judged=(replace(CHECKED.judged[1], verdict=Verdict("wrong", where="word " * 30)),))
    lines = said(long, width=60).splitlines()
    assert max(map(len, lines)) <= 60
    assert sum(line.startswith("  word word") for line in lines) == 3
    assert [line for line in lines if line != line.rstrip()] == []


def test_what_a_student_prints_cannot_write_on_the_terminal():
    """Markup is shown, and escapes are left out."""
    nasty = replace(CHECKED, remarks=("\x1b[2J[red]gone[/red]\x07\r",))
    assert "  [red]gone[/red]\n" in said(nasty)


def test_json_loses_nothing():
    """Without a hint it is all that the result holds, and what is said of each function."""
    data = json.loads(json.dumps(as_data(CHECKED)))
    for function in data["functions"]:
        function.pop("told")
    assert data == json.loads(json.dumps(CHECKED.to_dict()))


def test_junit_has_a_suite_a_submission_and_a_case_a_function():
    """Wrong fails, crashed is an error, to do is skipped, a file that cannot run is an error."""
    broken = Checked("ben", "xor", ("ben.py",), problem="ben.py is empty.")
    root = ET.fromstring(junit([CHECKED, broken]))  # noqa: S314  # we have just written it
    assert root.attrib == {"name": "chainrule check", "tests": "5", "failures": "1", "errors": "2", "skipped": "1"}
    outcomes = [[(case.get("name"), [one.tag for one in case]) for case in suite.iter("testcase")] for suite in root]
    assert outcomes == [
        [
            ("sigmoid", ["system-out"]),
            ("Network.loss", ["failure", "system-out"]),
            ("Network.update", ["error", "system-out"]),
            ("train", ["skipped", "system-out"]),
        ],
        [("the file runs", ["error"])],
    ]
    failure = root.find("testsuite/testcase/failure")
    assert failure.get("message") == "Layer 1: It has the opposite sign. Write Y − T."
    assert failure.text.endswith("For x = 1 it returns −0.5.")


def test_junit_can_be_parsed_whatever_a_submission_says():
    """What XML forbids is left out."""
    every = "".join(map(chr, range(0x20))) + "\ufffe\uffff\ud800<&>\"'\x85é𝛼"
    verdict = Verdict("wrong", mistakes=(NamedMistake(every, every, every, every),), clues=(every,), where=every)
    nasty = Checked(every, "xor", (every,), (Judged("f", verdict, 0, 1),), (every,), every, every, every)
    root = ET.fromstring(junit([nasty]))  # noqa: S314
    assert "é𝛼" in root.find("testsuite").get("name")


def test_cleaning_keeps_text():
    """Line breaks, tabs and letters of all scripts stay."""
    assert clean("a\tb\nσ 你好 😀") == "a\tb\nσ 你好 😀"
