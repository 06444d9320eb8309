"""Estimators: scikit-learn's multilayer perceptrons with the same names and numbers, and more."""
