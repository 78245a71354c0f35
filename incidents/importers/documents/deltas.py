"""Sentences that say that a setting was turned: proposed, for a person to confirm."""

import re
from collections.abc import Iterator

from incidents.importers.documents.blocks import plain
from incidents.importers.found import FoundDelta

_VERB = (
    r"(?:chang|rais|lower|increas|decreas|reduc|bump|set|mov|switch|updat|adjust|scal|turn|doubl"
    r"|halv|drop|went|upgrad|downgrad|edit|grew|shrank|extend|shorten|tun)\w{0,4}"
)
_UNIT = (
    r"(?:ms|s|sec|seconds?|min|minutes?|hours?|days?|[kmgt]i?b|percent|connections|workers|threads"
    r"|replicas|instances|pods|%)"
)
_VALUE = (
    r"(?:`[^`\n]{1,80}`|\"[^\"\n]{1,80}\"|“[^”\n]{1,80}”"
    rf"|[^\s,;`\"“]{{1,60}}(?: {_UNIT}(?!\w))?)"
)
_FROM_TO = rf"\bfrom (?P<before>{_VALUE}) to (?P<after>{_VALUE})"
_TURNED = re.compile(rf"\b{_VERB} (?P<what>[^\n]{{0,120}}?) ?{_FROM_TO}", re.IGNORECASE)
_BY_ITSELF = re.compile(rf"(?P<what>`[^`\n]{{1,100}}`)[^\n.]{{0,60}}?{_FROM_TO}", re.IGNORECASE)
_SETTING = re.compile(r"`([^`\n]{1,100})`|(?<![\w/.-])([A-Za-z][\w-]*(?:[._][\w-]+)+)(?![\w/])")
_COMPONENT = re.compile(r"\b(?:in|of|on|for) (?:the |our )?`?(?P<name>[A-Za-z][\w.-]{1,60})`?")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z`\"“(])|\n+")
_TIME_OF_DAY = re.compile(r"[0-9]{1,2}:[0-9]{2}")
_LEAD = re.compile(r"^[-*+|>#\s]*(?:[0-9]{1,2}:[0-9]{2}[\w:]*[ :–—|-]+)?")
_LONGEST = 1000
_MOST = 50


def deltas_in(text: str) -> Iterator[FoundDelta]:
    """At most fifty. A sentence without a setting's name, such as "errors rose from 1% to 5%", is
    none."""
    found = 0
    for sentence in _SENTENCE.split(text):
        if " from " not in sentence or len(sentence) > _LONGEST:
            continue
        for pattern in (_TURNED, _BY_ITSELF):
            turned = pattern.search(sentence)
            if turned and (delta := _delta(sentence, turned)):
                yield delta
                found += 1
                break
        if found == _MOST:
            return


def _delta(sentence: str, turned: re.Match[str]) -> FoundDelta | None:
    before, after = (turned[name].strip('`"“”.,;:*) ') for name in ("before", "after"))
    setting = _SETTING.search(turned["what"])
    if not setting or before == after or not before or not after:
        return None
    if _TIME_OF_DAY.fullmatch(before) or _TIME_OF_DAY.fullmatch(after):
        return None
    key = (setting[1] or setting[2]).strip()
    rest = turned["what"][setting.end() :] + sentence[turned.end() :]
    component = _COMPONENT.search(rest)
    return FoundDelta(
        sentence=_LEAD.sub("", plain(sentence)),
        component=component["name"].strip(".") if component else "",
        key=key,
        before=before,
        after=after,
    )
