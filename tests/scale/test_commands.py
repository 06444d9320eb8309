"""The commands on a cluster: a sweep finds the same, and no student is lost with a worker."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner

from chainrule import cli
from chainrule.labs.experiment import AS_PRINTED
from chainrule.labs.run_experiments import _run_job
from chainrule.labs.settings import configure
from chainrule.labs.sweep import make_lab, read_source

SOLUTION = Path(__file__).parents[2] / "src" / "chainrule" / "labs" / "xor" / "solution.py"


@pytest.mark.usefixtures("unrendered")
def test_a_sweep_finds_the_same_on_a_cluster(tmp_path, processes, chainrule):
    """Each run is the one that this machine's cores would make, but for its seconds."""
    words = f"--data moons --n 60 --set activation=relu;tanh --set epochs=5 --seeds 1 --out {tmp_path / 'out'}"
    code, _, said = chainrule("sweep", *words.split(), "--dask", processes.scheduler.address)
    assert code == 0, said
    [experiment] = json.loads((tmp_path / "out" / "results.json").read_text())["experiments"]
    lab = make_lab(read_source("moons", n=60))
    for row in experiment["rows"]:
        job = configure("sweep", lab.settings, {**row["settings"], "epochs": 5}) | {AS_PRINTED: False}
        [there], (_, [here]) = (
            row["runs"],
            _run_job(lab, "", (job, 0), {"data": None, "engine": "auto", "student": None}),
        )
        del there["seconds"], here["seconds"]
        assert there == json.loads(json.dumps(here))


def test_no_student_is_lost_with_a_worker(tmp_path, processes):
    """A worker is killed while a class is checked: all are judged, and as they are without a cluster."""
    folder = tmp_path / "class"
    folder.mkdir()
    for name in ("ada", "ben", "cem"):
        shutil.copy(SOLUTION, folder / f"{name}.py")

    nanny = next(iter(processes.cluster.workers.values()))
    killer = threading.Timer(3.0, lambda: os.kill(nanny.pid, signal.SIGKILL))
    killer.start()
    words = [str(folder), "--lab", "xor", "--json", "--hint", "1", "--dask", processes.scheduler.address]
    command = [sys.executable, "-m", "chainrule", "check", *words]  # in a process of its own, as a user does
    printed = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, timeout=100).stdout
    killer.join()
    told = json.loads(printed)["submissions"]
    assert [one["name"] for one in told] == ["ada", "ben", "cem"]
    assert {one["points"] for one in told} == {one["worth"] for one in told}


def test_a_cluster_is_for_a_class(tmp_path):
    """One submission needs no cluster."""
    shutil.copy(SOLUTION, tmp_path / "xor.py")
    done = CliRunner().invoke(cli.chainrule, ["check", str(tmp_path / "xor.py"), "--dask", "local"])
    assert "--dask and --resume go with a folder of submissions" in str(done.exception or done.output)


@pytest.mark.parametrize(
    "command",
    ["sweep --data moons --set epochs=1;2 --out FOLDER/out", "check FOLDER/class --lab xor --csv FOLDER/g.csv"],
)
def test_an_address_without_a_scheduler_is_told(tmp_path, command, chainrule):
    """One sentence, and nothing is trained or checked."""
    (tmp_path / "class").mkdir()
    for name in ("ada", "ben"):
        shutil.copy(SOLUTION, tmp_path / "class" / f"{name}.py")
    words = command.replace("FOLDER", str(tmp_path)).split()
    code, _, said = chainrule(*words, "--dask", "nowhere")
    assert code == 2, said
    assert "No Dask scheduler answers at 'nowhere'" in said
