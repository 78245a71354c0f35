"""What each database needs for a copy of one moment, and for putting one in its place."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from incidents.backups.manifest import Table

Tell = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


class CannotCopy(Exception):
    """The database did not give a copy; the message says why, and what would help."""


class CannotRestore(Exception):
    """Nothing was changed; the message says why, and what would help."""


@dataclass(frozen=True)
class Copied:
    server: str
    migrations: frozenset[tuple[str, str]]
    tables: dict[str, Table]


class Engine(Protocol):
    """A draft is a database of its own beside the site's: a file, or a name on the same server."""

    vendor: str
    member: str
    """What the database is called in a backup."""

    def copy(self, target: Path, *, tell: Tell) -> Copied:
        """Write the database as it is at one moment, while others write on.

        Raises `CannotCopy` and `OSError`.
        """

    def rows_of(self, wanted: frozenset[str]) -> str:
        """The first of these tables that has rows; empty where none has, and where there is no
        database. Raises `CannotRestore` where it cannot be read."""

    def require_unused(self) -> None:
        """Raises `CannotRestore` while somebody has the site's database open."""

    def require_server(self, version: str) -> None:
        """Raises `CannotRestore` where this server is older than the one that was copied."""

    def load(self, source: Path, *, near: Path | None, tell: Tell) -> str:
        """A draft made of a copy, in the folder `near` or beside the site's database."""

    def tables(self, draft: str, *, tell: Tell) -> dict[str, Table]: ...

    def at(self, draft: str) -> AbstractContextManager[None]:
        """Inside, Django's own connection leads to the draft."""

    def swap(self, draft: str, *, keep: str) -> str:
        """The draft becomes the site's database, at once or not at all.

        What was there is kept under its name with `keep` behind it, and that name is returned;
        where `keep` is empty, or nothing was there, it goes, and so is the answer.
        Raises `CannotRestore`.
        """

    def discard(self, draft: str) -> None: ...
