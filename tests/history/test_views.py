"""The pages of history: what they tell, and to whom."""

from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from incidents.history.documents import VISIBLE_DOCUMENTS
from incidents.history.operations import EditConflict, change_record
from incidents.history.queries import last_change
from incidents.history.values import LOST
from incidents.models import (
    Change,
    Incident,
    LessonLink,
    RelatedIncident,
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
    a_review,
    a_runbook,
    a_service,
    a_team,
    a_user,
    an_action_item,
    an_incident,
)
from tests.history.records import a_recorded_event, a_recorded_incident, changed, made, removed

pytestmark = pytest.mark.django_db

LONG = "The pool was smaller than the number of its clients. " * 20


@pytest.fixture
def writer(client: Client) -> User:
    user = a_user(first_name="Ann", last_name="Writer")
    client.force_login(user)
    return user


def of(incident: Incident, rest: str = "") -> str:
    return f"/history/incident/{incident.pk}/{rest}"


def last_id(incident: Incident) -> int:
    line = last_change(incident)
    assert line is not None
    return line.pk


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_works(client: Client, writer: User) -> None:
    incident = changed(a_recorded_incident(), writer, got_lucky="It was night", severity="sev1")
    a_recorded_event(incident)

    text = page(client, of(incident))

    assert "Ann Writer" in text
    assert "severity, where we were lucky" in text
    assert "timeline event added" in text
    assert text.index("timeline event added") < text.index("severity, where")


def test_one_change_is_compared_word_by_word(client: Client, writer: User) -> None:
    incident = changed(a_recorded_incident(summary=LONG), summary=LONG.replace("pool", "tank", 1))

    text = page(client, of(incident, f"{last_id(incident)}/"))

    assert "<del>pool</del><ins>tank</ins>" in text
    assert "words unchanged" in text
    assert "Bring back what stood before" in text


def test_a_text_that_is_back_already_is_not_offered(client: Client, writer: User) -> None:
    incident = changed(a_recorded_incident(title="One"), title="Two")
    line = last_id(incident)
    changed(incident, title="One")

    assert "Bring back" not in page(client, of(incident, f"{line}/"))


def test_relations_have_names_and_times_their_zone(client: Client, writer: User) -> None:
    incident = a_recorded_incident(time_zone="Europe/Berlin")
    service = a_service(name="Payments")
    changed(
        incident,
        services=[service],
        owner=writer,
        began_at="2019-12-24T21:30:00+00:00",
        began_precision="minute",
    )

    text = page(client, of(incident, f"{last_id(incident)}/"))

    for words in ("Payments", "Ann Writer", "24 Dec 2019, 22:30 CET"):
        assert words in text


def test_a_related_record_that_one_may_not_know_of_is_another_record(
    client: Client, writer: User
) -> None:
    incident = a_recorded_incident()
    other = a_restricted_incident(title="Secret matter")
    made(RelatedIncident(incident=incident, other=other, note="hushed"))
    lesson = a_lesson(sentence="Secret sentence", learned_from=other)
    made(LessonLink(incident=incident, lesson=lesson, relation="violated", note="hushed"))

    for rest in ("", f"{last_id(incident)}/", f"at/{last_id(incident)}/"):
        text = page(client, of(incident, rest))
        assert "Secret" not in text
        assert "hushed" not in text
        assert other.reference not in text
    assert "another record" in text


def test_the_record_as_it_was_has_its_parts_in_their_order(client: Client, writer: User) -> None:
    incident = a_recorded_incident()
    second = a_recorded_event(incident, text="Came second", position=2)
    a_recorded_event(incident, text="Came first", position=1)
    version = last_id(incident)
    removed(second)

    text = page(client, of(incident, f"at/{version}/"))

    assert text.index("Came first") < text.index("Came second")
    assert "Take the whole record back" in text
    assert "Came second" not in page(client, of(incident, f"at/{last_id(incident)}/"))


