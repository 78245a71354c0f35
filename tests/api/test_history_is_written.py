"""Each operation of the interface writes down what it changes, or changes nothing."""

import json
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from incidents.access.tokens import new_secret
from incidents.api.agents.tools import TOOLS
from incidents.api.description import schema
from incidents.api.writing.files import FORM
from incidents.models import Factor, Incident, Lesson, Runbook, Token
from tests.access.no_history import Writing
from tests.access.restricted import NEVER_AGAIN, World
from tests.access.test_methods import FITTING, QUIET, a_file
from tests.access.walk import Visit, visits
from tests.api.agents.asking import Agent
from tests.factories import a_token

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("_quiet"),
    # Hundreds of whole requests.
    pytest.mark.timeout(400),
]
METHODS = ("post", "put", "patch", "delete")


def test_what_changes_something_is_written_down(world: World) -> None:
    world.incident.allowed_people.add(world.admin)
    secret = new_secret()
    a_token(world.admin, secret=secret, scope="admin", last_used_at=NEVER_AGAIN)
    shown = {"Authorization": f"Bearer {secret}", "If-Match": '"1"'}
    client = Client(raise_request_exception=False, headers=shown)
    seen, walked = Writing(QUIET), set()

    for method, visit, operation in operations(world):
        walked.add((visit.address, method))
        if FORM in operation.get("requestBody", {}).get("content", {}):
            seen.look(f"{method} {visit.path} a file", partial(attach, client, method, visit.path))
        for body in bodies(operation, world):
            send = partial(
                client.generic, method.upper(), visit.path, json.dumps(body), "application/json"
            )
            seen.look(f"{method} {visit.path} {body}", send)

    assert len(walked) > 80
    assert [what for what in seen.changed if what.endswith("/attachments/ a file")]
    assert len({re.sub(r"\d+|\{.*", "", what) for what in seen.changed}) > 40
    assert seen.unwritten == []
    assert seen.changed_all_the_same == {}


def test_so_is_what_agents_do(world: World) -> None:
    world.incident.allowed_people.add(world.admin)
    agent = Agent(world.admin, scope="write")
    Token.objects.filter(pk=agent.token.pk).update(last_used_at=NEVER_AGAIN)
    sent = {
        "add_timeline_event": {"incident": world.incident.reference, "text": "It came back"},
        "open_incident": {"title": "The queue grew"},
    }
    assert set(sent) == {name for name, tool in TOOLS.items() if tool.writes}
    seen = Writing(frozenset())

    for name, arguments in sent.items():
        seen.look(name, partial(call, agent, name, arguments))

    assert seen.changed == list(sent)
    assert seen.unwritten == []
    assert seen.changed_all_the_same == {}


def call(agent: Agent, name: str, arguments: dict[str, Any]) -> HttpResponse:
    """The protocol says 200 of what is refused, too."""
    return HttpResponse(status=400 if agent.calls(name, **arguments).get("isError") else 200)


def attach(client: Client, method: str, path: str) -> HttpResponse:
    answer: HttpResponse = getattr(client, method)(path, {"file": a_file()})
    return answer


def operations(world: World) -> Iterator[tuple[str, Visit, Any]]:
    """Each that is described, with the first place that it has in this world, and the last."""
    places: dict[str, list[Visit]] = {}
    for visit in visits(world):
        places.setdefault(visit.address, []).append(visit)
    for path, item in schema()["paths"].items():
        shape = re.compile("[^/]+".join(map(re.escape, re.split(r"\{\w+\}", path))))
        found = [one for some in places.values() for one in some if shape.fullmatch(one.path)]
        some = dict.fromkeys([*found[:1], *found[-1:]])
        for method in METHODS:
            if method in item:
                yield from ((method, visit, item[method]) for visit in some)


def bodies(operation: Any, world: World) -> list[dict[str, Any]]:
    """The examples of the description, what has to be sent alone, and all that can be."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    shape = content.get("schema", {})
    values = {name: value_of(name, one, world) for name, one in shape.get("properties", {}).items()}
    required = {name: values[name] for name in shape.get("required", ())}
    found: list[dict[str, Any]] = []
    for body in (*shape.get("examples", ()), required, values):
        found += [body] if body not in found else []
    return found


def value_of(name: str, shape: Any, world: World) -> Any:
    """One that the property may have, and that no row of this world has."""
    named = {
        "person": world.reader.username,
        "owner": world.reader.username,
        "reviewers": [world.reader.username],
        "people": [world.reader.username],
        "lesson": world.open[Lesson].reference,
        "replacement": world.open[Lesson].reference,
        "factor": world.open[Factor].slug,
        "runbook": world.open[Runbook].slug,
        "other": world.open[Incident].reference,
        "period": "2026Q1",
        "time_zone": "Europe/Berlin",
        "slug": "another-name",
    }
    if name in named:
        return named[name]
    if "enum" in shape:
        return shape["enum"][-1]
    kind = shape.get("type", "string")
    kind = kind[-1] if isinstance(kind, list) else kind
    plain: dict[str, Any] = {"null": None, "array": [], "object": {}}
    plain |= {"integer": 2, "number": 2, "boolean": True}
    return plain.get(kind, FITTING.get(name, "Another text"))
