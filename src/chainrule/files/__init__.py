"""Files: written whole or not at all, and read no further than they promise."""
