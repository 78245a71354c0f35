"""Runbooks with their pictures: read, applied, brought in again, undone."""

from pathlib import Path
from shutil import copytree

import pytest
from django.test import Client
from django.urls import reverse

from incidents.attachments.queries import content_of
from incidents.importers.intake.operations import apply_now, import_now
from incidents.importers.intake.runbooks import is_same_place
from incidents.models import (
    Attachment,
    Import,
    ImportState,
    Runbook,
    RunbookState,
    Service,
    User,
)
from incidents.runbooks.operations import change_runbook, create_runbook, verify_runbook
from tests.factories import NOW, a_service, a_team, a_user
from tests.importers.intake.conftest import quiet, undo

pytestmark = pytest.mark.django_db
CHANGED = "# Disk is full\n\nCall.\n\n## Free space, first!\n"
TREES = Path(__file__).parents[1] / "formats" / "runbooks"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(copytree(TREES / "mkdocs", tmp_path / "runbooks"))


def bring_in(
    folder: Path, *, dry_run: bool = False, by: User | None = None, **options: object
) -> Import:
    found = import_now(folder, wanted="runbooks", options=dict(options), by=by, at=NOW, tell=quiet)
    if not dry_run:
        apply_now(found, by=found.owner, at=NOW, tell=quiet, place=folder)
    return Import.objects.get(pk=found.pk)


def actions_of(found: Import) -> list[str]:
    return list(found.rows.exclude(key="").order_by("position").values_list("action", flat=True))


def edit(slug: str, **values: object) -> Runbook:
    current = Runbook.objects.get(slug=slug)
    values = {"alerts": current.alerts, **values}
    return change_runbook(current, version=current.version, values=values, by=a_user(), at=NOW)


def test_it_works(folder: Path) -> None:
    checkout, ann = a_service(name="Checkout"), a_user(username="ann")
    found = bring_in(folder, by=a_user())
    assert found.state == ImportState.APPLIED
    pool, disk = Runbook.objects.get(slug="pool"), Runbook.objects.get(slug="disk")
    assert (pool.title, pool.alerts, pool.owner) == ("The pool is empty", "PoolEmpty", ann)
    assert list(pool.services.all()) == [checkout]
    plan, picture = pool.attachments.order_by("name")
    assert (plan.name, picture.name, picture.media_type) == ("plan.svg", "pool.png", "image/png")
    assert content_of(picture) == (folder / "pages/img/pool.png").read_bytes()
    assert f"![The pool](/attachments/{picture.pk}/)" in pool.body
    assert f'src="/attachments/{picture.pk}/"' in pool.body_html
    assert f"[here](/attachments/{plan.pk}/)" in pool.body
    assert 'href="/runbooks/disk/#h-free-space-first"' in pool.body_html
    assert 'id="h-free-space-first"' in disk.body_html
    assert 'class="admonition caution"' in pool.body_html
    assert disk.alerts == "DiskFull\nDiskFilling"


def test_a_dry_run_writes_nothing(folder: Path) -> None:
    found = bring_in(folder, dry_run=True)
    assert actions_of(found) == ["make", "make"]
    assert not Runbook.objects.exists()
    assert not Attachment.objects.exists()
    row = found.rows.get(key="runbook:pool")
    assert row.why == (
        "Services that are not here stand at the end of its text: Checkout."
        " Its owner is not known here: ann."
        " It leads to what is not among these files, and still does so: lost.md,"
        " ../img/lost.png."
    )


def test_what_is_not_known_here_stands_at_the_end(folder: Path) -> None:
    bring_in(folder)
    body = Runbook.objects.get(slug="pool").body
    assert body.endswith("## Not known here\n\n- Services: Checkout\n- Owner: ann\n")
    assert not Service.objects.exists()


def test_services_are_made_where_that_is_wished(folder: Path) -> None:
    bring_in(folder, makes_services=True)
    assert [service.name for service in Runbook.objects.get(slug="pool").services.all()] == [
        "Checkout"
    ]


def test_its_team_looks_after_it() -> None:
    storage = a_team(name="Storage")
    bring_in(TREES / "hugo")
    assert Runbook.objects.get(slug="etcd").team == storage


def test_a_second_time_changes_nothing(folder: Path) -> None:
    bring_in(folder)
    before = list(Runbook.objects.order_by("pk").values())
    assert actions_of(bring_in(folder)) == ["leave", "leave"]
    assert list(Runbook.objects.order_by("pk").values()) == before
    assert Attachment.objects.count() == 3


def test_what_has_changed_in_its_source_changes_here_and_goes_back(folder: Path) -> None:
    bring_in(folder)
    before = Runbook.objects.get(slug="disk")
    (folder / "pages/db/disk.md").write_text(CHANGED, encoding="utf-8")
    second = bring_in(folder)
    assert actions_of(second) == ["leave", "change"]
    disk = Runbook.objects.get(slug="disk")
    assert (disk.body, disk.alerts) == ("Call.\n\n## Free space, first!\n", "")
    assert not disk.attachments.there().exists()
    assert "It is as it was before." in undo(second)
    disk = Runbook.objects.get(slug="disk")
    assert (disk.body, disk.alerts) == (before.body, before.alerts)
    assert disk.attachments.there().count() == 1
    assert actions_of(bring_in(folder)) == ["leave", "change"]


def test_another_picture_is_another_file(folder: Path) -> None:
    bring_in(folder)
    (folder / "pages/img/pool.png").write_bytes(b"\x89PNG\r\n\x1a\nanother")
    assert actions_of(bring_in(folder)) == ["change", "change"]
    disk = Runbook.objects.get(slug="disk")
    (picture,) = disk.attachments.there()
    assert f"/attachments/{picture.pk}/" in disk.body
    assert content_of(picture).endswith(b"another")


