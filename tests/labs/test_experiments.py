"""Experiments: settings varied over seeds, and the sentences that say what came of it."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace

import pytest

from chainrule import InvalidValue, labs
from chainrule.labs.conclusions import sentences, spell
from chainrule.labs.experiment import AS_PRINTED, Experiment
from chainrule.labs.run_experiments import run_experiments
from chainrule.labs.settings import yes_or_no
from chainrule.labs.student import Student
from chainrule.labs.summary import summarise
from chainrule.training.progress import ProgressBar

RATES = Experiment(
    "rates", "Rates", "Which?", {"learning_rate": (0.3, 10.0)}, {"data_sets": ("linear", "xor_easy"), "epochs": 20}, 2
)
WIDTHS = Experiment("widths", "Widths", "Which?", {"hidden": ((3,), (10, 10))}, RATES.fixed, 2)
XOR = labs.load("xor")
SETS = Experiment("sets", "Sets", "Which?", {"data_sets": ("linear", "xor_easy")}, {"epochs": 20}, 1)


@pytest.fixture(scope="module")
def found():
    """Run three small experiments once for all tests that look at them."""
    return run_experiments(labs.load("xor"), [RATES, WIDTHS, SETS], seed=3, progress=False, settings={"n": 30})


def without_seconds(result):
    """Return an experiment's rows as JSON, but for the time it took."""
    return re.sub(r'"seconds": [^,]*', "", json.dumps(result.to_dict()))


def test_each_row_is_a_setting_of_a_training(found):
    """Rows come in the order of the values, a row a training, with all seeds in it."""
    said = found[0].to_dict()

    assert [(row["label"], row["run"]) for row in said["rows"]] == [
        ("learning rate 0.3", "linear"),
        ("learning rate 0.3", "xor_easy"),
        ("learning rate 10", "linear"),
        ("learning rate 10", "xor_easy"),
    ]
    assert all([run["seed"] for run in row["runs"]] == said["seeds"] == [3, 4] for row in said["rows"])
    assert (said["cap"], said["missing"]) == (20, [])


def test_each_run_is_that_of_the_lab_alone(found):
    """A run of an experiment is the lab's own of that seed and these settings, the user's among them."""
    run = found[0].rows[2]["runs"][1]
    [alone] = labs.load("xor").run(4, data_sets="linear", epochs=20, learning_rate=10, n=30).results

    assert (run["loss"], run["accuracy"]["test"]) == (alone.run.loss, alone.test_accuracy)
    assert run["outcome"]["name"] == alone.outcome.name
    assert run["history"]["loss"] == pytest.approx(alone.run.history["loss"], rel=1e-5)


def test_shared_settings_give_the_same_runs(found):
    """The default among the widths is the default among the rates, and it is run once."""
    assert found[0].rows[0]["runs"] == found[1].rows[2]["runs"]


def test_results_do_not_depend_on_the_order_or_number_of_processes(found, monkeypatch):
    """In this one process, one after the other, the same numbers come out."""
    monkeypatch.setattr("joblib.Parallel", lambda **kwargs: lambda jobs: (f(*args) for f, args, _ in jobs))
    [again] = run_experiments(labs.load("xor"), [RATES], seed=3, progress=False, settings={"n": 30})

    assert without_seconds(again) == without_seconds(found[0])


def test_trainings_can_be_compared_with_each_other(found):
    """Where the setting that names the trainings is varied, they stand in one group and in one picture."""
    assert [(row["label"], row["run"], row["group"]) for row in found[2].rows] == [
        ("linear", "linear", "runs"),
        ("xor_easy", "xor_easy", "runs"),
    ]
    assert set(found[2].figures()) == {"experiment_sets_runs"}
    assert set(found[0].figures()) == {"experiment_rates_linear", "experiment_rates_xor_easy"}


def test_ctrl_c_keeps_what_is_done(monkeypatch):
    """After Ctrl-C the seeds that were done are there, and the others are named."""

    class Interrupting(ProgressBar):
        def show(self, done, describe):
            if done == 3:
                raise KeyboardInterrupt

    monkeypatch.setattr("chainrule.labs.run_experiments.ProgressBar", Interrupting)
    monkeypatch.setattr("joblib.Parallel", lambda **kwargs: lambda jobs: (f(*args) for f, args, _ in jobs))
    [result] = run_experiments(labs.load("xor"), [RATES], progress=False)
    said = result.to_dict()

    assert result.interrupted
    assert sum(len(row["runs"]) for row in said["rows"]) == 6
    assert said["missing"] == [{"label": "learning rate 10", "seed": 1, "reason": "Ctrl-C"}]
    assert sentences(said)[-1] == "Missing: learning rate 10, seeds 1 (Ctrl-C)."


