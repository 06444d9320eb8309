"""The cache of compiled kernels: an edit is always seen, a second process loads, no folder is an error."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from chainrule.kernels import engine

HEADER = """
import json, sys, time
import numpy as np
sys.path.insert(0, sys.argv[1])
import copied as kernels
"""
USE = """
def use(kernels):
    out = np.full(2, 7.0)
    kernels.exp_array(np.array([0.0, 1.0]), out)
    stats = kernels.exp_array.stats
    return {"out": out.tolist(), "hits": sum(stats.cache_hits.values()), "misses": sum(stats.cache_misses.values())}
"""
TELL = "print(json.dumps(use(kernels)))"
E = 2.718281828459045
ENGINE = Path(engine.__file__)


@pytest.fixture
def home(tmp_path):
    """A folder with a copy of the kernels."""
    (tmp_path / "copied.py").write_bytes(ENGINE.read_bytes())
    return tmp_path


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    """A cache that a first process has filled, and what that process told."""
    home = tmp_path_factory.mktemp("first")
    (home / "copied.py").write_bytes(ENGINE.read_bytes())
    return home / "cache", run(home, home / "cache")


@pytest.fixture
def cache(compiled, tmp_path):
    """A copy of the cache that a first process has filled."""
    return Path(shutil.copytree(compiled[0], tmp_path / "cache"))


def run(home, cache, code=HEADER + USE + TELL, **environment):
    """Use the copy in a process of its own; return what exp gave and whether it came from the cache."""
    variables = {**os.environ, "NUMBA_CACHE_DIR": str(cache), **environment}
    command = [sys.executable, "-W", "error", "-c", code, str(home)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=variables)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def edit(home, old, new):
    """Change the copy, keeping its size and its times."""
    path, stat = home / "copied.py", (home / "copied.py").stat()
    text = path.read_text()
    assert text.count(old) == 1
    assert len(old) == len(new)
    path.write_text(text.replace(old, new))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    now = path.stat()
    assert (stat.st_size, stat.st_mtime_ns) == (now.st_size, now.st_mtime_ns)


def test_a_second_process_loads_what_the_first_compiled(home, compiled, cache):
    """The first misses and keeps, the second hits; both compute the same."""
    first, second = compiled[1], run(home, cache)
    assert (first["hits"], first["misses"]) == (0, 1)
    assert (second["hits"], second["misses"]) == (1, 0)
    assert first["out"] == second["out"] == [1.0, pytest.approx(E, rel=1e-15)]


HALF = "    p = p * r + 0.5\n    p = p * (r * r) + r\n    return p, np.int64"  # the polynomial in float64
EDITS = {
    "in the function": ("out[i] = exponential(x[i], ", "out[i] = exponential(x[0], "),
    "in one that it calls": (HALF, HALF.replace("0.5", "0.7")),
    "in its arguments": ("def exp_array(x, out):\n", "def exp_array(out, x):\n"),
}


@pytest.mark.parametrize(("old", "new"), EDITS.values(), ids=EDITS)
def test_an_edit_is_seen_though_size_and_time_are_the_same(home, compiled, cache, old, new):
    """Code of another content is never used; that of the first content stays, for whoever goes back to it."""
    edit(home, old, new)
    edited = run(home, cache)
    assert edited["hits"] == 0
    assert edited["out"] != compiled[1]["out"]
    edit(home, new, old)
    assert run(home, cache) == {**compiled[1], "hits": 1, "misses": 0}


def test_an_edit_is_seen_by_a_reload_in_the_same_process(home, tmp_path):
    """importlib.reload, as notebooks do, compiles what the file says now."""
    code = (
        HEADER
        + USE
        + f"HALF = {HALF!r}"
        + """
import importlib, os
from pathlib import Path
before = use(kernels)
path = Path(kernels.__file__)
text = path.read_text()
old = HALF
path.write_text(text.replace(old, old.replace("0.5", "0.7")))
os.utime(path, (time.time() + 10, time.time() + 10))
after = use(importlib.reload(kernels))
print(json.dumps([before["out"], after["out"]]))
"""
    )
    before, after = run(home, tmp_path / "cache", code)
    assert before != after


def test_a_folder_that_cannot_be_is_no_error(home, tmp_path):
    """Where the cache would lie in a file, or in a folder that nobody can make, the code is compiled and used."""
    file = tmp_path / "file"
    file.write_text("no folder")
    for place in (file, file / "below", "/proc/no/such/folder"):
        assert run(home, place)["out"][0] == 1.0
    assert file.read_text() == "no folder"


def test_a_read_only_folder_is_no_error(home, tmp_path, cache):
    """An empty folder that cannot be written to, and one that holds the code already, are both used as they are."""
    empty, full = tmp_path / "empty", cache
    empty.mkdir()
    folders = [empty, full, *full.rglob("*/")]
    for folder in folders:
        folder.chmod(0o500)
    try:
        assert run(home, empty)["out"][0] == 1.0
        assert run(home, full)["hits"] == 1
    finally:
        for folder in folders:
            folder.chmod(0o700)


@pytest.mark.parametrize(
    ("kind", "damage"),
    [
        ("nbi", lambda data: b""),
        ("nbi", lambda data: data[: len(data) // 2]),
        ("nbi", lambda data: b"not a pickle"),
        ("nbc", lambda data: b""),
        ("nbc", lambda data: data[: len(data) // 2]),
        ("nbc", lambda data: b"\x00" * 99),
    ],
    ids=["no index", "half an index", "text", "no code", "half the code", "zeros"],
)
def test_damaged_files_are_no_error_and_heal(home, cache, kind, damage):
    """An index or a code file that is cut short or overwritten is compiled over; the process after that hits."""
    files = list(cache.rglob(f"*.{kind}"))
    assert files
    for path in files:
        path.write_bytes(damage(path.read_bytes()))
    assert run(home, cache)["out"] == [1.0, pytest.approx(E, rel=1e-15)]
    assert run(home, cache)["hits"] == 1


def test_code_files_that_are_gone_are_compiled_anew(home, cache):
    """An index without its code files is no error, and heals."""
    for path in cache.rglob("*.nbc"):
        path.unlink()
    assert run(home, cache)["misses"] == 1
    assert run(home, cache)["hits"] == 1


def test_processes_that_compile_at_once_do_not_disturb_each_other(home, tmp_path):
    """Three processes start on an empty cache together; each computes right, and the fourth hits."""
    cache = tmp_path / "cache"
    variables = {**os.environ, "NUMBA_CACHE_DIR": str(cache)}
    command = [sys.executable, "-c", HEADER + USE + TELL, str(home)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=variables) for _ in range(3)]
    answers = [json.loads(process.communicate()[0]) for process in started]
    assert all(answer["out"][0] == 1.0 for answer in answers)
    assert run(home, cache)["hits"] == 1


def test_without_a_variable_the_cache_is_in_the_users_folder(monkeypatch):
    """NUMBA_CACHE_DIR is obeyed if it is set, else the folder is the user's for caches."""
    from chainrule.kernels.cache import folder

    monkeypatch.setenv("NUMBA_CACHE_DIR", "/somewhere")
    assert folder() == Path("/somewhere")
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    assert "chainrule" in folder().parts
    assert folder().is_relative_to(Path.home())
