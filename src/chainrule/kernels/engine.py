"""The compiled engine: whole epochs of forward pass, loss, back-propagation and update in one call, without Python.

The mathematics is that of ``chainrule.maths`` and ``chainrule.network.backprop``, read again for a compiler: every
function names what it re-reads, and tests hold each against it. A network is a few arrays of integers here, ``sizes``
(L + 1), ``activations`` (L) and ``biases`` (L). All arrays are flat; a matrix is a place in one, and how many rows and
columns it has. Samples are walked in slices of rows whose activations stay in cache.

All of it is one file, because numba's cache is kept by the content of one file. Only ``fastmath`` flags that keep NaN
and infinity are on, for they are what a diverging training is recognised by.
"""

from __future__ import annotations

import math

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import get_cython_function_address, intrinsic, overload
from numba.np.arrayobj import populate_array

from chainrule.kernels.cache import kept

ACTIVATIONS = {
    name: code
    for code, name in enumerate(
        (
            "identity",
            "sigmoid",
            "tanh",
            "relu",
            "leaky_relu",
            "elu",
            "selu",
            "softplus",
            "gelu",
            "silu",
            "mish",
            "softmax",
            "exp",
        )
    )
}
IDENTITY, SIGMOID, TANH, RELU, LEAKY_RELU, ELU, SELU, SOFTPLUS, GELU, SILU, MISH, SOFTMAX, EXP = ACTIVATIONS.values()

LOSSES = {
    name: code
    for code, name in enumerate(
        (
            "half_squared_error",
            "log_loss",
            "cross_entropy",
            "perceptron",
            "hinge",
            "squared_hinge",
            "poisson",
            "absolute_error",
            "huber",
            "log_cosh",
            "quantile",
        )
    )
}
(
    HALF_SQUARED_ERROR,
    LOG_LOSS,
    CROSS_ENTROPY,
    PERCEPTRON,
    HINGE,
    SQUARED_HINGE,
    POISSON,
    ABSOLUTE_ERROR,
    HUBER,
    LOG_COSH,
    QUANTILE,
) = LOSSES.values()

OPTIMIZERS = {name: code for code, name in enumerate(("sgd", "momentum", "nesterov", "adam", "rmsprop", "adagrad"))}
SGD, MOMENTUM, NESTEROV, ADAM, RMSPROP, ADAGRAD = OPTIMIZERS.values()

LEAK = 0.01
SELU_SCALE = 1.0507009873554805
SELU_ALPHA = 1.6732632423543772
LOG_2 = math.log(2.0)
SLICE = 768 * 1024  # bytes of activations and errors that a slice of rows may take: they stay in a core's L2 cache
FEWEST, MOST = 32, 1024  # rows of a slice

KEEPING_NAN = {"reassoc", "contract", "arcp", "nsz"}
COMPILED = {"error_model": "numpy", "fastmath": KEEPING_NAN, "nogil": True}
ENTRY = {**COMPILED, "no_cfunc_wrapper": True, "no_rewrites": True}  # called from Python
LEAF = {**ENTRY, "no_cpython_wrapper": True}  # called from kernels alone: half the time to compile
INLINED = {**COMPILED, "inline": "always"}
EXACTLY = {"error_model": "numpy", "fastmath": {"contract"}, "nogil": True}  # sums in the order they are written in


# --- e^x and its relatives, so that loops over them are vectorised -------------------------------------------------


def exponential_parts(x):
    """Return p and two powers of two with e^x = (1 + p) · s · t: their product alone could overflow.

    x = k log 2 + r with a whole k, log 2 subtracted in two parts (Cody and Waite 1980); p = e^r − 1 by Taylor's
    polynomial; 2^k is made of its bits.
    """


@overload(exponential_parts, jit_options=EXACTLY)
def _exponential_parts(x):
    if x == types.float64:
        return _exponential_parts_64
    return _exponential_parts_32


def _exponential_parts_64(x):
    x = -750.0 if x < -750.0 else x
    x = 710.0 if x > 710.0 else x
    k = np.rint(x * 1.4426950408889634)
    r = (x - k * 0.693147180369123816490) - k * 1.90821492927058770002e-10
    p = 1.6059043836821613e-10
    p = p * r + 2.08767569878681e-09
    p = p * r + 2.505210838544172e-08
    p = p * r + 2.755731922398589e-07
    p = p * r + 2.7557319223985893e-06
    p = p * r + 2.48015873015873e-05
    p = p * r + 0.0001984126984126984
    p = p * r + 0.001388888888888889
    p = p * r + 0.008333333333333333
    p = p * r + 0.041666666666666664
    p = p * r + 0.16666666666666666
    p = p * r + 0.5
    p = p * (r * r) + r
    n = np.int64(np.int32(k))
    half = n >> 1
    s = np.int64((half + 1023) << 52).view(np.float64)
    t = np.int64((n - half + 1023) << 52).view(np.float64)
    return p, s, t


