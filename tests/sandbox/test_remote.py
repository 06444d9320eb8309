"""Remotes: a module in another process behaves as one that is here, as far as a judge looks at it."""

import gc

import numpy as np
import pytest

from chainrule.errors import InvalidValue
from chainrule.sandbox import Ended, Limits, Raised, opened, read
from chainrule.sandbox.parcel import packed

TEXT = """
import numpy as np
from collections import OrderedDict, namedtuple

SEEN = []


class Network:
    rate = 0.5

    def __init__(self, sizes, rate=0.1):
        self.W = np.zeros(sizes)
        self.rate = rate

    def forward(self, X):
        self.Y = X @ self.W
        return self.Y

    def same(self, Y):
        return Y is self.Y

    @property
    def broken(self):
        raise ValueError("It is broken.")


class Attributes(dict):
    __getattr__ = dict.__getitem__


Pair = namedtuple("Pair", "a b")


def give(x): return x
def double(x): return 2 * x
def changes(x): x *= 0.0; return 1
def keeps(x): SEEN.append(x)
def changes_later(): SEEN[-1] += 1.0
def grows(model): model["new"] = model.pop("W") + 1.0
def draws(stream): return stream.uniform(size=3)
def calls(f): return f(np.ones(2), n=3) + 1.0
def calls_one_that_raises(f):
    try: f()
    except RuntimeError as error: return str(error)
def raises(kind): raise kind
def value_error(): raise ValueError("shapes (2,) and (3,) do not fit")
def exits(): raise SystemExit(3)
def forever():
    while True: pass
def attributes(): return Attributes(x=np.ones(2))
def pair(): return Pair(1, np.ones(1))
def integers(): return [np.int8(3), np.bool_(True), np.float32(0.5), 2**300, -(2**200)]
def objects(): return np.array([print, None])
def odd(): return [float("nan"), float("-inf"), "\\ud800", b"bytes", {1: 2, "a": (None, True)}]
def stored(): return {k: len(SEEN) for k in range(3)}
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """The text above in a process."""
    path = tmp_path_factory.mktemp("remote") / "mine.py"
    path.write_text(TEXT, encoding="utf-8")
    with opened(read(path), limits=Limits(seconds=20.0)) as one:
        yield one


@pytest.fixture
def module(loaded):
    """Its module."""
    return loaded.module


def test_values_go_there_and_come_back_as_they_are(module):
    """Numbers, texts, None, containers, and arrays of every kind of number, empty ones and columns."""
    for value in (1, -2.5, True, None, "Jörg", [1, [2.0]], (1, ()), {"a": [1], 2: None, (1, 2): "x"}):
        assert module.give(value) == value
        assert type(module.give(value)) is type(value)
    turned, backwards = np.arange(8.0).reshape(2, 4).T, np.arange(3)[::-1]
    for array in (np.zeros((0, 3)), np.array(2.0), np.ones(3, np.float32), np.array([1 + 2j]), turned, backwards):
        came = module.double(array)
        np.testing.assert_array_equal(came, 2 * array)
        assert came.dtype == (2 * array).dtype


def test_odd_values_come_as_what_they_are_worth(module):
    """NaN and infinity, NumPy's numbers, integers without end; what is no data is known by its class alone."""
    nan, low, text, data, nested = module.odd()
    assert np.isnan(nan)
    assert (low, text, type(data).__name__, nested) == (-np.inf, "?", "bytes", {1: 2, "a": (None, True)})
    assert module.integers()[:3] == [3, True, 0.5]
    assert [type(one).__name__ for one in module.integers()] == ["int8", "bool", "float32", "int", "int"]
    assert module.objects().dtype.kind == "O"
    assert type(module.objects().item(0)).__name__ == "builtin_function_or_method"
    assert np.asarray(module.give).dtype.kind == "O"


def test_objects_keep_their_state_there(module):
    """Attributes are set and read, methods called; what came back goes back as itself."""
    made = module.Network((2, 1), rate=0.3)
    made.W = np.array([[1.0], [2.0]])
    Y = made.forward(np.eye(2))
    np.testing.assert_array_equal(Y, [[1.0], [2.0]])
    assert made.same(Y)
    assert not made.same(Y.copy())
    assert (made.rate, module.Network.rate, type(made).__name__) == (0.3, 0.5, "Network")
    assert not hasattr(made, "nothing")
    assert module.attributes().x.tolist() == [1.0, 1.0]
    assert module.pair()[0] == 1


