"""One press, by who used a runbook: led there by a lookup of theirs, or not."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from incidents.lookup.operations import keep_findable
from incidents.lookup.queries import look_up
from incidents.lookup.question import read_question
from incidents.models import Lookup, Opening, Runbook, User, Verdict
from tests.factories import NOW, a_lookup, a_runbook, a_user
from tests.pages import Form, forms_on

pytestmark = pytest.mark.django_db

ADDRESS = "/runbooks/room/did-it-help/"
FROM_HOME = {"Referer": "http://testserver/"}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def room() -> Runbook:
    runbook = a_runbook(title="Make room", slug="room", alerts="DiskFull")
    keep_findable(runbook)
    return runbook


@pytest.fixture
def lookup(reader: User, room: Runbook) -> Lookup:
    return a_lookup(room, asked_by=reader, asked_at=timezone.now())


def asked_on(page: HttpResponse) -> list[Form]:
    forms = forms_on(page.content.decode(), "/")
    return [form for form in forms if form.action == ADDRESS]


def says(client: Client, lookup: Lookup, said: str = "helped", **more: Any) -> HttpResponse:
    sent = {"lookup": lookup.pk, "said": said, **more.pop("sent", {})}
    return client.post(ADDRESS, sent, **more)


def says_without_lookup(client: Client, said: str, **more: Any) -> HttpResponse:
    return client.post(ADDRESS, {"said": said}, **more)


def test_it_works(client: Client, lookup: Lookup, room: Runbook, reader: User) -> None:
    page = client.get("/runbooks/room/", headers=FROM_HOME)
    assert "Did it help with <bdi>disk full</bdi>?" in page.content.decode()
    (form,) = asked_on(page)

    answer = client.post(ADDRESS, {**form.sent(), "said": "wrong"})

    assert answer["Location"] == "/runbooks/room/#did-it-help"
    verdict = Verdict.objects.get()
    assert (verdict.lookup, verdict.runbook, verdict.said) == (lookup, room, "wrong")
    assert verdict.said_by == reader
    told = client.get("/runbooks/room/").content.decode()
    assert "You said: it is wrong." in told
    assert "Said by those who used it: it is wrong (1)" in told


def test_by_htmx_the_piece_comes_back(client: Client, lookup: Lookup) -> None:
    answer = says(client, lookup, headers=HTMX)
    assert answer.status_code == 200
    assert "You said: it helped." in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_who_says_it_again_has_thought_better_of_it(client: Client, lookup: Lookup) -> None:
    for said in ("helped", "outdated", "missing_step"):
        says(client, lookup, said)
    assert Verdict.objects.get().said == "missing_step"


def test_what_is_said_was_opened(client: Client, lookup: Lookup) -> None:
    """Also where the opening was lost, because nothing could be written then."""
    says(client, lookup)
    assert Opening.objects.get().place == 1


def test_it_is_counted_with_the_answer(client: Client, lookup: Lookup, reader: User) -> None:
    says(client, lookup)
    other = a_lookup(Runbook.objects.get(), asked_by=reader, asked_at=timezone.now())
    says(client, other, "outdated")
    (answer,) = look_up(read_question("DiskFull"), user=a_user(), limit=5).runbooks
    assert (answer.helped, answer.failed) == (1, 1)


class TestWithoutALookup:
    def test_it_works(self, client: Client, reader: User, room: Runbook) -> None:
        (form,) = asked_on(client.get("/runbooks/room/"))
        assert "lookup" not in form.sent()
        client.post(ADDRESS, {**form.sent(), "said": "outdated"})
        verdict = Verdict.objects.get()
        assert (verdict.lookup, verdict.said, verdict.said_by) == (None, "outdated", reader)
        assert "You said: it is outdated." in client.get("/runbooks/room/").content.decode()

    def test_who_says_it_again_has_thought_better_of_it(
        self, client: Client, reader: User, room: Runbook
    ) -> None:
        for said in ("helped", "outdated", "wrong"):
            says_without_lookup(client, said)
        assert Verdict.objects.get().said == "wrong"

    def test_another_day_is_another_use(self, client: Client, reader: User, room: Runbook) -> None:
        says_without_lookup(client, "helped")
        Verdict.objects.update(said_at=timezone.now() - timedelta(days=2))
        assert "You said" not in client.get("/runbooks/room/").content.decode()
        says_without_lookup(client, "wrong")
        assert Verdict.objects.count() == 2

    def test_another_persons_press_is_another(
        self, client: Client, reader: User, room: Runbook
    ) -> None:
        says_without_lookup(client, "helped")
        client.force_login(a_user("reader"))
        assert "You said" not in client.get("/runbooks/room/").content.decode()
        says_without_lookup(client, "helped")
        assert Verdict.objects.count() == 2

    def test_a_lookup_later_that_day_finds_what_was_said(
        self, client: Client, reader: User, room: Runbook
    ) -> None:
        says_without_lookup(client, "helped")
        lookup = a_lookup(room, asked_by=reader, asked_at=timezone.now())
        told = client.get("/runbooks/room/", headers=FROM_HOME).content.decode()
        assert "You said: it helped." in told
        says(client, lookup, "wrong")
        assert (Verdict.objects.get().lookup, Verdict.objects.get().said) == (lookup, "wrong")

    def test_it_is_counted_with_the_answer(
        self, client: Client, reader: User, room: Runbook
    ) -> None:
        says_without_lookup(client, "helped")
        says_without_lookup(client, "wrong")
        (answer,) = look_up(read_question("DiskFull"), user=a_user(), limit=5).runbooks
        assert (answer.helped, answer.failed) == (0, 1)


class TestOfWhichLookup:
    def asks_of(self, page: HttpResponse) -> object:
        (form,) = asked_on(page)
        return form.sent().get("lookup")

    def test_later_on_the_same_day(self, client: Client, lookup: Lookup, room: Runbook) -> None:
        lookup.openings.create(runbook=room, place=1, opened_at=timezone.now())
        assert self.asks_of(client.get("/runbooks/room/")) == [str(lookup.pk)]

    def test_not_on_another_day(self, client: Client, lookup: Lookup, room: Runbook) -> None:
        at = timezone.now() - timedelta(days=2)
        lookup.openings.create(runbook=room, place=1, opened_at=at)
        assert self.asks_of(client.get("/runbooks/room/")) is None

    def test_not_of_who_came_without_one(self, client: Client, lookup: Lookup) -> None:
        assert self.asks_of(client.get("/runbooks/room/")) is None

    def test_not_of_somebody_elses(self, client: Client, lookup: Lookup, room: Runbook) -> None:
        lookup.openings.create(runbook=room, place=1, opened_at=timezone.now())
        client.force_login(a_user("admin"))
        page = client.get("/runbooks/room/", headers=FROM_HOME)
        assert self.asks_of(page) is None
        assert "disk full" not in page.content.decode()

    def test_not_where_nothing_is_kept(
        self, client: Client, lookup: Lookup, room: Runbook, settings: Settings
    ) -> None:
        settings.LOOKUP_DAYS = 0
        lookup.openings.create(runbook=room, place=1, opened_at=timezone.now())
        assert self.asks_of(client.get("/runbooks/room/", headers=FROM_HOME)) is None

    def test_a_retired_runbook_asks_nobody(self, client: Client, reader: User) -> None:
        a_runbook(slug="old", state="retired")
        assert "Did it help" not in client.get("/runbooks/old/").content.decode()


class TestRefusals:
    @pytest.mark.parametrize("role", ["reader", "editor", "admin"])
    def test_of_somebody_elses_lookup_nothing_is_said(
        self, client: Client, lookup: Lookup, role: str
    ) -> None:
        client.force_login(a_user(role))
        told = says(client, lookup)
        assert told.status_code == 404
        assert "disk full" not in told.content.decode()
        assert not Verdict.objects.exists()

    @pytest.mark.parametrize("key", ["", "x", "-1", "9" * 40, "1.5", "0"])
    def test_of_no_lookup_neither(self, client: Client, lookup: Lookup, key: str) -> None:
        assert says(client, lookup, sent={"lookup": key}).status_code == 404

    def test_of_a_runbook_that_was_not_offered_neither(
        self, client: Client, lookup: Lookup
    ) -> None:
        a_runbook(slug="other")
        sent = {"lookup": lookup.pk, "said": "helped"}
        assert client.post("/runbooks/other/did-it-help/", sent).status_code == 404
        assert client.post("/runbooks/none/did-it-help/", sent).status_code == 404

    @pytest.mark.parametrize("said", ["", "great", "HELPED", "\0"])
    def test_another_word_is_refused(self, client: Client, lookup: Lookup, said: str) -> None:
        assert says(client, lookup, said, headers=HTMX).status_code == 422
        told = client.get(says(client, lookup, said)["Location"]).content.decode()
        assert "Say by one of the buttons" in told
        assert not Verdict.objects.exists()

    def test_of_a_lookup_that_is_too_old(
        self, client: Client, lookup: Lookup, settings: Settings
    ) -> None:
        Lookup.objects.update(asked_at=NOW - timedelta(days=400))
        assert says(client, lookup).status_code == 404

    def test_nobody_signs_in_first(self, client: Client, lookup: Lookup) -> None:
        client.logout()
        assert says(client, lookup)["Location"].startswith("/accounts/login/")

    def test_looking_says_nothing(self, client: Client, lookup: Lookup) -> None:
        assert client.get(ADDRESS).status_code == 405
