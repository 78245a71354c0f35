"""Patterns of RE2 as JavaScript's. That both match alike is tried in tests/browser."""

import pytest

from incidents.runbooks.offline.patterns import NotForTheDevice, Pattern, for_javascript


@pytest.mark.parametrize(
    ("pattern", "source", "flags"),
    [
        ("Disk.*", r"Disk[^\n]*", ""),
        ("(?i)disk|full", "disk|full", "i"),
        ("(?s)a.b", r"a[\s\S]b", ""),
        ("(?P<what>cpu|memory)High", "(?<what>cpu|memory)High", ""),
        (r"[[:alpha:]]+\d{2,3}", r"[A-Za-z]+\d{2,3}", ""),
        (r"\Qa.b\E", r"a\u{2e}b", ""),
        (r"\x41\x{1F600}\pL\p{Greek}", r"\u{41}\u{1F600}\p{L}\p{Script=Greek}", ""),
        ("x{a}", r"x\u{7b}a\u{7d}", ""),
        (r"\Aa\z", "^a$", ""),
        ("a?" * 8, "a?" * 8, ""),
        ("Disk(Full|Slow)?(Soon)?", "Disk(Full|Slow)?(Soon)?", ""),
        ("|".join("abcdefgh" * 50), "|".join("abcdefgh" * 50), ""),
    ],
)
def test_it_works(pattern: str, source: str, flags: str) -> None:
    assert for_javascript(pattern) == Pattern(source, flags)


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+",
        "(a|aa)*",
        "((a|b)c)+",
        "(a{2,})*",
        ".*.*.*.*.*x",
        "(a?){28}a{28}",
        "(a??){28}a{28}",
        "((a)?b?)+",
        "a?" * 28 + "a{28}",
        "a?" * 9,
        "(?:a|a)" * 28 + "b",
        "(?:|a)" * 28 + "a{28}",
    ],
)
def test_what_could_take_for_ever_is_refused(pattern: str) -> None:
    with pytest.raises(NotForTheDevice):
        for_javascript(pattern)


@pytest.mark.parametrize("pattern", ["disk(?i:full)", "(?U)a+", "(?m)^a$", r"\C", r"[\b]"])
def test_what_javascript_does_not_know_is_refused(pattern: str) -> None:
    with pytest.raises(NotForTheDevice):
        for_javascript(pattern)
