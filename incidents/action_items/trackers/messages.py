"""What a tracker's message says, whichever tracker sent it; and whether it is the tracker's own."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from incidents.lib.tracker_links import TrackerLink
from incidents.models import IssueState

LONGEST_REASON = 60


@dataclass(frozen=True)
class Sent:
    """A message as it arrived."""

    headers: Mapping[str, str]
    body: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


class NotAMessage(ValueError):
    """The message says what is missing, for whoever set the tracker up."""


@dataclass(frozen=True)
class Told:
    """An issue was closed, or is open again; `at` is by the tracker's clock.

    `wont_do` is the tracker's word for why it was closed, where that was not that it is done.
    `reopened` is False where the tracker tells only that it is open, not that it had been closed.
    """

    issue: TrackerLink
    state: IssueState
    at: datetime
    wont_do: str = ""
    reopened: bool = True


class Tracker(Protocol):
    """What the file of each tracker has."""

    SECRETS: str
    """The name of the setting."""

    def is_authentic(self, sent: Sent, secrets: Iterable[str]) -> bool: ...
    def delivery_of(self, sent: Sent, told: Any) -> str: ...
    def read(self, sent: Sent, told: Any) -> Any: ...


def is_signed(signature: str, body: bytes, secrets: Iterable[str]) -> bool:
    """Whether `sha256=…` is the HMAC of the body under one of the secrets."""
    shown = signature.strip().casefold().encode()
    made = [
        b"sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest().encode()
        for secret in secrets
    ]
    return any(hmac.compare_digest(shown, one) for one in made)


def is_shown(token: str, secrets: Iterable[str]) -> bool:
    return any(hmac.compare_digest(token.encode(), secret.encode()) for secret in secrets)


def part_of(told: Any, *path: str) -> Any:
    """What stands under the names; None where one of them is missing."""
    for name in path:
        told = told.get(name) if isinstance(told, Mapping) else None
    return told


def text_in(told: Any, *path: str) -> str:
    found = part_of(told, *path)
    return found if isinstance(found, str) else ""


def moment_in(told: Any, *path: str) -> datetime:
    """A time with its zone. Raises `NotAMessage`."""
    # GitLab before 15: "2026-03-14 12:00:00 UTC".
    text = text_in(told, *path).replace(" UTC", "+00:00")
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise NotAMessage(f"The message does not tell when the issue changed: {'.'.join(path)}.")


def word(text: str) -> str:
    """A word of the tracker as it may stand in a sentence of ours."""
    kept = "".join(letter for letter in text if letter.isprintable())
    return " ".join(kept.split())[:LONGEST_REASON]