def test_refused_setting_is_told_and_stops_no_other(monkeypatch):
    """What a lab refuses is said; what can be run is run."""
    xor = labs.load("xor")

    def task(config, generator, name):
        if config["batch_size"] == 50:
            raise InvalidValue("No 50 here.")
        return xor.task(config, generator, name)

    monkeypatch.setattr("joblib.Parallel", lambda **kwargs: lambda jobs: (f(*args) for f, args, _ in jobs))
    batches = Experiment("batches", "", "", {"batch_size": (21, 50)}, {"data_sets": "xor_easy", "epochs": 2}, 1)
    [result] = run_experiments(replace(xor, task=task), [batches], progress=False)

    assert [row["label"] for row in result.rows] == ["batch size 21"]
    assert result.missing[0]["reason"] == "No 50 here."
    assert not result.interrupted


def test_own_points_leave_out_what_compares_the_labs_own(tmp_path, monkeypatch):
    """With --data there is one training: its settings are varied, its name cannot be."""
    path = tmp_path / "points.csv"
    path.write_text("\n".join(f"{i},{i % 7},{'ab'[i > 10]}" for i in range(20)))
    monkeypatch.setattr("joblib.Parallel", lambda **kwargs: lambda jobs: (f(*args) for f, args, _ in jobs))
    results = run_experiments(labs.load("xor"), [RATES, SETS], data=path, progress=False)

    assert [result.experiment.name for result in results] == ["rates"]
    assert {row["run"] for row in results[0].rows} == {"points"}


@pytest.mark.usefixtures("unrendered")
def test_lab_saves_its_experiments(tmp_path, monkeypatch):
    """With experiments=True results.json holds them, figures/ their pictures, and sentences can be made of the file."""
    monkeypatch.setattr("joblib.Parallel", lambda **kwargs: lambda jobs: (f(*args) for f, args, _ in jobs))
    result = labs.load("moons").run(0, experiments=True, progress=False)
    written = {path.name for path in result.save(tmp_path)}
    content = json.loads((tmp_path / "results.json").read_text())

    assert [one["name"] for one in content["experiments"]] == ["learning_rate", "hidden"]
    assert {"experiment_learning_rate_moons.svg", "experiment_hidden_moons.png"} <= written
    assert [] not in [sentences(one) for one in content["experiments"]]
    assert any("collapsed" in sentence for sentence in sentences(content["experiments"][0]))


@pytest.mark.parametrize("name", labs.names())
def test_experiments_of_each_lab_are_its_own_settings(name):
    """Every value of every experiment is one that the lab takes, names are different, and nothing is varied alone."""
    lab = labs.load(name)
    parse = {setting.name: setting.parse for setting in lab.settings} | {AS_PRINTED: yes_or_no}
    assert len({one.name for one in lab.experiments}) == len(lab.experiments) >= 2
    for one in lab.experiments:
        assert one.question.endswith("?")
        assert 2 <= len(one.combinations()) <= 8
        for setting, values in {**{key: [value] for key, value in one.fixed.items()}, **one.vary}.items():
            for value in values:
                parse[setting](setting, value)


def test_the_texts_finding_of_wide_networks_is_run_both_ways():
    """As printed a wide network stops before it has learnt, at a loss below 0; with the right loss it converges."""
    wide = replace(next(one for one in XOR.experiments if one.name == "wide_as_printed"), seeds=1)
    [result] = run_experiments(XOR, [wide], progress=False, settings={"n": 30})
    said = sentences(result.to_dict())
    rows = {(row["label"], row["run"]): row for row in result.rows}
    assert rows["mended", "linear"]["summary"]["outcomes"] == {"converged": 1}
    for name in ("linear", "xor_easy"):
        [run] = rows["as printed", name]["runs"]
        assert run["loss"] < 0
        told = f"(loss {spell('loss', run['loss'])}, accuracy {spell('accuracy', run['accuracy']['train'])})"
        told = f"{name}: as printed: 1 of 1 end at a loss below 0 after {run['epochs']} epochs {told}"
        assert [told in sentence for sentence in said].count(True) == 1
        assert not any("below 0" in sentence and "mended" in sentence for sentence in said)


def test_a_linear_output_as_printed_falls_without_end():
    """Without any activation the text's loss falls far below 0 while half of the points are read wrongly."""
    arguments = {"activation": "identity", "output": "identity", "epochs": 500, "stop_loss": None, "progress": False}
    [printed] = XOR.run(0, data_sets="linear", as_printed=True, **arguments).results
    assert printed.run.loss < -1000
    assert printed.train_accuracy < 0.7
    [mended] = XOR.run(0, data_sets="linear", learning_rate=0.001, **arguments).results
    assert 0 < mended.run.loss < mended.run.history["loss"][0]


