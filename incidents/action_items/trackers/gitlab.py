"""GitLab's messages: https://docs.gitlab.com/user/project/integrations/webhook_events/"""

from collections.abc import Iterable
from typing import Any

from incidents.action_items.trackers.messages import (
    NotAMessage,
    Sent,
    Told,
    is_shown,
    moment_in,
    part_of,
    text_in,
    word,
)
from incidents.lib.tracker_links import GITLAB, tracker_link
from incidents.models import IssueState

SECRETS = "GITLAB_HOOK_TOKENS"
KINDS = {"issue", "work_item"}
STATES = {"close": IssueState.CLOSED, "reopen": IssueState.OPEN}
# GitLab knows no reason for closing; people say it by a label.
NOT_DONE = {"won't do", "won't fix", "wontdo", "wontfix", "not planned", "duplicate"}


def is_authentic(sent: Sent, secrets: Iterable[str]) -> bool:
    return is_shown(sent.headers.get("X-Gitlab-Token", ""), secrets)


def delivery_of(sent: Sent, _: Any) -> str:
    """Before 17.4 there is no key of the delivery, and messages that follow from one share its
    number: these are told apart by what they say."""
    if key := sent.headers.get("Idempotency-Key", ""):
        return key
    event = sent.headers.get("X-Gitlab-Event-UUID", "")
    return f"{event}:{sent.sha256}" if event else ""


def read(_: Sent, told: Any) -> Told | None:
    """None for a message that says nothing of an issue's state. Raises `NotAMessage`."""
    state = STATES.get(text_in(told, "object_attributes", "action"))
    if text_in(told, "object_kind") not in KINDS or state is None:
        return None
    # A hosted GitLab may have any name; the message's own address is of the same shape.
    issue = tracker_link(text_in(told, "object_attributes", "url"))
    if issue is None or issue.provider != GITLAB:
        raise NotAMessage("The message does not tell which issue: object_attributes.url.")
    return Told(
        issue=issue,
        state=state,
        at=moment_in(told, "object_attributes", "updated_at"),
        wont_do=reason_in(told) if state == IssueState.CLOSED else "",
    )


def reason_in(told: Any) -> str:
    labels = part_of(told, "labels")
    titles = [text_in(label, "title") for label in labels] if isinstance(labels, list) else []
    plain = {title: title.replace("’", "'").replace("-", " ").casefold() for title in titles}
    return word(next((title for title in titles if plain[title] in NOT_DONE), ""))
