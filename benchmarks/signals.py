"""Signals at random moments: real commands are started, ended in the middle, and what is left of them is looked at.

``python -m benchmarks.signals --count 200 --seed 0`` sends Ctrl-C (once and twice), SIGTERM, SIGHUP and SIGKILL to
sweeps, labs and checks. Afterwards there must be no traceback, no process, no temporary file, and of every output the
old one or the new one, whole. POSIX alone.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
import xml.etree.ElementTree as ET
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import click
import numpy as np
import psutil

from chainrule import labs
from chainrule.files import atomic
from chainrule.files.scratch import PREFIX
from chainrule.labs.folder import DRAFT, files_of, results_folder
from chainrule.labs.report import write_report

MARK = "CHAINRULE_SIGNALS"  # in the environment of everything that a trial starts
KINDS = {
    "SIGINT": [signal.SIGINT],
    "SIGTERM": [signal.SIGTERM],
    "SIGHUP": [signal.SIGHUP],
    "SIGKILL": [signal.SIGKILL],
    "SIGINT twice": [signal.SIGINT, signal.SIGINT],
}
PATIENCE = 60.0  # seconds until what was told to end has hung
LATER = 10.0  # seconds until what works for it is gone, too


@dataclass(frozen=True)
class Command:
    """A command line, and what it writes."""

    words: tuple[str, ...]
    folder: str | None = None
    lab: str = ""
    codes: tuple[int, ...] = (0,)


SWEEP = "sweep --data big.csv --set hidden=2;3 --set epochs=4 --seeds 2 --out out"
SEEDS = "lab run xor --seeds 4 --set data_sets=xor_easy --set epochs=1000 --out out"
CHECK = "check class --lab xor --csv g.csv --junit j.xml --seconds 3"
COMMANDS = {
    "sweep": Command(tuple(SWEEP.split()), "out", "sweep"),
    "experiments": Command(("lab", "run", "mylab.py", "--out", "out"), "out", "mine"),
    "seeds": Command(tuple(SEEDS.split()), "out", "xor"),
    "check": Command(tuple(CHECK.split()), codes=(0, 1)),
    "check one": Command(("check", "class/anna.py", "--junit", "j.xml"), codes=(0, 1)),
}
MYLAB = """
from dataclasses import replace
from chainrule import labs
xor = labs.load("xor")
asked = labs.Experiment("rates", "Rates", "How fast?", {"learning_rate": (0.3, 10.0)}, {"data_sets": ("linear",)}, 3)
settings = tuple(replace(one, default={"epochs": 400, "data_sets": ("linear",)}.get(one.name, one.default))
                 for one in xor.settings)
LAB = replace(xor, name="mine", experiments=(asked,), settings=settings)
"""
CHILD = "import subprocess, time\nsubprocess.Popen(['sleep', '600'])\ntime.sleep({})\n"


@dataclass
class Trial:
    """A command, the signals it gets, when, and whether an older run's outputs are there."""

    number: int
    command: str
    kind: str
    moments: list[float]
    older: bool
    group: bool = False  # as a terminal sends it: to all that the command has started in its group, too
    wrong: list[str] = field(default_factory=list)
    ended: str = ""


@cache
def big_table() -> str:
    """Six thousand rows of thirty numbers and a class."""
    stream, text = np.random.RandomState(0), io.StringIO()
    table = np.column_stack([stream.normal(size=(6000, 30)).round(3), np.arange(6000) % 2])
    np.savetxt(text, table, delimiter=",", fmt="%g", header=",".join("abcdefghijklmnopqrstuvwxyzABCDE"))
    return text.getvalue()


def prepare(folder: Path, *, older: Path | None) -> None:
    """Lay out what the commands need."""
    (folder / "big.csv").write_text(big_table())
    (folder / "mylab.py").write_text(MYLAB)
    solution = labs.load("xor").homework.sheets[0].solution.read_text(encoding="utf-8")
    (folder / "class").mkdir()
    for name, more in {"anna": "", "ben": CHILD.format(1), "cora": ""}.items():
        (folder / "class" / f"{name}.py").write_text(solution + "\n" + more, encoding="utf-8")
    if older is not None:
        shutil.copytree(older, folder, dirs_exist_ok=True)


