"""The compiled engine: whole epochs of forward pass, loss, back-propagation and update in one call, without Python.

The mathematics is that of ``chainrule.maths`` and ``chainrule.network.backprop``, read again for a compiler: every
kernel names what it re-reads, and tests hold each against it. All arrays are flat; a matrix is a place in one, and how
many rows and columns it has. Samples are walked in slices of rows whose activations stay in cache.

A kernel is compiled alone, for float32 or float64, when a network first needs it, and the loop over the epochs
(``run``) is handed its address: so nobody waits for a kernel that he does not use, and none is compiled twice.

All of it is one file, because machine code is kept by the content of the file that it is written in. Only those
``fastmath`` flags are on that keep NaN and infinity, for they are what a diverging training is recognised by.
"""

from __future__ import annotations

import math
from functools import partial
from itertools import count

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic, overload
from numba.np.arrayobj import populate_array

from chainrule.kernels.arguments import ENTRIES, Net, kinds
from chainrule.kernels.codes import (
    A_AT,
    ABSOLUTE_ERROR,
    AVERAGED,
    CROSS_ENTROPY,
    F_AT,
    HALF_SQUARED_ERROR,
    HINGE,
    HUBER,
    LEAK,
    LOG_COSH,
    LOG_LOSS,
    M_AT,
    MEASURE,
    MEASURED_NON_FINITE,
    MOMENTS,
    NO_SUCH_SAMPLE,
    ONLY_UPDATE,
    PERCEPTRON,
    POISSON,
    QUANTILE,
    SELU_ALPHA,
    SELU_SCALE,
    SQUARED_HINGE,
    T_AT,
    UPDATED_NON_FINITE,
    UPDATES,
    VALUE,
    W_AT,
    WELL,
    Z_AT,
)
from chainrule.kernels.pipeline import KernelCompiler

LOG_2 = math.log(2.0)
LINE, CACHED = 64, 2**21  # bytes: a line of a cache, and what is read from memory if it is larger
AHEAD = 8  # rows that are asked for before they are copied

KEEPING_NAN = {"reassoc", "contract", "arcp", "nsz"}
INNER = {
    "error_model": "numpy",
    "fastmath": KEEPING_NAN,
    "nogil": True,
    "no_cfunc_wrapper": True,
    "no_cpython_wrapper": True,  # nothing that Python calls: half the time to compile
    "no_rewrites": True,
    "_nrt": False,  # nothing is allocated
    "pipeline_class": KernelCompiler,
}
INLINED = {**INNER, "inline": "always"}
AS_WRITTEN = {**INNER, "fastmath": KEEPING_NAN - {"reassoc"}}  # else β v + (1 − β) g² is β (v − g²) + g²: ∞ − ∞
EXACTLY = {**INNER, "fastmath": {"contract"}}  # sums in the order they are written in


# --- kernels, and the entries that Python calls -----------------------------------------------------------------------

# What a kernel is, and so its arguments.
FORWARD, BACKWARD, LOSS, OPTIMIZE, DROP, PENALIZE, SHORTEN, INCLUDE, FORWARD_PASS, BACKWARD_PASS = range(10)
SOURCES = {}  # each kernel by name: its function, and how to find the types of its arguments from a dtype


def arguments(kind, number):
    """Return the types of a kernel's arguments in a dtype."""
    array, numbers, i, f = types.Array(number, 1, "C"), types.Array(types.float64, 1, "C"), types.intp, types.float64
    net = tuple_of(Net, number)
    return {
        FORWARD: (array, array, i),
        BACKWARD: (array, array, array, i),
        LOSS: (i, f, array, array, array, array, numbers),
        OPTIMIZE: (array, array, array, array, numbers, f, i),
        DROP: (array, array, array, f, types.uint64, i, i, i),
        PENALIZE: (array, array, f, f, numbers),
        SHORTEN: (array, f),
        INCLUDE: (array, i, array),
        FORWARD_PASS: (net, types.uint64, i, array, array, i, i, i, types.boolean),
        BACKWARD_PASS: (net, array, array, array, i, i, i),
    }[kind]


def kernel(kind):
    """Make a kernel of this kind of a function."""

    def make(function):
        compiled = njit(**(AS_WRITTEN if kind == OPTIMIZE else INNER))(function)
        SOURCES[function.__name__] = compiled, partial(arguments, kind)
        return compiled

    return make


def entry(function):
    """Make a kernel that Python calls: with the address of a table of words, and a dtype that costs nothing."""
    compiled = njit(**(EXACTLY if function.__name__ == "exp_array" else INNER))(function)
    SOURCES[function.__name__] = compiled, lambda number: (types.intp, types.NumberClass(number))
    return compiled


def type_of(kind, number):
    """Return the type of what ``arguments`` calls so, in a dtype."""
    alone = {"int": types.intp, "float": types.float64, "bool": types.boolean, "Word": types.uint64}
    named = {"Array": number, "Floats": types.float64, "Integers": types.int64, "Table": types.int64}
    return alone[kind] if kind in alone else types.Array(named[kind], 2 if kind == "Table" else 1, "C")


def tuple_of(cls, number):
    """Return the type of what ``arguments`` calls so, field by field."""
    return types.NamedTuple([type_of(kind, number) for kind in kinds(cls)], cls)


