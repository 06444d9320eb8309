"""A playground for tests: the command itself, started once, with its address; and a browser, where there is one."""

import contextlib
import os
import shutil
import subprocess
import sys

import pytest

CHROMIUM = "/usr/bin/chromium"


@contextlib.contextmanager
def playground(*arguments):
    """Start ``chainrule play`` and yield its address and its process."""
    command = [sys.executable, "-m", "chainrule", "play", "--no-browser", *map(str, arguments)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield process.stdout.readline().strip(), process
    finally:
        process.terminate()
        process.communicate(timeout=20)


@contextlib.contextmanager
def browser():
    """Yield Debian's Chromium; where it is missing the tests are skipped, but in the gate that is an error."""
    if shutil.which(CHROMIUM) is None:
        if os.environ.get("CHAINRULE_REQUIRE_BROWSER") == "1":
            pytest.fail(f"{CHROMIUM} is missing, and CHAINRULE_REQUIRE_BROWSER=1 asks for it.")
        pytest.skip(f"{CHROMIUM} is missing: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()
