"""Translation: every sentence that a student is told is in the catalogue, and said in the language of the course."""

import ast
import copy
import re
import tomllib
import warnings
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
from corpus.evaluate_labs import judge, sheets
from corpus.lab_mistakes import SLIPS

from chainrule import labs
from chainrule.check.edits.kinds import KINDS
from chainrule.course.checking import check_submission
from chainrule.course.terminal import closing, passages, place
from chainrule.course.trial import solved
from chainrule.errors import InvalidFile, InvalidValue
from chainrule.homework.exercise import Status
from chainrule.homework.gradient_hints import CLUES, HINTS
from chainrule.language import translation
from chainrule.language.translation import (
    HERE,
    Sentence,
    as_toml,
    fields_in,
    names_in,
    read_catalogue,
    say,
    sentences,
    speaking,
)

PACKAGE = HERE.parent
SAYING = {"say", "Sentence", "UnreadableSubmission", "EOFError"}  # a submission's process raises the last one
PROSE = re.compile(r"[A-Za-z][a-z]+,? [a-z]{2,}|[a-z]{3,} \{| (?:and|for|from|meets) |^Take ")
NOT_SAID = {  # of the prose in these files: what is compared with, options of other libraries, names of types
    "It is the direction to go, for code that adds it: then it is right, and its loss is the negative.",
    "It said:",
    "every layer's dW",
    "every layer's db",
    "every layer, the output's too",
    "the output error",
    "takes no",
    "upper left",
    "offset points",
    "chainrule check",
    "loss(W, X, t, sizes, lam, activation).",
    "numbers, texts, arrays, lists, tuples, dicts, functions and streams of random numbers",
    "Callable[[Submission, threading.Event], Checked]",
    "Callable[[Submission, dict[Path, int]], Checked]",
}
GERMAN = read_catalogue("de")
ENGLISH_WORDS = re.compile(r"\b(?:the|is|are|of|it|and|where|what|with|which|not|its|there|for|be|that|yours)\b")
QUOTED = re.compile(r"`.*?`|\w*Error: .*|ValueError.*", re.DOTALL)  # the student's code, and what Python says


def called(node):
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def constants(node):
    """The texts that an expression can be."""
    if isinstance(node, ast.IfExp):
        return [*constants(node.body), *constants(node.orelse)]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def passed_over(tree):
    """What is no sentence to be said: docstrings, f-strings, what is compared with, errors for those who call us."""
    for node in ast.walk(tree):
        refused = isinstance(node, ast.Raise) and not (
            isinstance(node.exc, ast.Call) and called(node.exc) in {"UnreadableSubmission", "Misshapen", "EOFError"}
        )
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        pattern = isinstance(node, ast.Call) and called(node) in {"startswith", "compile", "removeprefix", "rpartition"}
        if refused or docstring or pattern or isinstance(node, ast.JoinedStr | ast.Compare):
            yield from map(id, ast.walk(node))


@cache
def in_the_code():
    """Every sentence in the code: what is said, and the prose of the files that say something."""
    found = {text for pair in HINTS.values() for text in pair if PROSE.search(text)} | {*CLUES, *get_args(Status)}
    for path in PACKAGE.rglob("*.py"):
        program, of_a_lab = path.read_text("utf-8"), path.name in {"homework.py", "penalty_slips.py", "step_slips.py"}
        if not of_a_lab and not any(f"{name}(" in program for name in SAYING):
            continue
        tree = ast.parse(program)
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args and called(node) in SAYING]
        found |= {text for call in calls for text in constants(call.args[0])}
        if (not calls and not of_a_lab) or path.parent.name in {"cli", "writers"} or path.name == "child.py":
            continue
        skipped = set(passed_over(tree))
        texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in skipped)
        found |= {text for text in texts if isinstance(text, str) and PROSE.search(text)}
    return found - NOT_SAID


def test_german_says_every_sentence_in_the_code_and_no_other():
    """A sentence added to the code, changed or deleted there, is so in the catalogue."""
    assert (in_the_code() - set(GERMAN.sentences), set(GERMAN.sentences) - in_the_code()) == (set(), set())


def test_what_stands_in_braces_is_the_same_in_german():
    """No number and no name is lost."""
    assert [key for key, said in GERMAN.sentences.items() if names_in(key) != names_in(said)] == []


