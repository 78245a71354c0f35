"""What each tool tells and to whom, and what it refuses."""

from typing import Any
from uuid import uuid4

import pytest
from jsonschema import Draft202012Validator
from pytest_django import DjangoAssertNumQueries

from incidents.access.tokens import NoSuchToken
from incidents.api.agents.server import answer, tools
from incidents.api.agents.tools import TOOLS
from incidents.lookup.operations import keep_findable
from incidents.models import (
    Change,
    CheckRun,
    Incident,
    Knob,
    Reach,
    Runbook,
    Scope,
    TimelineEvent,
    Way,
)
from incidents.models import Lookup as KeptLookup
from tests.access.restricted import a_world, hide_an_incident, told_by
from tests.api.agents.asking import Agent, text_of
from tests.factories import (
    a_delta,
    a_knob,
    a_restricted_incident,
    a_runbook,
    a_service,
    a_user,
    an_event,
    an_incident,
)

pytestmark = pytest.mark.django_db
GOOD_FILE = {"name": "unicorn.rb", "text": "timeout 30\n"}
WRITING = {
    "add_timeline_event": {"incident": "INC-1", "text": "It came back"},
    "open_incident": {"title": "The queue grew"},
}
READING: dict[str, dict[str, Any]] = {
    "lookup": {"text": "orders"},
    "incident": {"reference": "INC-1"},
    "runbook": {"slug": "full"},
    "knob": {"component": "nginx", "key": "keepalive"},
    "check_config": {"files": [GOOD_FILE]},
}


def test_every_tool_says_what_it_takes_gives_and_does() -> None:
    listed = {tool["name"]: tool for tool in Agent().asks("tools/list")["result"]["tools"]}
    assert set(listed) == set(TOOLS) == {*READING, *WRITING}
    for name, tool in listed.items():
        assert tool["description"].endswith(".")
        assert tool["annotations"]["readOnlyHint"] is (name in READING)
        assert tool["annotations"]["destructiveHint"] is False
        for schema in (tool["inputSchema"], tool["outputSchema"]):
            assert schema["type"] == "object"
            Draft202012Validator.check_schema(schema)
            assert "components/schemas" not in str(schema)


def test_the_lookup_finds_and_is_kept() -> None:
    keep_findable(a_runbook(slug="full", title="The disk is full", alerts="DiskFull"))
    agent = Agent()
    found = agent.gets("lookup", labels={"alertname": "DiskFull"}, text="no space left")
    assert [one["slug"] for one in found["runbooks"]] == ["full"]
    assert found["question"]["labels"] == {"alertname": "DiskFull"}
    kept = KeptLookup.objects.get()
    assert (kept.asked_by, kept.way) == (agent.owner, Way.PROGRAM)


def test_a_lookup_in_words() -> None:
    keep_findable(a_runbook(slug="full", title="The disk is full"))
    text = text_of(Agent().calls("lookup", text="disk is full"))
    assert "**The disk is full** (`full`, never verified)" in text
    assert "None like this." in text


def test_an_incident_whole_and_in_words() -> None:
    incident = an_incident(title="Orders time out", severity="sev2", summary="It *hurt*.")
    an_event(incident, text="Latency rose")
    agent = Agent()
    told = agent.gets("incident", reference=f"inc {incident.pk}")
    assert told["reference"] == incident.reference
    assert [event["text"] for event in told["events"]] == ["Latency rose"]
    text = text_of(agent.calls("incident", reference=incident.reference))
    assert text.startswith(f"# {incident.reference} Orders time out")
    assert "Latency rose" in text


def test_an_incident_asks_as_often_whatever_hangs_on_it(
    django_assert_max_num_queries: Any,
) -> None:
    incident = an_incident()
    for _ in range(30):
        an_event(incident)
        a_delta(incident)
    agent = Agent()
    agent.gets("incident", reference=incident.reference)
    with django_assert_max_num_queries(30):
        agent.gets("incident", reference=incident.reference)


