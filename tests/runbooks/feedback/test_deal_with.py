"""What people said is read and dealt with by those who may edit runbooks."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from incidents.models import Runbook, User, Verdict
from tests.factories import a_runbook, a_user

pytestmark = pytest.mark.django_db

PAGE = "/runbooks/room/"
ADDRESS = "/runbooks/room/deal-with/"


@pytest.fixture
def editor(client: Client) -> User:
    user = a_user("editor")
    client.force_login(user)
    return user


@pytest.fixture
def room() -> Runbook:
    return a_runbook(title="Make room", slug="room")


def a_verdict(room: Runbook, said: str = "wrong", **fields: Any) -> Verdict:
    person = a_user("reader", first_name="Rita", last_name="Reader")
    at = timezone.now() - timedelta(hours=1)
    return Verdict.objects.create(
        **{"runbook": room, "said": said, "said_by": person, "said_at": at, **fields}
    )


def test_it_works(client: Client, editor: User, room: Runbook) -> None:
    wrong = a_verdict(room, note="Step 3 names the old host.")
    other = a_verdict(room, "missing_step")
    told = client.get(PAGE).content.decode()
    assert "Step 3 names the old host." in told
    assert "Rita Reader" in told

    assert client.post(ADDRESS, {"verdict": wrong.pk})["Location"] == f"{PAGE}#what-people-said"

    wrong.refresh_from_db()
    assert wrong.dealt_with_by == editor
    assert list(Verdict.objects.open_faults()) == [other]


def test_all_at_once(client: Client, editor: User, room: Runbook) -> None:
    elsewhere = a_verdict(a_runbook())
    a_verdict(room)
    a_verdict(room, "outdated")
    client.post(ADDRESS)
    assert list(Verdict.objects.open_faults()) == [elsewhere]


def test_who_verifies_it_has_dealt_with_what_was_said_before(
    client: Client, editor: User, room: Runbook
) -> None:
    before = a_verdict(room)
    after = a_verdict(room, said_at=timezone.now() + timedelta(minutes=5))
    client.post(f"{PAGE}verify/", {"version": room.version})
    before.refresh_from_db()
    assert before.dealt_with_by == editor
    assert list(Verdict.objects.open_faults()) == [after]


def test_a_verification_that_is_refused_deals_with_nothing(
    client: Client, editor: User, room: Runbook
) -> None:
    a_verdict(room)
    client.post(f"{PAGE}verify/", {"version": room.version + 1})
    assert Verdict.objects.open_faults().count() == 1


def test_what_somebody_else_has_dealt_with_stays_theirs(
    client: Client, editor: User, room: Runbook
) -> None:
    first = a_user("editor")
    a_verdict(room, dealt_with_at=timezone.now(), dealt_with_by=first)
    client.post(ADDRESS)
    assert Verdict.objects.get().dealt_with_by == first


def sent(room: Runbook, **fields: Any) -> dict[str, Any]:
    return {"version": room.version, "title": room.title, "slug": "room", **fields}


def test_a_change_says_what_it_deals_with(client: Client, editor: User, room: Runbook) -> None:
    wrong, other = a_verdict(room, note="Step <3> is old."), a_verdict(room, "outdated")
    form = client.get(f"{PAGE}edit/").content.decode()
    assert "It is wrong: Step &lt;3&gt; is old. (Rita Reader)" in form
    change = sent(room, state="active", body="Right.", dealt_with=[wrong.pk])
    assert client.post(f"{PAGE}edit/", change).status_code == 302
    assert list(Verdict.objects.open_faults()) == [other]


def test_a_change_that_conflicts_deals_with_nothing_and_keeps_the_choice(
    client: Client, editor: User, room: Runbook
) -> None:
    wrong = a_verdict(room)
    client.post(f"{PAGE}edit/", sent(room, state="active", body="Hers"))
    change = sent(room, state="active", body="His", dealt_with=[wrong.pk])
    answer = client.post(f"{PAGE}edit/", change)
    assert answer.status_code == 409
    assert [each.name for each in answer.context["form"].conflicts] == ["body"]
    assert f'value="{wrong.pk}" id="id_dealt_with_0" checked' in answer.content.decode()
    assert list(Verdict.objects.open_faults()) == [wrong]


def test_what_another_runbook_has_to_put_right_is_no_choice(
    client: Client, editor: User, room: Runbook
) -> None:
    a_verdict(room)
    elsewhere = a_verdict(a_runbook())
    change = sent(room, state="active", dealt_with=[elsewhere.pk])
    assert client.post(f"{PAGE}edit/", change).status_code == 422
    assert Verdict.objects.open_faults().count() == 2


def test_the_list_tells_and_is_narrowed(client: Client, editor: User, room: Runbook) -> None:
    other = a_runbook(title="All is well")
    a_verdict(room)
    a_verdict(room, "missing_step")
    a_verdict(room, dealt_with_at=timezone.now())
    a_verdict(other, "helped")
    told = client.get("/runbooks/").content.decode()
    assert told.count("to put right</a>") == 1
    assert "2 to put right" in told
    assert list(client.get("/runbooks/?said=fault").context["page"]) == [room]


def test_what_helped_is_nothing_to_deal_with(client: Client, editor: User, room: Runbook) -> None:
    a_verdict(room, "helped", note="Saved the night.")
    told = client.get(PAGE).content.decode()
    assert "Saved the night." in told
    assert "Nothing is open." in told


def test_a_page_asks_no_more_for_more_of_it(
    client: Client, editor: User, room: Runbook, django_assert_max_num_queries: Any
) -> None:
    a_verdict(room)
    with django_assert_max_num_queries(60) as few:
        client.get(PAGE)
    for _ in range(9):
        a_verdict(room, note="More")
        a_verdict(room, dealt_with_at=timezone.now(), dealt_with_by=a_user())
    with django_assert_max_num_queries(len(few)):
        client.get(PAGE)


class TestRefusals:
    def test_readers_neither_see_nor_deal(self, client: Client, room: Runbook) -> None:
        client.force_login(a_user("reader"))
        a_verdict(room, note="Step 3 names the old host.")
        told = client.get(PAGE).content.decode()
        assert "old host" not in told
        assert "Rita Reader" not in told
        assert client.post(ADDRESS).status_code == 403
        assert Verdict.objects.open_faults().exists()

    @pytest.mark.parametrize("key", ["", "x", "-1", "9" * 40])
    def test_of_nothing(self, client: Client, editor: User, room: Runbook, key: str) -> None:
        a_verdict(room)
        assert client.post(ADDRESS, {"verdict": key}).status_code == 404

    def test_of_another_runbook(self, client: Client, editor: User, room: Runbook) -> None:
        elsewhere = a_verdict(a_runbook())
        assert client.post(ADDRESS, {"verdict": elsewhere.pk}).status_code == 404
