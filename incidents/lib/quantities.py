"""Values as configuration writes them: `30s`, `512Mi`, `50%`, `on`.

Which unit a spelling stands for differs between tools: PostgreSQL's `64MB` is 64 × 1024² bytes, a
disk's is 64 × 1000²; `5m` is five minutes, five megabytes or five thousandths. So a spelling is
read by a *convention*. Without one it is read by all of them: where they agree it is that, and
where they do not it is nothing, for a guess would be a comparison that nobody can trust.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pint import UnitRegistry

__all__ = ["CONVENTIONS", "Dimension", "Quantity", "convention_of", "meanings", "parse"]

Dimension = Literal["time", "size", "count", "share", "switch"]
Unit = tuple[Dimension, str | Decimal]
"""What a spelling stands for: a unit by its name, or a plain multiple of the base unit."""

LONGEST = 64
SWITCHES = {
    **dict.fromkeys(("on", "yes", "true", "enabled"), 1),
    **dict.fromkeys(("off", "no", "false", "disabled"), 0),
}
# Bounded, so that no value takes long or becomes a number of a million digits.
NUMBER = r"[0-9]{1,20}(?:\.[0-9]{1,20})?"
PLAIN = re.compile(rf"([+-]?(?:{NUMBER}|\.[0-9]{{1,20}})(?:[eE][+-]?[0-9]{{1,2}})?)")
WITH_UNIT = re.compile(rf"([+-]?{NUMBER})[ \t]{{0,4}}([A-Za-zµμ]{{1,12}}|%)")
PIECE = rf"({NUMBER})[ \t]{{0,4}}([A-Za-zµμ]{{1,12}})"
PIECES = re.compile(PIECE)
SEVERAL = re.compile(rf"(?:{PIECE}[ \t]{{0,4}}){{2,8}}")


@dataclass(frozen=True, slots=True)
class Quantity:
    """`magnitude` is in seconds (time), bytes (size), ones (count), parts of one (share: `50%` is
    0.5), or 1 and 0 for on and off (switch)."""

    magnitude: int | float
    dimension: Dimension
    written: str

    def comparable_with(self, other: "Quantity") -> bool:
        return self.dimension == other.dimension


def named(dimension: Dimension, name: str, *spellings: str) -> dict[str, Unit]:
    return dict.fromkeys(spellings, (dimension, name))


CLEAR: Mapping[str, Unit] = {
    **named("time", "nanosecond", "ns", "nsec", "nanosecond", "nanoseconds"),
    **named("time", "microsecond", "us", "µs", "μs", "usec", "microsecond", "microseconds"),
    **named("time", "millisecond", "ms", "msec", "millis", "millisecond", "milliseconds"),
    **named("time", "second", "s", "sec", "secs", "second", "seconds"),
    **named("time", "minute", "min", "mins", "minute", "minutes"),
    **named("time", "hour", "h", "hr", "hrs", "hour", "hours"),
    **named("time", "day", "d", "day", "days"),
    **named("time", "week", "w", "week", "weeks"),
    **named("size", "byte", "B", "byte", "bytes"),
    **named("size", "kibibyte", "KiB", "Ki", "kibibyte", "kibibytes"),
    **named("size", "mebibyte", "MiB", "Mi", "mebibyte", "mebibytes"),
    **named("size", "gibibyte", "GiB", "Gi", "gibibyte", "gibibytes"),
    **named("size", "tebibyte", "TiB", "Ti", "tebibyte", "tebibytes"),
    **named("size", "pebibyte", "PiB", "Pi", "pebibyte", "pebibytes"),
    "%": ("share", Decimal("0.01")),
}
"""Read so by every tool that knows them. Months and years are not of one length."""

PREFIXES = {"k": 1, "m": 2, "g": 3, "t": 4, "p": 5}
BINARY_NAMES = ("", "kibibyte", "mebibyte", "gibibyte", "tebibyte", "pebibyte")
DECIMAL_NAMES = ("", "kilobyte", "megabyte", "gigabyte", "terabyte", "petabyte")


def binary(*endings: str) -> dict[str, Unit]:
    """Powers of 1024 in letters of any case: `64m`, `64M`, `64mb`."""
    return {
        one: ("size", BINARY_NAMES[power])
        for letter, power in PREFIXES.items()
        for ending in endings
        for one in cases(letter + ending)
    }


def cases(word: str) -> set[str]:
    heads = {word[0].lower(), word[0].upper()}
    return {head + tail for head in heads for tail in (word[1:].lower(), word[1:].upper())}


def decimal_counts(*letters: str) -> dict[str, Unit]:
    return {one: ("count", Decimal(1000) ** PREFIXES[one.lower()]) for one in letters}


def decimal_bytes(*spellings: str) -> dict[str, Unit]:
    return {one: ("size", DECIMAL_NAMES[PREFIXES[one[0].lower()]]) for one in spellings}


CONVENTIONS: Mapping[str, Mapping[str, Unit]] = {
    # Counts and sizes by the International System of Units.
    "decimal": {
        **decimal_counts("k", "K", "M", "G"),
        **decimal_bytes("kB", "KB", "MB", "GB", "TB", "PB", "kilobytes", "megabytes", "gigabytes"),
    },
    # Docker and compose, the Java machine, MySQL, PHP, Apache.
    "binary": binary("", "b"),
    # Durations of Go, Prometheus and systemd.
    "duration": {"m": ("time", "minute")},
    # https://www.postgresql.org/docs/current/config-setting.html: letters count, 1024 multiplies.
    "postgresql": {
        one: ("size", name)
        for one, name in zip(("kB", "MB", "GB", "TB"), BINARY_NAMES[1:5], strict=True)
    },
    # https://nginx.org/en/docs/syntax.html: `m` and `M` are a size or a time by their directive.
    "nginx": {**binary(""), "m": ("time", "minute")},
    # https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/: thousandths
    # are used of processors, all else of memory and disks.
    "kubernetes": {
        "m": ("count", Decimal("0.001")),
        **decimal_bytes("k", "M", "G", "T", "P"),
    },
    # https://redis.io/docs/latest/operate/oss_and_stack/management/config/: 1k is 1000, 1kb 1024.
    "redis": {
        **{one: ("size", DECIMAL_NAMES[PREFIXES[one.lower()]]) for one in "kKmMgG"},
        **binary("b"),
    },
}
AMBIGUOUS_IN = {"nginx": {"m", "M"}}
"""Spellings that even their own tool reads in two ways, by the setting that they stand in."""

CONVENTION_OF = {
    **dict.fromkeys(("postgresql", "postgres", "postgresql_conf"), "postgresql"),
    **dict.fromkeys(("nginx", "openresty"), "nginx"),
    **dict.fromkeys(("redis", "valkey"), "redis"),
    **dict.fromkeys(("kubernetes", "kubelet", "k8s"), "kubernetes"),
    **dict.fromkeys(("prometheus", "alertmanager", "systemd"), "duration"),
    **dict.fromkeys(
        ("docker", "compose", "mysql", "mariadb", "php", "php_fpm", "apache", "httpd", "java"),
        "binary",
    ),
}


def convention_of(component: str) -> str | None:
    """The convention of a tool by its name, where it is known to have one."""
    name = re.sub(r"[^a-z0-9]+", "_", component.casefold()).strip("_")
    return CONVENTION_OF.get(name)


def of_setting(text: str, *, component: str, unit: str) -> Quantity | None:
    """The value by the conventions of its tool; a plain number is in the setting's own unit."""
    convention = convention_of(component)
    found = parse(text, convention=convention)
    if found is not None and found.dimension == "count" and unit:
        return parse(f"{text.strip()} {unit}", convention=convention) or found
    return found


