"""Lines of alert matchers: what they mean, and what they are refused for."""

import contextlib

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from incidents.lookup.matchers import (
    LONGEST_LINE,
    Matcher,
    UnreadableAlerts,
    line_for,
    read_alerts,
    read_line,
    readable_alerts,
)

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def meaning(line: str) -> list[tuple[str, str, str]]:
    return [tuple(matcher) for matcher in read_line(line).matchers]  # type: ignore[misc]


def refusal(text: str) -> str:
    with pytest.raises(UnreadableAlerts) as refused:
        read_alerts(text)
    return str(refused.value)


def matches(line: str, **labels: str) -> bool:
    return read_line(line).matches(labels)


def test_it_works() -> None:
    line = 'alertname=~"KubePod.*", severity="critical"'
    assert meaning(line) == [("alertname", "=~", "KubePod.*"), ("severity", "=", "critical")]
    assert matches(line, alertname="KubePodCrashLooping", severity="critical")
    assert not matches(line, alertname="KubePodCrashLooping", severity="warning")


def test_a_bare_word_is_the_name_of_an_alert() -> None:
    assert meaning("KubePodCrashLooping") == [("alertname", "=", "KubePodCrashLooping")]
    assert meaning("job:errors:rate5m") == [("alertname", "=", "job:errors:rate5m")]
    assert meaning("Störung") == [("alertname", "=", "Störung")]


def test_empty_lines_and_spaces_around_mean_nothing() -> None:
    lines = read_alerts("\n  DiskFull  \r\n\r\n{ team = db }\n")
    assert [line.text for line in lines] == ["DiskFull", "{ team = db }"]


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        # Braces are optional, and so is what follows the last comma.
        ('{foo="bar"}', [("foo", "=", "bar")]),
        ('{foo = "bar", dings != "bums", }', [("foo", "=", "bar"), ("dings", "!=", "bums")]),
        ("foo=bar,dings!=bums", [("foo", "=", "bar"), ("dings", "!=", "bums")]),
        # Commas, braces and operators in quotes are text.
        ('foo="a,b={c}!"', [("foo", "=", "a,b={c}!")]),
        ('quote="She said: \\"Hi, ladies!\\""', [("quote", "=", 'She said: "Hi, ladies!"')]),
        ('statuscode=~"5.."', [("statuscode", "=~", "5..")]),
        ('foo!~"a|b"', [("foo", "!~", "a|b")]),
        ('foo=""', [("foo", "=", "")]),
        ("foo=", [("foo", "=", "")]),
        # UTF-8: any label name, quoted or without reserved characters.
        ('"my label"="x", größe="2"', [("my label", "=", "x"), ("größe", "=", "2")]),
        ('{"a\\u00e9"="\\x41\\103"}', [("aé", "=", "AC")]),
        ('"a"="\\U0001f525"', [("a", "=", "\U0001f525")]),
        ("🙂=🙂", [("🙂", "=", "🙂")]),
        # Classic: one brace alone, values with spaces, backslashes that are no escapes.
        ('{foo="bar"', [("foo", "=", "bar")]),
        ("foo=bar baz", [("foo", "=", "bar baz")]),
        ('foo=~"5\\d\\d"', [("foo", "=~", "5\\d\\d")]),
        ("foo=a\\", [("foo", "=", "a\\")]),
        ("foo=it's", [("foo", "=", "it's")]),
        ('foo="a\\nb\\\\c"', [("foo", "=", "a\nb\\c")]),
    ],
)
def test_what_alertmanager_reads_is_read(line: str, meant: list[tuple[str, str, str]]) -> None:
    assert meaning(line) == meant


def test_where_both_readings_differ_the_classic_one_holds() -> None:
    assert meaning('foo="a\\tb"') == [("foo", "=", "a\\tb")]
    # With a quoted name only the newer rules can read it.
    assert meaning('"foo"="a\\tb"') == [("foo", "=", "a\tb")]


def test_a_missing_label_counts_as_empty() -> None:
    assert matches('team=""')
    assert matches('team!="db"')
    assert matches('team=~"|db"')
    assert not matches('team=~".+"')
    assert not matches('team!=""')


def test_a_pattern_fits_the_whole_value() -> None:
    assert matches('alertname=~"a|bc"', alertname="bc")
    assert not matches('alertname=~"Pod"', alertname="KubePodCrash")
    assert not matches('alertname=~"Kube|Pod"', alertname="KubePod")
    assert matches('alertname!~"Pod"', alertname="KubePodCrash")
    assert matches('a=~"(?i)kube.*"', a="KUBE")
    # As in Go, the dot is no line end.
    assert not matches('a=~"x.y"', a="x\ny")


