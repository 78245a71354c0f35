"""`/metrics/`: what is measured of requests and of work."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from incidents.health import measures, views
from incidents.models import Job, JobState, Queue
from tests.addresses import addresses
from tests.bench.server import ROOT
from tests.factories import a_runbook, a_user

TOKEN = "a secret of our own"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _measuring(settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN


def told(token: str = TOKEN) -> str:
    answer = Client().get("/metrics/", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    return answer.content.decode()


def measured() -> dict[str, float]:
    """By name and labels: `postmortems_jobs{queue="light",state="owed"}`."""
    return {
        f"{sample.name}{sorted(sample.labels.items())}": sample.value
        for family in text_string_to_metric_families(told())
        for sample in family.samples
    }


def value(name: str, **labels: str) -> float:
    return measured().get(f"{name}{sorted(labels.items())}", 0)


def test_requests_are_counted_by_the_name_of_their_address() -> None:
    a_runbook(title="Disk full", slug="disk-full")
    client = Client()
    client.force_login(a_user())
    labels = {"endpoint": "runbooks:runbook", "method": "GET", "status": "200"}
    before = value("postmortems_requests_total", **labels)
    timed = value("postmortems_request_seconds_count", endpoint="runbooks:runbook")

    client.get("/runbooks/disk-full/")
    client.get("/runbooks/disk-full/")

    assert value("postmortems_requests_total", **labels) == before + 2
    assert value("postmortems_request_seconds_count", endpoint="runbooks:runbook") == timed + 2
    assert "disk-full" not in told()


def test_what_leads_nowhere_makes_no_names_of_its_own() -> None:
    """Who asks for a million addresses, by a hundred methods, fills no memory."""
    Client().get("/no/such/zqvx/")
    Client().generic("ZQVX", "/")

    assert "zqvx" not in told().lower()
    assert 'method="other"' in told()


def test_objectives_are_of_addresses_that_there_are_and_can_be_counted() -> None:
    assert set(measures.OBJECTIVES) <= {one.name for one in addresses()}
    assert set(measures.OBJECTIVES.values()) <= set(measures.BUCKETS)
    assert value("postmortems_objective_seconds", endpoint="lookup:lookup") == 0.25


def test_work_is_counted_by_its_queue() -> None:
    due = timezone.now() - timedelta(seconds=90)
    made = {"kind": "test.work", "queue": Queue.HEAVY, "made_at": due, "due_at": due}
    Job.objects.create(**made)
    Job.objects.create(**made, state=JobState.FAILED, ended_at=due)

    assert value("postmortems_jobs", queue="heavy", state="owed") == 1
    assert value("postmortems_jobs", queue="heavy", state="failed") == 1
    assert value("postmortems_jobs", queue="light", state="owed") == 0
    assert 90 <= value("postmortems_oldest_owed_seconds", queue="heavy") < 600


@pytest.mark.parametrize("token", ["", "another"])
def test_without_the_token_nothing_is_told(token: str) -> None:
    answer = Client().get("/metrics/", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert b"postmortems_" not in answer.content


def test_a_site_without_a_token_measures_nothing(settings: Settings) -> None:
    labels = {"endpoint": "health:alive", "method": "GET", "status": "200"}
    before = value("postmortems_requests_total", **labels)
    settings.METRICS_TOKEN = ""

    Client().get("/healthz/")
    answer = Client().get("/metrics/", headers={"Authorization": "Bearer "})

    assert answer.status_code == 403
    assert b"METRICS_TOKEN is not set" in answer.content
    settings.METRICS_TOKEN = TOKEN
    assert value("postmortems_requests_total", **labels) == before


COUNTS = """
import django
django.setup()
from incidents.health import measures
measures.count(endpoint="a:page", method="GET", status=200, took=0.2)
print(measures.told([]).decode())
"""


def test_processes_are_added_up(tmp_path: Path) -> None:
    """A Prometheus is answered by any of them."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "postmortems.settings",
        "VAR_DIR": str(tmp_path),
        "METRICS_TOKEN": TOKEN,
    }
    command = [sys.executable, "-c", COUNTS]
    for _ in range(2):
        done = subprocess.run(
            command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
        )

    assert 'postmortems_request_seconds_count{endpoint="a:page"} 2.0' in done.stdout
    assert 'postmortems_requests_total{endpoint="a:page",method="GET",status="200"} 2.0' in (
        done.stdout
    )


def test_without_the_database_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(views, "work", fail)

    answer = Client().get("/metrics/", headers={"Authorization": f"Bearer {TOKEN}"})

    assert answer.status_code == 503