def test_two_versions_are_compared_whichever_comes_first(client: Client, writer: User) -> None:
    incident = a_recorded_incident(title="One")
    older = last_id(incident)
    changed(incident, title="Two")
    a_recorded_event(incident, text="Latency rose")
    newer = last_id(incident)

    text = page(client, of(incident, f"compare/?from={older}&to={newer}"))

    assert "<del>One</del> → <ins>Two</ins>" in text
    assert "Timeline event: <bdi>Latency rose</bdi>" in text
    turned = page(client, of(incident, f"compare/?from={newer}&to={older}"))
    assert "<del>One</del> → <ins>Two</ins>" in turned
    assert "Both are the same" in page(client, of(incident, f"compare/?from={newer}"))
    for wrong in ("", "?from=x", "?from=99999999999999999999", f"?from={older}&to=0"):
        assert client.get(of(incident, f"compare/{wrong}")).status_code == 404


def test_every_kind_of_record_has_a_history(client: Client, writer: User) -> None:
    rows = [
        an_incident(),
        a_runbook(),
        a_lesson(),
        a_knob(),
        a_factor(),
        an_action_item(),
        a_service(),
        a_team(),
        a_review(),
    ]
    for row in rows:
        assert client.get(f"/history/{row._meta.model_name}/{row.pk}/").status_code == 200
    assert {str(row._meta.model_name) for row in rows} | {"user"} == set(VISIBLE_DOCUMENTS)
    assert client.get("/history/tag/1/").status_code == 404


def test_the_history_of_people_is_for_administrators(client: Client, writer: User) -> None:
    made_admin = changed(writer, role="admin")  # type: ignore[type-var]  # a user is no Editable
    url = f"/history/user/{writer.pk}/"
    line = Change.objects.get().pk

    assert page(client, url)
    assert "Bring back" not in page(client, f"{url}{line}/")
    assert "Take the whole" not in page(client, f"{url}at/{line}/")
    client.force_login(a_user())
    assert client.get(url).status_code == 404
    assert made_admin.role == "admin"


def everything(incident: Incident, line: int) -> list[tuple[str, str]]:
    return [
        ("get", of(incident)),
        ("get", of(incident, f"{line}/")),
        ("get", of(incident, f"at/{line}/")),
        ("get", of(incident, f"compare/?from={line}")),
        ("post", of(incident, f"{line}/bring-back-field/")),
        ("post", of(incident, f"{line}/bring-back-part/")),
        ("post", of(incident, f"at/{line}/take-back/")),
    ]


def test_a_record_restricted_later_closes_its_history(client: Client, writer: User) -> None:
    incident = changed(a_recorded_incident(), title="Two")
    line = last_id(incident)
    changed(incident, visibility=Visibility.RESTRICTED)

    for method, url in everything(incident, line):
        assert getattr(client, method)(url).status_code == 404, url


def test_readers_read_and_bring_nothing_back(client: Client) -> None:
    incident = changed(a_recorded_incident(), title="Two")
    line = last_id(incident)
    client.force_login(a_user("reader"))

    for method, url in everything(incident, line):
        answer = getattr(client, method)(url)
        assert answer.status_code == (200 if method == "get" else 403), url
        assert b"Bring back" not in answer.content
        assert b"Take the whole" not in answer.content


def test_a_change_of_another_record_is_not_found_here(client: Client, writer: User) -> None:
    hidden = changed(a_recorded_incident(title="Secret"), visibility=Visibility.RESTRICTED)
    incident = changed(a_recorded_incident(), title="Two")

    for method, url in everything(incident, last_id(hidden)):
        if url != of(incident):
            assert getattr(client, method)(url).status_code == 404, url


def test_a_text_is_brought_back(client: Client, writer: User) -> None:
    incident = changed(a_recorded_incident(title="One"), title="Two")
    url = of(incident, f"{last_id(incident)}/bring-back-field/")
    form: dict[str, Any] = {
        "record": "incident",
        "id": incident.pk,
        "column": "title",
        "version": incident.version,
    }

    assert client.get(url).status_code == 405
    assert client.post(url, {**form, "version": "x"}).status_code == 404
    assert client.post(url, {**form, "record": "tag"}).status_code == 404
    assert client.post(url, form).status_code == 302
    incident.refresh_from_db()
    assert incident.title == "One"


