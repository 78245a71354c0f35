"""SARIF 2.1.0 (OASIS): GitHub and GitLab show each finding on its line."""

import hashlib
import json
from typing import Any
from urllib.parse import quote

from incidents.guard.configuration import Setting
from incidents.guard.findings import Finding, Kind, Report

VERSION = "2.1.0"
SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
RULES = {
    Kind.REPEATS: "Repeats a change that contributed to an incident, or takes back a fix",
    Kind.TOUCHES: "Touches a knob that incidents have turned",
}


def write(report: Report) -> str:
    return json.dumps(as_data(report), indent=2, ensure_ascii=False) + "\n"


def as_data(report: Report) -> dict[str, Any]:
    rules = {finding.rule: _rule(finding) for finding in report.findings}
    order = list(rules)
    said = [
        _notification("error", str(error), error.file, error.line) for error in report.unreadable
    ]
    for guard in report.not_checked:
        why = "; ".join(guard.reasons)
        said.append(
            _notification(
                "warning",
                f"{guard.lesson.reference} was not checked: {why}",
            )
        )
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "postmortems",
                "fullName": "Lessons of incidents, checked against configuration",
                "rules": list(rules.values()),
            }
        },
        "results": [_result(finding, order.index(finding.rule)) for finding in report.findings],
        "invocations": [
            {
                "executionSuccessful": not report.unreadable,
                "toolExecutionNotifications": said,
            }
        ],
        "columnKind": "unicodeCodePoints",
    }
    return {"$schema": SCHEMA, "version": VERSION, "runs": [run]}


def _rule(finding: Finding) -> dict[str, Any]:
    says = finding.lesson.title if finding.lesson else RULES[finding.kind]
    rule: dict[str, Any] = {
        "id": finding.rule,
        "shortDescription": {"text": says},
        "defaultConfiguration": {"level": finding.level.value},
    }
    if finding.lesson and finding.lesson.url.startswith("http"):
        rule["helpUri"] = finding.lesson.url
    return rule


def _result(finding: Finding, rule: int) -> dict[str, Any]:
    message = " ".join(finding.message.split())
    incidents = ", ".join(f"{one.reference} {one.title}" for one in finding.incidents[:5])
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": rule,
        "level": finding.level.value,
        "message": {"text": f"{message} ({incidents})" if incidents else message},
        # The same finding in the next run, wherever its line has moved.
        "partialFingerprints": {"findingHash/v1": _fingerprint(finding)},
    }
    if finding.setting:
        result["locations"] = [_location(finding.setting)]
    others = [one for one in finding.values.values() if one != finding.setting]
    if others:
        result["relatedLocations"] = [
            _location(setting) | {"id": number, "message": {"text": setting.key}}
            for number, setting in enumerate(others, start=1)
        ]
    return result


def _location(setting: Setting) -> dict[str, Any]:
    return _place(setting.file, setting.line)


def _place(file: str, line: int | None) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": quote(file)}}
    if line:
        physical["region"] = {"startLine": line}
    return {"physicalLocation": physical}


def _notification(level: str, text: str, file: str = "", line: int | None = None) -> dict[str, Any]:
    said: dict[str, Any] = {"level": level, "message": {"text": text}}
    if file:
        said["locations"] = [_place(file, line)]
    return said


def _fingerprint(finding: Finding) -> str:
    file = finding.setting.file if finding.setting else ""
    text = "\0".join([finding.rule, finding.kind.value, finding.name, file])
    return hashlib.sha256(text.encode()).hexdigest()[:32]
