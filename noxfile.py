"""The tasks of continuous integration, by name: ``nox -l`` lists them, ``nox -s lint`` runs one.

``.ci/run`` is the gate and runs ``lint``, ``site`` and ``wheel`` from here.
The tests have no task: ``python -m pytest`` is one.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from pathlib import Path

import nox

ROOT = Path(__file__).parent
USES = {  # what each extra brings; not bench, which takes gigabytes and which `python -m benchmarks` tries
    "": "import chainrule as cr; cr.MLPClassifier((3,), max_iter=2, random_state=0).fit([[0.0], [1.0]], [0, 1])",
    "parquet": (
        "import pyarrow as pa, pyarrow.parquet as pq, chainrule as cr; "
        "pq.write_table(pa.table({'x': [0.0, 1.0, 2.0], 'y': [0, 1, 1]}), 't.parquet'); "
        "print(cr.datasets.load_parquet('t.parquet')[0].shape)"
    ),
    "onnx": (
        "import chainrule as cr; "
        "clf = cr.MLPClassifier((3,), solver='lbfgs', random_state=0).fit([[0.0], [1.0]], [0, 1]); "
        "cr.export_onnx(clf, 'clf.onnx')"
    ),
    "dask": (
        "import chainrule as cr\n"
        "if __name__ == '__main__':\n"
        "    with cr.scale.cluster(workers=1) as client: print(client.submit(sum, [1, 2]).result())"
    ),
    "zarr": (
        "import numpy as np, zarr, chainrule as cr; "
        "X = zarr.create_array('X.zarr', shape=(4, 2), dtype='f4'); "
        "print(cr.stream(X, np.zeros(4)).source.read(0, 4)[0].shape)"
    ),
    "docs": "import furo, myst_nb, numpydoc, sphinx, sphinx_click, sphinx_copybutton, axe_playwright_python",
    "test": "import autograd, hypothesis, onnxruntime, pandas, playwright, polars, psutil, pytest, skl2onnx, xdist",
    "dev": "import build, importlinter, mypy, nox, pre_commit, ruff, uv",
}
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
SYSTEMS = ("linux", "aarch64-unknown-linux-gnu", "x86_64-apple-darwin", "aarch64-apple-darwin", "windows")
QUICK = ("tests/maths", "tests/datasets", "tests/models", "tests/plot", "tests/writers", "tests/explanation",
         "tests/network/test_imports.py", "tests/network/test_passes.py", "tests/training/test_minimize.py",
         "tests/training/test_train.py", "tests/cli/test_cli.py")  # fmt: skip
FOLDERS = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("tests/*/") if any(path.rglob("test_*.py")))

nox.options.sessions = ["lint", "wheel"]
nox.options.error_on_external_run = True


@nox.session
def lint(session: nox.Session) -> None:
    """Style, types, import rules, and whether uv.lock is that of pyproject.toml."""
    if session.virtualenv.venv_backend != "none":
        session.install("-e", ".[dev]")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")
    session.run("lint-imports")
    session.run("uv", "lock", "--check")


@nox.session
def site(session: nox.Session) -> None:
    """Build the documentation without a warning, follow its links, and read its pages as somebody who cannot see."""
    if session.virtualenv.venv_backend != "none":
        session.install("-e", ".[docs]")
    out = session.posargs[0] if session.posargs else "site"
    session.run("python", "-m", "sphinx", "-W", "-q", "-j", "auto", "-b", "html", "docs", out)
    session.run("python", "docs/_checks/links.py", out)
    session.run("python", "docs/_checks/accessibility.py", out)


@nox.session
def wheel(session: nox.Session) -> None:
    """Build twice and find the same bytes; install the wheel where nothing else is, and use it."""
    session.install("build>=1.2")
    folder = Path(session.create_tmp())
    shutil.rmtree(folder / "dist", ignore_errors=True)
    session.run("python", "-m", "build", "--outdir", str(folder / "dist" / "one"), ".")
    mask = os.umask(0o077)  # as another user would
    try:
        session.run("python", "-m", "build", "--outdir", str(folder / "dist" / "two"), ".")
    finally:
        os.umask(mask)
    one, two = (hashes(folder / "dist" / name) for name in ("one", "two"))
    if one != two:
        session.error(f"Two builds differ: {one} and {two}.")
    session.log(f"Two builds, the same bytes: {one}")
    [made] = (folder / "dist" / "one").glob("*.whl")
    session.install(str(made))
    session.chdir(folder)
    session.run("chainrule", "--version")
    session.run(
        "chainrule", "lab", "run", "xor", "--no-sweep", "--set", "data_sets=xor_easy", "--out", "results", silent=True
    )
    if not Path("results/figures/xor_easy_prediction.svg").stat().st_size:
        session.error("The wheel draws nothing.")
    session.run("python", "-c", INSTALLED)


INSTALLED = """
import importlib.resources
import sys

import chainrule

assert importlib.resources.files(chainrule).joinpath("py.typed").is_file(), "py.typed is missing from the wheel"
heavy = {"scipy", "sklearn", "matplotlib", "numba", "click", "rich", "joblib"} & set(sys.modules)
assert not heavy, f"import chainrule loads {heavy}"
"""


def hashes(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file of a folder, by name."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


@nox.session
@nox.parametrize("extra", list(USES))
def extras(session: nox.Session, extra: str) -> None:
    """Install one extra where nothing else is, and use what it brings."""
    session.install(f".[{extra}]" if extra else ".")
    session.chdir(session.create_tmp())
    session.run("python", "-c", USES[extra])


@nox.session
def lowest(session: nox.Session) -> None:
    """Install the lowest version that each dependency's bound allows, and run the quick part of the tests."""
    session.install("uv>=0.7")
    session.run(
        "uv", "pip", "install", "--python", sys_executable(session), "--resolution", "lowest-direct", "-e", ".[test]"
    )
    session.run("python", "-m", "pytest", "-q", *(session.posargs or QUICK))


def sys_executable(session: nox.Session) -> str:
    """The session's own Python."""
    return str(Path(session.bin) / ("python.exe" if sys.platform == "win32" else "python"))


@nox.session
def wheels(session: nox.Session) -> None:
    """Ask for every Python and system that we name whether all dependencies have wheels there; nothing is installed."""
    session.install("uv>=0.7")
    folder = session.create_tmp()
    for python in PYTHONS:
        for system in SYSTEMS:
            where = ("--python-version", python, "--python-platform", system)
            asked = ("--quiet", "--only-binary", ":all:", *where, "--output-file", f"{folder}/wheels.txt")
            session.run("uv", "pip", "compile", *asked, "pyproject.toml")


@nox.session
def coverage(session: nox.Session) -> None:
    """Measure which lines the tests run, folder by folder, processes that they start included."""
    session.install("-e", ".[test]", "coverage[toml]>=7.10")
    for folder in session.posargs or [*FOLDERS, "src"]:
        session.run("coverage", "run", "-m", "pytest", "-q", folder)
    session.run("coverage", "combine")
    session.run("coverage", "report")
