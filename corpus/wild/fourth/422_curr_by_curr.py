import numpy as np

x = np.array([20, 43, 63, 26, 53, 31, 58, 46])
y = np.array([120, 128, 141, 126, 134, 128, 136, 132])

mCurr = 0
bCurr = 0
iterations = 1000
n = len(x)
learning_rate = 0.0005

for i in range(iterations):
    y_predicted = mCurr * x + bCurr
    cost = (1 / n) * sum([val**2 for val in (y - y_predicted)])
    md = -(2 / n) * sum(x * (y - y_predicted))
    bd = -(2 / n) * sum(y - y_predicted)
    mCurr = mCurr - learning_rate * md
    bCurr = bCurr - learning_rate * bd
    print("m {}, b {}, cost {} iteration {}".format(mCurr, bCurr, cost, i))
