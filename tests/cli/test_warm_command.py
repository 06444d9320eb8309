"""``chainrule warm``: the kernels are compiled into the cache, or a sentence says why not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from chainrule.kernels import codes


def test_warm_fills_the_cache(chainrule, monkeypatch):
    """It compiles what is missing, for both dtypes, and says where it is; the second time there is nothing to do."""
    monkeypatch.setattr(codes, "ALL_KERNELS", ("sgd", "momentum"))
    for _ in range(2):
        code, out, err = chainrule("warm")
        assert (code, err) == (0, "")
        assert out.startswith("All kernels are ready for this processor, in ")
    folder = out.split(", in ")[1].rstrip(".\n")
    made = {f"{name}-{dtype}.o" for name in codes.ALL_KERNELS for dtype in ("float32", "float64")}
    assert made <= {path.name for path in Path(folder).iterdir()}


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("CHAINRULE_CACHE", "off", "Cannot fill a cache with CHAINRULE_CACHE=off. Unset it, or name a folder.\n"),
        ("NUMBA_DISABLE_JIT", "1", "(unset it), and there is nothing to compile without it.\n"),
    ],
)
def test_warm_says_why_it_cannot(name, value, sentence):
    """Where nothing is kept or nothing is compiled, that is one sentence."""
    command = [sys.executable, "-m", "chainrule", "warm"]
    done = subprocess.run(command, env={**os.environ, name: value}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith(sentence)