def test_a_runbook_with_what_to_do() -> None:
    knob = a_knob(component="nginx", key="keepalive")
    a_runbook(slug="full", title="The disk is full", body="1. Make room.").knobs.add(knob)
    agent = Agent()
    told = agent.gets("runbook", slug="full")
    assert told["body"] == "1. Make room."
    assert [one["key"] for one in told["knobs"]] == ["keepalive"]
    text = text_of(agent.calls("runbook", slug="full"))
    assert "Never verified." in text
    assert "1. Make room." in text


def test_a_knob_with_its_turns() -> None:
    knob = a_knob(component="nginx", key="keepalive", unit="s")
    incident = an_incident(title="Orders time out")
    a_delta(incident, knob=knob, before="30", after="60")
    a_delta(incident, knob=knob, before="", before_known="absent", after="5")
    agent = Agent()
    asked = {"component": "nginx", "key": "keepalive"}
    told = agent.gets("knob", **asked)
    assert (told["knob"]["turned"], len(told["turns"])) == (2, 2)
    text = text_of(agent.calls("knob", **asked))
    assert "# nginx keepalive (s)" in text
    assert "30 → 60, fixed, at an unknown time: " in text
    assert "not set → 5" in text


def test_a_knob_asks_as_often_however_often_it_was_turned(
    django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("incidents.api.agents.tools.knob.MOST", 15)
    knob, agent = a_knob(component="nginx", key="keepalive"), Agent()
    asked = {"component": "nginx", "key": "keepalive"}
    agent.calls("knob", **asked)
    a_delta(an_incident(), knob=knob)
    with django_assert_num_queries(3):
        agent.gets("knob", **asked)
    for _ in range(19):
        a_delta(an_incident(), knob=knob)
    with django_assert_num_queries(3):
        told = agent.calls("knob", **asked)
    assert "and 5 earlier turns" in text_of(told)


def test_configuration_is_checked_and_the_run_kept() -> None:
    agent = Agent()
    before = [{"name": "unicorn.rb", "text": "timeout 60\n"}]
    told = agent.gets("check_config", files=[GOOD_FILE], before=before, component="unicorn")
    assert told["files"] == ["unicorn.rb"]
    assert told["run"].endswith(CheckRun.objects.get().get_absolute_url())
    assert CheckRun.objects.get().by == agent.owner


def test_what_cannot_be_read_is_told() -> None:
    told = Agent().gets("check_config", files=[{"name": "x.yaml", "text": "a: ["}])
    assert told["unreadable"][0]["file"] == "x.yaml"


def test_an_event_is_added_once() -> None:
    agent, token = Agent(scope=Scope.WRITE), str(uuid4())
    incident = an_incident(time_zone="Europe/Berlin")
    asked = {
        "incident": incident.reference,
        "text": "It came back",
        "when": "2026-03-14 22:30",
        "kind": "recovery",
        "actor": "the agent",
        "known_then": False,
        "token": token,
    }
    assert agent.gets("add_timeline_event", **asked)["reference"] == incident.reference
    told = agent.gets("incident", reference=incident.reference)
    assert told["events"][0]["time"]["at"] == "2026-03-14T22:30+01:00"
    agent.gets("add_timeline_event", **asked)
    event = TimelineEvent.objects.get()
    assert (event.kind, event.actor, event.known_then) == ("recovery", "the agent", False)
    assert Change.objects.get().by == agent.owner


def test_an_incident_is_opened_once_as_a_draft() -> None:
    agent, token = Agent(scope=Scope.WRITE), str(uuid4())
    service = a_service()
    asked = {
        "title": "The queue grew",
        "severity": "sev2",
        "began": "2026-03-14",
        "services": [service.slug],
        "tags": ["Queue", "night"],
        "restricted": True,
        "token": token,
    }
    told = agent.gets("open_incident", **asked)
    assert agent.gets("open_incident", **asked)["reference"] == told["reference"]
    incident = Incident.objects.get()
    assert (incident.state, incident.owner) == ("draft", agent.owner)
    assert incident.is_restricted
    assert list(incident.services.all()) == [service]
    assert told["tags"] == ["night", "queue"]


def test_a_token_of_own_incidents_can_open_one() -> None:
    agent = Agent(scope=Scope.WRITE, reach=Reach.OWN)
    told = agent.gets("open_incident", title="The queue grew")
    assert agent.gets("incident", reference=told["reference"])["title"] == "The queue grew"


@pytest.mark.parametrize("tool", list(WRITING))
def test_a_token_that_reads_is_refused_by_what_writes(tool: str) -> None:
    an_incident(pk=1)
    told = Agent(a_user("admin"), scope=Scope.READ).refused(tool, **WRITING[tool])
    assert f"{tool} needs a token of scope write" in told
    assert "only reads" in told
    told = Agent(a_user("reader"), scope=Scope.WRITE).refused(tool, **WRITING[tool])
    assert "reader" in told
    assert not TimelineEvent.objects.exists()
    assert Incident.objects.count() == 1


@pytest.mark.parametrize("tool", [*READING, *WRITING])
def test_a_token_that_is_revoked_meanwhile_is_refused_by_each(tool: str) -> None:
    """As where the process of an agent runs for days."""

    def who() -> Any:
        raise NoSuchToken

    result = answer(TOOLS[tool], {**READING, **WRITING}[tool], who)
    assert result.is_error
    assert "revoked" in text_of(result.model_dump())


@pytest.mark.parametrize("tool", [*READING, *WRITING])
@pytest.mark.parametrize("scope", [Scope.READ, Scope.WRITE, Scope.ADMIN])
def test_nothing_hidden_is_told(tool: str, scope: Scope) -> None:
    """By words, keys and names of what is restricted, to who is not named, whatever their role."""
    world = a_world()
    hide_an_incident(world)
    secret, hidden = world.incident, world.secret
    knob = hidden[Knob]
    asked: dict[str, list[dict[str, Any]]] = {
        "lookup": [{"text": secret.title}, {"text": knob.key}, {"text": secret.summary}],
        "incident": [{"reference": secret.reference}],
        "runbook": [{"slug": world.open[Runbook].slug}],
        "knob": [{"component": knob.component, "key": knob.key}],
        "check_config": [
            {
                "files": [{"name": "a.env", "text": f"{knob.key}=5\n"}],
                "before": [{"name": "a.env", "text": f"{knob.key}=6\n"}],
                "component": knob.component,
            }
        ],
        "add_timeline_event": [{"incident": secret.reference, "text": "x"}],
        "open_incident": [{"title": "x"}],
    }
    agent = Agent(world.admin, scope=scope)
    for arguments in asked[tool]:
        told = told_by(str(agent.calls(tool, **arguments)))
        assert told <= told_by(str(arguments)), tool


def test_what_is_hidden_is_as_what_is_not_there() -> None:
    hidden = a_restricted_incident()
    agent = Agent(scope=Scope.WRITE)
    told = [agent.refused("incident", reference=one) for one in (hidden.reference, "INC-99")]
    assert told[0].replace(hidden.reference, "INC-99") == told[1]
    more = agent.refused("add_timeline_event", incident=hidden.reference, text="x")
    assert more == told[0]


def test_a_token_of_little_reach_sees_its_owners_alone() -> None:
    other = an_incident()
    agent = Agent(reach=Reach.OWN)
    own = an_incident(owner=agent.owner)
    agent.refused("incident", reference=other.reference)
    agent.gets("incident", reference=own.reference)


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("lookup", {}, "Nothing is asked"),
        ("lookup", {"text": "x", "limit": 0}, "limit"),
        ("lookup", {"text": "x", "limit": "5"}, "limit"),
        ("lookup", {"text": "x", "bogus": 1}, "bogus"),
        ("lookup", {"text": ["x"]}, "text"),
        ("incident", {}, "reference"),
        ("incident", {"reference": ""}, "required"),
        ("incident", {"reference": "INC-99999999999999999999"}, "INC-42"),
        ("incident", {"reference": "x' OR 1=1"}, "INC-42"),
        ("incident", {"reference": "INC-1\0"}, "NUL"),
        ("runbook", {"slug": "none"}, "lookup"),
        ("runbook", {"slug": "\0"}, "NUL"),
        ("runbook", {"slug": "../../etc/passwd"}, "no runbook"),
        ("knob", {"component": "x"}, "key"),
        ("knob", {"component": "x", "key": "y"}, "in no incident"),
        ("check_config", {"files": []}, "files"),
        ("check_config", {"files": [{"name": "", "text": ""}]}, "name"),
        ("check_config", {"files": [{"name": "x"}]}, "text"),
        ("check_config", {"files": [GOOD_FILE] * 201}, "files"),
        ("add_timeline_event", {"incident": "INC-1", "text": ""}, "text"),
        ("add_timeline_event", {"incident": "INC-1", "text": "x", "when": "soon"}, "when"),
        ("add_timeline_event", {"incident": "INC-1", "text": "x", "kind": "party"}, "kind"),
        ("add_timeline_event", {"incident": "INC-1", "text": "x", "token": "x"}, "token"),
        ("add_timeline_event", {"incident": "INC-1", "text": "x" * 300_000}, "text"),
        ("add_timeline_event", {"incident": "INC-1", "text": "x", "actor": "y" * 999}, "actor"),
        ("open_incident", {"title": ""}, "title"),
        ("open_incident", {"title": "x" * 999}, "title"),
        ("open_incident", {"title": "x", "time_zone": "Mars/Base"}, "time_zone"),
        ("open_incident", {"title": "x", "services": ["none"]}, "services"),
        ("open_incident", {"title": "x", "severity": "9"}, "severity"),
        ("open_incident", {"title": "x", "began": "2026", "resolved": "2025"}, "resolved"),
        ("open_incident", {"title": "x", "owner": 1}, "owner"),
    ],
)
def test_what_does_not_fit_is_told(tool: str, arguments: dict[str, Any], said: str) -> None:
    an_incident(pk=1)
    told = Agent(scope=Scope.WRITE).refused(tool, **arguments)
    assert said in told
    assert len(told) < 1000
    assert TimelineEvent.objects.count() + Incident.objects.count() == 1


