"""A heavy job's process lives and dies by itself."""

import multiprocessing
import os
import signal
from threading import Timer
from typing import Any

import pytest
from django.db import connection

from incidents.jobs import apart
from incidents.jobs.apart import run_apart
from incidents.jobs.claims import take
from incidents.jobs.kinds import KINDS
from incidents.jobs.operations import owe
from incidents.jobs.work import Work
from incidents.jobs.working import never
from incidents.models import Job, JobState, Queue, Tag
from tests.factories import NOW
from tests.jobs.conftest import Register

pytestmark = pytest.mark.django_db(transaction=True)


def run_one(**options: Any) -> Job:
    owe("test.work", {}, at=NOW)
    job = take(Queue.HEAVY, KINDS.keys())
    assert job
    run_apart(job, **{"stopping": never, **options})
    job.refresh_from_db()
    return job


def test_it_works(a_kind: Register) -> None:
    here = os.getpid()

    def elsewhere(work: Work) -> str:
        Tag.objects.create(name="elsewhere")
        return "elsewhere" if os.getpid() != here else "here"

    a_kind(elsewhere, queue=Queue.HEAVY)
    job = run_one()

    assert (job.state, job.outcome) == (JobState.DONE, "elsewhere")
    assert Tag.objects.exists()


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (lambda: os.kill(os.getpid(), signal.SIGKILL), "signal 9 (SIGKILL); it may have run out"),
        (lambda: os.kill(os.getpid(), signal.SIGUSR1), f"signal {int(signal.SIGUSR1)} (SIGUSR1)"),
        (lambda: os._exit(3), "ended with code 3 and left the job undone"),
    ],
)
def test_how_its_process_ended_is_told_at_once(a_kind: Register, end: Any, words: str) -> None:
    a_kind(lambda work: end(), queue=Queue.HEAVY, attempts=1)
    job = run_one()

    assert job.state == JobState.FAILED
    assert words in job.error


def test_what_was_killed_is_tried_again(a_kind: Register) -> None:
    a_kind(lambda work: os._exit(3), queue=Queue.HEAVY, attempts=2)
    job = run_one()

    assert (job.state, job.attempts) == (JobState.OWED, 1)
    assert job.due_at > NOW


def test_memory_has_an_end(
    a_kind: Register, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    # Far more than the process of the tests has itself, which grows with every test before.
    settings.HEAVY_JOB_MEMORY = 4_096

    def eat(work: Work) -> str:
        eaten = bytearray(5_000 * 1024 * 1024)
        return f"{len(eaten)}"

    a_kind(eat, queue=Queue.HEAVY, attempts=1)
    job = run_one()

    assert job.state == JobState.FAILED
    assert "MemoryError" in job.error


def test_a_connection_that_is_open_as_it_begins_is_left_alone(
    a_kind: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another thread may ask the database something between the letting go and the fork."""
    let_go = apart.let_go_of_connections
    given_up = multiprocessing.get_context("fork").Event()

    def let_go_and_ask() -> None:
        let_go()
        # A file of SQLite's may be open across a fork for nobody.
        if connection.vendor == "postgresql":
            assert not Tag.objects.exists()

    def ask_after_the_other(work: Work) -> str:
        Tag.objects.create(name="one")
        os.kill(os.getppid(), signal.SIGUSR1)
        assert given_up.wait(60)
        return f"{Tag.objects.count()} found"

    def speak_and_give_up(number: int, frame: object) -> None:
        assert not Tag.objects.exists()
        let_go()
        given_up.set()

    monkeypatch.setattr(apart, "let_go_of_connections", let_go_and_ask)
    a_kind(ask_after_the_other, queue=Queue.HEAVY)
    before = signal.signal(signal.SIGUSR1, speak_and_give_up)
    try:
        job = run_one()
    finally:
        signal.signal(signal.SIGUSR1, before)

    assert (job.state, job.outcome, job.error) == (JobState.DONE, "1 found", "")


def test_a_worker_that_is_asked_to_stop_gives_it_back(a_kind: Register) -> None:
    a_kind(lambda work: signal.pause(), queue=Queue.HEAVY)
    asked: list[bool] = []
    timer = Timer(0.2, asked.append, [True])
    timer.start()
    job = run_one(stopping=lambda: bool(asked))

    assert (job.state, job.attempts) == (JobState.OWED, 0)
