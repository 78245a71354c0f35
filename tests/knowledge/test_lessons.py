"""Lessons: what is to be remembered, and what became of it."""

from typing import Any

import pytest
from django.test import Client

from incidents.models import (
    Change,
    Guard,
    Incident,
    Lesson,
    LessonLink,
    LessonState,
    User,
)
from tests.factories import (
    a_delta,
    a_knob,
    a_lesson,
    a_restricted_incident,
    a_user,
    an_action_item,
    an_incident,
)

pytestmark = pytest.mark.django_db

TOKEN = "7f0a8a52-0b8f-4b7c-9f6b-5d3f4c1f6b3e"


@pytest.fixture
def writer(client: Client) -> User:
    user = a_user()
    client.force_login(user)
    return user


def text(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def of(lesson: Lesson, rest: str = "") -> str:
    return f"/lessons/LES-{lesson.pk}/{rest}"


def a_link(incident: Incident, lesson: Lesson, **fields: Any) -> LessonLink:
    return LessonLink.objects.create(
        **{"incident": incident, "lesson": lesson, "relation": "violated", **fields}
    )


def form(**fields: Any) -> dict[str, Any]:
    return {"token": TOKEN, "version": 1, "sentence": "Size the pool.", "explanation": "", **fields}


def test_it_works(client: Client, writer: User) -> None:
    older = a_lesson()
    knob = a_knob(component="unicorn", key="timeout")
    lesson = a_lesson(
        sentence="Size the pool.", learned_from=an_incident(title="Orders lost"), explanation="So"
    )
    lesson.knobs.set([knob])
    Lesson.objects.filter(pk=older.pk).update(state="superseded", superseded_by=lesson)
    a_link(an_incident(title="Again"), lesson, note="Nobody looked")
    an_action_item(title="Add an alert", lesson=lesson)
    Guard.objects.create(
        lesson=lesson,
        expression="pool >= clients",
        message="The pool is too small.",
        failing_example={"database": {"pool": 5}, "items": [1]},
    )

    told = text(client, of(lesson))

    for words in (
        "Size the pool.",
        "Orders lost",
        "Again",
        "Nobody looked",
        "violated",
        "Add an alert",
        "pool &gt;= clients",
        "The pool is too small.",
        "<code>database.pool</code>",
        "<code>items</code>",
        "unicorn · timeout",
        older.reference,
    ):
        assert words in told
    assert lesson.reference in text(client, of(older))


def test_restricted_records_are_neither_told_nor_counted(client: Client, writer: User) -> None:
    secret = a_restricted_incident(title="Secret")
    lesson, hidden = a_lesson(), a_lesson(sentence="Hushed", learned_from=secret)
    a_link(an_incident(), lesson)
    a_link(secret, lesson, note="Hushed")
    an_action_item(title="Hushed", lesson=lesson, incident=secret)
    knob = a_knob(component="vault", key="seal")
    a_delta(secret, knob=knob)
    lesson.knobs.set([knob])
    Lesson.objects.filter(pk=lesson.pk).update(state="superseded", superseded_by=hidden)

    listed, told = text(client, "/lessons/"), text(client, of(lesson))

    assert [each.violated_count for each in client.get("/lessons/").context["page"]] == [1]
    for words in ("Secret", "Hushed", "vault", hidden.reference):
        assert words not in listed
        assert words not in told
    assert lesson.reference not in text(client, "/lessons/?knob=vault")
    for rest in ("", "edit/", "supersede/"):
        assert client.get(of(hidden, rest)).status_code == 404
    for rest in ("edit/", "supersede/", "retire/", "reactivate/"):
        assert client.post(of(hidden, rest)).status_code == 404


def test_it_is_sorted_and_filtered(client: Client, writer: User) -> None:
    one, two = a_lesson(sentence="One"), a_lesson(sentence="Two", state="retired")
    a_link(an_incident(), one)
    one.knobs.set([a_knob(component="unicorn", key="timeout")])

    def listed(query: str) -> list[Lesson]:
        return list(client.get(f"/lessons/?{query}").context["page"])

    assert listed("") == [two, one]
    assert listed("sort=number") == [one, two]
    assert listed("sort=-violated") == [one, two]
    assert listed("sort=password") == [two, one]
    assert listed("state=retired") == [two]
    assert listed("q=one") == [one]
    assert listed("knob=unicorn/timeout") == [one]


def test_a_new_one(client: Client, writer: User) -> None:
    incident, knob = an_incident(), a_knob(component="unicorn", key="net/timeout")
    prefilled = client.get(f"/lessons/new/?incident={incident.reference}").context["form"]

    answer = client.post(
        "/lessons/new/",
        form(learned_from=incident.reference.lower(), knobs="unicorn/net/timeout\n\n"),
    )

    lesson = Lesson.objects.get()
    assert prefilled["learned_from"].value() == incident.reference
    assert answer["Location"] == of(lesson)
    assert (lesson.learned_from, list(lesson.knobs.all())) == (incident, [knob])
    assert Change.objects.get().by == writer
    assert text(client, of(lesson, "edit/")).count("unicorn/net/timeout") == 1


def test_what_one_may_not_know_of_is_as_good_as_nothing(client: Client, writer: User) -> None:
    secret = a_restricted_incident(title="Secret")
    a_delta(secret, knob=a_knob(component="vault", key="seal"))

    prefilled = client.get(f"/lessons/new/?incident={secret.reference}").context["form"]
    answer = client.post("/lessons/new/", form(learned_from=secret.reference, knobs="vault/seal"))
    nothing = client.post("/lessons/new/", form(learned_from="INC-999", knobs="no/such"))

    assert not prefilled["learned_from"].value()
    assert (answer.status_code, nothing.status_code) == (422, 422)
    errors = answer.context["form"].errors
    assert errors["learned_from"] == [f"There is no {secret.reference}, or it is not open to you."]
    assert errors["knobs"] == ["There is no knob vault/seal: write component/key, or add it."]
    assert nothing.context["form"].errors["learned_from"] == [
        "There is no INC-999, or it is not open to you."
    ]
    assert answer.context["form"]["knobs"].value() == "vault/seal"


def test_editing_keeps_the_knobs_that_one_may_not_know_of(client: Client, writer: User) -> None:
    secret, shown = a_knob(component="vault", key="seal"), a_knob(component="unicorn", key="x")
    a_delta(a_restricted_incident(), knob=secret)
    lesson = a_lesson()
    lesson.knobs.set([secret, shown])

    edited = client.get(of(lesson, "edit/")).context["form"]
    answer = client.post(of(lesson, "edit/"), form(knobs=""))

    assert edited["knobs"].value() == "unicorn/x"
    assert answer.status_code == 302
    assert list(lesson.knobs.all()) == [secret]


def test_the_second_saver_sees_both_texts(client: Client, writer: User) -> None:
    lesson = a_lesson(sentence="One", learned_from=an_incident())
    reference = f"INC-{lesson.learned_from_id}"
    client.post(of(lesson, "edit/"), form(sentence="Hers", learned_from=reference))

    answer = client.post(of(lesson, "edit/"), form(sentence="His", learned_from=reference))

    assert answer.status_code == 409
    assert [both.name for both in answer.context["form"].conflicts] == ["sentence"]
    assert Lesson.objects.get().sentence == "Hers"


def test_it_goes_between_its_states(client: Client, writer: User) -> None:
    old, new = a_lesson(), a_lesson()

    superseded = client.post(of(old, "supersede/"), {"replacement": new.reference})
    refused = client.post(of(new, "supersede/"), {"replacement": old.reference})
    unknown = client.post(of(new, "supersede/"), {"replacement": "LES-999"})
    retired = client.post(of(old, "retire/"), follow=True)

    assert superseded["Location"] == of(old)
    assert (refused.status_code, unknown.status_code) == (422, 422)
    assert "is superseded itself" in refused.content.decode()
    assert "There is no LES-999" in unknown.content.decode()
    assert "It is superseded already" in retired.content.decode()
    client.post(of(old, "reactivate/"))
    client.post(of(old, "retire/"))
    assert Lesson.objects.get(pk=old.pk).state == LessonState.RETIRED
    assert (
        "It is active already" in client.post(of(new, "reactivate/"), follow=True).content.decode()
    )
    assert client.get(of(new, "retire/")).status_code == 405


def test_readers_may_not(client: Client) -> None:
    lesson = a_lesson()
    client.force_login(a_user("reader"))
    assert client.post("/lessons/new/", form()).status_code == 403
    for rest in ("edit/", "supersede/", "retire/", "reactivate/"):
        assert client.post(of(lesson, rest)).status_code == 403
    assert "Retire" not in text(client, of(lesson))


@pytest.mark.parametrize("path", ["/lessons/", "/lessons/LES-{}/"])
def test_queries_do_not_grow_with_the_rows(
    client: Client, writer: User, path: str, django_assert_max_num_queries: Any
) -> None:
    lesson = a_lesson(learned_from=an_incident())
    for _ in range(30):
        other = a_lesson(learned_from=an_incident())
        a_link(an_incident(), lesson)
        an_action_item(lesson=lesson, owner=writer)
        lesson.knobs.add(a_knob())
        a_link(an_incident(), other)

    with django_assert_max_num_queries(12):
        text(client, path.format(lesson.pk))
