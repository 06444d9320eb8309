import math

rate = 0.5
rounds = 2000

t1 = 0.01
t2 = 0.99
i1 = 0.05
i2 = 0.1

w1 = 0.15
w2 = 0.2
w3 = 0.25
w4 = 0.3
w5 = 0.4
w6 = 0.45
w7 = 0.50
w8 = 0.55
b1 = 0.35
b2 = 0.6

for turn in range(0, rounds):
    h1 = 1 / (1 + math.exp(-(w1 * i1 + w2 * i2 + b1)))
    h2 = 1 / (1 + math.exp(-(w3 * i1 + w4 * i2 + b1)))
    o1 = 1 / (1 + math.exp(-(w5 * h1 + w6 * h2 + b2)))
    o2 = 1 / (1 + math.exp(-(w7 * h1 + w8 * h2 + b2)))

    total = 0.5 * math.pow((t1 - o1), 2) + 0.5 * math.pow((t2 - o2), 2)

    de5 = (o1 - t1) * o1 * (1 - o1) * h1
    new5 = w5 - rate * de5
    de6 = (o1 - t1) * o1 * (1 - o1) * h2
    new6 = w6 - rate * de6
    de7 = (o2 - t2) * o2 * (1 - o2) * h1
    new7 = w7 - rate * de7
    de8 = (o2 - t2) * o2 * (1 - o2) * h2
    new8 = w8 - rate * de8

    de1 = (((o1 - t1) * o1 * (1 - o1) * w5) + ((o2 - t2) * o2 * (1 - o2) * w7)) * h1 * (1 - h1) * i1
    new1 = w1 - rate * de1
    de2 = (((o1 - t1) * o1 * (1 - o1) * w5) + ((o2 - t2) * o2 * (1 - o2) * w7)) * h1 * (1 - h1) * i2
    new2 = w2 - rate * de2
    de3 = (((o1 - t1) * o1 * (1 - o1) * w6) + ((o2 - t2) * o2 * (1 - o2) * w8)) * h2 * (1 - h2) * i1
    new3 = w3 - rate * de3
    de4 = (((o1 - t1) * o1 * (1 - o1) * w6) + ((o2 - t2) * o2 * (1 - o2) * w8)) * h2 * (1 - h2) * i2
    new4 = w4 - rate * de4

    w1 = new1
    w2 = new2
    w3 = new3
    w4 = new4
    w5 = new5
    w6 = new6
    w7 = new7
    w8 = new8

print("first: %s" % o1)
print("second: %s" % o2)
print("error: %s" % total)
