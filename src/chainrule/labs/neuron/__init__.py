"""S2: a single neuron, then two hidden ones."""
