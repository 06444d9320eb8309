import math

n_x = 3
n_z = 4
n_y = 2
lr = 0.3
xs = [0.4, 0.9, 0.1]
v = [0.1, -0.3, 0.2, 0.5, 0.3, 0.1, -0.2, 0.4, -0.5, 0.2, 0.3, 0.1]
w = [0.2, -0.1, 0.4, 0.3, -0.3, 0.5, 0.1, 0.2]
t = [1.0, 0.0]

z_sum = []
z = []
y_sum = []
y = []
delta_k = []
dw = []
dv = []
delta_z_sum = []
delta_z = []
v_new = []
w_new = []

print("FEEDFORWARD\nStep 4:")
for i in range(n_z):
    z_sum.append(0)
    for j in range(n_x):
        z_sum[i] += xs[j] * v[((j * n_z) + i)]
    z.append(1 / (1 + math.exp(-z_sum[i])))
    print("Z{} = {:.4f}".format(i + 1, z[i]))

print("Step 5:")
for i in range(n_y):
    y_sum.append(0)
    for j in range(n_z):
        y_sum[i] += z[j] * w[((j * n_y) + i)]
    y.append(1 / (1 + math.exp(-y_sum[i])))
    print("Y{} = {:.4f}".format(i + 1, y[i]))

print("BACKPROPAGATION\nStep 6:")
for i in range(n_y):
    delta_k.append((t[i] - y[i]) * (y[i]) * (1 - y[i]))
    print("delta-k{} = {:.4f}".format(i + 1, delta_k[i]))
for i in range(n_z):
    for j in range(n_y):
        dw.append(delta_k[j] * lr * z[i])
        print("dw{}{} = {:.4f}".format(i + 1, j + 1, dw[-1]))

print("Step 7:")
for i in range(n_z):
    delta_z_sum.append(0)
    for j in range(n_y):
        delta_z_sum[i] += (delta_k[j] * w[(2 * i) + j])
    delta_z.append(delta_z_sum[i] * z[i] * (1 - z[i]))
    print("delta-z{} = {:.4f}".format(i + 1, delta_z[i]))
for i in range(n_x):
    for j in range(n_z):
        dv.append(delta_z[j] * lr * xs[i])
        print("dv{}{} = {}".format(i + 1, j + 1, round(dv[-1] + 0, 4)))

print("UPDATES\nStep 8:")
for i in range(len(v)):
    v_new.append(v[i] + dv[i])
    print("v(new) = {}".format(round(v_new[-1], 4)))
for i in range(len(w)):
    w_new.append(w[i] + dw[i])
    print("w(new) = {}".format(round(w_new[-1], 4)))
