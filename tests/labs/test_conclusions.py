"""A second reading of every sentence that is computed of an experiment, against the numbers of random tables."""

from __future__ import annotations

import os
import re
from statistics import median

import numpy as np
import pytest

from chainrule.labs.conclusions import sentences
from chainrule.labs.summary import summarise

TABLES = int(os.environ.get("CHAINRULE_RESULT_TABLES", "60"))
TWO_ROWS = 0  # the seed of a table with several rows
OUTCOMES = ("converged", "done", "not finished", "fell short", "stuck", "diverged", "collapsed", "failed")
GOOD = {"converged", "done"}
SUPERLATIVE = re.compile(
    r"(?:converges? in the most|fails? in the fewest) runs|reads? the most (?:held-out|training) samples right"
    r"|gets? the highest R² on (?:held-out|training) samples|needs? the fewest epochs|ends? at the lowest loss"
)
COMPARATIVE = re.compile(
    r"converge in more runs|fail in fewer runs|read more (?:held-out|training) samples right"
    r"|get a higher R² on (?:held-out|training) samples|need fewer epochs|end at a lower loss"
)
ENDINGS = {
    "not finished": "not finished",
    "short of": "fell short",
    "stuck": "stuck",
    "diverged": "diverged",
    "collapsed": "collapsed",
    "given up": "failed",
}


def table(seed):
    """An experiment's rows as results.json has them: outcomes, spreads and ties of every kind."""
    rng = np.random.RandomState(seed)
    held_out, score = rng.rand() < 0.7, rng.choice(["accuracy", "R²"])
    usual = rng.choice(OUTCOMES, 2)
    rows = [a_row(rng, value, group, held_out, str(score), usual)
            for group in ("moons", "ring")[: rng.randint(1, 3)] for value in range(1, rng.randint(2, 7))]  # fmt: skip
    missing = [{"label": "rate 9", "seed": int(s), "reason": "Ctrl-C"} for s in range(rng.randint(0, 3))]
    return {"rows": rows, "missing": missing}


def a_row(rng, value, group, held_out, score, usual):
    level, spread = 10 ** rng.uniform(-7, 2), rng.choice([0, 0.02, 0.5])
    middle, scatter, epochs = (
        rng.choice([1.0, 0.99, rng.uniform(0, 1)]),
        rng.choice([0, 0.005, 0.1]),
        rng.randint(1, 5000),
    )
    runs = []
    for k in range(rng.choice([1, 2, 5, 20])):
        outcome = str(rng.choice(OUTCOMES if rng.rand() < 0.3 else usual))
        train, test = (float(min(1.0, max(0.0, middle + scatter * rng.randn()))) for _ in range(2))
        runs.append({
            "seed": k, "outcome": {"name": outcome}, "status": "converged" if outcome == "converged" else "max_epochs",
            "epochs": int(max(1, epochs * (1 + spread * rng.randn()))), "cap": 5000, "score": score,
            "loss": float(level * np.exp(spread * rng.randn())),
            "accuracy": {"train": train, "test": test if held_out else None},
            "rises": float(rng.choice([0.0, 0.3])), "dead_units": [int(rng.choice([0, 3]))], "hidden": [8],
        })  # fmt: skip
    label = f"rate {value}"
    return {
        "settings": {"rate": value},
        "label": label,
        "run": group,
        "group": group,
        "runs": runs,
        "summary": summarise(runs),
    }


def quantity(claim, row):
    """What a claim is about, by the row's runs alone, and whether more of it is better."""
    runs = row["runs"]
    share = sum(run["outcome"]["name"] in GOOD for run in runs) / len(runs)
    part = "test" if "held-out" in claim else "train"
    if "runs" in claim:
        return share, True
    if "samples" in claim:
        return median(run["accuracy"][part] for run in runs), True
    return median(run["epochs" if "epochs" in claim else "loss"] for run in runs), False


def told(claim, row, text):
    """Whether a number in a sentence is that of its row, as far as it is written out."""
    value, _ = quantity(claim, row)
    if "runs" in claim:
        count, of = map(int, text.split(" of "))
        good = round(value * len(row["runs"]))
        return of == len(row["runs"]) and count == (len(row["runs"]) - good if "fail" in claim else good)
    digits = len(text.partition(".")[2]) if "e" not in text else None
    off = abs(float(text) - value)
    return off <= 0.051 * value if digits is None else off <= 0.5 * 10**-digits + 1e-8


