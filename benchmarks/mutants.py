"""How sharp the tests are: change one expression of the package, run the nearest tests, see whether one fails.

``python -m benchmarks.mutants --of 300 --seed 0 --jobs 2 --out mutants.jsonl`` draws 300 changes of maths, network,
training and check by a seeded shuffle and writes a line for each: what was changed, and the test that noticed.
``--survivors FILE`` runs those again that nothing noticed in FILE, ``--checkout PATH`` runs the tests of another
checkout, so that two suites are compared on the same changes.

The tests are run once on the unchanged package, and it is kept which of them run which line: ``--covering FILE``
writes that down, or reads it where the file exists. A change is shown to the tests that run its line, the quickest case
of each function first, then the second of each, until one fails or ``--seconds`` of them have run; what is run while
modules are imported may matter to any test: it is shown to those that run its function, then its file, then to all.
"""

from __future__ import annotations

import argparse
import ast
import compileall
import importlib
import json
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from benchmarks.covering import AT_IMPORT, Covering, record

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "chainrule"
NEAREST = {
    "maths": ("maths", "network"),
    "network": ("network", "training/test_train.py", "models", "explanation"),
    "training": ("training",),
    "check": ("check",),
}
FIRST = 12  # tests, shown before the files of all others are read
WARM = ("scipy.optimize", "numba", "sklearn.utils", "autograd", "pandas", "matplotlib.figure", "click", "rich")
OPTIONS = ("-x", "-q", "-pno:cacheprovider", "-pno:xdist", "-Wignore::pytest.PytestAssertRewriteWarning")
PAIRS = "Add Sub, Mult Div, Pow Mult, FloorDiv Mult, Mod Mult, Lt LtE, Gt GtE, Eq NotEq, Is IsNot, In NotIn, And Or"
SWAPPED = {getattr(ast, one): getattr(ast, other) for pair in PAIRS.split(", ") for one, other in [pair.split()]}
SWAPPED = {other: one for one, other in SWAPPED.items()} | SWAPPED | {ast.Mult: ast.Div}
LEFT_ALONE = {"annotation", "returns", "decorator_list", "type_params"}


@dataclass(frozen=True)
class Mutant:
    """One changed expression of one file; killed_by is the test that failed, "limit", or "" for none.

    first and last are the lines of the function it stands in, or of the file; shown says how many tests were to see it.
    """

    file: str
    line: int
    before: str
    after: str
    start: int
    end: int
    first: int
    last: int
    killed_by: str = ""
    shown: int = 0
    left_out: int = 0
    seconds: float = 0.0


def changed(node: ast.AST) -> ast.expr | None:
    """Return what stands in an expression's place in its mutant, if it has one."""
    after: ast.expr | None = None
    match node:
        case ast.BinOp(op=op) if type(op) in SWAPPED:
            after = ast.BinOp(node.left, SWAPPED[type(op)](), node.right)
        case ast.Compare(ops=[op]) if type(op) in SWAPPED:
            after = ast.Compare(node.left, [SWAPPED[type(op)]()], node.comparators)
        case ast.BoolOp(op=op):
            after = ast.BoolOp(SWAPPED[type(op)](), node.values)
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            after = node.operand
        case ast.Constant(value=bool()):
            after = ast.Constant(not node.value)
        case ast.Constant(value=int() | float()):
            after = ast.Constant(node.value + 1)
    return after


