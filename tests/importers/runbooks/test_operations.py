"""Importing twice changes nothing, and nobody's edits are lost."""

from pathlib import Path

import pytest

from incidents.importers.runbooks.operations import Imported, import_runbooks
from incidents.importers.runbooks.reading import Page
from incidents.models import AlertMatcher, Change, Runbook, Service
from incidents.runbooks.operations import change_runbook
from tests.factories import NOW, a_runbook, a_service, a_user

pytestmark = pytest.mark.django_db


def a_page(**fields: object) -> Page:
    said: dict[str, object] = {
        "path": Path("pool.md"),
        "slug": "pool",
        "title": "Pool",
        "summary": "",
        "body": "x\n",
    }
    return Page(**{**said, **fields})  # type: ignore[arg-type]


def imported(*pages: Page, **options: bool) -> Imported:
    return import_runbooks(pages, by=None, at=NOW, **options)  # type: ignore[arg-type]


def test_it_works() -> None:
    service = a_service(name="Checkout", slug="checkout")
    done = imported(
        a_page(body="**Count**\n", alerts=("PoolEmpty", "PoolLow"), services=("checkout", "Card"))
    )
    (runbook,) = done.made
    assert "<strong>Count</strong>" in runbook.body_html
    assert runbook.alert_lines == ["PoolEmpty", "PoolLow"]
    assert set(runbook.services.all()) == {service, Service.objects.get(name="Card")}
    assert Change.objects.filter(document_type="runbook", document_id=runbook.pk).count() == 1


def test_a_name_with_spaces_is_brought_in_as_a_matcher() -> None:
    done = imported(a_page(alerts=("Disk full", "DiskSlow", 'alertname=~"Disk.*"')))
    lines = ['alertname="Disk full"', "DiskSlow", 'alertname=~"Disk.*"']
    assert done.made[0].alert_lines == lines
    assert [row.alertname for row in AlertMatcher.objects.all()] == ["Disk full", "DiskSlow", None]
    assert imported(a_page(alerts=("Disk full", "DiskSlow", 'alertname=~"Disk.*"'))).left_alone


def test_a_matcher_that_cannot_be_read_is_refused_with_its_reason() -> None:
    (refused,) = imported(a_page(alerts=('alertname=~"Disk(.*"',))).refused
    assert "is no pattern" in refused.why


def test_a_second_time_changes_nothing() -> None:
    imported(a_page(services=("Card",)))
    done = imported(a_page(services=("card",)))
    assert (len(done.left_alone), len(done.made), len(done.changed)) == (1, 0, 0)
    assert Change.objects.filter(document_type="runbook").count() == 1
    assert Service.objects.count() == 1


def test_what_has_changed_in_the_file_is_changed_here() -> None:
    imported(a_page())
    done = imported(a_page(body="y\n"))
    assert [runbook.body for runbook in done.changed] == ["y\n"]
    assert imported(a_page(body="y\n")).left_alone


def edited(**values: object) -> None:
    runbook = Runbook.objects.get()
    change_runbook(runbook, version=runbook.version, values=values, by=a_user(), at=NOW)


def test_what_was_edited_here_stays() -> None:
    imported(a_page())
    edited(body="Ours\n")
    done = imported(a_page(body="Theirs\n"))
    assert len(done.edited_here) == 1
    assert Runbook.objects.get().body == "Ours\n"


def test_unless_it_is_to_be_overwritten() -> None:
    imported(a_page())
    edited(body="Ours\n")
    imported(a_page(body="Theirs\n"), overwrite=True)
    assert Runbook.objects.get().body == "Theirs\n"


def test_a_runbook_written_here_stays_too() -> None:
    a_runbook(slug="pool", title="Ours")
    assert imported(a_page()).edited_here
    assert Runbook.objects.get().title == "Ours"


def test_what_an_import_does_not_write_is_no_edit() -> None:
    imported(a_page())
    edited(owner=a_user())
    assert imported(a_page(body="y\n")).changed


def test_a_dry_run_writes_nothing() -> None:
    done = imported(a_page(services=("Card",)), dry_run=True)
    assert len(done.made) == 1
    assert not Runbook.objects.exists()
    assert not Service.objects.exists()


def test_one_that_is_refused_does_not_stop_the_others() -> None:
    done = imported(a_page(slug="new"), a_page(path=Path("b.md"), slug="b"))
    assert [str(refused.path) for refused in done.refused] == ["pool.md"]
    assert [runbook.slug for runbook in done.made] == ["b"]
