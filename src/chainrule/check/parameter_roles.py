"""Arguments: what each parameter of hand-written code is, known by its name and by the names beside it."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from chainrule.check.call_sites import TARGETS_FIRST, roles_at_calls, rows_taken
from chainrule.check.given import GIVES, OF_PARAMETERS, CallInputs, Give
from chainrule.check.methods import OF_LOSS, is_backward, is_forward, is_update
from chainrule.check.names import ROLES, plain, role_of
from chainrule.check.word_settings import word_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chainrule.network.network import Network


@dataclass(frozen=True, eq=False)
class Parameter:
    """A parameter of hand-written code: what it is, "" where that is not known, and what it is given."""

    name: str
    role: str = ""
    give: Give | None = None
    by_name: bool = False
    written: str = "..."  # in a wrapper


def asked(function: Any) -> list[inspect.Parameter]:
    """The parameters without defaults, and those with one whose value matters to the check.

    Raises
    ------
    ValueError
        If Python cannot tell.
    """
    try:
        found = list(inspect.signature(function).parameters.values())
    except TypeError as error:
        raise ValueError(str(error)) from error
    named = [one for one in found if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)]
    starred = [one for one in found if one.kind in (one.VAR_POSITIONAL, one.VAR_KEYWORD)]
    mattering = ("X", "T", "l2", "rate", "once", "wanted", "kept", "dropped")
    wanted = [
        one
        for one in named
        if one.default is one.empty
        or role_of(one.name) in mattering
        or word_for(one) is not None
        or (role_of(one.name) == "count" and "batch" in one.name.lower())
    ]
    return wanted or starred


def bind(
    function: Any, net: Network, *, own: Mapping[str, str] | None = None, stacked: bool = False
) -> list[Parameter]:
    """Tell what each parameter of a function is given.

    ``own`` are the names that the code's own forward pass returns, with their roles; ``stacked`` says that its weights
    hold the biases too.

    >>> from chainrule import Dense, Network
    >>> net = Network([Dense(2), Dense(1)], n_features=3)
    >>> def train(x, t, V, W, bv, bw, stuff): ...
    >>> [one.role for one in bind(train, net)]
    ['X', 'T', 'block', 'block', 'block', 'block', '']
    """
    parameters = asked(function)
    names = [one.name for one in parameters if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)]
    blocks = blocks_in_order(names, net)
    roles = {name: "block" if name in blocks else _role(name, net) for name in names}
    if not all(roles.values()):
        roles |= {name: role for name, role in roles_at_calls(function).items() if roles.get(name) == ""}
    if "theta" in roles.values():  # beside theta, m counts samples and is no slope
        roles |= {name: role_of(name) or "" for name, role in roles.items() if role == "entry"}
    roles = _in_context(function, roles)
    beside = {name: one for name in names if (one := function_beside(function, name)) is not None}
    beside |= {one.name: word for one in parameters if (word := word_for(one)) is not None}
    roles = _guessed(function, roles | dict.fromkeys([*(own or ()), *beside], "known"))
    found = []
    for one in parameters:
        by_name = one.kind is one.KEYWORD_ONLY or one.default is not one.empty
        if own and one.name in own:
            found.append(Parameter(one.name, "forward", _of_forward(one.name), by_name, one.name))
        elif one.name in blocks:
            found.append(_block(one.name, blocks[one.name], by_name=by_name, stacked=stacked))
        elif one.name in beside:
            given = partial(_constant, beside[one.name])
            written = getattr(beside[one.name], "__name__", repr(beside[one.name]))
            found.append(Parameter(one.name, "function", given, by_name, written))
        elif one.name in names and roles[one.name] == "X and T" and (form := rows_taken(function, one.name)):
            found.append(Parameter(one.name, "X and T", partial(_rows, form), by_name, _rows_written(form)))
        elif one.name in names and roles[one.name]:
            found.append(_of_role(one.name, roles[one.name], net, by_name=by_name))
        else:
            found.append(Parameter(one.name, by_name=by_name))
    return found


LOSS_FUNCTION = re.compile(r"(?i)(loss|cost|mse|mean_?sq|squared|cross_?ent|bce|nll|log_?lik|hinge|error|binary)")
SLOPE = re.compile(r"(?i)(prime|deriv|grad|slope|backward|_der?$|_d$|^d_)")


def function_beside(function: Any, name: str) -> Any:
    """Return what a parameter for a function is given: the one of its name in the module, or the only loss or slope.

    >>> def squared_error(y, t): ...
    >>> def squared_error_prime(y, t): ...
    >>> function_beside(squared_error, "sigmoid") is None
    True
    """
    space = getattr(function, "__globals__", {})
    beside = {n: one for n, one in space.items() if inspect.isfunction(one) and one.__module__ == space.get("__name__")}
    if name in beside and role_of(name) is None:
        return beside[name]
    if not OF_LOSS.search(name) or role_of(name) in ("error", "Y"):
        return None
    alike = [
        one
        for n, one in beside.items()
        if LOSS_FUNCTION.search(n) and bool(SLOPE.search(n)) == bool(SLOPE.search(name))
    ]
    return alike[0] if len(alike) == 1 else None


def _constant(value: Any, _: CallInputs) -> Any:
    return value


def _rows(form: tuple[str, str], given: CallInputs) -> list[Any]:
    """Samples as code takes them apart: targets before inputs, or by keys."""
    X, T = given.X, given.T
    if given.layout.columns and not given.layout.stacked:
        X, T = given.point.X, given.point.T
    pairs = list(zip(X, T, strict=True)) if given.layout.samples in ("all", "row") else [(X, T)]
    return [(t, x) for x, t in pairs] if form == TARGETS_FIRST else [{form[0]: x, form[1]: t} for x, t in pairs]


def _rows_written(form: tuple[str, str]) -> str:
    """Write samples as code takes them apart."""
    return f"[{'(t, x)' if form == TARGETS_FIRST else f'{{{form[0]!r}: x, {form[1]!r}: t}}'} for x, t in zip(X, T)]"


def _of_forward(name: str) -> Give:
    return lambda given: given.forward[name]


def _role(name: str, net: Network) -> str:
    """A parameter's role by its name alone: a value of the forward pass, a column of inputs, or what it is called."""
    if _value_of(name, net):
        return "value"
    if (match := re.fullmatch(r"x_?(\d+)", plain(name))) and int(match[1]) <= net.n_features:
        return "column"
    if _is_entry(plain(name), net):
        return "entry"
    if OF_MEMORY.match(plain(name)):
        return "memory of b" if OF_BIASES.search(plain(name)) else "memory of W"
    several = {"w": "weights", "b": "biases", "bias": "biases"} if len(net.layers) > 1 else {}
    return several.get(plain(name)) or role_of(name) or ""


