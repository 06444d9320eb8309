"""The command line: in this process, and as a user runs it where the process itself is what is asked about."""

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from chainrule import labs

ROOT = Path(__file__).parents[2]


def in_a_process(*arguments, cwd=None):
    """Run ``python -m chainrule`` and return what it printed and its exit code."""
    return subprocess.run(
        [sys.executable, "-m", "chainrule", *map(str, arguments)], capture_output=True, text=True, cwd=cwd, check=False
    )


def test_lab_run_prints_draws_and_writes(tmp_path):
    """One command trains, prints the text's lines and fills results/NAME."""
    done = in_a_process("lab", "run", "moons", "--no-sweep", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("It: 0, Error: 0.127\nIt: 1, Error: 0.052\n")
    assert json.loads((tmp_path / "results/moons/results.json").read_text())["lab"] == "moons"
    assert (tmp_path / "results/moons/figures/snapshots.svg").stat().st_size > 1000


@pytest.mark.usefixtures("unrendered")
def test_settings_arrive_as_from_python(chainrule, tmp_path):
    """--set, --seed and --out do what the same arguments do in Python."""
    arguments = ["--set", "learning_rate=10", "--set", "hidden=7,3", "--set", "data_sets=linear", "--set", "epochs=20"]
    assert chainrule("lab", "run", "xor", "--no-sweep", "--out", "x", "--seed", 5, *arguments)[0] == 0
    content = json.loads((tmp_path / "x/results.json").read_text())
    here = labs.load("xor").run(5, learning_rate=10, hidden=(7, 3), data_sets="linear", epochs=20)
    assert content["config"]["hidden"] == [7, 3]
    assert content["runs"][0]["history"]["loss"] == here.results[0].run.history["loss"].tolist()


@pytest.mark.usefixtures("unrendered")
def test_seeds_print_a_table(chainrule, tmp_path):
    """--seeds prints a row a run name that says how its runs ended."""
    settings = ["--set", "data_sets=xor_easy", "--set", "epochs=30"]
    code, out, err = chainrule("lab", "run", "xor", "--seeds", 2, *settings, "--out", "s")
    assert code == 0, err
    assert "xor_easy  2 max_epochs" in out
    assert json.loads((tmp_path / "s/results.json").read_text())["seeds"] == [0, 1]


@pytest.mark.usefixtures("unrendered")
def test_as_printed_says_what_is_wrong_in_one_line(chainrule):
    """The first line names the text's mistake."""
    _, out, _ = chainrule("lab", "run", "moons", "--no-sweep", "--as-printed", "--set", "epochs=2")
    first = out.splitlines()[0]
    assert first.startswith("As printed: the text divides the gradient of the hidden biases by N twice")
    assert first.endswith("The right line is DB = DZ.sum(0).")


@pytest.mark.parametrize("arguments", [["--help"], ["lab", "--help"], ["lab", "run", "--help"], ["lab", "list"]])
def test_help_leads_everywhere(arguments, chainrule):
    """Every level explains itself and exits with 0; the list names every lab."""
    code, out, _ = chainrule(*arguments)
    assert code == 0
    wanted = labs.names() if arguments[-1] == "list" else ["lab"]
    assert [name for name in wanted if name not in out] == []


@pytest.mark.parametrize("name", labs.names())
def test_show_names_every_setting(name, chainrule):
    """The settings are listed with their defaults."""
    _, out, _ = chainrule("lab", "show", name)
    settings = labs.load(name).settings
    assert len(settings) > 3
    assert [setting.name for setting in settings if setting.name not in out] == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["lab", "run", "xro"],
            f"Error: Unknown lab 'xro'. Did you mean 'xor'? The choices are: {', '.join(labs.names())}.\n",
        ),
        (["lab", "run", "xor", "--set", "epochs=0"], "Error: epochs must be a whole number ≥ 1, got 0.\n"),
        (["lab", "run", "xor", "--set", "epochs"], "Error: --set takes SETTING=VALUE"),
        (["lab", "run", "xor", "--data", "nowhere.csv"], "Error: There is no file nowhere.csv."),
        (["lab", "run", "xor", "--seeds", "0"], "Error: Invalid value for '--seeds': 0 is not in the range"),
        (["lab", "run", "xor", "--seeds", "2", "--animate"], "Error: Cannot use --animate together with --seeds: "),
        (["lab", "run", "xor", "--seed", "-1"], "Error: Invalid value for '--seed': -1 is not in the range"),
        (["lab", "run"], "Error: Missing argument 'NAME'.\n"),
        (["lab", "run", "xor", "--nonsense"], "Error: No such option"),
        (["nonsense"], "Error: No such command 'nonsense'."),
    ],
)
def test_errors_are_one_sentence_and_exit_code_2(arguments, sentence, chainrule):
    """What cannot be done is said in a line on standard error, without a traceback."""
    code, out, err = chainrule(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith(sentence)
    assert err.count("\n") == 1


@pytest.mark.parametrize("arguments", [["--debug", "lab", "run", "xro"], ["lab", "run", "xro", "--debug"]])
def test_debug_shows_the_traceback(arguments):
    """--debug may stand at either end."""
    done = in_a_process(*arguments)
    assert done.returncode != 0
    assert "Traceback" in done.stderr
    assert "Unknown lab 'xro'" in done.stderr


def test_a_terminal_sees_a_bar_with_loss_and_accuracy(tmp_path):
    """After two seconds on a terminal there is a bar with loss and accuracy; through a pipe there is none."""
    arguments = ["lab", "run", "xor", "--set", "data_sets=xor_alternating", "--set", "epochs=1000000",
                 "--set", "stop_loss=none", "--out", str(tmp_path / "t")]  # fmt: skip
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.one_pixel", *arguments], stdout=follower, stderr=follower, cwd=ROOT,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  # tests in the background ignore it
    )  # fmt: skip
    os.close(follower)
    seen = b""
    while b" accuracy 0." not in seen and b" accuracy 1." not in seen:
        seen += os.read(leader, 65536)
    process.send_signal(signal.SIGINT)
    while chunk := _read(leader):
        seen += chunk
    assert process.wait() == 130, seen[-3000:].decode(errors="replace")
    assert b"loss 0." in seen
    assert b"Ctrl-C after" in seen
    assert json.loads((tmp_path / "t/results.json").read_text())["runs"][0]["status"] == "stopped"


def _read(leader):
    """Read from a terminal whose program may be gone."""
    try:
        return os.read(leader, 65536)
    except OSError:
        return b""


def test_help_is_quick_to_load():
    """--help loads none of the libraries that compute or draw."""
    code = (
        "import sys; sys.argv = ['chainrule', '--help']\n"
        "from chainrule.cli import main\n"
        "try:\n    main()\nexcept SystemExit: pass\n"
        "print(sorted({'numpy', 'scipy', 'matplotlib', 'joblib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
