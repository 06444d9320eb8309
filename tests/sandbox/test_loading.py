"""A student's file as pieces: what is read, what is refused with one sentence, and what a failing line costs."""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from chainrule.sandbox import loading
from chainrule.sandbox.loading import UnreadableSubmission, defined, is_written, line_of, load, read


@pytest.fixture(autouse=True)
def _clean_path(monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "modules", dict(sys.modules))


def written(folder, content, name="xor.py"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def notebook(folder, *cells):
    made = [{"cell_type": "code", "source": cell} for cell in cells]
    return written(folder, json.dumps({"cells": made, "nbformat": 4}), "xor.ipynb")


def refusal(path):
    with pytest.raises(UnreadableSubmission) as caught:
        read(path)
    return str(caught.value)


REFUSED = {
    "missing-colon": ("x = 1\ndef f()\n    pass\n", "xor.py, line 2: expected ':' — Python cannot read the file from"),
    "utf-16": ("x = 1".encode("utf-16"), "xor.py is saved as UTF-16: save it as UTF-8"),
    "latin-1": ("x = 1\n# Jörg\n".encode("latin-1"), "xor.py is not a text file in UTF-8: line 2 holds the byte 0xf6"),
    "unknown-coding": ("# coding: utf-99\n", "xor.py, line 1: unknown encoding: utf-99"),
    "null-byte": (b"x = 1\ny = \0\n", "xor.py, line 2: there is a null byte"),
    "zip": (b"PK\x03\x04\0\0", "xor.py is not a text file but a zip archive"),
    "empty": ("", "xor.py is empty."),
    "comment": ("# to do\n", "xor.py is empty: it holds no code."),
    "return-outside": ("return 3\n", "xor.py, line 1: 'return' outside function"),
    "late-future": ("x = 1\nfrom __future__ import annotations\n", "xor.py, line 2: from __future__ imports must"),
    "notebook": ('{"cells": []}', "xor.py is a notebook: name it xor.ipynb."),
}


@pytest.mark.parametrize("name", REFUSED)
def test_unreadable_files_are_refused_in_one_sentence(tmp_path, name):
    """The sentence names the file, the line where there is one, and what to do."""
    content, sentence = REFUSED[name]
    assert refusal(written(tmp_path, content)).startswith(sentence)


def test_a_missing_file_a_folder_and_another_suffix_are_refused(tmp_path):
    """What is no file of ours is not opened."""
    (tmp_path / "folder.py").mkdir()
    assert refusal(tmp_path / "no.py") == "no.py cannot be opened: No such file or directory."
    assert refusal(tmp_path / "folder.py") == "folder.py is not a file."
    assert refusal(written(tmp_path, "x = 1", "hw.txt")).endswith("it must end in .py or .ipynb.")


@pytest.mark.parametrize(
    "content",
    [
        b"# -*- coding: latin-1 -*-\nNAME = 'J\xf6rg'\n",
        "\ufeffNAME = 'Jörg'\r\n".encode(),
        "NAME = 'Jörg'\rx = 1".encode(),
    ],
)
def test_encodings_and_line_ends_are_read_as_python_reads_them(tmp_path, content):
    """A coding line, a byte order mark, and lines that end in CR."""
    module, remarks = load(read(written(tmp_path, content)))
    assert (module.NAME, remarks) == ("Jörg", [])


def test_a_statement_that_raises_costs_itself_alone(tmp_path):
    """What is behind it runs, and the remark tells file, line and error; an exit is no exit."""
    text = "a = 1\nb = c\nimport sys\nsys.exit('done')\nraise KeyboardInterrupt\ndef f():\n    return 2\n"
    module, remarks = load(read(written(tmp_path, text)))
    assert (module.a, module.f()) == (1, 2)
    assert remarks == [
        "xor.py, line 2: it raised NameError: name 'c' is not defined; the rest was read all the same.",
        "xor.py, line 4: it raised SystemExit: done; the rest was read all the same.",
        "xor.py, line 5: it raised KeyboardInterrupt; the rest was read all the same.",
    ]


def test_pieces_can_be_left_out(tmp_path):
    """One that ended the process before is not run again."""
    module, _ = load(read(written(tmp_path, "a = 1\na = 2\nb = a\n")), skip=frozenset({1}))
    assert module.b == 1


def test_the_module_is_no_main_and_finds_files_beside_it(tmp_path):
    """``if __name__ == "__main__"`` does not run, __file__ is set, sibling files import."""
    written(tmp_path, "VALUE = 7\n", "sibling_of_xor.py")
    text = "import sibling_of_xor\nv = sibling_of_xor.VALUE\nif __name__ == '__main__':\n    v = 0\n"
    module, remarks = load(read(written(tmp_path, text)))
    assert (module.v, module.__file__, remarks) == (7, str(tmp_path / "xor.py"), [])


def test_future_imports_hold_for_the_pieces_behind_them(tmp_path):
    """Annotations stay texts."""
    module, remarks = load(read(written(tmp_path, "from __future__ import annotations\ndef f(x: Unknown): pass\n")))
    assert (module.f.__annotations__, remarks) == ({"x": "Unknown"}, [])


def test_errors_carry_the_students_lines(tmp_path):
    """The code's file name is the student's, in a notebook with the cell."""
    module, _ = load(read(notebook(tmp_path, "x = 1", "\ndef f():\n    return 1 / 0\n")))
    code = module.f.__code__
    assert (code.co_filename, code.co_firstlineno) == ("xor.ipynb, cell 2", 2)


def test_magics_are_blanked_and_lines_stay_where_they_are(tmp_path):
    """IPython's own lines are left out, texts that look like them are not."""
    cells = (
        "%matplotlib inline\nfiles = !ls\nif files is None:\n    !ls\nx = 1\nnp.exp?\ny = 2",
        "%%bash\necho",
        "%%time\nz = 3",
        'NOTE = """\n%matplotlib\n"""',
        "import asyncio\nawait asyncio.sleep(0)",
    )
    module, remarks = load(read(notebook(tmp_path, *cells)))
    assert remarks == []
    assert (module.x, module.y, module.z, module.files, module.NOTE) == (1, 2, 3, None, "\n%matplotlib\n")


def test_a_cell_with_a_syntax_error_costs_itself_alone(tmp_path):
    """The others run, and a remark tells cell and line."""
    module, remarks = load(read(notebook(tmp_path, "x = 1", "y = 1\ndef f(:", "z = 3")))
    assert (module.x, module.z, hasattr(module, "y")) == (1, 3, False)
    [remark] = remarks
    assert remark.startswith("xor.ipynb, cell 2, line 2: invalid syntax")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("x = 1", "xor.ipynb, line 1: this is no notebook, for it is not JSON"),
        ("[1]", "xor.ipynb is no notebook: it has no list of cells."),
        ('{"cells": []}', "xor.ipynb is empty: it has no cell with code."),
    ],
)
def test_what_is_no_notebook_is_refused(tmp_path, content, sentence):
    """One sentence says what it is instead."""
    assert refusal(written(tmp_path, content, "xor.ipynb")).startswith(sentence)


