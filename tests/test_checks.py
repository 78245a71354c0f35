"""Web server and workers together fit what the database allows, or the start says so."""

import logging

import pytest
from django.core.checks import ERROR, Tags, run_checks
from django.db import OperationalError, connection
from pytest_django import Settings

from incidents import checks
from incidents.checks import problems
from incidents.lib.connection_budget import Budget

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
    assert found == (told if connection.vendor == "postgresql" else [])


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
