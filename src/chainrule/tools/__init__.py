"""Tools on the engine: checking gradients, data, pictures, files."""
