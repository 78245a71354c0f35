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
NOT_DESCRIBED = {"agents", "guard", "schema", "docs"}


def test_it_works() -> None:
    told = Program().reads("schema/")
    assert told["openapi"].startswith("3.1")
    assert len(told["paths"]) == len(urlpatterns) - len(NOT_DESCRIBED)


def test_it_is_valid_and_nothing_in_it_is_guessed() -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=StringIO())


READ = {"304", "400", "401", "403", "404", "406", "429", "500"}
WRITTEN = {*READ, "409", "413", "415", "422"} - {"304"}
GOOD = {"200", "201", "204"}
# A file is never changed; what is one's own nobody else changes.
WITHOUT_VERSION = {"/api/v1/attachments/{attachment}/", "/api/v1/notifications/preferences/"}


def test_every_status_is_declared() -> None:
    told = Program().reads("schema/")
    for path, methods in told["paths"].items():
        for method, one in methods.items():
            statuses = set(one["responses"])
            names_version = any(each["name"] == "If-Match" for each in one.get("parameters", []))
            changes = method in {"patch", "delete"} and path not in WITHOUT_VERSION
            assert names_version == changes or method == "post", path
            wanted = WRITTEN if method != "get" else READ
            assert statuses - GOOD == wanted | ({"412", "428"} if names_version else set()), path
            assert len(statuses & GOOD) == 1, path
            assert one["summary"], path
            for status in statuses - GOOD - {"304"}:
                assert list(one["responses"][status]["content"]) == ["application/problem+json"]


def test_what_is_sent_is_described() -> None:
    told = Program().reads("schema/")
    methods = told["paths"]["/api/v1/incidents/"]["post"]
    shape = methods["requestBody"]["content"]["application/json"]["schema"]
    assert shape["required"] == ["title"]
    assert shape["properties"]["severity"]["enum"][0] == "sev1"
    assert "null" not in shape["properties"]["title"]["type"]
    assert shape["additionalProperties"] is False
    names = {each["name"] for each in methods["parameters"]}
    assert names == {"Idempotency-Key"}
    assert set(methods["responses"]["201"]["headers"]) == {
        "ETag",
        "Idempotency-Replayed",
        "Location",
    }


def test_the_page_reads_it(client: Client) -> None:
    client.force_login(a_user("reader"))
    page = client.get("/api/v1/docs/").content.decode()
    for path, methods in Program().reads("schema/")["paths"].items():
        for method in methods:
            assert f"{method.upper()} {path}" in page
    assert "WholeIncident" in page
    # Each shape that is named is shown.
    named = set(re.findall(r'href="#([-\w]+)"', page)) - {"main", "content"}
    assert named - set(re.findall(r'id="([-\w]+)"', page)) == set()


def test_the_page_says_what_forms_and_lists_of_objects_take(client: Client) -> None:
    client.force_login(a_user("reader"))
    page = client.get("/api/v1/docs/").content.decode()
    for kind in ("file", "list of file", "list of {reference, version}"):
        assert f"<td>{kind}</td>" in page
