"""A lesson gets its executable form."""

from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from incidents.guard.operations import add_guard, change_guard
from incidents.history.operations import EditConflict
from incidents.models import (
    Change,
    ConfigDelta,
    Guard,
    Incident,
    Knob,
    Lesson,
    Role,
    User,
    Visibility,
)
from tests.factories import NOW, a_delta, a_knob, a_lesson, a_user, an_incident

pytestmark = pytest.mark.django_db

FIELDS = {
    "expression": "unicorn.timeout >= 60",
    "precondition": "",
    "message": "{unicorn.timeout} s is too short.",
    "severity": "error",
    "failing_example": "unicorn.timeout = 30",
    "passing_example": "[unicorn]\ntimeout = 60",
    "state": "active",
}
TOKEN = "2c8c0f0e-3a4b-4c56-9d10-0a8f5f3f6b11"


@pytest.fixture(autouse=True)
def writer(client: Client) -> User:
    user = a_user()
    client.force_login(user)
    return user


@pytest.fixture
def lesson() -> Lesson:
    return a_lesson()


def address(lesson: Lesson) -> str:
    return f"/lessons/LES-{lesson.pk}/guard/"


def test_it_works(client: Client, writer: User, lesson: Lesson) -> None:
    answer = client.post(address(lesson), {**FIELDS, "token": TOKEN})

    assert answer.status_code == 302
    assert answer["Location"] == f"/lessons/LES-{lesson.pk}/#guard"
    guard = Guard.objects.get()
    assert guard.failing_example == {"unicorn": {"timeout": 30}}
    assert guard.passing_example == {"unicorn": {"timeout": 60}}
    change = Change.objects.get(document_type="lesson", document_id=lesson.pk, by=writer)
    assert change.summary == "Gave the lesson a guard"


def test_it_is_changed_and_shown(client: Client, lesson: Lesson) -> None:
    a_guard(lesson)

    page = client.get(address(lesson)).text
    answer = client.post(address(lesson), {**FIELDS, "severity": "warning", "version": 1})

    assert "unicorn.timeout = 30" in page
    assert answer.status_code == 302
    assert Guard.objects.get().severity == "warning"
    assert "warning" in client.get(f"/lessons/LES-{lesson.pk}/").text


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("expression", "unicorn.timeout > ", "Column 18: It ends too early"),
        ("expression", "1 < 2", "It reads no value of a configuration."),
        ("expression", "", "This field is required."),
        ("precondition", "a.b = 1", "One = is no comparison: write ==."),
        ("message", "Not {postgres.pool}.", "The guard does not read {postgres.pool}."),
        ("failing_example", "", "An active guard has two examples: one fails, one passes."),
        ("failing_example", "unicorn.timeout = 90", "It must fail, but the guard holds for it."),
        ("failing_example", "timeout = 90", "has no component before it"),
        ("failing_example", "unicorn.timeout 90", "It is no TOML"),
        ("failing_example", "unicorn.since = 2020-01-01", "is a date: put it in quotes"),
        ("failing_example", "x = " + "[" * 900 + "]" * 900, "nested too deeply"),
        ("failing_example", "x.a = '" + "y" * 10_000 + "'", "10,000 are the most"),
        ("passing_example", "unicorn.timeout = 9", "but the guard is violated by it."),
        ("passing_example", "unicorn.grace = 9", "unicorn.timeout is not given"),
    ],
)
def test_what_does_not_fit_is_said(
    client: Client, lesson: Lesson, field: str, value: str, says: str
) -> None:
    answer = client.post(address(lesson), {**FIELDS, field: value, "token": TOKEN})

    assert answer.status_code == 422
    assert says in unescape(answer.text)
    assert not Guard.objects.exists()
    # What was typed is still there.
    assert "is too short." in answer.text or field == "message"


def test_a_draft_needs_no_examples(client: Client, lesson: Lesson) -> None:
    fields = {**FIELDS, "failing_example": "", "passing_example": "", "state": "draft"}

    assert client.post(address(lesson), {**fields, "token": TOKEN}).status_code == 302


def test_a_precondition_that_is_false_for_an_example_is_told(
    client: Client, lesson: Lesson
) -> None:
    fields = {**FIELDS, "precondition": "unicorn.timeout > 40", "token": TOKEN}

    answer = client.post(address(lesson), fields)

    assert "It must fail, but the precondition is false for it." in answer.text


def test_the_second_who_adds_one_loses_nothing(lesson: Lesson) -> None:
    a_guard(lesson)

    with pytest.raises(ValidationError, match="somebody else has just added it"):
        add_guard(lesson, values={"expression": "a.b > 1", "message": "x"}, by=None, at=NOW)


