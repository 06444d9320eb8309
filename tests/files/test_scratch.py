"""Scratch folders, and processes that end with the one that started them."""

import os
import subprocess
import sys

import pytest

from chainrule.files import scratch
from chainrule.files.scratch import PREFIX, scratch_folder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="folders have no locks and processes no groups there")


def test_what_the_dead_have_left_is_removed_and_what_the_living_use_stays(tmp_path):
    """A folder is locked as long as its process lives."""
    (tmp_path / f"{PREFIX}dead").mkdir()
    with scratch_folder(str(tmp_path)) as first, scratch_folder(str(tmp_path)) as second:
        assert sorted(tmp_path.iterdir()) == sorted([first, second])
        (first / "x").touch()
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells the living")
def test_the_semaphores_of_the_dead_go_too(tmp_path, monkeypatch):
    """Those of loky that a killed process has left; those of a living one stay."""
    monkeypatch.setattr(scratch, "SEMAPHORES", tmp_path)
    with subprocess.Popen([sys.executable, "-c", ""]) as done:
        done.wait()
    for process in (done.pid, os.getpid()):
        (tmp_path / f"{PREFIX}{process}-0").mkdir()
        (tmp_path / f"sem.loky-{process}-abc").touch()
    with scratch_folder(str(tmp_path)):
        assert [path.name for path in tmp_path.glob("sem.*")] == [f"sem.loky-{os.getpid()}-abc"]
