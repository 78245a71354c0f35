"""Conversations with the interface that nobody thought of: made from its own description.

Each request is taken back, so that the next one finds the world as the first one did.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from incidents.access.tokens import new_secret
from incidents.api.description import schema
from incidents.api.resources.history import KINDS
from incidents.history.documents import TABLES
from incidents.models import (
    ActionItem,
    Attachment,
    Change,
    Export,
    Factor,
    Import,
    ImportRow,
    Incident,
    Knob,
    Lesson,
    Message,
    ProposedDelta,
    Review,
    ReviewDecision,
    Runbook,
    User,
)
from tests.access.restricted import World, told_by
from tests.access.walk import PART_ROWS, TELL_NOTHING
from tests.factories import a_token

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SEED = 7
CSRF = "c" * 32
TELLING_NOTHING = {name.lower() for name in TELL_NOTHING}


class Role(NamedTuple):
    who: str
    token: dict[str, str] | None
    """None: by the cookie of a session."""


ROLES: dict[str, Role | None] = {
    "a stranger": None,
    "a reader": Role("reader", {"scope": "write"}),
    "an editor": Role("editor", {"scope": "write"}),
    "an administrator": Role("admin", {"scope": "admin"}),
    "an editor who is signed in": Role("editor", None),
    "a token that reads": Role("admin", {"scope": "read"}),
    "a token of own incidents": Role("named", {"scope": "write", "reach": "own"}),
}


def shown_by(role: Role | None, world: World) -> dict[str, dict[str, str]]:
    """The headers and cookies of all that they ask."""
    if role is None:
        return {}
    user: User = getattr(world, role.who)
    if role.token is not None:
        secret = new_secret()
        a_token(user, secret=secret, **role.token)
        return {"headers": {"Authorization": f"Bearer {secret}"}}
    client = Client()
    client.force_login(user)
    cookies = {"sessionid": client.cookies["sessionid"].value, "csrftoken": CSRF}
    return {"headers": {"X-CSRFToken": CSRF}, "cookies": cookies}


class Talk:
    """What somebody in this role may be answered, whatever they ask."""

    def __init__(self, role: Role | None, world: World) -> None:
        self.shown = shown_by(role, world)
        self.keys = keys_of(world)
        self.asked = 0
        self.statuses: set[int] = set()

    def over(self, operation: Any, examples: int) -> None:
        fit = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
        unfit = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
        real = st.fixed_dictionaries(
            {
                name: st.sampled_from(self.keys.get(name, nothing)(operation.path))
                for name in (each.name for each in operation.path_parameters)
                if self.keys.get(name, nothing)(operation.path)
            }
        )
        if operation.path.startswith(HISTORY):
            names = {each.name for each in operation.path_parameters}
            aims = [
                {name: value for name, value in one.items() if name in names} for one in documents()
            ]
            real = st.sampled_from(aims)
        version = st.sampled_from(['"1"', '"1"', '"2"', '"99"', "*", None])

        @seed(SEED)
        @settings(
            max_examples=examples,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(
            case=st.one_of(fit, fit, unfit),
            aim=real,
            is_aimed=st.sampled_from([True, True, False]),
            tag=version,
        )
        def talk(case: Any, aim: dict[str, Any], is_aimed: bool, tag: str | None) -> None:
            if is_aimed:
                case.path_parameters = {**case.path_parameters, **aim}
            if tag and case.method in {"PATCH", "DELETE"}:
                case.headers = {**(case.headers or {}), "If-Match": tag}
            self.ask(case)

        talk()

    def ask(self, case: Any) -> None:
        with transaction.atomic(), connections_kept():
            answer = case.call(**self.shown)
            transaction.set_rollback(True)
        self.asked += 1
        self.statuses.add(answer.status_code)
        case.validate_response(answer, checks=CHECKS)
        told = [value for name, value in answer.headers.items() if name not in TELLING_NOTHING]
        leaked = told_by(f"{told} {answer.text}") - told_by(case.as_curl_command())
        assert not leaked, (case.as_curl_command(), answer.text)


@contextmanager
def connections_kept() -> Iterator[None]:
    """A request closes a connection that is in a transaction, and here each is."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def nothing(path: str) -> list[Any]:
    """Of a place that nobody filled here what the description says is tried alone."""
    return []


HISTORY = "/api/v1/history/"


def documents() -> list[dict[str, Any]]:
    """Each record that has a history, with one of its lines."""
    found = []
    for kind, named in KINDS.items():
        table = TABLES[named.type]
        for line in Change.objects.filter(document_type=named.type).order_by("document_id", "id"):
            row = table._base_manager.filter(pk=line.document_id).first()
            if row is not None:
                name = f"{named.prefix}{getattr(row, named.column)}"
                found.append({"kind": kind, "name": name, "change": line.pk})
    return found


def keys_of(world: World) -> dict[str, Callable[[str], list[Any]]]:
    """Keys that there are, of what is open and of what is not, by the place in the address."""
    tables: dict[str, Any] = {
        "incidents": Incident,
        "lessons": Lesson,
        "actions": ActionItem,
        "factors": Factor,
        "runbooks": Runbook,
        "services": type(world.service),
        "teams": type(world.team),
    }

    def all_of(column: str) -> Callable[[str], list[Any]]:
        def found(path: str) -> list[Any]:
            table = tables[path.split("/")[3]]
            rows = table._base_manager.order_by("pk")
            return [getattr(row, column) for row in rows]

        return found

    def parts(path: str) -> list[Any]:
        kind, *_ = PART_ROWS[path.split("/")[5]]
        return list(kind.model._base_manager.order_by("pk").values_list("pk", flat=True))

    def every(table: Any) -> Callable[[str], list[Any]]:
        return lambda _: list(table._base_manager.order_by("pk").values_list("pk", flat=True))

    return {
        "attachment": every(Attachment),
        "export": every(Export),
        "imported": every(Import),
        "row": every(ImportRow),
        "proposal": every(ProposedDelta),
        "message": every(Message),
        "number": all_of("reference"),
        "slug": all_of("slug"),
        "id": parts,
        "knob": lambda _: list(Knob._base_manager.order_by("pk").values_list("pk", flat=True)),
        "username": lambda _: [person.username for person in world.everybody],
        "review": lambda _: list(Review.objects.values_list("pk", flat=True)),
        "decision": lambda _: list(ReviewDecision.objects.values_list("pk", flat=True)),
    }


def operations() -> list[Any]:
    described = schemathesis.openapi.from_dict(schema())
    site = get_wsgi_application()
    described.app = lambda environ, start: site({"REMOTE_ADDR": "127.0.0.1", **environ}, start)
    return [one.ok() for one in described.get_all_operations()]
