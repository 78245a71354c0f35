"""With a Redis that refuses or hangs, no request fails, and none speaks to it."""

from collections.abc import Iterator
from threading import current_thread
from typing import Any

import pytest
from django.test import Client

from incidents.jobs import broker, nudges
from incidents.jobs.nudges import Nudger, broker_failure
from incidents.models import Job, JobState, Queue
from tests.factories import a_service, a_user
from tests.processes import until
from tests.redis import PrivateRedis, private_redis

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.redis]

TIMES = 20


@pytest.fixture
def redis(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateRedis]:
    with private_redis() as server:
        settings.BROKER_URL = settings.CELERY_BROKER_URL = server.url
        broker.celery_app.cache_clear()
        monkeypatch.setattr(nudges, "_nudger", Nudger())
        yield server
        broker.celery_app.cache_clear()


@pytest.fixture
def speakers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which threads spoke to the broker."""
    found: list[str] = []
    say = broker.say

    def listen(queue: Queue, **options: Any) -> None:
        found.append(current_thread().name)
        say(queue, **options)

    monkeypatch.setattr(broker, "say", listen)
    return found


def rename_often(client: Client) -> list[int]:
    """What each answer was; every one of these requests owes work."""
    service = a_service()
    client.force_login(a_user("editor"))
    return [
        client.post(
            f"/services/{service.slug}/edit/",
            {
                "version": number,
                "name": f"Name {number}",
                "slug": service.slug,
                "state": service.state,
            },
        ).status_code
        for number in range(1, TIMES + 1)
    ]


@pytest.mark.parametrize("fault", ["none", "refuses", "hangs"])
def test_no_request_waits_for_the_broker(
    client: Client, redis: PrivateRedis, speakers: list[str], fault: str
) -> None:
    if fault == "refuses":
        redis.kill()
    elif fault == "hangs":
        redis.hang()

    assert rename_often(client) == [302] * TIMES

    owed = Job.objects.filter(kind="directory.find_by_new_name", state=JobState.OWED)
    assert owed.count() == TIMES
    assert set(speakers) <= {"nudges"}
    if fault == "none":
        assert until(lambda: bool(speakers), seconds=30), "Nobody was told."
        assert not broker_failure()
    else:
        assert until(lambda: bool(broker_failure()), seconds=30), "It was not tried."
