"""Which tests run which line: tests run once with coverage's contexts, and how long each of them took."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from functools import _lru_cache_wrapper
from typing import TYPE_CHECKING, Any

import coverage
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

AT_IMPORT = ""


@dataclass(frozen=True)
class TestedLines:
    """The seconds of each test, and for each file of the package and each of its lines the tests that run it.

    The tests of a line are a number in hexadecimal: bit k is the k-th test's, and bit 0 is set where the line is run
    while modules are imported, so that any test may depend on it.
    """

    seconds: dict[str, float]
    lines: dict[str, dict[str, str]]

    @classmethod
    def read(cls, path: Path) -> TestedLines:
        """Read what ``write`` has written."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))

    def write(self, path: Path) -> None:
        """Write it as JSON."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    def tests_of(self, file: str, first: int, last: int) -> set[str]:
        """Return the tests that run one of a file's lines, AT_IMPORT among them."""
        lines, bits = self.lines.get(file, {}), 0
        for line in range(first, last + 1):
            bits |= int(lines.get(str(line), "0"), 16)
        return {test for number, test in enumerate((AT_IMPORT, *self.seconds)) if bits >> number & 1}

    def in_turn(self, tests: Iterable[str]) -> list[str]:
        """Order tests: the quickest case of each function, then the second of each, and so on."""
        met: Counter[str] = Counter()
        ordered = []
        for test in sorted(tests, key=lambda test: (self.seconds[test], test)):
            function = test.split("[", maxsplit=1)[0]
            ordered.append((met[function], self.seconds[test], test))
            met[function] += 1
        return [test for *_, test in sorted(ordered)]

    def within(self, tests: Sequence[str], seconds: float) -> list[str]:
        """Return the first of the tests, those that take so many seconds together."""
        spent, kept = 0.0, []
        for test in tests:
            spent += self.seconds[test]
            if spent <= seconds or not kept:
                kept.append(test)
        return kept


class Recorder:
    """A pytest plugin that tells coverage which test runs, and what is set up for several of them."""

    def __init__(self, measured: coverage.Coverage, packages: Sequence[str]) -> None:
        self.measured = measured
        self.packages = tuple(f"{package}." for package in packages)
        self.seconds: dict[str, float] = {}
        self.users: defaultdict[str, set[str]] = defaultdict(set)
        self.failed: list[str] = []
        self.now = AT_IMPORT

    def switch(self, context: str) -> str:
        """Name what runs from now on, and return what ran before."""
        before, self.now = self.now, context
        self.measured.switch_context(context)
        return before

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the names of tests that fail."""
        self.failed += [report.nodeid] * report.failed

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: Any) -> Iterator[None]:
        """Measure a test; what is shared and made for it belongs to all that ask for it."""
        for name, found in item._fixtureinfo.name2fixturedefs.items() if hasattr(item, "_fixtureinfo") else ():
            if found[-1].scope != "function":
                self.users[f"{found[-1].baseid}::{name}"].add(item.nodeid)
        forget_answers(self.packages)
        start = time.process_time()
        self.switch(item.nodeid)
        try:
            return (yield)
        finally:
            self.switch(AT_IMPORT)
            self.seconds[item.nodeid] = round(time.process_time() - start, 4)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Iterator[None]:
        """Measure what a fixture for several tests does apart from the test that happens to be the first."""
        shared = fixturedef.scope != "function"
        before = self.switch(f"{fixturedef.baseid}::{fixturedef.argname}") if shared else self.now
        try:
            return (yield)
        finally:
            if shared:
                self.switch(before)

    def covering(self, package: Path) -> TestedLines:
        """Return what has been recorded of a package's files."""
        data, lines = self.measured.get_data(), {}
        bits = {test: 1 << number for number, test in enumerate((AT_IMPORT, *self.seconds))}
        shared = {one: sum(bits[test] for test in tests if test in bits) for one, tests in self.users.items()}
        for file in data.measured_files():
            contexts_of = data.contexts_by_lineno(file)
            lines[file.removeprefix(f"{package}/")] = {
                str(line): f"{_united(bits.get(one, shared.get(one, 0)) for one in contexts):x}"
                for line, contexts in contexts_of.items()
            }
        return TestedLines(self.seconds, lines)


def forget_answers(packages: tuple[str, ...]) -> None:
    """Empty the caches of functions, so that a line behind one is run by each test that needs it and not by the first.

    >>> from chainrule.check.conventions import scales
    >>> _ = scales(penalized=False, several_outputs=False)
    >>> forget_answers(("chainrule.check.",))
    >>> scales.cache_info().currsize
    0
    """
    for module in [module for name, module in sys.modules.items() if name.startswith(packages)]:
        for function in vars(module).values():
            if isinstance(function, _lru_cache_wrapper):
                function.cache_clear()


def _united(numbers: Iterable[int]) -> int:
    union = 0
    for number in numbers:
        union |= number
    return union


def record(tests: Sequence[str], package: Path, folders: Iterable[str], options: Sequence[str]) -> TestedLines:
    """Run tests once and return what they cover of a package's folders; those that fail are left out."""
    folders = list(folders)
    include = [f"{package}/{folder}/*" for folder in folders]
    measured = coverage.Coverage(data_file=None, config_file=False, include=include)
    recorder = Recorder(measured, [f"{package.name}.{folder}" for folder in folders])
    measured.start()
    try:
        pytest.main([*options, *tests], plugins=[recorder])
    finally:
        measured.stop()
    covering = recorder.covering(package)
    for test in recorder.failed:
        covering.seconds[test] = float("inf")
    return covering
