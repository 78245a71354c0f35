"""Changing, moving and removing the parts of a record."""

import pytest
from django.test import Client

from incidents.models import Change, Incident, Part, TimelineEvent, User
from incidents.records.parts.kinds import KINDS
from tests.factories import NOW, a_restricted_incident, a_user, an_event, an_incident
from tests.records.parts.forms import KIND_NAMES, row_of, sent

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def incident() -> Incident:
    return an_incident(time_zone="Europe/Berlin")


@pytest.fixture
def editor(client: Client) -> User:
    user = a_user()
    client.force_login(user)
    return user


def address(part: Part, kind: str, then: str = "") -> str:
    return f"/incidents/{part.incident.reference}/{kind}/{part.pk}/{then}"


def edited(part: Part, kind: str, **fields: object) -> dict[str, object]:
    return sent(kind, version=part.version, source="the log", **fields)


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_it_works(client: Client, editor: User, incident: Incident, kind: str) -> None:
    part = row_of(kind, incident)
    form = client.get(address(part, kind, "edit/"))
    assert form.status_code == 200
    assert f'id="{part.anchor}"'.encode() in form.content

    answer = client.post(address(part, kind, "edit/"), edited(part, kind))

    assert answer.status_code == 302, answer.context["form"].errors
    assert answer["Location"] == f"/incidents/{incident.reference}/#{part.anchor}"
    part.refresh_from_db()
    assert (part.source, part.version) == ("the log", 2)
    line = Change.objects.filter(document_type="incident", document_id=incident.pk).get()
    assert (line.by, line.parts[0]["did"]) == (editor, "changed")
    assert line.parts[0]["fields"]["source"] == ["", "the log"]


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_in_place(client: Client, editor: User, incident: Incident, kind: str) -> None:
    part = row_of(kind, incident)

    form = client.get(address(part, kind, "edit/"), headers=HTMX)
    cancelled = client.get(address(part, kind), headers=HTMX)
    refused = client.post(address(part, kind, "edit/"), {"source": "the log"}, headers=HTMX)
    saved = client.post(address(part, kind, "edit/"), edited(part, kind), headers=HTMX)

    assert form.content.count(b"data-focus-first") == 1
    for answer in (form, cancelled, refused):
        assert answer.content.strip().startswith(b"<li")
        assert f'id="{part.anchor}"'.encode() in answer.content
    assert refused.status_code == 422
    assert b"the log" in refused.content
    assert saved["HX-Retarget"] == f"#{KINDS[kind].section}"
    assert b"the log" in saved.content
    # The focus returns to the row that was saved.
    assert saved.content.count(b"autofocus") == 1


def test_without_htmx_cancelling_leads_back(
    client: Client, editor: User, incident: Incident
) -> None:
    part = row_of("event", incident)
    answer = client.get(address(part, "event"))
    assert answer["Location"] == f"/incidents/{incident.reference}/#{part.anchor}"


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_second_saver_sees_both_texts(
    client: Client, editor: User, incident: Incident, headers: dict[str, str]
) -> None:
    part = an_event(incident, event_at=NOW, event_precision="minute")
    hers = edited(part, "event", text="Hers")
    client.post(address(part, "event", "edit/"), hers)

    answer = client.post(address(part, "event", "edit/"), {**hers, "text": "His"}, headers=headers)

    assert answer.status_code == 409
    (both,) = answer.context["form"].conflicts
    assert (both.saved, both.wanted) == ("Hers", "His")
    part.refresh_from_db()
    assert part.text == "Hers"
    again = {**hers, "text": "His", "version": answer.context["form"]["version"].value()}
    assert client.post(address(part, "event", "edit/"), again).status_code == 302
    part.refresh_from_db()
    assert part.text == "His"


def test_numbers_that_are_the_same_are_no_conflict(
    client: Client, editor: User, incident: Incident
) -> None:
    part = row_of("measure", incident, value=12, out_of=200)
    hers = edited(part, "measure", note="Hers")
    client.post(address(part, "measure", "edit/"), hers)

    answer = client.post(address(part, "measure", "edit/"), {**hers, "note": "His"})

    assert [both.name for both in answer.context["form"].conflicts] == ["note"]


def test_two_who_change_different_fields_both_win(
    client: Client, editor: User, incident: Incident
) -> None:
    part = an_event(incident, event_at=NOW, event_precision="minute", text="One")
    form = sent("event", version=1, event="2026-03-14 13:00", text="One")
    client.post(address(part, "event", "edit/"), {**form, "actor": "Ada"})
    client.post(address(part, "event", "edit/"), {**form, "text": "Two"})

    part.refresh_from_db()
    assert (part.actor, part.text) == ("Ada", "Two")


