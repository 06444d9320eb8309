"""A student's file as pieces: what is read, what is refused with one sentence, and what a failing line costs."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from chainrule.sandbox import UnreadableSubmission, decoding, opened, read, student_file
from chainrule.sandbox.loaded_file import gathered
from chainrule.sandbox.student_file import defined


def values(path, *names):
    """Run a file; return what it has under these names, None for a missing one, and the remarks."""
    with opened(read(path), gathered(path, None, alone=True)) as loaded:
        module = loaded.module
        return [getattr(module, name, None) for name in names], loaded.remarks


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
    assert values(written(tmp_path, content), "NAME") == (["Jörg"], [])


def test_a_statement_that_raises_costs_itself_alone(tmp_path):
    """What is behind it runs, and the remark tells file, line and error; an exit is no exit."""
    text = "a = 1\nb = c\nimport sys\nsys.exit('done')\nraise KeyboardInterrupt\nz = 2\n"
    found, remarks = values(written(tmp_path, text), "a", "z")
    assert found == [1, 2]
    assert remarks == [
        "xor.py, line 2: it raised NameError: name 'c' is not defined; the rest was read all the same.",
        "xor.py, line 4: it raised SystemExit: done; the rest was read all the same.",
        "xor.py, line 5: it raised KeyboardInterrupt; the rest was read all the same.",
    ]


def test_a_statement_that_ends_the_process_is_left_out(tmp_path):
    """The next process does not run it again, and the remark tells its line."""
    found, remarks = values(written(tmp_path, "a = 1\nimport os\nos._exit(3)\nb = a\n"), "b")
    assert found == [1]
    assert remarks == ["xor.py, line 3: It ended the Python process (exit code 3). The rest was read all the same."]


def test_the_module_is_no_main_and_finds_files_beside_it(tmp_path):
    """``if __name__ == "__main__"`` does not run, __file__ is set, sibling files import."""
    written(tmp_path, "VALUE = 7\n", "sibling_of_xor.py")
    text = "import sibling_of_xor\nv = sibling_of_xor.VALUE\nif __name__ == '__main__':\n    v = 0\nf = __file__[-7:]\n"
    assert values(written(tmp_path, text), "v", "f") == ([7, "/xor.py"], [])


def test_a_file_has_in_its_folder_what_it_needs_and_no_more(tmp_path):
    """Data, and what it imports; not other people's files, and none that are links."""
    for name in ("ben.py", "helper.py", "deeper.py", "points.csv", "notes.ipynb", ".hidden"):
        written(tmp_path, "import deeper" if name == "helper.py" else "1", name)
    (tmp_path / "link.csv").symlink_to(tmp_path / "points.csv")
    path = written(tmp_path, "from helper import x")
    assert list(gathered(path, None, alone=True)) == ["xor.py", "helper.py", "deeper.py", "points.csv"]
    assert list(gathered(path, None, alone=False)) == ["xor.py"]
    assert sorted(gathered(path, tmp_path, alone=False)) == [
        ".hidden", "ben.py", "deeper.py", "helper.py", "notes.ipynb", "points.csv", "xor.py",
    ]  # fmt: skip


def test_future_imports_hold_for_the_pieces_behind_them(tmp_path):
    """Annotations stay texts."""
    text = "from __future__ import annotations\ndef f(x: Unknown): pass\na = f.__annotations__\n"
    assert values(written(tmp_path, text), "a") == ([{"x": "Unknown"}], [])


def test_errors_carry_the_students_lines(tmp_path):
    """The code's file name is the student's, in a notebook with the cell."""
    path = notebook(tmp_path, "x = 1", "\ndef f():\n    return 1 / 0\n")
    with opened(read(path)) as loaded:
        assert loaded.describe(["f"])["f"].at == ("xor.ipynb, cell 2", 2)
        with pytest.raises(ZeroDivisionError) as caught:
            loaded.module.f()
        assert loaded.places.raised(caught.value).where == "Look at cell 2, line 3, in f."


def test_magics_are_blanked_and_lines_stay_where_they_are(tmp_path):
    """IPython's own lines are left out, texts that look like them are not."""
    cells = (
        "%matplotlib inline\nfiles = !ls\nif files is None:\n    !ls\nx = 1\nnp.exp?\ny = 2",
        "%%bash\necho",
        "%%time\nz = 3",
        'NOTE = """\n%matplotlib\n"""',
        "import asyncio\nawait asyncio.sleep(0)",
    )
    found = values(notebook(tmp_path, *cells), "x", "y", "z", "files", "NOTE")
    assert found == ([1, 2, 3, None, "\n%matplotlib\n"], [])


