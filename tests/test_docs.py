"""The documentation: its examples are what the code writes today."""

from pathlib import Path

import pytest

from chainrule import Dense, Network, explain

EXAMPLES = Path(__file__).parents[1] / "docs" / "examples"


def explanation():
    """Two samples through 2–2–1, S2's network."""
    net = Network([Dense(2, "sigmoid"), Dense(1, "sigmoid")], n_features=2, loss="half_squared_error")
    return explain(net, net.initial_theta(random_state=0), [[0.0, 1.0], [1.0, 1.0]], [1, 0], learning_rate=0.5)


def changes():
    """S3's question: one more hidden layer, sigmoid for ReLU."""
    before = Network([Dense(100, "relu"), Dense(2, "softmax")], 2, "cross_entropy")
    now = Network([Dense(100, "sigmoid"), Dense(100, "sigmoid"), Dense(2, "softmax")], 2, "cross_entropy")
    return explain(now, compared_with=before)


@pytest.mark.parametrize("example", [explanation, changes])
def test_the_example_is_what_is_written_today(example):
    """docs/examples/NAME.md equals what explain writes; run this file to write it anew."""
    assert (EXAMPLES / f"{example.__name__}.md").read_text(encoding="utf-8") == example()


if __name__ == "__main__":
    for make in (explanation, changes):
        (EXAMPLES / f"{make.__name__}.md").write_text(make(), encoding="utf-8")
