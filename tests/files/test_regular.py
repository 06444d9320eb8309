"""Regular files: whoever reads refuses what is none, and says in a sentence what goes wrong."""

from __future__ import annotations

import os

import pytest

from chainrule.errors import InvalidFile
from chainrule.files.regular import open_regular
from chainrule.labs.report.results_folder import read_folder


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such files")
def test_a_pipe_in_the_place_of_results_is_not_waited_for(tmp_path):
    """A report reads its results.json as every other file is read; a missing one is still said to be missing."""
    with pytest.raises(InvalidFile, match=r"There is no results\.json in "):
        read_folder(tmp_path)
    os.mkfifo(tmp_path / "results.json")
    with pytest.raises(InvalidFile, match=r"results\.json is a device or a pipe\. Save the data in a file\."):
        read_folder(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such files")
def test_a_pipe_that_takes_a_file_s_place_is_refused(tmp_path, monkeypatch):
    """What was opened is looked at again: between the look and the opening it may have become another."""
    path, regular = tmp_path / "a", tmp_path / "b"
    os.mkfifo(path)
    regular.write_text("numbers")
    looked_at = regular.stat()
    monkeypatch.setattr(os, "stat", lambda *_, **__: looked_at)
    with pytest.raises(InvalidFile, match="a is a device or a pipe"), open_regular(path):
        pytest.fail("opened")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OSError(5, "Input/output error"), "Cannot read {}: Input/output error."),
        (OSError("broken"), "Cannot read {}: broken."),
        (MemoryError(), "{} needs more memory than there is. Save fewer rows or columns of it."),
    ],
)
def test_what_goes_wrong_while_reading_is_a_sentence(tmp_path, error, sentence):
    """The block's own errors are told of the file; what is no trouble of a file passes."""
    path = tmp_path / "a"
    path.write_text("numbers")
    with pytest.raises(InvalidFile) as refused, open_regular(path):
        raise error
    assert str(refused.value) == sentence.format(path)
    with pytest.raises(KeyError), open_regular(path):
        raise KeyError
