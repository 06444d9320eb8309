"""Reading: results.json and the figures beside it, or a sentence about what is not there."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from chainrule.errors import InvalidFile
from chainrule.tools.document.blocks import Image
from chainrule.tools.files import Own, network_of

if TYPE_CHECKING:
    from pathlib import Path

    from chainrule.network.network import Network

Json: TypeAlias = dict[str, Any]
LARGEST_SVG = 150_000  # bytes: a figure of more points is embedded as PNG


@dataclass(frozen=True)
class Folder:
    """What a lab left behind."""

    path: Path
    results: Json
    parts: tuple[Own, ...] = ()

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
        svg, png = (self.path / "figures" / f"{name}{suffix}" for suffix in (".svg", ".png"))
        if not svg.is_file():
            return []
        chosen = png if svg.stat().st_size > LARGEST_SVG and png.is_file() else svg
        return [Image(chosen.read_bytes(), alt, caption)]

    def network(self, run: Json) -> Network:
        """The network of a run."""
        return network_of(run["network"], own=self.parts, source=self.path / "results.json")


def read_folder(folder: Path) -> Folder:
    """Read what a lab left in a folder."""
    path = folder / "results.json"
    try:
        results = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InvalidFile(
            f"There is no results.json in {folder}: name the folder that chainrule lab run wrote, results/xor for one."
        ) from None
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise InvalidFile(f"{path} cannot be read: {error}. Run the lab again.") from error
    wanted = {"lab", "config", "versions", "runs"}
    missing = wanted - set(results) if isinstance(results, dict) else wanted
    if missing or not results["runs"]:
        what = ", ".join(sorted(missing)) if missing else "any run"
        raise InvalidFile(f"{path} is not what a lab writes: it lacks {what}. Run the lab again.")
    return Folder(folder, results)
