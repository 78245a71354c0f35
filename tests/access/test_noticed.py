"""Lines of the log about who came in, who did not, and who was refused."""

import logging
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.test import Client

from incidents.access.noticed import CHANGES
from incidents.models import User
from postmortems.logs import logging_to_console
from tests.factories import PASSWORD, a_user, an_incident

pytestmark = pytest.mark.django_db

NEW = "ein blaues pferd läuft"
Lines = pytest.LogCaptureFixture


@pytest.fixture
def grace() -> User:
    return a_user(username="grace", email="grace@example.com", role="reader")


@pytest.fixture(autouse=True)
def _said(caplog: Lines) -> None:
    caplog.set_level(logging.INFO, "incidents.security")


def told(caplog: Lines) -> list[tuple[str, Any, str]]:
    found = [vars(one) for one in caplog.records if one.name == "incidents.security"]
    return [(one["what"], one["account"], one["address"]) for one in found]


def signed_in(password: str = PASSWORD) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": "grace", "password": password})
    return client


def test_who_comes_in_and_goes_is_told(grace: User, caplog: Lines) -> None:
    signed_in().post("/accounts/logout/")

    assert told(caplog) == [
        ("came in by password", grace.pk, "127.0.0.1"),
        ("went", grace.pk, "127.0.0.1"),
    ]


def test_who_does_not_is_told_without_what_they_typed(grace: User, caplog: Lines) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": "hunter2-typed-here", "password": "hunter2-wrong"})

    assert told(caplog) == [("did not come in", "-", "127.0.0.1")]
    assert "hunter2" not in caplog.text
    assert caplog.records[0].levelname == "WARNING"


def test_another_password_is_told(grace: User, caplog: Lines) -> None:
    client = signed_in()
    fields = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    client.post("/accounts/password/change/", fields)

    assert ("the password was changed", grace.pk, "127.0.0.1") in told(caplog)


def test_every_change_of_how_one_comes_in_is_told(grace: User, caplog: Lines) -> None:
    for signal in CHANGES.values():
        signal.send(sender=User, request=None, user=grace, secret=generate_totp_secret())

    assert [what for what, _, _ in told(caplog)] == list(CHANGES)


def test_who_may_not_is_told(grace: User, caplog: Lines) -> None:
    client = signed_in()
    an_incident()
    client.get("/incidents/new/")
    Client().get("/api/v1/incidents/", headers={"Authorization": "Bearer made-up"})

    assert told(caplog)[1:] == [
        ("403 for GET records:new_incident", grace.pk, "127.0.0.1"),
        ("401 for GET api:incidents", "-", "127.0.0.1"),
    ]


def test_a_form_of_another_site_and_a_made_up_message_are_told(grace: User, caplog: Lines) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(grace)
    client.post("/me/", {})
    Client().post("/hooks/alertmanager/", "{}", content_type="application/json")
    sent = [what for what, _, _ in told(caplog)]

    refused = [what for what in sent if what.startswith("403")]
    assert [what.rpartition(" ")[2].partition(":")[0] for what in refused] == [
        "directory",
        "lookup",
    ]


def test_what_is_asked_and_answered_is_not(grace: User, caplog: Lines) -> None:
    client = signed_in()
    caplog.clear()
    client.get("/incidents/")
    client.get("/incidents/INC-999/")

    assert told(caplog) == []


@pytest.mark.parametrize("level", ["WARNING", "CRITICAL"])
def test_it_is_said_however_little_else_is(level: str) -> None:
    said = logging_to_console("lines", level=level, with_requests=False)

    assert said["loggers"]["incidents.security"]["level"] == "INFO"
    # To one place, as the operating page tells.
    assert list(said["handlers"]) == ["console"]
    assert said["handlers"]["console"]["class"] == "logging.StreamHandler"
