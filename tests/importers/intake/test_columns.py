"""Saying what the columns of a table are, on the page."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
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


def test_times_are_read_in_the_zone_that_was_chosen(client: Client, editor: User) -> None:
    text = "Name,Start,End (UTC)\nPool,2024-03-01 12:00,2024-03-01 12:30\n"
    table = read_in(client, ("table.csv", text))
    page = page_of(client, f"/imports/{table.pk}/columns/")
    assert '<option value="UTC" selected>' in page
    values = {"header": ["Name", "Start", "End (UTC)"], "column": ["title", "began", "resolved"]}
    told = {"format": "csv", "zone": "Europe/Berlin", **values}
    client.post(f"/imports/{table.pk}/read/", told)
    do_all_jobs()
    page = page_of(client, f"/imports/{table.pk}/columns/")
    assert '<option value="Europe/Berlin" selected>' in page
    client.post(f"/imports/{table.pk}/apply/")
    do_all_jobs()
    incident = Incident.objects.get()
    assert incident.time_zone == "Europe/Berlin"
    assert str(incident.began_at) == "2024-03-01 11:00:00+00:00"
    assert str(incident.resolved_at) == "2024-03-01 12:30:00+00:00"


def test_who_says_no_zone_leaves_it(client: Client, table: Import) -> None:
    say(client, table, "title", "", "", zone="Europe/Berlin")
    do_all_jobs()
    say(client, table, "title", "impact", "")
    assert Import.objects.get().options["reading"]["zone"] == "Europe/Berlin"


def test_a_zone_that_is_none_is_refused(client: Client, table: Import) -> None:
    answer = say(client, table, "title", "", "", zone="Mars/Base")
    assert answer.status_code == 422
    assert "There is no such time zone: choose one of the list." in answer.content.decode()


def test_a_command_can_say_the_zone_of_a_table(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text("Name,Start\nPool,2024-03-01 12:00\n", encoding="utf-8")
    call_command("import_incidents", file, zone="Europe/Berlin", verbosity=0)
    assert str(Incident.objects.get().began_at) == "2024-03-01 11:00:00+00:00"


def test_a_command_refuses_the_zone_of_what_has_its_own(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("# A\n\nWords.\n", encoding="utf-8")
    with pytest.raises(CommandError, match="--zone is for tables"):
        call_command("import_incidents", file, zone="Europe/Berlin")
    (tmp_path / "b.csv").write_text("Name\nPool\n", encoding="utf-8")
    with pytest.raises(CommandError, match="There is no time zone “Mars”"):
        call_command("import_incidents", tmp_path / "b.csv", zone="Mars")
