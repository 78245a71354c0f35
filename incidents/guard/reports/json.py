"""For programs of one's own: everything that is known of each finding."""

import json
from typing import Any

from incidents.guard.configuration import Setting
from incidents.guard.findings import Finding, Past, Report


def write(report: Report) -> str:
    return json.dumps(as_data(report), indent=2, ensure_ascii=False) + "\n"


def as_data(report: Report) -> dict[str, Any]:
    return {
        "files": report.files,
        "settings": report.settings,
        "held": [_past(lesson) for lesson in report.held],
        "findings": [_finding(finding) for finding in report.findings],
        "not_checked": [
            {
                "lesson": _past(guard.lesson),
                "missing": list(guard.missing),
                "reasons": list(guard.reasons),
            }
            for guard in report.not_checked
        ],
        "unreadable": [
            {"file": error.file, "line": error.line, "message": error.message}
            for error in report.unreadable
        ],
        "notes": report.notes,
        "run": report.run or None,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "kind": finding.kind.value,
        "level": finding.level.value,
        "message": " ".join(finding.message.split()),
        "name": finding.name or None,
        "place": _place(finding.setting) if finding.setting else None,
        "values": {name: _place(setting) for name, setting in finding.values.items()},
        "lesson": _past(finding.lesson) if finding.lesson else None,
        "incidents": [_past(incident) for incident in finding.incidents],
    }


def _place(setting: Setting) -> dict[str, Any]:
    return {"file": setting.file, "line": setting.line, "written": setting.written}


def _past(past: Past) -> dict[str, str]:
    return {"reference": past.reference, "title": past.title, "url": past.url}
