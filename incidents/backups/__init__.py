"""A copy of everything that is data, of one moment, and the way back."""
