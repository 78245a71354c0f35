"""400 reminders through a mail server that breaks every third connection: each arrives, once."""

import re
from collections import Counter
from datetime import timedelta
from itertools import count

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from incidents.jobs.claims import take
from incidents.jobs.kinds import KINDS
from incidents.jobs.operations import retry_job
from incidents.jobs.running import run
from incidents.models import ActionItem, Batch, Delivery, DeliveryState, Event, Queue, Role, User
from incidents.notifications.operations import News, tell, tell_many
from tests.factories import NOW, a_user, an_incident
from tests.notifications.post_office import post_office

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(400)]

MANY = 400
# Where the line breaks, in turn: before the server has the mail.
BEFORE = ["connect", "MAIL", "RCPT", "DATA"]
# No wait between two attempts is as long.
LATER = timedelta(days=7)
hours = count()


@pytest.fixture(autouse=True)
def _by_smtp(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"


def every_third(number: int, word: str) -> bool:
    return number % 3 == 0 and word == BEFORE[number // 3 % len(BEFORE)]


def owners(count: int) -> list[User]:
    return User.objects.bulk_create(
        User(username=f"p{number}", email=f"p{number}@example.com") for number in range(count)
    )


def remind(people: list[User]) -> Batch:
    items = ActionItem.objects.bulk_create(
        ActionItem(title=f"Item of {person.username}", owner=person) for person in people
    )
    news = [News(Event.LATE, item, [person]) for item, person in zip(items, people, strict=True)]
    tell_many("Reminders of 14 March", news, by=None, at=NOW)
    return Batch.objects.get()


def counts(batch: Batch) -> tuple[int, ...]:
    """In all, done, failed, left: as the page of the batch shows them when it looks again."""
    admin = Client()
    admin.force_login(User.objects.get_or_create(username="root", role=Role.ADMIN)[0])
    return counts_on(admin, batch)


def counts_on(admin: Client, batch: Batch) -> tuple[int, ...]:
    page = admin.get(batch.get_absolute_url(), headers={"HX-Target": "counts"}).content.decode()
    shown = re.findall(r"<dt>(.+?)</dt><dd>(\d+)</dd>", page)
    assert [name for name, _ in shown] == ["To be done", "Done", "Failed", "Left"]
    return tuple(int(number) for _, number in shown)


def do_one_job() -> bool:
    """Each an hour after the one before, when no pause lasts any more."""
    later = timezone.now() + LATER + next(hours) * timedelta(hours=1)
    job = take(Queue.LIGHT, KINDS.keys(), at=later)
    if job is not None:
        run(job, at=later)
    return job is not None


def test_each_arrives_once_and_the_count_agrees_at_every_moment(
    settings: Settings, client: Client
) -> None:
    batch = remind(owners(MANY))
    client.force_login(a_user("admin"))
    with post_office(every_third) as office:
        settings.EMAIL_PORT = office.port
        while do_one_job():
            arrived = len(office.mails)
            assert counts_on(client, batch) == (MANY, arrived, 0, MANY - arrived)

    assert office.dropped > MANY // 3
    assert Counter(str(mail["To"]) for mail in office.mails) == Counter(
        f"p{number}@example.com" for number in range(MANY)
    )
    assert len(set(office.ids())) == MANY
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.SENT}


def test_a_mail_that_was_taken_before_the_line_broke_comes_twice_with_one_number(
    settings: Settings,
) -> None:
    """From one side it cannot be told from one that was lost."""
    with post_office(lambda number, word: number == 1 and word == "accepted") as office:
        settings.EMAIL_PORT = office.port
        person = a_user()
        tell(Event.ASSIGNED, about=an_incident(owner=person), to=[person], by=None, at=NOW)
        while do_one_job():
            continue

    assert len(office.mails) == 2
    assert len(set(office.ids())) == 1


def test_what_never_arrives_is_seen_to_have_failed(settings: Settings, client: Client) -> None:
    people = owners(3)
    batch = remind(people)
    with post_office(lambda number, word: True) as office:
        settings.EMAIL_PORT = office.port
        while do_one_job():
            continue

    assert counts(batch) == (3, 0, 3, 0)
    assert office.mails == []
    # Who was to get it sees it here, and that the mail did not come.
    client.force_login(people[0])
    page = client.get("/notifications/").content.decode()
    assert "1 mail to you could not be delivered" in page
    assert "Item of p0" in page


def test_what_failed_is_sent_when_it_is_retried(settings: Settings) -> None:
    batch = remind(owners(2))
    delivery: Delivery = Delivery.objects.earliest("pk")
    with post_office(lambda number, word: True) as office:
        settings.EMAIL_PORT = office.port
        while do_one_job():
            continue
    retry(batch)
    with post_office() as office:
        settings.EMAIL_PORT = office.port
        while do_one_job():
            continue

    assert counts(batch) == (2, 2, 0, 0)
    assert f"<{delivery.uid.hex}@postmortems.example>" in office.ids()


def retry(batch: Batch) -> None:
    for job in batch.jobs.all():
        retry_job(job, by=None, at=NOW)
