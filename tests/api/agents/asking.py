"""An agent that asks by the protocol, without a toolkit of its own."""

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

from incidents.access.tokens import new_secret
from incidents.models import Reach, Scope, User
from tests.factories import a_token, a_user

ADDRESS = "/mcp"
ACCEPTED = "application/json, text/event-stream"
LOOKUP = {"text": "latency"}


class Agent:
    def __init__(
        self, owner: User | None = None, scope: str = Scope.READ, reach: str = Reach.ALL
    ) -> None:
        self.owner = owner or a_user("editor")
        self.secret = new_secret()
        self.token = a_token(self.owner, secret=self.secret, scope=scope, reach=reach)
        self.client = Client(headers={"Authorization": f"Bearer {self.secret}"})

    def sends(self, body: Any, **headers: str) -> HttpResponse:
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        return self.client.post(
            ADDRESS,
            text,
            content_type="application/json",
            headers={"Accept": ACCEPTED, **headers},
        )

    def asks(self, method: str, **params: Any) -> dict[str, Any]:
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        answer = self.sends(body)
        assert answer.status_code == 200, answer.content
        told: dict[str, Any] = answer.json()
        return told

    def calls(self, tool: str, /, **arguments: Any) -> dict[str, Any]:
        """The answer of a tool, refused or not."""
        told = self.asks("tools/call", name=tool, arguments=arguments)
        result: dict[str, Any] = told["result"]
        return result

    def gets(self, tool: str, /, **arguments: Any) -> dict[str, Any]:
        result = self.calls(tool, **arguments)
        assert not result.get("isError"), result
        data: dict[str, Any] = result["structuredContent"]
        return data

    def refused(self, tool: str, /, **arguments: Any) -> str:
        result = self.calls(tool, **arguments)
        assert result["isError"] is True, result
        assert "structuredContent" not in result
        return text_of(result)


def text_of(result: dict[str, Any]) -> str:
    (part,) = result["content"]
    text: str = part["text"]
    return text
