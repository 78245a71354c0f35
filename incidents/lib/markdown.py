"""Markdown into safe HTML."""

import markdown
import nh3

MAXIMUM_LENGTH = 200_000


class TextTooLong(ValueError):
    """The text has more characters than are rendered."""


def render(source: str) -> str:
    """Raises `TextTooLong`."""
    if len(source) > MAXIMUM_LENGTH:
        raise TextTooLong(f"This text has {len(source):,} characters; {MAXIMUM_LENGTH:,} fit.")
    return nh3.clean(markdown.markdown(source))
