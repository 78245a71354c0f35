"""What was turned last time, as far as everybody who signs in may read it."""

import re
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client

from incidents.knowledge.operations import change_knob
from incidents.models import (
    ConfigDelta,
    Incident,
    Runbook,
    RunbookUse,
    Served,
    State,
    User,
    Visibility,
)
from incidents.records.operations import change_access, change_incident
from incidents.records.parts.operations import change_part, move_part, remove_part
from incidents.records.states import publish, withdraw
from incidents.runbooks.offline.copies import copy_of, fingerprint
from incidents.runbooks.offline.file import file_of
from incidents.runbooks.offline.queries import MOST_TURNS, runbooks_to_copy
from tests.factories import (
    NOW,
    a_delta,
    a_knob,
    a_runbook,
    a_runbook_use,
    a_user,
    an_incident,
)

pytestmark = pytest.mark.django_db
HOSTILE = "</script></noscript><script>alert(1)</script><!--text-->"


def turned() -> list[Any]:
    """Of the one runbook there is."""
    [runbook] = copy_of(runbooks_to_copy(), site="https://site.example", at=NOW)["runbooks"]
    told: list[Any] = runbook["turned"]
    return told


def a_published(runbook: Runbook, **values: Any) -> Incident:
    incident = an_incident(**{"state": "published", "published_at": NOW, **values})
    a_runbook_use(incident, runbook=runbook)
    return incident


def test_it_works() -> None:
    began = {"began_at": NOW, "began_precision": "minute", "time_zone": "Asia/Tokyo"}
    incident = a_published(a_runbook(), title="Every card was refused", **began)
    knob = a_knob(component="payment-worker", key="db.pool", unit="connections")
    a_delta(incident, knob=knob, before="20", after="10", part="contributed")
    a_delta(
        incident,
        knob=knob,
        before="",
        before_known="absent",
        after="20",
        part="fixed",
        place="production",
        turned_at=NOW + timedelta(hours=5),
        turned_precision="hour",
    )

    assert turned() == [
        {
            "reference": incident.reference,
            "title": "Every card was refused",
            "when": "2026-03-14",
            "served": "helped",
            "turns": [
                {
                    "component": "payment-worker",
                    "key": "db.pool",
                    "unit": "connections",
                    "before": "",
                    "before_known": "absent",
                    "after": "20",
                    "after_known": "known",
                    "part": "fixed",
                    "place": "production",
                    "when": "2026-03-15 02h",
                }
            ],
        }
    ]


def test_without_any_there_is_nothing() -> None:
    runbook = a_runbook()
    a_delta(a_published(runbook), part="tried")
    a_delta(an_incident(state="published", published_at=NOW), part="fixed")

    assert turned() == []
    text = file_of(copy_of(runbooks_to_copy(), site="https://site.example", at=NOW))
    assert "turned" not in re.findall(r"<article class.*?</article>", text, re.DOTALL)[-1]


def test_the_last_ones_of_the_latest_incidents_lead() -> None:
    runbook = a_runbook()
    for days in (30, None, 10, 20):
        began = {"began_at": NOW - timedelta(days=days), "began_precision": "day"} if days else {}
        incident = a_published(runbook, title=f"{days}", **began)
        for number in range(2):
            a_delta(incident, after=f"{days}:{number}", part="mitigated", position=1 - number)

    told = [turn["after"] for past in turned() for turn in past["turns"]]
    assert told == ["10:1", "10:0", "20:1", "20:0", "30:1"]
    assert len(told) == MOST_TURNS
    assert [past["title"] for past in turned()] == ["10", "20", "30"]


@pytest.mark.parametrize("state", [each for each in State if each != State.PUBLISHED])
def test_what_is_not_published_is_not_told(state: State) -> None:
    reason = {"withdrawn_reason": "A drill"} if state == State.WITHDRAWN else {}
    incident = a_published(a_runbook(), state=state, published_at=None, **reason)
    a_delta(incident, part="fixed")

    assert turned() == []


