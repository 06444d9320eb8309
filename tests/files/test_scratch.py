"""Scratch folders, and processes that end with the one that started them."""

import os
import signal
import subprocess
import sys
import time

import pytest

from chainrule.files.scratch import PREFIX, scratch_folder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="folders have no locks and processes no groups there")


def until(true):
    """Wait as long as a test may."""
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_what_the_dead_have_left_is_removed_and_what_the_living_use_stays(tmp_path):
    """A folder is locked as long as its process lives."""
    (tmp_path / f"{PREFIX}dead").mkdir()
    with scratch_folder(str(tmp_path)) as first, scratch_folder(str(tmp_path)) as second:
        assert sorted(tmp_path.iterdir()) == sorted([first, second])
        (first / "x").touch()
    assert not list(tmp_path.iterdir())


WATCHED = """
import subprocess, sys, time
from pathlib import Path
from chainrule.processes.orphans import watched
place = Path(sys.argv[1])
(place / "scratch").mkdir()
(place / "worker.py").write_text("import os, sys, time, subprocess\\n"
    "child = subprocess.Popen(['sleep', '600'])\\nopen(sys.argv[1], 'w').write(f'{os.getpid()} {child.pid} ')\\n"
    "time.sleep(600)")
with watched(place / "scratch") as (python, descriptors):
    subprocess.Popen([*python, "worker", str(place / "mark")], cwd=place, start_new_session=True,
                     pass_fds=descriptors, env={"PYTHONPATH": str(place)}).wait()
"""


def gone(number):
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return True
    with open(f"/proc/{number}/stat") as file:  # noqa: PTH123
        return file.read().split()[2] == "Z"


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells a zombie from the living")
def test_a_worker_its_children_and_its_scratch_end_with_a_parent_that_is_killed(tmp_path):
    """Nobody tidies up after SIGKILL but the watcher."""
    mark = tmp_path / "mark"
    with subprocess.Popen([sys.executable, "-c", WATCHED, str(tmp_path)]) as parent:
        until(lambda: mark.exists() and mark.read_text().endswith(" "))
        worker, child = map(int, mark.read_text().split())
        assert not gone(worker)
        assert not gone(child)
        parent.send_signal(signal.SIGKILL)
    until(lambda: gone(worker) and gone(child) and not (tmp_path / "scratch").exists())