def given_to(name):
    """Make the function that reads an entry's arguments (``arguments.ENTRIES``) from its table of words."""

    @intrinsic
    def read(typing, table, number):
        def generate(context, builder, signature, values):
            word = ir.IntType(64)
            words = builder.inttoptr(values[0], word.as_pointer())
            places = count()

            def read_word():
                return builder.load(builder.gep(words, [word(next(places))]))

            def read_value(kind):
                if isinstance(kind, types.BaseTuple):
                    return context.make_tuple(builder, kind, [read_value(one) for one in kind.types])
                if isinstance(kind, types.Array):
                    data = builder.inttoptr(read_word(), context.get_data_type(kind.dtype).as_pointer())
                    return view_of(context, builder, kind, data, [read_word() for _ in range(kind.ndim)])
                value = read_word()
                if kind == types.boolean:
                    return builder.icmp_signed("!=", value, word(0))
                return builder.bitcast(value, ir.DoubleType()) if kind == types.float64 else value

            return read_value(signature.return_type)

        return types.Tuple([tuple_of(cls, number.instance_type) for cls in ENTRIES[name]])(table, number), generate

    return read


def view_of(context, builder, kind, data, shape):
    """Return an array of this shape from a pointer on, that counts no references."""
    view = context.make_array(kind)(context, builder)
    size = context.get_constant(types.intp, context.get_abi_sizeof(context.get_data_type(kind.dtype)))
    strides = [size, builder.mul(size, shape[-1])][kind.ndim - 1 :: -1]
    populate_array(view, data=data, shape=shape, strides=strides, itemsize=size, meminfo=None)
    return view._getvalue()


@intrinsic
def call(typing, place, given):
    """Call the kernel at an address with a tuple of arguments."""

    def generate(context, builder, signature, values):
        kinds = [types.unliteral(kind) for kind in signature.args[1].types]
        convention = context.call_conv
        function = builder.inttoptr(values[0], convention.get_function_type(types.none, kinds).as_pointer())
        convention.call_function(builder, function, types.none, kinds, cgutils.unpack_tuple(builder, values[1]))
        return context.get_dummy_value()

    return types.void(types.intp, given), generate


# --- e^x and its relatives, so that loops over them are vectorised -------------------------------------------------


def exponential_parts(x):
    """Return p and s with e^x = s (1 + p), and e^x − 1 = s p + (s − 1) to its last digits.

    x = k log 2 + r with a whole k, log 2 subtracted in two parts (Cody and Waite 1980); p = e^r − 1 by the polynomial
    with the least error; s = 2^k is made of its bits: ∞ for the k above the largest float, 0 for that below the normal.
    """


@overload(exponential_parts, jit_options=EXACTLY)
def _exponential_parts(x):
    if x == types.float64:
        return _exponential_parts_64
    return _exponential_parts_32


def _exponential_parts_64(x):
    x = -708.9 if x < -708.9 else x
    x = 709.6 if x > 709.6 else x
    k = np.rint(x * 1.4426950408889634)
    r = (x - k * 0.693147180369123816490) - k * 1.90821492927058770002e-10
    p = 2.510038549551032e-08
    p = p * r + 2.7620088445409746e-07
    p = p * r + 2.7557268459997064e-06
    p = p * r + 2.4801521295954376e-05
    p = p * r + 0.00019841269863053618
    p = p * r + 0.0013888888917213717
    p = p * r + 0.008333333333330062
    p = p * r + 0.04166666666662413
    p = p * r + 0.16666666666666669
    p = p * r + 0.5
    p = p * (r * r) + r
    return p, np.int64((np.int64(np.int32(k)) + 1023) << 52).view(np.float64)


def _exponential_parts_32(x):
    x = np.float32(-87.9) if x < np.float32(-87.9) else x
    x = np.float32(88.6) if x > np.float32(88.6) else x
    k = np.rint(x * np.float32(1.4426950408889634))
    r = (x - k * np.float32(0.693145751953125)) - k * np.float32(1.428606765330187e-06)
    p = np.float32(1.3926183587713494e-3)
    p = p * r + np.float32(8.363179052722578e-3)
    p = p * r + np.float32(4.1666554617204574e-2)
    p = p * r + np.float32(1.6666576989698775e-1)
    p = p * r + np.float32(0.5)
    p = p * (r * r) + r
    return p, np.int32((np.int32(k) + np.int32(127)) << np.int32(23)).view(np.float32)


@njit(**INLINED)
def exponential(x, one):
    """e^x, ∞ from 709.4 (float32: 88.4) on, and 0 where it is below the smallest normal float; ``one`` is 1 as x."""
    p, s = exponential_parts(x)
    return s * (one + p)


@njit(**INLINED)
def exponential_less_one(x, one):
    """e^x − 1 to its last digits, for x ≤ 709 (88); ``one`` is 1 in x's dtype."""
    p, s = exponential_parts(x)
    return s * p + (s - one)


@njit(**INLINED)
def unbounded_exponential(x, one, half):
    """e^x = (e^½x)² in the whole range of x's dtype, its smallest numbers too; ``one``, ``half`` are 1, ½ in it."""
    root = exponential(half * x, one)
    return root * root


given_to_exp_array = given_to("exp_array")


@entry
def exp_array(table, number):
    """Out = e^x, entry by entry: what the benchmark measures."""
    ((x, out),) = given_to_exp_array(table, number)
    for i in range(x.size):
        out[i] = exponential(x[i], x.dtype.type(1.0))


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
        data = builder.gep(whole.data, [arguments[1]])
        return view_of(context, builder, signature.return_type, data, [arguments[2]])

    return array(array, types.intp, types.intp), generate