def _exponential_parts_32(x):
    x = np.float32(-104.0) if x < np.float32(-104.0) else x
    x = np.float32(89.0) if x > np.float32(89.0) else x
    k = np.rint(x * np.float32(1.4426950408889634))
    r = (x - k * np.float32(0.693145751953125)) - k * np.float32(1.428606765330187e-06)
    p = np.float32(1.984126984126984e-4)
    p = p * r + np.float32(1.388888888888889e-3)
    p = p * r + np.float32(8.333333333333333e-3)
    p = p * r + np.float32(4.1666666666666664e-2)
    p = p * r + np.float32(1.6666666666666666e-1)
    p = p * r + np.float32(0.5)
    p = p * (r * r) + r
    n = np.int32(k)
    half = np.int32(n >> np.int32(1))
    s = np.int32(np.int32(half + np.int32(127)) << np.int32(23)).view(np.float32)
    t = np.int32(np.int32(n - half + np.int32(127)) << np.int32(23)).view(np.float32)
    return p, s, t


@kept
@njit(**EXACTLY)
def exp_array(x, out):
    """out = e^x, entry by entry (the benchmark measures it)."""
    for i in range(x.size):
        p, s, t = exponential_parts(x[i])
        out[i] = (s + s * p) * t


def log1p_of_unit(u):
    """Return log(1 + u) for 0 ≤ u ≤ 1: 2 artanh(s) by its series, at most |s| = 0.172."""


@overload(log1p_of_unit, jit_options=EXACTLY)
def _log1p_of_unit(u):
    if u == types.float64:
        return _log1p_of_unit_64
    return _log1p_of_unit_32


def _log1p_of_unit_64(u):
    large = u > 0.41421356237309503
    s = (u - 1.0) / (u + 3.0) if large else u / (u + 2.0)
    q = s * s
    p = 1.0 / 21.0
    p = p * q + 1.0 / 19.0
    p = p * q + 1.0 / 17.0
    p = p * q + 1.0 / 15.0
    p = p * q + 1.0 / 13.0
    p = p * q + 1.0 / 11.0
    p = p * q + 1.0 / 9.0
    p = p * q + 1.0 / 7.0
    p = p * q + 1.0 / 5.0
    p = p * q + 1.0 / 3.0
    value = 2.0 * (s + s * q * p)
    return value + LOG_2 if large else value


def _log1p_of_unit_32(u):
    large = u > np.float32(0.41421356)
    s = (u - np.float32(1.0)) / (u + np.float32(3.0)) if large else u / (u + np.float32(2.0))
    q = s * s
    p = np.float32(1.0 / 9.0)
    p = p * q + np.float32(1.0 / 7.0)
    p = p * q + np.float32(1.0 / 5.0)
    p = p * q + np.float32(1.0 / 3.0)
    value = np.float32(2.0) * (s + s * q * p)
    return value + np.float32(LOG_2) if large else value


# --- places in the workspace ----------------------------------------------------------------------------------------


@intrinsic
def part(typing, array, at, n):
    """View n entries from ``at`` on: a slice without bounds, without wrapping around, without counting references."""

    def generate(context, builder, signature, arguments):
        whole = context.make_array(signature.args[0])(context, builder, arguments[0])
        view = context.make_array(signature.return_type)(context, builder)
        populate_array(
            view,
            data=builder.gep(whole.data, [arguments[1]]),
            shape=[arguments[2]],
            strides=[whole.itemsize],
            itemsize=whole.itemsize,
            meminfo=None,
        )
        return view._getvalue()

    return array(array, types.intp, types.intp), generate


# --- matrix products by BLAS ----------------------------------------------------------------------------------------

BLAS = {
    np.dtype(np.float64): get_cython_function_address("scipy.linalg.cython_blas", "dgemm"),
    np.dtype(np.float32): get_cython_function_address("scipy.linalg.cython_blas", "sgemm"),
}  # handed in by each call: an address is another one in every process, and compiled code is kept


