"""A word longer than its place is broken there; the page does not grow wider than the screen."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PHONE, OpenAs
from tests.factories import (
    a_contributing_factor,
    a_delta,
    a_factor,
    a_knob,
    a_lesson,
    a_runbook,
    a_service,
    a_team,
    a_user,
    an_action_item,
    an_event,
    an_incident,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORD = "x" * 90


@pytest.fixture
def paths() -> list[str]:
    """Every list, and a page of each thing that has a name."""
    someone = a_user("editor", first_name=WORD, last_name=WORD)
    team = a_team(someone, name=WORD, description=WORD)
    service = a_service(name=WORD, description=WORD)
    incident = an_incident(title=WORD, owner=someone, summary=WORD, summary_html=f"<p>{WORD}</p>")
    incident.services.add(service)
    incident.teams.add(team)
    an_event(incident, text=WORD, text_html=f"<p>{WORD}</p>", actor=WORD, source=WORD)
    factor, knob = a_factor(name=WORD), a_knob(component=WORD, key=WORD)
    a_contributing_factor(incident, factor=factor, how=WORD, how_html=f"<p>{WORD}</p>")
    a_delta(incident, knob=knob, before=WORD, after=WORD + "y", note=WORD, source=WORD)
    lesson = a_lesson(sentence=WORD, learned_from=incident)
    runbook = a_runbook(title=WORD, alerts=WORD)
    runbook.services.add(service)
    runbook.knobs.add(knob)
    item = an_action_item(title=WORD, incident=incident, owner=someone, lesson=lesson)
    records: list[Any] = [someone, team, service, incident, factor, knob, lesson, runbook, item]
    lists = ["incidents", "runbooks", "lessons", "knobs", "factors", "actions", "services"]
    return [
        *(f"/{name}/" for name in [*lists, "teams", "people"]),
        *(record.get_absolute_url() for record in records),
        incident.get_absolute_url() + "edit/",
        runbook.get_absolute_url() + "edit/",
    ]


def wider(page: Page, paths: list[str], width: int) -> dict[str, int]:
    found = {}
    for path in paths:
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found[path] = wide
    return found


def test_it_works_on_a_phone(paths: list[str], open_as: OpenAs) -> None:
    page = open_as(a_user("admin"), size=PHONE)
    assert wider(page, paths, PHONE["width"]) == {}


def test_it_works_on_a_desk(paths: list[str], open_as: OpenAs) -> None:
    page = open_as(a_user("admin"))
    assert page.viewport_size
    assert wider(page, paths, page.viewport_size["width"]) == {}
