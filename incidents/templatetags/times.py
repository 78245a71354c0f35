"""Approximate times as people read them, in the zone of their record."""

from datetime import datetime
from typing import Any

from django import template
from django.utils.timesince import timesince
from django.utils.translation import gettext, gettext_lazy, npgettext_lazy

from incidents.lib.approximate_time import ApproximateTime, Precision, human, zone_named
from incidents.lib.words.translated import Translated

register = template.Library()

KNOWN_TO: dict[str, Translated] = {
    Precision.MINUTE: gettext_lazy("known to the minute"),
    Precision.HOUR: gettext_lazy("known to the hour"),
    Precision.DAY: gettext_lazy("known to the day"),
    Precision.MONTH: gettext_lazy("known to the month"),
    Precision.YEAR: gettext_lazy("known to the year"),
}
# What stands before "ago" takes another case in some languages than a duration by itself.
BEFORE_AGO: dict[str, Any] = {
    "year": npgettext_lazy("ago", "%(num)d year", "%(num)d years", "num"),
    "month": npgettext_lazy("ago", "%(num)d month", "%(num)d months", "num"),
    "week": npgettext_lazy("ago", "%(num)d week", "%(num)d weeks", "num"),
    "day": npgettext_lazy("ago", "%(num)d day", "%(num)d days", "num"),
    "hour": npgettext_lazy("ago", "%(num)d hour", "%(num)d hours", "num"),
    "minute": npgettext_lazy("ago", "%(num)d minute", "%(num)d minutes", "num"),
}


@register.filter
def told(time: ApproximateTime, time_zone: str) -> str:
    """`{{ incident.began|told:incident.time_zone }}` → "24 Dec 2019, 22:30 CET"."""
    return human(time, zone_named(time_zone))


@register.filter
def told_in_lines(time: ApproximateTime, time_zone: str) -> list[str]:
    """The day, and the time of day where it is known: for narrow columns."""
    return told(time, time_zone).split(", ")


@register.filter
def ago(at: datetime) -> str:
    """`{{ change.at|ago }}` → "3 days, 2 hours ago"; "just now" within the first minute."""
    words = timesince(at, time_strings=BEFORE_AGO)
    return (
        gettext("just now")
        if words.startswith("0")
        else gettext("%(duration)s ago") % {"duration": words}
    )


@register.filter
def known_to(precision: str) -> str:
    """`{{ incident.began_precision|known_to }}` → "known to the day"."""
    return str(KNOWN_TO.get(precision, ""))
