"""The report: every number of the page is one of results.json, and nothing else is needed to write it."""

import base64
import copy
import csv
import json
import random
import re
import shlex
from dataclasses import replace
from html.parser import HTMLParser

import joblib
import numpy as np
import pytest
from click.testing import CliRunner
from tests.labs.report.mutations import mutated

from chainrule import labs
from chainrule.cli import chainrule
from chainrule.errors import InvalidFile, InvalidValue
from chainrule.labs.conclusions import sentences
from chainrule.labs.experiment import Experiment
from chainrule.labs.report import write_report
from chainrule.labs.report_text import NO_REPORT_TEXT
from chainrule.labs.results import write_json

TEXTS = {"h1", "h2", "h3", "h4", "h5", "p", "li", "td", "th", "caption", "figcaption", "pre", "title"}
NUMBER = re.compile(r"\d+(?:\.\d+)?")
HOSTILE = "<b>&\"' $x$ `c` \\ ½"

RATES = Experiment(
    "rates", "Rates", "How large a step?", {"learning_rate": (0.3, 10.0)}, {"data_sets": ("linear",), "epochs": 20}, 2
)
RELUS = Experiment(
    "relus", "ReLUs", "Do they die?", {"activation": ("sigmoid", "relu"), "hidden": (40,)}, {"epochs": 20}, 2
)
STEPS = Experiment("steps", "Steps", "How large a step?", {"learning_rate": (0.1, 10.0)}, {"epochs": 20}, 2)
LABS = {
    "xor": ("xor", (RATES, RELUS), {"data_sets": ("linear", "xor_easy"), "n": 30, "epochs": 20}),
    "moons": ("moons", (STEPS,), {"epochs": 8}),
    "softmax": ("softmax", (), {"n": 40, "hidden": (4,), "steps": 3}),
    "minimize": ("minimize", (), {"runs": ("blobs", "three_blobs"), "epochs": 5}),
    "neuron": ("neuron", (), {"n": 40, "batch_size": 10, "n_epochs": 3}),
    "diverged": ("xor", (), {"data_sets": "xor_easy", "activation": "identity", "learning_rate": 1e200, "epochs": 9}),
    "as_printed": ("moons", (), {"epochs": 8, "learning_rate": 0.5, "as_printed": True}),
}


class Page(HTMLParser):
    """What a page shows, block after block: (kind, text), tables as (caption, heads, rows), pictures as (alt, src)."""

    def __init__(self, text):
        super().__init__()
        self.blocks, self.tags, self.links = [], set(), []
        self._text, self._kind, self._in_contents = None, "", False
        self._in_latex = False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.tags.add(tag)
        self.links += [found[name] for name in ("href", "src") if name in found]
        if tag == "nav":
            self._in_contents = True
        elif tag == "annotation":
            self._in_latex = True  # the formula once more, for machines
        elif tag == "table":
            self.blocks.append(["table", ["", [], []]])
        elif tag == "tr":
            self.blocks[-1][1][2].append([])
        elif tag == "img":
            self.blocks.append(["img", (found["alt"], found["src"])])
        elif tag in TEXTS:
            self._text, self._kind = "", "notice" if found.get("class") == "notice" else tag

    def handle_data(self, data):
        if self._text is not None and not self._in_latex:
            self._text += data

    def handle_endtag(self, tag):
        if tag == "nav":
            self._in_contents = False
        if tag == "annotation":
            self._in_latex = False
        if tag not in TEXTS or self._text is None:
            return
        if tag == "caption":
            self.blocks[-1][1][0] = self._text
        elif tag == "th":
            self.blocks[-1][1][1].append(self._text)
        elif tag == "td":
            self.blocks[-1][1][2][-1].append(self._text)
        elif not self._in_contents:
            self.blocks.append([self._kind, self._text])
        self._text = None

    def section(self, title, level=2):
        """The blocks below a heading, up to the next of its level or above."""
        heads = {f"h{n}" for n in range(1, level + 1)}
        start = self.blocks.index([f"h{level}", title]) + 1
        ends = [k for k, (kind, _) in enumerate(self.blocks) if k >= start and kind in heads]
        return self.blocks[start : ends[0] if ends else None]

    def before(self, title):
        """The blocks above a section."""
        return self.blocks[: self.blocks.index(["h2", title])]


def of_kind(blocks, *kinds):
    return [content for kind, content in blocks if kind in kinds]


def table(blocks, head):
    """The rows, as dicts, of the first table that has this head."""
    for _, heads, rows in of_kind(blocks, "table"):
        if head in heads:
            return [dict(zip(heads, row, strict=True)) for row in rows if row]
    raise AssertionError(f"no table with {head}")


def report_of(folder, content, **words):
    """Write results.json and the report of it, and read the page."""
    write_json(folder / "results.json", content)
    return Page(write_report(folder, **words).read_text(encoding="utf-8"))


def content_of(result):
    """What results.json would hold, without its pictures being drawn."""
    return json.loads(json.dumps(result.to_dict()))


def run(name, experiments=(), **settings):
    """Run a lab with these experiments in place of its own, in this one process."""
    lab = replace(labs.load(name), experiments=experiments)
    with joblib.parallel_config(backend="sequential"):
        return lab.run(0, progress=False, experiments=bool(experiments), **settings)


@pytest.fixture(scope="module")
def contents():
    """What results.json holds of each of the labs, run for a moment."""
    return {key: content_of(run(name, asked, **settings)) for key, (name, asked, settings) in LABS.items()}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """A folder as the lab leaves it, with some of its figures."""
    folder = tmp_path_factory.mktemp("drawn")
    result = run("xor", (RATES,), data_sets="xor_easy", epochs=20)
    kept = {"network", "xor_easy_regions", "xor_easy_confusion", "experiment_rates_linear"}
    figures = {name: picture for name, picture in result.figures().items() if name in kept}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(labs.LabResult, "figures", lambda self: figures)
        result.save(folder)
    return folder


