"""Looking only at what history says has changed gives the folder that looking at all gives."""

from datetime import timedelta
from pathlib import Path

import pytest

from incidents.exports.archive.folder import Folder, NotOurFolder
from incidents.exports.archive.operations import NothingToGoOnFrom
from incidents.exports.archive.since import NotAMoment
from incidents.models import Change, Incident, Said, Tag, TrackerIssue, Verdict
from tests.archive.folders import contents, exported
from tests.exports.archive.records import edited, recorded
from tests.factories import NOW, a_delta, a_knob, a_runbook, a_user

pytestmark = pytest.mark.django_db
DAYS_LATER = NOW + timedelta(days=5)


def same_as_all(folder: Path) -> bool:
    exported(folder.parent / "all")
    return contents(folder) == contents(folder.parent / "all")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With three incidents of long ago."""
    for days in (50, 40, 30):
        recorded(f"Of {days} days ago", at=NOW - timedelta(days=days))
    exported(tmp_path / "archive")
    return tmp_path / "archive"


def test_it_works(folder: Path) -> None:
    edited(Incident.objects.earliest("pk"), at=DAYS_LATER, impact="None.")
    new = recorded("New", at=DAYS_LATER)
    done = exported(folder, since="last")

    # And those of the last day that it had: their numbers may have come late.
    assert done.records == 3
    assert {str(name.parent) for name in done.written} == {
        ".",
        f"incidents/INC-{Incident.objects.earliest('pk').pk}",
        f"incidents/INC-{new.pk}",
    }
    assert same_as_all(folder)


def test_nothing_changed_nothing_is_written(folder: Path) -> None:
    done = exported(folder, since="last")

    assert (done.written, done.removed) == ([], [])


def test_what_was_numbered_before_and_committed_later_is_seen(folder: Path) -> None:
    """Another transaction had taken a lower number, and took longer."""
    first, second = Incident.objects.order_by("pk")[:2]
    edited(first, at=DAYS_LATER, impact="None.")
    early = Change.objects.latest("pk")
    edited(second, at=DAYS_LATER, impact="None.")
    Incident.objects.filter(pk=first.pk).update(impact="", impact_html="", version=1)
    early.delete()
    exported(folder, since="last")
    Incident.objects.filter(pk=first.pk).update(impact="None.", version=2)
    early.save(force_insert=True)
    exported(folder, since="last")

    assert same_as_all(folder)


def test_a_moment_can_be_given(folder: Path) -> None:
    edited(Incident.objects.earliest("pk"), at=DAYS_LATER, impact="None.")

    assert exported(folder, since="2026-03-20").records == 0
    assert exported(folder, since="2026-03-19T12:00:01").records == 0
    assert exported(folder, since="2026-03-19T13:00+01:00").records == 1
    assert same_as_all(folder)


@pytest.mark.parametrize("since", ["yesterday", "2026", "2026-13-01", "2026-03-19T25:00", "-"])
def test_what_is_no_moment_is_refused(folder: Path, since: str) -> None:
    before = contents(folder)

    with pytest.raises(NotAMoment, match="is no moment: write 2026-03-14"):
        exported(folder, since=since)
    assert contents(folder) == before


def test_a_new_folder_has_nothing_to_go_on_from(tmp_path: Path) -> None:
    recorded()

    with pytest.raises(NothingToGoOnFrom, match="export once without"):
        exported(tmp_path / "archive", since="2026-03-14")
    assert exported(tmp_path / "archive", since="last").records == 1
    assert same_as_all(tmp_path / "archive")


def test_a_new_name_is_written_wherever_it_stands(folder: Path) -> None:
    person = a_user(username="mara")
    recorded("Owned", owner=person, at=NOW - timedelta(days=30))
    exported(folder)
    edited(person, at=DAYS_LATER, username="mara.lind")
    exported(folder, since="last")

    assert not (folder / "people/mara").exists()
    assert same_as_all(folder)


def test_a_knob_with_another_key_is_renamed_too(folder: Path) -> None:
    knob = a_knob()
    a_delta(Incident.objects.earliest("pk"), knob=knob)
    exported(folder)
    edited(knob, at=DAYS_LATER, key="another")
    exported(folder, since="last")

    assert same_as_all(folder)


def test_what_has_no_history_is_seen_all_the_same(folder: Path) -> None:
    runbook = a_runbook()
    exported(folder)
    Verdict.objects.create(runbook=runbook, said=Said.HELPED, said_at=NOW)
    Tag.objects.create(name="new")
    TrackerIssue.objects.create(key="github:a/b#1", state="open", told_at=NOW)
    exported(folder, since="last")

    assert same_as_all(folder)


def test_a_database_that_was_brought_back_is_looked_at_whole(folder: Path) -> None:
    """The folder is ahead of it."""
    edited(Incident.objects.earliest("pk"), at=DAYS_LATER, impact="None.")
    exported(folder)
    Change.objects.latest("pk").delete()
    Incident.objects.update(impact="", impact_html="", version=1)
    exported(folder, since="last")

    assert same_as_all(folder)


def test_two_do_not_write_to_one_folder_at_once(folder: Path) -> None:
    with Folder(folder), pytest.raises(NotOurFolder, match="Another export is writing"):
        exported(folder)
