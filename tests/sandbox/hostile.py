"""Hostile and broken submissions: what a grader of a whole course meets, each with what should be said of it.

All are made from the solutions' texts by an edit. None harms the machine: nothing here uses the network, deletes more
than itself, forks more than twice or leaves a process for longer than a minute. Run them under a limit of time and of
memory all the same, in a process of their own.
"""

from __future__ import annotations

import ast
import importlib.util
import io
import json
import random
import textwrap
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus.lab_mistakes import SOLUTIONS

if TYPE_CHECKING:
    from pathlib import Path

HERE = "  # <<"  # ends the line that a good message points at; taken out of the file

SLOW = ("second", "time", "loop", "slow", "long")
MEMORY = ("memory",)
DEEP = ("recursion", "calls itself", "stack", "depth")
ENDS = ("exit", "quit", "end", "stop", "kill", "abort", "crash", "signal", "died")
INPUT = ("input", "stdin", "keyboard", "EOF")
MISSING = ("missing", "not defined", "no function", "there is no", "defines no", "lacks", "not found", "find")
SYNTAX = ("syntax", "python", "read", "parse")
NOT_PYTHON = ("python", "text", "utf-8", "encod", "null", "binary", "byte")
NOTEBOOK = ("notebook", "json", "cell")
SHAPE = ("shape", "size", "entries", "array", "number")


@dataclass(frozen=True)
class Hostile:
    """A submission, and what should be said of it.

    Attributes
    ----------
    name : str
        Unique, and fit for a folder's name.
    file : str
        The name it is handed in under.
    content : bytes
    lab : str
        "xor", "moons", "minimize", "neuron" or "softmax".
    expects : str
        "function" where one function's verdict is crashed or wrong and the others, but for those that call it, are
        still judged; "file" where nothing in it can be judged and a sentence says why; "fine" where it is odd but
        graded as the solution is.
    function : str or None
        The one at fault, as in "Network.forward".
    line : int or None
        From 1, where a good message points at a line of the file.
    says : tuple of str
        One of these, at least, is in a good message, in whatever case.
    """

    name: str
    file: str
    content: bytes
    lab: str
    expects: str
    function: str | None = None
    line: int | None = None
    says: tuple[str, ...] = ()


def hostile() -> list[Hostile]:
    """Return all of them."""
    groups = (
        *(endless, endless_at_import, deep, greedy, exits, exits_at_import, inputs, printing, streams),
        *(imports, side_effects, syntax, encodings, not_python, notebooks, broken_notebooks),
        *(signatures, returns, definitions, names, numpys, interpreter, processes, files, frauds),
    )
    return [submission for group in groups for submission in group()]


def write_all(folder: Path) -> list[Hostile]:
    """Write each as folder/<name>/<file>, and return them."""
    submissions = hostile()
    for submission in submissions:
        place = folder / submission.name
        place.mkdir(parents=True, exist_ok=True)
        (place / submission.file).write_bytes(submission.content)
    return submissions


# How they are made.


def solution(lab: str) -> str:
    """Return the text of a lab's solution."""
    return SOLUTIONS[f"{lab}.py"].read_text(encoding="utf-8")


def definition(text: str, function: str) -> ast.FunctionDef:
    """Return the node of a function, or of a method as in "Network.forward"."""
    body = ast.parse(text).body
    *classes, name = function.split(".")
    for class_name in classes:
        [body] = [node.body for node in body if isinstance(node, ast.ClassDef) and node.name == class_name]
    [found] = [node for node in body if isinstance(node, ast.FunctionDef) and node.name == name]
    return found


def statements(node: ast.FunctionDef) -> list[ast.stmt]:
    """Return a function's statements behind its docstring."""
    return node.body if ast.get_docstring(node) is None else node.body[1:]


def spliced(text: str, first: int, last: int, code: str, indent: int = 0) -> str:
    """Put code in place of the lines first to last, from 1; before line first where last is first − 1."""
    lines = text.splitlines()
    lines[first - 1 : last] = textwrap.indent(textwrap.dedent(code).strip("\n"), " " * indent).splitlines()
    return "\n".join(lines) + "\n"


def at_start(text: str, function: str, code: str) -> str:
    """Put code at the start of a function's body, behind its docstring."""
    first = statements(definition(text, function))[0]
    return spliced(text, first.lineno, first.lineno - 1, code, first.col_offset)


def instead(text: str, function: str, code: str) -> str:
    """Put code in place of a function's body; its docstring stays."""
    node = definition(text, function)
    first = statements(node)[0]
    return spliced(text, first.lineno, node.end_lineno or first.lineno, code, first.col_offset)


def redefined(text: str, function: str, code: str) -> str:
    """Put code in place of a whole function or method."""
    node = definition(text, function)
    return spliced(text, node.lineno, node.end_lineno or node.lineno, code, node.col_offset)


def behind_imports(text: str, code: str) -> str:
    """Put code behind the imports of the file."""
    last = [node for node in ast.parse(text).body if isinstance(node, (ast.Import, ast.ImportFrom))][-1]
    return spliced(text, last.lineno + 1, last.lineno, code)


def at_end(text: str, code: str) -> str:
    """Put code at the end of the file."""
    return text + "\n\n" + textwrap.dedent(code).strip("\n") + "\n"


def replaced(text: str, old: str, new: str) -> str:
    """Put new in place of old, which is there once."""
    if text.count(old) != 1:
        raise ValueError(f"{old!r} is there {text.count(old)} times.")
    return text.replace(old, new)


def pointed(text: str, part: str) -> str:
    """Mark the one line that has this part as the line that a message points at."""
    [line] = [line for line in text.splitlines() if part in line]
    return replaced(text, line + "\n", line + HERE + "\n")


def unmarked(text: str) -> tuple[str, int | None]:
    """Take the mark out: the text, and the line it stood in."""
    marked = [number for number, line in enumerate(text.split("\n"), 1) if line.endswith(HERE)]
    if len(marked) > 1:
        raise ValueError(f"The lines {marked} are all marked.")
    return text.replace(HERE, ""), marked[0] if marked else None


def bad_function(name: str, lab: str, function: str, text: str, says: tuple[str, ...]) -> Hostile:
    """Return a submission with one bad function."""
    text, line = unmarked(text)
    return Hostile(name, f"{lab}.py", text.encode(), lab, "function", function, line, says)


def bad_file(name: str, lab: str, text: str, says: tuple[str, ...]) -> Hostile:
    """Return a submission that cannot be judged."""
    text, line = unmarked(text)
    return Hostile(name, f"{lab}.py", text.encode(), lab, "file", None, line, says)


