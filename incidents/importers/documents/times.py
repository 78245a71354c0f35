"""Times as postmortems write them."""

import re
from datetime import date
from zoneinfo import ZoneInfo

from incidents.lib.approximate_time import UNKNOWN, ApproximateTime, NotATime, parse
from incidents.lib.timeline_shapes import as_date, day_line, timed_line
from incidents.lib.zones import NoSuchZone, zone_named

ABBREVIATIONS = {
    "UTC": "UTC",
    "GMT": "UTC",
    **dict.fromkeys(("PT", "PST", "PDT"), "America/Los_Angeles"),
    **dict.fromkeys(("MT", "MDT"), "America/Denver"),
    **dict.fromkeys(("ET", "EST", "EDT"), "America/New_York"),
    **dict.fromkeys(("CET", "CEST"), "Europe/Berlin"),
    **dict.fromkeys(("AEST", "AEDT"), "Australia/Sydney"),
    "JST": "Asia/Tokyo",
}
"""Those that mean one place to nearly everybody. CST and IST do not, and are not read."""
_SAID = re.compile(
    r"\b(?:times?|timezone|time zone|zone|timeline|hours)\b[^.\n]{0,40}?"
    r"(?<![A-Za-z/])(?P<zone>[A-Z][A-Za-z_]+/[A-Z][A-Za-z_/]+|" + "|".join(ABBREVIATIONS) + r")\b"
)
_NAME = re.compile(r"(?<!\d)(?P<day>(?:19|20)[0-9]{2}[-_/.]?[01][0-9][-_/.]?[0-3][0-9])(?!\d)")


def zone_said(text: str) -> ZoneInfo | None:
    """Right: "all times UTC", "Timeline (PST)", "Timezone: Europe/Berlin"."""
    for found in _SAID.finditer(text):
        try:
            return zone_named(ABBREVIATIONS.get(found["zone"], found["zone"]))
        except NoSuchZone:
            continue
    return None


def read_time(text: str, zone: ZoneInfo) -> ApproximateTime:
    """Right: "2015-10-21", "21 October 2015, 14:05 UTC", "Oct 21, 2015". What is more than a time,
    or none, is `UNKNOWN`."""
    text = " ".join(text.strip("*_` \t\n").split())
    try:
        if (found := parse(re.sub(r" ?(?:UTC|GMT)$", "Z", text), zone)).at:
            return found
    except NotATime:
        pass
    try:
        if (timed := timed_line(f"{text} -")) and not timed.text.strip("- ") and timed.stamp.day:
            stamp, day = timed.stamp, as_date(timed.stamp.day, year=None)
            where = zone_named(ABBREVIATIONS.get(stamp.other_zone, zone.key))
            if day and (not stamp.other_zone or stamp.other_zone in ABBREVIATIONS):
                written = f"{day.isoformat()} {stamp.hour:02}:{stamp.minute:02}{stamp.offset}"
                return parse(written, where)
        if written_day := day_line(text):
            found_day = as_date(written_day, year=None)
            return parse(found_day.isoformat(), zone) if found_day else UNKNOWN
    except NotATime:
        pass
    return UNKNOWN


def day_named(name: str) -> date | None:
    """The day in the name of a file: "2024-03-01-outage.md", "20240301_outage.md"."""
    for found in _NAME.finditer(name):
        digits = re.sub(r"\D", "", found["day"])
        try:
            return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
        except ValueError:
            continue
    return None
