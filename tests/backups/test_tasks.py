"""The backups that a worker takes, and who hears that there is none."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.core.checks import Tags, run_checks
from django.urls import reverse

from incidents.backups import operations
from incidents.backups.engines import CannotCopy, Copied, Tell
from incidents.backups.lateness import what_is_wrong_in
from incidents.backups.manifest import Table
from incidents.backups.places import backups_in, name_at
from incidents.backups.queries import TAKE
from incidents.backups.tasks import TELL, take, tell, watch
from incidents.jobs.kinds import KINDS
from incidents.jobs.work import CannotBeDone
from incidents.models import Job, JobState, Queue
from tests.factories import NOW, a_user

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


class Copying:
    vendor, member = "sqlite", "database.sqlite3.gz"

    def copy(self, target: Path, *, tell: Tell) -> Copied:
        target.write_bytes(b"Three rows.")
        tell("rows", 3, 3)
        return Copied("3.40.1", frozenset(), {"a": Table(3, "0" * 64)})


@pytest.fixture
def folder(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    found = tmp_path / "backups"
    found.mkdir()
    settings.BACKUP_DIR = str(found)
    settings.VAR_DIR = tmp_path
    settings.BACKUP_KEEP = 2
    settings.EMAIL_CONFIGURED = True
    monkeypatch.setattr(operations, "engine", Copying)
    yield found
    found.chmod(0o700)


def work(**fields: Any) -> Any:
    """All that a handler asks of its work."""
    known = {"at": NOW, "progress": lambda *_: None, "job": SimpleNamespace(made_at=NOW)}
    return SimpleNamespace(**{**known, **fields})


def told() -> list[str]:
    return [job.arguments["why"] for job in Job.objects.filter(kind=TELL)]


def a_job(state: JobState, *, at: Any, outcome: str = "") -> Job:
    has_ended = state in {JobState.DONE, JobState.FAILED}
    return Job.objects.create(
        kind=TAKE,
        queue=Queue.HEAVY,
        arguments={},
        made_at=at,
        due_at=at,
        state=state,
        outcome=outcome,
        error="It could not be done." if state == JobState.FAILED else "",
        ended_at=at if has_ended else None,
    )


def test_it_works(folder: Path) -> None:
    outcomes = [take(work(at=NOW + number * DAY)) for number in range(3)]

    assert outcomes[0].startswith("Backup: 3 rows, ")
    assert outcomes[2].endswith(" bytes; 1 older removed")
    assert [path.name for path in backups_in(folder)] == [
        name_at(NOW + 2 * DAY),
        name_at(NOW + DAY),
    ]
    assert told() == []


def test_without_the_setting_there_is_none(settings: Any) -> None:
    settings.BACKUP_DIR = ""

    assert take(work()) == watch(work()) == "No backups are wanted any more"
    assert KINDS[TAKE].every is None
    assert KINDS["backups.watch"].every is None


def test_who_cannot_take_one_says_why_and_tells_administrators_once_a_day(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(self: Copying, target: Path, *, tell: Tell) -> Copied:
        raise CannotCopy("pg_dump is not installed on this machine.")

    monkeypatch.setattr(Copying, "copy", fails)
    for number in range(3):
        with pytest.raises(CannotBeDone, match="pg_dump is not installed"):
            take(work(at=NOW + number * timedelta(hours=1)))

    assert told() == ["pg_dump is not installed on this machine."]
    assert list(folder.iterdir()) == []


def test_a_folder_that_is_gone_is_not_made_again(folder: Path) -> None:
    """A disk that is not mounted would else be filled behind its back."""
    folder.rmdir()

    with pytest.raises(CannotBeDone, match="which is no folder: make it, or mount it"):
        take(work())
    assert not folder.exists()
    folder.mkdir()


def test_one_that_is_not_whole_any_more_is_told(folder: Path) -> None:
    take(work())
    (spoilt,) = backups_in(folder)
    spoilt.write_bytes(spoilt.read_bytes()[:-1])

    assert take(work(at=NOW + DAY)).endswith("0 older removed, 1 not whole")
    assert told() == [f"In {folder} these are not whole any more: {spoilt.name}."]
    assert spoilt.exists()


def test_administrators_get_a_mail(folder: Path) -> None:
    one, two = a_user("admin"), a_user("admin")
    a_user("editor")
    a_user("admin", email="")
    a_user("admin", is_active=False)

    outcome = tell(work(), why="No room is left on the disk.")

    assert outcome == "Sent: 2"
    assert {address for letter in mail.outbox for address in letter.to} == {one.email, two.email}
    assert "No room is left on the disk." in mail.outbox[0].body
    assert f"{reverse('jobs:jobs')}?kind={TAKE}" in mail.outbox[0].body


def test_without_mail_it_stands_among_the_jobs(folder: Path, settings: Any) -> None:
    assert tell(work(), why="No room.") == "No administrator has an address"
    settings.EMAIL_CONFIGURED = False
    assert tell(work(), why="No room.").startswith("There is no mail")
    assert mail.outbox == []


def test_before_one_was_owed_nobody_is_told(folder: Path) -> None:
    assert watch(work()) == "None has been owed yet"
    assert told() == []


def test_one_that_is_on_time_is_on_time(folder: Path) -> None:
    a_job(JobState.DONE, at=NOW - 2 * DAY, outcome="Backup: 3 rows")
    a_job(JobState.FAILED, at=NOW - DAY)

    assert watch(work()) == "The last was taken 2 days ago"
    assert told() == []


@pytest.mark.parametrize("outcome", ["Backup: 3 rows", "No backups are wanted any more"])
def test_one_that_is_late_is_told(folder: Path, outcome: str) -> None:
    """Whoever was asked and took none does not count."""
    moment = NOW - 2 * DAY - timedelta(hours=3)
    a_job(JobState.DONE, at=moment, outcome=outcome)
    a_job(JobState.OWED, at=NOW)

    assert watch(work()) == "Late: administrators are told"
    (why,) = told()
    assert why.startswith("None was taken for 2 days, 3 hours. One is due every 24 hours.")


def warnings() -> list[str]:
    found = run_checks(tags=[Tags.database], databases=["default"])
    return [one.msg for one in found if one.id == "incidents.W003"]


def test_the_check_wants_a_backup_in_the_folder(folder: Path, settings: Any) -> None:
    assert warnings() == [f"There is no backup in {folder} yet."]
    settings.BACKUP_DIR = ""
    assert warnings() == []
    settings.BACKUP_DIR = str(folder / "nowhere")
    assert warnings() == [
        f"BACKUP_DIR names {folder}/nowhere, which is no folder: make it, or mount it."
    ]


@pytest.mark.parametrize(
    ("age", "wrong"),
    [
        (timedelta(hours=47), ""),
        (timedelta(hours=49), "is 2 days, 1 hour old. One is due every 24 hours."),
        (timedelta(days=400), "is 1 year, 1 month old. One is due every 24 hours."),
    ],
)
def test_one_may_be_missed_before_the_check_warns(folder: Path, age: timedelta, wrong: str) -> None:
    (folder / name_at(NOW - age)).touch()
    (folder / name_at(NOW - age - DAY)).touch()

    said = what_is_wrong_in(folder, every=DAY, at=NOW)

    assert said == (f"The newest backup in {folder} {wrong}" if wrong else "")
