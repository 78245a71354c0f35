"""The rooms and programs that hear of things: adding them, trying them, switching them off and
removing them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from incidents.jobs.operations import owe
from incidents.models import Channel, Endpoint, EndpointState, User
from incidents.notifications.channels.webhook import new_secret


class NoSuchEndpoint(Exception):
    """Somebody removed it."""

    def __init__(self) -> None:
        super().__init__(gettext("Somebody has removed this channel."))


@transaction.atomic
def add_endpoint(*, values: Mapping[str, Any], by: User, at: datetime) -> Endpoint:
    """The secret of a webhook is drawn here, for the one page that shows it."""
    secret = new_secret() if values["channel"] == Channel.WEBHOOK else ""
    return Endpoint.objects.create(**values, secret=secret, changed_at=at, changed_by=by)


@transaction.atomic
def switch_endpoint(endpoint: Endpoint, *, on: bool, by: User, at: datetime) -> None:
    """What waits to be sent while it is off is not sent later. Raises `NoSuchEndpoint`."""
    state = EndpointState.ACTIVE if on else EndpointState.OFF
    change(endpoint, state=state, by=by, at=at)


@transaction.atomic
def send_test(endpoint: Endpoint, *, by: User, at: datetime) -> None:
    """Also where it is switched off: to see whether it may be switched on. Raises
    `NoSuchEndpoint`."""
    job = owe("notifications.send_test", {"endpoint": endpoint.pk}, at=at, by=by)
    there = Endpoint.objects.filter(pk=endpoint.pk).exclude(state=EndpointState.REMOVED)
    if not there.update(test_job=job):
        raise NoSuchEndpoint


@transaction.atomic
def remove_endpoint(endpoint: Endpoint, *, by: User, at: datetime) -> None:
    """Its address and its secret are forgotten. Raises `NoSuchEndpoint`."""
    change(endpoint, state=EndpointState.REMOVED, by=by, at=at, url="", secret="")


def change(endpoint: Endpoint, *, by: User, at: datetime, **values: Any) -> None:
    there = Endpoint.objects.filter(pk=endpoint.pk).exclude(state=EndpointState.REMOVED)
    if not there.update(changed_at=at, changed_by=by, **values):
        raise NoSuchEndpoint
