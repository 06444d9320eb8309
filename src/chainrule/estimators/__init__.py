"""Estimators: scikit-learn's multilayer perceptrons, carried on: the same names, the same numbers, and more."""
