"""Read and said what would be done, applied, done again, undone: as one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents.importers.formats import FORMATS, Format
from incidents.importers.found import FoundIncident
from incidents.importers.intake import operations
from incidents.importers.intake.beside import Beside
from incidents.importers.intake.operations import NotInThatState, apply_now, write_row
from incidents.models import (
    ActionItem,
    Change,
    Factor,
    Import,
    ImportRow,
    ImportState,
    Incident,
    Message,
    ProposedDelta,
    SearchEntry,
    Service,
    State,
    TimelineEvent,
)
from incidents.records.operations import change_incident
from tests.factories import (
    NOW,
    a_contributing_factor,
    a_factor,
    a_restricted_incident,
    a_service,
    a_user,
    an_incident,
)
from tests.importers.intake.conftest import BringIn, quiet, undo

pytestmark = pytest.mark.django_db

MOST_QUESTIONS = 14

POOL = """# Pool empty

**Date**: 2024-03-10
**Severity**: SEV2
**Services**: Checkout, Card gateway

## Summary

No connections were left.

## Contributing factors

- **Small pool**: 20 for 64 workers.
- Nobody looked.

## Timeline

- 09:02 Deploy
- 09:20 Alert
- 09:40 We raised `max_connections` in pgbouncer from 20 to 40.

## Action items

