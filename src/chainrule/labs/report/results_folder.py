"""The results folder: results.json and the figures beside it, or a sentence about what is missing."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from chainrule.errors import InvalidFile, InvalidValue
from chainrule.files.regular import open_regular
from chainrule.labs.catalogue import of_results
from chainrule.labs.folder import animation_path, finish
from chainrule.labs.report.content import decode
from chainrule.labs.sweep import SWEEP
from chainrule.models.network_description import network_of
from chainrule.writers.blocks import Image

if TYPE_CHECKING:
    from pathlib import Path

    from chainrule.labs.lab import Lab
    from chainrule.network.network import Network

Json: TypeAlias = dict[str, Any]
LARGEST_SVG = 150_000  # bytes: a figure of more points is embedded as PNG


@dataclass(frozen=True)
class Folder:
    """What a lab wrote."""

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
        if not os.path.isfile(svg):  # noqa: PTH113  # which also answers for a name that is too long
            return []
        chosen = png if svg.stat().st_size > LARGEST_SVG and png.is_file() else svg
        return [Image(chosen.read_bytes(), alt, caption)]

    def animation(self, name: str, alt: str, caption: str) -> list[Image]:
        """The animation of this name, if the run made one."""
        path = self.path / animation_path(name)
        made = name in self.results.get("animations", []) and os.path.isfile(path)  # noqa: PTH113  # as above
        return [Image(path.read_bytes(), alt, caption)] if made else []

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
    results = _read(path)
    try:
        lab = of_results(results["lab"], results.get("lab_file"), lab)
    except InvalidValue as error:
        raise InvalidFile(f"{error} It stands in {path}.") from error
    found = Folder(folder, results, lab)
    missing = [f"config.{known.name}" for known in lab.settings if known.name not in results["config"]]
    if lab.name == SWEEP.name and [len(one["rows"]) > 0 for one in results["experiments"]] != [True]:
        missing.append("the experiment")
    for number, run in enumerate(results["runs"]):
        if len(run.get("dead_units", found.network(run).layers[1:])) != len(found.network(run).layers) - 1:
            missing.append(f"runs[{number}].dead_units")
    if missing:
        raise InvalidFile(f"{path} is not what {lab.name} writes: missing or damaged is {', '.join(missing[:5])}.")
    return found


def _read(path: Path) -> Json:
    """Read results.json; what is wrong with it is said with its place."""
    try:
        with open_regular(path) as file:
            return decode(file.read())
    except InvalidFile:
        if path.exists():
            raise
        raise InvalidFile(
            f"There is no results.json in {path.parent}: name the folder that chainrule lab run wrote, results/xor for "
            "one."
        ) from None
    except OSError as error:
        raise InvalidFile(f"{path} cannot be read: {error.strerror or error}. Run the lab again.") from error
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        what = str(error).removeprefix("Object ").replace("`", "")
        told = "is not what a lab writes" if isinstance(error, msgspec.ValidationError) else "cannot be read"
        raise InvalidFile(f"{path} {told}: {what}. Run the lab again.") from error
