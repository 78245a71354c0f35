"""One run: what it found, as far as one may know, and by which guards as they were."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from incidents.guard.files import Given
from incidents.guard.operations import change_guard
from incidents.models import CheckRun, User
from tests.factories import (
    NOW,
    a_delta,
    a_knob,
    a_lesson,
    a_restricted_incident,
    a_user,
    an_incident,
)
from tests.guard.runs.made import BEFORE, a_guard, a_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client: Client) -> User:
    user = a_user("reader")
    client.force_login(user)
    return user


def text(client: Client, run: CheckRun) -> str:
    answer = client.get(f"/guard/runs/{run.pk}/")
    assert answer.status_code == 200
    return " ".join(answer.text.split("<main")[1].split())


def test_it_works(client: Client, reader: User) -> None:
    guard = a_guard()
    a_delta(an_incident(title="The fix"), knob=a_knob(component="unicorn", key="timeout", unit="s"))
    listen = a_knob(component="unicorn", key="listen")
    for title in ("First", "Second"):
        a_delta(an_incident(title=title), knob=listen, part="tried")
    run = a_run(
        name="checkout",
        revision="3f2a1c",
        files=[Given("unicorn.rb", b"timeout 30\nlisten 4\n"), Given("x.toml", b"a = \n")],
        before=[Given("unicorn.rb", b"timeout 60\nlisten 3\n")],
    )

    page = text(client, run)

    for words in (
        "checkout",
        "3f2a1c",
        "30 s is too short.",
        '<code title="unicorn.rb, line 1">unicorn.timeout = 30</code>',
        guard.lesson.sentence,
        "Launch night",
        "Guard, version 1",
        "<code>unicorn.timeout &gt;= 60</code>",
        "fixed it; this sets it to 30 s.",
        "The fix",
        "<code>unicorn.listen</code> was turned in 2 incidents",
        "First",
        "Second",
        "<bdi>x.toml</bdi>, line 1",
        "2 files, 2 values, 1 guard checked: 2 findings.",
        run.files[0]["fingerprint"][:12],
        "As they were",
    ):
        assert words in page, words
    assert "changed since" not in page


def test_a_guard_that_was_changed_is_told_as_it_was(client: Client, reader: User) -> None:
    guard = a_guard()
    run = a_run()
    change_guard(guard, version=1, values={"expression": "unicorn.timeout > 45"}, by=None, at=NOW)

    page = text(client, run)

    assert "Guard, version 1" in page
    assert "changed since" in page
    assert "<code>unicorn.timeout &gt;= 60</code>" in page
    assert "unicorn.timeout &gt; 45" not in page


def test_guards_that_found_nothing(client: Client, reader: User) -> None:
    a_guard()
    a_guard(
        expression="sidekiq.concurrency < 9",
        message="No",
        failing_example={"sidekiq": {"concurrency": 9}},
        passing_example={"sidekiq": {"concurrency": 8}},
    )

    page = text(client, a_run(files=BEFORE))

    assert "no finding" in page
    assert "1 guard held" in page
    assert "1 guard not checked" in page
    assert "needs <code>sidekiq.concurrency</code>" in page


def test_what_was_left_out_is_said(client: Client, reader: User) -> None:
    run = a_run()
    CheckRun.objects.update(left_out=3)

    assert "3 more were found, and not kept" in text(client, run)


def test_hostile_names_stay_text(client: Client, reader: User) -> None:
    run = a_run(name="<script>1</script>", files=[Given("<b>.toml", b"\0")])

    page = text(client, run)

    assert "<script>1" not in page
    assert "<b>.toml" not in page


class TestRestricted:
    @pytest.fixture
    def named(self) -> User:
        return a_user()

    @pytest.fixture
    def run(self, named: User, reader: User) -> CheckRun:
        """With one of each that somebody else may not know of."""
        incident = a_restricted_incident(named, title="Nobody's business")
        knobs = {
            key: a_knob(component="unicorn", key=key, unit="s") for key in ("timeout", "listen")
        }
        a_delta(incident, knob=knobs["timeout"])
        a_delta(incident, knob=knobs["listen"], part="tried")
        self.open = an_incident(title="For all")
        a_delta(self.open, knob=knobs["listen"], part="tried")
        lesson = a_lesson(sentence="Never to be told.", learned_from=incident)
        for expression in ("unicorn.timeout >= 60", "unicorn.timeout < 100"):
            one = a_lesson(sentence="Never to be told.", learned_from=incident)
            a_guard(
                one,
                expression=expression,
                failing_example={"unicorn": {"timeout": 30 if ">" in expression else 100}},
            )
        a_guard(
            lesson,
            expression="sidekiq.hidden < 9",
            message="No",
            failing_example={"sidekiq": {"hidden": 9}},
            passing_example={"sidekiq": {"hidden": 8}},
        )
        return a_run(
            by=named,
            files=[Given("unicorn.rb", b"timeout 30\nlisten 4\n")],
            before=[Given("unicorn.rb", b"timeout 60\nlisten 3\n")],
        )

    def test_it_is_there_for_who_may_know(self, client: Client, run: CheckRun, named: User) -> None:
        client.force_login(named)

        page = text(client, run)

        for words in (
            "30 s is too short.",
            "fixed it; this sets it",
            "was turned in 2 incidents",
            "1 guard held",
            "sidekiq.hidden",
            "2 guards checked: 2 findings.",
        ):
            assert words in page, words

    def test_and_for_nobody_else(self, client: Client, run: CheckRun) -> None:
        page = text(client, run)

        assert "Never to be told" not in page
        assert "Nobody" not in page
        assert "sidekiq.hidden" not in page
        assert "too short" not in page
        assert "guard held" not in page
        assert "not checked" not in page
        assert "0 guards checked: no finding." in page
        # The other's turn of the same knob is, and alone.
        assert "was turned in 1 incident<" in page
        assert self.open.title in page


def test_one_that_is_not_kept_any_more(client: Client, reader: User, settings: Settings) -> None:
    settings.GUARD_RUN_DAYS = 30
    run = a_run(at=timezone.now() - timedelta(days=31))

    assert client.get(f"/guard/runs/{run.pk}/").status_code == 404
    assert client.get("/guard/runs/999999/").status_code == 404


def test_queries_do_not_grow(
    client: Client, reader: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    a_guard()
    with django_assert_max_num_queries(30) as few:
        text(client, a_run())
    for _ in range(8):
        a_guard()
    run = a_run()

    with django_assert_max_num_queries(len(few)):
        text(client, run)