@intrinsic
def call_gemm(typing, gemm, flip_a, flip_b, m, n, k, A, a, lda, B, b, ldb, beta, C, c, ldc):
    """Call Fortran's ``gemm`` on column-major matrices at the places a, b and c of flat arrays: C = A B + beta C."""

    def generate(context, builder, signature, arguments):
        gemm, flip_a, flip_b, m, n, k, A, a, lda, B, b, ldb, beta, C, c, ldc = arguments
        number = context.get_value_type(signature.args[12])

        def by_reference(value, kind):
            place = cgutils.alloca_once(builder, kind)
            builder.store(value, place)
            return place

        def integer(value):
            return by_reference(builder.trunc(value, ir.IntType(32)), ir.IntType(32))

        def letter(flipped):
            byte = ir.IntType(8)
            return by_reference(builder.select(flipped, byte(ord("T")), byte(ord("N"))), byte)

        def pointer(position, array, place):
            data = context.make_array(signature.args[position])(context, builder, array).data
            return builder.gep(data, [place])

        passed = [
            letter(flip_a),
            letter(flip_b),
            integer(m),
            integer(n),
            integer(k),
            by_reference(number(1.0), number),
            pointer(6, A, a),
            integer(lda),
            pointer(9, B, b),
            integer(ldb),
            by_reference(beta, number),
            pointer(13, C, c),
            integer(ldc),
        ]
        kind = ir.FunctionType(ir.VoidType(), [value.type for value in passed])
        builder.call(builder.inttoptr(gemm, kind.as_pointer()), passed)
        return context.get_dummy_value()

    i, flag = types.intp, types.boolean
    return types.void(i, flag, flag, i, i, i, A, i, i, B, i, i, A.dtype, C, i, i), generate


@njit(**LEAF)
def multiply(gemm, A, a, W, w, Z, z, rows, n_in, n_out, keep):
    """Z = A W, or Z + A W with ``keep`` 1: (rows, n_in) (n_in, n_out)."""
    call_gemm(gemm, False, False, n_out, rows, n_in, W, w, n_out, A, a, n_in, A.dtype.type(keep), Z, z, n_out)


@njit(**LEAF)
def multiply_transposed(gemm, A, a, D, d, W, w, rows, n_in, n_out, keep):
    """W = Aᵀ D, or W + Aᵀ D: (n_in, rows) (rows, n_out)."""
    call_gemm(gemm, False, True, n_out, n_in, rows, D, d, n_out, A, a, n_in, A.dtype.type(keep), W, w, n_out)


@njit(**LEAF)
def multiply_by_transposed(gemm, D, d, W, w, A, a, rows, n_in, n_out):
    """A = D Wᵀ: (rows, n_out) (n_out, n_in)."""
    call_gemm(gemm, True, False, n_in, rows, n_out, W, w, n_out, D, d, n_out, A.dtype.type(0.0), A, a, n_in)


# --- activations: chainrule.maths.activations -----------------------------------------------------------------------


@njit(**LEAF)
def copy(source, target):
    """Target = source."""
    for i in range(target.size):
        target[i] = source[i]


@njit(**LEAF)
def exponentials(A, rising, falling, less):
    """A = e^x − less with x = min(rising · A, falling · A), in place: the one loop over e^x, which is vectorised.

    With −1, −1 it is e^−A, with 1, −1 it is e^−|A|; less 1 it keeps the digits that e^x − 1 would lose near 0.
    """
    up, down, c = A.dtype.type(rising), A.dtype.type(falling), A.dtype.type(less)
    for i in range(A.size):
        p, s, t = exponential_parts(min(up * A[i], down * A[i]))
        A[i] = s * p * t + (s * t - c)


@njit(**INLINED)
def keeps_inputs(activation):
    """Whether A or f′ is computed from Z again after its exponentials have taken its place."""
    return TANH <= activation <= MISH and activation != RELU and activation != LEAKY_RELU


@njit(**LEAF)
def subtract_largest(A, width):
    """Subtract from each row its largest entry."""
    for start in range(0, A.size, width):
        row = part(A, start, width)
        largest = row[0]
        for i in range(width):
            largest = max(largest, row[i])
        for i in range(width):
            row[i] -= largest


@njit(**INLINED)
def tanh_of_softplus(u, z, one):
    """Tanh(log(1 + e^z)) of u = e^−|z|: nothing overflows."""
    top = one + u + u if z > 0.0 else u * (u + one + one)
    return top / (top + (u * u + u * u if z > 0.0 else one + one))


