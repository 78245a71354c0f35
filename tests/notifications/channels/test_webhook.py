"""A program knows that a message is ours, whole, and not one that it has had before."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from pytest_django import Settings

from incidents.models import Endpoint
from incidents.notifications.channels import webhook
from incidents.notifications.channels.parcel import Gone, NotBrought, NotNow, NotTaken, Parcel
from incidents.notifications.channels.posting import LONGEST_WAIT, retry_after
from tests.factories import NOW
from tests.notifications.channels.test_email import UID, a_line, a_parcel
from tests.notifications.receiver import Receiver
from tests.notifications.rooms import SECRET


def for_program(receiver: Receiver, parcel: Parcel | None = None) -> Parcel:
    endpoint = Endpoint(name="tickets", channel="webhook", url=receiver.url, secret=SECRET)
    return replace(parcel or a_parcel(), person=None, endpoint=endpoint)


def test_it_works(receiver: Receiver) -> None:
    assert webhook.send(for_program(receiver)) == "Sent, answered 200."

    heard = receiver.heard[0]
    body = json.loads(heard.body)
    assert body["type"] == "assigned"
    assert body["timestamp"] == "2026-03-14T12:00:00Z"
    assert body["data"]["messages"][0]["record"] == "INC-42"
    assert heard.headers["webhook-id"] == f"msg_{UID.hex}"
    assert abs(int(heard.headers["webhook-timestamp"]) - datetime.now(UTC).timestamp()) < 300


def test_the_signature_is_the_standards() -> None:
    """The example of the specification's own libraries."""
    signature = webhook.sign(
        SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
    )

    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_it_is_of_what_was_sent(receiver: Receiver) -> None:
    webhook.send(for_program(receiver, a_parcel(a_line(title="Überläufer 漢字"), a_line())))

    heard = receiver.heard[0]
    signed = f"{heard.headers['webhook-id']}.{heard.headers['webhook-timestamp']}.".encode()
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    mac = base64.b64encode(hmac.new(key, signed + heard.body, hashlib.sha256).digest()).decode()
    assert heard.headers["webhook-signature"] == f"v1,{mac}"
    assert json.loads(heard.body)["type"] == "several"


def test_secrets_are_drawn() -> None:
    first, second = webhook.new_secret(), webhook.new_secret()

    assert first != second
    assert len(base64.b64decode(first.removeprefix("whsec_"))) == 32


def test_what_is_gone_is_gone(receiver: Receiver) -> None:
    receiver.answers.append((410, {}))

    with pytest.raises(Gone):
        webhook.send(for_program(receiver))


@pytest.mark.parametrize("status", [301, 307, 400, 401, 404, 429, 500, 503])
def test_any_other_refusal_is_tried_again(status: int, receiver: Receiver) -> None:
    receiver.answers.append((status, {"Location": "http://127.0.0.1:1/"}))

    with pytest.raises(NotBrought, match=str(status)):
        webhook.send(for_program(receiver))

    assert len(receiver.heard) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_who_asks_for_patience_gets_it(status: int, receiver: Receiver) -> None:
    receiver.answers.append((status, {"Retry-After": "120"}))

    with pytest.raises(NotNow) as raised:
        webhook.send(for_program(receiver))

    assert raised.value.after == timedelta(minutes=2)


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("0", timedelta(seconds=1)),
        ("99999999999999999999", LONGEST_WAIT),
        (format_datetime(NOW + timedelta(minutes=5), usegmt=True), timedelta(minutes=5)),
        (format_datetime(NOW - timedelta(minutes=5), usegmt=True), timedelta(seconds=1)),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("１２", None),
    ],
)
def test_how_long_to_wait(text: str, wait: timedelta | None) -> None:
    assert retry_after(text, now=NOW) == wait


def test_it_does_not_reach_this_machine(receiver: Receiver, settings: Settings) -> None:
    settings.OUTGOING_NETWORKS = []

    with pytest.raises(NotTaken, match="private network"):
        webhook.send(for_program(receiver))

    assert receiver.heard == []
