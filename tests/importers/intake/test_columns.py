"""Saying what the columns of a table are, on the page."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from incidents.models import Import, ImportState, Incident, User
from tests.factories import a_user
from tests.importers.intake.test_pages import page_of, read_in
from tests.jobs.doing import do_all_jobs

pytestmark = pytest.mark.django_db
TABLE = "Name,What,When\nPool <empty>,Much was lost.,2024-03-01\n"


@pytest.fixture(autouse=True)
def import_dir(settings: Any, tmp_path: Path) -> Path:
    settings.IMPORT_DIR = tmp_path / "imports"
    return tmp_path / "imports"


@pytest.fixture
def editor(client: Client) -> User:
    editor = a_user()
    client.force_login(editor)
    return editor


@pytest.fixture
def table(client: Client, editor: User) -> Import:
    return read_in(client, ("table.csv", TABLE))


def say(client: Client, table: Import, *fields: str, **told: object) -> Any:
    values = {"format": "csv", "header": ["Name", "What", "When"], "column": list(fields), **told}
    return client.post(f"/imports/{table.pk}/read/", values)


def test_it_works(client: Client, table: Import) -> None:
    assert f"/imports/{table.pk}/columns/" in page_of(client, f"/imports/{table.pk}/")
    page = page_of(client, f"/imports/{table.pk}/columns/")
    assert "Pool &lt;empty&gt;" in page
    assert page.count('<option value="title" selected>') == 1
    assert page.count('<option value="" selected>') == 2

    assert say(client, table, "title", "impact", "began").status_code == 302
    do_all_jobs()
    page = page_of(client, f"/imports/{table.pk}/columns/")
    assert '<option value="impact" selected>' in page
    client.post(f"/imports/{table.pk}/apply/")
    do_all_jobs()
    incident = Incident.objects.get()
    assert (incident.title, incident.impact) == ("Pool <empty>", "Much was lost.")
    assert incident.began_at


def test_without_a_title_it_says_so(client: Client, table: Import) -> None:
    say(client, table, "summary", "impact", "")
    do_all_jobs()
    page = page_of(client, f"/imports/{table.pk}/")
    assert "Which column is the title, nothing tells." in page


def test_half_of_it_is_refused(client: Client, table: Import) -> None:
    for fields in (["title"], ["title", "impact", "cause"]):
        answer = say(client, table, *fields)
        assert answer.status_code == 422
        assert "did not arrive whole: choose again." in answer.content.decode()
    assert Import.objects.get().options == {"makes_services": False}


def test_another_format_has_no_columns(client: Client, table: Import) -> None:
    say(client, table, "title", "", "", format="markdown")
    do_all_jobs()
    assert "reading" not in Import.objects.get().options
    address = f"/imports/{table.pk}/"
    assert client.get(f"{address}columns/").url == address  # type: ignore[attr-defined]
    assert "columns/" not in page_of(client, address)


def test_what_is_applied_keeps_its_columns(client: Client, table: Import) -> None:
    Import.objects.update(state=ImportState.APPLIED)
    assert client.get(f"/imports/{table.pk}/columns/").status_code == 302
    assert say(client, table, "title", "", "").status_code == 409


def test_a_table_that_is_none_says_why(client: Client, editor: User) -> None:
    found = read_in(client, ("table.csv", 'Name\n"never closed\n'))
    page = page_of(client, f"/imports/{found.pk}/columns/", 409)
    assert "a quotation mark is opened in it and never closed." in page


def test_it_is_for_who_brought_it_in(client: Client, table: Import) -> None:
    client.force_login(a_user())
    assert client.get(f"/imports/{table.pk}/columns/").status_code == 404
