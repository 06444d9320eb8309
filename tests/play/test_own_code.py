"""Code of one's own: whatever form a function has, it is checked and trains the picture as the engine does."""

import builtins

import numpy as np
import pytest
from tests.play.test_session import run_to, session

from chainrule.errors import InvalidValue
from chainrule.play.messages import Code, Data, Layer, Set, State, Training

GOOD = """
import numpy as np
def backprop(theta, X, T):
    w, b = theta[:2].reshape(2, 1), theta[2]
    y = 1 / (1 + np.exp(-(X @ w + b)))
    loss = -np.mean(T * np.log(y) + (1 - T) * np.log(1 - y))
    d = (y - T) / len(X)
    return loss, np.append(X.T @ d, d.sum())
"""


def test_pasted_code_is_checked_and_trains_the_picture():
    """Right code trains as the engine does; wrong code is named; bad code is a sentence and changes nothing."""
    with session(State(layers=[])) as one:
        answer = one.answer(Code(text=GOOD))
        assert answer["ok"]
        run_to(one, 10)
        own = one.live.moment.theta
        with pytest.raises(InvalidValue, match="backprop"):
            one.answer(Code(text="x = 1"))
        wrong = one.answer(Code(text=GOOD.replace("d.sum()", "d.mean()")))
        assert (wrong["ok"], "bias" in wrong["text"]) == (False, True)
        one.answer(Code())
        run_to(one, 10)
        assert np.allclose(own, one.live.moment.theta, rtol=1e-9)


SIGMOID = "1 / (1 + np.exp(-({})))"
FORMS = {
    "blocks": f"""
def backprop(W1, b1, X, y):
    d = ({SIGMOID.format("X @ W1 + b1")} - y) / len(X)
    return X.T @ d, d.sum(axis=0)
""",
    "lists, and a sum": f"""
def forward(weights, biases, X):
    return {SIGMOID.format("X @ weights[0] + biases[0]")}
def compute_gradients(weights, biases, X, y):
    d = forward(weights, biases, X) - y
    return [X.T @ d], [d.sum(axis=0)]
""",
    "a dict": f"""
def backward(params, X, Y):
    d = ({SIGMOID.format("X @ params['W1'] + params['b1']")} - Y) / len(X)
    return {{"dW1": X.T @ d, "db1": d.sum(axis=0)}}
""",
    "a cache of the forward pass": f"""
def forward(X, W1, b1):
    A1 = {SIGMOID.format("X @ W1 + b1")}
    return A1, (X, A1)
def backward(cache, y):
    X, A1 = cache
    d = (A1 - y) / len(X)
    return X.T @ d, d.sum(axis=0)
""",
    "a step with a rate": f"""
def update(W1, b1, X, y, lr):
    d = ({SIGMOID.format("X @ W1 + b1")} - y) / len(X)
    return W1 - lr * X.T @ d, b1 - lr * d.sum(axis=0)
""",
    "samples as columns, climbing": f"""
def gradient(w, b, X, y):
    d = y - {SIGMOID.format("w @ X + b")}
    return d @ X.T, d.sum()
""",
}


@pytest.mark.parametrize("name", FORMS)
def test_functions_of_any_form_train_as_the_engine_does(name):
    """Lists, dicts, blocks, a cache, a step: and what is a sum or climbs is averaged and descends."""
    with session(State(layers=[])) as one:
        run_to(one, 10)
        right = one.live.moment.theta
        answer = one.answer(Code(text=f"import numpy as np\n{FORMS[name]}"))
        assert "trains the picture now" in answer["text"]
        run_to(one, 10)
        assert np.allclose(one.live.moment.theta, right, rtol=1e-9)


UNABLE = {
    "class Net:\n    def backward(self, T): pass": r"class Net keeps its own.*\n    \.\.\. = W1, b1\n    model\.for",
    "W1 = 0\ndef backprop(X, T): return X * W1": "backprop is not handed the parameters",
    "def backprop(stuff, X, T): return stuff": r"'stuff' of backprop. Wrap.*\n    return backprop\(\.\.\., X, T\)$",
    "def forward(X, W1, b1): return X @ W1": "no function in it that can train",
    "def backprop(theta, X, T):\n\n    raise ValueError('no')": r"in line 3 of backprop: raise ValueError.*It said: no",
    "def backprop(theta, X, T): return theta.ravel()[:1]": "It cannot train: I cannot match what your code",
    "def backprop(theta": "backprop.py, line 1",
    "def backprop(theta, X, T):\n    while True: pass": "seconds",
}


