"""Counts and the limit: numbers reckoned by hand for networks small enough."""

from __future__ import annotations

import pytest
from benchmarks.counts import epoch_bytes, epoch_exps, epoch_flops, forward_flops, n_parameters, state_bytes
from benchmarks.limit import Rates, limit_seconds
from benchmarks.workloads import WORKLOADS, Workload


def small(**changes: object) -> Workload:
    """Ten rows of 2-3-1, sigmoid, biases, float64, plain descent."""
    values = {
        "name": "small", "title": "small", "data": "normal", "n_rows": 10, "sizes": (2, 3, 1), "hidden": "sigmoid",
        "dtype": "float64", "optimizer": "sgd", "learning_rate": 0.1,
    }  # fmt: skip
    return Workload(**(values | changes))  # type: ignore[arg-type]


def test_epoch_flops_are_forward_gradients_and_deltas_but_the_first() -> None:
    """2 · 10 · (9 weights forward + 9 for gradients + 3 for the deltas of the last layer)."""
    assert epoch_flops(small()) == 2 * 10 * (9 + 9 + 3)
    assert forward_flops(small(), 10) == 2 * 10 * 9


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, 10 * (3 + 2)),
        ({"hidden": "tanh"}, 10 * (3 + 2)),
        ({"hidden": "relu"}, 10 * 2),
        ({"hidden": "relu", "sizes": (2, 3, 4)}, 10 * (4 + 1)),
        ({"sizes": (2, 3, 5, 4)}, 10 * (3 + 5 + 4 + 1)),
    ],
)
def test_exps_are_one_a_unit_two_a_log_loss_and_classes_plus_one(changes: dict[str, object], expected: int) -> None:
    """A relu needs none; a softmax of K needs K exps and one log."""
    assert epoch_exps(small(**changes)) == expected


def test_bytes_are_read_and_written_once_an_update() -> None:
    """13 parameters of 8 bytes; Adam keeps two more arrays; 10 rows in batches of 4 are 3 updates."""
    assert n_parameters(small()) == 13
    assert n_parameters(small(bias=False)) == 9
    assert epoch_bytes(small()) == 2 * 13 * 8
    assert state_bytes(small(optimizer="adam", dtype="float32")) == 3 * 13 * 4
    assert epoch_bytes(small(optimizer="adam", batch_size=4)) == 2 * 3 * 13 * 8 * 3


def test_limit_is_the_sum_of_products_exps_and_updates() -> None:
    """420 operations at 100 a second, 50 exps of 0.1 s, 208 bytes at 104 a second."""
    rates = Rates(gemm=100.0, exp_seconds=0.1, copy=104.0)
    assert limit_seconds(small(), rates) == pytest.approx(4.2 + 5.0 + 2.0)


def test_workloads_are_those_of_the_specification() -> None:
    """Rows, sizes and dtypes of the table, and each travels to a worker and back."""
    asked = {
        "xor-21": (21, (2, 10, 10, 1), "float64"),
        "xor-100": (100, (2, 10, 10, 1), "float64"),
        "moons": (3500, (2, 100, 100, 2), "float64"),
        "digits-float32": (1437, (64, 100, 10), "float32"),
        "digits-float64": (1437, (64, 100, 10), "float64"),
        "images": (60_000, (784, 256, 10), "float32"),
        "table": (200_000, (54, 256, 256, 7), "float32"),
    }
    assert asked.items() <= {name: (w.n_rows, w.sizes, w.dtype) for name, w in WORKLOADS.items()}.items()
    for workload in WORKLOADS.values():
        assert Workload.from_dict(workload.to_dict()).sizes == workload.sizes


def test_scikit_learn_is_asked_for_the_nearest_network_it_has() -> None:
    """Biases, and one logistic output for two classes; ten classes stay ten."""
    assert WORKLOADS["xor-21"].for_scikit_learn().bias
    assert WORKLOADS["moons"].for_scikit_learn().sizes == (2, 100, 100, 1)
    assert WORKLOADS["digits-float32"].for_scikit_learn().sizes == (64, 100, 10)
