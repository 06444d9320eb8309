"""Starters: what is asked for is cut out of a solution, everything else stands there as it was."""

import ast
import importlib.util
import json
import runpy
import subprocess
import sys
from dataclasses import replace
from textwrap import dedent

import numpy as np
import pytest
from corpus.lab_mistakes import SOLUTIONS

from chainrule import InvalidFile, InvalidValue, labs
from chainrule.course.starter import starter, write_starter
from chainrule.homework.exercise import Exercise, Homework, Sheet, Verdict

ASKED = {
    "moons": ("forward", "error", "gradients", "backprop", "descent"),
    "minimize": ("sigmoid", "softmax", "forward", "gradient", "fun"),
    "neuron": ("sigmoid", "predict", "loss", "gradient", "update"),
    "network": ("sigmoid", "forward", "nine_derivatives"),
    "softmax": ("softmax", "forward", "backward", "get_gradient"),
    "xor": ("sigmoid", "derivative_sigmoid", "Network.forward", "Network.loss", "Network.gradient", "Network.update"),
}


def exercises(*functions):
    """Ask for these, whoever judges them."""
    return tuple(Exercise(function, lambda student, solution: Verdict("right", 1.0)) for function in functions)


def sheet(name):
    """A sheet on one of the solutions."""
    return Sheet(f"{name}.py", SOLUTIONS[f"{name}.py"], exercises(*ASKED[name]))


def sheet_on(path, text, *functions):
    """A sheet on a solution of a test's own."""
    path.write_text(dedent(text), encoding="utf-8")
    return Sheet("s.py", path, exercises(*functions))


def as_module(text, name="handed_out"):
    """Import a text."""
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader=None))
    sys.modules[name] = module
    exec(compile(text, f"{name}.py", "exec"), vars(module))  # noqa: S102  # it is our own
    return module


def lab_with(*sheets, **beside):
    """A lab with this homework."""
    files = {name.replace("_py", ".py").replace("_txt", ".txt"): path for name, path in beside.items()}
    return replace(labs.load("xor"), homework=Homework(sheets, files))


def functions_of(text):
    """Every function of a text by its name, "Network.forward" for a method, as source."""
    found = {}
    for node in ast.parse(text).body:
        for one in node.body if isinstance(node, ast.ClassDef) else [node]:
            if isinstance(one, ast.FunctionDef):
                name = f"{node.name}.{one.name}" if one is not node else one.name
                found.setdefault(name, []).append(ast.unparse(one))
    return found


@pytest.mark.parametrize("name", ASKED)
def test_a_starter_is_the_solution_without_what_is_asked(name):
    """What no exercise names stays; what one names keeps its signature and its docstring."""
    before, after = functions_of(SOLUTIONS[f"{name}.py"].read_text("utf-8")), functions_of(starter(sheet(name)))
    assert list(after) == list(before)
    for function, [text] in ((one, texts) for one, texts in after.items() if len(texts) == 1):
        if function in ASKED[name]:
            [now], [then] = (ast.parse(one).body for one in (text, before[function][0]))
            assert ast.unparse(now.args) == ast.unparse(then.args)
            assert ast.get_docstring(now) == ast.get_docstring(then) is not None
            assert ast.unparse(now.body[1:]) == f"raise NotImplementedError('Write {function}.')"
        else:
            assert [text] == before[function]


@pytest.mark.parametrize("name", ASKED)
def test_each_exercise_says_that_it_is_to_be_written(name):
    """Called in whatever way, it raises NotImplementedError with its name."""
    module = as_module(starter(sheet(name)), "handed_out")
    for function in ASKED[name]:
        found = module
        for part in function.split("."):
            found = getattr(found, part)
        with pytest.raises(NotImplementedError, match=rf"^Write {function}\.$"):
            found(*[None] * found.__code__.co_argcount)


@pytest.mark.parametrize("name", ASKED)
def test_a_starter_says_what_to_do_and_is_not_solved(name):
    """Its first lines list the functions in order and the command; nothing in it talks to a linter."""
    text = starter(sheet(name))
    told = " ".join(ast.get_docstring(ast.parse(text)).split())
    assert "solved" not in told
    order = ", ".join(ASKED[name])
    assert f"To do: write the functions that raise NotImplementedError, in this order: {order}. " in told
    assert f"Check them: chainrule check {name}.py" in told
    assert "noqa" not in text
    assert "from ." not in text


