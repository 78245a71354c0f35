"""`${NAME:-5}` in a value: what another program would put there from its environment."""

import re

from incidents.guard.configuration import Unknown, Value
from incidents.guard.readers.computed import FromEnvironment, settled
from incidents.guard.readers.found import plain

NAMED = re.compile(
    r"\$(?:\{(?P<braced>[A-Za-z_][\w.-]*+)(?:(?P<sign>:?[-?+]|:)(?P<rest>[^${}]*+))?\}"
    r"|(?P<bare>[A-Za-z_]\w*+))"
)
DEFAULTS = {":-", "-", ":"}


def filled_in(text: str, *, bare: bool = True) -> Unknown | None:
    """Why the value is not known; `None` when nothing is filled in. `bare`: `$NAME` counts too.

    >>> filled_in("${POOL:-5}")
    Unknown(reason='5 unless POOL is set')
    """
    if "$" not in text:
        return None
    names, whole, defaults = [], text, True
    for found in NAMED.finditer(text.replace("$$", "  ")):
        if found["bare"] and not bare:
            continue
        names.append(found["braced"] or found["bare"])
        if found["sign"] in DEFAULTS:
            whole = whole.replace(found[0], found["rest"], 1)
        else:
            defaults = False
    if not names:
        return None
    default: Value = plain(whole) if defaults else None
    value = settled(FromEnvironment(tuple(dict.fromkeys(names)), default))
    return value if isinstance(value, Unknown) else None
