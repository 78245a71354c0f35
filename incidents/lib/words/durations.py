"""How long something took, in words."""

from datetime import timedelta
from itertools import pairwise

from django.utils.translation import gettext

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_UNITS = ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min"))


def human_duration(shortest: timedelta, longest: timedelta) -> str:
    """Right: "35 min", "1 h 20 min", "3 d 4 h", "between 2 and 3 d", "up to 3 d"."""
    if shortest == longest:
        return _exactly(longest)
    if shortest < _MINUTE:
        return gettext("up to %(duration)s") % {"duration": _exactly(longest)}
    unit, name = next(
        ((unit, name) for unit, name in _UNITS if longest >= 2 * unit), (_MINUTE, "min")
    )
    # Outwards: a range may be told too wide, never too narrow.
    low, high = shortest // unit, -(-longest // unit)
    if low == 0:
        return gettext("between %(low)s and %(high)s %(name)s") % {
            "low": _exactly(shortest),
            "high": high,
            "name": name,
        }
    return (
        gettext("between %(low)s and %(high)s %(name)s") % {"low": low, "high": high, "name": name}
        if low < high
        else gettext("about %(high)s %(name)s") % {"high": high, "name": name}
    )


def _exactly(duration: timedelta) -> str:
    """In the largest unit that fits and the next smaller one, cut off below."""
    if duration < _MINUTE:
        return gettext("under 1 min")
    for (unit, name), (smaller, smaller_name) in pairwise(_UNITS):
        if duration >= unit:
            rest = duration % unit // smaller
            whole = f"{duration // unit} {name}"
            return f"{whole} {rest} {smaller_name}" if rest else whole
    return f"{duration // _MINUTE} min"
