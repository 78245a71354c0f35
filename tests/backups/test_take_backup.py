"""A backup is there and whole, or there is none."""

import errno
import os
import signal
import stat
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from incidents.backups import operations, places
from incidents.backups.engines import CannotCopy, Copied, Tell
from incidents.backups.manifest import Table
from incidents.backups.operations import CannotWrite, take_backup
from incidents.backups.package import read_package
from incidents.backups.places import name_at
from tests.factories import NOW
from tests.faults.killing.programs import ROOT


class Copying:
    """A database of three rows."""

    vendor, member = "postgresql", "database.dump"

    def copy(self, target: Path, *, tell: Tell) -> Copied:
        target.write_bytes(b"Three rows.")
        tell("rows", 3, 3)
        return Copied(
            "15.18", frozenset({("incidents", "0001_initial")}), {"a": Table(3, "0" * 64)}
        )


@pytest.fixture(autouse=True)
def site(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.VAR_DIR = tmp_path / "var"
    settings.VAR_DIR.mkdir()
    (settings.VAR_DIR / "secret-key").write_text("of-a-test")
    monkeypatch.setattr(operations, "engine", Copying)
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder


def silent(what: str, done: int, total: int) -> None:
    """Nobody waits."""


def refusal(target: Path) -> str:
    with pytest.raises(CannotWrite) as refused:
        take_backup(target, at=NOW, tell=silent)
    return str(refused.value)


def test_it_works(site: Path) -> None:
    taken = take_backup(site, at=NOW, tell=silent)

    assert list(site.iterdir()) == [site / "postmortems-20260314T120000Z.backup"] == [taken.path]
    assert set(read_package(taken.path).manifest.members) == {"database.dump", "secret-key"}
    assert stat.S_IMODE(taken.path.stat().st_mode) == 0o600


def test_a_name_is_taken_as_it_is(site: Path) -> None:
    assert take_backup(site / "mine", at=NOW, tell=silent).path == site / "mine"


def test_what_is_there_is_never_replaced(site: Path) -> None:
    (site / "mine").write_text("of last week")

    assert "is there already" in refusal(site / "mine")
    assert (site / "mine").read_text() == "of last week"


def test_what_appears_meanwhile_is_not_replaced_either(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(self: Copying, target: Path, *, tell: Tell) -> Copied:
        (site / name_at(NOW)).write_text("of another process")
        return copy(self, target, tell=tell)

    copy = Copying.copy
    monkeypatch.setattr(Copying, "copy", slow)

    assert "another backup was faster" in refusal(site)
    assert (site / name_at(NOW)).read_text() == "of another process"


def test_a_folder_that_is_not_there_is_told(site: Path) -> None:
    assert "is no folder" in refusal(site / "nowhere" / "mine")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "no room is left on the disk"),
        (errno.EDQUOT, "no room is left on the disk"),
        (errno.EACCES, "this user may not write there"),
        (errno.EROFS, "this user may not write there"),
        (errno.EIO, "Input/output error"),
    ],
)
def test_a_disk_that_does_not_take_it_leaves_nothing(
    site: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    def fails(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fails)

    assert words in refusal(site)
    assert list(site.iterdir()) == []


def test_what_does_not_come_back_from_the_disk_gets_no_name(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoils(path: Path, *arguments: Any) -> None:
        write(path, *arguments)
        with path.open("r+b") as file:
            file.seek(1000)
            file.write(b"!")

    write = operations.write_package
    monkeypatch.setattr(operations, "write_package", spoils)

    assert "could not be read back" in refusal(site)
    assert list(site.iterdir()) == []


def test_a_database_that_gives_no_copy_leaves_nothing(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(self: Copying, target: Path, *, tell: Tell) -> Copied:
        target.write_bytes(b"Half of")
        raise CannotCopy("The database is away.")

    monkeypatch.setattr(Copying, "copy", fails)

    with pytest.raises(CannotCopy):
        take_backup(site, at=NOW, tell=silent)
    assert list(site.iterdir()) == []


KILLED = """
import sys, time
from pathlib import Path
from incidents.backups import places
with places.work_folder(Path(sys.argv[1])) as work:
    (work / "draft").write_bytes(b"x" * 100)
    print("begun", flush=True)
    time.sleep(60)
"""


def test_a_process_that_is_killed_leaves_nothing_that_looks_like_a_backup(site: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(site)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    with process, process.stdout as said:
        assert said.readline() == "begun\n"
        process.send_signal(signal.SIGKILL)
    (left,) = site.iterdir()
    long_ago = time.time() - places.ABANDONED
    os.utime(left, (long_ago, long_ago))

    assert places.backups_in(site) == []
    taken = take_backup(site, at=NOW, tell=silent)
    assert list(site.iterdir()) == [taken.path]


def run(*words: object) -> str:
    said = StringIO()
    call_command("backup", *map(str, words), stdout=said, stderr=said)
    return said.getvalue()


def test_the_command_keeps_the_newest(site: Path) -> None:
    old = site / "postmortems-20200101T000000Z.backup"
    take_backup(old, at=NOW, tell=silent)

    said = run(site, "--keep", 1)

    assert "3 rows in 1 tables" in said
    assert f"{old}: removed." in said
    assert old not in site.iterdir()
    assert len(list(site.iterdir())) == 1


def test_the_command_says_what_is_not_whole(site: Path) -> None:
    spoilt = site / "postmortems-20200101T000000Z.backup"
    spoilt.write_text("no backup")

    said = run(site, "--keep", 2)

    assert f"{spoilt} is not whole: it is not counted, and left there." in said
    assert spoilt.exists()


def test_to_keep_takes_a_folder_and_a_number(site: Path) -> None:
    for words in [(site, "--keep", 0), (site / "mine", "--keep", 3)]:
        with pytest.raises(CommandError, match="--keep takes a number from 1 on, and a folder"):
            run(*words)


def test_to_verify_ends_with_what_was_found(site: Path) -> None:
    path = take_backup(site, at=NOW, tell=silent).path
    assert "is whole: 3 rows in 1 tables, of 2026-03-14 12:00 UTC" in run("--verify", path)

    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(CommandError, match="is not whole") as not_whole:
        run("--verify", path)
    with pytest.raises(CommandError, match="cannot be read") as not_read:
        run("--verify", site / "nothing")

    assert (not_whole.value.returncode, not_read.value.returncode) == (1, 2)
