# one neuron without activation, by hand

x = 2.0
wanted = 10.0

w = 0.5
b = 1.0
rate = 0.01
rounds = 100

for i in range(rounds):
    # there
    guess = w * x + b
    loss = (guess - wanted) ** 2
    # back: the loss by the guess, the weight and the bias
    dl_guess = 2 * (guess - wanted)
    dl_w = dl_guess * x
    dl_b = dl_guess * 1
    # the step
    w = w - rate * dl_w
    b = w - rate * dl_b
    if i % 20 == 0:
        print(f"round {i}: loss {loss:.4f}, weight {w}, bias {b}")

print(f"guess: {round(w * x + b)}")
