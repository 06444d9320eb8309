"""Formulas on arrays: activations, losses, penalties, initialisers. Nothing here knows what a network is."""
