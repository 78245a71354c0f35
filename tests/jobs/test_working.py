import pytest
from django.utils import timezone

from incidents.jobs.operations import owe
from incidents.jobs.working import Worker
from incidents.models import Job, JobState, Queue, QueueSeen
from tests.factories import NOW
from tests.jobs.conftest import Register

pytestmark = pytest.mark.django_db

ENDLESS = float("inf")


@pytest.fixture(autouse=True)
def nothing_but_what_is_owed_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("incidents.jobs.working.Slots.owe", lambda self, at: 0)


def done() -> int:
    return Job.objects.filter(state=JobState.DONE).count()


def test_it_works(a_kind: Register) -> None:
    a_kind()
    for _ in range(3):
        owe("test.work", {}, at=NOW)

    assert Worker(Queue.LIGHT).look(most=10, seconds=ENDLESS) == 3
    assert done() == 3


def test_it_stops_after_as_many_as_it_is_told(a_kind: Register) -> None:
    a_kind()
    for _ in range(3):
        owe("test.work", {}, at=NOW)

    assert Worker(Queue.LIGHT).look(most=2, seconds=ENDLESS) == 2
    assert done() == 2


def test_it_begins_none_when_its_time_is_over(a_kind: Register) -> None:
    a_kind()
    owe("test.work", {}, at=NOW)

    assert Worker(Queue.LIGHT).look(most=2, seconds=-1) == 0


def test_it_begins_none_when_it_is_asked_to_stop(a_kind: Register) -> None:
    a_kind()
    for _ in range(3):
        owe("test.work", {}, at=NOW)
    worker = Worker(Queue.LIGHT, stopping=lambda: done() > 0)

    assert worker.look(most=10, seconds=ENDLESS) == 1


def test_others_queues_are_left_alone(a_kind: Register) -> None:
    a_kind(queue=Queue.HEAVY)
    owe("test.work", {}, at=NOW)

    assert Worker(Queue.LIGHT).look(most=10, seconds=ENDLESS) == 0


def test_that_somebody_looks_is_seen() -> None:
    Worker(Queue.LIGHT).look(most=10, seconds=ENDLESS)
    Worker(Queue.LIGHT).look(most=10, seconds=ENDLESS)

    [seen] = QueueSeen.objects.all()
    assert seen.queue == Queue.LIGHT
    assert abs((timezone.now() - seen.seen_at).total_seconds()) < 60
