"""What is said beside a message: kept in the site's own words, told in those of who reads it.

Of the events below, all of it is ours, but for the names of people whom a room is told of. What
somebody wrote themselves, such as what is wrong with a runbook, is told as it is.
"""

import re

from django.utils.translation import gettext, gettext_noop

from incidents.lib.fill import fill
from incidents.models import Event, Message

OURS = {
    Event.ACTION_CHANGED,
    Event.DUE_SOON,
    Event.LATE,
    Event.REOPENED,
    Event.RUNBOOK_DUE,
}
KNOWN = (
    gettext_noop("Added."),
    gettext_noop("Changed."),
    gettext_noop("Done."),
    gettext_noop("Due by {day}."),
    gettext_noop("It is due on {day}."),
    gettext_noop("It was due on {day}."),
    gettext_noop("Its lesson was violated again."),
    gettext_noop("Reopened."),
    gettext_noop("Reopened: its lesson was violated again."),
    gettext_noop("Started."),
    gettext_noop("Verified that it is done."),
    gettext_noop("Will not be done."),
)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Names with a full stop in them are left in the site's own words.
WHOM = re.compile(r"For (?P<names>[^.]+)[.](?: (?P<rest>.*))?", re.DOTALL)


def told_detail(message: Message) -> str:
    text = message.detail
    if message.endpoint_id is not None and (whom := WHOM.fullmatch(text)):
        names = fill(gettext("For {names}."), {"names": whom["names"]})
        return f"{names} {of_event(message.event, whom['rest'] or '')}".strip()
    return of_event(message.event, text)


def of_event(event: str, text: str) -> str:
    """As it is where no text of ours is like it: a version before this one may have written it."""
    day = DAY.search(text)
    ours = text.replace(day[0], "{day}") if day else text
    if event not in OURS or ours not in KNOWN:
        return text
    return fill(gettext(ours), {"day": day[0] if day else ""})