def test_what_is_done_to_an_argument_is_done_here(module):
    """At once, or by a later call that kept it; in views, and in what an earlier call returned."""
    x = np.ones(3)
    assert module.changes(x) == 1
    np.testing.assert_array_equal(x, np.zeros(3))
    module.keeps(x)
    module.changes_later()
    np.testing.assert_array_equal(x, np.ones(3))
    table = np.ones((2, 2))
    module.changes(table[:, 0])
    np.testing.assert_array_equal(table, [[0.0, 1.0], [0.0, 1.0]])
    came = module.give(np.ones(2) + 1.0)
    module.changes(came)
    np.testing.assert_array_equal(came, np.zeros(2))


def test_what_is_done_here_is_seen_there(module):
    """An array that was handed over and has changed since is handed over as it is now."""
    x = np.ones(2)
    assert module.double(x).tolist() == [2.0, 2.0]
    x[0] = 5.0
    assert module.double(x).tolist() == [10.0, 2.0]


def test_streams_go_on_where_a_function_left_them(module):
    """RandomState and Generator: the same numbers as if the function were here."""
    for make in (np.random.RandomState, np.random.default_rng):
        mine, theirs = make(3), make(3)
        np.testing.assert_array_equal(module.draws(theirs), mine.uniform(size=3))
        np.testing.assert_array_equal(theirs.uniform(size=2), mine.uniform(size=2))


def test_functions_of_ours_can_be_called_from_there(module):
    """With arrays and names; what they raise is raised there; one of the module's goes as itself."""
    assert module.calls(lambda a, n: a * n).tolist() == [4.0, 4.0]
    assert module.calls_one_that_raises(lambda: 1 / 0) == "ZeroDivisionError: division by zero"
    assert module.give(module.double)(2) == 4


def test_what_is_raised_there_is_raised_here_by_its_name(module):
    """And is a ValueError here, too; what is no Exception is one, so that nothing of ours ends by it."""
    with pytest.raises(ValueError, match=r"^shapes \(2,\)") as caught:
        module.value_error()
    assert isinstance(caught.value, Raised)
    assert type(caught.value).__name__ == "ValueError"
    assert caught.value.frames[-1][::2] == ("mine.py", "value_error")
    with pytest.raises(Raised) as caught:
        module.exits()
    assert caught.value.kinds[0] == "SystemExit"
    with pytest.raises(ValueError, match="broken"):
        _ = module.Network((1, 1)).broken
    with pytest.raises(TypeError, match="positional argument"):
        module.give()


def test_what_cannot_be_handed_over_is_a_sentence(module):
    """It says what can be."""
    with pytest.raises(InvalidValue, match="cannot be handed a object"):
        module.give(object())


def test_what_nobody_speaks_of_any_more_is_forgotten_there(module, loaded):
    """A loop of a thousand calls leaves no thousand arrays on either side."""
    x = np.ones(2)
    for _ in range(300):
        x = module.double(np.ones(2) + x[0] * 0.0)
    del x
    gc.collect()
    module.give(1)
    session = loaded.session
    assert len(session._arrays) + len(session._seen) + len(session._forget) < 20


def test_a_parcel_runs_there_as_it_would_here(loaded):
    """With its module's constants and functions, and no round trips; what needs more is not packed."""
    parcel = packed(train, Result)
    assert loaded.run(parcel)[1] == (0.0, 2.0, 4.0)
    assert loaded.run(parcel)[0](3) == 9.0
    assert packed(needs_a_class, Result) is None
    assert packed(print, Result) is None
    held = 3
    assert packed(lambda module: held, Result) is None


STEPS = 3


class Result:
    """What comes of it."""


def train(module):
    """Call the module in a loop."""
    return Result(helped, tuple(float(module.double(k)) for k in range(STEPS)))


def helped(x, times=3.0):
    """Help."""
    return times * x


def needs_a_class(module):
    """Need what cannot be sent."""
    return Raised


def test_a_function_that_hangs_ends_its_process_and_another_one_is_there(tmp_path):
    """The line is known; the next call is answered by a new process."""
    path = tmp_path / "mine.py"
    path.write_text(TEXT, encoding="utf-8")
    with opened(read(path), limits=Limits(seconds=1.0)) as one:
        with pytest.raises(Ended) as caught:
            one.module.forever()
        assert "in forever: `while True: pass`" in one.crash(caught.value).sentence
        one.end()
        assert one.module.double(2) == 4
