"""A program that asks with a token."""

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

    def reads(self, path: str, data: dict[str, Any] | None = None) -> Any:
        answer = self.asks(path, data)
        assert answer.status_code == 200, answer.content
        return answer.json()


def names_of(page: dict[str, Any], name: str) -> list[Any]:
    return [row[name] for row in page["results"]]
