"""The dry run: reading what was brought in, into rows that say what would be done."""

import json
import tempfile
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any

from incidents.importers.formats import Format, UnknownFormat, format_named
from incidents.importers.found import Found, FoundUnread
from incidents.importers.intake import runbooks
from incidents.importers.intake.deciding import (
    CannotBeRecorded,
    decide_all,
    known_to,
    what_is_missing,
)
from incidents.importers.intake.plain import (
    as_plain,
    found_of,
    is_runbook,
    runbook_of,
    sha256_of,
)
from incidents.lib.words.own import in_own_words
from incidents.lib.zones import zone_named
from incidents.models import LONG, Import, ImportRow, RowAction

AT_A_TIME = 200
LONGEST_WHERE = 500
MOST = 50_000
"""Records of one import."""
TOO_MANY = f"An import has at most {MOST:,} records: bring in the others by another one."
Tell = Callable[[int, int | None], None]


def spooled(of: Import, path: Path, tell: Tell) -> IO[str]:
    """What the reader finds, a line for each record: in memory there is one at a time."""
    try:
        reader: Format = format_named(of.format)
    except UnknownFormat as refusal:
        raise ValueError(str(refusal)) from refusal
    options = dict(of.options.get("reading", {}))
    if "zone" in options:
        options["zone"] = zone_named(options["zone"])
    spool = tempfile.TemporaryFile("w+", encoding="utf-8", prefix="import-")  # noqa: SIM115 (its reader closes it)
    try:
        with in_own_words():
            for line in lines_of(reader, path, options, tell):
                spool.write(json.dumps(line) + "\n")
    except BaseException:
        spool.close()
        raise
    return spool


def lines_of(
    reader: Format, path: Path, options: dict[str, Any], tell: Tell
) -> Iterator[dict[str, Any]]:
    count = 0
    for count, found in enumerate(reader.read(path, **options), start=1):
        if count > MOST:
            yield told(FoundUnread(where=path.name, why=TOO_MANY))
            break
        yield told(found)
        tell(count, None)
    if not count:
        why = f"There is nothing in it that {reader.title} has: {', '.join(reader.endings)}."
        yield told(FoundUnread(where=path.name, why=why))


def told(found: Found) -> dict[str, Any]:
    if isinstance(found, FoundUnread):
        return {"where": found.where, "why": found.why}
    return {"found": as_plain(found)}


def rows_of(of: Import, spool: IO[str]) -> Iterator[list[ImportRow]]:
    """Rows that are not written yet, some at a time, each with what is to be done with it."""
    spool.seek(0)
    seen: dict[str, str] = {}
    position = 0
    while lines := list(islice(spool, AT_A_TIME)):
        rows = []
        for line in lines:
            rows.append(row_of(of, position, json.loads(line), seen))
            position += 1
        decide_rows(of, [row for row in rows if not row.why])
        yield rows


def row_of(of: Import, position: int, line: dict[str, Any], seen: dict[str, str]) -> ImportRow:
    row = ImportRow(of=of, position=position, action=RowAction.UNREAD)
    plain = line.get("found")
    if plain is None:
        row.where, row.why = line["where"][:LONGEST_WHERE] or of.name, line["why"]
        return row
    row.where = plain["where"][:LONGEST_WHERE] or of.name
    row.title, row.key = plain["title"][:LONG], plain["key"]
    if not row.key or len(row.key) > LONG:
        row.why = f"What it is known by has to have between 1 and {LONG} characters."
        row.key = ""
    elif row.key in seen:
        row.why = f"Its key {row.key} is that of another one in the same import: {seen[row.key]}."
    else:
        seen[row.key] = row.where
        row.found, row.sha256 = plain, sha256_of(plain)
    return row


def decide_rows(of: Import, rows: list[ImportRow]) -> None:
    decide_about_runbooks(of, [row for row in rows if is_runbook(row.found)])
    decide_about_incidents(of, [row for row in rows if not is_runbook(row.found)])


def decide_about_runbooks(of: Import, rows: list[ImportRow]) -> None:
    if not rows:
        return
    found = [runbook_of(row.found) for row in rows]
    known = runbooks.known_to_runbooks(found)
    makes_services = bool(of.options.get("makes_services"))
    for row, each, decision in zip(rows, found, runbooks.decide_runbooks(rows, of), strict=True):
        try:
            missing = runbooks.what_is_missing(each, known, makes_services=makes_services)
        except CannotBeRecorded as refusal:
            row.why = str(refusal)
            continue
        row.action, row.why = decision.action, " ".join(filter(None, (decision.why, missing)))
        row.runbook, row.before = decision.runbook, decision.before


def decide_about_incidents(of: Import, rows: list[ImportRow]) -> None:
    if not rows:
        return
    found = [found_of(row.found) for row in rows]
    known = known_to(of, found)
    makes_services = bool(of.options.get("makes_services"))
    for row, each, decision in zip(rows, found, decide_all(rows, of), strict=True):
        try:
            missing = what_is_missing(each, known, makes_services=makes_services)
        except CannotBeRecorded as refusal:
            row.why = str(refusal)
            continue
        row.action, row.why = decision.action, decision.why or missing
        row.incident, row.before = decision.incident, decision.before


def keep_rows(of: Import, spool: IO[str]) -> int:
    """Write them in place of those of an earlier reading; how many there are."""
    of.rows.all().delete()
    count = 0
    for rows in rows_of(of, spool):
        ImportRow.objects.bulk_create(rows)
        count += len(rows)
    return count
