"""Messages as the trackers send them, made after their documentation."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from django.test import Client

from tests.factories import NOW

SECRET = "a secret of our own"
deliveries = count(1)
Answer = tuple[int, dict[str, str]]


def signature(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def post(path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    answer = client.post(path, body, content_type="application/json", headers=headers)
    return answer.status_code, answer.json()


@dataclass(frozen=True)
class GitHub:
    setting: str = "GITHUB_HOOK_SECRETS"
    path: str = "/hooks/github/"
    address: str = "https://github.com/acme/app/issues/12"
    wont_do: str = "not_planned"
    told_as: str = "not planned"

    def body(self, did: str, *, at: datetime = NOW, address: str = "", reason: str = "") -> Any:
        return {
            "action": {"close": "closed", "reopen": "reopened"}.get(did, did),
            "issue": {
                "html_url": address or self.address,
                "state": "closed" if did == "close" else "open",
                "state_reason": reason or ("completed" if did == "close" else "reopened"),
                "updated_at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            },
        }

    def headers(self, body: bytes, *, delivery: str, secret: str) -> dict[str, str]:
        return {
            "X-GitHub-Event": "issues",
            "X-GitHub-Delivery": delivery,
            "X-Hub-Signature-256": signature(body, secret),
        }


@dataclass(frozen=True)
class GitLab:
    setting: str = "GITLAB_HOOK_TOKENS"
    path: str = "/hooks/gitlab/"
    address: str = "https://git.acme.example/group/app/-/issues/12"
    wont_do: str = "Won't do"
    told_as: str = "Won't do"

    def body(self, did: str, *, at: datetime = NOW, address: str = "", reason: str = "") -> Any:
        return {
            "object_kind": "issue",
            "object_attributes": {
                "url": address or self.address,
                "action": did,
                "state": "closed" if did == "close" else "opened",
                "updated_at": at.strftime("%Y-%m-%d %H:%M:%S UTC"),
            },
            "labels": [{"title": "backend"}, {"title": reason}] if reason else [],
        }

    def headers(self, body: bytes, *, delivery: str, secret: str) -> dict[str, str]:
        return {
            "X-Gitlab-Event": "Issue Hook",
            "Idempotency-Key": delivery,
            "X-Gitlab-Token": secret,
        }


@dataclass(frozen=True)
class Jira:
    setting: str = "JIRA_HOOK_SECRETS"
    path: str = "/hooks/jira/"
    address: str = "https://acme.atlassian.net/browse/OPS-12"
    wont_do: str = "Won't Do"
    told_as: str = "Won't Do"

    def body(self, did: str, *, at: datetime = NOW, address: str = "", reason: str = "") -> Any:
        host, _, key = (address or self.address).rpartition("/browse/")
        closed = did == "close"
        resolution = {"name": reason or "Done"} if closed else None
        taken_back = {"field": "resolution", "from": "1", "to": None}
        return {
            "webhookEvent": "jira:issue_updated",
            "issue": {
                "self": f"{host}/rest/api/2/issue/10001",
                "key": key,
                "fields": {
                    "status": {"statusCategory": {"key": "done" if closed else "indeterminate"}},
                    "resolution": resolution,
                    "updated": at.strftime("%Y-%m-%dT%H:%M:%S.000+0000"),
                },
            },
            "changelog": {
                "items": [
                    {"field": "status", "from": "3", "to": "4"},
                    *([taken_back] if did == "reopen" else []),
                ]
            },
        }

    def headers(self, body: bytes, *, delivery: str, secret: str) -> dict[str, str]:
        return {
            "X-Atlassian-Webhook-Identifier": delivery,
            "X-Hub-Signature": signature(body, secret),
        }


Tracker = GitHub | GitLab | Jira
TRACKERS: list[Tracker] = [GitHub(), GitLab(), Jira()]


def send(
    tracker: Tracker, did: str, *, delivery: str = "", secret: str = SECRET, **more: Any
) -> Answer:
    body = json.dumps(tracker.body(did, **more)).encode()
    return send_body(tracker, body, delivery=delivery, secret=secret)


def send_body(tracker: Tracker, body: bytes, *, delivery: str = "", secret: str = SECRET) -> Answer:
    delivery = delivery or f"delivery-{next(deliveries)}"
    return post(tracker.path, body, tracker.headers(body, delivery=delivery, secret=secret))
