"""What the lines of history tell."""

from dataclasses import dataclass

from django.db.models import Model, QuerySet

from incidents.history.documents import Document, document_of, model_name, parts_of
from incidents.history.values import Plain, filled_values, plain_value, undo
from incidents.history.versions import Key, State, key_of, makes, replay, rewind
from incidents.lib.splice import SpliceDoesNotFit
from incidents.models import Change, Editable, User


@dataclass(frozen=True)
class Recent:
    """The last lines of a document's history, for a word of it on the document's own page."""

    document: Document
    changes: list[Change]


def recent_changes(row: Model, limit: int = 1) -> Recent:
    """The reader has come through the gate of `row`, which is the gate of its history."""
    document = document_of(row)
    return Recent(document, list(changes_of(document).order_by("-id")[:limit]))


def changes_of(document: Document) -> QuerySet[Change]:
    lines = Change.objects.filter(document_type=document.type, document_id=document.id)
    return lines.select_related("by")


def last_change(row: Model) -> Change | None:
    return changes_of(document_of(row)).order_by("-id").first()


def last_line(row: Model) -> int:
    """The key of the document's last line; 0 where there is none."""
    document = document_of(row)
    lines = Change.objects.filter(document_type=document.type, document_id=document.id)
    return lines.order_by("-id").values_list("id", flat=True).first() or 0


def last_change_of(row: Model) -> Change | None:
    """The last line that speaks of this very row: of a part, not of the record around it."""
    mine = (model_name(row), row.pk)
    for line in changes_of(document_of(row)).order_by("-id").iterator(chunk_size=20):
        if mine in map(key_of, line.parts):
            return line
    return None


@dataclass(frozen=True)
class Neighbours:
    older: Change | None
    newer: Change | None


def neighbours(row: Model, line: Change) -> Neighbours:
    lines = changes_of(document_of(row))
    return Neighbours(
        older=lines.filter(pk__lt=line.pk).order_by("-id").first(),
        newer=lines.filter(pk__gt=line.pk).order_by("id").first(),
    )


def present_state(row: Editable | User) -> State:
    """The document as it is now. The reader has come through its gate, which is its parts' too."""
    rows: list[Editable | User] = [row, *parts_of(row)]
    return {(model_name(each), each.pk): filled_values(each) for each in rows}


def states_after(row: Editable | User, *change_ids: int) -> list[State]:
    """The document as it was after each of these lines of its history; 0 is before the first.

    Each line is read once. A record that was there before history began is first wound back from
    what it is now.
    """
    document = document_of(row)
    lines = list(changes_of(document).order_by("id").values_list("id", "parts"))
    state: State = {}
    if not lines or not makes(lines[0][1], document):
        state = rewind((parts for _, parts in reversed(lines)), present_state(row))
    states, done = {}, 0
    for wanted in sorted(set(change_ids)):
        state = replay((parts for number, parts in lines if done < number <= wanted), state)
        states[wanted], done = state, wanted
    return [states[wanted] for wanted in change_ids]


def lines_about(row: Model, key: Key) -> int:
    """How often history speaks of one row of the document."""
    lines = changes_of(document_of(row)).values_list("parts", flat=True)
    return sum(key_of(part) == key for parts in lines for part in parts)


def values_at_version(row: Editable | User, version: int) -> dict[str, Plain] | None:
    """The fields that changed since `version`, as they were then; None where history cannot tell.

    Each saved change of a row counts its version up by one, so the last `row.version - version`
    changes are undone, newest first.
    """
    steps = changes_of_row(row)[: max(row.version - version, 0)]
    if version > row.version or len(steps) != row.version - version:
        return None
    values: dict[str, Plain] = {}
    for fields in steps:
        for name, change in fields.items():
            now = values[name] if name in values else plain_value(row, name)
            try:
                values[name] = undo(now, change)
            except SpliceDoesNotFit:
                return None
    return values


def changes_of_row(row: Model) -> list[dict[str, Plain]]:
    """What each change did to this row's fields since it was made, newest first.

    A row that was removed and brought back begins anew: what stood before is not counted.
    """
    changes: list[dict[str, Plain]] = []
    lines = changes_of(document_of(row)).order_by("-id").values_list("parts", flat=True)
    mine = (model_name(row), row.pk)
    for part in (part for parts in lines for part in parts if (part["record"], part["id"]) == mine):
        if part["did"] in {"created", "removed"}:
            break
        # A new number in the same order leaves the version as it is.
        if part["did"] == "changed":
            changes.append(part["fields"])
    return changes
