"""`/healthz/` and `/readyz/`: what those who send requests here, or restart us, may ask."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from incidents.health import queries
from incidents.jobs import nudges
from incidents.models import Job, JobState, Queue, QueueSeen

NOW = timezone.now()


@pytest.fixture(autouse=True)
def _not_asked_yet() -> None:
    queries.require_migrations.cache_clear()


@pytest.fixture
def _workers() -> None:
    for queue in Queue:
        QueueSeen.objects.create(queue=queue, seen_at=timezone.now())


def ready() -> tuple[int, Any]:
    answer = Client().get("/readyz/")
    return answer.status_code, answer.json()


def owed(*, for_seconds: float, queue: Queue = Queue.LIGHT, **fields: Any) -> Job:
    due = timezone.now() - timedelta(seconds=for_seconds)
    return Job.objects.create(kind="test.work", queue=queue, made_at=due, due_at=due, **fields)


def test_a_process_that_answers_says_so_without_its_database(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No `django_db` here: a query would fail the test."""
    answer = Client().get("/healthz/")

    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
@pytest.mark.usefixtures("_workers")
class TestReady:
    def test_all_is_well(self) -> None:
        checks = dict.fromkeys(["database", "migrations", "broker", "workers", "work"], "ok")

        assert ready() == (200, {"status": "ready", "checks": checks})

    def test_it_asks_little(self, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        ready()
        # A thousand jobs are counted as quickly as one.
        for _ in range(3):
            owed(for_seconds=1)

        with django_assert_num_queries(3):
            ready()

    def test_without_the_database_it_is_not(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(**_: object) -> None:
            raise OperationalError("connection to 10.1.2.3 refused")

        monkeypatch.setattr(queries, "work", fail)

        status, told = ready()

        assert status == 503
        assert told["status"] == "not ready"
        assert told["checks"] == {"database": "The database does not answer."}

        monkeypatch.undo()
        assert ready()[0] == 200

    def test_before_its_migrations_it_is_not(self) -> None:
        newest = MigrationRecorder.Migration.objects.filter(app="incidents").latest("pk")
        newest.delete()

        status, told = ready()

        assert status == 503
        assert "manage.py migrate" in told["checks"]["migrations"]

    def test_a_database_that_is_newer_is_none_of_its_business(self) -> None:
        """The old version serves while the new one migrates."""
        MigrationRecorder.Migration.objects.create(app="incidents", name="9999_of_the_next")

        assert ready()[0] == 200

    def test_without_the_broker_pages_come(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.CELERY_BROKER_URL = "redis://:secret@queue.example"
        monkeypatch.setattr(nudges._nudger, "failure", "redis://:secret@queue.example: refused")

        status, told = ready()

        assert (status, told["status"]) == (200, "degraded")
        assert told["checks"]["broker"] == "The broker cannot be reached."

    def test_work_that_waits_is_told(self) -> None:
        owed(for_seconds=599, queue=Queue.HEAVY)
        assert ready()[1]["status"] == "ready"
        owed(for_seconds=660)

        status, told = ready()

        assert (status, told["status"]) == (200, "degraded")
        assert told["checks"]["work"] == "Work has waited for more than ten minutes in light."

    def test_work_of_later_is_not_late(self) -> None:
        owed(for_seconds=-60)
        owed(for_seconds=86_400, state=JobState.DONE, ended_at=timezone.now())

        assert ready()[1]["status"] == "ready"

    def test_a_queue_without_a_worker_is_told(self) -> None:
        QueueSeen.objects.filter(queue=Queue.HEAVY).delete()

        assert ready()[1]["checks"]["workers"] == "No worker looks into heavy."


@pytest.mark.django_db
@pytest.mark.usefixtures("_workers")
def test_an_older_version_serves_on_beside_a_newer_ones_migrations() -> None:
    MigrationRecorder.Migration.objects.create(app="incidents", name="9999_of_a_newer_version")

    assert ready()[0] == 200
