"""Printing: the report as PDF by a browser that is there, and the archive that a course wants handed in."""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

from chainrule.errors import ChainruleError
from chainrule.files.atomic import write_whole
from chainrule.files.scratch import scratch_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
SECONDS = 120


def print_pdf(page: Path) -> Path:
    """Print report.html as report.pdf beside it, with a browser and without network.

    Raises
    ------
    ChainruleError
        Where there is no browser that prints, or it does not.
    """
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise ChainruleError(
            f"No browser that prints was found (looked for {', '.join(BROWSERS)}). Open {page} in yours and print it "
            "as PDF."
        )
    with scratch_folder() as folder:
        draft = folder / "report.pdf"
        given = ["--headless", "--disable-gpu", "--no-pdf-header-footer", f"--user-data-dir={folder / 'profile'}"]
        given += ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []  # root has no other way
        words = [browser, *given, f"--print-to-pdf={draft}", page.resolve().as_uri()]
        try:
            done = subprocess.run(words, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
        except subprocess.TimeoutExpired as error:
            raise ChainruleError(f"{browser} did not print {page} within {SECONDS} s.") from error
        if done.returncode or not draft.is_file():
            told = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["it says nothing"]
            raise ChainruleError(f"{browser} did not print {page}: {told[0]}")
        return write_whole(page.with_suffix(".pdf"), draft.read_bytes())


def write_archive(path: Path, folder: Path, files: Sequence[Path]) -> Path:
    """Write a zip of some of a folder's files, by their names in it."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, file.relative_to(folder))
    return write_whole(path, content.getvalue())
