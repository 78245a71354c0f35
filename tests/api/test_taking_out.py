"""What programs take out, what they are told, and how their owner wants to be told."""

from pathlib import Path
from typing import Any

import pytest

from incidents.models import Export, Message
from tests.api.programs import ROOT, Program
from tests.api.test_authentication import refused
from tests.api.test_reading import FILE
from tests.api.test_writing import an_editor
from tests.factories import a_restricted_incident, a_user, an_incident
from tests.jobs.doing import do_all_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def export_dir(settings: Any, tmp_path: Path) -> None:
    settings.EXPORT_DIR = tmp_path / "exports"


def a_reader(**token: Any) -> Program:
    return Program(a_user("reader"), **{"scope": "write", **token})


class TestExports:
    def test_it_works(self) -> None:
        program, incident = a_reader(), an_incident(title="Orders time out")
        path = f"incidents/{incident.reference}/export/"
        answer = program.sends("post", path, {"format": "json"}, idempotency_key="a")
        assert answer.status_code == 201, answer.content
        told = answer.json()
        assert (told["incident"], told["state"], told["file"]) == (
            incident.reference,
            "waiting",
            None,
        )
        one = f"exports/{told['id']}/"
        assert answer["Location"] == f"{ROOT}{one}"
        refused(program.asks(f"{one}file/"), 404)

        do_all_jobs()

        told = program.reads(one)
        assert (told["state"], told["period"]) == ("ready", None)
        assert told["file"].endswith(f"{ROOT}{one}file/")
        file = program.asks(f"{one}file/")
        content = b"".join(file.streaming_content)  # type: ignore[attr-defined]
        assert b"Orders time out" in content
        described = program.reads("schema/")["paths"][FILE]["get"]["responses"]["200"]
        assert file["Content-Type"].partition(";")[0] in described["content"]
        assert len(content) == told["size"]
        assert program.reads("exports/")["results"] == [told]
        assert "finished already" in refused(program.sends("post", f"{one}cancel/"), 409)["detail"]
        program.writes("post", path, {"format": "json"}, idempotency_key="a")
        assert Export.objects.count() == 1

    def test_of_a_review(self) -> None:
        program = a_reader()
        told = program.writes("post", "exports/", {"format": "md", "period": "2026Q1"})
        assert (told["period"], told["incident"], told["format"]) == ("2026Q1", None, "md")
        assert program.writes("post", f"exports/{told['id']}/cancel/")["state"] == "cancelled"
        for sent, field in (
            ({"format": "md", "period": "soon"}, "period"),
            ({"format": "doc", "period": "2026Q1"}, "format"),
            ({"format": "md"}, "period"),
        ):
            answer = program.sends("post", "exports/", sent)
            assert list(refused(answer, 422)["errors"]) == [field]

    def test_so_many_at_once(self) -> None:
        program, incident = a_reader(), an_incident()
        path = f"incidents/{incident.reference}/export/"
        for _ in range(10):
            program.writes("post", path, {"format": "json"})
        assert (
            "still being" in refused(program.sends("post", path, {"format": "md"}), 409)["detail"]
        )

    def test_who_may_not(self) -> None:
        program, hidden = a_reader(), a_restricted_incident()
        refused(program.sends("post", f"incidents/{hidden.reference}/export/", {}), 404)
        owner = a_user()
        mine, others = an_incident(owner=owner), an_incident()
        whole = Program(owner, scope="write")
        own = Program(owner, scope="write", reach="own")
        wish = {"format": "json"}
        for incident in (mine, others):
            whole.writes("post", f"incidents/{incident.reference}/export/", wish)
        whole.writes("post", "exports/", {"format": "md", "period": "2026Q1"})
        told = own.reads("exports/")["results"]
        assert [one["incident"] for one in told] == [mine.reference]
        refused(own.sends("post", "exports/", {"format": "md", "period": "2026Q1"}), 403)
        refused(own.sends("post", f"incidents/{others.reference}/export/", wish), 404)
        for one in Export.objects.all():
            refused(program.asks(f"exports/{one.pk}/"), 404)
            refused(program.asks(f"exports/{one.pk}/file/"), 404)
            refused(program.sends("post", f"exports/{one.pk}/cancel/"), 404)
        reading = Program(owner, scope="read")
        refused(reading.sends("post", f"incidents/{mine.reference}/export/", wish), 403)


