"""A backup is taken under writes, and restored; the control arms lose what was acknowledged."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from django.db import connection, connections

from incidents.attachments.operations import NewFile, attach
from incidents.backups.engines.chosen import engine
from incidents.models import Change, Incident, User
from incidents.records.operations import create_incident
from tests.factories import NOW, a_user, an_incident
from tests.faults.killing.programs import ROOT, database_url

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

LEAST = 5
"""So many writes are acknowledged before and after what is looked at begins."""


def environment(var: Path, url: str) -> dict[str, str]:
    known = {name: value for name, value in os.environ.items() if name != "TEST_DATABASE_URL"}
    return known | {
        "DJANGO_SETTINGS_MODULE": "postmortems.settings",
        "VAR_DIR": str(var),
        "DATABASE_URL": url or database_url(),
        "SECRET_KEY": "",
    }


MANAGE = [sys.executable, str(ROOT / "manage.py")]


def manage(*words: str, var: Path, url: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MANAGE, *words],
        env=environment(var, url),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


class Writer:
    """Records one incident after the other, and knows which of them were acknowledged."""

    def __init__(self, person: User) -> None:
        self.person = person
        self.titles: list[str] = []
        self.over = Event()

    def write(self) -> None:
        try:
            while not self.over.is_set():
                title = f"Number {len(self.titles)}"
                create_incident(values={"title": title}, by=self.person, at=NOW)
                self.titles.append(title)
        finally:
            connections.close_all()

    def write_more(self) -> None:
        wanted = len(self.titles) + LEAST
        while len(self.titles) < wanted:
            self.over.wait(0.01)


@contextmanager
def writing() -> Iterator[Writer]:
    writer = Writer(a_user())
    thread = Thread(target=writer.write, daemon=True)
    thread.start()
    try:
        writer.write_more()
        yield writer
    finally:
        writer.over.set()
        thread.join()


def attached(person: User) -> None:
    file = NewFile("graph.bin", bytes(range(256)) * 300)
    attach(an_incident(), [file], by=person, at=NOW)


@contextmanager
def elsewhere(folder: Path) -> Iterator[str]:
    """The address of a site that has nothing yet, not even a database."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{folder / 'site.sqlite3'}"
        return
    name = str(connection.settings_dict["NAME"])
    address = database_url().replace(f"/{name}", f"/{name}_elsewhere")
    try:
        yield address
    finally:
        for each in databases_like(f"{name}_elsewhere"):
            engine().discard(each)


def databases_like(beginning: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [beginning]
        )
        return [name for (name,) in cursor.fetchall()]


@pytest.mark.parametrize("number", [1, 2])
def test_a_drill_under_writes_goes_well(tmp_path: Path, number: int) -> None:
    attached(a_user())
    with writing() as writer:
        done = manage("backup", "--drill", str(tmp_path), var=tmp_path / "var")
        writer.write_more()

    assert done.returncode == 0, done.stderr
    assert "The drill went well." in done.stdout
    assert "1 attachment by hash; 20 of 20 damaged files refused." in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["var"]


def test_what_was_acknowledged_before_is_there_after_the_restore(tmp_path: Path) -> None:
    backup, there = tmp_path / "site.backup", tmp_path / "there"
    attached(a_user())
    with writing() as writer:
        acknowledged = set(writer.titles)
        taken = manage("backup", str(backup), var=tmp_path / "var")
        writer.write_more()
        later = set(writer.titles)
    with elsewhere(there) as url:
        restored = manage("restore", str(backup), var=there, url=url)
        assert (taken.returncode, restored.returncode) == (0, 0), taken.stderr + restored.stderr
        again = manage("restore", str(backup), var=there, url=url)
        with engine().at(place_of(url)):
            titles = set(Incident.objects.exclude(title="").values_list("title", flat=True))
            told = set(Change.objects.filter(document_type="incident").values_list("document_id"))
            known = set(Incident.objects.filter(title__in=titles & later).values_list("pk"))

    assert acknowledged <= titles
    # Nothing is half there: each has its line of history.
    assert known <= told
    assert again.returncode == 1
    assert "This site is not empty" in again.stderr
    key = (there / "secret-key").read_text()
    assert key == (tmp_path / "var" / "secret-key").read_text()


def place_of(url: str) -> str:
    separator = "sqlite:///" if connection.vendor == "sqlite" else "/"
    return url.rpartition(separator)[2]


