"""Sandbox: a stranger's file runs in a process without judge, solution and verdict, and is asked for values.

>>> from pathlib import Path
>>> from tempfile import TemporaryDirectory
>>> with TemporaryDirectory() as folder:
...     path = Path(folder) / "mine.py"
...     _ = path.write_text("def double(x): return 2 * x")
...     with opened(read(path)) as loaded:
...         loaded.module.double(21)
42
"""

from __future__ import annotations

from chainrule.sandbox.decoding import UnreadableSubmission
from chainrule.sandbox.loaded_file import LoadedFile, opened
from chainrule.sandbox.process import Clock, Ended, Limits
from chainrule.sandbox.remote import Raised, Remote
from chainrule.sandbox.student_file import StudentFile, read

__all__ = [
    "Clock",
    "Ended",
    "Limits",
    "LoadedFile",
    "Raised",
    "Remote",
    "StudentFile",
    "UnreadableSubmission",
    "opened",
    "read",
]
