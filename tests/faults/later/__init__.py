"""A version that comes later: one migration more, of a table that people read."""
