"""Every lookup is kept: once, after its answer, and never at its cost."""

import logging
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from incidents.jobs.operations import owe
from incidents.lookup.learning import operations
from incidents.lookup.operations import keep_findable
from incidents.models import AnsweredBy, Job, Lookup, Opening, Runbook, User, Way
from tests.factories import NOW, a_lookup, a_restricted_incident, a_runbook, a_user
from tests.faults.locks import somebody_else_writes
from tests.jobs.doing import do_all_jobs
from tests.lookup.hostile import HOSTILE

pytestmark = pytest.mark.django_db

TOKEN = {"csrfmiddlewaretoken": "of one page"}
FROM_HOME = {"Referer": "http://testserver/"}
READ_ONLY = {
    "sqlite": ("PRAGMA query_only = ON", "PRAGMA query_only = OFF"),
    "postgresql": (
        "SET default_transaction_read_only = on",
        "SET default_transaction_read_only = off",
    ),
}
FROM_LOOKUP = {"Referer": "http://testserver/lookup/?q=disk"}


@pytest.fixture
def reader(client: Client) -> User:
    user = a_user("reader")
    client.force_login(user)
    return user


@pytest.fixture
def room() -> Runbook:
    runbook = a_runbook(title="Make room", slug="room", alerts="DiskFull", body="Disk.")
    keep_findable(runbook)
    return runbook


def forgotten() -> list[str]:
    """What the job that forgets says it did."""
    owe("lookup.forget", {}, at=timezone.now())
    do_all_jobs()
    outcomes = Job.objects.filter(kind="lookup.forget").values_list("outcome", flat=True)
    return [outcome.partition(" that")[0] for outcome in outcomes]


def types(client: Client, text: str, **more: str) -> None:
    sent = {"q": text, **TOKEN, **more}
    answer = client.post("/lookup/answers/", sent, headers={"HX-Request": "true"})
    assert answer.status_code == 200


def texts() -> list[str]:
    return list(Lookup.objects.order_by("pk").values_list("text", flat=True))


def test_it_works(client: Client, reader: User, room: Runbook) -> None:
    client.get("/lookup/", {"alertname": "DiskFull", "team": "db"})
    lookup = Lookup.objects.get()
    assert lookup.asked_by == reader
    assert lookup.way == Way.ADDRESS
    assert lookup.text == "DiskFull\ndb"
    assert lookup.labels == {"alertname": "DiskFull", "team": "db"}
    assert lookup.gist == "diskfull"
    assert lookup.offered == [room.pk]
    assert lookup.answered_by == AnsweredBy.EXACT


class TestEachWay:
    def test_a_program(self, client: Client, reader: User, room: Runbook) -> None:
        client.get("/api/v1/lookup/", {"q": "disk"})
        lookup = Lookup.objects.get()
        assert (lookup.asked_by, lookup.way) == (reader, Way.PROGRAM)
        assert (lookup.offered, lookup.answered_by) == ([room.pk], AnsweredBy.WORDS)

    def test_a_terminal(self, room: Runbook, capsys: pytest.CaptureFixture[str]) -> None:
        call_command("lookup", "disk")
        lookup = Lookup.objects.get()
        assert (lookup.asked_by, lookup.way) == (None, Way.TERMINAL)
        assert lookup.offered == [room.pk]

    def test_a_text_too_long_for_an_address(self, client: Client, reader: User) -> None:
        client.post("/lookup/", {"q": "disk " * 5_000})
        assert Lookup.objects.get().text == ("disk " * 5_000)[:1_000]

    def test_by_what_it_was_answered(self, client: Client, reader: User) -> None:
        keep_findable(a_runbook(alerts='alertname=~"Pod.*"'), a_runbook(alerts='severity="page"'))
        client.get("/lookup/", {"alertname": "PodDown"})
        client.get("/lookup/", {"alertname": "Xqz", "severity": "page"})
        client.get("/lookup/", {"q": "xqzwv"})
        assert list(Lookup.objects.order_by("pk").values_list("answered_by", flat=True)) == [
            AnsweredBy.PATTERN,
            AnsweredBy.LABELS,
            AnsweredBy.NOTHING,
        ]


