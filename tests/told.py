"""What tests counted, printed at the end of a run: `record_property("counted", "…")`."""

import pytest

COUNTED = "counted"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    # Of a test that was tried twice, what the second try counted.
    told = [
        str(value)
        for outcome, reports in terminalreporter.stats.items()
        for report in reports
        if outcome != "rerun" and isinstance(report, pytest.TestReport) and report.when == "call"
        for name, value in report.user_properties
        if name == COUNTED
    ]
    if told:
        terminalreporter.section("What was counted")
        for value in sorted(told):
            terminalreporter.line(value)
