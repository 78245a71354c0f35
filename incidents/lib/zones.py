"""Time zones: which names there are, and what the clocks of a zone read."""

from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext

from incidents.lib.words.listed import either

# Files of the system's zone directory that name no place.
_NOT_PLACES = frozenset({"Factory", "localtime", "posixrules"})

ZONE_NAMES: tuple[str, ...] = tuple(sorted(available_timezones() - _NOT_PLACES))
_KNOWN = frozenset(ZONE_NAMES)

_LONGEST_QUOTED = 60


class NoSuchZone(ValueError):
    """No zone has this name; the message proposes some that are near."""


def zone_named(name: str) -> ZoneInfo:
    """Raises NoSuchZone. Only listed names reach the file system."""
    name = name.strip()
    if name in _KNOWN:
        return ZoneInfo(name)
    near = _near(name[:_LONGEST_QUOTED])
    proposal = (
        gettext("Did you mean %(names)s?") % {"names": either(near)}
        if near
        else gettext("Write it like Europe/Berlin.")
    )
    shown = name if len(name) <= _LONGEST_QUOTED else name[:_LONGEST_QUOTED] + "…"
    raise NoSuchZone(
        gettext("There is no time zone “%(shown)s”. %(proposal)s")
        % {"shown": shown, "proposal": proposal}
    )


def first_moment(naive: datetime, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, when the zone's clocks first read `naive` or more.

    A reading that occurs twice is the first one, or with `fold=1` the second.
    """
    moment = naive.replace(tzinfo=zone).astimezone(UTC)
    skipped = clock_reading(moment, zone) - naive
    if skipped <= timedelta(0):
        return moment
    # The clocks jumped over the reading, somewhere in the length of the jump before: halve it.
    early, late = moment - skipped, moment
    while late - early > timedelta(seconds=1):
        middle = (early + (late - early) / 2).replace(microsecond=0)
        if clock_reading(middle, zone) < naive:
            early = middle
        else:
            late = middle
    return late


def clock_reading(moment: datetime, zone: ZoneInfo) -> datetime:
    """What the zone's clocks showed, without the zone."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def happens_twice(naive: datetime, zone: ZoneInfo) -> bool:
    """Whether the clocks were put back over this reading."""
    first, second = (naive.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    # In a gap the two differ as well, but there the one with fold=0 is the later.
    return first.astimezone(UTC) < second.astimezone(UTC)


def _near(name: str) -> list[str]:
    """Up to three names like this one, by the whole name or by its last part (the city)."""
    wanted = name.lower().replace(" ", "_")
    by_spelling: dict[str, str] = {}
    for known in ZONE_NAMES:
        by_spelling.setdefault(known.lower().rpartition("/")[2], known)
    # Second, so that a whole name wins over a city of the same spelling.
    by_spelling |= {known.lower(): known for known in ZONE_NAMES}
    close = get_close_matches(wanted, by_spelling, n=3, cutoff=0.7)
    return list(dict.fromkeys(by_spelling[spelling] for spelling in close))
