"""What Alertmanager sends: the webhook payload of version 4."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from incidents.lookup.question import kept_labels
from incidents.models import AlertStatus

VERSION = "4"
LARGEST = 10_000_000
"""Bytes of one payload."""
LONGEST_FINGERPRINT = 64


class NotAPayload(ValueError):
    """The message says what is missing, for whoever set the sender up."""


@dataclass(frozen=True)
class Received:
    """One alert of a payload. A time that it does not tell, or that cannot be read, is None."""

    fingerprint: str
    status: AlertStatus
    labels: dict[str, str]
    annotations: dict[str, str]
    starts_at: datetime | None
    ends_at: datetime | None


def read_payload(body: bytes) -> list[Received]:
    """The alerts, each fingerprint once, as it was told of last. Raises `NotAPayload`."""
    if len(body) > LARGEST:
        raise NotAPayload(f"The payload is larger than {LARGEST:,} bytes.")
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise NotAPayload("The payload is not JSON.") from None
    if not isinstance(told, Mapping) or not isinstance(told.get("alerts"), list):
        raise NotAPayload("The payload has no list of alerts.")
    if told.get("version") != VERSION:
        raise NotAPayload(f"The payload is not of version {VERSION} of Alertmanager's webhook.")
    alerts = [read_alert(entry) for entry in told["alerts"]]
    return list({alert.fingerprint: alert for alert in alerts}.values())


def read_alert(told: Any) -> Received:
    if not isinstance(told, Mapping):
        raise NotAPayload("An alert is not an object.")
    if told.get("status") not in AlertStatus.values:
        raise NotAPayload("An alert has no status: firing or resolved.")
    status = AlertStatus(told["status"])
    labels = texts(told.get("labels"))
    return Received(
        fingerprint=fingerprint(told.get("fingerprint"), labels),
        status=status,
        labels=labels,
        annotations=texts(told.get("annotations")),
        starts_at=moment(told.get("startsAt")),
        # While it fires, Alertmanager sends the end that it would have if nothing more came.
        ends_at=moment(told.get("endsAt")) if status == AlertStatus.RESOLVED else None,
    )


def texts(told: Any) -> dict[str, str]:
    return kept_labels(told.items()) if isinstance(told, Mapping) else {}


def fingerprint(told: Any, labels: Mapping[str, str]) -> str:
    """The one that was sent; of an alert without, a hash over its labels."""
    if isinstance(told, str) and told.isascii() and told.isalnum():
        return told[:LONGEST_FINGERPRINT]
    return hashlib.sha256(json.dumps(sorted(labels.items())).encode()).hexdigest()


def moment(told: Any) -> datetime | None:
    """A time as RFC 3339 writes it; the year 1 stands for none."""
    try:
        found = datetime.fromisoformat(told)
        known = found.tzinfo is not None and found.year > 1
        return found.astimezone(UTC) if known else None
    except (TypeError, ValueError, OverflowError):
        return None
