"""Approximate times as people read them, in the zone of their record."""

from datetime import datetime

from django import template
from django.utils.timesince import timesince

from incidents.lib.approximate_time import ApproximateTime, human, zone_named

register = template.Library()


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
    words = timesince(at)
    return "just now" if words.startswith("0") else f"{words} ago"
