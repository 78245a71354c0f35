"""The search over everything, as a page."""

import re
from urllib.parse import quote

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from incidents.lookup.engines import archive, reading
from incidents.lookup.operations import keep_findable
from incidents.lookup.queries import search
from incidents.models import ActionItem, FoundKind, Knob, Lesson, User
from tests.factories import (
    a_delta,
    a_factor,
    a_knob,
    a_lesson,
    a_restricted_incident,
    a_runbook,
    a_service,
    a_user,
    an_action_item,
)
from tests.lookup.hostile import HOSTILE

pytestmark = pytest.mark.django_db

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
NONSENSE = "xqzwv"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def reader(client: Client) -> User:
    user = a_user("reader")
    client.force_login(user)
    return user


def page(client: Client, **asked: object) -> str:
    answer = client.get("/search/", asked)
    assert answer.status_code == 200
    return TOKEN.sub("", answer.content.decode())


def same_page(client: Client, text: str, address: str = "/search/") -> bool:
    """Whether the page differs from that of nonsense in nothing but the text asked for."""
    pages = []
    for asked in (text, NONSENSE):
        answer = client.get(address, {"q": asked}, headers=HTMX).content.decode()
        pages.append(TOKEN.sub("", answer).replace(asked, "").replace(quote(asked), ""))
    return pages[0] == pages[1]


def test_it_works(client: Client, reader: User) -> None:
    keep_findable(a_factor(name="Pool too small", description="The pool ran dry under load."))
    found = page(client, q="small pools")
    assert "<mark>Pool</mark> too <mark>small</mark>" in found
    assert "The <mark>pool</mark> ran dry" in found


def test_results_are_grouped_by_kind_with_their_counts(client: Client, reader: User) -> None:
    keep_findable(*(a_factor(name=f"Pool {letter}") for letter in "abcdefg"))
    keep_findable(a_runbook(title="Pool is empty"))
    found = search("pool", user=reader, limit=5)
    assert [(group.kind, group.total, len(group.hits)) for group in found.groups] == [
        ("runbook", 1, 1),
        ("factor", 7, 5),
    ]
    assert found.total == 8
    assert "More factors (7)" in page(client, q="pool")


def test_one_kind_shows_all_of_its_own_and_the_counts_of_the_others(
    client: Client, reader: User
) -> None:
    keep_findable(*(a_factor(name=f"Pool {letter}") for letter in "abcdefg"))
    keep_findable(a_runbook(title="Pool is empty"))
    found = page(client, q="pool", kind="factor")
    assert found.count('class="result"') == 7
    assert "is empty" not in found
    assert 'Runbooks <span class="count">1</span>' in found


def test_an_unknown_kind_means_all(client: Client, reader: User) -> None:
    keep_findable(a_runbook(title="Pool is empty"))
    assert "is empty" in page(client, q="pool", kind="spaceship")


@pytest.mark.parametrize("text", ["LES-{}", "les {}", " les{} "])
def test_a_reference_leads_to_its_record(client: Client, reader: User, text: str) -> None:
    lesson = a_lesson()
    answer = client.get("/search/", {"q": text.format(lesson.pk)})
    assert answer.status_code == 302
    assert answer["Location"] == f"/lessons/LES-{lesson.pk}/"


def test_a_reference_to_nothing_is_nothing_found(client: Client, reader: User) -> None:
    assert "Nothing found" in page(client, q="ACT-4711")


def test_an_exact_short_name_is_offered_first(client: Client, reader: User) -> None:
    keep_findable(*(a_runbook(slug=f"pool-{letter}") for letter in "abc"))
    wanted = a_runbook(title="Elsewhere", slug="pool")
    keep_findable(wanted)
    assert search("Pool", user=reader, limit=5).exact == wanted
    assert search("pools", user=reader, limit=5).exact is None


def test_without_a_question_it_says_what_can_be_asked(client: Client, reader: User) -> None:
    assert "Paste what you have" in page(client)
    assert "Paste what you have" in page(client, q="  \x00 ")


def test_an_editor_who_finds_nothing_may_write_it_down(client: Client) -> None:
    client.force_login(a_user("editor"))
    assert f"/runbooks/new/?title={NONSENSE}" in page(client, q=NONSENSE)


def test_a_reader_who_finds_nothing_is_not_asked_to_write(client: Client, reader: User) -> None:
    found = page(client, q=NONSENSE)
    assert "Nothing found" in found
    assert "/new/" not in found


