"""Administrators say which rooms and programs hear of what."""

from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from incidents.models import Delivery, Endpoint, Event, Job, JobState
from incidents.notifications.operations import tell
from tests.factories import NOW, a_team, a_user, an_incident
from tests.jobs.doing import do_all_jobs
from tests.notifications.receiver import Receiver
from tests.notifications.rooms import SECRET, a_room

pytestmark = pytest.mark.django_db
CHANNELS, NEW = "/notifications/channels/", "/notifications/channels/new/"
STEPS = ("on", "off", "test", "remove")


@pytest.fixture
def _admin(client: Client) -> None:
    client.force_login(a_user("admin"))


def a_channel(**over: object) -> dict[str, object]:
    return {
        "name": "#payments",
        "channel": "slack",
        "url": "https://hooks.slack.example/services/T0/B0/abcdefgh1234",
        "events": ["published", "late"],
        "token": str(uuid4()),
        **over,
    }


@pytest.mark.usefixtures("_admin")
def test_it_works(client: Client) -> None:
    team = a_team(name="Payments")

    answer = client.post(NEW, a_channel(team=team.pk))

    assert answer["Location"] == CHANNELS
    endpoint = Endpoint.objects.get()
    assert (endpoint.team, endpoint.events, endpoint.secret) == (team, ["published", "late"], "")
    page = client.get(CHANNELS).content.decode()
    assert "#payments" in page
    assert "published, late" in page
    # The end of the address is as good as a password.
    assert "abcdefgh" not in page
    assert "hooks.slack.example" in page


@pytest.mark.usefixtures("_admin")
def test_the_secret_of_a_webhook_is_shown_once(client: Client) -> None:
    sent = a_channel(channel="webhook")
    first = client.post(NEW, sent)
    secret = Endpoint.objects.get().secret

    assert secret.startswith("whsec_")
    assert secret in first.content.decode()
    # Sent twice, it makes one, and shows nothing.
    assert client.post(NEW, sent)["Location"] == CHANNELS
    assert Endpoint.objects.count() == 1
    assert secret not in client.get(CHANNELS).content.decode()


@pytest.mark.usefixtures("_admin")
@pytest.mark.parametrize(
    "over",
    [
        {"name": ""},
        {"channel": "email"},
        {"url": "ftp://x.example/"},
        {"url": "https://user:pass@x.example/"},
        {"url": "https://x.example:22/"},
        {"url": "x"},
        {"events": []},
        {"events": ["mentioned"]},
        {"events": ["nonsense"]},
        {"team": "99999"},
    ],
)
def test_bad_input_comes_back(over: dict[str, object], client: Client) -> None:
    answer = client.post(NEW, a_channel(**over))

    assert answer.status_code == 422
    assert not Endpoint.objects.exists()


@pytest.mark.parametrize("role", ["reader", "editor"])
def test_it_is_for_administrators(role: str, client: Client) -> None:
    client.force_login(a_user(role))
    room = a_room()

    answers = [client.get(CHANNELS), client.get(NEW), client.post(NEW, a_channel())]
    answers += [client.post(f"{CHANNELS}{room.pk}/{step}/") for step in STEPS]
    answers += [client.get(f"{CHANNELS}{room.pk}/test/")]

    assert {answer.status_code for answer in answers} == {403}
    assert Endpoint.objects.get().state == "active"


@pytest.mark.usefixtures("_admin")
def test_it_is_switched_off_and_on(client: Client) -> None:
    room = a_room()

    for step, state in (("off", "off"), ("on", "active")):
        client.post(f"{CHANNELS}{room.pk}/{step}/")
        room.refresh_from_db()
        assert room.state == state


@pytest.mark.usefixtures("_admin")
def test_what_is_removed_keeps_no_secret(client: Client) -> None:
    room = a_room(channel="webhook")

    client.post(f"{CHANNELS}{room.pk}/remove/")

    room.refresh_from_db()
    assert (room.state, room.url, room.secret) == ("removed", "", "")
    assert "No channels yet" in client.get(CHANNELS).content.decode()
    assert client.post(f"{CHANNELS}{room.pk}/on/").status_code == 404


