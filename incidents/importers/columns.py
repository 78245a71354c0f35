"""Tables of incidents, a row for each: which column is what, as guessed or as somebody said.

What no column of ours takes goes into the notes of the record, as "Column: value".
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy

from incidents.importers.found import Found, FoundUnread
from incidents.importers.gathering import Gathering
from incidents.lib import pasted_timeline
from incidents.lib.approximate_time import ApproximateTime, Precision
from incidents.lib.usual_times import order_of
from incidents.lib.zones import zone_named

MOST_ROWS = 20_000
MOST_COLUMNS = 200
ROWS_SHOWN = 20
"""Of each table, to say what its columns are."""
NOTES = ""
"""The field of a column that nothing else takes."""

FIELDS = {
    "title": gettext_lazy("Title"),
    "key": gettext_lazy("Number or key"),
    "severity": gettext_lazy("Severity"),
    "began": gettext_lazy("Began"),
    "detected": gettext_lazy("Detected"),
    "mitigated": gettext_lazy("Mitigated"),
    "resolved": gettext_lazy("Resolved"),
    "summary": gettext_lazy("Summary"),
    "background": gettext_lazy("Background"),
    "impact": gettext_lazy("Impact"),
    "response": gettext_lazy("Response"),
    "went_well": gettext_lazy("What went well"),
    "made_harder": gettext_lazy("What made it harder"),
    "got_lucky": gettext_lazy("Where we were lucky"),
    "timeline": gettext_lazy("Timeline, a line for each event"),
    "factors": gettext_lazy("Contributing factors, a line for each"),
    "actions": gettext_lazy("Action items, a line for each"),
    "services": gettext_lazy("Services"),
    "tags": gettext_lazy("Tags"),
    "commander": gettext_lazy("Incident commander"),
    "reporter": gettext_lazy("Reporter"),
    "responder": gettext_lazy("Responders"),
    "source_url": gettext_lazy("Address of the source"),
    "measure": gettext_lazy("A number that says how much it hurt"),
    NOTES: gettext_lazy("Notes"),
}
TIMES = ("began", "detected", "mitigated", "resolved")
TEXTS = (
    "summary",
    "background",
    "impact",
    "response",
    "went_well",
    "made_harder",
    "got_lucky",
)
_PEOPLE = ("commander", "reporter", "responder")
_GUESSES = {
    "title": (
        "title,name,incident,incident title,incident name,subject,headline,issue,short description"
    ),
    "key": (
        "id,key,number,no,nr,incident id,incident key,incident number,ticket,"
        "issue key,ref,reference"
    ),
    "severity": "severity,sev,priority,prio,level,incident severity,urgency",
    "began": (
        "began,start,started,start time,start date,started at,starttime,date,"
        "incident date,date of incident,occurred,occurred at,began at,impact start,"
        "opened,opened at,outage start"
    ),
    "detected": (
        "detected,detected at,detection time,detect time,time detected,noticed,alerted at"
    ),
    "mitigated": "mitigated,mitigated at,mitigation time,stable at",
    "resolved": (
        "resolved,resolved at,end,ended,end time,end date,ended at,endtime,"
        "resolution time,closed,closed at,fixed at,impact end,outage end"
    ),
    "summary": "summary,description,what happened,overview,details,tldr,executive summary",
    "background": "background,context",
    "impact": "impact,customer impact,user impact,business impact,effect,consequences",
    "response": "response,resolution,mitigation,remediation,recovery,fix,how it was resolved",
    "went_well": "went well,what went well",
    "made_harder": (
        "went wrong,what went wrong,what went badly,what made it harder,what didnt go well"
    ),
    "got_lucky": "where we got lucky,got lucky,luck,where we were lucky",
    "timeline": "timeline,events,chronology",
    "factors": "root cause,root causes,cause,causes,contributing factors,factors,trigger",
    "actions": (
        "action items,actions,follow ups,follow up,followups,next steps,todo,corrective actions"
    ),
    "services": (
        "service,services,affected services,affected service,system,systems,"
        "component,components,application"
    ),
    "tags": "tags,tag,labels,label,category,categories,keywords",
    "commander": "incident commander,commander,ic,lead,incident lead,incident manager",
    "reporter": "reporter,reported by,created by,author",
    "responder": "responders,responder,participants,on call,assignee,assigned to",
    "source_url": (
        "url,link,source,postmortem,postmortem link,postmortem url,document,report,source url"
    ),
    "measure": (
        "customers affected,users affected,affected users,affected customers,"
        "requests lost,failed requests,duration,duration minutes,downtime,"
        "downtime minutes,orders lost"
    ),
}
_FIELD_OF = {header: name for name, headers in _GUESSES.items() for header in headers.split(",")}
_ONLY_ONCE = ("title", "key", *TIMES)
_BULLET = re.compile(r"^\s*(?:(?:[-*+•]|[0-9]{1,3}[.)])\s+)?(?:\[(?P<mark>[ xX])\]\s+)?")
_UTC = re.compile(r"\b(?:utc|gmt)\b", re.IGNORECASE)
_SEPARATED = re.compile(r"\s*[,;\n|]\s*")
_REFERENCE = re.compile(r"[A-Za-z][A-Za-z0-9_.]*[-/#][A-Za-z0-9-]*[0-9][A-Za-z0-9-]*")


class NoTable(ValueError):
    """The file holds no table of incidents; the message says why, for whoever sent it."""


@dataclass(frozen=True)
class Row:
    number: int
    """As the program shows it that the table is from."""
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """`name` is the file's, or the sheet's."""

    name: str
    headers: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Column:
    """What somebody is shown of a column, to say what it is."""

    header: str
    field: str
    examples: tuple[str, ...]


def guess_mapping(headers: Iterable[str]) -> dict[str, str]:
    """The field of each column; what can be there only once is the first that looks like it."""
    mapping: dict[str, str] = {}
    for header in headers:
        name = _FIELD_OF.get(_bare(header), NOTES)
        taken = name in _ONLY_ONCE and name in mapping.values()
        mapping[header] = NOTES if taken else name
    return mapping


def table_of(name: str, rows: Iterable[Row]) -> Table | None:
    """The first row that is not empty has the names of the columns. Raises `NoTable`."""
    filled = [row for row in rows if any(cell.strip() for cell in row.cells)]
    if not filled:
        return None
    if len(filled) - 1 > MOST_ROWS:
        raise NoTable(f"It has more than {MOST_ROWS:,} rows. Send it in parts.")
    if max(len(row.cells) for row in filled) > MOST_COLUMNS:
        raise NoTable(f"It has more than {MOST_COLUMNS} columns.")
    widest = max(len(row.cells) for row in filled)
    first = filled[0].cells + ("",) * (widest - len(filled[0].cells))
    headers: list[str] = []
    for place, cell in enumerate(first, start=1):
        header = " ".join(cell.split()) or f"Column {place}"
        often = headers.count(header)
        while header in headers:
            often += 1
            header = f"{header} ({often})"
        headers.append(header)
    return Table(name, tuple(headers), tuple(filled[1:]))


def columns_of(tables: Iterable[Table], examples: int = 3) -> tuple[Column, ...]:
    """Every column of these tables, each name once, with the field that it is guessed to be."""
    found: dict[str, tuple[str, list[str]]] = {}
    for table in tables:
        guessed = guess_mapping(table.headers)
        for place, header in enumerate(table.headers):
            _, shown = found.setdefault(header, (guessed[header], []))
            for row in table.rows:
                if len(shown) >= examples:
                    break
                if place < len(row.cells) and row.cells[place].strip():
                    shown.append(row.cells[place])
    return tuple(Column(header, name, tuple(shown)) for header, (name, shown) in found.items())


def mapping_for(
    tables: Iterable[Table], mapping: Mapping[str, str] | None, *, one_of_many: bool
) -> Mapping[str, str] | None:
    """Of several files, each takes what is said of the columns that it has."""
    if mapping is None or not one_of_many:
        return mapping
    known = {header for table in tables for header in table.headers}
    return {header: name for header, name in mapping.items() if header in known}


def incidents_in(
    tables: Iterable[Table], *, file: str, mapping: Mapping[str, str] | None, zone: ZoneInfo
) -> Iterator[Found]:
    """`mapping` has the field of each column by its name; without one it is guessed."""
    tables = list(tables)
    known = {header for table in tables for header in table.headers}
    for header, name in (mapping or {}).items():
        if header not in known or name not in FIELDS:
            what = f"no column “{header}”" if header not in known else f"no field “{name}” for it"
            yield FoundUnread(where=file, why=f"The columns were told wrongly: there is {what}.")
            return
    keys: set[str] = set()
    for table in tables:
        chosen = guess_mapping(table.headers) if mapping is None else mapping
        yield from _incidents_of(table, chosen, file=file, zone=zone, keys=keys)


def _incidents_of(
    table: Table, mapping: Mapping[str, str], *, file: str, zone: ZoneInfo, keys: set[str]
) -> Iterator[Found]:
    fields = [mapping.get(header, NOTES) for header in table.headers]
    place = file if table.name == file else f"{file}, {table.name}"
    if "title" not in fields:
        names = ", ".join(f"“{header}”" for header in table.headers[:20])
        yield FoundUnread(
            where=place, why=f"Which column is the title, nothing tells. There are {names}."
        )
        return
    order = order_of(
        cell
        for row in table.rows
        for name, cell in zip(fields, row.cells, strict=False)
        if name in TIMES
    )
    for row in table.rows:
        where = f"{place}, row {row.number}"
        told = list(zip(fields, table.headers, row.cells, strict=False))
        if not any(name == "title" and cell.strip() for name, _, cell in told):
            yield FoundUnread(where=where, why="Its title is empty.")
            continue
        key = _key(file, told, keys)
        incident = Gathering(key=key, where=where, zone=zone, order=order)
        _take(incident, told)
        yield incident.found()


def _key(file: str, told: list[tuple[str, str, str]], taken: set[str]) -> str:
    """A number alone is one only in its file; without any, the title and the beginning are."""
    said = {name: " ".join(cell.split()) for name, _, cell in reversed(told) if cell.strip()}
    number = said.get("key", "")
    if _REFERENCE.fullmatch(number):
        key = f"table:{number}"
    elif number:
        key = f"table:{file}:{number}"
    else:
        text = f"{said.get('title', '')}\n{said.get('began', '')}"
        key = f"table:{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:20]}"
    once, often = key, 1
    while key in taken:
        often += 1
        key = f"{once}~{often}"
    taken.add(key)
    return key


def _take(incident: Gathering, told: list[tuple[str, str, str]]) -> None:
    seen: set[str] = set()
    # A timeline goes on from the day on which it began.
    for name, header, cell in sorted(told, key=lambda column: column[0] not in TIMES):
        text = cell.strip()
        if not text:
            continue
        again = name in seen and name in ("title", "severity", "source_url")
        taker = TAKERS.get(name)
        if again or not taker:
            incident.note(header, text)
        else:
            seen.add(name)
            taker(incident, header, text)


def _take_title(incident: Gathering, header: str, text: str) -> None:
    incident.title(text, header)


def _take_key(incident: Gathering, header: str, text: str) -> None:
    # A person looks for the number that the record had.
    incident.note(header, text)


def _take_severity(incident: Gathering, header: str, text: str) -> None:
    incident.severity(text, header)


def _take_names(take: Callable[[Gathering, str, str], None]) -> "Taker":
    def each(incident: Gathering, header: str, text: str) -> None:
        for name in filter(None, _SEPARATED.split(text)):
            take(incident, name, header)

    return each


def _take_lines(take: Callable[[Gathering, str], None]) -> "Taker":
    def each(incident: Gathering, _header: str, text: str) -> None:
        for line in text.splitlines():
            take(incident, _BULLET.sub("", line).strip())

    return each


def _take_actions(incident: Gathering, header: str, text: str) -> None:
    for line in text.splitlines():
        bullet = _BULLET.match(line)
        title = line[bullet.end() :].strip() if bullet else line
        if bullet and bullet["mark"] in ("x", "X"):
            incident.action(title, state="done", evidence=f"Ticked in the column “{header}”")
        else:
            incident.action(title)


def _take_timeline(incident: Gathering, header: str, text: str) -> None:
    began = incident.began
    day = began.at.astimezone(incident.zone).date() if began.at else None
    try:
        reading = pasted_timeline.read(text, incident.zone, day=day)
    except pasted_timeline.PasteTooLarge:
        incident.note(header, text)
        return
    for event in reading.events:
        time = ApproximateTime(event.at, Precision(event.precision))
        incident.event(event.text, at=time, actor=event.who, source=f"{header}, line {event.line}")
    incident.note(header, "\n".join(line.text for line in reading.unread))


def _take_text(name: str) -> "Taker":
    def take(incident: Gathering, header: str, text: str) -> None:
        incident.text(name, text, header)

    return take


def _take_time(phase: str) -> "Taker":
    def take(incident: Gathering, header: str, text: str) -> None:
        zone = zone_named("UTC") if _UTC.search(header) else incident.zone
        incident.at(phase, text, header, zone)

    return take


def _take_people(role: str) -> "Taker":
    return _take_names(lambda incident, name, _header: incident.person(name, role))


Taker = Callable[[Gathering, str, str], None]
TAKERS: dict[str, Taker] = {
    "title": _take_title,
    "key": _take_key,
    "severity": _take_severity,
    **{phase: _take_time(phase) for phase in TIMES},
    **{name: _take_text(name) for name in TEXTS},
    "timeline": _take_timeline,
    "factors": _take_lines(Gathering.factor),
    "actions": _take_actions,
    "services": _take_names(Gathering.service),
    "tags": _take_names(Gathering.tag),
    **{role: _take_people(role) for role in _PEOPLE},
    "source_url": lambda incident, header, text: incident.source(text, label=header),
    "measure": lambda incident, header, text: incident.measure(header, text),
}


def _bare(header: str) -> str:
    words = re.sub(r"[^\w]+|_", " ", header.lower().replace("'", "").replace("’", ""))
    return _UTC.sub("", " ".join(words.split())).strip()