@pytest.fixture(params=LABS, scope="module")
def said(request, contents, tmp_path_factory):
    """What results.json holds, and the page of it, written once for all tests that read it."""
    return contents[request.param], report_of(tmp_path_factory.mktemp(request.param), contents[request.param])


# --- the numbers ----------------------------------------------------------------------------------------------------


def two(value):
    return "–" if value is None else f"{value:.2f}"


def loss_text(value):
    return "not finite" if value is None else f"{value:.5f}"


def middle(triple, form):
    """[median, least, greatest] as a cell says it."""
    if triple is None:
        return "–"
    if None in triple:
        return "not finite"
    median, least, greatest = (format(value, form) for value in triple)
    return median if least == greatest else f"{median} ({least}–{greatest})"


def counts_text(outcomes):
    return ", ".join(f"{times} {name}" for name, times in outcomes.items())


def numbers_text(values):
    shown = [f"{value:.3g}".replace("-", "−") for value in values]
    return ", ".join(shown if len(shown) <= 6 else [*shown[:5], "…"])


def answer_text(value):
    return numbers_text(value) if isinstance(value, list) else f"{value:g}"


def test_results_table_holds_the_runs(said):
    """Each run's name, outcome, epochs, cap, loss and accuracies are those of results.json; one cap stands below."""
    content, page = said
    caps = {run["cap"] for run in content["runs"]}

    if len(caps) == 1:
        caption = f"What came of each run, of at most {caps.pop()} epochs; at the right its accuracies."
        assert caption in [told for told, _, _ in of_kind(page.section("Results"), "table")]
    assert [list(row.values())[:7] for row in table(page.section("Results"), "outcome")] == [
        [
            run["name"],
            run["outcome"]["name"],
            str(run["epochs"]),
            *([str(run["cap"])] if caps else []),
            loss_text(run["loss"]),
            two(run["accuracy"]["train"]),
            two(run["accuracy"]["test"]),
        ]
        for run in content["runs"]
    ]


def test_first_list_says_how_each_run_ended(said):
    """Above the introduction stands, for each run, its outcome, its epochs and its accuracies, and no other number."""
    content, page = said
    points = of_kind(page.before("Introduction"), "li")

    assert len(points) == len(content["runs"])
    for run, point in zip(content["runs"], points, strict=True):
        scores = [score for score in run["accuracy"].values() if score is not None]
        assert point.startswith(f"{run['name']}: {run['outcome']['name']} ")
        assert NUMBER.findall(point.removeprefix(run["name"])) == [str(run["epochs"]), *map(two, scores)]


def test_each_run_is_said_in_its_outcomes_sentence(said):
    """Below a run's heading stands the sentence of its outcome."""
    content, page = said

    assert content["runs"]
    for run in content["runs"]:
        assert of_kind(page.section(run["name"], 3), "p")[0] == run["outcome"]["sentence"]


def test_predictions_are_those_of_results_json(said):
    """The first five samples: inputs, outputs, prediction and truth; the caption counts them."""
    content, page = said

    for run in content["runs"]:
        [(caption, heads, rows)] = of_kind(page.section(run["name"], 3), "table")
        expected = [
            [numbers_text(one["x"]), numbers_text(one["y"]), answer_text(one["predicted"]), answer_text(one["truth"])]
            for one in run["predictions"][:5]
        ]
        which = "training" if run["accuracy"]["test"] is None else "held-out"
        assert len(expected) == min(5, len(run["predictions"])) > 0
        assert (heads, rows[1:]) == (["input", "output", "predicted", "truth"], expected)
        assert caption == f"The first {len(expected)} {which} points."


def test_data_table_counts_the_points(said):
    """How many points train, how many are held out, how many features, and how many parameters there are."""
    content, page = said

    assert [list(row.values()) for row in table(page.section("The data", 3), "training points")] == [
        [run["name"], str(run["n_train"]), str(run["n_test"] or "none"), str(run["network"]["n_features"])]
        for run in content["runs"]
    ]
    first = of_kind(page.section("The network", 3), "p")[0]
    explained = labs.of_results(content["lab"]).report_text.explained or content["runs"][0]["name"]
    [told] = [run for run in content["runs"] if run["name"] == explained]
    assert f"has {told['network']['n_parameters']} parameter" in first


@pytest.mark.parametrize("name", ["xor", "moons", "softmax", "neuron", "diverged", "as_printed"])
def test_rate_of_the_update_is_the_labs(contents, tmp_path, name):
    """The mathematics goes down by the rate that the run really had, also where its text's mistake is reproduced."""
    update = report_of(tmp_path, contents[name]).section("Update", 4)

    [rate] = re.findall(r"here\s*([\d.·]+):", of_kind(update, "p")[0])
    rate = re.sub(r"·10(\d+)", r"e+\1", rate)  # the exponent stands above
    assert rate == f"{contents[name]['config']['learning_rate']:g}"


WITH_RATE = r"a step of rate .*\d"


def test_no_rate_is_made_up(contents, tmp_path):
    """What SciPy minimised had no rate, and the report names none; that of what went down by one does."""
    named = {
        name: [text for text in of_kind(report_of(tmp_path, contents[name]).blocks, "p") if re.search(WITH_RATE, text)]
        for name in ("xor", "minimize")
    }

    assert len(named["xor"]) == 1
    assert named["minimize"] == []