def bad_bytes(
    name: str, lab: str, content: bytes, says: tuple[str, ...], *, line: int | None = None, file: str = ""
) -> Hostile:
    """Return a submission that cannot be judged, byte by byte."""
    return Hostile(name, file or f"{lab}.py", content, lab, "file", None, line, says)


def fine(name: str, lab: str, text: str) -> Hostile:
    """Return a submission that is odd and right."""
    return Hostile(name, f"{lab}.py", text.encode(), lab, "fine")


def bodies(lab: str, function: str, says: tuple[str, ...], **codes: str) -> list[Hostile]:
    """Return one submission for each code put at the start of the function; names have - for _."""
    text = solution(lab)
    return [
        bad_function(name.replace("_", "-"), lab, function, at_start(text, function, code), says)
        for name, code in codes.items()
    ]


def ends(lab: str, says: tuple[str, ...], **codes: str) -> list[Hostile]:
    """Return one submission that cannot be judged for each code put at the file's end; names have - for _."""
    text = solution(lab)
    return [bad_file(name.replace("_", "-"), lab, at_end(text, code), says) for name, code in codes.items()]


def fine_ends(lab: str, **codes: str) -> list[Hostile]:
    """Return one right submission for each code put at the file's end; names have - for _."""
    text = solution(lab)
    return [fine(name.replace("_", "-"), lab, at_end(text, code)) for name, code in codes.items()]


def fine_starts(lab: str, **codes: str) -> list[Hostile]:
    """Return one right submission for each code put behind the file's imports; names have - for _."""
    text = solution(lab)
    return [fine(name.replace("_", "-"), lab, behind_imports(text, code)) for name, code in codes.items()]


# What they are: time and memory.


def endless() -> list[Hostile]:
    """Functions that do not come back, or not today; some of them let nothing interrupt them."""
    return [
        *bodies(
            "xor",
            "Network.forward",
            SLOW,
            endless_loop_in_forward=f"while True: pass{HERE}",
        ),
        *bodies(
            "xor",
            "Network.__init__",
            SLOW,
            endless_loop_in_init=f"while learningRate > 0: self.lr = learningRate{HERE}",
        ),
        *bodies(
            "xor",
            "Network.loss",
            SLOW,
            endless_generator="""
            def terms():
                while True: yield 0.0  # <<

            return sum(terms())
            """,
            endless_loop_in_c=f"import itertools\n\nreturn sum(itertools.count()){HERE}",
            huge_power_that_holds_the_gil=f"return float(len(str(9**9**9))){HERE}",
            catastrophic_regular_expression=f'import re\n\nre.match(r"(a+)+$", "a" * 64 + "b"){HERE}',
        ),
        *bodies(
            "neuron",
            "gradient",
            SLOW,
            endless_sleep=f"import time\n\nwhile True: time.sleep(1){HERE}",
            endless_count=f"import itertools\n\nfor i in itertools.count(): b = b + 0.0 * i{HERE}",
            slow_but_finite=f"for i in range(10**11): b = b + 0.0 * i{HERE}",
            endless_loop_that_catches_everything="""
            while True:
                try:
                    while True:
                        pass
                except BaseException:
                    pass
            """,
        ),
        *bodies(
            "moons",
            "backprop",
            SLOW,
            deadlock=f"import threading\n\nlock = threading.Lock()\nlock.acquire()\nlock.acquire(){HERE}",
            waits_on_an_empty_queue=f"import queue\n\nqueue.Queue().get(){HERE}",
        ),
    ]


def endless_at_import() -> list[Hostile]:
    """Files that do not come to their end."""
    text = solution("neuron")
    return [
        *ends(
            "neuron",
            SLOW,
            endless_loop_at_import=f"while True: pass{HERE}",
            endless_sleep_at_import=f"import time\n\ntime.sleep(10**6){HERE}",
            endless_training_at_import="""
            w, b, X, t = np.zeros(2), 0.0, np.eye(2), np.array([0.0, 1.0])
            while loss(predict(w, b, X), t) > -1: w, b = update(w, b, *gradient(w, b, X, t), 0.1)  # <<
            """,
        ),
        bad_file("endless-loop-above-the-functions", "neuron", behind_imports(text, f"while True: pass{HERE}"), SLOW),
    ]


def deep() -> list[Hostile]:
    """Functions that call themselves for ever."""
    through_c = """
    import sys

    sys.setrecursionlimit(10**9)


    def down(n):
        return max([n], key=lambda k: down(k + 1))


    """
    through_python = """
    import sys

    sys.setrecursionlimit(10**9)


    """
    text = solution("xor")
    says = (*DEEP, *ENDS, *MEMORY, *SLOW)
    return [
        *bodies("xor", "Network.loss", DEEP, endless_recursion=f"return self.loss(gt_y, pred_y){HERE}"),
        bad_function(
            "huge-recursion-limit",
            "xor",
            "Network.loss",
            behind_imports(at_start(text, "Network.loss", "return self.loss(gt_y, pred_y)"), through_python),
            says,
        ),
        bad_function(
            "stack-overflow",
            "xor",
            "Network.loss",
            behind_imports(at_start(text, "Network.loss", "return down(0)"), through_c),
            says,
        ),
    ]


def greedy() -> list[Hostile]:
    """Functions and files that want more memory than there is."""
    return [
        *bodies(
            "softmax",
            "backward",
            MEMORY,
            huge_array=f"H = np.ones((10**6, 10**6)){HERE}",
            endless_list=f"history = []\nwhile True: history.append(np.ones(10**6)){HERE}",
            doubled_bytes=f"data = bytes(2**20)\nwhile True: data += data{HERE}",
        ),
        *bodies(
            "softmax",
            "backward",
            (*MEMORY, *SLOW),
            endless_list_that_catches_memory_errors="""
            history = []
            while True:
                try:
                    history.append([0.0] * 10**6)
                except MemoryError:
                    pass
            """,
        ),
        *ends("softmax", MEMORY, huge_array_at_import=f"grid = np.ones((10**6, 10**6)){HERE}"),
    ]


# Exits and input.