@pytest.mark.parametrize("path", ["/runbooks/offline/copy/", "/runbooks/offline/file/"])
def test_not_even_who_is_named_gets_a_restricted_one(client: Client, path: str) -> None:
    """The same document is handed to everybody."""
    named = a_user()
    runbook = a_runbook()
    shown, hidden = a_published(runbook), a_published(runbook, title="zqvxaaa")
    a_delta(shown, after="shown", part="fixed")
    a_delta(hidden, after="zqvxaab", knob=a_knob(key="zqvxaac"), part="fixed")
    hidden.allowed_people.add(named)
    client.force_login(named)

    assert "zqvx" in client.get(path).content.decode()
    Incident.objects.filter(pk=hidden.pk).update(visibility=Visibility.RESTRICTED)
    text = client.get(path).content.decode()
    assert "shown" in text
    assert "zqvx" not in text
    assert hidden.reference not in text


def current(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def restrict(incident: Incident, by: User) -> None:
    change_access(
        incident,
        version=current(incident).version,
        visibility=Visibility.RESTRICTED,
        people=[],
        teams=[],
        by=by,
        at=NOW,
    )


def test_every_change_of_it_gives_another_fingerprint_and_no_other_does() -> None:
    owner = a_user("editor")
    runbook = a_runbook()
    incident = a_published(runbook, owner=owner)
    other = an_incident(owner=owner, state="in_review")
    use, knob = RunbookUse.objects.get(), a_knob()
    turns = [a_delta(incident, knob=knob, part="fixed", position=at) for at in range(3)]
    hidden = a_published(runbook, visibility=Visibility.RESTRICTED)
    unseen = a_delta(hidden, part="fixed")
    a_runbook_use(other, runbook=runbook)
    a_delta(other, part="mitigated")
    told: dict[str, Any] = {"by": owner, "at": NOW}

    def change(row: Any, **values: Any) -> Callable[[], Any]:
        return lambda: change_part(row, version=current(row).version, values=values, **told)

    def drop(part: Any) -> Callable[[], Any]:
        return lambda: remove_part(part, version=current(part).version, **told)

    seen = [fingerprint([])]
    for one in (
        change(turns[0], after="200"),
        change(turns[1], part="tried"),
        drop(turns[2]),
        lambda: move_part(turns[0], direction="down", **told),
        change(use, served=Served.OUTDATED),
        lambda: change_knob(knob, version=1, values={"unit": "s"}, **told),
        lambda: change_incident(incident, version=1, values={"title": "Renamed"}, **told),
        lambda: publish(other, without_approval=True, **told),
        lambda: withdraw(other, reason="A drill", **told),
        lambda: restrict(incident, owner),
    ):
        one()
        seen.append(fingerprint([]))

    assert all(one != before for one, before in pairwise(seen))
    # Withdrawn, it is as it was before it was published.
    assert len(set(seen)) == len(seen) - 1
    assert turned() == []
    change(unseen, after="300")()
    change(turns[0], after="400")()
    assert fingerprint([]) == seen[-1]


def test_what_people_wrote_stays_text() -> None:
    runbook = a_runbook()
    incident = a_published(runbook, title=HOSTILE)
    knob = a_knob(component=HOSTILE.replace("/", ""), key=HOSTILE, unit=HOSTILE[:30])
    a_delta(incident, knob=knob, before=HOSTILE, after="שלום", part="fixed", place=HOSTILE)

    text = file_of(copy_of(runbooks_to_copy(), site="https://site.example", at=NOW))

    assert "alert(1)" in text
    assert "<script>alert" not in text
    assert text.count("</noscript>") == 1
    assert text.count("<!--text-->") == 2
    assert "<bdi>שלום</bdi>" in text


def test_the_file_says_it_without_scripts_too() -> None:
    incident = a_published(a_runbook())
    RunbookUse.objects.update(served=Served.PARTLY)
    a_delta(incident, before="", before_known="unknown", after="x" * 1000, part="mitigated")
    assert ConfigDelta.objects.count() == 1

    text = file_of(copy_of(runbooks_to_copy(), site="https://site.example", at=NOW))
    [article] = re.findall(r'<article class="card" id=.*?</article>', text, re.DOTALL)

    assert "What was turned last time" in article
    assert "mitigated" in article
    assert "unknown" in article
    assert "x" * 1000 in article
    assert "helped in part" in article
    assert "<bdi>unknown</bdi> →" in article
