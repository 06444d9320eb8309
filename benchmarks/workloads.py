"""Workloads: the networks and data that every contender trains, and what chainrule has set itself to reach on each."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from benchmarks.targets import ALL_CORES, ONE_CORE, AtMostLimit, FasterThan, ShareOfGemm, Target
from chainrule import Dense, Network

if TYPE_CHECKING:
    import numpy.typing as npt

Layers: TypeAlias = "list[tuple[npt.NDArray[Any], npt.NDArray[Any] | None]]"  # W and b of each layer

TEXTBOOK, COMPILED = "chainrule textbook", "chainrule compiled"
TEXT, SCIKIT_LEARN, EAGER, TORCH_COMPILED, JAX = "text", "scikit-learn", "PyTorch eager", "PyTorch compiled", "JAX"
PEERS = (SCIKIT_LEARN, EAGER, TORCH_COMPILED, JAX)
OURS = (TEXTBOOK, COMPILED)
FIT_OURS, FIT_THEIRS = "chainrule MLPClassifier.fit", "scikit-learn MLPClassifier.fit"


@dataclass(frozen=True)
class Workload:
    """A network, its data and how it is trained; plain values, so that it travels to a worker as JSON."""

    name: str
    title: str
    data: str
    n_rows: int
    sizes: tuple[int, ...]
    hidden: str
    dtype: str
    optimizer: str
    learning_rate: float
    batch_size: int | None = None
    bias: bool = True
    weight_init: str = "glorot"
    check_epochs: int = 1
    whole_fit: bool = False
    contenders: tuple[str, ...] = (*PEERS, *OURS)
    targets: tuple[Target, ...] = ()

    @property
    def ours(self) -> str:
        """The contender that the others are held against."""
        return FIT_OURS if self.whole_fit else COMPILED

    @property
    def output(self) -> str:
        """The last activation: one output is a sigmoid, several are a softmax."""
        return "softmax" if self.sizes[-1] > 1 else "sigmoid"

    @property
    def n_updates(self) -> int:
        """Updates an epoch."""
        return 1 if self.batch_size is None else -(-self.n_rows // self.batch_size)

    @property
    def tolerance(self) -> float:
        """How far, relatively, a contender's loss may be from the textbook's."""
        return 1e-6 if self.dtype == "float64" else 1e-3

    def for_scikit_learn(self) -> Workload:
        """The nearest that scikit-learn can do: it always has biases, and two classes are one logistic output."""
        return replace(self, bias=True, sizes=(*self.sizes[:-1], 1 if self.sizes[-1] == 2 else self.sizes[-1]))

    def network(self) -> Network:
        """The same as a chainrule network."""
        activations = [self.hidden] * (len(self.sizes) - 2) + [self.output]
        layers = [
            Dense(size, activation, bias=self.bias, weight_init=self.weight_init)
            for size, activation in zip(self.sizes[1:], activations, strict=True)
        ]
        loss = "cross_entropy" if self.output == "softmax" else "log_loss"
        return Network(layers, n_features=self.sizes[0], loss=loss)

    def start(self, seed: int = 0) -> Layers:
        """Where every contender begins: W and b of each layer, C-contiguous copies."""
        net = self.network()
        theta = net.initial_theta(seed, dtype=np.dtype(self.dtype))
        return [(W.copy(), None if b is None else b.copy()) for W, b in net.views(theta)]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; targets stay at home."""
        values = asdict(self)
        del values["targets"]
        return values

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Workload:
        """Rebuild from JSON, where a tuple became a list."""
        changed: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in values.items()
        }
        return cls(**changed)


def _xor(name: str, title: str, data: str, n_rows: int) -> Workload:
    targets = (
        FasterThan(TEXT, 8),
        FasterThan(SCIKIT_LEARN, 15),
        FasterThan(EAGER, 30),
        FasterThan(JAX, 2.5),
        AtMostLimit(2.3),
    )
    return Workload(
        name, title, data, n_rows, (2, 10, 10, 1), "sigmoid", "float64", "sgd", 0.3,
        bias=False, weight_init="normal(1)", check_epochs=2000, contenders=(TEXT, *PEERS, *OURS), targets=targets,
    )  # fmt: skip


def _digits(dtype: str, ratio: float) -> Workload:
    ahead = (FasterThan(SCIKIT_LEARN, ratio), FasterThan(EAGER, ratio))
    return Workload(
        f"digits-{dtype}", f"digits: 1437 × 64-100-10 relu, Adam, batch 200, {dtype}", "digits", 1437, (64, 100, 10),
        "relu", dtype, "adam", 0.001, batch_size=200, check_epochs=3, targets=(*ahead, FasterThan(JAX, 1)),
    )  # fmt: skip


def _digits_fit(dtype: str, ratio: float) -> Workload:
    return replace(
        _digits(dtype, ratio),
        name=f"digits-fit-{dtype}",
        title=f"digits: the whole of MLPClassifier.fit, {dtype}",
        whole_fit=True,
        contenders=(FIT_THEIRS, FIT_OURS),
        targets=(FasterThan(FIT_THEIRS, ratio),),
    )


def _large() -> tuple[Workload, Workload]:
    """The textbook is their reference, but its look at all rows at once takes many seconds a run: it is not timed."""
    both = (ONE_CORE, ALL_CORES)
    images = Workload(
        "images", "60 000 × 784-256-10 relu, Adam, batch 256, float32", "normal", 60_000, (784, 256, 10), "relu",
        "float32", "adam", 0.001, batch_size=256, contenders=(*PEERS, COMPILED),
        targets=(
            ShareOfGemm(0.85, both), FasterThan(EAGER, 1.2, both), FasterThan(TORCH_COMPILED, 1.2, both),
            FasterThan(SCIKIT_LEARN, 1.2, both), FasterThan(JAX, 1.15, both),
        ),
    )  # fmt: skip
    table = Workload(
        "table", "200 000 × 54-256-256-7 relu, Adam, batch 1024, float32", "normal", 200_000, (54, 256, 256, 7), "relu",
        "float32", "adam", 0.001, batch_size=1024, contenders=(*PEERS, COMPILED),
        targets=tuple(FasterThan(peer, 1) for peer in PEERS),
    )  # fmt: skip
    return images, table


WORKLOADS: dict[str, Workload] = {
    workload.name: workload
    for workload in (
        _xor("xor-21", "S4: 21 × 2-10-10-1 sigmoid, no bias, full batch, float64", "xor_easy", 21),
        _xor("xor-100", "S4: 100 × 2-10-10-1 sigmoid, no bias, full batch, float64", "linear", 100),
        Workload(
            "moons", "S3: 3500 × 2-100-100-2 sigmoid, full batch, float64", "moons", 3500, (2, 100, 100, 2), "sigmoid",
            "float64", "sgd", 0.1, weight_init="normal(1)", check_epochs=20, contenders=(TEXT, *PEERS, *OURS),
            targets=(
                FasterThan(TEXT, 2.5), FasterThan(SCIKIT_LEARN, 1.7), FasterThan(JAX, 1.6),
                FasterThan(JAX, 1.2, (ALL_CORES,)), AtMostLimit(1.2),
            ),
        ),
        _digits("float32", 3.3),
        _digits("float64", 2.5),
        _digits_fit("float32", 3.3),
        _digits_fit("float64", 2.5),
        *_large(),
    )
}  # fmt: skip
"""Every training workload of the suite, by name."""