class TestWhatIsNoLookup:
    @pytest.mark.parametrize("text", ["", " ", "inc 4", "LES-2"])
    def test_nothing_and_references(self, client: Client, reader: User, text: str) -> None:
        client.get("/lookup/", {"q": text})
        types(client, text)
        assert not Lookup.objects.exists()

    def test_what_nobody_looks_at(self, client: Client, reader: User) -> None:
        client.head("/lookup/", {"q": "disk"})
        client.get("/lookup/", {"q": "disk"}, headers={"Sec-Purpose": "prefetch;prerender"})
        assert not Lookup.objects.exists()

    def test_what_nobody_asked(self, client: Client, room: Runbook) -> None:
        client.get("/lookup/", {"q": "disk"})
        client.get("/api/v1/lookup/", {"q": "disk"})
        assert not Lookup.objects.exists()


class TestTyping:
    def test_one_row_however_many_keys(self, client: Client, reader: User, room: Runbook) -> None:
        for text in ("xq", "di", "disk", "disk full", "disk ful", "disk full on db"):
            types(client, text)
        lookup = Lookup.objects.get()
        assert lookup.text == "disk full on db"
        assert lookup.way == Way.TYPED
        assert lookup.offered == [room.pk]

    def test_enter_asks_what_was_typed(self, client: Client, reader: User) -> None:
        types(client, "disk fu")
        client.get("/lookup/", {"q": "disk full"})
        lookup = Lookup.objects.get()
        assert (lookup.text, lookup.way) == ("disk full", Way.ADDRESS)

    def test_a_text_that_stood_for_a_while_is_a_question(
        self, client: Client, reader: User
    ) -> None:
        types(client, "disk full")
        Lookup.objects.update(asked_at=timezone.now() - timedelta(minutes=1))
        types(client, "dns")
        assert texts() == ["disk full", "dns"]

    def test_a_text_that_is_erased_stays_what_was_asked(self, client: Client, reader: User) -> None:
        for text in ("disk full", "disk f", "d", ""):
            types(client, text)
        assert texts() == ["disk full"]

    def test_what_was_opened_is_not_typed_over(
        self, client: Client, reader: User, room: Runbook
    ) -> None:
        types(client, "disk")
        client.get("/runbooks/room/", headers=FROM_HOME)
        types(client, "disk full")
        assert texts() == ["disk", "disk full"]

    def test_a_late_answer_does_not_bring_back_what_was_typed_before(
        self, client: Client, reader: User
    ) -> None:
        types(client, "disk full")
        Lookup.objects.update(asked_at=timezone.now() + timedelta(seconds=2))
        types(client, "disk")
        assert texts() == ["disk full"]

    def test_two_pages_of_one_account_do_not_mix(self, client: Client, reader: User) -> None:
        types(client, "disk")
        types(client, "dns", csrfmiddlewaretoken="of another page")
        types(client, "disk full")
        assert texts() == ["disk full", "dns"]


class TestTheSameAgain:
    def test_a_page_that_is_loaded_again(self, client: Client, reader: User) -> None:
        for _ in range(3):
            client.get("/lookup/", {"q": "disk"})
        assert Lookup.objects.count() == 1
        assert not Lookup.objects.get().asked_again

    def test_later_it_is_a_question_again(self, client: Client, reader: User) -> None:
        client.get("/lookup/", {"q": "disk"})
        Lookup.objects.update(asked_at=timezone.now() - timedelta(minutes=11))
        client.get("/lookup/", {"q": "disk"})
        assert Lookup.objects.count() == 2

    def test_somebody_else_is_somebody_else(self, client: Client, reader: User) -> None:
        client.get("/lookup/", {"q": "disk"})
        client.force_login(a_user("reader"))
        client.get("/lookup/", {"q": "disk"})
        assert Lookup.objects.count() == 2

    def test_who_opens_nothing_and_asks_on_has_missed(self, client: Client, reader: User) -> None:
        client.get("/lookup/", {"q": "disk"})
        client.get("/lookup/", {"q": "no space left"})
        assert list(Lookup.objects.order_by("pk").values_list("asked_again", flat=True)) == [
            True,
            False,
        ]

    def test_who_opened_something_has_not(
        self, client: Client, reader: User, room: Runbook
    ) -> None:
        client.get("/lookup/", {"q": "disk"})
        client.get("/runbooks/room/", headers=FROM_LOOKUP)
        client.get("/lookup/", {"q": "no space left"})
        assert not Lookup.objects.filter(asked_again=True).exists()