def exits() -> list[Hostile]:
    """Functions that end the program, or raise what is not an Exception."""
    return [
        *bodies(
            "neuron",
            "loss",
            ENDS,
            exit_in_loss=f"exit(){HERE}",
            quit_in_loss=f"quit(){HERE}",
            sys_exit_0_in_loss=f"import sys\n\nsys.exit(0){HERE}",
            raises_system_exit_with_a_text=f'raise SystemExit("Done, 100 points."){HERE}',
        ),
        *bodies(
            "neuron",
            "loss",
            ENDS,
            os_exit_0_in_loss="import os\n\nos._exit(0)",
            os_exit_3_in_loss="import os\n\nos._exit(3)",
            kills_itself="import os\nimport signal\n\nos.kill(os.getpid(), getattr(signal, 'SIGKILL', 9))",
            aborts="import os\n\nos.abort()",
            reads_address_0="import ctypes\n\nctypes.string_at(0)",
        ),
        *bodies("xor", "Network.update", ("KeyboardInterrupt",), keyboard_interrupt=f"raise KeyboardInterrupt{HERE}"),
        *bodies("xor", "Network.update", ("GeneratorExit",), generator_exit=f"raise GeneratorExit{HERE}"),
        *bodies(
            "xor",
            "Network.update",
            ("Giving", "I give up"),
            own_base_exception='class Giving(BaseException):\n    pass\n\nraise Giving("I give up.")  # <<',
        ),
        *bodies(
            "xor",
            "Network.update",
            ("Shy", "raise", "crash", "error"),
            exception_without_words="""
            class Shy(Exception):
                def __str__(self):
                    raise Shy

                __repr__ = __str__

            raise Shy  # <<
            """,
        ),
        *bodies(
            "xor",
            "Network.update",
            ("ValueError", "raise", "crash"),
            exception_of_ten_million_letters=f'raise ValueError("long " * 2_000_000){HERE}',
        ),
    ]


def exits_at_import() -> list[Hostile]:
    """Files that end the program before there is anything to be judged."""
    text = solution("moons")
    early = {
        "quit-at-import": "quit()  # <<",
        "sys-exit-0-at-import": "import sys\n\nsys.exit(0)  # <<",
        "os-exit-0-at-import": "import os\n\nos._exit(0)",
        "os-exit-3-at-import": "import os\n\nos._exit(3)",
        "keyboard-interrupt-at-import": "raise KeyboardInterrupt  # <<",
    }
    return [
        *(
            bad_file(name, "moons", behind_imports(text, code), (*ENDS, "KeyboardInterrupt"))
            for name, code in early.items()
        ),
        *ends(
            "moons",
            ("ZeroDivisionError", "division"),
            error_at_import=f"print('mean error', sum([]) / len([])){HERE}",
        ),
        *ends(
            "moons",
            ("points.csv", "FileNotFoundError", "no such file"),
            reads_a_file_that_is_not_there=f'data = np.loadtxt("points.csv"){HERE}',
        ),
    ]


def inputs() -> list[Hostile]:
    """Submissions that ask who runs them."""
    return [
        *bodies("softmax", "gradient_step", INPUT, input_in_a_function=f'learning_rate = float(input("rate? ")){HERE}'),
        *ends(
            "softmax",
            INPUT,
            input_at_import=f'rounds = int(input("How many rounds? ")){HERE}',
            waits_for_return_at_the_end=f'input("Press return to go on."){HERE}',
        ),
        *ends(
            "softmax",
            (*INPUT, "ValueError", "invalid literal"),
            reads_a_number_from_stdin=f"import sys\n\nrounds = int(sys.stdin.readline()){HERE}",
        ),
        *fine_ends(
            "softmax",
            reads_all_of_stdin="import sys\n\nasked = sys.stdin.read()",
            parses_arguments="""
            import argparse

            parser = argparse.ArgumentParser()
            parser.add_argument("--rounds", type=int, default=50)
            rounds = parser.parse_args().rounds
            """,
        ),
    ]


# What is printed, and where.


def printing() -> list[Hostile]:
    """Prints: much of it, and odd."""
    text = solution("neuron")
    odd = "'\\U0001f600 \\u202e\\u0627\\u0644 \\x1b[2J\\x1b]0;title\\x07 \\0 \\r \\x85 \\u2028 \\ufffe'"
    return [
        *fine_ends(
            "neuron",
            prints_100_megabytes_at_import='for i in range(1000):\n    print("x" * 100_000)',
            prints_one_line_of_100_megabytes='print("x" * 10**8)',
            prints_100_megabytes_to_stderr="""
            import sys

            for i in range(1000):
                print("x" * 100_000, file=sys.stderr)
            """,
            prints_odd_letters=f"print({odd})",
            prints_a_lone_surrogate=r'print("\ud800")',
            writes_bytes_to_stdout='import os\n\nos.write(1, b"\\xff\\xfe\\x00\\n" * 1000)',
        ),
        *bodies("neuron", "update", SLOW, prints_for_ever="while True:\n    print('w is', w)"),
        fine("prints-in-every-call", "neuron", at_start(text, "loss", 'print("y is", y, "t is", t)')),
    ]


def streams() -> list[Hostile]:
    """Streams closed, replaced and changed."""
    text = solution("xor")
    return [
        *fine_ends(
            "xor",
            closes_stdout="import sys\n\nsys.stdout.close()",
            closes_stdin_and_stderr="import sys\n\nsys.stdin.close()\nsys.stderr.close()",
            stdout_is_none="import sys\n\nsys.stdout = sys.stderr = None",
            stdout_is_a_string="import io\nimport sys\n\nsys.stdout = sys.__stdout__ = io.StringIO()",
            closes_file_1="import os\n\nos.close(1)",
            closes_file_2="import os\n\nos.close(2)",
            reconfigures_stdout='import sys\n\nsys.stdout.reconfigure(encoding="ascii")\nprint("done")',
        ),
        fine("closes-stdout-in-forward", "xor", at_start(text, "Network.forward", "import sys\n\nsys.stdout.close()")),
    ]


# Imports.


def imports() -> list[Hostile]:
    """Imports that fail."""
    text = solution("neuron")
    lines = {
        "missing-module": ("import deep_learning_tools_of_week_3", ("deep_learning_tools_of_week_3",)),
        "missing-file-of-ones-own": ("from helpers import plot_line", ("helpers",)),
        "relative-import": ("from . import network", ("relative", "import", "network")),
        "misspelt-name-in-numpy": ("from numpy import linspce", ("linspce",)),
    }
    failing = [
        bad_file(name, "neuron", behind_imports(text, line + HERE), says) for name, (line, says) in lines.items()
    ]
    misspelt = pointed(replaced(text, "import numpy as np\n", "import nunpy as np\n"), "import nunpy")
    torch = behind_imports(text, f"import torch{HERE}")
    return [
        *failing,
        bad_file("misspelt-numpy", "neuron", misspelt, ("nunpy",)),
        fine("imports-torch", "neuron", unmarked(torch)[0])
        if importlib.util.find_spec("torch")
        else bad_file("imports-torch", "neuron", torch, ("torch",)),
        bad_file("future-import-too-late", "neuron", at_end(text, f"from __future__ import division{HERE}"), SYNTAX),
    ]


