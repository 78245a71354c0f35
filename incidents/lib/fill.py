"""Our own texts with names in braces, and what stands for them."""

import re
from collections.abc import Mapping

NAME = re.compile(r"\{([a-z_]+)\}")


def fill(template: str, values: Mapping[str, str]) -> str:
    """`fill("Hello {name}", {"name": "{0.__class__}"})` → "Hello {0.__class__}".

    A name is looked up and nothing else: no attribute, no format, and what is filled in is not read
    again. Raises `KeyError` for a name that has no value.
    """
    return NAME.sub(lambda found: values[found[1]], template)
