"""Taking back a text, a part, a whole record: nothing else is lost by it."""

import pytest

from incidents.history.bring_back import (
    CannotBringBack,
    bring_back_field,
    bring_back_part,
    take_back,
)
from incidents.history.operations import EditConflict
from incidents.history.queries import last_change, present_state, states_after
from incidents.lookup.operations import keep_findable
from incidents.models import (
    Change,
    ConfigDelta,
    ContributingFactor,
    Incident,
    Lesson,
    LessonLink,
    RelatedIncident,
    Reviewer,
    SearchEntry,
    Team,
    TimelineEvent,
    User,
    Visibility,
)
from tests.factories import (
    NOW,
    a_factor,
    a_knob,
    a_lesson,
    a_restricted_incident,
    a_service,
    a_team,
    a_user,
    an_incident,
)
from tests.history.records import a_recorded_event, a_recorded_incident, changed, made, removed

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer() -> User:
    return a_user()


def key_of(row: object) -> tuple[str, int]:
    return row._meta.model_name, row.pk  # type: ignore[attr-defined]


def last_id(row: Incident) -> int:
    line = last_change(row)
    assert line is not None
    return line.pk


def back(incident: Incident, to: int, writer: User, seen: int | None = None) -> bool:
    (state,) = states_after(incident, to)
    return take_back(
        incident, to=state, seen=seen or last_id(incident), by=writer, at=NOW, version_of="then"
    )


def test_it_works(writer: User) -> None:
    incident = changed(a_recorded_incident(summary="**One**"), summary="Two")
    keep_findable(incident)

    bring_back_field(
        incident,
        ("incident", incident.pk),
        "summary",
        before={("incident", incident.pk): {"summary": "**One**"}},
        version=2,
        by=writer,
        at=NOW,
    )

    incident.refresh_from_db()
    assert incident.summary == "**One**"
    assert "<strong>One</strong>" in incident.summary_html
    assert "One" in SearchEntry.objects.get().body
    line = last_change(incident)
    assert line is not None
    assert (line.by, line.parts[0]["fields"]) == (writer, {"summary": ["Two", "**One**"]})


def test_a_field_that_somebody_changed_since_is_not_overwritten(writer: User) -> None:
    incident = changed(a_recorded_incident(summary="One"), summary="Two")
    changed(incident, summary="Three")

    with pytest.raises(EditConflict):
        bring_back_field(
            incident,
            ("incident", incident.pk),
            "summary",
            before={("incident", incident.pk): {"summary": "One"}},
            version=2,
            by=writer,
            at=NOW,
        )
    assert Incident.objects.get().summary == "Three"


def test_a_value_comes_back_with_whether_it_was_known(writer: User) -> None:
    incident = a_recorded_incident()
    delta = made(
        ConfigDelta(
            incident=incident, knob=a_knob(), before_known="unknown", after="60", part="fixed"
        )
    )
    changed(delta, before="30", before_known="known")

    bring_back_field(
        incident,
        key_of(delta),
        "before",
        before={key_of(delta): {"before_known": "unknown"}},
        version=2,
        by=writer,
        at=NOW,
    )

    delta.refresh_from_db()
    assert (delta.before, delta.before_known) == ("", "unknown")


def test_what_the_tables_do_not_allow_is_refused_with_their_sentence(writer: User) -> None:
    incident = a_recorded_incident()
    delta = made(
        ConfigDelta(incident=incident, knob=a_knob(), before="30", after="60", part="fixed")
    )
    delta = changed(delta, before="20")
    changed(delta, after="30")

    with pytest.raises(CannotBringBack, match="nothing was changed"):
        bring_back_field(
            incident,
            key_of(delta),
            "before",
            before={key_of(delta): {"before": "30", "before_known": "known"}},
            version=3,
            by=writer,
            at=NOW,
        )


@pytest.mark.parametrize("column", ["state", "visibility", "allowed_people", "no_such_column"])
def test_what_is_decided_elsewhere_is_not_brought_back(writer: User, column: str) -> None:
    incident = changed(a_recorded_incident(), visibility=Visibility.RESTRICTED)

    with pytest.raises(CannotBringBack):
        bring_back_field(
            incident,
            ("incident", incident.pk),
            column,
            before={("incident", incident.pk): {"visibility": "everyone", "state": "published"}},
            version=2,
            by=writer,
            at=NOW,
        )


def test_a_removed_part_comes_back_with_its_key_and_place(writer: User) -> None:
    incident = a_recorded_incident()
    event = a_recorded_event(incident, text="*Seen*", source="log", position=7)
    event = changed(event, source="the log")
    key, fields = key_of(event), present_state(incident)[key_of(event)]
    removed(event)

    bring_back_part(incident, key, before={key: fields}, by=writer, at=NOW)

    again = TimelineEvent.objects.get()
    assert (again.pk, again.position, again.source) == (key[1], 7, "the log")
    assert again.text_html.strip() == "<p><em>Seen</em></p>"
    # Above every version that a form still open may name.
    assert again.version > event.version
    assert "Seen" in SearchEntry.objects.get().body
    assert present_state(incident) == states_after(incident, last_id(incident))[0]


def test_a_part_comes_back_between_its_neighbours_wherever_they_went(writer: User) -> None:
    incident = a_recorded_incident()
    first, second, third = (a_recorded_event(incident, position=number) for number in (1, 2, 3))
    key, before = key_of(second), present_state(incident)
    removed(second)
    # Between the third and the first there is no room left.
    TimelineEvent.objects.filter(pk=third.pk).update(position=5)
    TimelineEvent.objects.filter(pk=first.pk).update(position=4)

    bring_back_part(incident, key, before=before, by=writer, at=NOW)

    assert [event.pk for event in TimelineEvent.objects.all()] == [first.pk, second.pk, third.pk]
    dids = [part["did"] for part in Change.objects.latest("id").parts]
    assert dids == ["renumbered", "renumbered", "created"]
    assert TimelineEvent.objects.get(pk=first.pk).version == first.version


