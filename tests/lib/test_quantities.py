"""Values as configuration writes them."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.lib.quantities import (
    CLEAR,
    CONVENTIONS,
    LONGEST,
    Quantity,
    convention_of,
    meanings,
    parse,
)

MEBI = 1024**2


@pytest.mark.parametrize(
    ("text", "magnitude", "dimension"),
    [
        ("30s", 30, "time"),
        ("5 min", 300, "time"),
        ("250ms", 0.25, "time"),
        ("10µs", 0.00001, "time"),
        ("2 weeks", 1_209_600, "time"),
        ("1h30m", 5400, "time"),
        ("1m30s", 90, "time"),
        ("2d 4h", 187_200, "time"),
        ("1.5h", 5400, "time"),
        ("512Mi", 512 * MEBI, "size"),
        ("512 MiB", 512 * MEBI, "size"),
        ("100 bytes", 100, "size"),
        ("50%", 0.5, "share"),
        ("0.5 %", 0.005, "share"),
        ("on", 1, "switch"),
        ("Yes", 1, "switch"),
        ("TRUE", 1, "switch"),
        ("off", 0, "switch"),
        ("false", 0, "switch"),
        ("30", 30, "count"),
        (" 30 ", 30, "count"),
        ("-1", -1, "count"),
        ("0.75", 0.75, "count"),
        ("1e6", 1_000_000, "count"),
        ("9223372036854775807", 9_223_372_036_854_775_807, "count"),
    ],
)
def test_it_works(text: str, magnitude: float, dimension: str) -> None:
    found = parse(text)

    assert found is not None
    assert (found.magnitude, found.dimension, found.written) == (magnitude, dimension, text)
    assert isinstance(found.magnitude, int) == float(magnitude).is_integer()


@pytest.mark.parametrize(
    ("text", "convention", "magnitude", "dimension"),
    [
        ("64MB", "postgresql", 64 * MEBI, "size"),
        ("64MB", "decimal", 64_000_000, "size"),
        ("64mb", "binary", 64 * MEBI, "size"),
        ("512m", "binary", 512 * MEBI, "size"),
        ("4k", "decimal", 4000, "count"),
        ("4k", "nginx", 4096, "size"),
        ("4k", "redis", 4000, "size"),
        ("4kb", "redis", 4096, "size"),
        ("100m", "kubernetes", 0.1, "count"),
        ("64M", "kubernetes", 64_000_000, "size"),
        ("5m", "duration", 300, "time"),
    ],
)
def test_a_convention_says_what_differs_between_tools(
    text: str, convention: str, magnitude: float, dimension: str
) -> None:
    assert parse(text, convention=convention) == Quantity(magnitude, dimension, text)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["64MB", "4k", "100m", "5m", "1G", "2KB"])
def test_what_differs_between_tools_is_never_guessed(text: str) -> None:
    assert parse(text) is None
    assert len(meanings(text)) > 1


@pytest.mark.parametrize("text", ["5m", "5M"])
def test_nginx_itself_reads_some_in_two_ways(text: str) -> None:
    assert parse(text, convention="nginx") is None
    assert {one.dimension for one in meanings(text, convention="nginx")} == {"time", "size"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "unknown",
        "none",
        "1,000",
        "1 000",
        "1_000",
        "0x1f",
        "٣٠",
        "30s30s",
        "30m1h",
        "1h30",
        "3 months",
        "1y",
        "5 parsec",
        "2 min * 3",
        "s",
        "30ss",
        "inf",
        "nan",
        "1e999",
        "10 10s",
        "30s\n40s",
        "256 B 3 s",
    ],
)
def test_other_text_is_no_quantity(text: str) -> None:
    assert meanings(text) == []


def test_hostile_numbers_are_no_quantity() -> None:
    assert parse("9" * (LONGEST + 1)) is None
    assert parse("1e99999999") is None
    assert parse("9**9**9") is None
    assert parse(" " * 1_000_000 + "s") is None


def test_an_unknown_convention_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(KeyError):
        parse("30s", convention="klingon")


@pytest.mark.parametrize(
    ("component", "convention"),
    [("PostgreSQL", "postgresql"), ("php-fpm", "binary"), ("nginx", "nginx"), ("unicorn", None)],
)
def test_a_tool_by_its_name(component: str, convention: str | None) -> None:
    assert convention_of(component) == convention


SOME_CONVENTION = st.sampled_from([None, *CONVENTIONS])
NEARLY = st.from_regex(r"\A[-+0-9. eEsmhdkKMGiBµ%]{0,70}\Z")


@given(text=st.one_of(st.text(max_size=200), NEARLY), convention=SOME_CONVENTION)
def test_any_text_is_a_quantity_or_none(text: str, convention: str | None) -> None:
    found = parse(text, convention=convention)

    assert found is None or (found.written == text and found.magnitude == found.magnitude)


@given(
    number=st.integers(min_value=0, max_value=10**9),
    unit=st.sampled_from(sorted(CLEAR)),
    convention=SOME_CONVENTION,
)
def test_clear_units_are_the_same_by_every_convention(
    number: int, unit: str, convention: str | None
) -> None:
    found = parse(f"{number}{unit}", convention=convention)

    assert found is not None
    assert found == parse(f"{number}{unit}")


def test_the_units_are_not_loaded_with_the_site() -> None:
    code = (
        "import sys, incidents.lib.quantities as q; q.parse('30'); sys.exit('pint' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