@pytest.mark.parametrize("name", ["xor", "moons"])
def test_experiment_tables_hold_the_summaries(contents, tmp_path, name):
    """Setting, run, outcomes, epochs, loss, accuracies and dead units of each row are those of its summary."""
    page = report_of(tmp_path, contents[name])

    assert contents[name]["experiments"]
    for experiment in contents[name]["experiments"]:
        expected = []
        for row in experiment["rows"]:
            summary = row["summary"]
            cells = {"setting": row["label"], "run": row["run"], "outcomes": counts_text(summary["outcomes"])}
            cells |= {"epochs": middle(summary["epochs"], ".0f"), "loss": middle(summary["loss"], ".5f")}
            cells |= {"training": middle(summary["train_accuracy"], ".2f")}
            cells |= {"held out": middle(summary["test_accuracy"], ".2f")}
            cells |= {"dead units": " + ".join(f"{n:g}" for n in summary.get("dead_units") or []) or "–"}
            expected.append(cells)
        silent = {head for head in ("held out", "dead units") if {cells[head] for cells in expected} == {"–"}}
        silent |= {"run"} if len({cells["run"] for cells in expected}) == 1 else set()
        [(caption, heads, rows)] = of_kind(page.section(experiment["title"], 3), "table")
        assert heads == [head for head in expected[0] if head not in silent]
        assert rows[1:] == [[cells[head] for head in heads] for cells in expected]
        assert f"over {len(experiment['seeds'])} seeds" in caption


@pytest.mark.parametrize("name", ["xor", "moons"])
def test_discussion_says_what_the_experiments_say(contents, tmp_path, name):
    """Below its question, with seeds and cap, stand the experiment's own sentences, word for word."""
    page = report_of(tmp_path, contents[name])

    assert contents[name]["experiments"]
    for experiment in contents[name]["experiments"]:
        part = page.section(experiment["title"], 3)
        question = of_kind(part, "p")[0]
        assert of_kind(part, "li") == sentences(experiment) != []
        assert question.startswith(experiment["question"])
        assert NUMBER.findall(question)[:3] == [str(n) for n in (2, *experiment["seeds"])]
        assert f"at most {experiment['cap']} " in question


def test_experiment_of_which_nothing_is_done_is_reported(contents, tmp_path):
    """After Ctrl-C, or where every value was refused, an experiment says what is missing, and that is all it has."""
    content = copy.deepcopy(contents["xor"])
    missing = [{"label": "rate 9", "seed": 4, "reason": "Ctrl-C"}]
    content["experiments"] = [{**content["experiments"][0], "rows": [], "cap": None, "missing": missing}]
    part = report_of(tmp_path, content).section("Rates", 3)

    assert of_kind(part, "li") == ["Missing: rate 9, seeds 4 (Ctrl-C)."]
    assert "at most" not in of_kind(part, "p")[0]
    assert not [rows for _, _, rows in of_kind(part, "table") if rows[1:]]


def test_dead_units_are_counted(contents, tmp_path):
    """Where ReLUs died in a run the report says how many of how many."""
    content = copy.deepcopy(contents["moons"])
    content["runs"][0]["dead_units"] = [7]

    [point] = [text for text in of_kind(report_of(tmp_path, content).section("Results"), "li") if "dead" in text]
    assert NUMBER.findall(point)[:2] == ["7", "50"]


def test_versions_and_time_are_those_of_the_run(said):
    """What computed it, and how long it took."""
    content, page = said
    again = page.section("How to run it again")

    assert {row["what"]: row["version"] for row in table(again, "version")} == content["versions"]
    took = f"{content['seconds']:.0f} s" if content["seconds"] >= 1 else "less than a second"
    assert f"It took {took} " in of_kind(again, "p")[0]


# --- other numbers in results.json, other numbers on the page -------------------------------------------------------

SUMMARY = ("experiments", 0, "rows", 1, "summary")
CHANGES = [
    (("runs", 0, "loss"), 0.76543, ["0.76543"]),
    (("runs", 0, "loss"), None, ["not finite"]),
    (("runs", 0, "epochs"), 4711, ["4711", "after 4711 "]),
    (("runs", 1, "cap"), 4712, ["4712"]),
    (("runs", 0, "accuracy", "train"), 0.4321, ["accuracy 0.43 on the training points"]),
    (("runs", 0, "accuracy", "test"), 0.1234, ["0.12 on held-out ones", "linear 0.12"]),
    (("runs", 0, "outcome", "name"), "failed", ["linear: failed after"]),
    (("runs", 0, "outcome", "sentence"), "A hare & a <tortoise>.", ["A hare & a <tortoise>."]),
    (("runs", 0, "n_train"), 4713, ["4713"]),
    (("runs", 0, "n_test"), 4714, ["4714"]),
    (("runs", 0, "predictions", 0, "x", 0), 47.151, ["47.2, "]),
    (("runs", 0, "predictions", 1, "y", 0), 4.7161, ["4.72"]),
    (("runs", 0, "predictions", 2, "predicted"), 471700, ["471700"]),
    (("runs", 0, "predictions", 3, "truth"), 471800, ["471800"]),
    (("runs", 0, "training", "learning_rate"), 0.4719, ["0.4719"]),
    ((*SUMMARY, "epochs"), [4720.0, 4720.0, 4721.0], ["4720 (4720–4721)"]),
    ((*SUMMARY, "loss"), [0.47226, 0.1, 0.5], ["0.47226 (0.10000–0.50000)"]),
    ((*SUMMARY, "loss"), [None, None, None], ["not finite"]),
    ((*SUMMARY, "train_accuracy"), [0.47, 0.23, 0.61], ["0.47 (0.23–0.61)"]),
    ((*SUMMARY, "test_accuracy"), [0.47, 0.24, 0.62], ["0.47 (0.24–0.62)"]),
    ((*SUMMARY, "outcomes"), {"collapsed": 2}, ["2 collapsed"]),
    (("experiments", 0, "rows", 0, "label"), "rate $\\pi$", ["rate $\\pi$"]),
    (("experiments", 0, "question"), "Why?", ["Why?"]),
    (("experiments", 0, "seeds"), [0, 1, 2, 3, 4, 5, 6], ["7 starts each (seeds 0 to 6)", "over 7 seeds"]),
    (("experiments", 0, "missing"), [{"label": "rate 9", "seed": 4, "reason": "Ctrl-C"}], ["Missing: rate 9"]),
    (("experiments", 1, "rows", 2, "summary", "dead_units"), [17.5, 3.0], ["17.5 + 3"]),
    (("seconds",), 4723.4, ["It took 4723 s "]),
    (("versions", "numpy"), "4.7.25", ["4.7.25"]),
    (("seed",), 4726, ["--seed 4726"]),
    (("config", "stop_loss"), 0.4727, ["--set stop_loss=0.4727"]),
]


