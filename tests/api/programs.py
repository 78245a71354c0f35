"""A program that asks with a token."""

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

from incidents.access.tokens import new_secret
from incidents.models import User
from tests.factories import a_token, a_user

ROOT = "/api/v1/"


class Program:
    def __init__(self, owner: User | None = None, **token: Any) -> None:
        self.owner = owner or a_user("reader")
        secret = new_secret()
        self.token = a_token(self.owner, secret=secret, **token)
        self.client = Client(headers={"Authorization": f"Bearer {secret}"})

    def asks(self, path: str, data: dict[str, Any] | None = None, **headers: str) -> HttpResponse:
        return self.client.get(ROOT + path, data or {}, headers=headers)

    def sends(
        self, method: str, path: str, data: Any = None, *, of: Any = None, **headers: str
    ) -> HttpResponse:
        """JSON; `of` is what it changes: an answer with an ETag, or a row."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if of is not None:
            sent["If-Match"] = of["ETag"] if isinstance(of, HttpResponse) else f'"{of.version}"'
        body = "" if data is None else json.dumps(data)
        kind = {} if data is None else {"content_type": "application/json"}
        return self.client.generic(method.upper(), ROOT + path, body, headers=sent, **kind)

    def writes(self, method: str, path: str, data: Any = None, **more: Any) -> Any:
        answer = self.sends(method, path, data, **more)
        assert answer.status_code in {200, 201, 204}, answer.content
        return answer.json() if answer.content else None

    def reads(self, path: str, data: dict[str, Any] | None = None) -> Any:
        answer = self.asks(path, data)
        assert answer.status_code == 200, answer.content
        return answer.json()


def names_of(page: dict[str, Any], name: str) -> list[Any]:
    return [row[name] for row in page["results"]]
