"""S0: two moons, one hidden ReLU layer, the perceptron loss."""