@intrinsic
def prefetch(typing, array, at):
    """Ask for the memory of an entry, which will be read soon: nothing waits for it."""

    def generate(context, builder, signature, arguments):
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        byte, word = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, word, word, word])
        ask = builder.module.declare_intrinsic("llvm.prefetch", [byte], kind)
        place = builder.bitcast(builder.gep(data, [arguments[1]]), byte)
        builder.call(ask, [place, word(0), word(3), word(1)])  # to read, into the nearest cache, of data
        return context.get_dummy_value()

    return types.void(array, types.intp), generate


# --- matrix products by BLAS ----------------------------------------------------------------------------------------


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

        def integer(value):  # of 64 bits, whose first 32 are the same number (``blas``)
            return by_reference(value, ir.IntType(64))

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


@njit(**INNER)
def multiply(gemm, A, a, W, w, Z, z, rows, n_in, n_out, keep):
    """Z = A W, or Z + A W with ``keep`` 1: (rows, n_in) (n_in, n_out)."""
    call_gemm(gemm, False, False, n_out, rows, n_in, W, w, n_out, A, a, n_in, A.dtype.type(keep), Z, z, n_out)


@njit(**INNER)
def multiply_transposed(gemm, A, a, D, d, W, w, rows, n_in, n_out, keep):
    """W = Aᵀ D, or W + Aᵀ D: (n_in, rows) (rows, n_out)."""
    call_gemm(gemm, False, True, n_out, n_in, rows, D, d, n_out, A, a, n_in, A.dtype.type(keep), W, w, n_out)


@njit(**INNER)
def multiply_by_transposed(gemm, D, d, W, w, A, a, rows, n_in, n_out):
    """A = D Wᵀ: (rows, n_out) (n_out, n_in)."""
    call_gemm(gemm, True, False, n_in, rows, n_out, W, w, n_out, D, d, n_out, A.dtype.type(0.0), A, a, n_in)


# --- activations: chainrule.maths.activations -----------------------------------------------------------------------
# Forward, A = f(A) in place (``Activation.forward``); those whose derivative needs Z leave it in Z. Backward, D = dZ of
# D = dA in place (``Activation.backward``). Rows of ``width`` entries stand one behind the other.


@kernel(FORWARD)
def identity(A, Z, width):
    """A = Z."""


@kernel(BACKWARD)
def identity_back(D, Z, A, width):
    """dZ = dA."""


@kernel(FORWARD)
def sigmoid(A, Z, width):
    """1 / (1 + e^−z)."""
    one = A.dtype.type(1.0)
    for i in range(A.size):
        A[i] = one / (one + exponential(-A[i], one))


@kernel(BACKWARD)
def sigmoid_back(D, Z, A, width):
    """dA ⊙ A (1 − A)."""
    one = A.dtype.type(1.0)
    for i in range(D.size):
        D[i] *= A[i] * (one - A[i])


@kernel(FORWARD)
def tanh(A, Z, width):
    """−m / (m + 2) with m = e^−2|z| − 1, and the sign of z."""
    one, two = A.dtype.type(1.0), A.dtype.type(2.0)
    for i in range(A.size):
        m = exponential_less_one(-two * abs(A[i]), one)
        A[i] = math.copysign(m / (m + two), A[i])


@kernel(BACKWARD)
def tanh_back(D, Z, A, width):
    """dA ⊙ (1 − A²)."""
    one = A.dtype.type(1.0)
    for i in range(D.size):
        D[i] *= one - A[i] * A[i]


@kernel(FORWARD)
def relu(A, Z, width):
    """Max(0, z)."""
    zero = A.dtype.type(0.0)
    for i in range(A.size):
        A[i] = A[i] if not A[i] <= zero else zero  # NaN stays


@kernel(BACKWARD)
def relu_back(D, Z, A, width):
    """dA ⊙ 1[A > 0]."""
    zero, one = A.dtype.type(0.0), A.dtype.type(1.0)
    for i in range(D.size):
        D[i] *= one if A[i] > zero else zero


@kernel(FORWARD)
def leaky_relu(A, Z, width):
    """Z where z > 0 and 0.01 z elsewhere."""
    zero, leak = A.dtype.type(0.0), A.dtype.type(LEAK)
    for i in range(A.size):
        A[i] = A[i] if A[i] > zero else leak * A[i]


@kernel(BACKWARD)
def leaky_relu_back(D, Z, A, width):
    """dA where A > 0 and 0.01 dA elsewhere."""
    zero, one, leak = A.dtype.type(0.0), A.dtype.type(1.0), A.dtype.type(LEAK)
    for i in range(D.size):
        D[i] *= one if A[i] > zero else leak


@kernel(FORWARD)
def elu(A, Z, width):
    """Z where z > 0 and e^z − 1 elsewhere."""
    zero, one = A.dtype.type(0.0), A.dtype.type(1.0)
    for i in range(A.size):
        A[i] = A[i] if A[i] > zero else exponential_less_one(A[i], one)


@kernel(BACKWARD)
def elu_back(D, Z, A, width):
    """dA where A > 0 and dA ⊙ (A + 1) elsewhere."""
    zero, one = A.dtype.type(0.0), A.dtype.type(1.0)
    for i in range(D.size):
        D[i] *= one if A[i] > zero else A[i] + one


