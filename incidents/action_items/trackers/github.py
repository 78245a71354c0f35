"""GitHub's messages: https://docs.github.com/en/webhooks/webhook-events-and-payloads#issues"""

from collections.abc import Iterable
from typing import Any

from incidents.action_items.trackers.messages import (
    NotAMessage,
    Sent,
    Told,
    is_signed,
    moment_in,
    text_in,
)
from incidents.lib.tracker_links import GITHUB, tracker_link
from incidents.models import IssueState

SECRETS = "GITHUB_HOOK_SECRETS"
STATES = {"closed": IssueState.CLOSED, "reopened": IssueState.OPEN}
# `state_reason`, in words.
NOT_DONE = {"not_planned": "not planned", "duplicate": "duplicate"}


def is_authentic(sent: Sent, secrets: Iterable[str]) -> bool:
    return is_signed(sent.headers.get("X-Hub-Signature-256", ""), sent.body, secrets)


def delivery_of(sent: Sent, _: Any) -> str:
    return sent.headers.get("X-GitHub-Delivery", "")


def read(sent: Sent, told: Any) -> Told | None:
    """None for a message that says nothing of an issue's state. Raises `NotAMessage`."""
    state = STATES.get(text_in(told, "action"))
    if sent.headers.get("X-GitHub-Event") != "issues" or state is None:
        return None
    issue = tracker_link(text_in(told, "issue", "html_url"))
    if issue is None or issue.provider != GITHUB:
        raise NotAMessage("The message does not tell which issue it is about: issue.html_url.")
    reason = NOT_DONE.get(text_in(told, "issue", "state_reason"), "")
    return Told(
        issue=issue,
        state=state,
        at=moment_in(told, "issue", "updated_at"),
        wont_do=reason if state == IssueState.CLOSED else "",
    )
