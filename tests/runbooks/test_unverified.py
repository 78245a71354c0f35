"""A runbook that assumes a knob which was turned since somebody last went through it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from incidents.lookup.operations import keep_findable
from incidents.models import Incident, Knob, Runbook, User
from incidents.models.runbooks import mark_unverified
from incidents.runbooks.operations import verify_runbook
from tests.factories import a_delta, a_knob, a_restricted_incident, a_runbook, a_user, an_incident

pytestmark = pytest.mark.django_db

LOOKUP = "/lookup/?alertname=WorkersHang"
VERIFIED = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)
BEFORE, AFTER = VERIFIED - timedelta(hours=1), VERIFIED + timedelta(hours=1)


@pytest.fixture
def knob() -> Knob:
    return a_knob(component="unicorn", key="timeout")


@pytest.fixture
def runbook(knob: Knob) -> Runbook:
    made = a_runbook(
        title="Workers hang",
        slug="hang",
        alerts="WorkersHang",
        body_html="<p>Look.</p>",
        last_verified_date=VERIFIED.date(),
        last_verified_at=VERIFIED,
    )
    made.knobs.set([knob])
    keep_findable(made)
    return made


def turned(knob: Knob, at: datetime | None, precision: str = "minute", **fields: Any) -> Incident:
    incident = fields.pop("incident", None) or an_incident()
    created_at = fields.pop("created_at", AFTER)
    delta = a_delta(incident, knob=knob, turned_at=at, turned_precision=precision, **fields)
    type(delta).objects.filter(pk=delta.pk).update(created_at=created_at)
    return incident


def since(user: User) -> int | None:
    asked = Runbook.objects.with_unverified(user).get().unverified_since
    marked = Runbook.objects.get()
    mark_unverified([marked], user)
    # Two ways to ask the same.
    assert marked.unverified_since == asked
    return asked


def test_it_works(client: Client, knob: Knob, runbook: Runbook) -> None:
    user = a_user()
    client.force_login(user)
    turned(knob, BEFORE)
    assert "unverified since" not in client.get("/runbooks/hang/").content.decode()
    incident = turned(knob, AFTER)
    turned(knob, AFTER + timedelta(days=1))

    told = f'href="{incident.get_absolute_url()}">unverified since {incident.reference}</a>'
    for url in ("/runbooks/hang/", "/runbooks/", "/runbooks/?verified=turned", LOOKUP):
        assert told in client.get(url).content.decode(), url
    assert "Unverified since" in client.get("/runbooks/hang/read/").content.decode()
    answer = client.get("/api/v1/lookup/?alertname=WorkersHang").json()
    assert answer["runbooks"][0]["unverified_since"] == incident.reference

    verify_runbook(runbook, version=runbook.version, by=user, at=AFTER + timedelta(days=2))

    for url in ("/runbooks/hang/", "/runbooks/", LOOKUP):
        assert "unverified since" not in client.get(url).content.decode()
    assert "Workers hang" not in client.get("/runbooks/?verified=turned").content.decode()


def test_while_somebody_types_it_comes_after_the_runbooks(
    client: Client, knob: Knob, runbook: Runbook
) -> None:
    client.force_login(a_user())
    incident = turned(knob, AFTER)
    asked, htmx = {"alertname": "WorkersHang"}, {"HX-Request": "true"}

    first = client.post("/lookup/answers/", asked, headers=htmx).content.decode()
    address = f"/lookup/beside/?first={runbook.pk}&shown={runbook.pk}&shown=999&shown=x"
    then = client.post(address, asked, headers=htmx).content.decode()

    assert "unverified since" not in first
    assert f'<span id="unverified-{runbook.pk}"></span>' in first
    assert f"shown={runbook.pk}" in first
    sign = then.split(f'<span id="unverified-{runbook.pk}" hx-swap-oob="true">')[1]
    assert f"unverified since {incident.reference}" in sign


def test_search_tells_it_too(client: Client, knob: Knob, runbook: Runbook) -> None:
    client.force_login(a_user())
    turned(knob, AFTER)

    assert "unverified since" in client.get("/search/?q=hang").content.decode()


@pytest.mark.parametrize(
    ("turn", "created_at", "is_since"),
    [
        ((AFTER, "minute"), AFTER, True),
        ((BEFORE, "minute"), AFTER, False),
        # On the same day, and recorded before or after somebody went through it.
        ((VERIFIED.replace(hour=0), "day"), BEFORE, False),
        ((VERIFIED.replace(hour=0), "day"), AFTER, True),
        ((VERIFIED.replace(day=1, hour=0), "month"), AFTER, True),
        ((VERIFIED.replace(month=1, day=1, hour=0), "month"), AFTER, False),
        ((VERIFIED.replace(year=2019), "year"), AFTER, False),
        ((None, "unknown"), AFTER, False),
    ],
)
def test_as_far_as_the_time_is_known(
    knob: Knob, runbook: Runbook, turn: tuple[Any, str], created_at: datetime, is_since: bool
) -> None:
    turned(knob, *turn, created_at=created_at)

    assert (since(a_user()) is not None) == is_since


def test_without_a_time_the_incident_tells(knob: Knob, runbook: Runbook) -> None:
    began = {"began_precision": "minute", "state": "draft"}
    turned(knob, None, "unknown", incident=an_incident(began_at=BEFORE, **began))
    assert since(a_user()) is None

    later = turned(knob, None, "unknown", incident=an_incident(began_at=AFTER, **began))
    assert since(a_user()) == later.pk


def test_what_one_may_not_know_of_is_not_told(client: Client, knob: Knob, runbook: Runbook) -> None:
    named = a_user()
    hidden = a_restricted_incident(title="Secret")
    hidden.allowed_people.add(named)
    turned(knob, AFTER, incident=hidden)

    assert since(named) == hidden.pk
    stranger = a_user()
    client.force_login(stranger)
    assert since(stranger) is None
    for url in ("/runbooks/hang/", "/runbooks/", LOOKUP):
        assert hidden.reference not in client.get(url).content.decode()
    # A later turn in an open record is told by its own reference.
    shown = turned(knob, AFTER + timedelta(days=1))
    assert since(stranger) == shown.pk
    assert since(named) == hidden.pk


def test_neither_withdrawn_records_nor_other_knobs_nor_retired_runbooks(
    client: Client, knob: Knob, runbook: Runbook
) -> None:
    user = a_user()
    turned(knob, AFTER, incident=an_incident(state="withdrawn", withdrawn_reason="A mistake"))
    turned(a_knob(), AFTER)
    assert since(user) is None

    turned(knob, AFTER)
    assert [one.pk for one in Runbook.objects.unverified(user)] == [runbook.pk]
    Runbook.objects.update(state="retired")
    client.force_login(user)
    assert not Runbook.objects.unverified(user).exists()
    assert "unverified since" not in client.get("/runbooks/hang/").content.decode()


def test_no_query_for_each_row(client: Client, knob: Knob, runbook: Runbook) -> None:
    client.force_login(a_user())
    turned(knob, AFTER)
    client.get("/runbooks/")
    with CaptureQueriesContext(connection) as few:
        client.get("/runbooks/")
    for _ in range(20):
        made = a_runbook(last_verified_date=VERIFIED.date(), last_verified_at=VERIFIED)
        made.knobs.set([knob])

    with CaptureQueriesContext(connection) as many:
        assert client.get("/runbooks/").content.decode().count("unverified since") == 21
    assert len(many) == len(few)
