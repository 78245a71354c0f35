"""Nobody waits for the broker, and nobody fails with it."""

from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest
from django.db import transaction

from incidents.jobs import broker, nudges
from incidents.jobs.nudges import Nudger, broker_failure, nudge
from incidents.jobs.operations import owe
from incidents.models import Queue
from tests.factories import NOW
from tests.jobs.conftest import Register


class Broker:
    """Stands in for the one that messages go to, and can refuse or hang."""

    def __init__(self) -> None:
        self.said: list[Queue] = []
        self.heard = Event()
        self.may_answer = Event()
        self.may_answer.set()
        self.refuses = False

    def say(self, queue: Queue, *, connection: object) -> None:
        self.heard.set()
        self.may_answer.wait(60)
        if self.refuses:
            raise ConnectionRefusedError
        self.said.append(queue)


@pytest.fixture
def listening(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Broker]:
    settings.BROKER_URL = "redis://127.0.0.1:1/0"
    stand_in = Broker()
    monkeypatch.setattr(nudges, "_nudger", Nudger())
    monkeypatch.setattr(broker, "say", stand_in.say)
    monkeypatch.setattr(broker, "brief_connection", lambda: "a connection")
    yield stand_in
    nudges._nudger.waiting.clear()
    stand_in.may_answer.set()


def test_it_works(listening: Broker) -> None:
    nudge(Queue.LIGHT)

    assert listening.heard.wait(60)


@pytest.mark.django_db(transaction=True)
def test_nobody_is_told_before_the_commit(a_kind: Register, listening: Broker) -> None:
    a_kind()
    with transaction.atomic():
        owe("test.work", {}, at=NOW)
        assert nudges._nudger.thread is None
    assert listening.heard.wait(60)


@pytest.mark.django_db(transaction=True)
def test_nobody_is_told_of_what_was_rolled_back(a_kind: Register, listening: Broker) -> None:
    a_kind()
    with transaction.atomic():
        owe("test.work", {}, at=NOW)
        transaction.set_rollback(True)

    assert nudges._nudger.thread is None


def test_without_a_broker_nobody_is_told(listening: Broker, settings: Any) -> None:
    settings.BROKER_URL = ""
    nudge(Queue.LIGHT)

    assert nudges._nudger.thread is None


def test_who_owes_work_does_not_wait_for_a_broker_that_hangs(listening: Broker) -> None:
    listening.may_answer.clear()
    for _ in range(1000):
        nudge(Queue.LIGHT)

    # Here all are through, and the first message is still not sent.
    assert listening.heard.wait(60)
    assert listening.said == []
    assert len(nudges._nudger.waiting) <= 1


def test_after_a_failure_there_is_a_pause(
    listening: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    listening.refuses = True
    nudges._nudger.say(Queue.LIGHT)
    assert broker_failure() == "ConnectionRefusedError"

    nudge(Queue.LIGHT)
    assert nudges._nudger.thread is None
    assert not nudges._nudger.waiting

    listening.refuses = False
    monkeypatch.setattr(nudges._nudger, "paused_until", 0)
    nudges._nudger.say(Queue.LIGHT)
    assert listening.said == [Queue.LIGHT]
    assert broker_failure() == ""