def test_a_key_does_what_the_solution_does():
    """With solved=True the bodies are there, and the numbers are the solution's."""
    text = starter(sheet("softmax"), solved=True)
    module, X = as_module(text), np.random.RandomState(0).normal(size=(6, 2))
    assert "noqa" not in text
    assert "NotImplementedError" not in text
    model, y = solutions_softmax().init_weights(4, np.random.RandomState(1)), np.arange(6) % 2
    for ours, theirs in zip(
        module.get_gradient(model, X, y).values(), solutions_softmax().get_gradient(model, X, y).values(), strict=True
    ):
        assert np.array_equal(ours, theirs)


def solutions_softmax():
    """The module."""
    from chainrule.labs.softmax import solution as softmax

    return softmax


def test_bodies_are_cut_to_the_last_comment(tmp_path):
    """Comments below a docstring, behind the last line and under it go; those of the next function stay."""
    text = '''
    """Tiny, solved."""
    import numpy as np  # noqa: F401  # used by pupils


    def f(x):
        """x²."""  # noqa: D400
        # square it
        return x * x  # that is all

        # or x ** 2


    # what g does
    def g(x): return f(x) + 1


    class C:
        @property
        def v(self) -> int:
            # one
            return 1

        @v.setter
        def v(self, value: int) -> None:
            pass  # keep


    def h():
        def inner():
            return 1
        return inner()
    '''
    expected = '''
    """Tiny.

    To do: write the functions that raise NotImplementedError, in this order: f, g, C.v, h.
    Check them: chainrule check s.py
    """
    import numpy as np


    def f(x):
        """x²."""
        raise NotImplementedError("Write f.")


    # what g does
    def g(x): raise NotImplementedError("Write g.")


    class C:
        @property
        def v(self) -> int:
            raise NotImplementedError("Write C.v.")

        @v.setter
        def v(self, value: int) -> None:
            raise NotImplementedError("Write C.v.")


    def h():
        raise NotImplementedError("Write h.")
    '''
    assert starter(sheet_on(tmp_path / "tiny.py", text, "f", "g", "C.v", "h")) == dedent(expected)


@pytest.mark.parametrize("docstring", ["", "'One line, solved.'\n"])
def test_a_file_without_a_long_docstring_gets_one(tmp_path, docstring):
    """What to do stands at the top in any case."""
    text = starter(sheet_on(tmp_path / "t.py", f"{docstring}def f():\n    return 1\n", "f"))
    assert "To do: write the functions" in ast.get_docstring(ast.parse(text))
    assert "solved" not in text


def test_imports_of_neighbours_lose_their_dot(tmp_path):
    """In a student's folder the files lie beside each other, and are no package."""
    text = "from . import a, b as c\nfrom .d import (\n    e,\n)\n\n\ndef f():\n    return 1\n"
    handed = starter(sheet_on(tmp_path / "t.py", text, "f"))
    assert "import a, b as c\nfrom d import (\n    e,\n)\n" in handed


def test_a_function_that_is_not_there_is_a_sentence(tmp_path):
    """An exercise that the solution does not have is the teacher's slip, and said so."""
    with pytest.raises(InvalidValue, match=r"t\.py has no function C\.g, which an exercise of it names\."):
        starter(sheet_on(tmp_path / "t.py", "class C:\n    def f(self): pass\n", "C.g"))


def test_a_solution_that_is_no_python_is_a_sentence(tmp_path):
    """Missing or broken, it is named, with the line."""
    with pytest.raises(InvalidFile, match=r"t\.py, line 2, is not Python"):
        starter(sheet_on(tmp_path / "t.py", "x = 1\ndef f(:\n", "f"))
    with pytest.raises(InvalidFile, match=r"gone\.py cannot be read"):
        starter(Sheet("s.py", tmp_path / "gone.py", ()))
    with pytest.raises(InvalidFile, match=r"gone\.txt cannot be read"):
        write_starter(lab_with(sheet("xor"), gone_txt=tmp_path / "gone.txt"), tmp_path / "hw")
    (tmp_path / "latin.py").write_bytes(b"# caf\xe9\n")
    with pytest.raises(InvalidFile, match=r"latin\.py is no UTF-8 text"):
        starter(Sheet("s.py", tmp_path / "latin.py", ()))