def test_names_are_known_with_their_lines_and_without_a_parse(tmp_path):
    """Top-level functions, classes and methods; a file that Python cannot read is searched."""
    text = "def f():\n    def inner(): pass\n\nclass Network:\n    def forward(self):\n        return 1\n"
    source = read(written(tmp_path, text))
    assert (line_of(source, "Network.forward"), line_of(source, "inner")) == (5, None)
    assert defined(written(tmp_path, text)) == {"f", "Network", "Network.forward"}
    assert defined(written(tmp_path, f"{text}x = (\n")) == {"f", "Network", "Network.forward"}
    assert defined(tmp_path / "no.py") == set()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('"""Do it."""', False),
        ("pass", False),
        ("...", False),
        ('"""Do it."""\n    raise NotImplementedError("yours")', False),
        ("return 1", True),
        ("raise ValueError", True),
    ],
)
def test_a_body_without_code_is_not_written(tmp_path, body, expected):
    """A docstring, pass, … and NotImplementedError are what a starter has."""
    source = read(written(tmp_path, f"def f():\n    {body}\n"))
    module, _ = load(source)
    assert is_written(source, module.f) is expected


def test_files_are_read_one_at_a_time(monkeypatch, tmp_path):
    """Two threads that parse at once make Python 3.11 raise a SystemError; a class is read in threads."""
    path = tmp_path / "xor.py"
    path.write_text("def sigmoid(x): return x\n", encoding="utf-8")
    original, busy, met = loading._tree, [], []

    def tree(*given):
        met.append(len(busy))
        busy.append(given)
        time.sleep(0.01)
        busy.pop()
        return original(*given)

    monkeypatch.setattr(loading, "_tree", tree)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(loading.defined, [path] * 8)) == [{"sigmoid"}] * 8
    assert met == [0] * 8
