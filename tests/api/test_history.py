"""What programs read of a record's history, and bring back from it."""

from typing import Any

import pytest

from incidents.models import Change, Incident, TimelineEvent
from tests.api.programs import Program, names_of
from tests.api.test_authentication import refused
from tests.api.test_writing import an_editor
from tests.factories import a_knob, a_lesson, a_restricted_incident, a_runbook, a_team, a_user

pytestmark = pytest.mark.django_db


class Story:
    """An incident with a text that was changed and an event that was removed."""

    def __init__(self, program: Program) -> None:
        made = program.writes("post", "incidents/", {"title": "First", "summary": "As it was."})
        self.reference = made["reference"]
        self.row = Incident.objects.get()
        path = f"incidents/{self.reference}/"
        event = {"time": "2026-03-14T22:30", "kind": "symptom", "text": "Slow."}
        self.event = program.writes("post", f"{path}events/", event)
        self.made = self.last
        sent = {"title": "Second", "summary": "As it is."}
        program.writes("patch", path, sent, of=program.asks(path))
        self.changed = self.last
        one = f"{path}events/{self.event['id']}/"
        program.writes("delete", one, of=program.asks(one))
        self.removed = self.last
        self.path = f"history/incident/{self.reference}/"

    @property
    def last(self) -> int:
        return Change.objects.filter(document_type="incident").latest("pk").pk


def test_it_works() -> None:
    program = an_editor()
    story = Story(program)

    page = program.reads(story.path)

    assert names_of(page, "id")[:3] == [story.removed, story.changed, story.made]
    line = page["results"][1]
    assert line["by"]["username"] == program.owner.username
    assert line["what"] == ["title, summary"]
    whole = program.reads(f"{story.path}{story.changed}/")
    assert {name: whole[name] for name in line} == line
    (row,) = whole["rows"]
    assert (row["record"], row["did"], row["row_version"]) == ("incident", "changed", 2)
    assert row["changes"][0] == {
        "name": "title",
        "label": "Title",
        "before": "First",
        "after": "Second",
    }
    assert row["can_bring_back"] == ["summary", "title"]


def test_how_it_was() -> None:
    program = an_editor()
    story = Story(program)
    then = program.reads(f"{story.path}{story.made}/version/")
    own, event = then["rows"]
    assert {"label": "Title", "text": "First"} in own["texts"]
    assert event["record"] == "timelineevent"
    assert then["can_take_back"] is True
    assert program.reads(f"{story.path}{story.removed}/version/")["can_take_back"] is False


def test_a_text_is_brought_back() -> None:
    program = an_editor()
    story = Story(program)
    sent = {"record": "incident", "id": story.row.pk, "field": "title", "row_version": 2}
    path = f"{story.path}{story.changed}/bring-back-field/"

    line = program.writes("post", path, sent, idempotency_key="a")
    again = program.writes("post", path, sent, idempotency_key="a")

    assert line == again
    assert line["what"] == ["title"]
    assert line["by"]["username"] == program.owner.username
    story.row.refresh_from_db()
    assert (story.row.title, story.row.summary) == ("First", "As it is.")
    told = refused(program.sends("post", path, {**sent, "field": "state"}), 409)
    assert "not brought back" in told["detail"]
    refused(program.sends("post", path, {**sent, "id": 999}), 404)
    refused(program.sends("post", path, {**sent, "record": "nothing"}), 404)
    refused(program.sends("post", path, {"record": "incident"}), 422)


def test_what_somebody_changed_since_is_not_written_over() -> None:
    program = an_editor()
    story = Story(program)
    path = f"incidents/{story.reference}/"
    program.writes("patch", path, {"title": "Third"}, of=program.asks(path))
    sent = {"record": "incident", "id": story.row.pk, "field": "title", "row_version": 2}
    refused(program.sends("post", f"{story.path}{story.changed}/bring-back-field/", sent), 409)
    story.row.refresh_from_db()
    assert story.row.title == "Third"


def test_a_part_is_brought_back_once() -> None:
    program = an_editor()
    story = Story(program)
    (row,) = program.reads(f"{story.path}{story.removed}/")["rows"]
    assert row["is_gone"] is True
    path = f"{story.path}{story.removed}/bring-back-part/"
    sent = {"record": row["record"], "id": row["id"]}
    program.writes("post", path, sent)
    assert TimelineEvent.objects.get().text == "Slow."
    assert "there again" in refused(program.sends("post", path, sent), 409)["detail"]


def test_the_whole_record_is_taken_back() -> None:
    program = an_editor()
    story = Story(program)
    path = f"{story.path}{story.made}/take-back/"
    stale = {"last_change": story.changed}
    assert "since you looked" in refused(program.sends("post", path, stale), 409)["detail"]

    program.writes("post", path, {"last_change": story.removed})

    story.row.refresh_from_db()
    assert (story.row.title, story.row.summary) == ("First", "As it was.")
    assert TimelineEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("runbook", lambda: a_runbook().slug),
        ("lesson", lambda: a_lesson().reference),
        ("knob", lambda: a_knob().pk),
        ("team", lambda: a_team().slug),
    ],
)
def test_each_kind_is_named_as_elsewhere(kind: str, name: Any) -> None:
    program = an_editor()
    assert program.reads(f"history/{kind}/{name()}/")["results"] == []


@pytest.mark.parametrize(
    "path",
    [
        "incident/42",
        "incident/INC-",
        "incident/INC-x",
        "incident/INC-99999999999999999999999",
        "event/1",
        "incident/LES-1",
        "knob/x",
        "person/nobody",
    ],
)
def test_what_names_nothing(path: str) -> None:
    refused(an_editor().asks(f"history/{path}/"), 404)


def test_who_may_not() -> None:
    program = an_editor()
    story = Story(program)
    hidden = a_restricted_incident()
    reader = Program(a_user("reader"), scope="write")
    own = an_editor(reach="own")
    lesson = f"history/lesson/{a_lesson().reference}/"
    admin = Program(a_user("admin"), scope="read")
    for who, path in (
        (program, f"history/incident/{hidden.reference}/"),
        (own, story.path),
        (program, f"history/person/{program.owner.username}/"),
        # Neither does an administrator's token that only reads.
        (admin, f"history/person/{program.owner.username}/"),
    ):
        refused(who.asks(path), 404)
    for step in ("bring-back-field", "bring-back-part", "take-back"):
        path = f"{story.path}{story.changed}/{step}/"
        refused(reader.sends("post", path, {}), 403)
        refused(own.sends("post", path, {}), 404)
    assert own.reads(lesson)["results"] == []
    refused(own.sends("post", f"{lesson}1/take-back/", {}), 403)
    admin = Program(a_user("admin"), scope="admin")
    assert admin.reads(f"history/person/{program.owner.username}/")["results"] == []


def test_many_lines_cost_as_many_queries_as_few(django_assert_max_num_queries: Any) -> None:
    program = an_editor()
    story = Story(program)
    path = f"incidents/{story.reference}/"
    for number in range(20):
        program.writes("patch", path, {"title": f"Title {number}"}, of=program.asks(path))
    with django_assert_max_num_queries(6):
        assert len(program.reads(story.path)["results"]) > 20
