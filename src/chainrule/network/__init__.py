"""What a network is: layers over one flat theta, and the two passes through them. NumPy alone."""
