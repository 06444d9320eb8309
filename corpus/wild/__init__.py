"""Public code of back-propagation, rewritten small: ``open``, ``held_out``, and ``third``, which no mender sees."""