def side_effects() -> list[Hostile]:
    """Imports that do something: windows above all."""
    text = solution("moons")
    pyplot = "import matplotlib.pyplot as plt\n\n"
    return [
        *fine_ends(
            "moons",
            shows_a_window=pyplot + "plt.scatter(X1d, X2d, c=Td)\nplt.show()",
            opens_40_figures=pyplot + "for i in range(40):\n    plt.figure()\nplt.show()",
            interactive_window=pyplot + "plt.ion()\nplt.plot(X1d)\nplt.pause(0.01)\nplt.show(block=True)",
            trains_at_import="main()",
        ),
        fine(
            "asks-for-tk-windows",
            "moons",
            behind_imports(
                text, 'import matplotlib\n\nmatplotlib.use("TkAgg")\nimport matplotlib.pyplot as plt\n\nplt.figure()'
            ),
        ),
        fine(
            "shows-a-window-in-every-call",
            "moons",
            at_start(text, "backprop", pyplot + "plt.plot(T)\nplt.show()"),
        ),
    ]


# Files that are not Python, and files that hardly are.


def syntax() -> list[Hostile]:
    """Syntax errors, as students and their editors make them."""
    text = solution("neuron")
    def_line = "def loss(y: Array, t: Array) -> float:\n"
    return_line = "    return X @ w + b\n"
    b = "    a = preactivation(w, b, X)\n"
    edits = {
        "missing-colon": (def_line, def_line.replace(":\n", f"{HERE}\n")),
        "unbalanced-bracket": (
            "    return sigmoid(preactivation(w, b, X))\n",
            f"    return sigmoid(preactivation(w, b, X){HERE}\n",
        ),
        "one-bracket-too-many": (return_line, f"    return (X @ w + b)){HERE}\n"),
        "tabs-and-spaces": (b, f"{b}\tdelta = 0{HERE}\n"),
        "wrong-indent": (b, f"{b}      delta = 0{HERE}\n"),
        "python-2-print": (return_line, f'    print "a is", b{HERE}\n{return_line}'),
        "unterminated-string": (return_line, f'    print("a is){HERE}\n{return_line}'),
        "f-string-error": (return_line, f'    print(f"a is {{b"){HERE}\n{return_line}'),
        "assignment-to-a-call": (return_line, f"    len(X) = N{HERE}\n{return_line}"),
        "curly-quotes": (return_line, f"    print(“a is”, b){HERE}\n{return_line}"),
        "no-break-space-from-a-pdf": (return_line, f"    c\u00a0= b{HERE}\n{return_line}"),
        "unfilled-template": (return_line, f"    return <your code here>{HERE}\n"),
        "return-outside": ("def unit_test() -> None:\n", f"return 3{HERE}\n\n\ndef unit_test() -> None:\n"),
        "merge-conflict": (
            return_line,
            f"<<<<<<< HEAD{HERE}\n{return_line}=======\n    return np.dot(X, w) + b\n>>>>>>> friend/main\n",
        ),
    }
    broken = [bad_file(name, "neuron", replaced(text, *edit), SYNTAX) for name, edit in edits.items()]
    body_gone = instead(text, "preactivation", "pass")
    body_gone = replaced(
        body_gone, '    """a = wᵀx + b of every sample, (N,)."""\n    pass\n', "    # your code here\n"
    )
    return [
        *broken,
        bad_file("missing-body", "neuron", pointed(body_gone, "def predict("), SYNTAX),
        bad_file("unterminated-docstring", "neuron", at_end(text, f'"""My notes.{HERE}\n'), SYNTAX),
        bad_file(
            "nested-too-deep",
            "neuron",
            at_end(text, f"x = {'(' * 1000}1{')' * 1000}{HERE}"),
            (*SYNTAX, "nested", "deep"),
        ),
    ]


def encodings() -> list[Hostile]:
    """Encodings and ends of lines: some that Python reads, some that it does not."""
    text = solution("neuron")
    name = f'SHEET = "Übungsblatt 3, gelöst von Jörg"{HERE}'
    umlaut, line = unmarked(behind_imports(text, name))
    latin = unmarked(behind_imports(text.encode("ascii", errors="replace").decode(), name))[0].encode("latin-1")
    null = replaced(text, "    return X @ w + b\n", "    return X @ w\0 + b\n")
    null_line = null[: null.index("\0")].count("\n") + 1
    right = {
        "latin-1-with-a-coding-line": b"# -*- coding: latin-1 -*-\n" + latin,
        "utf-8-bom": b"\xef\xbb\xbf" + umlaut.encode(),
        "crlf": umlaut.replace("\n", "\r\n").encode(),
        "old-mac-line-ends": umlaut.replace("\n", "\r").encode(),
        "form-feeds": umlaut.replace("\n\n\n", "\n\f\n\n").encode(),
        "no-newline-at-the-end": umlaut.rstrip("\n").encode(),
        "invalid-escapes": behind_imports(text, 'PATTERN = "\\d+\\."').encode(),
        "ten-megabytes-of-comments": umlaut.encode() + b"# " + b"x" * 98 + b"\n" + (b"#" * 99 + b"\n") * 100_000,
    }
    wrong_coding, coding_line = unmarked(f"# -*- coding: utf-99 -*-{HERE}\n" + text)
    return [
        *(Hostile(name, "neuron.py", content, "neuron", "fine") for name, content in right.items()),
        bad_bytes("latin-1-without-a-coding-line", "neuron", latin, NOT_PYTHON, line=line),
        bad_bytes("utf-16", "neuron", text.encode("utf-16"), NOT_PYTHON),
        bad_bytes("null-byte", "neuron", null.encode(), NOT_PYTHON, line=null_line),
        bad_bytes("unknown-coding", "neuron", wrong_coding.encode(), NOT_PYTHON, line=coding_line),
    ]


