"""The pictures beside a written postmortem come in with it."""

from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from incidents.attachments.queries import content_of
from incidents.importers.intake.operations import apply_now, import_now
from incidents.models import ActionItem, Import, Incident, TimelineEvent
from tests.factories import NOW
from tests.importers.intake.conftest import quiet, undo

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\nthe rest"
TEXT = """# Pool empty

## Summary

No connections. ![The pool](img/pool.png "then") and the [log](img/../db.log), not ![gone](no.png).
See [another](other.md) and `![code](img/pool.png)`.

## Timeline

- 09:02 ![Again](img/pool.png)

## Action items

- [ ] Draw it better

  as in ![this](img/pool.png)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in" / "img").mkdir(parents=True)
    (tmp_path / "in" / "pool.md").write_text(TEXT, encoding="utf-8")
    (tmp_path / "in" / "img" / "pool.png").write_bytes(PNG)
    (tmp_path / "in" / "db.log").write_text("a line", encoding="utf-8")
    return tmp_path / "in"


def bring_in(place: Path, wanted: str = "markdown", *, dry_run: bool = False) -> Import:
    found = import_now(place, wanted=wanted, options={}, by=None, at=NOW, tell=quiet)
    if not dry_run:
        apply_now(found, by=None, at=NOW, tell=quiet, place=place)
    return Import.objects.get(pk=found.pk)


def test_it_works(folder: Path) -> None:
    found = bring_in(folder)
    incident = Incident.objects.get()
    log, picture = incident.attachments.order_by("name")
    assert (log.name, picture.name) == ("db.log", "pool.png")
    assert content_of(picture) == PNG
    address = f"/attachments/{picture.pk}/"
    assert incident.summary.startswith(f'No connections. ![The pool]({address} "then")')
    assert f"[log](/attachments/{log.pk}/), not ![gone](no.png)" in incident.summary
    assert "[another](other.md) and `![code](img/pool.png)`" in incident.summary
    assert f'src="{address}"' in incident.summary_html
    assert TimelineEvent.objects.get().text.endswith(f"![Again]({address})")
    assert address in ActionItem.objects.get().body
    row = found.rows.get()
    assert row.why.endswith("what is not among these files, and still does so: no.png.")


def test_a_dry_run_says_what_is_missing_and_attaches_nothing(folder: Path) -> None:
    found = bring_in(folder, dry_run=True)
    assert "no.png" in found.rows.get().why
    assert not Incident.objects.exists()


def zipped(folder: Path) -> Path:
    place = folder.with_name("postmortems.zip")
    with ZipFile(place, "w") as archive:
        for file in folder.rglob("*.*"):
            archive.write(file, file.relative_to(folder))
    return place


def flat(folder: Path) -> Path:
    """As a browser sends several files: without their folders."""
    (folder / "img" / "pool.png").rename(folder / "pool.png")
    return folder


@pytest.mark.parametrize("arrange", [zipped, flat])
def test_archives_and_single_files_have_them_too(
    arrange: Callable[[Path], Path], folder: Path
) -> None:
    bring_in(arrange(folder))
    incident = Incident.objects.get()
    assert incident.attachments.count() == 2
    assert "![The pool](/attachments/" in incident.summary


def test_pages_of_a_wiki_have_them_too(folder: Path) -> None:
    (folder / "pool.md").unlink()
    page = "<h1>Pool</h1><h2>Summary</h2><p>So: <img src='img/pool.png?v=2' alt='p'></p>"
    (folder / "pool.html").write_text(page, encoding="utf-8")
    bring_in(folder, "html")
    incident = Incident.objects.get()
    (picture,) = incident.attachments.all()
    assert incident.summary == f"So: ![p](/attachments/{picture.pk}/)"


def test_a_second_time_changes_nothing(folder: Path) -> None:
    bring_in(folder)
    before = Incident.objects.values().get()
    (row,) = bring_in(folder).rows.all()
    assert row.action == "leave"
    assert Incident.objects.values().get() == before


def test_another_picture_takes_the_place_of_the_first_until_that_is_undone(folder: Path) -> None:
    bring_in(folder)
    incident = Incident.objects.get()
    old = incident.attachments.get(name="pool.png")
    (folder / "img" / "pool.png").write_bytes(PNG + b"2")
    second = bring_in(folder)
    new = incident.attachments.there().get(name="pool.png")
    assert new != old
    assert f"/attachments/{new.pk}/" in Incident.objects.get().summary
    assert undo(second) == ["It is as it was before."]
    assert incident.attachments.there().get(name="pool.png") == old
    assert f"/attachments/{old.pk}/" in Incident.objects.get().summary
    assert bring_in(folder).rows.get().action == "change"


def test_what_was_brought_in_without_pictures_is_the_same_without_them(folder: Path) -> None:
    (folder / "img" / "pool.png").unlink()
    (folder / "db.log").unlink()
    bring_in(folder)
    assert bring_in(folder).rows.get().action == "leave"


def test_what_leads_out_of_the_folder_is_not_read(folder: Path) -> None:
    (folder.parent / "secret.png").write_bytes(PNG)
    (folder / "link.png").symlink_to(folder.parent / "secret.png")
    text = "# A\n\n![a](../secret.png) ![b](link.png) ![c](/etc/passwd.png)\n"
    (folder / "pool.md").write_text(text, encoding="utf-8")
    bring_in(folder)
    assert not Incident.objects.get().attachments.exists()
