"""Each chooses what to hear of, how often, and when not."""

from datetime import time

import pytest
from django.test import Client
from pytest_django import Settings

from incidents.models import Channel, Event, Preference, QuietHours, Rhythm, User
from incidents.notifications.queries import chosen_table
from tests.factories import a_user

pytestmark = pytest.mark.django_db
PREFERENCES = "/notifications/preferences/"


@pytest.fixture
def person(client: Client) -> User:
    user = a_user("reader", time_zone="Europe/Berlin")
    client.force_login(user)
    return user


def a_choice(**over: str) -> dict[str, str]:
    """What the form sends: all of it in the inbox, and at once by mail."""
    form = {f"inbox-{event}": "on" for event in Event}
    form |= {f"email-{event}": "at_once" for event in Event}
    form |= {"are_on": "on", "begin": "22:00", "end": "07:30"}
    return {**form, **over}


def test_it_works(client: Client, person: User) -> None:
    sent = a_choice(**{"email-late": "weekly", "email-published": "off"})
    del sent["inbox-mentioned"]

    assert client.post(PREFERENCES, sent)["Location"] == PREFERENCES

    chosen = {event: (here, mail) for event, here, mail in chosen_table(person)}
    assert chosen[Event.LATE] == (Rhythm.AT_ONCE, Rhythm.WEEKLY)
    assert chosen[Event.PUBLISHED] == (Rhythm.AT_ONCE, Rhythm.OFF)
    assert chosen[Event.MENTIONED] == (Rhythm.OFF, Rhythm.AT_ONCE)
    hours = QuietHours.objects.get(person=person)
    assert (hours.are_on, hours.begin, hours.end) == (True, time(22), time(7, 30))


def test_a_second_choice_takes_the_place_of_the_first(client: Client, person: User) -> None:
    client.post(PREFERENCES, a_choice(**{"email-late": "weekly"}))
    sent = a_choice(**{"email-late": "off"})
    del sent["are_on"]
    client.post(PREFERENCES, sent)

    rows = Preference.objects.filter(person=person, channel=Channel.EMAIL, event=Event.LATE)
    assert rows.get().rhythm == Rhythm.OFF
    assert not QuietHours.objects.get(person=person).are_on


def test_at_first_there_are_defaults(client: Client, person: User) -> None:
    page = client.get(PREFERENCES).content.decode()

    assert "Europe/Berlin" in page
    assert '<option value="20:00" selected>' in page
    chosen = {event: (here, mail) for event, here, mail in chosen_table(person)}
    assert chosen[Event.ASSIGNED] == (Rhythm.AT_ONCE, Rhythm.AT_ONCE)
    assert chosen[Event.PUBLISHED] == (Rhythm.AT_ONCE, Rhythm.DAILY)


@pytest.mark.parametrize(
    ("over", "sentence"),
    [
        ({"end": "22:00"}, "Quiet hours end at another time than they begin."),
        ({"end": "25:00"}, "Select a valid choice."),
        ({"email-late": "hourly"}, "Select a valid choice."),
    ],
)
def test_bad_input_comes_back(
    over: dict[str, str], sentence: str, client: Client, person: User
) -> None:
    answer = client.post(PREFERENCES, a_choice(**{"email-assigned": "weekly", **over}))

    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    assert page.count('<option value="weekly" selected>') == 1
    assert not Preference.objects.exists()


def test_nobody_chooses_for_another(client: Client, person: User) -> None:
    other = a_user()

    client.post(PREFERENCES, a_choice(person=str(other.pk)))

    assert set(Preference.objects.values_list("person", flat=True)) == {person.pk}


def test_without_a_mail_server_it_says_so(client: Client, person: User, settings: Settings) -> None:
    assert "sends no e-mail" not in client.get(PREFERENCES).content.decode()

    settings.EMAIL_CONFIGURED = False

    assert "sends no e-mail" in client.get(PREFERENCES).content.decode()


def test_without_an_address_it_says_so(client: Client, person: User) -> None:
    User.objects.filter(pk=person.pk).update(email="")

    assert "no e-mail address" in client.get(PREFERENCES).content.decode()
