"""A record's name in addresses."""

import pytest

from incidents.history.slugs import SlugTaken, free_slug, slug_or_refusal
from incidents.models import Runbook
from tests.factories import a_runbook, a_service

pytestmark = pytest.mark.django_db


def test_it_works() -> None:
    assert free_slug(Runbook, "Redis is full!") == "redis-is-full"


def test_others_of_the_name_are_counted() -> None:
    a_runbook(slug="redis-is-full")
    a_runbook(slug="redis-is-full-2")
    a_service(slug="redis-is-full-3")

    assert free_slug(Runbook, "Redis is full") == "redis-is-full-3"


@pytest.mark.parametrize(
    ("title", "slug"),
    [("New", "new-2"), ("数据库", "runbook"), ("- _ -", "runbook"), ("x" * 300, "x" * 115)],
)
def test_every_title_makes_an_address(title: str, slug: str) -> None:
    assert free_slug(Runbook, title) == slug


def test_a_slug_is_not_given_twice() -> None:
    a_runbook(slug="redis")

    with pytest.raises(SlugTaken, match="taken"), slug_or_refusal(Runbook, "redis"):
        a_runbook(slug="redis")

    assert Runbook.objects.count() == 1


def test_the_address_of_a_page_is_not_given() -> None:
    with pytest.raises(SlugTaken, match="page of the site"), slug_or_refusal(Runbook, "new"):
        a_runbook(slug="new")

    assert not Runbook.objects.exists()
