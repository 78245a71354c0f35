"""Discovery only: each module that is imported here tells which kinds of work there are."""
