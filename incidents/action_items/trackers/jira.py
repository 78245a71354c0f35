"""Jira's messages: https://developer.atlassian.com/cloud/jira/platform/webhooks/"""

from collections.abc import Iterable, Iterator
from typing import Any

from incidents.action_items.trackers.messages import (
    NotAMessage,
    Sent,
    Told,
    is_signed,
    moment_in,
    part_of,
    text_in,
    word,
)
from incidents.lib.tracker_links import jira_issue
from incidents.models import IssueState

SECRETS = "JIRA_HOOK_SECRETS"
EVENT = "jira:issue_updated"
# Each site names its own resolutions; these are Jira's, and what people call the same.
NOT_DONE = {
    "abandoned",
    "cancelled",
    "canceled",
    "cannot reproduce",
    "declined",
    "duplicate",
    "incomplete",
    "invalid",
    "not planned",
    "obsolete",
    "rejected",
    "won't do",
    "won't fix",
}


def is_authentic(sent: Sent, secrets: Iterable[str]) -> bool:
    return is_signed(sent.headers.get("X-Hub-Signature", ""), sent.body, secrets)


def delivery_of(sent: Sent, _: Any) -> str:
    return sent.headers.get("X-Atlassian-Webhook-Identifier", "")


def read(_: Sent, told: Any) -> Told | None:
    """None for a message that says nothing of an issue's state. Raises `NotAMessage`.

    Closed is what stands in a status of the category *done*; sites name their statuses themselves.
    """
    changed = list(changes_in(told))
    if text_in(told, "webhookEvent") != EVENT or not {"status", "resolution"} & {
        text_in(change, "field") for change in changed
    }:
        return None
    issue = jira_issue(text_in(told, "issue", "self"), text_in(told, "issue", "key"))
    if issue is None:
        raise NotAMessage("The message does not tell which issue: issue.self and issue.key.")
    category = text_in(told, "issue", "fields", "status", "statusCategory", "key")
    if not category:
        raise NotAMessage("The message does not tell the category of the issue's status.")
    closed = category == "done"
    resolution = text_in(told, "issue", "fields", "resolution", "name")
    return Told(
        issue=issue,
        state=IssueState.CLOSED if closed else IssueState.OPEN,
        at=moment_in(told, "issue", "fields", "updated"),
        wont_do=word(resolution) if closed and plain(resolution) in NOT_DONE else "",
        reopened=any(is_taken_back(change) for change in changed),
    )


def changes_in(told: Any) -> Iterator[Any]:
    items = part_of(told, "changelog", "items")
    yield from items if isinstance(items, list) else []


def is_taken_back(change: Any) -> bool:
    """A resolution that is there no more: so the issue had been closed."""
    had = bool(part_of(change, "from")) and not part_of(change, "to")
    return text_in(change, "field") == "resolution" and had


def plain(resolution: str) -> str:
    return resolution.replace("’", "'").casefold()
