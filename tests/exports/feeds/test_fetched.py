"""What a link opens: for whom, when, and with which headers."""

from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries, Settings

from incidents.access.permissions import may_edit
from incidents.exports.feeds import links, queries, views
from incidents.lib.rate import Counter
from incidents.models import ActionItem, Feed, FeedKind, Incident, Visibility
from tests.factories import (
    NOW,
    a_feed,
    a_restricted_incident,
    a_runbook,
    a_service,
    a_team,
    a_user,
    an_action_item,
    an_incident,
)

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
NUMBER = {"X-Request-ID": "1"}
"""Else each answer has a number of its own."""
KINDS = ["incidents", "calendar"]
PUBLISHED = {"state": "published", "published_at": NOW, "changed_at": NOW}


def path_of(feed: Feed) -> str:
    ending = "atom" if feed.kind == "incidents" else "ics"
    return f"/feeds/{links.secret_of(feed.nonce)}.{ending}"


def titles(feed: Feed, client: Client | None = None) -> list[str]:
    content = (client or Client()).get(path_of(feed)).content
    if feed.kind == "incidents":
        found = ET.fromstring(content).findall(f"{ATOM}entry/{ATOM}title")
        return [each.text or "" for each in found]
    return [str(event["SUMMARY"]) for event in Calendar.from_ical(content).walk("VEVENT")]


def test_it_works() -> None:
    service = a_service(name="Payments")
    owner = a_user(first_name="Ada", last_name="Lovelace")
    incident = an_incident(
        **PUBLISHED,
        title="Orders <time> out",
        severity="sev2",
        owner=owner,
        summary_html="<p>They <em>waited</em> &amp; failed.</p>",
    )
    incident.services.add(service)
    feed = a_feed(a_user("reader"))

    answer = Client().get(path_of(feed))

    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ET.fromstring(answer.content)
    (entry,) = root.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == f"INC-{incident.pk} Orders <time> out"
    assert entry.findtext(f"{ATOM}summary") == "They waited & failed."
    assert entry.find(f"{ATOM}summary").attrib == {"type": "text"}  # type: ignore[union-attr]
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Ada Lovelace"
    terms = [each.get("term") for each in entry.findall(f"{ATOM}category")]
    assert terms == ["SEV2 major", "Payments"]
    assert entry.findtext(f"{ATOM}published") == "2026-03-14T12:00:00+00:00"
    assert entry.findtext(f"{ATOM}updated") == root.findtext(f"{ATOM}updated")
    assert entry.find(f"{ATOM}link").get("href").endswith(incident.get_absolute_url())  # type: ignore[union-attr]
    assert entry.findtext(f"{ATOM}id") == queries.tag_of(f"INC-{incident.pk}")
    # Nothing in it hands on the link.
    assert links.secret_of(feed.nonce) not in answer.content.decode()


def test_only_what_is_published_is_in_it() -> None:
    an_incident(title="A draft")
    an_incident(title="In review", state="in_review", published_at=NOW)
    an_incident(title="Gone", state="withdrawn", published_at=NOW, withdrawn_reason="A test")
    assert titles(a_feed(a_user())) == []


def test_the_newest_come_first_and_no_more_than_fifty() -> None:
    for number in range(52):
        moment = NOW + timedelta(minutes=number)
        an_incident(title=f"No {number}", **{**PUBLISHED, "published_at": moment})
    found = titles(a_feed(a_user()))
    assert len(found) == 50
    assert found[0].endswith("No 51")
    assert found[-1].endswith("No 2")


def test_of_a_team_or_a_service_only_theirs() -> None:
    team, service = a_team(), a_service()
    an_incident(title="Nobody’s", **PUBLISHED)
    an_incident(title="The team’s", **PUBLISHED).teams.add(team)
    an_incident(title="The service’s", **PUBLISHED).services.add(service)
    me = a_user()
    (of_team,) = titles(a_feed(me, span="team", team=team))
    (of_service,) = titles(a_feed(me, span="service", service=service))
    assert of_team.endswith("The team’s")
    assert of_service.endswith("The service’s")


def test_a_restricted_incident_is_for_who_may_see_it_now() -> None:
    named = a_user()
    incident = a_restricted_incident(named, **PUBLISHED, title="Hidden")
    an_action_item(title="Hidden too", incident=incident, owner=named, due_date=NOW.date())
    stranger = a_user("admin")
    an_action_item(title="From it", incident=incident, owner=stranger, due_date=NOW.date())
    feeds = [a_feed(named), a_feed(named, "calendar")]

    assert [len(titles(feed)) for feed in feeds] == [1, 1]
    assert titles(a_feed(stranger)) == titles(a_feed(stranger, "calendar")) == []

    incident.allowed_people.clear()
    assert [titles(feed) for feed in feeds] == [[], []]


