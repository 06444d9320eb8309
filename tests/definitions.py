"""What a program defines and says of it: its statements, not the expressions in them, which are many more."""

import ast


def statements(text):
    """The statements of a program, the program itself first, however deep they lie in others."""
    waiting = [ast.parse(text)]
    while waiting:
        node = waiting.pop()
        yield node
        for name in ("body", "orelse", "finalbody", "handlers", "cases"):
            waiting += getattr(node, name, [])


def documented(text):
    """The docstrings of a program, of its module, classes and functions."""
    kinds = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    return [ast.get_docstring(node) or "" for node in statements(text) if isinstance(node, kinds)]