def shown(page):
    """All texts of a page, one a line."""
    return "\n".join(
        "\n".join([content[0], *(cell for row in content[2] for cell in row)]) if kind == "table" else str(content)
        for kind, content in page.blocks
    )


@pytest.mark.parametrize(("path", "value", "texts"), CHANGES, ids=[".".join(map(str, one[0])) for one in CHANGES])
def test_page_follows_every_number(contents, tmp_path, path, value, texts):
    """One number changed in results.json is changed on the page, and nothing is said that the old one had said."""
    content = copy.deepcopy(contents["xor"])
    before = shown(report_of(tmp_path, content))
    place = content
    for step in path[:-1]:
        place = place[step]
    assert place[path[-1]] != value
    place[path[-1]] = value
    page = report_of(tmp_path, content)

    assert all(text in shown(page) and text not in before for text in texts)
    for experiment in content["experiments"]:
        assert of_kind(page.section(experiment["title"], 3), "li") == sentences(experiment)


# --- what is asked for ----------------------------------------------------------------------------------------------


def test_too_low_an_accuracy_is_said_first(contents, tmp_path):
    """Below the title, before anything else, stands which runs read too little, and how much they read."""
    content = copy.deepcopy(contents["xor"])
    content["runs"][0]["accuracy"] = {"train": 1.0, "test": 0.9}
    content["runs"][1]["accuracy"] = {"train": 1.0, "test": 0.89}
    title, notice, *_ = report_of(tmp_path, content).blocks[1:]

    assert title[0] == "h1"
    assert notice == ["notice", "Note. Below the accuracy of 0.90 that is asked for: xor_easy 0.89."]


def test_real_shortfall_is_said_below_the_author(contents, tmp_path):
    """Twenty epochs of xor are too few; the author's name does not push the notice behind the numbers."""
    assert min(run["accuracy"]["test"] for run in contents["xor"]["runs"]) < 0.9
    page = report_of(tmp_path, contents["xor"], author="Ada")

    assert [kind for kind, _ in page.before("Introduction")][1:4] == ["h1", "p", "notice"]


def test_training_points_count_where_none_are_held_out(contents, tmp_path):
    """Without held-out points the accuracy on the training points is held against the demand."""
    content = copy.deepcopy(contents["xor"])
    for run in content["runs"]:
        run["accuracy"] = {"train": 0.5, "test": None}

    [notice] = of_kind(report_of(tmp_path, content).before("Introduction"), "notice")
    assert notice.endswith("linear 0.50; xor_easy 0.50.")


def test_reached_demand_is_no_notice(contents, tmp_path):
    """At 0.9 and above nothing is said."""
    content = copy.deepcopy(contents["xor"])
    for run in content["runs"]:
        run["accuracy"] = {"train": 0.9, "test": 0.9}

    assert not of_kind(report_of(tmp_path, content).blocks, "notice")


def test_accuracy_just_below_is_not_rounded_up_to_the_demand(contents, tmp_path):
    """Of 0.8967 the notice does not say that it is 0.90 and below 0.90."""
    content = copy.deepcopy(contents["xor"])
    content["runs"] = content["runs"][:1]
    content["runs"][0]["accuracy"] = {"train": 0.95, "test": 269 / 300}

    [notice] = of_kind(report_of(tmp_path, content).blocks, "notice")
    assert not notice.endswith("linear 0.90.")


@pytest.mark.parametrize("name", ["moons", "softmax", "minimize", "neuron"])
def test_labs_that_demand_nothing_have_no_notice(contents, tmp_path, name):
    """However little they read, no accuracy was asked for."""
    content = copy.deepcopy(contents[name])
    for run in content["runs"]:
        run["accuracy"] = {"train": 0.1, "test": 0.1}

    assert not of_kind(report_of(tmp_path, content).blocks, "notice")


# --- nothing but the folder -----------------------------------------------------------------------------------------


def test_nothing_is_trained(drawn, monkeypatch):
    """With everything that trains out of order, the same page is written."""

    def never(*arguments, **named):
        raise AssertionError("trained")

    expected = write_report(drawn).read_bytes()
    for where in ("training.train.epochs", "training.minimize.minimize", "labs.running.epochs",
                  "labs.running.minimize", "labs.lab.Lab.run", "labs.running.run_once"):  # fmt: skip
        monkeypatch.setattr(f"chainrule.{where}", never)

    assert write_report(drawn).read_bytes() == expected