@njit(**LEAF)
def activate(activation, A, Z, width):
    """Turn Z, given in the place of A, into A (``Activation.forward``); those that need it again find it in Z."""
    number = A.dtype.type
    zero, one, two = number(0.0), number(1.0), number(2.0)
    if keeps_inputs(activation):
        copy(A, Z)
    if activation == RELU:
        for i in range(A.size):
            A[i] = max(A[i], zero)
    elif activation == LEAKY_RELU:
        leak = number(LEAK)
        for i in range(A.size):
            A[i] = max(A[i], zero) + leak * min(A[i], zero)
    elif activation == SIGMOID:
        exponentials(A, -1.0, -1.0, 0.0)
        for i in range(A.size):
            A[i] = one / (one + A[i])
    elif activation == TANH:
        exponentials(A, 2.0, -2.0, 1.0)  # m = e^−2|z| − 1
        for i in range(A.size):
            A[i] = math.copysign(A[i] / (A[i] + two), Z[i])
    elif activation == ELU or activation == SELU:
        below = one if activation == ELU else number(SELU_SCALE * SELU_ALPHA)
        above = one if activation == ELU else number(SELU_SCALE)
        exponentials(A, 1.0, 1.0, 1.0)
        for i in range(A.size):
            A[i] = above * Z[i] if Z[i] > zero else below * A[i]
    elif activation == SOFTPLUS:
        exponentials(A, 1.0, -1.0, 0.0)
        for i in range(A.size):
            A[i] = max(Z[i], zero) + log1p_of_unit(A[i])
    elif activation == GELU:
        root, half = number(math.sqrt(0.5)), number(0.5)
        for i in range(A.size):
            A[i] *= half * math.erfc(-root * A[i])
    elif activation == SILU:
        exponentials(A, -1.0, -1.0, 0.0)
        for i in range(A.size):
            A[i] = Z[i] / (one + A[i])
    elif activation == MISH:
        exponentials(A, 1.0, -1.0, 0.0)
        for i in range(A.size):
            A[i] = Z[i] * tanh_of_softplus(A[i], Z[i], one)
    elif activation == EXP:
        exponentials(A, 1.0, 1.0, 0.0)
    elif activation == SOFTMAX:
        subtract_largest(A, width)
        exponentials(A, 1.0, 1.0, 0.0)
        for start in range(0, A.size, width):
            row, total = part(A, start, width), zero
            for i in range(width):
                total += row[i]
            for i in range(width):
                row[i] /= total


@njit(**LEAF)
def carry_back(activation, D, Z, A, width):
    """Turn dA, given in the place of D, into dZ (``Activation.backward``); Z and A may be lost in it."""
    number = A.dtype.type
    zero, one = number(0.0), number(1.0)
    if activation == RELU:
        for i in range(D.size):
            D[i] *= one if A[i] > zero else zero
    elif activation == LEAKY_RELU:
        leak = number(LEAK)
        for i in range(D.size):
            D[i] *= one if A[i] > zero else leak
    elif activation == SIGMOID:
        for i in range(D.size):
            D[i] *= A[i] * (one - A[i])
    elif activation == TANH:
        for i in range(D.size):
            D[i] *= one - A[i] * A[i]
    elif activation == ELU or activation == SELU:
        above = one if activation == ELU else number(SELU_SCALE)
        shift = one if activation == ELU else number(SELU_SCALE * SELU_ALPHA)
        for i in range(D.size):
            D[i] *= above if A[i] > zero else A[i] + shift
    elif activation == SOFTPLUS:
        exponentials(A, -1.0, -1.0, 1.0)  # σ(z) = 1 − e^−a
        for i in range(D.size):
            D[i] *= -A[i]
    elif activation == GELU:
        root, half = number(math.sqrt(0.5)), number(0.5)
        density = number(1.0 / math.sqrt(2.0 * math.pi))
        for i in range(D.size):
            A[i] = -half * Z[i] * Z[i]
        exponentials(A, 1.0, 1.0, 0.0)
        for i in range(D.size):
            D[i] *= half * math.erfc(-root * Z[i]) + Z[i] * density * A[i]
    elif activation == SILU:
        exponentials(Z, -1.0, -1.0, 0.0)
        for i in range(D.size):
            sigma = one / (one + Z[i])
            D[i] *= sigma + A[i] * (one - sigma)
    elif activation == MISH:
        copy(Z, A)
        exponentials(A, 1.0, -1.0, 0.0)
        for i in range(D.size):
            u, z = A[i], Z[i]
            y = tanh_of_softplus(u, z, one)
            D[i] *= y + z * ((one if z > zero else u) / (one + u)) * (one - y * y)
    elif activation == EXP:
        for i in range(D.size):
            D[i] *= A[i]
    elif activation == SOFTMAX:
        for start in range(0, D.size, width):
            d, a, total = part(D, start, width), part(A, start, width), zero
            for i in range(width):
                total += d[i] * a[i]
            for i in range(width):
                d[i] = a[i] * (d[i] - total)


# --- losses: chainrule.maths.losses and chainrule.maths.fused -------------------------------------------------------


