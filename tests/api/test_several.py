"""Many action items at once, and many events out of a log."""

from datetime import date
from typing import Any

import pytest

from incidents.action_items.forms import MOST_AT_ONCE
from incidents.models import ActionItem, Change, TimelineEvent
from tests.api.programs import Program
from tests.api.test_authentication import refused
from tests.api.test_writing import an_editor
from tests.factories import (
    a_restricted_incident,
    a_team,
    a_user,
    an_action_item,
    an_incident,
)

pytestmark = pytest.mark.django_db
LOG = """[14:02] ada: the alert fired
[14:05] grace: raising the pool
what is this
"""


def named(*items: ActionItem) -> list[dict[str, Any]]:
    return [{"reference": one.reference, "version": one.version} for one in items]


class TestActionItems:
    def test_it_works(self) -> None:
        program, owner, team = an_editor(), a_user(), a_team()
        items = [an_action_item(), an_action_item(due_date=date(2030, 1, 1))]
        sent = {"items": named(*items), "owner": owner.username, "team": team.slug, "start": True}

        told = program.writes("post", "actions/change/", {**sent, "due_date": "2031-02-03"})

        assert told["refused"] == []
        for item, one in zip(items, told["changed"], strict=True):
            item.refresh_from_db()
            assert one == {"reference": item.reference, "version": item.version}
            assert (item.owner, item.team, item.due_date) == (owner, team, date(2031, 2, 3))
            assert item.state == "in_progress"
            assert Change.objects.filter(document_id=item.pk, by=program.owner).count() == 2
        assert program.writes("post", "actions/change/", {**sent, "due_date": "2031-02-03"}) == told

    def test_null_is_nobody_and_what_is_not_sent_stays(self) -> None:
        team = a_team()
        item = an_action_item(owner=a_user(), team=team, due_date=date(2030, 1, 1))
        sent = {"items": named(item), "owner": None, "due_date": None}
        an_editor().writes("post", "actions/change/", sent)
        item.refresh_from_db()
        assert (item.owner, item.due_date, item.team) == (None, None, team)

    def test_one_that_is_refused_keeps_none_of_the_others(self) -> None:
        program = an_editor()
        good, changed, hidden = (
            an_action_item(),
            an_action_item(),
            an_action_item(incident=a_restricted_incident()),
        )
        seen = named(good, changed, hidden)
        program.writes(
            "patch", f"actions/{changed.reference}/", {"due_date": "2030-01-01"}, of=changed
        )
        gone = {"reference": "ACT-999999", "version": 1}
        sent = {"items": [*seen, gone], "due_date": "2031-01-01"}

        told = program.writes("post", "actions/change/", sent)

        assert [one["reference"] for one in told["changed"]] == [good.reference]
        why = {one["reference"]: one["why"] for one in told["refused"]}
        assert why.keys() == {changed.reference, hidden.reference, "ACT-999999"}
        assert "changed it meanwhile" in why[changed.reference]
        assert why[hidden.reference] == why["ACT-999999"]

    @pytest.mark.parametrize(
        ("sent", "field"),
        [
            ({"items": []}, "items"),
            ({"items": "ACT-1"}, "items"),
            ({"items": [{"reference": "1", "version": 1}]}, "items"),
            ({"items": [{"reference": "ACT-01", "version": 1}]}, "items"),
            ({"items": [{"reference": "ACT-1", "version": True}]}, "items"),
            ({"items": [{"reference": "ACT-1", "version": 10**12}]}, "items"),
            ({"items": [{"reference": "ACT-1"}]}, "items"),
            ({"items": [{"reference": "ACT-1", "version": one} for one in (1, 2)]}, "items"),
            ({"items": [{"reference": "ACT-1", "version": 1}] * (MOST_AT_ONCE + 1)}, "items"),
            ({"due_date": "tomorrow"}, "due_date"),
            ({"due_date": 3}, "due_date"),
            ({"owner": "nobody at all"}, "owner"),
            ({"team": ["shop"]}, "team"),
            ({"start": "yes"}, "start"),
            ({"title": "So"}, "title"),
            ({}, "request"),
        ],
    )
    def test_what_cannot_be_is_refused(self, sent: dict[str, Any], field: str) -> None:
        usual = {"items": [{"reference": "ACT-1", "version": 1}]}
        answer = an_editor().sends("post", "actions/change/", {**usual, **sent})
        assert list(refused(answer, 422)["errors"]) == [field]

    def test_who_may_not(self) -> None:
        item = an_action_item(incident=None)
        sent = {"items": named(item), "start": True}
        reader = Program(a_user("reader"), scope="write")
        refused(reader.sends("post", "actions/change/", sent), 403)
        refused(an_editor(scope="read").sends("post", "actions/change/", sent), 403)
        told = an_editor(reach="own").writes("post", "actions/change/", sent)
        assert "own incidents" in told["refused"][0]["why"]
        item.refresh_from_db()
        assert item.state == "open"


