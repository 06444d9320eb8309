"""Statistics: which mistakes a class makes, how often, and in which functions; as text, and as a page."""

from __future__ import annotations

import io
import textwrap
import warnings
from collections import Counter
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING

from chainrule.course.terminal import amount, clean, first_trouble, of_worth, visible
from chainrule.language.translation import say, spoken
from chainrule.writers.blocks import Block, Heading, Image, Notice, Paragraph, TableBlock, verbatim

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.axes import Axes

    from chainrule.course.checked import Checked
    from chainrule.homework.exercise import NamedMistake, Status
    from chainrule.plot import Picture

TOP = 10  # mistakes in the text and in the picture; the page's table has all of them
STATUSES: tuple[Status, ...] = ("right", "wrong", "crashed", "to do")
LOOKS = {"right": ("#0072B2", "", "white"), "wrong": ("#E69F00", "////", "black"),
         "crashed": ("#D55E00", "xxxx", "black"), "to do": ("#E3E3E3", "", "black")}  # fmt: skip
WIDTH = 4.8  # inches: small enough that a telephone shrinks its letters little
SIGNS = 60  # of a label's line in that width
LINES = 3  # of a label; the table below has all of it
LETTERS = 9  # points
BAR = 0.24  # inches
LINE = 0.17
GAP = 0.16
TALL = 2.2
TRACK = "#ECECEC"  # behind a bar: how long it could be


@dataclass(frozen=True)
class MistakeCount:
    """A mistake, and how many submissions make it."""

    name: str
    function: str
    sentence: str
    submissions: int


@dataclass(frozen=True)
class Function:
    """A function, and how many submissions have it right, wrong, crashing, or still to do."""

    name: str
    counts: dict[Status, int]


@dataclass(frozen=True)
class Statistics:
    """What a batch of submissions has in common.

    Attributes
    ----------
    checked : tuple of Checked
        All of them, in order.
    mistakes : tuple of Mistake
        The most frequent first.
    functions : tuple of Function
        In the order of the lab.
    """

    checked: tuple[Checked, ...]
    mistakes: tuple[MistakeCount, ...]
    functions: tuple[Function, ...]

    @property
    def judged(self) -> list[Checked]:
        """Those of which something could be judged."""
        return [one for one in self.checked if one.judged]

    @property
    def worth(self) -> float:
        """What all functions are worth."""
        return max((one.worth for one in self.checked), default=0.0)


def anonymous(checked: Sequence[Checked]) -> list[Checked]:
    """Give the submissions numbers for names, the best first, and leave out what only their owners can use."""
    ranked = sorted(checked, key=lambda one: (-one.points, one.name))
    unjudged = say("It could not be judged.")
    return [
        replace(one, name=say("submission {k}", k=k), number="", problem=unjudged if one.problem else "")
        for k, one in enumerate(ranked, start=1)
    ]


def statistics(checked: Sequence[Checked]) -> Statistics:
    """Count the mistakes and the verdicts of a batch; a mistake counts once a submission and function."""
    return Statistics(tuple(checked), tuple(_mistakes(checked)), tuple(_functions(checked)))


def _mistakes(checked: Sequence[Checked]) -> list[MistakeCount]:
    sentences: dict[tuple[str, str], Counter[str]] = {}
    for one in checked:
        for judged in one.judged:
            made: dict[str, NamedMistake] = {mistake.name: mistake for mistake in judged.verdict.mistakes}
            for name, mistake in made.items():
                sentences.setdefault((name, judged.function), Counter())[clean(mistake.sentence)] += 1
    found = [
        MistakeCount(name, function, _for_all(counter), counter.total())
        for (name, function), counter in sentences.items()
    ]
    order = [function.name for function in _functions(checked)]
    return sorted(found, key=lambda one: (-one.submissions, order.index(one.function), one.name))


def _for_all(sentences: Counter[str]) -> str:
    """The most frequent of some sentences, which differ in their places."""
    often = sentences.most_common(1)[0][0]
    return often if len(sentences) == 1 else f"{often} {say('(Or so, in another place.)')}"


def _functions(checked: Sequence[Checked]) -> list[Function]:
    counts: dict[str, Counter[Status]] = {}
    for one in checked:
        for judged in one.judged:
            counts.setdefault(judged.function, Counter())[judged.verdict.status] += 1
    return [Function(name, {status: counter[status] for status in STATUSES}) for name, counter in counts.items()]


def as_text(found: Statistics, *, mistakes: bool = True) -> str:
    """Write the statistics for a terminal: points, and the mistakes made most often."""
    lines = [_points_sentence(found)]
    if mistakes and found.mistakes:
        several = len(found.mistakes) > 1
        lines += [
            "",
            say(
                "Mistakes made most often, of {submissions}:" if several else "The mistake made:",
                submissions=_counted(len(found.checked)),
            ),
        ]
        width = len(str(found.mistakes[0].submissions))
        for mistake in found.mistakes[:TOP]:
            text = f"{mistake.submissions:>{width}}  {mistake.function}: {mistake.sentence}"
            lines.append(textwrap.fill(text, 88, initial_indent="  ", subsequent_indent=" " * (width + 4)))
    return "\n".join(lines)