@kernel(FORWARD)
def selu(A, Z, width):
    """λ z where z > 0 and λ α (e^z − 1) elsewhere."""
    zero, one = A.dtype.type(0.0), A.dtype.type(1.0)
    above, below = A.dtype.type(SELU_SCALE), A.dtype.type(SELU_SCALE * SELU_ALPHA)
    for i in range(A.size):
        A[i] = above * A[i] if A[i] > zero else below * exponential_less_one(A[i], one)


@kernel(BACKWARD)
def selu_back(D, Z, A, width):
    """λ dA where A > 0 and dA ⊙ (A + λ α) elsewhere."""
    zero, above, shift = A.dtype.type(0.0), A.dtype.type(SELU_SCALE), A.dtype.type(SELU_SCALE * SELU_ALPHA)
    for i in range(D.size):
        D[i] *= above if A[i] > zero else A[i] + shift


@kernel(FORWARD)
def softplus(A, Z, width):
    """Max(0, z) + log(1 + e^−|z|)."""
    zero, one, half = A.dtype.type(0.0), A.dtype.type(1.0), A.dtype.type(0.5)
    for i in range(A.size):
        u = unbounded_exponential(-abs(A[i]), one, half)  # it is the output where z is far below 0: log needs it whole
        A[i] = (A[i] if not A[i] <= zero else zero) + log1p_of_unit(u)


@kernel(BACKWARD)
def softplus_back(D, Z, A, width):
    """dA ⊙ σ(z), and σ(z) = 1 − e^−A."""
    one = A.dtype.type(1.0)
    for i in range(D.size):
        D[i] *= -exponential_less_one(-A[i], one)


@kernel(FORWARD)
def gelu(A, Z, width):
    """Z Φ(z), and Φ(z) = ½ erfc(−z / √2)."""
    root, half = A.dtype.type(math.sqrt(0.5)), A.dtype.type(0.5)
    for i in range(A.size):
        Z[i] = A[i]
        A[i] *= half * math.erfc(-root * A[i])


@kernel(BACKWARD)
def gelu_back(D, Z, A, width):
    """dA ⊙ [Φ(z) + z φ(z)]."""
    root, half, one = A.dtype.type(math.sqrt(0.5)), A.dtype.type(0.5), A.dtype.type(1.0)
    density = A.dtype.type(1.0 / math.sqrt(2.0 * math.pi))
    for i in range(D.size):
        D[i] *= half * math.erfc(-root * Z[i]) + Z[i] * density * exponential(-half * Z[i] * Z[i], one)


@kernel(FORWARD)
def silu(A, Z, width):
    """Z σ(z)."""
    one = A.dtype.type(1.0)
    for i in range(A.size):
        Z[i] = A[i]
        A[i] = A[i] / (one + exponential(-A[i], one))


@kernel(BACKWARD)
def silu_back(D, Z, A, width):
    """dA ⊙ [σ(z) + A (1 − σ(z))]."""
    one = A.dtype.type(1.0)
    for i in range(D.size):
        sigma = one / (one + exponential(-Z[i], one))
        D[i] *= sigma + A[i] * (one - sigma)


@njit(**INLINED)
def tanh_of_softplus(u, z, one):
    """Tanh(log(1 + e^z)) of u = e^−|z|: nothing overflows."""
    top = one + u + u if z > 0.0 else u * (u + one + one)
    return top / (top + (u * u + u * u if z > 0.0 else one + one))


@kernel(FORWARD)
def mish(A, Z, width):
    """Z tanh(log(1 + e^z))."""
    one = A.dtype.type(1.0)
    for i in range(A.size):
        z = A[i]
        Z[i] = z
        A[i] = z * tanh_of_softplus(exponential(-abs(z), one), z, one)


@kernel(BACKWARD)
def mish_back(D, Z, A, width):
    """dA ⊙ [y + z σ(z) (1 − y²)] with y = tanh(log(1 + e^z))."""
    zero, one = A.dtype.type(0.0), A.dtype.type(1.0)
    for i in range(D.size):
        z = Z[i]
        u = exponential(-abs(z), one)
        y = tanh_of_softplus(u, z, one)
        D[i] *= y + z * ((one if z > zero else u) / (one + u)) * (one - y * y)


@njit(**INNER)
def subtract_largest(A, width):
    """Subtract from each row its largest entry."""
    for start in range(0, A.size, width):
        row = part(A, start, width)
        largest = row[0]
        for i in range(width):
            largest = max(largest, row[i])
        for i in range(width):
            row[i] -= largest


@kernel(FORWARD)
def softmax(A, Z, width):
    """e^z / Σ e^z over each row, its largest entry subtracted first."""
    zero, one = A.dtype.type(0.0), A.dtype.type(1.0)
    subtract_largest(A, width)
    for i in range(A.size):
        A[i] = exponential(A[i], one)
    for start in range(0, A.size, width):
        row, total = part(A, start, width), zero
        for i in range(width):
            total += row[i]
        for i in range(width):
            row[i] /= total


@kernel(BACKWARD)
def softmax_back(D, Z, A, width):
    """A ⊙ (dA − Σ dA A), row by row."""
    for start in range(0, D.size, width):
        d, a, total = part(D, start, width), part(A, start, width), D.dtype.type(0.0)
        for i in range(width):
            total += d[i] * a[i]
        for i in range(width):
            d[i] = a[i] * (d[i] - total)


