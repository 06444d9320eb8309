"""Real commands, ended in the middle: the small part of ``python -m benchmarks.signals`` that takes seconds."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")


@pytest.fixture(scope="module")
def harness(tmp_path_factory):
    """The harness, with what an older run of a check has left."""
    from benchmarks import signals

    older = tmp_path_factory.mktemp("older")
    (older / "check").mkdir()
    (older / "check/g.csv").write_text("name,points\nanna,1\n")
    return signals, older


@pytest.mark.parametrize(
    ("command", "kind", "moments", "group"),
    [
        ("check", "SIGINT twice", [3.0, 3.2], True),
        ("check", "SIGKILL", [3.0], False),
        ("seeds", "SIGHUP", [4.0], True),
    ],
)
def test_nothing_is_left_and_every_output_is_whole(harness, command, kind, moments, group):
    """No traceback, no process, no temporary file, no half a file, whatever it was doing at that moment."""
    signals, older = harness
    trial = signals.Trial(0, command, kind, moments, older=command == "check", group=group)
    assert signals.run(trial, older).wrong == []


def test_a_reader_that_goes_costs_nothing(tmp_path):
    """``chainrule sweep … | true`` saves its results, and says nothing of a broken pipe."""
    reading, writing = os.pipe()
    os.close(reading)
    words = [
        "sweep",
        "--data",
        "moons",
        "--n",
        "20",
        "--set",
        "hidden=2;3",
        "--seeds",
        "1",
        "--out",
        "out",
        "--set",
        "epochs=2",
    ]
    command, alone = [sys.executable, "-m", "chainrule", *words], os.environ | {"LOKY_MAX_CPU_COUNT": "1"}
    done = subprocess.run(
        command, cwd=tmp_path, stdout=writing, stderr=subprocess.PIPE, text=True, check=False, env=alone
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "out/results.json").is_file()
    assert (tmp_path / "out/report.html").is_file()
