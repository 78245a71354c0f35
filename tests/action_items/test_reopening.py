"""A lesson is violated again: what was done to prevent that is reopened, and says why."""

import pytest
from django.test import Client

from incidents.action_items.operations import complete_action_item, reopen_action_item
from incidents.history.bring_back import bring_back_field
from incidents.history.queries import states_after
from incidents.models import (
    ActionItem,
    ActionKind,
    ActionState,
    Change,
    Incident,
    Lesson,
    LessonLink,
    User,
)
from incidents.records.parts.operations import add_lesson_link, change_part, remove_part
from tests.factories import (
    NOW,
    a_lesson,
    a_restricted_incident,
    a_user,
    an_action_item,
    an_incident,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def lesson() -> Lesson:
    return a_lesson(sentence="One pool is not two.")


@pytest.fixture
def by() -> User:
    return a_user()


def done(lesson: Lesson | None, **fields: object) -> ActionItem:
    values = {"kind": ActionKind.PREVENT, "state": ActionState.DONE, "evidence": "Merged"}
    return an_action_item(**{**values, "lesson": lesson, "done_at": NOW, **fields})


def violate(
    lesson: Lesson, by: User, relation: str = "violated", incident: Incident | None = None
) -> LessonLink:
    values = {"lesson": lesson, "relation": relation}
    return add_lesson_link(incident or an_incident(), values=values, by=by, at=NOW)


def test_it_works(lesson: Lesson, by: User) -> None:
    item = done(lesson, verified_at=NOW, verified_by=a_user(), incident=an_incident())

    link = violate(lesson, by)

    item.refresh_from_db()
    assert (item.state, item.evidence, item.done_at, item.verified_by) == ("open", "", None, None)
    assert item.reopened_for == link.incident
    line = Change.objects.get(document_type="actionitem")
    assert (line.summary, line.by) == ("Reopened: its lesson was violated again", by)
    assert line.parts[0]["fields"]["evidence"] == ["Merged", ""]


def test_what_was_not_done_to_prevent_it_stays(lesson: Lesson, by: User) -> None:
    incident = an_incident()
    others = [
        done(lesson, kind=ActionKind.DETECT),
        done(a_lesson()),
        done(None),
        done(lesson, state=ActionState.WONT_DO, evidence="", wont_do_reason="Too dear"),
        done(lesson, state=ActionState.IN_PROGRESS),
        # What follows from the incident itself comes after the violation.
        done(lesson, incident=incident),
    ]

    violate(lesson, by, incident=incident)

    for item in others:
        before = (item.state, item.version)
        item.refresh_from_db()
        assert (item.state, item.version, item.reopened_for) == (*before, None)


@pytest.mark.parametrize("relation", ["upheld", "refined"])
def test_a_lesson_that_is_not_violated_reopens_nothing(
    lesson: Lesson, by: User, relation: str
) -> None:
    item = done(lesson)
    violate(lesson, by, relation)
    item.refresh_from_db()
    assert item.state == ActionState.DONE


def test_a_lesson_that_turns_out_to_be_violated_does(lesson: Lesson, by: User) -> None:
    item = done(lesson)
    link = violate(lesson, by, "upheld")
    change_part(link, version=1, values={"relation": "violated"}, by=by, at=NOW)
    item.refresh_from_db()
    assert item.reopened_for == link.incident


def test_more_words_about_it_do_not_reopen_it_again(lesson: Lesson, by: User) -> None:
    item = done(lesson)
    link = violate(lesson, by)
    complete_action_item(item, evidence="Now truly", by=by, at=NOW)
    change_part(link, version=1, values={"note": "The second pool"}, by=by, at=NOW)
    item.refresh_from_db()
    assert item.state == ActionState.DONE


def test_nothing_is_reopened_where_the_link_is_refused(lesson: Lesson, by: User) -> None:
    incident = an_incident()
    violate(lesson, by, incident=incident)
    item = done(lesson)
    with pytest.raises(Exception, match="already named"):
        violate(lesson, by, incident=incident)
    item.refresh_from_db()
    assert item.state == ActionState.DONE


def test_the_pages_lead_to_each_other(lesson: Lesson, by: User, client: Client) -> None:
    item = done(lesson)
    link = violate(lesson, by)
    client.force_login(a_user("reader"))

    page = client.get(item.get_absolute_url()).content.decode()
    assert "reopened because its lesson was violated again" in page
    assert link.incident.get_absolute_url() in page
    record = client.get(link.incident.get_absolute_url()).content.decode()
    assert item.get_absolute_url() in record
    assert "reopened by this" in record


def test_a_mistaken_link_leaves_it_open_and_the_page_says_so(
    lesson: Lesson, by: User, client: Client
) -> None:
    item = done(lesson)
    link = violate(lesson, by)
    remove_part(link, version=link.version, by=by, at=NOW)

    item.refresh_from_db()
    assert item.state == ActionState.OPEN
    client.force_login(by)
    page = client.get(item.get_absolute_url()).content.decode()
    assert "no longer says so" in page
    # Whoever closes it again still reads why it had been open.
    complete_action_item(item, evidence="It was no violation", by=by, at=NOW)
    assert "done once before" in client.get(item.get_absolute_url()).content.decode()


def test_who_may_not_know_the_incident_is_not_told_which(
    lesson: Lesson, by: User, client: Client
) -> None:
    item = done(lesson)
    named = a_user()
    secret = a_restricted_incident(named, title="Nobody is to know of this")
    link = violate(lesson, by, incident=secret)
    LessonLink.objects.filter(pk=link.pk).update(note="A secret note")
    client.force_login(a_user("admin"))
    line = Change.objects.get(document_type="actionitem")

    for page in (
        item.get_absolute_url(),
        f"/history/actionitem/{item.pk}/",
        f"/history/actionitem/{item.pk}/{line.pk}/",
        "/actions/",
    ):
        answer = client.get(page)
        assert answer.status_code == 200, page
        text = answer.content.decode()
        assert "Nobody is to know" not in text
        assert secret.reference not in text
        assert "secret note" not in text
    client.force_login(named)
    assert secret.reference in client.get(item.get_absolute_url()).content.decode()


def test_the_reason_is_no_text_to_bring_back(lesson: Lesson, by: User) -> None:
    item = done(lesson)
    violate(lesson, by)
    item.refresh_from_db()
    (before,) = states_after(item, Change.objects.latest("pk").pk)
    with pytest.raises(Exception, match="not brought back"):
        bring_back_field(
            item,
            ("actionitem", item.pk),
            "reopened_for",
            before=before,
            version=item.version,
            by=by,
            at=NOW,
        )


def test_by_hand_there_is_no_reason_to_name(by: User, client: Client) -> None:
    item = reopen_action_item(done(None), by=by, at=NOW)
    client.force_login(by)
    assert "violated again" not in client.get(item.get_absolute_url()).content.decode()
