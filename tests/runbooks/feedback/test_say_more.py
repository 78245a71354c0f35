"""After the press, in words: a note; or it was not meant."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from incidents.models import LONGEST_NOTE, Runbook, User, Verdict
from tests.factories import a_runbook, a_user
from tests.pages import forms_on

pytestmark = pytest.mark.django_db

PAGE = "/runbooks/room/"
ADDRESS = "/runbooks/room/did-it-help/more/"
BACK = "/runbooks/room/did-it-help/back/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def room() -> Runbook:
    return a_runbook(title="Make room", slug="room")


@pytest.fixture
def verdict(reader: User, room: Runbook) -> Verdict:
    at = timezone.now()
    return Verdict.objects.create(runbook=room, said="wrong", said_by=reader, said_at=at)


def says_more(client: Client, verdict: Verdict, note: str, **more: object) -> HttpResponse:
    return client.post(ADDRESS, {"verdict": verdict.pk, "note": note}, **more)  # type: ignore[arg-type]


def test_it_works(client: Client, verdict: Verdict) -> None:
    told = client.get(PAGE).content.decode()
    (form,) = [one for one in forms_on(told, PAGE) if one.action == ADDRESS]
    answer = client.post(ADDRESS, {**form.sent(), "note": "Step 3 names the old host."})
    assert answer["Location"] == "/runbooks/room/#did-it-help"
    verdict.refresh_from_db()
    assert verdict.note == "Step 3 names the old host."
    assert "Step 3 names the old host.</textarea>" in client.get(PAGE).content.decode()


def test_by_htmx_the_piece_comes_back(client: Client, verdict: Verdict) -> None:
    told = says_more(client, verdict, "<b>Old</b>", headers=HTMX).content.decode()
    assert "&lt;b&gt;Old&lt;/b&gt;</textarea>" in told
    assert "<html" not in told


def test_who_says_more_of_what_was_dealt_with_opens_it_again(
    client: Client, verdict: Verdict
) -> None:
    Verdict.objects.update(dealt_with_at=timezone.now(), dealt_with_by=a_user())
    says_more(client, verdict, "Still wrong.")
    assert list(Verdict.objects.open_faults()) == [verdict]


def test_another_word_opens_it_again(client: Client, verdict: Verdict) -> None:
    Verdict.objects.update(dealt_with_at=timezone.now(), dealt_with_by=a_user())
    client.post("/runbooks/room/did-it-help/", {"said": "wrong"})
    assert not Verdict.objects.open_faults()
    client.post("/runbooks/room/did-it-help/", {"said": "outdated"})
    assert list(Verdict.objects.open_faults()) == [verdict]


def test_what_was_said_is_taken_back(client: Client, verdict: Verdict) -> None:
    assert client.post(BACK, {"verdict": verdict.pk}).status_code == 302
    assert not Verdict.objects.exists()
    assert "You said" not in client.get(PAGE).content.decode()


def test_taking_back_by_htmx_asks_anew(client: Client, verdict: Verdict) -> None:
    told = client.post(BACK, {"verdict": verdict.pk}, headers=HTMX).content.decode()
    assert "Did it help?" in told


class TestRefusals:
    @pytest.mark.parametrize("headers", [{}, HTMX])
    def test_a_note_that_is_too_long_keeps_its_text(
        self, client: Client, verdict: Verdict, headers: dict[str, str]
    ) -> None:
        note = "long " * LONGEST_NOTE
        answer = says_more(client, verdict, note, headers=headers)
        assert answer.status_code == 422
        assert note.strip() in answer.content.decode()
        assert f"at most {LONGEST_NOTE} characters" in answer.content.decode()
        assert not Verdict.objects.exclude(note="").exists()

    @pytest.mark.parametrize("address", [ADDRESS, BACK])
    @pytest.mark.parametrize("role", ["reader", "editor", "admin"])
    def test_of_what_somebody_else_said(
        self, client: Client, verdict: Verdict, address: str, role: str
    ) -> None:
        client.force_login(a_user(role))
        assert client.post(address, {"verdict": verdict.pk, "note": "x"}).status_code == 404
        verdict.refresh_from_db()
        assert verdict.note == ""

    @pytest.mark.parametrize("address", [ADDRESS, BACK])
    @pytest.mark.parametrize("key", ["", "x", "-1", "9" * 40, "\0"])
    def test_of_nothing(self, client: Client, verdict: Verdict, address: str, key: str) -> None:
        assert client.post(address, {"verdict": key}).status_code == 404

    @pytest.mark.parametrize("address", [ADDRESS, BACK])
    def test_of_another_runbook(self, client: Client, verdict: Verdict, address: str) -> None:
        a_runbook(slug="other")
        elsewhere = address.replace("room", "other")
        assert client.post(elsewhere, {"verdict": verdict.pk}).status_code == 404
