"""The toolkit's own client, over both ways, in each of its dialects."""

import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import anyio
import httpx2
import pytest
from django.core.management import CommandError, call_command
from jsonschema import Draft202012Validator
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from incidents.api.agents.tools import TOOLS
from incidents.models import Incident, Scope, TimelineEvent
from tests.api.agents.asking import ADDRESS, Agent
from tests.architecture.source import ROOT
from tests.factories import a_delta, a_knob, a_runbook, an_incident
from tests.faults.killing.programs import database_url

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]
DIALECTS = ["legacy", "auto", "2026-07-28"]


@asynccontextmanager
async def over_http(agent: Agent, live_server: Any) -> AsyncIterator[Any]:
    shown = {"Authorization": f"Bearer {agent.secret}"}
    async with httpx2.AsyncClient(headers=shown, timeout=30) as client:
        yield streamable_http_client(f"{live_server.url}{ADDRESS}", http_client=client)


@asynccontextmanager
async def over_stdio(agent: Agent, _: Any) -> AsyncIterator[Any]:
    inherited = {name: one for name, one in os.environ.items() if name != "TEST_DATABASE_URL"}
    own = {
        "POSTMORTEMS_TOKEN": agent.secret,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "postmortems.settings",
        "PYTHONWARNINGS": "error",
    }
    arguments = [str(ROOT / "manage.py"), "mcp"]
    yield StdioServerParameters(command=sys.executable, args=arguments, env={**inherited, **own})


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("way", [over_http, over_stdio])
def test_it_lists_and_calls_every_tool(
    way: Callable[[Agent, Any], AbstractAsyncContextManager[Any]], dialect: str, live_server: Any
) -> None:
    agent = Agent(scope=Scope.WRITE)
    incident = an_incident(title="Orders time out")
    knob = a_knob(component="nginx", key="keepalive")
    a_delta(incident, knob=knob)
    a_runbook(slug="restart-it", title="Restart it", body="1. Restart it.")
    arguments: dict[str, dict[str, Any]] = {
        "lookup": {"text": "orders time out"},
        "incident": {"reference": incident.reference},
        "runbook": {"slug": "restart-it"},
        "knob": {"component": "nginx", "key": "keepalive"},
        "check_config": {"files": [{"name": "unicorn.rb", "text": "timeout 30\n"}]},
        "add_timeline_event": {"incident": incident.reference, "text": "It came back"},
        "open_incident": {"title": "The queue grew"},
    }

    async def converse() -> tuple[dict[str, Any], dict[str, Any]]:
        async with way(agent, live_server) as way_in, Client(way_in, mode=dialect) as client:
            listed = {tool.name: tool for tool in (await client.list_tools()).tools}
            answers = {name: await client.call_tool(name, arguments[name]) for name in arguments}
            return listed, answers

    listed, answers = anyio.run(converse)

    assert set(listed) == set(arguments) == set(TOOLS)
    for name, result in answers.items():
        assert not result.is_error, (name, result.content)
        assert result.content[0].text
        Draft202012Validator(listed[name].output_schema).validate(result.structured_content)
        assert listed[name].annotations.read_only_hint is not TOOLS[name].writes
    assert TimelineEvent.objects.get().text == "It came back"
    assert Incident.objects.get(title="The queue grew").owner == agent.owner


def test_without_a_token_the_command_says_where_to_get_one(
    capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("POSTMORTEMS_TOKEN", raising=False)
    with pytest.raises(CommandError, match="/me/tokens/"):
        call_command("mcp")
    monkeypatch.setenv("POSTMORTEMS_TOKEN", "pmk_nothing")
    with pytest.raises(CommandError, match="revoked"):
        call_command("mcp")
