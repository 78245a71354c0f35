"""Walking the whole site: each address with the keys of a restricted incident, and of none."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import models, transaction
from django.http import HttpResponse
from django.test import Client

from incidents.api.resources.history import KINDS as BY_NAME
from incidents.api.resources.part_rows import SERIALIZERS as PART_ROWS
from incidents.exports.feeds.links import secret_of
from incidents.history.documents import TABLES, document_of
from incidents.models import (
    ActionItem,
    Attachment,
    Change,
    CheckRun,
    Endpoint,
    Export,
    Factor,
    Feed,
    Import,
    ImportRow,
    Incident,
    Knob,
    Lesson,
    Message,
    ProposedDelta,
    Runbook,
    Token,
    User,
)
from incidents.records.parts.kinds import KINDS
from tests.access.restricted import NOBODYS_KEY, OPEN_KEY, TELLING, World, told_by
from tests.addresses import Address, addresses
from tests.pages import Form, forms_on

NOBODYS_WORD = "zqvxzzz"
Kwargs = dict[str, Any]


@dataclass(frozen=True)
class Visit:
    address: str
    path: str
    # The same address with keys that nothing has; None where it names nothing restricted.
    twin: str | None


def keys(row: models.Model, *names: str) -> tuple[Kwargs, Kwargs]:
    """The row's values for these names, and values that no row has."""
    given = {name: getattr(row, name) for name in names}
    none = {
        name: NOBODYS_KEY if isinstance(value, int) else NOBODYS_WORD
        for name, value in given.items()
    }
    return given, none


def numbers(world: World, address: Address) -> list[tuple[Kwargs, Kwargs]]:
    """`number` means a record of one of three kinds: the converter says which."""
    tables = {"INC": Incident, "LES": Lesson, "ACT": ActionItem}
    prefix = address.converters["number"].prefix
    rows = [*world.secret.values(), *world.more, *world.open.values()]
    found = [row for row in rows if isinstance(row, tables[prefix])]
    return [({"number": row.pk}, {"number": NOBODYS_KEY}) for row in found]


def slugs(world: World, address: Address) -> list[tuple[Kwargs, Kwargs]]:
    rows = [world.secret.get(Factor), world.open[Factor], world.open[Runbook]]
    return [keys(row, "slug") for row in [*rows, world.service, world.team] if row]


def people(world: World, address: Address) -> list[tuple[Kwargs, Kwargs]]:
    rows = [world.owner, world.named, world.former]
    return [keys(row, "username") for row in rows]


def knobs(world: World, address: Address) -> list[tuple[Kwargs, Kwargs]]:
    rows = [world.secret.get(Knob), world.open[Knob]]
    return [keys(row, "component", "key") for row in rows if row]


def knob_keys(world: World, address: Address) -> list[tuple[Kwargs, Kwargs]]:
    rows = [world.secret.get(Knob), world.open[Knob]]
    return [({"knob": row.pk}, {"knob": NOBODYS_KEY}) for row in rows if row]


def kinds(world: World, address: Address) -> list[tuple[Kwargs, Kwargs]]:
    return [
        ({"number": incident.pk, "kind": kind}, {"number": NOBODYS_KEY, "kind": kind})
        for incident in (world.secret.get(Incident), world.open[Incident])
        for kind in KINDS
        if incident
    ]


def parts(world: World, address: Address) -> list[tuple[Kwargs, Kwargs]]:
    found = []
    for kind in KINDS.values():
        for row in kind.model._base_manager.all():
            given = {"number": row.incident_id, "kind": kind.name, "pk": row.pk}
            found.append((given, {**given, "pk": NOBODYS_KEY}))
    return found


def parts_for_programs(world: World, address: Address) -> list[tuple[Kwargs, Kwargs]]:
    kind = next(kind for name, (kind, *_) in PART_ROWS.items() if f"/{name}/" in address.route)
    return [
        ({"number": row.incident_id, "pk": row.pk}, {"number": row.incident_id, "pk": NOBODYS_KEY})
        for row in kind.model._base_manager.all()
    ]


def documents(world: World, address: Address) -> list[tuple[Kwargs, Kwargs]]:
    rows = [*world.secret.values(), *world.more, *world.open.values(), world.service, world.owner]
    found = []
    for row in rows:
        if document_of(row) == (row._meta.model_name, row.pk):
            given = {"document_type": row._meta.model_name, "document_id": row.pk}
            found.append((given, {**given, "document_id": NOBODYS_KEY}))
    return found