@pytest.mark.parametrize(("text", "told"), UNABLE.items())
def test_what_cannot_train_is_refused_with_the_wrapper_to_write(text, told, monkeypatch):
    """A class, a function that reads its module, an unknown name, an endless loop: and the run goes on as it was."""
    monkeypatch.setattr("chainrule.play.own_code.SECONDS_OF_CALL", 2.0)
    with session(State(layers=[])) as one:
        live = one.live
        with pytest.raises(InvalidValue, match=f"(?s){told}"):
            one.answer(Code(text=text))
        assert one.live is live


CLASS = """
import numpy as np
def sigmoid(z):
    return 1 / (1 + np.exp(-z))
class Net:
    def __init__(self, n_in, n_out):
        self.W1, self.b1 = np.zeros((n_in, n_out)), np.zeros(n_out)
    def forward(self, X):
        self.X, self.Y = X, sigmoid(X @ self.W1 + self.b1)
    def backward(self, T):
        d = (self.Y - T) / len(T)
        self.dW1, self.db1 = self.X.T @ d, d.sum(axis=0)
"""


def test_a_class_trains_with_the_wrapper_that_is_told():
    """What the refusal says to write is put below the class as it stands, and it trains as the engine does."""
    with session(State(layers=[])) as one:
        run_to(one, 10)
        right = one.live.moment.theta
        with pytest.raises(InvalidValue) as refused:
            one.answer(Code(text=CLASS))
        wrapper = str(refused.value).split("…\n")[1]
        one.answer(Code(text=CLASS + wrapper))
        run_to(one, 10)
        assert np.allclose(one.live.moment.theta, right, rtol=1e-9)


def test_code_is_checked_anew_for_another_network_and_refused_where_it_does_not_fit():
    """Another penalty or data set: it trains on; a hidden layer more: a sentence, and what was goes on."""
    with session(State(layers=[])) as one:
        one.answer(Code(text=f"import numpy as np\n{FORMS['blocks']}"))
        one.answer(Set(state=State(Data(name="circles"), [], training=Training(l2=0.1)), suit=True))
        run_to(one, 5)
        before = one.live
        with pytest.raises(InvalidValue, match=r"does not fit this network\. Give the engine"):
            one.answer(Set(state=State(layers=[Layer(3)])))
        assert one.live is before
        assert one.own is not None


PENALIZED = """
import numpy as np
def backprop(W1, b1, X, T, l2):
    d = (1 / (1 + np.exp(-(X @ W1 + b1))) - T) / len(X)
    return X.T @ d + 2 * l2 * W1, d.sum(axis=0)
"""


def test_code_that_asks_for_a_penalty_is_handed_the_runs():
    """λ of the run, also after it was changed."""
    with session(State(layers=[])) as one:
        one.answer(Code(text=PENALIZED))
        one.answer(Set(state=State(layers=[], training=Training(l2=0.2))))
        run_to(one, 10)
        own = one.live.moment.theta
        one.answer(Code())
        run_to(one, 10)
        assert np.allclose(own, one.live.moment.theta, rtol=1e-9)


LEAKS = """
def backprop(W1, b1, X, y):
    import builtins
    builtins.ran_in_the_server = True
    for k in range(3):
        W1 = W1 * 1.0
    return "no gradient"
"""
WAITS = """
import numpy as np
def backprop(X, y):
    import builtins
    builtins.ran_in_the_server = True
    W, b = np.ones((2, 1)), np.zeros(1)
    miss = 1.0
    while miss > 1e-9:
        builtins.ran_in_the_server = True
        d = 1 / (1 + np.exp(-(X @ W + b))) - y
        W -= 0.1 * X.T @ d
        b -= 0.1 * d.sum(axis=0)
        miss = 0.0
    return W, b
"""


@pytest.mark.parametrize("text", [LEAKS, WAITS], ids=["no gradient", "its own parameters"])
def test_no_line_of_pasted_code_runs_in_the_server(text):
    """Not those of a loop that trains by the function either, which check_backprop runs of a caller's own module."""
    try:
        with session(State(layers=[])) as one, pytest.raises(InvalidValue):
            one.answer(Code(text=text))
        assert not hasattr(builtins, "ran_in_the_server")
    finally:
        vars(builtins).pop("ran_in_the_server", None)
