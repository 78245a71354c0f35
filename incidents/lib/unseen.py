"""Characters without a look of their own, told by their numbers."""

import re

# Not tab and line feed. What Unicode has set aside for never being a character is as unseen.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def told_controls(text: str) -> str:
    """Right: "a[U+001B]b" for an escape between them. A line ends with a line feed alone."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return CONTROL.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)
