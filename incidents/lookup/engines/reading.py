"""How the index of the archive keeps up with the database.

It reads what was written since it read last: in the background when that is enough to be worth it,
or when a command that wrote much says so. Nobody waits for it: what it has not read is looked
through beside it. So the search is right after every commit, and within a transaction for who is
about to commit.
"""

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock, Thread
from typing import NamedTuple

from django.conf import settings
from django.db import connection

from incidents.lookup.engines.embedded import FORM, EmbeddedIndex, Snapshot, Written, held
from incidents.lookup.engines.ranking import Rows
from incidents.lookup.engines.writes import NOWHERE, Since, written_since
from incidents.lookup.terms import indexed
from incidents.models import SearchEntry

logger = logging.getLogger(__name__)

READ_ON_FROM = 50
"""Entries: from so many on, the index reads what was written since."""
MOST_FRESH = 1_000
"""Entries: as many are looked through beside the index."""
CHUNK = 500

_reading_on = Lock()
_readers: list[Thread] = []
_behind = 0


class Archive(NamedTuple):
    """What there is to look in: the index, and the entries that it has not read yet.

    `unread` are those that count as they are in `fresh`, and not as the index may have them.
    """

    snapshot: Snapshot | None
    unread: frozenset[int]
    fresh: list[Written]

    def rows_and_length(self) -> tuple[int, float]:
        """How many rows there are, and how many terms a row has on average."""
        rows, length = self.snapshot.lengths if self.snapshot else (0, 0)
        for one in self.fresh:
            rows += 1 + bool(one.rows.body)
            length += len(one.rows.head) + len(one.rows.body)
        return rows, length / max(rows, 1)


def look_in(*, with_index: bool = True) -> Archive:
    """The archive as the current transaction sees it."""
    index = EmbeddedIndex.at(folder()) if with_index else None
    snapshot, since = seen(index)
    if index and len(since.entry_ids) >= READ_ON_FROM:
        read_on_in_background()
    # Of those that are neither looked through nor read, the index has at most what they were.
    newest = since.entry_ids[:MOST_FRESH]
    global _behind  # noqa: PLW0603 (one number for the process)
    _behind = len(since.entry_ids) - len(newest)
    return Archive(snapshot, frozenset(newest), list(written(newest, terms=terms_again)))


def behind() -> int:
    """How many records could not be looked through when this process looked last.

    After a bulk load or on a new machine, for as long as the index needs to read.
    """
    return _behind


def seen(index: EmbeddedIndex | None) -> tuple[Snapshot | None, Since]:
    """The index, and what was written since; without one, everything."""
    snapshot = index.snapshot() if index else None
    since = written_since(snapshot.position if snapshot else NOWHERE)
    return (None if since.is_another else snapshot), since


def read_on(*, wait: bool, from_scratch: bool = False) -> bool:
    """Let the index read what was written since; whether that was done.

    With `wait` it is done after whoever does it now; without, it is left to them. From scratch it
    loses what belongs to no entry any more. Within a transaction it is not done: what is read there
    may never be committed.
    """
    index = EmbeddedIndex.at(folder())
    if index is None or connection.in_atomic_block:
        return False
    with held(index.folder, wait=wait) as is_ours:
        if is_ours:
            since = written_since(NOWHERE if from_scratch else index.snapshot().position)
            from_scratch = from_scratch or since.is_another
            if since.entry_ids or from_scratch:
                entries = written(since.entry_ids)
                index.absorb(entries, position=since.position, from_scratch=from_scratch)
        return is_ours


def read_on_in_background() -> None:
    """Begins it, if nobody does it and nothing is pending that may never be committed."""
    if connection.in_atomic_block or not _reading_on.acquire(blocking=False):
        return
    reader = Thread(target=_read_on_and_close, name="archive-index", daemon=True)
    _readers[:] = [reader]
    try:
        reader.start()
    except RuntimeError:
        _reading_on.release()
        logger.exception("There is no thread for the index of the archive.")


def readers() -> Sequence[Thread]:
    """What reads in this process's background, or did so last."""
    return tuple(reader for reader in _readers if reader.ident)


def _read_on_and_close() -> None:
    try:
        read_on(wait=False)
    except Exception:
        logger.exception("The index of the archive could not read on.")
        EmbeddedIndex.close_all()
    finally:
        connection.close()
        _reading_on.release()


def written(
    entry_ids: Sequence[int], *, terms: Callable[[str], Sequence[str]] = indexed
) -> Iterator[Written]:
    """The entries as they are now. One that has gone is found nowhere: no record leads to it."""
    for start in range(0, len(entry_ids), CHUNK):
        for entry in SearchEntry.objects.filter(pk__in=entry_ids[start : start + CHUNK]):
            head, body = terms(f"{entry.title}\n{entry.names}"), terms(entry.body)
            yield Written(entry.kind, entry.record_id, Rows(entry.pk, head, body))


@lru_cache(maxsize=2 * MOST_FRESH)
def terms_again(text: str) -> Sequence[str]:
    """For what is looked through time and again until the index reads it."""
    return tuple(indexed(text))


def folder() -> Path:
    """One for each database: a copy of the settings is not a copy of the archive."""
    database = connection.settings_dict
    named = "|".join(str(database.get(name, "")) for name in ("HOST", "PORT", "NAME"))
    digest = hashlib.sha256(named.encode()).hexdigest()[:12]
    return Path(settings.LOOKUP_DIR, f"archive-{FORM}-{connection.vendor}-{digest}")
