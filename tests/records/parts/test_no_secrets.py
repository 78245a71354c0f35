"""Config deltas do not take passwords, keys and tokens."""

import logging
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from incidents.models import Change, ConfigDelta, Knob, User
from incidents.records.parts.fitting import DoesNotFit
from incidents.records.parts.operations import add_config_delta, change_part
from tests.api.programs import Program
from tests.factories import NOW, a_delta, a_knob, a_user, an_incident
from tests.records.parts.forms import sent

pytestmark = pytest.mark.django_db

TOKEN = "AKIA" + "QWERTZUIOPASDFGH"
PLAIN = {"before_known": "unknown", "part": "fixed"}


@pytest.fixture
def writer(client: Client) -> User:
    user = a_user()
    client.force_login(user)
    return user


@pytest.mark.parametrize("field", ["before", "after", "note", "place", "source"])
def test_it_is_refused_with_the_reason(client: Client, writer: User, field: str) -> None:
    url = f"{an_incident().get_absolute_url()}delta/new/"

    answer = client.post(url, sent("delta", **{"part": "tried", field: f"id {TOKEN}"}))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "an access key of AWS" in answer.context["form"].errors[field][0]
    assert 'value="worker_connections"' in page
    assert not ConfigDelta.objects.exists()
    assert not Knob.objects.exists()


def test_it_is_repeated_nowhere(
    client: Client, writer: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    delta = a_delta(an_incident(), knob=a_knob(component="shop", key="aws_id"), after="old")
    url = f"{delta.incident.get_absolute_url()}delta/{delta.pk}/edit/"
    form = sent("delta", component="shop", key="aws_id", after=TOKEN, version=delta.version)

    for headers in ({}, {"HX-Request": "true"}):
        answer = client.post(url, form, headers=headers)
        assert answer.status_code == 422
        assert TOKEN not in answer.content.decode()

    assert TOKEN not in caplog.text
    assert TOKEN not in str(list(Change.objects.values()))
    delta.refresh_from_db()
    assert delta.after == "old"


def test_no_table_has_a_trace_of_it(client: Client, writer: User) -> None:
    """Whichever way it came: by a form, by a program, in a file that is checked."""
    incident = an_incident()
    program = Program(writer, scope="write")

    refused = client.post(
        f"{incident.get_absolute_url()}delta/new/", sent("delta", key="key_id", after=TOKEN)
    )
    not_taken = program.sends(
        "post",
        f"incidents/{incident.reference}/deltas/",
        {"component": "shop", "key": "key_id", "before": TOKEN, "after": "x", "part": "fixed"},
        Idempotency_Key="once",
    )
    client.post("/guard/", {"name": "app.toml", "text": f'key_id = "{TOKEN}"\n'})

    assert (refused.status_code, not_taken.status_code) == (422, 422)
    assert TOKEN not in not_taken.content.decode()
    assert holding(TOKEN) == []
    assert TOKEN not in str([one.message() for one in mail.outbox])
    shown = client.get(incident.get_absolute_url()).content.decode()
    assert TOKEN not in shown
    # Else nothing would be found of anything.
    assert "incidents_incident" in holding(incident.title)


def holding(text: str) -> list[str]:
    """The tables of which some row has the text, also those that no model knows: the index."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            if any(text in str(value) for row in cursor.fetchall() for value in row):
                found.append(table)
    return found


def test_by_the_name_of_the_knob(client: Client, writer: User) -> None:
    url = f"{an_incident().get_absolute_url()}delta/new/"

    refused = client.post(url, sent("delta", key="db.password", after="hunter2"))
    taken = client.post(
        url, sent("delta", key="db.password", before="", before_known="unknown", after="rotated")
    )

    assert refused.status_code == 422
    assert "hunter2" not in refused.content.decode()
    assert taken.status_code == 302


@pytest.mark.parametrize("field", ["before", "after", "note"])
def test_the_operations_refuse_it_too(field: str) -> None:
    incident, by = an_incident(), a_user()
    values: dict[str, Any] = {"knob": a_knob(), "before": "1", "after": "2", "part": "fixed"}
    delta = add_config_delta(incident, values=values, by=by, at=NOW)

    with pytest.raises(DoesNotFit, match="an access key of AWS") as added:
        add_config_delta(incident, values={**values, field: TOKEN}, by=by, at=NOW)
    with pytest.raises(DoesNotFit, match="an access key of AWS") as changed:
        change_part(delta, version=delta.version, values={field: TOKEN}, by=by, at=NOW)

    assert TOKEN not in f"{added.value} {changed.value}"
    assert ConfigDelta.objects.count() == 1
