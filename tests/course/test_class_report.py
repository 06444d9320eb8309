"""What a class has in common: mistakes counted, points spread, and a page of both."""

import base64
import json
import re
import warnings

import pytest

from chainrule.course.checked import Checked, Judged
from chainrule.course.class_report import MistakeCount, as_data, as_text, distribution, page, statistics
from chainrule.homework.exercise import NamedMistake, Verdict

SIGN, SUM = NamedMistake("sign", "It has the opposite sign."), NamedMistake("sum", "It is a sum and no mean.")


def one(name, *mistakes, status="wrong", points=1.0, worth=4.0, function="loss"):
    """Return a submission with one function."""
    return Checked(name, "xor", (), (Judged(function, Verdict(status, 0.25, mistakes), points, worth),))


CLASS = [
    one("anna", SIGN, SIGN, SUM),
    one("ben", SIGN),
    one("cora", status="right", points=4.0),
    one("dan", status="to do", points=0.0),
    one("eve", status="crashed", points=0.0),
    Checked("fay", "xor", (), problem="fay.py is empty."),
]


def test_a_mistake_counts_once_a_submission():
    """Whoever makes it twice makes it; the most frequent comes first."""
    assert statistics(CLASS).mistakes == (
        MistakeCount("sign", "loss", "It has the opposite sign.", 2),
        MistakeCount("sum", "loss", "It is a sum and no mean.", 1),
    )


def test_the_same_mistake_in_two_functions_is_two():
    """It is counted by function, in the order of the lab where they are equally frequent."""
    both = Checked("a", "xor", (), tuple(Judged(name, Verdict("wrong", mistakes=(SIGN,)), 0, 1) for name in "zy"))
    assert [(mistake.function, mistake.submissions) for mistake in statistics([both]).mistakes] == [("z", 1), ("y", 1)]


def test_a_mistake_takes_the_sentence_said_most_often():
    """Sentences differ in their places."""
    others = [one(str(k), NamedMistake("sign", text)) for k, text in enumerate(["in W1", "in W2", "in W2"])]
    assert statistics(others).mistakes[0].sentence == "in W2 (Or so, in another place.)"


def test_verdicts_are_counted_by_function():
    """Right, wrong, crashed, to do."""
    (loss,) = statistics(CLASS).functions
    assert loss.counts == {"right": 1, "wrong": 2, "crashed": 1, "to do": 1}


def test_points_are_counted_in_at_most_ten_steps():
    """All points are a step of their own; who could not be judged is in none."""
    assert distribution(statistics(CLASS)) == [
        ("0 to under 1", 2),
        ("1 to under 2", 2),
        ("2 to under 3", 0),
        ("3 to under 4", 0),
        ("4", 1),
    ]


@pytest.mark.parametrize("worth", [0.3, 1, 9.5, 10, 10.5, 97, 1e6])
def test_every_submission_is_in_one_step(worth):
    """Whatever a lab is worth."""
    steps = distribution(statistics([one(str(k), points=worth * k / 7, worth=worth) for k in range(8)]))
    assert (sum(count for _, count in steps), len(steps) <= 11) == (8, True)


def test_the_text_says_points_and_frequent_mistakes():
    """In a few lines, of how many submissions."""
    assert as_text(statistics(CLASS)) == (
        "6 submissions: median 1 of 4 points (from 0 to 4); 1 could not be judged.\n"
        "\n"
        "Mistakes made most often, of 6 submissions:\n"
        "  2  loss: It has the opposite sign.\n"
        "  1  loss: It is a sum and no mean."
    )


@pytest.mark.parametrize(
    ("checked", "text"),
    [
        ([], "0 submissions; none of them could be judged."),
        (CLASS[5:], "1 submission; it could not be judged."),
        (CLASS[2:3], "1 submission: 4 of 4 points."),
        (CLASS[1:2], "1 submission: 1 of 4 points.\n\nThe mistake made:\n  1  loss: It has the opposite sign."),
    ],
)
def test_small_classes_have_their_sentences(checked, text):
    """No median of one, and no list of nothing."""
    assert as_text(statistics(checked)) == text


def test_json_holds_the_counts():
    """For programs."""
    data = json.loads(json.dumps(as_data(statistics(CLASS))))
    assert (data["submissions"], data["judged"]) == (6, 5)
    assert data["mistakes"][0] == {
        "name": "sign",
        "function": "loss",
        "sentence": "It has the opposite sign.",
        "submissions": 2,
    }
    assert data["functions"] == [{"name": "loss", "right": 1, "wrong": 2, "crashed": 1, "to do": 1}]


def test_the_page_is_one_file_that_needs_no_network():
    """Nothing is fetched, no script runs, and every picture says in words what it shows."""
    text = page(statistics(CLASS), "Homework xor")
    assert re.findall(r'(?:src|href)="(?!data:|#)[^"]*"', text) == []
    assert "<script" not in text
    assert len(re.findall(r'<img alt="[^"]{20,}"', text)) == text.count("<img") == 3
    assert "<td>loss: It has the opposite sign.</td>" in text
    assert "<td>fay.py is empty.</td>" in text


def test_a_students_text_is_text_on_the_page():
    """Names and sentences are escaped in HTML and in pictures; dollars and backticks stay."""
    nasty = '<script>alert("x")</script> $x^2$ `code` \x1b[31m'
    text = page(
        statistics([one(nasty, NamedMistake(nasty, nasty)), Checked(nasty, "xor", (), problem=nasty)]), "Homework"
    )
    assert "<script" not in text
    assert "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; $x^2$ `code` " in text
    assert "\x1b" not in text
    for picture in re.findall(r"base64,([\w+/=]+)\">", text):
        assert b"<script" not in base64.b64decode(picture)


def test_the_page_is_the_same_every_time():
    """Byte for byte."""
    assert page(statistics(CLASS), "Homework") == page(statistics(CLASS), "Homework")


@pytest.mark.parametrize("checked", [[], CLASS[5:], CLASS[2:3], [one("李", NamedMistake("符号", "符号相反。" * 40))]])
def test_any_class_has_a_page(checked):
    """An empty one, one that cannot be judged, one without mistakes, and letters that no picture has."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "<h1" in page(statistics(checked), "Homework")
