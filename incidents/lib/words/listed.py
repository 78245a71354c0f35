"""Several names within a sentence."""

from collections.abc import Iterable

from django.utils.translation import pgettext


def either(names: Iterable[str]) -> str:
    """Right: "POOL or THREADS"."""
    between = pgettext("between the names of a list", "or")
    return f" {between} ".join(names)


def both(names: Iterable[str]) -> str:
    """Right: "web.yml and worker.yml"."""
    between = pgettext("between the names of a list", "and")
    return f" {between} ".join(names)
