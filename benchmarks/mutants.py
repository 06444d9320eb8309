"""How sharp the tests are: change one expression of the package, run the nearest tests, see whether one fails.

``python -m benchmarks.mutants --of 300 --seed 0 --jobs 2 --out mutants.jsonl`` draws 300 changes of maths, network,
training and check by a seeded shuffle and writes a line for each: what was changed, and the test that noticed.
``--survivors FILE`` runs those again that nothing noticed in FILE, ``--checkout PATH`` runs the tests of another
checkout, so that two suites are compared on the same changes.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import json
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

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
LAST = ("test_gradients.py", "test_engines.py", "test_imports.py")  # files that take longest, or start processes
WARM = ("scipy.optimize", "numba", "sklearn.utils", "autograd", "pandas", "matplotlib.figure", "click", "rich")
OPTIONS = ("-x", "-q", "-pno:cacheprovider", "-pno:xdist", "-Wignore::pytest.PytestAssertRewriteWarning")
PAIRS = "Add Sub, Mult Div, Pow Mult, FloorDiv Mult, Mod Mult, Lt LtE, Gt GtE, Eq NotEq, Is IsNot, In NotIn, And Or"
SWAPPED = {getattr(ast, one): getattr(ast, other) for pair in PAIRS.split(", ") for one, other in [pair.split()]}
SWAPPED = {other: one for one, other in SWAPPED.items()} | SWAPPED | {ast.Mult: ast.Div}
LEFT_ALONE = {"annotation", "returns", "decorator_list", "type_params"}


@dataclass(frozen=True)
class Mutant:
    """One changed expression of one file; killed_by is the test that failed, "limit", or "" for none."""

    file: str
    line: int
    before: str
    after: str
    start: int
    end: int
    killed_by: str = ""


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
    for node in expressions(ast.parse(source)):
        if (after := changed(node)) is not None:
            start, end = starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset
            name, before = str(path.relative_to(PACKAGE)), source[start:end].decode()
            yield Mutant(name, node.lineno, before, f"({ast.unparse(after)})", start, end)


def drawn(number: int, seed: int) -> list[Mutant]:
    """Draw mutants of the four folders by a seeded shuffle."""
    files = sorted(path for folder in NEAREST for path in (PACKAGE / folder).rglob("*.py"))
    mutants = [mutant for path in files for mutant in mutants_of(path)]
    random.Random(seed).shuffle(mutants)  # noqa: S311  # a draw of changes, no secret
    return mutants[:number]


def nearest_tests(file: str, checkout: Path) -> list[str]:
    """Return the test files to run for a source file: its namesake, then its folder, then the neighbours'."""
    places = [checkout / "tests" / place for place in NEAREST[Path(file).parts[0]]]
    found = [test for place in places for test in (sorted(place.rglob("test_*.py")) or [place])]
    return [str(test) for test in sorted(found, key=lambda test: (test.name in LAST, Path(file).stem not in test.stem))]


class FirstFailure:
    """A pytest plugin that keeps the name of the first test that fails."""

    name = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the test's name if it failed."""
        self.name = self.name or report.nodeid * report.failed

    pytest_collectreport = pytest_runtest_logreport


def first_failure(tests: list[str], home: Path, limit: int, answer: int) -> None:
    """Run tests against the package in home, file by file, write the first that fails to the open file, and exit."""
    os.setsid()
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    signal.alarm(10 * limit)
    os.environ |= {"PYTHONPATH": str(home), "HYPOTHESIS_STORAGE_DIRECTORY": str(home / "hypothesis")}
    sys.path.insert(0, str(home))
    for stream in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
    watching = FirstFailure()
    try:
        failed = any(pytest.main([*OPTIONS, test], plugins=[watching]) for test in tests)
        os.write(answer, watching.name.encode() or b"pytest" * failed)
    except BaseException:  # a package that cannot be imported fails before the first test
        os.write(answer, b"import")
    finally:
        os._exit(0)


def outcome(mutant: Mutant, checkout: Path, home: Path, limit: int) -> Mutant:
    """Run the nearest tests on a mutant in a forked process and return it with the test that killed it."""
    path, (answer, given) = home / "chainrule" / mutant.file, os.pipe()
    source = path.read_bytes()
    path.write_bytes(source[: mutant.start] + mutant.after.encode() + source[mutant.end :])
    if (child := os.fork()) == 0:
        first_failure(nearest_tests(mutant.file, checkout), home, limit, given)
    os.close(given)
    _, status = os.waitpid(child, 0)
    with os.fdopen(answer) as told:
        killed_by = told.read() if status == 0 else "limit"
    path.write_bytes(source)
    return replace(mutant, killed_by=killed_by)


def run_all(mutants: list[Mutant], given: argparse.Namespace) -> None:
    """Write a line for each mutant; refuse to begin where a test fails on the unchanged package."""
    with tempfile.TemporaryDirectory() as home, given.out.open("a", buffering=1) as out:
        shutil.copytree(PACKAGE, Path(home) / "chainrule", ignore=shutil.ignore_patterns("__pycache__"))
        for folder in sorted({Path(mutant.file).parts[0] for mutant in mutants}):
            same = outcome(Mutant(f"{folder}/__init__.py", 1, "", "", 0, 0), given.checkout, Path(home), given.limit)
            if same.killed_by:
                raise SystemExit(f"{same.killed_by} fails on the unchanged package: mend it first.")
        for mutant in mutants:
            out.write(json.dumps(asdict(outcome(mutant, given.checkout, Path(home), given.limit))) + "\n")


def main() -> None:
    """Draw, share out among the jobs, count."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutants", description=__doc__)
    for name, default in {"of": 300, "seed": 0, "jobs": 1, "limit": 300}.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--survivors", type=Path)
    parser.add_argument("--checkout", type=lambda text: Path(text).resolve(), default=ROOT)
    given = parser.parse_args()
    mutants = drawn(given.of, given.seed)
    if given.survivors:
        kept = [Mutant(**json.loads(line)) for line in given.survivors.read_text().splitlines()]
        mutants = [mutant for mutant in kept if not mutant.killed_by]
    for module in WARM:
        importlib.import_module(module)
    children = []
    for job in range(given.jobs):
        if (child := os.fork()) == 0:
            run_all(mutants[job :: given.jobs], given)
            os._exit(0)
        children.append(child)
    if any(os.waitpid(child, 0)[1] for child in children):
        raise SystemExit(1)
    rows = [json.loads(line) for line in given.out.read_text().splitlines()]
    sys.stdout.write(f"{sum(bool(row['killed_by']) for row in rows)} of {len(rows)} killed\n")


if __name__ == "__main__":
    main()
