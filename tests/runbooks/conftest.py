"""Runbooks are for everybody who signs in."""

import pytest
from django.test import Client

from incidents.models import User
from tests.factories import a_user


@pytest.fixture
def reader(client: Client) -> User:
    user = a_user("reader")
    client.force_login(user)
    return user