@kernel(FORWARD)
def exp(A, Z, width):
    """e^z."""
    one, half = A.dtype.type(1.0), A.dtype.type(0.5)
    for i in range(A.size):
        A[i] = unbounded_exponential(A[i], one, half)


@kernel(BACKWARD)
def exp_back(D, Z, A, width):
    """dA ⊙ A."""
    for i in range(D.size):
        D[i] *= A[i]


# --- losses: chainrule.maths.losses and chainrule.maths.fused -------------------------------------------------------
# Value and slope in one pass: add Σ share · loss to value[0]. A fused loss is given Z in the place of Y, and leaves
# Y there and D = share · (Y − T); another is given Y, and D = share · ∂loss/∂Y.


@njit(**INLINED)
def clipped_minus_log(y, epsilon, one):
    """−log of y clipped to [ε, 1 − ε]; of NaN it is NaN."""
    y = epsilon if y < epsilon else y
    return -math.log(one - epsilon if y > one - epsilon else y)


@kernel(LOSS)
def log_loss_from_logits(code, parameter, Y, T, shares, D, value):
    """Max(0, z) − t z + log(1 + e^−|z|), with Y = σ(Z) (``fused.log_loss_from_logits``); clipped if parameter > 0."""
    number, width = Y.dtype.type, Y.size // shares.size
    zero, one = number(0.0), number(1.0)
    if parameter > 0.0:
        for i in range(Y.size):
            u = exponential(-abs(Y[i]), one)
            Y[i] = (one if Y[i] > zero else u) / (one + u)
            D[i] = clipped_minus_log(Y[i] if T[i] > zero else one - Y[i], number(parameter), one)
    else:
        for i in range(Y.size):
            z = Y[i]
            u = exponential(-abs(z), one)
            D[i] = (z if not z <= zero else zero) - T[i] * z + log1p_of_unit(u)
            Y[i] = (one if z > zero else u) / (one + u)
    total = 0.0
    for row in range(shares.size):
        share, of_row = shares[row], zero
        y, t, d = part(Y, row * width, width), part(T, row * width, width), part(D, row * width, width)
        for i in range(width):
            of_row += d[i]
            d[i] = share * (y[i] - t[i])
        total += share * of_row
    value[0] += total


@kernel(LOSS)
def cross_entropy_from_logits(code, parameter, Y, T, shares, D, value):
    """Σ t (log Σ e^z − z), with Y = softmax(Z) (``fused.cross_entropy_from_logits``); clipped if parameter > 0."""
    number, width = Y.dtype.type, Y.size // shares.size
    zero, one = number(0.0), number(1.0)
    subtract_largest(Y, width)
    for i in range(Y.size):
        D[i] = Y[i]
        Y[i] = exponential(Y[i], one)
    for row in range(shares.size):
        share, total, product, targets = shares[row], zero, zero, zero
        y, t, d = part(Y, row * width, width), part(T, row * width, width), part(D, row * width, width)
        for i in range(width):
            total += y[i]
            targets += t[i]
            product += t[i] * d[i]
        factor, of_class = one / total, zero
        for i in range(width):
            y[i] *= factor
            d[i] = share * (y[i] - t[i])
            of_class += t[i] * y[i]
        if parameter > 0.0:  # T is one-hot
            value[0] += share * clipped_minus_log(of_class, number(parameter), one)
        else:
            value[0] += share * (targets * number(math.log(total)) - product)


@kernel(LOSS)
def poisson_from_logs(code, parameter, Y, T, shares, D, value):
    """E^z − t z + t log t − t, with Y = e^Z (``fused.poisson_from_logs``)."""
    number, width = Y.dtype.type, Y.size // shares.size
    zero, one, half = number(0.0), number(1.0), number(0.5)
    for row in range(shares.size):
        share, of_row = shares[row], zero
        y, t, d = part(Y, row * width, width), part(T, row * width, width), part(D, row * width, width)
        for i in range(width):
            z, target = y[i], t[i]
            y[i] = unbounded_exponential(z, one, half)
            constant = (target * number(math.log(target)) if target > zero else zero) - target
            of_row += y[i] - target * z + constant
            d[i] = share * (y[i] - target)
        value[0] += share * of_row


@kernel(LOSS)
def any_loss(code, parameter, Y, T, shares, D, value):
    """Every loss of outputs as they are (``Loss.value`` and ``Loss.gradient``)."""
    number, width = Y.dtype.type, Y.size // shares.size
    zero, one, two, half, q = number(0.0), number(1.0), number(2.0), number(0.5), number(parameter)
    for row in range(shares.size):
        share, of_row = shares[row], zero
        for i in range(row * width, (row + 1) * width):
            y, t = Y[i], T[i]
            r, slope, term = y - t, zero, zero
            if code == HALF_SQUARED_ERROR:
                term = r * r  # halved once they are added up, as in the textbook: so both overflow alike
                slope = r
            elif code == LOG_LOSS or code == CROSS_ENTROPY:
                if t > zero:
                    term = -t * math.log(y)
                    slope = -t / y
                if t < one and code == LOG_LOSS:
                    term -= (one - t) * math.log1p(-y)
                    slope += (one - t) / (one - y)
            elif code == PERCEPTRON:
                margin = -y * t
                term = margin if not margin <= zero else zero
                slope = -t if margin > zero else zero
            elif code == HINGE:
                margin = one - y * t
                term = margin if not margin <= zero else zero
                slope = -t if margin > zero else zero
            elif code == SQUARED_HINGE:
                margin = one - y * t
                margin = margin if not margin <= zero else zero
                term = margin * margin
                slope = -two * t * margin
            elif code == POISSON:
                term, slope = y - t, one
                if t > zero:
                    term += t * math.log(t / y)
                    slope -= t / y
            elif code == ABSOLUTE_ERROR:
                term = abs(r)
                slope = np.sign(r)
            elif code == HUBER:
                near = q if abs(r) > q else abs(r)
                term = near * (abs(r) - half * near)
                slope = q if r > q else (-q if r < -q else r)
            elif code == LOG_COSH:
                term = abs(r) + math.log1p(math.exp(-two * abs(r))) - number(LOG_2)
                slope = math.tanh(r)
            elif code == QUANTILE:
                term = (one - q) * r if r > zero else -q * r
                slope = half * np.sign(r) + (half - q) * abs(np.sign(r))
            D[i] = share * slope
            of_row += term
        value[0] += share * (half * of_row if code == HALF_SQUARED_ERROR else of_row)