def test_figures_stand_where_they_belong_and_may_be_missing(drawn, tmp_path):
    """Every figure of the folder is on the page, once; without the folder the words are the same."""
    page = Page(write_report(drawn).read_text())
    (tmp_path / "results.json").write_bytes((drawn / "results.json").read_bytes())
    bare = Page(write_report(tmp_path).read_text())
    pictures = of_kind(page.blocks, "img")

    assert len(pictures) == len(set(pictures)) == len(list((drawn / "figures").glob("*.svg"))) == 4
    assert len(of_kind(page.section("Rates", 3), "img")) == 1
    assert bare.blocks == [block for block in page.blocks if block[0] not in ("img", "figcaption")]


def test_page_is_one_file_without_scripts(drawn):
    """Nothing is loaded from anywhere: no script, no link, pictures and font as data, each picture with words."""
    text = write_report(drawn).read_text(encoding="utf-8")
    page = Page(text)
    named = re.sub(r"base64,[A-Za-z0-9+/=]+", "", text).replace("http://www.w3.org/1998/Math/MathML", "")

    assert not page.tags & {"script", "link", "iframe", "object", "embed", "base", "form"}
    assert not re.search(r"https?://|@import|\bon\w+=", named)
    addresses, images = re.findall(r"url\([\"']?([^)]*)", named), of_kind(page.blocks, "img")
    assert min(len(addresses), len(page.links), len(images)) > 0
    assert all(address.startswith("data:") for address in addresses)
    assert all(link.startswith(("#", "data:image/")) for link in page.links)
    assert all(alt.strip() for alt, _ in images)
    for _, source in images:
        svg = base64.b64decode(source.split(",")[1]).decode("latin1")
        assert "<script" not in svg
        assert all(link.startswith(("#", "data:")) for link in re.findall(r"href=\"([^\"]*)", svg))


def test_large_figure_is_embedded_as_png(drawn, tmp_path):
    """An SVG of many points gives way to its PNG."""
    (tmp_path / "figures").mkdir()
    (tmp_path / "results.json").write_bytes((drawn / "results.json").read_bytes())
    (tmp_path / "figures/network.svg").write_text(f"<svg>{' ' * 200_000}</svg>")
    (tmp_path / "figures/network.png").write_bytes((drawn / "figures/network.png").read_bytes())

    [(_, source)] = of_kind(Page(write_report(tmp_path).read_text()).blocks, "img")
    assert source.startswith("data:image/png;base64,")


def test_title_and_author_are_shown_as_they_are(contents, tmp_path):
    """Signs of HTML, of formulas and of code in them are signs."""
    page = report_of(tmp_path, contents["moons"], title=HOSTILE, author=f"{HOSTILE} 2")

    assert page.blocks[:3] == [["title", HOSTILE], ["h1", HOSTILE], ["p", f"{HOSTILE} 2"]]


def test_title_is_the_labs_own_without_another(contents, tmp_path):
    """Without words of one's own the lab's title stands, and no author."""
    page = report_of(tmp_path, contents["moons"])

    assert page.blocks[1] == ["h1", labs.load("moons").title]
    assert page.blocks[2][0] == "li"


def test_same_folder_gives_the_same_bytes(drawn):
    """Written twice, the page is the same to the byte, and nothing else is left in the folder."""
    before = {path.name for path in drawn.iterdir()} | {"report.html"}
    first = write_report(drawn).read_bytes()

    assert write_report(str(drawn)).read_bytes() == first
    assert {path.name for path in drawn.iterdir()} == before


# --- how to run it again --------------------------------------------------------------------------------------------


@pytest.fixture
def points(tmp_path):
    """Write points of one's own: a file name, how many features, which classes."""

    def write(name="points.csv", n_features=2, classes=("a", "b"), n=30):
        path, draw = tmp_path / name, np.random.default_rng(0)
        with path.open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow([*(f"x{k}" for k in range(n_features)), "class"])
            for i in range(n):
                rows.writerow([*(f"{value:.3f}" for value in draw.normal(size=n_features)), classes[i % len(classes)]])
        return path

    return write


AGAIN = [
    ("xor", {"data_sets": "xor_easy", "epochs": 9}),
    ("xor", {"data_sets": ("xor_easy", "linear"), "n": 31, "hidden": (7, 3), "activation": "tanh", "batch_size": 5,
             "learning_rate": 0.123456789, "epochs": 9, "stop_loss": None, "stop_accuracy": 0.975}),
    ("xor", {"data_sets": "xor_easy", "epochs": 9, "learning_rate": 0.30000004}),
    ("xor", {"data_sets": "xor_easy", "epochs": 9, "learning_rate": 1e-05, "stop_loss": 1e-12}),
    ("moons", {"epochs": 9, "as_printed": True}),
    ("neuron", {"n": 40, "batch_size": None, "n_epochs": 3, "linearly_separable": True}),
    ("softmax", {"n": 40, "hidden": 4, "steps": 3}),
    ("minimize", {"runs": "blobs", "epochs": 5, "l2": 1e-5, "method": "CG"}),
]  # fmt: skip


def run_again(page, folder, monkeypatch):
    """Type the page's command, without the lab's experiments and its pictures, and return what it left."""
    for kind in ("LabResult", "SeedsResult"):
        monkeypatch.setattr(f"chainrule.labs.{kind}.figures", lambda self: {})
    first, *words = shlex.split(of_kind(page.section("How to run it again"), "pre")[0])
    more = [] if "--seeds" in words or "--no-sweep" in words else ["--no-sweep"]
    with joblib.parallel_config(backend="sequential"):
        done = CliRunner().invoke(chainrule, [*words, *more, "--out", str(folder)], catch_exceptions=False)
    assert (first, done.exit_code) == ("chainrule", 0)
    return json.loads((folder / "results.json").read_text())


def numbers_of(content):
    """What must be the same when it is run again."""
    return [(one["name"], one["epochs"], one["loss"], one["accuracy"], one["outcome"]) for one in content["runs"]]


