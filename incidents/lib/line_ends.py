"""The ends of lines, of which a form sends another kind than the one that texts are kept with."""

from typing import TypeVar

Value = TypeVar("Value")


def with_plain_line_ends(value: Value) -> Value:
    """A text with one character at the end of each line; anything else as it is.

    Browsers send two, carriage return and line feed, whatever the text had that they were given
    (HTML, "form-data set encoding"): kept like that, every text of a form would have changed.
    """
    if not isinstance(value, str):
        return value
    return value.replace("\r\n", "\n").replace("\r", "\n")  # type: ignore[return-value]
