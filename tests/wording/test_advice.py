"""The panel beside a record, and the page that it is by itself."""

import pytest
from django.test import Client
from pytest_django import Settings

from incidents.models import ImpactMeasure, Incident, Participant, User
from incidents.wording.advice import KEYS
from tests.factories import (
    a_contributing_factor,
    a_delta,
    a_lesson,
    a_restricted_incident,
    a_user,
    an_action_item,
    an_event,
    an_incident,
)
from tests.records.test_query_counts import same_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> User:
    user = a_user()
    client.force_login(user)
    return user


def path_of(incident: Incident) -> str:
    return f"{incident.get_absolute_url()}advice/"


def said(client: Client, incident: Incident, **headers: str) -> str:
    answer = client.get(path_of(incident), headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_works(client: Client, editor: User) -> None:
    incident = an_incident(summary="We should have known.")
    event = an_event(incident, text="The root cause was DNS")

    page = said(client, incident)

    assert "<html" in page
    assert "<mark>should have known</mark>" in page
    assert f'href="{incident.get_absolute_url()}edit/#id_summary"' in page
    assert f'href="{incident.get_absolute_url()}#timelineevent-{event.pk}"' in page
    assert "Events without a source" in page
    assert "https://how.complexsystems.fail/" in page


def test_htmx_gets_the_panel_alone(client: Client, editor: User) -> None:
    piece = said(client, an_incident(), **{"HX-Request": "true"})

    assert '<div class="card-body stack" id="advice">' in piece
    assert "<html" not in piece
    # What comes by itself does not ask again by itself.
    assert "hx-" not in piece


@pytest.mark.parametrize(
    ("state", "is_there"), [("draft", True), ("in_review", True), ("withdrawn", False)]
)
def test_the_record_has_its_place(client: Client, editor: User, state: str, is_there: bool) -> None:
    incident = an_incident(state=state, withdrawn_reason="twice")

    page = client.get(incident.get_absolute_url()).content.decode()

    assert (f'hx-get="{path_of(incident)}"' in page) == is_there


def test_readers_need_no_advice(client: Client) -> None:
    client.force_login(a_user("reader"))
    incident = an_incident()

    assert "advice/" not in client.get(incident.get_absolute_url()).content.decode()
    assert client.get(path_of(incident)).status_code == 403


def test_strangers_learn_nothing(client: Client, editor: User) -> None:
    incident = a_restricted_incident(a_user())

    assert client.get(path_of(incident)).status_code == 404


def test_who_is_named_does(client: Client, editor: User) -> None:
    assert "Advice" in said(client, a_restricted_incident(editor))


def test_a_hidden_lesson_is_not_quoted(client: Client, editor: User) -> None:
    """What hangs on the record is what its reader may see of it."""
    a_lesson(learned_from=a_restricted_incident(a_user()), sentence="The root cause was Zarquon")
    incident = an_incident()

    assert "Zarquon" not in said(client, incident)


def test_nothing_to_say_is_said(client: Client, editor: User, settings: Settings) -> None:
    settings.WORDING_RULES_OFF = list(KEYS)

    page = said(client, an_incident(summary="Human error."))

    assert "Nothing that is looked for is missing" in page
    assert "<mark>" not in page


def test_a_rule_is_switched_off(client: Client, editor: User, settings: Settings) -> None:
    settings.WORDING_RULES_OFF = ["root-cause"]
    incident = an_incident(summary="The root cause. Human error.")

    page = said(client, incident)

    assert "<mark>root cause</mark>" not in page
    assert "<mark>Human error</mark>" in page


def test_what_is_quoted_is_no_markup(client: Client, editor: User) -> None:
    page = said(client, an_incident(summary="<b>x</b> root cause <script>y</script>"))

    assert "<script>y" not in page
    assert "&lt;b&gt;x&lt;/b&gt; <mark>" in page


def test_more_places_than_are_named(client: Client, editor: User) -> None:
    incident = an_incident(summary="root cause " * 50)

    page = said(client, incident)

    assert page.count("<mark>root cause</mark>") == 20
    assert "and more" in page
    piece = said(client, incident, **{"HX-Request": "true"})
    assert piece.count("<mark>root cause</mark>") == 5
    assert "and more" in piece


def test_publishing_is_not_held_up(client: Client, editor: User) -> None:
    incident = an_incident(summary="Human error.", owner=editor)

    client.post(
        f"{incident.get_absolute_url()}publish/",
        {"version": incident.version, "without_approval": "on"},
    )

    incident.refresh_from_db()
    assert incident.state == "published"


def test_the_queries_do_not_grow(client: Client, editor: User) -> None:
    incident = an_incident(owner=editor)

    def make(number: int) -> None:
        for _ in range(number):
            an_event(incident)
            a_contributing_factor(incident)
            a_delta(incident)
            a_lesson(learned_from=incident)
            an_action_item(incident=incident)
            ImpactMeasure.objects.create(incident=incident, name="Orders")
            Participant.objects.create(incident=incident, person=a_user())

    assert same_for(client, path_of(incident), make, few=3, many=30) < 24