@njit(**LEAF)
def fused_error(loss, Y, T, shares, D):
    """Return the mean loss of outputs given as Z in the place of Y; D = share · (Y − T) (``maths.fused``)."""
    number, width = Y.dtype.type, Y.size // shares.size
    zero, one = number(0.0), number(1.0)
    value = 0.0
    if loss == CROSS_ENTROPY:
        subtract_largest(Y, width)
    copy(Y, D)
    exponentials(Y, 1.0, -1.0 if loss == LOG_LOSS else 1.0, 0.0)
    if loss == LOG_LOSS:
        for i in range(Y.size):
            z, u = D[i], Y[i]
            D[i] = max(z, zero) - T[i] * z + log1p_of_unit(u)
            Y[i] = (one if z > zero else u) / (one + u)
    for row in range(shares.size):
        y, t, d = part(Y, row * width, width), part(T, row * width, width), part(D, row * width, width)
        row_value, factor, share = zero, one, shares[row]
        if loss == CROSS_ENTROPY:
            total, product, targets = zero, zero, zero
            for i in range(width):
                total += y[i]
                targets += t[i]
                product += t[i] * d[i]
            row_value = targets * math.log(total) - product
            factor = one / total
        elif loss == LOG_LOSS:
            for i in range(width):
                row_value += d[i]
        else:
            for i in range(width):
                row_value += y[i] - t[i] * d[i] - t[i] + (t[i] * math.log(t[i]) if t[i] > zero else zero)
        value += share * row_value
        for i in range(width):
            y[i] *= factor
            d[i] = share * (y[i] - t[i])
    return value


@njit(**LEAF)
def unfused_error(loss, parameter, Y, T, shares, D):
    """Return the mean loss of outputs Y; D = share · ∂loss/∂Y (``Loss.value`` and ``Loss.gradient``)."""
    number, width = Y.dtype.type, Y.size // shares.size
    zero, one, two, half, q = number(0.0), number(1.0), number(2.0), number(0.5), number(parameter)
    value = 0.0
    for i in range(Y.size):
        y, t, share = Y[i], T[i], shares[i // width]
        r, slope, term = y - t, zero, zero
        if loss == HALF_SQUARED_ERROR:
            term = half * (r * r)
            slope = r
        elif loss == LOG_LOSS or loss == CROSS_ENTROPY:
            if t > zero:
                term = -t * math.log(y)
                slope = -t / y
            if t < one and loss == LOG_LOSS:
                term -= (one - t) * math.log1p(-y)
                slope += (one - t) / (one - y)
        elif loss == PERCEPTRON:
            term = max(-y * t, zero)
            slope = -t if -y * t > zero else zero
        elif loss == HINGE:
            term = max(one - y * t, zero)
            slope = -t if y * t < one else zero
        elif loss == SQUARED_HINGE:
            margin = max(one - y * t, zero)
            term = margin * margin
            slope = -two * t * margin
        elif loss == POISSON:
            term, slope = y - t, one
            if t > zero:
                term += t * math.log(t / y)
                slope -= t / y
        elif loss == ABSOLUTE_ERROR:
            term = abs(r)
            slope = np.sign(r)
        elif loss == HUBER:
            near = min(abs(r), q)
            term = near * (abs(r) - half * near)
            slope = min(max(r, -q), q)
        elif loss == LOG_COSH:
            term = abs(r) + math.log1p(math.exp(-two * abs(r))) - number(LOG_2)
            slope = math.tanh(r)
        else:  # QUANTILE
            term = max(-q * r, (one - q) * r)
            slope = half * np.sign(r) + (half - q) * abs(np.sign(r))
        D[i] = share * slope
        value += share * term
    return value


# --- dropout: chainrule.network.dropout -----------------------------------------------------------------------------

GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@njit(**INLINED)
def splitmix64(word):
    """Hash a 64-bit word (``dropout.splitmix64``)."""
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))


@njit(**LEAF)
def drop(A, M, F, rate, seed, step, layer, first):
    """F = A ⊙ M under the mask M, whose entries are those from ``first`` on of its layer (``draw_mask``)."""
    key = splitmix64(seed + GOLDEN)
    key = splitmix64((key ^ np.uint64(step)) + GOLDEN)
    key = splitmix64((key ^ np.uint64(layer)) + GOLDEN)
    kept, left_out = A.dtype.type(1.0 / (1.0 - rate)), A.dtype.type(0.0)
    for i in range(A.size):
        word = splitmix64(key + np.uint64(first + i + 1) * GOLDEN)
        M[i] = kept if np.float64(np.int64(word >> np.uint64(11))) * 2.0**-53 >= rate else left_out
        F[i] = A[i] * M[i]


# --- penalties, clipping, optimizers: chainrule.maths.penalties, chainrule.training ----------------------------------


