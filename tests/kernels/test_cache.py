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

USE = """
import importlib.util, json, os, sys, time
import numpy as np

def load(home, cache):
    os.environ["NUMBA_CACHE_DIR"] = cache
    spec = importlib.util.spec_from_file_location("copied", os.path.join(home, "copied.py"))
    sys.modules["copied"] = kernels = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(kernels)
    return kernels

def use(kernels):
    out = np.full(2, 7.0)
    kernels.exp_array(np.array([0.0, 1.0]), out)
    stats = kernels.exp_array.stats
    return {"out": out.tolist(), "hits": sum(stats.cache_hits.values()), "misses": sum(stats.cache_misses.values())}
"""
TELL = "print(json.dumps([use(load(*pair)) for pair in json.loads(sys.argv[1])]))"
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


def command(*pairs, code=TELL):
    """Return the command line of a process that runs the code on pairs of a home and a cache."""
    return [
        sys.executable,
        "-W",
        "error",
        "-c",
        USE + code,
        json.dumps([[str(path) for path in pair] for pair in pairs]),
    ]


def run_each(*pairs, code=TELL):
    """In one new process, use each copy with its cache; return what exp gave and whether it came from the cache."""
    done = subprocess.run(command(*pairs, code=code), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def run(home, cache):
    """Use one copy in a new process."""
    return run_each((home, cache))[0]


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


def test_an_edit_is_seen_though_size_and_time_are_the_same(compiled, tmp_path):
    """Code of another content is never used; that of the first content stays, for whoever goes back to it."""
    pairs = [(tmp_path / name, shutil.copytree(compiled[0], tmp_path / f"cache {name}")) for name in EDITS]
    for (home, _), (old, new) in zip(pairs, EDITS.values(), strict=True):
        home.mkdir()
        (home / "copied.py").write_bytes(ENGINE.read_bytes())
        edit(home, old, new)
    for name, edited in zip(EDITS, run_each(*pairs), strict=True):
        assert edited["hits"] == 0, name
        assert edited["out"] != compiled[1]["out"], name
    for (home, _), (old, new) in zip(pairs, EDITS.values(), strict=True):
        edit(home, new, old)
    assert run_each(*pairs) == [{**compiled[1], "hits": 1, "misses": 0}] * len(EDITS)


def test_an_edit_is_seen_by_a_reload_in_the_same_process(home, tmp_path):
    """importlib.reload, as notebooks do, compiles what the file says now."""
    code = (
        f"HALF = {HALF!r}"
        """
import importlib
from pathlib import Path
home, cache = json.loads(sys.argv[1])[0]
sys.path.insert(0, home)
os.environ["NUMBA_CACHE_DIR"] = cache
import copied as kernels
before = use(kernels)
path = Path(kernels.__file__)
path.write_text(path.read_text().replace(HALF, HALF.replace("0.5", "0.7")))
os.utime(path, (time.time() + 10, time.time() + 10))
print(json.dumps([before, use(importlib.reload(kernels))]))
"""
    )
    before, after = run_each((home, tmp_path / "cache"), code=code)
    assert before["out"] != after["out"]


def test_a_folder_that_cannot_be_is_no_error(home, tmp_path):
    """Where the cache would lie in a file, or in a folder that nobody can make, the code is compiled and used."""
    file = tmp_path / "file"
    file.write_text("no folder")
    places = (file, file / "below", "/proc/no/such/folder")
    assert [used["out"][0] for used in run_each(*((home, place) for place in places))] == [1.0] * 3
    assert file.read_text() == "no folder"


def test_a_read_only_folder_is_no_error(home, tmp_path, cache):
    """An empty folder that cannot be written to, and one that holds the code already, are both used as they are."""
    empty, full = tmp_path / "empty", cache
    empty.mkdir()
    folders = [empty, full, *full.rglob("*/")]
    for folder in folders:
        folder.chmod(0o500)
    try:
        compiled_anew, loaded = run_each((home, empty), (home, full))
    finally:
        for folder in folders:
            folder.chmod(0o700)
    assert compiled_anew["out"][0] == 1.0
    assert loaded["hits"] == 1


DAMAGES = {
    "no index": ("nbi", lambda data: b""),
    "half an index": ("nbi", lambda data: data[: len(data) // 2]),
    "text": ("nbi", lambda data: b"not a pickle"),
    "no code": ("nbc", lambda data: b""),
    "half the code": ("nbc", lambda data: data[: len(data) // 2]),
    "zeros": ("nbc", lambda data: b"\x00" * 99),
    "gone": ("nbc", None),
}


def test_damaged_files_are_no_error_and_heal(home, compiled, tmp_path):
    """An index or a code file that is cut short, overwritten or gone is compiled over; the next use of it hits."""
    pairs = [(home, shutil.copytree(compiled[0], tmp_path / name)) for name in DAMAGES]
    for (_, cache), (kind, damage) in zip(pairs, DAMAGES.values(), strict=True):
        files = list(cache.rglob(f"*.{kind}"))
        assert files
        for path in files:
            path.write_bytes(damage(path.read_bytes())) if damage else path.unlink()
    for name, damaged, healed in zip(DAMAGES, run_each(*pairs), run_each(*pairs), strict=True):
        assert (damaged["out"], damaged["misses"]) == ([1.0, pytest.approx(E, rel=1e-15)], 1), name
        assert (healed["out"], healed["hits"]) == (damaged["out"], 1), name


def test_processes_that_compile_at_once_do_not_disturb_each_other(home, tmp_path):
    """Two processes start on an empty cache together; each computes right, and the third hits."""
    pair = (home, tmp_path / "cache")
    started = [subprocess.Popen(command(pair), stdout=subprocess.PIPE, text=True) for _ in range(2)]
    answers = [json.loads(process.communicate()[0])[0] for process in started]
    assert [answer["out"][0] for answer in answers] == [1.0, 1.0]
    assert run(*pair)["hits"] == 1


def test_without_a_variable_the_cache_is_in_the_users_folder(monkeypatch):
    """NUMBA_CACHE_DIR is obeyed if it is set, else the folder is the user's for caches."""
    from chainrule.kernels.cache import folder

    monkeypatch.setenv("NUMBA_CACHE_DIR", "/somewhere")
    assert folder() == Path("/somewhere")
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    assert "chainrule" in folder().parts
    assert folder().is_relative_to(Path.home())
