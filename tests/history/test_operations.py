"""A row and its history are written together; nobody's edit is overwritten."""

import pytest

from incidents.history.operations import (
    EditConflict,
    RowGone,
    change_record,
    create_record,
    remove_record,
)
from incidents.history.queries import values_at_version
from incidents.history.rows import update_row
from incidents.models import Change, Factor, Incident, User
from tests.factories import NOW, a_service, a_user, an_event, an_incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer() -> User:
    return a_user()


@pytest.fixture
def factor(writer: User) -> Factor:
    row = Factor(name="Pool too small", slug="pool", category="capacity", description="One")
    return create_record(row, by=writer, at=NOW, summary="Added")


def change(factor: Factor, writer: User, version: int, **values: object) -> Factor:
    return change_record(
        factor, version=version, values=values, by=writer, at=NOW, summary="Changed"
    )


def test_it_works(factor: Factor, writer: User) -> None:
    changed = change(factor, writer, 1, description="Two **words**")

    assert (changed.version, changed.description) == (2, "Two **words**")
    assert "<strong>words</strong>" in changed.description_html
    created, edited = Change.objects.order_by("id")
    assert created.parts[0]["fields"]["name"] == [None, "Pool too small"]
    assert edited.parts == [
        {
            "record": "factor",
            "id": factor.pk,
            "did": "changed",
            "fields": {"description": ["One", "Two **words**"]},
        }
    ]
    assert (edited.by, edited.at) == (writer, NOW)


def test_a_text_that_comes_back_from_a_form_as_it_was_has_not_changed(writer: User) -> None:
    row = Factor(name="Pool", slug="pool", category="capacity", description="One\r\ntwo\r\n")
    factor = create_record(row, by=writer, at=NOW, summary="Added")
    assert factor.description == "One\ntwo\n"

    assert change(factor, writer, 1, description="One\r\ntwo\r\n").version == 1
    assert change(factor, writer, 1, description="One\r\nthree").description == "One\nthree"


def test_a_stale_edit_of_the_same_field_is_refused_with_both_texts(
    factor: Factor, writer: User
) -> None:
    change(factor, writer, 1, description="Hers")

    with pytest.raises(EditConflict) as refused:
        change(factor, writer, 1, description="His")

    assert isinstance(refused.value.current, Factor)
    assert refused.value.current.description == "Hers"
    assert refused.value.wanted == {"description": "His"}
    assert refused.value.fields == {"description"}
    factor.refresh_from_db()
    assert factor.description == "Hers"


def test_edits_of_different_fields_are_both_kept(factor: Factor, writer: User) -> None:
    change(factor, writer, 1, description="Hers", name="Pool too small")

    merged = change(factor, writer, 1, description="One", name="Pool smaller than its clients")

    assert (merged.description, merged.name) == ("Hers", "Pool smaller than its clients")
    assert merged.version == 3


def test_a_time_and_its_precision_are_not_merged_into_one_that_nobody_wrote(writer: User) -> None:
    ten = {"began_at": NOW.replace(hour=10), "began_precision": "minute"}
    row = Incident(title="Orders stall", **ten)
    row = create_record(row, by=writer, at=NOW, summary="Added")
    theirs, mine = {**ten, "began_at": NOW.replace(hour=11)}, {**ten, "began_precision": "hour"}
    change_record(row, version=1, values=theirs, by=a_user(), at=NOW, summary="Changed")

    with pytest.raises(EditConflict) as conflict:
        change_record(row, version=1, values=mine, by=writer, at=NOW, summary="Changed")

    assert conflict.value.fields == {"began_at", "began_precision"}
    row.refresh_from_db()
    assert (row.began_at, row.began_precision) == (NOW.replace(hour=11), "minute")


def test_a_time_that_only_the_other_changed_is_merged(writer: User) -> None:
    ten = {"began_at": NOW.replace(hour=10), "began_precision": "minute"}
    row = Incident(title="Orders stall", **ten)
    row = create_record(row, by=writer, at=NOW, summary="Added")
    theirs = {**ten, "began_precision": "hour"}
    change_record(row, version=1, values=theirs, by=a_user(), at=NOW, summary="Changed")

    values = {**ten, "title": "Orders time out"}
    row = change_record(row, version=1, values=values, by=writer, at=NOW, summary="Changed")

    assert (row.title, row.began_precision) == ("Orders time out", "hour")


def test_a_form_sent_twice_is_no_conflict(factor: Factor, writer: User) -> None:
    change(factor, writer, 1, description="Two")

    again = change(factor, writer, 1, description="Two")

    assert again.version == 2
    assert Change.objects.count() == 2


def test_an_edit_of_a_removed_row_says_so(writer: User) -> None:
    event = an_event(an_incident())
    remove_record(event, version=1, by=writer, at=NOW, summary="Removed")

    with pytest.raises(RowGone):
        change_record(
            event, version=1, values={"text": "More"}, by=writer, at=NOW, summary="Changed"
        )


def test_history_keeps_all_of_a_removed_row(writer: User) -> None:
    event = an_event(an_incident(), text="Latency rose", source="log")
    remove_record(event, version=1, by=writer, at=NOW, summary="Removed")

    fields = Change.objects.get().parts[0]["fields"]
    assert (fields["text"], fields["source"]) == (["Latency rose", None], ["log", None])


def test_relations_are_kept_by_key(writer: User) -> None:
    one, two = a_service(), a_service()
    incident = an_incident()
    change_record(
        incident,
        version=1,
        values={"services": [two, one], "owner": writer},
        by=writer,
        at=NOW,
        summary="Changed",
    )

    fields = Change.objects.get().parts[0]["fields"]
    assert fields == {"services": [[], sorted([one.pk, two.pk])], "owner": [None, writer.pk]}
    assert set(Incident.objects.get().services.all()) == {one, two}


def test_the_size_of_a_line_follows_the_edit_and_not_the_text(factor: Factor, writer: User) -> None:
    long = "word " * 20_000
    factor = change(factor, writer, 1, description=long)
    change(factor, writer, 2, description=long.replace("word", "ward", 1))

    line = Change.objects.last()
    assert line is not None
    assert len(str(line.parts)) < 200
    assert values_at_version(Factor.objects.get(), 2) == {"description": long.strip(" ") + " "}


def test_nothing_is_written_when_history_cannot_be(
    factor: Factor, writer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("no room")

    monkeypatch.setattr("incidents.history.operations.Change.save", refuse)
    with pytest.raises(RuntimeError):
        change(factor, writer, 1, description="Two")

    factor.refresh_from_db()
    assert (factor.description, factor.version) == ("One", 1)


def test_a_row_is_written_only_over_the_version_that_was_read(factor: Factor, writer: User) -> None:
    """Where no lock holds it, too."""
    read = Factor.objects.get()
    change(factor, writer, 1, description="Two")

    assert update_row(read, {"description": "Three"}, at=NOW) is None
    assert Factor.objects.get().description == "Two"


def test_what_somebody_changed_since_is_not_removed(writer: User) -> None:
    event = an_event(an_incident())
    values = {"text": "Latency fell"}
    change_record(event, version=1, values=values, by=writer, at=NOW, summary="Changed")

    with pytest.raises(EditConflict):
        remove_record(event, version=1, by=writer, at=NOW, summary="Removed")
    event.refresh_from_db()