@njit(**LEAF)
def penalize(W, dW, l2, l1):
    """Add 2 l2 W + l1 sign(W) to the gradient and return l2 Σ W² + l1 Σ |W| (``maths.penalties``)."""
    number = W.dtype.type
    twice, lasso, squares, absolutes = number(2.0 * l2), number(l1), number(0.0), number(0.0)
    for i in range(W.size):
        squares += W[i] * W[i]
        dW[i] += twice * W[i]
    if l1 > 0.0:
        for i in range(W.size):
            absolutes += abs(W[i])
            dW[i] += lasso * np.sign(W[i])
    return l2 * squares + l1 * absolutes


@njit(**LEAF)
def probe(array):
    """0 if all entries are finite, else NaN: x − x is 0 for those alone."""
    total = array.dtype.type(0.0)
    for i in range(array.size):
        total += array[i] - array[i]
    return total


@njit(**LEAF)
def shorten(gradient, limit):
    """Gradient · min(1, limit / its norm), in place (``clipping.clipped``)."""
    largest = gradient.dtype.type(0.0)
    for i in range(gradient.size):
        largest = max(largest, abs(gradient[i]))
    if largest == 0.0:
        return
    total = gradient.dtype.type(0.0)
    for i in range(gradient.size):
        entry = gradient[i] / largest
        total += entry * entry
    norm = largest * math.sqrt(total)
    if norm > limit:
        factor = gradient.dtype.type(limit / norm)
        for i in range(gradient.size):
            gradient[i] *= factor


@njit(**LEAF)
def update(optimizer, settings, rate, t, gradient, first, second, theta):
    """One step of an optimizer in place (``training.optimizers``): ``first`` and ``second`` are what it remembers."""
    number = theta.dtype.type
    eta, a, b = number(rate), number(settings[0]), number(settings[1])
    epsilon, decay = number(settings[2]), number(rate * settings[3])
    rest = number(1.0 - settings[0])
    if optimizer == SGD:
        for i in range(theta.size):
            theta[i] -= eta * gradient[i]
    elif optimizer == MOMENTUM or optimizer == NESTEROV:
        ahead = a if optimizer == NESTEROV else number(1.0)
        step = eta if optimizer == NESTEROV else number(0.0)
        for i in range(theta.size):
            first[i] = a * first[i] - eta * gradient[i]
            theta[i] += ahead * first[i] - step * gradient[i]
    elif optimizer == ADAM:
        eta = number(rate * math.sqrt(1.0 - settings[1] ** t) / (1.0 - settings[0] ** t))
        rest_of_squares = number(1.0 - settings[1])
        for i in range(theta.size):
            g = gradient[i]
            first[i] = a * first[i] + rest * g
            second[i] = b * second[i] + rest_of_squares * (g * g)
            theta[i] = theta[i] - eta * first[i] / (math.sqrt(second[i]) + epsilon) - decay * theta[i]
    else:  # RMSPROP, ADAGRAD
        kept = a if optimizer == RMSPROP else number(1.0)
        rest = rest if optimizer == RMSPROP else number(1.0)
        for i in range(theta.size):
            g = gradient[i]
            first[i] = kept * first[i] + rest * (g * g)
            theta[i] -= eta * g / (math.sqrt(first[i]) + epsilon)


@njit(**LEAF)
def include(average, count, theta):
    """Average ← average + (theta − average) / count, in place (``averaging.Average``)."""
    divisor = theta.dtype.type(count)
    for i in range(theta.size):
        average[i] = theta[i] if count == 1 else average[i] + (theta[i] - average[i]) / divisor


# --- forward and backward: chainrule.network.backprop ---------------------------------------------------------------

A_AT, Z_AT, M_AT, F_AT, W_AT, REST_AT = range(6)  # rows of the table of places
TRAIN, MEASURE, VALUE, UPDATE = range(4)  # modes of a run
WELL, MEASURED_NON_FINITE, UPDATED_NON_FINITE = range(3)  # its ends
UPDATES, MOMENTS, AVERAGED = range(3)  # its counts: updates made, those Adam knows of, parameters averaged