def test_nobody_is_asked_to_sign_in(client: Client) -> None:
    for address in ("/search/", "/search/suggestions/"):
        answer = client.get(address, {"q": "pool"})
        assert answer.status_code == 302
        assert "/accounts/login/" in answer["Location"]


def test_any_text_is_answered(client: Client, reader: User) -> None:
    keep_findable(a_factor(name="Pods crash"))
    for text in HOSTILE:
        assert client.get("/search/", {"q": text}).status_code == 200


def test_the_question_is_shown_as_text(client: Client, reader: User) -> None:
    assert "<script>alert" not in page(client, q='"><script>alert(1)</script>')


def test_a_page_of_many_takes_no_more_queries_than_one_of_few(
    client: Client, reader: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    def some_of_each(number: int) -> None:
        for _ in range(number):
            keep_findable(
                a_factor(name="Pool"), a_lesson(sentence="Pool"), a_knob(component="pool")
            )
            keep_findable(a_runbook(title="Pool"), an_action_item(title="Pool"))
            keep_findable(a_service(name="Pool"))

    some_of_each(1)
    with django_assert_max_num_queries(100) as few:
        page(client, q="pool")
    some_of_each(10)
    with django_assert_max_num_queries(len(few)):
        page(client, q="pool")


def test_of_very_many_it_says_that_there_are_more(
    client: Client, reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "COUNTED", 3)
    for number in range(5):
        keep_findable(a_lesson(sentence=f"Pool {number}"))
    assert '<span class="count">3+</span>' in page(client, q="pool")


def test_what_cannot_be_searched_yet_is_said(
    client: Client, reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_findable(*(a_lesson(sentence=f"Pool {number}") for number in range(5)))
    assert "cannot be searched yet" not in page(client, q="pool")
    monkeypatch.setattr(reading, "MOST_FRESH", 3)
    assert "2 records cannot be searched yet" in page(client, q="pool")


class TestWhatIsRestricted:
    """Somebody who is not named learns nothing: not that it exists, not how many there are."""

    @pytest.fixture(autouse=True)
    def hidden(self) -> None:
        incident = a_restricted_incident(title="Zanzibar breach")
        lesson = a_lesson(sentence="Zanzibar keys leak.", learned_from=incident)
        action = an_action_item(title="Rotate zanzibar keys", incident=incident)
        knob = a_knob(component="zanzibar", key="keys")
        a_delta(incident, knob=knob)
        keep_findable(incident, lesson, action, knob)

    @pytest.mark.parametrize("address", ["/search/", "/search/suggestions/"])
    def test_a_stranger_sees_the_page_of_nonsense(
        self, client: Client, reader: User, address: str
    ) -> None:
        for text in ("zanzibar", "zanzibar.keys", "Zanzibar breach"):
            assert same_page(client, text, address)

    def test_neither_do_references_tell(self, client: Client, reader: User) -> None:
        lesson, action = Lesson.objects.get(), ActionItem.objects.get()
        for text in (lesson.reference, action.reference, f"INC-{lesson.learned_from_id}"):
            assert same_page(client, text)

    def test_it_is_neither_counted_nor_takes_a_place(self, reader: User) -> None:
        keep_findable(a_lesson(sentence="A place in zanzibar"))
        found = search("zanzibar keys leak", user=reader, limit=1)
        (group,) = found.groups
        assert (group.kind, group.total, found.total) == (FoundKind.LESSON, 1, 1)
        assert group.hits[0].title == "A place in <mark>zanzibar</mark>"

    def test_an_open_lesson_does_not_tell_the_name_of_its_knob(
        self, client: Client, reader: User
    ) -> None:
        lesson = a_lesson(sentence="Count the keys.")
        lesson.knobs.add(Knob.objects.get())
        keep_findable(lesson)
        assert same_page(client, "zanzibar")

    def test_an_administrator_who_is_not_named_sees_no_more(self, client: Client) -> None:
        client.force_login(a_user("admin"))
        assert same_page(client, "zanzibar")

    def test_who_is_named_finds_it(self) -> None:
        user = a_user("reader")
        Lesson.objects.get().learned_from.allowed_people.add(user)  # type: ignore[union-attr]
        kinds = [group.kind for group in search("zanzibar", user=user, limit=5).groups]
        assert kinds == ["incident", "lesson", "knob", "action_item"]

    def test_the_knob_is_found_once_an_open_record_turned_it(self, reader: User) -> None:
        knob = Knob.objects.get()
        knob.runbooks.add(a_runbook())
        assert [group.kind for group in search("zanzibar", user=reader, limit=5).groups] == ["knob"]