def test_two_who_change_it(client: Client, lesson: Lesson) -> None:
    guard = a_guard(lesson)
    change_guard(guard, version=1, values={"message": "Too short."}, by=None, at=NOW)

    answer = client.post(address(lesson), {**FIELDS, "message": "My own.", "version": 1})

    assert answer.status_code == 409
    assert "Too short." in answer.text
    assert "My own." in answer.text
    with pytest.raises(EditConflict):
        change_guard(guard, version=1, values={"message": "Mine."}, by=None, at=NOW)


def test_a_change_runs_the_examples_again(lesson: Lesson) -> None:
    guard = a_guard(lesson)

    with pytest.raises(ValidationError, match="must pass"):
        change_guard(
            guard, version=1, values={"expression": "unicorn.timeout > 60"}, by=None, at=NOW
        )


def test_a_reader_may_not(client: Client, lesson: Lesson) -> None:
    client.force_login(a_user(role=Role.READER))

    assert client.get(address(lesson)).status_code == 403
    assert client.post(address(lesson), FIELDS).status_code == 403
    assert client.post(f"{address(lesson)}try/", FIELDS).status_code == 403


def test_a_stranger_does_not_learn_of_it(client: Client) -> None:
    hidden = an_incident(visibility=Visibility.RESTRICTED)
    lesson = a_lesson(learned_from=hidden)
    client.force_login(a_user())

    assert client.get(address(lesson)).status_code == 404
    assert client.post(f"{address(lesson)}try/", FIELDS).status_code == 404


def test_what_it_would_catch_is_shown_while_it_is_written(client: Client, lesson: Lesson) -> None:
    turned(an_incident(), before="30", after="60")

    page = client.post(f"{address(lesson)}try/", FIELDS, headers={"HX-Request": "true"}).text

    assert "<html" not in page
    assert "It reads <code>unicorn.timeout</code>." in page
    assert "30 s is too short." in page
    before, after = page.split("Recorded configurations")[1].split("<dd>")[1].split("<br>")
    assert "violated" in before
    assert "holds" in after
    assert not Guard.objects.exists()


def test_and_says_what_is_wrong_with_it(client: Client, lesson: Lesson) -> None:
    page = client.post(f"{address(lesson)}try/", {**FIELDS, "expression": "a.b >"}).text

    assert "<html" in page
    assert "It ends too early" in page


def test_what_happened_in_restricted_incidents_is_not_told(client: Client, lesson: Lesson) -> None:
    turned(an_incident(visibility=Visibility.RESTRICTED), before="30", after="60")

    page = client.post(f"{address(lesson)}try/", FIELDS).text

    assert "No incident that you may see turned what it reads." in page


def test_the_queries_do_not_grow(client: Client, lesson: Lesson) -> None:
    for _ in range(3):
        turned(an_incident(), before="30", after="60")
    client.post(f"{address(lesson)}try/", FIELDS)
    few = queries_of(client, lesson)
    for _ in range(20):
        turned(an_incident(), before="30", after="60")

    assert queries_of(client, lesson) == few


def queries_of(client: Client, lesson: Lesson) -> int:
    with CaptureQueriesContext(connection) as queries:
        client.post(f"{address(lesson)}try/", FIELDS)
    return len(queries)


def a_guard(lesson: Lesson) -> Guard:
    values = {
        **FIELDS,
        "failing_example": {"unicorn": {"timeout": 30}},
        "passing_example": {"unicorn": {"timeout": 60}},
    }
    return add_guard(lesson, values=values, by=None, at=NOW)


def turned(incident: Incident, *, before: str, after: str) -> ConfigDelta:
    knob = Knob.objects.filter(component="unicorn", key="timeout").first()
    knob = knob or a_knob(component="unicorn", key="timeout")
    return a_delta(incident, knob=knob, before=before, after=after)


HTMX = {"HX-Request": "true"}


