"""A mail is in the language of whom it is for, and what became of it in the site's own words."""

import pytest
from django.core import mail

from incidents.models import Event, Job
from incidents.notifications.operations import tell
from tests.factories import NOW, a_user, an_incident
from tests.jobs.doing import do_all_jobs

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "begins"), [("de", "Guten Tag ed,"), ("en", "Hello ed,"), ("", "Hello ed,")]
)
def test_it_works(language: str, begins: str) -> None:
    person = a_user(username="ed", email="ed@example.com", language=language)
    tell(Event.ASSIGNED, about=an_incident(owner=person), to=[person], by=None, at=NOW)

    do_all_jobs()

    (message,) = mail.outbox
    assert str(message.body).startswith(begins)
    assert Job.objects.latest("pk").outcome == "Sent."