def as_data(found: Statistics, *, mistakes: bool = True) -> dict[str, object]:
    """Return the counts as JSON can hold them, with or without the mistakes."""
    return {
        "submissions": len(found.checked),
        "judged": len(found.judged),
        "mistakes": [vars(mistake) for mistake in found.mistakes] if mistakes else [],
        "functions": [{"name": function.name, **function.counts} for function in found.functions],
        "points": [list(one) for one in distribution(found)],
    }


def _points_sentence(found: Statistics) -> str:
    """Say how many there are, and how the points are spread."""
    number, lost = _counted(len(found.checked)), len(found.checked) - len(found.judged)
    points = sorted(one.points for one in found.judged)
    if not points:
        none = "{submissions}; none of them could be judged."
        return say("{submissions}; it could not be judged." if lost == 1 else none, submissions=number)
    tail = say("; {lost} could not be judged", lost=lost) if lost else ""
    of_all = of_worth(median(points), found.worth)
    if len(points) == 1:
        return f"{number}: {of_all}{tail}."
    return say("{submissions}: median {points} (from {least} to {most}){tail}.", submissions=number, points=of_all,
               least=amount(points[0]), most=amount(points[-1]), tail=tail)  # fmt: skip


def _counted(number: int) -> str:
    """Write a number of submissions.

    >>> _counted(1), _counted(30)
    ('1 submission', '30 submissions')
    """
    return say("1 submission" if number == 1 else "{number} submissions", number=number)