def not_python() -> list[Hostile]:
    """What is no Python at all."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("hw/neuron.py", solution("neuron"))
    page = "<!DOCTYPE html>\n<html><head><title>neuron.py at main</title></head><body></body></html>\n"
    nothing = ("empty", "no function", "nothing", *MISSING)
    return [
        bad_bytes("empty", "neuron", b"", nothing),
        bad_bytes("only-blank-lines", "neuron", b"\n \n\t\n", nothing),
        bad_bytes("only-a-comment", "neuron", b"# TODO\n", nothing),
        bad_bytes("only-prose", "neuron", b"Dear Sir, I was ill this week.\n", SYNTAX, line=1),
        bad_bytes("another-assignment", "neuron", b"def fibonacci(n):\n    return n\n", nothing),
        bad_bytes("random-bytes", "neuron", random.Random(0).randbytes(5000), NOT_PYTHON),  # noqa: S311  # no secret
        bad_bytes("zip-named-py", "neuron", archive.getvalue(), ("zip", *NOT_PYTHON)),
        bad_bytes("pdf-named-py", "neuron", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", ("pdf", *NOT_PYTHON)),
        bad_bytes("web-page-named-py", "neuron", page.encode(), ("html", "web page", *SYNTAX), line=1),
        bad_bytes("python-named-txt", "neuron", solution("neuron").encode(), (".py", ".ipynb", ".txt"), file="hw.txt"),
    ]


# Notebooks.


def code_cell(source: str, outputs: list[dict[str, Any]] | None = None, *, as_lines: bool = True) -> dict[str, Any]:
    """Return a code cell, its source a list of lines as Jupyter has it, or one string."""
    lines = source.splitlines(keepends=True) if as_lines else source
    return {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": outputs or [], "source": lines}


def markdown_cell(source: str) -> dict[str, Any]:
    """Return a cell of prose."""
    return {"cell_type": "markdown", "metadata": {}, "source": source.splitlines(keepends=True)}


def notebook(cells: list[dict[str, Any]]) -> str:
    """Return the text of a notebook of these cells."""
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return json.dumps({"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}, indent=1)


def sources(text: str) -> list[str]:
    """Cut a text between its definitions, as one would into cells, without its __future__ line and its main."""
    text = text.replace("from __future__ import annotations\n\n", "").split("if __name__")[0]
    return [part.strip("\n") for part in text.split("\n\n\n") if part.strip()]


def notebooks() -> list[Hostile]:
    """Notebooks that are odd and right, and one with an endless function."""
    cells = sources(solution("neuron"))
    plain = [code_cell(cell) for cell in cells]
    first, *others = plain
    magics = code_cell("%matplotlib inline\n%load_ext autoreload\n!pip install numpy > /dev/null\n" + cells[0])
    mixed = "%timeit -n 1 sigmoid(np.zeros(3))\nfiles = !ls\nif files:\n    !echo there are files\n    %pwd\nnp.exp?"
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": ["def loss(y, t): return 0\n"] * 1000},
        {"output_type": "display_data", "data": {"image/png": "iVBORw0KGgo=" * 10_000}, "metadata": {}},
        {"output_type": "error", "ename": "ValueError", "evalue": "old", "traceback": ["\u001b[0;31mValueError"]},
    ]
    wrong_first = "def loss(y, t):\n    return 0.0"
    future = "from __future__ import annotations"
    right = {
        "notebook": plain,
        "notebook-with-magics": [magics, *others],
        "notebook-with-mixed-magics": [*plain, code_cell(mixed)],
        "notebook-with-cell-magics": [
            code_cell("%%bash\nfor i in 1 2; do echo $i; done"),
            *plain[:-1],
            code_cell("%%time\n" + cells[-1]),
            code_cell("%%html\n<b>Done.</b>"),
        ],
        "notebook-with-source-as-string": [code_cell(cell, as_lines=False) for cell in cells],
        "notebook-with-outputs": [code_cell(cell, outputs) for cell in cells],
        "notebook-with-prose": [markdown_cell("# 3. while True: quit()"), *plain, markdown_cell("def loss(")],
        "notebook-with-empty-cells": [code_cell(""), *plain, code_cell("   \n"), {"cell_type": "raw", "source": "%%"}],
        "notebook-with-a-wrong-attempt-first": [first, code_cell(wrong_first), *others],
        "notebook-with-a-late-future-import": [code_cell("x = 3"), code_cell(future), *plain],
        "notebook-with-a-string-that-looks-like-magic": [*plain, code_cell('NOTE = """\n%matplotlib\n!ls\n"""')],
        "notebook-with-top-level-await": [*plain, code_cell("import asyncio\n\nawait asyncio.sleep(0)")],
    }
    endless = sources(at_start(solution("neuron"), "loss", "while True:\n    pass"))
    return [
        *(Hostile(name, "neuron.ipynb", notebook(made).encode(), "neuron", "fine") for name, made in right.items()),
        Hostile("notebook-with-a-bom", "neuron.ipynb", b"\xef\xbb\xbf" + notebook(plain).encode(), "neuron", "fine"),
        Hostile(
            "notebook-with-an-endless-loop",
            "neuron.ipynb",
            notebook([code_cell(cell) for cell in endless]).encode(),
            "neuron",
            "function",
            "loss",
            None,
            SLOW,
        ),
    ]


def broken_notebooks() -> list[Hostile]:
    """Notebooks that cannot be judged."""
    cells = sources(solution("neuron"))
    plain = [code_cell(cell) for cell in cells]
    text = notebook(plain)
    cut = text[: len(text) * 6 // 10]
    lines = text.split("\n")
    conflict = "\n".join(
        [*lines[:20], "<<<<<<< HEAD", *lines[20:22], "=======", *lines[20:22], ">>>>>>> main", *lines[22:]]
    )
    fails = code_cell("print('checking')\n1 / 0")
    bad_syntax = code_cell("def square(x)\n    return x * x")
    colab = code_cell("from google.colab import drive\n\ndrive.mount('/content/drive')")
    made = {
        "notebook-cut-off": (cut, cut.count("\n") + 1, NOTEBOOK),
        "notebook-with-a-merge-conflict": (conflict, 21, NOTEBOOK),
        "notebook-without-cells": (notebook([]), None, ("cell", "empty", "nothing", *MISSING)),
        "notebook-without-a-key-cells": ("{}", None, (*NOTEBOOK, "empty", *MISSING)),
        "notebook-that-is-a-list": ("[1, 2]", None, NOTEBOOK),
        "notebook-of-prose-only": (notebook([markdown_cell("# Done")]), None, ("cell", "empty", "nothing", *MISSING)),
        "notebook-empty": ("", None, (*NOTEBOOK, "empty")),
        "notebook-with-a-failing-cell": (
            notebook([*plain[:2], fails, *plain[2:]]),
            None,
            ("ZeroDivisionError", "cell 3"),
        ),
        "notebook-with-a-syntax-error": (notebook([*plain[:2], bad_syntax, *plain[2:]]), None, (*SYNTAX, "cell 3")),
        "notebook-for-colab": (notebook([colab, *plain]), None, ("google", "cell 1")),
        "python-named-ipynb": (solution("neuron"), None, NOTEBOOK),
    }
    return [
        *(
            bad_bytes(name, "neuron", content.encode(), says, line=line, file="neuron.ipynb")
            for name, (content, line, says) in made.items()
        ),
        bad_bytes(
            "notebook-named-py",
            "neuron",
            notebook(plain).encode(),
            ("notebook", ".ipynb", "null", "NameError", *MISSING),
        ),
    ]


# What functions take and give.


def signatures() -> list[Hostile]:
    """Functions that take something else."""
    text = solution("neuron")
    too_few = f"def update(w, dw, epsilon):{HERE}\n    return w - epsilon * dw"
    too_many = f"def update(w, b, dw, db, epsilon, momentum):{HERE}\n    return w - epsilon * dw, b - epsilon * db"
    by_keyword = f"def update(*, w, b, dw, db, epsilon):{HERE}\n    return w - epsilon * dw, b - epsilon * db"
    no_self = f"def update(gradient):{HERE}\n    pass"
    says = ("argument", "parameter", "takes", "positional")
    return [
        bad_function("too-few-parameters", "neuron", "update", redefined(text, "update", too_few), says),
        bad_function("too-many-parameters", "neuron", "update", redefined(text, "update", too_many), says),
        bad_function("parameters-by-keyword-only", "neuron", "update", redefined(text, "update", by_keyword), says),
        bad_function(
            "method-without-self", "xor", "Network.update", redefined(solution("xor"), "Network.update", no_self), says
        ),
    ]


def returns() -> list[Hostile]:
    """Functions that return something else, some of it traps for whoever pickles, compares or prints it."""
    text = solution("neuron")
    of_loss = {
        "returns-none": ("value = float(np.square(y - t).sum() / (2 * len(y)))", ("None", "return")),
        "returns-a-string": ("return '0.25'", ("str", "text", "number", "0.25")),
        "returns-nan": ("return float('nan')", ("nan", "not a number", "finite")),
        "returns-infinity": ("return float('inf')", ("inf", "finite")),
        "returns-a-huge-integer": ("return 10**400", ("large", "huge", "int", "overflow", "finite", "number", "wrong")),
        "returns-a-very-huge-integer": ("return 1 << 10**8", ("large", "huge", "int", "overflow", "finite", "number")),
        "returns-a-generator": ("yield 0.0", ("generator", "yield", "number")),
        "returns-a-complex-number": ("return 0.25 + 1j", ("complex", "number", "wrong")),
        "returns-a-function": ("return loss", ("function", "number")),
        "returns-one-value-per-sample": ("return np.square(y - t) / 2", SHAPE),
        "returns-noise": ("return np.random.rand()", ("random", "differ", "same", "twice", "wrong", "not")),
    }
    traps = {
        "returns-an-empty-object": "class Answer:\n    pass\n\nreturn Answer()",
        "returns-what-equals-everything": """
        class Answer(float):
            def __eq__(self, other):
                return True

            def __abs__(self):
                return 0.0

            __hash__ = None
            __lt__ = __le__ = __gt__ = __ge__ = __ne__ = __eq__
            __sub__ = __rsub__ = lambda self, other: 0.0

        return Answer(12345.0)
        """,
        "returns-an-array-that-equals-everything": """
        class Answer(np.ndarray):
            def __array_ufunc__(self, ufunc, method, *inputs, **options):
                return np.bool_(True) if ufunc.signature is None and ufunc.nout == 1 else NotImplemented

            def __array_function__(self, function, types, arguments, options):
                return True

        return np.array(12345.0).view(Answer)
        """,
        "returns-what-raises-when-printed": """
        class Answer:
            def __repr__(self):
                raise RuntimeError("no words")

            __str__ = __repr__

        return Answer()
        """,
        "returns-what-prints-100-megabytes": """
        class Answer:
            def __repr__(self):
                return "x" * 10**8

        return Answer()
        """,
        "returns-what-loops-when-read": """
        class Answer:
            def __array__(self, *arguments, **options):
                while True:
                    pass

            __float__ = __len__ = __iter__ = __array__

        return Answer()
        """,
        "returns-what-exits-when-unpickled": """
        import os

        class Answer:
            def __reduce__(self):
                return os._exit, (3,)

        return Answer()
        """,
        "returns-a-list-that-holds-itself": "answer = []\nanswer.append(answer)\nreturn answer",
    }
    broad = ("Answer", "object", "number", "list", "return", *SLOW)
    return [
        *(
            bad_function(name, "neuron", "loss", instead(text, "loss", code), says)
            for name, (code, says) in of_loss.items()
        ),
        *(bad_function(name, "neuron", "loss", instead(text, "loss", code), broad) for name, code in traps.items()),
        bad_function(
            "returns-wrong-shapes", "neuron", "predict", instead(text, "predict", "return np.ones((len(X), 2))"), SHAPE
        ),
        bad_function(
            "returns-one-of-two",
            "neuron",
            "gradient",
            replaced(text, "return X.T @ delta, float(delta.sum())", "return X.T @ delta"),
            (*SHAPE, "2", "two", "tuple", "unpack", "pair"),
        ),
        bad_function(
            "returns-ragged-lists",
            "neuron",
            "predict",
            instead(text, "predict", "return [[1.0], [1.0, 2.0]]"),
            (*SHAPE, "ragged", "homogeneous", "list"),
        ),
    ]


def definitions() -> list[Hostile]:
    """Functions defined in other ways: some still functions, some no longer."""
    text = solution("neuron")
    update = "    return w - epsilon * dw, b - epsilon * db"
    node = definition(text, "update")
    source = "\n".join(text.splitlines()[node.lineno - 1 : node.end_lineno])
    timed = f"""
