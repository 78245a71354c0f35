"""PostgreSQL's own programs for copies: which there are, and running them."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

USUAL = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/libpq/bin")
VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "service": "PGSERVICE",
    "passfile": "PGPASSFILE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}


class NoTool(Exception):
    """The message says which program is wanted, and why none that is there will do."""


class ToolFailed(Exception):
    """The message is what the program said."""


def way_to(settings: Mapping[str, Any], database: str) -> dict[str, str]:
    """How a database of the same server is reached, in the words of libpq."""
    found = {
        "host": settings.get("HOST"),
        "port": settings.get("PORT"),
        "user": settings.get("USER"),
        "password": settings.get("PASSWORD"),
        **{name: settings.get("OPTIONS", {}).get(name) for name in VARIABLES},
    }
    for name in ("host", "port", "user", "password"):
        found[name] = found[name] or settings.get(name.upper())
    return {name: str(value) for name, value in found.items() if value} | {"dbname": database}


def tool(name: str, *, server: int) -> Path:
    """The newest there is; one that is older than the server refuses to read from it.

    Raises `NoTool`.
    """
    found = {version_of(path): path for path in places(name)}
    newest = max(found, default=0)
    if not newest:
        raise NoTool(
            f"{name} is not installed on this machine. The database is PostgreSQL {server}: install"
            f" its programs of this version or a later one (Debian: postgresql-client-{server})."
        )
    if newest < server:
        raise NoTool(
            f"{name} is of PostgreSQL {newest} and the server is {server}: install its programs of"
            f" version {server} or later (Debian: postgresql-client-{server})."
        )
    return found[newest]


def places(name: str) -> Iterable[Path]:
    if on_path := shutil.which(name):
        yield Path(on_path)
    for pattern in USUAL:
        for folder in Path("/").glob(pattern.removeprefix("/")):
            if os.access(folder / name, os.X_OK):
                yield folder / name


@cache
def version_of(path: Path) -> int:
    """The major one; 0 where the program does not run."""
    try:
        told = subprocess.run(  # noqa: S603 (no shell; the words are ours)
            [path, "--version"], capture_output=True, text=True, check=False, timeout=30
        )
    except (OSError, subprocess.TimeoutExpired):
        return 0
    version = re.search(r"\) (\d+)", told.stdout)
    return int(version[1]) if version else 0


class Running:
    """A program that reads or writes one database, for as long as the block runs."""

    def __init__(self, path: Path, *arguments: str, way: Mapping[str, str]) -> None:
        self.name = path.name
        self.command = [str(path), "--no-password", *arguments]
        inherited = {name: value for name, value in os.environ.items() if name[:2] != "PG"}
        given = {VARIABLES[name]: value for name, value in way.items()}
        self.environment = {**inherited, **given, "LC_MESSAGES": "C"}

    def __enter__(self) -> "Running":
        self.said = TemporaryFile()
        self.process = subprocess.Popen(  # noqa: S603 (no shell; the words are ours)
            self.command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self.said,
        )
        return self

    def is_over(self, *, within: float) -> bool:
        """Raises `ToolFailed` where it has ended without success."""
        try:
            code = self.process.wait(within)
        except subprocess.TimeoutExpired:
            return False
        if code:
            self.said.seek(0)
            words = " ".join(self.said.read().decode(errors="replace").split())
            raise ToolFailed(words[:500] or f"{self.name} ended with code {code}")
        return True

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.said.close()