class TestInbox:
    def told(self, program: Program) -> Message:
        incident = an_incident()
        path = f"incidents/{incident.reference}/"
        an_editor().writes("patch", path, {"owner": program.owner.username}, of=incident)
        return Message.objects.filter(person=program.owner).latest("pk")

    def test_it_works(self) -> None:
        program = a_reader()
        message = self.told(program)
        (one,) = program.reads("notifications/")["results"]
        assert (one["event"], one["kind"], one["read_at"]) == ("assigned", "incident", None)
        assert one["key"] == message.incident.reference  # type: ignore[union-attr]
        assert one["api"].endswith(f"{ROOT}incidents/{one['key']}/")
        assert program.reads(f"notifications/{one['id']}/") == one
        first = program.writes("post", f"notifications/{one['id']}/read/")
        assert first["read_at"] is not None
        assert program.writes("post", f"notifications/{one['id']}/read/") == first

    def test_all_are_read(self) -> None:
        program = a_reader()
        for _ in range(3):
            self.told(program)
        assert program.writes("post", "notifications/read-all/") == {"read": 3}
        assert program.writes("post", "notifications/read-all/") == {"read": 0}

    def test_nobody_elses(self) -> None:
        message = self.told(a_reader())
        other = a_reader()
        assert other.reads("notifications/")["results"] == []
        refused(other.asks(f"notifications/{message.pk}/"), 404)
        refused(other.sends("post", f"notifications/{message.pk}/read/"), 404)
        refused(a_reader(scope="read").sends("post", "notifications/read-all/"), 403)
        message.refresh_from_db()
        assert message.read_at is None

    def test_many_messages_cost_as_many_queries_as_few(
        self, django_assert_max_num_queries: Any
    ) -> None:
        program = a_reader()
        for _ in range(10):
            self.told(program)
        with django_assert_max_num_queries(6):
            assert len(program.reads("notifications/")["results"]) == 10


class TestPreferences:
    PATH = "notifications/preferences/"

    def test_it_works(self) -> None:
        program = a_reader()
        before = program.reads(self.PATH)
        sent = {
            "events": [{"event": "late", "inbox": False, "email": "daily"}],
            "quiet_hours": {"are_on": True, "begin": "22:00"},
        }

        after = program.writes("patch", self.PATH, sent)

        assert program.reads(self.PATH) == after
        late = {"event": "late", "inbox": False, "email": "daily"}
        assert late in after["events"]
        rest = [one for one in before["events"] if one["event"] != "late"]
        assert [one for one in after["events"] if one["event"] != "late"] == rest
        assert after["quiet_hours"] == {
            "are_on": True,
            "begin": "22:00",
            "end": before["quiet_hours"]["end"],
        }
        assert program.writes("patch", self.PATH, {}) == after
        assert Program().reads(self.PATH) == before

    @pytest.mark.parametrize(
        ("sent", "field"),
        [
            ({"events": "all"}, "events"),
            ({"events": [{"inbox": True}]}, "events"),
            ({"events": [{"event": "party"}]}, "events"),
            ({"events": [{"event": ["late"]}]}, "events"),
            # Rooms hear of it, and no person.
            ({"events": [{"event": "action_changed"}]}, "events"),
            ({"events": [{"event": "late", "sms": True}]}, "events"),
            ({"events": [{"event": "late", "inbox": "yes"}]}, "events"),
            ({"events": [{"event": "late", "email": "never"}]}, "email-late"),
            ({"quiet_hours": []}, "quiet_hours"),
            ({"quiet_hours": {"are_on": 1}}, "quiet_hours"),
            ({"quiet_hours": {"begin": "25:00"}}, "begin"),
            ({"quiet_hours": {"begin": "08:00", "end": "08:00"}}, "end"),
            ({"rooms": []}, "rooms"),
        ],
    )
    def test_what_cannot_be(self, sent: dict[str, Any], field: str) -> None:
        answer = a_reader().sends("patch", self.PATH, sent)
        assert list(refused(answer, 422)["errors"]) == [field]

    def test_who_may_not(self) -> None:
        refused(a_reader(scope="read").sends("patch", self.PATH, {}), 403)
        refused(an_editor(reach="own").sends("patch", self.PATH, {}), 403)