# Files


def test_sheets_and_what_lies_beside_them_are_written(tmp_path):
    """A file a sheet, those beside them without dots, in a folder that is made."""
    (tmp_path / "points.txt").write_bytes(b"\xff 1 2")
    lab = lab_with(sheet("neuron"), train_neuron_py=SOLUTIONS["train_neuron.py"], points_txt=tmp_path / "points.txt")
    written = write_starter(lab, tmp_path / "hw" / "one")
    assert [path.name for path in written] == ["neuron.py", "train_neuron.py", "points.txt"]
    assert written[0].read_text("utf-8") == starter(sheet("neuron"))
    assert "    import neuron  #" in written[1].read_text("utf-8")
    assert written[2].read_bytes() == b"\xff 1 2"


def test_a_file_that_is_there_stays_and_nothing_is_written(tmp_path):
    """Whatever a student has written is never lost."""
    lab = lab_with(sheet("neuron"), sheet("xor"))
    (tmp_path / "xor.py").write_text("mine", encoding="utf-8")
    with pytest.raises(InvalidFile, match=r"xor\.py is there already, and nothing was written: choose another folder"):
        write_starter(lab, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["xor.py"]
    assert (tmp_path / "xor.py").read_text("utf-8") == "mine"


def test_a_lab_without_homework_is_a_sentence(tmp_path):
    """There is nothing to hand out then."""
    with pytest.raises(InvalidValue, match="The lab xor has no homework to hand out"):
        write_starter(replace(labs.load("xor"), homework=None), tmp_path)


def test_a_folder_that_is_a_file_is_a_sentence(tmp_path):
    """The folder is named."""
    (tmp_path / "hw").write_text("a file")
    with pytest.raises(InvalidFile, match=r"Cannot write .*hw.*: .*Choose another"):
        write_starter(lab_with(sheet("xor")), tmp_path / "hw")


def test_the_key_of_two_files_runs_as_scripts(tmp_path):
    """train_network.py finds network.py beside it, trains, and says which pictures it drew."""
    lab = lab_with(
        sheet("network"), **{f"{one}_py": SOLUTIONS[f"{one}.py"] for one in ("train_neuron", "train_network")}
    )
    write_starter(lab, tmp_path, solved=True)
    done = subprocess.run(
        [sys.executable, "train_network.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.stdout.endswith("written: train_network-validation.png, train_network-test.png\n")
    assert (tmp_path / "train_network-test.png").stat().st_size > 1000


@pytest.mark.parametrize("name", ["xor", "moons", "minimize"])
def test_scripts_train_and_draw(name, tmp_path, monkeypatch, capsys):
    """Each writes the pictures that it names."""
    write_starter(lab_with(sheet(name)), tmp_path, solved=True)
    monkeypatch.chdir(tmp_path)
    runpy.run_path(f"{name}.py", run_name="__main__")
    pictures = sorted(path.name for path in tmp_path.glob("*.png"))
    lines = capsys.readouterr().out.splitlines()
    said = " ".join(line.removeprefix("written:") for line in lines if line.startswith("written:"))
    assert sorted(said.replace(",", " ").split()) == pictures
    assert len(pictures) >= 3
    assert all(picture.startswith(f"{name}-") for picture in pictures)


# Notebooks


def notebook(name, tmp_path, **arguments):
    """The cells of a notebook: (kind, text), once its form is that of nbformat 4.5."""
    lab = lab_with(sheet(name), train_neuron_py=SOLUTIONS["train_neuron.py"])
    [path] = [one for one in write_starter(lab, tmp_path, notebook=True, **arguments) if one.suffix == ".ipynb"]
    assert path.name == f"{name}.ipynb"
    content = json.loads(path.read_text("utf-8"))
    assert (content["nbformat"], content["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in content["cells"]}) == len(content["cells"])
    for cell in content["cells"]:
        code = {"execution_count": None, "outputs": []} if cell["cell_type"] == "code" else {}
        assert cell == {
            "cell_type": cell["cell_type"],
            "id": cell["id"],
            "metadata": {},
            "source": cell["source"],
            **code,
        }
    return [(cell["cell_type"], "".join(cell["source"])) for cell in content["cells"]]


def python_of(cells):
    """The cells that any Python can run: without commands for a shell or for IPython."""
    return [text for kind, text in cells if kind == "code" and "\n!" not in text and "%run" not in text]


@pytest.mark.parametrize("name", ASKED)
def test_a_notebook_has_a_cell_a_definition(name, tmp_path):
    """Its code is the starter's, each definition alone, and what runs is left out of an import."""
    cells = notebook(name, tmp_path)
    code = [ast.parse(text) for text in python_of(cells)]
    kinds = [{type(node) for node in cell.body} for cell in code]
    assert all(len(cell.body) == 1 for cell, kind in zip(code, kinds, strict=True) if ast.FunctionDef in kind)
    there = {node.name for cell in code for node in cell.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    tree = ast.parse(starter(sheet(name)))
    assert there == {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    at = next(i for i, (_, text) in enumerate(cells) if text.startswith("## Run it"))
    assert all(text.startswith('if __name__ == "__main__":\n') for kind, text in cells[at:-1] if kind == "code")
    assert cells[-1] == ("code", f"# Check: save the notebook, then run\n!chainrule check {name}.ipynb")


def test_a_notebook_heads_what_is_to_be_written(tmp_path):
    """First the file's docstring, then before each function its name and what it is; of a class, its methods."""
    cells = notebook("xor", tmp_path)
    assert cells[0][0] == "markdown"
    assert cells[0][1].startswith("# xor\n\nTwo hidden layers")
    assert "**To do:** write the functions" in cells[0][1]
    assert "Check them: `chainrule check xor.ipynb`" in cells[0][1]
    assert "``" not in cells[0][1]
    at = cells.index(("markdown", "## derivative_sigmoid\n\nσ′ at the place where σ gave z: z (1 − z)."))
    assert cells[at + 1][1].startswith("def derivative_sigmoid(")
    heading, code = cells[at + 2 : at + 4]
    assert heading[1].startswith("## Network\n\nAsked for in this class:\n\n- `forward`: Z1 = σ(X W1)")
    assert code[1].startswith("class Network:")
    assert ("code", 'if __name__ == "__main__":\n    main(np.random.RandomState(0), show=save)') in cells


def test_a_notebook_runs_the_script_that_imports_it(tmp_path):
    """train_neuron.py imports neuron: the notebook stands in for that module."""
    cells = [text for kind, text in notebook("neuron", tmp_path) if kind == "code"]
    [run] = [text for text in cells if "%run" in text]
    assert run.endswith("%run train_neuron.py")
    assert 'sys.modules["neuron"] = sys.modules["__main__"]' in run
    assert not any("%run" in text for _, text in notebook("xor", tmp_path / "other"))


def test_a_notebooks_cells_one_after_the_other_are_the_starter(tmp_path):
    """A key's cells, run in order, train as the solution does."""
    code = python_of(notebook("neuron", tmp_path, solved=True))
    module = as_module("\n\n".join(code))
    assert module.sigmoid(0.0) == 0.5


# The command line


def chainrule(*arguments, cwd):
    """Run ``python -m chainrule``."""
    return subprocess.run(
        [sys.executable, "-m", "chainrule", *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )


def test_lab_start_hands_out_and_says_what_next(tmp_path):
    """What was written, how to run and to check it; a second time it is refused in a sentence."""
    done = chainrule("lab", "start", "xor", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "Written: hw/xor.py",
        "",
        "Write:  the functions that raise NotImplementedError",
        "Run:    python hw/xor.py",
        "Check:  chainrule check hw/xor.py",
    ]
    ran = subprocess.run([sys.executable, "hw/xor.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.stderr.splitlines()[-1].startswith("NotImplementedError: Write ")
    again = chainrule("lab", "start", "xor", cwd=tmp_path)
    assert again.returncode == 2
    assert again.stderr.startswith("Error: hw/xor.py is there already, and nothing was written")


def test_lab_start_hands_out_several_files_as_notebooks(tmp_path):
    """Both notebooks are named, and what is checked is their folder."""
    done = chainrule("lab", "start", "neuron", "--out", "a b", "--notebook", "--solved", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-2:] == [
        "Run:    jupyter lab 'a b/neuron.ipynb', then network.ipynb",
        "Check:  chainrule check 'a b'",
    ]
    assert "NotImplementedError" not in done.stdout
