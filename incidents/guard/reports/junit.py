"""JUnit's XML, as CI servers read it: a verdict is a failure, what was not checked is skipped."""

import re
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from incidents.guard.findings import Finding, Level, Report
from incidents.guard.reports.text import summary

# What XML 1.0 has no way to write.
_UNFIT = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(report: Report) -> str:
    suite = Element("testsuite", name="configuration")
    for error in report.unreadable:
        case = _case(suite, "files", error.file or "file")
        SubElement(case, "error", message=fit(error.message)).text = fit(str(error))
    for finding in report.findings:
        _add(suite, report, finding)
    for guard in report.not_checked:
        case = _case(suite, "guard", guard.lesson.reference)
        SubElement(case, "skipped", message=fit("; ".join(guard.reasons)))
    for lesson in report.held:
        _case(suite, "guard", f"{lesson.reference} {lesson.title}")
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(len(report.verdicts)))
    suite.set("errors", str(len(report.unreadable)))
    suite.set("skipped", str(len(report.not_checked)))
    SubElement(suite, "system-out").text = summary(report)
    indent(suite)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(suite, encoding="unicode") + "\n"


def _add(suite: Element, report: Report, finding: Finding) -> None:
    case = _case(suite, finding.kind.value, f"{finding.rule} {finding.name}")
    setting = finding.setting
    body = ""
    if setting:
        case.set("file", fit(setting.file))
        case.set("line", str(setting.line))
        body = f"{setting.file}:{setting.line}\n{report.line_of(setting)}"
    message = fit(" ".join(finding.message.split()))
    if finding.level is Level.NOTE:
        SubElement(case, "system-out").text = message
    else:
        SubElement(case, "failure", message=message, type=finding.level.value).text = fit(body)


def _case(suite: Element, group: str, name: str) -> Element:
    return SubElement(suite, "testcase", classname=group, name=fit(name))


def fit(text: str) -> str:
    return _UNFIT.sub("\ufffd", text)
