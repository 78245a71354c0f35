"""Web server and workers together fit what the database allows, or the start says so."""

import logging
from datetime import timedelta

import pytest
from django.core.checks import ERROR, Tags, run_checks
from django.db import OperationalError, connection
from django.utils import timezone
from pytest_django import Settings

from incidents import checks
from incidents.checks import problems
from incidents.lib.connection_budget import Budget
from incidents.models import Job, Queue, QueueSeen

SMALL = Budget(web_processes=2, web_threads=4, pool=4, light_workers=3, heavy_workers=1)


def test_it_works() -> None:
    assert SMALL.needed == 2 * 4 + 3 * 2 + 3
    assert problems(SMALL, allowed=17) == []


def test_both_sums_are_told() -> None:
    (found,) = problems(SMALL, allowed=16)

    assert found.id == "incidents.W001"
    assert found.msg == (
        "The site may open 17 connections to the database, which allows 16:"
        " 2 web processes × 4, 3 light workers × 2, 1 heavy worker × 3."
    )


@pytest.mark.parametrize("field", ["web_processes", "light_workers", "heavy_workers"])
def test_each_kind_of_process_counts(field: str) -> None:
    more = Budget(**{**SMALL.__dict__, field: 100})

    assert [found.id for found in problems(more, allowed=100)] == ["incidents.W001"]


def test_without_a_pool_each_thread_has_its_own() -> None:
    assert Budget(**{**SMALL.__dict__, "pool": 0, "web_threads": 10}).needed == 2 * 10 + 3 * 2 + 3


def test_a_pool_smaller_than_its_threads_is_told() -> None:
    (found,) = problems(Budget(**{**SMALL.__dict__, "pool": 3}), allowed=1000)

    assert found.id == "incidents.W002"
    assert "4 threads" in found.msg


@pytest.mark.django_db
@pytest.mark.parametrize(("is_bouncer", "told"), [(False, ["incidents.W001"]), (True, [])])
def test_the_database_itself_is_asked(
    settings: Settings, is_bouncer: bool, told: list[str]
) -> None:
    settings.WEB_PROCESSES = 10_000
    settings.PGBOUNCER = is_bouncer

    found = [one.id for one in run_checks(tags=[Tags.database], databases=["default"])]

    # SQLite counts none.
    assert [one for one in found if one == "incidents.W001"] == (
        told if connection.vendor == "postgresql" else []
    )


def test_a_database_that_is_down_stops_no_web_server(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def is_down(**_: object) -> None:
        raise OperationalError

    monkeypatch.setattr(checks, "connections_suffice", is_down)
    with caplog.at_level(logging.WARNING):
        checks.warn()

    assert "could not be asked" in caplog.text


def test_a_rule_of_the_advice_that_is_none_stops_the_start(settings: Settings) -> None:
    settings.WORDING_RULES_OFF = ["gap", "no-such-rule"]

    (found,) = checks.rules_switched_off_exist()

    assert found.level >= ERROR
    assert "no-such-rule:" in found.msg
    assert "gap" in str(found.hint)


def test_rules_of_the_advice_can_be_switched_off(settings: Settings) -> None:
    settings.WORDING_RULES_OFF = ["gap", "root-cause"]

    assert checks.rules_switched_off_exist() == []


@pytest.mark.django_db
@pytest.mark.parametrize("seen", [True, False])
def test_work_that_waits_without_a_worker_is_told(seen: bool) -> None:
    due = timezone.now() - timedelta(minutes=25)
    Job.objects.create(kind="test.work", queue=Queue.HEAVY, made_at=due, due_at=due)
    if seen:
        QueueSeen.objects.create(queue=Queue.HEAVY, seen_at=timezone.now())

    found = checks.work_is_looked_after(databases=["default"])

    assert [one.id for one in found] == ([] if seen else ["incidents.W005"])
    assert all("heavy queue for 25 minutes" in one.msg for one in found)
    assert all("manage.py work --queue heavy" in str(one.hint) for one in found)


@pytest.mark.django_db
def test_a_site_that_owes_nothing_yet_needs_no_worker() -> None:
    assert checks.work_is_looked_after(databases=["default"]) == []


@pytest.mark.parametrize("name", ["LIGHT_WORKERS", "HEAVY_WORKERS"])
def test_a_queue_for_which_nobody_is_planned_is_told(settings: Settings, name: str) -> None:
    assert checks.every_queue_has_a_worker() == []
    setattr(settings, name, 0)

    (found,) = checks.every_queue_has_a_worker()
    assert found.id == "incidents.W007"
    assert f"{name} is 0" in found.msg


@pytest.mark.django_db
class TestWaiting:
    """A proxy waits for longer than the database may take."""

    def told(self) -> list[checks.checks.CheckMessage]:
        return checks.answers_are_waited_for(databases=["default"])

    def test_it_works(self) -> None:
        assert self.told() == []

    def test_a_proxy_that_gives_up_first(self, settings: Settings) -> None:
        settings.PROXY_SECONDS = 20

        (found,) = self.told()
        assert found.id == "incidents.W006"
        assert "gives up after 20" in found.msg
        assert ("30 for a query" if connection.vendor == "postgresql" else "20 for") in found.msg

    def test_a_query_that_nothing_ends(self, settings: Settings) -> None:
        settings.REQUEST_SECONDS = 0
        assert ["for ever" in one.msg for one in self.told()] == (
            [True] if connection.vendor == "postgresql" else []
        )

    @pytest.mark.parametrize(("limit", "told"), [("20s", 0), ("90s", 1), ("0", 1)])
    def test_behind_pgbouncer_the_database_is_asked(
        self, settings: Settings, limit: str, told: int
    ) -> None:
        settings.PGBOUNCER = True
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [limit])

        assert len(self.told()) == (told if connection.vendor == "postgresql" else 0)


def test_what_is_left_open_is_told(settings: Settings) -> None:
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://postmortems.example", ["*"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECRET_KEY_FILE = None

    assert [one.id for one in checks.nothing_is_left_open()] == ["incidents.W012"]
    settings.ALLOWED_HOSTS = ["postmortems.example"]
    assert checks.nothing_is_left_open() == []
    settings.SECURE_PROXY_SSL_HEADER = None
    assert [one.id for one in checks.nothing_is_left_open()] == ["incidents.W014"]