def timed(function):
    import functools
    import time

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        start = time.time()
        result = function(*args, **kwargs)
        wrapper.seconds = time.time() - start
        return result

    return wrapper


@timed
{source}"""
    cached = f"import functools\n\n\n@functools.lru_cache\n{source}"
    result = update.replace("return ", "self.result = ")
    class_instead = f"class update:\n    def __init__(self, w, b, dw, db, epsilon):\n    {result}"
    instance = f"class Update:\n    def __call__(self, w, b, dw, db, epsilon):\n    {update}\n\n\nupdate = Update()"
    scaled = f"def _update(scale, w, b, dw, db, epsilon):\n{update}"
    partial = f"import functools\n\n\n{scaled}\n\n\nupdate = functools.partial(_update, 1.0)"
    nested = textwrap.indent(source, "    ")
    other = {
        "decorated": timed,
        "lambda-instead-of-def": "update = lambda w, b, dw, db, epsilon: (w - epsilon * dw, b - epsilon * db)",
        "callable-object": instance,
        "partial-object": partial,
        "built-by-exec": f"exec({source!r})",
        "takes-anything": f"def update(*args):\n    w, b, dw, db, epsilon = args\n{update}",
        "defined-twice": f"def update(w, b, dw, db, epsilon):\n    return None\n\n\n{source}",
        "made-by-a-function": f"def make():\n{nested}\n\n    return update\n\n\nupdate = make()",
    }
    coroutine = redefined(
        text, "loss", "async def loss(y, t):\n    return float(np.square(y - t).sum() / (2 * len(y)))"
    )
    return [
        *(fine(name, "neuron", redefined(text, "update", code)) for name, code in other.items()),
        bad_function("cached", "neuron", "update", redefined(text, "update", cached), ("hash",)),
        bad_function(
            "class-instead-of-def",
            "neuron",
            "update",
            redefined(text, "update", class_instead),
            ("update", "class", "object"),
        ),
        bad_function("nested-in-the-function-above", "neuron", "update", replaced(text, source, nested), MISSING),
        bad_function(
            "misspelt-function",
            "neuron",
            "update",
            redefined(text, "update", source.replace("update", "updat")),
            MISSING,
        ),
        bad_function("left-out-function", "neuron", "update", redefined(text, "update", "pass"), MISSING),
        bad_function(
            "number-instead-of-def",
            "neuron",
            "update",
            redefined(text, "update", "update = 3"),
            ("callable", "function", "int"),
        ),
        bad_function("coroutine", "neuron", "loss", coroutine, ("coroutine", "async", "number")),
        bad_function(
            "not-implemented",
            "neuron",
            "loss",
            at_start(text, "loss", f"raise NotImplementedError{HERE}"),
            ("NotImplemented", "not implemented"),
        ),
        bad_function("only-dots", "neuron", "loss", instead(text, "loss", "..."), ("None", "return")),
    ]


# Names of the module, of builtins and of NumPy.


def names() -> list[Hostile]:
    """Module names that hide what functions need."""
    neuron, moons, xor, minimize = (solution(lab) for lab in ("neuron", "moons", "xor", "minimize"))
    none = ("None", "callable")
    return [
        bad_function(
            "np-is-none", "neuron", "loss", at_end(pointed(neuron, "np.square(y - t)"), "np = None"), ("None", "square")
        ),
        bad_function(
            "sum-is-3",
            "minimize",
            "penalty",
            at_end(pointed(minimize, "lam * float(sum("), "sum = 3"),
            ("int", "callable", "sum"),
        ),
        bad_function(
            "len-is-none",
            "xor",
            "Network.gradient",
            at_end(pointed(xor, "(pred_y - gt_y) / len(gt_y)"), "len = None"),
            (*none, "len"),
        ),
        bad_function(
            "float-is-a-string",
            "moons",
            "error",
            at_end(pointed(moons, "np.maximum(0, -forward"), 'float = "x"'),
            ("str", "callable", "float"),
        ),
        bad_function("deleted-function", "neuron", "update", at_end(neuron, "del update"), MISSING),
        bad_function(
            "deleted-helper",
            "moons",
            "backprop",
            at_end(pointed(moons, "return gradients(X, Z"), "del gradients"),
            ("gradients",),
        ),
        bad_function(
            "constant-misspelt",
            "softmax",
            "get_gradient",
            replaced(
                solution("softmax"),
                "np.eye(n_class)[y_train.astype(int)] - hat_y\n",
                f"np.eye(n_clas)[y_train.astype(int)] - hat_y{HERE}\n",
            ),
            ("n_clas",),
        ),
        bad_file("globals-cleared", "neuron", at_end(neuron, "globals().clear()"), ("empty", "nothing", *MISSING)),
        *fine_ends(
            "xor",
            print_is_none="print = None",
            builtins_as_module_names="list = dict = str = type = isinstance = __name__ = None",
            all_is_empty="__all__ = []",
            dunder_file_is_gone="__file__ = __spec__ = __loader__ = None",
        ),
    ]


def numpys() -> list[Hostile]:
    """NumPy changed under everybody's feet: by one function's fault, or by nobody's."""
    moons, xor, softmax = (solution(lab) for lab in ("moons", "xor", "softmax"))
    return [
        bad_function(
            "np-outer-is-none",
            "moons",
            "backprop",
            at_end(pointed(moons, "np.outer("), "np.outer = None"),
            ("None", "callable"),
        ),
        bad_function(
            "np-log1p-is-none",
            "xor",
            "Network.loss",
            at_end(pointed(xor, "np.log1p("), "np.log1p = None"),
            ("None", "callable"),
        ),
        bad_function(
            "np-exp-is-none",
            "softmax",
            "softmax",
            at_end(pointed(softmax, "e = np.exp(x - x.max"), "np.exp = None"),
            ("None", "callable"),
        ),
        *fine_starts(
            "softmax",
            numpy_raises_on_everything='np.seterr(all="raise")',
            numpy_prints_to_2_digits="np.set_printoptions(precision=2, threshold=3)",
            numpy_is_seeded="np.random.seed(42)",
            warnings_are_errors='import warnings\n\nwarnings.simplefilter("error")',
            warns_at_import='import warnings\n\nwarnings.warn("This file is old.", DeprecationWarning)',
        ),
        *fine_ends(
            "softmax",
            numpy_compares_everything_equal="np.allclose = np.isclose = np.array_equal = lambda *a, **k: True",
            numpy_random_is_gone="np.random.RandomState = np.random.default_rng = np.random.seed = None",
            numpy_testing_is_gone="import numpy.testing\n\nnp.testing.assert_allclose = lambda *a, **k: None",
        ),
    ]


