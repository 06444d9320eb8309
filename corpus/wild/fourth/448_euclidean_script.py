import numpy as np

batch = 4
dim_in = 3
dim_hid = 5
dim_out = 2
rate = 1e-5

np.random.seed(0)
x = np.random.randn(batch, dim_in)
y = np.random.randn(batch, dim_out)

w1 = np.random.randn(dim_in, dim_hid)
w2 = np.random.randn(dim_hid, dim_out)

a = np.dot(x, w1)
b = np.maximum(0, a)
c = np.dot(b, w2)
print(c)

for i in range(1000):
    a = np.dot(x, w1)
    b = np.maximum(0, a)
    c = np.dot(b, w2)
    loss = np.sum((y - c) ** 2)

    g2 = -2 * np.dot(b.T, y - c)
    gate = np.array([[i if i > 0 else 0 for i in row] for row in a])
    g1 = -2 * x.T.dot((y - c).dot(w2.T) * gate)

    w1 -= g1 * rate
    w2 -= g2 * rate

print(y)
print(c)