def test_a_text_changed_since_is_kept_and_the_refusal_said(client: Client, writer: User) -> None:
    incident = changed(a_recorded_incident(title="One"), title="Two")
    line, version = last_id(incident), incident.version
    changed(incident, title="Three")

    answer = client.post(
        of(incident, f"{line}/bring-back-field/"),
        {"record": "incident", "id": incident.pk, "column": "title", "version": version},
    )

    assert answer.status_code == 409
    assert "Somebody else changed this" in answer.content.decode()
    incident.refresh_from_db()
    assert incident.title == "Three"


def test_a_removed_part_is_brought_back(client: Client, writer: User) -> None:
    incident = a_recorded_incident()
    event = a_recorded_event(incident, text="Latency rose")
    removed(TimelineEvent.objects.get(pk=event.pk))
    line = last_id(incident)
    url = of(incident, f"{line}/")
    assert "Bring back what was removed" in page(client, url)

    form = {"record": "timelineevent", "id": event.pk}
    answer = client.post(f"{url}bring-back-part/", form)

    assert answer.status_code == 302
    assert TimelineEvent.objects.get(pk=event.pk).text == "Latency rose"
    assert "Bring back what was removed" not in page(client, url)
    assert client.post(f"{url}bring-back-part/", form).status_code == 409


def test_the_whole_record_is_taken_back(client: Client, writer: User) -> None:
    incident = a_recorded_incident(title="One")
    version = last_id(incident)
    changed(incident, title="Two")
    url = of(incident, f"at/{version}/take-back/")

    stale = client.post(url, {"seen": version})
    taken = client.post(url, {"seen": last_id(incident)})

    assert (stale.status_code, taken.status_code) == (409, 302)
    incident.refresh_from_db()
    assert incident.title == "One"


def test_the_cost_of_a_page_does_not_grow(
    client: Client, writer: User, django_assert_max_num_queries: Any
) -> None:
    incident = a_recorded_incident(summary=LONG)
    for step in range(200):
        incident = changed(incident, writer, summary=f"{step} {LONG}")
    line = last_id(incident)

    for rest, most in (
        ("", 7),
        (f"{line}/", 25),
        (f"at/{line}/", 10),
        (f"compare/?from={line}", 10),
    ):
        with django_assert_max_num_queries(most):
            page(client, of(incident, rest))


@pytest.fixture
def changed_past_the_site(writer: User) -> Incident:
    """Three lines: made, its long text edited after somebody wrote another by SQL, its title."""
    incident = a_recorded_incident(summary=LONG, title="One")
    Incident.objects.filter(pk=incident.pk).update(summary="By hand. " + LONG)
    incident.refresh_from_db()
    incident = changed(incident, summary="By hand. " + LONG.replace("pool", "cistern", 1))
    return changed(incident, title="Two")


def test_a_text_changed_past_the_site_is_said_to_be_lost_and_the_rest_is_told(
    client: Client, changed_past_the_site: Incident
) -> None:
    incident = changed_past_the_site
    made_line, edit, last = Change.objects.order_by("id").values_list("id", flat=True)

    assert LONG[:60] in page(client, of(incident, f"at/{made_line}/"))
    for there in (f"{edit}/", f"at/{edit}/", f"at/{last}/", f"compare/?from={made_line}"):
        text = page(client, of(incident, there))
        assert str(escape(LOST)) in text
    assert "Two" in page(client, of(incident, f"compare/?from={made_line}"))
    assert "Bring back what stood before" in page(client, of(incident, f"{last}/"))


def test_a_lost_text_is_not_brought_back(client: Client, changed_past_the_site: Incident) -> None:
    incident = changed_past_the_site
    _, edit, last = Change.objects.order_by("id").values_list("id", flat=True)

    answer = client.post(of(incident, f"at/{edit}/take-back/"), {"seen": last})

    assert answer.status_code == 409
    assert "cannot tell how this text read" in answer.content.decode()
    incident.refresh_from_db()
    assert incident.title == "Two"


def test_who_saves_over_a_lost_text_is_shown_both(
    client: Client, changed_past_the_site: Incident
) -> None:
    incident = changed_past_the_site
    Incident.objects.filter(pk=incident.pk).update(summary="By hand again. " + LONG)
    incident.refresh_from_db()
    with pytest.raises(EditConflict):
        change_record(
            incident, version=1, values={"summary": "Mine"}, by=None, at=NOW, summary="Changed"
        )