def parse(text: str, *, convention: str | None = None) -> Quantity | None:
    """What the value is, or None where it is no quantity, or one of several.

    Without a convention only what all conventions agree on is read: `30s` and `512Mi`, not `64MB`
    (1000² or 1024²) and not `5m`. With one, its own spellings are read too. `meanings` tells the
    two kinds of None apart. Raises `KeyError` for a convention that is not in `CONVENTIONS`.
    """
    found = meanings(text, convention=convention)
    return found[0] if len(found) == 1 else None


def meanings(text: str, *, convention: str | None = None) -> list[Quantity]:
    """All that the value may be: none for what is no quantity, several for what differs by tool."""
    tables = CONVENTIONS if convention is None else {convention: CONVENTIONS[convention]}
    if len(text) > LONGEST:
        return []
    bare = text.strip(" \t\r\n")
    if bare.lower() in SWITCHES:
        return [Quantity(SWITCHES[bare.lower()], "switch", text)]
    if plain := PLAIN.fullmatch(bare):
        return [Quantity(tidy(Decimal(plain[1])), "count", text)]
    if one := WITH_UNIT.fullmatch(bare):
        number, spelling = one.groups()
        return [
            Quantity(tidy(Decimal(number) * factor(unit)), unit[0], text)
            for unit in units_of(spelling, tables)
        ]
    if SEVERAL.fullmatch(bare):
        seconds = in_descending_units(PIECES.findall(bare))
        return [] if seconds is None else [Quantity(tidy(seconds), "time", text)]
    return []


def units_of(spelling: str, tables: Mapping[str, Mapping[str, Unit]]) -> list[Unit]:
    """The different units that a spelling stands for in these conventions."""
    if spelling in CLEAR:
        return [CLEAR[spelling]]
    found = [table[spelling] for table in tables.values() if spelling in table]
    for name in tables.keys() & AMBIGUOUS_IN.keys():
        if spelling in AMBIGUOUS_IN[name]:
            found += [("time", "minute"), ("size", "mebibyte")]
    return list({(unit[0], factor(unit)): unit for unit in found}.values())


def in_descending_units(pieces: list[tuple[str, str]]) -> Decimal | None:
    """`1h30m` in seconds: after hours, and before seconds, `m` is minutes to every tool."""
    total, last = Decimal(0), None
    for number, spelling in pieces:
        unit: Unit = ("time", "minute") if spelling == "m" else CLEAR.get(spelling, ("count", ""))
        if unit[0] != "time":
            return None
        size = factor(unit)
        if last is not None and size >= last:
            return None
        total, last = total + Decimal(number) * size, size
    return total


def tidy(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


BASE = {"time": "second", "size": "byte"}


@lru_cache(maxsize=128)
def factor(unit: Unit) -> Decimal:
    """How many base units one of it is. Only our own names of units get here, never a text."""
    dimension, name = unit
    if isinstance(name, Decimal):
        return name
    return Decimal(registry().convert(Decimal(1), name, BASE[dimension]))


@lru_cache(maxsize=1)
def registry() -> "UnitRegistry[Decimal]":
    """Half a second and 19 MB: imported when the first unit is read, not with the site."""
    from pint import UnitRegistry  # noqa: PLC0415 (as said)

    return UnitRegistry(non_int_type=Decimal)