def test_no_sentence_in_german_is_the_english_one():
    """But formulas, and words that both languages have."""
    same = {key for key, said in GERMAN.sentences.items() if key == said}
    assert {key for key in same if ENGLISH_WORDS.search(re.sub("{.*?}", "", key))} == set()


def test_every_kind_of_mistake_in_a_gradient_has_a_hint_of_ours():
    """But penalties, which no lab's gradient has, and losses, which none tells."""
    assert {kind for kind in KINDS if not kind.startswith(("penalty", "loss")) and kind != "overflow"} <= set(HINTS)


@cache
def solution(path):
    return solved(path)


def texts_of(verdict):
    return [verdict.where, *verdict.clues, *(text for one in verdict.mistakes for text in (one.sentence, one.remedy))]


CASES = [  # of each function that is asked for, three slips
    slip
    for file, sheet in sheets().items()
    for exercise in sheet.exercises
    for slip in [one for one in SLIPS if one.lab_file == file and exercise.function.endswith(one.function)][:3]
]


def exercise_of(slip):
    sheet = sheets()[slip.lab_file]
    return next(one for one in sheet.exercises if one.function.endswith(slip.function)), solution(sheet.solution)


@pytest.mark.parametrize("file", sheets())
def test_a_homework_judged_in_german_is_told_nothing_in_english(file):
    """No sentence of the catalogue, and no English word but what Python and the student wrote."""
    keys = [key for key in sentences() if ENGLISH_WORDS.search(re.sub("{.*?}", "", key))]
    slips = [slip for slip in CASES if slip.lab_file == file]
    english = []
    with speaking(GERMAN), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for slip in slips:
            for text in texts_of(judge(slip, *exercise_of(slip))):
                said = QUOTED.sub("", text)
                of_ours = not said.startswith("Your code raised")  # told with its line where a file is on trial
                if of_ours and (ENGLISH_WORDS.search(said) or any(fields_in(said, key) for key in keys)):
                    english.append((slip.name, text))
    assert english == []
    assert len(slips) >= 3 * 4


def submission(lab, folder):
    """Write a lab's files, each with three slips, a line that raises and one that stops."""
    files = {}
    for number, sheet in enumerate(lab.homework.sheets):
        text, made = sheet.solution.read_text("utf-8"), {}
        for slip in (one for one in SLIPS if one.lab_file == sheet.file and len(made) < 3):
            if slip.function not in made and all(text.count(old) == 1 for old, _ in slip.edits):
                made[slip.function] = [text := text.replace(old, new) for old, new in slip.edits]
        path = folder / sheet.file
        path.write_text(f"{text}\nstart(here)\nraise SystemExit\n", encoding="utf-8")
        files[path] = number
    return files


def told_of(checked):
    """All that a student reads of a submission."""
    yield from (line for passage in passages(checked) for line in (passage.head, *passage.lines))
    yield from closing(checked)
    yield from (place(one) for one in checked.judged)


@pytest.mark.parametrize("lab", [one for one in labs.LABS.values() if one.homework], ids=lambda one: one.name)
def test_a_submission_checked_in_german_is_told_nothing_in_english(lab, tmp_path):
    """From its process and back, with what was remarked on, trained and left out."""
    files = submission(lab, tmp_path)
    with speaking(GERMAN):
        checked = check_submission("anna", list(files), lab.name, sheet_of=files, picture=tmp_path / "p.png")
        told = [QUOTED.sub("", line).replace(str(tmp_path), "") for line in told_of(checked)]
    assert [line for line in told if ENGLISH_WORDS.search(line)] == []
    assert {one.verdict.status for one in checked.judged} >= {"right", "wrong"}
    assert len(checked.remarks) == 2 * len(files)


def test_a_sentence_is_english_before_the_language_is_known_and_said_afterwards():
    """A lab's constant is its English text, also when it is copied; what stands in it is said, too."""
    states = Sentence("{first} and {last}", first="h⁽¹⁾", last=Sentence("the output"))
    told = copy.deepcopy(Sentence("The 1 at the end of {states} is missing: the next layer's bias row needs it.",
                                  states=states))  # fmt: skip
    assert told.startswith("The 1 at the end of h⁽¹⁾ and the output is missing")
    with speaking(GERMAN):
        assert say(told).startswith("Am Ende von h⁽¹⁾ und die Ausgabeschicht fehlt die 1")
        assert say("{Where}: twice what it should be.", where=Sentence("the hidden layer")).startswith(
            "Die verborgene Schicht:"
        )
    assert say(told) == told