def test_two_changes_that_contradict_each_other_are_refused(
    client: Client, editor: User, incident: Incident
) -> None:
    part = row_of("measure", incident, value=12, out_of=200)
    form = sent("measure", version=1, name="Failed orders")
    client.post(address(part, "measure", "edit/"), {**form, "value": "150", "out_of": "200"})

    answer = client.post(
        address(part, "measure", "edit/"), {**form, "value": "12", "out_of": "100"}
    )

    assert answer.status_code == 422
    assert "contradict each other" in str(answer.context["form"].non_field_errors())
    part.refresh_from_db()
    assert (part.value, part.out_of) == (150, 200)


def test_what_contradicts_the_record_is_said_beside_its_field(
    client: Client, editor: User, incident: Incident
) -> None:
    first, second = row_of("factor", incident), row_of("factor", incident)
    form = edited(second, "factor", factor_name=str(first).upper())

    answer = client.post(address(second, "factor", "edit/"), form, headers=HTMX)

    assert answer.status_code == 422
    assert "already named" in answer.context["form"].errors["factor_name"][0]


def test_an_event_whose_time_changes_moves_to_its_place(
    client: Client, editor: User, incident: Incident
) -> None:
    for hour in (10, 11, 12):
        an_event(
            incident, text=str(hour), event_at=NOW.replace(hour=hour), event_precision="minute"
        )
    first = incident.timelineevents.get(text="10")

    client.post(
        address(first, "event", "edit/"),
        edited(first, "event", text="10", event="2026-03-14 12:30"),
    )
    assert [event.text for event in incident.timelineevents.all()] == ["11", "10", "12"]


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_parts_change_places(client: Client, editor: User, incident: Incident, kind: str) -> None:
    # All have one position, as rows that were brought in may have.
    rows = [row_of(kind, incident, position=0) for _ in range(3)]
    model = KINDS[kind].model

    def order() -> list[Part]:
        return list(model._base_manager.filter(incident=incident).order_by("position", "id"))

    answer = client.post(address(rows[2], kind, "move/"), {"direction": "up"}, headers=HTMX)
    assert answer["HX-Retarget"] == f"#{KINDS[kind].section}"
    assert order() == [rows[0], rows[2], rows[1]]
    client.post(address(rows[0], kind, "move/"), {"direction": "down"})
    assert order() == [rows[2], rows[0], rows[1]]
    client.post(address(rows[2], kind, "move/"), {"direction": "up"})
    assert order() == [rows[2], rows[0], rows[1]]

    lines = Change.objects.order_by("id").values_list("summary", flat=True)
    assert [line.split(" in ")[0] for line in lines] == ["Moved up", "Moved down"]
    # Numbering the others anew is no change of theirs.
    assert sorted(row.version for row in order()) == [1, 2, 2]


@pytest.mark.parametrize("kind", KIND_NAMES)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_removing_asks_nothing_and_loses_nothing(
    client: Client, editor: User, incident: Incident, kind: str, headers: dict[str, str]
) -> None:
    part = row_of(kind, incident, source="kept")

    answer = client.post(address(part, kind, "remove/"), {"version": 1}, headers=headers)

    assert answer.status_code == (200 if headers else 302)
    assert not KINDS[kind].model._base_manager.filter(incident=incident).exists()
    line = Change.objects.get()
    assert line.summary.startswith("Removed from the ")
    assert line.parts[0]["did"] == "removed"
    assert line.parts[0]["fields"]["source"] == ["kept", None]


def test_what_somebody_changed_meanwhile_is_not_removed(
    client: Client, editor: User, incident: Incident
) -> None:
    part = an_event(incident, version=2)

    for version in ("1", "", "x"):
        answer = client.post(address(part, "event", "remove/"), {"version": version}, headers=HTMX)
        assert answer.status_code == 409
        assert b"Somebody else changed this" in answer.content
    assert TimelineEvent.objects.filter(pk=part.pk).exists()


@pytest.mark.parametrize("kind", KIND_NAMES)
@pytest.mark.parametrize("then", ["edit/", "move/", "remove/"])
def test_who_may_not(client: Client, incident: Incident, kind: str, then: str) -> None:
    part = row_of(kind, incident)
    hidden = row_of(kind, a_restricted_incident(a_user()))

    client.force_login(a_user("reader"))
    assert client.post(address(part, kind, then), edited(part, kind)).status_code == 403
    client.force_login(a_user("admin"))
    assert client.post(address(hidden, kind, then), edited(hidden, kind)).status_code == 404
    assert client.get(address(hidden, kind)).status_code == 404
    # A part of another record is not found under this one.
    other = an_incident()
    assert (
        client.post(
            f"/incidents/{other.reference}/{kind}/{part.pk}/{then}", edited(part, kind)
        ).status_code
        == 404
    )


def test_get_changes_nothing(client: Client, editor: User, incident: Incident) -> None:
    part = row_of("event", incident)
    assert client.get(address(part, "event", "remove/")).status_code == 405
    assert client.get(address(part, "event", "move/")).status_code == 405


def test_a_number_that_no_row_can_have(client: Client, editor: User, incident: Incident) -> None:
    assert client.get(f"/incidents/{incident.reference}/event/{10**30}/").status_code == 404
