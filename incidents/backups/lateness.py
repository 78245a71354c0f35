"""Whether the newest backup is as new as it should be."""

import os
from datetime import datetime, timedelta
from pathlib import Path

from django.utils.timesince import timesince

from incidents.backups.places import backups_in, taken_at

SPARE = 2
"""One may be missed, or take its time, before somebody has to look."""


def is_late(last: datetime, *, every: timedelta, at: datetime) -> bool:
    return at - last > SPARE * every


def what_is_wrong_in(folder: Path, *, every: timedelta, at: datetime) -> str:
    """A sentence; empty where all is well."""
    if not folder.is_dir():
        return f"BACKUP_DIR names {folder}, which is no folder: make it, or mount it."
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return f"BACKUP_DIR names {folder}, which this user may not write to."
    found = backups_in(folder)
    if not found:
        return f"There is no backup in {folder} yet."
    newest = taken_at(found[0])
    if is_late(newest, every=every, at=at):
        return f"The newest backup in {folder} is {age(newest, at=at)} old. {due(every)}"
    return ""


def age(moment: datetime, *, at: datetime) -> str:
    """Right: "2 days, 3 hours"."""
    return timesince(moment, at).replace("\xa0", " ")


def due(every: timedelta) -> str:
    hours = int(every.total_seconds()) // 3600
    return "One is due every hour." if hours == 1 else f"One is due every {hours} hours."
