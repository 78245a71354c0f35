"""A record as it is read: the same sections in a PDF, a page and a Markdown file.

A chapter is plain data. Its sections hold either a text, or entries: one line or a few for each
part of the record, with what leads it (a time, a reference), what it is, and words about it.
"""

from datetime import date
from typing import Any

from incidents.exports.documents import Data
from incidents.models import State

UNKNOWN_TIME = "time unknown"
ARROW = " → "


def chapter_of(data: Data) -> Data:
    return {
        "reference": data["reference"],
        "address": data["address"],
        "title": data["title"],
        "badges": badges_of(data),
        "withdrawn": data["withdrawn_reason"],
        "since_frozen": data["since_frozen"],
        "facts": facts_of(data),
        "sections": [section for section in sections_of(data) if section["content"]],
    }


def is_told(data: Data) -> bool:
    """Of a review, what is published is told whole; the rest is in its tables."""
    return bool(data["state"]["code"] == State.PUBLISHED)


def badges_of(data: Data) -> list[str]:
    found = [data["severity"]["label"] if data["severity"]["code"] != "unknown" else ""]
    found += [data["kind"]["label"], data["state"]["label"]]
    found += ["restricted"] if data["restricted"] else []
    return [badge for badge in found if badge]


def facts_of(data: Data) -> list[list[str]]:
    times, took = data["times"], {each["until"]: each["text"] for each in data["took"]}
    facts = [["Began", told(times["began"])]]
    for name in ("detected", "mitigated", "resolved"):
        after = f" ({took[name]} after it began)" if name in took else ""
        facts.append([name.capitalize(), told(times[name]) + after])
    facts.append(["Times in", data["time_zone"]])
    facts.append(["Detected by", data["detection"]["label"]])
    facts.append(["Owner", data["owner"] or "nobody"])
    facts += [
        [name.capitalize(), ", ".join(data[name])]
        for name in ("services", "teams", "tags")
        if data[name]
    ]
    source = data["source"]
    if source["title"] or source["address"]:
        words = [source["title"], source["address"]]
        facts.append(["Source", " ".join(word for word in words if word)])
    return facts


def told(time: Data) -> str:
    return "unknown" if time["text"] == UNKNOWN_TIME else str(time["text"])


def sections_of(data: Data) -> list[Data]:
    """The texts, of which the summary is the first; then the parts."""
    return [
        *({"heading": each["heading"], "is": "prose", "content": each} for each in data["prose"]),
        *(
            {"heading": heading, "is": "entries", "content": [tell(each) for each in data[name]]}
            for heading, name, tell in ENTRIES
        ),
    ]


def entry(
    title: str = "",
    *meta: str,
    lead: str = "",
    address: str = "",
    text: Data | None = None,
    note: str = "",
) -> Data:
    return {
        "lead": lead,
        "title": title,
        "address": address,
        "meta": [each for each in meta if each],
        "text": text if text and text["markdown"] else None,
        "note": note,
    }


def event_entry(event: Data) -> Data:
    time = event["time"]["text"]
    if event["time_note"]:
        time = event["time_note"] if time == UNKNOWN_TIME else f"{time} ({event['time_note']})"
    return entry(
        "",
        event["kind"]["label"],
        event["who"],
        "known only afterwards" if event["known_then"] is False else "",
        of_source(event),
        lead=time,
        text=event["text"],
    )


def measure_entry(measure: Data) -> Data:
    value = "unknown" if measure["value"] is None else told_number(measure["value"])
    words = f"about {value}" if measure["approximate"] and measure["value"] is not None else value
    words += f" of {told_number(measure['out_of'])}" if measure["out_of"] is not None else ""
    words += f" {measure['unit']}" if measure["unit"] else ""
    return entry(measure["name"], words, of_source(measure), note=measure["note"])


def told_number(value: float) -> str:
    return f"{value:,}"


def factor_entry(factor: Data) -> Data:
    return entry(factor["name"], factor["category"]["label"], of_source(factor), text=factor["how"])


def delta_entry(delta: Data) -> Data:
    time = told(delta["time"])
    return entry(
        f"{delta['component']} · {delta['key']}",
        delta["part"]["label"],
        value_of(delta["before"]) + ARROW + value_of(delta["after"])
        + (f" {delta['unit']}" if delta["unit"] else ""),
        delta["where"],
        "" if time == "unknown" else time,
        of_source(delta),
        note=delta["note"],
    )  # fmt: skip


def value_of(side: Data) -> str:
    return str(side["value"]) or {"absent": "not set"}.get(side["known"], "unknown")


def person_entry(person: Data) -> Data:
    return entry(
        person["name"],
        person["role"]["label"],
        hours(person["hours"], "in all"),
        hours(person["hours_outside_work"], "outside working time"),
        hours(person["longest_stretch_hours"], "the longest stretch"),
        of_source(person),
        note=person["note"],
    )


def hours(value: float | None, what: str) -> str:
    return "" if value is None else f"{told_number(value)} h {what}"


def lesson_entry(lesson: Data) -> Data:
    return entry(
        lesson["sentence"],
        lesson["state"]["label"],
        lead=lesson["reference"],
        address=lesson["address"],
        text=lesson["explanation"],
    )


def link_entry(link: Data) -> Data:
    return entry(
        link["sentence"],
        link["relation"]["label"],
        of_source(link),
        lead=link["reference"],
        address=link["address"],
        note=link["note"],
    )


def runbook_entry(use: Data) -> Data:
    return entry(
        use["title"],
        use["served"]["label"],
        of_source(use),
        address=use["address"],
        note=use["note"],
    )


def related_entry(related: Data) -> Data:
    return entry(
        related["title"],
        related["relation"]["label"],
        of_source(related),
        lead=related["reference"],
        address=related["address"],
        note=related["note"],
    )


def item_entry(item: Data) -> Data:
    return entry(
        item["title"],
        item["kind"]["label"],
        item["state"]["label"],
        item["owner"] or "owned by nobody",
        item["team"] or "",
        f"due {told_day(item['due_date'])}" if item["due_date"] else "no due date",
        of_source(item),
        lead=item["reference"],
        address=item["address"],
        text=item["body"],
        note=item["evidence"] or item["wont_do_reason"],
    )


def told_day(day: str) -> str:
    """Right: "3 Oct 2026" for "2026-10-03"."""
    read = date.fromisoformat(day[:10])
    return f"{read.day} {read:%b %Y}"


def of_source(part: Data) -> str:
    return f"source: {part['source']}" if part["source"] else ""


ENTRIES: list[tuple[str, str, Any]] = [
    ("Impact in numbers", "impact", measure_entry),
    ("Timeline", "events", event_entry),
    ("Contributing factors", "factors", factor_entry),
    ("Config deltas", "deltas", delta_entry),
    ("Lessons learned", "lessons", lesson_entry),
    ("Earlier lessons", "earlier_lessons", link_entry),
    ("Action items", "action_items", item_entry),
    ("People and roles", "people", person_entry),
    ("Runbooks", "runbooks", runbook_entry),
    ("Related records", "related", related_entry),
]
"""The headings are those of the record's page."""
