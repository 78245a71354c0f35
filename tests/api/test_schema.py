"""The description of the interface, and the page that reads it."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from incidents.api.urls import urlpatterns
from tests.api.programs import Program
from tests.factories import a_user

pytestmark = pytest.mark.django_db
NOT_DESCRIBED = {"guard", "schema", "docs"}


def test_it_works() -> None:
    told = Program().reads("schema/")
    assert told["openapi"].startswith("3.1")
    assert len(told["paths"]) == len(urlpatterns) - len(NOT_DESCRIBED)


def test_it_is_valid_and_nothing_in_it_is_guessed() -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=StringIO())


def test_every_status_is_declared() -> None:
    told = Program().reads("schema/")
    for path, methods in told["paths"].items():
        statuses = set(methods["get"]["responses"])
        assert statuses == {"200", "304", "400", "401", "403", "404", "406", "429", "500"}, path
        assert methods["get"]["summary"], path
        for status in statuses - {"200", "304"}:
            assert list(methods["get"]["responses"][status]["content"]) == [
                "application/problem+json"
            ]


def test_the_page_reads_it(client: Client) -> None:
    client.force_login(a_user("reader"))
    page = client.get("/api/v1/docs/").content.decode()
    for path in Program().reads("schema/")["paths"]:
        assert f"GET {path}" in page
    assert "WholeIncident" in page
    # Each shape that is named is shown.
    named = set(re.findall(r'href="#([-\w]+)"', page)) - {"main", "content"}
    assert named - set(re.findall(r'id="([-\w]+)"', page)) == set()
