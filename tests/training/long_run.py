"""A run that takes a while, with all that is to be remembered; as a program it is killed, and goes on."""

import sys

from tests.streams.rows import X, Y

import chainrule as cr
from chainrule import Checkpoint, Dense, Network, stream, train

T = cr.datasets.one_hot(Y)
MEMORY = 20_000
NET = Network([Dense(5, "tanh", dropout=0.2), Dense(3, "softmax")], n_features=4, loss="cross_entropy")


def ran(checkpoint=None, memory=MEMORY, **given):
    """Run on a stream; a generator is made anew for each run."""
    given = {"batch_size": 32, "max_epochs": 4, "random_state": 0, "progress": False} | given
    if callable(given["random_state"]):
        given["random_state"] = given["random_state"](0)
    return train(NET, stream(X, T, memory=memory), checkpoint=checkpoint, **given)


def long_run(checkpoint):
    """Run sixty epochs of a few windows with all that a checkpoint holds."""
    remembered = {"optimizer": "adam", "engine": "textbook", "validation": 0.2, "average_from": 9}
    return ran(checkpoint, memory=5 * MEMORY, max_epochs=60, **remembered)


if __name__ == "__main__":
    long_run(Checkpoint(sys.argv[1]))
