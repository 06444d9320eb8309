"""What came back: loss, outputs and gradient told apart in whatever a student's function returned."""

from __future__ import annotations

from collections import Counter
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.check.returned_values import Raw, as_items

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chainrule.network.network import Network

LOSSES = ("loss", "L", "cost", "J", "data_loss", "total_loss")
OUTPUTS = ("Y", "y_hat", "outputs", "p", "probs", "Y_hat", "y_pred")
GRADIENTS = ("gradients", "grads", "gradient", "grad")


def interpretations(result: Any, net: Network, n_samples: int) -> list[Raw]:
    """Every way to tell loss, outputs and gradient apart; the first is the most usual.

    A number is a loss, and an array (N, K) is outputs, only where the blocks are complete without them; an array of one
    number a sample that stands before the gradients is a loss for each sample.
    """
    if isinstance(result, tuple | list):
        result = [_number_in(item) if isinstance(item, str) else item for item in result]
    texts = [one for one in (result.values() if isinstance(result, dict) else _as_list(result)) if isinstance(one, str)]
    if texts:
        return [Raw(None, None, None, complaint=f"It returns the text {texts[0]!r}, where numbers belong.")]
    if isinstance(result, dict):
        return [_of_dict(result)]
    if not isinstance(result, tuple | list):
        return [Raw(None, None, result)]
    rows = [_is_row(item) for item in result]
    result = [np.array(item) if row else item for item, row in zip(result, rows, strict=True)]
    found = list(_splits(list(result), net, n_samples, is_complete))
    if not found and sum(rows) == 1:  # a list that grows from call to call: its last number is the loss
        last = [item[-1] if row else item for item, row in zip(result, rows, strict=True)]
        found = [one for one in _splits(last, net, n_samples, is_complete) if one.loss is not None]
    found = found or list(_splits(list(result), net, n_samples, _is_complete_with_numbers))
    if not found and len(kept := _without_values(list(result), net, n_samples)) < len(result):
        found = list(_splits(kept, net, n_samples, is_complete))
    return found or [_usual(list(result), net, n_samples)]


def _number_in(text: str) -> float | str:
    """The number that a text is, as a loss is printed; else the text."""
    try:
        return float(text)
    except ValueError:
        return text


def _is_row(item: Any) -> bool:
    """Whether something is a list of numbers."""
    return isinstance(item, list) and bool(item) and all(isinstance(one, int | float | np.number) for one in item)


def _as_list(result: Any) -> list[Any]:
    return list(result) if isinstance(result, tuple | list) else [result]


def _of_dict(result: dict[str, Any]) -> Raw:
    loss = next((result[name] for name in LOSSES if name in result), None)
    Y = next((result[name] for name in OUTPUTS if name in result), None)
    rest = {name: value for name, value in result.items() if name not in (*LOSSES, *OUTPUTS)}
    inner = next((rest[name] for name in GRADIENTS if name in rest), rest)
    return Raw(None if loss is None else as_number(loss), Y, inner)


def _splits(items: list[Any], net: Network, n_samples: int, complete: Callable[[Network, Any], bool]) -> Iterator[Raw]:
    """Take at most one loss and one array of outputs out, as long as what is left are all blocks and nothing else."""
    shapes = [None if item is None or isinstance(item, dict | list | tuple) else np.shape(item) for item in items]
    single = ((), (1,), (1, 1))
    each = ((n_samples,), (n_samples, 1), (1, n_samples))
    losses = [k for k, shape in enumerate(shapes) if shape in single]
    losses += [k for k, shape in enumerate(shapes) if shape in each and k == 0]
    outputs = [k for k, shape in enumerate(shapes) if shape in _outputs_shapes(net, n_samples)]
    for k, j in product([*losses, None], [*outputs, None]):
        if k is not None and k == j:
            continue
        rest = [item for place, item in enumerate(items) if place not in (k, j)]
        if complete(net, rest):
            for loss in _readings_of_loss(None if k is None else items[k]):
                yield Raw(loss, None if j is None else items[j], rest[0] if len(rest) == 1 else rest)


def _without_values(items: list[Any], net: Network, n_samples: int) -> list[Any]:
    """What is left without values of the forward pass: arrays with a row or a column for each sample."""
    if n_samples in (net.n_features, *(layer.n_outputs for layer in net.layers)):
        return items
    shapes = [() if isinstance(item, dict | list | tuple) else np.shape(item) for item in items]
    return [item for item, shape in zip(items, shapes, strict=True) if len(shape) != 2 or n_samples not in shape]


def _readings_of_loss(loss: Any) -> list[float | None]:
    """A number as it is; of one number a sample the sum, which may have been divided by N already, and the mean."""
    if loss is None or np.size(loss) == 1:
        return [None if loss is None else as_number(loss)]
    return [as_number(np.sum(loss)), as_number(np.mean(loss))]


def _outputs_shapes(net: Network, n_samples: int) -> set[tuple[int, ...]]:
    return {(n_samples, net.n_outputs), (net.n_outputs, n_samples), *([(net.n_outputs,)] if n_samples == 1 else [])}


def is_complete(net: Network, gradients: Any) -> bool:
    """Whether arrays are as many as the blocks, each of a size that fits, or one flat array, or matrices [W; b]."""
    sizes = sorted(array.size for _, array in as_items(gradients))
    blocks = sorted(int(np.prod(shape)) for shape in net.shapes.values())
    widths = [net.n_features, *(layer.n_outputs for layer in net.layers[:-1])]
    stacks = sorted((n + layer.bias) * layer.n_outputs for n, layer in zip(widths, net.layers, strict=True))
    return sizes in (blocks, stacks, [sum(blocks)])


def _is_complete_with_numbers(net: Network, gradients: Any) -> bool:
    """Whether arrays are as many as the blocks, some biases being one number for all units."""
    sizes = Counter(array.size for _, array in as_items(gradients))
    missing = Counter(int(np.prod(shape)) for shape in net.shapes.values()) - sizes
    biases = Counter(shape[0] for shape in net.shapes.values() if len(shape) == 1)
    return sizes.total() == len(net.shapes) and missing.total() <= sizes[1] and missing <= biases


def _usual(items: list[Any], net: Network, n_samples: int) -> Raw:
    """The first number is the loss, the first array (N, K) the outputs, where no split is complete.

    As many arrays as there are blocks are all blocks, though not all of a shape that fits.
    """
    if len(as_items(items)) == len(net.shapes):
        return Raw(None, None, items)
    loss: float | None = None
    outputs = None
    rest: list[Any] = []
    shapes = {*net.shapes.values()}
    for item in items:
        shape = None if item is None or isinstance(item, dict | list | tuple) else np.shape(item)
        if loss is None and (shape == () or (shape in ((1,), (1, 1)) and len(items) == 2)):
            loss = as_number(item)
        elif outputs is None and shape in _outputs_shapes(net, n_samples) and shape not in shapes:
            outputs = item
        else:
            rest.append(item)
    return Raw(loss, outputs, rest[0] if len(rest) == 1 else rest)


def as_number(loss: Any) -> float:
    """Return a loss as a number; NaN where it is none."""
    try:
        return float(np.squeeze(loss))
    except (TypeError, ValueError):
        return float("nan")
