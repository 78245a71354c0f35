"""Which alerts a runbook answers: names of alerts, or matchers as Alertmanager writes them.

One line is one way to be meant: `KubePodCrashLooping`, or `alertname=~"KubePod.*",
severity="critical"` with or without braces, all of which has to hold. The rules are Alertmanager's:

1. A line is read by the UTF-8 rules and by the classic ones. Where both can read it, the classic
   reading holds; where one can, that one. So every line means here what it means there.
2. A label that the alert does not have counts as empty.
3. A pattern has to fit the whole value, and is written in the syntax of RE2.

Patterns are written by people: they run on RE2, in linear time, and never on Python's own `re`.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import re2
from django.utils.translation import gettext

from incidents.lib import patterns
from incidents.lookup.matcher_tokens import NotMatchers, Tokens, unquoted

ALERTNAME = "alertname"
LONGEST_LINE = 1_000
"""Characters."""
LONGEST_VALUE = 1_000
"""Characters of a label's value that are looked at."""
MOST_MEMORY = 512 * 1024
"""Bytes that one compiled pattern may take."""

EQUAL, PATTERN = "=", "=~"
POSITIVE = (EQUAL, PATTERN)

_BARE_NAME = re.compile(r"[^\s{}!=~,\\\"'`]+")
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")
_OPERATOR = re.compile(r"=~|!=|!~|=")
_CLASSIC = re.compile(r"\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(=~|=|!=|!~)\s*(.*?)\s*", re.DOTALL)
_CLASSIC_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_CLASSIC_PLAIN = re.compile(r'(?:[^"\\]|\\.)*\\?', re.DOTALL)
_CLASSIC_ESCAPES = {"n": "\n", '"': '"', "\\": "\\"}


class Matcher(NamedTuple):
    """One condition: a label's name, `=`, `!=`, `=~` or `!~`, and a value or pattern."""

    name: str
    operator: str
    value: str

    def holds(self, labels: Mapping[str, str]) -> bool:
        value = labels.get(self.name, "")[:LONGEST_VALUE]
        if self.operator in (EQUAL, "!="):
            return (value == self.value) == (self.operator == EQUAL)
        fits = compiled(self.value).fullmatch(value) is not None
        return fits == (self.operator == PATTERN)


class Specificity(NamedTuple):
    """How closely a line means an alert; of two lines that match, the greater leads.

    1. `names_alert`: 2 for a line that says the alert's name, 1 for a pattern of names, 0 for one
       that speaks of other labels alone.
    2. `matchers`: how many different conditions it has.
    3. `equalities`, then `patterns`: of as many conditions, `=` says more than `=~`, and that more
       than what an alert must not be.

    So `alertname="A"` leads before `alertname=~"A.*", severity="critical"`, and `severity="page",
    team="db"` before `severity="page", team!="web"` before `severity="page"`.
    """

    names_alert: int
    matchers: int
    equalities: int
    patterns: int


class AlertLine(NamedTuple):
    """A line of `Runbook.alerts` as it is read; `text` is as it was written."""

    text: str
    matchers: tuple[Matcher, ...]

    @property
    def alertname(self) -> str | None:
        """The one name that an alert must have for this line; None if it may have several."""
        exact = (m for m in self.matchers if m.name == ALERTNAME and m.operator == EQUAL)
        return next((matcher.value for matcher in exact), None)

    @property
    def specificity(self) -> Specificity:
        different = set(self.matchers)
        operators = [matcher.operator for matcher in different]
        naming = {m.operator for m in different if m.name == ALERTNAME and m.value}
        names_alert = 2 if EQUAL in naming else 1 if PATTERN in naming else 0
        return Specificity(
            names_alert, len(different), operators.count(EQUAL), operators.count(PATTERN)
        )

    def matches(self, labels: Mapping[str, str]) -> bool:
        return all(matcher.holds(labels) for matcher in self.matchers)


class UnreadableAlerts(ValueError):
    """Lines that are neither a name nor matchers; `sentences` say which, where, and what to do."""

    def __init__(self, sentences: list[str]) -> None:
        self.sentences = sentences
        super().__init__(" ".join(sentences))


def read_alerts(text: str) -> list[AlertLine]:
    """Every line that is not empty. Raises `UnreadableAlerts` with all that is wrong."""
    lines, wrong = [], []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            if line.strip():
                lines.append(read_line(line.strip()))
        except NotMatchers as refusal:
            wrong.append(
                gettext("Line %(number)s: %(sentence)s")
                % {"number": number, "sentence": refusal.sentence(len(line) - len(line.lstrip()))}
            )
    if wrong:
        raise UnreadableAlerts(wrong)
    return lines


def readable_alerts(text: str) -> list[AlertLine]:
    """The lines that can be read, of a text that was perhaps written before they were checked."""
    lines = []
    for line in filter(None, map(str.strip, text.splitlines())):
        try:
            lines.append(read_line(line))
        except NotMatchers:
            continue
    return lines


