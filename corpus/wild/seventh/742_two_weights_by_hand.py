x, y = 2, 3
w1, w2 = 0.5, 1
b1, b2 = 0, 0


# there
def forward(w1, w2, x, b1, b2):
    z1 = w1 * x + b1
    a1 = z1
    return w2 * a1 + b2


def squared(guess, y):
    return (y - guess) ** 2


guess = forward(w1, w2, x, b1, b2)
print(f"guess: {guess}")
loss = squared(guess, y)
print(f"loss: {loss}")

# and back
dl_guess = -2 * (y - guess)
dguess_w2 = 1
dl_w2 = dl_guess * dguess_w2
dguess_a1 = w2
da1_z1 = 1
dz1_w1 = x
dl_w1 = dl_guess * dguess_a1 * da1_z1 * dz1_w1
print(f"by w2: {dl_w2}, by w1: {dl_w1}")

n = 0.1
new_w1 = w1 - n * dl_w1
new_w2 = w2 - n * dl_w2
print(f"new: {new_w1}, {new_w2}")
