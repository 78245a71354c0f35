"""A made-up archive of any size, for tests of scale: the same seed gives the same records."""
