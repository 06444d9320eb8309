"""The cache of compiled kernels: a second process links what a first compiled, and no damage is an error."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from chainrule.kernels import objects
from chainrule.kernels.library import current_key

USE = """
import json, os, sys
import numpy as np
from chainrule.kernels import library
from chainrule.kernels.arguments import Exponentials
out = np.full(2, 7.0)
library.call("exp_array", out.dtype, Exponentials(np.array([0.0, 1.0]), out))
print(json.dumps({"out": out.tolist(), "compiled": "numba" in sys.modules, "scipy": "scipy" in sys.modules}))
"""
E = 2.718281828459045
FLOAT64 = np.dtype(float)
POSIX = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="files of Windows have other rights")


def start(cache, code=USE, **environment):
    """Start a process that computes e^0 and e^1, with this cache."""
    given = {**os.environ, "CHAINRULE_CACHE": str(cache), **environment}
    command = [sys.executable, "-W", "error", "-c", code]
    return subprocess.Popen(command, env=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(process):
    """Return what it told, and the last line that it complained with."""
    out, errors = process.communicate()
    return json.loads(out) if process.returncode == 0 else {}, errors.strip().split("\n")[-1]


def use(cache, code=USE, **environment):
    """Use a cache in a process of its own, which must not complain."""
    told, error = ended(start(cache, code, **environment))
    assert error == ""
    assert told["out"] == [1.0, pytest.approx(E, rel=1e-15)]
    return told


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A cache that a first process has filled."""
    cache = tmp_path_factory.mktemp("first") / "cache"
    assert use(cache)["compiled"]
    return cache


@pytest.fixture
def cache(filled, tmp_path):
    """A copy of that cache."""
    return Path(shutil.copytree(filled, tmp_path / "cache"))


def the_file(cache):
    (path,) = cache.rglob("*.o")
    return path


def test_a_second_process_links_what_the_first_compiled(cache):
    """It computes the same, and imports neither numba nor SciPy."""
    assert use(cache) == {"out": [1.0, pytest.approx(E, rel=1e-15)], "compiled": False, "scipy": False}


