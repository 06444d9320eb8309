"""S1: networks for ``scipy.optimize.minimize(jac=True)``."""
