"""How a line of a log or chat says when: one small function for each shape.

Every pattern is anchored and bounded, so a hostile line costs no more than its length.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sep(?:t(?:ember)?)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_WEEKDAY = r"(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,? {1,3})?"
_DATE = (
    rf"(?:(?P<iso>[0-9]{{4}}[-/][0-9]{{1,2}}[-/][0-9]{{1,2}})"
    rf"|(?P<day_first>[0-9]{{1,2}})(?:st|nd|rd|th)?\.? (?:of )?(?P<month_after>{_MONTH})\.?"
    rf"(?:,? (?P<year_a>[0-9]{{4}}))?"
    rf"|(?P<month_first>{_MONTH})\.? (?P<day_after>[0-9]{{1,2}})(?:st|nd|rd|th)?"
    rf"(?:,? (?P<year_b>[0-9]{{4}}))?)"
)
_CLOCK = (
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?P<second>:[0-9]{2}(?:[.,][0-9]{1,9})?)?"
    r"(?![0-9]|:[0-9])(?: ?(?P<half>[AaPp])\.?[Mm]\b\.?)?"
)
# Not any capitals: "14:05 DNS fails" names no zone.
_ABBREVIATIONS = (
    "A[CEW][DS]T|A[DKS]T|AK[DS]T|BST|C[DES]T|CEST|E[DEMS]T|EEST|HST|IST|JST|KST|M[DS]T|MSK|"
    "NZ[DS]T|P[DS]T|SGT|WE?[SA]T|WET"
)
# "14:05-14:30" is a span of time. A minus is an offset where the time is written as machines do:
# with seconds, with the T before it, or after a date and without a colon of its own.
_MINUS = (
    r"(?(second)-[0-9]{2}:?[0-9]{2}|(?(tee)-[0-9]{2}:?[0-9]{2}|(?(iso)-[0-9]{4}(?![0-9])|(?!))))"
)
_ZONE = (
    r"(?: ?(?:(?:UTC|GMT)(?P<offset_utc>[+-][0-9]{2}:?[0-9]{2})"
    rf"|(?P<offset>\+[0-9]{{2}}:?[0-9]{{2}}|{_MINUS})|(?P<utc>Z|UTC|GMT)"
    rf"|(?P<other>{_ABBREVIATIONS}))(?![\w:+-]))?"
)
_STAMP = rf"(?:{_DATE}(?:(?P<tee>T)|,? (?:at )?) ?)?{_CLOCK}{_ZONE}"

_MARKS = re.compile(r"(?:[>*+-] {1,3}|[0-9]{1,3}[.)] {1,3})?(?:\*\*|__|`|~)?", re.ASCII)
_BRACKETED = re.compile(rf"[\[(]{_STAMP}[\])]", re.IGNORECASE)
_PLAIN = re.compile(rf"{_STAMP}(?=$|[\s:;,|>*_`–—-])", re.IGNORECASE)
_CELL = re.compile(rf"\| ?(?:\*\*|`)?{_STAMP}(?:\*\*|`)? ?\|", re.IGNORECASE)
_SEPARATOR = re.compile(r"(?:\*\*|__|`)? ?(?:[:;,|>→]|[–—-]{1,2}(?![0-9]))?(?:\*\*|__|`)? ?")
_NAMED = re.compile(
    r"(?P<who>\S[^\[\]:|]{0,58}?)"
    r"(?:(?P<wide>[ \t]{2,4}|\t)|(?P<dash> [–—-] )|(?P<bracket> (?=\[)))"
    rf"\[?(?:(?P<near>Today|Yesterday)(?:,| at)? )?{_STAMP}\]?",
    re.IGNORECASE,
)
_LONGEST_NAMED = 140
_NICK = re.compile(r"<(?P<who>[^<>\s][^<>]{0,58})> ?")
_SPEAKER = re.compile(r"(?P<who>[^\s:<>|*`][^:<>|*`]{0,38}):(?: |$)")
_MOST_WORDS_OF_A_NAME = 3

_DAY_LINE = re.compile(rf"[#=*_ -]{{0,12}}{_WEEKDAY}{_DATE}[#=*_ :-]{{0,12}}", re.IGNORECASE)
_LONGEST_DAY_LINE = 80


@dataclass(frozen=True)
class WrittenDay:
    """A date as written: the year may be missing."""

    year: int | None
    month: int
    day: int


@dataclass(frozen=True)
class Stamp:
    """A time of day as written, and what was written with it."""

    hour: int
    minute: int
    day: WrittenDay | None
    near: str
    """ "today", "yesterday" or ""."""
    offset: str
    """Like "+01:00"; "" if none was written."""
    other_zone: str
    """An abbreviation such as PST, which does not say an offset to everybody."""
    as_written: str


@dataclass(frozen=True)
class TimedLine:
    stamp: Stamp
    who: str
    text: str


def timed_line(line: str) -> TimedLine | None:
    """What a line says that begins an event; None for any other line."""
    # Every shape needs a colon between two digits: most lines are settled here.
    if ":" not in line:
        return None
    return next((found for shape in SHAPES if (found := shape(line))), None)


def day_line(line: str) -> WrittenDay | None:
    """The date that the line consists of, as a heading for those below."""
    line = line.strip()
    if len(line) > _LONGEST_DAY_LINE:
        return None
    found = _DAY_LINE.fullmatch(line)
    return _written_day(found) if found else None


def _table_row(line: str) -> TimedLine | None:
    """`| 14:05 | text |`"""
    found = _CELL.match(line)
    stamp = _stamp(found) if found else None
    if not found or not stamp:
        return None
    return TimedLine(stamp, "", line[found.end() :].strip().removesuffix("|").strip())


def _bracketed(line: str) -> TimedLine | None:
    """`[14:05] Ann: text`, `[14:05:33] <ann> text`"""
    return _stamp_first(_BRACKETED, line, speaker=_speaker)


def _plain(line: str) -> TimedLine | None:
    """`14:05 text`, `- **14:05** text`, `2026-03-01T14:05:33Z text`, `14:05 <ann> text`"""
    # "14:05 Alert: disk full" has no speaker, so only a nick in angle brackets is one.
    return _stamp_first(_PLAIN, line, speaker=_nick)


def _named(line: str) -> TimedLine | None:
    """`Ann Example  2:05 PM`, `Ann Example [14:05]`, `Ann — Today at 14:05`: the text is below."""
    if len(line) > _LONGEST_NAMED:
        return None
    found = _NAMED.fullmatch(line.strip())
    stamp = _stamp(found) if found else None
    return TimedLine(stamp, found["who"].strip(), "") if found and stamp else None


SHAPES: tuple[Callable[[str], TimedLine | None], ...] = (_table_row, _bracketed, _plain, _named)


def _stamp_first(
    pattern: re.Pattern[str], line: str, *, speaker: Callable[[str], tuple[str, str]]
) -> TimedLine | None:
    marks = _MARKS.match(line)
    found = pattern.match(line, marks.end() if marks else 0) or pattern.match(line)
    stamp = _stamp(found) if found else None
    if not found or not stamp:
        return None
    separator = _SEPARATOR.match(line, found.end())
    who, text = speaker(line[separator.end() if separator else found.end() :].strip())
    return TimedLine(stamp, who, text)


def _nick(text: str) -> tuple[str, str]:
    found = _NICK.match(text)
    return (found["who"].strip(), text[found.end() :].strip()) if found else ("", text)


def _speaker(text: str) -> tuple[str, str]:
    who, rest = _nick(text)
    if who:
        return who, rest
    found = _SPEAKER.match(text)
    if not found or len(found["who"].split()) > _MOST_WORDS_OF_A_NAME:
        return "", text
    return found["who"].strip(), text[found.end() :].strip()


def _stamp(found: re.Match[str]) -> Stamp | None:
    """None if there is no such time of day."""
    parts = found.groupdict()
    hour, minute = int(parts["hour"]), int(parts["minute"])
    half = (parts["half"] or "").lower()
    if half and 1 <= hour <= 12:  # noqa: PLR2004
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or minute > 59:  # noqa: PLR2004
        return None
    written = parts["offset"] or parts["offset_utc"] or ""
    offset = "+00:00" if parts["utc"] else written.replace(":", "")
    if offset and ":" not in offset:
        offset = f"{offset[:3]}:{offset[3:]}"
    return Stamp(
        hour=hour,
        minute=minute,
        day=_written_day(found),
        near=(parts.get("near") or "").lower(),
        offset=offset,
        other_zone=(parts["other"] or "").upper(),
        as_written=found[0].strip("[]()|*` ") if "who" not in parts else _from_time(found),
    )


def _from_time(found: re.Match[str]) -> str:
    return found[0][found.end("who") :].strip(" \t[]–—-")


def _written_day(found: re.Match[str]) -> WrittenDay | None:
    parts = found.groupdict()
    if parts["iso"]:
        year, month, day = map(int, re.split("[-/]", parts["iso"]))
        return WrittenDay(year, month, day)
    name, number = parts["month_after"] or parts["month_first"], None
    if not name:
        return None
    number = int(parts["day_first"] or parts["day_after"])
    year_text = parts["year_a"] or parts["year_b"]
    return WrittenDay(int(year_text) if year_text else None, _MONTHS[name[:3].lower()], number)


def as_date(written: WrittenDay, *, year: int | None) -> date | None:
    """The day itself, in `year` where none is written; None if there is no such day."""
    known = written.year if written.year is not None else year
    if known is None:
        return None
    try:
        return date(known, written.month, written.day)
    except ValueError:
        return None
