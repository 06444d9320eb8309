"""``chainrule explain`` and ``chainrule report``: what they write, and what they answer to what cannot be done."""

import re
import subprocess
import sys

import numpy as np
import pytest

import chainrule as cr
from chainrule import labs
from chainrule.cli import main
from chainrule.labs.results import write_json

NET = cr.Network([cr.Dense(3, "tanh"), cr.Dense(1, "sigmoid")], 2, "log_loss")
LINE = "2,3:tanh,1:sigmoid"
S3 = ("2,100:sigmoid,100:sigmoid,2:softmax", "2,100:relu,2:softmax")


@pytest.fixture
def chainrule(monkeypatch, capsys):
    """Run the command line in this process: exit code, output, errors."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["chainrule", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    return run


@pytest.fixture
def saved(tmp_path):
    """A saved network."""
    cr.save(tmp_path / "net.safetensors", NET, NET.initial_theta(7))
    return tmp_path / "net.safetensors"


@pytest.fixture(scope="module")
def content():
    """What results.json holds of a short run."""
    return labs.load("moons").run(0, epochs=3, progress=False).to_dict()


@pytest.fixture
def folder(tmp_path, content):
    """What that run leaves, without its pictures."""
    write_json(tmp_path / "results.json", content)
    return tmp_path


# --- explain --------------------------------------------------------------------------------------------------------


def test_line_is_explained_as_its_network(chainrule):
    """--layers writes what explain writes of that network, as text."""
    assert chainrule("explain", "--layers", LINE) == (0, cr.explain(NET, format="text") + "\n", "")


@pytest.mark.parametrize(
    ("line", "arguments", "net"),
    [
        ("2,1", (), cr.Network([cr.Dense(1)], 2)),
        (" 4 , 5:relu:nobias , 3:softmax ", (),
         cr.Network([cr.Dense(5, "relu", bias=False), cr.Dense(3, "softmax")], 4, "cross_entropy")),
        ("2,5:nobias,1:sigmoid", ("--loss", "half_squared_error"),
         cr.Network([cr.Dense(5, bias=False), cr.Dense(1, "sigmoid")], 2)),
        ("2,1", ("--loss", "huber(2)"), cr.Network([cr.Dense(1)], 2, "huber(2)")),
    ],
)  # fmt: skip
def test_each_part_of_a_line_arrives(chainrule, line, arguments, net):
    """Units, activations, nobias and the loss; without a loss the one that fits the output."""
    assert chainrule("explain", "--layers", line, *arguments)[1] == cr.explain(net, format="text") + "\n"


def test_options_arrive_as_from_python(chainrule):
    """--l2, --learning-rate, --convention and --format do what the same arguments do in Python."""
    options = ("--l2", 0.25, "--learning-rate", 0.75, "--convention", "columns", "--format", "markdown")
    expected = cr.explain(NET, l2=0.25, learning_rate=0.75, convention="columns")

    assert chainrule("explain", "--layers", LINE, *options)[1] == expected + "\n"


@pytest.mark.parametrize("targets", [(), ("--target", "1", "--target", "0")])
def test_samples_are_followed_with_numbers(chainrule, targets):
    """--sample and --target stand with their numbers, from parameters drawn by --seed."""
    code, said, _ = chainrule(
        "explain", "--layers", LINE, "--seed", 7, "--sample", "0,1", "--sample=-.5,2e-1", *targets
    )
    T = [[1.0], [0.0]] if targets else None

    assert code == 0
    assert said == cr.explain(NET, NET.initial_theta(7), [[0, 1], [-0.5, 0.2]], T, format="text") + "\n"
    assert f"{NET.predict(NET.initial_theta(7), [[0, 1]])[0, 0]:.3g}"[:4] in said


def test_saved_network_is_explained_with_its_own_numbers(chainrule, saved):
    """The file's parameters are used, whatever --seed says."""
    arguments = (saved, "--sample", "0,1", "--target", "1")
    said = chainrule("explain", *arguments)[1]

    assert said == cr.explain(NET, NET.initial_theta(7), [[0, 1]], [[1]], format="text") + "\n"
    assert chainrule("explain", *arguments, "--seed", 3)[1] == said


