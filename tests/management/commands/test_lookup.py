"""`manage.py lookup`: the responder's search in a terminal."""

import io
import json
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from incidents.lookup.engines import reading
from incidents.lookup.operations import keep_findable
from tests.factories import (
    NOW,
    a_delta,
    a_knob,
    a_lesson,
    a_restricted_incident,
    a_runbook,
    an_incident,
)

pytestmark = pytest.mark.django_db


def looked_up(*arguments: str, **options: object) -> str:
    out = io.StringIO()
    call_command("lookup", *arguments, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def _disk() -> None:
    runbook = a_runbook(
        title="Make room",
        slug="room",
        alerts='alertname="DiskFull", team="db"',
        body_html="<ol><li>Look.</li><li>Clean.</li></ol>",
    )
    incident = an_incident(
        title="DiskFull in March",
        began_at=NOW,
        began_precision="minute",
        resolved_at=NOW,
        resolved_precision="minute",
    )
    a_delta(incident, knob=a_knob(component="disk", key="reserve"), before="5", after="6")
    keep_findable(runbook, incident, a_lesson(sentence="Watch the DiskFull."))


@pytest.mark.usefixtures("_disk")
def test_it_works() -> None:
    told = looked_up("--alert", "DiskFull", "--label", "team=db")
    assert told.splitlines()[:5] == [
        "Make room  /runbooks/room/",
        '  alert alertname="DiskFull", team="db" · words · never verified · helped 0, failed 0',
        "    1. Look.",
        "    2. Clean.",
        "",
    ]
    assert "fixed: disk reserve: 5 → 6" in told
    assert "Watch the DiskFull." in told


@pytest.mark.usefixtures("_disk")
def test_words_need_no_quotes() -> None:
    assert "Make room" in looked_up("make", "some", "room")


@pytest.mark.usefixtures("_disk")
def test_a_hyphen_reads_the_input(monkeypatch: pytest.MonkeyPatch) -> None:
    payload = b'{"alerts": [{"labels": {"alertname": "DiskFull", "team": "db"}}]} \xff'
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(payload)))
    assert "alert alertname=" in looked_up("-")


@pytest.mark.usefixtures("_disk")
def test_colours_are_for_terminals_and_for_who_asks() -> None:
    assert "\x1b[" not in looked_up("room")
    assert "\x1b[" in looked_up("room", force_color=True)
    assert "\x1b[" not in looked_up("room", no_color=True)


@pytest.mark.usefixtures("_disk")
def test_json_has_all_of_it() -> None:
    told = json.loads(looked_up("room", "--json"))
    assert told["runbooks"][0]["first_steps"] == ["1. Look.", "2. Clean."]
    assert told["runbooks"][0]["why"]["words"] is True


def test_the_limit_is_of_each_kind() -> None:
    keep_findable(*(a_runbook(title="Disk") for _ in range(4)))
    assert looked_up("disk", "--limit", "2").count("/runbooks/") == 2


def test_nothing_found_ends_with_one() -> None:
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("lookup", "xqzwv", stdout=out)
    assert ended.value.code == 1
    assert out.getvalue() == "No runbook for this.\n"


def test_nothing_restricted_is_shown() -> None:
    incident = a_restricted_incident(title="Zanzibar breach")
    keep_findable(incident, a_lesson(sentence="Zanzibar.", learned_from=incident))
    with pytest.raises(SystemExit):
        looked_up("zanzibar")


def test_a_title_commands_no_terminal() -> None:
    keep_findable(a_runbook(title="Disk \x1b[2J\x07"))
    assert "\x1b" not in looked_up("disk")


@pytest.mark.parametrize(
    "arguments", [("--label", "team"), ("--label", "=db"), ("--limit", "0"), ("--limit", "x")]
)
def test_what_is_no_option_is_refused(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        looked_up("disk", *arguments)


def test_what_cannot_be_searched_yet_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    keep_findable(*(a_lesson(sentence=f"Pool {number}") for number in range(5)))
    assert "could not be searched" not in looked_up("pool")
    monkeypatch.setattr(reading, "MOST_FRESH", 3)
    assert "2 records could not be searched" in looked_up("pool")
