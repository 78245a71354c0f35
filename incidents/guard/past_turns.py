"""A change of configuration beside the turns that incidents have recorded of the same knobs.

1. A knob is set to a value that contributed to an incident: it repeats that change.
2. A knob that was turned to end or mend an incident goes back to the value that it had, or
   beyond it: it takes back the fix.
3. Any other change of a knob with a past is only said.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import lazy
from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext

from incidents.guard.configuration import Setting, Unknown
from incidents.guard.findings import Finding, Kind, Level, Past
from incidents.guard.settled import Path, Settled, steps
from incidents.lib import quantities
from incidents.lib.quantities import Quantity
from incidents.lib.secret_values import masked
from incidents.lib.words.translated import Translated
from incidents.models import DeltaPart

MENDING = frozenset({DeltaPart.FIXED, DeltaPart.MITIGATED})
MOST_NAMED = 5
"""Incidents that turned a knob."""
SETS_IT: dict[str, Translated] = {
    DeltaPart.CONTRIBUTED: gettext_lazy(
        "%(reference)s: %(name)s from %(before)s to %(after)s contributed; this sets it to "
        "%(value)s."
    ),
    DeltaPart.FIXED: gettext_lazy(
        "%(reference)s: %(name)s from %(before)s to %(after)s fixed it; this sets it to %(value)s."
    ),
    DeltaPart.MITIGATED: gettext_lazy(
        "%(reference)s: %(name)s from %(before)s to %(after)s mitigated it; this sets it to "
        "%(value)s."
    ),
}
"""What a change is said to repeat or to take back, by the part of the turn."""
TAKES_IT_OUT: dict[str, Translated] = {
    DeltaPart.CONTRIBUTED: gettext_lazy(
        "%(reference)s: %(name)s from %(before)s to %(after)s contributed; this takes it out."
    ),
    DeltaPart.FIXED: gettext_lazy(
        "%(reference)s: %(name)s from %(before)s to %(after)s fixed it; this takes it out."
    ),
    DeltaPart.MITIGATED: gettext_lazy(
        "%(reference)s: %(name)s from %(before)s to %(after)s mitigated it; this takes it out."
    ),
}


@dataclass(frozen=True)
class Turn:
    """One recorded turn; a value that is None is unknown, and `ABSENT` was not set."""

    component: str
    key: str
    unit: str
    before: str | None
    after: str | None
    part: str
    incident: Past


ABSENT = "\0not set"


def compared(now: Settled, before: Settled, turns: Iterable[Turn]) -> list[Finding]:
    """What the change from `before` to `now` repeats, takes back or touches, knob by knob."""
    by_knob: dict[Path, list[Turn]] = {}
    for turn in turns:
        by_knob.setdefault((*steps(turn.component), *steps(turn.key)), []).append(turn)
    found = []
    for path, past in by_knob.items():
        new, old = now.settings.get(path), before.settings.get(path)
        if new is None and (old is None or path[0] not in now.components):
            continue
        if is_turned(old, new, past[0]):
            found.append(finding(old, new, past))
    return found


def is_turned(old: Setting | None, new: Setting | None, knob: Turn) -> bool:
    if old is None or new is None:
        return True
    return not same(text_of(old), text_of(new), knob)


def finding(old: Setting | None, new: Setting | None, past: Sequence[Turn]) -> Finding:
    knob = past[0]
    name = f"{knob.component}.{knob.key}"
    value = text_of(new)
    for turn in past:
        if turn.part == DeltaPart.CONTRIBUTED and same(value, turn.after, knob):
            return verdict(turn, name, new, old)
    for turn in past:
        if turn.part in MENDING and takes_back(value, turn):
            return verdict(turn, name, new, old)
    incidents = tuple(dict.fromkeys(turn.incident for turn in past))
    says = IN_WORDS_TOUCHED(name, incidents)
    return Finding(Kind.TOUCHES, Level.NOTE, says, new or old, name, incidents=incidents)


def verdict(turn: Turn, name: str, new: Setting | None, old: Setting | None) -> Finding:
    says = IN_WORDS_REPEATED(turn, name, new)
    incidents = (turn.incident,)
    return Finding(Kind.REPEATS, Level.WARNING, says, new or old, name, incidents=incidents)


def repeated(turn: Turn, name: str, new: Setting | None) -> str:
    says = SETS_IT[turn.part] if new else TAKES_IT_OUT[turn.part]
    return str(says) % {
        "reference": turn.incident.reference,
        "name": name,
        "before": shown(turn.before, turn),
        "after": shown(turn.after, turn),
        "value": shown(text_of(new), turn),
    }


def touched(name: str, incidents: Sequence[Past]) -> str:
    count = len(incidents)
    values = {
        "count": count,
        "name": name,
        "references": ", ".join(one.reference for one in incidents[:MOST_NAMED]),
    }
    if count > MOST_NAMED:
        says = ngettext(
            "%(count)s incident turned %(name)s: %(references)s and more.",
            "%(count)s incidents turned %(name)s: %(references)s and more.",
            count,
        )
    elif count == 1:
        says = gettext("one incident turned %(name)s: %(references)s.")
    else:
        says = ngettext(
            "%(count)s incident turned %(name)s: %(references)s.",
            "%(count)s incidents turned %(name)s: %(references)s.",
            count,
        )
    return says % values


# Words of a language only where they are shown, or kept.
IN_WORDS_REPEATED = lazy(repeated, str)
IN_WORDS_TOUCHED = lazy(touched, str)


def takes_back(value: str | None, turn: Turn) -> bool:
    """Right: 30 and 20, where 30 → 60 was the fix. Wrong: 45, and 30 → ? for any value."""
    if value is None or turn.before is None:
        return False
    if same(value, turn.before, turn):
        return True
    numbers = [measure(text, turn) for text in (value, turn.before, turn.after)]
    if None in numbers or len({one.dimension for one in numbers if one}) != 1:
        return False
    now, before, after = (one.magnitude for one in numbers if one)
    return now < before < after or now > before > after


def same(one: str | None, other: str | None, knob: Turn) -> bool:
    """As text, or as the same quantity: `30`, `30s` and `30 s` of a knob in seconds."""
    if one is None or other is None:
        return False
    if one.strip().casefold() == other.strip().casefold():
        return True
    left, right = measure(one, knob), measure(other, knob)
    if left is None or right is None:
        return False
    return (left.dimension, left.magnitude) == (right.dimension, right.magnitude)


def measure(text: str | None, knob: Turn) -> Quantity | None:
    if text is None or text == ABSENT:
        return None
    return quantities.of_setting(text, component=knob.component, unit=knob.unit)


def text_of(setting: Setting | None) -> str | None:
    """None for a value that cannot be known, and `ABSENT` for none."""
    if setting is None:
        return ABSENT
    if isinstance(setting.value, Unknown | list):
        return None if isinstance(setting.value, Unknown) else setting.written
    if isinstance(setting.value, bool):
        return "on" if setting.value else "off"
    return str(setting.value) if setting.value is not None else ABSENT


def shown(text: str | None, knob: Turn) -> str:
    if text is None:
        return gettext("an unknown value")
    if text == ABSENT:
        return pgettext("instead of a value", "nothing")
    # “30 s”, and not “1 connections”.
    has_sign = bool(knob.unit) and quantities.parse(f"1 {knob.unit}") is not None
    if has_sign and text.replace(".", "", 1).isdecimal():
        return f"{text} {knob.unit}"
    return masked(text, name=knob.key)
