"""The list of runs."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from incidents.guard.files import Given
from incidents.models import CheckRun, User, Visibility
from tests.factories import a_delta, a_knob, a_lesson, a_restricted_incident, a_user, an_incident
from tests.guard.runs.made import BEFORE, FILES, a_guard, a_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client: Client) -> User:
    user = a_user("reader")
    client.force_login(user)
    return user


def shown(client: Client, query: str = "") -> list[str]:
    """The names in the list, from above."""
    answer = client.get(f"/guard/runs/?{query}")
    assert answer.status_code == 200
    return [run.title for run in answer.context["page"]]


def row(client: Client) -> tuple[int, int]:
    (run,) = client.get("/guard/runs/").context["page"]
    return run.violated_count, run.repeated_count


def test_it_works(client: Client, reader: User) -> None:
    a_guard()
    knob = a_knob(component="unicorn", key="timeout", unit="s")
    a_delta(an_incident(), knob=knob)
    a_run(name="checkout", revision="3f2a1c", before=BEFORE)

    page = client.get("/guard/runs/").text

    assert row(client) == (1, 1)
    for words in ("checkout", "3f2a1c", "by a program", "just now"):
        assert words in page


def test_the_latest_is_first_and_files_tell_where_there_is_no_name(
    client: Client, reader: User
) -> None:
    a_run(by=reader)
    a_run(name="checkout", at=timezone.now() - timedelta(hours=1))
    a_run(files=[Given(f"{name}.toml", b"") for name in "abc"])

    assert shown(client) == ["a.toml, b.toml and 1 more", "unicorn.rb", "checkout"]
    assert f"by {reader.name}" in " ".join(
        client.get("/guard/runs/?door=page").text.replace("<bdi>", "").split()
    )


def test_nothing_was_checked(client: Client, reader: User) -> None:
    page = client.get("/guard/runs/").text

    assert "Nothing was checked lately" in page
    assert "No run fits these filters" in client.get("/guard/runs/?door=page").text


def test_filters(client: Client, reader: User) -> None:
    guard = a_guard()
    a_delta(an_incident(), knob=a_knob(component="unicorn", key="timeout", unit="s"))
    a_run(name="short")
    a_run(name="taken back", before=BEFORE)
    a_run(name="fine", revision="v2", files=BEFORE)
    a_run(name="broken", files=[Given("x.toml", b"\0")])
    a_run(name="of old", files=BEFORE, at=timezone.now() - timedelta(days=190))

    assert shown(client, "found=violated") == ["taken back", "short"]
    assert shown(client, "found=repeats") == ["taken back"]
    assert shown(client, "found=nothing") == ["broken", "fine", "of old"]
    assert shown(client, "found=unreadable") == ["broken"]
    assert shown(client, f"lesson={guard.lesson.reference}") == ["taken back", "short"]
    assert shown(client, "q=back+taken") == ["taken back"]
    assert shown(client, "q=V2") == ["fine"]
    assert shown(client, "door=terminal") == []
    assert "of old" not in shown(client, f"period={timezone.now():%Y-%m}")


@pytest.mark.parametrize("query", ["found=x", "lesson=LES-999", "lesson=x", "door=x", "period=x"])
def test_what_does_not_fit_is_said(client: Client, reader: User, query: str) -> None:
    a_run()

    page = client.get(f"/guard/runs/?{query}")

    assert page.status_code == 200
    assert 'class="field-error"' in page.text


def test_what_is_too_old_is_not_shown(client: Client, reader: User, settings: Settings) -> None:
    settings.GUARD_RUN_DAYS = 30
    a_run(at=timezone.now() - timedelta(days=31))

    assert shown(client) == []


class TestRestricted:
    @pytest.fixture
    def named(self) -> User:
        return a_user()

    @pytest.fixture(autouse=True)
    def found(self, named: User, reader: User) -> None:
        incident = a_restricted_incident(named, title="Nobody's business")
        a_delta(incident, knob=a_knob(component="unicorn", key="timeout", unit="s"))
        self.guard = a_guard(a_lesson(sentence="Never to be told.", learned_from=incident))
        a_run(by=named, before=BEFORE)

    def test_it_is_counted_for_who_may_know(self, client: Client, named: User) -> None:
        client.force_login(named)

        assert row(client) == (1, 1)
        assert shown(client, "found=violated") == ["unicorn.rb"]

    def test_and_for_nobody_else(self, client: Client) -> None:
        assert row(client) == (0, 0)
        assert shown(client, "found=violated") == []
        assert shown(client, "found=repeats") == []
        assert shown(client, "found=nothing") == ["unicorn.rb"]

    def test_nor_can_it_be_asked_for(self, client: Client) -> None:
        number = self.guard.lesson.pk
        there, nowhere = (
            client.get(f"/guard/runs/?lesson=LES-{key}").text for key in (number, number + 1)
        )

        assert "is not open to you" in there
        assert len(there) == len(nowhere)


def test_what_is_restricted_later_is_not_counted_any_more(client: Client, reader: User) -> None:
    incident = an_incident()
    a_guard(a_lesson(learned_from=incident))
    a_run()
    assert row(client) == (1, 0)

    incident.visibility = Visibility.RESTRICTED
    incident.save()

    assert row(client) == (0, 0)


def test_nor_is_a_lesson_that_became_one_of_what_is_restricted(
    client: Client, reader: User
) -> None:
    lesson = a_guard(a_lesson()).lesson
    a_run()
    assert row(client) == (1, 0)

    lesson.learned_from = a_restricted_incident()
    lesson.save()

    assert row(client) == (0, 0)


def test_queries_do_not_grow(
    client: Client, reader: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    a_guard()
    a_run(by=reader)
    with django_assert_max_num_queries(30) as few:
        client.get("/guard/runs/")
    for number in range(12):
        a_run(by=a_user(), name=f"{number}", files=FILES * 3)

    with django_assert_max_num_queries(len(few)):
        client.get("/guard/runs/")

    assert CheckRun.objects.count() == 13


def test_nobody_looks_who_is_not_signed_in(client: Client) -> None:
    run = a_run()

    assert client.get("/guard/runs/").status_code == 302
    assert client.get(f"/guard/runs/{run.pk}/").status_code == 302
