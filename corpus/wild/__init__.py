"""Public code of back-propagation, rewritten small; no mender sees ``third`` to ``eighth``."""
