"""Checking files: the page, the command and the address for programs answer alike."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from incidents.access.tokens import new_secret
from incidents.guard.operations import add_guard
from incidents.models import CheckRun, Guard, Lesson, User, Visibility
from tests.factories import NOW, a_delta, a_knob, a_lesson, a_token, a_user, an_incident

pytestmark = pytest.mark.django_db

VALUES = {
    "expression": "unicorn.timeout >= 60",
    "message": "{unicorn.timeout} s is too short.",
    "failing_example": {"unicorn": {"timeout": 30}},
    "passing_example": {"unicorn": {"timeout": 60}},
    "state": "active",
}
BEARER = {"Authorization": "Bearer token"}


def guarded(lesson: Lesson) -> Guard:
    return add_guard(lesson, values=VALUES, by=None, at=NOW)


@pytest.fixture
def lesson() -> Lesson:
    incident = an_incident(title="Launch night")
    knob = a_knob(component="unicorn", key="timeout", unit="s")
    a_delta(incident, knob=knob)
    lesson = a_lesson(sentence="Fit the limit to the longest task.", learned_from=incident)
    guarded(lesson)
    return lesson


@pytest.fixture
def hidden() -> Lesson:
    """Of an incident that is open to nobody."""
    incident = an_incident(title="Nobody's business", visibility=Visibility.RESTRICTED)
    a_delta(incident, knob=a_knob(component="unicorn", key="listen"), before="1", after="2")
    lesson = a_lesson(sentence="Never to be told.", learned_from=incident)
    guarded(lesson)
    return lesson


def run(*arguments: object) -> tuple[int, str]:
    out = StringIO()
    code = 0
    try:
        call_command("check_config", *map(str, arguments), stdout=out)
    except SystemExit as ended:
        code = int(ended.code or 0)
    return code, out.getvalue()


def a_file(folder: Path, text: str = "timeout 30\n", name: str = "unicorn.rb") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


class TestInATerminal:
    @pytest.fixture(autouse=True)
    def here(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)

    def test_it_works(self, lesson: Lesson, tmp_path: Path) -> None:
        code, told = run(a_file(tmp_path))

        assert code == 1
        assert f"unicorn.rb:1: error [{lesson.reference}]: 30 s is too short." in told
        assert "    1 | timeout 30\n      |         ^^\n" in told
        assert "Launch night" in told

    def test_what_is_clean_ends_with_0(self, lesson: Lesson, tmp_path: Path) -> None:
        assert run(a_file(tmp_path, "timeout 90\n"))[0] == 0

    @pytest.mark.parametrize(
        ("data", "says"),
        [
            (b"timeout\x00 30", "It is not a text: it has a zero byte."),
            (b"x" * 50_000_000, "MB are read."),
            (b"[unicorn\ntimeout = 3", "x.toml:1"),
        ],
    )
    def test_what_cannot_be_read_ends_with_2(
        self, lesson: Lesson, tmp_path: Path, data: bytes, says: str
    ) -> None:
        path = tmp_path / "x.toml"
        path.write_bytes(data)

        code, told = run(path, a_file(tmp_path))

        assert code == 2
        assert says in told
        # The rest is checked all the same.
        assert "30 s is too short." in told

    def test_a_file_that_is_not_there_ends_with_2(self, lesson: Lesson) -> None:
        code, told = run("nothing.rb")

        assert code == 2
        assert "nothing.rb: No such file or directory." in told

    def test_a_change_is_put_beside_what_incidents_turned(
        self, lesson: Lesson, tmp_path: Path
    ) -> None:
        before = a_file(tmp_path, "timeout 60\n", "old/unicorn.rb")

        code, told = run(a_file(tmp_path), "--before", before)

        assert code == 1
        assert "unicorn.timeout from 30 s to 60 s fixed it; this sets it to 30 s." in told

    def test_a_note_is_no_finding(self, lesson: Lesson, tmp_path: Path) -> None:
        before = a_file(tmp_path, "timeout 60\n", "old/unicorn.rb")

        code, told = run(a_file(tmp_path, "timeout 90\n"), "--before", before)

        assert code == 0
        assert "one incident turned unicorn.timeout" in told

    def test_the_component_can_be_said(self, lesson: Lesson, tmp_path: Path) -> None:
        path = a_file(tmp_path, "timeout = 30\n", "app.toml")

        assert run(path)[0] == 0
        assert run(path, "--component", "unicorn")[0] == 1

    def test_the_repository_says_what_its_files_are(self, lesson: Lesson, tmp_path: Path) -> None:
        path = a_file(tmp_path, "timeout = 30\n", "app.toml")
        a_file(
            tmp_path, '[[files]]\nglob = "*app.toml"\ncomponent = "unicorn"\n', "postmortems.toml"
        )

        assert run(path)[0] == 1

    def test_other_formats(self, lesson: Lesson, tmp_path: Path) -> None:
        code, told = run(a_file(tmp_path), "--format", "json")

        assert code == 1
        assert json.loads(told)["findings"][0]["lesson"]["reference"] == lesson.reference

    def test_restricted_records_are_not_used(self, hidden: Lesson, tmp_path: Path) -> None:
        before = a_file(tmp_path, "listen 1\n", "old/unicorn.rb")

        code, told = run(a_file(tmp_path, "listen 2\ntimeout 30\n"), "--before", before)

        assert code == 0
        assert "Never" not in told
        assert "turned" not in told


class TestForPrograms:
    @pytest.fixture(autouse=True)
    def takes_a_token(self, settings: Any) -> None:
        settings.GUARD_TOKEN = "token"

    def asked(self, client: Client, headers: dict[str, str] = BEARER, **fields: object):
        fields = {"files": SimpleUploadedFile("unicorn.rb", b"timeout 30\n"), **fields}
        return client.post("/api/v1/guard/", fields, headers=headers)

    def test_it_works(self, client: Client, lesson: Lesson) -> None:
        answer = self.asked(client)

        assert answer.status_code == 200
        (finding,) = answer.json()["findings"]
        assert finding["place"] == {"file": "unicorn.rb", "line": 1, "written": "30"}
        assert finding["incidents"][0]["title"] == "Launch night"

    def test_before_and_format(self, client: Client, lesson: Lesson) -> None:
        before = SimpleUploadedFile("unicorn.rb", b"timeout 60\n")

        answer = self.asked(client, before=before, format="sarif")

        assert answer["Content-Type"] == "application/sarif+json"
        rules = [one["ruleId"] for one in json.loads(answer.text)["runs"][0]["results"]]
        assert rules == [lesson.reference, "repeats-a-change"]

    def test_without_the_token(self, client: Client, lesson: Lesson) -> None:
        client.force_login(a_user())

        answer = self.asked(client, headers={})

        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == "Bearer"
        assert self.asked(client, headers={"Authorization": "Bearer wrong"}).status_code == 401

    def test_a_site_without_a_token_takes_personal_ones_alone(
        self, client: Client, settings: Any
    ) -> None:
        settings.GUARD_TOKEN = ""

        for shown in ("Bearer ", "Bearer token", "Bearer None"):
            answer = self.asked(client, headers={"Authorization": shown})
            assert answer.status_code == 401
            assert answer["Content-Type"] == "application/problem+json"
        mine = self.shown_by(a_user(role="reader"))
        assert self.asked(client, headers=mine).status_code == 200

    def shown_by(self, owner: User, **token: Any) -> dict[str, str]:
        secret = new_secret()
        a_token(owner, secret=secret, **token)
        return {"Authorization": f"Bearer {secret}"}

    def test_a_personal_token_that_reads_sees_what_its_owner_sees(
        self, client: Client, hidden: Lesson
    ) -> None:
        owner, incident = a_user(role="reader"), hidden.learned_from
        assert incident is not None
        incident.allowed_people.add(owner)

        mine = self.asked(client, headers=self.shown_by(owner, scope="read"))
        others = self.asked(client, headers=self.shown_by(a_user(role="reader")))

        assert [one["lesson"]["reference"] for one in mine.json()["findings"]] == [hidden.reference]
        assert others.json()["findings"] == []
        assert CheckRun.objects.order_by("pk")[0].by == owner

    def test_a_personal_token_that_is_revoked_opens_nothing(self, client: Client) -> None:
        over = self.shown_by(a_user(), revoked_at=timezone.now())

        assert self.asked(client, headers=over).status_code == 401

    def test_what_does_not_fit_is_said(self, client: Client) -> None:
        assert client.get("/api/v1/guard/", headers=BEARER).status_code == 405
        assert self.asked(client, files=[]).status_code == 400
        assert "text, json, sarif, junit" in self.asked(client, format="xml").json()["detail"]

    def test_more_than_is_read_at_once_is_refused(self, client: Client) -> None:
        large = [SimpleUploadedFile("x.toml", b"#" * 4_500_000) for _ in range(5)]

        answer = self.asked(client, files=large)

        assert answer.status_code == 413
        assert "20 MB are read" in answer.json()["detail"]

    def test_a_file_that_cannot_be_read_is_told(self, client: Client, lesson: Lesson) -> None:
        answer = self.asked(client, files=SimpleUploadedFile("unicorn.rb", b"\x00"))

        assert answer.json()["unreadable"][0]["file"] == "unicorn.rb"

    def test_restricted_records_are_not_used(self, client: Client, hidden: Lesson) -> None:
        assert self.asked(client).json()["findings"] == []


class TestOnThePage:
    @pytest.fixture(autouse=True)
    def signed_in(self, client: Client) -> None:
        client.force_login(a_user(role="reader"))

    def test_it_works(self, client: Client, lesson: Lesson) -> None:
        page = client.post("/guard/", {"name": "unicorn.rb", "text": "timeout 30\n"}).text

        assert "1 finding" in page
        assert "30 s is too short." in page
        assert "<code>timeout <mark>30</mark></code>" in page
        assert f'<a class="ref" href="/lessons/LES-{lesson.pk}/">' in page

    def test_files_and_the_files_as_they_were(self, client: Client, lesson: Lesson) -> None:
        files = [SimpleUploadedFile("unicorn.rb", b"timeout 30\n")]
        before = [SimpleUploadedFile("unicorn.rb", b"timeout 60\n")]

        page = client.post("/guard/", {"uploads": files, "before": before}).text

        assert "2 findings" in page
        assert "fixed it; this sets it to 30 s." in page

    def test_nothing_is_said_before_anything_is_asked(self, client: Client) -> None:
        page = client.get("/guard/").text

        assert "No lesson has an active guard yet." in page
        assert "finding" not in page.split("<main")[1].lower()

    @pytest.mark.parametrize(
        ("fields", "says"),
        [
            ({}, "Choose a file, or put its text in."),
            ({"text": "timeout 30"}, "Say what it is called"),
        ],
    )
    def test_what_does_not_fit_is_said(
        self, client: Client, fields: dict[str, str], says: str
    ) -> None:
        answer = client.post("/guard/", fields)

        assert answer.status_code == 422
        assert says in answer.text

    def test_more_than_is_read_at_once_is_refused(self, client: Client) -> None:
        large = [SimpleUploadedFile("x.toml", b"#" * 4_500_000) for _ in range(5)]

        answer = client.post("/guard/", {"uploads": large})

        assert answer.status_code == 422
        assert "20 MB are read" in answer.text

    def test_hostile_text_stays_text(self, client: Client, lesson: Lesson) -> None:
        text = "timeout 30 # <script>alert(1)</script>\n"

        page = client.post("/guard/", {"name": "<b>unicorn.rb", "text": text}).text

        assert "<script>alert" not in page
        assert "<b>unicorn" not in page

    def test_restricted_records_are_not_told(self, client: Client, hidden: Lesson) -> None:
        page = client.post("/guard/", {"name": "unicorn.rb", "text": "timeout 30\n"}).text

        assert "Never to be told" not in page
        assert "No finding" in page
