"""What all tests share: hypothesis draws the same examples every time, and the command line runs in this process."""

import gc
import os
import sys

import pytest
from hypothesis import settings
from tests import one_pixel

# Hundreds of processes are started: each finds what Python compiled for those before, wherever that is switched off.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

gc.disable()  # ten thousand tests are collected, all to stay: nothing among them has to be looked for


def pytest_collection_finish():
    """From here on what the tests leave is looked for, and not among what stays."""
    gc.enable()
    gc.freeze()


settings.register_profile("chainrule", derandomize=True, deadline=None)
settings.load_profile("chainrule")


@pytest.fixture
def unrendered(monkeypatch):
    """Pictures are drawn as ever, and saved as one pixel: to render them takes seconds, and nobody looks at theirs."""
    from chainrule.plot.picture import Picture

    monkeypatch.setattr(Picture, "savefig", one_pixel.savefig)


@pytest.fixture
def chainrule(monkeypatch, capsys, tmp_path):
    """Return a function that runs the command line in an empty folder: (exit code, output, errors)."""
    from chainrule import cli

    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["chainrule", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return ended.value.code, out, err

    return run
