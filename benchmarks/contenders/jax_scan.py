"""JAX: one jitted call scans all epochs, and in each the batches; parameters are donated, XLA fuses the rest."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.data import epoch_orders, load

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from benchmarks.workloads import Layers, Workload

jax.config.update("jax_enable_x64", True)
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8
ACTIVATIONS: dict[str, Callable[[Any], Any]] = {"sigmoid": jax.nn.sigmoid, "relu": jax.nn.relu}


def scores(theta: Any, X: Any, hidden: Callable[[Any], Any]) -> Any:
    """Pre-activations of the last layer."""
    *inner, last = theta
    for W, b in inner:
        X = hidden(X @ W if b is None else X @ W + b)
    W, b = last
    return X @ W if b is None else X @ W + b


def loss_at(theta: Any, X: Any, T: Any, hidden: Callable[[Any], Any], output: str) -> Any:
    """Mean cross-entropy, from the scores."""
    Z = scores(theta, X, hidden)
    if output == "softmax":
        return -jnp.mean(jnp.sum(T * jax.nn.log_softmax(Z), axis=1))
    return jnp.mean(jax.nn.softplus(Z) - T * Z)


def descend(theta: Any, state: Any, gradient: Any, rate: float) -> tuple[Any, Any]:
    """θ ← θ − η g."""
    return jax.tree.map(lambda p, g: p - rate * g, theta, gradient), state


def adam(theta: Any, state: Any, gradient: Any, rate: float) -> tuple[Any, Any]:
    """Adam in the order of computation at the end of section 2 of its paper."""
    t, m, v = state
    t = t + 1
    m = jax.tree.map(lambda m, g: BETA1 * m + (1 - BETA1) * g, m, gradient)
    v = jax.tree.map(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, v, gradient)
    rate_t = rate * jnp.sqrt(1 - BETA2**t) / (1 - BETA1**t)
    theta = jax.tree.map(lambda p, m, v: p - rate_t * m / (jnp.sqrt(v) + EPSILON), theta, m, v)
    return theta, (t, m, v)


class JaxScan:
    """Trains in one call."""

    libraries = ("jax", "jaxlib")
    compiles_each_length = True

    def prepare(self, workload: Workload) -> None:
        """Load the data and jit; every number of epochs is compiled when it first comes."""
        self.workload, samples = workload, load(workload)
        self.X, self.T = jnp.asarray(samples.X), jnp.asarray(samples.T)
        if workload.batch_size is None:
            self.run = jax.jit(self._whole, static_argnums=4, donate_argnums=(0, 1))
        else:
            self.run = jax.jit(self._batched, donate_argnums=(0, 1))

    @staticmethod
    def product(A: npt.NDArray[Any], B: npt.NDArray[Any]) -> Callable[[], object]:
        """Return what computes A B."""
        left, right, multiply = jnp.asarray(A), jnp.asarray(B), jax.jit(jnp.matmul)
        return lambda: multiply(left, right).block_until_ready()

    def _step(self, carry: tuple[Any, Any], X: Any, T: Any) -> tuple[tuple[Any, Any], Any]:
        theta, state = carry
        at = partial(loss_at, hidden=ACTIVATIONS[self.workload.hidden], output=self.workload.output)
        loss, gradient = jax.value_and_grad(at)(theta, X, T)
        update = {"sgd": descend, "adam": adam}[self.workload.optimizer]
        return update(theta, state, gradient, self.workload.learning_rate), loss

    def _whole(self, theta: Any, state: Any, X: Any, T: Any, epochs: int) -> tuple[tuple[Any, Any], Any]:
        return jax.lax.scan(lambda carry, _: self._step(carry, X, T), (theta, state), None, length=epochs)

    def _batched(self, theta: Any, state: Any, X: Any, T: Any, orders: Any) -> tuple[tuple[Any, Any], Any]:
        """Scan the epochs; in each, scan the full batches and take the remainder as a step of its own."""
        size = self.workload.batch_size or len(X)
        n_full = orders.shape[1] // size * size

        def step(carry: Any, rows: Any) -> tuple[Any, Any]:
            return self._step(carry, X[rows], T[rows])

        def epoch(carry: Any, order: Any) -> tuple[Any, Any]:
            carry, losses = jax.lax.scan(step, carry, order[:n_full].reshape(-1, size))
            if n_full < len(order):
                carry, _ = step(carry, order[n_full:])
            return carry, losses.mean()

        return jax.lax.scan(epoch, (theta, state), orders)

    def train(self, epochs: int) -> Layers:
        """Train from the start."""
        theta: Any = [(jnp.asarray(W), None if b is None else jnp.asarray(b)) for W, b in self.workload.start()]
        zeros = partial(jax.tree.map, jnp.zeros_like)
        state = (jnp.zeros((), self.X.dtype), zeros(theta), zeros(theta)) if self.workload.optimizer == "adam" else ()
        if self.workload.batch_size is None:
            (theta, _), _ = self.run(theta, state, self.X, self.T, epochs)
        else:
            orders = np.stack([*epoch_orders(len(self.X), epochs)]).astype(np.int32)
            (theta, _), _ = self.run(theta, state, self.X, self.T, orders)
        return [(np.asarray(W), None if b is None else np.asarray(b)) for W, b in jax.block_until_ready(theta)]

    check = train
