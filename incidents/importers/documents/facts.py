"""What a document says of itself in a line: "Date: 2015-10-21", "**Severity:** SEV2"."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from incidents.importers.documents.blocks import Block, plain
from incidents.importers.documents.headings import bare
from incidents.importers.documents.times import ABBREVIATIONS, read_time
from incidents.importers.found import FoundMeasure, FoundPerson
from incidents.lib.approximate_time import ApproximateTime
from incidents.lib.zones import NoSuchZone, zone_named

LABELLED = re.compile(
    r"^(?:[-*+] +)?(?P<bold>\*\*|__)?(?P<label>[^\W\d_][^:*|`\n]{1,50}?)"
    r"(?:(?P<colon> ?:)(?:\*\*|__)?|(?:\*\*|__)(?P<after> ?:)?)(?:[ \t]+(?P<value>.*))?$"
)
"""A label is bold, or has a colon, or both."""
_SEVERITY = re.compile(r"(?:sev(?:erity)?|s|p|priority)?[\s-]*([0-5])", re.IGNORECASE)
_SEVERITIES = {
    **dict.fromkeys(("critical", "blocker", "emergency"), "sev1"),
    **dict.fromkeys(("major", "high"), "sev2"),
    **dict.fromkeys(("moderate", "medium"), "sev3"),
    **dict.fromkeys(("minor", "low"), "sev4"),
    **dict.fromkeys(("cosmetic", "trivial"), "sev5"),
}
_NUMBER = re.compile(
    r"[~≈]? ?(?P<number>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+(?:\.[0-9]+)?) ?(?P<unit>%|[\w ]*)"
)
_COUNTED = re.compile(
    r"affected|duration|downtime|lost|requests|customers|users|errors|revenue|minutes|hours|time to"
)
_SEPARATED = re.compile(r"\s*(?:,|;|\band\b|<br ?/?>)\s*")
_LONGEST_NAME = 80


@dataclass
class Facts:
    """What was understood so far; the first that says something is believed."""

    zone: ZoneInfo
    times: dict[str, ApproximateTime] = field(default_factory=dict)
    one: dict[str, str] = field(default_factory=dict)
    """severity, kind, source_url, source_title."""
    services: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    measures: list[FoundMeasure] = field(default_factory=list)
    people: list[FoundPerson] = field(default_factory=list)

    def take(self, label: str, value: str) -> bool:
        """Whether all that the line says was understood; otherwise it is to be kept elsewhere."""
        value = plain(value).strip()
        name = bare(label)
        if not value:
            return False
        if name in LABELS:
            kind, wanted = LABELS[name]
            return TAKERS[kind](self, wanted, value)
        counted = _NUMBER.fullmatch(value)
        if counted and _COUNTED.search(name) and len(label) <= _LONGEST_NAME:
            number, unit = counted["number"].replace(",", ""), counted["unit"].strip()
            self.measures.append(FoundMeasure(name=plain(label), value=number, unit=unit))
            # "About" is not kept with the number.
            return value[:1].isdigit() and len(unit) <= len("requests per second")
        return False

    def take_time(self, phase: str, value: str) -> bool:
        found = read_time(value, self.zone)
        if found.at is None or phase in self.times:
            return False
        self.times[phase] = found
        return True

    def take_severity(self, _wanted: str, value: str) -> bool:
        numbered = _SEVERITY.fullmatch(value)
        found = f"sev{max(1, int(numbered[1]))}" if numbered else _SEVERITIES.get(value.lower(), "")
        if not found or "severity" in self.one:
            return False
        self.one["severity"] = found
        # SEV0 is not quite SEV1.
        return not value.endswith("0")

    def take_names(self, wanted: str, value: str) -> bool:
        names = [name.strip("# ") for name in _SEPARATED.split(value)]
        if any(len(name) > _LONGEST_NAME or not name for name in names):
            return False
        into = self.services if wanted == "services" else self.tags
        into += [name for name in names if name not in into]
        return True

    def take_people(self, role: str, value: str) -> bool:
        names = [name.strip("@ ") for name in _SEPARATED.split(value)]
        if any(len(name) > _LONGEST_NAME or not name or "." in name[:-1] for name in names):
            return False
        known = {(person.name, person.role) for person in self.people}
        self.people += [
            FoundPerson(name=name, role=role) for name in names if (name, role) not in known
        ]
        return True

    def take_zone(self, _wanted: str, value: str) -> bool:
        try:
            self.zone = zone_named(ABBREVIATIONS.get(value, value))
        except NoSuchZone:
            return False
        return True


Taker = Callable[[Facts, str, str], bool]
TAKERS: dict[str, Taker] = {
    "time": Facts.take_time,
    "severity": Facts.take_severity,
    "names": Facts.take_names,
    "people": Facts.take_people,
    "zone": Facts.take_zone,
}
SAID: dict[tuple[str, str], tuple[str, ...]] = {
    ("time", "began"): (
        "date", "incident date", "date of incident", "date of the incident", "start", "started",
        "start time", "start date", "began", "incident start", "incident start time", "started at",
        "impact start", "time started", "start of incident", "outage start", "incident began",
        "began at", "impact started at", "start of impact",
    ),
    ("time", "detected"): (
        "detected", "detected at", "time detected", "detection time", "detected on",
        "incident detected", "time of detection",
    ),
    ("time", "mitigated"): ("mitigated", "mitigated at", "mitigation time", "time mitigated"),
    ("time", "resolved"): (
        "resolved", "resolved at", "end", "ended", "end time", "end date", "incident end",
        "incident end time", "ended at", "impact end", "time resolved", "resolution time",
        "end of incident", "outage end", "time ended", "end of impact",
    ),
    ("severity", ""): ("severity", "sev", "incident severity", "severity level", "impact level"),
    ("names", "services"): (
        "service", "services", "affected service", "affected services", "services affected",
        "service affected", "systems affected", "affected systems", "services impacted",
        "impacted services", "components", "component", "affected components",
    ),
    ("names", "tags"): ("tags", "tag", "labels", "categories", "keywords", "category"),
    ("people", "commander"): (
        "incident commander", "commander", "ic", "incident lead", "incident manager",
        "incident commanders",
    ),
    ("people", "communications"): ("communications", "communications lead", "comms", "comms lead"),
    ("people", "scribe"): ("scribe", "note taker"),
    ("people", "responder"): ("responders", "responder", "incident responders", "on call"),
    ("people", "reporter"): ("reporter", "reported by"),
    ("zone", ""): ("timezone", "time zone"),
}  # fmt: skip
LABELS = {name: wanted for wanted, names in SAID.items() for name in names}


def told_by(told: Mapping[str, Any], facts: Facts) -> Iterator[str]:
    """Take in the front matter; what is not understood comes back, a line for each name."""
    # The zone first: the other times are read in it.
    for name in sorted(told, key=lambda name: LABELS.get(bare(str(name)), ("",))[0] != "zone"):
        value = told[name]
        many = value if isinstance(value, list) else [value]
        text = ", ".join(
            json.dumps(each, default=str, ensure_ascii=False)
            if isinstance(each, dict | list)
            else str(each)
            for each in many
            if each is not None
        )
        if text and not facts.take(str(name), text):
            yield f"{name}: {text}"


def take_block(block: Block, facts: Facts) -> str:
    """The text of the block without the lines that were understood."""
    if block.kind == "table":
        rest = [row for row in block.rows if not (len(row) == 2 and facts.take(*row))]  # noqa: PLR2004 (a name and a value)
        if len(rest) == len(block.rows):
            return block.text
        head, *below = rest if rest and rest[0] == block.rows[0] else [("", ""), *rest]
        lines = [f"{row[0]}: {row[1]}" if len(row) > 1 else " | ".join(row) for row in below]
        said = [" | ".join(head)] if "".join(head).strip() else []
        return "\n".join(f"- {line}" for line in [*said, *lines]) if below else ""
    if block.kind not in {"paragraph", "list"}:
        return block.text
    kept = []
    for line in block.text.split("\n"):
        found = LABELLED.match(line.strip())
        understood = found and not line.startswith((" ", "\t")) and found["value"]
        if not (found and understood and facts.take(found["label"], found["value"])):
            kept.append(line)
    return "\n".join(kept).strip()
