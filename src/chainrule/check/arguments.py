"""Arguments: what each parameter of hand-written code is given, known by its name, in the layout of the code."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from chainrule.check.methods import is_backward, is_forward
from chainrule.check.names import ROLES, plain, role_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from chainrule.check.edits.program import Point, Vector
    from chainrule.check.layouts import Layout
    from chainrule.network.backprop import Trace
    from chainrule.network.network import Network


class NamedBlocks(dict[str, Any]):
    """Blocks by name, which are found under other spellings too: w1, weights_1, bias1.

    >>> NamedBlocks(W1=1, b1=2)["w1"], NamedBlocks(W1=1, b1=2)["bias_1"]
    (1, 2)
    """

    def __missing__(self, name: str) -> Any:
        """Return the block that another spelling means."""
        match = re.fullmatch(r"(?i)(?:(w|weights?|theta)|(b|bias(?:es)?))_?(\d+)", str(name))
        if match is None or (known := f"{'W' if match[1] else 'b'}{match[3]}") == name or known not in self:
            raise KeyError(name)
        return self[known]


@dataclass(frozen=True, eq=False)
class Given:
    """What code may be given at a point, in a layout: copies, which may be changed.

    ``forward``: what the code's own forward pass gave, by name, which is preferred to ours. ``of_scores``: whether the
    error handed to a backward pass is that of the scores before the softmax. ``times``: how many steps are taken.
    """

    net: Network
    point: Point
    layout: Layout
    rate: float
    forward: Mapping[str, Any] = field(default_factory=dict)
    of_scores: bool = False
    times: int = 1

    @property
    def X(self) -> Any:
        """The inputs."""
        return self._samples(self.point.X)

    @property
    def T(self) -> Any:
        """The targets: of several classes as labels where the layout has them, of one output as whole numbers."""
        T, targets = self.point.T, self.layout.targets
        if targets in ("labels", "labels from 1"):
            labels = (T.argmax(axis=1) if T.shape[1] > 1 else T.ravel().astype(int)) + (targets == "labels from 1")
            return labels if self.layout.samples in ("all", "row") else int(labels[0])
        return self._as_targets(T)

    def _as_targets(self, array: Vector) -> Any:
        """One number for each sample, without a second axis, where the layout has flat targets of one output."""
        if self.layout.targets == "flat" and array.shape[1] == 1:
            return array.ravel().copy() if self.layout.samples in ("all", "row") else float(array[0, 0])
        return self._samples(array)

    @property
    def stacked_samples(self) -> Any:
        """Inputs and targets side by side, or as a list of pairs, for code that takes both in one argument."""
        if self.layout.pairs:
            return list(zip(self.X, self.T, strict=True))
        if self.layout.targets.startswith("labels"):
            return [[*row, int(label)] for row, label in zip(self.point.X.tolist(), np.ravel(self.T), strict=True)]
        return np.hstack([self.point.X, self.point.T])

    def _samples(self, array: Vector) -> Any:
        if self.layout.samples in ("flat", "list"):
            return array[0].tolist() if self.layout.samples == "list" else array[0].copy()
        if self.layout.stacked:
            return (array[:, :, None] if self.layout.columns else array[:, None, :]).copy()
        return array.T.copy() if self.layout.columns else array.copy()

    @cached_property
    def trace(self) -> Trace:
        """The forward pass."""
        return self.net.forward(self.point.theta, self.point.X)

    @property
    def Y(self) -> Any:
        """The outputs."""
        return self._samples(self.trace.Y)

    @property
    def error(self) -> Any:
        """∂loss/∂Y of the mean, or ∂loss/∂Z where the code's outputs are scores."""
        if self.of_scores:
            return self._as_targets((self.trace.Y - self.point.T) / self.point.N)
        return self._as_targets(self.net.loss.gradient(self.trace.Y, self.point.T) / self.point.N)

    @property
    def blocks(self) -> dict[str, Vector]:
        """The parameters by block."""
        found = {}
        for number, (W, b) in enumerate(self.net.views(self.point.theta), start=1):
            found[f"W{number}"] = W.T.copy() if self.layout.turned else W.copy()
            if b is not None:
                found[f"b{number}"] = b[:, None].copy() if self.layout.tall else b.copy()
        if self.layout.vectors and self.net.n_outputs == 1:
            last = len(self.net.layers)
            found[f"W{last}"] = found[f"W{last}"].ravel()
            if f"b{last}" in found:
                found[f"b{last}"] = float(found[f"b{last}"][0])  # type: ignore[assignment]
        return found

    def by_layer(self, letter: str) -> Any:
        """The weights, or the biases, of every layer in a list; where dicts are given a dict, of one layer it alone."""
        found = [self.blocks.get(f"{letter}{k}") for k in range(1, len(self.net.layers) + 1)]
        if self.layout.parameters == "dict":
            return found[0] if len(found) == 1 else NamedBlocks(self.blocks)
        return found

    @property
    def stacks(self) -> list[Vector]:
        """A matrix for each layer that holds its weights and its biases, in the layout's order."""
        found = []
        for W, b in self.net.views(self.point.theta):
            rows = [] if b is None else [b[None, :]]
            first = self.layout.order.endswith("bias first")
            matrix = np.vstack([*rows, W] if first else [W, *rows])
            found.append(matrix.T.copy() if self.layout.order.startswith("units") else matrix)
        return found

    @property
    def flat(self) -> Vector:
        """All parameters in one array, in the layout's order."""
        if self.layout.order == "ours":
            return self.point.theta.copy()
        if self.layout.order == "weights first":
            views = self.net.views(self.point.theta)
            biases = [b for _, b in views if b is not None]
            return np.concatenate([one.ravel() for one in (*(W for W, _ in views), *biases)])
        return np.concatenate([stack.ravel() for stack in self.stacks])

    @property
    def parameters(self) -> Any:
        """What a parameter called params is given, as the layout says."""
        if self.layout.parameters == "neurons":
            first = self.layout.order.endswith("first")
            pairs = [(W.T, b) for W, b in self.net.views(self.point.theta)]
            bias = [[[]] * len(W) if b is None else b[:, None].tolist() for W, b in pairs]
            return [
                [[*b, *w.tolist()] if first else [*w.tolist(), *b] for w, b in zip(W, bs, strict=True)]
                for (W, _), bs in zip(pairs, bias, strict=True)
            ]
        if self.layout.parameters == "dict of stacks":
            return {f"W{k}": stack for k, stack in enumerate(self.stacks, start=1)}
        if self.layout.parameters == "pairs":
            return list(zip(self.by_layer("W"), self.by_layer("b"), strict=True))
        if self.layout.parameters == "list":
            return list(self.blocks.values())
        return self.flat if self.layout.parameters == "flat" else NamedBlocks(self.blocks)

    @property
    def values(self) -> dict[str, Any]:
        """A dict of a forward pass as people keep it: X, A0, Z1, A1, …, W1, b1, …."""
        found = {"X": self.X, "A0": self.X, "T": self.T, "Y": self.Y}
        for number, (Z, A) in enumerate(zip(self.trace.Z, self.trace.A[1:], strict=True), start=1):
            found |= {f"Z{number}": self._samples(Z), f"A{number}": self._samples(A)}
        return found | self.blocks

    @property
    def caches(self) -> list[Any]:
        """A list of ((A_before, W, b), Z), a pair for each layer."""
        blocks, found = self.blocks, []
        for number in range(1, len(self.net.layers) + 1):
            before = self._samples(self.trace.A[number - 1])
            linear = (before, blocks[f"W{number}"], blocks.get(f"b{number}"))
            found.append((linear, self._samples(self.trace.Z[number - 1])))
        return found

    @property
    def widths(self) -> list[int]:
        """How wide the inputs and the layers are."""
        return [self.net.n_features, *(layer.n_outputs for layer in self.net.layers)]


