"""What a backup says of itself."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

FORMAT, VERSION = "postmortems-backup", 1


class NotWhole(Exception):
    """The file is no backup of ours, or not what was written; the message says what is wrong."""


@dataclass(frozen=True)
class Table:
    """`sha256` is of all rows, in the order of their keys, as the database shows them."""

    rows: int
    sha256: str


@dataclass(frozen=True)
class Member:
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """`vendor` and `server` are the database's kind and version; `migrations` what stood in it."""

    made_at: datetime
    site: str
    vendor: str
    server: str
    migrations: frozenset[tuple[str, str]]
    tables: dict[str, Table]
    members: dict[str, Member]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    @property
    def text(self) -> str:
        told = {
            "format": FORMAT,
            "version": VERSION,
            **asdict(self),
            "made_at": self.made_at.isoformat(timespec="seconds"),
            "migrations": sorted(self.migrations),
        }
        return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def read_manifest(text: bytes) -> Manifest:
    """Raises `NotWhole`."""
    try:
        told: dict[str, Any] = json.loads(text)
        if told["format"] != FORMAT:
            raise NotWhole("It is no backup of this program.")
        if told["version"] > VERSION:
            raise NotWhole(
                f"It has version {told['version']} of the format, and this program reads {VERSION}:"
                " a newer version of the program has made it."
            )
        return Manifest(
            made_at=datetime.fromisoformat(told["made_at"]),
            site=told["site"],
            vendor=told["vendor"],
            server=told["server"],
            migrations=frozenset((app, name) for app, name in told["migrations"]),
            tables={name: Table(**table) for name, table in told["tables"].items()},
            members={name: Member(**member) for name, member in told["members"].items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NotWhole("What it says of itself cannot be read.") from error
