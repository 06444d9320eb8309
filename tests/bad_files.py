"""The files that the tables of bad inputs name, made in the current folder: one of each kind of damage."""

import io
import json
import pickle
import random
from pathlib import Path

import numpy as np
import safetensors.numpy
import scipy.io

import chainrule as cr
from chainrule import labs
from chainrule.course.starter import write_starter

HEADER = "x1,x2,y\n"
BROKEN_CELLS = {"na": "NA", "empty_cell": "", "text": "blue", "nan": "nan", "inf": "inf"}


def make_files():
    """Fill the current folder."""
    _tables()
    _damaged()
    _python()
    _results()
    for folder in ("dir", "dir.safetensors", "dir.csv", "dir.html", "emptydir"):
        Path(folder).mkdir()
    Path("dir/keep.txt").touch()
    Path("dangling.py").symlink_to("nowhere.py")
    for folder in ("hw", "full"):
        write_starter(labs.load("xor"), Path(folder))


def _table(n, row, header=HEADER):
    return header + "".join(f"{row(i)}\n" for i in range(n))


def _tables():
    """Tables of text, good ones and those with one thing wrong."""
    draw = random.Random(0).uniform  # noqa: S311  # numbers to read, no secrets

    def pair(_=0):
        return f"{draw(-1, 1):.4f},{draw(-1, 1):.4f}"

    good = _table(20, lambda i: f"{pair()},{i % 2}")
    texts = {
        "good": good,
        "empty": "",
        "header": HEADER,
        "one_row": f"{HEADER}1,2,0\n",
        "ragged": _table(20, lambda i: pair() + (",1,2" if i == 7 else f",{i % 2}")),
        "one_class": _table(20, lambda _: f"{pair()},1"),
        "constant": _table(20, lambda i: f"3,{pair()[:6]},{i % 2}"),
        "many": _table(360, lambda i: f"{pair()},{i % 120}"),
        "text_target": _table(20, lambda i: f"{pair()},{'ab'[i % 2]}"),
        "huge": _table(20, lambda i: f"{1e308 * (i % 3 - 1)},{i},{i % 2}"),
        "dupe": _table(20, lambda i: f"{pair()},{i % 2}", "x1,x1,y\n"),
        "quotes": good.replace("\n", '\n1,"2,0\n', 1),
        "comma_decimals": good.replace(",", ";").replace(".", ","),
        "floats": _table(60, lambda _: f"{pair()},{draw(-1, 1):.6f}"),
        "empty_col": _table(20, lambda i: f"{i},,{i % 2}"),
        "dates": _table(20, lambda i: f"2020-01-{i + 1:02d},{i},{i % 2}"),
        "booleans": _table(20, lambda i: f"{'true' if i % 3 else 'false'},{i},{i % 2}"),
        "onecol": _table(20, lambda i: i % 2, "y\n"),
    }
    for name, cell in BROKEN_CELLS.items():
        texts[name] = _table(20, lambda i, cell=cell: (f"{cell},0.5" if i == 7 else pair()) + f",{i % 2}")
    for name, text in texts.items():
        Path(f"{name}.csv").write_text(text)
    Path("good").write_text(good)
    Path("latin.csv").write_bytes(good.replace("x1", "größe").encode("latin-1"))
    Path("nul.csv").write_bytes(good.replace("\n", "\n1,2\0,0\n", 1).encode())


def _damaged():
    """Files of other kinds, cut short, foreign, or not what their name says."""
    Path("binary.csv").write_bytes(np.random.default_rng(0).bytes(3000))
    Path("png.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    Path("good.xlsx").write_bytes(b"PK\x03\x04" + bytes(100))
    Path("cut.parquet").write_bytes(b"PAR1" + bytes(50))
    Path("text.npz").write_text("hello")
    np.savez("arrays.npz", a=np.arange(3))
    np.savez("object.npz", X=np.array([[1, "a"]], dtype=object), T=np.array([0]))
    np.save("pickle.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    whole = io.BytesIO()
    np.savez(whole, X=np.ones((20, 2)), T=np.arange(20) % 2)
    Path("cut.npz").write_bytes(whole.getvalue()[:300])
    np.save("cut.npy", np.ones((20, 3)))
    Path("cut.npy").write_bytes(Path("cut.npy").read_bytes()[:200])
    scipy.io.savemat("cut.mat", {"X": np.ones((20, 2)), "T": np.arange(20) % 2})
    Path("cut.mat").write_bytes(Path("cut.mat").read_bytes()[:250])
    net = cr.Network([cr.Dense(3, "tanh"), cr.Dense(1)], 2)
    cr.save("net.safetensors", net, net.initial_theta(random_state=0))
    good = Path("net.safetensors").read_bytes()
    Path("cut.safetensors").write_bytes(good[:-9])
    Path("changed.safetensors").write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    Path("newer.safetensors").write_bytes(good.replace(b'\\"version\\": 1', b'\\"version\\": 9'))
    safetensors.numpy.save_file({"w": np.ones(3)}, "foreign.safetensors")
    Path("pickle.safetensors").write_bytes(pickle.dumps({"w": [1.0]}))
    Path("huge.safetensors").write_bytes((2**31).to_bytes(8, "little") + b"{}")


def _python():
    """Files in the place of a lab's."""
    files = {
        "empty": "",
        "syntax": "def f(:\n",
        "raises": "raise RuntimeError('line one\\nline two')\n",
        "exits": "import sys\nsys.exit(3)\n",
        "notlab": "x = 5\n",
        "wronglab": "LAB = 5\n",
        "twolabs": "from chainrule.labs import load\na = load('xor')\nb = load('moons')\n",
        "imports_missing": "import nosuchlibrary\n",
        "mylab_task_raises": (
            "from dataclasses import replace\nfrom chainrule import labs\n\n"
            "def task(*_):\n    raise RuntimeError('broken task')\n\n"
            "LAB = replace(labs.load('moons'), name='mylab', task=task)\n"
        ),
    }
    for name, text in files.items():
        Path(f"{name}.py").write_text(text)
    Path("latin1.py").write_bytes("# größe\nx = 'ö'\n".encode("latin-1"))
    Path("nul.py").write_bytes(b"x = 1\0\n")


def _results():
    """Folders with results that are damaged."""
    good = labs.load("moons").run(epochs=2, progress=False).to_dict()
    whole = json.dumps({**good, "figures": []}, default=lambda value: value.tolist())
    texts = {
        "good": whole,
        "broken": "{",
        "list": "[]",
        "empty": "",
        "cut": whole[: len(whole) // 2],
        "null": "null",
        "nonsense": '{"lab": 5}',
        "python": json.dumps({**json.loads(whole), "lab": "x", "lab_file": "./raises.py"}),
        "deep": "[" * 100_000,
        "runsnull": json.dumps(dict.fromkeys(good)),
        "seedtext": json.dumps({**json.loads(whole), "seed": "x"}),
    }
    for name, text in texts.items():
        Path(f"res_{name}").mkdir()
        Path(f"res_{name}/results.json").write_text(text)
    Path("res_latin").mkdir()
    Path("res_latin/results.json").write_bytes('{"lab": "größe"}'.encode("latin-1"))
    Path("res_dir/results.json").mkdir(parents=True)
