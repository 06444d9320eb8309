import math


def squash(v):
    return 1 / (1 + math.exp(-v))


def squash_slope(v):
    return v * (1 - v)


samples = [[0.05, 0.10]]
wanted = [[0.01, 0.99]]
speed = 0.5
n_in = 2
n_mid = 2
n_out = 2
mid_w = [[0.15, 0.25], [0.20, 0.30]]
out_w = [[0.40, 0.50], [0.45, 0.55]]
mid_b = [0.35, 0.35]
out_b = [0.60, 0.60]
for turn in range(10000):
    mid_sum = [0, 0]
for i in range(n_mid):
    mid_sum[i] = (samples[0][0] * mid_w[0][i]) + (samples[0][1] * mid_w[1][i]) + mid_b[i]
    mid = [squash(v) for v in mid_sum]
    out_sum = [0, 0]
for i in range(n_out):
    out_sum[i] = (mid[0] * out_w[0][i]) + (mid[1] * out_w[1][i]) + out_b[i]
    out = [squash(v) for v in out_sum]
out_miss = [wanted[0][i] - out[i] for i in range(n_out)]
out_slope = [squash_slope(out[i]) * out_miss[i] for i in range(n_out)]
for i in range(n_out):
    for j in range(n_mid):
        out_w[j][i] += speed * out_slope[i] * mid[j]
        out_b[i] += speed * out_slope[i]
mid_miss = [sum(out_slope[k] * out_w[j][k] for k in range(n_out)) for j in range(n_mid)]
mid_slope = [squash_slope(mid[i]) * mid_miss[i] for i in range(n_mid)]
for i in range(n_mid):
    for j in range(n_in):
        mid_w[j][i] += speed * mid_slope[i] * samples[0][j]
        mid_b[i] += speed * mid_slope[i]
print("Outputs at the end:")
print(out)