def test_what_was_edited_here_stays(folder: Path) -> None:
    bring_in(folder)
    edit("disk", body="Mine.")
    (folder / "pages/db/disk.md").write_text(CHANGED, encoding="utf-8")
    again = bring_in(folder)
    assert actions_of(again) == ["leave", "leave"]
    assert "edited here stays" in again.rows.get(key="runbook:disk").why
    assert Runbook.objects.get(slug="disk").body == "Mine."


def test_one_that_was_written_here_stays(folder: Path) -> None:
    create_runbook(values={"title": "Disk", "slug": "disk", "body": "Mine."}, by=None, at=NOW)
    assert actions_of(bring_in(folder)) == ["make", "leave"]
    assert Runbook.objects.get(slug="disk").body == "Mine."


def test_one_from_another_place_stays(folder: Path, tmp_path: Path) -> None:
    bring_in(folder)
    (tmp_path / "other" / "redis").mkdir(parents=True)
    (tmp_path / "other" / "redis" / "disk.md").write_text("# Disk\n\nOther.\n", encoding="utf-8")
    row = bring_in(tmp_path / "other").rows.get()
    assert (row.action, row.applied_at) == ("leave", None)
    assert row.why == (
        "Its address disk is that of a runbook from another place, pages/db/disk.md: that one"
        " stays. Give this file another name, or another slug in its head."
    )
    assert "Other." not in Runbook.objects.get(slug="disk").body


def test_one_that_was_moved_within_its_source_is_still_the_same(folder: Path) -> None:
    bring_in(folder)
    (folder / "pages/db/disk.md").rename(folder / "pages/disk.md")
    (folder / "pages/disk.md").write_text(CHANGED, encoding="utf-8")
    found = bring_in(folder)
    assert found.rows.get(key="runbook:disk").action == "change"


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ("a/x.md", "a/x.md", True),
        ("site-main/a/x.md", "site-1.2/a/x.md", True),
        ("site-main/a/x.md", "a/x.md", True),
        ("x.md", "site-main/x.md", True),
        ("a/x.md", "b/c/x.md", False),
        ("docs/x.md", "pages/x.md", False),
        ("x.md", "a/b/x.md", False),
        ("content/a/x.md", "alerts/b/x.md", False),
    ],
)
def test_a_folder_on_top_makes_no_other_place(one: str, other: str, wanted: bool) -> None:
    assert is_same_place(one, other) is wanted


def test_to_verify_it_is_no_edit(folder: Path) -> None:
    bring_in(folder)
    disk = Runbook.objects.get(slug="disk")
    verify_runbook(disk, version=disk.version, by=a_user(), at=NOW)
    (folder / "pages/db/disk.md").write_text(CHANGED, encoding="utf-8")
    assert actions_of(bring_in(folder)) == ["leave", "change"]


def test_undoing_retires_and_bringing_in_again_takes_it_up(folder: Path) -> None:
    first = bring_in(folder)
    assert undo(first).count("It is retired.") == 2
    assert set(Runbook.objects.values_list("state", flat=True)) == {RunbookState.RETIRED}
    assert actions_of(bring_in(folder)) == ["change", "change"]
    assert set(Runbook.objects.values_list("state", flat=True)) == {RunbookState.ACTIVE}
    assert actions_of(bring_in(folder)) == ["leave", "leave"]


def test_undoing_leaves_what_somebody_edited(folder: Path) -> None:
    first = bring_in(folder)
    edit("disk", body="Mine.")
    outcome = undo(first)
    assert "It was edited since: it stays as it is." in outcome
    assert Runbook.objects.get(slug="disk").state == RunbookState.ACTIVE


def test_a_file_that_is_gone_is_named_and_its_path_stays(folder: Path) -> None:
    found = bring_in(folder, dry_run=True)
    (folder / "pages/img/pool.png").unlink()
    apply_now(found, by=None, at=NOW, tell=quiet, place=folder)
    disk = Runbook.objects.get(slug="disk")
    assert '<img src="pages/img/pool.png"' in disk.body
    assert "not there any more: pages/img/pool.png." in found.rows.get(key="runbook:disk").why


def test_a_file_that_is_too_large_is_named(folder: Path, settings: pytest.FixtureRequest) -> None:
    settings.ATTACHMENT_BYTES = 30  # type: ignore[attr-defined]
    found = bring_in(folder)
    assert (
        "too large: pages/img/plan.svg, pages/img/pool.png."
        in found.rows.get(key="runbook:pool").why
    )
    assert not Runbook.objects.get(slug="disk").attachments.exists()


def test_the_pages_show_a_runbook(folder: Path, client: Client) -> None:
    editor = a_user(role="editor")
    found = bring_in(folder, by=editor)
    client.force_login(editor)
    page = client.get(found.get_absolute_url()).content.decode()
    assert 'href="/runbooks/pool/"' in page
    row = found.rows.get(key="runbook:pool")
    page = client.get(reverse("imports:row", args=[found.pk, row.pk])).content.decode()
    assert "pages/img/pool.png" in page
    assert "PoolEmpty" in page


def test_many_take_no_more_queries(folder: Path, django_assert_max_num_queries: object) -> None:
    for number in range(30):
        (folder / f"pages/{number}.md").write_text(f"# Number {number}\n\nA.\n", encoding="utf-8")
    bring_in(folder)
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        bring_in(folder, dry_run=True)
