"""Edits: the mistakes of hand-written back-propagation, as edits of a derivation's steps."""
