"""The kernels' own functions, and what they are made of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from chainrule import Dense, Network
from chainrule.kernels import codes, library
from chainrule.kernels.arguments import Exponentials
from chainrule.kernels.blas import gemm
from chainrule.kernels.pipeline import KernelCodegen
from chainrule.network.compiled_objective import CompiledObjective

DTYPES = pytest.mark.parametrize("dtype", [np.float64, np.float32])


FAR = {np.float64: 708.0, np.float32: 87.0}  # where e^x is cut off, short of what is no normal number


@DTYPES
def test_exp_is_right_to_two_units_in_the_last_place(dtype):
    """e^x is the true one to 2 ulp over the whole range in which it is computed."""
    x = np.linspace(-FAR[dtype], FAR[dtype], 200_001).astype(dtype)
    out = np.empty_like(x)
    library.call("exp_array", x.dtype, Exponentials(x, out))
    expected = np.exp(x.astype(np.longdouble))
    assert (np.abs(out - expected) / np.spacing(np.exp(x))).max() <= 2.0


@DTYPES
def test_exp_of_what_is_far_or_no_number(dtype):
    """Beyond the range of normal numbers e^x is 0 and ∞; of 0 it is 1, of NaN it is NaN."""
    far = FAR[dtype]
    x = np.array([-np.inf, -1e30, -800.0, -far, 0.0, -0.0, far, 800.0, 1e30, np.inf, np.nan], dtype)
    out = np.empty_like(x)
    library.call("exp_array", x.dtype, Exponentials(x, out))
    least, most = np.exp(dtype([-far, far]))
    np.testing.assert_allclose(
        out, [0.0] * 3 + [least, 1, 1, most] + [np.inf] * 3 + [np.nan], rtol=4 * np.finfo(dtype).eps
    )
    assert (out[4], out[5]) == (1.0, 1.0)


def test_losses_are_numbered_without_gaps():
    """Each loss has a code of its own, 0, 1, 2 …, which its kernel compares with."""
    assert list(codes.LOSSES.values()) == list(range(len(codes.LOSSES)))


def test_no_kernel_stands_for_two():
    """Each activation has its own pair of kernels, each optimizer its own, each fused loss its own."""
    from chainrule.kernels.engine import SOURCES

    assert len(set(codes.ALL_KERNELS)) == len(codes.ALL_KERNELS)
    assert set(SOURCES) == {*codes.ALL_KERNELS, "exp_array"}
    assert len({id(function) for function, _ in SOURCES.values()}) == len(SOURCES)


@DTYPES
def test_an_address_is_found_once(dtype):
    """A kernel is compiled for a dtype once, and its address in this process stays."""
    one, other = (library.address("sgd", np.dtype(dtype)) for _ in range(2))
    assert one == other != 0
    assert one != library.address("momentum", np.dtype(dtype))


def test_fused_losses_are_the_textbooks():
    """Every fused pair has a kernel, by its loss, and no other has."""
    from chainrule.maths.fused import FUSED

    assert {loss.name for _, loss in FUSED} == set(codes.FUSED)
    assert len(FUSED) == len(codes.FUSED)  # two activations under one loss would share a kernel


@DTYPES
def test_products_are_blass(dtype):
    """A fit's result is the same by NumPy's OpenBLAS, which is loaded, and by SciPy's; each dtype has its product."""
    from chainrule.kernels.blas import _numpys, _scipys

    name = "sgemm" if dtype is np.float32 else "dgemm"
    assert gemm(np.dtype(dtype)) == (_numpys(name) or _scipys(name))
    assert len({gemm(np.dtype(one)) for one in (np.float32, np.float64)}) == 2
    X = np.random.RandomState(0).normal(size=(40, 3)).astype(dtype)
    objective = CompiledObjective.of(Network([Dense(2, "tanh"), Dense(1)], 3).objective(X, X[:, :1]))
    theta, job = np.full(11, 0.3, dtype), objective.job()
    by_numpy = objective.evaluate(theta)
    vars(objective)["_job"] = replace(job, net=job.net._replace(gemm=_scipys(name)))
    np.testing.assert_allclose(objective.evaluate(theta).gradient, by_numpy.gradient, rtol=100 * np.finfo(dtype).eps)


@pytest.mark.parametrize(
    ("host", "asked", "told"),
    [
        ("+avx2,+avx512f,+avx512vl", None, "+avx2,+avx512f,+avx512vl,-prefer-256-bit"),
        ("+avx2,-avx512f", None, "+avx2,-avx512f"),
        ("+avx2,+avx512f", "+avx512f", "+avx512f"),
    ],
)
def test_whole_vectors_are_preferred_where_the_processor_has_them(host, asked, told, monkeypatch):
    """With AVX-512 alone, and not where a user says by NUMBA_CPU_FEATURES what is to be compiled for."""
    monkeypatch.setattr("numba.core.codegen.get_host_cpu_features", lambda: host)
    monkeypatch.setattr("numba.core.config.CPU_FEATURES", asked)
    assert KernelCodegen("test")._customize_tm_features() == told
