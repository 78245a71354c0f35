"""Imports: asking for one, reading it, applying it, undoing it; as one, and safe to do twice."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import IO, Any, Literal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext, gettext_lazy

from incidents.history.operations import EditConflict, RowGone
from incidents.history.slugs import SlugTaken
from incidents.importers.formats import guess
from incidents.importers.intake import files
from incidents.importers.intake.beside import Beside
from incidents.importers.intake.deciding import CannotBeRecorded, decide
from incidents.importers.intake.plain import is_runbook
from incidents.importers.intake.reading import keep_rows, spooled
from incidents.importers.intake.runbooks import take_back_runbook, write_runbook
from incidents.importers.intake.writing import change_to, make_record, take_back
from incidents.jobs.operations import owe
from incidents.lib.markdown import TextTooLong
from incidents.lib.words.own import in_own_words
from incidents.lib.words.translated import Translated
from incidents.lookup.operations import findable_together
from incidents.models import (
    LONG,
    Import,
    ImportRow,
    ImportState,
    JobState,
    RowAction,
    User,
)
from incidents.records.states import CannotStep
from incidents.records.times import TimesOutOfOrder

READ, APPLY, UNDO = "imports.read", "imports.apply", "imports.undo"
WANTED = (RowAction.MAKE, RowAction.CHANGE)
REFUSALS = (
    CannotBeRecorded,
    CannotStep,
    EditConflict,
    RowGone,
    SlugTaken,
    TextTooLong,
    TimesOutOfOrder,
    ValidationError,
)
AT_A_TIME = 20
"""Records of one transaction: on SQLite nobody else writes meanwhile."""
Tell = Callable[[int, int | None], None]


Wish = Literal["applied", "cancelled", "forgotten", "read again", "tried again", "undone"]
REFUSED: dict[Wish, Translated] = {
    "applied": gettext_lazy("It is %(state)s, so it cannot be applied now."),
    "cancelled": gettext_lazy("It is %(state)s, so it cannot be cancelled now."),
    "forgotten": gettext_lazy("It is %(state)s, so it cannot be forgotten now."),
    "read again": gettext_lazy("It is %(state)s, so it cannot be read again now."),
    "tried again": gettext_lazy("It is %(state)s, so it cannot be tried again now."),
    "undone": gettext_lazy("It is %(state)s, so it cannot be undone now."),
}


class TooManyImports(Exception):
    MOST = 5

    def __init__(self) -> None:
        super().__init__(
            gettext("%(MOST)s of your imports are under way. Wait for one.") % {"MOST": self.MOST}
        )


class NotInThatState(Exception):
    """Somebody was there first, or it is not yet time for it. Nothing was written."""

    def __init__(self, found: Import, wish: Wish) -> None:
        super().__init__(str(REFUSED[wish]) % {"state": found.get_state_display()})


@transaction.atomic
def start_import(
    uploads: Sequence[UploadedFile],
    *,
    wanted: str,
    options: dict[str, Any],
    by: User,
    at: datetime,
) -> Import:
    """Keep the files, and owe their reading; without a format they tell it themselves.

    Raises `TooManyImports` and `incidents.importers.formats.UnknownFormat`.
    """
    unfinished = Import.objects.filter(owner=by, job__state__in=[JobState.OWED, JobState.RUNNING])
    if unfinished.count() >= TooManyImports.MOST:
        raise TooManyImports
    folder = files.keep(uploads)
    try:
        wanted = wanted or guess(files.kept(folder)).name
        name = name_of([upload.name or "" for upload in uploads])
        made = new_import(name=name, wanted=wanted, options=options, by=by, at=at)
        made.folder = folder
        made.job = owe(READ, {"number": made.pk}, at=at, by=by)
        made.save(update_fields=["folder", "job"])
    except BaseException:
        files.remove(folder)
        raise
    return made


def name_of(names: Sequence[str]) -> str:
    """Right: "old.zip", "a.md and 3 more"."""
    first = names[0][-150:] or "a file"
    return first if len(names) == 1 else f"{first} and {len(names) - 1:,} more"


def new_import(
    *, name: str, wanted: str, options: dict[str, Any], by: User | None, at: datetime
) -> Import:
    return Import.objects.create(
        owner=by,
        name=name[:LONG],
        format=wanted,
        options=options,
        made_at=at,
        expires_at=at + timedelta(days=settings.IMPORT_DAYS),
    )


@transaction.atomic
def read_again(
    found: Import, *, wanted: str, options: dict[str, Any], by: User, at: datetime
) -> Import:
    """By another format, or with other options; without a zone among them it stays the one that it
    was. Raises `NotInThatState`."""
    zone = found.options.get("reading", {}).get("zone")
    if zone and "reading" in options:
        options = {**options, "reading": {"zone": zone, **options["reading"]}}
    ready = Import.objects.filter(pk=found.pk, state=ImportState.READY).exclude(folder="")
    if not ready.update(state=ImportState.READING, format=wanted, options=options):
        raise NotInThatState(found, "read again")
    return owe_step(found, READ, by=by, at=at)


@transaction.atomic
def ask_to_apply(found: Import, *, by: User, at: datetime) -> Import:
    """Raises `NotInThatState`."""
    return ask(found, APPLY, begins=ImportState.APPLYING, wish="applied", by=by, at=at)


@transaction.atomic
def ask_to_undo(found: Import, *, by: User, at: datetime) -> Import:
    """Raises `NotInThatState`."""
    return ask(found, UNDO, begins=ImportState.UNDOING, wish="undone", by=by, at=at)


@transaction.atomic
def ask_once_more(found: Import, *, by: User, at: datetime) -> Import:
    """Its job has failed: go on from where it stopped. Raises `NotInThatState`."""
    step = {
        ImportState.READING: READ,
        ImportState.APPLYING: APPLY,
        ImportState.UNDOING: UNDO,
    }.get(ImportState(found.state))
    if step is None or not found.has_stopped:
        raise NotInThatState(found, "tried again")
    return owe_step(found, step, by=by, at=at)


@transaction.atomic
def cancel_import(found: Import, *, by: User, at: datetime) -> bool:
    """One that is being read is forgotten, and of one that is being applied all is taken back, by
    the worker that has it. Whether it is still there. Raises `NotInThatState`."""
    of = Import.objects.filter(pk=found.pk)
    if of.filter(state=ImportState.READING).delete()[0]:
        if found.folder:
            transaction.on_commit(partial(files.remove, found.folder))
        return False
    if not of.filter(state=ImportState.APPLYING).update(state=ImportState.UNDOING):
        raise NotInThatState(found, "cancelled")
    if found.has_stopped:
        owe_step(found, UNDO, by=by, at=at)
    return True


FROM = {ImportState.APPLYING: ImportState.READY, ImportState.UNDOING: ImportState.APPLIED}


def ask(
    found: Import, step: str, *, begins: ImportState, wish: Wish, by: User, at: datetime
) -> Import:
    waiting = Import.objects.filter(pk=found.pk, state=FROM[begins])
    if not waiting.update(state=begins):
        raise NotInThatState(found, wish)
    return owe_step(found, step, by=by, at=at)


def owe_step(found: Import, step: str, *, by: User, at: datetime) -> Import:
    job = owe(step, {"number": found.pk}, at=at, by=by)
    Import.objects.filter(pk=found.pk).update(job=job)
    return Import.objects.get(pk=found.pk)


def import_now(
    path: Path, *, wanted: str, options: dict[str, Any], by: User | None, at: datetime, tell: Tell
) -> Import:
    """Read what stands at a place of this machine, without a job and without a copy."""
    made = new_import(name=str(path), wanted=wanted, options=options, by=by, at=at)
    with spooled(made, path, tell) as spool:
        finish_reading(made, spool)
    return Import.objects.get(pk=made.pk)


def apply_now(
    found: Import, *, by: User | None, at: datetime, tell: Tell, place: Path | None = None
) -> None:
    """Apply one that was read, or go on with one that stopped; `place` is what a command read.

    Raises `NotInThatState`.
    """
    begin(found, ImportState.APPLYING, wish="applied")
    apply_rows(found, by=by, at=at, tell=tell, place=place)
    finish(found, ImportState.APPLYING, at=at)


def undo_now(found: Import, *, by: User | None, at: datetime, tell: Tell) -> None:
    """Raises `NotInThatState`."""
    begin(found, ImportState.UNDOING, wish="undone")
    undo_rows(found, by=by, at=at, tell=tell)
    finish(found, ImportState.UNDOING, at=at)


def begin(found: Import, state: ImportState, *, wish: Wish) -> None:
    waiting = Import.objects.filter(pk=found.pk, state__in=[FROM[state], state])
    if not waiting.update(state=state):
        raise NotInThatState(found, wish)


def forget_import(found: Import, *, by: User | None, at: datetime) -> None:
    """One of which nothing was written. Raises `NotInThatState`."""
    del by, at
    with transaction.atomic():
        unwritten = Import.objects.filter(pk=found.pk, state=ImportState.READY)
        if not unwritten.delete()[0]:
            raise NotInThatState(found, "forgotten")
    if found.folder:
        files.remove(found.folder)


def place_of(found: Import) -> Path:
    return files.kept(found.folder)


@transaction.atomic
def finish_reading(found: Import, spool: IO[str]) -> int:
    """Keep what was found; how many records that are."""
    reading = Import.objects.filter(pk=found.pk, state=ImportState.READING)
    if not reading.update(state=ImportState.READY):
        return 0
    with in_own_words():
        return keep_rows(found, spool)


def apply_rows(
    found: Import, *, by: User | None, at: datetime, tell: Tell, place: Path | None = None
) -> None:
    """Some at a time: what was written before an interruption stays, and the next run goes on from
    there. `finish` says that all are done."""
    keys = list(
        found.rows.filter(action__in=WANTED, applied_at=None)
        .order_by("position")
        .values_list("pk", flat=True)
    )
    total = found.rows.filter(action__in=WANTED).count()
    beside = Beside(place or (place_of(found) if found.folder else None))
    with in_own_words():
        together(keys, lambda key: apply_row(key, beside, by=by, at=at), tell=tell, total=total)


def together(keys: Sequence[int], step: Callable[[int], None], *, tell: Tell, total: int) -> None:
    """Take each step, some in one transaction; where that fails, each of these in its own."""
    done = total - len(keys)
    for start in range(0, len(keys), AT_A_TIME):
        some = keys[start : start + AT_A_TIME]
        try:
            with transaction.atomic(), findable_together():
                for key in some:
                    step(key)
        except Exception:  # noqa: BLE001 (it is raised again below, once those before it are kept)
            for key in some:
                step(key)
        done += len(some)
        # Outside of the transaction: whoever is told may write, or end the work.
        tell(done, total)


def apply_row(key: int, beside: Beside, *, by: User | None, at: datetime) -> None:
    try:
        with transaction.atomic():
            # Another worker may have been faster.
            if not ImportRow.objects.filter(pk=key, applied_at=None).update(applied_at=at):
                return
            row = ImportRow.objects.select_related("of__owner").get(pk=key)
            write_row(row, beside, by=by, at=at)
    except REFUSALS as refusal:
        sentence = " ".join(getattr(refusal, "messages", None) or [str(refusal)])
        ImportRow.objects.filter(pk=key).update(action=RowAction.UNREAD, why=sentence)


def write_row(row: ImportRow, beside: Beside, *, by: User | None, at: datetime) -> None:
    """What is to be done is decided anew: it may have changed since it was read."""
    if is_runbook(row.found):
        write_runbook(row, beside, by=by, at=at)
        row.save()
        return
    decision = decide(row, row.of)
    row.action, row.incident, row.before = decision.action, decision.incident, decision.before
    if decision.action == RowAction.MAKE:
        make_record(row, beside, by=by, at=at)
    elif decision.action == RowAction.CHANGE and decision.incident and decision.before:
        change_to(row, decision.incident, decision.before, beside, by=by, at=at)
    else:
        row.why, row.applied_at = decision.why, None
    row.save()


def undo_rows(found: Import, *, by: User | None, at: datetime, tell: Tell) -> None:
    """The last that was written first; what somebody edited since stays."""
    keys = list(
        found.rows.filter(applied_at__isnull=False, undone_at=None)
        .order_by("-position")
        .values_list("pk", flat=True)
    )
    total = found.rows.filter(applied_at__isnull=False).count()
    with in_own_words():
        together(keys, lambda key: undo_row(key, by=by, at=at), tell=tell, total=total)


def undo_row(key: int, *, by: User | None, at: datetime) -> None:
    try:
        with transaction.atomic():
            if not ImportRow.objects.filter(pk=key, undone_at=None).update(undone_at=at):
                return
            rows = ImportRow.objects.select_related("of__owner", "incident", "runbook", "before")
            row = rows.get(pk=key)
            undo = take_back_runbook if is_runbook(row.found) else take_back
            row.why = undo(row, by=by, at=at)
            row.save(update_fields=["why"])
    except REFUSALS as refusal:
        ImportRow.objects.filter(pk=key).update(undone_at=at, why=f"It stays: {refusal}")


ENDS = {
    ImportState.APPLYING: (ImportState.APPLIED, "applied_at"),
    ImportState.UNDOING: (ImportState.UNDONE, "undone_at"),
}


def finish(found: Import, state: ImportState, *, at: datetime) -> bool:
    """All rows are applied, or undone; whether that was still wished for."""
    end, moment = ENDS[state]
    waiting = Import.objects.filter(pk=found.pk, state=state)
    return bool(waiting.update(**{"state": end, moment: at}))


def forget_files(*, at: datetime) -> int:
    """The files of imports that waited for long enough; what was found in them is kept. An import
    that was only read is forgotten whole."""
    over = Import.objects.filter(expires_at__lte=at)
    folders = list(over.exclude(folder="").values_list("folder", flat=True))
    over.filter(state__in=[ImportState.READY, ImportState.READING]).delete()
    over.exclude(folder="").update(folder="")
    for folder in folders:
        files.remove(folder)
    return len(folders)
