"""PyTorch as its users write it: nn.Sequential and torch.optim, and torch.compile over the whole of a step."""

from __future__ import annotations

import os
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from benchmarks.data import epoch_orders, load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    from benchmarks.workloads import Layers, Workload

ACTIVATIONS = {"sigmoid": nn.Sigmoid, "relu": nn.ReLU}
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8
torch.set_num_threads(int(os.environ.get("BENCHMARK_CORES", "1")))


def sequential(workload: Workload) -> nn.Sequential:
    """Return the network at its start, with its scores as outputs: PyTorch's losses take them."""
    modules: list[nn.Module] = []
    for (n_in, n_out), (W, b) in zip(pairwise(workload.sizes), workload.start(), strict=True):
        linear = nn.Linear(n_in, n_out, bias=workload.bias, dtype=getattr(torch, workload.dtype))
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(W.T))
            if b is not None:
                linear.bias.copy_(torch.from_numpy(b))
        modules += [linear, ACTIVATIONS[workload.hidden]()]
    return nn.Sequential(*modules[:-1])


def layers_of(parameters: dict[str, torch.Tensor]) -> Layers:
    """Return W and b of each layer from PyTorch's named parameters, in order."""
    numbers = {name: value.detach().numpy() for name, value in parameters.items()}
    weights = [name for name in numbers if name.endswith("weight")]
    return [(numbers[name].T, numbers.get(name.replace("weight", "bias"))) for name in weights]


class Torch:
    """What both ways share: data as tensors, the loss, and the batches."""

    libraries = ("torch",)
    compiles_each_length = False

    def prepare(self, workload: Workload) -> None:
        """Load the data as tensors."""
        self.workload, samples = workload, load(workload)
        self.X = torch.from_numpy(samples.X)
        classes = workload.output == "softmax"
        self.T = torch.from_numpy(samples.labels if classes else samples.T)
        self.loss: nn.Module = nn.CrossEntropyLoss() if classes else nn.BCEWithLogitsLoss()

    @staticmethod
    def product(A: npt.NDArray[Any], B: npt.NDArray[Any]) -> Callable[[], object]:
        """Return what computes A B."""
        left, right = torch.from_numpy(A), torch.from_numpy(B)
        out = torch.empty_like(left)
        return lambda: torch.mm(left, right, out=out)

    def batches(self, epochs: int) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """Deal the rows by index, or all of them as they are."""
        size = self.workload.batch_size
        if size is None:
            for _ in range(epochs):
                yield self.X, self.T
            return
        for order in epoch_orders(len(self.X), epochs):
            for rows in torch.from_numpy(order).split(size):
                yield self.X[rows], self.T[rows]


class Eager(Torch):
    """The loop of PyTorch's tutorials, with the fused optimizers, which are its fastest."""

    def train(self, epochs: int) -> Layers:
        """Train from the start."""
        model = sequential(self.workload)
        optimizers = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}
        optimizer = optimizers[self.workload.optimizer](model.parameters(), lr=self.workload.learning_rate, fused=True)
        for X, T in self.batches(epochs):
            optimizer.zero_grad(set_to_none=True)
            self.loss(model(X), T).backward()
            optimizer.step()
        return layers_of(dict(model.named_parameters()))

    check = train

    def predictor(self, workload: Workload) -> Callable[[npt.NDArray[Any]], npt.NDArray[Any]]:
        """Softmax of the scores, in inference mode, from and to NumPy arrays."""
        model = nn.Sequential(*sequential(workload), nn.Softmax(dim=1)).eval()

        def predict(X: npt.NDArray[Any]) -> npt.NDArray[Any]:
            with torch.inference_mode():
                return model(torch.from_numpy(X)).numpy()

        return predict


class Compiled(Torch):
    """One compiled function a step: forward, loss, gradients and update in a single graph that writes in place."""

    def prepare(self, workload: Workload) -> None:
        """Load the data and compile lazily: each shape of a batch is compiled when it first comes."""
        super().prepare(workload)
        torch._dynamo.reset()
        torch._dynamo.config.ignore_logging_functions.add(torch.autograd.profiler.record_function)
        self.model = sequential(workload)
        update = {"sgd": self._descend, "adam": self._adam}[workload.optimizer]

        def step(theta: dict[str, Any], state: dict[str, Any], X: torch.Tensor, T: torch.Tensor) -> torch.Tensor:
            gradients, loss = torch.func.grad_and_value(self._loss_at)(theta, X, T)
            update(theta, state, gradients)
            return loss

        self.step = torch.compile(step, fullgraph=True, dynamic=False)

    def _loss_at(self, theta: dict[str, Any], X: torch.Tensor, T: torch.Tensor) -> torch.Tensor:
        return self.loss(torch.func.functional_call(self.model, theta, (X,)), T)

    def _descend(self, theta: dict[str, Any], _: dict[str, Any], gradients: dict[str, Any]) -> None:
        for name, value in theta.items():
            value.sub_(self.workload.learning_rate * gradients[name])

    def _adam(self, theta: dict[str, Any], state: dict[str, Any], gradients: dict[str, Any]) -> None:
        t = state["t"].add_(1)
        rate = self.workload.learning_rate * torch.sqrt(1 - BETA2**t) / (1 - BETA1**t)
        for name, value in theta.items():
            g, m, v = gradients[name], state["m"][name], state["v"][name]
            m.lerp_(g, 1 - BETA1)
            v.mul_(BETA2).addcmul_(g, g, value=1 - BETA2)
            value.sub_(rate * m / (v.sqrt() + EPSILON))

    def train(self, epochs: int) -> Layers:
        """Train from the start."""
        theta = {name: value.detach() for name, value in sequential(self.workload).named_parameters()}
        state: dict[str, Any] = {"t": torch.zeros((), dtype=self.X.dtype)}
        for moment in "mv":
            state[moment] = {name: torch.zeros_like(value) for name, value in theta.items()}
        with torch.no_grad():
            for X, T in self.batches(epochs):
                self.step(theta, state, X, T)
        return layers_of(theta)

    check = train