def start(words: tuple[str, ...], place: Path, mark: str) -> subprocess.Popen[str]:
    """Start a command in a place of its own, where it also has its temporary files."""
    for name in ("tmp", "shm"):
        (place / name).mkdir(exist_ok=True)
    surroundings = {MARK: mark, "TMPDIR": str(place / "tmp"), "JOBLIB_TEMP_FOLDER": str(place / "shm")}
    with (place / "err").open("w") as err, (place / "log").open("w") as log:
        return subprocess.Popen(  # noqa: S603  # our own command line
            [sys.executable, "-m", "chainrule", *words],
            cwd=place / "work",
            env=os.environ | surroundings,
            stdout=log,
            stderr=err,
            text=True,
            start_new_session=True,
        )


def alive(mark: str) -> list[str]:
    """Name the processes that a trial has started and that are there still."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == mark and process.status() != psutil.STATUS_ZOMBIE:
                found.append(" ".join(process.cmdline())[:120])
        except (psutil.NoSuchProcess, psutil.AccessDenied, ProcessLookupError, OSError):
            continue
    return found


def until(nothing, seconds: float):
    """Ask again and again until the answer is empty; return the last one."""
    end = time.monotonic() + seconds
    while (found := nothing()) and time.monotonic() < end:
        time.sleep(0.1)
    return found


def hashes(folder: Path) -> dict[str, str]:
    """The content of each file below a folder."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and DRAFT not in path.parts]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def look_at_folder(out: Path, lab: str, before: dict[str, str]) -> list[str]:
    """Say what is not whole in a results folder: it is the older run's, the new one's, or not there."""
    now = hashes(out)
    if "results.json" not in now:
        return [f"old results are gone, left: {list(now)}"] if before else [f"parts: {list(now)}"] if now else []
    if now == before:
        return []
    content = json.loads((out / "results.json").read_text(encoding="utf-8"))
    names = [*files_of(content), "report.html"]
    told = [f"{name} is missing" for name in names if name not in now]
    told += [f"{name} is nobody's" for name in now if name not in names]
    told += [f"{name} is the older run's" for name in now if name.endswith((".safetensors", ".html", ".json"))
             and now[name] == before.get(name)]  # fmt: skip
    return told + ([] if content["lab"] == lab else ["another lab"])


def look_at_check(work: Path, before: dict[str, str]) -> list[str]:
    """Say what is not whole in the outputs of a check."""
    told = []
    for name in ("g.csv", "g.html", "j.xml"):
        path = work / name
        if not path.exists():
            told += [f"{name} is gone"] * (name in before)
        elif hashlib.sha256(path.read_bytes()).hexdigest() == before.get(name):
            continue
        elif name == "j.xml":
            ET.parse(path)  # noqa: S314  # our own
        elif name == "g.csv" and len({len(row) for row in csv.reader(path.read_text().splitlines())}) != 1:
            told.append("g.csv has ragged rows")
        elif name == "g.csv" and len(path.read_text().splitlines()) < 2:
            told.append("g.csv has a header only")
    return told


def run(trial: Trial, older: Path) -> Trial:
    """Run one trial and note what is wrong afterwards."""
    command, mark = COMMANDS[trial.command], uuid.uuid4().hex
    with tempfile.TemporaryDirectory(prefix="signals-") as folder:
        place = Path(folder)
        (place / "work").mkdir()
        prepare(place / "work", older=older / trial.command if trial.older else None)
        before = hashes(place / "work" / (command.folder or ""))
        process = start(command.words, place, mark)
        began = time.monotonic()
        for moment, number in zip(trial.moments, KINDS[trial.kind], strict=True):
            time.sleep(max(0.0, began + moment - time.monotonic()))
            if process.poll() is None:
                os.killpg(process.pid, number) if trial.group else process.send_signal(number)
        try:
            code = process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            trial.wrong.append("it hangs")
            process.kill()
            code = process.wait()
        trial.ended = str(code)
        look(trial, command, place, code, mark, before)
    return trial


