"""Reading: results.json and the figures beside it, or a sentence about what is not there."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from chainrule.errors import InvalidFile
from chainrule.faces import labs
from chainrule.faces.labs.folder import finish
from chainrule.tools.document.blocks import Image
from chainrule.tools.files import network_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from chainrule.faces.labs.lab import Lab
    from chainrule.network.network import Network

Json: TypeAlias = dict[str, Any]
LARGEST_SVG = 150_000  # bytes: a figure of more points is embedded as PNG

# What a report reads of results.json, and of which kind it is; what ends in ? may be left out
NUMBER, PERHAPS = int | float, int | float | None  # what was not finite is null
ENDED: Json = {
    "outcome": {"name": str},
    "epochs": int,
    "cap": int,
    "loss": PERHAPS,
    "accuracy": {"train": PERHAPS, "test": PERHAPS},
}
RUN: Json = {
    **ENDED,
    "name": str,
    "outcome": {"name": str, "sentence": str},
    "n_train": int,
    "n_test": int,
    "network": dict,
    "training": dict,
    "predictions?": [{"x": list, "y": list, "predicted": object, "truth": object}],
}
SUMMARY: Json = {
    "runs": int,
    "outcomes": dict,
    "epochs": [PERHAPS],
    "loss": [PERHAPS],
    "train_accuracy": [PERHAPS],
    "test_accuracy": list | None,
}
ROW: Json = {"label": str, "run": str, "group": str, "settings": dict, "summary": SUMMARY, "runs": [ENDED]}
EXPERIMENT: Json = {
    "name": str,
    "title": str,
    "question": str,
    "fixed": dict,
    "seeds": [int],
    "rows": [ROW],
    "missing": [{"label": str, "seed": int, "reason": str}],
}
RESULTS: Json = {
    "lab": str,
    "lab_file?": str,
    "config": dict,
    "versions": dict,
    "seconds": NUMBER,
    "runs": [RUN],
    "experiments?": [EXPERIMENT],
}


@dataclass(frozen=True)
class Folder:
    """What a lab left behind."""

    path: Path
    results: Json
    lab: Lab

    @property
    def runs(self) -> list[Json]:
        """The trainings of the lab's own settings."""
        found: list[Json] = self.results["runs"]
        return found

    @property
    def experiments(self) -> list[Json]:
        """What was varied, and what came of it."""
        found: list[Json] = self.results.get("experiments", [])
        return found

    @property
    def seeds(self) -> list[int]:
        """The seeds of a run over several; empty for a single run."""
        found: list[int] = self.results.get("seeds", [])
        return found

    def image(self, name: str, alt: str, caption: str) -> list[Image]:
        """The figure of this name, if the lab drew one: as SVG, or as PNG where that is much smaller."""
        if name not in self.results.get("figures", [name]):  # another run's, left in the same folder
            return []
        svg, png = (self.path / "figures" / f"{name}{suffix}" for suffix in (".svg", ".png"))
        if not svg.is_file():
            return []
        chosen = png if svg.stat().st_size > LARGEST_SVG and png.is_file() else svg
        return [Image(chosen.read_bytes(), alt, caption)]

    def sharing(self, run: Json) -> list[str]:
        """The names of the runs that have the same training points, in their order."""
        data = self.results.get("data", {})
        return [name for name, told in data.items() if told.get("same_as") == run["name"]] or [run["name"]]

    def network(self, run: Json) -> Network:
        """The network of a run."""
        return network_of(run["network"], own=self.lab.parts, source=self.path / "results.json")


def read_folder(folder: Path, lab: Lab | None = None) -> Folder:
    """Read what a lab left in a folder; ``lab`` is the one, if the user named it."""
    path = folder / "results.json"
    finish(folder)
    try:
        results = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InvalidFile(
            f"There is no results.json in {folder}: name the folder that chainrule lab run wrote, results/xor for one."
        ) from None
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise InvalidFile(f"{path} cannot be read: {error}. Run the lab again.") from error
    lab = labs.of_results(results["lab"], results.get("lab_file"), lab)
    wrong = list(_wrong(results, RESULTS)) or list(_wrong(results, _more(results, lab)))
    if wrong:
        what = ", ".join(wrong[:5])
        raise InvalidFile(f"{path} is not what a lab writes: missing or damaged is {what}. Run the lab again.")
    return Folder(folder, results, lab)


def _more(results: Json, lab: Lab) -> Json:
    """What else there must be: the lab's settings, a run, and its seed or those of several runs."""
    config = {known.name: object for known in lab.settings}
    if not results["runs"]:
        return {"at least one run": object}
    if "seeds" not in results:
        return {"config": config, "seed": int}
    summary = {run["name"]: SUMMARY for run in results["runs"]}
    return {"config": config, "seeds": [int], "summary": summary, "runs": [{"seed": int}]}


def _wrong(value: Any, kind: Any, name: str = "") -> Iterator[str]:
    """Name what is missing or of another kind: a type, [the kind of each item], or {key: its kind}.

    >>> list(_wrong({"a": [1, "b"]}, {"a": [int], "c?": str, "d": str}))
    ['a[1]', 'd']
    """
    if isinstance(kind, dict) and isinstance(value, dict):
        for key, inner in kind.items():
            place = f"{name}.{key}".lstrip(".").rstrip("?")
            if key.rstrip("?") in value:
                yield from _wrong(value[key.rstrip("?")], inner, place)
            elif not key.endswith("?"):
                yield place
    elif isinstance(kind, list) and isinstance(value, list):
        for i, item in enumerate(value):
            yield from _wrong(item, kind[0], f"{name}[{i}]")
    elif isinstance(kind, dict | list) or not isinstance(value, kind):
        yield name or "everything"
