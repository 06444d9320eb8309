"""Alternatives: what a student may have meant where something else is written."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chainrule.check.repairs.text_places import Expression, OwnWords
    from chainrule.check.repairs.watched_code import Ran

MOST_NAMES = 14  # that are tried for one
MODULES = ("np", "numpy", "math")  # of which everybody knows what they hold
SWAPPED: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add, ast.Mult),
    ast.Mult: (ast.Div, ast.MatMult, ast.Add, ast.Sub),
    ast.Div: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
}
TURNED = {ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE}
SLOPES = ("deriv", "prime", "slope", "grad", "dsig", "d_", "drelu", "dtanh", "pend", "linha")  # in names of f'
REDUCTIONS = ("sum", "mean", "max", "std")
COUNTED = ("range", "len", "zip", "enumerate")  # calls that nobody leaves out by mistake

Others: TypeAlias = "Iterator[tuple[str, Any, int]]"


def others(slot: Expression, ran: Ran, words: OwnWords) -> Others:
    """What else could stand in a place: the kind of the change, what is written there, and how unlikely it is."""
    node, parent = slot.node, slot.parents[-1] if slot.parents else slot.statement
    if isinstance(getattr(node, "ctx", None), ast.Store | ast.Del):
        return
    match node:
        case ast.Name():
            yield from _other_functions(node, ran) if slot.is_called else other_names(node, ran)
        case ast.Attribute():
            yield from _other_methods(node, ran) if slot.is_called else _other_attributes(node, ran, words.attributes)
        case ast.Constant():
            yield from _other_constants(node, parent, words.keys)
        case ast.BinOp() | ast.UnaryOp() | ast.Compare():
            yield from _other_operations(node)
        case ast.Call():
            yield from (*of_calls(node), *_out_of_calls(node))
        case ast.Subscript():
            yield from _of_subscripts(node)
        case ast.Slice():
            yield from _other_ends(node)
    if not slot.is_called and not isinstance(node, ast.Constant | ast.Slice | ast.Tuple):
        yield from _turned(node, parent, ran)
        yield from _wrapped(slot, parent, ran)


def other_names(node: ast.Name, ran: Ran) -> Others:
    """Other names that hold a number, or several, as this one does."""
    own = ran.names.get(node.id, None)
    if node.id in ran.functions or own is None:
        return
    alike = [n for n, shape in ran.names.items() if n != node.id and shape is not None and bool(shape) == bool(own)]
    for name in sorted(_nearest(node.id, alike), key=lambda n: ran.names[n] != own)[:MOST_NAMES]:
        yield "variable", ast.Name(name, ast.Load()), 1 + (ran.names[name] != own)


def _nearest(word: str, others: Iterable[str]) -> list[str]:
    """Other words, those first that begin alike.

    >>> _nearest("dW2", ["b", "dW2", "dZ", "dW1"])
    ['dW1', 'dZ', 'b']
    """
    return sorted((one for one in others if one != word), key=lambda one: -_n_alike(one, word))


def _n_alike(one: str, other: str) -> int:
    """How many letters two words begin with alike."""
    return next((k for k, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _other_functions(node: ast.Name, ran: Ran) -> Others:
    if node.id not in ran.functions:
        return
    for name in ran.functions:
        if name != node.id and ran.takes(name) == ran.takes(node.id):
            yield "function", ast.Name(name, ast.Load()), 1


def _other_attributes(node: ast.Attribute, ran: Ran, attributes: tuple[str, ...]) -> Others:
    if node.attr == "T":
        yield "transpose", node.value, 1
        return
    if _is_module(node.value):
        return
    for name in _nearest(node.attr, attributes)[:MOST_NAMES]:
        yield "variable", ast.Attribute(node.value, name, ast.Load()), 1
    for name, shape in list(ran.names.items())[:MOST_NAMES]:
        if shape is not None:
            yield "variable", ast.Name(name, ast.Load()), 2


def _other_methods(node: ast.Attribute, ran: Ran) -> Others:
    if node.attr in ran.methods:
        for name in _nearest(node.attr, sorted(ran.methods)):
            yield "function", ast.Attribute(node.value, name, ast.Load()), 2


def _is_module(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in MODULES


def _other_constants(node: ast.Constant, parent: ast.AST, keys: tuple[str, ...]) -> Others:
    value = node.value
    if isinstance(value, str):
        for key in _nearest(value, keys)[:MOST_NAMES] if value in keys else ():
            yield "key", ast.Constant(key), 1
    elif isinstance(value, bool) or not isinstance(value, int | float):
        return
    elif isinstance(parent, ast.keyword) and parent.arg in ("axis", "keepdims"):
        yield "axis", ast.Constant(1 - int(value)), 1
    else:
        near = [value + 1, value - 1] if isinstance(value, int) else []
        for other in dict.fromkeys([*near, -value, 1 - value, 1, 2 * value, value / 2]):
            if other != value:
                yield "number", ast.Constant(other), 1


def _other_operations(node: ast.expr) -> Others:
    match node:
        case ast.BinOp():
            yield from (*_parentheses(node), *_of_products(node), *_into_calls(node))
        case ast.UnaryOp(op=ast.USub()):
            yield "sign", node.operand, 1
        case ast.Compare(ops=[op]) if type(op) in TURNED:
            yield "comparison", ast.Compare(node.left, [TURNED[type(op)]()], node.comparators), 1


def _parentheses(node: ast.BinOp) -> Others:
    """(a - b) / c for a - b / c, and the other way round."""
    left, right = node.left, node.right
    if isinstance(right, ast.BinOp):
        yield "parentheses", ast.BinOp(ast.BinOp(left, node.op, right.left), right.op, right.right), 1
    if isinstance(left, ast.BinOp):
        yield "parentheses", ast.BinOp(left.left, left.op, ast.BinOp(left.right, node.op, right)), 1


def _of_products(node: ast.BinOp) -> Others:
    """A part left out, another operator, the other order."""
    left, right, op = node.left, node.right, node.op
    yield "part left out", left, 1
    yield "part left out", ast.UnaryOp(ast.USub(), right) if isinstance(op, ast.Sub) else right, 1
    for other in SWAPPED.get(type(op), ()):
        yield "operator", ast.BinOp(left, other(), right), 1
    if isinstance(op, ast.Sub | ast.MatMult | ast.Div):
        yield "order", ast.BinOp(right, op, left), 1


def of_calls(node: ast.Call) -> Others:
    """A call left out, other axes, arguments in the other order."""
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    if node.args and not isinstance(node.args[0], ast.Starred) and name not in COUNTED:
        yield "call left out", node.args[0], 1
    if isinstance(node.func, ast.Attribute) and not _is_module(node.func.value):
        yield "call left out", node.func.value, 1
    if name in ("dot", "matmul", "multiply", "outer") and len(node.args) == 2:
        a, b = node.args
        yield "order", ast.Call(node.func, [b, a], []), 1
        yield "operator", ast.BinOp(a, ast.Mult() if name != "multiply" else ast.MatMult(), b), 1
    if name in ("sum", "mean") and not any(one.arg == "axis" for one in node.keywords):
        for axis in (0, 1):
            for more in ([], [ast.keyword("keepdims", ast.Constant(True))]):
                yield "axis", ast.Call(node.func, node.args, [ast.keyword("axis", ast.Constant(axis)), *more]), 1
    if name in REDUCTIONS and isinstance(node.func, ast.Attribute):
        for other in REDUCTIONS:
            func = ast.Attribute(node.func.value, other, ast.Load())
            yield "function", ast.Call(func, node.args, node.keywords), 1


def _out_of_calls(node: ast.Call) -> Others:
    """An operand moved out of a call, or into it: f(a + b) and f(a) + b."""
    for k, one in enumerate(node.args):
        if isinstance(one, ast.BinOp):
            for kept, moved, is_left in ((one.left, one.right, True), (one.right, one.left, False)):
                call = ast.Call(node.func, [*node.args[:k], kept, *node.args[k + 1 :]], node.keywords)
                pair = (call, one.op, moved) if is_left else (moved, one.op, call)
                yield "out of the call", ast.BinOp(*pair), 2


def _into_calls(node: ast.BinOp) -> Others:
    for call, other, is_left in ((node.left, node.right, True), (node.right, node.left, False)):
        if isinstance(call, ast.Call) and len(call.args) == 1 and not isinstance(call.args[0], ast.Starred):
            pair = (call.args[0], node.op, other) if is_left else (other, node.op, call.args[0])
            yield "into the call", ast.Call(call.func, [ast.BinOp(*pair)], call.keywords), 2


def _of_subscripts(node: ast.Subscript) -> Others:
    """A subscript left out."""
    if not isinstance(node.slice, ast.Constant) or not isinstance(node.slice.value, str):
        yield "subscript left out", node.value, 2


def _other_ends(node: ast.Slice) -> Others:
    """All but the last for all but the first, and the other way round."""
    match node:
        case ast.Slice(lower=None, upper=ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1))):
            yield "index", ast.Slice(ast.Constant(1), None), 1
        case ast.Slice(lower=ast.Constant(value=1), upper=None):
            yield "index", ast.Slice(None, ast.UnaryOp(ast.USub(), ast.Constant(1))), 1


def _turned(node: ast.expr, parent: ast.AST, ran: Ran) -> Others:
    """The transpose of a matrix."""
    if isinstance(parent, ast.Attribute) or (isinstance(node, ast.Attribute) and node.attr == "T"):
        return
    shape = ran.names.get(node.id) if isinstance(node, ast.Name) else ()
    is_matrix = isinstance(node, ast.Name) and shape is not None and len(shape) == 2
    if is_matrix or isinstance(node, ast.Attribute | ast.Call):
        yield "transpose", ast.Attribute(node, "T", ast.Load()), 2


def _wrapped(slot: Expression, parent: ast.AST, ran: Ran) -> Others:
    """The negative of a value or an argument; of a whole value a function of it, and one factor more."""
    node = slot.node
    whole = parent is slot.statement or isinstance(parent, ast.Call)
    if not whole or isinstance(slot.statement, ast.For | ast.While | ast.If):
        return
    yield "sign", ast.UnaryOp(ast.USub(), node), 2
    if parent is not slot.statement:
        return
    for name in ran.functions:
        if ran.takes(name) == 1:
            yield "function around it", ast.Call(ast.Name(name, ast.Load()), [node], []), 3
    target = _target(slot.statement)
    for name, shape in ran.names.items():
        if shape is not None and ran.names.get(target, shape) == shape:
            for factor in _factors(ast.Name(name, ast.Load()), ran):
                yield "factor", ast.BinOp(node, ast.Mult(), factor), 3


def _factors(value: ast.Name, ran: Ran) -> Iterator[ast.expr]:
    """What an error may have to be multiplied by: a value, or the derivative of an activation at it."""
    one = ast.Constant(1)
    yield value
    yield ast.BinOp(value, ast.Mult(), ast.BinOp(one, ast.Sub(), value))
    yield ast.BinOp(one, ast.Sub(), ast.BinOp(value, ast.Pow(), ast.Constant(2)))
    yield ast.Compare(value, [ast.Gt()], [ast.Constant(0)])
    for function in ran.functions:
        if ran.takes(function) == 1 and any(part in function.lower() for part in SLOPES):
            yield ast.Call(ast.Name(function, ast.Load()), [value], [])


def _target(statement: ast.stmt) -> str:
    """The name that a statement assigns, "" for none or several."""
    targets = getattr(statement, "targets", [getattr(statement, "target", None)])
    return targets[0].id if len(targets) == 1 and isinstance(targets[0], ast.Name) else ""
