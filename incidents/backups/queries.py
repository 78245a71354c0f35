"""When the last backup was taken by a worker, and who is to hear that none was."""

from datetime import datetime

from incidents.models import Job, JobState, Role, User

TAKE = "backups.take"
TAKEN = "Backup: "
"""So the outcome begins of a job that took one."""


def last_taken_at() -> datetime | None:
    """Of a worker's backups; where there was none yet, when one was owed first."""
    jobs = Job.objects.filter(kind=TAKE)
    taken = jobs.filter(state=JobState.DONE, outcome__startswith=TAKEN).order_by("-ended_at")
    if found := taken.first():
        return found.ended_at
    first = jobs.order_by("made_at").first()
    return first.made_at if first else None


def administrators() -> list[User]:
    """Those who can be reached by mail."""
    found = User.objects.filter(role=Role.ADMIN, is_active=True).exclude(email="")
    return list(found.order_by("pk"))
