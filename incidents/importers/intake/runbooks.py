"""Runbooks of an import: what is to be done with each, writing it, and taking it back.

`ImportRow.made` has what was attached as `{"files": {path: key}}`, with `"services": [slug…]`, and
of a runbook that was changed what it said before as `"was"`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from incidents.directory.operations import create_service
from incidents.history.operations import locked
from incidents.history.queries import last_change
from incidents.importers.found import FoundRunbook
from incidents.importers.intake.beside import (
    Beside,
    addresses_of,
    attach_found,
    bring_back,
    remove_others,
)
from incidents.importers.intake.deciding import Decision, people_by_name, services_named
from incidents.importers.intake.plain import runbook_of
from incidents.importers.intake.values import (
    CannotBeRecorded,
    Known,
    missing_services,
    names_of,
)
from incidents.importers.runbooks.operations import fingerprint
from incidents.importers.trees.links import with_attached
from incidents.lib.markdown import MAXIMUM_LENGTH
from incidents.models import (
    Import,
    ImportRow,
    RowAction,
    Runbook,
    RunbookState,
    Service,
    Team,
    User,
)
from incidents.runbooks.operations import change_runbook, create_runbook

NOT_KNOWN = "## Not known here"
WAS = ("title", "summary", "body", "alerts", "state", "owner_id", "team_id")
EDITED = "It is here already, and what was written or edited here stays."


def decide_runbooks(rows: Sequence[ImportRow], of: Import) -> list[Decision]:
    """In their order; a few queries, however many there are."""
    keys = [row.key for row in rows]
    applied = ImportRow.objects.filter(
        key__in=keys, runbook__isnull=False, applied_at__isnull=False
    )
    by_key: dict[str, ImportRow] = {}
    undone: set[int | None] = set()
    applied = (
        applied.exclude(of=of).select_related("runbook", "of").prefetch_related("runbook__services")
    )
    for one in applied.defer("found").order_by("applied_at", "pk"):
        if one.undone_at is None:
            by_key[one.key] = one
            undone.discard(one.runbook_id)
        else:
            undone.add(one.runbook_id)
    slugs = [row.found["slug"] for row in rows]
    named = Runbook.objects.filter(slug__in=slugs).prefetch_related("services")
    by_slug = {runbook.slug: runbook for runbook in named}
    return [decision(row, by_key.get(row.key), by_slug, undone) for row in rows]


def decision(
    row: ImportRow,
    before: ImportRow | None,
    by_slug: dict[str, Runbook],
    undone: set[int | None],
) -> Decision:
    runbook = before.runbook if before else by_slug.get(row.found["slug"])
    if runbook is None:
        return Decision(RowAction.MAKE)
    if before and not is_of_same_source(row, before):
        why = (
            f"Its address {runbook.slug} is that of a runbook from another place, {before.where}:"
            " that one stays. Give this file another name, or another slug in its head."
        )
        return Decision(RowAction.LEAVE, why, runbook=runbook, before=before)
    if runbook.imported_sha256 != fingerprint(runbook):
        return Decision(RowAction.LEAVE, EDITED, runbook=runbook, before=before)
    if before and before.sha256 == row.sha256 and runbook.pk not in undone:
        why = "It is here already, and its source has not changed."
        return Decision(RowAction.LEAVE, why, runbook=runbook, before=before)
    return Decision(RowAction.CHANGE, runbook=runbook, before=before)


def is_of_same_source(row: ImportRow, before: ImportRow) -> bool:
    """Many folders have a `DiskFull.md`. What was moved is known by the name of what it is in."""
    return is_same_place(row.where, before.where) or row.of.name == before.of.name


def is_same_place(one: str, other: str) -> bool:
    """But for a folder on top, which archives have for each version of their own."""
    below, other_below = one.partition("/")[2], other.partition("/")[2]
    return one in {other, other_below} or below == other or (below == other_below and "/" in below)


def known_to_runbooks(found: Sequence[FoundRunbook]) -> Known:
    """What these name. A service, a person and a runbook are open to everybody who signs in."""
    return Known(
        services=services_named(name for each in found for name in names_of(each.services)),
        factors={},
        people=people_by_name() if any(each.owner for each in found) else {},
    )


def values_of_runbook(
    found: FoundRunbook, known: Known, addresses: dict[str, str] | None = None
) -> dict[str, Any]:
    """Columns; what is not known here stands at the end of the text. Raises `CannotBeRecorded`."""
    services = [name for name in names_of(found.services) if name.casefold() in known.services]
    lines = []
    if missing := [name for name in names_of(found.services) if name not in services]:
        lines.append(f"- Services: {', '.join(missing)}")
    owner = known.people.get(found.owner.casefold()) if found.owner else None
    if found.owner and owner is None:
        lines.append(f"- Owner: {found.owner}")
    team = team_named(found.team)
    if found.team and team is None:
        lines.append(f"- Team: {found.team}")
    body = with_attached(found.body, addresses or {})
    if lines:
        body = "\n".join([body, NOT_KNOWN, "", *lines, ""])
    if len(body) > MAXIMUM_LENGTH:
        raise CannotBeRecorded(
            f"Its text would have {len(body):,} characters; {MAXIMUM_LENGTH:,} are the most."
        )
    values: dict[str, Any] = {
        "title": found.title,
        "summary": found.summary,
        "body": body,
        "alerts": "\n".join(found.alerts),
        "services": list({known.services[name.casefold()] for name in services}),
    }
    # Whoever looks after it here still does if the source names nobody who is known.
    return values | ({"owner": owner} if owner else {}) | ({"team": team} if team else {})


def team_named(name: str) -> Team | None:
    if not name:
        return None
    return (Team.objects.filter(name__iexact=name) | Team.objects.filter(slug=name)).first()


def what_is_missing(found: FoundRunbook, known: Known, *, makes_services: bool) -> str:
    """Raises `CannotBeRecorded`."""
    values_of_runbook(found, known)
    lines = []
    if missing := missing_services(found.services, known):
        done = "are made" if makes_services else "stand at the end of its text"
        lines.append(f"Services that are not here {done}: {', '.join(missing)}.")
    if found.owner and found.owner.casefold() not in known.people:
        lines.append(f"Its owner is not known here: {found.owner}.")
    return " ".join(filter(None, [*lines, found.missing]))


def write_runbook(row: ImportRow, beside: Beside, *, by: User | None, at: datetime) -> None:
    """What is to be done is decided anew. Raises what the operations of runbooks do, and
    `CannotBeRecorded`."""
    found = runbook_of(row.found)
    (made,) = decide_runbooks([row], row.of)
    row.action, row.runbook, row.before = made.action, made.runbook, made.before
    if made.action not in {RowAction.MAKE, RowAction.CHANGE}:
        row.why, row.applied_at = made.why, None
        return
    known = known_to_runbooks([found])
    if row.of.options.get("makes_services"):
        names = missing_services(found.services, known)
        new = [create_service(values={"name": name}, by=by, at=at) for name in names]
        row.made = {"services": [service.slug for service in new]}
        known = known_to_runbooks([found])
    if made.runbook is None:
        make_runbook(row, found, known, beside, by=by, at=at)
    else:
        change_to(row, made.runbook, found, known, beside, by=by, at=at)


def make_runbook(
    row: ImportRow,
    found: FoundRunbook,
    known: Known,
    beside: Beside,
    *,
    by: User | None,
    at: datetime,
) -> None:
    """By nobody, as records are."""
    values = values_of_runbook(found, known)
    runbook = create_runbook(values={**values, "slug": found.slug}, by=None, at=at)
    made, sentences = attach_found(runbook, found.files, beside, by=by, at=at)
    if made:
        values = values_of_runbook(found, known, addresses_of(made))
        runbook = change_runbook(
            locked(runbook), version=runbook.version, values=values, by=None, at=at
        )
    row.made = {**row.made, "files": made}
    told(row, runbook, sentences)


def change_to(
    row: ImportRow,
    runbook: Runbook,
    found: FoundRunbook,
    known: Known,
    beside: Beside,
    *,
    by: User | None,
    at: datetime,
) -> None:
    """As its source has it now. Nobody has edited it since it was brought in last."""
    runbook = locked(runbook)
    was = {
        **{name: getattr(runbook, name) for name in WAS},
        "services": list(runbook.services.values_list("pk", flat=True)),
    }
    old = row.before.made.get("files", {}) if row.before else {}
    made, sentences = attach_found(runbook, found.files, beside, by=by, at=at)
    values = values_of_runbook(found, known, addresses_of(made))
    if was_undone(runbook, row.of):
        values["state"] = RunbookState.ACTIVE
    runbook = change_runbook(runbook, version=runbook.version, values=values, by=None, at=at)
    remove_others(old, made, by=by, at=at)
    row.made = {**row.made, "files": made, "was": was, "old": old}
    told(row, runbook, sentences)


def was_undone(runbook: Runbook, of: Import) -> bool:
    """Whether it is retired by nothing but the undoing of what brought it in."""
    rows = ImportRow.objects.filter(runbook=runbook, applied_at__isnull=False).exclude(of=of)
    last = rows.order_by("-applied_at", "-pk").first()
    return bool(last and last.undone_at and runbook.state == RunbookState.RETIRED)


def told(row: ImportRow, runbook: Runbook, sentences: str) -> None:
    Runbook.objects.filter(pk=runbook.pk).update(imported_sha256=fingerprint(runbook))
    line = last_change(runbook)
    row.runbook, row.last_change = runbook, line.pk if line else 0
    row.why = " ".join(filter(None, (row.why, sentences)))


def take_back_runbook(row: ImportRow, *, by: User | None, at: datetime) -> str:
    """Unless somebody edited it since; the outcome in words."""
    if row.runbook is None:
        return "The runbook is not here any more."
    runbook = locked(row.runbook)
    line = last_change(runbook)
    if line and line.pk != row.last_change:
        return "It was edited since: it stays as it is."
    was = row.made.get("was")
    if was is None:
        change_runbook(
            runbook,
            version=runbook.version,
            values={"alerts": runbook.alerts, "state": RunbookState.RETIRED},
            by=by,
            at=at,
        )
        return "It is retired."
    runbook = change_runbook(
        runbook, version=runbook.version, values=values_before(was), by=None, at=at
    )
    bring_back(row.made.get("old", {}), by=by, at=at)
    remove_others(row.made.get("files", {}), row.made.get("old", {}), by=by, at=at)
    Runbook.objects.filter(pk=runbook.pk).update(imported_sha256=fingerprint(runbook))
    if row.before:
        line = last_change(runbook)
        ImportRow.objects.filter(pk=row.before.pk).update(last_change=line.pk if line else 0)
    return "It is as it was before."


def values_before(was: dict[str, Any]) -> dict[str, Any]:
    people = User.objects.in_bulk([was["owner_id"]] if was["owner_id"] else [])
    teams = Team.objects.in_bulk([was["team_id"]] if was["team_id"] else [])
    columns = {name: value for name, value in was.items() if not name.endswith("_id")}
    return {
        **columns,
        "owner": people.get(was["owner_id"]),
        "team": teams.get(was["team_id"]),
        "services": list(Service.objects.filter(pk__in=was["services"])),
    }
