"""What the site says back, and how what was done is undone."""

import re
from typing import Any

import pytest
from django.test import Client

from incidents.attachments.operations import NewFile, attach
from incidents.models import ActionItem, ActionState, Change, Event, Message, User
from tests.factories import NOW, a_user, an_action_item, an_incident

pytestmark = pytest.mark.django_db

FORM = re.compile(
    r'<form class="message-undo" method="post" action="([^"]+)">(.*?)</form>', re.DOTALL
)
FIELD = re.compile(r'name="(\w+)" value="([^"]*)"')


def undo(client: Client, page: str) -> str:
    """Presses the button in what the page says; the page that follows."""
    found = FORM.search(page)
    assert found, "nothing to undo"
    fields = dict(FIELD.findall(found[2]))
    answer = client.post(found[1], fields, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_removed_file_comes_back(client: Client) -> None:
    editor = a_user("editor")
    client.force_login(editor)
    incident = an_incident(owner=editor)
    (file,) = attach(incident, [NewFile("app.log", b"it fell over")], by=editor, at=NOW)
    said = client.post(f"/attachments/{file.pk}/remove/", follow=True).content.decode()
    assert "Removed app.log." in said
    assert "Brought back app.log." in undo(client, said)
    file.refresh_from_db()
    assert file.removed_at is None
    assert Change.objects.order_by("pk").last().summary == "Brought back app.log"  # type: ignore[union-attr]


def test_it_is_offered_once(client: Client) -> None:
    editor = a_user("editor")
    client.force_login(editor)
    incident = an_incident(owner=editor)
    (file,) = attach(incident, [NewFile("app.log", b"it fell over")], by=editor, at=NOW)
    client.post(f"/attachments/{file.pk}/remove/", follow=True)
    assert not FORM.search(client.get(incident.get_absolute_url()).content.decode())


def told(person: User, **fields: Any) -> Message:
    values = {"event": Event.ASSIGNED, "incident": an_incident(), "made_at": NOW}
    return Message.objects.create(person=person, in_inbox=True, **values, **fields)


def closed(client: Client) -> tuple[ActionItem, str]:
    editor = a_user("editor")
    client.force_login(editor)
    item = an_action_item(owner=editor)
    page = client.post(
        f"/actions/{item.reference}/decline/", {"reason": "Not worth it"}, follow=True
    )
    item.refresh_from_db()
    assert item.state == ActionState.WONT_DO
    return item, page.content.decode()


def test_a_closed_item_is_opened_again(client: Client) -> None:
    item, said = closed(client)
    undo(client, said)
    item.refresh_from_db()
    assert item.state == ActionState.OPEN
    assert Change.objects.order_by("pk").last().summary == "Reopened"  # type: ignore[union-attr]


def test_what_somebody_changed_since_stays(client: Client) -> None:
    item, said = closed(client)
    ActionItem.objects.filter(pk=item.pk).update(version=item.version + 1)
    assert "it is as they left it" in undo(client, said)
    item.refresh_from_db()
    assert item.state == ActionState.WONT_DO


def test_all_that_was_marked_read_is_unread_again(client: Client) -> None:
    reader, other = a_user("reader"), a_user("reader")
    client.force_login(reader)
    read_before = told(reader, read_at=NOW)
    new, others = told(reader), told(other)
    said = client.post("/notifications/read/", follow=True).content.decode()
    assert "1 marked as read." in said
    assert "They are unread again." in undo(client, said)
    unread = set(Message.objects.filter(read_at=None).values_list("pk", flat=True))
    assert unread == {new.pk, others.pk}
    assert read_before.pk not in unread


@pytest.mark.parametrize("sent", ["", "yesterday", "2026-13-01T00:00:00Z", "2026-07-01T00:00:00"])
def test_what_is_no_moment_undoes_nothing(client: Client, sent: str) -> None:
    client.force_login(a_user("reader"))
    answer = client.post("/notifications/unread/", {"read_at": sent}, follow=True)
    assert "Nothing was left to undo." in answer.content.decode()