class TestOpening:
    @pytest.mark.parametrize("came_from", [FROM_HOME, FROM_LOOKUP])
    def test_it_works(
        self, client: Client, reader: User, room: Runbook, came_from: dict[str, str]
    ) -> None:
        first = a_runbook()
        lookup = a_lookup(first, room, asked_by=reader, asked_at=timezone.now())
        client.get("/runbooks/room/", headers=came_from)
        opening = Opening.objects.get()
        assert (opening.lookup, opening.runbook, opening.place) == (lookup, room, 2)

    def test_however_often_it_is_one(self, client: Client, reader: User, room: Runbook) -> None:
        a_lookup(room, asked_by=reader, asked_at=timezone.now())
        for _ in range(2):
            client.get("/runbooks/room/", headers=FROM_HOME)
        assert Opening.objects.count() == 1

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"Referer": "http://testserver/runbooks/"},
            {"Referer": "http://elsewhere.example/lookup/"},
            {"Referer": "http://["},
            {**FROM_HOME, "Sec-Purpose": "prefetch"},
        ],
    )
    def test_who_came_from_elsewhere_opened_nothing(
        self, client: Client, reader: User, room: Runbook, headers: dict[str, str]
    ) -> None:
        a_lookup(room, asked_by=reader, asked_at=timezone.now())
        assert client.get("/runbooks/room/", headers=headers).status_code == 200
        assert not Opening.objects.exists()

    @pytest.mark.parametrize(
        "fields",
        [
            {"asked_by": None},
            {"offered": []},
            {"asked_at": NOW},
        ],
    )
    def test_only_from_an_own_lookup_that_offered_it_lately(
        self, client: Client, reader: User, room: Runbook, fields: dict[str, Any]
    ) -> None:
        a_lookup(room, **{"asked_by": reader, "asked_at": timezone.now(), **fields})
        a_lookup(room, asked_by=a_user(), asked_at=timezone.now())
        client.get("/runbooks/room/", headers=FROM_HOME)
        assert not Opening.objects.exists()


class TestHowLong:
    def test_what_is_too_old_goes(self, reader: User, room: Runbook, settings: Settings) -> None:
        settings.LOOKUP_DAYS = 30
        now = timezone.now()
        old = a_lookup(room, asked_by=reader, asked_at=now - timedelta(days=31))
        old.openings.create(runbook=room, place=1, opened_at=now)
        verdict = old.verdicts.create(runbook=room, said="helped", said_at=now)
        young = a_lookup(asked_at=now - timedelta(days=29))

        assert forgotten() == ["Forgot 1"]

        assert not Lookup.objects.filter(pk=old.pk).exists()
        assert Lookup.objects.filter(pk=young.pk).exists()
        verdict.refresh_from_db()
        assert verdict.lookup is None

    def test_however_many_there_are(self, settings: Settings) -> None:
        settings.LOOKUP_DAYS = 30
        runbook = a_runbook()
        for _ in range(7):
            a_lookup(runbook, asked_at=NOW)
        with patch.object(operations, "BATCH", 3):
            assert forgotten() == ["Forgot 7"]

    def test_nothing_is_kept_where_the_settings_say_so(
        self, client: Client, reader: User, room: Runbook, settings: Settings
    ) -> None:
        a_lookup(room, asked_by=reader, asked_at=timezone.now() - timedelta(seconds=1))
        settings.LOOKUP_DAYS = 0
        client.get("/lookup/", {"q": "disk"})
        client.get("/runbooks/room/", headers=FROM_HOME)
        assert Lookup.objects.count() == 1
        assert forgotten() == ["Forgot 1"]
        assert not Opening.objects.exists()

    def test_who_is_gone_is_not_named(self, client: Client, reader: User) -> None:
        client.get("/lookup/", {"q": "disk"})
        reader.delete()
        assert Lookup.objects.get().asked_by is None