def expressions(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the expressions that may be changed: none of a type hint, a decorator or an f-string."""
    if not isinstance(node, ast.JoinedStr):
        yield node
        for field, value in ast.iter_fields(node):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST) and field not in LEFT_ALONE:
                    yield from expressions(child)


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Yield every mutant of a file, its place counted in bytes."""
    source, starts = path.read_bytes(), [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    tree = ast.parse(source)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for node in expressions(tree):
        if (after := changed(node)) is not None:
            start, end = starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset
            name, before = str(path.relative_to(PACKAGE)), source[start:end].decode()
            around = [(one.lineno, one.end_lineno) for one in functions if one.lineno <= node.lineno <= one.end_lineno]
            first, last = max(around, default=(1, len(starts)))
            yield Mutant(name, node.lineno, before, f"({ast.unparse(after)})", start, end, first, last)


def drawn(number: int, seed: int) -> list[Mutant]:
    """Draw mutants of the four folders by a seeded shuffle."""
    files = sorted(path for folder in NEAREST for path in (PACKAGE / folder).rglob("*.py"))
    mutants = [mutant for path in files for mutant in mutants_of(path)]
    random.Random(seed).shuffle(mutants)  # noqa: S311  # a draw of changes, no secret
    return mutants[:number]


def nearest_tests(checkout: Path) -> list[str]:
    """Return the places of all tests that may be shown a mutant."""
    places = dict.fromkeys(place for places in NEAREST.values() for place in places)
    return [str(checkout / "tests" / place) for place in places]


def shown_to(mutant: Mutant, covering: Covering, seconds: float) -> tuple[list[str], int]:
    """Return the tests that a mutant is shown to, in their turn, and how many are left out for lack of time."""
    near = tuple(f"tests/{place}" for place in NEAREST[Path(mutant.file).parts[0]])
    known = {test for test in covering.seconds if test.startswith(near) and covering.seconds[test] < float("inf")}
    lines = covering.tests_of(mutant.file, mutant.line, mutant.line)
    chosen = covering.in_turn(lines & known)
    if AT_IMPORT in lines or not chosen:
        for first, last in ((mutant.first, mutant.last), (1, 9999)):
            tests = covering.tests_of(mutant.file, first, last)
            chosen += covering.in_turn((tests & known) - set(chosen))
        if AT_IMPORT in lines:
            chosen += covering.in_turn(known - set(chosen))
    kept = covering.within(chosen, seconds)
    return kept, len(chosen) - len(kept)


class FirstFailure:
    """A pytest plugin that runs some tests in their turn, and keeps the name of the first that fails."""

    def __init__(self, tests: list[str]) -> None:
        self.tests = {test: number for number, test in enumerate(tests)}
        self.name = ""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the tests that are wanted, file by file."""
        wanted = [item for item in items if item.nodeid in self.tests]
        first: dict[Path, int] = {}
        for item in wanted:
            first[item.path] = min(self.tests[item.nodeid], first.get(item.path, len(self.tests)))
        items[:] = sorted(wanted, key=lambda item: (first[item.path], self.tests[item.nodeid]))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the test's name if it failed."""
        self.name = self.name or report.nodeid * report.failed

    pytest_collectreport = pytest_runtest_logreport


def start_apart(home: Path) -> None:
    """Make this process one that imports the package from home, says nothing, and writes no compiled modules."""
    os.environ |= {"PYTHONPATH": str(home), "HYPOTHESIS_STORAGE_DIRECTORY": str(home / "hypothesis")}
    sys.path.insert(0, str(home))
    for stream in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream)


def first_failure(tests: list[str], checkout: Path, home: Path, limit: int, answer: int) -> None:
    """Run tests against the package in home, write the first that fails to the open file, and exit."""
    os.setsid()
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    signal.alarm(10 * limit)
    start_apart(home)
    name = b""
    try:
        for part in (tests[:FIRST], tests[FIRST:]):
            watching, files = FirstFailure(part), dict.fromkeys(test.split("::")[0] for test in part)
            code = pytest.main([*OPTIONS, *(str(checkout / file) for file in files)], [watching]) if part else 0
            name = watching.name.encode() or b"pytest" * (code not in (0, 5))
            if name:
                break
        os.write(answer, name)
    except BaseException:  # a package that cannot be imported fails before the first test
        os.write(answer, b"import")
    finally:
        os._exit(0)


def outcome(mutant: Mutant, covering: Covering, given: argparse.Namespace, home: Path) -> Mutant:
    """Show a mutant to the tests in a forked process and return it with the test that killed it."""
    path, (answer, told) = home / "chainrule" / mutant.file, os.pipe()
    tests, left_out = shown_to(mutant, covering, given.seconds)
    source, began = path.read_bytes(), time.monotonic()
    path.write_bytes(source[: mutant.start] + mutant.after.encode() + source[mutant.end :])
    limit = int(20 + 4 * sum(covering.seconds[test] for test in tests))
    if (child := os.fork()) == 0:
        first_failure(tests, given.checkout, home, limit, told)
    os.close(told)
    _, status = os.waitpid(child, 0)
    with os.fdopen(answer) as heard:
        killed_by = heard.read() if status == 0 else "limit"
    path.write_bytes(source)
    seconds = round(time.monotonic() - began, 1)
    return replace(mutant, killed_by=killed_by, shown=len(tests), left_out=left_out, seconds=seconds)


@contextmanager
def home_of_the_package() -> Iterator[Path]:
    """Copy the package to a folder of its own, where it is compiled but for the files that mutants change."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(PACKAGE, Path(folder) / "chainrule", ignore=shutil.ignore_patterns("__pycache__"))
        compileall.compile_dir(folder, quiet=2)
        for changing in NEAREST:
            for made in (Path(folder) / "chainrule" / changing).rglob("*.pyc"):
                made.unlink()
        yield Path(folder)


def write_covering(path: Path, checkout: Path) -> None:
    """Run the tests once in a forked process and write which of them run which line."""
    with home_of_the_package() as home:
        if (child := os.fork()) == 0:
            start_apart(home)
            sys.dont_write_bytecode = False  # of the tests, which all mutants are shown to
            options = [option for option in OPTIONS if option != "-x"]
            record(nearest_tests(checkout), home / "chainrule", NEAREST, options).write(path)
            os._exit(0)
        os.waitpid(child, 0)


def run_all(mutants: list[Mutant], covering: Covering, given: argparse.Namespace) -> None:
    """Write a line for each mutant."""
    sys.dont_write_bytecode = True
    with home_of_the_package() as home, given.out.open("a", buffering=1) as out:
        for mutant in mutants:
            out.write(json.dumps(asdict(outcome(mutant, covering, given, home))) + "\n")


def main() -> None:
    """Draw, share out among the jobs, count."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutants", description=__doc__)
    for name, default in {"of": 300, "seed": 0, "jobs": 1, "seconds": 60}.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--covering", type=Path, required=True)
    parser.add_argument("--survivors", type=Path)
    parser.add_argument("--checkout", type=lambda text: Path(text).resolve(), default=ROOT)
    given = parser.parse_args()
    mutants = drawn(given.of, given.seed)
    if given.survivors:
        kept = [Mutant(**json.loads(line)) for line in given.survivors.read_text().splitlines()]
        mutants = [mutant for mutant in kept if not mutant.killed_by]
    for module in WARM:
        importlib.import_module(module)
    if not given.covering.exists():
        write_covering(given.covering, given.checkout)
    covering = Covering.read(given.covering)
    children = []
    for job in range(given.jobs):
        if (child := os.fork()) == 0:
            run_all(mutants[job :: given.jobs], covering, given)
            os._exit(0)
        children.append(child)
    if any(os.waitpid(child, 0)[1] for child in children):
        raise SystemExit(1)
    rows = [json.loads(line) for line in given.out.read_text().splitlines()]
    sys.stdout.write(f"{sum(bool(row['killed_by']) for row in rows)} of {len(rows)} killed\n")


if __name__ == "__main__":
    main()
