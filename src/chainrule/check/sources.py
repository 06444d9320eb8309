"""Sources: the text of a function as Python's own tree, read once."""

from __future__ import annotations

import ast
import inspect
import textwrap
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import CodeType


def tree_of(function: Any) -> ast.Module:
    """Return the tree of a function's source, for reading only: whoever changes it makes one of their own.

    Raises
    ------
    OSError, TypeError, SyntaxError
        If there is no source, or it cannot be read by itself.

    Examples
    --------
    >>> tree_of(tree_of).body[0].name
    'tree_of'
    """
    own = inspect.unwrap(getattr(function, "__func__", function))
    code = getattr(own, "__code__", None)
    return _parsed(function) if not inspect.iscode(code) else _tree_of_code(code)


def returned_by(function: Any) -> tuple[ast.expr, ...]:
    """Return what a function's lines return, in the order in which Python's tree is walked.

    Raises
    ------
    OSError, TypeError, SyntaxError
        If there is no source, or it cannot be read by itself.

    Examples
    --------
    >>> [ast.unparse(one) for one in returned_by(returned_by)]
    ['_returned_in(tree_of(function))']
    """
    return _returned_in(tree_of(function))


@lru_cache(maxsize=256)
def _returned_in(tree: ast.Module) -> tuple[ast.expr, ...]:
    return tuple(one.value for one in ast.walk(tree) if isinstance(one, ast.Return) and one.value is not None)


@lru_cache(maxsize=256)
def _tree_of_code(code: CodeType) -> ast.Module:
    return _parsed(code)


def _parsed(given: Any) -> ast.Module:
    return ast.parse(textwrap.dedent(inspect.getsource(given)))
