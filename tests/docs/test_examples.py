"""The requests that documents show are sent to the letter, and answered as they are shown to be."""

import json
import re
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from incidents.access.tokens import new_secret
from incidents.models import Channel, Event, Incident, Message, Precision, Scope
from incidents.notifications.channels import webhook
from incidents.notifications.sending import take
from incidents.records import states
from tests.api.programs import Program
from tests.architecture.source import ROOT
from tests.factories import NOW, a_service, a_token, a_user, an_incident
from tests.notifications.rooms import a_room

pytestmark = pytest.mark.django_db(transaction=True)

DOCUMENTS = ROOT / "docs"
BLOCK = re.compile(r"(?:^ {4}.*\n)+", re.MULTILINE)
SITES = ("https://postmortems.example", "https://SITE")
REQUESTS = {
    "api.md": (
        "?severity=sev1",
        "while [",
        '"title": "Orders time out", "severity"',
        "-X PATCH",
        "If-None-Match",
    ),
    "use/checking.md": ("/api/v1/guard/",),
    "use/hooks.md": ("/hooks/incidents/",),
    "use/tokens.md": ("/api/v1/incidents/",),
}
"""By what each is known among the blocks of its document."""


def blocks(document: str) -> list[str]:
    """What is set in, as it is to be typed."""
    text = (DOCUMENTS / document).read_text()
    return [re.sub(r"^ {4}", "", found, flags=re.MULTILINE) for found in BLOCK.findall(text)]


def block(document: str, words: str) -> str:
    (found,) = [each for each in blocks(document) if words in each]
    return found


@dataclass(frozen=True)
class Answer:
    text: str
    complaint: str

    def json(self) -> Any:
        return json.loads(self.text)


