"""A token of own incidents writes in those, and nothing that belongs to all."""

from typing import Any

import pytest

from incidents.api.urls import urlpatterns
from incidents.api.writes import Writes
from incidents.models import ActionItem, Lesson, Runbook
from tests.api.programs import Program
from tests.api.test_authentication import refused
from tests.factories import (
    a_factor,
    a_knob,
    a_lesson,
    a_runbook,
    a_service,
    a_user,
    an_action_item,
    an_incident,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def program() -> Program:
    return Program(a_user("editor"), scope="write", reach="own")


def test_it_works(program: Program) -> None:
    incident = an_incident(owner=program.owner)
    path = f"incidents/{incident.reference}/"

    program.writes(
        "post", f"{path}events/", {"time": "2026-03-14", "kind": "action", "text": "So."}
    )
    program.writes("patch", path, {"title": "Another"}, of=incident)
    item = program.writes("post", "actions/", {"title": "Alert", "incident": incident.reference})
    program.writes("post", f"actions/{item['reference']}/start/")

    incident.refresh_from_db()
    assert incident.title == "Another"
    assert ActionItem.objects.get().state == "in_progress"


def test_what_belongs_to_all_is_only_read(program: Program) -> None:
    for make in (a_knob, a_factor, a_service):
        make()
    lesson, runbook, item = a_lesson(), a_runbook(), an_action_item(incident=None)
    rows: dict[str, Any] = {
        "runbooks/": {"title": "Mine"},
        "lessons/": {"sentence": "Mine."},
        "knobs/": {"component": "nginx", "key": "mine"},
        "factors/": {"name": "Mine", "category": "capacity"},
        "services/": {"name": "Mine"},
        f"runbooks/{runbook.slug}/verify/": None,
        f"lessons/{lesson.reference}/retire/": {"reason": "Mine."},
        f"actions/{item.reference}/start/": None,
    }
    for path, sent in rows.items():
        answer = program.sends("post", path, sent, of=runbook)
        assert "own incidents" in refused(answer, 403)["detail"], path
        assert program.asks(path.split("/")[0] + "/").status_code == 200
    assert (Runbook.objects.count(), Lesson.objects.count()) == (1, 1)


def test_an_action_item_is_of_one_of_them(program: Program) -> None:
    incident = an_incident(owner=program.owner)
    item = an_action_item(incident=incident)
    anothers = an_incident()
    for sent in ({"title": "Alert"}, {"title": "Alert", "incident": anothers.reference}):
        answer = program.sends("post", "actions/", sent)
        assert list(refused(answer, 422)["errors"]) == ["incident"]
    answer = program.sends("patch", f"actions/{item.reference}/", {"incident": None}, of=item)
    assert list(refused(answer, 422)["errors"]) == ["incident"]


def test_each_address_says_whether_it_is_of_incidents() -> None:
    """What is added is not written by such a token until somebody has thought of it."""
    found = {
        str(one.pattern).split("/")[2]
        for one in urlpatterns
        if issubclass(getattr(one.callback, "cls", object), Writes)
        and one.callback.cls.is_of_incidents  # type: ignore[union-attr]  # DRF's
    }
    # Of actions, attachments and history the row is asked; what one takes out and is told is one's
    # own, and only of what the token reaches.
    asked = {"actions", "attachments", "history", "exports", "notifications"}
    assert found == {"incidents", "reviews", "proposals", *asked}
