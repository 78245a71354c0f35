"""Workers are killed under their work, and nothing is lost and nothing done twice.

On SQLite the site's own workers, on PostgreSQL Celery's with Redis. The whole of it, ten times as
much, is run by `make endurance`.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.utils import timezone

from incidents.jobs import broker, nudges
from incidents.jobs.claims import LEASE
from incidents.jobs.kinds import KINDS
from incidents.jobs.nudges import Nudger
from incidents.jobs.operations import owe
from incidents.models import Job, JobState
from tests.faults.killing.kinds import EAT, EFFECT, EXPORT, WAIT, register
from tests.faults.killing.programs import BEAT, EMBEDDED, HEAVY, LIGHT, Programs, running
from tests.faults.killing.trial import Told, Trial
from tests.processes import until
from tests.redis import PrivateRedis, private_redis

PATIENCE = 120
"""Seconds of a busy machine after which what was waited for does not come."""
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.redis,
    pytest.mark.timeout(600),
]

Start = Callable[..., Any]


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    with mock.patch.dict(KINDS):
        register()
        yield


@pytest.fixture
def redis(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateRedis | None]:
    """Where the database is PostgreSQL; told of by this process too."""
    if connection.vendor == "sqlite":
        yield None
        return
    with private_redis() as server:
        settings.BROKER_URL = settings.CELERY_BROKER_URL = server.url
        broker.celery_app.cache_clear()
        monkeypatch.setattr(nudges, "_nudger", Nudger())
        yield server
        broker.celery_app.cache_clear()


@pytest.fixture
def start(redis: PrivateRedis | None, tmp_path: Path, settings: Any) -> Start:
    settings.VAR_DIR = tmp_path

    def begin(*commands: list[str], **options: str) -> Any:
        if redis:
            return running(commands or [LIGHT, HEAVY, BEAT], tmp_path, BROKER_URL=redis.url)
        return running(EMBEDDED, tmp_path, **options)

    return begin


def require_clean(told: Told, programs: Programs) -> None:
    assert told.is_clean, f"{told}\n{programs.log.read_text()[-5000:]}"


def count(state: JobState, kind: str = EFFECT) -> int:
    return Job.objects.filter(kind=kind, state=state).count()


def test_short_work_is_done_once(start: Start, redis: PrivateRedis | None) -> None:
    with start() as programs:
        told = Trial(programs, EFFECT, count=1500, kills=9, seed=1, redis=redis, restarts=1).run()
        require_clean(told, programs)

    assert told.kills.total() == 9
    assert len(told.kills) == 3


def test_long_work_is_done_once(start: Start, redis: PrivateRedis | None) -> None:
    with start() as programs:
        told = Trial(programs, EXPORT, count=30, kills=3, seed=2, redis=redis, restarts=1).run()
        require_clean(told, programs)


def test_what_kills_its_process_fails_visibly_and_light_work_goes_on(start: Start) -> None:
    with start():
        for number in range(2):
            owe(EAT, {"number": number}, at=timezone.now())
        for number in range(100):
            owe(EFFECT, {"number": number}, at=timezone.now())
        assert until(lambda: count(JobState.DONE) == 100, seconds=PATIENCE)
        assert until(lambda: count(JobState.FAILED, EAT) == 2, seconds=PATIENCE)

    for job in Job.objects.filter(kind=EAT):
        assert job.attempts == 2
        assert "signal 9" in job.error


def test_without_the_sweep_work_is_lost(start: Start, redis: PrivateRedis | None) -> None:
    """The control: a test that cannot see a loss proves nothing."""
    if redis:
        lost_without_beat(start, redis)
    else:
        lost_without_leases(start)


def lost_without_beat(start: Start, redis: PrivateRedis) -> None:
    """The words are gone before a worker is there to hear them; then beat speaks again."""
    for number in range(50):
        owe(EFFECT, {"number": number}, at=timezone.now())
    with start(LIGHT):
        # Nobody is told any more.
        redis.kill()
        assert until(
            lambda: nudges.broker_failure() != "" or not nudges._nudger.waiting, seconds=PATIENCE
        )
        redis.start()
        assert until(redis.is_listened_to, seconds=PATIENCE)
        assert not until(lambda: count(JobState.DONE) > 0, seconds=5)
    with start(LIGHT, BEAT):
        assert until(lambda: count(JobState.DONE) == 50, seconds=PATIENCE)


def lost_without_leases(start: Start) -> None:
    """Leases of a day: what a killed worker had is found by nobody else."""
    with start(KILLING_NOTHING_IS_SWEPT="1") as programs:
        owe(WAIT, {"number": 0}, at=timezone.now())
        assert until(lambda: count(JobState.RUNNING, WAIT) == 1, seconds=PATIENCE)
        assert programs.kill("group", Random(1))
        owe(EXPORT, {"number": 1}, at=timezone.now())
        # Its worker is back, and finds other work.
        assert until(lambda: count(JobState.DONE, EXPORT) == 1, seconds=PATIENCE)
        left = Job.objects.filter(kind=WAIT, state=JobState.RUNNING, attempts=1)
        assert not until(lambda: not left.exists(), seconds=LEASE.total_seconds() + 2)
