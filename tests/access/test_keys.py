"""Names of columns that somebody sends reach no query and no row."""

import json
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test import Client

from tests.access.restricted import World
from tests.addresses import addresses
from tests.api.programs import Program
from tests.factories import a_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_quiet"), pytest.mark.timeout(400)]

# Paths through the tables that would answer what nobody may ask, a letter at a time.
ASKED = {
    "owner__password__startswith": "p",
    "password__regex": "^p",
    "created_by__email__contains": "@",
    "history__by__password__startswith": "p",
    "incident__allowed_people__password__gt": "a",
    "pk__in": "1",
    "id__gte": "0",
    "title__isnull": "0",
    "_connector": "OR 1=1",
    "state__in": "draft",
    "_negated": "True",
}
ORDERS = ("owner__password", "-owner__password", "password", "?", "pk__regex", "id) FROM users--")
ORDER_NAMES = ("sort", "ordering", "order_by", "o")
# What only the site says of a row.
ITS_OWN = frozenset(
    {
        "created_at", "created_by", "changed_at", "date_joined", "id", "is_active", "is_staff",
        "is_superuser", "last_login", "password", "pk", "published_at", "state", "version",
        "groups", "user_permissions", "deleted_at", "frozen_by", "digest",
    }
)  # fmt: skip
# Where somebody is to say it: which row of a history, and states that a person chooses.
MEANT = {
    "post /api/v1/history/{kind}/{name}/{change}/bring-back-field/: id",
    "post /api/v1/history/{kind}/{name}/{change}/bring-back-part/: id",
    "post /api/v1/lessons/{number}/guard/: state",
    "patch /api/v1/lessons/{number}/guard/: state",
    "patch /api/v1/runbooks/{slug}/: state",
    "patch /api/v1/services/{slug}/: state",
}
# The lookup takes the labels of an alert, which may have any name.
ANY_NAME = ("lookup/", "schema/", "docs/")


def described() -> dict[str, dict[str, Any]]:
    return json.loads(Program().asks("schema/").content)["paths"]


def test_no_list_of_the_interface_takes_a_path_through_tables() -> None:
    lists = [
        path.removeprefix("/api/v1/")
        for path, ways in described().items()
        if "{" not in path and "get" in ways and not path.endswith(ANY_NAME)
    ]
    taken = [
        f"{path}?{name}={value}"
        for path in lists
        for name, value in ASKED.items()
        if Program().asks(path, {name: value}).status_code < 400
    ]
    taken += [
        f"{path}?{name}={order}"
        for path in lists
        for name in ORDER_NAMES
        for order in ORDERS[:3]
        if Program().asks(path, {name: order}).status_code < 400
    ]

    assert len(lists) > 10
    assert taken == []


def test_no_page_breaks_or_narrows_by_one(world: World) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(world.reader)
    pages = [each.path() for each in addresses() if not each.wants and each.name != "api:docs"]
    hostile = {**ASKED, **dict.fromkeys(ORDER_NAMES, ORDERS[0])}
    broken = [path for path in pages if client.get(path, hostile).status_code >= 500]
    broken += [
        f"{path} {order}"
        for path in ("/incidents/", "/runbooks/", "/actions/", "/lessons/", "/knobs/")
        for order in ORDERS
        if client.get(path, dict.fromkeys(ORDER_NAMES, order)).status_code >= 500
    ]

    assert len(pages) > 40
    assert broken == []


def bodies() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, way, content["schema"])
        for path, ways in described().items()
        for way, told in ways.items()
        if isinstance(told, dict)
        for content in told.get("requestBody", {}).get("content", {}).values()
    ]


def test_what_programs_write_has_nothing_that_is_the_sites_own() -> None:
    found = bodies()
    open_to_more = [
        path for path, _, body in found if body.get("additionalProperties") is not False
    ]
    own = {
        f"{way} {path}: {name}"
        for path, way, body in found
        for name in ITS_OWN & set(body.get("properties", {}))
    }

    assert len(found) > 50
    assert open_to_more == []
    assert own == MEANT


def test_every_other_column_is_refused_by_its_name() -> None:
    """One code path takes all bodies: an incident answers for the others."""
    names = {
        field.name
        for table in apps.get_app_config("incidents").get_models()
        for field in table._meta.get_fields()
        if isinstance(field, models.Field)
    }
    declared = next(
        set(body["properties"])
        for path, way, body in bodies()
        if (path, way) == ("/api/v1/incidents/", "post")
    )
    sent = dict.fromkeys(names - declared, "1") | {"title": "Orders time out"}
    answer = Program(a_user("editor"), scope="write").sends("post", "incidents/", sent)

    assert len(sent) > 100
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == names - declared
