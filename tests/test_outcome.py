from pathlib import Path

import pytest

from tests.outcome import Outcome, judge, read_outcome, summary

REPORT = """<testsuites><testsuite>
<testcase classname="tests.a" name="test_good"/>
<testcase classname="tests.a" name="test_bad"><failure message="no"/></testcase>
<testcase classname="tests.a" name="test_torn"><error message="in teardown"/></testcase>
<testcase classname="tests.a" name="test_later"><skipped message="no engine"/></testcase>
</testsuite></testsuites>"""


def read(tmp_path: Path, exit_code: int, text: str = REPORT) -> Outcome:
    report = tmp_path / "report.xml"
    if text:
        report.write_text(text)
    return read_outcome("SQLite", report=report, exit_code=exit_code, seconds=1.0)


def test_it_works(tmp_path: Path) -> None:
    outcome = read(tmp_path, 1)

    assert (outcome.passed, outcome.failed) == (1, 2)
    assert outcome.skipped == [("tests.a::test_later", "no engine")]
    assert judge([outcome], require_all=False).line == "1 passed, 2 failed"
    assert "no engine" in summary([outcome])


def test_what_passes_at_the_second_try_is_counted_once_and_named(tmp_path: Path) -> None:
    case = '<testcase classname="tests.a" name="test_{}"'
    tries = f"""<testsuites><testsuite>
    {case.format("unsteady")}/>{case.format("unsteady")}/>{case.format("good")}/>
    {case.format("bad")}/>{case.format("bad")}><failure message="no"/></testcase>
    </testsuite></testsuites>"""

    outcome = read(tmp_path, 1, text=tries)

    assert (outcome.passed, outcome.failed) == (2, 1)
    assert outcome.unsteady == ["tests.a::test_unsteady"]
    assert "tests.a::test_unsteady" in summary([outcome])


@pytest.mark.parametrize("exit_code", [-9, 1, 2, 3, 4])
def test_a_run_that_leaves_no_report_has_failed(tmp_path: Path, exit_code: int) -> None:
    assert read(tmp_path, exit_code, text="").failed == 1


def test_a_part_without_tests_is_missing(tmp_path: Path) -> None:
    assert read(tmp_path, 5, text="").missing


def test_a_skip_is_no_failure_unless_all_is_required() -> None:
    outcome = Outcome("SQLite", passed=3, skipped=[("tests.a::test_later", "no engine")])

    assert judge([outcome], require_all=False).exit_code == 0
    assert judge([outcome], require_all=True).exit_code == 1


def test_a_missing_part_is_no_failure_unless_all_is_required() -> None:
    outcomes = [Outcome("SQLite", passed=3), Outcome("Browser", missing="no Chromium")]

    assert judge(outcomes, require_all=False).exit_code == 0
    assert judge(outcomes, require_all=True).line == "3 passed, 1 failed"


def test_what_nobody_can_install_is_named_and_no_failure() -> None:
    lacking = Outcome("Quality", missing="no corpus", is_installable=False)
    outcomes = [Outcome("SQLite", passed=3), lacking]

    assert judge(outcomes, require_all=True).exit_code == 0
    assert "not run: no corpus" in summary(outcomes)


def test_that_nothing_ran_is_a_failure() -> None:
    assert judge([Outcome("SQLite", missing="no tests")], require_all=False).exit_code == 1
