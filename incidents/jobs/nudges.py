"""Telling workers elsewhere that there is work. Nothing depends on it but how soon they look."""

from incidents.models import Queue


def nudge(queue: Queue) -> None:
    """Without a broker there is nobody to tell: the site's own workers look by themselves."""
