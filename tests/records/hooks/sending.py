"""Messages of PagerDuty, made after its documentation, and of a program of one's own."""

import hashlib
import hmac
import json
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from tests.action_items.trackers.sending import Answer, post
from tests.factories import NOW

SECRET = "a secret of our own"
PAGERDUTY, PROGRAMS = "/hooks/pagerduty/", "/hooks/incidents/"
events = count(1)


def minutes(number: int) -> datetime:
    return NOW + timedelta(minutes=number)


def iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.123Z")


def an_event(what: str, *, at: datetime = NOW, name: str = "", **data: Any) -> dict[str, Any]:
    """One message of PagerDuty; a note knows its incident by reference alone."""
    incident: dict[str, Any] = {
        "id": "PGR0VU2",
        "type": "incident",
        "html_url": "https://acme.pagerduty.com/incidents/PGR0VU2",
    }
    if what in {"annotated", "status_update_published"}:
        incident |= {"type": "incident_reference", "summary": "Orders time out"}
        told = {"id": "N1", "type": "incident_note", "trimmed": False, "incident": incident, **data}
    else:
        told = {
            **incident,
            "number": 2,
            "status": "triggered",
            "created_at": iso(NOW),
            "title": "Orders time out",
            "service": {"id": "PF9", "summary": "Payments", "type": "service_reference"},
            "assignees": [{"id": "P1", "summary": "Alice Doe", "type": "user_reference"}],
            "teams": [{"id": "T1", "summary": "Platform", "type": "team_reference"}],
            "priority": {"id": "P3", "summary": "P2", "type": "priority_reference"},
            "urgency": "high",
            **data,
        }
    return {
        "event": {
            "id": name or f"01E{next(events)}",
            "event_type": f"incident.{what}",
            "resource_type": "incident",
            "occurred_at": iso(at),
            "agent": {"id": "P1", "summary": "Alice Doe", "type": "user_reference"},
            "client": None,
            "data": told,
        }
    }


def signed(body: bytes, secret: str = SECRET) -> str:
    return "v1=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def send_event(message: Any, *, signature: str | None = None) -> Answer:
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    shown = signed(body) if signature is None else signature
    return post(PAGERDUTY, body, {"X-PagerDuty-Signature": shown})


def page(what: str, **more: Any) -> Answer:
    return send_event(an_event(what, **more))


def tell(*, token: str = SECRET, at: datetime | str = NOW, **fields: Any) -> Answer:
    when = at if isinstance(at, str) else iso(at)
    message = {"key": "disk-7", "status": "open", "title": "The disk is full", "at": when}
    return send({**message, **fields}, token=token)


def send(message: Any, *, token: str = SECRET) -> Answer:
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    return post(PROGRAMS, body, {"Authorization": f"Bearer {token}"})