def test_any_text_is_kept_or_dropped(client: Client, reader: User) -> None:
    keep_findable(a_runbook(alerts='alertname=~".*", team!="db"', title="Pods crash"))
    for number, text in enumerate(HOSTILE):
        answer = client.post(
            "/lookup/answers/",
            {"q": text, "note": text[:500], "csrfmiddlewaretoken": str(number)},
            headers={"HX-Request": "true"},
        )
        assert answer.status_code == 200
    assert Lookup.objects.count() > 100


def test_a_restricted_incident_is_never_among_what_was_offered(
    client: Client, reader: User
) -> None:
    hidden = a_restricted_incident(reader, title="Zanzibar breach")
    keep_findable(hidden)
    client.get("/lookup/", {"q": "zanzibar breach"})
    assert Lookup.objects.get().offered == []


def test_to_keep_takes_few_queries(
    client: Client,
    reader: User,
    room: Runbook,
    settings: Settings,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    def asked(text: str) -> int:
        with django_assert_max_num_queries(40) as done:
            client.get("/lookup/", {"q": text})
        return len(done)

    settings.LOOKUP_DAYS = 0
    without = asked("disk full")
    settings.LOOKUP_DAYS = 90
    for number in range(30):
        a_lookup(room, asked_by=reader, asked_at=timezone.now(), text=f"disk {number}")
    assert asked("disk fill") <= without + 8


@pytest.mark.django_db(transaction=True)
class TestWhereNothingCanBeWritten:
    """The answer comes all the same, and the log says what was lost, but not what was asked."""

    @pytest.fixture(autouse=True)
    def asked_before(self, client: Client, reader: User, room: Runbook) -> None:
        a_lookup(room, asked_by=reader, asked_at=timezone.now())

    def answers(self, client: Client) -> None:
        told = client.get("/lookup/", {"q": "DiskFull s3cret"})
        assert "exact alert match" in client.get("/lookup/?q=DiskFull").content.decode()
        assert "Make room" in told.content.decode()
        assert "Make room" in client.get("/api/v1/lookup/?q=disk").content.decode()
        opened = client.get("/runbooks/room/", headers=FROM_HOME)
        assert opened.status_code == 200
        assert Lookup.objects.count() == 1
        assert not Opening.objects.exists()

    def lost(self, caplog: pytest.LogCaptureFixture) -> list[str]:
        assert "s3cret" not in caplog.text
        return [
            record.getMessage()
            for record in caplog.records
            if record.name == "incidents.lookup.learning.operations"
            and record.levelno == logging.WARNING
        ]

    def test_while_somebody_else_writes(
        self, client: Client, caplog: pytest.LogCaptureFixture
    ) -> None:
        with somebody_else_writes(Lookup, Opening):
            self.answers(client)
        assert len(self.lost(caplog)) == 4
        client.get("/lookup/", {"q": "dns"})
        assert Lookup.objects.count() == 2

    def test_while_it_is_read_only(self, client: Client, caplog: pytest.LogCaptureFixture) -> None:
        with connection.cursor() as cursor:
            cursor.execute(READ_ONLY[connection.vendor][0])
            try:
                self.answers(client)
            finally:
                cursor.execute(READ_ONLY[connection.vendor][1])
        assert len(self.lost(caplog)) == 4