def test_a_part_that_is_there_is_not_brought_back_twice(writer: User) -> None:
    incident = a_recorded_incident()
    event = a_recorded_event(incident)
    fields = present_state(incident)[key_of(event)]

    with pytest.raises(CannotBringBack, match="there again already"):
        bring_back_part(incident, key_of(event), before={key_of(event): fields}, by=writer, at=NOW)


def test_a_part_whose_place_is_taken_is_refused(writer: User) -> None:
    incident, factor = a_recorded_incident(), a_factor()
    use = made(ContributingFactor(incident=incident, factor=factor, how="So"))
    key, fields = key_of(use), present_state(incident)[key_of(use)]
    removed(use)
    made(ContributingFactor(incident=incident, factor=factor, how="Otherwise"))

    with pytest.raises(CannotBringBack, match="already named"):
        bring_back_part(incident, key, before={key: fields}, by=writer, at=NOW)


def test_a_part_about_a_record_that_is_closed_to_one_stays_away(writer: User) -> None:
    incident = a_recorded_incident()
    related = made(RelatedIncident(incident=incident, other=a_restricted_incident()))
    key, fields = key_of(related), present_state(incident)[key_of(related)]
    removed(related)

    with pytest.raises(CannotBringBack, match="not open to you"):
        bring_back_part(incident, key, before={key: fields}, by=writer, at=NOW)


def test_a_row_of_another_record_is_no_part_of_this_one(writer: User) -> None:
    lesson = made(Lesson(sentence="Remember"))
    link = made(LessonLink(incident=an_incident(), lesson=lesson, relation="violated"))

    with pytest.raises(CannotBringBack):
        bring_back_part(lesson, key_of(link), before={key_of(link): {}}, by=writer, at=NOW)


def test_the_whole_record_goes_back_in_one_line(writer: User) -> None:
    kept, dropped = a_service(), a_service()
    incident = a_recorded_incident(summary="One " * 100, services=[kept, dropped])
    stays, goes = a_recorded_event(incident, text="Stays"), a_recorded_event(incident, text="Goes")
    version, state = last_id(incident), present_state(incident)
    incident = changed(incident, summary="Two " * 100, services=[kept])
    changed(stays, text="Changed")
    removed(goes)
    added = a_recorded_event(incident, text="Added")
    lines = Change.objects.count()

    assert back(incident, version, writer)

    assert present_state(Incident.objects.get()) == state
    assert Change.objects.count() == lines + 1
    assert not TimelineEvent.objects.filter(pk=added.pk).exists()
    assert states_after(incident, last_id(incident)) == [state]
    assert back(incident, version, writer) is False


def test_the_whole_record_does_not_go_back_over_what_one_has_not_seen(writer: User) -> None:
    incident = a_recorded_incident(summary="One")
    version = last_id(incident)
    incident = changed(incident, summary="Two")
    seen = last_id(incident)
    changed(incident, summary="Three")

    with pytest.raises(CannotBringBack, match="look again"):
        back(incident, version, writer, seen=seen)
    assert Incident.objects.get().summary == "Three"


def test_taking_back_opens_nothing_and_publishes_nothing(writer: User) -> None:
    incident = a_recorded_incident(title="Before", state="draft")
    version = last_id(incident)
    incident = changed(
        incident,
        title="After",
        visibility=Visibility.RESTRICTED,
        allowed_people=[writer],
        state="in_review",
    )
    reviewer = made(Reviewer(incident=incident, person=writer))

    back(incident, version, writer)

    incident.refresh_from_db()
    assert incident.title == "Before"
    assert (incident.visibility, incident.state) == (Visibility.RESTRICTED, "in_review")
    assert list(incident.allowed_people.all()) == [writer]
    assert Reviewer.objects.filter(pk=reviewer.pk).exists()


def test_taking_back_leaves_alone_what_one_may_not_know_of(writer: User) -> None:
    incident = a_recorded_incident(title="Before")
    version = last_id(incident)
    incident = changed(incident, title="After")
    related = made(RelatedIncident(incident=incident, other=a_restricted_incident()))

    back(incident, version, writer)

    assert Incident.objects.get(pk=incident.pk).title == "Before"
    assert RelatedIncident.objects.filter(pk=related.pk).exists()


def test_who_is_in_a_team_is_not_taken_back(writer: User) -> None:
    team = made(Team(name="Payments", slug="payments"))
    with pytest.raises(CannotBringBack):
        take_back(team, to={}, seen=1, by=writer, at=NOW, version_of="then")
    assert a_team(writer).members.count() == 1


def test_knobs_of_a_lesson_that_one_may_not_know_of_stay(writer: User) -> None:
    lesson = a_lesson()
    secret, open_knob = a_knob(), a_knob()
    made(
        ConfigDelta(
            incident=a_restricted_incident(), knob=secret, before="1", after="2", part="fixed"
        )
    )
    changed(lesson, knobs=[secret, open_knob])

    bring_back_field(
        lesson,
        key_of(lesson),
        "knobs",
        before={key_of(lesson): {"knobs": []}},
        version=2,
        by=writer,
        at=NOW,
    )

    assert list(lesson.knobs.all()) == [secret]
