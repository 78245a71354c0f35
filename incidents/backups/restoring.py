"""Putting a backup in the place of what is there."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.loader import MigrationLoader

from incidents.archive.kinds import tables
from incidents.backups.engines import CannotRestore, Engine, Tell
from incidents.backups.engines.chosen import engine
from incidents.backups.manifest import Manifest, NotWhole, Table
from incidents.backups.operations import FILES, in_words
from incidents.backups.package import Package, read_package
from incidents.backups.places import work_folder

OFFERED = "--replace restores all the same, and keeps what is there beside it"


class NotEmpty(CannotRestore):
    """The site has something that would be lost."""


@dataclass
class Restored:
    """`kept` are the names of what was there before; `migrated` how many migrations were run."""

    manifest: Manifest
    kept: list[str] = field(default_factory=list)
    migrated: int = 0


def restore_backup(path: Path, *, replace: bool, at: datetime, tell: Tell) -> Restored:
    """Make the site what it was when the backup was taken, or change nothing.

    1. Every byte of the file is read and compared; whether this program and this server can use it
       is asked before anything is made.
    2. The database is put beside the present one and compared with the backup row by row; what an
       older version wrote is brought up to date there.
    3. The two change places at once. Then the files follow.

    Raises `NotWhole`, `NotEmpty` and `CannotRestore`.
    """
    package = read(path)
    database = engine()
    require_usable(package.manifest, database)
    if not replace:
        require_empty(database)
    database.require_unused()
    keep = f"-before-{at:%Y%m%dT%H%M%SZ}" if replace else ""
    folder = Path(settings.VAR_DIR)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with work_folder(folder) as work, drafted(package, work, near=None, tell=tell) as draft:
            migrated = bring_up_to_date(database, draft, package.manifest)
            # Before the point of no return: what is left then takes no room.
            files = [
                package.extract(name, work) for name in FILES if name in package.manifest.members
            ]
            kept = database.swap(draft, keep=keep)
            done = Restored(package.manifest, [kept] if kept else [], migrated)
            done.kept += put_files(files, keep=keep)
    except OSError as error:
        raise CannotRestore(f"It cannot be restored: {in_words(error, folder / '.')}.") from error
    forget_derived()
    return done


def read(path: Path) -> Package:
    """Raises `NotWhole` and `CannotRestore`."""
    try:
        return read_package(path)
    except OSError as error:
        raise CannotRestore(f"{path} cannot be read: {error.strerror}.") from error


def require_usable(manifest: Manifest, database: Engine) -> None:
    if manifest.vendor != database.vendor:
        raise CannotRestore(
            f"It is a backup of {manifest.vendor}, and DATABASE_URL names {database.vendor}. From"
            " one kind of database to the other, export_records and import_records lead."
        )
    if not {database.member} <= set(manifest.members) <= {database.member, *FILES}:
        raise NotWhole("It does not have the parts that a backup has.")
    if unknown := sorted(manifest.migrations - known_migrations()):
        app, name = unknown[-1]
        raise CannotRestore(
            f"It was made by a newer version of the program, which has the migration {app} {name}:"
            " install that version, or a later one, and restore with it."
        )
    database.require_server(manifest.server)


def known_migrations() -> frozenset[tuple[str, str]]:
    """Of this program, with those that others take the place of."""
    return frozenset(MigrationLoader(None).disk_migrations)


def require_empty(database: Engine) -> None:
    """Raises `NotEmpty`."""
    names = {table.model._meta.db_table: table for table in tables()}
    try:
        found = database.rows_of(frozenset(names))
    except CannotRestore as error:
        raise NotEmpty(f"There is a database already. {error} {OFFERED}.") from error
    if found:
        called = names[found].model._meta.verbose_name_plural
        raise NotEmpty(f"This site is not empty: it has {called}. {OFFERED}.")


@contextmanager
def drafted(package: Package, work: Path, *, near: Path | None, tell: Tell) -> Iterator[str]:
    """The backup's database beside the present one, equal to what was copied, row by row.

    It is gone afterwards, unless it has become the site's. Raises `NotWhole` and `CannotRestore`.
    """
    database = engine()
    source = package.extract(database.member, work)
    draft = database.load(source, near=near, tell=tell)
    try:
        source.unlink()
        if different := differences(package.manifest.tables, database.tables(draft, tell=tell)):
            raise NotWhole(f"What was restored is not what was copied: {', '.join(different)}.")
        yield draft
    finally:
        database.discard(draft)


def differences(told: dict[str, Table], found: dict[str, Table]) -> list[str]:
    """Names of tables."""
    return sorted(name for name in {*told, *found} if told.get(name) != found.get(name))


def bring_up_to_date(database: Engine, draft: str, manifest: Manifest) -> int:
    missing = known_migrations() - manifest.migrations
    if missing:
        try:
            with database.at(draft):
                call_command("migrate", verbosity=0, interactive=False)
        except (CommandError, DatabaseError, InconsistentMigrationHistory) as error:
            raise CannotRestore(f"It could not be brought up to date: {error}") from error
    return len(missing)


def put_files(files: list[Path], *, keep: str) -> list[str]:
    """The names under which what was there is kept, where it was another."""
    kept = []
    for source in files:
        target = Path(settings.VAR_DIR, source.name)
        if keep and target.exists() and target.read_bytes() != source.read_bytes():
            beside = target.with_name(f"{source.name}{keep}")
            os.link(target, beside)
            kept.append(str(beside))
        source.replace(target)
    return kept


def forget_derived() -> None:
    """The index of another state of the database would find what is not there; it is made anew."""
    connection.close()
    for folder in Path(settings.LOOKUP_DIR).glob("archive-*"):
        shutil.rmtree(folder, ignore_errors=True)
