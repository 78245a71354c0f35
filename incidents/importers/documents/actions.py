"""What is to be done: tables of actions, and lists with boxes or without."""

import re
from datetime import date

from incidents.importers.documents.blocks import Block, Item, plain
from incidents.importers.documents.headings import bare
from incidents.importers.documents.times import read_time
from incidents.importers.found import FoundAction
from incidents.lib.approximate_time import Precision
from incidents.lib.zones import zone_named

COLUMNS: dict[str, tuple[str, ...]] = {
    "title": (
        "action item", "action", "item", "description", "task", "title", "what", "actions",
        "action items", "todo", "follow up", "summary",
    ),
    "kind": ("type", "kind", "category"),
    "owner": ("owner", "assignee", "who", "assigned to", "responsible", "dri", "owners"),
    "due": ("due", "due date", "deadline", "target date", "eta", "target", "by when"),
    "state": ("status", "state", "done", "progress"),
    "tracker": (
        "bug", "issue", "ticket", "link", "tracking", "jira", "tracker", "tracking bug", "url",
        "tracking issue", "reference",
    ),
}  # fmt: skip
_COLUMN = {name: column for column, names in COLUMNS.items() for name in names}
KINDS = {
    "prevent": ("prevent", "prevention", "preventive", "preventative", "process", "fix", "repair"),
    "detect": ("detect", "detection", "monitoring", "alerting", "observability"),
    "mitigate": ("mitigate", "mitigation", "mitigative", "response", "recovery"),
    "learn": ("learn", "learning", "investigate", "investigation", "documentation", "training"),
}
STATES = {
    "done": ("done", "complete", "completed", "closed", "fixed", "yes", "resolved", "x", "✅", "✔"),
    "in_progress": ("in progress", "started", "doing", "wip", "ongoing", "underway"),
    "open": ("open", "todo", "to do", "not started", "new", "no", "pending", "planned", "backlog"),
    "wont_do": ("wont do", "wontfix", "wont fix", "declined", "cancelled", "canceled", "rejected"),
}
MARKED_AS_DONE = "Marked as done in the source."
NOT_TO_BE_DONE = "Marked as not to be done in the source."
_ADDRESS = re.compile(r"https?://[^\s<>()\[\]\"'`|]{4,480}")
_MENTION = re.compile(r"(?<![\w@/])@([A-Za-z][\w.-]{0,60}\w)")
_LONGEST_TITLE, _LONGEST_OWNER = 200, 80


def kind_of(text: str) -> str:
    """ "prevent" of "Prevention", "" where it names none."""
    words = bare(text).split()
    return next((kind for kind, names in KINDS.items() if set(names) & set(words)), "")


def actions_in(block: Block, *, under: str = "") -> tuple[list[FoundAction], str]:
    """The actions of a list or a table; and what of the block is none, as it is written."""
    if block.kind == "list":
        return [_of_item(item, under) for item in block.items if item.text], ""
    if block.kind == "table" and len(block.rows) > 1:
        head, *rows = block.rows
        columns = [_COLUMN.get(bare(cell), "") for cell in head]
        if "title" not in columns:
            return [], block.text
        return [_of_row(head, columns, row, under) for row in rows if any(row)], ""
    return [], block.text


def _of_item(item: Item, under: str) -> FoundAction:
    first, _, below = item.text.partition("\n")
    title = plain(first)
    mentions = _MENTION.findall(first)
    addresses = _ADDRESS.findall(item.text)
    body = below.strip("\n")
    if len(title) > _LONGEST_TITLE or title != " ".join(first.split()):
        body = item.text
    struck = first.startswith("~~") and first.rstrip().endswith("~~")
    state = "done" if item.is_done or struck else "open" if item.is_done is False else ""
    return FoundAction(
        title=shortened(title),
        body=_under(under, body),
        kind=kind_of(under),
        state=state,
        owner=mentions[0] if len(mentions) == 1 else "",
        evidence=MARKED_AS_DONE if state == "done" else "",
        tracker_url=addresses[0] if len(addresses) == 1 else "",
    )


def _of_row(
    head: tuple[str, ...], columns: list[str], row: tuple[str, ...], under: str
) -> FoundAction:
    said: dict[str, str] = {}
    rest = []
    for place, cell in enumerate(row):
        column = columns[place] if place < len(columns) else ""
        if column and column not in said:
            said[column] = cell
        elif cell:
            rest.append(f"{head[place]}: {cell}" if place < len(head) else cell)
    titles = columns.index("title")
    title = plain(said.get("title", ""))
    if len(title) > _LONGEST_TITLE or title != " ".join(said.get("title", "").split()):
        rest.insert(0, said["title"])
    kind, state, due, owner, address = _read(said)
    understood = {"kind": kind, "state": state, "due": due, "owner": owner, "tracker": address}
    for column, value in understood.items():
        # What was read only in part stays whole.
        if said.get(column) and not value:
            rest.append(f"{head[columns.index(column)]}: {said[column]}")
    closed = said.get("state", "") if state in {"done", "wont_do"} else ""
    evidence = {"done": MARKED_AS_DONE, "wont_do": NOT_TO_BE_DONE}.get(state, "")
    return FoundAction(
        title=shortened(title) or f"{head[titles]}: not said",
        body=_under(under, "\n\n".join(rest)),
        kind=kind or kind_of(under),
        state=state,
        owner=owner,
        due=due,
        evidence=evidence if closed else "",
        tracker_url=address,
    )


def _read(said: dict[str, str]) -> tuple[str, str, date | None, str, str]:
    kind = kind_of(said["kind"]) if len(bare(said.get("kind", "")).split()) == 1 else ""
    state = bare(said.get("state", "")) or said.get("state", "").strip()
    found = next((key for key, names in STATES.items() if state in names), "")
    when = read_time(said.get("due", ""), zone_named("UTC"))
    due = when.at.date() if when.at and when.precision is Precision.DAY else None
    owner = plain(said.get("owner", "")).lstrip("@")
    addresses = _ADDRESS.findall(said.get("tracker", ""))
    whole = len(addresses) == 1 and plain(said["tracker"]).strip("<> ") == addresses[0]
    return (
        kind,
        found,
        due,
        owner if len(owner) <= _LONGEST_OWNER else "",
        (addresses[0] if whole else ""),
    )


def _under(heading: str, body: str) -> str:
    is_kind = kind_of(heading) and len(bare(heading).split()) == 1
    return "\n\n".join(filter(None, (f"{heading}:" if heading and not is_kind else "", body)))


def shortened(title: str) -> str:
    """As much of it as a title holds; the whole is then in the body."""
    if len(title) <= _LONGEST_TITLE:
        return title
    return title[: _LONGEST_TITLE - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
