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
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "chainrule"
NEAREST = {
    "maths": ("maths", "network"),
    "network": ("network", "training/test_train.py", "models", "explanation"),
    "training": ("training",),
    "check": ("check",),
}
LAST = ("test_gradients.py", "test_engines.py", "test_imports.py")  # files that take longest, or start processes
WARM = ("numpy", "scipy.optimize", "scipy.special", "numba", "sklearn.base", "sklearn.utils", "autograd",
        "pandas", "matplotlib.figure", "click", "rich")  # fmt: skip
OPTIONS = ("-x", "-q", "--no-header", "-pno:cacheprovider", "-pno:xdist",
           "-Wignore::pytest.PytestAssertRewriteWarning")  # fmt: skip
SWAPPED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or,
    ast.Or: ast.And,
}  # fmt: skip
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
    seconds: float = 0.0


def changed(node: ast.AST) -> ast.expr | None:
    """Return what stands in an expression's place in its mutant, if it has one."""
    match node:
        case ast.BinOp(op=op) if type(op) in SWAPPED:
            return ast.BinOp(node.left, SWAPPED[type(op)](), node.right)
        case ast.Compare(ops=[op]) if type(op) in SWAPPED:
            return ast.Compare(node.left, [SWAPPED[type(op)]()], node.comparators)
        case ast.BoolOp(op=op):
            return ast.BoolOp(SWAPPED[type(op)](), node.values)
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            return node.operand
        case ast.Constant(value=bool()):
            return ast.Constant(not node.value)
        case ast.Constant(value=int() | float()):
            return ast.Constant(node.value + 1)
    return None


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
    source = path.read_bytes()
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for node in expressions(ast.parse(source)):
        if (after := changed(node)) is not None:
            start, end = starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset
            before, name = source[start:end].decode(), str(path.relative_to(PACKAGE))
            yield Mutant(name, node.lineno, before, f"({ast.unparse(after)})", start, end)


def drawn(number: int, seed: int) -> list[Mutant]:
    """Draw mutants of the four folders by a seeded shuffle."""
    files = sorted(path for folder in NEAREST for path in (PACKAGE / folder).rglob("*.py"))
    mutants = [mutant for path in files for mutant in mutants_of(path)]
    random.Random(seed).shuffle(mutants)  # noqa: S311  # a draw of changes, no secret
    return mutants[:number]


def nearest_tests(file: str, checkout: Path) -> list[str]:
    """Return the test files to run for a source file: its namesake, then its folder, then the neighbours'."""
    path = Path(file)
    given = [checkout / "tests" / place for place in NEAREST[path.parts[0]]]
    found = [test for place in given for test in (sorted(place.rglob("test_*.py")) if place.is_dir() else [place])]
    return [str(test) for test in sorted(found, key=lambda test: (test.name in LAST, path.stem not in test.stem))]


class FirstFailure:
    """A pytest plugin that keeps the name of the first test that fails."""

    name = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the test's name if it failed."""
        self.name = self.name or report.nodeid * report.failed

    pytest_collectreport = pytest_runtest_logreport


def first_failure(tests: list[str], home: Path, limit: int, answer: int) -> None:
    """Run tests against the package in home, file by file, and write the first that fails to the open file."""
    os.setsid()
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    signal.alarm(10 * limit)
    os.environ |= {"PYTHONPATH": str(home), "HYPOTHESIS_STORAGE_DIRECTORY": str(home / "hypothesis")}
    sys.path.insert(0, str(home))
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    watching = FirstFailure()
    try:
        ended = next((end for test in tests if (end := pytest.main([*OPTIONS, test], plugins=[watching]))), 0)
        os.write(answer, watching.name.encode() or b"pytest" * (ended != 0))
    except BaseException:
        os.write(answer, b"import")
    finally:
        os._exit(0)


def outcome(mutant: Mutant, tests: list[str], home: Path, limit: int) -> Mutant:
    """Run the tests on a mutant in a forked process and return it with the test that killed it."""
    path, (answer, given), began = home / "chainrule" / mutant.file, os.pipe(), time.monotonic()
    source = path.read_bytes()
    path.write_bytes(source[: mutant.start] + mutant.after.encode() + source[mutant.end :])
    if (child := os.fork()) == 0:
        first_failure(tests, home, limit, given)
    os.close(given)
    _, status = os.waitpid(child, 0)
    with os.fdopen(answer) as told:
        killed_by = told.read() if status == 0 else "limit"
    path.write_bytes(source)
    return replace(mutant, killed_by=killed_by, seconds=round(time.monotonic() - began, 1))


def main() -> None:
    """Draw, share out among the jobs, write a line for each."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutants", description=__doc__)
    for name, default in {"of": 300, "seed": 0, "jobs": 1, "limit": 120}.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--survivors", type=Path)
    parser.add_argument("--checkout", type=Path, default=ROOT)
    given = parser.parse_args()
    mutants = drawn(given.of, given.seed)
    if given.survivors:
        kept = [json.loads(line) for line in given.survivors.read_text().splitlines()]
        mutants = [Mutant(**(row | {"seconds": 0.0})) for row in kept if not row["killed_by"]]
    for module in WARM:
        importlib.import_module(module)
    jobs = []
    for job in range(given.jobs):
        if (child := os.fork()) == 0:
            with tempfile.TemporaryDirectory() as home, given.out.open("a", buffering=1) as out:
                shutil.copytree(PACKAGE, Path(home) / "chainrule", ignore=shutil.ignore_patterns("__pycache__"))
                for mutant in mutants[job :: given.jobs]:
                    tests = nearest_tests(mutant.file, given.checkout.resolve())
                    out.write(json.dumps(asdict(outcome(mutant, tests, Path(home), given.limit))) + "\n")
            os._exit(0)
        jobs.append(child)
    for child in jobs:
        os.waitpid(child, 0)
    rows = [json.loads(line) for line in given.out.read_text().splitlines()]
    sys.stdout.write(f"{sum(bool(row['killed_by']) for row in rows)} of {len(rows)} killed\n")


if __name__ == "__main__":
    main()
