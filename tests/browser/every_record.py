"""A record of each kind that has a page, with given words in every text of it."""

from typing import Any

from incidents.models import Incident
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

LISTS = ("incidents", "runbooks", "lessons", "knobs", "factors", "actions", "services", "teams")


def paths_of(one: str, other: str, *, name: str, alerts: str = "") -> list[str]:
    """Every list, and a page of each thing that people name: by turns in the one and the other."""
    html = f'<p dir="auto">{one}</p>'
    someone = a_user("editor", first_name=name, last_name=name)
    team = a_team(someone, name=other, description=one)
    service = a_service(name=one, description=other)
    incident = an_incident(title=one, owner=someone, summary=one, summary_html=html)
    incident.services.add(service)
    incident.teams.add(team)
    fill(incident, one, other, name=name, html=html)
    lesson = a_lesson(sentence=one, learned_from=incident)
    runbook = a_runbook(title=other, summary=one, alerts=alerts, body_html=html, owner=someone)
    runbook.services.add(service)
    knob = a_knob(component=one, key=other)
    runbook.knobs.add(knob)
    item = an_action_item(title=one, incident=incident, owner=someone, lesson=lesson)
    factor = a_factor(name=f"{other}{one}")
    records: list[Any] = [someone, team, service, incident, factor, knob, lesson, runbook, item]
    return [
        *(f"/{name}/" for name in [*LISTS, "people"]),
        *(record.get_absolute_url() for record in records),
        f"{incident.get_absolute_url()}edit/",
        f"{runbook.get_absolute_url()}edit/",
        f"{runbook.get_absolute_url()}read/",
    ]


def fill(incident: Incident, one: str, other: str, *, name: str, html: str) -> None:
    more = {"text_html": html, "time_note": other}
    an_event(incident, text=other, actor=name, source=one, **more)
    factor, knob = a_factor(name=other), a_knob(component=other, key=f"{one}y")
    a_contributing_factor(incident, factor=factor, how=one, how_html=html)
    sides = {"before": one, "after": f"{other}y", "place": other}
    a_delta(incident, knob=knob, note=one, source=one, **sides)