def test_an_estimators_file_is_explained_and_drawn_as_its_network(chainrule, tmp_path):
    """The network that an estimator holds is the one that is shown."""
    reg = cr.MLPRegressor(hidden_layer_sizes=(2,), solver="lbfgs", random_state=0).fit([[0.0], [1.0]], [0.0, 1.0])
    cr.save(tmp_path / "reg.safetensors", reg)
    cr.save(tmp_path / "net.safetensors", reg.network_, reg.theta_)
    told = [chainrule("explain", tmp_path / f"{name}.safetensors") for name in ("reg", "net")]
    assert told[0] == told[1]
    assert told[0][0] == 0
    assert chainrule("draw", tmp_path / "reg.safetensors", "--out", tmp_path / "reg.svg")[0] == 0


def test_out_never_replaces_the_network(chainrule, tmp_path):
    """A saved network is not lost to its own explanation."""
    saved = tmp_path / "net.safetensors"
    cr.save(saved, NET, NET.initial_theta(0))
    there = saved.read_bytes()
    for words in ((saved,), ("--layers", LINE, "--compared-with", saved)):
        code, _, error = chainrule("explain", *words, "--format", "text", "--out", saved)
        assert (code, "it is read as well, and would be lost" in error) == (2, True)
    assert saved.read_bytes() == there


@pytest.mark.parametrize(
    ("suffix", "start"),
    [(".md", "# "), (".tex", "\\documentclass"), (".html", "<!DOCTYPE html>"), (".txt", ""), (".HTML", "<!DOCTYPE")],
)
def test_suffix_of_out_chooses_the_format(chainrule, tmp_path, suffix, start):
    """Each suffix is a format; missing folders are made, and only the file's name is printed."""
    out = tmp_path / "new folder" / f"net{suffix}"
    kind = {".md": "markdown", ".tex": "latex", ".html": "html", ".txt": "text"}[suffix.lower()]

    assert chainrule("explain", "--layers", LINE, "--out", out) == (0, f"Written: {out}\n", "")
    text = out.read_text(encoding="utf-8")
    assert text.startswith(start)
    if kind != "html":
        assert text == cr.explain(NET, format=kind)
    assert [path.name for path in out.parent.iterdir()] == [out.name]


def test_format_wins_over_the_suffix(chainrule, tmp_path):
    """--format is obeyed, with --out of any name."""
    out = tmp_path / "net.rst"

    assert chainrule("explain", "--layers", LINE, "--format", "markdown", "--out", out)[0] == 0
    assert out.read_text(encoding="utf-8") == cr.explain(NET)


def test_page_shows_the_network(chainrule, saved, tmp_path):
    """The page has the graph of the network in it, whether it was saved or given in a line."""
    for k, network in enumerate([(saved,), ("--layers", LINE)]):
        assert chainrule("explain", *network, "--out", tmp_path / f"{k}.html")[0] == 0
        assert '<img alt="The network as a graph: ' in (tmp_path / f"{k}.html").read_text(encoding="utf-8")


