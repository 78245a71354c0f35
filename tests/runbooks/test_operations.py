"""Writing runbooks, and saying that they hold."""

from datetime import UTC, date, datetime

import pytest

from incidents.history.operations import EditConflict
from incidents.history.slugs import SlugTaken
from incidents.models import Change, Runbook, RunbookState, SearchEntry
from incidents.runbooks.operations import (
    NotTheTextThatWasRead,
    RetiredRunbook,
    WrongAlerts,
    change_runbook,
    create_runbook,
    verify_runbook,
)
from tests.factories import NOW, a_knob, a_runbook, a_service, a_user

pytestmark = pytest.mark.django_db


def test_it_works() -> None:
    writer, service, knob = a_user(), a_service(), a_knob()

    runbook = create_runbook(
        values={
            "title": "Redis is full",
            "body": "Look at `maxmemory`.",
            "alerts": "RedisMemoryHigh",
            "services": [service],
            "knobs": [knob],
        },
        by=writer,
        at=NOW,
    )

    runbook = Runbook.objects.get(pk=runbook.pk)
    assert (runbook.slug, runbook.created_at) == ("redis-is-full", NOW)
    assert "<code>maxmemory</code>" in runbook.body_html
    assert (list(runbook.services.all()), list(runbook.knobs.all())) == ([service], [knob])
    change = Change.objects.get()
    assert (change.document_type, change.document_id, change.by) == ("runbook", runbook.pk, writer)
    assert change.parts[0]["fields"]["services"] == [None, [service.pk]]
    assert "RedisMemoryHigh" in SearchEntry.objects.get().names


def test_a_taken_slug_is_refused_and_nothing_is_written() -> None:
    a_runbook(slug="redis")

    with pytest.raises(SlugTaken):
        create_runbook(values={"title": "Redis", "slug": "redis"}, by=None, at=NOW)

    assert (Runbook.objects.count(), Change.objects.count()) == (1, 0)


def test_a_change_is_kept_with_its_history() -> None:
    runbook = create_runbook(values={"title": "Redis is full"}, by=None, at=NOW)

    changed = change_runbook(
        runbook, version=1, values={"title": "Redis has no room"}, by=a_user(), at=NOW
    )

    assert (changed.title, changed.slug, changed.version) == (
        "Redis has no room",
        "redis-is-full",
        2,
    )
    change = Change.objects.latest("id")
    assert change.parts[0]["fields"] == {"title": ["Redis is full", "Redis has no room"]}
    assert SearchEntry.objects.get().title == "Redis has no room"


def test_a_slug_cannot_be_changed_to_a_taken_one() -> None:
    a_runbook(slug="redis")
    other = a_runbook(slug="other")

    with pytest.raises(SlugTaken):
        change_runbook(other, version=1, values={"slug": "redis"}, by=None, at=NOW)

    other.refresh_from_db()
    assert (other.slug, other.version) == ("other", 1)


def test_a_stale_change_is_refused() -> None:
    runbook = create_runbook(values={"title": "Redis", "body": "One"}, by=None, at=NOW)
    change_runbook(runbook, version=1, values={"body": "Hers"}, by=None, at=NOW)

    with pytest.raises(EditConflict):
        change_runbook(runbook, version=1, values={"body": "His"}, by=None, at=NOW)


def test_it_is_verified_on_the_day_of_who_went_through_it() -> None:
    in_tokyo = a_user(time_zone="Asia/Tokyo")
    evening = datetime(2026, 3, 14, 22, 0, tzinfo=UTC)

    runbook = verify_runbook(a_runbook(), version=1, by=in_tokyo, at=evening)

    assert runbook.last_verified_date == date(2026, 3, 15)
    assert runbook.last_verified_by == in_tokyo
    assert Change.objects.get().parts[0]["fields"] == {
        "last_verified_date": [None, "2026-03-15"],
        "last_verified_at": [None, "2026-03-14T22:00:00+00:00"],
        "last_verified_by": [None, in_tokyo.pk],
    }


def test_what_was_changed_meanwhile_is_not_verified_unread() -> None:
    runbook = a_runbook()
    change_runbook(runbook, version=1, values={"body": "Do the opposite"}, by=None, at=NOW)

    with pytest.raises(NotTheTextThatWasRead):
        verify_runbook(runbook, version=1, by=a_user(), at=NOW)

    runbook.refresh_from_db()
    assert runbook.last_verified_date is None


def test_what_is_out_of_use_is_not_verified() -> None:
    runbook = a_runbook(state=RunbookState.RETIRED)

    with pytest.raises(RetiredRunbook):
        verify_runbook(runbook, version=1, by=a_user(), at=NOW)


def test_alerts_that_cannot_be_read_are_refused_and_nothing_is_written() -> None:
    writer, runbook = a_user(), a_runbook(alerts="DiskFull")
    wrong = {"title": "Disks", "alerts": "DiskFull\nthe disk is full"}

    with pytest.raises(WrongAlerts) as refused:
        create_runbook(values=wrong, by=writer, at=NOW)
    with pytest.raises(WrongAlerts):
        change_runbook(runbook, version=1, values=wrong, by=writer, at=NOW)

    assert refused.value.message_dict["alerts"][0].startswith("Line 2: “the disk is full”")
    assert not Change.objects.exists()
    assert Runbook.objects.get().alerts == "DiskFull"
