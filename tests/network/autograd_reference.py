"""The network once more, in plain formulas of its own, for autograd to differentiate: an independent opinion."""

from __future__ import annotations

import autograd.numpy as np
from autograd import grad
from autograd.scipy.stats import norm

ACTIVATIONS = {
    "identity": lambda Z: Z,
    "sigmoid": lambda Z: 1 / (1 + np.exp(-Z)),
    "tanh": lambda Z: (np.exp(Z) - np.exp(-Z)) / (np.exp(Z) + np.exp(-Z)),
    "relu": lambda Z: np.where(Z > 0, Z, 0),
    "leaky_relu": lambda Z: np.where(Z > 0, Z, Z / 100),
    "softplus": lambda Z: np.log(1 + np.exp(Z)),
    "softmax": lambda Z: np.exp(Z) / np.sum(np.exp(Z), axis=1, keepdims=True),
    "exp": np.exp,
    "elu": lambda Z: np.where(Z > 0, Z, np.exp(Z) - 1),
    "selu": lambda Z: 1.0507009873554805 * np.where(Z > 0, Z, 1.6732632423543772 * (np.exp(Z) - 1)),
    "gelu": lambda Z: Z * norm.cdf(Z),
    "silu": lambda Z: Z / (1 + np.exp(-Z)),
    "mish": lambda Z: Z * np.tanh(np.log(1 + np.exp(Z))),
    "own sine": np.sin,
}
LOSSES = {  # of one output; a sample's loss is their sum
    "half_squared_error": lambda Y, T: (Y - T) ** 2 / 2,
    "log_loss": lambda Y, T: -(T * np.log(Y) + (1 - T) * np.log(1 - Y)),
    "cross_entropy": lambda Y, T: -T * np.log(Y),
    "perceptron": lambda Y, T: np.where(Y * T < 0, -Y * T, 0),
    "hinge": lambda Y, T: np.where(Y * T < 1, 1 - Y * T, 0),
    "squared_hinge": lambda Y, T: np.where(Y * T < 1, 1 - Y * T, 0) ** 2,
    "poisson": lambda Y, T: Y - T * np.log(Y) + _t_log_t(T) - T,
    "absolute_error": lambda Y, T: np.where(Y > T, Y - T, T - Y),
    "huber": lambda Y, T: np.where(np.abs(Y - T) < 1, (Y - T) ** 2 / 2, np.abs(Y - T) - 0.5),
    "log_cosh": lambda Y, T: np.log((np.exp(Y - T) + np.exp(T - Y)) / 2),
    "quantile": lambda Y, T: np.abs(Y - T) / 2,
    "own log cosh": lambda Y, T: np.log(np.cosh(Y - T)),
}
PENALTIES = {"l1": np.abs, "l2": np.square}  # of one weight


def _t_log_t(T):
    """Return T log T, 0 where T is 0; T is no variable."""
    return T * np.log(np.where(T > 0, T, 1))


def cut(net, theta):
    """Return [(W, b), …], b zeros where there is none."""
    blocks, start, n_in = [], 0, net.n_features
    for layer in net.layers:
        rows = n_in + layer.bias
        block = np.reshape(theta[start : start + rows * layer.n_outputs], (rows, layer.n_outputs))
        blocks.append((block[:n_in], block[n_in] if layer.bias else np.zeros(layer.n_outputs)))
        start, n_in = start + rows * layer.n_outputs, layer.n_outputs
    return blocks


def no_nudges(net, n_samples):
    """Return zeros to add to every Z, and to every A from X to Y."""
    widths = [layer.n_outputs for layer in net.layers]
    return [np.zeros((n_samples, n)) for n in widths], [np.zeros((n_samples, n)) for n in [net.n_features, *widths]]


def outputs(net, theta, X, nudges):
    """Return Y, with something added to every Z and A on the way."""
    to_Z, to_A = nudges
    A = X + to_A[0]
    for l, (W, b) in enumerate(cut(net, theta)):  # noqa: E741  # l is the layer in every text
        A = ACTIVATIONS[net.layers[l].activation.name](np.dot(A, W) + b + to_Z[l]) + to_A[l + 1]
    return A


def mean_loss(net, theta, X, T, sample_weight=None, nudges=None):
    """Return the weighted mean over the samples of the sum over the outputs."""
    weight = np.ones(len(X)) if sample_weight is None else np.array(sample_weight)
    Y = outputs(net, theta, X, nudges or no_nudges(net, len(X)))
    return np.sum(weight * np.sum(LOSSES[net.loss.name](Y, T), axis=1)) / np.sum(weight)


def objective(net, theta, X, T, sample_weight=None, **strengths):
    """Return the mean loss plus the penalties of all weights."""
    penalties = [
        strength * np.sum(PENALTIES[name](W)) for name, strength in strengths.items() for W, _ in cut(net, theta)
    ]
    return mean_loss(net, theta, X, T, sample_weight) + sum(penalties)


def gradient(net, theta, X, T, sample_weight=None, **strengths):
    """Return the flat gradient of the objective, as autograd finds it."""
    return grad(lambda t: objective(net, t, X, T, sample_weight, **strengths))(theta)


def inner_gradients(net, theta, X, T, sample_weight=None):
    """Return (dZ, dA): what the mean loss makes of a nudge to every Z and A, as autograd finds it."""
    return grad(lambda nudges: mean_loss(net, theta, X, T, sample_weight, nudges))(no_nudges(net, len(X)))
