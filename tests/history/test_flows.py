"""The two ways a form goes, where other people are at it too."""

import pytest
from django.test import Client

from incidents.access.submissions import make_once
from incidents.history.operations import change_record
from incidents.models import Factor
from tests.factories import NOW, a_factor, a_user

pytestmark = pytest.mark.django_db

FORM = {"name": "Pool too small", "slug": "pool", "category": "capacity", "description": "His"}
TOKEN = "7f0a8a52-0b8f-4b7c-9f6b-5d3f4c1f6b3e"


@pytest.fixture
def writer(client: Client) -> Client:
    client.force_login(a_user())
    return client


def test_it_works(writer: Client) -> None:
    answer = writer.post("/factors/new/", {**FORM, "token": TOKEN})

    assert (answer.status_code, answer["Location"]) == (302, "/factors/pool/")


def test_both_texts_are_on_the_page(writer: Client) -> None:
    a_factor(name="Pool too small", slug="pool", description="Hers")
    Factor.objects.update(version=2, description="Theirs")

    answer = writer.post("/factors/pool/edit/", {**FORM, "version": 1})

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "<del>Theirs</del>" in page
    assert "<ins>His</ins>" in page


def test_what_only_the_other_changed_is_not_taken_back(writer: Client) -> None:
    factor = a_factor(name="Pool", slug="pool", category="design", description="")
    values = {"category": "capacity", "description": "Theirs"}
    change_record(factor, version=1, values=values, by=None, at=NOW, summary="Changed it")
    form = {"name": "Pool too small", "slug": "pool", "category": "design", "description": "His"}

    answer = writer.post("/factors/pool/edit/", {**form, "version": 1})

    shown = answer.context["form"]
    assert [both.name for both in shown.conflicts] == ["description"]
    assert [shown[name].value() for name in ("name", "category", "description")] == [
        "Pool too small",
        "capacity",
        "His",
    ]


def test_a_text_that_a_browser_sends_back_as_it_was_is_no_conflict(writer: Client) -> None:
    factor = a_factor(name="Pool", slug="pool", category="capacity", description="One\ntwo")
    values = {"name": "Theirs"}
    change_record(factor, version=1, values=values, by=None, at=NOW, summary="Changed it")
    form = {**FORM, "name": "His", "description": "One\r\ntwo"}

    answer = writer.post("/factors/pool/edit/", {**form, "version": 1})

    assert [both.name for both in answer.context["form"].conflicts] == ["name"]


def test_the_saved_text_can_be_kept(writer: Client) -> None:
    a_factor(name="Pool", slug="pool", description="Theirs", version=2)

    answer = writer.post(
        "/factors/pool/edit/", {**FORM, "version": 2, "keep_saved": ["description"]}
    )

    assert answer.status_code == 302
    factor = Factor.objects.get()
    assert (factor.name, factor.description) == ("Pool too small", "Theirs")


def test_who_makes_the_same_a_moment_later_is_told(
    writer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def after_somebody_else(**arguments: object) -> str:
        a_factor(slug="pool")
        return make_once(**arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("incidents.history.flows.make_once", after_somebody_else)

    answer = writer.post("/factors/new/", {**FORM, "token": TOKEN})

    assert answer.status_code == 422
    assert "slug" in answer.context["form"].errors
    assert answer.context["form"]["description"].value() == "His"