@dataclass(frozen=True)
class Terminal:
    """Of one who has a token and types what a document shows, with this site for the example's."""

    site: str
    folder: Path
    token: str

    def runs(self, command: str, **variables: str) -> Answer:
        for example in SITES:
            command = command.replace(example, self.site)
        surroundings = {"HOME": str(self.folder), "PATH": "/usr/local/bin:/usr/bin:/bin"}
        done = subprocess.run(
            ["sh", "-euc", command],
            cwd=self.folder,
            env={**surroundings, "TOKEN": self.token, **variables},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        return Answer(done.stdout, done.stderr)

    def sends(self, document: str, words: str, **variables: str) -> Answer:
        return self.runs(block(document, words), **variables)


@pytest.fixture
def terminal(live_server: LiveServer, settings: Settings, tmp_path: Path) -> Terminal:
    settings.SITE_URL = live_server.url
    # A refusal fails the command, and nothing but errors is told beside the answer.
    (tmp_path / ".curlrc").write_text("fail-with-body\nsilent\nshow-error\n")
    secret = new_secret()
    a_token(a_user("editor"), secret=secret, scope=Scope.WRITE)
    return Terminal(live_server.url, tmp_path, secret)


@pytest.fixture
def incident() -> Incident:
    """The one that the documents speak of."""
    began = datetime(2026, 3, 14, 21, 30, tzinfo=UTC)
    return an_incident(
        pk=42,
        version=3,
        severity="sev1",
        began_at=began,
        began_precision=Precision.MINUTE,
        time_zone="Europe/Berlin",
        owner=a_user("editor"),
    )


def test_each_request_is_sent_here() -> None:
    shown = {
        str(path.relative_to(DOCUMENTS)): found
        for path in DOCUMENTS.rglob("*.md")
        if (found := [each for each in blocks(str(path)) if "curl" in each and "$" in each])
    }
    assert {name: len(found) for name, found in shown.items()} == {
        name: len(words) for name, words in REQUESTS.items()
    }
    for name, words in REQUESTS.items():
        assert sorted(block(name, each) for each in words) == sorted(shown[name])


@pytest.mark.parametrize(
    ("document", "words"),
    [("api.md", "?severity=sev1"), ("use/tokens.md", "/api/v1/incidents/")],
)
def test_a_list_is_read(document: str, words: str, terminal: Terminal, incident: Incident) -> None:
    an_incident(severity="sev3", title="Not the first")
    told = terminal.sends(document, words).json()
    references = [row["reference"] for row in told["results"]]
    assert "INC-42" in references
    assert len(references) == (1 if "severity" in words else 2)


def test_every_page_is_read(terminal: Terminal) -> None:
    titles = [f"Incident {number}" for number in range(120)]
    Incident.objects.bulk_create(Incident(title=title) for title in titles)
    lines = terminal.sends("api.md", "while [").text.splitlines()
    assert sorted(line.split("\t")[2] for line in lines) == sorted(titles)


def test_an_incident_is_recorded(terminal: Terminal) -> None:
    service = a_service(name="Orders", slug="orders")
    told = terminal.sends("api.md", '"title": "Orders time out", "severity"').json()
    found = Incident.objects.get()
    assert told["reference"] == found.reference
    assert (found.title, found.severity) == ("Orders time out", "sev2")
    assert list(found.services.all()) == [service]


def test_an_incident_is_changed(terminal: Terminal, incident: Incident) -> None:
    told = terminal.sends("api.md", "-X PATCH").json()
    assert told["resolved"]["at"].startswith("2026-03-15T01:10")
    assert Incident.objects.get().resolved_at == datetime(2026, 3, 15, 0, 10, tzinfo=UTC)


def test_what_has_not_changed_is_not_sent_again(terminal: Terminal, incident: Incident) -> None:
    asked, shown = block("api.md", "If-None-Match"), "3.9f86…"
    assert shown in asked
    first = terminal.runs(asked).text
    (tag,) = re.findall(r'^etag: "(3\.[^"]+)"', first, re.MULTILINE | re.IGNORECASE)
    again = terminal.runs(asked.replace(shown, tag)).text
    assert (first.split()[1], again.split()[1]) == ("200", "304")
    assert re.split(r"\r?\n\r?\n", again, maxsplit=1)[1] == ""


def test_files_are_checked(terminal: Terminal, settings: Settings) -> None:
    settings.GUARD_TOKEN = "a token of the site"
    story = ROOT / "tests/guard/stories/1"
    copytree(story / "after/config", terminal.folder / "config")
    copytree(story / "before/config", terminal.folder / "old")
    (terminal.folder / "config/database.yml").write_text("pool: 5\n")
    more = {"GUARD_TOKEN": settings.GUARD_TOKEN, "COMMIT": "4b825dc"}
    told = terminal.sends("use/checking.md", "/api/v1/guard/", **more).json()
    assert told["version"] == "2.1.0"
    assert "results" in told["runs"][0]


def test_another_program_tells(terminal: Terminal, settings: Settings) -> None:
    settings.INCIDENT_HOOK_TOKENS = [terminal.token]
    service = a_service(name="Payments", slug="payments")
    told = [terminal.sends("use/hooks.md", "/hooks/incidents/").json() for _ in range(2)]
    assert told == [{"outcome": "opened"}] * 2
    found = Incident.objects.get()
    assert (found.title, found.severity) == ("The disk of db1 is full", "sev2")
    assert list(found.services.all()) == [service]


def test_what_is_not_known_is_told_so() -> None:
    began = datetime(2019, 12, 24, 21, 30, tzinfo=UTC)
    resolved = datetime(2019, 11, 30, 23, 0, tzinfo=UTC)
    found = an_incident(
        time_zone="Europe/Berlin",
        began_at=began,
        began_precision=Precision.MINUTE,
        resolved_at=resolved,
        resolved_precision=Precision.MONTH,
    )
    lines = block("api.md", '"precision": "unknown"').strip().splitlines()
    shown = json.loads("{" + ",".join(lines) + "}")
    told = Program().reads(f"incidents/{found.reference}/")
    assert {name: told[name] for name in shown} == shown


def test_a_refusal_is_a_problem() -> None:
    answer = Program().asks("incidents/", {"limit": "many"})
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json() == json.loads(block("api.md", '"about:blank"'))


def test_a_program_is_told(incident: Incident, settings: Settings) -> None:
    settings.SITE_URL = SITES[0]
    program = a_room(Event.PUBLISHED, channel=Channel.WEBHOOK)
    states.publish(incident, by=a_user("editor"), at=NOW, without_approval=True)
    parcel = take(Message.objects.get(endpoint=program).delivery_id or 0)
    assert parcel is not None
    shown = json.loads(block("api.md", '"timestamp"'))
    assert json.loads(webhook.body_of(parcel)) == shown
