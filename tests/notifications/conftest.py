"""Notifications are tested on a site that sends mail."""

from collections.abc import Iterator
from ipaddress import ip_network

import pytest
from pytest_django import Settings

from tests.notifications.receiver import Receiver, a_receiver


@pytest.fixture(autouse=True)
def _sends_mail(settings: Settings) -> None:
    settings.EMAIL_CONFIGURED = True
    settings.SITE_URL = "https://postmortems.example"
    settings.DEFAULT_FROM_EMAIL = "postmortems@example.com"


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    """A program that hears what is posted, on a network that the operator lists."""
    with a_receiver() as found:
        settings.OUTGOING_NETWORKS = [ip_network("127.0.0.0/8")]
        settings.OUTGOING_PORTS = [found.port]
        yield found