@pytest.mark.usefixtures("_admin")
def test_a_channel_whose_server_says_gone_is_switched_off(
    client: Client, receiver: Receiver
) -> None:
    room = a_room(channel="webhook", secret=SECRET, url=receiver.url)
    receiver.answers.append((410, {}))
    for _ in range(2):
        tell(Event.PUBLISHED, about=an_incident(), to=[], by=None, at=NOW)

    do_all_jobs()

    room.refresh_from_db()
    assert (room.state, room.changed_by) == ("gone", None)
    # The second was not sent any more.
    assert len(receiver.heard) == 1
    states = Delivery.objects.order_by("id").values_list("state", "job__state")
    assert list(states) == [("sending", "failed"), ("nothing_left", "done")]
    page = client.get(CHANNELS).content.decode()
    assert "nothing at this address any more" in page
    assert "1 failed" in page


def test_a_server_that_asks_for_patience_is_not_asked_before(receiver: Receiver) -> None:
    a_room(url=receiver.url)
    receiver.answers.append((429, {"Retry-After": "3600"}))
    tell(Event.PUBLISHED, about=an_incident(), to=[], by=None, at=NOW)

    assert do_all_jobs() == 1

    job = Job.objects.get()
    assert job.state == JobState.OWED
    assert "429" in job.error
    assert (job.due_at - job.made_at).total_seconds() > 3000
    assert do_all_jobs(at=job.due_at) == 1
    assert Job.objects.get().state == JobState.DONE


@pytest.mark.usefixtures("_admin")
def test_the_queries_do_not_grow_with_the_channels(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    counts = []
    for number in (3, 30):
        for _ in range(number):
            a_room(team=a_team())
        with django_assert_max_num_queries(12) as asked:
            client.get(CHANNELS)
        counts.append(len(asked))

    assert counts[0] == counts[1]


@pytest.mark.usefixtures("_admin")
@pytest.mark.parametrize("channel", ["slack", "webhook"])
@pytest.mark.parametrize("state", ["active", "off"])
def test_a_test_message_is_sent_and_its_fate_is_told(
    client: Client, receiver: Receiver, channel: str, state: str
) -> None:
    room = a_room(channel=channel, url=receiver.url, state=state)

    client.post(f"{CHANNELS}{room.pk}/test/")

    assert receiver.heard == []
    assert "on its way" in client.get(CHANNELS).content.decode()
    do_all_jobs()
    (heard,) = receiver.heard
    assert b"a test of this channel" in heard.body
    assert "Test message: Sent, answered 200." in client.get(CHANNELS).content.decode()
    piece = client.get(
        f"{CHANNELS}{room.pk}/test/", headers={"HX-Request": "true"}
    ).content.decode()
    assert "Sent, answered 200." in piece
    assert "hx-get" not in piece
    # It is no message to anybody.
    assert not Delivery.objects.exists()


@pytest.mark.usefixtures("_admin")
def test_a_test_that_does_not_arrive_says_why_and_leaves_no_failed_job(
    client: Client, receiver: Receiver
) -> None:
    room = a_room(url=receiver.url)
    receiver.answers.append((500, {}))

    client.post(f"{CHANNELS}{room.pk}/test/")
    do_all_jobs()

    page = client.get(CHANNELS).content.decode()
    assert "It did not arrive. The server answered 500." in page
    assert Job.objects.get().state == JobState.DONE


@pytest.mark.usefixtures("_admin")
def test_a_channel_that_is_removed_is_sent_no_test(client: Client, receiver: Receiver) -> None:
    room = a_room(url=receiver.url)
    client.post(f"{CHANNELS}{room.pk}/test/")
    client.post(f"{CHANNELS}{room.pk}/remove/")

    do_all_jobs()

    assert receiver.heard == []
    assert client.post(f"{CHANNELS}{room.pk}/test/").status_code == 404
