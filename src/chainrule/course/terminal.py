"""Telling: what was found in a submission, for a person at a terminal, for a program, and for a test server."""

from __future__ import annotations

import re
import textwrap
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chainrule.language.translation import Sentence, say
from chainrule.sandbox.crashes import capital, is_endless

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console
    from rich.table import Table

    from chainrule.course.checked import Checked, Judged
    from chainrule.homework.exercise import NamedMistake

WIDTH = 88  # signs of a line of sentences
CONTROL = re.compile(r"[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ESCAPE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")  # what colours a terminal, or moves its cursor
VERDICTS = {"right": "green", "wrong": "red", "crashed": "magenta", "to do": "yellow"}
UNSAID = {"wrong": Sentence("It does not return what it should."), "crashed": Sentence("It raises an error.")}
HAPPENED = {
    "wrong": "{function} is not right yet",
    "crashed": "{function} stops with an error",
    "to do": "{function} is to do",
}


@dataclass(frozen=True)
class Passage:
    """A head and the lines below it, which are moved in."""

    head: str
    lines: tuple[str, ...]


def clean(text: str) -> str:
    r"""Leave out what a terminal would obey and XML forbids; what a submission prints may hold both.

    >>> clean("a\x1b[31mb\x00c\ud800")
    'abc'
    """
    return CONTROL.sub("", ESCAPE.sub("", text))


def visible(name: str) -> str:
    r"""Return a name as it can be shown: without what a terminal would obey, and where nothing is left, spelt out.

    >>> print(visible("anna\x07"), visible("\x01\x02"))
    anna \x01\x02
    """
    text = clean(name)
    seen = any(sign.isprintable() and not sign.isspace() for sign in text)
    return text if seen else name.encode("unicode_escape").decode("ascii")


def amount(points: float) -> str:
    """Write points without needless digits.

    >>> amount(7.5), amount(2.0), amount(1 / 3)
    ('7.5', '2', '0.33')
    """
    return f"{round(points, 2):g}"


def of_worth(points: float, worth: float) -> str:
    """Write what was earned of what could be: ``"7.5 of 10 points"``."""
    return say("{points} of {worth} points", points=amount(points), worth=amount(worth))


def total(checked: Checked) -> str:
    """Write it of a submission."""
    return of_worth(checked.points, checked.worth)


def told(judged: Judged, hint: int | None = None) -> str:
    """Say what is to be said of a function: all that is known, or a level of help: 0 none, 1 place, 2 what, 3 how."""
    verdict = judged.verdict
    if verdict.status == "right":
        return ""
    if verdict.status == "to do":  # a name that is nearly right, say
        return clean("\n".join(clue for clue in verdict.clues if "?" in clue)).strip()
    if hint == 0:
        return say(UNSAID[verdict.status])
    if hint is not None:
        text = verdict.hint(hint)
    else:
        known = (*map(_mistake, verdict.mistakes), *verdict.clues)
        text = "\n".join(dict.fromkeys(known or (verdict.where,)))
    return clean(text).strip() or say(UNSAID[verdict.status])


def _mistake(mistake: NamedMistake) -> str:
    """Say what is wrong, where, and how it is mended."""
    said = f"{mistake.sentence} {mistake.remedy}".strip()
    place = mistake.where.startswith(("layer", "d")) and mistake.where.lower() not in said.lower()
    return f"{capital(mistake.where)}: {said}" if place else said


def first_trouble(checked: Checked, hint: int | None = None) -> str:
    """Say the first thing that is not right, in a line; "" where everything is."""
    if checked.problem:
        return clean(checked.problem).split("\n")[0]
    for judged in checked.judged if hint != 0 else ():
        if judged.verdict.status in UNSAID:
            return f"{_happened(judged, judged.function)}: {told(judged, hint).split(chr(10))[0]}"
    left = [judged.function for judged in checked.judged if judged.verdict.status == "to do"]
    return say("still to do: {functions}", functions=", ".join(left)) if left else ""


def tell(checked: Checked, console: Console, *, hint: int | None = None) -> None:
    """Print which lab it was taken for, what was found, function by function, and what to do next."""
    if checked.judged:
        files = ", ".join(dict.fromkeys(Path(file).name for file in checked.files)) or visible(checked.name)
        console.print(say("{files}, lab {lab}", files=clean(files), lab=checked.lab), markup=False, soft_wrap=True)
        console.print()
        console.print(function_table(checked))
        console.print()
    width = min(WIDTH, console.width)
    for passage in passages(checked, hint):
        _print(console, passage.head, width)
        for line in passage.lines:
            _print(console, line, width, "  ")
        console.print()
    for line in closing(checked):
        _print(console, line, width)


