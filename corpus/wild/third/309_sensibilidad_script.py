import numpy as np

# valores iniciales
p = 1
t = 1 + np.sin((p * np.pi) / 4)
w1 = np.array([[-0.27], [-0.41]])
b1 = np.array([[-0.48], [-0.13]])
w2 = np.array([[0.09, -0.17]])
b2 = np.array([[0.48]])
alfa = 0.1

# hacia adelante
a0 = p
a1 = 1 / (1 + np.exp(-(np.dot(w1, a0) + b1)))
a2 = np.dot(w2, a1) + b2
e = t - a2

# sensibilidades
s2 = -2 * e
s1 = a1 * (1 - a1) * w1.T * s2

# hacia atras
nuevo_w2 = w2 - alfa * s2 * a1.T
nuevo_b2 = b2 - alfa * s2
nuevo_w1 = w1 - alfa * s1 * a0
nuevo_b1 = w1 - alfa * s1
