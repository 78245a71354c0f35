"""What was found as plain values, to be kept until it is applied: without secrets, and without
characters that no database takes."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from incidents.importers.found import (
    FoundAction,
    FoundDelta,
    FoundEvent,
    FoundFactor,
    FoundFile,
    FoundIncident,
    FoundMeasure,
    FoundPerson,
    FoundRecord,
    FoundRunbook,
)
from incidents.lib.approximate_time import ApproximateTime, Precision
from incidents.lib.secret_values import masked

PARTS: dict[str, type[Any]] = {
    "events": FoundEvent,
    "factors": FoundFactor,
    "deltas": FoundDelta,
    "measures": FoundMeasure,
    "people": FoundPerson,
    "actions": FoundAction,
}
AS_THEY_ARE = {"key", "time_zone", "email", "kind", "role", "state", "severity", "detection"}
AS_THEY_ARE |= {"slug", "path", "sha256"}
SAID_IF_THERE = {"files"}
"""What a record may have since it was first brought in: without them it says what it did."""
NOT_SAID = {"where", "missing"}
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


def as_plain(found: FoundRecord) -> dict[str, Any]:
    plain: dict[str, Any] = _plain(found)
    for delta in plain.get("deltas", []):
        for side in ("before", "after"):
            if delta[side] is not None:
                delta[side] = masked(delta[side], name=delta["key"])
    return plain


def _plain(value: Any, name: str = "") -> Any:
    if isinstance(value, str):
        text = _NO_TEXT.sub("\ufffd", value)
        return text if name in AS_THEY_ARE else masked(text)
    return _plain_value(value)


def _plain_value(value: Any) -> Any:
    match value:
        case ApproximateTime():
            return [value.at.isoformat() if value.at else None, value.precision.value]
        case date():
            return value.isoformat()
        case Mapping():
            return {key: _plain(each) for key, each in value.items()}
        case tuple() | list():
            return [_plain(each) for each in value]
        case None:
            return None
    names = [field.name for field in fields(value)]
    return {each: _plain(getattr(value, each), each) for each in names}


def is_runbook(plain: Mapping[str, Any]) -> bool:
    return "slug" in plain


def runbook_of(plain: Mapping[str, Any]) -> FoundRunbook:
    files = tuple(FoundFile(**file) for file in plain["files"])
    lists = {name: tuple(plain[name]) for name in ("alerts", "services")}
    return FoundRunbook(**{**plain, **lists, "files": files})


def found_of(plain: Mapping[str, Any]) -> FoundIncident:
    values = dict(plain)
    values["files"] = tuple(FoundFile(**file) for file in plain.get("files", []))
    for name, part in PARTS.items():
        values[name] = tuple(part(**_restored(row)) for row in plain[name])
    values["times"] = {phase: _time(time) for phase, time in plain["times"].items()}
    values["services"], values["tags"] = tuple(plain["services"]), tuple(plain["tags"])
    return FoundIncident(**values)


def _restored(row: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(row)
    if "at" in values:
        values["at"] = _time(values["at"])
    if values.get("due"):
        values["due"] = date.fromisoformat(values["due"])
    return values


def _time(plain: list[str]) -> ApproximateTime:
    at, precision = plain
    return ApproximateTime(
        at=datetime.fromisoformat(at) if at else None, precision=Precision(precision)
    )


def sha256_of(plain: Mapping[str, Any]) -> str:
    """Of what a record says, wherever it was found; in hexadecimal."""
    said = {
        name: value
        for name, value in plain.items()
        if name not in NOT_SAID and (value or name not in SAID_IF_THERE)
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