@pytest.mark.parametrize(("name", "settings"), AGAIN)
def test_command_gives_the_same_numbers(tmp_path, monkeypatch, name, settings):
    """Typed into a shell, the command of the page runs the same lab with the same settings and seed."""
    content = content_of(labs.load(name).run(3, progress=False, **settings))
    again = run_again(report_of(tmp_path, content), tmp_path / "again", monkeypatch)

    assert numbers_of(again) == numbers_of(content)
    assert (again["config"], again["seed"]) == (content["config"], 3)


@pytest.mark.parametrize("test_size", [0.3, 0.123456789, None])
def test_command_finds_ones_own_points(points, tmp_path, monkeypatch, test_size):
    """A path with spaces, quotes and dollars is quoted; what was held out is held out again."""
    path = points("my own $HOME 'points'.csv")
    content = content_of(labs.load("xor").run(3, data=path, epochs=9, test_size=test_size, progress=False))
    again = run_again(report_of(tmp_path, content), tmp_path / "again", monkeypatch)

    assert numbers_of(again) == numbers_of(content)
    assert again["config"] == content["config"]


def test_command_of_an_unchanged_lab_is_short(contents, tmp_path):
    """Settings that are the lab's own are not repeated."""
    content = copy.deepcopy(contents["moons"])
    content["config"]["epochs"] = 128

    assert of_kind(report_of(tmp_path, content).blocks, "pre")[0].split()[:5] == [
        "chainrule",
        "lab",
        "run",
        "moons",
        "--seed",
    ]
    assert "--set" not in of_kind(report_of(tmp_path, content).blocks, "pre")[0]


# --- folders that are none ------------------------------------------------------------------------------------------


def without(*path):
    """Take something out of results.json."""
    *way, last = path

    def change(content):
        place = content
        for step in way:
            place = place[step]
        del place[last]

    return change


def with_(value, *path):
    """Put something else into results.json."""
    *way, last = path

    def change(content):
        place = content
        for step in way:
            place = place[step]
        place[last] = value

    return change


DAMAGE = {
    "no lab": without("lab"),
    "no runs": with_([], "runs"),
    "runs that are none": with_({"name": "linear"}, "runs"),
    "a run that is none": with_(3, "runs", 0),
    "no seed": without("seed"),
    "no seconds": without("seconds"),
    "no config": without("config"),
    "config of another lab": with_({"epochs": 3}, "config"),
    "config that is a list": with_([], "config"),
    "versions that are a list": with_([], "versions"),
    "lab that is a list": with_(["xor"], "lab"),
    "run without network": without("runs", 0, "network"),
    "run without outcome": without("runs", 1, "outcome"),
    "run without accuracy": without("runs", 1, "accuracy"),
    "accuracy that is a word": with_("high", "runs", 0, "accuracy", "train"),
    "loss that is a word": with_("low", "runs", 0, "loss"),
    "network without layers": without("runs", 0, "network", "layers"),
    "network of other size": with_(7, "runs", 0, "network", "n_parameters"),
    "network with a foreign loss": with_({"own": "mine"}, "runs", 0, "network", "loss"),
    "predictions that are words": with_(["one"], "runs", 0, "predictions"),
    "experiments that are none": with_([3], "experiments"),
    "experiment without rows": without("experiments", 0, "rows"),
    "row without summary": without("experiments", 0, "rows", 0, "summary"),
    "summary without loss": without("experiments", 0, "rows", 0, "summary", "loss"),
    "seeds without summary": with_([0, 1], "seeds"),
}
TEXTS_THAT_ARE_NONE = {
    "empty": b"",
    "cut short": b'{"lab": "xor", "runs": [{"name": "li',
    "a list": b"[]",
    "a number": b"3",
    "a word": b'"lab config versions runs"',
    "null": b"null",
    "no entries": b"{}",
    "another program's": b'{"version": 3, "cells": []}',
    "latin-1": "{'ä': 1}".encode("latin1"),
    "deeply nested": b"[" * 100_000,
    "a picture": b"\x89PNG\r\n\x1a\n\0\0",
}


def refusal(folder):
    """The one sentence that answers a folder, which keeps the report that it had."""
    (folder / "report.html").write_text("the old one")
    with pytest.raises((InvalidFile, InvalidValue)) as caught:
        write_report(folder)
    assert (folder / "report.html").read_text() == "the old one"
    assert not list(folder.glob(".*"))
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) > 30
    return str(caught.value)


@pytest.mark.parametrize("what", DAMAGE)
def test_damaged_results_are_answered_in_a_sentence(contents, tmp_path, what):
    """What is missing or of another kind is said, and the old report stays."""
    content = copy.deepcopy(contents["xor"])
    DAMAGE[what](content)
    write_json(tmp_path / "results.json", content)

    assert "results.json" in refusal(tmp_path)


@pytest.mark.parametrize("what", TEXTS_THAT_ARE_NONE)
def test_text_that_is_no_result_is_answered_in_a_sentence(tmp_path, what):
    """Whatever else is called results.json is said to be none."""
    (tmp_path / "results.json").write_bytes(TEXTS_THAT_ARE_NONE[what])

    assert str(tmp_path / "results.json") in refusal(tmp_path)


def test_one_thing_wrong_anywhere_is_a_page_or_a_sentence_that_names_the_file(contents, many, tmp_path):
    """Of results.json that were damaged at random no one ends in another error."""
    contents = {**contents, "seeds": json.loads((many / "results.json").read_text())}
    sentences = []
    for seed in range(150):
        stream = random.Random(seed)  # noqa: S311  # not a secret
        content = contents[stream.choice(sorted(contents))]
        (tmp_path / "results.json").write_bytes(mutated(content, stream))
        try:
            write_report(tmp_path)
        except InvalidFile as error:
            sentences.append(str(error))
    assert 20 < len(sentences) < 130
    assert [said for said in sentences if str(tmp_path / "results.json") not in said or "\n" in said] == []


