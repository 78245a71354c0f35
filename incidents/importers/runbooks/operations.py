"""Bringing runbooks in. What people have changed here since is theirs, and stays."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from incidents.directory.operations import create_service
from incidents.history.slugs import SlugTaken
from incidents.importers.runbooks.reading import Page, Unread
from incidents.lib.markdown import TextTooLong
from incidents.lookup.matcher_tokens import NotMatchers
from incidents.lookup.matchers import line_for, read_line
from incidents.models import Runbook, Service, User
from incidents.runbooks.operations import change_runbook, create_runbook

FIELDS = ("title", "summary", "body", "alerts")


@dataclass
class Imported:
    """What came of each page, in sentences; `edited_here` were left alone for that reason."""

    made: list[Runbook] = field(default_factory=list)
    changed: list[Runbook] = field(default_factory=list)
    left_alone: list[Runbook] = field(default_factory=list)
    edited_here: list[Runbook] = field(default_factory=list)
    refused: list[Unread] = field(default_factory=list)


def import_runbooks(
    pages: Iterable[Page],
    *,
    by: User | None,
    at: datetime,
    dry_run: bool = False,
    overwrite: bool = False,
    told: Callable[[], None] = lambda: None,
) -> Imported:
    """Make or change the runbook of each page; `told` is called after each.

    A page is known by its slug. A runbook that somebody has edited here since it was imported is
    left alone, unless `overwrite`. Each page is a transaction of its own: what was done before an
    interruption stays, and the next run goes on from there.
    """
    done = Imported()
    for page in pages:
        try:
            with transaction.atomic():
                import_page(page, done, by=by, at=at, overwrite=overwrite)
                if dry_run:
                    transaction.set_rollback(True)
        except (SlugTaken, TextTooLong, ValidationError) as refusal:
            sentence = " ".join(getattr(refusal, "messages", None) or [str(refusal)])
            done.refused.append(Unread(page.path, sentence))
        told()
    return done


def import_page(
    page: Page, done: Imported, *, by: User | None, at: datetime, overwrite: bool
) -> None:
    found = Runbook.objects.filter(slug=page.slug).first()
    services = [service_named(name, by=by, at=at) for name in page.services]
    values = {**values_of(page), "services": services}
    if found is None:
        runbook = create_runbook(values={**values, "slug": page.slug}, by=by, at=at)
        done.made.append(runbook)
    elif fingerprint(found) == fingerprint_of(values):
        runbook = found
        done.left_alone.append(found)
    elif found.imported_sha256 != fingerprint(found) and not overwrite:
        done.edited_here.append(found)
        return
    else:
        runbook = change_runbook(found, version=found.version, values=values, by=by, at=at)
        done.changed.append(runbook)
    Runbook.objects.filter(pk=runbook.pk).update(imported_sha256=fingerprint_of(values))


def values_of(page: Page) -> dict[str, Any]:
    return {
        "title": page.title,
        "summary": page.summary,
        "body": page.body,
        "alerts": "\n".join(map(alert_line, page.alerts)),
    }


def alert_line(text: str) -> str:
    """A line of alerts as it stands in a file, where names with spaces are not in quotes."""
    try:
        return read_line(text).text
    except NotMatchers:
        # What cannot be meant as a name either is refused with its own sentence.
        return text if set('={}~"') & set(text) else line_for(text) or text


def service_named(name: str, *, by: User | None, at: datetime) -> Service:
    """The service of that name or slug, made if there is none."""
    named = Service.objects.filter(name__iexact=name) | Service.objects.filter(slug=slugify(name))
    found = named.order_by("pk").first()
    return found or create_service(values={"name": name[:200]}, by=by, at=at)


def fingerprint(runbook: Runbook) -> str:
    """Of what an import writes, as it stands in the runbook."""
    values = {name: getattr(runbook, name) for name in FIELDS}
    return fingerprint_of({**values, "services": runbook.services.all()})


def fingerprint_of(values: dict[str, Any]) -> str:
    """SHA-256 over the values, in hexadecimal."""
    services = sorted({service.pk for service in values["services"]})
    text = json.dumps([*(values[name] for name in FIELDS), services])
    return hashlib.sha256(text.encode()).hexdigest()
