"""Nodes: an ONNX graph on its way, in the order in which it is computed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from onnx import NodeProto, TensorProto, helper, numpy_helper

if TYPE_CHECKING:
    import numpy.typing as npt

FIRST_OPSET = 13  # before it, reductions took their axes in another way


class Nodes:
    """Nodes, the constants that they take, and the dtype that they compute in.

    Every node has one output, and both have one name: the place where it was added, and what it does.
    """

    def __init__(self, dtype: npt.DTypeLike, prefix: str = "") -> None:
        self.dtype = np.dtype(dtype)
        self.prefix = prefix
        self.place = ""
        self.nodes: list[NodeProto] = []
        self.constants: dict[str, TensorProto] = {}
        self.widths: dict[str, int] = {}  # columns of tensors of shape (n_samples, width) that a reader wants to see
        self._taken: dict[str, int] = {}

    def add(self, op: str, *inputs: str, named: str | None = None, **attributes: Any) -> str:
        """Add a node, and return the name of what it computes."""
        name = self.prefix + (named or self._free(f"{self.place}/{op}" if self.place else op))
        self.nodes.append(helper.make_node(op, list(inputs), [name], name=name, **attributes))
        return name

    def rename(self, old: str, new: str) -> None:
        """Give a tensor another name, wherever it stands."""
        for node in self.nodes:
            for names in (node.input, node.output):
                names[:] = [new if name == old else name for name in names]

    def constant(self, name: str, values: npt.NDArray[Any]) -> str:
        """Add an array, once under its name, and return the name."""
        name = self.prefix + name
        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(np.asarray(values, order="C"), name)
        return name

    def number(self, value: float) -> str:
        """Add a number in the dtype of the graph."""
        return self.constant(f"number_{value!r}", np.array(value, self.dtype))

    def columns(self) -> str:
        """Add the axis of the columns."""
        return self.constant("columns", np.array([1], np.int64))

    def _free(self, name: str) -> str:
        self._taken[name] = self._taken.get(name, 0) + 1
        return name if self._taken[name] == 1 else f"{name}_{self._taken[name]}"
