"""Work whose effects can be counted: nothing in the database keeps one from being there twice."""

import os
import random
import signal
import time
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from incidents.jobs.kinds import KINDS, job_kind
from incidents.jobs.work import Work
from incidents.models import Change, Queue

EFFECT, EXPORT, EAT = "killing.effect", "killing.export", "killing.eat"
PROBE, WAIT = "killing.probe", "killing.wait"
# More often than any is killed.
OFTEN = 20
SOON = timedelta(seconds=0.1)


def effect(work: Work, *, number: int) -> str:
    write_effect(work, EFFECT, number)
    time.sleep(random.random() / 250)
    return "done"


def probe(work: Work, *, number: int) -> str:
    return "done"


def export(work: Work, *, number: int) -> str:
    """A file that is there whole or not at all, and a row that says so."""
    folder = exports()
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{number}.{os.getpid()}.draft"
    with draft.open("w") as file:
        for part in range(10):
            work.progress(part, 10)
            file.write(f"{part}\n")
            time.sleep(random.random() / 50)
    draft.replace(folder / f"{number}.txt")
    with work.completing("exported"):
        write_effect(work, EXPORT, number)
    return ""


def eat(work: Work, *, number: int) -> str:
    """Takes memory until the system takes the process, which tests cannot wait for."""
    eaten = bytearray(200_000_000)
    time.sleep(0.3)
    os.kill(os.getpid(), signal.SIGKILL)
    return f"never read: {len(eaten)}"


def wait(work: Work, *, number: int) -> str:
    """Longer than any test that kills it."""
    time.sleep(600)
    return "never read"


def exports() -> Path:
    return Path(settings.VAR_DIR) / "exports"


def write_effect(work: Work, name: str, number: int) -> None:
    Change.objects.create(
        document_type=name, document_id=number, at=work.at, summary="An effect", parts=[]
    )


def register() -> None:
    """For the process that owes the work; in the workers it happens on import."""
    if EFFECT not in KINDS:
        job_kind(EFFECT, queue=Queue.LIGHT, attempts=OFTEN, first_wait=SOON)(effect)
        job_kind(PROBE, queue=Queue.LIGHT)(probe)
        job_kind(WAIT, queue=Queue.HEAVY, outside_transaction=True)(wait)
        job_kind(
            EXPORT, queue=Queue.HEAVY, attempts=OFTEN, first_wait=SOON, outside_transaction=True
        )(export)
        job_kind(EAT, queue=Queue.HEAVY, attempts=2, first_wait=SOON, outside_transaction=True)(eat)


register()