def test_a_students_functions_are_not_asked_for_the_texts_loss(tmp_path):
    """They have their own: what asks for the printed one is missing, and says why."""
    path = tmp_path / "xor.py"
    path.write_bytes(XOR.homework.sheets[0].solution.read_bytes())
    asked = Experiment("p", "P", "?", {AS_PRINTED: (True, False)}, {"data_sets": ("xor_easy",), "epochs": 3}, seeds=1)
    [result] = run_experiments(XOR, [asked], progress=False, student=Student({"xor.py": path}))
    assert [gap["label"] for gap in result.missing] == ["as printed"]
    assert "compute their own loss" in result.missing[0]["reason"]
    assert [row["label"] for row in result.rows] == ["mended"]


# --- findings -------------------------------------------------------------------------------------------------------


def a_run(outcome="converged", epochs=100, loss=0.01, accuracy=(1.0, 1.0), **more):
    """A run as results.json has it."""
    status = "converged" if outcome == "converged" else "max_epochs"
    scores = dict(zip(("train", "test"), accuracy, strict=True))
    return {"seed": 0, "outcome": {"name": outcome, "sentence": ""}, "status": status, "epochs": epochs,
            "cap": 100, "loss": loss, "accuracy": scores, **more}  # fmt: skip


def a_row(value, *runs, group="moons"):
    """A row of the rate's value and these runs."""
    return {"settings": {"rate": value}, "label": f"rate {value}", "run": group, "group": group, "runs": list(runs),
            "summary": summarise(runs)}  # fmt: skip


def say(*rows, missing=()):
    """The sentences of an experiment with these rows."""
    return sentences({"rows": list(rows), "missing": list(missing)})


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        ("not finished", "rate 2: 3 of 3 not finished within 100 epochs (loss 0.5000, accuracy 0.80)."),
        ("stuck", "rate 2: 3 of 3 stuck (loss 0.5000, accuracy 0.80)."),
        ("diverged", "rate 2: 3 of 3 diverged (after 100 epochs, loss 0.5000)."),
        ("collapsed", "rate 2: 3 of 3 collapsed to a constant answer (loss 0.5000)."),
        ("failed", "rate 2: 3 of 3 given up by the optimizer after 100 iterations (loss 0.5000)."),
    ],
)
def test_each_failure_is_said(outcome, sentence):
    """The setting, how many of its runs, how they failed, with the medians of those."""
    bad = a_row(2, *[a_run(outcome, loss=0.5, accuracy=(0.8, 0.7))] * 3)

    assert say(a_row(1, *[a_run()] * 3), bad) == [
        "rate 1 converges in the most runs, 3 of 3; rate 2: 0 of 3.",
        sentence,
    ]


def test_collapse_to_ln_2_is_recognised():
    """A loss near ln 2 is said to be that."""
    collapse = [a_run("collapsed", loss=0.6927)] * 2

    assert say(a_row(1, *collapse))[1] == (
        "rate 1: 2 of 2 collapsed to a constant answer (loss 0.6927, ln 2 = 0.6931)."
    )


def test_all_failed_is_said_without_a_winner():
    """Where nothing succeeded and all are alike, nobody is ahead."""
    said = say(*[a_row(value, *[a_run("stuck", loss=0.5, accuracy=(0.5, 0.5))] * 2) for value in (1, 2)])

    assert said[0] == "No clear difference between rate 1 and 2: accuracy 0.50 (0.50–0.50), 0.50 (0.50–0.50)."
    assert len(said) == 3


def test_accuracy_decides_before_epochs():
    """More accurate and slower is ahead; what is level in accuracy is told apart by epochs."""
    said = say(
        a_row(1, *[a_run(epochs=900)] * 2),
        a_row(2, *[a_run(epochs=90)] * 2),
        a_row(3, *[a_run(epochs=9, accuracy=(1.0, 0.8))] * 2),
    )

    assert said == [
        "rate 1 and 2 read the most held-out samples right, 1.00; rate 3: 0.80.",
        "Among these, rate 2 needs the fewest epochs, 90; rate 1: 900, 10 times as many.",
    ]


def test_ranges_that_overlap_are_no_difference():
    """Medians far apart do not count where the worst of one is no worse than the best of the other."""
    slow, fast = [a_run(epochs=e) for e in (500, 90, 800)], [a_run(epochs=e) for e in (100, 10, 100)]

    assert say(a_row(1, *slow), a_row(2, *fast))[0].startswith("No clear difference between rate 1 and 2")


def test_small_difference_is_no_difference():
    """An accuracy better by less than 0.01 is not ahead."""
    said = say(a_row(1, a_run(accuracy=(1, 0.995))), a_row(2, a_run(accuracy=(1, 0.99))))

    assert said[0].startswith("No clear difference")


