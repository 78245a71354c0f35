"""The shape of an archive: what is kept of each table, in which file, under which name.

Whoever writes one and whoever reads one follow the same tables.
"""
