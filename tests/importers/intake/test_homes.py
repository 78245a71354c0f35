"""What every other home wrote comes in as records, once, and goes again."""

from pathlib import Path

import pytest

from incidents.importers.formats import guess
from incidents.importers.intake.operations import apply_now, import_now, undo_now
from incidents.models import Import, Incident, RowAction
from tests.factories import NOW
from tests.importers.intake.conftest import quiet

pytestmark = pytest.mark.django_db

FORMATS = Path(__file__).parents[1] / "formats"
HOMES = sorted(
    file
    for home in (
        "collections",
        "csv",
        "dispatch",
        "github",
        "gitlab",
        "html",
        "jira",
        "morgue",
        "response",
    )
    for file in (FORMATS / home).iterdir()
    if file.name != "nowhere.md"
)


def read(path: Path) -> Import:
    wanted = guess(path).name
    return import_now(path, wanted=wanted, options={}, by=None, at=NOW, tell=quiet)


def actions_of(found: Import) -> set[str]:
    return set(found.rows.values_list("action", flat=True)) - {RowAction.UNREAD}


@pytest.mark.parametrize("path", HOMES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_each_comes_in_once_and_goes_again(path: Path) -> None:
    found = read(path)
    assert actions_of(found) == {RowAction.MAKE}
    apply_now(found, by=None, at=NOW, tell=quiet)
    made = Incident.objects.filter(state="draft").count()
    assert made == found.rows.filter(action=RowAction.MAKE).count()
    assert not found.rows.filter(action=RowAction.MAKE, incident=None).exists()

    again = read(path)
    assert actions_of(again) == {RowAction.LEAVE}

    undo_now(found, by=None, at=NOW, tell=quiet)
    assert not Incident.objects.filter(state="draft").exists()