def _is_entry(name: str, net: Network) -> bool:
    """Whether a name is that of a single weight: of one unit, w1, w2, …, or the slope of a line."""
    if len(net.layers) != 1 or net.n_outputs != 1:
        return False
    match = re.fullmatch(r"w_?(\d+)", name)
    is_slope = net.n_features == 1 and re.fullmatch(r"(m|slope)(_\w+)?", name) is not None
    return is_slope or (match is not None and 1 <= int(match[1]) <= net.n_features)


def _in_context(function: Any, roles: dict[str, str]) -> dict[str, str]:
    """What a name means beside others: ``inputs, outputs`` to learn from, ``y`` beside ``label``, ``data`` alone."""
    called = "" if inspect.isclass(function) else getattr(function, "__name__", "")
    roles = _in_function(called, roles)
    names_of_T = [name for name, role in roles.items() if role == "T"]
    if names_of_T:
        roles |= {name: "X" for name, role in roles.items() if role == "X and T" and "X" not in roles.values()}
    if len(names_of_T) > 1:
        roles |= {name: "Y" for name in names_of_T if plain(name) == "y"}
    elif not names_of_T and "X" in roles.values():
        told = [
            name for name, role in roles.items() if role == "Y" and plain(name) in ("output", "outputs", "out", "o")
        ]
        if told and not re.match(r"(?i)_*(back|bprop)", called):
            roles |= {told[0]: "T"}
        elif _trains(called):
            roles |= {name: "X and T" for name, role in roles.items() if role == "X" and OF_PAIRS.search(plain(name))}
    return roles


def _in_function(called: str, roles: dict[str, str]) -> dict[str, str]:
    """What a name means in a function that goes forward, trains, steps, or returns a loss or a gradient."""
    if {"M", "K"} <= roles.keys() and not {"N", "D"} & roles.keys():  # as in Bishop's book
        roles |= {"M": "hidden width", "K": "last width"}
    if is_gradient(called) and "l2" not in roles.values():
        roles |= {name: "l2" for name, role in roles.items() if role == "rate" and plain(name) == "alpha"}
    if is_backward(called) and "T" not in roles.values():
        came = [name for name, role in roles.items() if not role and OF_ERROR.fullmatch(name)]
        roles |= dict.fromkeys(came if len(came) == 1 else [], "error")
    if "momentum" in roles.values() and "X" in roles.values() and not {*OF_PARAMETERS} & {*roles.values()}:
        first = next(name for name, role in roles.items() if role == "momentum")
        roles |= {first: "theta"} if plain(first) == "beta" else {}
    if is_forward(called) and "X" not in roles.values():
        roles |= {name: "X" for name in list(roles)[:1] if plain(name) in ("a", "activation", "vector", "row", "v")}
    if _trains(called) or is_update(called):
        roles |= {name: "row" for name, role in roles.items() if not role and plain(name) == "row"}
    if _trains(called):
        roles |= {name: "once" for name, role in roles.items() if role == "count" and plain(name) == "n"}
    return roles