def test_training_accuracy_counts_where_nothing_is_held_out():
    """Without a test accuracy the training's decides, and the sentence says so."""
    said = say(*[a_row(v, a_run("done", accuracy=(score, None))) for v, score in ((1, 0.7), (2, 0.9))])

    assert said == ["rate 2 reads the most training samples right, 0.90; rate 1: 0.70."]


def test_loss_decides_where_all_run_equally_long():
    """Without a rule that waits, the lower loss is ahead among the equally accurate; with 0 there is no ratio."""
    rows = [a_row(v, a_run("done", loss=loss)) for v, loss in ((1, 0.02), (2, 0.01))]
    zero = [a_row(v, a_run("done", loss=loss)) for v, loss in ((1, 0.02), (2, 0.0))]

    assert say(*rows) == ["rate 2 ends at the lowest loss, 0.0100; rate 1: 0.0200, 2 times as high."]
    assert say(*zero) == ["rate 2 ends at the lowest loss, 0; rate 1: 0.0200."]


def test_one_value_alone_is_described():
    """A single setting has nothing to be compared with."""
    assert say(a_row(1, a_run(), a_run("not finished"))) == [
        "rate 1: 1 of 2 converged, 1 of 2 not finished, accuracy 1.00 (1.00–1.00).",
        "rate 1: 1 of 2 not finished within 100 epochs (loss 0.0100, accuracy 1.00).",
    ]


def test_more_seeds_make_a_smaller_difference_clear():
    """One failure of five is no difference, four of twenty are."""
    few = [a_row(1, *[a_run("done")] * 4, a_run("stuck")), a_row(2, *[a_run("done")] * 5)]
    many = [a_row(1, *[a_run("done")] * 16, *[a_run("stuck")] * 4), a_row(2, *[a_run("done")] * 20)]

    assert say(*few)[0].startswith("No clear difference")
    assert say(*many)[0] == "rate 2 fails in the fewest runs, 0 of 20; rate 1: 4 of 20."


def test_dead_units_leaps_and_missing_seeds_are_said():
    """Medians of dead ReLUs, of the share of epochs in which the loss rises, and the seeds that are not there."""
    dead = [a_row(v, a_run("done", dead_units=[n, 1], hidden=[50, 10], rises=0.4)) for v, n in ((1, 4), (2, 40))]
    said = say(*dead, missing=[{"label": "rate 3", "seed": s, "reason": "Ctrl-C"} for s in (0, 1)])

    assert said[1:] == [
        "ReLUs that are 0 on every training sample, median: 4 + 1 of 50 + 10 at rate 1, 40 + 1 of 50 + 10 at rate 2.",
        "The loss rises in 40 % of the epochs at rate 1 and 40 % of the epochs at rate 2.",
        "Missing: rate 3, seeds 0, 1 (Ctrl-C).",
    ]


def test_dead_units_of_layers_alike_are_counted_shortly():
    """Layers of one width are named once, behind the counts as the table has them."""
    said = say(*[a_row(v, a_run("done", dead_units=[2, v], hidden=[10, 10])) for v in (1, 2)])

    assert said[1].endswith("median: 2 + 1 of 2 × 10 at rate 1, 2 + 2 of 2 × 10 at rate 2.")


def test_numbers_that_became_null_are_not_compared():
    """A loss that was not finite is null in results.json: it is named, never ranked."""
    bad = a_row(2, a_run("diverged", accuracy=(1.0, 1.0)))
    bad["runs"][0]["loss"] = None
    bad["summary"]["loss"] = [None, None, None]
    good = a_row(1, a_run("done"))

    assert say(good, bad)[-1] == "rate 2: 1 of 1 diverged (after 100 epochs, loss not finite)."


def test_group_is_named_where_there_are_several():
    """Sentences of several trainings begin with the training's name."""
    said = say(a_row(1, a_run(), group="ring"), a_row(1, a_run(), group="moons"))

    assert [sentence.split(":")[0] for sentence in said] == ["ring", "moons"]


def test_summary_counts_outcomes():
    """The outcomes of a row's runs are counted beside their statuses."""
    row = a_row(1, a_run(), a_run(), a_run("stuck"))

    assert row["summary"]["outcomes"] == dict(Counter(converged=2, stuck=1))


@pytest.mark.parametrize(
    ("quantity", "value", "text"),
    [("accuracy", 1.0, "1.00"), ("epochs", 12.5, "13"), ("loss", 2e-5, "2.0e-05"), ("ratio", 4.31, "4.3"),
     ("ratio", 144.4, "144"), ("loss", None, "not finite"), ("loss", float("inf"), "not finite")],
)  # fmt: skip
def test_numbers_are_written_one_way(quantity, value, text):
    """One function words all numbers of the sentences."""
    assert spell(quantity, value) == text