def test_what_was_there_is_kept_beside(tmp_path: Path) -> None:
    backup, there = tmp_path / "site.backup", tmp_path / "there"
    an_incident(title="Before")
    manage("backup", str(backup), var=tmp_path / "var")
    with elsewhere(there) as url:
        manage("restore", str(backup), var=there, url=url)
        with engine().at(place_of(url)):
            an_incident(title="After")
        refused = manage("restore", str(backup), var=there, url=url)
        done = manage("restore", "--replace", str(backup), var=there, url=url)
        assert (refused.returncode, done.returncode) == (1, 0), done.stderr
        found = {}
        for place in (place_of(url), done.stdout.splitlines()[-1].rpartition(" ")[2]):
            with engine().at(place):
                found[place] = set(Incident.objects.values_list("title", flat=True))

    assert list(found.values()) == [{"Before"}, {"Before", "After"}]


def test_a_restore_that_is_killed_leaves_the_site_as_it_was(tmp_path: Path) -> None:
    backup, there = tmp_path / "site.backup", tmp_path / "there"
    an_incident(title="Before")
    manage("backup", str(backup), var=tmp_path / "var")
    with elsewhere(there) as url:
        manage("restore", str(backup), var=there, url=url)
        with engine().at(place_of(url)):
            an_incident(title="After")
        command = [*MANAGE, "restore", "--replace", str(backup)]
        with subprocess.Popen(command, env=environment(there, url), cwd=ROOT) as process:
            while not drafts(url):
                assert process.poll() is None, "It was over before it could be killed."
            process.kill()
        with engine().at(place_of(url)):
            titles = set(Incident.objects.values_list("title", flat=True))
        again = manage("restore", "--replace", str(backup), var=there, url=url)

    assert process.returncode == -signal.SIGKILL
    assert titles == {"Before", "After"}
    assert again.returncode == 0, again.stderr


def drafts(url: str) -> list[str]:
    if connection.vendor == "sqlite":
        place = Path(place_of(url))
        return [path.name for path in place.parent.glob(f".{place.name}-draft-*")]
    return databases_like(f"{place_of(url)}_draft_")


def test_while_the_site_runs_nothing_is_replaced(tmp_path: Path) -> None:
    backup = tmp_path / "site.backup"
    an_incident(title="Before")
    manage("backup", str(backup), var=tmp_path / "var")
    an_incident(title="After")

    refused = manage("restore", "--replace", str(backup), var=tmp_path / "var")

    assert refused.returncode == 1
    assert "is in use" in refused.stderr
    assert "stop the web server and the workers first" in refused.stderr
    assert Incident.objects.count() == 2


@contextmanager
def migrations(words: str, undo: str) -> Iterator[None]:
    """What the database says of its migrations is another meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(words)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(undo)


ADD = "INSERT INTO django_migrations (app, name, applied) VALUES ('{}', '{}', '2026-01-01')"
REMOVE = "DELETE FROM django_migrations WHERE app = '{}' AND name = '{}'"


def test_an_older_backup_is_brought_up_to_date(tmp_path: Path) -> None:
    """A migration is taken for missing that does no harm when it is run once more."""
    backup, there = tmp_path / "site.backup", tmp_path / "there"
    one = ("socialaccount", "0006_alter_socialaccount_extra_data")
    with migrations(REMOVE.format(*one), ADD.format(*one)):
        manage("backup", str(backup), var=tmp_path / "var")
    with elsewhere(there) as url:
        done = manage("restore", str(backup), var=there, url=url)

    assert done.returncode == 0, done.stderr
    assert "1 migration brought it up to date." in done.stdout


def test_a_newer_backup_is_refused(tmp_path: Path) -> None:
    backup, there = tmp_path / "site.backup", tmp_path / "there"
    one = ("incidents", "9999_from_the_future")
    with migrations(ADD.format(*one), REMOVE.format(*one)):
        manage("backup", str(backup), var=tmp_path / "var")
    with elsewhere(there) as url:
        refused = manage("restore", str(backup), var=there, url=url)

    assert refused.returncode == 1
    assert "newer version of the program" in refused.stderr
    assert "9999_from_the_future" in refused.stderr


def test_without_this_a_copy_loses_what_was_acknowledged(tmp_path: Path) -> None:
    """The control arm: `cp` of a database that is written to; a dump table by table."""
    with writing() as writer:
        lost = lost_by_a_plain_copy(writer, tmp_path / "copy.sqlite3")

    assert lost


def lost_by_a_plain_copy(writer: Writer, target: Path) -> bool:
    if connection.vendor == "sqlite":
        writer.write_more()
        acknowledged = set(writer.titles)
        shutil.copyfile(connection.settings_dict["NAME"], target)
        try:
            with closing(sqlite3.connect(target)) as copy:
                rows = copy.execute("SELECT title FROM incidents_incident").fetchall()
        except sqlite3.DatabaseError:
            return True
        return not acknowledged <= {title for (title,) in rows}
    incidents = set(Incident.objects.values_list("pk", flat=True))
    writer.write_more()
    changed = Change.objects.filter(document_type="incident")
    return not set(changed.values_list("document_id", flat=True)) <= incidents