def look(trial: Trial, command: Command, place: Path, code: int, mark: str, before: dict[str, str]) -> None:
    """Note everything that is not as it must be."""
    work, said, number = place / "work", (place / "err").read_text(), KINDS[trial.kind][0]
    killed = number == signal.SIGKILL
    if "init_import_site" in said or "Could not import runpy" in said:
        trial.ended += ", before Python had started"
        return
    if code not in (*command.codes, 128 + number, -number):
        trial.wrong.append(f"exit code {code}")
    if not killed and ("Traceback" in said or "ignored in" in said or "leaked" in said):
        trial.wrong.append(f"said {said[-2000:]}")
    if left := until(lambda: alive(mark), LATER):
        trial.wrong.append(f"processes {left}")
    if not killed and any(left := [path.name for name in ("tmp", "shm") for path in (place / name).iterdir()]):
        trial.wrong.append(f"temporary files {left}")
    if killed and (left := until(lambda: left_of_killed(place), LATER)):
        trial.wrong.append(f"temporary files {left}")
    if command.folder is None:
        drafts = [] if killed else list(work.rglob(f"{atomic.DRAFT}*"))
        trial.wrong += [*look_at_check(work, before), *map(str, drafts)]
        return
    out = work / command.folder
    if killed:
        trial.ended += tidied(out, command.lab, work)
    if not killed and not before and out.exists() and not (out / "results.json").exists():
        trial.wrong.append("a folder is left")
    trial.wrong += look_at_folder(out, command.lab, before) if out.exists() else []
    trial.wrong += [str(path) for path in work.rglob(f"{DRAFT}*")]


def tidied(out: Path, lab: str, work: Path) -> str:
    """Do what the next command does with a folder that was left in the middle; say what that was."""
    done = ""
    if (out / DRAFT / "ready").is_dir():
        done += ", finished by the next"
        write_report(out, lab=labs.load(work / "mylab.py") if lab == "mine" else None)
    if (out / DRAFT).is_dir():
        done += ", tidied by the next"
        with suppress(StopIteration), results_folder(out, lab):
            next(iter(()))  # a run that fails
    return done


def left_of_killed(place: Path) -> list[str]:
    """What is left of a process that was killed, and that the next one would not tidy away."""
    left = [path for name in ("tmp", "shm") for path in (place / name).iterdir()]
    return [path.name for path in left if not path.name.startswith(PREFIX)]


def make_older(name: str, older: Path) -> float:
    """Run a command to its end, with other settings, for what an older run leaves; return how long it took."""
    command = COMMANDS[name]
    with tempfile.TemporaryDirectory(prefix="signals-") as folder:
        place = Path(folder)
        (place / "work").mkdir()
        prepare(place / "work", older=None)
        other = ("--seed", "7") if command.folder else ()
        began = time.monotonic()
        code = start((*command.words, *other), place, "older").wait()
        seconds = time.monotonic() - began
        if code not in command.codes:
            raise SystemExit(f"{name}: exit code {code}\n{(place / 'err').read_text()}")
        kept = older / name
        kept.mkdir(parents=True)
        if command.folder:
            shutil.copytree(place / "work" / command.folder, kept / command.folder)
        else:
            for path in ("g.csv", "g.html", "j.xml"):
                if (place / "work" / path).exists():
                    shutil.copy(place / "work" / path, kept / path)
    return seconds


def plan(count: int, seed: int, seconds: dict[str, float]) -> list[Trial]:
    """Draw the trials: commands and signals in turn, moments at random."""
    stream = random.Random(seed)  # noqa: S311  # not a secret
    trials = []
    names, kinds = list(COMMANDS), list(KINDS)
    for number in range(count):
        name, kind = names[number % len(names)], kinds[(number // len(names)) % len(kinds)]
        first = stream.uniform(0.0, 1.05 * seconds[name])
        moments = [first, first + stream.uniform(0.0, 1.0)][: len(KINDS[kind])]
        older, group = stream.random() < 0.5, stream.random() < 0.5
        trials.append(Trial(number, name, kind, moments, older, group))
    return trials


def main() -> None:
    """Run the trials and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # what a shell lets ignore, in the background, is not
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    with tempfile.TemporaryDirectory(prefix="signals-") as folder:
        older = Path(folder)
        seconds = {name: make_older(name, older) for name in COMMANDS}
        click.echo(str({name: round(value, 1) for name, value in seconds.items()}))
        with ThreadPoolExecutor(asked.jobs) as pool:
            done = []
            for trial in pool.map(lambda one: run(one, older), plan(asked.count, asked.seed, seconds)):
                done.append(trial)
                moments = ", ".join(f"{moment:.2f}" for moment in trial.moments)
                what = f"{trial.command}, {trial.kind}{' to all' * trial.group} at {moments}"
                click.echo(f"{trial.number} {what}: {trial.ended} {trial.wrong}")
    click.echo(str(Counter((trial.kind, trial.ended) for trial in done)))
    bad = [trial for trial in done if trial.wrong]
    click.echo(f"{len(bad)} of {len(done)} left something wrong")
    raise SystemExit(bool(bad))


if __name__ == "__main__":
    main()
