"""Documents for tests of the formats, without a database."""

from datetime import UTC, datetime
from typing import Any

from incidents.exports.documents import Document
from incidents.exports.packs import Broken, Pack
from incidents.lib.periods import read_period
from incidents.review.figure import CellKind, Chart, Column, Figure, LeftOut, Table

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
        "since_frozen": "",
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
    told = documents or (a_document(),)
    return Pack(
        title="INC-7 Orders time out",
        foot="INC-7 · as of 14 March 2026",
        as_of=AS_OF,
        documents=lambda: iter(told),
    )


def a_figure(*rows: list[Any], **changes: Any) -> Figure:
    columns = [Column("severity", "Severity", CellKind.TEXT), Column("incidents", "Incidents")]
    given = {
        "key": "severity",
        "title": "Incidents by severity",
        "definition": "By the severity that the record has now.",
        "table": Table(columns, list(rows) or [["SEV1 critical", 3], ["SEV2 major", None]]),
        "left_out": [LeftOut(4, "without any date")],
        "note": "Few say little.",
        "chart": Chart.BARS,
        **changes,
    }
    return Figure(**given)


def a_review(*documents: Document | Broken, **changes: Any) -> Pack:
    told = documents or (a_document(),)
    given = {
        "title": "Review Q1 2026",
        "foot": "Q1 2026 · as of 14 March 2026",
        "as_of": AS_OF,
        "documents": lambda: iter(told),
        "count": len(told),
        "period": read_period("2026Q1"),
        "figures": [a_figure()],
        **changes,
    }
    return Pack(**given)
