"""Pasting a log into the timeline."""

from collections.abc import Mapping

import pytest
from django.test import Client

from incidents.models import Change, Incident, User
from tests.factories import NOW, a_restricted_incident, a_user, an_event, an_incident

pytestmark = pytest.mark.django_db

LOG = """\
Nobody knows when this line was
2026-03-14
14:05 <ada> latency rose
14:07 <bob> pool is full
  connections 512 of 512
14:09 <ada> raised the limit
"""


@pytest.fixture
def incident() -> Incident:
    return an_incident(time_zone="Europe/Berlin", began_at=NOW, began_precision="day")


@pytest.fixture
def editor(client: Client) -> User:
    user = a_user()
    client.force_login(user)
    return user


def paste(incident: Incident) -> str:
    return f"/incidents/{incident.reference}/timeline/paste/"


def keep(incident: Incident) -> str:
    return f"{paste(incident)}keep/"


def preview(client: Client, incident: Incident, text: str = LOG) -> dict[str, str]:
    """What the browser would send for the preview of this text, if nobody touched it."""
    answer = client.post(paste(incident), {"text": text})
    assert answer.status_code == 200
    events, rest = answer.context["events"], answer.context["rest"]
    data = {}
    for form in [events.management_form, rest, *events.forms]:
        for field in form:
            value = field.value()
            if value is True:
                data[field.html_name] = "on"
            elif value is not None and value is not False:
                data[field.html_name] = str(value)
    return data


def texts(incident: Incident) -> list[str]:
    return list(incident.timelineevents.values_list("text", flat=True))


def test_it_works(client: Client, editor: User, incident: Incident) -> None:
    an_event(
        incident, text="Between", event_at=NOW.replace(hour=13, minute=8), event_precision="minute"
    )
    assert client.get(paste(incident)).context["form"]["day"].value() == NOW.date()

    form = preview(client, incident)
    assert form["form-0-time"] == "2026-03-14 14:05"
    assert (form["form-0-who"], form["form-0-text"]) == ("ada", "latency rose")
    answer = client.post(keep(incident), {**form, "source": "#incident-7"})

    assert answer.status_code == 302
    assert answer["Location"] == f"/incidents/{incident.reference}/#timeline"
    assert texts(incident) == [
        "latency rose",
        "pool is full\n  connections 512 of 512",
        "Between",
        "raised the limit",
    ]
    line = Change.objects.get()
    assert line.summary == "Added to the timeline: 3 events"
    assert [part["did"] for part in line.parts].count("created") == 3
    first = incident.timelineevents.first()
    assert first is not None
    assert (first.actor, first.source, first.kind) == ("ada", "#incident-7", "communication")


def test_sent_twice_it_adds_once(client: Client, editor: User, incident: Incident) -> None:
    form = preview(client, incident)

    assert client.post(keep(incident), form).status_code == 302
    assert client.post(keep(incident), form).status_code == 302

    assert len(texts(incident)) == 3


def test_what_is_not_ticked_is_left_out_and_not_checked(
    client: Client, editor: User, incident: Incident
) -> None:
    form = preview(client, incident)
    del form["form-0-keep"]
    form["form-0-time"] = "no time at all"

    assert client.post(keep(incident), form).status_code == 302

    assert len(texts(incident)) == 2


def test_a_bad_row_is_marked_and_nothing_is_lost(
    client: Client, editor: User, incident: Incident
) -> None:
    form = preview(client, incident)
    form |= {"form-1-time": "later", "form-2-text": "", "form-0-text": "corrected"}

    answer = client.post(keep(incident), form)

    assert answer.status_code == 422
    events = answer.context["events"]
    assert [list(row.errors) for row in events.forms] == [[], ["time"], ["text"]]
    assert events.forms[0]["text"].value() == "corrected"
    assert b"connections 512 of 512" in answer.content
    assert b"Nobody knows when this line was" in answer.content
    assert texts(incident) == []