# --- dropout: chainrule.network.dropout -----------------------------------------------------------------------------

GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@njit(**INLINED)
def splitmix64(word):
    """Hash a 64-bit word (``dropout.splitmix64``)."""
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))


@kernel(DROP)
def drop(A, M, F, rate, seed, step, layer, first):
    """F = A ⊙ M under the mask M, whose entries are those from ``first`` on of its layer (``draw_mask``)."""
    key = splitmix64(seed + GOLDEN)
    key = splitmix64((key ^ np.uint64(step)) + GOLDEN)
    key = splitmix64((key ^ np.uint64(layer)) + GOLDEN)
    kept_value, left_out = A.dtype.type(1.0 / (1.0 - rate)), A.dtype.type(0.0)
    for i in range(A.size):
        word = splitmix64(key + np.uint64(first + i + 1) * GOLDEN)
        M[i] = kept_value if np.float64(np.int64(word >> np.uint64(11))) * 2.0**-53 >= rate else left_out
        F[i] = A[i] * M[i]


# --- penalties, clipping, averaging: chainrule.maths.penalties, chainrule.training ----------------------------------


@kernel(PENALIZE)
def penalize(W, dW, l2, l1, value):
    """Add 2 l2 W + l1 sign(W) to dW, and l2 Σ W² + l1 Σ |W| to value[0] (``maths.penalties``)."""
    number = W.dtype.type
    twice, lasso, squares, absolutes = number(2.0 * l2), number(l1), number(0.0), number(0.0)
    for i in range(W.size):
        squares += W[i] * W[i]
        dW[i] += twice * W[i]
    if l1 > 0.0:
        for i in range(W.size):
            absolutes += abs(W[i])
            dW[i] += lasso * np.sign(W[i])
    value[0] += l2 * squares + l1 * absolutes


@kernel(SHORTEN)
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


@kernel(INCLUDE)
def include(average, count, theta):
    """Average ← average + (theta − average) / count, in place (``averaging.Average``)."""
    divisor = theta.dtype.type(count)
    for i in range(theta.size):
        average[i] = theta[i] if count == 1 else average[i] + (theta[i] - average[i]) / divisor


# --- optimizers: chainrule.training.optimizers ----------------------------------------------------------------------
# Move theta in place; ``first`` and ``second`` are what an optimizer remembers, ``settings`` those of its recipe.


@kernel(OPTIMIZE)
def sgd(theta, gradient, first, second, settings, rate, t):
    """θ − η g."""
    eta = theta.dtype.type(rate)
    for i in range(theta.size):
        theta[i] -= eta * gradient[i]


@kernel(OPTIMIZE)
def momentum(theta, gradient, first, second, settings, rate, t):
    """V ← μ v − η g, θ + v."""
    eta, mu = theta.dtype.type(rate), theta.dtype.type(settings[0])
    for i in range(theta.size):
        first[i] = mu * first[i] - eta * gradient[i]
        theta[i] += first[i]


@kernel(OPTIMIZE)
def nesterov(theta, gradient, first, second, settings, rate, t):
    """V ← μ v − η g, θ + μ v − η g."""
    eta, mu = theta.dtype.type(rate), theta.dtype.type(settings[0])
    for i in range(theta.size):
        step = eta * gradient[i]
        first[i] = mu * first[i] - step
        theta[i] += mu * first[i] - step


@kernel(OPTIMIZE)
def adam(theta, gradient, first, second, settings, rate, t):
    """θ − η_t m / (√v + ε) − η w θ: with a decay w it is AdamW."""
    number = theta.dtype.type
    eta = number(rate * math.sqrt(1.0 - settings[1] ** t) / (1.0 - settings[0] ** t))
    beta1, beta2, epsilon, decay = (
        number(settings[0]),
        number(settings[1]),
        number(settings[2]),
        number(rate * settings[3]),
    )
    rest1, rest2 = number(1.0 - settings[0]), number(1.0 - settings[1])
    for i in range(theta.size):
        g = gradient[i]
        first[i] = beta1 * first[i] + rest1 * g
        second[i] = beta2 * second[i] + rest2 * (g * g)
        theta[i] = theta[i] - eta * first[i] / (math.sqrt(second[i]) + epsilon) - decay * theta[i]


