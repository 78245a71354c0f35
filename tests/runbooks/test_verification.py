"""For how long it holds that somebody went through a runbook, and which are due."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from incidents.models import Runbook
from tests.factories import a_runbook, a_user

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 14)
LAST_MINUTE = datetime(2025, 3, 14, 23, 59, tzinfo=UTC)


def verified(days_ago: int, **fields: Any) -> Runbook:
    return a_runbook(last_verified_date=TODAY - timedelta(days=days_ago), **fields)


def due() -> list[Runbook]:
    return list(Runbook.objects.verification_due(TODAY))


def test_it_works() -> None:
    verified(364)
    late = verified(365)
    assert due() == [late]
    assert late.verification_due_date == TODAY


@pytest.mark.parametrize("every", [30, 91, 182, 365])
def test_a_runbook_says_how_often(every: int) -> None:
    verified(every - 1, verify_every=every)
    late = verified(every, verify_every=every)
    assert due() == [late]
    assert late.verification_due_date == TODAY


def test_else_the_settings_say_it(settings: Settings) -> None:
    settings.RUNBOOK_VERIFY_DAYS = 10
    late = verified(10)
    verified(10, verify_every=30)
    assert due() == [late]
    assert late.verification_due_date == TODAY


def test_nobody_having_gone_through_it_counts_from_when_it_was_written() -> None:
    late = a_runbook(created_at=LAST_MINUTE)
    a_runbook(created_at=LAST_MINUTE + timedelta(minutes=1))
    assert due() == [late]
    assert late.verification_due_date == TODAY


def test_a_retired_runbook_is_never_due() -> None:
    verified(1000, state="retired")
    assert due() == []


def test_the_list_says_since_when_and_is_narrowed(client: Client) -> None:
    client.force_login(a_user("reader"))
    today = timezone.now().date()
    for title, days in (("Late", 400), ("Soon", 350), ("Later", 30)):
        a_runbook(title=title, last_verified_date=today - timedelta(days=days))
    a_runbook(title="Gone", state="retired", last_verified_date=date(2020, 1, 1))

    for wanted in ("Late", "Soon", "Later"):
        name = {"Late": "due"}.get(wanted, wanted.lower())
        page = client.get(f"/runbooks/?verified={name}").context["page"]
        assert [row.title for row in page] == [wanted]
    told = client.get("/runbooks/").content.decode()
    since = today - timedelta(days=35)
    assert told.count("due since") == 1
    assert f"due since {since}" in told


def test_who_verifies_it_in_time_has_peace(client: Client) -> None:
    client.force_login(a_user("editor"))
    runbook = a_runbook(slug="room", last_verified_date=date(2020, 1, 1), verify_every=30)
    assert "which was due by" in client.get("/runbooks/room/").content.decode()
    client.post("/runbooks/room/verify/", {"version": runbook.version})
    told = client.get("/runbooks/room/").content.decode()
    assert "every month, next by" in told
    assert "due since" not in told


def test_the_form_takes_how_often_and_history_tells(client: Client) -> None:
    client.force_login(a_user("editor"))
    runbook = a_runbook(title="Make room", slug="room")
    assert (
        "as everywhere here: every 365 days" in client.get("/runbooks/room/edit/").content.decode()
    )
    sent = {"version": 1, "title": "Make room", "slug": "room", "state": "active"}
    client.post("/runbooks/room/edit/", {**sent, "verify_every": "91"})
    runbook.refresh_from_db()
    assert runbook.verify_every == 91
    refused = client.post("/runbooks/room/edit/", {**sent, "version": 2, "verify_every": "7"})
    assert refused.status_code == 422
    page = client.get(f"/history/runbook/{runbook.pk}/").content.decode()
    assert "Changed the runbook" in page
