"""How well the lookup finds: figures for everybody, what was asked for administrators."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from incidents.lookup.learning.queries import Share, figures
from incidents.models import AnsweredBy, KeptQuery, Lookup, Runbook, User
from tests.access.restricted import a_world, hide_an_incident, told_by
from tests.factories import NOW, a_lookup, a_runbook, a_user

pytestmark = pytest.mark.django_db

ADDRESS = "/lookup/quality/"


def signed_in(client: Client, role: str = "admin") -> User:
    user = a_user(role)
    client.force_login(user)
    return user


def quality(client: Client, **asked: str) -> str:
    answer = client.get(ADDRESS, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def asked(*offered: Runbook, days: float = 0, **fields: Any) -> Lookup:
    at = timezone.now() - timedelta(days=days, minutes=1)
    return a_lookup(*offered, asked_at=at, **fields)


def opened(lookup: Lookup, runbook: Runbook, said: str = "") -> None:
    place = lookup.offered.index(runbook.pk) + 1
    lookup.openings.create(runbook=runbook, place=place, opened_at=lookup.asked_at)
    if said:
        lookup.verdicts.create(runbook=runbook, said=said, said_at=lookup.asked_at)


def shares(rows: list[Share]) -> dict[str, int]:
    return {row.label: row.number for row in rows}


def test_it_works() -> None:
    """Against figures counted by hand."""
    first, second, third = (a_runbook() for _ in range(3))
    exact = asked(first, second, third, answered_by=AnsweredBy.EXACT)
    opened(exact, first, "helped")
    words = asked(second, first, third)
    opened(words, third, "wrong")
    opened(words, first, "missing_step")
    asked(first, asked_again=True)
    asked(asked_again=True)
    asked(first, days=8)

    told = figures(since=timezone.now() - timedelta(days=7))

    assert told.asked == 4
    assert told.opened == 2
    assert shares(told.answered) == {
        "exact alert match": 1,
        "alert pattern": 0,
        "words": 2,
        "other labels": 0,
        "nothing offered": 1,
    }
    assert [share.percent for share in told.answered] == [25, 0, 50, 0, 25]
    assert shares(told.places) == {"first": 1, "second or third": 2, "further down": 0}
    assert told.mean_reciprocal_place == pytest.approx((1 + 1 / 3 + 1 / 2) / 3)
    assert [share.number for share in told.said] == [1, 1, 0, 1]
    # What was offered nothing is not counted once more for asking again.
    assert [share.number for share in told.misses] == [1, 1, 1]


class TestThePage:
    def test_everybody_sees_the_figures(self, client: Client) -> None:
        runbook = a_runbook(title="Make room")
        opened(asked(runbook), runbook, "outdated")
        signed_in(client, "reader")
        told = quality(client)
        assert "1 lookup in the last 90 days; from 1 of them something was opened" in told
        assert "Make room" in told
        assert "100 %" in told

    def test_nothing_asked(self, client: Client) -> None:
        signed_in(client)
        assert "Nothing was looked up" in quality(client)

    def test_where_nothing_is_kept_it_says_so(self, client: Client, settings: Settings) -> None:
        asked()
        settings.LOOKUP_DAYS = 0
        signed_in(client)
        told = quality(client)
        assert "LOOKUP_DAYS is 0" in told
        assert "disk full" not in told

    @pytest.mark.parametrize(
        ("days", "number"), [("7", 1), ("30", 2), ("90", 3), ("", 3), ("x", 3), ("-1", 3)]
    )
    def test_each_period(self, client: Client, days: str, number: int) -> None:
        for ago in (1, 20, 80, 100):
            asked(days=ago)
        signed_in(client)
        told = quality(client, days=days)
        assert f"{number} lookup" in told
        assert "disk full" in told

    def test_periods_end_where_the_settings_do(self, client: Client, settings: Settings) -> None:
        settings.LOOKUP_DAYS = 14
        asked(days=20)
        signed_in(client)
        told = quality(client, days="30")
        assert "Nothing was looked up" in told
        assert "?days=14" in told
        assert "?days=30" not in told

    def test_nobody_signs_in_first(self, client: Client) -> None:
        assert client.get(ADDRESS)["Location"].startswith("/accounts/login/")


class TestMisses:
    def test_alike_questions_are_one_the_most_asked_first(self, client: Client) -> None:
        ada = a_user(first_name="Ada", last_name="Byron")
        for text in ("Disk full", "disk  FULL"):
            asked(text=text, gist="disk full", asked_by=ada)
        asked(text="dns", asked_by=None)
        signed_in(client)
        told = quality(client)
        assert told.index("2 times, last") < told.index("1 time, last")
        assert "Ada Byron" in told
        assert "nobody who is known" in told
        assert "nothing offered 2" in told

    def test_the_three_kinds(self, client: Client) -> None:
        runbook = a_runbook()
        asked(text="nothing")
        asked(runbook, text="again", asked_again=True)
        opened(asked(runbook, text="wrongly"), runbook, "wrong")
        opened(asked(runbook, text="rightly"), runbook, "helped")
        signed_in(client)
        told = quality(client)
        assert "asked again 1" in told
        assert "wrong 1" in told
        assert "wrongly" in told
        assert "rightly" not in told

    def test_a_miss_leads_to_a_new_runbook_and_to_a_test_query(self, client: Client) -> None:
        lookup = asked(text="DiskFull\non db", labels={"alertname": "DiskFull"}, gist="diskfull")
        signed_in(client)
        told = quality(client)
        assert "/runbooks/new/?title=DiskFull&amp;alerts=DiskFull" in told
        assert f"/lookup/queries/new/?lookup={lookup.pk}" in told
        KeptQuery.objects.create(gist="diskfull", sha256="1", kept_at=NOW)
        assert '<a class="badge badge-info" href="/lookup/queries/">' in quality(client)

    def test_who_asked_is_named_a_few_times(self, client: Client) -> None:
        for _ in range(5):
            asked(asked_by=a_user())
        signed_in(client)
        assert "and 2 more" in quality(client)

    def test_what_was_asked_is_shown_as_text(self, client: Client) -> None:
        asked(text="</p><script>alert(1)</script>")
        signed_in(client)
        assert "<script>alert" not in quality(client)

    def test_many_take_no_more_queries(
        self, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        runbook = a_runbook()

        def some(number: int) -> None:
            for at in range(number):
                lookup = asked(runbook, text=f"question {number} {at}", asked_by=a_user())
                opened(lookup, runbook, "wrong")

        signed_in(client)
        some(3)
        with django_assert_max_num_queries(20) as few:
            quality(client)
        some(60)
        with django_assert_max_num_queries(len(few)):
            told = quality(client)
        assert "1–50 of 63 questions" in told
        assert "51–63 of 63 questions" in quality(client, page="2")


class TestWhatWasAsked:
    """By whom and what: for administrators."""

    @pytest.mark.parametrize("role", ["reader", "editor"])
    def test_others_see_neither_texts_nor_names(self, client: Client, role: str) -> None:
        ada = a_user(first_name="Ada", last_name="Byron")
        asked(text="zanzibar breach", asked_by=ada, labels={"note": "zanzibar"})
        signed_in(client, role)
        told = quality(client)
        assert "zanzibar" not in told
        assert "Byron" not in told
        assert "is for administrators to read" in told

    @pytest.mark.parametrize("role", ["reader", "editor"])
    @pytest.mark.parametrize("path", ["", "new/", "new/?lookup={}", "remove/"])
    def test_nor_the_test_queries(self, client: Client, role: str, path: str) -> None:
        lookup = asked(text="zanzibar breach")
        KeptQuery.objects.create(text="zanzibar breach", gist="zanzibar", sha256="1", kept_at=NOW)
        signed_in(client, role)
        address = f"/lookup/queries/{path.format(lookup.pk)}"
        answers = [client.post(address)]
        if path != "remove/":
            answers.append(client.get(address))
        for answer in answers:
            assert answer.status_code == 403
            assert "zanzibar" not in answer.content.decode()

    @pytest.mark.parametrize("who", ["reader", "editor"])
    def test_what_somebody_asked_of_a_restricted_incident_stays_theirs(
        self, client: Client, who: str
    ) -> None:
        world = a_world()
        hide_an_incident(world)
        runbook = world.open[Runbook]
        lookup = asked(
            runbook,
            text=f"{world.incident.title} {world.incident.reference}",
            labels={"alertname": world.incident.title},
            asked_by=world.named,
            asked_again=True,
        )
        opened(lookup, runbook, "wrong")
        client.force_login(getattr(world, who))
        pages = ["/", "/lookup/", ADDRESS, "/lookup/mine/", runbook.get_absolute_url()]
        told = "".join(client.get(page).content.decode() for page in pages)
        told += client.get("/api/v1/lookup/", {"q": "pool"}).content.decode()
        assert told_by(told) == set()
        # It is there to be told.
        client.force_login(world.named)
        assert told_by(client.get("/lookup/mine/").content.decode())

    def test_how_a_runbook_served_in_a_restricted_incident_is_not_counted(
        self, client: Client
    ) -> None:
        world = a_world()
        asked(world.open[Runbook])
        client.force_login(world.reader)
        before = quality(client)
        hide_an_incident(world)
        assert quality(client).count("<td") == before.count("<td")