def test_lines_without_a_time_are_kept_if_wanted(
    client: Client, editor: User, incident: Incident
) -> None:
    form = preview(client, incident)
    assert form["unread"] == "Nobody knows when this line was"

    client.post(keep(incident), {**form, "keep_unread": "on"})

    assert texts(incident)[-1] == "Nobody knows when this line was"


def test_a_broken_log_gives_what_can_be_read(
    client: Client, editor: User, incident: Incident
) -> None:
    broken = "\x01\x02 99:99 nothing\n\ufffd\ufffd\n25:61 none\n14:05 <ada> it broke\n\n]]><<"

    answer = client.post(paste(incident), {"text": broken.replace("\x00", "")})

    assert answer.status_code == 200
    (row,) = answer.context["events"].forms
    assert "it broke" in row["text"].value()
    for kept in ("99:99 nothing", "25:61 none"):
        assert kept in answer.context["rest"]["unread"].value()


def test_nothing_found_is_offered_as_one_event(
    client: Client, editor: User, incident: Incident
) -> None:
    form = preview(client, incident, "no times here\nat all")
    assert form["form-TOTAL_FORMS"] == "0"

    assert client.post(keep(incident), form).status_code == 302
    assert texts(incident) == ["no times here\nat all"]


def test_a_doubt_stands_beside_its_row(client: Client, editor: User) -> None:
    undated = an_incident()
    form = preview(client, undated, "14:05 it broke")
    assert "day is missing" in form["form-0-doubt"]
    assert form.get("form-0-time", "") == ""

    again = client.post(keep(undated), {**form, "form-0-text": ""})

    assert b"day is missing" in again.content


def test_nothing_ticked_is_said(client: Client, editor: User, incident: Incident) -> None:
    form = {
        name: value
        for name, value in preview(client, incident).items()
        if not name.endswith("-keep")
    }

    answer = client.post(keep(incident), form)

    assert answer.status_code == 422
    assert b"No event is kept" in answer.content


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "required"),
        ("x" * 1_000_001, "1,000,000"),
        ("2026-03-14 14:05 it broke\n" * 2001, "2,000"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_the_text(
    client: Client, editor: User, incident: Incident, text: str, said: str
) -> None:
    answer = client.post(paste(incident), {"text": text})

    assert answer.status_code == 422
    assert said in answer.context["form"].errors["text"][0]
    assert answer.context["form"]["text"].value() == text


def test_a_day_that_is_none(client: Client, editor: User, incident: Incident) -> None:
    answer = client.post(paste(incident), {"text": LOG, "day": "2026-02-30"})

    assert answer.status_code == 422
    assert "day" in answer.context["form"].errors


@pytest.mark.parametrize("data", [{}, {"form-TOTAL_FORMS": "x"}, {"form-TOTAL_FORMS": "99999"}])
def test_a_form_that_was_tampered_with(
    client: Client, editor: User, incident: Incident, data: Mapping[str, str]
) -> None:
    assert client.post(keep(incident), data).status_code == 422
    assert texts(incident) == []


def test_as_many_events_as_are_taken(client: Client, editor: User, incident: Incident) -> None:
    form = preview(client, incident, "2026-03-14 14:05 it broke\n" * 2000)

    assert client.post(keep(incident), form).status_code == 302

    assert incident.timelineevents.count() == 2000


def test_who_may_not(client: Client, incident: Incident) -> None:
    hidden = a_restricted_incident(a_user())
    for address in (paste, keep):
        client.force_login(a_user("reader"))
        assert client.post(address(incident), {"text": LOG}).status_code == 403
        client.force_login(a_user("admin"))
        assert client.post(address(hidden), {"text": LOG}).status_code == 404


def test_the_second_step_alone_leads_to_the_first(
    client: Client, editor: User, incident: Incident
) -> None:
    assert client.get(keep(incident))["Location"] == paste(incident)