def cut(content):
    return content[: len(content) // 2]


def flipped(content):
    """One bit of the code is another."""
    return content[:-100] + bytes([content[-100] ^ 1]) + content[-99:]


DAMAGES = {
    "empty": lambda content: b"",
    "a byte": lambda content: b"c",
    "half": cut,
    "the mark alone": lambda content: objects.MAGIC,
    "a flipped bit": flipped,
    "text": lambda content: b"no object code\n",
    "more": lambda content: content + b"\0",
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_never_linked(filled, damage):
    """Whatever is not as it was written holds no kernel."""
    content, key = the_file(filled).read_bytes(), the_file(filled).parent.name
    assert objects.from_bytes(content, "exp_array", FLOAT64, key).symbol
    assert objects.from_bytes(damage(content), "exp_array", FLOAT64, key) is None


def test_a_kernel_under_another_name_is_never_linked(filled):
    """Renamed to another kernel, dtype or processor, a file holds none."""
    content, key = the_file(filled).read_bytes(), the_file(filled).parent.name
    for name, dtype, other in (("run", FLOAT64, key), ("exp_array", np.dtype("f"), key), ("exp_array", FLOAT64, "x")):
        assert objects.from_bytes(content, name, dtype, other) is None


@pytest.fixture
def kept(cache, monkeypatch):
    """Read the kernel of that cache in this process, and keep one in it: two functions."""
    monkeypatch.setenv("CHAINRULE_CACHE", str(cache))
    one = "exp_array", FLOAT64
    key = the_file(cache).parent.name
    return lambda: objects.read(*one, key), lambda kernel: objects.write(kernel, *one, key)


def test_a_damaged_file_heals(cache, kept):
    """It is not believed, and what is compiled instead is kept over it."""
    read, write = kept
    kernel, path = read(), the_file(cache)
    path.write_bytes(cut(path.read_bytes()))
    assert read() is None
    write(kernel)
    assert read() == kernel


def test_a_function_that_is_not_there_is_compiled_around(cache):
    """A kernel that calls what this process has not, and at which LLVM would end it, is compiled anew, and kept."""
    path = the_file(cache)
    kernel = objects.from_bytes(path.read_bytes(), "exp_array", FLOAT64, path.parent.name)
    odd = kernel._replace(needs=("no_such_function_anywhere",))
    path.write_bytes(objects.to_bytes(odd, "exp_array", FLOAT64, path.parent.name))
    assert use(cache)["compiled"]
    assert not use(cache)["compiled"]


@POSIX
@pytest.mark.parametrize("which", ["file", "folder above"])
def test_what_others_may_write_is_not_believed(cache, kept, which):
    """Code is not linked where somebody else could have put it; a file is written anew, a folder is complained of."""
    (read, write), kernel = kept, kept[0]()
    path = {"file": the_file(cache), "folder above": cache}[which]
    path.chmod(path.stat().st_mode | 0o020)
    assert read() is None
    if which == "file":
        write(kernel)
        assert read() == kernel
        return
    with pytest.warns(UserWarning, match=r"may be written by others\. Set CHAINRULE_CACHE"):
        write(kernel)
    assert read() is None


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
@pytest.mark.parametrize("which", ["file", "folder"])
def test_what_another_user_owns_is_not_believed(cache, kept, which):
    """So it is with files and folders of somebody else."""
    (read, write), kernel = kept, kept[0]()
    os.chown(the_file(cache) if which == "file" else cache, 12345, -1)
    assert read() is None
    if which == "folder":
        with pytest.warns(UserWarning, match=r"belongs to another user\. Set CHAINRULE_CACHE"):
            write(kernel)


@POSIX
def test_a_link_is_not_followed_out_of_the_cache(cache, tmp_path, monkeypatch):
    """A link in the place of a file is no file."""
    monkeypatch.setenv("CHAINRULE_CACHE", str(cache))
    path = the_file(cache)
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert objects.read("exp_array", FLOAT64, path.parent.name) is None


def test_a_folder_that_cannot_be_is_said_once(tmp_path):
    """Where the cache would lie in a file, or nowhere, the code is compiled and used, and one sentence says so."""
    file = tmp_path / "file"
    file.write_text("no folder")
    code = USE.replace("import json", "import warnings; warnings.simplefilter('always'); import json")
    code += "library.load(['sgd'], out.dtype)"
    out, errors = (process := start(file / "below", code)).communicate()
    assert (process.returncode, json.loads(out)["out"][0]) == (0, 1.0)
    assert errors.count(f"UserWarning: Compiled kernels cannot be kept in {file / 'below'}, and every process has") == 1
    assert file.read_text() == "no folder"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_cache_that_is_full_serves(cache):
    """Nothing is said where nothing has to be written."""
    for path in (cache, the_file(cache).parent):
        path.chmod(0o500)
    try:
        assert not use(cache)["compiled"]
    finally:
        for path in (cache, *cache.iterdir()):
            path.chmod(0o700)


def test_off_keeps_nothing(tmp_path):
    """CHAINRULE_CACHE=off compiles, says nothing and writes nothing."""
    assert use("off", HOME=str(tmp_path), XDG_CACHE_HOME="")["compiled"]
    assert not list(tmp_path.iterdir())
    assert not Path("off").exists()


def test_processes_at_once_compile_once(tmp_path):
    """On an empty cache one of four compiles, and the others link what it has kept; each computes right."""
    told = [ended(process)[0] for process in [start(tmp_path / "cache") for _ in range(4)]]
    assert sorted(one["compiled"] for one in told) == [False, False, False, True]
    assert [one["out"][0] for one in told] == [1.0] * 4


def test_a_process_that_compiles_for_ever_is_not_waited_for(tmp_path, monkeypatch):
    """Whoever has waited long enough compiles for itself."""
    monkeypatch.setenv("CHAINRULE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(objects, "PATIENCE", 0.2)
    with objects.compiling_alone("key"), objects.compiling_alone("key"):
        pass
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["key.lock"]


def test_another_processor_has_another_cache(monkeypatch):
    """So has another setting of numba's that changes the code, and every file beside the kernels."""
    one = objects.key_of("one")
    assert one == objects.key_of("one") != objects.key_of("another")
    monkeypatch.setenv("NUMBA_OPT", "1")
    assert objects.key_of("one") != one


def test_an_edit_of_any_file_of_the_kernels_is_another_cache(tmp_path, monkeypatch):
    """The content counts, whatever size and times say."""
    copy = Path(shutil.copytree(Path(objects.__file__).parent, tmp_path / "kernels"))
    monkeypatch.setattr(objects, "__file__", str(copy / "objects.py"))
    before = objects.key_of("one")
    for path in (copy / "engine.py", copy / "codes.py", copy / "arguments.py"):
        text, times = path.read_text(), path.stat()
        path.write_text(text.replace("e", "a", 1))
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        assert objects.key_of("one") != before, path
        path.write_text(text)
    assert objects.key_of("one") == before


def test_the_cache_is_in_the_users_folder(monkeypatch):
    """CHAINRULE_CACHE is obeyed if it is set, else the folder is the user's for caches."""
    monkeypatch.setenv("CHAINRULE_CACHE", "/somewhere")
    assert objects.folder() == Path("/somewhere")
    monkeypatch.delenv("CHAINRULE_CACHE")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert "chainrule" in objects.folder().parts
    assert objects.folder().is_relative_to(Path.home())
    assert len(current_key()) == 20


FORKS = """
import os
from chainrule.kernels import library
import numpy as np
child = os.fork()
exec(USE.replace("print", "answer = "))
if child:
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
print(answer) if child else os._exit(0)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows knows no forks")
def test_a_fork_compiles_and_links_as_its_parent_does(tmp_path, cache):
    """Both sides of a fork use the cache, empty or filled; so does a fork of a process whose kernels are linked."""
    code = f"USE = {USE!r}\n{FORKS}"
    use(tmp_path / "empty", code)
    use(cache, code)
    use(cache, f"USE = {USE!r}\nexec(USE.replace('print', 'answer ='))\n{FORKS}")


THREADS = """
import json, sys
import numpy as np
from concurrent.futures import ThreadPoolExecutor
from chainrule.kernels import library
from chainrule.kernels.arguments import Exponentials

def compute(_):
    out = np.full(2, 7.0)
    library.call("exp_array", out.dtype, Exponentials(np.array([0.0, 1.0]), out))
    return out.tolist()

with ThreadPoolExecutor(8) as pool:
    answers = list(pool.map(compute, range(64)))
assert all(one == answers[0] for one in answers)
print(json.dumps({"out": answers[0], "compiled": "numba" in sys.modules}))
"""


def test_threads_compile_once(tmp_path):
    """Eight threads ask at once for a kernel that nobody has; all compute the same."""
    assert use(tmp_path / "cache", THREADS)["compiled"]
    assert not use(tmp_path / "cache", THREADS)["compiled"]


def test_a_second_process_that_fails_is_made_up_for(tmp_path, monkeypatch):
    """Where the process that compiles beside this one dies, or cannot start, this one compiles everything."""
    from chainrule.kernels import compiler

    names = [("adam", FLOAT64), ("softmax", FLOAT64)]
    assert compiler._shares(names) == ([names[0]], [names[1]])
    whole = compiler.compile_all(names, "key")
    for executable in ("/no/such/python", shutil.which("false") or "python-that-is-not"):
        monkeypatch.setattr(sys, "executable", executable)
        monkeypatch.setattr(compiler, "_is_python", lambda: True)
        assert [one.symbol for one in compiler.compile_all(names, "key")]
    assert [bool(one.code) for one in whole] == [True, True]