@lru_cache(maxsize=20_000)
def read_line(line: str) -> AlertLine:
    """Right: `DiskFull`, `{alertname=~"Disk.*"}`, `team = db`. Raises `NotMatchers`.

    Wrong: `the disk is full` (neither), `DiskFull, DiskSlow` (two lines), `{}` (says nothing).
    """
    if len(line) > LONGEST_LINE:
        raise NotMatchers(
            gettext("longer than %(LONGEST_LINE)s characters.")
            % {"LONGEST_LINE": f"{LONGEST_LINE:,}"}
        )
    if not line.isprintable() and _UNWRITABLE.search(line):
        raise NotMatchers(gettext("it holds a character that cannot be kept."))
    if _BARE_NAME.fullmatch(line):
        return AlertLine(line, (Matcher(ALERTNAME, EQUAL, line),))
    if not _OPERATOR.search(line) and line[0] not in '{"':
        quoted = line.replace("\\", "\\\\").replace('"', '\\"')
        raise NotMatchers(
            gettext(
                "“%(line)s” is neither the name of one alert nor matchers. A name with spaces is "
                'written alertname="%(quoted)s"; several alerts stand on a line each; words of '
                "your own belong into “when to use it”."
            )
            % {"line": line, "quoted": quoted}
        )
    matchers = _matchers(line)
    if not matchers:
        raise NotMatchers(gettext("without any matcher it would mean every alert."))
    return AlertLine(line, matchers)


def line_for(name: str) -> str:
    """The line that means the alert of this name; empty for one that fits on no line."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    line = name if _BARE_NAME.fullmatch(name) else f'alertname="{escaped}"'
    return line if name and len(line) <= LONGEST_LINE else ""


def _matchers(line: str) -> tuple[Matcher, ...]:
    try:
        by_new_rules = _by_utf8_rules(line)
    except NotMatchers as refusal:
        try:
            return _by_classic_rules(line)
        except NotMatchers:
            # The newer rules know the place at which they stopped.
            raise refusal from None
    try:
        return _by_classic_rules(line)
    except NotMatchers:
        return by_new_rules


def _by_utf8_rules(line: str) -> tuple[Matcher, ...]:
    """Braces on both sides or on none; names and values quoted, or without reserved characters."""
    tokens = Tokens(line)
    in_braces = tokens.take("{")
    found: list[Matcher] = []
    while not tokens.ended and not tokens.comes("}"):
        name = tokens.expect(gettext("expected a label's name"), "quoted", "bare")
        operator = tokens.expect(gettext("expected an operator (=, !=, =~ or !~)"), "operator")
        value = tokens.expect(gettext("expected a value"), "quoted", "bare")
        if not (label := unquoted(name)):
            raise NotMatchers(gettext("expected a label's name"), name.start)
        found.append(_checked(label, operator.text, unquoted(value), value.start))
        if not tokens.take(","):
            break
    if in_braces:
        tokens.expect(gettext("expected a comma or the closing brace"), "}")
    tokens.expect_end(
        gettext("expected the end of the line")
        if in_braces
        else gettext("expected a comma or the end of the line")
    )
    return tuple(found)


def _by_classic_rules(line: str) -> tuple[Matcher, ...]:
    """A brace on either side is dropped; a name has few characters, a value any, also spaces."""
    found = []
    for piece in _classic_pieces(line.removeprefix("{").removesuffix("}")):
        parts = _CLASSIC.fullmatch(piece)
        if parts is None:
            raise NotMatchers(gettext("expected a label's name, an operator and a value"))
        name, operator, raw = parts.groups()
        inside = _CLASSIC_QUOTED.fullmatch(raw) if raw.startswith('"') else None
        if inside is None and not _CLASSIC_PLAIN.fullmatch(raw):
            raise NotMatchers(gettext('a quote within a value is written \\"'))
        value = re.sub(
            r"\\(.)",
            lambda escape: _CLASSIC_ESCAPES.get(str(escape[1]), str(escape[0])),
            inside[1] if inside else raw,
            flags=re.DOTALL,
        )
        found.append(_checked(name, operator, value, 0))
    return tuple(found)


def _classic_pieces(line: str) -> list[str]:
    """The line cut at the commas that stand outside quotes; nothing may follow the last one."""
    pieces, start, quoted, escaped = [], 0, False, False
    for place, char in enumerate(line):
        if char == "," and not quoted:
            pieces.append(line[start:place])
            start = place + 1
        elif char == '"' and not escaped:
            quoted = not quoted
        escaped = char == "\\" and not escaped
    return pieces + ([line[start:]] if line[start:].strip() else [])


def _checked(name: str, operator: str, value: str, place: int) -> Matcher:
    if operator not in (EQUAL, "!="):
        try:
            compiled(value)
        except re2.error as error:
            problem = gettext("“%(value)s” is no pattern: %(reason)s") % {
                "value": value,
                "reason": patterns.reason(error),
            }
            raise NotMatchers(problem, place) from error
    return Matcher(name, operator, value)


@lru_cache(maxsize=1_000)
def compiled(pattern: str) -> Any:
    """Raises `re2.error` for what is no pattern, or one that would take too much memory."""
    return patterns.compiled(pattern, most_memory=MOST_MEMORY)
