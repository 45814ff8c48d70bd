"""A table of numbers that belongs to no project: read it, pool it, show it."""
