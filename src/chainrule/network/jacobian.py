"""The Jacobian of the outputs: every output of every sample, differentiated by every parameter, by back-propagation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from chainrule.network.parameters import split

if TYPE_CHECKING:
    from chainrule.maths.arrays import Array
    from chainrule.network.architecture import Architecture
    from chainrule.network.backprop import Trace
    from chainrule.network.parameters import Weights


def output_jacobian(net: Architecture, weights: Weights, trace: Trace) -> Array:
    """∂Y[n, k]/∂θ in row n K + k, shape (n_samples · n_outputs, n_parameters).

    The backward loop once more, with each sample taken K times, once for each of its outputs, and its rows kept apart
    instead of summed.

    Examples
    --------
    >>> from chainrule.network.layers import Dense
    >>> from chainrule.network.network import Network
    >>> net = Network([Dense(1)], n_features=2)
    >>> theta = np.zeros(3)
    >>> output_jacobian(net, net.views(theta), net.forward(theta, [[5.0, 7.0], [1.0, 2.0]]))
    array([[5., 7., 1.],
           [1., 2., 1.]])
    """
    n_samples, K = trace.Y.shape
    jacobian = np.empty((n_samples * K, net.n_parameters), dtype=trace.Y.dtype)
    columns = split(np.arange(net.n_parameters), net.layers, net.n_features)  # where each W and b is in theta
    dA = np.tile(np.eye(K, dtype=trace.Y.dtype), (n_samples, 1))  # (N K, K): each output by itself
    for l in range(len(net.layers) - 1, -1, -1):  # noqa: E741  # l is the layer in every text
        Z, A, before = (np.repeat(array, K, axis=0) for array in (trace.Z[l], trace.A[l + 1], trace.A[l]))
        dZ = net.layers[l].activation.backward(dA, Z, A)  # (N K, n_out)
        dW = before[:, :, np.newaxis] * dZ[:, np.newaxis, :]  # (N K, n_in, n_out), a matrix a row
        (W, b), (in_W, in_b) = weights[l], columns[l]
        jacobian[:, in_W.ravel()] = dW.reshape(n_samples * K, W.size)
        if b is not None and in_b is not None:
            jacobian[:, in_b] = dZ
        dA = dZ @ W.T  # (N K, n_out) (n_out, n_in) = (N K, n_in)
    return jacobian