- [ ] Count the workers (@ann)
- [x] Tell the team
"""
DISK = "# Disk full\n\nIt was full.\n"


def rows_of(found: Import) -> list[tuple[str, str]]:
    return list(found.rows.order_by("position").values_list("where", "action"))


def edit(incident: Incident, **values: object) -> Incident:
    current = Incident.objects.get(pk=incident.pk)
    return change_incident(current, version=current.version, values=values, by=a_user(), at=NOW)


def test_it_works(bring_in: BringIn) -> None:
    checkout, factor = a_service(name="Checkout"), a_factor(name="Small pool")
    ann = a_user(username="ann")
    found = bring_in({"pool.md": POOL}, by=a_user())
    assert found.state == ImportState.APPLIED
    incident = Incident.objects.get(external_key="file:pool.md")
    assert (incident.title, incident.severity, incident.state) == ("Pool empty", "sev2", "draft")
    assert incident.summary_html
    assert list(incident.services.all()) == [checkout]
    events = TimelineEvent.objects.filter(incident=incident)
    assert [event.text for event in events][:2] == ["Deploy", "Alert"]
    assert [used.factor for used in incident.contributingfactors.all()] == [factor]
    count, tell = ActionItem.objects.filter(incident=incident).order_by("pk")
    assert (count.owner, count.state, count.due_date) == (ann, "open", None)
    assert (tell.state, bool(tell.evidence)) == ("done", True)


def test_what_has_no_place_here_is_in_the_notes(bring_in: BringIn) -> None:
    bring_in({"pool.md": POOL})
    notes = Incident.objects.get().notes
    assert "- Services: Checkout, Card gateway" in notes
    assert "## Contributing factors\n\n- **Small pool**: 20 for 64 workers.\n- Nobody looked." in (
        notes
    )
    assert not Factor.objects.exists()
    assert not Service.objects.exists()


def test_services_are_made_where_that_is_wished(bring_in: BringIn) -> None:
    bring_in({"pool.md": POOL}, makes_services=True)
    assert {service.name for service in Incident.objects.get().services.all()} == {
        "Checkout",
        "Card gateway",
    }


def test_a_dry_run_writes_no_record(bring_in: BringIn) -> None:
    found = bring_in({"pool.md": POOL, "empty.md": ""}, dry_run=True)
    assert rows_of(found) == [("empty.md", "unread"), ("pool.md", "make")]
    assert "Services that are not here stand in the notes" in found.rows.get(key__gt="").why
    assert not Incident.objects.exists()
    assert not Change.objects.exists()


def test_a_second_time_changes_nothing(bring_in: BringIn) -> None:
    bring_in({"pool.md": POOL})
    lines = Change.objects.count()
    again = bring_in({"pool.md": POOL})
    assert rows_of(again) == [("pool.md", "leave")]
    assert Change.objects.count() == lines
    assert ActionItem.objects.count() == 2


def test_the_same_import_applied_twice_changes_nothing(bring_in: BringIn) -> None:
    found = bring_in({"pool.md": POOL})
    with pytest.raises(NotInThatState, match="It is applied, so it cannot be applied now"):
        apply_now(found, by=None, at=NOW, tell=quiet)


def test_an_apply_that_was_interrupted_goes_on(
    bring_in: BringIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "AT_A_TIME", 1)
    found = bring_in({"pool.md": POOL, "disk.md": DISK}, dry_run=True)

    def stop(done: int, _total: int | None) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        apply_now(found, by=None, at=NOW, tell=stop)
    assert Incident.objects.count() == 1
    apply_now(found, by=None, at=NOW, tell=quiet)
    assert Incident.objects.count() == 2
    assert ActionItem.objects.count() == 2


def test_a_record_that_fails_takes_none_before_it_along(
    bring_in: BringIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = bring_in({"disk.md": DISK, "pool.md": POOL}, dry_run=True)
    with monkeypatch.context() as broken:

        def fails(row: ImportRow, beside: Beside, **_: object) -> None:
            if row.where == "pool.md":
                raise ZeroDivisionError
            write_row(row, beside, by=None, at=NOW)

        broken.setattr(operations, "write_row", fails)
        with pytest.raises(ZeroDivisionError):
            apply_now(found, by=None, at=NOW, tell=quiet)
    assert Incident.objects.count() == 1
    assert SearchEntry.objects.filter(kind="incident").count() == 1

    apply_now(found, by=None, at=NOW, tell=quiet)
    assert Incident.objects.count() == SearchEntry.objects.filter(kind="incident").count() == 2
    assert ActionItem.objects.count() == SearchEntry.objects.filter(kind="action_item").count() == 2


def test_more_records_take_few_more_questions(bring_in: BringIn) -> None:
    """What is found by is written for all of them at once, and their parts too."""
    asked = []
    for count in (2, 12):
        files = {f"{count}-{each}.md": DISK for each in range(count)}
        found = bring_in(files, dry_run=True)
        with CaptureQueriesContext(connection) as queries:
            apply_now(found, by=None, at=NOW, tell=quiet)
        asked.append(len([each for each in queries if "SAVEPOINT" not in each["sql"]]))
    assert asked[1] - asked[0] <= 10 * MOST_QUESTIONS


def test_what_changed_in_the_source_is_changed_here(bring_in: BringIn) -> None:
    bring_in({"pool.md": POOL})
    kept = TimelineEvent.objects.get(text="Deploy").pk
    later = POOL.replace("09:20 Alert", "09:21 Two alerts").replace("were left", "remained")
    found = bring_in({"pool.md": later + "- [ ] Watch the pool\n"})
    assert rows_of(found) == [("pool.md", "change")]
    incident = Incident.objects.get()
    assert incident.summary == "No connections remained."
    texts = [event.text for event in TimelineEvent.objects.order_by("position")]
    assert texts[:2] == ["Deploy", "Two alerts"]
    assert TimelineEvent.objects.get(text="Deploy").pk == kept
    assert ActionItem.objects.count() == 3
    assert ProposedDelta.objects.count() == 1


def test_what_was_edited_here_is_left_alone_and_said(bring_in: BringIn) -> None:
    bring_in({"pool.md": POOL})
    edit(Incident.objects.get(), summary="Ours.")
    found = bring_in({"pool.md": POOL.replace("were left", "remained")})
    assert rows_of(found) == [("pool.md", "leave")]
    assert "what was edited here stays" in found.rows.get().why
    assert Incident.objects.get().summary == "Ours."


def test_undo_withdraws_what_it_made(bring_in: BringIn) -> None:
    found = bring_in({"pool.md": POOL, "disk.md": DISK})
    assert undo(found) == ["It is withdrawn."] * 2
    assert {incident.state for incident in Incident.objects.all()} == {State.WITHDRAWN}
    assert set(ActionItem.objects.values_list("state", flat=True)) == {"wont_do", "done"}
    assert not ProposedDelta.objects.exists()


def test_what_was_undone_can_be_brought_in_again(bring_in: BringIn) -> None:
    undo(bring_in({"disk.md": DISK}))
    assert rows_of(bring_in({"disk.md": DISK})) == [("disk.md", "make")]
    assert Incident.objects.exclude(state=State.WITHDRAWN).get().external_key == "file:disk.md"


def test_undo_leaves_what_somebody_edited_since(bring_in: BringIn) -> None:
    found = bring_in({"pool.md": POOL, "disk.md": DISK})
    edit(Incident.objects.get(title="Disk full"), impact="Much.")
    assert undo(found) == ["It was edited since: it stays as it is.", "It is withdrawn."]
    assert Incident.objects.get(title="Disk full").state == State.DRAFT


def test_undo_of_a_change_gives_back_what_was_there(bring_in: BringIn) -> None:
    first = bring_in({"pool.md": POOL})
    found = bring_in({"pool.md": POOL.replace("Alert", "Page").replace("left", "there")})
    assert undo(found) == ["It is as it was before."]
    incident = Incident.objects.get()
    assert (incident.state, incident.summary) == ("draft", "No connections were left.")
    assert TimelineEvent.objects.filter(text="Alert").exists()
    assert not TimelineEvent.objects.filter(text="Page").exists()
    # And that can be undone too.
    assert undo(first) == ["It is withdrawn."]


def test_a_record_that_is_hidden_is_left_alone_and_not_shown(bring_in: BringIn) -> None:
    a_restricted_incident(external_key="file:disk.md", title="Secret")
    found = bring_in({"disk.md": DISK}, by=a_user())
    row = found.rows.get()
    assert (row.action, row.incident) == ("leave", None)
    assert "not open to you" in row.why


def test_a_record_of_that_key_from_elsewhere_is_left_alone(bring_in: BringIn) -> None:
    an_incident(external_key="file:disk.md")
    assert rows_of(bring_in({"disk.md": DISK})) == [("disk.md", "leave")]


def test_a_factor_that_only_a_hidden_record_has_is_not_confirmed(bring_in: BringIn) -> None:
    hidden = a_restricted_incident()
    a_contributing_factor(hidden, factor=a_factor(name="Small pool"))
    bring_in({"pool.md": POOL}, by=a_user())
    assert "Small pool" in Incident.objects.get(title="Pool empty").notes


def test_secrets_are_not_brought_in(bring_in: BringIn) -> None:
    secret = "AKIA" + "ABCDEFGHIJ123456"
    turned = "We changed `db.password` from hunter2 to swordfish9."
    text = f"# Leak\n\nThe key {secret} was used.\n\n{turned}\n"
    found = bring_in({"leak.md": text})
    assert "[hidden: an access key of AWS]" in Incident.objects.get().summary
    kept = str(found.rows.get().found) + str(list(ProposedDelta.objects.values()))
    assert secret not in kept
    delta = ProposedDelta.objects.get()
    assert "hidden" in delta.before
    assert "hidden" in delta.after


def test_a_mention_in_the_source_calls_nobody(bring_in: BringIn) -> None:
    a_user(username="ann")
    bring_in({"pool.md": POOL}, by=a_user())
    assert not Message.objects.exists()


def test_a_moment_before_the_beginning_is_noted(bring_in: BringIn) -> None:
    text = "# X\n\nStart: 2024-03-10 10:00\nResolved: 2024-03-09 10:00\n"
    bring_in({"x.md": text})
    incident = Incident.objects.get()
    assert incident.resolved_at is None
    assert "Resolved: 9 Mar 2024" in incident.notes


def test_two_records_of_one_key_are_told(
    bring_in: BringIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(_path: Path) -> Iterator[FoundIncident]:
        yield FoundIncident(key="a:1", where="line 1", title="First")
        yield FoundIncident(key="a:1", where="line 2", title="Second")

    twice = Format(name="markdown", title="Twice", endings=(".md",), teaches="", read=read)
    monkeypatch.setitem(FORMATS, "markdown", twice)
    found = bring_in({})
    assert rows_of(found) == [("line 1", "make"), ("line 2", "unread")]
    assert "in the same import: line 1" in found.rows.get(position=1).why


def test_nothing_in_a_folder_is_told(bring_in: BringIn) -> None:
    found = bring_in({"picture.png": ""})
    assert "There is nothing in it that Markdown has: .md" in found.rows.get().why