def distribution(found: Statistics) -> list[tuple[str, int]]:
    """Count the submissions by points: at most ten steps below all of them, then all of them: (step, submissions)."""
    if not found.worth:
        return []
    wide = next(step for step in (1, 2, 5, 10, 20, 50, 100, 1000, found.worth) if found.worth / step <= 10)
    steps = max(1, -int(-found.worth // wide))
    counts = Counter(min(int((one.points + 1e-9) // wide), steps - 1) for one in found.judged if not _full(one))
    below = [(_step(k * wide, min((k + 1) * wide, found.worth)), counts[k]) for k in range(steps)]
    return [*below, (amount(found.worth), sum(_full(one) for one in found.judged))]


def _full(one: Checked) -> bool:
    return one.points >= one.worth - 1e-9


def _step(least: float, most: float) -> str:
    return say("{least} to under {most}", least=amount(least), most=amount(most))


def page(found: Statistics, title: str) -> str:
    """Return the statistics as a page of HTML that needs no network."""
    from chainrule.writers import html

    return html.page(title, blocks(found, title), lang=spoken().language)


def blocks(found: Statistics, title: str) -> list[Block]:
    """Return what the page is made of."""
    return [
        Heading(verbatim(title), 1),
        Paragraph(_points_sentence(found)),
        *_unjudged(found),
        *_mistakes_section(found),
        *_functions_section(found),
        *_points_section(found),
        *_submissions_section(found),
    ]


def _unjudged(found: Statistics) -> Iterator[Block]:
    lost = [visible(one.name) for one in found.checked if not one.judged]
    if lost:
        yield Notice(say("Not judged: {names}. The list at the end says why.", names=verbatim(", ".join(lost))))


def _mistakes_section(found: Statistics) -> Iterator[Block]:
    yield Heading(say("Mistakes"))
    if not found.mistakes:
        yield Paragraph(say("No mistake that has a name was found."))
        return
    shown = found.mistakes[:TOP]
    first = shown[0]
    every = "Of {submissions}, how many make a mistake."
    told = (
        every if len(found.mistakes) <= TOP else "Of {submissions}, how many make a mistake; the {top} most frequent."
    )
    caption = say(told, submissions=_counted(len(found.checked)), top=TOP)
    alt = say("Bars: how many submissions make which mistake; most often {function}, {sentence}",
              function=first.function, sentence=first.sentence)  # fmt: skip
    yield Image(_svg(_mistakes_picture(shown, len(found.checked))), verbatim(alt), caption)
    rows = ((str(one.submissions), f"{one.function}: {one.sentence}", one.name) for one in found.mistakes)
    yield _table((say("times"), say("what is wrong"), say("name")), rows)


def _functions_section(found: Statistics) -> Iterator[Block]:
    if not found.functions:
        return
    yield Heading(say("Functions"))
    alt = say("Stacked bars: of each function, how many submissions have it right, wrong, crashing, or to do")
    yield Image(_svg(_functions_picture(found.functions)), alt, say("Of each function, how many have it right."))
    rows = ((one.name, *(str(one.counts[status]) for status in STATUSES)) for one in found.functions)
    yield _table((say("function"), *map(say, STATUSES)), rows)


def _points_section(found: Statistics) -> Iterator[Block]:
    steps = distribution(found)
    if steps:
        yield Heading(say("Points"))
        counts = "; ".join(say("{step} points: {count}", step=step, count=count) for step, count in steps)
        alt = say("Bars: how many submissions have how many points. {counts}.", counts=counts)
        yield Image(_svg(_points_picture(steps)), alt, say("How many submissions have how many points."))


def _submissions_section(found: Statistics) -> Iterator[Block]:
    yield Heading(say("Submissions"))
    flagged = any(one.flags for one in found.checked)
    rows = (
        (
            visible(one.name),
            amount(one.points) if one.judged else "–",
            first_trouble(one) or say("everything is right"),
            *(("; ".join(one.flags),) if flagged else ()),
        )
        for one in found.checked
    )
    heads = ("name", "points", "first trouble", *(("flags",) if flagged else ()))
    yield _table([say(head) for head in heads], rows)


def _table(heads: Sequence[str], rows: Iterator[tuple[str, ...]]) -> TableBlock:
    """Return a table of texts that stand in it as they are."""
    return TableBlock(tuple(heads), tuple(tuple(verbatim(clean(cell)) for cell in row) for row in rows))


def _mistakes_picture(mistakes: Sequence[MistakeCount], submissions: int) -> Picture:
    picture, axes, heights = _rows([f"{one.function}: {one.sentence}" for one in mistakes])
    for y, one in zip(heights, mistakes, strict=True):
        axes.barh(y, submissions, BAR, color=TRACK)
        axes.barh(y, one.submissions, BAR, color=LOOKS["right"][0])
        axes.annotate(f"{one.submissions}", (one.submissions, y), (4, 0), textcoords="offset points", va="center",
                      fontsize=LETTERS)  # fmt: skip
    axes.set_xlim(0, 1.07 * submissions)
    return picture


def _functions_picture(functions: Sequence[Function]) -> Picture:
    from matplotlib.patches import Patch

    picture, axes, heights = _rows([one.name for one in functions], above=0.35)
    for y, one in zip(heights, functions, strict=True):
        left = 0
        for status in STATUSES:
            colour, hatch, ink = LOOKS[status]
            count = one.counts[status]
            if count:
                axes.barh(y, count, BAR, left, color=colour, hatch=hatch, edgecolor="white", lw=0.5)
                axes.text(left + count / 2, y, str(count), ha="center", va="center", fontsize=LETTERS, color=ink,
                          bbox={"facecolor": colour, "edgecolor": "none", "pad": 0.8})  # fmt: skip
            left += count
    axes.set_xlim(0, max(sum(one.counts.values()) for one in functions))
    handles = [
        Patch(facecolor=LOOKS[status][0], hatch=LOOKS[status][1], edgecolor="white", label=say(status))
        for status in STATUSES
    ]
    picture.legend(handles=handles, loc="upper left", ncols=len(STATUSES), handlelength=1.4, frameon=False,
                   fontsize=LETTERS, borderaxespad=0.1)  # fmt: skip
    return picture


def _points_picture(steps: Sequence[tuple[str, int]]) -> Picture:
    from chainrule.plot.picture import Picture, theme

    with theme():
        picture = Picture(WIDTH, TALL)
        axes = picture.add_subplot()
        bars = axes.bar(range(len(steps)), [count for _, count in steps], color=LOOKS["right"][0])
        axes.bar_label(bars, fontsize=LETTERS)
        axes.set_xticks(range(len(steps)), [step.split(" ")[0] for step, _ in steps])
        axes.set(xlabel=say("points, from"), yticks=[])
        axes.margins(y=0.15)
        axes.spines[["left", "right", "top"]].set_visible(False)
    return picture


def _rows(labels: Sequence[str], above: float = 0.0) -> tuple[Picture, Axes, list[float]]:
    """Return a picture with a row a label, which stands above its bar; ``above`` inches are kept for a legend.

    The axis counts inches downwards, so that a label of three lines gets three lines. The third value is where the
    middles of the bars are.
    """
    from chainrule.plot.picture import Picture, theme

    wrapped = [textwrap.wrap(clean(label), SIGNS, max_lines=LINES, placeholder=" …") or [""] for label in labels]
    room = [LINE * len(lines) + BAR + GAP for lines in wrapped]
    with theme():
        picture = Picture(WIDTH, above + sum(room))
        picture.set_layout_engine("none")
        axes = picture.add_axes((0.01, 0, 0.98, sum(room) / (above + sum(room))))
        axes.set(ylim=(sum(room), 0), xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
        heights, top = [], 0.0
        for lines, height in zip(wrapped, room, strict=True):
            axes.text(0, top + LINE * len(lines), "\n".join(lines), transform=axes.get_yaxis_transform(), va="bottom",
                      fontsize=LETTERS, linespacing=1.2, parse_math=False)  # fmt: skip
            heights.append(top + LINE * len(lines) + 0.03 + BAR / 2)
            top += height
    return picture, axes, heights


def _svg(picture: Picture) -> bytes:
    """Return the picture as SVG, the same bytes for the same counts."""
    from chainrule.plot.image_file import METADATA

    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")  # the table below a picture has every letter
        picture.savefig(buffer, format="svg", metadata=METADATA[".svg"])
    return buffer.getvalue()
