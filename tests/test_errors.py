"""Errors: numbers inside their bounds, names that are nearly right, and sentences that say so."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from chainrule.errors import (
    ChainruleError,
    InvalidFile,
    InvalidValue,
    MissingLibrary,
    check_count,
    check_number,
    choose,
    unknown_name,
)


@pytest.mark.parametrize(
    ("error", "builtin"), [(InvalidValue, ValueError), (InvalidFile, ValueError), (MissingLibrary, ImportError)]
)
def test_errors_are_what_python_expects(error, builtin):
    """Each error is ours, and is caught by who knows the built-in one only."""
    assert issubclass(error, ChainruleError)
    assert issubclass(error, builtin)


@pytest.mark.parametrize("value", [1, 1.0, np.float32(1), np.int8(1), np.float64(1), Fraction(1)])
def test_real_numbers_become_floats(value):
    """Any real number is one, and is returned as a Python float."""
    number = check_number("rate", value)

    assert (1.0, float) == (number, type(number))


@pytest.mark.parametrize(
    "value", [True, False, np.True_, None, "1", 1j, [1.0], np.ones(1), math.nan, math.inf, -math.inf]
)
def test_what_is_no_finite_number_is_refused(value):
    """Booleans, texts, arrays, NaN and infinities are not numbers that one computes with."""
    with pytest.raises(InvalidValue) as refusal:
        check_number("rate", value)

    assert f"rate must be a finite number, got {value!r}." == str(refusal.value)


@pytest.mark.parametrize(
    ("bounds", "inside", "outside", "wanted"),
    [
        ({"at_least": 0}, (0, 1e-9, 5), (-1e-9, -1), "≥ 0"),
        ({"above": 0}, (1e-9, 5), (0, -1), "> 0"),
        ({"at_most": 1}, (1, -5), (1.1,), "≤ 1"),
        ({"below": 1}, (0.999, -5), (1, 2), "< 1"),
        ({"at_least": 0, "below": 1}, (0, 0.5), (1, -0.1), "≥ 0 and < 1"),
        ({"above": 0, "at_most": 0.5}, (0.5, 0.1), (0, 0.6), "> 0 and ≤ 0.5"),
    ],
)
def test_bounds_are_kept_and_named(bounds, inside, outside, wanted):
    """A number on the right side of its bounds is returned, another is refused with the bounds in the sentence."""
    assert [float(value) for value in inside] == [check_number("beta", value, **bounds) for value in inside]
    for value in outside:
        with pytest.raises(InvalidValue) as refusal:
            check_number("beta", value, **bounds)
        assert f"beta must be a number {wanted}, got {value!r}." == str(refusal.value)


@pytest.mark.parametrize("value", [math.nan, math.inf, True, "1", None])
def test_bounds_admit_no_strangers(value):
    """What is no finite number is refused with bounds as well."""
    with pytest.raises(InvalidValue, match=r"^beta must be a number > 0, got "):
        check_number("beta", value, above=0)


@pytest.mark.parametrize("value", [3, np.int64(3), np.uint8(3)])
def test_whole_numbers_become_ints(value):
    """Any whole number is a count, and is returned as a Python int."""
    assert (3, int) == (check_count("epochs", value), type(check_count("epochs", value)))


@pytest.mark.parametrize("value", [0, -1, 3.0, 0.5, True, False, np.True_, "3", None, [3], math.nan, math.inf])
def test_what_is_no_count_is_refused(value):
    """A float is no count even if it is whole, nor is a boolean."""
    with pytest.raises(InvalidValue) as refusal:
        check_count("epochs", value)

    assert f"epochs must be a whole number ≥ 1, got {value!r}." == str(refusal.value)


def test_count_may_begin_elsewhere():
    """The least count is named."""
    assert check_count("layers", 0, at_least=0) == 0
    with pytest.raises(InvalidValue, match=r"^layers must be a whole number ≥ 2, got 1\.$"):
        check_count("layers", 1, at_least=2)


def test_near_names_are_suggested():
    """A name with a slip is answered with the nearest one and all choices."""
    expected = "Unknown loss 'log_los'. Did you mean 'log_loss'? The choices are: log_loss, perceptron."

    assert expected == str(unknown_name("loss", "log_los", ["log_loss", "perceptron"]))


@pytest.mark.parametrize("name", ["mse", "", None, 3])
def test_far_names_get_no_suggestion(name):
    """A name that resembles none is answered with the choices alone."""
    expected = f"Unknown loss {name!r}. The choices are: log_loss, perceptron."

    assert expected == str(unknown_name("loss", name, iter(["log_loss", "perceptron"])))


def test_choice_is_the_member():
    """choose returns what the registry has under the name, or raises the sentence."""
    registry = {"one": 1}

    assert choose("number", "one", registry) == 1
    with pytest.raises(InvalidValue, match=r"^Unknown number 'on'\. Did you mean 'one'\? The choices are: one\.$"):
        choose("number", "on", registry)
