"""How often one hears of what, as long as one has not chosen."""

from incidents.models import Channel, Event, QuietHours, Rhythm

# What asks for something comes at once; what is only good to know comes with the morning's mail.
DIGESTED = {
    Event.PUBLISHED: Rhythm.DAILY,
    Event.REVIEW_FROZEN: Rhythm.DAILY,
    Event.RUNBOOK_DUE: Rhythm.WEEKLY,
}


def default_rhythm(channel: str, event: str) -> Rhythm:
    if channel == Channel.EMAIL:
        return DIGESTED.get(Event(event), Rhythm.AT_ONCE)
    return Rhythm.AT_ONCE


def default_hours() -> QuietHours:
    """Not saved, and nobody's."""
    return QuietHours()
