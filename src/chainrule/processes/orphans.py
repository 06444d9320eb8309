"""Orphans: no process and no temporary folder outlives the program that made it, however that ends.

A program that is told to end can tidy up; one that is killed cannot. So a process that works for it watches it. Windows
lacks this: there a process that works for one that was killed works on to its end.
"""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time

TICK = 0.2  # seconds between two looks at the parent


def end_with_parent(parent: int, folder: str) -> None:
    """Let this process end when its parent does, and remove the folder that the parent has made."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(TICK)
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(1)

    if sys.platform != "win32":
        threading.Thread(target=watch, name="parent", daemon=True).start()
