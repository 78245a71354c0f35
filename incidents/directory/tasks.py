"""What follows from a change in the directory."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage

from incidents.directory import mails
from incidents.directory.queries import accounts_at
from incidents.jobs.kinds import job_kind
from incidents.jobs.work import CannotBeDone, TryLater, Work
from incidents.lookup.operations import keep_findable
from incidents.models import Queue, Service, User
from incidents.notifications.channels.email import bring
from incidents.notifications.channels.parcel import NotBrought, NotTaken
from incidents.notifications.pauses import EMAIL, unless_paused

AT_A_TIME = 50


@job_kind("directory.find_by_new_name", queue=Queue.LIGHT, outside_transaction=True)
def find_by_new_name(work: Work, *, service: int) -> str:
    """In small transactions: who edits one of the records meanwhile waits for few others."""
    row = Service.objects.filter(pk=service).first()
    if row is None:
        raise CannotBeDone("There is no such service any more.")
    records = [*row.runbooks.order_by("pk"), *row.incidents.order_by("pk")]
    for start in range(0, len(records), AT_A_TIME):
        work.progress(start, len(records))
        keep_findable(*records[start : start + AT_A_TIME])
    work.progress(len(records), len(records))
    return f"Found by the service's new name: {len(records)}"


@job_kind("directory.mail_password_link", queue=Queue.LIGHT, attempts=10, outside_transaction=True)
def mail_password_link(work: Work, *, person: int) -> str:
    """Somebody who signed in since it was asked for needs no link any more."""
    row = User.objects.filter(pk=person, is_active=True).first()
    if row is None:
        raise CannotBeDone("Nobody can sign in by this account any more.")
    if has_signed_in(row, work):
        return "Has signed in meanwhile."
    return send(mails.for_new_account(row), at=work.at)


@job_kind("directory.mail_lost_password", queue=Queue.LIGHT, attempts=10, outside_transaction=True)
def mail_lost_password(work: Work, *, address: str) -> str:
    accounts = [found for found in accounts_at(address) if not has_signed_in(found[0], work)]
    letters = [mails.for_lost_password(person, mailbox) for person, mailbox in accounts]
    return send(*letters, at=work.at)


@job_kind("directory.mail_to_confirm", queue=Queue.LIGHT, attempts=10, outside_transaction=True)
def mail_to_confirm(work: Work, *, address: int) -> str:
    row = EmailAddress.objects.select_related("user").filter(pk=address, verified=False).first()
    if row is None:
        return "Confirmed or removed meanwhile."
    return send(mails.to_confirm(row), at=work.at)


def has_signed_in(person: User, work: Work) -> bool:
    return person.last_login is not None and person.last_login > work.job.made_at


def send(*messages: EmailMessage, at: datetime) -> str:
    """Where the server is away, all are sent again later; one that it refuses stops no other."""
    refusals = []
    for message in messages:
        try:
            with unless_paused(EMAIL, at=at):
                bring(message)
        except NotTaken as error:
            refusals.append(str(error))
        except NotBrought as error:
            raise TryLater(str(error)) from error
    if refusals:
        raise CannotBeDone(" ".join(refusals))
    return f"Sent: {len(messages)}"