def changes(world: World, address: Address) -> list[tuple[Kwargs, Kwargs]]:
    """Of each document the first line and the last."""
    found = []
    for given, _ in documents(world, address):
        lines = Change.objects.filter(**given).order_by("id").values_list("id", flat=True)
        found += [
            ({**given, "change_id": line}, {**given, "change_id": NOBODYS_KEY})
            for line in {*lines[:1], *lines.reverse()[:1]}
        ]
    return found


def documents_for_programs(world: World, address: Address) -> list[tuple[Kwargs, Kwargs]]:
    return [(by_name(given), nobodys(given)) for given in told_to_programs(world, address)]


def changes_for_programs(world: World, address: Address) -> list[tuple[Kwargs, Kwargs]]:
    """Of each document the first line and the last."""
    found = []
    for given in told_to_programs(world, address):
        lines = Change.objects.filter(**given).order_by("id").values_list("id", flat=True)
        found += [
            ({**by_name(given), "change": line}, {**nobodys(given), "change": line})
            for line in {*lines[:1], *lines.reverse()[:1]}
        ]
    return found


def told_to_programs(world: World, address: Address) -> list[Kwargs]:
    return [given for given, _ in documents(world, address) if given["document_type"] in NAMED]


NAMED = {named.type: (kind, named) for kind, named in BY_NAME.items()}


def by_name(given: Kwargs) -> Kwargs:
    kind, named = NAMED[given["document_type"]]
    row = TABLES[named.type]._base_manager.get(pk=given["document_id"])
    return {"kind": kind, "name": f"{named.prefix}{getattr(row, named.column)}"}


def nobodys(given: Kwargs) -> Kwargs:
    kind, named = NAMED[given["document_type"]]
    nobody = NOBODYS_KEY if named.column == "pk" else NOBODYS_WORD
    return {"kind": kind, "name": f"{named.prefix}{nobody}"}


def messages(world: World, address: Address) -> list[tuple[Kwargs, Kwargs]]:
    """Those that people were told while the incident was open; and one of an open one."""
    found = Message.objects.order_by("pk").values_list("pk", flat=True)
    return [({"message": key}, {"message": NOBODYS_KEY}) for key in found]


def endpoints(world: World, address: Address) -> list[tuple[Kwargs, Kwargs]]:
    found = Endpoint.objects.order_by("pk").values_list("pk", flat=True)
    return [({"endpoint": key}, {"endpoint": NOBODYS_KEY}) for key in found]


def tokens(world: World, address: Address) -> list[tuple[Kwargs, Kwargs]]:
    """Of somebody who is named on the restricted incident, and of the reader."""
    found = Token.objects.order_by("pk").values_list("pk", flat=True)
    return [({"token": key}, {"token": NOBODYS_KEY}) for key in found]


def attachments(world: World, address: Address) -> list[tuple[Kwargs, Kwargs]]:
    """Of the restricted incident, also one that was removed; and of open records."""
    found = Attachment.objects.order_by("pk").values_list("pk", flat=True)
    return [({"attachment": key}, {"attachment": NOBODYS_KEY}) for key in found]


def feeds(world: World, address: Address) -> list[tuple[Kwargs, Kwargs]]:
    found = Feed.objects.order_by("pk").values_list("pk", flat=True)
    return [({"feed": key}, {"feed": NOBODYS_KEY}) for key in found]


def links(world: World, address: Address) -> list[tuple[Kwargs, Kwargs]]:
    """Those of people who are not named: whoever has a link sees what its owner may see."""
    rows = Feed.objects.filter(pk__gte=OPEN_KEY).order_by("pk")
    return [({"link": secret_of(feed.nonce)}, {"link": NOBODYS_WORD}) for feed in rows]


def exports(world: World, address: Address) -> list[tuple[Kwargs, Kwargs]]:
    """Of the restricted incident, by people who could see it then; and of an open one."""
    found = Export.objects.order_by("pk").values_list("pk", flat=True)
    return [({"export": key}, {"export": NOBODYS_KEY}) for key in found]


