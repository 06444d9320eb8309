import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def init_weights(n_in, n_hidden, n_out):
    np.random.seed(0)
    W1, b1 = np.random.randn(n_in, n_hidden), np.zeros((1, n_hidden))
    W2, b2 = np.random.randn(n_hidden, n_out), np.zeros((1, n_out))
    return W1, b1, W2, b2


# step 1
def hidden_output(X, W1, b1):
    return sigmoid(X @ W1 + b1)


# step 2
def final_output(Oj, W2, b2):
    return sigmoid(Oj @ W2 + b2)


# step 3: delta k = Ok (1 - Ok) (t - Ok)
def output_error(Ok, t):
    return Ok * (1 - Ok) * (t - Ok)


# step 4: w(jk) + rate Oj delta k
def update_output_weights(W2, b2, Oj, delta_k, lr):
    W2 = W2 + lr * (Oj.T @ delta_k)
    b2 = b2 + lr * delta_k.sum(axis=0, keepdims=True)
    return W2, b2


# step 5: delta j = Oj (1 - Oj) sum of delta k w(jk)
def hidden_error(Oj, delta_k, W2):
    return Oj * (1 - Oj) * (delta_k @ W2.T)


# step 6: w(ij) + rate xi delta j
def update_hidden_weights(W1, b1, X, delta_j, lr):
    W1 = W1 + lr * (X.T @ delta_j)
    b1 = b1 + lr * delta_j.sum(axis=0, keepdims=True)
    return W1, b1


def compute_loss(t, Ok):
    return np.mean((t - Ok) ** 2)


def train(X, t, W1, b1, W2, b2, epochs=10000, lr=0.5):
    for epoch in range(epochs):
        Oj = hidden_output(X, W1, b1)
        Ok = final_output(Oj, W2, b2)
        loss = compute_loss(t, Ok)

        delta_k = output_error(Ok, t)
        W2, b2 = update_output_weights(W2, b2, Oj, delta_k, lr)

        delta_j = hidden_error(Oj, delta_k, W2)
        W1, b1 = update_hidden_weights(W1, b1, X, delta_j, lr)

        if (epoch + 1) % 1000 == 0:
            print(f"epoch {epoch + 1} loss {loss:.6f}")
    return W1, b1, W2, b2


if __name__ == "__main__":
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    t = np.array([[0], [1], [1], [0]])
    train(X, t, *init_weights(2, 4, 1))
