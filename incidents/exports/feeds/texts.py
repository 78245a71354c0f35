"""Texts of records, as they fit into a feed."""

from incidents.lib.one_line import one_line
from incidents.lib.unseen import told_controls

TITLE, TEXT = 300, 1000
"""So many characters of each at most: the rest is where the entry leads."""


def fitting(text: str, longest: int) -> str:
    """On one line, without what XML cannot hold and no calendar shows."""
    return told_controls(one_line(text, longest))