def imports(world: World, address: Address) -> list[tuple[Kwargs, Kwargs]]:
    """By people who could see the restricted incident then, who still come to their own imports;
    and of an open one. The numbers of imports tell nothing."""
    found = Import.objects.order_by("pk").values_list("pk", flat=True)
    return [({"imported": key}, {"imported": NOBODYS_KEY}) for key in found]


def imported_rows(world: World, address: Address) -> list[tuple[Kwargs, Kwargs]]:
    rows = ImportRow.objects.order_by("pk").values_list("of", "pk")
    return [
        ({"imported": of, "row": key}, {"imported": of, "row": NOBODYS_KEY}) for of, key in rows
    ]


def proposals(world: World, address: Address) -> list[tuple[Kwargs, Kwargs]]:
    found = ProposedDelta.objects.order_by("pk").values_list("pk", flat=True)
    return [({"proposal": key}, {"proposal": NOBODYS_KEY}) for key in found]


def periods(world: World, address: Address) -> list[tuple[Kwargs, Kwargs]]:
    """The year of the restricted incident, the quarter of what was done of late."""
    return [({"period": key}, {"period": key}) for key in ("1987", "2026Q1")]


def later_figures(world: World, address: Address) -> list[tuple[Kwargs, Kwargs]]:
    return [
        ({**kwargs, "part": part}, {**kwargs, "part": part})
        for kwargs, _ in periods(world, address)
        for part in (1, 2)
    ]


# What an address wants, and where it is found. Whoever adds an address that wants something else
# adds it here, so that it is walked.
FILLINGS = {
    frozenset[str](): lambda world, address: [({}, {})],
    frozenset({"number"}): numbers,
    frozenset({"period"}): periods,
    frozenset({"period", "part"}): later_figures,
    # Those that there are belong to everybody.
    frozenset({"review"}): lambda world, address: [({"review": 1}, {"review": 1})],
    frozenset({"review", "decision"}): lambda world, address: [({"review": 1, "decision": 1},) * 2],
    frozenset({"decision"}): lambda world, address: [({"decision": 1}, {"decision": 1})],
    frozenset({"slug"}): slugs,
    frozenset({"username"}): people,
    frozenset({"component", "key"}): knobs,
    frozenset({"message"}): messages,
    frozenset({"endpoint"}): endpoints,
    frozenset({"export"}): exports,
    frozenset({"imported"}): imports,
    frozenset({"imported", "row"}): imported_rows,
    frozenset({"proposal"}): proposals,
    frozenset({"token"}): tokens,
    # Everybody's, but for what it found.
    frozenset({"run"}): lambda world, address: [({"run": world.open[CheckRun].pk},) * 2],
    frozenset({"knob"}): knob_keys,
    frozenset({"attachment"}): attachments,
    frozenset({"feed"}): feeds,
    frozenset({"link"}): links,
    frozenset({"number", "kind"}): kinds,
    frozenset({"number", "kind", "pk"}): parts,
    frozenset({"number", "pk"}): parts_for_programs,
    frozenset({"document_type", "document_id"}): documents,
    frozenset({"document_type", "document_id", "change_id"}): changes,
    frozenset({"kind", "name"}): documents_for_programs,
    frozenset({"kind", "name", "change"}): changes_for_programs,
    frozenset({"job_id"}): lambda world, address: [({"job_id": 1}, {"job_id": NOBODYS_KEY})],
    frozenset({"batch_id"}): lambda world, address: [({"batch_id": 1}, {"batch_id": NOBODYS_KEY})],
    # Of the accounts' own pages.
    frozenset({"key"}): lambda world, address: [({"key": "a-b"}, {"key": "a-b"})],
    frozenset({"uidb36", "key"}): lambda world, address: [({"uidb36": "1", "key": "a-b"},) * 2],
    frozenset({"provider_id"}): lambda world, address: [({"provider_id": "oidc"},) * 2],
}


def visits(world: World) -> Iterator[Visit]:
    for address in addresses():
        if address.wants not in FILLINGS:
            pytest.fail(
                f"{address.name} wants {sorted(address.wants)}: say in FILLINGS of {__name__} with"
                " which values a stranger is to try it."
            )
        for given, none in FILLINGS[address.wants](world, address):
            path = address.path(**given)
            yield Visit(address.name, path, address.path(**none) if told_by(path) else None)


