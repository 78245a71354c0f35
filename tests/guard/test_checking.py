"""A configuration against guards, and the reports of it."""

import json
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from incidents.guard.checking import check
from incidents.guard.configuration import CannotRead
from incidents.guard.findings import Asked, Kind, Level, Past, Report
from incidents.guard.past_turns import Turn
from incidents.guard.reports import FORMATS
from tests.guard.readings import settled

LESSON = Past("LES-7", "Fit the limit to the longest task", "https://pm.example/lessons/LES-7/")
LAUNCH = Past("INC-1", "Launch night", "https://pm.example/incidents/INC-1/")
GUARD = Asked(
    "unicorn.timeout >= 60", "", "{unicorn.timeout} s is\ntoo short.", "error", LESSON, LAUNCH
)
TURN = Turn("unicorn", "timeout", "s", "30", "60", "fixed", LAUNCH)
READ = Report(files=["unicorn.rb"], sources={"unicorn.rb": ["timeout 30 # timeout"]})


def checked(*guards, timeout=30, before=None):
    return check(
        READ,
        settled(timeout=timeout),
        guards or [GUARD],
        before=settled(timeout=before) if before else None,
        turns=[TURN],
    )


def test_it_works():
    (finding,) = checked().findings

    assert finding.kind is Kind.VIOLATED
    assert finding.level is Level.ERROR
    assert finding.message == "30 s is\ntoo short."
    assert finding.lesson == LESSON
    assert finding.incidents == (LAUNCH,)
    assert (finding.setting.file, finding.setting.line, finding.name) == (
        "unicorn.rb",
        1,
        "unicorn.timeout",
    )


def test_a_guard_that_holds_finds_nothing():
    report = checked(timeout=90)

    assert (report.findings, report.held, report.checked) == ([], [LESSON], 1)


def test_a_guard_whose_values_are_missing_is_not_checked_and_says_which():
    report = checked(replace(GUARD, expression="unicorn.timeout < nginx.timeout"))

    (guard,) = report.not_checked
    assert guard.missing == ("nginx.timeout",)
    assert report.findings == []
    assert report.checked == 0


def test_a_guard_that_does_not_concern_it_is_in_no_list():
    report = checked(replace(GUARD, precondition="unicorn.timeout > 100"))

    assert (report.findings, report.not_checked, report.held) == ([], [], [])


def test_with_the_configuration_before_it_says_what_is_repeated():
    report = checked(before=60)

    assert [one.kind for one in report.findings] == [Kind.VIOLATED, Kind.REPEATS]
    assert checked(before=30).findings == checked().findings


def test_notes_are_no_verdicts():
    report = checked(timeout=61, before=60)

    assert [one.kind for one in report.findings] == [Kind.TOUCHES]
    assert report.verdicts == []


def whole():
    report = checked(GUARD, replace(GUARD, expression="a.b > 1"), before=60)
    return replace(report, unreadable=[CannotRead("It is no TOML.", file="x.toml", line=3)])


def test_the_text_quotes_the_line_and_marks_the_value():
    lines = FORMATS["text"](whole()).splitlines()

    assert lines[0] == "cannot read: x.toml:3: It is no TOML."
    assert lines[1] == "unicorn.rb:1: error [LES-7]: 30 s is too short."
    assert lines[2] == "    1 | timeout 30 # timeout"
    assert lines[3] == "      |         ^^"
    assert "  LES-7: needs a.b" in lines
    assert lines[-1] == "1 file, 1 values, 1 guard checked: 2 findings."


def test_json_has_everything():
    told = json.loads(FORMATS["json"](whole()))

    assert told["findings"][0]["place"] == {"file": "unicorn.rb", "line": 1, "written": "30"}
    assert told["findings"][0]["lesson"]["reference"] == "LES-7"
    assert told["findings"][1]["incidents"][0]["reference"] == "INC-1"
    assert told["not_checked"][0]["missing"] == ["a.b"]
    assert told["unreadable"] == [{"file": "x.toml", "line": 3, "message": "It is no TOML."}]


def test_sarif_names_rule_place_and_level():
    (run,) = json.loads(FORMATS["sarif"](whole()))["runs"]

    result = run["results"][0]
    assert (result["ruleId"], result["level"]) == ("LES-7", "error")
    place = result["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "unicorn.rb"}, "region": {"startLine": 1}}
    rules = run["tool"]["driver"]["rules"]
    assert [rules[one["ruleIndex"]]["id"] for one in run["results"]] == [
        "LES-7",
        "repeats-a-change",
    ]
    assert run["invocations"][0]["executionSuccessful"] is False


def test_junit_counts():
    suite = ET.fromstring(FORMATS["junit"](whole()))

    assert {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": "4",
        "failures": "2",
        "errors": "1",
        "skipped": "1",
    }
    assert len(suite.findall("testcase")) == 4


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_found_is_a_report_too(name):
    assert FORMATS[name](check(Report(), settled(), []))


@pytest.mark.parametrize("name", FORMATS)
def test_hostile_texts_stay_texts(name):
    hostile = "</testcase><x a='\"'>\x00\x1b[2J\u202e\ud800 {unicorn.timeout} ]]> %s"
    past = Past("LES-7", hostile.replace("\ud800", ""), "javascript:alert(1)")
    message = hostile.replace("\ud800", "")
    report = check(
        replace(READ, sources={"unicorn.rb": [hostile]}),
        settled(timeout=30),
        [replace(GUARD, lesson=past, incident=past, message=message)],
    )

    written = FORMATS[name](report)

    if name == "junit":
        (case,) = ET.fromstring(written).findall("testcase")
        assert "</testcase><x" in case[0].get("message")
    elif name == "text":
        assert "\x1b" not in written
        assert "\u202e" not in written
    else:
        assert json.loads(written)