Give: TypeAlias = "Callable[[Given], Any]"

GIVES: dict[str, Give] = {
    "X": lambda given: given.X,
    "T": lambda given: given.T,
    "X and T": lambda given: given.stacked_samples,
    "Y": lambda given: given.forward.get("outputs", given.Y),
    "l2": lambda given: given.point.l2,
    "rate": lambda given: given.rate,
    "momentum": lambda _: 0.0,
    "kept": lambda _: 1.0,
    "dropped": lambda _: 0.0,
    "weights": lambda given: given.by_layer("W"),
    "biases": lambda given: given.by_layer("b"),
    "theta": lambda given: given.flat,
    "parameters": lambda given: given.parameters,
    "cache": lambda given: given.forward.get("cache", given.values),
    "caches": lambda given: given.forward.get("cache", given.caches),
    "memory of W": lambda given: [np.zeros_like(one) for one in given.by_layer("W")],
    "memory of b": lambda given: [np.zeros_like(one) for one in given.by_layer("b")],
    "once": lambda given: given.times,
    "count": lambda given: given.point.N,
    "quiet": lambda _: False,
    "wanted": lambda _: True,
    "widths": lambda given: given.widths,
    "first width": lambda given: given.widths[0],
    "hidden width": lambda given: given.widths[1] if len(given.widths) > 2 else given.widths[0],
    "last width": lambda given: given.widths[-1],
    "error": lambda given: given.error,
}
OF_PARAMETERS = ("theta", "weights", "biases", "parameters", "block", "stack")


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
    wanted = [one for one in named if one.default is one.empty or role_of(one.name) in mattering]
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
    roles = _in_context(function, {name: "block" if name in blocks else _role(name, net) for name in names})
    beside = {name: one for name in names if (one := function_beside(function, name)) is not None}
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
            found.append(Parameter(one.name, "function", given, by_name, beside[one.name].__name__))
        elif one.name in names and roles[one.name]:
            found.append(_of_role(one.name, roles[one.name], net, by_name=by_name))
        else:
            found.append(Parameter(one.name, by_name=by_name))
    return found


