"""The commands on a cluster: a sweep finds the same, and no student is lost with a worker."""

import json
import os
import shutil
import signal
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner

from chainrule.cli import chainrule
from chainrule.cli.check_command import check
from chainrule.cli.sweep_command import sweep
from chainrule.course.grading import check_all

SOLUTION = Path(__file__).parents[2] / "src" / "chainrule" / "labs" / "xor" / "solution.py"


def test_a_sweep_finds_the_same_on_a_cluster(tmp_path, processes):
    """The same runs, scores and losses as on this machine's cores, but for the seconds."""
    rows = []
    for name, more in {"here": [], "there": ["--dask", processes.scheduler.address]}.items():
        words = f"--data moons --n 60 --set activation=relu;tanh --set epochs=5 --seeds 2 --out {tmp_path / name}"
        done = CliRunner().invoke(sweep, [*words.split(), *more])
        assert done.exit_code == 0, done.output
        [experiment] = json.loads((tmp_path / name / "results.json").read_text())["experiments"]
        for row in experiment["rows"]:
            for run in row["runs"]:
                run.pop("seconds")
        rows.append([row["runs"] for row in experiment["rows"]])
    assert rows[0] == rows[1]


def test_no_student_is_lost_with_a_worker(tmp_path, monkeypatch, processes):
    """A worker is killed while a class is checked: all are judged, and as they are without a cluster."""
    folder = tmp_path / "class"
    folder.mkdir()
    for name in ("ada", "ben", "cem"):
        shutil.copy(SOLUTION, folder / f"{name}.py")

    def killing(*given, **more):
        nanny = next(iter(processes.cluster.workers.values()))
        threading.Timer(1.0, lambda: os.kill(nanny.pid, signal.SIGKILL)).start()
        return check_all(*given, **more)

    monkeypatch.setattr("chainrule.course.grading.check_all", killing)
    grades = {}
    for name, more in {"there": ["--dask", processes.scheduler.address]}.items():
        done = CliRunner().invoke(check, [str(folder), "--lab", "xor", "--json", "--hint", "1", *more])
        told = json.loads(done.stdout)["submissions"]
        grades[name] = [(one["name"], one["points"]) for one in told]
    assert [name for name, _ in grades["there"]] == ["ada", "ben", "cem"]
    assert len({points for _, points in grades["there"]}) == 1


def test_a_cluster_is_for_a_class(tmp_path):
    """One submission needs no cluster."""
    shutil.copy(SOLUTION, tmp_path / "xor.py")
    done = CliRunner().invoke(chainrule, ["check", str(tmp_path / "xor.py"), "--dask", "local"])
    assert "--dask and --resume go with a folder of submissions" in str(done.exception or done.output)


@pytest.mark.parametrize("command", ["sweep --data moons --set epochs=1;2", "check CLASS --lab xor --csv g.csv"])
def test_an_address_without_a_scheduler_is_told(tmp_path, command):
    """One sentence, and nothing is trained or checked."""
    (tmp_path / "class").mkdir()
    shutil.copy(SOLUTION, tmp_path / "class" / "ada.py")
    words = command.replace("CLASS", str(tmp_path / "class")).replace("g.csv", str(tmp_path / "g.csv")).split()
    done = CliRunner().invoke(chainrule, [*words, "--dask", "nowhere", *(["--out", str(tmp_path / "o")] if words[0] == "sweep" else [])])
    assert "No Dask scheduler answers at 'nowhere'" in str(done.exception)