@kernel(OPTIMIZE)
def rmsprop(theta, gradient, first, second, settings, rate, t):
    """V ← ρ v + (1 − ρ) g², θ − η g / (√v + ε)."""
    number = theta.dtype.type
    eta, rho, rest, epsilon = number(rate), number(settings[0]), number(1.0 - settings[0]), number(settings[2])
    for i in range(theta.size):
        g = gradient[i]
        first[i] = rho * first[i] + rest * (g * g)
        theta[i] -= eta * g / (math.sqrt(first[i]) + epsilon)


@kernel(OPTIMIZE)
def adagrad(theta, gradient, first, second, settings, rate, t):
    """S ← s + g², θ − η g / (√s + ε)."""
    eta, epsilon = theta.dtype.type(rate), theta.dtype.type(settings[2])
    for i in range(theta.size):
        g = gradient[i]
        first[i] += g * g
        theta[i] -= eta * g / (math.sqrt(first[i]) + epsilon)


# --- forward and backward: chainrule.network.backprop ---------------------------------------------------------------


@njit(**INNER)
def copy(source, target):
    """Target = source."""
    for i in range(target.size):
        target[i] = source[i]


@njit(**INNER)
def is_finite(array):
    """Whether all entries are finite: by comparisons, for under ``reassoc`` LLVM takes x − x for 0, also of NaN."""
    infinity, wrong = array.dtype.type(math.inf), 0
    for i in range(array.size):
        wrong |= 0 if abs(array[i]) < infinity else 1
    return wrong == 0


@njit(**INNER)
def are_places(orders, n_samples):
    """Whether every entry is the number of a sample."""
    wrong = 0
    for i in range(orders.size):
        wrong += 1 if orders[i] < 0 or orders[i] >= n_samples else 0
    return wrong == 0


