"""What people read is in their language; what is kept, and what programs read, is in one."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import translation

from incidents.models import Change, User
from tests.factories import a_token, a_user, an_incident

pytestmark = pytest.mark.django_db

GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}
FRENCH = {"Accept-Language": "fr"}
SECRET = "pmk_" + "a" * 43


@pytest.fixture(autouse=True)
def _in_the_sites_own_words() -> Iterator[None]:
    yield
    assert translation.get_language() == "en", "left over for whoever is asked next"


def reader_of(language: str = "", role: str = "editor") -> tuple[Client, User]:
    person = a_user(role, language=language)
    client = Client()
    client.force_login(person)
    return client, person


def heading(answer: object) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", answer.content.decode(), re.DOTALL)  # type: ignore[attr-defined]  # of the test client
    assert found
    return found[1].strip()


@pytest.mark.parametrize(
    ("chosen", "asked", "language", "says"),
    [
        ("", {}, "en", "Incidents"),
        ("", GERMAN, "de", "Vorfälle"),
        ("", FRENCH, "en", "Incidents"),
        ("de", {}, "de", "Vorfälle"),
        ("de", FRENCH, "de", "Vorfälle"),
        ("en", GERMAN, "en", "Incidents"),
    ],
)
def test_a_profile_comes_before_a_browser(
    chosen: str, asked: dict[str, str], language: str, says: str
) -> None:
    client, _ = reader_of(chosen)

    answer = client.get("/incidents/", headers=asked)

    assert heading(answer) == says
    assert f'<html lang="{language}"' in answer.content.decode()
    assert answer["Content-Language"] == language
    assert "Accept-Language" in answer["Vary"]


def test_so_are_refusals() -> None:
    client, _ = reader_of("de", role="reader")

    for path, status in (("/incidents/new/", 403), ("/incidents/INC-999/", 404)):
        answer = client.get(path)

        assert answer.status_code == status
        assert '<html lang="de"' in answer.content.decode()


def test_who_is_not_signed_in_is_asked_in_the_language_of_the_browser() -> None:
    assert "Anmelden" in Client().get("/accounts/login/", headers=GERMAN).content.decode()


def test_a_form_says_what_is_wrong_in_it() -> None:
    client, _ = reader_of("de")

    answer = client.post("/incidents/new/", {"title": ""})

    assert answer.status_code == 422
    assert "Dieses Feld ist zwingend erforderlich." in answer.content.decode()


def test_one_chooses_it_for_oneself() -> None:
    client, person = reader_of()
    form = {"version": 1, "first_name": "Grace", "last_name": "", "time_zone": "UTC"}

    client.post("/me/", {**form, "language": "de"})

    person.refresh_from_db()
    assert person.language == "de"
    assert heading(client.get("/incidents/")) == "Vorfälle"


def test_there_is_no_other() -> None:
    client, person = reader_of()
    form = {"version": 1, "first_name": "Grace", "last_name": "", "time_zone": "UTC"}

    answer = client.post("/me/", {**form, "language": "tlh"})

    assert answer.status_code == 422
    person.refresh_from_db()
    assert person.language == ""


@pytest.mark.parametrize("path", ["/api/v1/incidents/", "/api/v1/incidents/?state=nothing"])
def test_programs_are_answered_in_one_language(path: str) -> None:
    person = a_user(language="de")
    a_token(person, secret=SECRET)
    an_incident(owner=person)
    by_token = {"Authorization": f"Bearer {SECRET}"}

    answer = Client().get(path, headers={**by_token, **GERMAN})

    assert answer.content == Client().get(path, headers=by_token).content
    assert "Content-Language" not in answer


def test_what_is_kept_is_the_same_whoever_did_it() -> None:
    kept = []
    for language in ("en", "de"):
        client, person = reader_of(language)
        form = {"version": 1, "first_name": "Grace", "last_name": "", "time_zone": "Asia/Tokyo"}
        client.post("/me/", {**form, "language": language})
        kept.append(Change.objects.filter(by=person).latest("pk").summary)

    assert kept == ["Changed the profile"] * 2