OF_LOSS = re.compile(r"(?i)(loss|cost|error|objective|criterion)")
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


def _constant(value: Any, _: Given) -> Any:
    return value


def _of_forward(name: str) -> Give:
    return lambda given: given.forward[name]


def _role(name: str, net: Network) -> str:
    """A parameter's role by its name alone: a value of the forward pass, a column of inputs, or what it is called."""
    if _value_of(name, net):
        return "value"
    if (match := re.fullmatch(r"x_?(\d+)", plain(name))) and int(match[1]) <= net.n_features:
        return "column"
    if len(net.layers) == net.n_outputs == net.n_features == 1 and re.fullmatch(
        r"(m|slope|gradient)(_\w+)?", plain(name)
    ):
        return "entry"
    match = re.fullmatch(r"w_?(\d+)", plain(name))
    if match and len(net.layers) == net.n_outputs == 1 and 1 <= int(match[1]) <= net.n_features:
        return "entry"
    if OF_MEMORY.match(plain(name)):
        return "memory of b" if re.search(r"b(_|$|\d)|bias", plain(name).split("_", 1)[0] + "_") else "memory of W"
    if plain(name) == "bias" and len(net.layers) > 1:
        return "biases"
    if plain(name) in ("w", "b") and len(net.layers) > 1:
        return {"w": "weights", "b": "biases"}[plain(name)]
    return role_of(name) or ""