class TestLogs:
    def test_it_works(self) -> None:
        program = an_editor()
        incident = an_incident(time_zone="Europe/Berlin")
        path = f"incidents/{incident.reference}/events/"

        found = program.writes("post", f"{path}read/", {"text": LOG, "day": "2026-03-14"})

        assert found["zone"] == "Europe/Berlin"
        first, second = found["events"]
        assert first == {
            "time": "2026-03-14 14:02",
            "kind": "communication",
            "actor": "ada",
            "text": "the alert fired",
            "doubt": "",
            "line": 1,
        }
        assert not TimelineEvent.objects.exists()

        kept = [
            {name: one[name] for name in ("time", "kind", "actor", "text")}
            for one in (first, second)
        ]
        sent = {"events": kept, "source": "#shop"}
        told = program.writes("post", f"{path}keep/", sent, idempotency_key="a")
        program.writes("post", f"{path}keep/", sent, idempotency_key="a")

        assert [one["text"].splitlines()[0] for one in told["events"]] == [
            "the alert fired",
            second["text"].splitlines()[0],
        ]
        assert {one["source"] for one in told["events"]} == {"#shop"}
        assert told["events"][0]["time"]["at"] == "2026-03-14T14:02+01:00"
        assert TimelineEvent.objects.count() == 2
        assert "2 events" in Change.objects.latest("pk").summary

    def test_the_day_is_that_of_the_incident_where_none_is_said(self) -> None:
        program = an_editor()
        incident = program.writes("post", "incidents/", {"title": "So", "began": "2026-03-13"})
        path = f"incidents/{incident['reference']}/events/read/"
        found = program.writes("post", path, {"text": LOG})
        assert found["events"][0]["time"] == "2026-03-13 14:02"

    @pytest.mark.parametrize(
        ("sent", "field"),
        [
            ({"events": []}, "events"),
            ({"events": ["a"]}, "events"),
            ({"events": [{"kind": "action", "text": "a", "id": "3"}]}, "events"),
            ({"events": [{"kind": "action", "text": 3}]}, "events"),
            ({"events": [{"kind": "action"}]}, "events.1.text"),
            ({"events": [{"kind": "party", "text": "a"}]}, "events.1.kind"),
            ({"events": [{"kind": "action", "text": "a", "time": "soon"}]}, "events.1.time"),
            ({"source": 3}, "source"),
            ({"source": "x" * 201}, "source"),
            ({"zone": "UTC"}, "zone"),
        ],
    )
    def test_nothing_is_kept_where_something_cannot_be(
        self, sent: dict[str, Any], field: str
    ) -> None:
        incident = an_incident()
        path = f"incidents/{incident.reference}/events/keep/"
        usual = {"events": [{"kind": "action", "text": "a"}]}
        answer = an_editor().sends("post", path, {**usual, **sent})
        assert list(refused(answer, 422)["errors"]) == [field]
        assert not TimelineEvent.objects.exists()

    def test_a_log_that_is_too_long(self) -> None:
        path = f"incidents/{an_incident().reference}/events/read/"
        answer = an_editor().sends("post", path, {"text": "x" * 1_000_001})
        assert "1,000,000 are the most" in refused(answer, 422)["errors"]["text"][0]

    def test_who_may_not(self) -> None:
        incident, hidden = an_incident(), a_restricted_incident()
        reader = Program(a_user("reader"), scope="write")
        for step, sent in (
            ("read", {"text": LOG}),
            ("keep", {"events": [{"kind": "action", "text": "a"}]}),
        ):
            path = f"incidents/{incident.reference}/events/{step}/"
            refused(reader.sends("post", path, sent), 403)
            refused(an_editor(scope="read").sends("post", path, sent), 403)
            path = f"incidents/{hidden.reference}/events/{step}/"
            refused(an_editor().sends("post", path, sent), 404)
        assert not TimelineEvent.objects.exists()
