"""The targets of several processors side by side: ``python -m benchmarks.side_by_side docs/measured/*.md``.

Each file is the page that ``python -m benchmarks`` wrote on one machine. Printed is one table in Markdown: today's
targets, as the last file has them, and what was measured of each on every machine. A target that an older page states
with another number is the same target.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from benchmarks.tables import SEE_BELOW, markdown_table

HEADER = ("workload", "setting", "target")
NUMBER = re.compile(r"^([≥≤]) [\d.]+")


def targets(page: str) -> dict[tuple[str, str, str], tuple[str, str]]:
    """Return the target and what was measured, by workload, setting and the target's words without its number."""
    table = page.partition("## Targets")[2].partition("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line[:1] == "|"]
    return {(row[0], row[1], NUMBER.sub(r"\1", row[2])): (row[2], row[3]) for row in rows[2:]}


def side_by_side(pages: dict[str, str]) -> str:
    """Return the table; a target that a machine has not measured is a dash there."""
    measured = {name: targets(page) for name, page in pages.items()}
    last = {key: row for key, row in list(measured.values())[-1].items() if row[1] != SEE_BELOW}
    rows = [
        (*key[:2], target, *(found.get(key, ("", "–"))[1] for found in measured.values()))
        for key, (target, _) in last.items()
    ]
    return markdown_table((*HEADER, *measured), rows, left=3)


def main() -> None:
    """Print the table of these files, each named by its first heading."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.side_by_side", description="The targets side by side.")
    parser.add_argument("page", nargs="+", type=Path, help="a page of benchmarks; the last one's targets are today's")
    paths = parser.parse_args().page
    pages = {text.partition("\n")[0].lstrip("# "): text for text in map(Path.read_text, paths)}
    sys.stdout.write(side_by_side(pages) + "\n")


if __name__ == "__main__":
    main()
