"""The kernels' own functions, and what they are made of."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.network.encoding import engine

DTYPES = pytest.mark.parametrize("dtype", [np.float64, np.float32])


FAR = {np.float64: 708.0, np.float32: 87.0}  # where e^x is cut off, short of what is no normal number


@DTYPES
def test_exp_is_right_to_two_units_in_the_last_place(dtype):
    """e^x is the true one to 2 ulp over the whole range in which it is computed."""
    x = np.linspace(-FAR[dtype], FAR[dtype], 200_001).astype(dtype)
    out = np.empty_like(x)
    engine().exp_array(x, out)
    expected = np.exp(x.astype(np.longdouble))
    assert (np.abs(out - expected) / np.spacing(np.exp(x))).max() <= 2.0


@DTYPES
def test_exp_of_what_is_far_or_no_number(dtype):
    """Beyond the range of normal numbers e^x is 0 and ∞; of 0 it is 1, of NaN it is NaN."""
    far = FAR[dtype]
    x = np.array([-np.inf, -1e30, -800.0, -far, 0.0, -0.0, far, 800.0, 1e30, np.inf, np.nan], dtype)
    out = np.empty_like(x)
    engine().exp_array(x, out)
    least, most = np.exp(dtype([-far, far]))
    np.testing.assert_allclose(
        out, [0.0] * 3 + [least, 1, 1, most] + [np.inf] * 3 + [np.nan], rtol=4 * np.finfo(dtype).eps
    )
    assert (out[4], out[5]) == (1.0, 1.0)


def test_losses_are_numbered_without_gaps():
    """Each loss has a code of its own, 0, 1, 2 …, which its kernel compares with."""
    assert list(engine().LOSSES.values()) == list(range(len(engine().LOSSES)))


def test_no_kernel_stands_for_two():
    """Each activation has its own pair of kernels, each optimizer its own, each fused loss its own."""
    kernels = engine()
    all_of_them = [one for pair in kernels.ACTIVATIONS.values() for one in pair]
    all_of_them += [*kernels.OPTIMIZERS.values(), *kernels.FUSED.values()]
    assert len({id(one) for one in all_of_them}) == len(all_of_them)


@DTYPES
def test_an_address_is_found_once(dtype):
    """A kernel is compiled for a dtype once, and its address in this process stays."""
    kernels = engine()
    one, other = (kernels.address(kernels.sgd, np.dtype(dtype)) for _ in range(2))
    assert one == other != 0
    assert one != kernels.address(kernels.momentum, np.dtype(dtype))


def test_fused_losses_are_the_textbooks():
    """Every fused pair has a kernel, by its loss, and no other has."""
    from chainrule.maths.fused import FUSED

    assert {loss.name for _, loss in FUSED} == set(engine().FUSED)
    assert len(FUSED) == len(engine().FUSED)  # two activations under one loss would share a kernel


def test_the_blas_is_scipys_in_each_dtype():
    """Both dtypes have an address, and not the same."""
    addresses = engine().BLAS
    assert set(addresses) == {np.dtype(np.float32), np.dtype(np.float64)}
    assert len(set(addresses.values())) == 2
    assert all(addresses.values())