def test_names_of_alerts_are_told_apart_by_case() -> None:
    assert not matches("DiskFull", alertname="diskfull")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("DiskFull\n  the disk is full", "Line 2: “the disk is full” is neither"),
        ("the disk is full", 'alertname="the disk is full"'),
        ("DiskFull, DiskSlow", "several alerts stand on a line each"),
        ("{}", "Line 1: without any matcher"),
        ('alertname="X" severity="y"', "expected a comma or the end of the line, at character 15"),
        ('  foo=="b"', 'expected a value, at character 7, where it says “="b"”'),
        ('a="b", c', "expected an operator (=, !=, =~ or !~), at character 9."),
        ("a=b,,c=d", "expected a label's name, at character 5"),
        ('{a="b", "c"="d"', "expected a comma or the closing brace, at character 16."),
        ('{"a"="b"} x', "expected the end of the line, at character 11"),
        ('"a"="b"}', "expected a comma or the end of the line, at character 8"),
        ('a="b', "expected another quote that closes this one, at character 3"),
        ('""="b"', "expected a label's name, at character 1"),
        ('"a"="\\d"', "expected \\\\ for a backslash, at character 6, where it says “\\d”"),
        ('"a"="\\ud800"', "expected \\\\ for a backslash"),
        ('"a"="\\xff"', "expected bytes that are UTF-8"),
        ("'a'='b'", "expected quotes around a text with this sign, at character 1"),
        ('a=~"(x"', "“(x” is no pattern: missing ): (x, at character 4."),
        ('a=~"(?=x)"', "is no pattern"),
        ('a=~"((a{99}){99}){99}"', "is no pattern"),
        ('a="\ud800"', "cannot be kept"),
        ("x" * (LONGEST_LINE + 1), "longer than 1,000 characters"),
    ],
)
def test_each_refusal_says_where_and_what(text: str, said: str) -> None:
    assert said in refusal(text)


def test_all_that_is_wrong_is_said_at_once() -> None:
    assert refusal("a b\nDiskFull\nc d").count("Line ") == 2


def test_what_was_written_before_it_was_checked_is_passed_over() -> None:
    lines = readable_alerts("the disk is full\nDiskFull")
    assert [line.text for line in lines] == ["DiskFull"]


def test_the_most_specific_line_is_the_greatest() -> None:
    lines = [
        'team!="db"',
        'team=~"d.*"',
        'severity="page"',
        'severity="page", team!="db"',
        'severity="page", team=~"d.*"',
        'severity="page", team="db"',
        'alertname=~"Disk.*"',
        'alertname=~"Disk.*", severity="page"',
        "DiskFull",
        'alertname="DiskFull", team!="db"',
        'alertname="DiskFull", severity="page"',
    ]
    by_specificity = sorted(lines, key=lambda line: read_line(line).specificity)
    assert by_specificity == lines


def test_saying_the_same_twice_is_not_more_specific() -> None:
    twice = read_line('alertname="A", alertname="A"')
    assert twice.specificity == read_line("A").specificity


def test_to_have_no_name_is_not_to_be_named() -> None:
    assert read_line('alertname="", team="db"').specificity.names_alert == 0


def test_the_exact_name_is_known_for_the_index() -> None:
    assert read_line("DiskFull").alertname == "DiskFull"
    assert read_line('severity="page", alertname="DiskFull"').alertname == "DiskFull"
    assert read_line('alertname=~"DiskFull"').alertname is None


@pytest.mark.parametrize("name", ["DiskFull", "Disk full", 'The "disk"', "a\\b", "{x}", "é\nf"])
def test_every_name_has_a_line(name: str) -> None:
    assert read_line(line_for(name)).alertname == name


def test_a_name_that_fits_on_no_line_has_none() -> None:
    assert line_for("") == line_for("x" * 2_000) == ""


@given(st.text(max_size=60))
def test_any_line_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(UnreadableAlerts):
        for line in read_alerts(text):
            line.matches({"alertname": "DiskFull"})


@given(st.dictionaries(TEXTS.filter(bool), TEXTS, min_size=1, max_size=4))
def test_what_is_quoted_by_the_newer_rules_is_read_back(labels: dict[str, str]) -> None:
    def quoted(text: str) -> str:
        return '"' + "".join(f"\\U{ord(char):08x}" for char in text) + '"'

    line = ",".join(f"{quoted(name)}={quoted(value)}" for name, value in labels.items())
    assume(len(line) <= LONGEST_LINE)
    assert read_line(line).matches(labels)


def test_a_pattern_that_python_would_never_finish_ends() -> None:
    assert not Matcher("a", "=~", "(x+x+)+y").holds({"a": "x" * 100_000})
