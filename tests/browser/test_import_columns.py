"""The columns of a table fit on a phone, can be told apart, and are read again as they are said."""

from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from incidents.importers.intake.operations import start_import
from incidents.models import Import
from tests.browser.conftest import OpenAs
from tests.browser.test_every_page import walk
from tests.factories import NOW, a_user
from tests.jobs.doing import do_all_jobs

TABLE = "Name,What happened to whom,When\n" + "Pool empty,Much was lost. Very much.,2024-03-01\n"


def test_it_works(transactional_db: None, open_as: OpenAs, settings: Any, tmp_path: Path) -> None:
    settings.IMPORT_DIR = tmp_path
    editor = a_user()
    upload = SimpleUploadedFile("table.csv", TABLE.encode())
    found = start_import([upload], wanted="csv", options={}, by=editor, at=NOW)
    do_all_jobs()
    address = f"/imports/{found.pk}/columns/"
    assert walk([address], editor, open_as) == {}

    page = open_as(editor)
    page.goto(address)
    page.get_by_label("What the column What happened to whom is").select_option("impact")
    page.get_by_role("button", name="Read again").click()
    page.wait_for_url(f"**/imports/{found.pk}/")
    said = Import.objects.get().options["reading"]["mapping"]
    assert said["What happened to whom"] == "impact"
