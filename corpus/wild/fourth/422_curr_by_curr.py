import numpy as np

x = np.array([20, 43, 63, 26, 53, 31, 58, 46])
y = np.array([120, 128, 141, 126, 134, 128, 136, 132])

m_now = 0
b_now = 0
iterations = 1000
n = len(x)
rate = 0.0005

for i in range(iterations):
    fitted = m_now * x + b_now
    cost = (1 / n) * sum([val**2 for val in (y - fitted)])
    dm = -(2 / n) * sum(x * (y - fitted))
    db = -(2 / n) * sum(y - fitted)
    m_now = m_now - rate * dm
    b_now = b_now - rate * db
    print("m {}, b {}, cost {} iteration {}".format(m_now, b_now, cost, i))