@njit(**INNER)
def gather(source, columns, orders, at, rows, target):
    """Copy rows of a matrix: those that ``orders`` names from ``at`` on, or those from ``at`` on as they stand.

    Shuffled rows of a large one come from memory, line by line: they are asked for while those before are copied.
    """
    if orders.size == 0:
        copy(part(source, at * columns, rows * columns), part(target, 0, rows * columns))
        return
    last = orders.size - AHEAD if source.size * source.itemsize > CACHED else 0
    for i in range(at, at + rows):
        if i < last:
            begin = orders[i + AHEAD] * columns
            for j in range(begin, begin + columns, LINE // source.itemsize):
                prefetch(source, j)
            prefetch(source, begin + columns - 1)
        copy(part(source, orders[i] * columns, columns), part(target, (i - at) * columns, columns))


@kernel(FORWARD_PASS)
def forward(net, seed, step, theta, work, height, first, rows, stop_at_z):
    """Z = A W + b and A = f(Z), layer after layer, for the rows at the first place (``backprop.forward``)."""
    sizes, biases, dropout, places = net.sizes, net.biases, net.dropout, net.places
    for l in range(biases.size):
        n_in, width = sizes[l], sizes[l + 1]
        w, fed, a, n = places[W_AT, l], height * places[F_AT, l], height * places[A_AT, l + 1], rows * width
        if dropout[l] > 0.0:
            A, M = part(work, height * places[A_AT, l], rows * n_in), part(work, height * places[M_AT, l], rows * n_in)
            call(net.drop, (A, M, part(work, fed, rows * n_in), dropout[l], seed, step, l, first * n_in))
        if biases[l]:
            b = part(theta, w + n_in * width, width)
            for row in range(rows):
                copy(b, part(work, a + row * width, width))
        multiply(net.gemm, work, fed, theta, w, work, a, rows, n_in, width, biases[l])
        if l < biases.size - 1 or not stop_at_z:
            call(net.forward[l], (part(work, a, n), part(work, height * places[Z_AT, l + 1], n), width))


@njit(**INNER)
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


@kernel(BACKWARD_PASS)
def backward(net, theta, gradient, work, height, rows, keep):
    """dW = Aᵀ dZ, db = Σ dZ and dA = dZ Wᵀ, layer before layer (``backprop.backward``), added where ``keep`` is 1."""
    sizes, biases, dropout, places = net.sizes, net.biases, net.dropout, net.places
    d, other, last = height * places[T_AT, 1], height * places[T_AT, 2], biases.size - 1
    for l in range(last, -1, -1):
        n_in, width, w, n = sizes[l], sizes[l + 1], places[W_AT, l], rows * sizes[l + 1]
        if l < last or not net.fused:
            A, Z = part(work, height * places[A_AT, l + 1], n), part(work, height * places[Z_AT, l + 1], n)
            call(net.backward[l], (part(work, d, n), Z, A, width))
        multiply_transposed(net.gemm, work, height * places[F_AT, l], work, d, gradient, w, rows, n_in, width, keep)
        if biases[l]:
            sum_rows(part(work, d, n), part(gradient, w + n_in * width, width), keep)
        if l > 0:
            multiply_by_transposed(net.gemm, work, d, theta, w, work, other, rows, n_in, width)
            if dropout[l] > 0.0:
                back, M = part(work, other, rows * n_in), part(work, height * places[M_AT, l], rows * n_in)
                for i in range(back.size):
                    back[i] *= M[i]
            d, other = other, d


given_to_predict = given_to("predict")


@entry
def predict(table, number):
    """Y = the outputs for X, both flat (``Network.predict``). Nothing is dropped: ``net.dropout`` must be all 0."""
    net, (theta, X, Y, work, height) = given_to_predict(table, number)
    n_features, n_outputs = net.sizes[0], net.sizes[net.biases.size]
    rows, y = X.size // n_features, height * net.places[A_AT, net.biases.size]
    for begin in range(0, rows, height):
        n = min(height, rows - begin)
        copy(part(X, begin * n_features, n * n_features), part(work, 0, n * n_features))
        call(net.forward_pass, (net, np.uint64(0), 0, theta, work, height, 0, n, False))
        copy(part(work, y, n * n_outputs), part(Y, begin * n_outputs, n * n_outputs))


given_to_run = given_to("run")


@entry
def run(table, number):
    """Measure and update, batch after batch; tell how many updates were made, the step it ended at, and how.

    A step is a batch; the call begins with ``first_step`` of its epochs and makes at most ``limit`` updates. The mode
    is TRAIN, MEASURE (the first step alone, no update), VALUE (its loss alone) or ONLY_UPDATE (its gradient is there).

    It ends WELL, where a loss or gradient was not finite (MEASURED_NON_FINITE: nothing was updated with it), or where
    an update led to such parameters (UPDATED_NON_FINITE). ``log.losses`` and ``log.objectives`` are added to.
    """
    net, samples, penalty, batches, rule, state, log, (work, height, first_step, limit, mode, told) = given_to_run(
        table, number
    )
    theta, gradient, sizes, places, n_layers = state.theta, state.gradient, net.sizes, net.places, net.biases.size
    orders, value, n_outputs = batches.orders, log.value, sizes[n_layers]
    n_rows, number = samples.T.size // n_outputs, theta.dtype.type
    n_samples = orders.size // rule.learning_rates.size if orders.size else n_rows  # of an epoch
    n_batches = (n_samples + batches.size - 1) // batches.size
    n_steps = n_batches * rule.learning_rates.size
    all_shares = part(work, height * places[T_AT, 3], min(batches.size, n_samples))
    made, ended, step = 0, WELL, first_step
    if first_step == 0 and not are_places(orders, n_rows):
        told[0], told[1], told[2] = made, step, NO_SUCH_SAMPLE
        return

    while step < n_steps and made != limit:
        epoch, first_row = step // n_batches, (step % n_batches) * batches.size
        if mode != ONLY_UPDATE:
            rows = min(batches.size, n_samples - first_row)
            at = epoch * n_samples + first_row if orders.size else first_row
            total = 0.0
            for i in range(rows):
                row = orders[at + i] if orders.size else at + i
                all_shares[i] = samples.weight[row] if samples.weight.size else number(1.0)
                total += all_shares[i]
            if total == 0.0:  # it teaches nothing
                step += 1
                continue
            for i in range(rows):
                all_shares[i] /= total

            value[0] = 0.0
            for begin in range(0, rows, height):
                n = min(height, rows - begin)
                T = part(work, height * places[T_AT, 0], n * n_outputs)
                gather(samples.X, sizes[0], orders, at + begin, n, part(work, 0, n * sizes[0]))
                gather(samples.T, n_outputs, orders, at + begin, n, T)
                step_of_masks = state.counts[UPDATES]
                call(net.forward_pass, (net, rule.seed, step_of_masks, theta, work, height, begin, n, net.fused))
                Y = part(work, height * places[A_AT, n_layers], n * n_outputs)
                D = part(work, height * places[T_AT, 1], n * n_outputs)
                call(net.loss, (net.code, net.parameter, Y, T, part(all_shares, begin, n), D, value))
                if math.isfinite(value[0]) and not is_finite(Y):  # behind a hinge it can hide
                    value[0] = math.nan
                if mode != VALUE:
                    call(net.backward_pass, (net, theta, gradient, work, height, n, 1 if begin > 0 else 0))
            loss = np.float64(number(value[0] / penalty.told))  # beyond the largest float32 is inf
            strength = penalty.l2 / total if penalty.over_weight else penalty.l2
            value[0] = loss
            if mode != VALUE and penalty.penalize != 0:
                for l in range(n_layers):
                    w, size = places[W_AT, l], sizes[l] * sizes[l + 1]
                    call(penalty.penalize, (part(theta, w, size), part(gradient, w, size), strength, penalty.l1, value))
            share = rows / n_samples if penalty.over_weight else total
            log.losses[epoch] += share * loss
            log.objectives[epoch] += share * value[0]
            if not (math.isfinite(value[0]) and is_finite(gradient)):
                ended = MEASURED_NON_FINITE
                break
            if mode == MEASURE or mode == VALUE:
                break

        if made + 1 == limit or step + 1 == n_steps:
            copy(theta, log.before)
        if rule.shorten != 0:
            call(rule.shorten, (gradient, rule.clip))
        state.counts[UPDATES] += 1
        state.counts[MOMENTS] += 1
        rate, t = rule.learning_rates[epoch], state.counts[MOMENTS]
        call(rule.update, (theta, gradient, state.first, state.second, rule.settings, rate, t))
        if rule.include != 0:
            state.counts[AVERAGED] += 1
            call(rule.include, (state.average, state.counts[AVERAGED], theta))
        made += 1
        if not is_finite(theta):
            ended = UPDATED_NON_FINITE
            break
        step += 1
        if mode == ONLY_UPDATE:
            break
    told[0], told[1], told[2] = made, step, ended
