"""Repairs: the line of a student's own text with which, written otherwise, the gradient is right."""