@pytest.mark.parametrize("tool", [*READING, *WRITING])
def test_half_a_character_breaks_nothing(tool: str) -> None:
    agent = Agent(scope=Scope.WRITE)
    an_incident(pk=1)
    arguments = {**READING, **WRITING}[tool]
    names = [name for name, one in arguments.items() if isinstance(one, str)]
    for name in names:
        body = {
            "jsonrpc": "2.0",
            "id": 1,
            "method": "tools/call",
            "params": {"name": tool, "arguments": {**arguments, name: "\ud800"}},
        }
        answer = agent.sends(body)
        assert answer.status_code in {200, 400}
        assert b"our side" not in answer.content


@pytest.mark.parametrize("arguments", [None, [], "x", 3])
def test_arguments_that_are_none_are_refused(arguments: Any) -> None:
    told = Agent().asks("tools/call", name="incident", arguments=arguments)
    assert "error" in told or told["result"]["isError"]


@pytest.mark.parametrize("name", ["nothing", "", "__class__", "x" * 10_000])
def test_a_tool_that_is_none_is_told(name: str) -> None:
    told = Agent().asks("tools/call", name=name, arguments={})
    assert "There is no tool" in told["error"]["message"]
    assert len(told["error"]["message"]) < 300


def test_what_breaks_is_told_without_why(monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    def breaks(*_: Any, **__: Any) -> None:
        raise RuntimeError("secret words")

    monkeypatch.setattr("incidents.api.agents.tools.incident.some_whole", breaks)
    incident = an_incident()
    told = Agent().refused("incident", reference=incident.reference)
    assert "our side" in told
    assert "secret" not in told
    assert "secret words" in caplog.text


def test_the_tools_are_the_same_for_everybody() -> None:
    assert [tool.name for tool in tools()] == list(TOOLS)
