"""One's own feeds: making them, seeing their links, replacing and revoking them."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from incidents.exports.feeds.operations import MOST
from incidents.models import Change, Feed, User
from tests.factories import a_feed, a_service, a_team, a_user

pytestmark = pytest.mark.django_db
FEEDS, NEW, NEW_CALENDAR = "/feeds/", "/feeds/new/incidents/", "/feeds/new/calendar/"
LINK = re.compile(r'value="(http://[^"]+?)(/feeds/pmf_[\w-]{43}\.(?:atom|ics))"')


def a_form(**over: object) -> dict[str, object]:
    return {"name": "My reader", "of": "all", "token": str(uuid4()), **over}


def signed_in(client: Client, role: str = "reader") -> User:
    person = a_user(role)
    client.force_login(person)
    return person


def shown_links(client: Client) -> list[str]:
    return [path for _, path in LINK.findall(client.get(FEEDS).content.decode())]


def test_it_works(client: Client, settings: Settings) -> None:
    me, sent = signed_in(client), a_form()

    answer = client.post(NEW, sent)

    feed = Feed.objects.get()
    assert answer["Location"] == f"{FEEDS}#feed-{feed.pk}"
    page = client.get(FEEDS).content.decode()
    ((site, path),) = LINK.findall(page)
    assert site == settings.SITE_URL
    assert path.endswith(".atom")
    assert "Not fetched yet" in page
    # Nobody is signed in there.
    assert Client().get(path).status_code == 200
    assert "Last fetched just now" in client.get(FEEDS).content.decode()
    # Who has the database does not have the link; the history does not tell it.
    secret = path.removeprefix("/feeds/").removesuffix(".atom")
    assert secret not in str([*Feed.objects.values(), *Change.objects.values()])
    line = Change.objects.get()
    assert line.summary == f"Made feed {feed.pk}: Incidents"
    assert (line.document_type, line.document_id, line.by) == ("user", me.pk, me)
    # Sent twice, it makes one.
    assert client.post(NEW, sent)["Location"] == answer["Location"]
    assert Feed.objects.count() == 1


def test_a_calendar_works_too(client: Client) -> None:
    signed_in(client)
    client.post(NEW_CALENDAR, a_form(of="teams"))
    (path,) = shown_links(client)
    assert path.endswith(".ics")
    assert Client().get(path).status_code == 200
    assert "My teams’" in client.get(FEEDS).content.decode()


def test_nobody_has_any_at_first(client: Client) -> None:
    signed_in(client)
    page = client.get(FEEDS).content.decode()
    assert "No feeds yet" in page
    assert NEW in page
    assert NEW_CALENDAR in page


def test_it_is_of_a_team_or_a_service(client: Client) -> None:
    signed_in(client)
    team, service = a_team(name="Platform"), a_service(name="Payments")
    client.post(NEW, a_form(of=f"team:{team.pk}"))
    client.post(NEW, a_form(of=f"service:{service.pk}"))
    client.post(NEW_CALENDAR, a_form(of=f"service:{service.pk}"))
    assert [(feed.team, feed.service) for feed in Feed.objects.order_by("pk")] == [
        (team, None),
        (None, service),
        (None, service),
    ]
    titles = [feed.title for feed in Feed.objects.order_by("pk")]
    assert titles == ["Incidents of Platform", "Incidents of Payments", "Due of Payments"]


@pytest.mark.parametrize(
    ("address", "over"),
    [
        (NEW, {"name": ""}),
        (NEW, {"name": "x" * 201}),
        (NEW, {"of": ""}),
        (NEW, {"of": "mine"}),
        (NEW, {"of": "team:999999"}),
        (NEW, {"of": "service:x"}),
        (NEW, {"token": "x"}),
        (NEW_CALENDAR, {"of": "all"}),
        (NEW_CALENDAR, {"of": "everything"}),
    ],
)
def test_bad_input_comes_back(address: str, over: dict[str, object], client: Client) -> None:
    signed_in(client)
    fits = "all" if address == NEW else "mine"
    answer = client.post(address, a_form(**{"name": "Kept", "of": fits, **over}))
    assert answer.status_code == 422
    if "name" not in over:
        assert "Kept" in answer.content.decode()
    assert not Feed.objects.exists()


def test_there_is_an_end_to_them(client: Client) -> None:
    me = signed_in(client)
    for _ in range(MOST):
        a_feed(me)
    answer = client.post(NEW, a_form(name="Kept"))
    assert answer.status_code == 422
    assert "revoke one first" in answer.content.decode()
    assert "Kept" in answer.content.decode()


def test_a_link_that_leaked_is_replaced(client: Client) -> None:
    feed = a_feed(signed_in(client), last_fetched_at=timezone.now() - timedelta(days=3))
    (old,) = shown_links(client)

    assert client.post(f"{FEEDS}{feed.pk}/replace/")["Location"] == FEEDS

    (new,) = shown_links(client)
    assert new != old
    assert Client().get(old).status_code == 404
    # Who fetched by the old one says nothing of the new one.
    assert "Not fetched yet" in client.get(FEEDS).content.decode()
    assert Client().get(new).status_code == 200
    assert Change.objects.get().summary == f"Replaced the link of feed {feed.pk}: Incidents"


def test_what_is_revoked_opens_nothing(client: Client) -> None:
    feed = a_feed(signed_in(client))
    (link,) = shown_links(client)

    assert client.post(f"{FEEDS}{feed.pk}/revoke/")["Location"] == FEEDS

    assert Client().get(link).status_code == 404
    assert "No feeds yet" in client.get(FEEDS).content.decode()
    assert client.post(f"{FEEDS}{feed.pk}/revoke/").status_code == 404
    assert client.post(f"{FEEDS}{feed.pk}/replace/").status_code == 404
    assert Change.objects.get().summary == f"Revoked feed {feed.pk}: Incidents"


def test_anothers_are_none_of_ones_business(client: Client) -> None:
    feed = a_feed(a_user(), name="Secret reader")
    signed_in(client, "admin")
    assert "Secret reader" not in client.get(FEEDS).content.decode()
    for action in ("replace", "revoke"):
        assert client.post(f"{FEEDS}{feed.pk}/{action}/").status_code == 404
    before = feed.sha256
    feed.refresh_from_db()
    assert (feed.revoked_at, feed.sha256) == (None, before)


def test_nothing_is_done_by_looking(client: Client) -> None:
    feed = a_feed(signed_in(client))
    for action in ("replace", "revoke"):
        assert client.get(f"{FEEDS}{feed.pk}/{action}/").status_code == 405


def test_with_another_key_of_the_site_the_links_still_open(
    client: Client, settings: Settings
) -> None:
    me = signed_in(client)
    a_feed(me)
    (link,) = shown_links(client)
    settings.SECRET_KEY = "another" * 10
    client.force_login(me)

    page = client.get(FEEDS).content.decode()

    assert LINK.findall(page) == []
    assert "can no longer be shown" in page
    assert Client().get(link).status_code == 200


def test_the_queries_do_not_grow_with_the_feeds(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    me, counts = signed_in(client), []
    for number in (3, 30):
        for _ in range(number):
            a_feed(me, span="team", team=a_team())
        with django_assert_max_num_queries(12) as asked:
            client.get(FEEDS)
        counts.append(len(asked))
    assert counts[0] == counts[1]
