"""The beats of a worker that is at it; here they come much faster."""

import time
from datetime import timedelta
from threading import Event

import pytest

from incidents.jobs import heartbeat
from incidents.jobs.claims import take
from incidents.jobs.heartbeat import kept
from incidents.jobs.kinds import KINDS
from incidents.jobs.operations import owe
from incidents.jobs.work import Work
from incidents.models import Job, Queue
from tests.factories import NOW
from tests.jobs.conftest import Register

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)


@pytest.fixture
def work(a_kind: Register, monkeypatch: pytest.MonkeyPatch) -> Work:
    monkeypatch.setattr(heartbeat, "TICK", 0.01)
    monkeypatch.setattr(heartbeat, "RENEW_EVERY", 0.02)
    a_kind()
    owe("test.work", {}, at=NOW)
    job = take(Queue.LIGHT, KINDS.keys())
    assert job
    return Work(job, NOW)


def until(happened: object) -> None:
    """Waits for what another thread does, which takes as long as the machine is busy."""
    for _ in range(3000):
        if callable(happened) and happened():
            return
        time.sleep(0.01)
    raise AssertionError("It did not happen.")


def test_the_lease_is_kept(work: Work) -> None:
    Job.objects.update(lease_until=NOW)
    with kept(work, longest=HOUR, give_up=lambda: None):
        until(Job.objects.filter(lease_until__gt=NOW).exists)


def test_progress_is_told(work: Work) -> None:
    with kept(work, longest=HOUR, give_up=lambda: None):
        work.progress(3, 7)
        until(Job.objects.filter(progress_done=3, progress_total=7).exists)


def test_who_was_overtaken_is_told(work: Work) -> None:
    with kept(work, longest=HOUR, give_up=lambda: None):
        Job.objects.update(token="another's")
        assert work.lost.wait(30)


def test_what_runs_too_long_ends_its_process(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    ended, codes, gave_up = Event(), list[int](), list[bool]()

    def end(code: int) -> None:
        codes.append(code)
        ended.set()

    monkeypatch.setattr(heartbeat.os, "_exit", end)
    with kept(work, longest=timedelta(0), give_up=lambda: gave_up.append(True)):
        assert ended.wait(30)

    # Here it goes on, and gives up with each beat.
    assert codes[0] == heartbeat.HUNG
    assert gave_up
