"""A record moves to another time zone: its clocks keep what they showed (docs/decisions/0014)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from incidents.history.operations import PartChange, change_along
from incidents.lib.approximate_time import (
    ApproximateTime,
    NotATime,
    Precision,
    reread,
    write,
    zone_named,
)
from incidents.lib.words.fields import shown_name
from incidents.models import ConfigDelta, Incident, Part, TimelineEvent
from incidents.models.editable import approximate_time

PART_TIMES: dict[type[Part], str] = {TimelineEvent: "event", ConfigDelta: "turned"}
"""The parts that have a time, and what it is called."""
QUOTED = 3
"""Refused times that are told in full."""


class NotInThatZone(ValueError):
    """Times of the record that the clocks of the new zone did not show, or showed twice.

    `field` is the one that can mend it: the moment, or for times of parts the zone.
    """

    def __init__(self, field: str, sentence: str) -> None:
        self.field = field
        super().__init__(sentence)


def moments_reread(
    incident: Incident, *, given: Mapping[str, Any], left: Mapping[str, Any]
) -> dict[str, Any]:
    """The columns of the moments that are to be read again in the zone of `left`.

    Who gives a zone gives the moments beside it as read in it: they stay. Read again is what was
    not given, and what somebody else has written since. Raises `NotInThatZone`.
    """
    before, after = zone_named(incident.time_zone), zone_named(left["time_zone"])
    columns: dict[str, Any] = {}
    for phase in Incident.PHASES:
        names = (f"{phase}_at", f"{phase}_precision")
        at, precision = (left.get(name, getattr(incident, name)) for name in names)
        if (at, precision) == tuple(given.get(name) for name in names):
            continue
        try:
            moment = ApproximateTime(at, Precision(precision))
            columns |= columns_of(phase, reread(moment, before=before, after=after))
        except NotATime as refusal:
            raise NotInThatZone(phase, str(refusal)) from refusal
    return columns


def parts_reread(incident: Incident, *, zone_name: str, at: datetime) -> list[PartChange]:
    """Read the times of all parts again, and return what that did, for history.

    The caller holds the record. Raises `NotInThatZone`.
    """
    before, after = zone_named(incident.time_zone), zone_named(zone_name)
    done, refused = [], []
    for table, name in PART_TIMES.items():
        rows = table._base_manager.filter(incident=incident, **{f"{name}_at__isnull": False})
        for row in rows.order_by("pk"):
            time = approximate_time(row, name)
            try:
                moved = reread(time, before=before, after=after)
            except NotATime as refusal:
                kind = shown_name(table._meta.verbose_name_raw)
                refused.append(f"{kind} “{row}”, {write(time, before)}: {refusal}")
                continue
            if moved != time:
                done.append(change_along(row, {f"{name}_at": moved.at}, at=at))
    if refused:
        raise NotInThatZone("time_zone", told(refused))
    return done


def columns_of(name: str, time: ApproximateTime) -> dict[str, Any]:
    return {f"{name}_at": time.at, f"{name}_precision": time.precision.value}


def told(refused: list[str]) -> str:
    more = len(refused) - QUOTED
    which = " ".join(refused[:QUOTED]) + (
        " " + gettext("And %(more)s more.") % {"more": more} if more > 0 else ""
    )
    return gettext(
        "These times cannot be read in this zone; say them otherwise first: %(which)s"
    ) % {"which": which}
