import numpy as np


def gradient_descent(x, y, w, b, alpha=0.01, iterations=100, small=1e-9):
    steps = []
    for i in range(iterations):
        dw = np.mean((w * x + b - y) * x)
        db = np.mean((w * x + b - y))
        if abs(dw) < small and abs(db) < small:
            break

        # w 減去 alpha 乘梯度
        w -= alpha * dw
        b -= alpha * db
        steps.append([w, b])
    return steps


if __name__ == "__main__":
    x = np.array([6.1, 5.5, 8.5, 7.0, 5.8, 8.3])
    y = np.array([17.5, 9.1, 13.6, 11.8, 6.8, 11.9])
    steps = gradient_descent(x, y, 0.0, 0.0, 0.02, 1000)
    print("w : {}, b : {}".format(steps[-1][0], steps[-1][1]))
