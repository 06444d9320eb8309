"""The workflows of docs/teaching.md, their steps run one by one as GitHub's runner does."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from chainrule import labs

TEXT = (Path(__file__).parents[2] / "docs" / "teaching.md").read_text("utf-8")
STEP = re.compile(r"^( *)(?:- )?run: (?:\|\n((?:\1  .*\n|\n)+)|(.*)\n)", re.MULTILINE)


def steps(title):
    """Return what the first workflow after a title runs, without the installation."""
    block = re.search(rf"\*\*{title}\.\*\*.*?```yaml\n(.*?)```", TEXT, re.DOTALL)[1]
    found = [textwrap.dedent(many) if many else one for _, many, one in STEP.findall(block)]
    return [one for one in found if "pip install" not in one]


@pytest.fixture
def repository(tmp_path):
    """Push homework with one mistake to a bare repository, and check it out as the runner does."""
    work, runner = tmp_path / "work", tmp_path / "runner"
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main"]
    subprocess.run([*git, "init", "-q", "--bare", tmp_path / "hub.git"], check=True)
    subprocess.run([*git, "clone", "-q", tmp_path / "hub.git", work], check=True, capture_output=True)
    solution = labs.load("xor").homework.sheets[0].solution.read_text("utf-8")
    (work / "xor.py").write_text(solution.replace("self.lr * dW", "dW"), "utf-8")
    for words in (["add", "."], ["commit", "-qm", "homework"], ["push", "-q", "origin", "HEAD"]):
        subprocess.run([*git, "-C", work, *words], check=True, capture_output=True)
    subprocess.run([*git, "clone", "-q", "--depth", "1", f"file://{tmp_path}/hub.git", runner], check=True)
    return runner


def run(step, where):
    """Run a step as GitHub does, with bash -e; return its exit code and what it handed on."""
    handed = where.parent / "output"
    handed.write_text("")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    given = {**os.environ, "PATH": path, "GITHUB_OUTPUT": str(handed)}
    script = where.parent / "step.sh"
    script.write_text(step)
    code = subprocess.run(
        ["/usr/bin/env", "bash", "-e", script], cwd=where, env=given, check=False, capture_output=True
    ).returncode
    return code, dict(line.split("=", 1) for line in handed.read_text().splitlines())


def test_the_workflow_turns_red_and_leaves_a_report(repository):
    """What is wrong fails the step, and its JUnit file is there for the next one."""
    [check] = steps("GitHub")
    code, _ = run(check, repository)
    assert code == 1
    assert 'failures="1"' in (repository / "check.xml").read_text()


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is part of GitHub's runners, and not of this machine")
def test_classroom_is_told_each_functions_points(repository):
    """The reporter adds up the tests' scores, takes max_score, and fails where the status says so."""
    [check] = steps("GitHub Classroom")
    code, handed = run(check, repository)
    told = json.loads(base64.b64decode(handed["result"]))
    assert code == 0, "the reporter is who fails"
    assert (told["status"], told["max_score"], sum(one["score"] for one in told["tests"])) == ("fail", 10, 9)
    assert {one["name"]: one["status"] for one in told["tests"]}["Network.update"] == "fail"
    assert sum(one["status"] == "pass" for one in told["tests"]) == 5
