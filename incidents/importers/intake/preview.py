"""What was found as people read it."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from incidents.importers.found import FoundEvent, FoundIncident
from incidents.lib.approximate_time import human
from incidents.lib.words.fields import shown_name
from incidents.lib.zones import NoSuchZone, zone_named


@dataclass(frozen=True)
class Preview:
    """Times are in the record's zone, in words."""

    found: FoundIncident
    times: list[tuple[str, str]]
    events: list[tuple[FoundEvent, str]]


def preview_of(found: FoundIncident) -> Preview:
    zone = zone_of(found)
    return Preview(
        found=found,
        times=[
            (shown_name(phase.title()), human(time, zone)) for phase, time in found.times.items()
        ],
        events=[(event, human(event.at, zone)) for event in found.events],
    )


def zone_of(found: FoundIncident) -> ZoneInfo:
    """The one in which it will be recorded."""
    try:
        return zone_named(found.time_zone)
    except NoSuchZone:
        return zone_named("UTC")
