"""Backups that workers take, and telling administrators when there is none."""

import logging
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.defaultfilters import pluralize
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from incidents.backups.lateness import age, due, is_late
from incidents.backups.operations import REFUSALS, CannotWrite, take_backup
from incidents.backups.places import keep_newest
from incidents.backups.queries import TAKE, TAKEN, administrators, last_taken_at
from incidents.directory.tasks import send
from incidents.jobs.kinds import job_kind
from incidents.jobs.operations import owe
from incidents.jobs.work import CannotBeDone, Work
from incidents.models import Queue, User

logger = logging.getLogger(__name__)

TELL = "backups.tell"


@job_kind(
    TAKE,
    queue=Queue.HEAVY,
    attempts=3,
    outside_transaction=True,
    every=timedelta(hours=settings.BACKUP_EVERY) if settings.BACKUP_DIR else None,
    longest_run=timedelta(hours=4),
)
def take(work: Work) -> str:
    """Safe to run twice: another one is taken, and the oldest goes."""
    if not settings.BACKUP_DIR:
        return "No backups are wanted any more"
    folder = Path(settings.BACKUP_DIR)
    try:
        if not folder.is_dir():
            raise CannotWrite(
                f"BACKUP_DIR names {folder}, which is no folder: make it, or mount it."
            )
        taken = take_backup(folder, at=work.at, tell=lambda _, done, of: work.progress(done, of))
    except REFUSALS as refusal:
        tell_administrators(str(refusal), at=work.at)
        raise CannotBeDone(str(refusal)) from refusal
    removed, broken = keep_newest(folder, settings.BACKUP_KEEP)
    if broken:
        names = ", ".join(path.name for path in broken)
        tell_administrators(f"In {folder} these are not whole any more: {names}.", at=work.at)
    rows, size = taken.manifest.rows, taken.path.stat().st_size
    return (
        f"{TAKEN}{rows:,} row{pluralize(rows)}, {size:,} bytes; {len(removed):,} older removed"
        + (f", {len(broken):,} not whole" if broken else "")
    )


@job_kind(
    "backups.watch",
    queue=Queue.LIGHT,
    every=timedelta(hours=1) if settings.BACKUP_DIR else None,
)
def watch(work: Work) -> str:
    """Also where a worker died with it, or none looks at the heavy queue."""
    if not settings.BACKUP_DIR:
        return "No backups are wanted any more"
    last, every = last_taken_at(), timedelta(hours=settings.BACKUP_EVERY)
    if last is None:
        return "None has been owed yet"
    if not is_late(last, every=every, at=work.at):
        return f"The last was taken {age(last, at=work.at)} ago"
    tell_administrators(
        f"None was taken for {age(last, at=work.at)}. {due(every)} It may be that no worker looks"
        " at the heavy queue.",
        at=work.at,
    )
    return "Late: administrators are told"


def tell_administrators(why: str, *, at: datetime) -> None:
    """Once a day, however often it fails."""
    logger.error("The backup of the site: %s", why)
    owe(TELL, {"why": why}, at=at, key=f"{TELL} {at:%Y-%m-%d}")


@job_kind(TELL, queue=Queue.LIGHT, attempts=20, outside_transaction=True)
def tell(work: Work, *, why: str) -> str:
    if not settings.EMAIL_CONFIGURED:
        return "There is no mail: it stands in the log and among the jobs alone"
    people = administrators()
    if not people:
        return "No administrator has an address"
    return send(*(mail_to(person, why=why, at=work.job.made_at) for person in people), at=work.at)


def mail_to(person: User, *, why: str, at: datetime) -> EmailMessage:
    """What went wrong is told as it was written down."""
    with translation.override(person.reads):
        words = render_to_string(
            "emails/backup_failed.txt", {"why": why, "site": settings.SITE_URL, "at": at}
        )
        subject = gettext("Something is wrong with the backups of the postmortems")
        return EmailMessage(subject, words, to=[person.email])
