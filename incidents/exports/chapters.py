"""A record as it is read: the same sections in a PDF, a page and a Markdown file.

A chapter is plain data. Its sections hold either a text, or entries: one line or a few for each
part of the record, with what leads it (a time, a reference), what it is, and words about it.
"""

from datetime import date
from typing import Any

from django.utils.translation import gettext, gettext_lazy

from incidents.exports.documents import Data
from incidents.lib.words.days import SHORT_MONTHS, day_in_words
from incidents.lib.words.translated import Translated
from incidents.models import Known, State

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
    found += [gettext("restricted")] if data["restricted"] else []
    return [badge for badge in found if badge]


def facts_of(data: Data) -> list[list[str]]:
    times, took = data["times"], {each["until"]: each["text"] for each in data["took"]}
    facts = [[gettext("Began"), told(times["began"])]]
    for name, label in PHASES:
        when = told(times[name])
        if name in took:
            after = gettext("%(time)s (%(span)s after it began)")
            when = after % {"time": when, "span": took[name]}
        facts.append([str(label), when])
    facts.append([gettext("Times in"), data["time_zone"]])
    facts.append([gettext("Detected by"), data["detection"]["label"]])
    facts.append([gettext("Owner"), data["owner"] or gettext("nobody")])
    facts += [[str(label), ", ".join(data[name])] for name, label in NAMED if data[name]]
    source = data["source"]
    if source["title"] or source["address"]:
        words = [source["title"], source["address"]]
        facts.append([gettext("Source"), " ".join(word for word in words if word)])
    return facts


def told(time: Data) -> str:
    return gettext("unknown") if time["at"] is None else str(time["text"])


def sections_of(data: Data) -> list[Data]:
    """The texts, of which the summary is the first; then the parts."""
    return [
        *(
            {"name": "", "is": "prose", "heading": gettext(each["heading"]), "content": each}
            for each in data["prose"]
        ),
        *(
            {
                "name": name,
                "is": "entries",
                "heading": str(heading),
                "content": [tell(each) for each in data[name]],
            }
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
        is_unknown = event["time"]["at"] is None
        time = event["time_note"] if is_unknown else f"{time} ({event['time_note']})"
    return entry(
        "",
        event["kind"]["label"],
        event["who"],
        gettext("known only afterwards") if event["known_then"] is False else "",
        of_source(event),
        lead=time,
        text=event["text"],
    )


def measure_entry(measure: Data) -> Data:
    is_known = measure["value"] is not None
    words = told_number(measure["value"]) if is_known else gettext("unknown")
    if measure["approximate"] and is_known:
        words = gettext("about %(value)s") % {"value": words}
    if measure["out_of"] is not None:
        words = gettext("%(value)s of %(whole)s") % {
            "value": words,
            "whole": told_number(measure["out_of"]),
        }
    words += f" {measure['unit']}" if measure["unit"] else ""
    return entry(measure["name"], words, of_source(measure), note=measure["note"])


def told_number(value: float) -> str:
    return f"{value:,}"


def factor_entry(factor: Data) -> Data:
    return entry(factor["name"], factor["category"]["label"], of_source(factor), text=factor["how"])


def delta_entry(delta: Data) -> Data:
    time = "" if delta["time"]["at"] is None else told(delta["time"])
    return entry(
        f"{delta['component']} · {delta['key']}",
        delta["part"]["label"],
        value_of(delta["before"]) + ARROW + value_of(delta["after"])
        + (f" {delta['unit']}" if delta["unit"] else ""),
        delta["where"],
        time,
        of_source(delta),
        note=delta["note"],
    )  # fmt: skip


def value_of(side: Data) -> str:
    if side["value"]:
        return str(side["value"])
    return gettext("not set") if side["known"] == Known.ABSENT else gettext("unknown")


def person_entry(person: Data) -> Data:
    return entry(
        person["name"],
        person["role"]["label"],
        hours(person["hours"], gettext("%(hours)s h in all")),
        hours(person["hours_outside_work"], gettext("%(hours)s h outside working time")),
        hours(person["longest_stretch_hours"], gettext("%(hours)s h the longest stretch")),
        of_source(person),
        note=person["note"],
    )


def hours(value: float | None, what: str) -> str:
    return "" if value is None else what % {"hours": told_number(value)}


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
        item["owner"] or gettext("owned by nobody"),
        item["team"] or "",
        gettext("due %(told_day)s") % {"told_day": told_day(item["due_date"])}
        if item["due_date"]
        else gettext("no due date"),
        of_source(item),
        lead=item["reference"],
        address=item["address"],
        text=item["body"],
        note=item["evidence"] or item["wont_do_reason"],
    )


def told_day(day: str) -> str:
    """Right: "3 Oct 2026" for "2026-10-03"."""
    return day_in_words(date.fromisoformat(day[:10]), SHORT_MONTHS)


def of_source(part: Data) -> str:
    return gettext("source: %(source)s") % {"source": part["source"]} if part["source"] else ""


PHASES: list[tuple[str, Translated]] = [
    ("detected", gettext_lazy("Detected")),
    ("mitigated", gettext_lazy("Mitigated")),
    ("resolved", gettext_lazy("Resolved")),
]
NAMED: list[tuple[str, Translated]] = [
    ("services", gettext_lazy("Services")),
    ("teams", gettext_lazy("Teams")),
    ("tags", gettext_lazy("Tags")),
]
ENTRIES: list[tuple[Translated, str, Any]] = [
    (gettext_lazy("Impact in numbers"), "impact", measure_entry),
    (gettext_lazy("Timeline"), "events", event_entry),
    (gettext_lazy("Contributing factors"), "factors", factor_entry),
    (gettext_lazy("Config deltas"), "deltas", delta_entry),
    (gettext_lazy("Lessons learned"), "lessons", lesson_entry),
    (gettext_lazy("Earlier lessons"), "earlier_lessons", link_entry),
    (gettext_lazy("Action items"), "action_items", item_entry),
    (gettext_lazy("People and roles"), "people", person_entry),
    (gettext_lazy("Runbooks"), "runbooks", runbook_entry),
    (gettext_lazy("Related records"), "related", related_entry),
]
"""The headings are those of the record's page."""