def test_a_cell_with_a_syntax_error_costs_itself_alone(tmp_path):
    """The others run, and a remark tells cell and line."""
    found, [remark] = values(notebook(tmp_path, "x = 1", "y = 1\ndef f(:", "z = 3"), "x", "y", "z")
    assert found == [1, None, 3]
    assert remark.startswith("xor.ipynb, cell 2, line 2: invalid syntax")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("x = 1", "xor.ipynb, line 1: this is no notebook, for it is not JSON"),
        ("[1]", "xor.ipynb is no notebook: it has no list of cells."),
        ('{"cells": []}', "xor.ipynb is empty: it has no cell with code."),
        ('{"cells": 3}', "xor.ipynb is no notebook: it has no list of cells."),
        (b'{"cells": [], "x": "\xff"}', "xor.ipynb"),
        ("[" * 100_000, "xor.ipynb"),
        ('{"cells": [' + "[" * 100_000, "xor.ipynb"),
    ],
)
def test_what_is_no_notebook_is_refused(tmp_path, content, sentence):
    """One sentence says what it is instead, however deep it is nested."""
    assert refusal(written(tmp_path, content, "xor.ipynb")).startswith(sentence)


@pytest.mark.parametrize("extra", ["9" * 5000, "[" * 900 + "]" * 900, "1e999999", '"' + "x" * 10**6 + '"'])
def test_what_a_notebook_holds_besides_its_cells_is_not_read(tmp_path, extra):
    """Numbers without end, values in values, long texts: nobody asks for them, and nobody builds them."""
    text = f'{{"metadata": {extra}, "cells": [{{"cell_type": "code", "source": "x = 1", "outputs": {extra}}}]}}'
    assert [piece.place for piece in read(written(tmp_path, text, "xor.ipynb")).pieces] == ["xor.ipynb, cell 1, line 1"]


@pytest.mark.parametrize(
    "coding", ["hex", "rot13", "unicode_escape", "undefined", "idna", "punycode", "base64", "utf-7", "zip"]
)
def test_encodings_that_are_none_for_a_text_are_refused(tmp_path, coding):
    """What Python would turn into something else, refuse in words of its own, or take for ever with."""
    assert refusal(written(tmp_path, f"# coding: {coding}\nx = 1\n")).startswith("xor.py, line 1: ")


def test_more_code_than_anybody_writes_is_refused_before_it_is_parsed(tmp_path, monkeypatch):
    """A tree takes hundreds of bytes for each sign; comments take none."""
    monkeypatch.setattr(decoding, "MOST_CODE", 1000)
    assert "million signs of code" in refusal(written(tmp_path, f"x = [{'1, ' * 1000}]"))
    assert "million signs of code" in refusal(notebook(tmp_path, f"x = [{'1, ' * 1000}]"))
    assert read(written(tmp_path, "# words\n" * 1000 + "x = 1\n", "long.py")).pieces


def test_names_are_known_with_their_lines_and_without_a_parse(tmp_path):
    """Top-level functions, classes and methods; a file that Python cannot read is searched."""
    text = "def f():\n    def inner(): pass\n\nclass Network:\n    def forward(self):\n        return 1\n"
    file = read(written(tmp_path, text))
    assert (file.places["Network.forward"], file.places.get("inner")) == (5, None)
    assert defined(written(tmp_path, text)) == {"f", "Network", "Network.forward"}
    assert defined(written(tmp_path, f"{text}x = (\n")) == {"f", "Network", "Network.forward"}
    assert defined(tmp_path / "no.py") == set()


@pytest.mark.parametrize(
    ("body", "written_already"),
    [
        ('"""Do it."""', False),
        ("pass", False),
        ("...", False),
        ('"""Do it."""\n    raise NotImplementedError("yours")', False),
        ("return 1", True),
        ("raise ValueError", True),
    ],
)
def test_a_body_without_code_is_not_written(tmp_path, body, written_already):
    """A docstring, pass, … and NotImplementedError are what a starter has."""
    file = read(written(tmp_path, f"def f():\n    {body}\n"))
    assert (("xor.py", 1) in file.unwritten) is not written_already


def test_a_file_is_parsed_once(monkeypatch, tmp_path):
    """Whoever asks next gets what was found; a file that has changed is read anew."""
    parsed = []
    original = student_file._tree
    monkeypatch.setattr(student_file, "_tree", lambda *given: parsed.append(given) or original(*given))
    path = written(tmp_path, "def f(): return 1\n")
    for _ in range(3):
        assert (read(path).name, defined(path)) == ("xor.py", {"f"})
    assert len(parsed) == 1
    written(tmp_path, "def longer(): return 1\n")
    assert defined(path) == {"longer"}


def test_files_are_read_one_at_a_time(monkeypatch, tmp_path):
    """Two threads that parse at once make Python 3.11 raise a SystemError; a class is read in threads."""
    paths = [written(tmp_path, "def sigmoid(x): return x\n", f"{k}.py") for k in range(8)]
    original, busy, met = student_file._tree, [], []

    def tree(*given):
        met.append(len(busy))
        busy.append(given)
        time.sleep(0.01)
        busy.pop()
        return original(*given)

    monkeypatch.setattr(student_file, "_tree", tree)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(defined, paths)) == [{"sigmoid"}] * 8
    assert met == [0] * 8