def test_a_calendar_has_what_is_due() -> None:
    me = a_user(first_name="Ada", last_name="Lovelace")
    incident = an_incident(title="Orders time out")
    item = an_action_item(
        title="Raise; the, limit", owner=me, incident=incident, due_date=NOW.date(), version=4
    )
    a_runbook(title="Pool is full", owner=me, verify_every=30, last_verified_date=NOW.date())
    for state, more in (("done", {"evidence": "x"}), ("wont_do", {"wont_do_reason": "x"})):
        an_action_item(owner=me, state=state, due_date=NOW.date(), **more)
    an_action_item(owner=me)
    an_action_item(owner=a_user(), due_date=NOW.date())
    a_runbook(owner=me, state="retired")
    a_runbook()

    answer = Client().get(path_of(a_feed(me, "calendar")))

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(answer.content)
    due, verify = calendar.walk("VEVENT")
    assert str(due["SUMMARY"]) == f"Due: ACT-{item.pk} Raise; the, limit"
    assert (due.decoded("DTSTART"), due["TRANSP"]) == (NOW.date(), "TRANSPARENT")
    assert (due["SEQUENCE"], due.decoded("LAST-MODIFIED")) == (
        4,
        item.changed_at.replace(microsecond=0),
    )
    assert str(due["URL"]).endswith(item.get_absolute_url())
    told = f"From INC-{incident.pk} Orders time out\nOwner: Ada Lovelace"
    assert str(due["DESCRIPTION"]) == told
    assert str(verify["SUMMARY"]) == "Verify the runbook: Pool is full"
    assert verify.decoded("DTSTART") == NOW.date() + timedelta(days=30)
    assert str(calendar["X-WR-CALNAME"]) == "Due: mine"


def test_a_calendar_of_my_teams_or_of_a_service() -> None:
    me = a_user()
    team, service = a_team(me), a_service()
    incident = an_incident()
    incident.services.add(service)
    an_action_item(title="The team’s", team=team, due_date=NOW.date())
    an_action_item(title="Another team’s", team=a_team(), due_date=NOW.date())
    an_action_item(title="The service’s", incident=incident, due_date=NOW.date())
    a_runbook(title="The team’s", team=team)
    a_runbook(title="The service’s").services.add(service)

    of_teams = titles(a_feed(me, "calendar", span="teams"))
    of_service = titles(a_feed(me, "calendar", span="service", service=service))

    assert [each.split()[-1] for each in of_teams] == ["team’s", "team’s"]
    assert len(of_service) == 2
    assert all(each.endswith("The service’s") for each in of_service)
    team.members.clear()
    assert titles(Feed.objects.get(span="teams")) == []


def done_for(incident: Incident | None = None, **fields: Any) -> ActionItem:
    more = {"state": "done", "evidence": "The graph", "done_at": NOW, "done_by": a_user()}
    return an_action_item(incident=incident, **{**more, **fields})


def test_a_calendar_has_what_is_to_be_verified(settings: Settings) -> None:
    settings.ACTION_VERIFY_DAYS = 10
    me, team, service = a_user(time_zone="Pacific/Auckland"), a_team(), a_service()
    team.members.add(me)
    incident = an_incident(owner=me)
    incident.services.add(service)
    item = done_for(incident, title="Raise the limit")
    done_for(incident, title="I did it", done_by=me)
    done_for(incident, title="Verified", verified_by=me, verified_at=NOW)
    done_for(incident, title="Long ago", done_at=None)
    done_for(an_incident(owner=a_user()), title="Another's")
    done_for(title="The team's", team=team)

    content = Client().get(path_of(a_feed(me, "calendar"))).content

    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert str(event["SUMMARY"]) == f"Verify: ACT-{item.pk} Raise the limit"
    # In Auckland it was tomorrow already.
    assert event.decoded("DTSTART") == NOW.date() + timedelta(days=11)
    of_team = titles(a_feed(me, "calendar", span="teams"))
    assert [each.partition(" ")[2].partition(" ")[2] for each in of_team] == ["The team's"]
    of_service = titles(a_feed(me, "calendar", span="service", service=service))
    assert [each.endswith("Raise the limit") for each in of_service] == [True]


def test_what_is_restricted_is_verified_by_who_may_see_it() -> None:
    me = a_user()
    hidden = a_restricted_incident(owner=me)
    done_for(hidden)
    assert titles(a_feed(me, "calendar")) == []


