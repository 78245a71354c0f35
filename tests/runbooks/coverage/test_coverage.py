"""The page of alerts and their runbooks."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from incidents.history.slugs import SlugTaken
from incidents.lookup.operations import keep_findable
from incidents.models import AlertRule
from incidents.runbooks.coverage.operations import keep_rules
from incidents.runbooks.coverage.reading import Rule
from incidents.runbooks.operations import create_runbook
from tests.factories import NOW, a_runbook, a_user

pytestmark = pytest.mark.django_db

ADDRESS = "/runbooks/coverage/"


@pytest.fixture(autouse=True)
def signed_in(client: Client) -> None:
    client.force_login(a_user("editor"))


def kept(*alerts: str, service: str = "checkout", source: str = "rules.yaml") -> None:
    rules = [Rule(group="g", alert=alert, labels={"service": service}) for alert in alerts]
    keep_rules(source, rules, at=NOW)


def page(client: Client, **asked: str) -> str:
    answer = client.get(ADDRESS, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_works(client: Client) -> None:
    keep_findable(a_runbook(slug="pool", alerts="PoolEmpty"))
    kept("PoolEmpty", "DiskFull")
    shown = page(client)
    assert 'href="/runbooks/pool/"' in shown
    assert "/runbooks/new/?title=DiskFull&amp;alerts=DiskFull" in shown
    # What leads nowhere stands first.
    assert shown.index("DiskFull") < shown.index("PoolEmpty")


def test_without_rules_it_says_how_to_bring_them_in(client: Client) -> None:
    assert "check_rules --keep" in page(client)


def test_one_service_shows_its_own(client: Client) -> None:
    kept("PoolEmpty")
    kept("DiskFull", service="search", source="other.yaml")
    shown = page(client, service="search")
    assert "DiskFull" in shown
    assert "PoolEmpty" not in shown


def test_alerts_that_name_no_service_have_a_row_too(client: Client) -> None:
    kept("PoolEmpty", service="")
    assert "no service named" in page(client)
    assert "PoolEmpty" in page(client, service="")


def test_a_service_that_is_not_there_is_no_error(client: Client) -> None:
    kept("PoolEmpty")
    assert "No such service" in page(client, service="xqzwv")


def test_a_file_that_is_read_again_replaces_what_it_said(client: Client) -> None:
    kept("PoolEmpty", "Nul\0l")
    kept("DiskFull")
    assert [rule.alert for rule in AlertRule.objects.all()] == ["DiskFull"]


def test_a_reader_is_not_asked_to_write(client: Client) -> None:
    kept("PoolEmpty")
    client.force_login(a_user("reader"))
    assert "/runbooks/new/" not in page(client)


def test_the_queries_do_not_grow_with_the_rules(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    kept("PoolEmpty")
    with django_assert_max_num_queries(12) as few:
        page(client)
    kept(*(f"Alert{number}" for number in range(40)))
    with django_assert_max_num_queries(len(few)):
        page(client)


def test_no_runbook_can_have_its_address() -> None:
    with pytest.raises(SlugTaken, match="address of a page of the site"):
        create_runbook(values={"title": "Coverage", "slug": "coverage"}, by=None, at=NOW)
    made = create_runbook(values={"title": "Coverage"}, by=None, at=NOW)
    assert made.slug == "coverage-2"