def test_changes_are_told_from_a_line_or_a_file(chainrule, saved):
    """--compared-with takes another line, or a saved network; of the same network nothing changes."""
    nets = [cr.Network([cr.Dense(100, "sigmoid")] * 2 + [cr.Dense(2, "softmax")], 2, "cross_entropy"),
            cr.Network([cr.Dense(100, "relu"), cr.Dense(2, "softmax")], 2, "cross_entropy")]  # fmt: skip
    expected = cr.explain(nets[0], compared_with=nets[1], format="text") + "\n"

    assert chainrule("explain", "--layers", S3[0], "--compared-with", S3[1]) == (0, expected, "")
    assert "Nothing changes" in chainrule("explain", "--layers", LINE, "--compared-with", saved)[1]
    assert "Nothing changes" in chainrule("explain", saved, "--compared-with", LINE)[1]
    assert "Nothing changes" in chainrule("explain", saved, "--compared-with", saved)[1]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "Name a saved network, or describe one"),
        (("net.safetensors", "--layers", LINE), "Name a saved network, or describe one"),
        (("--layers", ""), "--layers needs the number of features and at least one layer"),
        (("--layers", "2"), "--layers needs the number of features and at least one layer"),
        (("--layers", "2,"), "--layers counts features and units in whole numbers"),
        (("--layers", "two,1"), "--layers counts features and units in whole numbers"),
        (("--layers", "2,1.5:tanh"), "--layers counts features and units in whole numbers"),
        (("--layers", "2,3:tanh:relu"), "--layers takes UNITS:ACTIVATION[:nobias]"),
        (("--layers", "2,3:tnah"), "Unknown activation 'tnah'. Did you mean 'tanh'?"),
        (("--layers", "2,0:tanh"), "n_outputs must be a whole number ≥ 1, got 0."),
        (("--layers", "0,1:tanh"), "n_features must be a whole number ≥ 1, got 0."),
        (("--layers", "-2,1"), "n_features must be a whole number ≥ 1, got -2."),
        (("--layers", LINE, "--loss", "log_los"), "Unknown loss 'log_los'. Did you mean 'log_loss'?"),
        (("--layers", LINE, "--loss", "cross_entropy"), "Cannot use loss 'cross_entropy' on sigmoid"),
        (("--layers", LINE, "--l2", "-1"), "l2 must be a number ≥ 0, got -1.0."),
        (("--layers", LINE, "--l2", "nan"), "l2 must be a number ≥ 0, got nan."),
        (("--layers", LINE, "--l2", "much"), "Invalid value for '--l2'"),
        (("--layers", LINE, "--learning-rate", "0"), "learning_rate must be a number > 0, got 0.0."),
        (("--layers", LINE, "--seed", "-1", "--sample", "0,1"), "Invalid value for '--seed'"),
        (("--layers", LINE, "--seed", "1e3"), "Invalid value for '--seed'"),
        (("--layers", LINE, "--sample", "0,1", "--sample", "1"), "X must be an array of numbers; its rows have"),
        (("--layers", LINE, "--sample", "0,x"), "--sample takes numbers, as in --sample 0.5,1, got '0,x'."),
        (("--layers", LINE, "--sample", ""), "--sample takes numbers, as in --sample 0.5,1, got ''."),
        (("--layers", LINE, "--sample", "nan,1"), "X holds nan at row 0, column 0."),
        (("--layers", LINE, "--sample", "1,2,3"), "X has 3 columns, the network expects 2."),
        (("--layers", LINE, "--sample", "0,1", "--target", "1;2"), "--target takes numbers"),
        (("--layers", LINE, "--sample", "0,1", "--target", "7"), "The loss 'log_loss' needs targets between 0 and 1"),
        (("--layers", LINE, "--sample", "0,1", "--target", "1", "--target", "0"), "X has 1 rows and T has 2"),
        (("--layers", LINE, "--compared-with", "2"), "--layers needs the number of features"),
        (("--layers", LINE, "--compared-with", "nowhere.safetensors"), "There is no file nowhere.safetensors."),
        (("--layers", LINE, "--compared-with", "2,1", "--sample", "0,1"), "A comparison is one of formulas"),
        (("--layers", LINE, "--format", "pdf"), "Invalid value for '--format'"),
        (("--layers", LINE, "--convention", "diagonal"), "Invalid value for '--convention'"),
        (("--layers", LINE, "--out", "net.pdf"), "--out must end in .md, .tex, .html, .txt, got 'net.pdf'"),
        (("--layers", LINE, "--out", "net"), "--out must end in .md, .tex, .html, .txt, got 'net'"),
        (("nowhere.safetensors",), "There is no file nowhere.safetensors."),
        (("nowhere.safetensors", "--loss", "log_loss"), "--loss goes with --layers"),
        ((".",), ". is a directory. Name a file in it."),
        ((__file__,), f"{__file__} is cut short, or not a chainrule model"),
        (("--layer", LINE), "No such option"),
        (("a.safetensors", "b.safetensors"), "Got unexpected extra argument"),
    ],
)  # fmt: skip
def test_what_cannot_be_explained_is_said_in_a_sentence(chainrule, arguments, sentence):
    """Each bad input is one line on standard error and exit code 2, and nothing is printed."""
    code, out, error = chainrule("explain", *arguments)

    assert (code, out, error.count("\n")) == (2, "", 1)
    assert error.startswith(f"Error: {sentence}")


