"""Looking changes nothing; what changes something asks who and whether they may, and is kept."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from incidents.models import (
    CheckFinding,
    CheckRun,
    Endpoint,
    Export,
    GuardVersion,
    Import,
    ImportRow,
    Job,
    KeptQuery,
    KeyedRequest,
    Lookup,
    Message,
    Opening,
    Preference,
    ProposedDelta,
    QuietHours,
    RunbookWords,
    SearchEntry,
    Submission,
    Verdict,
)
from tests.access.no_history import Writing, everything
from tests.access.restricted import World
from tests.access.walk import Visit, visits
from tests.pages import Form, forms_on

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("_quiet"),
    # Hundreds of whole requests each.
    pytest.mark.timeout(400),
]

# What a reader may do all the same: their own profile, a review that they were asked for, what they
# looked up themselves, whether a runbook helped them, what they were told and how they want to be.
OWN_AFFAIRS = {
    "api:answer_review",
    "api:cancel_export",
    "api:export_incident",
    "api:exports",
    "api:read_all",
    "api:read_message",
    "directory:me",
    "directory:new_token",
    "directory:revoke_token",
    "exports:cancel",
    "exports:export_incident",
    "exports:export_review",
    "exports:new_calendar",
    "exports:new_incident_feed",
    "exports:replace_feed_link",
    "exports:revoke_feed",
    # Files are checked against what one may see, and what is found is kept.
    "guard:check",
    "records:answer_review",
    "lookup:forget",
    "runbooks:did_it_help",
    "runbooks:say_more",
    "runbooks:take_back",
    "notifications:open_message",
    "notifications:preferences",
    "notifications:read_all",
    "notifications:read_message",
    "notifications:unread_again",
}
# What a view answers when there was nothing to do for it.
NOT_DONE = {403, 404, 405}


def ours(world: World) -> list[Visit]:
    return [visit for visit in visits(world) if not visit.path.startswith("/accounts/")]


def signed_in(user: Any, **options: Any) -> Client:
    client = Client(raise_request_exception=False, **options)
    client.force_login(user)
    return client


def test_looking_changes_nothing(world: World) -> None:
    world.incident.allowed_people.add(world.admin)
    client = signed_in(world.admin)
    before = everything()

    answers = [client.get(visit.path).status_code for visit in ours(world)]

    assert answers.count(200) > 100
    assert everything() == before


def test_nothing_is_taken_from_another_site(world: World) -> None:
    world.incident.allowed_people.add(world.admin)
    client = signed_in(world.admin, enforce_csrf_checks=True)
    before = everything()

    answers = {visit.path: client.post(visit.path).status_code for visit in ours(world)}

    # Where only tokens count, a cookie is as good as nothing.
    assert {path for path, status in answers.items() if status == 401} == {
        "/mcp",
        "/api/v1/guard/",
    }
    assert {path: status for path, status in answers.items() if status not in {401, 403}} == {}
    assert everything() == before


def test_a_reader_changes_nothing(world: World) -> None:
    """Wherever an editor is listened to, a reader is told that they may not."""
    world.incident.allowed_people.add(world.reader)
    reader, editor = signed_in(world.reader), signed_in(world.named)
    before = everything()
    listened, differing = 0, {}

    for visit in ours(world):
        with transaction.atomic():
            heard = editor.post(visit.path).status_code
            transaction.set_rollback(True)
        if heard in NOT_DONE or visit.address in OWN_AFFAIRS:
            continue
        # A page that answers the same whatever it is sent is one to look at.
        if heard != editor.get(visit.path).status_code:
            listened += 1
            refused = reader.post(visit.path).status_code
            if refused != 403:
                differing[visit.path] = (heard, refused)

    assert listened > 40
    assert differing == {}
    assert everything() == before


def filled(form: Form) -> dict[str, Any]:
    """As the browser sends it, with something in what is empty or was there."""
    sent: dict[str, Any] = form.sent()
    for one in form.inputs:
        if one.kind in {"textarea", "text"} and one.name in FITTING:
            sent[one.name] = FITTING[one.name]
    return sent | {name: [a_file()] for name in form.files}


def a_file() -> SimpleUploadedFile:
    """It can be read once."""
    return SimpleUploadedFile("graph.png", b"\x89PNG\r\n\x1a\n and so on")


FITTING = {
    "title": "Another title",
    "sentence": "Another sentence",
    "text": "Another text",
    "how": "In another way",
    "note": "Another note",
    "name": "Another name",
    "description": "Another description",
    "component": "nginx",
    "key": "keepalive",
    "evidence": "The graph",
    "reason": "It was a test",
    "factor_name": "Another factor",
    "before": "5",
    "after": "6",
}


NO_RECORDS = (
    CheckFinding,
    CheckRun,
    Endpoint,
    Export,
    GuardVersion,
    Import,
    ImportRow,
    Job,
    KeptQuery,
    KeyedRequest,
    Lookup,
    Message,
    Opening,
    Preference,
    ProposedDelta,
    QuietHours,
    RunbookWords,
    SearchEntry,
    Submission,
    Verdict,
)


# None of these is a record: an index of them, forms that were sent, how the lookup is used, what
# was checked, what one is told and how one wants to be, files that one takes out, what is found in
# those that one brings in, work that is owed. A channel knows itself who changed it, and a job who
# asked for it.
QUIET = {table.__name__ for table in NO_RECORDS} | {KeptQuery.relevant.through.__name__}


def forms(world: World, client: Client) -> Iterator[Form]:
    """One of each kind that the pages have."""
    seen = set()
    for visit in ours(world):
        page = client.get(visit.path)
        for form in forms_on(page.content.decode(), visit.path):
            kind = (re.sub(r"\d+", "", form.action), frozenset(form.names()))
            if form.method == "post" and "/accounts/" not in form.action and kind not in seen:
                seen.add(kind)
                yield form


def send(client: Client, form: Form) -> HttpResponse:
    return client.post(form.action, filled(form))


def test_what_changes_something_is_written_down(world: World) -> None:
    """... or nothing is changed, where it cannot be."""
    world.incident.allowed_people.add(world.admin)
    client, other = signed_in(world.admin), signed_in(world.admin)
    seen = Writing(QUIET)

    for form in forms(world, client):
        seen.look(form.action, partial(send, other, form))

    assert len(seen.changed) > 15
    assert [action for action in seen.changed if action.endswith("/attachments/")]
    assert seen.unwritten == []
    assert seen.changed_all_the_same == {}
