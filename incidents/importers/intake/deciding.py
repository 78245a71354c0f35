"""What is to be done with a record that was found: made, changed, or left alone, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from incidents.importers.found import FoundIncident
from incidents.importers.intake.values import (
    CannotBeRecorded,
    Known,
    names_of,
    unknown_services,
    values_of,
)
from incidents.models import (
    Change,
    Factor,
    Import,
    ImportRow,
    Incident,
    RowAction,
    Runbook,
    Service,
    User,
)


@dataclass(frozen=True)
class Decision:
    action: RowAction
    why: str = ""
    incident: Incident | None = None
    runbook: Runbook | None = None
    before: ImportRow | None = None
    """The row by which it was brought in last."""


def decide(row: ImportRow, of: Import) -> Decision:
    return decide_all([row], of)[0]


def decide_all(rows: list[ImportRow], of: Import) -> list[Decision]:
    """For many rows at once, in their order: four queries, however many there are."""
    here = {
        incident.external_key: incident
        for incident in Incident.objects.filter(external_key__in=[row.key for row in rows])
    }
    keys = [incident.pk for incident in here.values()]
    seen = set(keys)
    if of.owner:
        visible = Incident.objects.visible_to(of.owner).filter(pk__in=keys)
        seen = set(visible.values_list("pk", flat=True))
    last: dict[int | None, ImportRow] = {
        row.incident_id: row
        for row in ImportRow.objects.filter(
            incident__in=keys, applied_at__isnull=False, undone_at=None
        )
        .exclude(of=of)
        .order_by("applied_at", "pk")
    }
    edited = edited_since(row for row in last.values())
    return [decision(row, here.get(row.key), seen, last, edited) for row in rows]


def decision(
    row: ImportRow,
    incident: Incident | None,
    seen: set[int],
    last: Mapping[int | None, ImportRow],
    edited: set[int],
) -> Decision:
    if incident is None:
        return Decision(RowAction.MAKE)
    if incident.pk not in seen:
        # Whoever has the source knows the key; of the record they are told nothing.
        return Decision(RowAction.LEAVE, "A record with this key is here that is not open to you.")
    before = last.get(incident.pk)
    if before is None:
        why = "It is here already, and not by an import of which something is known."
        return Decision(RowAction.LEAVE, why, incident)
    if before.sha256 == row.sha256:
        why = "It is here already, and its source has not changed."
        return Decision(RowAction.LEAVE, why, incident, before=before)
    if incident.pk in edited:
        why = "Its source has changed, and so has the record: what was edited here stays."
        return Decision(RowAction.LEAVE, why, incident, before=before)
    return Decision(RowAction.CHANGE, "", incident, before=before)


def edited_since(rows: Iterable[ImportRow]) -> set[int]:
    """The keys of the incidents that have a line of history after the one of their row."""
    lines = {row.incident_id: row.last_change for row in rows}
    changes = Change.objects.filter(document_type="incident", document_id__in=lines)
    latest = dict(changes.order_by("id").values_list("document_id", "id"))
    return {key for key, change in latest.items() if change != lines[key]}


def known_to(of: Import, found: Iterable[FoundIncident]) -> Known:
    """What these records name and its owner may know of; whatever the site has, for a command."""
    found = list(found)
    # Most records name nobody and nothing: then nothing is asked.
    is_factor = any(factor.name for each in found for factor in each.factors)
    is_person = any(each.people or any(action.owner for action in each.actions) for each in found)
    return Known(
        services=services_named(name for each in found for name in names_of(each.services)),
        factors=factors_by_name(of.owner) if is_factor else {},
        people=people_by_name() if is_person else {},
    )


def factors_by_name(user: User | None) -> dict[str, Factor]:
    factors = Factor.objects.visible_to(user) if user else Factor.objects.all()
    return {factor.name.casefold(): factor for factor in factors}


def services_named(names: Iterable[str]) -> dict[str, Service]:
    """By their names and slugs, in small letters. A site has few enough to read all."""
    if not (wanted := {name.casefold() for name in names}):
        return {}
    known: dict[str, Service] = {}
    for service in Service.objects.order_by("-pk"):
        known[service.slug] = service
        known[service.name.casefold()] = service
    return {name: known[name] for name in wanted if name in known}


def people_by_name() -> dict[str, User]:
    """By user name, address and full name; a name that two have is nobody's."""
    known: dict[str, User | None] = {}
    for person in User.objects.filter(is_active=True).order_by("pk"):
        for name in {person.username, person.email, person.name}:
            if name:
                folded = name.casefold()
                known[folded] = None if folded in known else person
    return {name: person for name, person in known.items() if person is not None}


def what_is_missing(found: FoundIncident, known: Known, *, makes_services: bool) -> str:
    """What the notes will say, or why it cannot be recorded. Raises `CannotBeRecorded`."""
    values = values_of(found, known)
    missing = unknown_services(found, known)
    lines = []
    if missing:
        done = "are made" if makes_services else "stand in the notes"
        lines.append(f"Services that are not here {done}: {', '.join(missing)}.")
    if any(not factor_known(each.name, known) for each in found.factors):
        lines.append("Factors that the vocabulary does not have stand in the notes.")
    if not values.columns.get("began_at"):
        lines.append("Nothing says when it began.")
    return " ".join(filter(None, [*lines, found.missing]))


def factor_known(name: str, known: Known) -> bool:
    return name.casefold() in known.factors


__all__ = [
    "CannotBeRecorded",
    "Decision",
    "decide",
    "decide_all",
    "edited_since",
    "known_to",
    "what_is_missing",
]