def test_target_without_sample_is_told_in_the_words_of_the_command_line(chainrule):
    """Who forgets --sample is told so, and not of arguments of a Python function."""
    code, out, error = chainrule("explain", "--layers", LINE, "--target", "1")

    assert (code, out) == (2, "")
    assert "--sample" in error
    assert "theta" not in error


def test_network_beyond_memory_has_no_traceback(chainrule):
    """The formulas of a network need none of its numbers; where they are asked for, a sentence says it is too large."""
    for more in ((), ("--sample", "0,1")):
        code, _, error = chainrule("explain", "--layers", "2,1000000000000000:relu,1", *more)
        assert (code, error.count("\n")) in [(0, 0), (2, 1)]


def test_out_that_cannot_be_written_is_said(chainrule, tmp_path):
    """A folder in place of the file is named, and no draft is left."""
    (tmp_path / "net.md").mkdir()
    code, out, error = chainrule("explain", "--layers", LINE, "--out", tmp_path / "net.md")

    assert (code, out) == (2, "")
    assert error.startswith(f"Error: Cannot write {tmp_path / 'net.md'}: ")
    assert [path.name for path in tmp_path.iterdir()] == ["net.md"]


def test_refused_explanation_leaves_the_old_file(chainrule, tmp_path):
    """What was written before stays when the next attempt is refused."""
    (tmp_path / "net.md").write_text("the old one")

    assert chainrule("explain", "--layers", "2,3:tnah", "--out", tmp_path / "net.md")[0] == 2
    assert (tmp_path / "net.md").read_text() == "the old one"


def test_network_with_parts_of_its_own_is_said_to_have_them(chainrule, tmp_path):
    """A loss that only a Python program knows is named, in a line and with exit code 2."""
    [done] = labs.load("xor").run(0, as_printed=True, data_sets="xor_easy", epochs=2, progress=False).results
    cr.save(tmp_path / "net.safetensors", done.task.net, done.run.theta)
    code, out, error = chainrule("explain", tmp_path / "net.safetensors")

    assert (code, out, error.count("\n")) == (2, "", 1)
    assert "'label_blind'" in error


# --- report ---------------------------------------------------------------------------------------------------------


def test_report_is_written_and_named(chainrule, folder):
    """The command writes FOLDER/report.html and says so."""
    assert chainrule("report", folder) == (0, f"Written: {folder / 'report.html'}\n", "")
    assert f"<title>{labs.load('moons').title}</title>" in (folder / "report.html").read_text(encoding="utf-8")


def test_title_and_author_stand_above(chainrule, folder):
    """--title replaces the lab's own, --author stands below it; both are escaped."""
    assert chainrule("report", folder, "--title", 'Lab <1>: "&" $x$', "--author", "Ada Lovelace, 1815")[0] == 0
    text = (folder / "report.html").read_text(encoding="utf-8")

    assert "<title>Lab &lt;1&gt;: &quot;&amp;&quot; $x$</title>" in text
    assert re.search(r"<h1[^>]*>Lab &lt;1&gt;: &quot;&amp;&quot; \$x\$</h1>\n<p>Ada Lovelace, 1815</p>", text)
    assert labs.load("moons").title not in text


