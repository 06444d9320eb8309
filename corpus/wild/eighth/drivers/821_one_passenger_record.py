import numpy as np
from corpus.wild.helpers import summed


def ended(m, W1, b1, W2, b2, x, t):
    return m.run(
        x=dict(zip(("class", "age", "fare"), x.tolist(), strict=True)),
        y_wanted=float(t[0]),
        w_ih={f"x{i + 1}_h{j + 1}": float(W1[i, j]) for i in range(3) for j in range(2)},
        b_h={"h1": float(b1[0]), "h2": float(b1[1])},
        w_ho={"h1_o1": float(W2[0, 0]), "h2_o1": float(W2[1, 0])},
        start_b_o=float(b2[0]),
        b_o=float(b2[0]),
        rate=0.1,
    )


def gradient(m, W1, b1, W2, b2, X, T):
    def one(x, t):
        end = ended(m, W1, b1, W2, b2, x, t)
        hidden = np.array([[end["w_ih"][f"x{i + 1}_h{j + 1}"] for j in range(2)] for i in range(3)])
        biases = np.array([end["b_h"]["h1"], end["b_h"]["h2"]])
        out = np.array([[end["w_ho"]["h1_o1"]], [end["w_ho"]["h2_o1"]]])
        return (W1 - hidden) / 0.1, (b1 - biases) / 0.1, (W2 - out) / 0.1, end["delta_o1"] * np.ones(1)

    return summed(one, X, T)


def loss(m, W1, b1, W2, b2, X, T):
    return sum(ended(m, W1, b1, W2, b2, x, t)["mse"] for x, t in zip(X, T, strict=True))