def _trains(called: str) -> bool:
    return re.match(r"(?i)_*(train|fit|learn|sgd)", called) is not None


OF_ERROR = re.compile(r"(?i)(d|g|grad|gradient|delta|err|error)_?[a-z]{0,4}")
OF_PAIRS = re.compile(r"data|patterns|samples|examples|observations|instances")


def is_gradient(name: str) -> bool:
    """Whether a function's name says that it returns a loss or a gradient, and takes no step: alpha is λ there."""
    takes_steps = re.search(r"(?i)(desc|step|update|train|fit|optimi)", name) is not None
    return re.search(r"(?i)(grad|cost|loss|objective)", name) is not None and not takes_steps


NO_DATA = re.compile(
    r"(?i)^([dwbvms](_|\d|$)|d[wbzay]|delta|grad|err|loss|cost|theta|weight|bias|param|net|layer|prev|cache|opt|act|fw|"
    r"mem|old|last|lr|rate|n_|num|size|seed|activat|deriv|prime|func)"
)


def _guessed(function: Any, roles: dict[str, str]) -> dict[str, str]:
    """What is left of a training, forward or backward pass, in whatever language: inputs, then targets."""
    name = getattr(function, "__name__", "")
    free = [one for one, role in roles.items() if not role and not NO_DATA.match(one)]
    lacking = [role for role in ("X", "T") if role not in roles.values()]
    if len(free) != sum(not role for role in roles.values()) or "X and T" in roles.values():
        return roles
    if is_forward(name):
        lacking = [role for role in lacking if role == "X"]
    elif is_backward(name) and len(free) == 1 and "T" in lacking:
        lacking = ["T"]
    return roles | dict(zip(free, lacking, strict=True)) if 0 < len(free) == len(lacking) else roles


def _of_role(name: str, role: str, net: Network, *, by_name: bool) -> Parameter:
    if role == "value":
        symbol = _value_of(name, net)
        return Parameter(name, role, lambda given: given.values[symbol], by_name)
    if role == "column":
        number = int(re.sub(r"\D", "", name)) - 1
        return Parameter(name, "X", lambda given: given.point.X[:, number].copy(), by_name, f"X[:, {number}]")
    if role == "entry":
        row = int(re.sub(r"\D", "", name) or 1) - 1
        return Parameter(name, "block", lambda given: float(given.blocks["W1"].ravel()[row]), by_name, f"W1[{row}, 0]")
    return Parameter(name, role, GIVES[role], by_name, _written(role, net))


def _written(role: str, net: Network) -> str:
    """What stands for a role in a wrapper."""
    lists = {"weights": "W", "biases": "b"}
    if role in lists:
        return f"[{', '.join(block for block in net.shapes if block[0] == lists[role])}]"
    widths = [net.n_features, *(layer.n_outputs for layer in net.layers)]
    known = {
        "X": "X",
        "T": "T",
        "X and T": "np.hstack([X, T])",
        "l2": "0.0",
        "rate": "0.1",
        "momentum": "0.0",
        "kept": "1.0",
        "dropped": "0.0",
    }
    known |= {
        "once": "1",
        "count": "len(X)",
        "quiet": "False",
        "wanted": "True",
        "widths": str(widths),
        "first width": str(widths[0]),
    }
    known |= {
        "parameters": "{" + ", ".join(f"'{block}': {block}" for block in net.shapes) + "}",
        "theta": "np.concatenate([" + ", ".join(f"{block}.ravel()" for block in net.shapes) + "])",
    }
    known |= {"hidden width": str(widths[1]), "last width": str(widths[-1])}
    return known.get(role, "...")


def _value_of(name: str, net: Network) -> str:
    """Z1, A1 or the like where a name is one of the forward pass; "" where it is none."""
    match = re.fullmatch(r"([zah])_?(\d+)", plain(name))
    if match and 1 <= int(match[2]) <= len(net.layers):
        return f"{'Z' if match[1] == 'z' else 'A'}{match[2]}"
    return f"A{len(net.layers)}" if plain(name) == "a" else ""