def test_report_without_words_replaces_the_one_with_them(chainrule, folder):
    """Each time the page is written anew: no author of last time is left."""
    chainrule("report", folder, "--author", "Ada Lovelace")
    chainrule("report", folder)

    assert "Ada Lovelace" not in (folder / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "There is no results.json in "),
        ('{"lab": "moons", "runs": [', "{path} cannot be read: "),
        ("[1, 2]", "{path} is not what a lab writes: "),
        ('{"lab": "moons", "config": {}, "versions": {}, "runs": [{}]}', "{path} is not what a lab writes: "),
    ],
)
def test_folder_that_is_none_is_said_in_a_sentence(chainrule, tmp_path, text, sentence):
    """One line on standard error, exit code 2, and the report that was there stays."""
    path = tmp_path / "results.json"
    (tmp_path / "report.html").write_text("the old one")
    if text is not None:
        path.write_text(text)
    code, out, error = chainrule("report", tmp_path)

    assert (code, out, error.count("\n")) == (2, "", 1)
    assert error.startswith("Error: " + sentence.format(path=path))
    assert (tmp_path / "report.html").read_text() == "the old one"


def test_results_of_an_unknown_lab_are_said_to_be(chainrule, tmp_path, content):
    """The labs that there are, and the nearest."""
    write_json(tmp_path / "results.json", {**content, "lab": "mons"})
    code, out, error = chainrule("report", tmp_path)

    assert (code, out, error.count("\n")) == (2, "", 1)
    assert error.startswith("Error: Unknown lab 'mons'. Did you mean 'moons'?")


def test_run_without_network_is_said_to_be(chainrule, tmp_path, content):
    """What is missing is named by its place in results.json."""
    [run] = content["runs"]
    bare = {key: value for key, value in run.items() if key != "network"}
    write_json(tmp_path / "results.json", {**content, "runs": [bare]})
    code, out, error = chainrule("report", tmp_path)

    assert (code, out, error.count("\n")) == (2, "", 1)
    assert "missing required field network - at $.runs[0]" in error


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "Missing argument 'FOLDER'."),
        (("nowhere",), "There is no results.json in nowhere"),
        ((__file__,), f"There is no results.json in {__file__}"),
        ((".", "--titel", "x"), "No such option"),
    ],
)
def test_what_cannot_be_reported_is_said_in_a_sentence(chainrule, arguments, sentence):
    """Each bad input is one line on standard error and exit code 2."""
    code, out, error = chainrule("report", *arguments)

    assert (code, out, error.count("\n")) == (2, "", 1)
    assert error.startswith(f"Error: {sentence}")


def test_real_process_ends_with_the_same_codes(folder):
    """Started from a shell: 0 and the page's name, 2 and a sentence; --debug shows where it came from."""

    def shell(*arguments):
        command = [sys.executable, "-m", "chainrule", "report", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    done, refused, shown = shell(folder), shell(folder / "nowhere"), shell(folder / "nowhere", "--debug")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"Written: {folder / 'report.html'}\n", "")
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (2, "", 1)
    assert "Traceback" in shown.stderr


def test_numbers_that_json_does_not_have_are_refused_in_a_sentence(chainrule, tmp_path, content):
    """NaN and Infinity, which Python's own json writes and no lab does, are named with their byte."""
    import json

    [run] = content["runs"]
    text = json.dumps({**content, "runs": [{**run, "loss": float("nan"), "history": {"loss": [np.inf]}}]})
    (tmp_path / "results.json").write_text(text)

    code, out, error = chainrule("report", tmp_path)
    assert (code, out, error.count("\n")) == (2, "", 1)
    assert "results.json cannot be read: JSON is malformed" in error


def test_draw_writes_a_network_s_picture(tmp_path):
    """Of a description, and of a file with its weights."""
    from click.testing import CliRunner

    from chainrule import Dense, Network, save
    from chainrule.cli import chainrule

    net = Network([Dense(3, "tanh"), Dense(1, "sigmoid")], n_features=2, loss="log_loss")
    save(tmp_path / "net.safetensors", net, net.initial_theta(0))
    for given, out in ((["--layers", "2,3:tanh,1:sigmoid"], "a.svg"), ([str(tmp_path / "net.safetensors")], "b.svg")):
        done = CliRunner().invoke(chainrule, ["draw", *given, "--out", str(tmp_path / out)])
        assert done.exit_code == 0, done.output
    assert (tmp_path / "a.svg").read_bytes() != (tmp_path / "b.svg").read_bytes()