def _in_context(function: Any, roles: dict[str, str]) -> dict[str, str]:
    """What a name means beside others: ``inputs, outputs`` to learn from, ``y`` beside ``label``, ``data`` alone."""
    names_of_T = [name for name, role in roles.items() if role == "T"]
    trains = re.match(r"(?i)_*(train|fit|learn|sgd)", getattr(function, "__name__", ""))
    if is_forward(getattr(function, "__name__", "")) and "X" not in roles.values():
        roles |= {name: "X" for name in list(roles)[:1] if plain(name) in ("a", "activation", "vector", "row", "v")}
    if names_of_T:
        roles |= {name: "X" for name, role in roles.items() if role == "X and T" and "X" not in roles.values()}
    if len(names_of_T) > 1:
        roles |= {name: "Y" for name in names_of_T if plain(name) == "y"}
    elif not names_of_T and "X" in roles.values():
        told = [
            name for name, role in roles.items() if role == "Y" and plain(name) in ("output", "outputs", "out", "o")
        ]
        if told and not re.match(r"(?i)_*(back|bprop)", getattr(function, "__name__", "")):
            roles |= {told[0]: "T"}
        elif trains:
            roles |= {name: "X and T" for name, role in roles.items() if role == "X" and "data" in plain(name)}
    if trains:
        roles |= {name: "once" for name, role in roles.items() if role == "count" and plain(name) == "n"}
    return roles


NO_DATA = re.compile(
    r"(?i)^([dwbvms](_|\d|$)|d[wbzay]|delta|grad|err|loss|cost|theta|weight|bias|param|net|layer|prev|cache|opt|act|fw|"
    r"mem|old|last|lr|rate|n_|num|size|seed)"
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
    known |= {"hidden width": str(widths[1]), "last width": str(widths[-1])}
    return known.get(role, "...")


def _value_of(name: str, net: Network) -> str:
    """Z1, A1 or the like where a name is one of the forward pass; "" where it is none."""
    match = re.fullmatch(r"([zah])_?(\d+)", plain(name))
    if match and 1 <= int(match[2]) <= len(net.layers):
        return f"{'Z' if match[1] == 'z' else 'A'}{match[2]}"
    return f"A{len(net.layers)}" if plain(name) == "a" else ""


OF_MEMORY = re.compile(r"(v|m|s|vel|prev|last|old|momentum|velocity)_?(w|b|weights?|bias(es)?)(_?(old|prev|last))?$")
NOT_WEIGHTS = frozenset("XYTAZNMKHD")


def blocks_in_order(names: Sequence[str], net: Network) -> dict[str, str]:
    """Which of these names are which block: by their numbers, else in order where there is one for each.

    >>> from chainrule import Dense, Network
    >>> net = Network([Dense(2), Dense(1)], n_features=3)
    >>> blocks_in_order(["W_hidden", "W_out", "X"], net), blocks_in_order(["b2", "W2"], net)
    ({'W_hidden': 'W1', 'W_out': 'W2'}, {'W2': 'W2', 'b2': 'b2'})
    """
    free = [name for name in names if not _is_exact(name, net)]
    weights = [name for name in free if _is_weights(name)]
    biases = [name for name in free if name.lower().startswith("b") or "bias" in name.lower()]
    weights = [name for name in weights if name not in biases]
    if len(biases) + ("c" in free) == sum(layer.bias for layer in net.layers) > len(biases):
        biases.append("c")
    have = {letter: [block for block in net.shapes if block[0] == letter] for letter in "Wb"}
    found: dict[str, str] = {}
    for some, letter in ((weights, "W"), (biases, "b")):
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
    if re.match(r"(w|theta|u|v)(_|\d|h|o|i|x|$)", lower) or "weight" in lower or lower.startswith("syn"):
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


def given_to(parameters: Sequence[Parameter], given: Given) -> tuple[list[Any], dict[str, Any]]:
    """The arguments of a call: those without default by place, the others by name."""
    found = [(one, one.give(given)) for one in parameters if one.give is not None]
    by_name = {one.name: value for one, value in found if one.by_name}
    return [value for one, value in found if not one.by_name], by_name


def unknown(parameters: Sequence[Parameter]) -> list[str]:
    """The names of which nothing is known."""
    return [one.name for one in parameters if one.give is None]
