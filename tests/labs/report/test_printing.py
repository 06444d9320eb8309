"""The report as PDF and as an archive: what a browser prints, and what is said without one."""

from __future__ import annotations

import shutil
import zipfile

import pytest

from chainrule import labs
from chainrule.errors import ChainruleError
from chainrule.labs.report import write_report
from chainrule.labs.report.printing import BROWSERS, print_pdf, write_archive


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A folder as the lab leaves it, with its report."""
    folder = tmp_path_factory.mktemp("written")
    labs.load("moons").run(epochs=2, progress=False).save(folder)
    write_report(folder)
    return folder


@pytest.fixture
def folder(written, tmp_path):
    """Return a copy of one's own."""
    return shutil.copytree(written, tmp_path / "out")


def test_without_a_browser_it_is_said_what_to_do(folder, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(ChainruleError, match="print it as PDF"):
        print_pdf(folder / "report.html")


def test_a_browser_that_fails_is_quoted(folder, tmp_path, monkeypatch):
    browser = tmp_path / "chromium"
    browser.write_text("#!/bin/sh\necho no display >&2\nexit 3\n")
    browser.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda name: str(browser))
    with pytest.raises(ChainruleError, match="no display"):
        print_pdf(folder / "report.html")
    assert not (folder / "report.pdf").exists()


@pytest.mark.skipif(not any(map(shutil.which, BROWSERS)), reason="there is no browser that prints")
def test_a_browser_prints_it(folder):
    assert print_pdf(folder / "report.html").read_bytes().startswith(b"%PDF")


def test_the_archive_holds_what_it_is_given_by_its_name_in_the_folder(folder, tmp_path):
    files = [folder / "report.html", folder / "figures" / "data.png"]
    made = write_archive(tmp_path / "DL_LAB1_1815_Ada.zip", folder, files)
    assert zipfile.ZipFile(made).namelist() == ["report.html", "figures/data.png"]


def test_an_archive_that_would_take_the_reports_place_is_refused(chainrule, tmp_path):
    """The report stays as it is."""
    chainrule("lab", "run", "moons", "--no-sweep", "--set", "epochs=2", "--out", "results")
    page = tmp_path / "results" / "report.html"
    before = page.read_bytes()
    code, _, told = chainrule("report", "results", "--zip", page)
    assert (code, "another output goes there" in told) == (2, True)
    assert page.read_bytes() == before
