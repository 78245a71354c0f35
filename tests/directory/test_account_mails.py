"""Mails about accounts are sent by a job: no request waits for the mail server."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from incidents.models import Job, JobState, User
from incidents.notifications.channels.parcel import NotTaken
from tests.factories import NOW, PASSWORD, a_form, a_user
from tests.jobs.doing import do_all_jobs

pytestmark = pytest.mark.django_db

FORGOTTEN = "/accounts/password/reset/"
NEW_PASSWORD = "seven purple elephants dance"


class NoServer(BaseEmailBackend):
    """What a request that talks to the mail server meets."""

    def send_messages(self, messages: object) -> int:
        raise ConnectionRefusedError


@pytest.fixture(autouse=True)
def _sends_mail(settings: Settings) -> None:
    settings.EMAIL_CONFIGURED = True
    settings.SITE_URL = "https://postmortems.example"


@pytest.fixture
def grace() -> User:
    return a_user(username="grace", email="grace@example.com", first_name="Grace")


@pytest.fixture
def admin(client: Client) -> User:
    user = a_user("admin", username="root")
    client.force_login(user)
    return user


def link_in(text: object) -> str:
    found = re.search(r"https://postmortems\.example(/accounts/\S+)", str(text))
    assert found
    return urlsplit(found[1]).path


def forget(address: str) -> list[str]:
    """Says so as somebody who is not signed in; what the database was asked meanwhile."""
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = Client().post(FORGOTTEN, {"email": address})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/password/reset/done/")
    return [re.sub(r"'[^']*'|[0-9]+", "…", query["sql"]) for query in asked.captured_queries]


def test_it_works(grace: User) -> None:
    forget("grace@example.com")
    assert mail.outbox == []

    do_all_jobs()

    (message,) = mail.outbox
    assert message.to == ["grace@example.com"]
    newcomer = Client()
    form = newcomer.get(link_in(message.body), follow=True)
    words = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    newcomer.post(form.redirect_chain[-1][0], words)
    assert newcomer.login(username="grace", password=NEW_PASSWORD)


def test_who_asks_cannot_tell_whether_there_is_an_account(grace: User) -> None:
    """The same is done in both cases, so it takes as long."""
    forget("warms.up@example.com")

    assert forget("grace@example.com") == forget("nobody@example.com")
    assert not any("incidents_user" in query for query in forget("grace@example.com"))


@pytest.mark.parametrize("address", ["nobody@example.com", "closed@example.com", "new@example.com"])
def test_nothing_is_sent_where_nobody_can_sign_in_by_it(grace: User, address: str) -> None:
    a_user(username="closed", email="closed@example.com", is_active=False)
    EmailAddress.objects.create(user=grace, email="new@example.com", verified=False)

    forget(address)
    do_all_jobs()

    assert mail.outbox == []
    assert Job.objects.get().state == JobState.DONE


@pytest.mark.parametrize(
    ("typed", "mailbox"),
    [("GRACE@example.com", "grace@example.com"), ("Other@example.com", "other@example.com")],
)
def test_it_goes_to_the_address_that_is_written_down(grace: User, typed: str, mailbox: str) -> None:
    EmailAddress.objects.create(user=grace, email="other@example.com", verified=True)

    forget(typed)
    do_all_jobs()

    assert [message.to for message in mail.outbox] == [[mailbox]]


def test_a_mailbox_that_refuses_keeps_the_link_from_no_other(
    grace: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two accounts may be at one address, of which only one holds it as confirmed."""
    other = a_user(username="hopper", email="hopper@example.com")
    EmailAddress.objects.create(user=other, email="Grace@example.com", verified=True)
    brought = []

    def bring(message: EmailMessage) -> None:
        brought.append(message.to)
        if len(brought) == 1:
            raise NotTaken("No such mailbox.")

    monkeypatch.setattr("incidents.directory.tasks.bring", bring)
    forget("grace@example.com")
    do_all_jobs()

    assert brought == [["grace@example.com"], ["Grace@example.com"]]
    assert (Job.objects.get().state, Job.objects.get().error) == ("failed", "No such mailbox.")


def test_who_has_signed_in_meanwhile_needs_no_link(grace: User) -> None:
    forget("grace@example.com")
    Job.objects.update(made_at=NOW)
    grace.last_login = NOW + timedelta(minutes=1)
    grace.save()
    do_all_jobs()

    assert mail.outbox == []


def test_an_administrator_has_a_link_sent(client: Client, admin: User) -> None:
    person = a_form(username="grace", email="grace@example.com", role="editor")

    answer = client.post("/people/new/", person)

    assert "is on its way to <bdi>grace@example.com</bdi>" in answer.content.decode()
    assert mail.outbox == []
    do_all_jobs()
    (message,) = mail.outbox
    assert message.to == ["grace@example.com"]
    assert Client().get(link_in(message.body)).status_code == 302


def test_no_link_is_written_down(client: Client, admin: User, grace: User) -> None:
    client.post("/people/grace/password-link/")

    assert Job.objects.get().arguments == {"person": grace.pk}


def test_an_account_that_was_closed_meanwhile_gets_none(
    client: Client, admin: User, grace: User
) -> None:
    client.post("/people/grace/password-link/")
    User.objects.filter(pk=grace.pk).update(is_active=False)
    do_all_jobs()

    assert mail.outbox == []
    assert Job.objects.get().state == JobState.FAILED


def test_another_address_is_confirmed_by_mail(client: Client, grace: User) -> None:
    client.force_login(grace)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    client.post("/accounts/email/", {"action_add": "", "email": "other@example.com"})

    assert mail.outbox == []
    do_all_jobs()
    (message,) = mail.outbox
    assert message.to == ["other@example.com"]
    client.post(link_in(message.body))
    assert EmailAddress.objects.get(email="other@example.com").verified


def test_without_a_mail_server_every_request_is_answered_and_the_mail_waits(
    client: Client, admin: User, grace: User, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.NoServer"

    forget("grace@example.com")
    assert client.post("/people/grace/password-link/").status_code == 200
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/email/", {"action_add": "", "email": "other@example.com"})
    do_all_jobs()

    assert Job.objects.count() == 3
    for job in Job.objects.all():
        assert (job.state, job.attempts) == (JobState.OWED, 1)
        assert "mail server could not be reached" in job.error
