"""Contenders: each trains a workload from the same start, over the same batches, in its library's own best way."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Protocol

from benchmarks.workloads import (
    COMPILED,
    EAGER,
    FIT_OURS,
    FIT_THEIRS,
    JAX,
    SCIKIT_LEARN,
    TEXT,
    TEXTBOOK,
    TORCH_COMPILED,
    Layers,
    Workload,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import numpy.typing as npt

ONNXRUNTIME = "onnxruntime"
REFERENCE = "textbook reference"  # the textbook in a worker of its own: what the others are checked against
FIT_TEXTBOOK = "chainrule textbook fit"  # what both fits are checked against
TORCH_ADAM = "chainrule textbook, PyTorch's Adam"  # what PyTorch's own Adam is checked against
PREDICT_PROBA = "chainrule MLPClassifier"

HOMES = {  # where each contender lives; its library loads in its own worker alone
    TEXT: ("text", "Text"),
    SCIKIT_LEARN: ("scikit_learn", "ScikitLearn"),
    EAGER: ("pytorch", "Eager"),
    TORCH_COMPILED: ("pytorch", "Compiled"),
    JAX: ("jax_scan", "JaxScan"),
    TEXTBOOK: ("ours", "Textbook"),
    COMPILED: ("ours", "Compiled"),
    FIT_OURS: ("fits", "OurFit"),
    FIT_THEIRS: ("fits", "TheirFit"),
    REFERENCE: ("ours", "Textbook"),
    TORCH_ADAM: ("ours", "TextbookTorchAdam"),
    FIT_TEXTBOOK: ("fits", "TextbookFit"),
    PREDICT_PROBA: ("ours", "Estimator"),
    ONNXRUNTIME: ("onnx_copy", "OnnxCopy"),
}
ADAPTED = (SCIKIT_LEARN, FIT_THEIRS)  # these train the workload's nearest, with biases and one logistic output


def reference_of(name: str, workload: Workload) -> tuple[str, Workload]:
    """Return the textbook that a contender must equal, and the workload in the form that both can train."""
    if workload.whole_fit:
        return FIT_TEXTBOOK, workload
    if name == EAGER and workload.optimizer == "adam":
        return TORCH_ADAM, workload
    return REFERENCE, workload.for_scikit_learn() if name in ADAPTED else workload


class Contender(Protocol):
    """What a worker asks of a contender."""

    libraries: tuple[str, ...]
    compiles_each_length: bool  # whether a run of so many epochs is another program than one of more

    def prepare(self, workload: Workload) -> None:
        """Get data and network ready, outside the clock."""

    def train(self, epochs: int) -> Layers:
        """Train from the workload's start and return the parameters: this is timed."""

    def check(self, epochs: int) -> Layers:
        """Train likewise, in the very batch order of the textbook, where ``train`` has one of its own."""


class Predictor(Protocol):
    """A contender that predicts."""

    libraries: tuple[str, ...]

    def predictor(self, workload: Workload) -> Callable[[npt.NDArray[np.floating]], npt.NDArray[np.floating]]:
        """Return a function from rows to probabilities, at the workload's start."""


def make(name: str) -> Contender | Predictor:
    """Make the contender of that name, importing its library."""
    module, cls = HOMES[name]
    return getattr(importlib.import_module(f"benchmarks.contenders.{module}"), cls)()