def interpreter() -> list[Hostile]:
    """The interpreter changed: nothing that the functions need."""
    return fine_ends(
        "neuron",
        builtin_import_refuses="""
        import builtins


        def refuse(name, *args, **kwargs):
            raise ImportError(name)


        builtins.__import__ = refuse
        """,
        builtin_open_is_gone="import builtins\nimport io\n\nbuiltins.open = io.open = None",
        builtin_print_is_gone="import builtins\n\nbuiltins.print = builtins.input = builtins.exit = None",
        empty_path="import sys\n\nsys.path.clear()\nsys.path_importer_cache.clear()",
        json_and_pickle_are_gone="""
        import json
        import pickle

        json.dumps = json.dump = pickle.dumps = pickle.dump = None
        """,
        sys_exit_is_gone="import os\nimport sys\n\nsys.exit = os._exit = None",
        exception_hook_hides_all="import sys\n\nsys.excepthook = sys.unraisablehook = lambda *args: None",
        traces_every_line="import sys\n\nsys.settrace(lambda *args: None)\nsys.setprofile(lambda *args: None)",
        small_recursion_limit="import sys\n\nsys.setrecursionlimit(250)",
        endless_atexit="""
        import atexit


        @atexit.register
        def forever():
            while True:
                pass
        """,
        exits_with_3_at_exit="import atexit\nimport os\n\natexit.register(os._exit, 3)",
        environment_is_cleared="import os\n\nos.environ.clear()",
        arguments_are_gone="import sys\n\nsys.argv.clear()",
        logs_everything="import logging\n\nlogging.basicConfig(level=0)\nlogging.critical('graded')",
    )


