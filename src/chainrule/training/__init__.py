"""How a network learns: optimizers, batches, rules for stopping, the epochs, and SciPy's minimisers."""
