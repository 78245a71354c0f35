"""The records as tables: a row for each incident, and for each of its parts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from incidents.exports.documents import Data

Cell = str | int | float | datetime | date | None
Rows = Callable[[Data], Iterator[list[Cell]]]


@dataclass(frozen=True)
class Sheet:
    """`rows` makes those of one incident."""

    name: str
    columns: list[str]
    rows: Rows


PHASES = ("began", "detected", "mitigated", "resolved")


def incidents(data: Data) -> Iterator[list[Cell]]:
    yield [
        data["reference"],
        data["title"],
        *(data[name]["label"] for name in ("kind", "state", "severity", "detection")),
        *(cell for name in PHASES for cell in time_cells(data["times"][name])),
        data["time_zone"],
        data["owner"],
        *("; ".join(data[name]) for name in ("services", "teams", "tags")),
        "yes" if data["restricted"] else "no",
        summary_of(data),
        data["address"],
        data["since_frozen"],
    ]


def summary_of(data: Data) -> str:
    return "".join(each["markdown"] for each in data["prose"] if each["name"] == "summary")


def time_cells(time: Data) -> tuple[Cell, Cell]:
    """The start of the period, in UTC, and how well it is known."""
    return moment(time["at"]), time["precision"]


def moment(text: str | None) -> datetime | None:
    """Spreadsheets know no zones."""
    return datetime.fromisoformat(text).replace(tzinfo=None) if text else None


def events(data: Data) -> Iterator[list[Cell]]:
    for each in data["events"]:
        known = {True: "yes", False: "no"}.get(each["known_then"])
        yield [
            data["reference"],
            *time_cells(each["time"]),
            each["time_note"],
            each["kind"]["label"],
            each["text"]["markdown"],
            each["who"],
            known,
            each["source"],
        ]


def factors(data: Data) -> Iterator[list[Cell]]:
    for each in data["factors"]:
        yield [
            data["reference"],
            each["name"],
            each["category"]["label"],
            each["how"]["markdown"],
            each["source"],
        ]


def deltas(data: Data) -> Iterator[list[Cell]]:
    for each in data["deltas"]:
        yield [
            data["reference"],
            each["component"],
            each["key"],
            *(cell for name in ("before", "after") for cell in side_cells(each[name])),
            each["unit"],
            each["part"]["label"],
            each["where"],
            *time_cells(each["time"]),
            each["note"],
            each["source"],
        ]


def side_cells(side: Data) -> tuple[Cell, Cell]:
    return side["value"], side["known"]


def lessons(data: Data) -> Iterator[list[Cell]]:
    for each in data["lessons"]:
        state = each["state"]["label"]
        yield [data["reference"], "learned", each["reference"], each["sentence"], state, None]
    for each in data["earlier_lessons"]:
        relation = each["relation"]["label"]
        yield [
            data["reference"],
            relation,
            each["reference"],
            each["sentence"],
            None,
            each["note"],
        ]


def actions(data: Data) -> Iterator[list[Cell]]:
    for each in data["action_items"]:
        yield [
            data["reference"],
            each["reference"],
            each["title"],
            each["kind"]["label"],
            each["state"]["label"],
            each["owner"],
            each["team"],
            date.fromisoformat(each["due_date"]) if each["due_date"] else None,
            moment(each["done_at"]),
            each["evidence"] or each["wont_do_reason"],
        ]


def of_time(name: str) -> list[str]:
    return [f"{name} (UTC)", f"{name}, known to the"]


SHEETS = [
    Sheet(
        "Incidents",
        [
            *("Incident", "Title", "Kind", "State", "Severity", "Detected by"),
            *(title for name in PHASES for title in of_time(name.capitalize())),
            *("Time zone", "Owner", "Services", "Teams", "Tags", "Restricted", "Summary"),
            *("Address", "Since the review was frozen"),
        ],
        incidents,
    ),
    Sheet(
        "Events",
        [
            "Incident",
            *of_time("Time"),
            *("Time in words", "Kind", "What", "Who", "Known then", "Source"),
        ],
        events,
    ),
    Sheet("Factors", ["Incident", "Factor", "Category", "How", "Source"], factors),
    Sheet(
        "Config deltas",
        [
            *("Incident", "Component", "Key", "Before", "Before is", "After", "After is"),
            *("Unit", "Part", "Where", *of_time("Turned"), "Note", "Source"),
        ],
        deltas,
    ),
    Sheet("Lessons", ["Incident", "Relation", "Lesson", "Sentence", "State", "Note"], lessons),
    Sheet(
        "Action items",
        [
            *("Incident", "Action item", "Title", "Kind", "State", "Owner", "Team", "Due"),
            *("Done (UTC)", "Evidence, or why not"),
        ],
        actions,
    ),
]


def definition_rows(figures: Any) -> Iterator[list[Cell]]:
    for figure in figures:
        left_out = "; ".join(f"{one.count} {one.why}" for one in figure.left_out)
        yield [figure.key, figure.title, figure.definition, figure.note, left_out]


DEFINITIONS = ["Figure", "Title", "Definition", "Remark", "Left out"]
