"""What cannot be kept comes back with the reason beside its field, and with all that was typed."""

from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from incidents.models import Incident
from tests.factories import a_form, a_user, an_incident

pytestmark = pytest.mark.django_db

NEW = "/incidents/new/"
WORDS = "Do not lose this sentence."


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(a_user())
    return client


def incident_form(**fields: object) -> dict[str, object]:
    return a_form(
        **{
            "title": "Orders time out",
            "kind": "own",
            "severity": "sev2",
            "detection": "unknown",
            "time_zone": "Asia/Kathmandu",
            "summary": WORDS,
            **fields,
        }
    )


def event_form(**fields: object) -> dict[str, object]:
    return a_form(**{"kind": "symptom", "text": WORDS, **fields})


def assert_refused(answer: Any, field: str, typed: str) -> None:
    """422, the reason beside the field, what was typed in it still there, and nothing kept."""
    assert answer.status_code == 422
    form = answer.context["form"]
    assert form.errors.get(field), form.errors
    assert form[field].value() == typed
    page = answer.content.decode()
    assert str(form.errors[field][0]) in unescape(page)
    # What was typed elsewhere is still there too.
    assert field == "summary" or WORDS in page


REFUSED = {
    "ten megabytes": ("summary", "x" * 10_000_000),
    "before 1970": ("began", "1969-12-31 22:00"),
    "a day that is none": ("began", "2026-02-30"),
    "an hour that the clocks left out": ("began", "2026-03-29 25:61"),
    "no such zone": ("time_zone", "Mars/Olympus_Mons"),
    "a zone that is a path": ("time_zone", "../../etc/passwd"),
    "unknown severity": ("severity", "catastrophic"),
    "one character too many": ("title", "x" * 201),
    "nothing": ("title", ""),
    "only spaces": ("title", "   "),
    "a NUL": ("summary", "before\x00after"),
    "a NUL in a line": ("title", "before\x00after"),
    "a tag too long": ("tags", "x" * 61),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_new_record_is_refused_with_the_reason(editor: Client, what: str) -> None:
    field, typed = REFUSED[what]

    answer = editor.post(NEW, incident_form(**{field: typed}))

    assert_refused(answer, field, typed)
    assert not Incident.objects.exists()


@pytest.mark.parametrize("what", REFUSED)
def test_an_edit_is_refused_with_the_reason(editor: Client, what: str) -> None:
    field, typed = REFUSED[what]
    incident = an_incident(summary="Before")

    answer = editor.post(
        f"/incidents/INC-{incident.pk}/edit/", {**incident_form(**{field: typed}), "version": 1}
    )

    assert_refused(answer, field, typed)
    incident.refresh_from_db()
    assert (incident.summary, incident.version) == ("Before", 1)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("text", "x" * 10_000_000),
        ("text", ""),
        ("text", "before\x00after"),
        ("kind", "nonsense"),
        ("event", "1969-07-20"),
        ("event", "soon"),
        ("source", "x" * 201),
    ],
)
def test_an_event_is_refused_with_the_reason(editor: Client, field: str, typed: str) -> None:
    incident = an_incident()

    answer = editor.post(f"/incidents/INC-{incident.pk}/event/new/", event_form(**{field: typed}))

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert field == "text" or WORDS in answer.content.decode()
    assert not incident.timelineevents.exists()


TEXTS = {
    "emoji": "It burned \U0001f525\U0001f468\u200d\U0001f692",
    "right to left": "\u05d4\u05de\u05e2\u05e8\u05db\u05ea \u05e0\u05e4\u05dc\u05d4",
    "direction marks": "a\u202eb\u202c \u2066c\u2069",
    "combining": "Zo\u0308e\u0301 \u0939\u093f\u0928\u094d\u0926\u0940",
    "markup": "<script>alert(1)</script> & \"quoted\" 'too'",
    "template": "{{ title }} {% now %} ${1+1} %s",
    "exactly as long as it may be": "x" * 200,
}


@pytest.mark.parametrize("what", TEXTS)
def test_what_is_odd_is_kept_as_it_was_typed(editor: Client, what: str) -> None:
    text = TEXTS[what]

    answer = editor.post(NEW, incident_form(title=text, summary=text))

    incident = Incident.objects.get()
    assert answer.status_code == 302
    assert (incident.title, incident.summary) == (text, text)
    page = editor.get(incident.get_absolute_url())
    assert page.status_code == 200
    assert "<script>alert(1)" not in page.content.decode()


def test_half_a_character_is_shown_as_what_it_is(editor: Client) -> None:
    """Bytes that are no text: no form sends them, but a script may."""
    form = {**incident_form(), "title": "before HALF after"}
    sent = urlencode(form).replace("HALF", "%ED%A0%80")

    answer = editor.post(NEW, sent, content_type="application/x-www-form-urlencoded")

    incident = Incident.objects.get()
    assert answer.status_code == 302
    assert incident.title.replace("\ufffd", "") == "before  after"
    assert editor.get(incident.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    "log",
    [
        "\x00\x01\x02",
        "10:0",
        "[14:0\n" * 500,
        "99:99 nothing\n25:61 at all",
        "no time in any line\n\n\n",
        "{" * 10_000,
        "x" * 2_000_000,
    ],
    ids=["binary", "cut off", "cut off often", "no times", "no lines", "braces", "big"],
)
def test_a_broken_chat_log_is_no_failure(editor: Client, log: str) -> None:
    incident = an_incident()

    answer = editor.post(f"/incidents/INC-{incident.pk}/timeline/paste/", {"text": log})

    assert answer.status_code in {200, 422}
    assert not incident.timelineevents.exists()


def test_a_form_sent_twice_makes_one(editor: Client) -> None:
    form = incident_form()

    first, second = editor.post(NEW, form), editor.post(NEW, form)

    incident = Incident.objects.get()
    assert first["Location"] == second["Location"] == incident.get_absolute_url()
