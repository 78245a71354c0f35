"""Every page that a GET can show, walked from the resolver: it fits, is titled, and open to all."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from incidents.models import (
    ActionItem,
    Attachment,
    Batch,
    Change,
    CheckRun,
    Endpoint,
    Export,
    Factor,
    Feed,
    Import,
    ImportRow,
    Job,
    Knob,
    Lesson,
    Message,
    ProposedDelta,
    ReviewDecision,
    Runbook,
    Service,
    Token,
    User,
)
from incidents.records.parts.kinds import KINDS
from tests.addresses import Address, addresses
from tests.browser.conftest import DESK, PHONE, OpenAs
from tests.browser.demo import FROZEN, Demo, load_demo
from tests.browser.looking import faults
from tests.browser.weighing import Watched, weighed

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    # Each of these walks many pages.
    pytest.mark.timeout(400),
]

Values = dict[str, Any]
# An address that only takes what is sent says so to a GET.
ONLY_TAKES = 405
SHOWN, REFUSED, NOT_FOUND = 200, 403, 404
# An answer that says what it is, and shows a page all the same.
ELSE = {"/accounts/3rdparty/login/error/": 401, "/reviews/?period=last+summer": 422}
# Where the sign-in leads who is signed in; it is an address of its own.
HOME = "/"
# Each provider's own, where it is set up; none is here.
SIGN_IN_ELSEWHERE = "openid_connect_"
# Answer programs, not people; or with a file.
FOR_PROGRAMS = (
    "attachments:file",
    "exports:calendar",
    "exports:file",
    "exports:incident_feed",
    "health:",
    "runbooks:offline_copy",
    "runbooks:offline_file",
    "runbooks:worker",
)
# … but for this one of those below it.
API, API_PAGE = "api:", "api:docs"
# Needs two lines of a history.
COMPARE = "history:compare"
# Of the documents that have a history: one with parts, one without.
DOCUMENTS = ["incident", "factor"]
# Of which one is as good as another.
ANY_OF: dict[str, Any] = {
    "attachment": Attachment,
    "endpoint": Endpoint,
    "imported": Import,
    "proposal": ProposedDelta,
    "row": ImportRow,
    "run": CheckRun,
}
# What the resolver does not name: lists in which nothing is.
MORE = {
    "guard": ["/guard/runs/?q=nothing-has-this-in-it"],
    "lookup": [
        "/lookup/?alertname=SidekiqQueueSize&service=podiant&severity=critical",
        "/lookup/?q=nothinghasthisinit",
    ],
    "records": ["/incidents/?text=nothing-has-this-in-it"],
    "review": ["/reviews/2026Q1/", "/reviews/?period=last+summer"],
    "runbooks": ["/runbooks/?q=nothing-has-this-in-it"],
}


def group_of(address: Address) -> str:
    namespace = address.name.partition(":")[0] if ":" in address.name else "accounts"
    return "records:parts" if "kind" in address.wants else namespace


ALL = [
    address
    for address in addresses()
    if not address.name.startswith((SIGN_IN_ELSEWHERE, *FOR_PROGRAMS))
    and (address.name == API_PAGE or not address.name.startswith(API))
]


@pytest.fixture
def demo(transactional_db: None) -> Demo:
    return load_demo()


@pytest.mark.parametrize("group", sorted({group_of(address) for address in ALL}))
def test_every_page_fits_and_is_open_to_all(group: str, demo: Demo, open_as: OpenAs) -> None:
    paths = [
        path for address in ALL if group_of(address) == group for path in paths_of(address, demo)
    ]
    assert walk(paths + MORE.get(group, []), demo.admin, open_as) == {}


def test_so_are_the_pages_of_who_is_not_signed_in(demo: Demo, open_as: OpenAs) -> None:
    paths = [
        path
        for address in ALL
        if group_of(address) == "accounts"
        for path in paths_of(address, demo)
    ]
    assert walk(paths, None, open_as) == {}


def test_so_are_the_pages_that_refuse(demo: Demo, open_as: OpenAs) -> None:
    assert walk(["/incidents/new/"], demo.reader, open_as, status=REFUSED) == {}
    assert walk(["/nothing/here/"], demo.reader, open_as, status=NOT_FOUND) == {}


def walk(
    paths: list[str], user: User | None, open_as: OpenAs, *, status: int = SHOWN
) -> dict[str, list[str]]:
    """What is wrong, by path. A page that several paths lead to is looked at once."""
    page = open_as(user)
    watched = Watched(page)
    seen: set[str] = set()
    wrong: dict[str, list[str]] = {}
    for path in paths:
        answer = page.request.get(path)
        # A place in a page is that page.
        address = answer.url.partition("#")[0]
        leads_home = urlsplit(address).path == HOME != path
        if answer.status == ONLY_TAKES or address in seen or leads_home:
            continue
        seen.add(address)
        found = [] if answer.status in {status, ELSE.get(path)} else [f"answers {answer.status}"]
        for size in (PHONE, DESK):
            page.set_viewport_size(size)
            watched.open(path, answer.text())
            found += weighed(page)
        if found := [*found, *faults(page)]:
            wrong[path] = found
    return wrong


def paths_of(address: Address, demo: Demo) -> Iterator[str]:
    for values in values_for(address, demo):
        lacking = address.wants - set(values)
        if lacking:
            pytest.fail(
                f"{address.name} wants {', '.join(sorted(lacking))}:"
                f" tell values_for() in {__name__} which."
            )
        path = address.path(**{name: values[name] for name in address.wants})
        query = f"?from={first_change(values)}" if address.name == COMPARE else ""
        yield path + query


def values_for(address: Address, demo: Demo) -> list[Values]:
    """What stands in the places of an address: one page each, of a record several."""
    if "kind" in address.wants:
        return [values for kind in KINDS for values in part_values(kind, demo)]
    if "document_type" in address.wants:
        return [document_values(name) for name in DOCUMENTS]
    if address.name == "records:incident":
        return [{"number": one.pk} for one in (demo.story, demo.draft, demo.restricted)]
    numbers = {"INC": demo.draft, "ACT": ActionItem.objects.earliest("pk")}
    numbers["LES"] = Lesson.objects.filter(guard__isnull=False).earliest("pk")
    slugs = {
        "factors": Factor.objects.earliest("pk").slug,
        "runbooks": Runbook.objects.earliest("pk").slug,
        "services": Service.objects.earliest("pk").slug,
        "teams": demo.team.slug,
    }
    knob = Knob.objects.earliest("pk")
    values: Values = {
        "username": demo.reader.username,
        "component": knob.component,
        "key": knob.key,
        # The one that failed.
        "job_id": Job.objects.earliest("pk").pk,
        "batch_id": Batch.objects.earliest("pk").pk,
        # The year of the story that has a date.
        "period": FROZEN.key,
        # Of a link by mail: one that is not good any more.
        "uidb36": "1",
    }
    if "part" in address.wants:
        # What is frozen comes at once; of the story's quarter nothing is.
        values |= {"period": "2019Q4", "part": 1}
    if "message" in address.wants:
        values["message"] = Message.objects.filter(person=demo.admin).earliest("pk").pk
    if {"review", "decision"} & address.wants:
        decision = ReviewDecision.objects.earliest("pk")
        values |= {"review": decision.review_id, "decision": decision.pk}
    for name in ANY_OF.keys() & address.wants:
        values[name] = ANY_OF[name].objects.earliest("pk").pk
    values |= of_ones_own(address, demo)
    if (number := address.converters.get("number")) is not None:
        values["number"] = numbers[number.prefix].pk
    if (place := address.route.split("/")[1]) in slugs:
        values["slug"] = slugs[place]
    return [values]


def of_ones_own(address: Address, demo: Demo) -> Values:
    tables: dict[str, Any] = {"token": Token, "export": Export, "feed": Feed}
    return {
        name: table.objects.filter(owner=demo.admin).earliest("pk").pk
        for name, table in tables.items()
        if name in address.wants
    }


def part_values(kind: str, demo: Demo) -> Iterator[Values]:
    part = KINDS[kind].model.objects.order_by("pk").first()
    if part is None:
        pytest.fail(f"No record of the demo has a {kind}.")
    yield {"kind": kind, "number": part.incident_id, "pk": part.pk}


def document_values(name: str) -> Values:
    change = Change.objects.filter(document_type=name).order_by("pk").last()
    if change is None:
        pytest.fail(f"No {name} of the demo has a history.")
    return {"document_type": name, "document_id": change.document_id, "change_id": change.pk}


def first_change(values: Values) -> int:
    rows = Change.objects.filter(
        document_type=values["document_type"], document_id=values["document_id"]
    )
    return rows.earliest("pk").pk
