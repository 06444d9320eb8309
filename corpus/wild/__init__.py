"""Public code of back-propagation, rewritten small: ``open``, ``held_out``, and ``third`` and ``fourth``, which no mender sees."""
