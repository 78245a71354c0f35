"""What people type when they know which record they want: `INC-4`, `inc 4`, `#act9`."""

import re
from typing import NamedTuple

from incidents.models import FoundKind

PREFIXES = {
    "inc": FoundKind.INCIDENT,
    "les": FoundKind.LESSON,
    "act": FoundKind.ACTION_ITEM,
}
# At most nineteen digits: what a database key can hold.
_REFERENCE = re.compile(r"\s*#?(inc|les|act)[\s_:#-]*0*([1-9][0-9]{0,18})\s*", re.IGNORECASE)
LARGEST_KEY = 2**63 - 1


class Reference(NamedTuple):
    kind: FoundKind
    record_id: int


def read_reference(text: str) -> Reference | None:
    """Right: `INC-4`, `inc 4`, `ACT9`. Wrong, as they say more: `INC-4 again`, `4`, `INC-0`."""
    found = _REFERENCE.fullmatch(text)
    if not found or int(found[2]) > LARGEST_KEY:
        return None
    return Reference(PREFIXES[found[1].lower()], int(found[2]))
