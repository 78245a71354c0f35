"""What a check has found, written for people and for programs: one file a format."""

from collections.abc import Callable

from incidents.guard.findings import Report
from incidents.guard.reports import json, junit, sarif, text

FORMATS: dict[str, Callable[[Report], str]] = {
    "text": text.write,
    "json": json.write,
    "sarif": sarif.write,
    "junit": junit.write,
}
MEDIA_TYPES = {
    "text": "text/plain; charset=utf-8",
    "json": "application/json",
    "sarif": "application/sarif+json",
    "junit": "application/xml",
}