def test_braces_in_what_a_student_wrote_stay_what_they_are():
    """Only the sentence has names in braces."""
    with speaking(GERMAN):
        assert say("It raised {error}", error="KeyError: '{name}'") == "Abbruch mit KeyError: '{name}'"


def test_what_a_student_called_something_is_no_sentence():
    """A function may be called as a word of ours."""
    with speaking(GERMAN):
        assert say("{function} is not written yet.", function="points") == "points ist noch nicht geschrieben."


# Catalogues of one's own.


def own(folder, text):
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_catalogue_that_extends_german_words_some_sentences_otherwise(tmp_path):
    """The others are German, and nothing is missing."""
    catalogue = read_catalogue(own(tmp_path, 'extends = "de"\n"Well done!" = "Sehr schön!"\n'))
    assert (catalogue.language, catalogue.missing) == ("de", ())
    with speaking(catalogue):
        assert (say("Well done!"), say("Also:")) == ("Sehr schön!", "Außerdem:")


def test_a_catalogue_of_another_language_names_what_it_lacks_and_says_it_in_english(tmp_path):
    """What it has is said, and its pages say which language they are in."""
    catalogue = read_catalogue(own(tmp_path, 'lang = "fr"\n"Well done!" = "Bravo !"\n'))
    assert (catalogue.language, len(catalogue.missing)) == ("fr", len(sentences()) - 1)
    with speaking(catalogue):
        assert (say("Well done!"), say("Also:")) == ("Bravo !", "Also:")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('"Well donne!" = "Bravo !"', "Unknown sentence 'Well donne!'. Did you mean 'Well done!'? chainrule check"),
        ('"{name} is empty." = "vide"', "must have {name} in braces, it has nothing"),
        ('"{name} is empty." = "{nom} est vide"', "must have {name} in braces, it has {nom}"),
        ('"{name} is empty." = "{name est vide"', "Write {name}, both braces"),
        ('"Well done!" = 3', "must be a text in quotation marks"),
        ('"Well done!" = ', "is no TOML in UTF-8"),
        ('extends = "fr"', "extends must be one of en, de, got 'fr'"),
    ],
)
def test_a_catalogue_with_a_mistake_is_refused_with_a_sentence(text, says, tmp_path):
    """Which file, which sentence, and what to do."""
    with pytest.raises(InvalidFile, match=re.escape(says)) as error:
        read_catalogue(own(tmp_path, text))
    assert str(error.value).startswith(str(tmp_path))


@pytest.mark.parametrize(
    ("name", "error", "says"),
    [
        ("dee", InvalidValue, "Unknown language 'dee'. Did you mean 'de'? The choices are: en, de. Or name a file"),
        ("none.toml", InvalidFile, "Cannot read the sentences in none.toml: No such file or directory."),
    ],
)
def test_a_language_that_there_is_not_is_refused_with_a_sentence(name, error, says):
    """With those that there are."""
    with pytest.raises(error, match=re.escape(says)):
        read_catalogue(name)


@pytest.mark.parametrize("language", translation.languages())
def test_a_printed_catalogue_reads_as_what_it_is_of(language, tmp_path):
    """Whoever words it otherwise begins with all sentences, in their order."""
    catalogue = read_catalogue(language)
    text = as_toml(catalogue)
    said = {key: catalogue.sentences.get(key, key) for key in sentences()}
    assert tomllib.loads(text) == said
    assert read_catalogue(own(tmp_path, text)).missing == ()


def test_a_printed_catalogue_marks_what_is_missing(tmp_path):
    """Each line that is still English."""
    text = as_toml(read_catalogue(own(tmp_path, '"Well done!" = "Bravo !"\n')))
    assert text.count("  # missing") == len(sentences()) - 1


def test_a_catalogue_has_a_sentence_a_line():
    """So that it can be printed with its headings, and compared line by line."""
    lines = Path(HERE, "de.toml").read_text("utf-8").splitlines()
    assert sum(line.startswith('"') for line in lines) == len(sentences())
