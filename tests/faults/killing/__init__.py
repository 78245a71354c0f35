"""Workers that are killed: what they are given to do, how they are run, and what became of it."""
