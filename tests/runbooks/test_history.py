"""A runbook's history, from its page: what changed, any two versions, and back."""

import re

import pytest
from django.test import Client

from incidents.models import Change, Runbook
from tests.factories import a_form, a_user
from tests.pages import forms_on

pytestmark = pytest.mark.django_db

ROOM = {"title": "Make room", "slug": "room", "state": "active", "verify_every": "91"}


@pytest.fixture
def room(client: Client) -> Runbook:
    client.force_login(a_user("editor"))
    client.post("/runbooks/new/", a_form(**ROOM, body="Look at the disk.", alerts="DiskFull"))
    room = Runbook.objects.get()
    changed = {**ROOM, "version": 1, "body": "Look at the memory.", "alerts": "MemoryFull"}
    client.post("/runbooks/room/edit/", {**changed, "verify_every": "30"})
    client.post("/runbooks/room/verify/", {"version": 2})
    return room


def test_it_works(client: Client, room: Runbook) -> None:
    history = f"/history/runbook/{room.pk}/"
    assert f'href="{history}"' in client.get("/runbooks/room/").content.decode()
    told = client.get(history).content.decode()
    for summary in ("Wrote the runbook", "Changed the runbook", "Went through the runbook"):
        assert summary in told


def test_any_two_versions_are_compared(client: Client, room: Runbook) -> None:
    first, second, _ = Change.objects.order_by("id")
    address = f"/history/runbook/{room.pk}/compare/?from={first.pk}&to={second.pk}"
    told = client.get(address).content.decode()
    for old, new in (("disk", "memory"), ("DiskFull", "MemoryFull")):
        assert re.search(rf"<del>[^<]*{old}", told)
        assert re.search(rf"<ins>[^<]*{new}", told)
    assert "every 3 months" in told
    assert "every month" in told


def test_an_earlier_version_is_taken_back(client: Client, room: Runbook) -> None:
    first = Change.objects.order_by("id")[0]
    page = f"/history/runbook/{room.pk}/at/{first.pk}/"
    forms = forms_on(client.get(page).content.decode(), page)
    (form,) = [one for one in forms if one.action.endswith("/take-back/")]
    client.post(form.action, form.sent())
    room.refresh_from_db()
    assert (room.body, room.alerts, room.verify_every) == ("Look at the disk.", "DiskFull", 91)
    assert "<p>Look at the disk.</p>" in client.get("/runbooks/room/").content.decode()
