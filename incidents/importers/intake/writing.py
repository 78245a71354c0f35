"""Writing one record that was found, and taking it back.

`ImportRow.made` has the rows that an import wrote beside the record, as `{"parts": [[table, key]…],
"actions": [[key, last change]…], "services": [slug…], "files": {path: key}}`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from incidents.action_items.operations import create_action_item, decline_action_item
from incidents.directory.operations import create_service
from incidents.history.operations import (
    create_records,
    number_anew,
    remove_record,
)
from incidents.history.queries import last_line
from incidents.history.values import plain_value
from incidents.importers.documents.pictures import resolved
from incidents.importers.found import FoundIncident
from incidents.importers.intake.beside import (
    Beside,
    addresses_of,
    attach_found,
    bring_back,
    remove_others,
)
from incidents.importers.intake.deciding import edited_since, known_to
from incidents.importers.intake.plain import found_of
from incidents.importers.intake.values import unknown_services, values_of
from incidents.lookup.operations import keep_findable
from incidents.models import (
    UNFINISHED,
    ActionItem,
    ContributingFactor,
    ImpactMeasure,
    ImportRow,
    Incident,
    Part,
    Participant,
    ProposalState,
    ProposedDelta,
    TimelineEvent,
    User,
)
from incidents.records.operations import change_incident, create_incident
from incidents.records.states import withdraw

TABLES: dict[str, type[Part]] = {
    table.__name__: table
    for table in (TimelineEvent, ContributingFactor, ImpactMeasure, Participant)
}
UNDONE = "The import that brought it in was undone."


def make_record(row: ImportRow, beside: Beside, *, by: User | None, at: datetime) -> Incident:
    """A draft with all that belongs to it. Raises what `create_incident` does, and
    `intake.values.CannotBeRecorded`.

    The record itself is made by nobody: names in a text from elsewhere call nobody here.
    """
    found = found_of(row.found)
    services = make_services(row, found, by=by, at=at)
    known = known_to(row.of, [found])
    values = values_of(resolved(found, {}), known)
    incident = create_incident(values=values.columns, by=None, at=at)
    files, sentences = attach_found(incident, found.files, beside, by=by, at=at)
    if files:
        values = values_of(resolved(found, addresses_of(files)), known)
        incident = change_incident(
            incident, version=incident.version, values=values.columns, by=None, at=at
        )
    for part in values.parts:
        part.incident = incident
    create_records(values.parts, by=by, at=at, summary=f"Brought in its parts, by {row.of}")
    keep_findable(incident)
    actions = make_actions(incident, values.actions, at=at)
    propose(row, found, incident)
    row.made = {
        "parts": named(values.parts),
        "actions": actions,
        "services": services,
        "files": files,
    }
    note(row, incident, sentences)
    return incident


def change_to(
    row: ImportRow,
    incident: Incident,
    before: ImportRow,
    beside: Beside,
    *,
    by: User | None,
    at: datetime,
) -> Incident:
    """The record as its source has it now. Nobody has edited it since `before` was applied.

    Parts that the source has no more are removed; action items are not, somebody may be at them.
    """
    found = found_of(row.found)
    services = make_services(row, found, by=by, at=at)
    files, sentences = attach_found(incident, found.files, beside, by=by, at=at)
    found = resolved(found, addresses_of(files))
    values = values_of(found, known_to(row.of, [found]))
    incident = change_incident(
        incident, version=incident.version, values=values.columns, by=None, at=at
    )
    remove_others(before.made.get("files", {}), files, by=by, at=at)
    kept = replace_parts(incident, before, values.parts, by=by, at=at, words=str(row.of))
    keep_findable(incident)
    had = before.made.get("actions", [])
    titles = set(ActionItem.objects.filter(incident=incident).values_list("title", flat=True))
    new = [action for action in values.actions if action["title"] not in titles]
    actions = make_actions(incident, new, at=at)
    propose(row, found, incident)
    row.made = {
        "parts": kept,
        "actions": [*had, *actions],
        "new": actions,
        "services": services,
        "files": files,
    }
    note(row, incident, sentences)
    return incident


def take_back(row: ImportRow, *, by: User | None, at: datetime) -> str:
    """Undo what a row made or changed, unless somebody edited it since; the outcome in words."""
    incident = row.incident
    if incident is None:
        return "The record is not here any more."
    if edited_since([row]):
        return "It was edited since: it stays as it is."
    row.proposals.filter(state=ProposalState.OPEN).delete()
    left = take_back_actions(row, by=by, at=at)
    if row.before is not None:
        old = row.before.made.get("files", {})
        bring_back(old, by=by, at=at)
        remove_others(row.made.get("files", {}), old, by=by, at=at)
        found = resolved(found_of(row.before.found), addresses_of(old))
        values = values_of(found, known_to(row.of, [found]))
        incident = change_incident(
            incident, version=incident.version, values=values.columns, by=None, at=at
        )
        kept = replace_parts(incident, row, values.parts, by=by, at=at, words=f"undoing {row.of}")
        keep_findable(incident)
        said = {"made": {**row.before.made, "parts": kept}, "last_change": last_line(incident)}
        ImportRow.objects.filter(pk=row.before.pk).update(**said)
        return " ".join(filter(None, ("It is as it was before.", left)))
    incident = withdraw(incident, reason=UNDONE, by=by, at=at)
    # Its key is free: the same source can be brought in again.
    change_incident(incident, version=incident.version, values={"external_key": None}, by=by, at=at)
    return " ".join(filter(None, ("It is withdrawn.", left)))


def take_back_actions(row: ImportRow, *, by: User | None, at: datetime) -> str:
    """Action items are not removed, only declined; those that somebody touched, or that were done
    in the source, stay."""
    made = row.made.get("new", row.made.get("actions", []))
    items = ActionItem.objects.in_bulk([key for key, _ in made])
    left = 0
    for key, line in made:
        item = items.get(key)
        if item is None or item.state not in UNFINISHED:
            continue
        if last_line(item) != line:
            left += 1
            continue
        decline_action_item(item, reason=UNDONE, by=by, at=at)
    return f"{left} of its action items were edited since and stay." if left else ""


def make_services(
    row: ImportRow, found: FoundIncident, *, by: User | None, at: datetime
) -> list[str]:
    """Those that are not here, where whoever brings it in says so; their slugs."""
    if not row.of.options.get("makes_services"):
        return []
    missing = unknown_services(found, known_to(row.of, [found]))
    return [create_service(values={"name": name}, by=by, at=at).slug for name in missing]


def make_actions(
    incident: Incident, actions: Sequence[dict[str, Any]], *, at: datetime
) -> list[list[int]]:
    items = [
        create_action_item(values={**values, "incident": incident}, by=None, at=at)
        for values in actions
    ]
    return [[item.pk, last_line(item)] for item in items]


def replace_parts(
    incident: Incident,
    before: ImportRow,
    wanted: list[Part],
    *,
    by: User | None,
    at: datetime,
    words: str,
) -> list[list[Any]]:
    """Keep those that say the same, remove those that are wanted no more, and add the new ones."""
    here: dict[tuple[Any, ...], list[Part]] = {}
    for name, keys in grouped(before.made.get("parts", [])).items():
        for part in TABLES[name]._default_manager.filter(incident=incident, pk__in=keys):
            here.setdefault(what_it_says(part), []).append(part)
    new, kept, also = list[Part](), list[Part](), []
    for part in wanted:
        part.incident = incident
        if same := here.get(what_it_says(part)):
            old = same.pop(0)
            kept.append(old)
            if old.position != part.position:
                also.append(number_anew(old, part.position))
        else:
            new.append(part)
    for old in (part for same in here.values() for part in same):
        remove_record(
            old,
            version=old.version,
            by=by,
            at=at,
            summary=f"Removed what its source left out, by {words}",
        )
    if new:
        create_records(new, by=by, at=at, summary=f"Brought in its parts, by {words}", also=also)
    return named([*kept, *new])


def what_it_says(part: Part) -> tuple[Any, ...]:
    values = [plain_value(part, name) for name in part.TRACKED if name != "position"]
    return (type(part).__name__, *map(str, values))


def named(parts: Sequence[Part]) -> list[list[Any]]:
    return [[type(part).__name__, part.pk] for part in parts]


def grouped(rows: list[list[Any]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for name, key in rows:
        found.setdefault(name, []).append(key)
    return found


def propose(row: ImportRow, found: FoundIncident, incident: Incident) -> None:
    """Keep the sentences that seem to turn a setting, those that are not kept already."""
    said = set(ProposedDelta.objects.filter(incident=incident).values_list("sentence", flat=True))
    ProposedDelta.objects.bulk_create(
        ProposedDelta(
            incident=incident,
            row=row,
            sentence=delta.sentence,
            component=delta.component[:100],
            key=delta.key[:200],
            before=(delta.before or "")[:1000],
            after=(delta.after or "")[:1000],
        )
        for delta in found.deltas
        if delta.sentence and delta.sentence not in said
    )


def note(row: ImportRow, incident: Incident, sentences: str) -> None:
    row.why = " ".join(filter(None, (row.why, sentences)))
    row.incident, row.last_change = incident, last_line(incident)