def names(text):
    """The rates that a list names."""
    return [int(word) for word in re.findall(r"\d+", text)]


def read_ranking(sentence, rows):
    """Check who is said to be ahead, by what numbers, and that nobody named behind or left out contradicts it."""
    among = sentence.startswith("Among these, ")
    claim = (SUPERLATIVE.search(sentence) or COMPARATIVE.search(sentence)).group()
    head, _, rest = sentence.removesuffix(".").partition(claim)
    ahead = [rows[k] for k in names(head.replace("Among these", ""))]
    scores, *behind = rest.removeprefix(", ").split("; ")
    values = re.split(r", | and ", scores)
    values = values * len(ahead) if len(values) == 1 else values
    assert len(values) == len(ahead)
    assert all(told(claim, row, value) for row, value in zip(ahead, values, strict=True)), sentence
    numbers = {}
    for part in behind:
        label, _, value = part.partition(": ")
        value, _, ratio = value.partition(", ")
        row = rows[names(label)[0]]
        assert told(claim, row, value), sentence
        numbers[row["label"]] = quantity(claim, row)[0]
        if ratio:
            times = float(re.match(r"[\d.]+", ratio).group())
            assert times == pytest.approx(quantity(claim, row)[0] / quantity(claim, ahead[0])[0], rel=0.051), sentence
            assert len(set(values)) == 1
    more_is_better = quantity(claim, ahead[0])[1]
    others = numbers.values() if among else [quantity(claim, row)[0] for row in rows.values() if row not in ahead]
    for row in ahead:
        own = quantity(claim, row)[0]
        assert all(own > other if more_is_better else own < other for other in others), sentence
    if SUPERLATIVE.search(sentence) and len(ahead) > 1:
        assert len(set(values)) == 1, sentence


def read_failures(sentence, rows):
    """Check how many runs of a row are said to have failed, and how."""
    label, _, rest = sentence.partition(": ")
    row = rows[names(label)[0]]
    for count, of, words in re.findall(r"(\d+) of (\d+) ([a-z]+ ?[a-z]*)", rest):
        outcome = next(name for start, name in ENDINGS.items() if words.startswith(start))
        runs = [run for run in row["runs"] if run["outcome"]["name"] == outcome]
        assert (int(count), int(of)) == (len(runs), len(row["runs"])), sentence
        if written := re.search(re.escape(words.split()[0]) + r".*?loss ([\d.e+-]+\d)", rest):
            assert told("loss", {"runs": runs}, written[1]), sentence


@pytest.mark.parametrize("block", range(10))
def test_no_sentence_contradicts_its_table(block):
    """Rankings and failures of random result tables, read by other code than wrote them."""
    read = 0
    for seed in range(block * TABLES // 10, (block + 1) * TABLES // 10):
        experiment = table(seed)
        groups = dict.fromkeys(row["group"] for row in experiment["rows"])
        for sentence in sentences(experiment):
            group, text = next(((g, sentence.removeprefix(f"{g}: ")) for g in groups if sentence.startswith(f"{g}: ")),
                               (next(iter(groups)), sentence))  # fmt: skip
            text = text[0].upper() + text[1:] if text.startswith("among") else text
            rows = {row["settings"]["rate"]: row for row in experiment["rows"] if row["group"] == group}
            if SUPERLATIVE.search(text) or COMPARATIVE.search(text):
                read_ranking(text, rows)
                read += 1
            elif re.match(r"rate \d: \d+ of \d+", text) and len(rows) > 1:
                read_failures(text, rows)
                read += 1
    assert read > TABLES // 10


def test_the_reader_finds_what_is_wrong():
    """The second reading would notice a wrong number, a wrong winner, and a wrong count."""
    rows = {row["settings"]["rate"]: row for row in table(TWO_ROWS)["rows"] if row["group"] == "moons"}
    two = dict(list(rows.items())[:2])
    loss = {k: quantity("loss", row)[0] for k, row in two.items()}
    low, high = sorted(two, key=loss.get)
    right = f"rate {low} ends at the lowest loss, {loss[low]:.6e}; rate {high}: {loss[high]:.6e}."
    read_ranking(right, two)
    wrong = f"rate {high} ends at the lowest loss, {loss[high]:.6e}; rate {low}: {loss[low]:.6e}."
    for sentence in (wrong, right.replace(f"{loss[low]:.6e}", f"{2 * loss[low]:.6e}")):
        with pytest.raises(AssertionError):
            read_ranking(sentence, two)