# What differs from answer to answer, whatever is asked for.
DRAWN = [
    # When a copy of the runbooks was made.
    re.compile(r'"made_at": ?"[^"]*"|made at [-\d]+T[:+\d]+'),
    re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"'),
    re.compile(r"X-CSRFToken[^}]*"),
    re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"),
]


TELL_NOTHING = frozenset({"Content-Length", "X-Request-ID"})
"""A page may be 73,956 bytes long, or have any number, and tell nothing by that."""


def whole(response: HttpResponse) -> str:
    """The status, the headers and the body."""
    told = ((name, value) for name, value in response.items() if name not in TELL_NOTHING)
    headers = "\n".join(f"{name}: {value}" for name, value in told)
    return f"{response.status_code}\n{headers}\n{response.content.decode()}"


def but_for_the_echo(text: str) -> str:
    """The answer without what differs by chance, and without the key that was asked for."""
    for pattern in DRAWN:
        text = pattern.sub("", text)
    text = re.sub(r"(Content-Length|Expires|RateLimit-(Remaining|Reset)): .*", "", text)
    # PostgreSQL does not give a number twice, not even one that was taken back.
    numbers_given = r"Location: .*|/guard/runs/\d+/"
    text = re.sub(numbers_given, lambda one: re.sub(r"\d+", "", one[0]), text)
    return TELLING.sub("…", text)


def leaks(response: HttpResponse, *asked: object) -> set[str]:
    """What the answer tells that was not in the question."""
    return told_by(whole(response)) - told_by(" ".join(map(str, asked)))


class Stranger:
    """Goes everywhere, notes what was told, and leaves nothing behind."""

    def __init__(self, user: User | None, *, secret: str = "") -> None:
        headers = {"Authorization": f"Bearer {secret}"} if secret else None
        # What breaks is an answer too, and a wrong one.
        self.client = Client(raise_request_exception=False, headers=headers)
        if user is not None and not secret:
            self.client.force_login(user)
        self.cookies = self.client.cookies.copy()
        self.told: dict[str, set[str]] = {}
        self.differing: list[str] = []
        self.pages = 0
        self.sent_to: set[str] = set()
        self.nobodys: dict[tuple[str, str], HttpResponse] = {}

    def get(self, path: str, data: Mapping[str, Any] | None = None) -> HttpResponse:
        return self.asked("get", path, data or {})

    def asked(self, method: str, path: str, data: Mapping[str, Any]) -> HttpResponse:
        """One request, taken back afterwards, with what it tells noted."""
        with transaction.atomic():
            response = getattr(self.client, method)(path, data)
            self.note(f"{method} {path} {dict(data)}", response, path, data)
            if method == "post" and response.status_code == 302:
                then = self.client.get(response["Location"])
                self.note(f"{method} {path} {dict(data)}, then", then, path, data)
            transaction.set_rollback(True)
        self.client.cookies = self.cookies.copy()
        self.pages += 1
        return response

    def note(self, what: str, response: HttpResponse, *asked: object) -> None:
        if response.status_code >= 500:
            self.told[what] = {str(response.status_code)}
        elif found := leaks(response, *asked):
            self.told[what] = found

    def compare(self, what: str, one: HttpResponse, other: HttpResponse) -> None:
        if but_for_the_echo(whole(one)) != but_for_the_echo(whole(other)):
            self.differing.append(f"{what}: {one.status_code} and {other.status_code}")

    def visit(self, visit: Visit, *, methods: tuple[str, ...] = ("get", "post")) -> None:
        shape = re.sub(r"\d+", "", visit.path)
        for method in methods:
            # One open record of each kind answers for the others.
            if method == "post" and not visit.twin and shape in self.sent_to:
                continue
            one = self.asked(method, visit.path, {})
            if visit.twin:
                # Many records have one twin, and each request is taken back: asking once will do.
                if (method, visit.twin) not in self.nobodys:
                    self.nobodys[method, visit.twin] = self.asked(method, visit.twin, {})
                self.compare(f"{method} {visit.path}", one, self.nobodys[method, visit.twin])
        if visit.twin and "post" in methods:
            self.asked("head", visit.path, {})
        self.sent_to.add(shape)

    def forms(self, path: str) -> list[Form]:
        page = self.get(path)
        if page.status_code != 200 or "text/html" not in page["Content-Type"]:
            return []
        return forms_on(page.content.decode(), path)
