"""Records and what finds them, kept in step."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from incidents.lookup import operations
from incidents.lookup.engines import Index, Ranked, archive, engine
from incidents.lookup.operations import (
    findable_together,
    forget,
    keep_findable,
    make_findable,
    rebuild,
)
from incidents.lookup.terms import asked
from incidents.lookup.words import KINDS
from incidents.models import (
    AlertMatcher,
    Factor,
    FoundKind,
    Incident,
    Lesson,
    Runbook,
    SearchEntry,
    State,
)
from tests.factories import (
    a_contributing_factor,
    a_delta,
    a_factor,
    a_knob,
    a_lesson,
    a_runbook,
    a_service,
    a_tag,
    a_team,
    an_action_item,
    an_event,
    an_incident,
)


def hits(text: str, kind: str = "incident") -> list[Ranked]:
    if kind == FoundKind.RUNBOOK:
        entries = SearchEntry.objects.filter(kind=kind)
        return engine().ranked(Index.RUNBOOKS, asked(text), among=entries, limit=50)
    [records] = (model.objects.all() for model, of in KINDS.items() if of == kind)
    return archive.ranked(asked(text), among={FoundKind(kind): records}, limit=50)


def found(text: str, kind: str = "incident") -> list[int]:
    return [hit.record_id for hit in hits(text, kind)]


@pytest.mark.django_db
class TestNewRowsAtOnce:
    def test_it_works(self) -> None:
        rows = [an_incident(title="Orders time out") for _ in range(3)]
        make_findable(rows)

        assert set(found("orders")) == {row.pk for row in rows}
        assert rebuild() == 3

    def test_it_writes_what_keep_findable_writes(self) -> None:
        incident = an_incident(summary="The queue grew.")
        incident.services.set([a_service(name="mail-worker"), a_service(name="order-api")])
        incident.tags.add(a_tag(name="night"))
        an_event(incident, text="Somebody looked.")
        a_contributing_factor(incident)
        a_delta(incident, place="host-1")
        make_findable([incident])
        at_once = SearchEntry.objects.values("title", "names", "body").get()
        keep_findable(incident)

        assert SearchEntry.objects.values("title", "names", "body").get() == at_once

    def test_a_withdrawn_incident_is_not_found(self) -> None:
        make_findable([an_incident(state=State.WITHDRAWN, withdrawn_reason="twice")])
        assert not SearchEntry.objects.exists()

    def test_more_rows_take_no_more_questions(self) -> None:
        questions = []
        for count in (3, 20):
            rows: list[Model] = [an_incident() for _ in range(count)]
            with CaptureQueriesContext(connection) as asked_for:
                make_findable(rows)
            questions.append(len([each for each in asked_for if each["sql"].startswith("SELECT")]))
        assert questions[0] == questions[1]


@pytest.mark.django_db
class TestTogether:
    def test_it_works(self) -> None:
        rows = [an_incident(title=f"Orders time out {number}") for number in range(3)]
        lesson, runbook = a_lesson(sentence="Watch orders"), a_runbook(title="Orders")
        with transaction.atomic(), findable_together():
            keep_findable(rows[0], lesson)
            keep_findable(rows[0], rows[1], runbook)
            assert not SearchEntry.objects.exists()
            Incident.objects.filter(pk=rows[0].pk).update(title="Mail is late")
        assert set(found("orders")) == {rows[1].pk}
        assert set(found("mail")) == {rows[0].pk}
        assert found("orders", "lesson") == [lesson.pk]
        assert found("orders", "runbook") == [runbook.pk]

    def test_what_is_taken_back_within_is_not_found(self) -> None:
        with transaction.atomic(), findable_together():
            with suppress(ZeroDivisionError), transaction.atomic():
                keep_findable(an_incident(title="Never was"))
                raise ZeroDivisionError
            keep_findable(an_incident(title="Was there"))
        assert SearchEntry.objects.get().title == "Was there"

    def test_a_failure_writes_nothing_and_waits_for_nothing(self) -> None:
        with suppress(ZeroDivisionError), transaction.atomic(), findable_together():
            keep_findable(an_incident())
            raise ZeroDivisionError
        assert not SearchEntry.objects.exists()
        keep_findable(an_incident())
        assert SearchEntry.objects.count() == 1

    def test_more_rows_take_no_more_questions(self) -> None:
        counts = []
        for count in (3, 20):
            rows: list[Model] = [an_incident() for _ in range(count)]
            with CaptureQueriesContext(connection) as asked_for:
                keep_findable(*rows)
            counts.append(len(asked_for))
        assert counts[0] == counts[1]


@pytest.mark.django_db
class TestOneWriter:
    def test_it_works(self) -> None:
        incident = an_incident(title="Orders time out")
        keep_findable(incident)
        assert found("orders") == [incident.pk]

    def test_every_kind_is_found_by_its_words(self) -> None:
        rows = {
            "incident": an_incident(title="Quorum lost"),
            "runbook": a_runbook(title="Quorum lost"),
            "lesson": a_lesson(sentence="A quorum is lost."),
            "knob": a_knob(key="quorum_size"),
            "factor": a_factor(name="Quorum too small"),
            "action_item": an_action_item(title="Count the quorum"),
            "service": a_service(name="Quorum keeper"),
            "team": a_team(name="Quorum people"),
        }
        keep_findable(*rows.values())
        assert {kind: found("quorum", kind) for kind in rows} == {
            kind: [row.pk] for kind, row in rows.items()
        }

    def test_an_incident_is_found_by_its_parts(self) -> None:
        incident = an_incident()
        an_event(incident, text="The zookeeper expired")
        a_delta(incident, knob=a_knob(component="unicorn", key="timeout"))
        a_contributing_factor(incident, factor=a_factor(name="Retry storm"))
        incident.services.add(a_service(name="Checkout"))
        incident.tags.add(a_tag(name="blackfriday"))
        keep_findable(incident)
        for text in ("zookeeper", "unicorn.timeout", "retry storms", "checkout", "blackfriday"):
            assert found(text) == [incident.pk], text

    def test_after_an_edit_the_new_words_find_it_and_the_old_do_not(self) -> None:
        incident = an_incident(title="Orders time out", summary="The mainframe stopped")
        event = an_event(incident, text="The zookeeper expired")
        keep_findable(incident)

        Incident.objects.filter(pk=incident.pk).update(title="Payments fail", summary="")
        event.delete()
        keep_findable(incident)

        assert found("orders") == found("mainframe") == found("zookeeper") == []
        assert found("payments") == [incident.pk]

    def test_what_is_written_is_what_is_saved_not_what_is_at_hand(self) -> None:
        incident = an_incident(title="Orders time out")
        Incident.objects.filter(pk=incident.pk).update(title="Payments fail")
        keep_findable(incident)
        assert found("payments") == [incident.pk]

    def test_a_withdrawn_incident_is_no_longer_found(self) -> None:
        incident = an_incident(title="Orders time out")
        keep_findable(incident)
        Incident.objects.update(state=State.WITHDRAWN, withdrawn_reason="A test")
        keep_findable(incident)
        assert found("orders") == []
        assert not SearchEntry.objects.exists()

    def test_what_is_forgotten_is_no_longer_found(self) -> None:
        lesson = a_lesson(sentence="Count the quorum.")
        keep_findable(lesson)
        forget(lesson)
        assert found("quorum", "lesson") == []
        assert not SearchEntry.objects.exists()

    def test_where_the_record_is_not_written_neither_is_its_entry(self) -> None:
        incident = an_incident(title="Orders time out")
        keep_findable(incident)
        with transaction.atomic():
            Incident.objects.update(title="Payments fail")
            keep_findable(incident)
            transaction.set_rollback(True)
        assert found("orders") == [incident.pk]
        assert found("payments") == []

    def test_a_record_that_is_gone_is_forgotten(self) -> None:
        factor = a_factor(name="Quorum too small")
        keep_findable(factor)
        Factor.objects.all().delete()
        keep_findable(factor)
        assert not SearchEntry.objects.exists()

    def test_rebuilding_finds_all_and_nothing_that_is_gone(self) -> None:
        gone = a_factor(name="Quorum too small")
        changed = a_lesson(sentence="Count the quorum.")
        keep_findable(gone, changed)
        Factor.objects.filter(pk=gone.pk).delete()
        Lesson.objects.update(sentence="Ask the quorum.")
        unknown = an_incident(title="Quorum lost")

        assert rebuild() == 2

        assert found("quorum", "factor") == found("count", "lesson") == []
        assert found("ask quorum", "lesson") == [changed.pk]
        assert found("quorum") == [unknown.pk]

    def test_rebuilding_goes_through_all_batches(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(operations, "BATCH", 2)
        for number in range(5):
            a_lesson(sentence=f"Quorum {number}")
        assert rebuild() == len(found("quorum", "lesson")) == 5

    def test_rows_that_are_not_found_by_themselves_are_refused(self) -> None:
        with pytest.raises(KeyError):
            keep_findable(an_event(an_incident()))


@pytest.mark.django_db
class TestAlertMatchers:
    """The rows that say which alerts a runbook answers."""

    def test_it_works(self) -> None:
        runbook = a_runbook(alerts='DiskFull\n\nseverity="page", alertname=~"Disk.*"\nteam=db')
        keep_findable(runbook)
        rows = AlertMatcher.objects.values_list("runbook_id", "position", "line", "alertname")
        assert list(rows) == [
            (runbook.pk, 0, "DiskFull", "DiskFull"),
            (runbook.pk, 1, 'severity="page", alertname=~"Disk.*"', None),
            (runbook.pk, 2, "team=db", None),
        ]

    def test_after_an_edit_the_old_lines_are_gone(self) -> None:
        runbook = a_runbook(alerts="DiskFull\nDiskSlow")
        keep_findable(runbook)
        Runbook.objects.update(alerts="DiskSlow")
        keep_findable(runbook)
        assert [row.line for row in AlertMatcher.objects.all()] == ["DiskSlow"]

    def test_unchanged_lines_stay_as_they_are(self) -> None:
        runbook = a_runbook(alerts="DiskFull")
        keep_findable(runbook)
        before = AlertMatcher.objects.get()
        keep_findable(runbook)
        assert AlertMatcher.objects.get().pk == before.pk

    def test_a_retired_runbook_answers_no_alert(self) -> None:
        runbook = a_runbook(alerts="DiskFull")
        keep_findable(runbook)
        Runbook.objects.update(state="retired")
        keep_findable(runbook)
        assert not AlertMatcher.objects.exists()

    def test_a_line_from_before_they_were_checked_is_passed_over(self) -> None:
        keep_findable(a_runbook(alerts="the disk is full\nDiskFull"))
        assert [row.line for row in AlertMatcher.objects.all()] == ["DiskFull"]

    def test_a_name_too_long_for_the_index_is_kept_as_one_of_several(self) -> None:
        keep_findable(a_runbook(alerts="x" * 300))
        assert AlertMatcher.objects.get().alertname is None

    def test_they_go_with_their_runbook(self) -> None:
        runbook = a_runbook(alerts="DiskFull")
        keep_findable(runbook)
        forget(runbook)
        assert not AlertMatcher.objects.exists()

    def test_rebuilding_writes_them_anew(self) -> None:
        keep_findable(a_runbook(alerts="DiskFull"))
        AlertMatcher.objects.update(line="Nonsense")
        a_runbook(alerts="DiskSlow")
        rebuild()
        assert [row.line for row in AlertMatcher.objects.all()] == ["DiskFull", "DiskSlow"]


def side_by_side(*tasks: object) -> None:
    """Runs the tasks in threads that begin together, each on its own connection."""
    barrier = Barrier(len(tasks), timeout=30)

    def run(task: object) -> None:
        try:
            barrier.wait()
            task()  # type: ignore[operator]
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        for ended in [pool.submit(run, task) for task in tasks]:
            ended.result(timeout=60)


@pytest.mark.django_db(transaction=True)
class TestSeveralWriters:
    def test_each_of_many_new_records_is_found(self) -> None:
        def write(number: int) -> None:
            for turn in range(5):
                with transaction.atomic():
                    keep_findable(a_lesson(sentence=f"Quorum{number}x{turn} counts"))

        side_by_side(*(lambda number=number: write(number) for number in range(4)))

        assert SearchEntry.objects.count() == 20
        assert sorted(found("counts", "lesson")) == sorted(
            Lesson.objects.values_list("pk", flat=True)
        )

    def test_neither_of_two_parts_written_at_once_is_lost(self) -> None:
        incident = an_incident()

        def write(word: str) -> None:
            for turn in range(5):
                with transaction.atomic():
                    an_event(incident, text=f"{word}{turn}")
                    keep_findable(incident)

        side_by_side(lambda: write("zookeeper"), lambda: write("unicorn"))

        for turn in range(5):
            assert found(f"zookeeper{turn}") == found(f"unicorn{turn}") == [incident.pk]

    def test_two_who_write_the_same_records_in_another_order_both_end(self) -> None:
        rows = [a_lesson(sentence=f"Quorum {number}") for number in range(6)]

        def write(order: list[Lesson]) -> None:
            for _ in range(5):
                keep_findable(*order)

        side_by_side(lambda: write(rows), lambda: write(rows[::-1]))

        assert len(found("quorum", "lesson")) == 6
