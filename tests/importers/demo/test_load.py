"""Loading the stories: six records, once, and never over what people wrote."""

from datetime import timedelta
from io import StringIO

from django.apps import apps
from django.core.management import call_command
from django.test import TestCase, TransactionTestCase

from incidents.history.operations import change_record, remove_record
from incidents.importers.demo.operations import load_stories
from incidents.models import (
    ActionItem,
    Change,
    FoundKind,
    Guard,
    Incident,
    Lesson,
    Runbook,
    SearchEntry,
    TimelineEvent,
)
from incidents.models.editable import Editable
from tests.factories import NOW, a_user, an_incident

LATER = NOW + timedelta(days=1)
EDITABLE = [
    model for model in apps.get_app_config("incidents").get_models() if issubclass(model, Editable)
]


def everything() -> dict[str, list[tuple[int, int]]]:
    """Each row of each table that people edit, with its version."""
    return {
        model.__name__: list(model._default_manager.order_by("pk").values_list("pk", "version"))
        for model in EDITABLE
    }


class LoadTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.loaded = load_stories(by=None, at=NOW)

    def test_it_works(self) -> None:
        titles = list(Incident.objects.order_by("pk").values_list("title", flat=True))
        names = ["CloudFactory", "Janitorial", "Dutchie", "long silence", "One worker", "Podiant"]
        assert len(titles) == len(names)
        assert all(name in title for name, title in zip(names, titles, strict=True))
        assert self.loaded.left_alone == []
        assert sum(name.startswith("incident ") for name in self.loaded.made) == 6

    def test_they_are_published_stories_of_others_without_a_severity(self) -> None:
        kinds = set(Incident.objects.values_list("kind", "state", "severity", "visibility"))
        assert kinds == {("external", "published", "unknown", "everyone")}
        assert set(Incident.objects.values_list("published_at", "published_by")) == {(NOW, None)}

    def test_each_has_its_parts(self) -> None:
        for incident in Incident.objects.all():
            with self.subTest(incident=str(incident)):
                assert incident.timelineevents.count() >= 8
                assert incident.contributingfactors.count() >= 2
                assert 1 <= incident.lessons.count() <= 3
                assert incident.action_items.count() >= 1
                assert incident.runbookuses.filter(served="would_have_helped").exists()
                assert incident.impactmeasures.exists()
                assert incident.participants.exists()
                assert incident.relatedincidents.exists()
                for field in ("summary", "background", "impact", "response", "notes"):
                    assert getattr(incident, field)
                    assert getattr(incident, f"{field}_html")

    def test_only_the_story_without_settings_has_no_delta(self) -> None:
        without = Incident.objects.filter(configdeltas__isnull=True)
        assert [incident.external_key for incident in without] == ["story:the-long-silence"]

    def test_every_part_names_its_place_in_the_story(self) -> None:
        parts = [model for model in EDITABLE if hasattr(model, "source")]
        assert len(parts) >= 8
        for model in parts:
            with self.subTest(model=model.__name__):
                assert model._default_manager.exists() or model.__name__ == "Reviewer"
                assert not model._default_manager.filter(source="").exists()

    def test_parts_stand_in_the_order_of_the_file(self) -> None:
        for incident in Incident.objects.all():
            positions = list(
                incident.timelineevents.order_by("pk").values_list("position", flat=True)
            )
            assert positions == list(range(len(positions)))

    def test_an_action_says_whose_idea_it_was(self) -> None:
        assert set(ActionItem.objects.values_list("origin", flat=True)) == {"named", "implied"}
        done = ActionItem.objects.filter(state="done")
        assert done.exists()
        assert all(item.evidence.startswith("Told in the story: ") for item in done)
        assert not ActionItem.objects.filter(origin="implied").exclude(state="open").exists()
        assert not ActionItem.objects.exclude(owner=None, due_date=None, done_at=None).exists()

    def test_five_stories_have_a_guard_with_two_examples(self) -> None:
        guarded = Incident.objects.filter(lessons__guard__isnull=False).distinct()
        assert guarded.count() == 5
        for guard in Guard.objects.all():
            with self.subTest(guard=guard.expression):
                assert guard.state == "active"
                assert guard.failing_example != guard.passing_example
                # The values that it speaks of are those of the knobs, under their components.
                assert all(component in guard.expression for component in guard.failing_example)

    def test_factors_are_shared_where_they_fit(self) -> None:
        shared = {
            slug
            for slug in self.slugs()
            if Incident.objects.filter(contributingfactors__factor__slug=slug).count() > 1
        }
        assert {"work-lost-when-its-worker-dies", "pool-smaller-than-its-clients"} <= shared

    @staticmethod
    def slugs() -> list[str]:
        return list(
            Incident.objects.values_list("contributingfactors__factor__slug", flat=True).distinct()
        )

    def test_runbooks_can_be_followed(self) -> None:
        for runbook in Runbook.objects.all():
            with self.subTest(runbook=runbook.slug):
                assert runbook.summary
                assert runbook.uses.exists()
                headings = [line for line in runbook.body.splitlines() if line.startswith("## ")]
                assert any(heading.startswith("## Verify") for heading in headings)
                assert headings[-1] == "## Afterwards"
        assert (
            'alertname="PostgresTooManyConnections"'
            in Runbook.objects.get(slug="database-connections-exhausted").alert_lines
        )

    def test_runbooks_name_only_runbooks_that_are_here(self) -> None:
        here = set(Runbook.objects.values_list("slug", flat=True))
        for runbook in Runbook.objects.all():
            named = {part.split("/)")[0] for part in runbook.body.split("](/runbooks/")[1:]}
            assert named <= here - {runbook.slug}

    def test_everything_can_be_found(self) -> None:
        for kind, model in [
            (FoundKind.INCIDENT, Incident),
            (FoundKind.RUNBOOK, Runbook),
            (FoundKind.LESSON, Lesson),
            (FoundKind.ACTION_ITEM, ActionItem),
        ]:
            found = SearchEntry.objects.filter(kind=kind).values_list("record_id", flat=True)
            assert set(found) == set(model._default_manager.values_list("pk", flat=True))
        # What a record is found by includes its parts, so it is written after them.
        entry = SearchEntry.objects.get(
            kind=FoundKind.INCIDENT, record_id=Incident.objects.earliest("pk").pk
        )
        assert "unicorn timeout" in entry.names
        assert "business cards" in entry.body

    def test_history_knows_where_everything_came_from(self) -> None:
        assert set(Change.objects.values_list("by", "at")) == {(None, NOW)}
        told = {
            (part["record"], part["id"]) for change in Change.objects.all() for part in change.parts
        }
        for model in EDITABLE:
            for key in model._default_manager.values_list("pk", flat=True):
                assert (model._meta.model_name, key) in told


class RepeatTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        load_stories(by=None, at=NOW)

    def test_a_second_run_changes_nothing_and_says_so(self) -> None:
        before, changes = everything(), Change.objects.count()
        loaded = load_stories(by=None, at=LATER)
        assert loaded.made == []
        assert len(loaded.left_alone) == 6
        assert everything() == before
        assert Change.objects.count() == changes

    def test_an_edit_stays(self) -> None:
        incident = Incident.objects.earliest("pk")
        lesson = incident.lessons.earliest("pk")
        runbook = Runbook.objects.earliest("pk")
        for row, values in [
            (incident, {"title": "Our own words"}),
            (lesson, {"sentence": "Our own sentence"}),
            (runbook, {"slug": "our-own-slug"}),
        ]:
            change_record(row, version=1, values=values, by=a_user(), at=NOW, summary="Changed")
        before = everything()
        load_stories(by=None, at=LATER)
        assert everything() == before
        incident.refresh_from_db()
        assert incident.title == "Our own words"

    def test_what_was_taken_out_stays_out(self) -> None:
        event = TimelineEvent.objects.earliest("pk")
        remove_record(event, version=1, by=a_user(), at=NOW, summary="Removed")
        before = everything()
        load_stories(by=None, at=LATER)
        assert everything() == before


class FreshDatabaseTests(TransactionTestCase):
    reset_sequences = True

    def test_the_stories_are_the_first_six_records(self) -> None:
        load_stories(by=None, at=NOW)
        keys = Incident.objects.order_by("pk").values_list("pk", "external_key")
        assert list(keys) == [
            (1, "story:cloudfactory-launch-night"),
            (2, "story:janitorial-scheduling"),
            (3, "story:dutchie-christmas-eve"),
            (4, "story:the-long-silence"),
            (5, "story:one-worker-for-everything"),
            (6, "story:podiant-feeds-and-connections"),
        ]


class BesideOthersTests(TestCase):
    def test_a_runbook_of_the_same_name_is_used_as_it_is(self) -> None:
        ours = Runbook.objects.create(slug="worker-out-of-memory", title="Ours", body="Call Ada.")
        load_stories(by=None, at=NOW)
        ours.refresh_from_db()
        assert (ours.title, ours.version) == ("Ours", 1)
        assert ours.uses.count() == 1

    def test_records_that_are_here_keep_their_numbers(self) -> None:
        ours = an_incident()
        load_stories(by=None, at=NOW)
        assert Incident.objects.earliest("pk") == ours
        assert Incident.objects.count() == 7

    def test_the_command_says_what_it_did(self) -> None:
        first, second = StringIO(), StringIO()
        call_command("load_demo", stdout=first)
        call_command("load_demo", stdout=second)
        assert "made        incident INC-" in first.getvalue()
        assert "0 stories left alone." in first.getvalue()
        assert "0 records made, 6 stories left alone." in second.getvalue()
