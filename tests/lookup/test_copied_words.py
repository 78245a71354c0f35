"""What copies need of a runbook's texts, kept when they are written."""

import importlib

import pytest
from django.apps import apps

from incidents.lookup.operations import forget, keep_findable, make_findable
from incidents.lookup.terms import indexed
from incidents.models import Job, JobState, RunbookWords
from tests.factories import a_runbook, a_service
from tests.jobs.doing import do_all_jobs

pytestmark = pytest.mark.django_db


def test_it_works() -> None:
    html = "<ol>" + "<li>Look.</li>" * 7 + "</ol>"
    runbook = a_runbook(title="Disks crash", slug="room", body="Crashing disks", body_html=html)
    runbook.services.add(a_service(name="order-api"))
    keep_findable(runbook)

    words = RunbookWords.objects.get()

    assert words.title.split() == indexed("Disks crash")
    assert words.head.split() == indexed("Disks crash room order-api")
    assert words.body.split() == indexed("Crashing disks")
    assert words.names == "orderapi"
    assert "crashing crash" in words.stems.splitlines()
    assert words.steps_html.count("<li>") == 5
    assert words.more_steps == 2


def test_new_rows_at_once_get_what_a_single_one_gets() -> None:
    runbook = a_runbook(title="Disks crash", body="Crashing disks")
    make_findable([runbook])
    at_once = RunbookWords.objects.values().get()
    keep_findable(runbook)

    assert at_once.pop("version") == 1
    assert RunbookWords.objects.values().get() == {**at_once, "version": 2}


def test_what_is_not_found_any_more_is_not_kept() -> None:
    runbook = a_runbook()
    keep_findable(runbook)
    forget(runbook)

    assert not RunbookWords.objects.exists()


def test_what_an_earlier_version_wrote_is_read_by_a_worker() -> None:
    migration = importlib.import_module("incidents.migrations.0031_runbook_words")
    migration.owe_reading(apps, None)
    assert not Job.objects.exists()
    for _ in range(3):
        a_runbook()
    migration.owe_reading(apps, None)

    do_all_jobs()

    assert Job.objects.get(kind="lookup.read_runbooks").state == JobState.DONE
    assert RunbookWords.objects.count() == 3
