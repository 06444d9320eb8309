"""Reproduction: how to run it again: the command, the seed, the versions."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from chainrule.labs.report.number_format import setting
from chainrule.labs.sweep import SWEEP
from chainrule.writers.blocks import Block, Code, Heading, Paragraph, TableBlock

if TYPE_CHECKING:
    from chainrule.labs.report.results_folder import Folder, Json


def reproduction_section(folder: Folder) -> list[Block]:
    """The command that gives the same numbers, and what computed these."""
    results = folder.results
    versions = tuple((name, version) for name, version in results["versions"].items())
    return [
        Heading("How to run it again"),
        Code(command(folder)),
        Paragraph(f"It took {_time(results['seconds'])} in all, and gives the same numbers with the same versions:"),
        TableBlock(("what", "version"), versions),
    ]


def command(folder: Folder) -> str:
    """Write the command line of these results: the settings that are not the lab's own."""
    results, lab, config = folder.results, folder.lab, folder.results["config"]
    if lab.name == SWEEP.name:
        return _sweep_command(results)
    words = ["chainrule", "lab", "run", str(lab.file or lab.name)]
    seeds = results.get("seeds")
    if seeds:
        words += ["--seed", str(seeds[0]), "--seeds", str(len(seeds))]
    else:
        words += ["--seed", str(results["seed"])]
    if not seeds and not results.get("experiments"):
        words.append("--no-sweep")
    for path in config.get("data") or []:
        words += ["--data", path]
    for path in results.get("student", {}).values():
        words += ["--with", path]
    flags = {"--animate": results.get("animations"), "--as-printed": config.get("as_printed")}
    words += [flag for flag, given in flags.items() if given]
    if config.get("engine", "auto") != "auto":
        words += ["--engine", config["engine"]]
    for known in lab.settings:
        if setting(config[known.name]) != setting(known.parse(known.name, known.default)):
            words += ["--set", f"{known.name}={setting(config[known.name])}"]
    return shlex.join(words)


def _sweep_command(results: Json) -> str:
    """Write the command line of a sweep: its samples, what was compared, and what was held."""
    config, [experiment] = results["config"], results["experiments"]
    words = ["chainrule", "sweep", "--data", *config["data"]]
    if config["target"] is not None:
        words += ["--target", config["target"]]
    for name, values in {**experiment["vary"], **{key: [value] for key, value in experiment["fixed"].items()}}.items():
        words += ["--set", f"{name}={';'.join(map(setting, values))}"]
    for option in ("task", "n"):
        if config.get(option) is not None:
            words += [f"--{option}", str(config[option])]
    return shlex.join([*words, "--seed", str(results["seed"]), "--seeds", str(len(experiment["seeds"]))])


def _time(seconds: float) -> str:
    return "less than a second" if seconds < 1 else f"{seconds:.0f} s"
