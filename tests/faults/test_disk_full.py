"""A disk without room: all is read, writing is refused in words, and no file is there by half."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from errno import ENOSPC
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from incidents.exports import files
from incidents.exports.operations import WRITE, export_incident
from incidents.lookup.operations import keep_findable
from incidents.models import Export, ExportFormat, Job, JobState
from tests.factories import a_runbook, a_user, an_incident
from tests.faults.killing.programs import ROOT, database_url
from tests.faults.mounts import seen_by, with_small_disk
from tests.faults.own_site import BARE, Answer, OwnSite, served, signed_in

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.of_database("sqlite"),
    pytest.mark.timeout(300),
]

PAGES = ("/", "/lookup/?q=DiskFull", "/search/?q=disk", "/runbooks/room/", "/incidents/")
NAME = "site.sqlite3"
TRIES = 50
"""Alerts, for which there is room in pages of the log that were written before."""
LETTER = "directory.mail_lost_password"
AT_MOST = 18
"""Letters: one address may ask for no more than twenty in a minute."""


@pytest.fixture
def cookie() -> str:
    keep_findable(a_runbook(title="Make room", slug="room", alerts="DiskFull"))
    return signed_in(a_user())


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    (tmp_path / "disk").mkdir()
    return tmp_path / "disk"


@pytest.fixture
def small(cookie: str, disk: Path, tmp_path: Path) -> list[str]:
    """With the test's database on it."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(tmp_path / NAME)])
    return with_small_disk(disk, "8m", filled_with=tmp_path / NAME)


def fill(site: OwnSite, disk: Path) -> Path:
    """With a file that somebody else made, to the last byte."""
    path = seen_by(site.pid, disk / "of-somebody-else")
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError as full:
            assert full.errno == ENOSPC  # noqa: PT017 (how much goes in, nobody knows)
    return path


def tell_until_refused(site: OwnSite) -> Answer:
    """How the first was refused, or how the last was taken."""
    for number in range(TRIES):
        answer = site.tell_of_an_alert(f"Meanwhile{number}")
        if answer.status != 200:
            break
    return answer


def test_all_is_read_and_writing_is_refused_until_there_is_room(
    cookie: str, disk: Path, small: list[str], tmp_path: Path
) -> None:
    with served(f"sqlite:///{disk / NAME}", tmp_path, cookie=cookie, within=small) as site:
        assert site.tell_of_an_alert("Before").status == 200
        file = fill(site, disk)
        refused = tell_until_refused(site)
        read = [site.get(path).status for path in PAGES * 2]
        file.unlink()
        again = [site.tell_of_an_alert(f"Afterwards{n}").status for n in range(3)]
        left = copied(site, disk, tmp_path / "copied")

    assert refused.is_refusal_in_words
    assert "There is no room" in refused.body
    assert read == [200] * len(PAGES) * 2
    assert again == [200] * 3
    with closing(sqlite3.connect(left)) as database:
        there = {name for (name,) in database.execute("SELECT fingerprint FROM incidents_alert")}
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert there == set(site.kept)


def test_who_asks_for_a_password_is_not_told_that_they_asked_too_often(
    disk: Path, tmp_path: Path
) -> None:
    """What cannot be counted is not too much."""
    people = [a_user() for _ in range(AT_MOST)]
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(tmp_path / NAME)])
    small = with_small_disk(disk, "8m", filled_with=tmp_path / NAME)
    with served(f"sqlite:///{disk / NAME}", tmp_path, within=small) as site:
        before = site.ask_for_a_password(people[0])
        file = fill(site, disk)
        answers = [site.ask_for_a_password(person) for person in people[1:]]
        file.unlink()
        after = site.ask_for_a_password(people[0])
        left = copied(site, disk, tmp_path / "copied")

    refused = [answer for answer in answers if answer.status != 302]
    assert refused
    assert all(answer.is_refusal_in_words for answer in refused)
    assert all("There is no room" in answer.body for answer in refused)
    assert (before.status, after.status) == (302, 302)
    with closing(sqlite3.connect(left)) as database:
        ((owed,),) = database.execute(f"SELECT count(*) FROM incidents_job WHERE kind = '{LETTER}'")
    assert owed == 2 + len(answers) - len(refused)


def copied(site: OwnSite, disk: Path, folder: Path) -> Path:
    """While nobody writes, the file and its log are the database."""
    folder.mkdir()
    for name in (NAME, f"{NAME}-wal"):
        shutil.copyfile(seen_by(site.pid, disk / name), folder / name)
    return folder / NAME


def test_without_protection_it_is_an_error(
    cookie: str, disk: Path, small: list[str], tmp_path: Path
) -> None:
    """The control."""
    url, told = f"sqlite:///{disk / NAME}", {"DJANGO_SETTINGS_MODULE": BARE}
    with served(url, tmp_path, cookie=cookie, within=small, **told) as site:
        assert site.tell_of_an_alert("Before").status == 200
        fill(site, disk)
        assert tell_until_refused(site).status == 500


def test_an_export_leaves_no_half_file_and_is_written_when_there_is_room(
    disk: Path, tmp_path: Path
) -> None:
    user = a_user()
    # Its text is larger than the disk.
    incident = an_incident(title="Orders time out", impact="It went on. " * 4000)
    export = export_incident(incident, wanted=ExportFormat.MARKDOWN, by=user, at=timezone.now())
    small = with_small_disk(disk, "16k")

    left = deliver(disk, tmp_path, within=small)
    job = Job.objects.get(kind=WRITE)
    assert left == []
    assert "No space left on device" in job.error
    assert job.state == JobState.OWED
    assert Export.objects.get().file == ""

    Job.objects.filter(pk=job.pk).update(due_at=timezone.now())
    left = deliver(disk, tmp_path)
    export.refresh_from_db()
    assert left == [export.file]
    assert "It went on." in (disk / files.kept(export.file).name).read_text()


def deliver(disk: Path, var: Path, *, within: list[str] | None = None) -> list[str]:
    """What is owed, by a process that keeps exports on the disk; which files are there then."""
    command = f'"{sys.executable}" "{ROOT / "manage.py"}" deliver >&2; ls -A "{disk}"'
    known = {name: value for name, value in os.environ.items() if name != "TEST_DATABASE_URL"}
    done = subprocess.run(
        [*(within or []), "sh", "-c", command],
        env={
            **known,
            "DJANGO_SETTINGS_MODULE": "postmortems.settings",
            "DATABASE_URL": database_url(),
            "SECRET_KEY": settings.SECRET_KEY,
            "VAR_DIR": str(var),
            "EXPORT_DIR": str(disk),
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()
