"""Undoing the removal of a part."""

import pytest
from django.test import Client

from incidents.models import Change, Incident, User
from incidents.records.parts.kinds import KINDS
from tests.factories import a_restricted_incident, a_user, an_incident
from tests.records.parts.forms import KIND_NAMES, row_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def incident() -> Incident:
    return an_incident()


@pytest.fixture
def editor(client: Client) -> User:
    user = a_user()
    client.force_login(user)
    return user


def removed(client: Client, incident: Incident, kind: str) -> str:
    """Remove a part, and return where that is undone."""
    part = row_of(kind, incident, source="kept")
    base = f"/incidents/{incident.reference}/{kind}"
    client.post(f"{base}/{part.pk}/remove/", {"version": 1}, headers=HTMX)
    return f"{base}/removed/{Change.objects.latest('id').pk}/bring-back/"


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_it_works(client: Client, editor: User, incident: Incident, kind: str) -> None:
    address = removed(client, incident, kind)

    answer = client.post(address, headers=HTMX)

    assert answer["HX-Retarget"] == f"#{KINDS[kind].section}"
    (part,) = KINDS[kind].model._base_manager.filter(incident=incident)
    assert part.source == "kept"
    assert f'id="{part.anchor}"'.encode() in answer.content


def test_the_way_back_is_offered(client: Client, editor: User, incident: Incident) -> None:
    part = row_of("event", incident)
    address = f"/incidents/{incident.reference}/event/{part.pk}/remove/"

    page = client.post(address, {"version": 1}, follow=True).content.decode()

    line = Change.objects.get()
    way_back = f"/incidents/{incident.reference}/event/removed/{line.pk}/bring-back/"
    assert f'action="{way_back}"' in page
    client.post(way_back)
    assert incident.timelineevents.get().pk == part.pk


def test_twice_brings_it_back_once(client: Client, editor: User, incident: Incident) -> None:
    address = removed(client, incident, "event")

    assert client.post(address, headers=HTMX).status_code == 200
    answer = client.post(address, headers=HTMX)

    assert answer.status_code == 409
    assert b"there again already" in answer.content
    assert incident.timelineevents.count() == 1


def test_only_a_removal_is_undone(client: Client, editor: User, incident: Incident) -> None:
    address = removed(client, incident, "event")
    assert client.post(address.replace("/event/", "/factor/")).status_code == 404
    other = an_incident()
    assert client.post(address.replace(incident.reference, other.reference)).status_code == 404


def test_who_may_not(client: Client, editor: User) -> None:
    hidden = a_restricted_incident(editor)
    address = removed(client, hidden, "event")

    client.force_login(a_user("admin"))
    assert client.post(address).status_code == 404
    reader = a_user("reader")
    hidden.allowed_people.add(reader)
    client.force_login(reader)
    assert client.post(address).status_code == 403