@njit(**LEAF)
def lay_out(net, rows, itemsize):
    """Return how many rows a slice has, how many numbers a workspace, and the table of places in it.

    A slice has as many rows as stay in cache. The table has a column for the inputs and each layer's outputs: A, Z if
    it is needed again, the dropout mask and A ⊙ mask, or A again, and W in theta. T and two errors come last.
    """
    sizes, width, widest = net.sizes, 0, 0
    for l in range(sizes.size):
        width += sizes[l]
        widest = max(widest, sizes[l])
    most = min(max(SLICE // (itemsize * (width + 2 * widest)), FEWEST), MOST)
    count = max((rows + most - 1) // most, 1)
    height = max((rows + count - 1) // count, 1)

    places = np.zeros((6, sizes.size + 1), np.int64)
    at = 0
    for l in range(sizes.size):
        size = height * sizes[l]
        places[A_AT, l] = places[F_AT, l] = places[Z_AT, l] = at
        at += size
        if l > 0:
            places[W_AT, l] = places[W_AT, l - 1] + (sizes[l - 1] + net.biases[l - 1]) * sizes[l]
            if keeps_inputs(net.activations[l - 1]):
                places[Z_AT, l] = at
                at += size
        if l < net.biases.size and net.dropout[l] > 0.0:
            places[M_AT, l] = at
            places[F_AT, l] = at + size
            at += 2 * size
    places[REST_AT, 0] = at
    places[REST_AT, 1] = at + height * sizes[sizes.size - 1]
    places[REST_AT, 2] = places[REST_AT, 1] + height * widest
    return height, places[REST_AT, 2] + height * widest, places


@njit(**LEAF)
def gather(source, columns, orders, at, rows, target):
    """Copy rows of a matrix: those that ``orders`` names from ``at`` on, or those from ``at`` on as they stand."""
    if orders.size == 0:
        copy(part(source, at * columns, rows * columns), part(target, 0, rows * columns))
        return
    for i in range(rows):
        copy(part(source, orders[at + i] * columns, columns), part(target, i * columns, columns))


@njit(**LEAF)
def forward(gemm, net, seed, step, places, theta, work, first, rows, stop_at_z):
    """Z = A W + b and A = f(Z), layer after layer, for the rows at the first place (``backprop.forward``)."""
    for l in range(net.biases.size):
        n_in, width = net.sizes[l], net.sizes[l + 1]
        w, a, n = places[W_AT, l], places[A_AT, l + 1], rows * width
        if net.dropout[l] > 0.0:
            fed = rows * n_in
            A, M, F = part(work, places[A_AT, l], fed), part(work, places[M_AT, l], fed), part(work, places[F_AT, l], fed)
            drop(A, M, F, net.dropout[l], seed, step, l, first * n_in)
        if net.biases[l]:
            b = part(theta, w + n_in * width, width)
            for row in range(rows):
                copy(b, part(work, a + row * width, width))
        multiply(gemm, work, places[F_AT, l], theta, w, work, a, rows, n_in, width, net.biases[l])
        if l < net.biases.size - 1 or not stop_at_z:
            activate(net.activations[l], part(work, a, n), part(work, places[Z_AT, l + 1], n), width)


@njit(**LEAF)
def sum_rows(D, db, keep):
    """Db = Σ dZ over the rows, or db + Σ dZ."""
    width = db.size
    if keep == 0:
        for j in range(width):
            db[j] = 0.0
    for start in range(0, D.size, width):
        d = part(D, start, width)
        for j in range(width):
            db[j] += d[j]


@njit(**LEAF)
def backward(gemm, net, places, theta, gradient, work, rows, keep):
    """dW = Aᵀ dZ, db = Σ dZ and dA = dZ Wᵀ, layer before layer (``backprop.backward``), added where ``keep`` is 1."""
    d, other, last = places[REST_AT, 1], places[REST_AT, 2], net.biases.size - 1
    for l in range(last, -1, -1):
        n_in, width, w, n = net.sizes[l], net.sizes[l + 1], places[W_AT, l], rows * net.sizes[l + 1]
        if l < last or not net.fused:
            A, Z = part(work, places[A_AT, l + 1], n), part(work, places[Z_AT, l + 1], n)
            carry_back(net.activations[l], part(work, d, n), Z, A, width)
        multiply_transposed(gemm, work, places[F_AT, l], work, d, gradient, w, rows, n_in, width, keep)
        if net.biases[l]:
            sum_rows(part(work, d, n), part(gradient, w + n_in * width, width), keep)
        if l > 0:
            multiply_by_transposed(gemm, work, d, theta, w, work, other, rows, n_in, width)
            if net.dropout[l] > 0.0:
                back, M = part(work, other, rows * n_in), part(work, places[M_AT, l], rows * n_in)
                for i in range(back.size):
                    back[i] *= M[i]
            d, other = other, d


@kept
@njit(**ENTRY)
def predict(gemm, net, theta, X, Y):
    """Y = the outputs for X, both flat (``Network.predict``). Nothing is dropped: ``net.dropout`` must be all 0."""
    n_features, n_outputs, n_layers = net.sizes[0], net.sizes[net.biases.size], net.biases.size
    rows = X.size // n_features
    height, n_numbers, places = lay_out(net, rows, theta.itemsize)
    work = np.empty(n_numbers, theta.dtype)
    for begin in range(0, rows, height):
        n = min(height, rows - begin)
        copy(part(X, begin * n_features, n * n_features), part(work, 0, n * n_features))
        forward(gemm, net, np.uint64(0), 0, places, theta, work, 0, n, False)
        copy(part(work, places[A_AT, n_layers], n * n_outputs), part(Y, begin * n_outputs, n * n_outputs))


@kept
@njit(**ENTRY)
def run(gemm, net, samples, batches, penalty, rule, state, log, first_step, limit, mode):
    """Measure and update, batch after batch; return how many updates were made, the step it ended at, and how.

    A step is a batch; the call begins with ``first_step`` of its epochs and makes at most ``limit`` updates. ``mode`` is
    TRAIN, MEASURE (the first step alone, no update), VALUE (its loss alone) or UPDATE (its gradient is there already).

    It ends WELL, or where a loss or gradient was not finite (MEASURED_NON_FINITE: nothing was updated with it), or where
    an update led to such parameters (UPDATED_NON_FINITE). ``log.losses`` and ``log.objectives`` are added to.
    """
    theta, gradient, n_layers = state.theta, state.gradient, net.biases.size
    n_samples, n_outputs = samples.weight.size, net.sizes[n_layers]
    n_batches = (n_samples + batches.size - 1) // batches.size
    n_steps = n_batches * rule.learning_rates.size
    most = min(batches.size, n_samples)
    height, n_numbers, places = lay_out(net, most, theta.itemsize)
    work = np.empty(n_numbers, theta.dtype)
    all_shares = np.empty(most, theta.dtype)
    targets = places[REST_AT, 0]
    made, ended, step = 0, WELL, first_step

    while step < n_steps and made != limit:
        epoch, first_row = step // n_batches, (step % n_batches) * batches.size
        if mode != UPDATE:
            rows = min(batches.size, n_samples - first_row)
            at = epoch * n_samples + first_row if batches.orders.size else first_row
            gather(samples.weight, 1, batches.orders, at, rows, all_shares)
            total = 0.0
            for i in range(rows):
                total += all_shares[i]
            if total == 0.0:  # it teaches nothing
                step += 1
                continue
            for i in range(rows):
                all_shares[i] /= total

            value = 0.0
            for begin in range(0, rows, height):
                n = min(height, rows - begin)
                T = part(work, targets, n * n_outputs)
                gather(samples.X, net.sizes[0], batches.orders, at + begin, n, part(work, 0, n * net.sizes[0]))
                gather(samples.T, n_outputs, batches.orders, at + begin, n, T)
                forward(gemm, net, rule.seed, state.counts[UPDATES], places, theta, work, begin, n, net.fused)
                Y = part(work, places[A_AT, n_layers], n * n_outputs)
                D = part(work, places[REST_AT, 1], n * n_outputs)
                shares = part(all_shares, begin, n)
                if net.fused:
                    value += fused_error(net.loss, Y, T, shares, D)
                else:
                    value += unfused_error(net.loss, net.parameter, Y, T, shares, D)
                if mode != VALUE:
                    backward(gemm, net, places, theta, gradient, work, n, 1 if begin > 0 else 0)
            value = np.float64(theta.dtype.type(value / penalty.told))  # beyond the largest float32 is inf
            objective = value
            strength = penalty.l2 / total if penalty.over_weight else penalty.l2
            if mode != VALUE and (strength > 0.0 or penalty.l1 > 0.0):
                for l in range(n_layers):
                    w, size = places[W_AT, l], net.sizes[l] * net.sizes[l + 1]
                    objective += penalize(part(theta, w, size), part(gradient, w, size), strength, penalty.l1)
            share = rows / n_samples if penalty.over_weight else total
            log.losses[epoch] += share * value
            log.objectives[epoch] += share * objective
            if not math.isfinite(objective) or probe(gradient) != 0.0:
                ended = MEASURED_NON_FINITE
                break
            if mode == MEASURE or mode == VALUE:
                break

        if made + 1 == limit or step + 1 == n_steps:
            copy(theta, log.before)
        if rule.clip < math.inf:
            shorten(gradient, rule.clip)
        state.counts[UPDATES] += 1
        state.counts[MOMENTS] += 1
        update(rule.optimizer, rule.settings, rule.learning_rates[epoch], state.counts[MOMENTS], gradient, state.first, state.second, theta)
        if state.average.size:
            state.counts[AVERAGED] += 1
            include(state.average, state.counts[AVERAGED], theta)
        made += 1
        if probe(theta) != 0.0:
            ended = UPDATED_NON_FINITE
            break
        step += 1
        if mode == UPDATE:
            break
    return made, step, ended
