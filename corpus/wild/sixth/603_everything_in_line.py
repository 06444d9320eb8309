import numpy as np

data = np.array([[1, 2, 3],
                 [3, 4, 1],
                 [2, 5, 3]])

goal = np.array([.2, .5, .3])

goal = goal.T

first = 2

second = np.random.random((3, 3)) - 1

for k in range(100):

    # last layer's error
    e2 = (goal - (1 / (1 + np.exp(-(np.dot((1 / (1 + np.exp(
        -(np.dot(data, first))))), second)))))) * ((1 /
          (1 + np.exp(-(np.dot((1 / (1 + np.exp(
              -(np.dot(data, first))))), second))))) * (1 - (1 /
          (1 + np.exp(-(np.dot((1 / (1 + np.exp(
              -(np.dot(data, first))))), second)))))))

    # first layer's error
    e1 = e2.dot(second.T) * ((1 / (1 + np.exp(-(np.dot(data, first))))) *
                             (1 - (1 / (1 + np.exp(-(np.dot(data, first)))))))

    second = second + (1 / (1 + np.exp(-(np.dot(data, first))))).T.dot(e2)

    first = first + (data.T.dot(e1))

    print(1 / (1 + np.exp(-(np.dot(data, first)))))