OF_MEMORY = re.compile(r"(v|m|s|vel|prev|last|old|momentum|velocity)_?(w|b|weights?|bias(es)?)(_?(old|prev|last))?$")
OF_BIASES = re.compile(r"b(_|$)|bias")
NOT_WEIGHTS = frozenset("XYTAZNMKHD")


def blocks_in_order(names: Sequence[str], net: Network) -> dict[str, str]:
    """Which of these names are which block: by their numbers, else in order where there is one for each.

    >>> from chainrule import Dense, Network
    >>> net = Network([Dense(2), Dense(1)], n_features=3)
    >>> blocks_in_order(["W_hidden", "W_out", "X"], net), blocks_in_order(["b2", "W2"], net)
    ({'W_hidden': 'W1', 'W_out': 'W2'}, {'W2': 'W2', 'b2': 'b2'})
    """
    return dict(_blocks_in_order(tuple(names), net))


@lru_cache(maxsize=1024)
def _blocks_in_order(names: tuple[str, ...], net: Network) -> dict[str, str]:
    free = [name for name in names if not _is_exact(name, net)]
    weights = [name for name in free if _is_weights(name)]
    biases = [name for name in free if name.lower().startswith("b") or "bias" in name.lower()]
    weights = [name for name in weights if name not in biases]
    if len(biases) + ("c" in free) == sum(layer.bias for layer in net.layers) > len(biases):
        biases.append("c")
    have = {letter: [block for block in net.shapes if block[0] == letter] for letter in "Wb"}
    found: dict[str, str] = {}
    for every, letter in ((weights, "W"), (biases, "b")):
        numbered = [name for name in every if re.search(r"\d", name)]
        some = numbered if len(numbered) == len(have[letter]) else every
        numbers = [int(digits[-1]) if (digits := re.findall(r"\d+", name)) else None for name in some]
        known = [number for number in numbers if number is not None]
        if len(net.layers) == 1 and len(some) == net.n_features > 1:
            continue  # the entries of one unit's weights
        if len(known) == len(some) and len(some) == len(have[letter]) and known:
            if sorted(known) == list(range(min(known), min(known) + len(known))) and min(known) < 2:
                found |= {name: f"{letter}{number + 1 - min(known)}" for name, number in zip(some, known, strict=True)}
        elif len(known) == len(some):
            blocks = {name: f"{letter}{number}" for name, number in zip(some, known, strict=True)}
            found |= {name: block for name, block in blocks.items() if block in net.shapes}
        elif len(some) == len(have[letter]):
            found |= dict(zip(some, have[letter], strict=True))
    return found


def _is_exact(name: str, net: Network) -> bool:
    """Whether a name is that of a list, an array of all parameters, or anything else that is known as it stands."""
    if len(net.layers) == 1 and plain(name) in ("w", "b", "weight", "bias"):
        return False
    return any(plain(name) in names for names in ROLES.values()) or bool(_value_of(name, net))


def _is_weights(name: str) -> bool:
    lower = name.lower()
    if re.match(r"(w|theta|u|v)(_|\d|h|o|i|x|$)", lower) or re.fullmatch(r"w_?[a-z]", lower):
        return True
    if "weight" in lower or lower.startswith(("syn", "gewicht", "peso", "poids")):
        return True
    return len(name) == 1 and name.isupper() and name not in NOT_WEIGHTS


def _block(name: str, block: str, *, by_name: bool, stacked: bool) -> Parameter:
    if stacked and block[0] == "W":
        number = int(block[1:]) - 1
        return Parameter(
            name, "stack", lambda given: given.stacks[number], by_name, f"np.vstack([{block}, b{block[1:]}])"
        )
    return Parameter(name, "block", lambda given: given.blocks[block], by_name, block)


def is_stacked(names: Sequence[str], net: Network) -> bool:
    """Whether code has a parameter for each layer's weights and none for biases, which the network has."""
    found = set(blocks_in_order(names, net).values())
    weights = {block for block in net.shapes if block[0] == "W"}
    return weights <= found and len(net.shapes) > len(weights) and not any(block[0] == "b" for block in found)


def given_to(parameters: Sequence[Parameter], given: CallInputs) -> tuple[list[Any], dict[str, Any]]:
    """The arguments of a call: those without default by place, the others by name."""
    found = [(one, one.give(given)) for one in parameters if one.give is not None]
    by_name = {one.name: value for one, value in found if one.by_name}
    return [value for one, value in found if not one.by_name], by_name


def unknown(parameters: Sequence[Parameter]) -> list[str]:
    """The names of which nothing is known."""
    return [one.name for one in parameters if one.give is None]