def test_unknown_lab_is_answered_with_those_there_are(contents, tmp_path):
    """A lab of a newer or another version is named."""
    write_json(tmp_path / "results.json", {**contents["moons"], "lab": "mons"})

    assert refusal(tmp_path).startswith("Unknown lab 'mons'. Did you mean 'moons'?")


def test_missing_folder_or_file_is_said(tmp_path):
    """A folder that is not there, or in which no lab ran, is named, and none is made."""
    with pytest.raises(InvalidFile, match=r"There is no results.json in .*nowhere"):
        write_report(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()
    assert refusal(tmp_path).startswith("There is no results.json in")


def test_file_in_place_of_the_folder_is_said(contents, tmp_path):
    """Who names results.json itself is told so, without a traceback."""
    write_json(tmp_path / "results.json", contents["moons"])
    with pytest.raises(InvalidFile):
        write_report(tmp_path / "results.json")


def test_page_that_cannot_be_written_is_said(contents, tmp_path):
    """Where report.html is a folder the sentence names it, and no draft is left."""
    write_json(tmp_path / "results.json", contents["moons"])
    (tmp_path / "report.html").mkdir()
    with pytest.raises(InvalidFile, match=r"report\.html"):
        write_report(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"results.json", "report.html"}


# --- all kinds of runs ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Several seeds of xor, as --seeds leaves them."""
    folder = tmp_path_factory.mktemp("seeds")
    with joblib.parallel_config(backend="sequential"), pytest.MonkeyPatch.context() as patch:
        patch.setattr(labs.SeedsResult, "figures", lambda self: {})
        labs.load("xor").run_seeds((3, 4), data_sets="xor_easy", epochs=20, progress=False).save(folder)
    return folder


def test_seeds_are_told_in_medians_and_ranges(many):
    """A row a name, from the summary of results.json; each seed below the demand is named with its accuracy."""
    page = Page(write_report(many).read_text())
    content = json.loads((many / "results.json").read_text())
    summary = content["summary"]["xor_easy"]
    cells = [counts_text(summary["outcomes"]), middle(summary["epochs"], ".0f"), middle(summary["loss"], ".5f")]
    cells += [middle(summary[which], ".2f") for which in ("train_accuracy", "test_accuracy")]
    short = [(one["seed"], one["accuracy"]["test"]) for one in content["runs"] if one["accuracy"]["test"] < 0.9]

    assert [list(row.values())[:6] for row in table(page.section("Results"), "outcomes")] == [["xor_easy", *cells]]
    assert of_kind(page.before("Introduction"), "li") == [
        f"xor_easy, 2 seeds: {cells[0]}; median accuracy {cells[4]}.",
    ]
    [notice] = of_kind(page.before("Introduction"), "notice")
    assert short
    assert notice.endswith("; ".join(f"xor_easy (seed {seed}) {two(score)}" for seed, score in short) + ".")


def test_command_of_seeds_gives_the_same_numbers(many, tmp_path, monkeypatch):
    """The first seed and their number are in the command."""
    page = Page(write_report(many).read_text())
    again = run_again(page, tmp_path / "again", monkeypatch)

    assert numbers_of(again) == numbers_of(json.loads((many / "results.json").read_text()))


def test_diverged_run_is_said_to_be(contents, tmp_path):
    """A run that left the finite numbers is called diverged, first in the list, in the table, and in its sentence."""
    page = report_of(tmp_path, contents["diverged"])

    assert contents["diverged"]["runs"][0]["status"] == "non_finite"
    assert table(page.section("Results"), "outcome")[0]["outcome"] == "diverged"
    assert of_kind(page.before("Introduction"), "li")[0].startswith("xor_easy: diverged after ")


def test_numbers_that_are_not_finite_are_said_to_be(contents, tmp_path):
    """Null in results.json stands for a number that was not finite."""
    content = copy.deepcopy(contents["diverged"])
    content["runs"][0]["loss"] = None
    content["runs"][0]["predictions"][0]["y"] = [None]
    page = report_of(tmp_path, content)

    assert table(page.section("Results"), "outcome")[0]["loss"] == "not finite"
    assert table(page.section("xor_easy", 3), "output")[0]["output"] == "not finite"


def test_interrupted_run_is_reported(tmp_path):
    """After Ctrl-C the report shows what there is, and that it was interrupted; the later runs are not there."""
    result = labs.load("xor").run(0, data_sets="linear", epochs=20, progress=False)
    [done] = result.results
    stopped = replace(done, run=replace(done.run, status="stopped", message="Ctrl-C after 20 epochs."))
    page = report_of(tmp_path, content_of(replace(result, results=(stopped,))))

    assert of_kind(page.before("Introduction"), "li")[0].startswith("linear: interrupted after 20 epochs")
    assert of_kind(page.section("linear", 3), "p")[0] == "Ctrl-C after 20 epochs."
    assert of_kind(page.section("Discussion"), "p") == ["The lab's experiments were left out of this run."]


@pytest.mark.usefixtures("unrendered")
@pytest.mark.parametrize("name", ["xor", "moons"])
def test_points_of_five_features_have_no_pictures_of_the_plane(points, tmp_path, name):
    """What can be drawn of them is on the page, and nothing of the plane."""
    tmp_path /= "out"
    labs.load(name).run(0, data=points("five.csv", 5), progress=False, epochs=2).save(tmp_path)
    page = Page(write_report(tmp_path).read_text())

    assert table(page.section("The data", 3), "features")[0]["features"] == "5"
    assert len(table(page.section("five", 3), "input")[0]["input"].split(", ")) == 5
    alts = [alt for alt, _ in of_kind(page.blocks, "img")]
    assert len(alts) == len(list((tmp_path / "figures").glob("*.svg"))) > 2
    assert not [alt for alt in alts if "plane" in alt or "catter" in alt]


def test_many_features_are_cut_off(points, tmp_path):
    """Of nine features the first five stand in the table of predictions."""
    result = labs.load("xor").run(0, data=points("nine.csv", 9), epochs=2, progress=False)
    row = table(report_of(tmp_path, content_of(result)).section("nine", 3), "input")[0]

    assert re.fullmatch(r"(−?[\d.e−]+, ){5}…", row["input"])


@pytest.mark.parametrize("name", ["minimize", "softmax"])
def test_three_classes_are_reported(points, tmp_path, name):
    """Three outputs a point, and classes up to 2."""
    given = {"softmax": {"hidden": 4, "steps": 2}, "minimize": {"epochs": 20}}[name]
    result = labs.load(name).run(0, data=points("three.csv", 2, "abc"), progress=False, **given)
    page = report_of(tmp_path, content_of(result))
    rows = table(page.section("three", 3), "output")

    assert all(len(row["output"].split(", ")) == 3 for row in rows)
    assert "2" in {row["truth"] for row in rows}


@pytest.mark.parametrize("name", labs.names())
def test_without_held_out_points_none_are_said(points, tmp_path, name):
    """With test_size=none there is no accuracy on held-out points, in words, in tables and in captions."""
    given = {"softmax": {"hidden": 4, "steps": 2}, "neuron": {"n_epochs": 2, "batch_size": None}}
    result = labs.load(name).run(0, data=points(), test_size="none", progress=False, **given.get(name, {"epochs": 2}))
    page = report_of(tmp_path, content_of(result))

    assert table(page.section("The data", 3), "features")[0]["held out"] == "none"
    assert table(page.section("Results"), "outcome")[0]["held out"] == "–"
    assert "held-out" not in of_kind(page.before("Introduction"), "li")[0]
    run = result.results[-1].name
    assert of_kind(page.section(run, 3), "table")[0][0] == "The first 5 training points."


def test_hostile_names_are_shown_as_they_are(points, tmp_path):
    """A file called like HTML, a formula or code is called so on the page, in words for pictures, too."""
    path = points("<b>$x$&`c`.csv", 2, ("<i>&$y$", "`q`"))
    name = "<b>$x$&`c`"
    (tmp_path / "figures").mkdir()
    for figure in ("network", f"{name}_data", f"{name}_confusion"):
        (tmp_path / f"figures/{figure}.svg").write_text("<svg></svg>")
    page = report_of(tmp_path, content_of(labs.load("xor").run(0, data=path, epochs=5, progress=False)))

    assert table(page.section("Results"), "outcome")[0]["run"] == name
    assert of_kind(page.before("Introduction"), "li")[0].startswith(f"{name}: ")
    assert ["h3", name] in page.blocks
    assert not page.tags & {"b", "i"}
    pictures = of_kind(page.blocks, "img", "figcaption")
    assert [name in (text if isinstance(text, str) else text[0]) for text in pictures] == [True] * 6


@pytest.mark.parametrize(("name", "words"), [("moons", "N twice"), ("xor", "hardly looks at the prediction")])
def test_texts_mistake_is_said_where_it_is_reproduced(tmp_path, name, words):
    """With as_printed the introduction says, for all to see, that this is the text's mistake."""
    result = labs.load(name).run(0, as_printed=True, epochs=3, progress=False)
    [notice] = of_kind(report_of(tmp_path, content_of(result)).section("Introduction"), "notice")

    assert "mistake" in notice
    assert words in notice


def test_lab_without_a_report_text_has_a_report(contents, tmp_path, monkeypatch):
    """Without words of its own a lab has its numbers, and its source."""
    monkeypatch.setitem(labs.LABS, "softmax", replace(labs.load("softmax"), report_text=NO_REPORT_TEXT))
    page = report_of(tmp_path, contents["softmax"])

    assert of_kind(page.section("Introduction"), "p", "li") == [f"The assignment: {labs.load('softmax').source}."]
    assert table(page.section("Results"), "outcome")[0]["run"] == "softmax"


def test_report_text_of_each_lab_is_written(said):
    """Every paragraph and every caveat of the lab's text is on the page."""
    content, page = said
    report_text = labs.load(content["lab"]).report_text
    introduction = page.section("Introduction")

    assert len(of_kind(introduction, "li")) == len(report_text.caveats)
    assert len(of_kind(introduction, "p")) == len(report_text.introduction) + 1 + bool(report_text.caveats)
    titles = of_kind(page.section("Set-up"), "h3")
    assert ("What changes from the assignment's first network" in titles) == (report_text.before is not None)


@pytest.mark.usefixtures("unrendered")
def test_figures_of_an_earlier_run_are_not_shown(tmp_path):
    """A folder used before holds figures of another run; the report shows those of this one alone."""
    labs.load("xor").run(0, data_sets="linear", epochs=3, progress=False).save(tmp_path)
    labs.load("xor").run(0, data_sets="xor_easy", epochs=3, progress=False).save(tmp_path)
    stale = tmp_path / "figures/xor_easy_seeds.svg"
    stale.write_text("<svg></svg>")

    page = Page(write_report(tmp_path).read_text(encoding="utf-8"))
    pictures = of_kind(page.blocks, "img")
    assert pictures
    assert not [text for text in pictures if "seeds" in str(text)]
