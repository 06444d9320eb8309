"""Objects are copied as ``copy.deepcopy`` copies them; what is told of their methods is told anew where it differs."""

from __future__ import annotations

import copy
import random
from collections import OrderedDict

import numpy as np
import pytest

from chainrule import Dense, Network
from chainrule.check.calling import forms_of
from chainrule.check.method_roles import MethodRoles
from chainrule.check.names import assuming
from chainrule.check.student_copies import Copies
from chainrule.check.trial_points import random_point


class Unit:
    """A unit that knows its layer, and what is called there."""

    def __init__(self, layer):
        self.layer, self.w, self.stream = layer, np.asfortranarray([[1.0, 2.0], [3.0, 4.0]]), random.Random(3)  # noqa: S311 - a copy of it is drawn from
        self.settings = OrderedDict(rate=0.5, sizes=(2, [3]))
        self.squash, self.started = self.slope, np.tanh

    def slope(self):
        """Return something of its own."""
        return self.w


class Slotted:
    """A class whose objects keep no dict."""

    __slots__ = ("w",)


class Told:
    """A class that says how it is copied."""

    def __init__(self):
        self.w = np.ones(2)

    def __deepcopy__(self, memo):
        """Return one whose weights are twos."""
        new = Told()
        new.w = np.full(2, 2.0)
        return new


def unit():
    layer = [None, None]
    layer[0] = Unit(layer)
    layer[1] = layer[0].w
    return layer


COPIED = pytest.mark.parametrize("copied", [copy.deepcopy, lambda thing: Copies().of(thing)], ids=["python's", "ours"])


@COPIED
def test_a_copy_shares_what_its_original_shares_and_nothing_with_it(copied):
    old = unit()
    new = copied(old)
    assert new[0].layer is new
    assert new[0].w is new[1]
    assert not np.shares_memory(new[1], old[1])
    assert new[0].settings["sizes"] == (2, [3])
    assert new[0].settings["sizes"][1] is not old[0].settings["sizes"][1]


@COPIED
def test_a_copy_has_the_kinds_of_its_original(copied):
    new = copied(unit())[0]
    assert (type(new.settings), new.w.flags.f_contiguous, new.started) == (OrderedDict, True, np.tanh)
    assert new.squash() is new.w


@COPIED
def test_a_copy_draws_what_its_original_would_draw(copied):
    old = unit()
    assert copied(old)[0].stream.random() == old[0].stream.random()


@COPIED
def test_a_class_that_says_how_it_is_copied_is_asked(copied):
    slotted = Slotted()
    slotted.w = [1.0]
    told, slots = copied([Told(), slotted])
    assert told.w.tolist() == [2.0, 2.0]
    assert (slots.w, slots.w is slotted.w) == ([1.0], False)


def test_only_copies_of_classes_that_say_how_are_unusual():
    usual, told = Copies(), Copies()
    usual.of(unit())
    told.of([Told()])
    assert (usual.unusual, told.unusual) == (False, True)


class FreshWeights:
    """One linear unit that learns from a sample, and draws its weights anew where it is copied."""

    def __init__(self):
        self.W1, self.b1, self.lr = np.random.default_rng().normal(size=(3, 1)), np.zeros(1), 0.1

    def __deepcopy__(self, memo):
        """Return another one."""
        return FreshWeights()

    def train(self, x, t):
        """Step along the gradient of one sample."""
        error = x @ self.W1 + self.b1 - t
        self.W1 -= self.lr * np.outer(x, error)
        self.b1 -= self.lr * error


def test_parameters_are_set_in_every_copy_of_an_object_that_draws_them_where_it_is_copied():
    net = Network([Dense(1)], n_features=3)
    point = random_point(net, 0.0, seed=0, n_samples=4)
    form = next(one for one in forms_of(FreshWeights(), net) if one.layout.samples == "flat")
    before, _ = form(net)(point).gradients
    assert np.array_equal(np.concatenate([before["dW1"].ravel(), before["db1"]]), point.theta)


def step(stuff, W1): ...


def test_roles_of_a_method_are_those_that_its_names_have_now():
    roles = MethodRoles(Network([Dense(1)], n_features=3))
    with assuming({"stuff": "T"}):
        assert [one.role for one in roles.bound(step, ())] == ["T", "block"]
    assert [one.role for one in roles.bound(step, ())] == ["", "block"]
    assert [one.role for one in roles.bound(step, ("stuff",))] == ["forward", "block"]


def test_an_update_is_found_where_an_object_has_one_of_its_own():
    roles = MethodRoles(Network([Dense(1)], n_features=3))
    without, given = Unit([]), Unit([])
    given.update = print
    assert (roles.update_of(without), roles.update_of(given)) == (None, "update")
    given.update = 0
    assert roles.update_of(given) is None
