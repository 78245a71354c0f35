"""The page of one runbook."""

from datetime import date

import pytest
from django.test import Client

from tests.factories import (
    a_knob,
    a_lesson,
    a_restricted_incident,
    a_runbook,
    a_runbook_use,
    a_service,
    a_user,
    an_incident,
)

pytestmark = pytest.mark.django_db


def test_it_works(client: Client) -> None:
    client.force_login(a_user())
    knob = a_knob(component="redis", key="maxmemory")
    runbook = a_runbook(
        slug="redis",
        title="Redis is full",
        summary="When writes fail",
        body_html="<p>Look at the memory.</p>",
        alerts="RedisMemoryHigh\nRedisDown",
        last_verified_date=date(2020, 2, 3),
        last_verified_by=a_user(username="grace"),
    )
    runbook.services.add(a_service(name="Cache"))
    runbook.knobs.add(knob)
    a_lesson(sentence="Leave room for the fork.").knobs.add(knob)
    a_lesson(sentence="Not about it.")
    a_runbook_use(an_incident(title="Orders fail"), runbook=runbook, served="wrong", note="Old")

    answer = client.get("/runbooks/redis/")

    text = answer.content.decode()
    assert answer.status_code == 200
    for part in (
        "When writes fail",
        "<p>Look at the memory.</p>",
        "RedisDown",
        "Cache",
        "maxmemory",
        "Leave room for the fork.",
        "Orders fail",
        "was wrong",
        "2020-02-03",
        "grace",
        "due since 2021-02-02",
    ):
        assert part in text
    assert "Not about it." not in text


def test_what_was_never_verified_says_so(client: Client) -> None:
    client.force_login(a_user("reader"))
    a_runbook(slug="redis")

    text = client.get("/runbooks/redis/").content.decode()

    assert "never" in text
    assert "I went through it today" not in text


def test_strangers_learn_nothing_of_restricted_incidents(client: Client) -> None:
    named = a_user()
    secret = a_restricted_incident(named, title="The secret thing")
    knob = a_knob()
    runbook = a_runbook(slug="redis")
    runbook.knobs.add(knob)
    a_runbook_use(secret, runbook=runbook, note="Hidden note")
    a_lesson(sentence="Hidden lesson", learned_from=secret).knobs.add(knob)

    client.force_login(named)
    assert "The secret thing" in client.get("/runbooks/redis/").content.decode()
    client.force_login(a_user("admin"))
    text = client.get("/runbooks/redis/").content.decode()

    assert "secret" not in text
    assert "Hidden" not in text
    assert secret.reference not in text


def test_there_is_no_other(client: Client) -> None:
    client.force_login(a_user())
    assert client.get("/runbooks/none/").status_code == 404