def a_file(name: str, text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def tried(client: Client, lesson: Lesson, *files: SimpleUploadedFile, **fields: str) -> str:
    answer = client.post(
        f"{address(lesson)}try/", {**FIELDS, **fields, "uploads": files}, headers=HTMX
    )
    assert answer.status_code == 200
    return " ".join(unescape(answer.text).split("Its examples")[0].split())


class TestOnFiles:
    def test_it_works(self, client: Client, lesson: Lesson) -> None:
        page = tried(client, lesson, a_file("unicorn.rb", "# Ours\ntimeout 30\n"))

        assert "These files: 1 would be caught" in page
        assert "unicorn.rb" in page
        assert "line 2" in page
        assert "<code>timeout <mark>30</mark></code>" in page
        assert "30 s is too short." in page
        # Nothing of them is kept.
        assert not Guard.objects.exists()

    def test_a_text_that_is_pasted(self, client: Client, lesson: Lesson) -> None:
        page = tried(client, lesson, name="unicorn.rb", text="timeout 90\n")

        assert "These files: none would be caught" in page
        assert "<code>timeout <mark>90</mark></code>" in page

    def test_each_of_one_name_is_judged_by_itself(self, client: Client, lesson: Lesson) -> None:
        page = tried(
            client,
            lesson,
            a_file("unicorn.rb", "timeout 30\n"),
            a_file("unicorn.rb", "# Slow\ntimeout 90\n"),
            a_file("unicorn.rb", "\n\ntimeout 20\n"),
        )

        assert "These files: 2 would be caught" in page
        # What is caught comes first, and each has its own line.
        assert [int(piece.split("<")[0]) for piece in page.split(">line ")[1:]] == [1, 3, 2]

    def test_one_may_give_what_another_lacks(self, client: Client, lesson: Lesson) -> None:
        page = tried(
            client,
            lesson,
            a_file("database.yml", "production:\n  pool: 5\n"),
            a_file("sidekiq.yml", ":concurrency: 5\n"),
            expression="sidekiq.concurrency < database.pool",
            message="Not so.",
        )

        assert "2 would be caught" in page
        assert "with <code>database.pool = 5</code> (<bdi>database.yml</bdi>, line 2)" in page

    def test_what_is_not_checked_says_why(self, client: Client, lesson: Lesson) -> None:
        page = tried(
            client,
            lesson,
            a_file("unicorn.rb", 'timeout ENV["TIMEOUT"]\n'),
            a_file("nginx.conf", "http { }"),
            a_file("x.toml", "="),
        )

        assert "none would be caught" in page
        assert "unicorn.timeout is not known: the environment gives it, in TIMEOUT" in page
        assert "Nothing that it reads is in <bdi>nginx.conf</bdi>." in page
        assert "cannot read</span> <bdi>x.toml</bdi>, line 1" in page

    def test_what_a_file_lacks_is_told_of_it(self, client: Client, lesson: Lesson) -> None:
        for expression, says in (
            ("unicorn.timeout > 3", "unicorn.timeout is not in any file"),
            ("has(unicorn.timeout)", "1 would be caught"),
        ):
            file = a_file("unicorn.rb", "worker_processes 4\n")
            assert says in tried(client, lesson, file, expression=expression, message="Say one.")

    def test_an_empty_file_is_one_without_settings(self, client: Client, lesson: Lesson) -> None:
        page = tried(client, lesson, a_file("unicorn.rb", ""), a_file("unicorn.rb", "timeout 30"))

        assert "1 would be caught" in page
        assert "Nothing that it reads is in <bdi>unicorn.rb</bdi>." in page

    def test_the_repository_says_what_they_are(self, client: Client, lesson: Lesson) -> None:
        told = '[[files]]\nglob = "*.conf"\ncomponent = "unicorn"\nformat = "ini"\n'

        page = tried(
            client, lesson, a_file("app.conf", "timeout=30"), a_file("postmortems.toml", told)
        )

        assert "1 would be caught" in page

    def test_values_of_the_repository_win(self, client: Client, lesson: Lesson) -> None:
        told = "[values]\nunicorn.timeout = 20\n"

        page = tried(
            client, lesson, a_file("unicorn.rb", "timeout 90"), a_file("postmortems.toml", told)
        )

        assert "2 would be caught" in page
        assert "20 s is too short." in page

    def test_secrets_are_not_told(self, client: Client, lesson: Lesson) -> None:
        text = '{"secret_key_base": "hunter2-horse", "timeout": 30}'

        page = tried(client, lesson, a_file("unicorn.json", text))

        assert "1 would be caught" in page
        assert "hunter2" not in page

    def test_hostile_text_stays_text(self, client: Client, lesson: Lesson) -> None:
        fields = {**FIELDS, "name": "<b>/unicorn.rb", "text": "timeout 30 # <script>alert(1)"}

        page = client.post(f"{address(lesson)}try/", fields, headers=HTMX).text

        assert "1 would be caught" in page
        assert "<script>" not in page
        assert "<b>" not in page

    def test_what_does_not_fit_is_said(self, client: Client, lesson: Lesson) -> None:
        large = [a_file("x.toml", "#" * 4_500_000) for _ in range(5)]

        for fields, says in (
            ({"text": "timeout 30"}, "Say what it is called"),
            ({"uploads": large}, "20 MB are read"),
        ):
            answer = client.post(f"{address(lesson)}try/", {**FIELDS, **fields})
            assert answer.status_code == 422
            assert says in answer.text
            # The rest is tried all the same.
            assert "It reads <code>unicorn.timeout</code>." in answer.text

    def test_more_than_are_judged_are_counted(
        self, client: Client, lesson: Lesson, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("incidents.guard.trying_files.MOST_FILES", 2)

        page = tried(client, lesson, *(a_file("unicorn.rb", "timeout 30") for _ in range(5)))

        assert "3 more were not tried: 2 at once are the most." in page

    def test_saving_takes_no_notice_of_them(self, client: Client, lesson: Lesson) -> None:
        fields = {**FIELDS, "token": TOKEN, "uploads": a_file("x.toml", "=")}

        assert client.post(address(lesson), fields).status_code == 302