def test_who_fetches_too_often_waits(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    feed, other = a_feed(a_user()), a_feed(a_user())
    monkeypatch.setattr(views, "counter", Counter(lambda: 75.5))
    settings.FEED_RATE = 2
    answers = [Client().get(path_of(feed)) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"] == "45"
    assert answers[2].content == b"Not more than 2 times a minute.\n"
    assert Client().get(path_of(other)).status_code == 200


def test_who_tries_links_waits(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    monkeypatch.setattr(views, "counter", Counter(lambda: 75.5))
    settings.API_ADDRESS_RATE = 2
    answers = [Client().get(f"/feeds/pmf_{number}.atom").status_code for number in range(3)]
    assert answers == [404, 404, 429]


def test_what_is_there_keeps_its_key() -> None:
    me = a_user()
    item = an_action_item(owner=me, due_date=NOW.date())
    feed = a_feed(me, "calendar")
    (before,) = queries.dues_of(feed)
    item.due_date, item.version = NOW.date() + timedelta(days=9), 2
    item.save()
    (after,) = queries.dues_of(feed)
    assert (after.key, after.version, after.day) == (before.key, 2, item.due_date)


def test_the_first_due_stay_where_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "DUES", 2)
    me = a_user()
    for days in (3, 1, 2):
        an_action_item(title=f"In {days}", owner=me, due_date=NOW.date() + timedelta(days=days))
    a_runbook(owner=me, verify_every=30, last_verified_date=NOW.date() - timedelta(days=40))
    found = titles(a_feed(me, "calendar"))
    assert [each[-4:] for each in found[1:]] == ["In 1"]
    assert found[0].startswith("Verify")


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_is_not_sent_twice(kind: str) -> None:
    me = a_user()
    feed = a_feed(me, kind)
    first = Client().get(path_of(feed))

    again = Client().get(path_of(feed), headers={"if-none-match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    an_incident(**PUBLISHED)
    an_action_item(owner=me, due_date=NOW.date())
    changed = Client().get(path_of(feed), headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_what_was_restricted_since_is_not_left_with_anybody() -> None:
    """“Not modified since” would be true of what is left."""
    feed = a_feed(a_user())
    an_incident(**PUBLISHED)
    newest = an_incident(**{**PUBLISHED, "changed_at": NOW + timedelta(days=1)})
    first = Client().get(path_of(feed))
    Incident.objects.filter(pk=newest.pk).update(visibility=Visibility.RESTRICTED)
    since = {"if-modified-since": "Sat, 01 Jan 2028 00:00:00 GMT"}

    again = Client().get(path_of(feed), headers=since | {"if-none-match": first["ETag"]})

    assert again.status_code == 200
    assert "Last-Modified" not in first
    assert Client().get(path_of(feed), headers=since).status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_what_opens_nothing_is_answered_alike(kind: str) -> None:
    other = KINDS[KINDS.index(kind) - 1]
    revoked = a_feed(a_user(), kind, revoked_at=NOW)
    closed = a_feed(a_user(is_active=False), kind)
    of_the_other_kind = path_of(a_feed(a_user(), other)).rpartition(".")[0]
    ending = path_of(revoked).rpartition(".")[2]
    nobodys = [f"/feeds/{name}.{ending}" for name in ("x", f"pmf_{'x' * 43}", "x" * 5000)]

    tried = [path_of(revoked), path_of(closed), f"{of_the_other_kind}.{ending}", *nobodys]
    answers = [Client(headers=NUMBER).get(path) for path in tried]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert len({str(sorted(answer.items())) for answer in answers}) == 1


def test_whose_account_is_opened_again_has_the_feed_again() -> None:
    me = a_user(is_active=False)
    feed = a_feed(me)
    assert Client().get(path_of(feed)).status_code == 404
    me.is_active = True
    me.save()
    assert Client().get(path_of(feed)).status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_is_signed_in_by_it(kind: str) -> None:
    client = Client()
    feed = a_feed(a_user("admin"), kind)

    answer = client.get(path_of(feed))

    assert not answer.cookies
    assert answer["Cache-Control"] == "private, no-cache"
    assert client.get("/incidents/").status_code == 302
    assert client.post(path_of(feed)).status_code == 405


@pytest.mark.parametrize("kind", KINDS)
def test_the_head_alone_is_the_same(kind: str) -> None:
    feed = a_feed(a_user(), kind)
    client = Client(headers=NUMBER)
    whole, head = client.get(path_of(feed)), client.head(path_of(feed))
    assert (head.status_code, head.content) == (200, b"")
    assert sorted(head.items()) == sorted(whole.items())


def test_fetching_is_noted_once_a_minute() -> None:
    feed = a_feed(a_user())

    def noted() -> object:
        Client().get(path_of(feed))
        feed.refresh_from_db()
        return feed.last_fetched_at

    first = noted()
    assert first is not None
    assert noted() == first
    Feed.objects.update(last_fetched_at=timezone.now() - timedelta(minutes=2))
    assert noted() > first  # type: ignore[operator]


@pytest.mark.parametrize("kind", KINDS)
def test_the_queries_do_not_grow_with_what_is_in_it(
    kind: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    me, counts = a_user(), []
    feed = a_feed(me, kind, last_fetched_at=timezone.now() + timedelta(days=1))
    for number in (3, 30):
        for _ in range(number):
            incident = an_incident(**PUBLISHED, owner=a_user())
            incident.services.set([a_service()])
            an_action_item(owner=me, team=a_team(), incident=incident, due_date=NOW.date())
            a_runbook(owner=me, team=a_team())
            done_for(an_incident(owner=me))
        with django_assert_max_num_queries(5) as asked:
            Client().get(path_of(feed))
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("kind", FeedKind)
def test_who_has_the_link_does_nothing_in_its_owners_place(kind: FeedKind) -> None:
    feed = a_feed(a_user("admin"), kind)
    found = links.good_feed(links.secret_of(feed.nonce), kind)
    assert found is not None
    assert not may_edit(found.owner)
