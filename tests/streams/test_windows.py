"""Windows: every row once an epoch, in bounds of memory, dealt anew, without the rows that validate."""

from __future__ import annotations

import numpy as np
import pytest
from tests.streams.cases import KINDS
from tests.streams.rows import N_ROWS, X, Y

from chainrule import InvalidValue, stream
from chainrule.streams.windows import BLOCKS, HeldOut, Windows

MEMORY = 16_000  # windows of 98 rows


def dealt(seed):
    random = np.random.RandomState(seed)
    return random.permutation


@pytest.mark.parametrize("kind", KINDS)
def test_an_epoch_has_every_row_once(kind, tmp_path):
    """With its own target, in windows of no more rows than fit."""
    windows = Windows(stream(*KINDS[kind](tmp_path)).source, MEMORY)
    for deal in (None, dealt(0), dealt(1)):
        parts = list(windows.epoch(deal))
        rows = np.concatenate([part.rows for part in parts])
        assert np.array_equal(np.sort(rows), np.arange(N_ROWS))
        assert np.array_equal(np.concatenate([part.X for part in parts]), X[rows])
        assert np.array_equal(np.concatenate([part.y for part in parts]), Y[rows])
        assert len(parts) > 5
        assert max(map(len, parts)) <= windows.rows_of_window
        in_order = bool((np.diff(rows) > 0).all())
        assert in_order == (deal is None or kind == "batches")


def test_a_window_holds_blocks_that_lie_apart():
    """Neighbours in the file are together in a block alone."""
    windows = Windows(stream(X, Y).source, MEMORY)
    first = next(windows.epoch(dealt(0)))
    assert (np.diff(first.rows) != 1).sum() >= BLOCKS[0] - 2


def test_what_fits_is_one_window():
    """Shuffled in full."""
    windows = Windows(stream(X, Y).source, 10**6)
    assert len(windows.blocks) == 1


def test_rows_that_validate_do_not_train():
    """A share of them by a hash, the same in every epoch, and those alone are validated on."""
    held_out = HeldOut(0.2, seed=3)
    windows = Windows(stream(X, Y).source, MEMORY, held_out=held_out)
    train = np.concatenate([part.rows for part in windows.epoch(dealt(0))])
    test = np.concatenate([part.rows for part in windows.validating()])
    assert np.array_equal(np.sort(np.concatenate([train, test])), np.arange(N_ROWS))
    assert 150 < len(test) < 250
    assert np.array_equal(np.sort(np.concatenate([part.rows for part in windows.epoch(dealt(5))])), np.sort(train))
    assert np.array_equal(test, np.flatnonzero(held_out(np.arange(N_ROWS))))


@pytest.mark.parametrize("seed", [0, 1, 2**31 - 2])
def test_the_hash_is_even(seed):
    """In every stretch of rows about as many validate, and those of two seeds have nothing to do with each other."""
    chosen = HeldOut(0.1, seed)(np.arange(200_000)).reshape(200, 1000).sum(axis=1)
    assert abs(chosen.mean() - 100) < 3
    assert 8 < chosen.std() < 11  # √(1000 · 0.1 · 0.9) = 9.5
    other = HeldOut(0.1, seed + 1)(np.arange(200_000))
    both = (other & HeldOut(0.1, seed)(np.arange(200_000))).mean()
    assert abs(both - 0.01) < 0.001


def test_all_and_none_are_shares():
    """The ends of what a share can be."""
    rows = np.arange(1000)
    assert not HeldOut(0.0, 1)(rows).any()
    assert HeldOut(1.0, 1)(rows).all()


def test_memory_for_no_row_is_refused():
    """With what is needed."""
    with pytest.raises(InvalidValue, match="memory=50 bytes are too few: windows of a single row take 120"):
        Windows(stream(X, Y).source, 50)


def test_an_error_while_reading_ahead_comes_to_the_caller():
    """Not before the rows ahead of it were handed out."""
    broken = X.copy()
    broken[900, 1] = np.nan
    windows = Windows(stream(broken, Y).source, MEMORY)
    with pytest.raises(InvalidValue, match="X has nan in row 900, column 1"):
        list(windows.epoch(None))
