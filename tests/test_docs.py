"""The documentation: its examples are what the code writes today, and what it names exists."""

import importlib
import re
import shlex
import tomllib
from functools import cache
from pathlib import Path

import click
import pytest
from tests.definitions import documented

import chainrule
from chainrule import Dense, Network, explain
from chainrule.cli import chainrule as command_line

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "chainrule"
EXAMPLES = ROOT / "docs" / "examples"
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
TOP = ("src", "tests", "benchmarks", "corpus", "docs", "examples")
PROGRAMS = sorted(path for folder in TOP for path in (ROOT / folder).glob("**/*.py"))
OURS = {*TOP, *(path.name for path in PACKAGE.iterdir() if path.is_dir())}
FILE = re.compile(r"(?<![\w./<-])((?:[\w.-]+/)+[\w-]+\.(?:py|md|txt|toml|svg|png|html))\b")
FOLDER = re.compile(rf"(?<![\w./-])((?:{'|'.join(TOP)})/(?:[\w-]+/)*(?:[\w-]+(?![\w*-]|\.\w))?)")
BARE = re.compile(r"`([\w-]+\.py)`")
LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)\)")
MODULE = re.compile(r"(?<![\w./-])chainrule(?:\.[a-z_]\w*)+")
COMMAND = re.compile(r"(?:^(?:\$ )?|`)chainrule ([a-z][^`\n]*)", re.MULTILINE)


def explanation():
    """Two samples through 2–2–1, S2's network."""
    net = Network([Dense(2, "sigmoid"), Dense(1, "sigmoid")], n_features=2, loss="half_squared_error")
    return explain(net, net.initial_theta(random_state=0), [[0.0, 1.0], [1.0, 1.0]], [1, 0], learning_rate=0.5)


def changes():
    """S3's question: one more hidden layer, sigmoid for ReLU."""
    before = Network([Dense(100, "relu"), Dense(2, "softmax")], 2, "cross_entropy")
    now = Network([Dense(100, "sigmoid"), Dense(100, "sigmoid"), Dense(2, "softmax")], 2, "cross_entropy")
    return explain(now, compared_with=before)


@pytest.mark.parametrize("example", [explanation, changes])
def test_the_example_is_what_is_written_today(example):
    """The pages in docs/examples/ equal what explain writes; run this file to write them anew."""
    assert (EXAMPLES / f"{example.__name__}.md").read_text(encoding="utf-8") == example()


@cache
def words(path):
    """Return what a file says: a page all but older releases and older names, a program its docstrings."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        return re.sub(r"`[^`]*` →", "", re.sub(r"(?s)\n## \[\d.*", "", text))
    return "\n".join(documented(text))


@cache
def is_there(name, page):
    """Whether a path leads somewhere from the root, from the package, or from the page that names it."""
    return any((base / name).exists() for base in (ROOT, PACKAGE, page.parent))


def missing_paths(path):
    """The paths a file names that are nowhere."""
    text = words(path)
    ours = {name for name in FILE.findall(text) if name.split("/")[0] in OURS}
    named = ours | set(FOLDER.findall(text)) | (set(LINK.findall(text)) if path.suffix == ".md" else set())
    return sorted(name for name in named if not is_there(name, path))


def test_decisions_name_files_by_their_names():
    """A file that a decision names without its folder is in the package; other pages name students' files, too."""
    known = {path.name for path in PACKAGE.glob("**/*.py")}
    pages = [path for path in PAGES if path.parent.name == "decisions"]
    assert [(path.name, name) for path in pages for name in BARE.findall(words(path)) if name not in known] == []


def resolved(name):
    """The module or attribute of a dotted name."""
    found = importlib.import_module("chainrule")
    for part in name.split(".")[1:]:
        try:
            found = importlib.import_module(f"{found.__name__}.{part}")
        except (ImportError, AttributeError):
            found = getattr(found, part)
    return found


def is_module(name):
    """Whether a dotted name leads to a module or to something in one."""
    try:
        return resolved(name) is not None
    except AttributeError:
        return False


def relative(path):
    return str(path.relative_to(ROOT))


def test_pages_name_files_and_modules_that_exist():
    """Every path, link and dotted name of a page leads to something."""
    assert {relative(path): names for path in PAGES if (names := missing_paths(path))} == {}
    named = {(relative(path), name) for path in PAGES for name in MODULE.findall(words(path))}
    assert [(path, name) for path, name in sorted(named) if not is_module(name)] == []


def test_docstrings_name_files_and_modules_that_exist():
    """Every path and dotted name in a docstring leads to something."""
    assert {relative(path): names for path in PROGRAMS if (names := missing_paths(path))} == {}
    named = {(relative(path), name) for path in PROGRAMS for name in MODULE.findall(words(path))}
    assert [(path, name) for path, name in sorted(named) if not is_module(name)] == []


def problem(line):
    """What a command line of the documentation names that there is not, or None."""
    found: click.Command = command_line
    for word in shlex.split(line.split("#")[0].split("|")[0].split(" > ")[0]):
        if word.startswith("--"):
            known = {option for parameter in found.params for option in parameter.opts}
            if word.split("=")[0] not in known | {"--help", "--debug"}:
                return word
        elif isinstance(found, click.Group):
            if word not in found.commands:
                return word
            found = found.commands[word]
    return None


def test_pages_name_commands_and_options_that_exist():
    """Every ``chainrule …`` of a page is a command with these options."""
    lines = [(relative(path), line) for path in PAGES for line in COMMAND.findall(words(path))]
    assert len(lines) > 50
    assert [(path, line, wrong) for path, line in lines if (wrong := problem(line))] == []


def floors():
    """The floors that lint-imports proves, from the top."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layers = next(contract["layers"] for contract in settings["contracts"] if contract["type"] == "layers")
    return [[re.sub(r"\W", "", name) for name in layer.split("|")] for layer in layers]


def in_order(rows):
    """Names of folders and files as lint-imports calls them."""
    return [[re.sub(r"/|\.py", "", name) for name in re.findall(r"[a-z_]+(?:/|\.py)", row)] for row in rows]


def test_the_floors_drawn_are_those_that_lint_imports_proves():
    """docs/architecture.md and CONTRIBUTING.md show the layers of pyproject.toml, in their order."""
    drawn = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").split("```")[1].splitlines()[1:]
    table = re.findall(r"^\| (`.*?`) \|", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert in_order(line[:44] for line in drawn if line) == floors()
    assert in_order(table) == floors()


def test_a_release_has_one_version():
    """Package, changelog and CITATION.cff say the same version, the latter two the same day."""
    log, citation = ((ROOT / name).read_text(encoding="utf-8") for name in ("CHANGELOG.md", "CITATION.cff"))
    version, day = re.search(r"^## \[(\d\S*)\] - (\S+)$", log, re.MULTILINE).groups()
    assert chainrule.__version__ == version
    assert re.findall(r'^(?:version|date-released): "?([\d.-]+)"?$', citation, re.MULTILINE) == [version, day]


def test_decisions_have_numbers_of_their_own():
    """No two decisions share a number."""
    numbers = [path.name[:4] for path in sorted((ROOT / "docs" / "decisions").glob("*.md"))]
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]


if __name__ == "__main__":
    for make in (explanation, changes):
        (EXAMPLES / f"{make.__name__}.md").write_text(make(), encoding="utf-8")
