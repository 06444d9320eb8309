"""The search for a repair: small edits of the student's text, one on top of the other, until the gradient is right."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.check.repairs.bench import Bench
from chainrule.check.repairs.editable_code import editable_code
from chainrule.check.repairs.right_blocks import first_wrong
from chainrule.check.repairs.source_edits import expression_edits, probes
from chainrule.check.repairs.statement_edits import MOVES, statement_edits
from chainrule.check.repairs.students_state import state_kept
from chainrule.check.repairs.text_places import words_of
from chainrule.check.repairs.watched_code import watching
from chainrule.check.training_source import TrainingSource

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable
    from types import CodeType

    from chainrule.check.backprop_report import BackpropReport
    from chainrule.check.repairs.right_blocks import RightBlocks, RightEntries
    from chainrule.check.repairs.source_edits import SourceEdit
    from chainrule.check.repairs.watched_code import Ran

MOST_EDITS = 4  # on top of each other
MOST_MOVED = 6  # statements after whose move the rest is looked at
CLEARLY_MORE = 2  # right entries than before: one may be right by chance
FARTHER = 2  # is added to the cost of an edit that leaves the first wrong block as it is
SHARE = 0.7  # of the time that is left, for each edit


@dataclass(frozen=True, eq=False)
class Repair:
    """Edits with which more entries are right, and the report of the program that they make, if that says all."""

    edits: tuple[SourceEdit, ...]
    judged: RightEntries
    report: BackpropReport | None = None


@dataclass(frozen=True, eq=False)
class Effects:
    """Statements of which another value was tried.

    Those that make entries that are wrong, those of the first wrong block, and those of blocks that are right.
    """

    probed: set[ast.stmt] = field(default_factory=set)
    helps: set[ast.stmt] = field(default_factory=set)
    near: set[ast.stmt] = field(default_factory=set)
    harms: set[ast.stmt] = field(default_factory=set)

    def may_help(self, edit: SourceEdit) -> bool:
        """Whether entries that are wrong depend on its statement and, unless it is moved, no block that is right.

        A right block that depends on a statement would be wrong if the statement were.
        """
        one = edit.statement
        is_moved = edit.kind in (*MOVES, "assignment")
        return one not in self.probed or (one in self.helps and (one not in self.harms or is_moved))


class RepairSearch:
    """Looks for edits of the code that a form runs; ``consult`` checks it as it is then, None where that fails."""

    def __init__(self, student: Any, blocks: RightBlocks, consult: Callable[[], BackpropReport | None]) -> None:
        self.blocks, self.consult = blocks, consult
        seen: dict[CodeType, Ran] = {}
        blocks.narrow()
        with watching(seen):
            self.start = blocks.judged()
        self.code = editable_code(student, seen)
        source = getattr(type(student), "source", None)
        self.spaces = [source.space] if isinstance(source, TrainingSource) else []
        self.words = words_of(self.code)
        self.bench = Bench()
        self.until = 0.0

    def found(self, seconds: float) -> Repair | None:
        """The edits that make everything right, else those that make most right; None where none does.

        ``seconds`` of processor time are taken for it. The code is what it was afterwards.
        """
        self.until = time.process_time() + seconds
        try:
            with state_kept([own for one in self.code for own in one.functions], self.spaces):
                return self._repaired() if self.code and self.start is not None else None
        finally:
            for one in self.code:
                one.put_back()

    def _repaired(self) -> Repair | None:
        assert self.start is not None, "It was looked at."  # noqa: S101
        now = Repair((), self.start)
        while len(now.edits) < MOST_EDITS:
            better = self._better(now)
            if better is None:
                return self._in_another_order(now) or (now if now.edits else None)
            now = better if better.report is not None else self._explained(better)
            if now.report is not None:
                break
        return now

    def _better(self, start: Repair) -> Repair | None:
        """One edit more: the first with which clearly more entries are right, else that with most."""
        best: Repair | None = None
        begun = time.process_time()
        until = begun + (self.until - begun) * SHARE
        with self.bench.with_edits(start.edits):
            for edit in self._in_turn(start):
                if time.process_time() > until:
                    break
                repair = self._tried(start, edit)
                if repair is None or (best is not None and repair.judged.n_right <= best.judged.n_right):
                    continue
                best = repair
                if repair.judged.is_whole or repair.judged.n_right >= start.judged.n_right + CLEARLY_MORE:
                    break
        return best

    def _in_turn(self, start: Repair) -> list[SourceEdit]:
        """The edits that may help, the likely ones first: a slip that was made once is perhaps made again."""
        effects = self._effects(start.judged)
        slips = {(one.kind, one.new) for one in start.edits if not one.told}
        kinds = {kind for kind, _ in slips}

        def order(one: SourceEdit) -> int:
            if one.kind in kinds and (one.kind, one.new) in slips:
                return 0
            return one.cost + FARTHER * (one.statement not in effects.near)

        edits = [edit for one in self.code for edit in (*expression_edits(one, self.words), *statement_edits(one))]
        return sorted((one for one in edits if effects.may_help(one)), key=order)

    def _effects(self, start: RightEntries) -> Effects:
        """What each statement that makes a value has to do with right and with wrong entries."""
        found, first = Effects(), first_wrong(self.blocks.net, start.right)
        right = start.of_right_blocks(self.blocks.net)
        kinds = ((found.helps, ~start.right), (found.near, first), (found.harms, right))
        for edit in [edit for one in self.code for edit in probes(one)]:
            with self.bench.with_edit(edit) as is_code:
                given = self.blocks.given(start.reading) if is_code else None
            if given is None:
                continue
            found.probed.add(edit.statement)
            changed = ~np.isclose(given, start.given, rtol=1e-9, atol=0.0)
            for statements, entries in kinds:
                if (changed & entries).any():
                    statements.add(edit.statement)
        return found

    def _tried(self, start: Repair, edit: SourceEdit) -> Repair | None:
        """An edit more, if more entries are right with it at every point."""
        with self.bench.with_edit(edit) as is_code:
            judged = self.blocks.judged() if is_code else None
            if judged is None or judged.n_right <= start.judged.n_right or not self.blocks.confirm(judged):
                return None
            report = self.consult() if judged.is_whole else None
        is_right = report is not None and report.verdict.startswith("right")
        return Repair((*start.edits, edit), judged, report if is_right else None)

    def _explained(self, repair: Repair) -> Repair:
        """A repair with the report of what remains wrong after it, where that has a name."""
        with self.bench.with_edits(repair.edits):
            report = self.consult()
        is_explained = report is not None and report.verdict == "wrong" and report.mistakes and not report.clues
        return replace(repair, report=report) if is_explained else repair

    def _in_another_order(self, start: Repair) -> Repair | None:
        """Statements in another order, after which what remains wrong has a name."""
        with self.bench.with_edits(start.edits):
            edits = [one for one in self._in_turn(start) if one.kind == "too early"]
        for edit in edits[:MOST_MOVED]:
            found = self._explained(Repair((*start.edits, edit), start.judged))
            if found.report is not None:
                return found
        return None
