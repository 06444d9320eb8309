"""A module whose forward pass returns an expression, and whose backward pass asks for outputs alone."""

from __future__ import annotations

from tests.check.written import sigmoid


def forward_of_one_layer(W, b, X):
    """An expression is returned, and has no name."""
    return sigmoid(X @ W + b)


def backward_of_outputs(X, y_true, y_hat):
    """Asks for outputs and for no parameters."""
    d = (y_hat - y_true) / len(X)
    return X.T @ d, d.sum(axis=0)
