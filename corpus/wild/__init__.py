"""Public code of back-propagation, rewritten small: ``open`` and ``held_out`` ones that no mender sees."""
