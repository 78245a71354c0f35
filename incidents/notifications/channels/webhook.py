"""JSON to any program, signed as Standard Webhooks wants it (standardwebhooks.com)."""

import base64
import hashlib
import hmac
import json
import secrets
from datetime import UTC, datetime

from incidents.notifications.channels.parcel import Parcel
from incidents.notifications.channels.posting import post
from incidents.notifications.sentences import Line

PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def send(parcel: Parcel) -> str:
    """Raises `Gone`, `NotNow`, `NotTaken` and `NotBrought`."""
    if parcel.endpoint is None:
        raise ValueError("A webhook is an endpoint's.")
    body = body_of(parcel)
    message_id = f"msg_{parcel.uid.hex}"
    # Of the attempt, not of the event: receivers refuse what is minutes old.
    timestamp = int(datetime.now(UTC).timestamp())
    headers = {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(parcel.endpoint.secret, message_id, timestamp, body),
    }
    return post(parcel.endpoint.url, body=body, headers=headers)


def body_of(parcel: Parcel) -> bytes:
    """One event by its own name; several, which were told together, as `several`."""
    events = [told(line) for line in parcel.lines]
    what = {
        "type": events[0]["event"] if len(events) == 1 else "several",
        "timestamp": parcel.made_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "data": {"messages": events},
    }
    return json.dumps(what, ensure_ascii=False).encode()


def told(line: Line) -> dict[str, str]:
    return {
        "event": str(line.event),
        "text": line.sentence,
        "kind": line.kind,
        "id": line.key,
        "api": line.api,
        "record": line.reference,
        "title": line.title,
        "url": line.url,
        "detail": line.detail,
        "at": line.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
    }


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
