"""S4: XOR and its neighbours, a class with forward, loss, gradient and update."""
