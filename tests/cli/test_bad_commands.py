"""Wrong command lines: each is answered by one sentence and exit code 2."""

import io
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from tests.bad_files import make_files

from chainrule import cli

COMMANDS = (Path(__file__).parent / "bad_commands.txt").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """The folder with the files that the commands name, current for all of them."""
    before = Path.cwd()
    folder = tmp_path_factory.mktemp("bad")
    os.chdir(folder)
    make_files()
    yield folder
    os.chdir(before)


def chainrule(line, **variables):
    """Run a line of a shell with ``chainrule`` in it."""
    script = f'chainrule() {{ {shlex.quote(sys.executable)} -m chainrule "$@"; }}; {line}'
    variables = {**os.environ, "PYTHONUTF8": "0", **variables}
    return subprocess.run(["bash", "-c", script], capture_output=True, env=variables, check=False)  # noqa: S607


def is_answered(printed):
    """Whether a command said one sentence on standard error, and nothing else."""
    said = printed.err
    return (
        printed.out == ""
        and said.startswith("Error: ")
        and said.endswith("\n")
        and 10 < len(said) <= 308
        and said[:-1].isprintable()
    )


def files(folder):
    """Everything below a folder but what Python keeps of modules that it has compiled."""
    return sorted(path for path in folder.rglob("*") if "__pycache__" not in path.parts)


def test_wrong_commands_are_answered_by_one_sentence_and_leave_nothing(here, monkeypatch, capsys):
    """Exit code 2, one line on standard error that begins with Error:, nothing printed, no file left."""
    wrong, before = {}, files(here)
    for command in COMMANDS:
        monkeypatch.setattr(sys, "argv", shlex.split(command))
        code, printed = cli.run(), capsys.readouterr()
        if code != 2 or not is_answered(printed) or files(here) != before:
            wrong[command] = code, printed
    assert wrong == {}
    assert len(COMMANDS) > 300


@pytest.mark.parametrize(
    ("encoding", "line"),
    [
        *((encoding, "explain --layers 2,3:tanh,1") for encoding in ("cp1252", "cp437", "latin-1")),
        *(("cp1252", "lab list"), ("cp437", "lab show xor"), ("latin-1", "sweep --list")),
    ],
)
def test_every_encoding_prints(line, encoding, monkeypatch, capsys):
    """What an encoding lacks is written in letters that it has: nothing is raised, nothing is escaped."""
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out, encoding=encoding))
    monkeypatch.setattr(sys, "argv", ["chainrule", *line.split()])
    assert (cli.run(), capsys.readouterr().err) == (0, "")
    sys.stdout.flush()
    printed = out.getvalue().decode(encoding)
    one = "¹".encode(encoding, errors="replace").decode(encoding).replace("?", "1")
    assert "\\u" not in printed
    assert (f"dL/dW^({one})" in printed) is ("explain" in line)


def test_a_printed_page_says_what_it_means_in_every_encoding():
    """Letters that a page of another encoding would garble are written as references."""
    done = chainrule("chainrule explain --layers 2,1 --format html", PYTHONIOENCODING="cp1252")
    assert done.stdout.isascii()
    assert b"&#8706;" in done.stdout


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("chainrule --help >&-", b"Error: There is nowhere to print to: standard output is closed."),
        ("chainrule --help >/dev/full", b"Error: Cannot print the rest: No space left on device.\n"),
        ("chainrule lab show nosuch 2>&-", b""),
        ("chainrule nosuch >&- 2>&-", b""),
        ("chainrule nosuch 2>/dev/full", b""),
    ],
)
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a system without /dev/full")
def test_streams_that_are_closed_or_full_end_in_a_sentence(line, sentence):
    """Exit code 2, and no traceback, not even at the end of Python."""
    done = chainrule(line)
    assert done.returncode == 2
    assert done.stderr.startswith(sentence)
    assert done.stderr.count(b"\n") == (1 if sentence else 0)


@pytest.mark.parametrize(
    ("name", "value"),
    [("LOKY_MAX_CPU_COUNT", "x"), ("LOKY_MAX_CPU_COUNT", "0"), ("NUMBA_NUM_THREADS", "1.5"), ("MPLBACKEND", "nosuch")],
)
def test_variables_that_would_end_the_work_are_refused_before(name, value):
    """A variable that a library below cannot read is named, with its value."""
    done = chainrule("chainrule lab list", **{name: value})
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(f"Error: The environment variable {name} ".encode())
    assert repr(value).encode() in done.stderr
