import numpy as np

rng = np.random.RandomState(0)
rows = rng.rand(12, 3)
wanted = np.eye(3)[rng.randint(0, 3, 12)]
n_rows = 12

# weights from the inputs to four hidden units, and from these and a unit for the bias to the outputs
p = rng.rand(3, 4)
q = rng.rand(5, 3)
p_log = [p, p]  # for the momentum term
q_log = [q, q]
turn = 0
rounds = 100

for epoch in range(rounds):
    for i in range(n_rows):
        turn = turn + 1
        x = np.array(rows[i])
        # forward
        hid_in = np.dot(x, p)
        hid = np.array([1, 0, 0, 0, 0], dtype='float')
        for j in range(1, 5):
            hid[j] = 1 / (1 + np.exp(-hid_in[j - 1]))
        out_in = np.dot(hid, q)
        out = np.array([0, 0, 0], dtype='float')
        for j in range(3):
            out[j] = 1 / (1 + np.exp(-out_in[j]))

        # backward
        target = np.array(wanted[i], dtype='float')
        out_local = np.multiply(np.multiply((target - out), out), (np.array([1, 1, 1]) - out))
        qT = np.transpose(q)
        hid_local = np.multiply(np.multiply(np.dot(out_local, qT), hid), (np.array([1, 1, 1, 1, 1]) - hid))
        hid_local1 = np.array([hid_local[1], hid_local[2], hid_local[3], hid_local[4]])

        # update
        learn = 1
        alpha = 0.01
        for r in range(3):
            for c in range(4):
                p[r][c] = p[r][c] + ((p_log[turn][r][c] - p_log[turn - 1][r][c]) * alpha) + learn * hid_local1[c] * x[r]
        for r in range(5):
            for c in range(3):
                q[r][c] = q[r][c] + ((q_log[turn][r][c] - q_log[turn - 1][r][c]) * alpha) + learn * out_local[c] * hid[r]
        p_log.append(p)
        q_log.append(q)
    if epoch % 50 == 0:
        print(epoch, np.argmax(out), np.argmax(target))