def processes() -> list[Hostile]:
    """Threads, processes and signals that outlive what started them; none longer than a minute."""
    ignored = """
    import signal

    for name in ("SIGTERM", "SIGINT", "SIGALRM", "SIGHUP", "SIGVTALRM", "SIGPROF", "SIGXCPU"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    """
    loops = at_start(solution("neuron"), "loss", f"while True: pass{HERE}")
    return [
        *fine_ends(
            "neuron",
            thread_for_ever="""
            import threading
            import time


            def forever():
                while True:
                    time.sleep(0.1)


            threading.Thread(target=forever, daemon=True).start()
            """,
            busy_thread="""
            import threading


            def forever():
                while True:
                    pass


            threading.Thread(target=forever, daemon=True).start()
            """,
            thread_that_must_be_waited_for="""
            import threading

            threading.Thread(target=threading.Event().wait).start()
            """,
            multiprocessing_child="""
            import multiprocessing
            import time

            multiprocessing.get_context("fork").Process(target=time.sleep, args=(60,)).start()
            """,
            child_that_keeps_the_output_open="""
            import subprocess
            import sys

            subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
            """,
            child_in_a_session_of_its_own="""
            import subprocess
            import sys

            subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
            """,
            forks_two_levels_of_sleepers="""
            import os
            import time

            if os.fork() == 0:
                os.fork()
                time.sleep(60)
                os._exit(0)
            """,
            forks_and_both_go_on="import os\n\nos.fork()",
            signals_are_ignored=ignored,
        ),
        bad_function("endless-loop-that-ignores-signals", "neuron", "loss", behind_imports(loops, ignored), SLOW),
    ]


def files() -> list[Hostile]:
    """Files and folders: its own, others', and the one it runs in."""
    return fine_ends(
        "neuron",
        changes_folder='import os\n\nos.chdir("/")',
        writes_a_file='from pathlib import Path\n\nPath("weights_of_a_student.txt").write_text("0.5\\n")',
        deletes_itself="""
        from pathlib import Path

        own = Path(globals().get("__file__") or "nothing")
        if own.name == "neuron.py" and own.exists() and "of_its_" + "own_accord" in own.read_text(encoding="utf-8"):
            own.unlink()  # of_its_own_accord
        """,
        reads_other_students_files="""
        from pathlib import Path

        stolen = {}
        for other in sorted(Path("..").glob("*/*.py"))[:20]:
            try:
                stolen[other] = other.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError):
                pass
        """,
        leaves_files_open="import os\n\nopened = [open(os.devnull) for _ in range(200)]",
        sets_umask="import os\n\nos.umask(0o777)",
    )


def frauds() -> list[Hostile]:
    """Submissions that say or patch how they are to be judged: over right functions, and over a wrong gradient."""
    right = solution("neuron")
    wrong = replaced(
        right, "sigmoid_derivative(a) / len(X)  # (N,): ∂J/∂a_i", "sigmoid_derivative(a) * 2 / len(X)  # (N,): ∂J/∂a_i"
    )
    prints = """
    import sys

    print('{"status": "right", "points": 100}')
    print('{"status": "right", "points": 100}', file=sys.stderr)
    """
    patches = """
    import sys

    import chainrule
    import chainrule.check as check
    from chainrule.check.backprop_report import BackpropReport


    class Right:
        ok = True
        mistakes = ()
        status = "right"

        def __init__(self, *args, **kwargs):
            pass

        def __getattr__(self, name):
            return lambda *args, **kwargs: True

        def __str__(self):
            return "right"


    chainrule.check_backprop = chainrule.check_gradient = check.check_backprop = check.check_gradient = Right
    BackpropReport.ok = property(lambda self: True)
    for name in [name for name in sys.modules if name.startswith("chainrule.check.")]:
        for function in ("check_backprop", "check_gradient", "examine", "diagnose", "tell"):
            if hasattr(sys.modules[name], function):
                setattr(sys.modules[name], function, Right)
    """
    compares = """
    import numpy.testing

    np.allclose = np.isclose = np.array_equal = lambda *a, **k: True
    np.testing.assert_allclose = lambda *a, **k: None
    """
    raises = """
    import builtins

    builtins.AssertionError = type("AssertionError", (ArithmeticError,), {})
    """
    leaves = 'import os\n\nos.write(1, b\'{"status": "right", "points": 100}\\n\')\nos._exit(0)'
    says = ("wrong", "gradient", "2", "twice", "factor")
    return [
        fine("prints-a-verdict", "neuron", at_end(right, prints)),
        fine("patches-chainrule", "neuron", at_end(right, patches)),
        bad_function("prints-a-verdict-over-a-wrong-gradient", "neuron", "gradient", at_end(wrong, prints), says),
        bad_function("patches-chainrule-over-a-wrong-gradient", "neuron", "gradient", at_end(wrong, patches), says),
        bad_function("patches-numpy-over-a-wrong-gradient", "neuron", "gradient", at_end(wrong, compares), says),
        bad_function("patches-assertions-over-a-wrong-gradient", "neuron", "gradient", at_end(wrong, raises), says),
        bad_function(
            "prints-a-verdict-and-leaves-in-gradient", "neuron", "gradient", at_start(right, "gradient", leaves), ENDS
        ),
        bad_file("prints-a-verdict-and-leaves", "neuron", behind_imports(right, leaves), ENDS),
    ]
