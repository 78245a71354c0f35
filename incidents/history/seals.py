"""The seals by which a line of history shows that it is as it was written, and in its place.

A seal is an HMAC-SHA256 over all that the line says, whose history it is in, and the how-manieth it
is there. The last line of a document has another, over its number: who takes it out cannot make
that of the line before. The key is the site's, and does not stand in the database.
"""

import json
from datetime import UTC, datetime
from hashlib import sha256
from hmac import compare_digest, digest
from typing import Any

from django.conf import settings

from incidents.history.values import Plain
from incidents.models import Change

PURPOSE = b"postmortems: history: "
"""So that no other use of the same key makes the same bytes."""


HALF = 32
"""Letters of a seal. Of a line that is no longer the last so many stay: they show that it was,
and nobody can make the whole of them again."""


def seal(change: Change) -> None:
    """Seal a line that has its number, as the last of its document."""
    change.seal = seal_of(change)
    change.last_seal = last_seal_of(change)


def is_sealed(change: Change) -> bool:
    return change.seal is not None and compare_digest(change.seal, seal_of(change))


def is_sealed_as_last(change: Change) -> bool:
    return change.last_seal is not None and compare_digest(change.last_seal, last_seal_of(change))


def was_sealed_as_last(change: Change) -> bool:
    half = last_seal_of(change)[:HALF]
    return change.last_seal is not None and compare_digest(change.last_seal, half)


def seal_of(change: Change) -> str:
    at: datetime = change.at
    return keyed(
        "line",
        change.document_type,
        change.document_id,
        change.number,
        at.astimezone(UTC).isoformat(),
        change.by_id,
        change.summary,
        as_any_database_has_it(change.parts),
    )


def last_seal_of(change: Change) -> str:
    return keyed("last", change.document_type, change.document_id, change.number)


def keyed(*said: Plain) -> str:
    text = json.dumps(said, sort_keys=True, separators=(",", ":"))
    key = sha256(PURPOSE + settings.HISTORY_KEY.encode()).digest()
    return digest(key, text.encode(), "sha256").hex()


def as_any_database_has_it(value: Any) -> Any:
    """PostgreSQL gives 1e16 back as a whole number, SQLite as one with a point."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {str(name): as_any_database_has_it(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [as_any_database_has_it(one) for one in value]
    return value
