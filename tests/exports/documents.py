"""Documents for tests of the formats, without a database."""

from datetime import UTC, datetime
from typing import Any

from incidents.exports.documents import Document
from incidents.exports.packs import Pack

AS_OF = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)


def coded(code: str = "x", label: str = "") -> dict[str, str]:
    return {"code": code, "label": label or code}


def a_time(at: str | None = None, text: str = "time unknown") -> dict[str, Any]:
    return {"at": at, "precision": "minute" if at else "unknown", "text": text}


def a_text(markdown: str, html: str = "") -> dict[str, str]:
    return {"markdown": markdown, "html": html}


def a_delta(**changes: Any) -> dict[str, Any]:
    return {
        "component": "unicorn",
        "key": "timeout",
        "unit": "s",
        "before": {"known": "known", "value": "30"},
        "after": {"known": "known", "value": "60"},
        "part": coded("fixed"),
        "where": "",
        "time": a_time(),
        "note": "",
        "source": "",
        **changes,
    }


def an_event(**changes: Any) -> dict[str, Any]:
    return {
        "time": a_time("2026-03-14T02:10:00+00:00", "14 Mar 2026, 02:10 UTC"),
        "time_note": "",
        "kind": coded("symptom"),
        "text": a_text("Latency rose", "<p>Latency rose</p>"),
        "who": "",
        "known_then": None,
        "source": "",
        **changes,
    }


def a_document(**changes: Any) -> Document:
    data = {
        "reference": "INC-7",
        "address": "http://127.0.0.1:8000/incidents/INC-7/",
        "title": "Orders time out",
        "kind": coded("own", "own incident"),
        "state": coded("published"),
        "severity": coded("sev2", "SEV2 major"),
        "detection": coded("monitoring", "monitoring or an alert"),
        "restricted": False,
        "time_zone": "UTC",
        "owner": None,
        "services": ["Payments"],
        "teams": [],
        "tags": [],
        "source": {"title": "", "address": ""},
        "published_at": None,
        "withdrawn_reason": "",
        "version": 1,
        "times": {name: a_time() for name in ("began", "detected", "mitigated", "resolved")},
        "took": [],
        "prose": [],
        "events": [],
        "impact": [],
        "factors": [],
        "deltas": [],
        "people": [],
        "lessons": [],
        "earlier_lessons": [],
        "runbooks": [],
        "related": [],
        "action_items": [],
    }
    return Document({**data, **changes})


def a_pack(*documents: Document) -> Pack:
    return Pack(
        title="INC-7 Orders time out",
        foot="INC-7 · as of 14 Mar 2026",
        as_of=AS_OF,
        documents=documents or [a_document()],
    )