def _print(console: Console, line: str, width: int, before: str = "") -> None:
    """Print a line broken between words; a word longer than a line stays whole, and what is moved in stays so."""
    from rich.text import Text

    before += line[: len(line) - len(line.lstrip())]
    wrapped = textwrap.fill(
        line.strip(), width, initial_indent=before, subsequent_indent=before, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip
    console.print(Text(wrapped), soft_wrap=True)


def function_table(checked: Checked) -> Table:
    """Return the table of functions: name, verdict, points."""
    from rich.table import Table
    from rich.text import Text

    table = Table(say("function"), say("verdict"), box=None, pad_edge=False)
    table.add_column(say("points"), justify="right")
    for judged in checked.judged:
        status = judged.verdict.status
        points = f"{amount(judged.points)}/{amount(judged.worth)}"
        table.add_row(Text(judged.function), Text(say(status), style=VERDICTS[status]), points)
    return table


def passages(checked: Checked, hint: int | None = None) -> Iterator[Passage]:
    """Yield what is to be read below the table: the problem, each wrong or crashed function, the remarks."""
    if checked.problem:
        yield Passage(say("{name} could not be checked.", name=visible(checked.name)), _lines(checked.problem))
    for judged in checked.judged if hint != 0 else ():
        if judged.verdict.status != "right" and (judged.verdict.status in UNSAID or told(judged)):
            yield Passage(f"{_happened(judged, place(judged))}.", _lines(told(judged, hint)))
    if checked.flags:
        yield Passage(
            f"{say('For a teacher to look at')}:", tuple(line for flag in checked.flags for line in _lines(flag))
        )
    if checked.remarks:
        yield Passage(say("Also:"), tuple(line for remark in checked.remarks for line in _lines(clean(remark))))


def closing(checked: Checked, *, points: bool = True) -> Iterator[str]:
    """Yield the last lines: what to do next, the points, and where the picture is."""
    if checked.judged:
        yield _next(checked)
    if checked.judged and points:
        yield f"{total(checked)}."
    if checked.training and any(judged.verdict.status != "to do" for judged in checked.judged):
        yield clean(checked.training)
    if checked.picture:
        yield say("The picture is {path}.", path=_from_here(checked.picture))


def _from_here(path: str) -> str:
    """Return a path below the current folder without that folder."""
    here = Path.cwd()
    return str(Path(path).relative_to(here)) if Path(path).is_relative_to(here) else path


def place(judged: Judged) -> str:
    """Name a function with the line on which it begins.

    >>> from chainrule.course.checked import Judged
    >>> from chainrule.homework.exercise import Verdict
    >>> place(Judged("loss", Verdict("wrong"), 0, 1, line=12))
    'loss (line 12)'
    """
    if judged.line is None:
        return judged.function
    return say("{function} (line {line})", function=judged.function, line=judged.line)


def _happened(judged: Judged, function: str) -> str:
    endless = any(map(is_endless, judged.verdict.clues))
    return say("{function} does not come to its end" if endless else HAPPENED[judged.verdict.status], function=function)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(clean(text).strip("\n").split("\n"))


def _next(checked: Checked) -> str:
    """Say which function to turn to: the first that is not right, in the order in which one writes them."""
    undone = [judged for judged in checked.judged if judged.verdict.status != "right"]
    if not undone:
        count = len(checked.judged)
        return say("All {count} functions are right. Well done!" if count > 1 else "Well done!", count=count)
    first = undone[0]
    if first.verdict.status == "to do":
        unwritten = all(judged.verdict.status == "to do" for judged in checked.judged)
        start = "Nothing is written yet. Begin with {function}." if unwritten else "Next: write {function}."
        return say(start, function=place(first))
    return say("Next: look at {function}.", function=place(first))


def as_data(checked: Checked, hint: int | None = None) -> dict[str, Any]:
    """Return it as JSON can hold it; with ``hint``, no more of a function than that level of help tells."""
    data = checked.to_dict()
    data["functions"] = [_function_data(judged, hint) for judged in checked.judged]
    return data


def _function_data(judged: Judged, hint: int | None) -> dict[str, Any]:
    data = judged.to_dict()
    if hint is not None:
        data["verdict"] = {"status": judged.verdict.status, "share": judged.verdict.share}
    return {**data, "told": told(judged, hint)}


def junit(submissions: Sequence[Checked], hint: int | None = None) -> bytes:
    """Return JUnit XML: a testsuite a submission, a testcase a function."""
    root = ET.Element("testsuites", name="chainrule check")
    for checked in submissions:
        root.append(_suite(checked, hint))
    for count in ("tests", "failures", "errors", "skipped"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in root)))
    ET.indent(root)
    text: str = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def _suite(checked: Checked, hint: int | None) -> ET.Element:
    suite = ET.Element("testsuite", name=visible(checked.name), time=f"{checked.seconds:.3f}")
    properties = ET.SubElement(suite, "properties")
    facts = {"lab": checked.lab, "points": amount(checked.points), "worth": amount(checked.worth)}
    facts |= {"flags": "; ".join(checked.flags), "picture": checked.picture, "training": checked.training}
    for name, value in facts.items():
        if value:
            ET.SubElement(properties, "property", name=name, value=clean(value))
    if checked.problem:
        case = ET.SubElement(suite, "testcase", classname=visible(checked.name), name=say("the file runs"))
        _outcome(case, "error", checked.problem)
    for judged in checked.judged:
        suite.append(_case(checked.name, judged, hint))
    outcomes = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    suite.set("tests", str(len(suite.findall("testcase"))))
    for count, outcome in outcomes.items():
        suite.set(count, str(len(suite.findall(f"testcase/{outcome}"))))
    if checked.remarks:
        ET.SubElement(suite, "system-out").text = clean("\n".join(checked.remarks))
    return suite


def _case(name: str, judged: Judged, hint: int | None) -> ET.Element:
    case = ET.Element("testcase", classname=visible(name), name=judged.function)
    if judged.line is not None:
        case.set("line", str(judged.line))
    outcome = {"wrong": "failure", "crashed": "error", "to do": "skipped"}.get(judged.verdict.status)
    if outcome:
        _outcome(case, outcome, told(judged, hint) or say("To do."))
    ET.SubElement(case, "system-out").text = of_worth(judged.points, judged.worth)
    return case


def _outcome(case: ET.Element, outcome: str, text: str) -> None:
    """Add what happened: the first line as the message, all of it as the text."""
    text = clean(text)
    ET.SubElement(case, outcome, message=text.split("\n")[0]).text = text
